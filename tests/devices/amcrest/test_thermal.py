"""A camera with a thermal lens: temperatures of rules and points, now and before (§10)."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import (
    GetAbilities,
    MeasureTemperature,
    Press,
    SaveRadiometry,
    Set,
)
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import Busy, Gone, Rejected, Unsupported
from custom_components.cctv.devices.model import Batch, Limits, PartKind, Table, Topology
from tests.devices.waiting import becomes
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.heat import Rule, Thermal

from .conftest import Build, House, listed, told, topology_of

LENS = "lens.2"
POLL = "thermal:2"
BEARING, GEAR, PIPE = (f"{LENS}/rule.heat-0-{number}" for number in (1, 4, 7))
ALL = ("temperature", "temperature_max", "temperature_min")


def heat(home: House) -> Thermal:
    """What the thermal lens of a simulated box sees."""
    return home.box.device.of(Thermal)


def rule(home: House, number: int) -> Rule:
    """One of its rules."""
    return next(each for each in heat(home).rules if each.number == number)


async def surveyed(
    house: Build, memory: ShortMemory | None = None
) -> tuple[House, Amcrest, Topology]:
    """A thermal box, surveyed."""
    home = await house("thermal")
    device, _ = await home.opened(memory=memory)
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


# --- what there is ------------------------------------------------------------------------------


async def test_the_thermal_lens_is_a_lens_and_its_rules_are_parts(house: Build) -> None:
    _, _, topology = await surveyed(house)
    assert topology.parts[LENS].kind is PartKind.LENS
    assert topology.parts[LENS].name == "Hall thermal"
    assert {
        part.id: part.name for part in topology.parts.values() if part.kind is PartKind.RULE
    } == {
        BEARING: "Bearing",
        GEAR: "Gear; box=2",
        PIPE: "Pipe",
    }
    measured = {id_ for id_, each in topology.features.items() if each.poll == POLL}
    # A point has no highest and no lowest temperature.
    assert measured == {
        f"{BEARING}:temperature",
        *(f"{part}:{key}" for part in (GEAR, PIPE) for key in ALL),
    }
    assert topology.features[f"{LENS}:emissivity"].limits == Limits(0.5, 1.0, 0.01)
    assert "IronRow" in topology.features[f"{LENS}:palette"].options
    assert {f"{LENS}:flat_field", f"{LENS}:thermometry"} <= set(topology.features)
    assert {MeasureTemperature, SaveRadiometry} <= topology.parts[LENS].can
    assert not {":palette", ":flat_field", ":heat", ":fire"} & set(topology.features)


@pytest.mark.parametrize("personality", ["ipc", "dome", "nvr"])
async def test_others_are_not_asked(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    await device.read("survey")
    assert not [each for each in home.sent() if "Radiometry" in each or "Thermo" in each]


async def test_what_the_lens_knows_only_a_minute_after_its_start_is_found_then(
    house: Build,
) -> None:
    home = await house("thermal")
    heat(home).warming = True
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert BEARING not in topology.parts
    assert topology.polls["survey"].every == 60
    heat(home).warming = False
    topology = topology_of(await device.read("survey"))
    assert f"{BEARING}:temperature" in topology.features


async def test_rules_without_temperatures_are_left_out(house: Build) -> None:
    home = await house("thermal")
    home.box.faults.refuse["RadiometryManager.getTemper"] = Refusal.BAD_REQUEST
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert not [part for part in topology.parts.values() if part.kind is PartKind.RULE]
    assert POLL not in topology.polls
    assert MeasureTemperature in topology.parts[LENS].can


async def test_one_lens_that_is_thermal_is_the_box(house: Build) -> None:
    home = await house("thermal")
    home.box.faults.refuse["devVideoInput.getCollect"] = Refusal.BAD_REQUEST
    _, batch = await home.opened()
    topology = topology_of(batch)
    assert LENS not in topology.parts
    assert ":heat" in topology.features


async def test_a_lens_that_could_not_be_counted_is_found_by_the_survey(house: Build) -> None:
    home = await house("thermal")
    home.box.faults.refuse["devVideoInput.getCollect"] = Refusal.BOOTING
    device, batch = await home.opened()
    assert LENS not in topology_of(batch).parts
    del home.box.faults.refuse["devVideoInput.getCollect"]
    topology = topology_of(await device.read("survey"))
    assert BEARING in topology.parts
    assert f"{LENS}:main" in topology.streams


@pytest.mark.parametrize(
    ("topic", "line"),
    [
        ("thermography", "caps.EZoom.Max"),
        ("radiometry", "caps.TotalNum"),
        ("thermal_preset", "presetInfo.Agc"),
        ("thermal_region", "optimizedRegion.Type"),
        ("thermal_sensor", "sysInfo.SerialNumber"),
    ],
)
async def test_it_says_what_it_can(house: Build, topic: str, line: str) -> None:
    _, device, _ = await surveyed(house)
    answer = await device.do(LENS, GetAbilities(topic))
    assert line in answer.data


# --- temperatures -------------------------------------------------------------------------------


async def test_each_rule_tells_its_temperatures(house: Build) -> None:
    home, device, _ = await surveyed(house)
    heat(home).set(4, 40, 60)
    values = told(await device.read(POLL))
    assert [values[f"{GEAR}:{key}"] for key in ALL] == [50, 60, 40]
    assert f"{BEARING}:temperature_max" not in values


async def test_fahrenheit_is_told_in_celsius(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.config["HeatImagingThermometry[1].TemperatureUnit"] = "Fahrenheit"
    heat(home).set(1, -40, -40)
    heat(home).set(4, 0, 100)
    values = told(await device.read(POLL))
    assert values[f"{BEARING}:temperature"] == -40
    assert [values[f"{GEAR}:{key}"] for key in ALL] == [50, 100, 0]


async def test_a_rule_comes_and_goes(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.config["ThermometryRule[1][0][1].Enable"] = "false"
    for _ in range(2):
        topology = topology_of(await device.read(POLL))
        assert GEAR not in topology.parts
        assert BEARING in topology.parts
    assert not [each for each in await device.read(POLL) if isinstance(each, Topology)]
    home.box.config["ThermometryRule[1][0][1].Enable"] = "true"
    batch = await device.read(POLL)
    assert f"{GEAR}:temperature_max" in topology_of(batch).features
    assert told(batch)[f"{GEAR}:temperature_max"] == rule(home, 4).high


async def test_one_rule_that_is_refused_does_not_hide_the_others(house: Build) -> None:
    home, device, _ = await surveyed(house)
    heat(home).rules.remove(rule(home, 4))
    values = told(await device.read(POLL))
    assert values[f"{GEAR}:temperature"] is None
    assert values[f"{PIPE}:temperature"] == rule(home, 7).mean
    heat(home).rules.clear()
    with pytest.raises(Unsupported):
        await device.read(POLL)


async def test_temperatures_are_heard_as_they_change(house: Build) -> None:
    home, device, topology = await surveyed(house)
    assert topology.features[f"{GEAR}:temperature"].push == POLL
    async with aclosing(device.listen(POLL)) as heard:
        values = told(await anext(heard))
        assert values[f"{PIPE}:temperature_max"] == rule(home, 7).high
        heat(home).set(4, 70, 90)
        assert told(await anext(heard)) == {
            f"{GEAR}:temperature": 80,
            f"{GEAR}:temperature_max": 90,
            f"{GEAR}:temperature_min": 70,
        }
    await home.box.until(lambda: not heat(home).temperatures.listeners)


async def test_a_wanted_temperature_follows_without_being_asked_for(house: Build) -> None:
    home = await house("thermal")
    device = home.device()
    runner = Runner(device, home.lend(home.box.url), jitter=lambda: 0.0)
    await runner.start()
    try:
        gear = f"{GEAR}:temperature"
        runner.want([gear])
        await becomes(runner, gear, rule(home, 4).mean)
        await home.box.until(lambda: bool(heat(home).temperatures.listeners))
        home.box.faults.refuse["RadiometryManager.getTemper"] = Refusal.BOOTING
        heat(home).set(4, 70, 90)
        await becomes(runner, gear, 80)
    finally:
        await runner.stop()
    await home.box.until(lambda: not heat(home).temperatures.listeners)


async def test_a_lens_that_lets_nobody_listen_is_polled(house: Build) -> None:
    memory = ShortMemory()
    home, device, _ = await surveyed(house, memory)
    home.box.faults.refuse["RadiometryManager.attachTemper"] = Refusal.BAD_REQUEST
    batches: list[Batch] = []
    async with aclosing(device.listen(POLL)) as heard:
        batches = [batch async for batch in heard]
    (batch,) = batches
    topology = topology_of(batch)
    assert POLL not in topology.feeds
    assert topology.features[f"{GEAR}:temperature"].push is None
    assert topology.features[f"{GEAR}:temperature"].poll == POLL
    await device.close()
    device = await home.surveyed(memory=memory)
    assert POLL not in topology_of(await device.read("survey")).feeds


async def test_a_subscription_that_was_taken_before_is_tried_again(house: Build) -> None:
    """Too many subscriptions are refused alike (§4.9.17)."""
    memory = ShortMemory()
    home, device, _ = await surveyed(house, memory)
    async with aclosing(device.listen(POLL)) as heard:
        await anext(heard)
    home.box.faults.refuse["RadiometryManager.attachTemper"] = Refusal.BAD_REQUEST
    with pytest.raises(Busy):
        async with aclosing(device.listen(POLL)) as heard:
            await anext(heard)
    assert POLL in topology_of(await device.read("survey")).feeds
    await device.close()
    device = await home.surveyed(memory=memory)
    assert POLL in topology_of(await device.read("survey")).feeds


async def test_a_lens_that_is_busy_is_listened_to_later(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["RadiometryManager.attachTemper"] = Refusal.SERVER_ERROR
    with pytest.raises(Rejected):
        async with aclosing(device.listen(POLL)) as heard:
            await anext(heard)
    assert POLL in topology_of(await device.read("survey")).feeds


async def test_a_point_is_measured(house: Build) -> None:
    home, device, _ = await surveyed(house)
    heat(home).spots[8191, 0] = 67.7
    answer = await device.do(LENS, MeasureTemperature(left=100, top=0))
    assert answer.data == {"temperature": 67.7, "unit": "°C", "told": "67.700000 Centigrade"}
    heat(home).mislabelled = True
    answer = await device.do(LENS, MeasureTemperature(left=100, top=0))
    # What it is called is what it is taken for; `told` lets the user see it.
    assert answer.data["told"] == "153.860000 Centigrade"


async def test_the_visible_lens_measures_nothing(house: Build) -> None:
    home, device, _ = await surveyed(house)
    with pytest.raises(Unsupported):
        await device.do("", MeasureTemperature())
    assert home.sent() == []


# --- before -------------------------------------------------------------------------------------


async def test_what_was_measured_is_found_newest_first(house: Build) -> None:
    home, device, _ = await surveyed(house)
    heat(home).set(4, 40, 60)
    rows = await listed(device, Table(kind="temperature", limit=700), LENS)
    assert len(rows) == 700
    times = [row["time"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert abs(times[0] - datetime.now(UTC)) < timedelta(minutes=6)
    gear = next(row for row in rows if row["rule"] == "4")
    assert (gear["name"], *(gear[key] for key in ALL)) == ("Gear; box=2", 50, 60, 40)
    await home.box.until(lambda: not heat(home).searches)


async def test_no_more_is_found_than_is_wanted(house: Build) -> None:
    home, device, _ = await surveyed(house)
    start = datetime.now(UTC) - timedelta(minutes=30)
    rows = await listed(device, Table(kind="temperature", start=start), LENS)
    assert 15 <= len(rows) <= 21
    assert all(row["time"] >= start for row in rows)
    home.box.wire.clear()
    assert len(await listed(device, Table(kind="temperature", limit=2), LENS)) == 2
    searches = [each for each in home.sent() if "startFind" in each]
    assert len(searches) == 1
    await home.box.until(lambda: not heat(home).searches)


async def test_a_search_ends_where_nothing_is_left(house: Build) -> None:
    home, device, _ = await surveyed(house)
    heat(home).rules.clear()
    assert await listed(device, Table(kind="temperature"), LENS) == []
    assert len([each for each in home.sent() if "startFind" in each]) < 10


# --- thermal pictures ---------------------------------------------------------------------------


@pytest.mark.parametrize("plain", [False, True])
async def test_a_thermal_picture_is_taken_and_everything_let_go(house: Build, plain: bool) -> None:
    home, device, _ = await surveyed(house)
    heat(home).plain = plain
    answer = await device.do(LENS, SaveRadiometry())
    assert heat(home).fetched == 0
    assert answer.ref is not None
    body = await (await device.fetch(answer.ref)).read()
    assert body.startswith(b"DHAV")
    assert int.from_bytes(body[12:16], "little") == len(body)
    assert heat(home).fetched == 1
    await home.box.until(lambda: heat(home).listening == 0)


async def test_no_picture_comes_of_a_subscription_that_is_refused(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["RadiometryManager.attachProc"] = Refusal.BAD_REQUEST
    with pytest.raises(Unsupported):
        await device.fetch("radiometry:2")
    assert not [each for each in home.sent() if "toFetch" in each]


@pytest.mark.parametrize("ref", ["radiometry:1", "radiometry:0", "radiometry:2:x", "radiometry:"])
async def test_a_ref_that_names_no_lens_is_gone(house: Build, ref: str) -> None:
    home, device, _ = await surveyed(house)
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert home.sent() == []


# --- what is set --------------------------------------------------------------------------------


async def test_the_sensor_is_calibrated(house: Build) -> None:
    home, device, _ = await surveyed(house)
    await device.do(LENS, Press("flat_field"))
    assert heat(home).corrected == 1


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("palette", "IceFire", "ThermographyOptions[1].Colorization"),
        ("thermometry", False, "HeatImagingThermometry[1].Enable"),
        ("emissivity", 0.75, "HeatImagingThermometry[1].ObjectEmissivity"),
    ],
)
async def test_the_lens_is_set(house: Build, key: str, value: str | float, path: str) -> None:
    home, device, _ = await surveyed(house)
    answer = await device.do(LENS, Set(key, value))
    assert told(answer.updates)[f"{LENS}:{key}"] == value
    assert home.box.config[path].lower().rstrip("0") == str(value).lower()


async def test_heat_is_an_event_of_the_lens(house: Build) -> None:
    home, device, _ = await surveyed(house)
    async with aclosing(device.listen("events")) as heard:
        first = asyncio.ensure_future(anext(heard))
        await home.box.wait_attached()
        heat(home).set(1, 90, 95)
        batch = await first
        while not told(batch):
            batch = await anext(heard)
    assert told(batch) == {f"{LENS}:heat": True}
