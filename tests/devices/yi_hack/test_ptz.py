"""Moves (§5.16) and presets (§5.17)."""

from dataclasses import replace

import pytest

from custom_components.cctv.devices.commands import (
    Command,
    GotoPreset,
    Mode,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    RemovePreset,
    SavePreset,
    Set,
)
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.errors import BadInput, DeviceError, Rejected, Unsupported
from custom_components.cctv.devices.model import BOX, PtzAbility, Topology
from tests.simulators.yi_hack import YiHackSimulator

from .conftest import Build, House, told


def moves(home: House) -> list[str]:
    """What was asked of the motor."""
    return [each.partition("?")[2] for each in home.sent() if "ptz.sh" in each]


def presets(home: House) -> list[str]:
    """What was asked about presets."""
    return [each.partition("?")[2] for each in home.sent() if "preset.sh" in each]


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        (PtzMove(pan=-1, mode=Mode.STEP), "dir=left&time=0.3"),
        (PtzMove(pan=1, mode=Mode.STEP, seconds=2.5), "dir=right&time=2.5"),
        (PtzMove(tilt=0.2, mode=Mode.STEP, seconds=0.01), "dir=up&time=0.1"),
        (PtzMove(tilt=-1, mode=Mode.STEP, seconds=60), "dir=down&time=10"),
        (PtzMove(pan=-1, tilt=1, mode=Mode.STEP), "dir=up_left&time=0.3"),
        (PtzMove(pan=1), "action=cont&dir=right"),
        (PtzMove(), "action=cont&dir=stop"),
        (PtzStop(), "action=cont&dir=stop"),
        (PtzMove(pan=180, tilt=45.5, mode=Mode.ABSOLUTE), "action=abs&x=180&y=45.5"),
        (PtzMove(pan=-0.1, tilt=0.5, mode=Mode.RELATIVE), "action=rel&x=-36&y=90"),
    ],
)
async def test_each_way_to_move_has_its_words(house: Build, command: Command, sent: str) -> None:
    """Case 28."""
    home = await house("mstar")
    device, _ = await home.opened()
    await device.do(BOX, command)
    assert moves(home) == [sent]


async def test_the_buttons_of_the_runner_are_steps(house: Build) -> None:
    home = await house("mstar")
    device = home.device()
    assert home.env is not None
    runner = Runner(device, home.env)
    await runner.start()
    try:
        await runner.do(BOX, Set("ptz_step", 1.2))
        for key in ("tilt_up", "tilt_down", "pan_left", "pan_right", "ptz_home"):
            await runner.do(BOX, Press(key))
        await runner.do(BOX, GotoPreset("window"))
        assert runner.state.value(":preset") == "3"
    finally:
        await runner.stop()
    assert moves(home) == [f"dir={way}&time=1.2" for way in ("up", "down", "left", "right")]
    assert presets(home) == ["action=go_preset&num=0", "action=go_preset&num=3"]


@pytest.mark.parametrize(
    "command",
    [
        PtzMove(pan=361, tilt=0, mode=Mode.ABSOLUTE),
        PtzMove(pan=10, tilt=-5, mode=Mode.ABSOLUTE),
        PtzMove(pan=10, tilt=181, mode=Mode.ABSOLUTE),
    ],
)
async def test_no_place_beyond_the_range_is_asked_for(house: Build, command: Command) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert not moves(home)


async def test_the_runner_stops_what_goes_on(house: Build) -> None:
    home = await house("mstar")
    device = home.device()
    assert home.env is not None
    runner = Runner(device, home.env)
    await runner.start()
    try:
        await runner.do(BOX, PtzMove(pan=1, seconds=0.1))
        await home.box.until(lambda: moves(home)[-1:] == ["action=cont&dir=stop"])
        await runner.do(BOX, PtzMove(tilt=1))
    finally:
        await runner.stop()
    assert moves(home)[-1] == "action=cont&dir=stop"


