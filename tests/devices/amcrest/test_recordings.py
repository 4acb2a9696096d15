"""Finding recordings on a simulated box (§4.11.5): what is told, and what is left behind."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.amcrest import listing, motion_files
from custom_components.cctv.devices.amcrest.finder import CgiFinder, Told
from custom_components.cctv.devices.amcrest.listing import Page
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, Busy, DeviceError, NoAnswer, Unsupported
from custom_components.cctv.devices.model import (
    Day,
    Days,
    Recording,
    Recordings,
    Table,
)
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.item import Item

from .archive import FIND, day, days_of, found, moment, noon, opened, rows_of, verbs
from .conftest import Build, topology_of

NO_CGI = {f"{FIND}.factory.create": Refusal.BAD_REQUEST}


# --- what is told -------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["ipc", "wizsense", "doorbell"])
async def test_a_day_is_told_newest_first_with_everything(house: Build, personality: str) -> None:
    home, device = await opened(house, personality, empty=False)
    told = await found(device, day())
    start = noon() - timedelta(hours=12)
    there = [
        item
        for item in home.box.device.store.items
        if item.start < start + timedelta(days=1) and item.end > start and item.stream == "Main"
    ]
    assert {one.name for one in told} == {item.path for item in there}
    assert told == sorted(told, key=lambda one: one.start, reverse=True)
    by_name = {item.path: item for item in there}
    for one in told:
        item = by_name[str(one.name)]
        assert one.start == moment(item.start)
        assert one.end == (None if item.is_picture else moment(item.end))
        assert one.part == ""
        assert one.container == ("jpeg" if item.is_picture else item.path[-3:])
        assert bool(one.refs) is ("ftp:" not in item.path)
        assert one.size == home.box.device.store.size(item)
    kinds = {kind for one in told for kind in one.kinds}
    assert {"scheduled", "manual", "motion"} <= kinds
    shots = {item.start for item in home.box.device.store.items if item.is_picture}
    for one in told:
        taken = by_name[str(one.name)].start in shots
        assert (one.thumbnail is not None) is taken, one
    assert not home.box.device.finders.open


async def test_what_began_before_midnight_is_told_once_on_both_days(house: Build) -> None:
    home, device = await opened(house)
    midnight = noon(2) + timedelta(hours=12)
    item = home.box.device.store.add(0, midnight - timedelta(seconds=20), 60, silent=True)
    for back in (1, 2):
        assert [one.name for one in await found(device, day(back))] == [item.path]
    query = Recordings(moment(noon(3)), moment(noon(1)))
    assert [one.name for one in await found(device, query)] == [item.path]


async def test_only_what_overlaps_the_time_is_told(house: Build) -> None:
    home, device = await opened(house)
    store = home.box.device.store
    for minute in range(0, 60, 10):
        store.add(0, noon() + timedelta(minutes=minute), 300, silent=True)
    start, end = noon() + timedelta(minutes=14), noon() + timedelta(minutes=30)
    told = await found(device, Recordings(moment(start), moment(end)))
    assert [one.start.minute for one in told] == [20, 10]


async def test_a_camera_of_a_recorder_tells_only_its_own(house: Build) -> None:
    home, device = await opened(house, "nvr", empty=False)
    for part, channel in (("camera.1", 0), ("camera.3", 2)):
        told = await found(device, day(), part)
        there = [item for item in home.box.device.store.items if item.channel == channel]
        assert told
        assert {one.name for one in told} <= {item.path for item in there}
        assert {one.part for one in told} == {part}
    with pytest.raises(Unsupported):
        await found(device, day(), "")
    with pytest.raises(Unsupported):
        await found(device, day(), "camera.4")


async def test_kinds_are_looked_at_here_whatever_the_box_heeds(house: Build) -> None:
    home, device = await opened(house, find_events=False)
    store = home.box.device.store
    store.add(0, noon(), flags=("Timing",), events=(), silent=True)
    motion = store.add(0, noon() + timedelta(minutes=1), silent=True)
    store.add(0, noon() + timedelta(minutes=2), events=("CrossLineDetection",), silent=True)
    query = day()
    told = await found(device, Recordings(query.start, query.end, kinds=frozenset({"motion"})))
    assert [one.name for one in told] == [motion.path]
    assert not [each for each in home.sent() if "condition.Events" in each]


async def test_a_clock_that_is_wrong_is_reckoned_with(house: Build) -> None:
    home, device = await opened(house)
    for drift in (timedelta(hours=3), timedelta(minutes=-7), timedelta(days=-400)):
        home.box.device.clock.drift = drift
        await device.read("clock")
        item = home.box.device.store.add(0, seconds=10, silent=True)
        (one,) = await found(device, Recordings(datetime.now(UTC) - timedelta(minutes=2)))
        assert one.name == item.path
        assert one.end is not None
        assert abs(one.end - datetime.now(UTC)) < timedelta(seconds=12)
        home.box.device.store.clear()


# --- pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 99, 100, 101, 200, 345])
@pytest.mark.parametrize("end", [None, Refusal.BARE, Refusal.BAD_REQUEST])
async def test_every_page_is_told_once(house: Build, count: int, end: Refusal | None) -> None:
    home, device = await opened(house, find_end=end)
    home.box.device.store.fill(noon().date(), count)
    told = await found(device, day())
    assert len({one.name for one in told}) == len(told) == count
    assert not home.box.device.finders.open


async def test_the_box_looks_for_a_page_while_the_one_before_is_read(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 345)
    steps: list[str] = []
    ask, read = CgiFinder.next, listing.page

    async def asked(finder: CgiFinder, handle: str, count: int) -> Told | None:
        steps.append("asked")
        return await ask(finder, handle, count)

    def page(text: str) -> Page:
        steps.append("read")
        return read(text)

    monkeypatch.setattr(CgiFinder, "next", asked)
    monkeypatch.setattr(listing, "page", page)
    assert len(await found(device, day())) == 345
    # Whether more than the first is wanted, nobody knows before it is read.
    assert steps == ["asked", "read", "asked", "asked", "read", "asked", "read", "read"]


async def test_who_is_cancelled_while_a_page_is_asked_for_ahead_leaves_no_finder(
    house: Build,
) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 650)
    home.box.faults.delays[f"{FIND}.findNextFile"] = 0.1
    search = asyncio.create_task(found(device, day()))
    await home.box.until(lambda: verbs(home).count("findNextFile") == 4)
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
    await home.box.until(lambda: not home.box.device.finders.open)


async def test_of_a_day_with_thousands_only_the_newest_wanted_are_kept(house: Build) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 5000)
    query = day()
    told = await found(device, Recordings(query.start, query.end, limit=3))
    newest = [item.path for item in home.box.device.store.items][:-4:-1]
    assert [one.name for one in told] == newest
    pages = [each.rpartition("=")[2] for each in home.sent() if "findNextFile" in each]
    assert set(pages) == {"100"}
    assert len(pages) < 5, "the oldest 4,900 need not be read for that"


@pytest.mark.parametrize("limit", [1, 50, 400, 900, 5000])
async def test_of_a_full_day_any_number_is_told_newest_first(house: Build, limit: int) -> None:
    home, device = await opened(house)
    store = home.box.device.store
    store.fill(noon().date(), 600)
    store.add(0, noon() - timedelta(hours=11), 9 * 3600, silent=True)
    for minute in range(0, 300, 3):
        store.add(0, noon() + timedelta(minutes=minute), kind="jpg", silent=True)
    query = day()
    told = await found(device, Recordings(query.start, query.end, limit=limit))
    everything = sorted({item.start for item in store.items}, reverse=True)
    assert len(told) == min(limit, 701)
    assert {one.start for one in told} <= {moment(at) for at in everything[:limit]}
    assert told == sorted(told, key=lambda one: one.start, reverse=True)
    assert len({one.name for one in told}) == len(told)


async def test_a_search_is_within_a_day(house: Build) -> None:
    home, device = await opened(house, find_day_delay=600.0)
    for back in (1, 2, 3):
        home.box.device.store.add(0, noon(back), silent=True)
    told = await found(device, Recordings(moment(noon(4)), moment(noon(0))))
    assert len(told) == 3


async def test_a_finder_that_goes_before_its_list_ends_is_made_anew_once(house: Build) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 250)
    finders = home.box.device.finders
    original, asked = finders.next, []

    def forgetful(handle: str, count: int) -> list[Item]:
        asked.append(handle)
        if len(asked) == 2:
            finders.forget()
        return original(handle, count)

    finders.next = forgetful  # type: ignore[method-assign]
    told = await found(device, day())
    assert len({one.name for one in told}) == len(told) == 250
    assert len(set(asked)) == 2
    assert not finders.open


# --- what is left behind ------------------------------------------------------------------------


async def test_who_stops_listening_leaves_no_finder(house: Build) -> None:
    home, device = await opened(house)
    for back in range(1, 5):
        home.box.device.store.add(0, noon(back), silent=True)
    async with aclosing(device.find("", Recordings(limit=500))) as rows:
        assert isinstance(await anext(rows), Recording)
    await home.box.until(lambda: not home.box.device.finders.open)


@pytest.mark.parametrize("verb", ["factory.create", "findFile", "findNextFile", "close", "destroy"])
async def test_who_is_cancelled_anywhere_leaves_no_finder(house: Build, verb: str) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 250)
    home.box.faults.delays[f"{FIND}.{verb}"] = 0.2
    search = asyncio.create_task(found(device, day()))
    await home.box.until(lambda: any(f"action={verb}" in each.target for each in home.box.wire))
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
    home.box.faults.delays.clear()
    await home.box.until(lambda: not home.box.device.finders.open)
    home.box.faults.finders = 1
    assert len(await found(device, day())) == 250


async def test_a_box_that_makes_one_finder_at_a_time_is_asked_so(house: Build) -> None:
    home, device = await opened(house, finders=1)
    for back in range(1, 6):
        home.box.device.store.add(0, noon(back), silent=True)
    query = Recordings(moment(noon(6)), limit=500)
    assert len(await found(device, query)) == 5
    one, other = await asyncio.gather(found(device, query), found(device, query))
    assert one == other
    home.box.device.finders.create()
    with pytest.raises(Busy):
        await found(device, query)


async def test_closing_during_a_search_leaves_nothing(house: Build) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 250)
    home.box.faults.delays[FIND] = 0.2
    search = asyncio.create_task(found(device, day()))
    await home.box.until(lambda: any("findNextFile" in each.target for each in home.box.wire))
    await device.close()
    with pytest.raises(DeviceError):
        await search


async def test_a_box_that_breaks_the_connection_says_so(house: Build) -> None:
    home, device = await opened(house)
    home.box.device.store.fill(noon().date(), 150)
    home.box.faults.truncate = 40
    with pytest.raises((DeviceError, NoAnswer)):
        await found(device, day())
    home.box.faults.truncate = None
    assert len(await found(device, day())) == 150


# --- how far back -------------------------------------------------------------------------------


async def test_without_bounds_the_walk_ends_with_the_oldest(house: Build) -> None:
    home, device = await opened(house)
    for back in (1, 2, 40):
        home.box.device.store.add(0, noon(back), silent=True)
    told = await found(device, Recordings())
    assert [one.start for one in told] == [moment(noon(back)) for back in (1, 2, 40)]
    assert verbs(home).count("findFile") < 80
    home.box.device.store.clear()
    home.box.wire.clear()
    assert await found(device, Recordings()) == []
    assert verbs(home).count("findFile") < 12


async def test_a_recorder_is_never_asked_for_more_than_a_day(house: Build) -> None:
    home, device = await opened(house, "nvr")
    for back in (1, 30):
        home.box.device.store.add(0, noon(back), silent=True)
    told = await found(device, Recordings(), "camera.1")
    assert [one.start for one in told] == [moment(noon(back)) for back in (1, 30)]
    asked = [each for each in home.sent() if "action=findFile" in each]
    assert asked
    for each in asked:
        start, end = (
            each.partition(f"condition.{name}=")[2][:10] for name in ("StartTime", "EndTime")
        )
        assert start == end
    assert len(asked) < 80


async def test_days_are_counted_by_their_first_page(house: Build) -> None:
    home, device = await opened(house)
    store = home.box.device.store
    store.fill(noon(1).date(), 250)
    store.add(0, noon(3), silent=True)
    store.add(0, noon(3) + timedelta(hours=1), silent=True)
    assert await days_of(device, Days()) == [
        Day(noon(1).date(), 100, whole=False),
        Day(noon(3).date(), 2),
    ]
    assert not home.box.device.finders.open
    assert verbs(home).count("findNextFile") == 2
    assert await days_of(device, Days(limit=1)) == [Day(noon(1).date(), 100, whole=False)]
    assert await days_of(device, Days(moment(noon(3)), moment(noon(2)))) == [Day(noon(3).date(), 2)]


# --- channels -----------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [0, 1])
async def test_a_camera_may_count_its_channel_from_zero(house: Build, base: int) -> None:
    home, device = await opened(house, find_base=base)
    home.box.device.store.add(0, noon(), silent=True)
    assert len(await found(device, day())) == 1
    home.box.wire.clear()
    assert len(await found(device, day())) == 1
    asked = {each for each in home.sent() if "findFile" in each}
    assert all(f"condition.Channel={base}&" in each for each in asked)


# --- JSON calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [3, -3])
async def test_days_are_the_house_s_and_not_those_of_a_wrong_clock(
    house: Build, hours: int
) -> None:
    """Each recording is listed on the day under which it is counted, though midnights differ."""
    home, device = await opened(house)
    drift = timedelta(hours=hours)
    home.box.device.clock.drift = drift
    await device.read("clock")
    for back in (2, 3):
        for hour in (1, 12, 23):
            start = noon(back) + timedelta(hours=hour - 12) + drift
            home.box.device.store.add(0, start, 60, silent=True)
    days = await days_of(device, Days())
    assert days == [Day(noon(back).date(), 3) for back in (2, 3)]
    for each in days:
        begin = datetime.combine(each.date, datetime.min.time())
        query = Recordings(moment(begin), moment(begin + timedelta(days=1)))
        assert len(await found(device, query)) == each.count
    assert await days_of(device, Days(limit=1)) == days[:1]


async def test_what_the_cgi_has_not_got_is_found_by_json_calls(house: Build) -> None:
    home, device = await opened(house, refuse=dict(NO_CGI))
    home.box.device.store.fill(noon().date(), 250)
    told = await found(device, day())
    assert len({one.name for one in told}) == len(told) == 250
    assert not home.box.rpc2.open
    assert await days_of(device, Days()) == [Day(noon().date(), 100, whole=False)]
    assert not home.box.failed_logins


async def test_a_json_session_that_is_gone_is_opened_anew(house: Build) -> None:
    home, device = await opened(house, refuse=dict(NO_CGI))
    for back in (1, 2):
        home.box.device.store.add(0, noon(back), silent=True)
    async with aclosing(device.find("", Recordings(moment(noon(4)), limit=9))) as rows:
        assert isinstance(await anext(rows), Recording)
        home.box.rpc2.forget()
        assert len([row async for row in rows]) == 1
    assert not home.box.rpc2.open


async def test_a_refused_json_login_is_never_tried_again(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse |= NO_CGI
    device, _ = await home.opened()
    home.box.users["admin"] = "another"
    failed = home.box.failed_logins
    for _ in range(3):
        with pytest.raises(DeviceError):
            await device.box.rpc2.call("global.keepAlive")
    assert home.box.failed_logins == failed + 1


async def test_a_login_that_would_tell_the_password_is_left(house: Build) -> None:
    home, device = await opened(house, refuse=dict(NO_CGI), rpc2_encryption="Basic")
    assert "recordings" not in device.box.topology.parts[""].tables
    bodies = b"".join(each.request.body for each in home.box.wire)
    assert b"secret-1" not in bodies


# --- what can be searched -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("personality", "tables"),
    [
        ("ipc", {"recordings", "days", "footage"}),
        ("doorbell", {"recordings", "days", "footage"}),
        ("legacy", set()),
    ],
)
async def test_tables_are_named_where_there_is_a_finder_and_a_card(
    house: Build, personality: str, tables: set[str]
) -> None:
    home = await house(personality)
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    after = topology_of(await device.read("survey"))
    assert after.parts[""].tables & {"recordings", "days", "footage"} == tables
    await device.close()
    again, batch = await home.opened(memory=memory)
    assert topology_of(batch).parts[""].tables >= tables
    assert not verbs(home)
    if tables:
        home.box.storage.clear()
        await again.read("storage")
        assert not again.box.topology.parts[""].tables & tables


async def test_a_recorder_names_them_on_its_cameras(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert home.box.personality == "nvr"
    for part in topology.parts.values():
        has = {"recordings", "days"} <= part.tables
        assert has is part.id.startswith("camera."), part.id


# --- the motion finder (§13) --------------------------------------------------------------------


async def test_a_recorder_with_a_motion_finder_has_its_tables(house: Build) -> None:
    home, device = await opened(house, "nvr", empty=False)
    await motion_files.survey(device.box)
    device.box.build()
    part = device.box.topology.parts["camera.1"]
    assert {"motion_files", "bound_files"} <= part.tables
    query = day()
    told = await rows_of(device, Table(query.start, query.end, kind="motion_files"), "camera.1")
    there = {
        item.path
        for item in home.box.device.store.items
        if item.channel == 0 and "VideoMotion" in item.events
    }
    assert told
    assert {row["name"] for row in told} <= there
    assert told == sorted(told, key=lambda row: row["start"], reverse=True)
    bound = await rows_of(device, Table(query.start, query.end, kind="bound_files"), "camera.1")
    assert {row["name"] for row in told} & {row["name"] for row in bound}
    assert not home.box.device.motion_finders.open
    sent = "\n".join(home.sent())
    assert all(
        f"FileFindHelper.cgi?action={verb}" in sent
        for verb in ("startFind", "findNext", "stopFind", "getBoundFile")
    )
    with pytest.raises(BadInput):
        await rows_of(device, Table(kind="motion_files", where={"flag": "x"}), "camera.1")
    with pytest.raises(BadInput):
        await rows_of(device, Table(kind="bound_files"), "camera.1")


async def test_a_camera_is_not_asked_for_a_motion_finder(house: Build) -> None:
    home, device = await opened(house)
    await motion_files.survey(device.box)
    assert not [each for each in home.box.wire if "FileFindHelper" in each.target]
