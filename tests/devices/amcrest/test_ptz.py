"""The drive: what it is found to do, moved on the wire, its presets and tours by name."""

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import (
    Aux,
    Command,
    GetView,
    GotoPreset,
    Mode,
    Pattern,
    PtzBox,
    PtzMove,
    PtzStop,
    RemovePreset,
    SavePreset,
    Scan,
    Set,
    SetView,
    Tour,
)
from custom_components.cctv.devices.errors import BadInput, Unsupported
from custom_components.cctv.devices.model import Topology
from tests.simulators.amcrest.grammar import Refusal

from .conftest import Build, House, told, topology_of

MOVES = {Mode.CONTINUOUS, Mode.ABSOLUTE}


async def dome(house: Build) -> tuple[House, Amcrest, Topology]:
    """A speed dome, surveyed."""
    home = await house("dome")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


def commands(home: House) -> list[tuple[str, str, tuple[float, ...]]]:
    """What the head was told: verb, code, arguments."""
    return list(home.box.device.ptz.commands)


async def test_a_drive_is_found_with_what_it_says_it_can(house: Build) -> None:
    _, _, topology = await dome(house)
    ability = topology.parts[""].ptz
    assert ability is not None
    assert ability.axes == {"pan", "tilt", "zoom", "focus", "iris"}
    assert ability.modes == MOVES
    assert {PtzMove, PtzStop, PtzBox, Tour, Pattern, Scan, Aux, SavePreset, GetView} <= set(
        topology.parts[""].can
    )


