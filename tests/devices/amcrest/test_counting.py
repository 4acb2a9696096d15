"""People who come and go: counts now and before, and where people were (§8.2.2, §8.3)."""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import Press, SaveHeatMap
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, Gone, Unsupported
from custom_components.cctv.devices.model import Table, Topology
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.counting import Counter, Counters

from .conftest import Build, House, listed, told, topology_of

POLL = "counts:1"
KEYS = ("people_entered", "people_exited", "people_inside")
QUEUE = "rule.5"


def counters(home: House) -> Counters:
    """The counters of a simulated box."""
    return home.box.device.of(Counters)


def door(home: House) -> Counter:
    """The one that counts at the line, begun anew."""
    counter = counters(home).counters[0][0]
    counter.entered.clear()
    counter.exited.clear()
    return counter


async def surveyed(
    house: Build, memory: ShortMemory | None = None
) -> tuple[House, Amcrest, Topology]:
    """A counter, surveyed."""
    home = await house("counter")
    device, _ = await home.opened(memory=memory)
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


async def test_who_crosses_the_line_is_counted_by_the_camera_and_an_area_by_its_rule(
    house: Build,
) -> None:
    _, _, topology = await surveyed(house)
    told_by = {id_ for id_, each in topology.features.items() if each.poll == POLL}
    assert told_by == {f"{part}:{key}" for part in ("", QUEUE) for key in KEYS}
    assert ":reset_count" in topology.features
    assert "people" in topology.parts[""].tables
    assert SaveHeatMap in topology.parts[""].can


