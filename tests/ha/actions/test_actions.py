"""Actions are done: by one device or many, with an answer or without, and with what went wrong."""

import asyncio
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.cctv.devices import commands as c
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import BOX, Answer
from tests.devices.clock import FakeClock
from tests.ha.steps import pass_time

from .boxes import Desk
from .conftest import Obliging


async def failed(desk: Desk, name: str, /, **data: Any) -> HomeAssistantError:
    """Call what must fail."""
    with pytest.raises(HomeAssistantError) as caught:
        await desk.call(name, **data)
    return caught.value


async def test_a_command_arrives_with_all_that_was_said(desk: Desk, device: Obliging) -> None:
    await desk.call("say", device_id=desk.device(BOX), text="Go away", volume=80)
    assert device.done == [(BOX, c.Say("Go away", volume=80))]


async def test_many_are_done_at_once(desk: Desk, device: Obliging, clock: FakeClock) -> None:
    device.gates["do"] = asyncio.Event()
    call = asyncio.ensure_future(
        desk.call(
            "record_for", device_id=[desk.device("camera.1"), desk.device("camera.2")], seconds=5
        )
    )
    await clock.advance(0.1)
    assert len(device.done) == 2
    assert not call.done()
    device.gates["do"].set()
    await call


async def test_what_was_done_is_answered(desk: Desk, device: Obliging) -> None:
    device.answers[c.SetConfig] = Answer(data={"Motion.Enable": "0"})
    asked: dict[str, Any] = {"device_id": desk.device("camera.1"), "values": {"Motion.Enable": "1"}}
    assert await desk.call("set_config", **asked) is None
    told = await desk.call("set_config", answer=True, **asked)
    assert told == {
        "results": [
            {
                "target": "Cellar",
                "device_id": desk.device(BOX),
                "part": BOX,
                "done": True,
                "data": {"Motion.Enable": "0"},
            }
        ]
    }
    assert device.done == 2 * [(BOX, c.SetConfig({"Motion.Enable": "1"}))]


async def test_reading_settings_is_for_the_answer(desk: Desk, device: Obliging) -> None:
    device.answers[c.GetConfig] = Answer(data={"Name": "Door"})
    with pytest.raises(ServiceValidationError):
        await desk.call("get_config", device_id=desk.device(BOX), name="General")
    told = await desk.call("get_config", answer=True, device_id=desk.device(BOX), name="General")
    assert told["results"][0]["data"] == {"Name": "Door"}


async def test_an_answer_without_data_says_that_it_was_done(desk: Desk, device: Obliging) -> None:
    told = await desk.call("ptz_home", answer=True, device_id=desk.device("camera.1"))
    (result,) = told["results"]
    assert (result["target"], result["part"], result["done"]) == ("Cellar Door", "camera.1", True)
    assert "data" not in result


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (BadInput("no such preset"), ServiceValidationError),
        (Unsupported("no dome"), ServiceValidationError),
        (Forbidden("ask the owner"), ServiceValidationError),
        (Rejected("not now"), HomeAssistantError),
        (Busy("later"), HomeAssistantError),
        (CannotConnect("refused"), HomeAssistantError),
        (InvalidAuth("wrong password"), HomeAssistantError),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
async def test_a_device_that_refuses_is_an_error_in_words(
    desk: Desk, device: Obliging, error: DeviceError, kind: type[HomeAssistantError]
) -> None:
    device.refusals["camera.1"] = error
    caught = await failed(desk, "record_for", device_id=desk.device("camera.1"))
    assert type(caught) is kind
    assert caught.translation_key == error.key
    assert "Cellar" in str(caught)


async def test_one_that_fails_does_not_keep_the_other_from_it(desk: Desk, device: Obliging) -> None:
    both = [desk.device("camera.1"), desk.device("camera.2")]
    device.refusals["camera.1"] = Busy("one at a time")
    caught = await failed(desk, "record_for", device_id=both)
    assert [part for part, _ in device.done] == ["camera.2"]
    assert caught.translation_key == "not_everywhere"
    assert type(caught) is HomeAssistantError
    assert "1 of 2" in str(caught)
    assert "Cellar Door: Cellar is busy" in str(caught)

    told = await desk.call("record_for", answer=True, device_id=both)
    door, yard = sorted(told["results"], key=lambda result: str(result["part"]))
    assert (door["done"], yard["done"]) == (False, True)
    assert "busy" in door["error"]