@pytest.mark.parametrize("personality", ["ipc", "wizsense", "doorbell", "nvr"])
async def test_a_camera_without_a_drive_moves_nothing(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    moving = {each.id for each in topology.parts.values() if PtzMove in each.can}
    assert moving == {each.id for each in topology.parts.values() if each.ptz is not None}
    fixed = [each for each in home.sent() if "getCurrentProtocolCaps" in each]
    assert len(fixed) == len(device.box.cameras)


async def test_it_goes_on_until_it_is_stopped(house: Build) -> None:
    home, device, _ = await dome(house)
    await device.do("", PtzMove(pan=1, tilt=-0.5, speed=0.5, seconds=3))
    assert home.box.device.ptz.moving == "Continuously"
    await device.do("", PtzStop())
    assert home.box.device.ptz.moving is None
    assert commands(home)[0] == ("start", "Continuously", (50, -25, 0, 4))


async def test_no_move_falls_into_the_dead_zone(house: Build) -> None:
    home, device, _ = await dome(house)
    await device.do("", PtzMove(pan=0.01, speed=0.01, seconds=1))
    assert commands(home)[0][2][0] == 5


async def test_the_lens_goes_on_and_stops(house: Build) -> None:
    home, device, _ = await dome(house)
    await device.do("", PtzMove(focus=1, seconds=1))
    assert home.box.device.ptz.moving == "FocusFar"
    await device.do("", PtzStop())
    assert home.box.device.ptz.moving is None


async def test_it_goes_to_a_place_and_tells_where_it_is(house: Build) -> None:
    home, device, _ = await dome(house)
    await device.do("", PtzMove(pan=90, tilt=20, zoom=2, mode=Mode.ABSOLUTE))
    assert home.box.device.ptz.position == (90, 20, 2)
    assert told(await device.read("ptz:1")) == {":pan": 90, ":tilt": 20, ":zoom_position": 2}


@pytest.mark.parametrize(
    "command",
    [
        PtzMove(),
        PtzMove(focus=1, mode=Mode.ABSOLUTE),
        PtzMove(zoom=500, mode=Mode.ABSOLUTE),
        PtzMove(pan=1, mode=Mode.STEP),
        PtzBox(60, 0, 40, 100),
        SetView(0, 80, 100, 20),
        GotoPreset("nowhere"),
        GotoPreset("300"),
        Tour("0"),
        Tour("1", "name"),
        Tour("1", "add", "nowhere"),
    ],
)
async def test_bad_moves_are_refused_before_a_byte_is_sent(house: Build, command: Command) -> None:
    home, device, _ = await dome(house)
    with pytest.raises(BadInput):
        await device.do("", command)
    assert home.sent() == []


async def test_it_looks_at_a_part_of_the_picture(house: Build) -> None:
    home, device, _ = await dome(house)
    await device.do("", PtzBox(25, 25, 75, 75))
    sent = home.sent()
    assert "ptzBase.cgi?action=moveDirectly" in sent[0]
    assert "startPoint[0]=2048" in sent[0]
    assert home.box.device.ptz.position[2] > 1


async def test_the_window_is_told_and_set_in_percent(house: Build) -> None:
    _, device, _ = await dome(house)
    await device.do("", SetView(10, 20, 60, 70))
    answer = await device.do("", GetView())
    assert answer.data == {
        "left": pytest.approx(10, abs=0.02),
        "top": pytest.approx(20, abs=0.02),
        "right": pytest.approx(60, abs=0.02),
        "bottom": pytest.approx(70, abs=0.02),
    }


async def test_presets_are_gone_to_stored_named_and_forgotten(house: Build) -> None:
    home, device, topology = await dome(house)
    assert dict(topology.features[":preset"].labels) == {"1": "Gate", "2": "Road", "7": "Shed"}
    answer = await device.do("", Set("preset", "2"))
    assert told(answer.updates) == {":preset": "2"}
    assert home.box.device.ptz.preset == 2
    await device.do("", GotoPreset("shed"))
    assert home.box.device.ptz.preset == 7
    await device.do("", SavePreset("Pond"))
    assert home.box.device.ptz.presets[3].name == "Pond"
    after = topology_of(await device.read("spots:1"))
    assert after.features[":preset"].labels["3"] == "Pond"
    await device.do("", RemovePreset("Pond"))
    assert 3 not in home.box.device.ptz.presets


async def test_tours_are_made_named_walked_and_stopped(house: Build) -> None:
    home, device, _ = await dome(house)
    head = home.box.device.ptz
    await device.do("", Tour("2", "add", "Gate"))
    await device.do("", Tour("2", "add", "7"))
    await device.do("", Tour("2", "name", name="Night round"))
    assert head.tours[2] == [1, 7]
    topology = topology_of(await device.read("spots:1"))
    assert topology.features[":tour"].labels["2"] == "Night round"
    answer = await device.do("", Set("tour", "2"))
    assert (head.running_tour, told(answer.updates)) == (2, {":tour": "2"})
    answer = await device.do("", Set("tour", "off"))
    assert (head.running_tour, told(answer.updates)) == (None, {":tour": "off"})
    await device.do("", Tour("Night round", "remove", "Gate"))
    assert head.tours[2] == [7]
    await device.do("", Tour("2", "clear"))
    assert 2 not in head.tours


async def test_patterns_scans_and_accessories(house: Build) -> None:
    home, device, _ = await dome(house)
    head = home.box.device.ptz
    await device.do("", Pattern(2, "record"))
    await device.do("", Pattern(2, "save"))
    await device.do("", Pattern(2, "start"))
    assert head.running_pattern == 2
    await device.do("", Pattern(2, "stop"))
    await device.do("", Scan(1, "left_edge"))
    await device.do("", Scan(1, "right_edge"))
    assert set(head.scans[1]) == {"left", "right"}
    await device.do("", Scan(1, "start"))
    assert head.running_scan == 1
    await device.do("", Scan(1, "stop"))
    await device.do("", Aux(run=True, number=3))
    assert head.aux == {3}
    await device.do("", Aux(run=False, number=3))
    assert head.aux == set()
    await device.do("", Aux(run=True, what="wiper"))
    assert commands(home)[-1][:2] == ("start", "Wiper")
    assert head.running_pattern is None


async def test_a_first_command_that_is_refused_says_nothing_of_how_drives_are_counted(
    house: Build,
) -> None:
    home, device, _ = await dome(house)
    home.box.faults.refuse["ptz.start"] = Refusal.BAD_REQUEST
    with pytest.raises(Unsupported):
        await device.do("", GotoPreset("200"))
    del home.box.faults.refuse["ptz.start"]
    await device.do("", PtzMove(pan=1, seconds=1))
    assert home.box.device.ptz.moving == "Continuously"


@pytest.mark.parametrize(
    "command",
    [
        PtzMove(pan=1, seconds=1),
        PtzMove(pan=90, tilt=20, mode=Mode.ABSOLUTE),
        PtzBox(10, 10, 50, 50),
        Tour("1"),
        Pattern(),
        Scan(),
    ],
    ids=lambda one: type(one).__name__,
)
async def test_who_moves_on_is_at_no_preset_any_more(house: Build, command: Command) -> None:
    _, device, topology = await dome(house)
    preset = topology.features[":preset"].options[0]
    await device.do("", Set("preset", preset))
    assert told(await device.read("spots:1"))[":preset"] == preset
    answer = await device.do("", command)
    assert told(answer.updates)[":preset"] is None
    assert told(await device.read("spots:1"))[":preset"] is None


async def test_who_only_focuses_stays_at_its_preset(house: Build) -> None:
    _, device, topology = await dome(house)
    preset = topology.features[":preset"].options[0]
    await device.do("", Set("preset", preset))
    await device.do("", PtzMove(focus=1, seconds=1))
    await device.do("", PtzStop())
    assert told(await device.read("spots:1"))[":preset"] == preset