async def test_a_camera_that_stands_still_has_nothing_to_move(house: Build) -> None:
    home = await house("v5")
    device, batch = await home.opened()
    topology = batch[0]
    assert isinstance(topology, Topology)
    assert topology.parts[BOX].ptz is None
    for command in (PtzMove(pan=1), Set("preset", "0"), Press("pan_left")):
        with pytest.raises((Unsupported, BadInput)):
            await device.do(BOX, command)
    assert not home.sent()


# --- presets --------------------------------------------------------------------------------


async def test_presets_are_known_by_slot(house: Build) -> None:
    """Case 29: slots with gaps."""
    home = await house("mstar")
    device, batch = await home.opened()
    topology = batch[0]
    assert isinstance(topology, Topology)
    preset = topology.features[":preset"]
    assert preset.options == ("0", "1", "3")
    assert dict(preset.labels) == {"0": "Home", "1": "Door", "3": "Window"}
    answer = await device.do(BOX, Set("preset", "3"))
    assert told(answer.updates) == {":preset": "3"}
    answer = await device.do(BOX, PtzHome())
    assert told(answer.updates) == {":preset": "0"}
    assert presets(home) == ["action=go_preset&num=3", "action=go_preset&num=0"]
    for odd in ("8", "", "Door", "1&x"):
        with pytest.raises(BadInput):
            await device.do(BOX, Set("preset", odd))


async def test_presets_are_stored_renamed_and_forgotten(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    answer = await device.do(BOX, SavePreset("Garden"))
    topology = answer.updates[0]
    assert isinstance(topology, Topology)
    assert topology.features[":preset"].labels["2"] == "Garden"
    answer = await device.do(BOX, SavePreset("5", "Gate"))
    answer = await device.do(BOX, SavePreset("home"))
    answer = await device.do(BOX, RemovePreset("garden"))
    topology = answer.updates[0]
    assert isinstance(topology, Topology)
    assert dict(topology.features[":preset"].labels) == {
        "0": "Home",
        "1": "Door",
        "3": "Window",
        "5": "Gate",
    }
    assert presets(home) == [
        "action=add_preset&name=Garden",
        "action=add_preset&name=Gate&num=5",
        "action=set_home_position",
        "action=del_preset&num=2",
    ]


async def test_a_refusal_in_broken_words_is_a_refusal(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(Rejected):
        await device.do(BOX, SavePreset("Door"))


@pytest.mark.parametrize("name", ["`reboot`", "a b", "$(id)", "a;b", "", "x" * 21, "ä", "../x"])
async def test_no_name_reaches_the_shell(house: Build, name: str) -> None:
    """Case 32."""
    home = await house("mstar")
    device, _ = await home.opened()
    for command in (SavePreset(name), SavePreset("2", name or "`"), RemovePreset(name)):
        with pytest.raises(BadInput):
            await device.do(BOX, command)
    assert not presets(home)
    assert not home.box.disasters


async def test_the_old_firmware_knows_numbers(house: Build) -> None:
    home = await house("mstar", before=lambda box: setattr(box.faults, "old_presets", True))
    device, _ = await home.opened()
    answer = await device.do(BOX, Set("preset", "3"))
    assert told(answer.updates) == {":preset": "3"}
    assert presets(home) == ["num=3"]
    with pytest.raises(DeviceError):
        await device.do(BOX, SavePreset("Door"))


async def test_the_oldest_firmware_steps_one_axis_after_the_other(house: Build) -> None:
    def movable(box: YiHackSimulator) -> None:
        box.camera.model = replace(box.camera.model, ptz=True, model_suffix="yi_dome")

    home = await house("v5", before=movable)
    device, batch = await home.opened()
    topology = batch[0]
    assert isinstance(topology, Topology)
    assert topology.parts[BOX].ptz == PtzAbility(frozenset({"pan", "tilt"}), frozenset({Mode.STEP}))
    await device.do(BOX, PtzMove(pan=1, tilt=-1, mode=Mode.STEP))
    assert moves(home) == ["dir=right&time=0.3", "dir=down&time=0.3"]
    with pytest.raises(Unsupported):
        await device.do(BOX, SavePreset("5", "Gate"))