async def test_when_all_fail_even_an_answer_is_an_error(desk: Desk, device: Obliging) -> None:
    device.refusals |= {"camera.1": BadInput("why"), "camera.2": Unsupported("no")}
    caught = await failed(
        desk,
        "record_for",
        answer=True,
        device_id=[desk.device("camera.1"), desk.device("camera.2")],
    )
    assert type(caught) is ServiceValidationError
    assert "2 of 2" in str(caught)


async def test_a_device_that_does_not_answer_is_named(desk: Desk, device: Obliging) -> None:
    device.offline(CannotConnect("no route"))
    caught = await failed(desk, "ptz_home", device_id=desk.device("camera.1"))
    assert caught.translation_key == "cannot_connect"


async def test_a_fault_of_ours_is_not_taken_for_the_devices(desk: Desk, device: Obliging) -> None:
    device.refusals["camera.1"] = RuntimeError("a bug")
    with pytest.raises(ExceptionGroup) as caught:
        await desk.call("ptz_home", device_id=desk.device("camera.1"))
    assert caught.group_contains(RuntimeError, match="a bug")


async def test_a_password_stays_between_us(
    desk: Desk, device: Obliging, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="custom_components.cctv")
    device.refusals[BOX] = Rejected("too short")
    caplog.clear()
    caught = await failed(
        desk, "add_user", device_id=desk.device(BOX), user="eve", password="pw-2b-hidden"
    )
    ours = [record for record in caplog.records if record.name.startswith("custom_components")]
    assert "pw-2b-hidden" not in f"{caught!r} {caught} {caught.translation_placeholders}"
    assert not any("pw-2b-hidden" in record.getMessage() for record in ours)


# --- as camera cards say it -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "command"),
    [
        ({"pan": 0.5, "tilt": -1, "speed": 0.2}, c.PtzMove(pan=0.5, tilt=-1, speed=0.2)),
        ({"direction": "left", "action": "start"}, c.PtzMove(pan=-1)),
        ({"direction": "right", "action": "start", "speed": 1}, c.PtzMove(pan=1, speed=1)),
        ({"direction": "up", "action": "start", "seconds": 2}, c.PtzMove(tilt=1, seconds=2)),
        ({"direction": "down", "action": "start"}, c.PtzMove(tilt=-1)),
        ({"direction": "zoom_in", "action": "start"}, c.PtzMove(zoom=1)),
        ({"direction": "zoom_out", "action": "start"}, c.PtzMove(zoom=-1)),
        ({"direction": "left", "action": "stop"}, c.PtzStop()),
        ({"direction": "stop"}, c.PtzStop()),
        ({"action": "stop"}, c.PtzStop()),
        ({"direction": "home"}, c.PtzHome()),
    ],
)
async def test_a_card_moves_the_camera(
    desk: Desk, device: Obliging, data: dict[str, Any], command: c.Command
) -> None:
    await desk.call("ptz_move", entity_id=desk.entity("camera.1:main"), **data)
    assert device.done[0] == ("camera.1", command)


@pytest.mark.parametrize("asked", [{"direction": "left"}, {"direction": "left", "action": "step"}])
async def test_a_step_is_what_the_cameras_button_does(
    desk: Desk, device: Obliging, asked: dict[str, Any]
) -> None:
    await desk.call("ptz_move", entity_id=desk.entity("camera.1:main"), **asked)
    ((part, command),) = device.done
    assert part == "camera.1"
    assert isinstance(command, c.PtzMove)
    assert (command.pan, command.mode) == (-1, c.Mode.STEP)


async def test_whatever_can_move_can_be_stopped(desk: Desk, device: Obliging) -> None:
    await desk.call("ptz_stop", device_id=desk.device("camera.2"))
    assert device.done == [("camera.2", c.PtzStop())]


async def test_a_move_that_nobody_stops_is_stopped(
    hass: HomeAssistant, desk: Desk, device: Obliging, clock: FakeClock
) -> None:
    await desk.call(
        "ptz_move", entity_id=desk.entity("camera.1:main"), direction="left", action="start"
    )
    await pass_time(hass, clock, 60)
    assert ("camera.1", c.PtzStop()) in device.done


async def test_a_way_that_the_camera_has_not_is_refused(desk: Desk, device: Obliging) -> None:
    caught = await failed(
        desk, "ptz_move", entity_id=desk.entity("camera.1:main"), iris=1, mode="continuous"
    )
    assert caught.translation_key == "bad_input"
    assert device.done == []
