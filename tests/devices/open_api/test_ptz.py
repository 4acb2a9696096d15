"""Cameras that move: every mode, stops, home, stored positions whatever their numbers."""

import pytest

from custom_components.cctv.devices.commands import (
    GotoPreset,
    Mode,
    PtzHome,
    PtzMove,
    PtzStop,
    RemovePreset,
    SavePreset,
    Set,
)
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import BOX, Topology, Value
from custom_components.cctv.devices.open_api.box import Camera
from custom_components.cctv.devices.open_api.moves import Head, ability, arguments
from tests.devices.clock import FakeClock
from tests.simulators.open_api.faults import Said

from .conftest import Build, reads, told, topology_of

EVERYTHING = (
    "move pan tilt zoom rpan rtilt rzoom rfocus riris continuouspantiltmove continuouszoommove "
    "continuousfocusmove continuousirismove"
)


def head(commands: str = EVERYTHING, **limits: float) -> Head:
    """A drive that knows these commands."""
    known = {word.lower(): word for word in commands.split()}
    return Head(Camera(1, BOX, alone=True), known, limits=limits)


# --- moves as arguments -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (PtzMove(pan=1, speed=0.5), [("continuouspantiltmove", "50,0")]),
        (PtzMove(pan=-1, tilt=0.5, speed=1), [("continuouspantiltmove", "-100,50")]),
        (PtzMove(pan=0.001, speed=0.01), [("continuouspantiltmove", "1,0")]),
        (PtzMove(zoom=-1, speed=0.2), [("continuouszoommove", "-20")]),
        (
            PtzMove(focus=1, iris=-1, speed=1),
            [("continuousfocusmove", "100"), ("continuousirismove", "-100")],
        ),
        (PtzMove(pan=1, tilt=1, mode=Mode.STEP), [("move", "upright"), ("speed", "50")]),
        (PtzMove(tilt=-1, mode=Mode.STEP, speed=1), [("move", "down"), ("speed", "100")]),
        (PtzMove(zoom=1, mode=Mode.STEP, speed=0), [("rzoom", "100"), ("speed", "1")]),
        (PtzMove(pan=0.5, mode=Mode.RELATIVE), [("rpan", "180"), ("speed", "50")]),
        (PtzMove(zoom=-0.5, mode=Mode.RELATIVE), [("rzoom", "-5000"), ("speed", "50")]),
        (
            PtzMove(pan=30, tilt=-12.5, mode=Mode.ABSOLUTE),
            [("pan", "30"), ("tilt", "-12.5"), ("speed", "50")],
        ),
        (PtzMove(zoom=2000, mode=Mode.ABSOLUTE), [("zoom", "2000"), ("speed", "50")]),
        (
            PtzMove(mode=Mode.ABSOLUTE),
            [("pan", "0"), ("tilt", "0"), ("speed", "50")],
        ),
    ],
)
def test_a_move_is_said_in_the_units_words(command: PtzMove, wanted: list[tuple[str, str]]) -> None:
    assert [*arguments(head(), command)] == wanted


def test_a_relative_move_counts_in_the_range_of_the_drive() -> None:
    drive = head(minpan=-100, maxpan=100)
    (first, _) = arguments(drive, PtzMove(pan=0.5, mode=Mode.RELATIVE))
    assert first == ("rpan", "100")


@pytest.mark.parametrize(
    "command",
    [
        PtzMove(),
        PtzMove(mode=Mode.STEP),
        PtzMove(mode=Mode.RELATIVE),
        PtzMove(pan=181, mode=Mode.ABSOLUTE),
        PtzMove(zoom=10_000, mode=Mode.ABSOLUTE),
        PtzMove(focus=1, mode=Mode.ABSOLUTE),
    ],
)
def test_a_move_that_goes_nowhere_is_refused(command: PtzMove) -> None:
    with pytest.raises(BadInput):
        arguments(head(), command)


def test_what_a_drive_knows_decides_what_it_can() -> None:
    able = ability(head("move rzoom"))
    assert able.axes == {"pan", "tilt", "zoom"}
    assert able.modes == {Mode.STEP, Mode.RELATIVE}
    with pytest.raises(BadInput):
        arguments(head("move rzoom"), PtzMove(pan=1))


# --- on the wire ------------------------------------------------------------------------------


@pytest.mark.parametrize("says", [Said.NO_CONTENT, Said.EMPTY])
async def test_a_continuous_move_goes_on_until_it_is_stopped(house: Build, says: Said) -> None:
    """Case 28."""
    home = await house(faults={"ptz_says": says})
    device, _ = await home.opened()
    await device.do(BOX, PtzMove(pan=1, zoom=1, speed=1))
    assert home.box.heads[0].moving
    await device.do(BOX, PtzStop())
    assert not home.box.heads[0].moving
    assert home.box.heads[0].position["pan"] > 0


