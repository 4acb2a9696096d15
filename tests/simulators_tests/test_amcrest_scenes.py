"""What can be done in front of an Amcrest simulator from outside, and cameras that come and go."""

from collections.abc import Mapping

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.camera_states import CameraStates
from tests.simulators.amcrest.answers.counting import Counters
from tests.simulators.amcrest.answers.doors import Doors
from tests.simulators.amcrest.answers.parking import Spaces
from tests.simulators.amcrest.heat import Thermal
from tests.simulators.control import BadPayload
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import Raw, cgi, login

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def do(box: AmcrestSimulator, verb: str, payload: Mapping[str, object]) -> object:
    return await box.verbs()[verb](dict(payload))


async def test_people_ring_swipe_and_push(start: Start) -> None:
    assert await do(await start("vto"), "ring", {}) == {"call": 1}
    box = await start("terminal")
    assert await do(box, "swipe", {"card": "03A1B2C4", "door": 1}) == {"let_in": True}
    assert box.device.of(Doors).is_unlocked(1)
    assert await do(box, "door", {"open": True}) == {"state": "Open"}
    assert await do(box, "door", {"open": False}) == {"state": "Close"}


async def test_people_walk_cars_park_and_machines_get_hot(start: Start) -> None:
    box = await start("counter")
    assert await do(box, "walk", {"entered": 2, "exited": 1}) == {"inside": 3}
    assert len(box.device.of(Counters).counters[0][0].entered) == 32
    box = await start("traffic")
    await do(box, "park", {"lane": 3, "plate": "S-UV 8"})
    await do(box, "park", {"lane": 0})
    assert [each.plate for each in box.device.of(Spaces).spaces] == [None, None, None, "S-UV 8"]
    await do(box, "drive_by", {"plate": "S-UV 8"})
    assert box.device.events.sent[-1].code == "TrafficJunction"
    box = await start("thermal")
    await do(box, "heat", {"rule": 7, "low": 30, "high": 90})
    assert ("HeatImagingTemper", 1) in box.device.events.active
    assert box.device.of(Thermal).rules[2].high == 90
    with pytest.raises(BadPayload, match="no such rule"):
        await do(box, "heat", {"rule": 3})


@pytest.mark.parametrize("verb", ["ring", "swipe", "door", "walk", "park", "drive_by", "heat"])
async def test_what_a_model_has_not_got_cannot_happen(start: Start, verb: str) -> None:
    with pytest.raises(BadPayload, match="this model has no"):
        await do(await start("ipc"), verb, {})


async def test_cameras_of_a_recorder_come_and_go(start: Start) -> None:
    box = await start("nvr")
    target = (
        "/cgi-bin/LogicDeviceManager.cgi?action=attachCameraState&uniqueChannels[0]=-1&heartbeat=60"
    )
    header = await login(box, target)
    async with await Raw.connect(box) as raw:
        raw.send(target, header)
        await raw.head()
        await box.until(lambda: box.device.of(CameraStates).parts.listeners)
        box.set_camera_state(2, "Unconnect")
        await raw.exactly(
            b"--myboundary\r\nContent-Type: text/plain\r\nContent-Length:58\r\n\r\n"
            b"states[0].channel=2\r\nstates[0].connectionState=Unconnect\r\n\r\n\r\n"
        )
    rest = target.removeprefix("/cgi-bin/")
    assert (await cgi(await start("ipc"), rest)).status == 400


async def test_a_floodlight_has_tables_without_a_channel(start: Start) -> None:
    box = await start("floodlight")
    for table, line in (
        ("FloodLightMode", "table.FloodLightMode.Mode=1"),
        ("DisableLinkage", "table.DisableLinkage.Enable=false"),
        ("PirAlarm", "table.PirAlarm.Enable=true"),
    ):
        answer = await cgi(box, f"configManager.cgi?action=getConfig&name={table}")
        assert line in answer.lines
    change = "configManager.cgi?action=setConfig&DisableLinkage[0].Enable=true"
    assert (await cgi(box, change)).status == 500, "try indexed, then plain (§7.4)"
    assert (await cgi(box, change.replace("[0]", ""))).body == b"OK\r\n"
