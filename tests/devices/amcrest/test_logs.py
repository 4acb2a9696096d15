"""The box's own log: found newest first, every search ended, saved, emptied (§4.13)."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.commands import ClearLog, SaveLog
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    Forbidden,
    Gone,
    HungUp,
    Malformed,
    Unsupported,
)
from custom_components.cctv.devices.model import Table
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.log import Entry, Journal
from tests.simulators.amcrest.faults import TimeStyle

from .conftest import Build, House, listed


def journal(home: House) -> Journal:
    """The log of a simulated box."""
    return home.box.device.of(Journal)


def filled(home: House, count: int, step: timedelta = timedelta(minutes=1)) -> None:
    """Have a log of so many lines, the last one a minute ago."""
    now = home.box.device.clock.now().replace(microsecond=0)
    journal(home).entries = [
        Entry(now - timedelta(minutes=1) - step * back, "EventBegin", f"user{back}")
        for back in reversed(range(count))
    ]


async def test_lines_are_told_newest_first_with_all_they_say(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    journal(home).note("SaveConfig", "admin", Name="Language", From="a=b;c")
    rows = await listed(device, Table(kind="log"))
    assert len(rows) == len(journal(home).entries)
    assert (rows[0]["type"], rows[0]["user"], rows[0]["level"]) == ("SaveConfig", "admin", 0)
    assert rows[0]["details"] == {"Name": "Language", "From": "a=b;c"}
    times = [row["time"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert times[0].tzinfo is not None
    assert abs(times[0] - datetime.now(UTC)) < timedelta(minutes=1)
    assert journal(home).open == 0


@pytest.mark.parametrize("style", TimeStyle)
async def test_times_are_read_in_every_style_and_by_the_clock_of_the_box(
    house: Build, style: TimeStyle
) -> None:
    home = await house("ipc")
    home.box.faults.time_style = style
    home.box.device.clock.drift = timedelta(hours=5)
    filled(home, 3)
    device = await home.surveyed()
    rows = await listed(device, Table(kind="log"))
    assert [row["user"] for row in rows] == ["user0", "user1", "user2"]
    assert abs(rows[0]["time"] - datetime.now(UTC)) < timedelta(minutes=3)


async def test_no_more_is_asked_for_than_is_wanted(house: Build) -> None:
    home = await house("ipc")
    filled(home, 250)
    device = await home.surveyed()
    rows = await listed(device, Table(kind="log", limit=20))
    assert [row["user"] for row in rows] == [f"user{back}" for back in range(20)]
    actions = [each.partition("action=")[2].partition("&")[0] for each in home.sent()]
    assert actions == ["startFind", "doFind", "doFind", "doFind", "stopFind"]


@pytest.mark.parametrize(("personality", "counts"), [("ipc", False), ("wizsense", True)])
async def test_an_old_line_is_found_in_few_searches(
    house: Build, personality: str, counts: bool
) -> None:
    """A search that says it found nothing is not read."""
    home = await house(personality)
    filled(home, 3, timedelta(days=400))
    device = await home.surveyed()
    rows = await listed(device, Table(kind="log"))
    assert [row["user"] for row in rows] == ["user0", "user1", "user2"]
    starts = [each for each in home.sent() if "startFind" in each]
    assert len(starts) == 5
    pages = [each for each in home.sent() if "doFind" in each]
    assert len(pages) == (3 if counts else 5)
    assert journal(home).open == 0


async def test_only_a_time_and_a_type_are_told(house: Build) -> None:
    home = await house("ipc")
    filled(home, 90)
    now = home.box.device.clock.now().replace(microsecond=0)
    journal(home).entries.append(Entry(now - timedelta(minutes=30), "Login", "guest"))
    device = await home.surveyed()
    end = datetime.now(UTC) - timedelta(minutes=20)
    start = end - timedelta(minutes=20)
    rows = await listed(device, Table(start, end, kind="log"))
    assert 18 <= len(rows) <= 23
    assert all(start - timedelta(seconds=5) <= row["time"] <= end for row in rows)
    assert len([each for each in home.sent() if "startFind" in each]) == 1
    only = await listed(device, Table(start, end, kind="log", where={"type": "Account"}))
    assert [row["user"] for row in only] == ["guest"]
    nothing = Table(end, end - timedelta(hours=1), kind="log")
    assert await listed(device, nothing) == []
    with pytest.raises(BadInput):
        await listed(device, Table(kind="log", where={"type": "a&b"}))


async def test_an_end_that_is_an_error_is_the_end(house: Build) -> None:
    home = await house("ipc")
    filled(home, 5)
    device = await home.surveyed()
    home.box.faults.refuse["log.doFind"] = Refusal.BARE
    assert await listed(device, Table(kind="log")) == []
    assert journal(home).open == 0


# --- every search is ended ----------------------------------------------------------------------


async def test_a_reader_who_leaves_ends_the_search(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    async with aclosing(device.find("", Table(kind="log"))) as rows:
        await anext(rows)
    await home.box.until(lambda: journal(home).open == 0)


async def test_a_reader_who_is_cancelled_ends_the_search(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    home.box.faults.delays["log.doFind"] = 30.0
    reading = asyncio.create_task(listed(device, Table(kind="log")))
    await home.box.until(lambda: journal(home).open == 1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await home.box.until(lambda: journal(home).open == 0)


async def test_a_page_that_fails_ends_the_search(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    home.box.faults.refuse["log.doFind"] = Refusal.BOOTING
    with pytest.raises(Busy):
        await listed(device, Table(kind="log"))
    assert journal(home).open == 0


async def test_a_box_with_too_many_searches_says_so(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    journal(home).most_searches = 0
    with pytest.raises(Unsupported):
        await listed(device, Table(kind="log"))


async def test_a_search_is_not_begun_twice(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    home.box.faults.truncate = 0
    with pytest.raises((HungUp, Malformed)):
        await listed(device, Table(kind="log"))
    assert len([each for each in home.sent() if "startFind" in each]) == 1


# --- what there is ------------------------------------------------------------------------------


async def test_a_box_without_a_log_has_no_table_and_is_asked_once(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["log"] = Refusal.BAD_REQUEST
    memory = ShortMemory()
    device = await home.surveyed(memory=memory)
    part = device.box.topology.parts[""]
    assert "log" not in part.tables
    assert not {ClearLog, SaveLog} & part.can
    with pytest.raises(Unsupported):
        await device.do("", ClearLog())
    await device.close()
    device = await home.surveyed(memory=memory)
    assert "log" not in device.box.topology.parts[""].tables
    assert not [each for each in home.sent() if "/log.cgi" in each]


async def test_the_look_for_a_log_is_ended_too(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    await device.read("survey")
    assert "log" in device.box.topology.parts[""].tables
    assert len([each for each in home.sent() if "startFind" in each and "/log.cgi" in each]) == 1
    assert journal(home).open == 0


# --- the whole of it ----------------------------------------------------------------------------


async def test_the_log_is_saved_whole_or_of_a_time(house: Build) -> None:
    """Log.backup (§4.13)."""
    home = await house("ipc")
    filled(home, 90)
    device = await home.surveyed()
    answer = await device.do("", SaveLog())
    assert answer.ref is not None
    body = await (await device.fetch(answer.ref)).read()
    lines = body.decode().split("\r\n")
    assert len(lines) == 91
    assert lines[0].endswith("user89\tEventBegin")
    now = datetime.now(UTC)
    answer = await device.do("", SaveLog(now - timedelta(minutes=40), now - timedelta(minutes=20)))
    assert answer.ref is not None
    body = await (await device.fetch(answer.ref)).read()
    assert 18 <= body.count(b"\r\n") <= 22
    with pytest.raises(BadInput):
        await device.do("", SaveLog(now, now - timedelta(minutes=20)))


@pytest.mark.parametrize(
    "ref",
    [
        "log:",
        "log:20261120000000",
        "log:20261320000000:20261321000000",
        "log:20261120000000:20261120000000&x=1",
        "log:20261120000000:20261120000000\n",
    ],
)
async def test_what_names_no_log_is_not_asked_for(house: Build, ref: str) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.wire


@pytest.mark.parametrize("refusal", [Refusal.BARE, Refusal.BAD_REQUEST, Refusal.NOT_FOUND])
async def test_a_log_that_is_not_given_is_gone(house: Build, refusal: Refusal) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    answer = await device.do("", SaveLog())
    assert answer.ref is not None
    home.box.faults.refuse["/Log.backup.All"] = refusal
    with pytest.raises(Gone):
        await device.fetch(answer.ref)
    home.box.faults.refuse["/Log.backup.All"] = Refusal.NO_RIGHT
    with pytest.raises(Forbidden):
        await device.fetch(answer.ref)
    home.box.faults.refuse.clear()
    assert (await (await device.fetch(answer.ref)).read()).count(b"\r\n") > 0


async def test_the_log_is_emptied(house: Build) -> None:
    """Clear (§4.13.2)."""
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", ClearLog())
    assert journal(home).entries == []
    assert await listed(device, Table(kind="log")) == []
    assert len([each for each in home.sent() if "action=clear" in each]) == 1