async def test_a_move_that_nobody_stops_is_stopped_by_the_runner(house: Build) -> None:
    """Case 28: also when the viewer has gone."""
    home = await house()
    clock = FakeClock()
    runner = await home.runs(clock=clock)
    await runner.do(BOX, PtzMove(tilt=1, seconds=2))
    assert home.box.heads[0].moving
    await clock.advance(2.5)
    await home.box.until(lambda: not home.box.heads[0].moving)


async def test_a_move_under_way_is_stopped_when_we_leave(house: Build) -> None:
    home = await house()
    runner = await home.runs()
    await runner.do(BOX, PtzMove(pan=-1))
    await runner.stop()
    assert not home.box.heads[0].moving


@pytest.mark.parametrize("steps", [False, True])
async def test_an_absolute_move_arrives_also_where_degrees_are_taken_for_steps(
    house: Build, steps: bool
) -> None:
    """§3.1, F: some units read pan and tilt as signed steps; looking tells."""
    home = await house(faults={"pan_is_step": steps})
    device, _ = await home.opened()
    for pan, tilt in ((40, 20), (-30, 5), (-30, 5), (10, 45)):
        await device.do(BOX, PtzMove(pan=pan, tilt=tilt, mode=Mode.ABSOLUTE))
        batch = told(await device.read("position"))
        assert (batch[":pan"], batch[":tilt"]) == (pan, tilt)
    await device.do(BOX, PtzMove(zoom=500, mode=Mode.ABSOLUTE))
    batch = told(await device.read("position"))
    assert (batch[":pan"], batch[":tilt"], batch[":zoom_position"]) == (10, 45, 500)


