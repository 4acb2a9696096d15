"""Moving cameras (§9)."""

import asyncio

import pytest

from custom_components.cctv.devices.commands import (
    GotoPreset,
    Mode,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    Set,
)
from custom_components.cctv.devices.errors import BadInput, NoAnswer
from custom_components.cctv.devices.ispy import client
from tests.devices.clock import FakeClock
from tests.devices.ispy.conftest import Build, do, told
from tests.simulators.ispy import CAMERA


@pytest.mark.parametrize(
    ("move", "sent"),
    [
        (PtzMove(pan=-1), "left"),
        (PtzMove(pan=-1, tilt=1), "up-left"),
        (PtzMove(tilt=0.5), "up"),
        (PtzMove(pan=0.2, tilt=1), "up-right"),
        (PtzMove(pan=1), "right"),
        (PtzMove(pan=1, tilt=-1), "down-right"),
        (PtzMove(tilt=-1), "down"),
        (PtzMove(pan=-1, tilt=-1), "down-left"),
        (PtzMove(zoom=1), "zoom in"),
        (PtzMove(zoom=-1), "zoom out"),
    ],
)
async def test_directions_are_numbers(house: Build, move: PtzMove, sent: str) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.1", move)
    assert home.box.thing(CAMERA, 1).moves == [sent]
    await do(device, "camera.1", PtzStop())
    assert home.box.thing(CAMERA, 1).moves[-1] == "stop"


@pytest.mark.parametrize("move", [PtzMove(), PtzMove(pan=1, zoom=1)])
async def test_what_no_number_says_is_refused(house: Build, move: PtzMove) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await do(device, "camera.1", move)
    assert not home.sent()


async def test_case_28_a_step_ends_with_a_stop(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    camera = home.box.thing(CAMERA, 1)
    step = asyncio.create_task(do(device, "camera.1", PtzMove(pan=1, mode=Mode.STEP)))
    await home.box.until(lambda: camera.moves == ["right"])
    while not step.done():
        await clock.advance(0.1)
    assert camera.moves == ["right", "stop"]


async def test_case_28_a_step_that_is_cancelled_stops_all_the_same(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    camera = home.box.thing(CAMERA, 1)
    step = asyncio.create_task(do(device, "camera.1", PtzMove(tilt=1, mode=Mode.STEP)))
    async with asyncio.timeout(20):
        while not clock.sleepers:
            await clock.advance(0)
    assert camera.moves == ["up"]
    step.cancel()
    await home.box.until(lambda: camera.moves[-1] == "stop")
    with pytest.raises(asyncio.CancelledError):
        await step


async def test_case_28_a_lost_stop_is_sent_again(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    camera = home.box.thing(CAMERA, 1)
    step = asyncio.create_task(do(device, "camera.1", PtzMove(pan=-1, mode=Mode.STEP)))
    await home.box.until(lambda: camera.moves == ["left"])
    home.box.faults.mute.add("changesetting")
    while len(home.told("changesetting")) != 2:
        await clock.advance(0.1)
    home.box.faults.mute.clear()
    await step
    assert camera.moves[-1] == "stop"
    home.box.faults.mute.add("changesetting")
    with pytest.raises(NoAnswer):
        await do(device, "camera.1", PtzStop())


async def test_case_28_the_engine_stops_what_nobody_stops(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    runner = await home.run(clock=clock)
    camera = home.box.thing(CAMERA, 2)
    await runner.do("camera.2", PtzMove(zoom=1, seconds=2))
    async with asyncio.timeout(20):
        while camera.moves[-1] != "stop":
            await clock.advance(0.5)
    assert camera.moves[-1] == "stop"


async def test_case_29_presets_go_by_token_or_by_name(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await do(device, "camera.1", Set("preset", "Steps & path"))
    assert told(answer) == {"camera.1:preset": "Steps & path"}
    await do(device, "camera.1", GotoPreset("token_1"))
    camera = home.box.thing(CAMERA, 1)
    assert camera.moves[-1] == "token_1"
    assert camera.preset == "token_1", "an ONVIF camera wants the token, which no list tells"
    runner = await home.run()
    await runner.do("camera.1", GotoPreset("gate"))
    assert "value=Gate" in home.told("changesetting")[-1]
    assert runner.state.readings["camera.1:preset"].value == "Gate"


async def test_a_drives_own_commands(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    options = device.box.topology.features["camera.3:ptz_command"].options
    answer = await do(device, "camera.3", Set("ptz_command", options[3]))
    assert told(answer) == {"camera.3:ptz_command": options[3]}
    answer = await do(device, "camera.3", GotoPreset(options[4]))
    assert told(answer) == {"camera.3:ptz_command": options[4]}
    assert home.box.thing(CAMERA, 3).moves == [options[3], options[4]]
    assert batch


async def test_the_centre_is_the_home(house: Build) -> None:
    home = await house()
    runner = await home.run()
    await runner.do("camera.2", PtzHome())
    await runner.do("camera.2", Press("ptz_home"))
    assert home.box.thing(CAMERA, 2).moves == ["centre", "centre"]


async def test_a_kinect_is_tilted_by_its_own_commands(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.4", Press("tilt_up"))
    await do(device, "camera.4", Press("tilt_down"))
    assert home.sent() == ["kinect_tilt_up?ot=2&oid=4", "kinect_tilt_down?ot=2&oid=4"]
    for part, key in (("camera.4", "pan_left"), ("camera.1", "tilt_up")):
        with pytest.raises(BadInput):
            await do(device, part, Press(key))
