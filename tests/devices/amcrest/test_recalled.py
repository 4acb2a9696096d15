"""What a first survey found is there at once after a restart, and looked at again."""

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import GotoPreset, PtzMove, PtzStop, Set
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.model import PartId, Topology
from tests.simulators.amcrest import PERSONALITIES, Refusal
from tests.simulators.amcrest.ptz import Preset

from .conftest import Build, House, told, topology_of

LATER = {"monitor_layout", "monitor_tour", "tour_interval"}
"""What few people have is found by each survey."""


async def surveyed(home: House, memory: ShortMemory) -> Topology:
    """Start, survey and end; what there was."""
    device = await home.surveyed(memory=memory)
    topology = device.box.topology
    await device.close()
    return topology


async def restarted(home: House, memory: ShortMemory) -> Amcrest:
    """A device that was surveyed before a restart; the wire log begins anew."""
    await surveyed(home, memory)
    device, _ = await home.opened(memory=memory)
    return device


@pytest.mark.parametrize("personality", PERSONALITIES)
async def test_all_features_are_there_at_once(house: Build, personality: str) -> None:
    home = await house(personality)
    memory = ShortMemory()
    before = await surveyed(home, memory)
    device, batch = await home.opened(memory=memory)
    at_once = topology_of(batch)
    gone = set(before.features) - set(at_once.features)
    assert {id_.rpartition(":")[2] for id_ in gone} <= LATER
    assert at_once.streams == before.streams
    for id_ in set(before.features) - gone:
        assert at_once.features[id_] == before.features[id_]
    assert at_once.feeds == before.feeds
    for part, one in at_once.parts.items():
        assert one.ptz == before.parts[part].ptz
        assert one.talk == before.parts[part].talk
    after = topology_of(await device.read("survey"))
    assert set(after.features) == set(before.features)
    assert {part: one.can for part, one in after.parts.items()} == {
        part: one.can for part, one in before.parts.items()
    }


async def test_a_drive_moves_before_it_was_looked_for(house: Build) -> None:
    home = await house("dome")
    device = await restarted(home, ShortMemory())
    preset = device.box.topology.features[":preset"]
    assert {PtzMove, PtzStop, GotoPreset} <= device.box.topology.parts[""].can
    await device.do("", PtzMove(pan=1))
    await device.do("", PtzStop())
    await device.do("", Set("preset", preset.options[0]))
    assert not [each for each in home.sent() if "Caps" in each or "getPresets" in each]


async def test_presets_that_changed_meanwhile_are_found_by_the_survey(house: Build) -> None:
    home = await house("dome")
    memory = ShortMemory()
    before = (await surveyed(home, memory)).features[":preset"].labels
    home.box.device.ptz.presets[9] = Preset("Meadow")
    device, batch = await home.opened(memory=memory)
    assert topology_of(batch).features[":preset"].labels == before
    topology = topology_of(await device.read("survey"))
    assert topology.features[":preset"].labels == {**before, "9": "Meadow"}
    await device.close()
    _, batch = await home.opened(memory=memory)
    assert topology_of(batch).features[":preset"].labels == {**before, "9": "Meadow"}


async def test_presets_stay_while_they_are_not_told(house: Build) -> None:
    """A moment's trouble is no reason to forget them."""
    home = await house("dome")
    memory = ShortMemory()
    before = (await surveyed(home, memory)).features[":preset"]
    home.box.faults.refuse["ptz.getPresets"] = Refusal.BOOTING
    device, _ = await home.opened(memory=memory)
    assert topology_of(await device.read("survey")).features[":preset"] == before
    home.box.faults.refuse.clear()
    home.box.device.ptz.presets[9] = Preset("Meadow")
    topology = topology_of(await device.read("survey"))
    assert topology.features[":preset"].labels["9"] == "Meadow"


@pytest.mark.parametrize(
    ("personality", "poll", "features"),
    [
        ("dome", "lens:1", {":focus", ":zoom"}),
        ("vto", "door:1", {"door.1:door", "door.1:door_lock"}),
        ("vto", "call", {":call_state"}),
        ("terminal", "door:2", {"door.2:door", "door.2:door_lock"}),
        ("counter", "counts:1", {":people_entered", "rule.5:people_inside"}),
        ("traffic", "spaces", {":spaces_free", "space.3:occupied"}),
        ("thermal", "thermal:2", {"lens.2/rule.heat-0-4:temperature_max"}),
        ("thermal", "outputs", {"output.1:output_active"}),
        ("ipc", "started", {":started"}),
    ],
)
async def test_what_was_recalled_is_read(
    house: Build, personality: str, poll: str, features: set[str]
) -> None:
    home = await house(personality)
    device = await restarted(home, ShortMemory())
    values = told(await device.read(poll))
    assert features <= values.keys()
    assert None not in {values[each] for each in features}


@pytest.mark.parametrize(
    ("personality", "part"), [("vto", "door.1"), ("thermal", "lens.2/rule.heat-0-1")]
)
async def test_what_is_gone_after_a_restart_goes(
    house: Build, personality: str, part: PartId
) -> None:
    home = await house(personality)
    memory = ShortMemory()
    assert part in (await surveyed(home, memory)).parts
    for name in list(home.box.config):
        if name.startswith(("AccessControl[0]", "ThermometryRule[1][0][0]")):
            del home.box.config[name]
    device, batch = await home.opened(memory=memory)
    assert part in topology_of(batch).parts
    if personality == "thermal":
        await device.read("thermal:2")
    else:
        for _ in range(3):
            await device.read("survey")
    assert part not in device.box.topology.parts