async def test_steps_relative_moves_and_home(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do(BOX, PtzMove(pan=1, tilt=1, mode=Mode.STEP))
    assert told(await device.read("position"))[":pan"] == 5
    await device.do(BOX, PtzMove(pan=-0.1, mode=Mode.RELATIVE))
    assert told(await device.read("position"))[":pan"] == 5 - 34
    await device.do(BOX, PtzHome())
    assert told(await device.read("position"))[":pan"] == 0


async def test_a_servers_cameras_move_each_on_its_own(house: Build) -> None:
    home = await house("server4")
    if not home.box.heads:
        pytest.skip("this server moves nothing")
    device, _ = await home.opened()
    await device.do("camera.2", PtzMove(pan=20, tilt=10, mode=Mode.ABSOLUTE))
    positions = [each.position["pan"] for each in home.box.heads]
    assert positions == [0, 20, 0, 0]


async def test_what_is_not_listed_is_absent(house: Build) -> None:
    """Autofocus and autoiris only where the drive's own list has them."""
    home = await house()
    home.box.faults.bodies["/ptz.cgi"] = b"Available commands\nmove=[n]\nrzoom=[n]\n"
    device, batch = await home.opened()
    features = topology_of(batch).features
    assert not {":autofocus", ":autoiris", ":pan"} & set(features)
    ptz = topology_of(batch).parts[BOX].ptz
    assert ptz is not None
    assert ptz.modes == {Mode.STEP, Mode.RELATIVE}
    assert device is not None


async def test_a_unit_that_says_error_does_not_move(house: Build) -> None:
    home = await house()
    home.box.faults.bodies["/ptz.cgi"] = b"Error:no PTZ"
    device, batch = await home.opened()
    assert topology_of(batch).parts[BOX].ptz is None
    with pytest.raises(Unsupported):
        await device.do(BOX, PtzHome())


@pytest.mark.parametrize("personality", ["seed", "3s"])
async def test_autofocus_is_switched_in_the_units_own_spelling(
    house: Build, personality: str
) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    await device.do(BOX, Set("autofocus", value=False))
    assert home.box.heads[0].switches["autofocus"] == "off"
    assert told(await device.read("position"))[":autofocus"] is False


# --- stored positions -------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["seed", "3s", "vapix"])
async def test_a_position_is_gone_to_by_name_whatever_its_number(
    house: Build, personality: str
) -> None:
    """Case 29: base 0 or 1."""
    home = await house(personality)
    device, batch = await home.opened()
    feature = topology_of(batch).features[":preset"]
    assert sorted(feature.labels.values()) == ["Gate", "Home", "Yard"]
    for token, name in feature.labels.items():
        answer = await device.do(BOX, Set("preset", token))
        assert answer.updates == (Value(":preset", token),)
        preset = next(each for each in home.box.heads[0].presets.values() if each.name == name)
        assert home.box.heads[0].position["pan"] == preset.pan
    await device.do(BOX, GotoPreset("gate"))
    assert home.box.heads[0].position["pan"] == 51.2891
    await device.do(BOX, PtzMove(pan=1, mode=Mode.STEP))
    assert told(await device.read("presets"))[":preset"] is None


async def test_that_positions_count_from_nought_is_remembered(house: Build) -> None:
    home = await house("3s")
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    assert device.unit.heads[BOX].base == 0
    again, _ = await home.opened(memory=memory)
    assert again.unit.heads[BOX].base == 0


async def test_a_position_without_a_name_of_its_own_is_gone_to_by_number(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for preset in home.box.heads[0].presets.values():
        preset.name = "Same"
    await device.read("presets")
    await device.do(BOX, Set("preset", "3"))
    assert home.box.heads[0].position["pan"] == -90
    assert home.sent()[-1] == "/ptz.cgi?gotoserverpresetno=3"


@pytest.mark.parametrize("personality", ["seed", "3s", "vapix"])
async def test_a_position_is_stored_and_forgotten(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    await device.do(BOX, PtzMove(pan=12, tilt=3, mode=Mode.ABSOLUTE))
    answer = await device.do(BOX, SavePreset("Pond"))
    topology = next(each for each in answer.updates if isinstance(each, Topology))
    assert "Pond" in topology.features[":preset"].labels.values()
    await device.do(BOX, PtzHome())
    await device.do(BOX, GotoPreset("Pond"))
    assert home.box.heads[0].position["pan"] == 12
    answer = await device.do(BOX, RemovePreset("Pond"))
    topology = next(each for each in answer.updates if isinstance(each, Topology))
    assert "Pond" not in topology.features[":preset"].labels.values()


async def test_positions_are_read_out_of_the_parameters_where_no_query_tells(
    house: Build,
) -> None:
    """A dialect lists them there, with more after a tilde (§1.1, F)."""
    home = await house("3s")
    device, _ = await home.opened()
    device.unit.box.tables["PTZ"] = {
        "PTZ.PresetPos.P0": "Home~0~0",
        "PTZ.PresetPos.P12": "Far gate~1",
        "PTZ.PresetPos.P13": "~",
        "PTZ.Preset.P0.Position.P4.Name": "Roof",
        "PTZ.Preset.P1.Position.P5.Name": "another camera's",
        "PTZ.NbrOfCameras": "1",
    }
    for what in ("presetposcam", "presetposall"):
        device.unit.box.verdicts.put(f"ptz:1:{what}", verdict=False)
    from custom_components.cctv.devices.open_api import presets  # noqa: PLC0415

    await presets.load(device.unit.box, device.unit.heads[BOX])
    assert device.unit.heads[BOX].presets == {0: "Home", 4: "Roof", 12: "Far gate"}


@pytest.mark.parametrize("bad", ["", 'a"b', "a<b", "x" * 32, "a:b", "a~b", "a\nb"])
async def test_a_name_that_a_unit_does_not_take_is_not_sent(house: Build, bad: str) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, SavePreset(bad))
    with pytest.raises(BadInput):
        await device.do(BOX, GotoPreset("nowhere"))
    with pytest.raises(BadInput):
        await device.do(BOX, RemovePreset("nowhere"))
    assert home.sent() == []


async def test_a_refusal_of_the_drive_is_told_in_its_own_words(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/ptz.cgi"] = b"Error:motor is hot\r\n"
    with pytest.raises(Rejected, match="motor is hot"):
        await device.do(BOX, PtzMove(pan=1))


async def test_where_it_looks_is_told(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.heads[0].go(pan=-12.5, tilt=30, zoom=77)
    await reads(device, "position", ":pan", -12.5)
    assert told(await device.read("position"))[":zoom_position"] == 77


async def test_the_menu_of_a_dome_is_walked_through_where_there_is_one(house: Build) -> None:
    """§3.2."""
    home = await house("server4")
    device, batch = await home.opened()
    features = topology_of(batch).features
    part = next((each.part for each in features.values() if each.key == "ptz_command"), None)
    if part is None:
        home.box.faults.bodies["/configptz.cgi"] = b"Available commands\nosdmenu=[open|close]\n"
        device, batch = await home.opened()
        del home.box.faults.bodies["/configptz.cgi"]
        features = topology_of(batch).features
        part = next(each.part for each in features.values() if each.key == "ptz_command")
    await device.do(part, Set("ptz_command", "open"))
    assert any(each.startswith("/configptz.cgi") and "osdmenu=open" in each for each in home.sent())