@pytest.mark.parametrize("personality", ["ipc", "wizsense", "nvr"])
async def test_others_are_not_asked(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    await device.read("survey")
    assert not [each for each in home.sent() if "getSummary" in each]


async def test_the_counts_of_today_are_read(house: Build) -> None:
    home, device, _ = await surveyed(house)
    door(home)
    counters(home).walk(5, 2)
    values = told(await device.read(POLL))
    assert [values[f":{key}"] for key in KEYS] == [5, 2, 3]
    counters(home).walk(entered=4, rule=1)
    before = values[f"{QUEUE}:people_inside"]
    assert isinstance(before, int)
    assert told(await device.read(POLL))[f"{QUEUE}:people_inside"] == before + 4


async def test_each_counts_for_itself_when_people_walk(house: Build) -> None:
    home, device, topology = await surveyed(house)
    assert topology.features[":people_entered"].push == POLL
    door(home)
    async with aclosing(device.listen(POLL)) as heard:
        first = told(await anext(heard))
        assert first[":people_entered"] == 0
        counters(home).walk(3, 1)
        batch = await anext(heard)
        while f"{QUEUE}:people_entered" in told(batch):
            batch = await anext(heard)
        assert told(batch) == {":people_entered": 3, ":people_exited": 1, ":people_inside": 2}
        counters(home).walk(1, 0, rule=1)
        assert set(told(await anext(heard))) == {f"{QUEUE}:{key}" for key in KEYS}
    await home.box.until(lambda: not counters(home).parts.listeners)


async def test_a_heartbeat_is_a_sign_of_life(house: Build) -> None:
    home, device, _ = await surveyed(house)
    async with aclosing(device.listen(POLL)) as heard:
        assert told(await anext(heard))
        await anext(heard)
        (listener,) = counters(home).parts.listeners
        listener.connection.write(b"--myboundary\r\nContent-Length:9\r\n\r\nHeartbeat\r\n\r\n")
        assert await anext(heard) == ()


async def test_a_camera_that_lets_nobody_listen_is_polled(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["videoStatServer.attach"] = Refusal.BAD_REQUEST
    async with aclosing(device.listen(POLL)) as heard:
        topology = topology_of(await anext(heard))
    assert POLL not in topology.feeds
    assert topology.features[":people_entered"].push is None
    values = told(await device.read(POLL))
    assert isinstance(values[":people_entered"], int)


async def test_a_rule_that_is_deleted_takes_its_counts_along(house: Build) -> None:
    home, device, _ = await surveyed(house)
    for name in [each for each in home.box.config if each.startswith("VideoAnalyseRule[0][1]")]:
        del home.box.config[name]
    await device.read("config:VideoAnalyseRule")
    batch = await device.read(POLL)
    topology = topology_of(batch)
    assert {id_ for id_, each in topology.features.items() if each.poll == POLL} == {
        f":{key}" for key in KEYS
    }
    assert set(told(batch)) == {f":{key}" for key in KEYS}


async def test_counting_begins_anew(house: Build) -> None:
    home, device, _ = await surveyed(house)
    counters(home).walk(5, 0)
    answer = await device.do("", Press("reset_count"))
    assert told(answer.updates)[":people_inside"] == 0
    assert len([each for each in home.sent() if "clearSectionStat" in each]) == 1


async def test_a_camera_whose_counters_say_nothing_has_none(house: Build) -> None:
    home = await house("counter")
    home.box.faults.refuse["videoStatServer.getSummary"] = Refusal.BAD_REQUEST
    home.box.faults.refuse["videoStatServer.getHeatMap"] = Refusal.BAD_REQUEST
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    topology = topology_of(await device.read("survey"))
    assert not [each for each in topology.features.values() if each.key in KEYS]
    assert SaveHeatMap not in topology.parts[""].can
    await device.close()
    device, _ = await home.opened(memory=memory)
    await device.read("survey")
    assert not [each for each in home.sent() if "videoStatServer" in each]


# --- before -------------------------------------------------------------------------------------


async def test_people_are_listed_by_the_hour_newest_first(house: Build) -> None:
    home, device, _ = await surveyed(house)
    moment = home.box.device.clock.now()
    now = moment.replace(minute=0, second=0, microsecond=0)
    counter = door(home)
    counter.entered += [now, now, now - timedelta(hours=2)]
    counter.exited += [now - timedelta(hours=2)]
    rows = await listed(device, Table(kind="people", end=moment.astimezone(UTC), limit=60))
    times = [row["time"] for row in rows]
    assert times == sorted(times, reverse=True)
    at_door = [row for row in rows if row["rule"] == "Door"]
    assert [(row["entered"], row["exited"]) for row in at_door[:4]] == [
        (2, 0),
        (0, 0),
        (1, 1),
        (0, 0),
    ]
    # The last hour of a day is told to its last second.
    least, most = timedelta(hours=1, seconds=-1), timedelta(hours=1)
    assert all(least <= row["end"] - row["time"] <= most for row in at_door[1:])
    assert len(rows) == 60
    await home.box.until(lambda: not counters(home)._finds)


async def test_people_are_listed_by_the_day(house: Build) -> None:
    home, device, _ = await surveyed(house)
    now = home.box.device.clock.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    counter = door(home)
    counter.entered += [today, today - timedelta(hours=1), today - timedelta(hours=2)]
    end = now.astimezone(UTC)
    start = end - timedelta(days=3)
    query = Table(kind="people", start=start, end=end, where={"by": "day"})
    rows = [row for row in await listed(device, query) if row["rule"] == "Door"]
    assert [row["entered"] for row in rows] == [1, 2, 0]
    assert all(row["time"] >= start for row in rows)


async def test_another_grain_is_refused_before_anything_is_sent(house: Build) -> None:
    home, device, _ = await surveyed(house)
    with pytest.raises(BadInput):
        await listed(device, Table(kind="people", where={"by": "year"}))
    assert home.sent() == []


async def test_a_search_that_breaks_off_is_ended(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["videoStatServer.doFind"] = Refusal.BAD_REQUEST
    with pytest.raises(Unsupported):
        await listed(device, Table(kind="people"))
    await home.box.until(lambda: not counters(home)._finds)


# --- where people were --------------------------------------------------------------------------


async def test_a_heat_map_is_saved_as_the_camera_gives_it(house: Build) -> None:
    home, device, _ = await surveyed(house)
    end = datetime.now(UTC)
    answer = await device.do("", SaveHeatMap(end - timedelta(days=1), end, plan=3))
    assert answer.ref is not None
    assert "getHeatMap" not in "".join(home.sent())
    content = await device.fetch(answer.ref)
    assert len(await content.read()) == 44 * 36
    (sent,) = [each for each in home.sent() if "getHeatMap" in each]
    assert "PlanID=3" in sent


async def test_a_heat_map_of_no_time_is_refused(house: Build) -> None:
    _, device, _ = await surveyed(house)
    now = datetime.now(UTC)
    with pytest.raises(BadInput):
        await device.do("", SaveHeatMap(now, now))


@pytest.mark.parametrize(
    "ref",
    [
        "heatmap:1:20260101000000:20269901000000:0",
        "heatmap:2:20260101000000:20260102000000:0",
        "heatmap:1",
    ],
)
async def test_a_ref_that_names_no_heat_map_is_gone(house: Build, ref: str) -> None:
    home, device, _ = await surveyed(house)
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert home.sent() == []
