"""Actions at simulated boxes, over real sockets: what was asked for is so in the box."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from tests.simulators.dvro import DvroSimulator
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator

from .boxes import LOGIN, Desk, SetUp, drawn


async def test_a_recorder_makes_a_folder(set_up: SetUp) -> None:
    box = DvroSimulator()
    desk = await set_up("dvro", box, lambda: {"status_port": box.status_port})
    await desk.call("create_directory", device_id=desk.device(), directory="D:\\Dives\\New")
    assert box.recorder.directories[-1] == "D:\\Dives\\New"
    before = len(box.requests)
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call("ptz_home", device_id=desk.device())
    assert caught.value.translation_key == "cannot_do"
    assert not [each for each in box.requests[before:] if not each.startswith("GET")]


async def test_a_recorder_takes_encoder_settings(set_up: SetUp) -> None:
    box = DvroSimulator()
    desk = await set_up("dvro", box, lambda: {"status_port": box.status_port})
    await desk.call(
        "apply_recorder_settings", device_id=desk.device(), smart=False, bitrate=20, frame_rate=25
    )
    assert box.recorder.applied == 1
    taken = box.recorder.settings
    assert (taken["IsSmartEncoding"], taken["FrameRate"]) == (False, 25)


async def test_a_recorder_that_refuses_is_heard(set_up: SetUp) -> None:
    box = DvroSimulator()
    desk = await set_up("dvro", box, lambda: {"status_port": box.status_port})
    with pytest.raises(ServiceValidationError) as refused:
        await desk.call("create_directory", device_id=desk.device(), directory="D:\\a*b?c")
    assert refused.value.translation_key == "bad_input"
    box.faults.failing.add("/api/inspector/createdirectory")
    with pytest.raises(HomeAssistantError, match="Box"):
        await desk.call("create_directory", device_id=desk.device(), directory="D:\\Dives")
    assert box.recorder.directories == []


async def test_a_camera_is_saved_to_a_file_and_restored_from_it(
    hass: HomeAssistant, set_up: SetUp, tmp_path: Path
) -> None:
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    box = YiHackSimulator("mstar", *LOGIN, pictures=drawn)
    desk = await set_up("yi_hack", box, login=LOGIN)
    path = tmp_path / "camera.7z"
    await desk.call("back_up", device_id=desk.device(), filename=str(path))
    assert path.read_bytes().startswith(b"7z")
    kept = box.config["system"]["FREE_SPACE"]
    box.config["system"]["FREE_SPACE"] = "77"
    await desk.call("restore", device_id=desk.device(), filename=str(path), confirm=True)
    assert box.config["system"]["FREE_SPACE"] == kept


async def test_a_camera_shows_and_changes_its_settings(set_up: SetUp) -> None:
    box = YiHackSimulator("mstar", *LOGIN, pictures=drawn)
    desk = await set_up("yi_hack", box, login=LOGIN)
    told = await desk.call("get_config", answer=True, device_id=desk.device(), name="system")
    settings = told["results"][0]["data"]
    (name,) = [each for each in settings if each.endswith("FREE_SPACE")]
    told = await desk.call("set_config", answer=True, device_id=desk.device(), values={name: "33"})
    assert told["results"][0]["data"] == {name: settings[name]}
    assert box.config["system"]["FREE_SPACE"] == "33"
    with pytest.raises(ServiceValidationError) as refused:
        await desk.call("set_config", device_id=desk.device(), values={"system.NONSENSE": "1"})
    assert refused.value.translation_key == "bad_input"


async def test_a_server_lists_and_deletes_what_it_recorded(set_up: SetUp) -> None:
    box = IspySimulator(pictures=drawn)
    for _ in range(3):
        box.add_recording(2, 1)
    desk = await set_up("ispy", box)
    camera = desk.device("camera.1")
    told = await desk.call("list_recordings", answer=True, device_id=camera, limit=2)
    assert len(told["results"][0]["recordings"]) == 2
    assert told["results"][0]["limit_reached"] is True
    listed = await files(desk, camera)
    assert len(listed) >= 3
    await desk.call("delete_recordings", device_id=camera, names=listed[0], confirm=True)
    assert await files(desk, camera) == listed[1:]


async def test_a_servers_camera_moves_as_a_card_asks(set_up: SetUp) -> None:
    box = IspySimulator(pictures=drawn)
    desk = await set_up("ispy", box)
    camera = desk.device("camera.1")
    await desk.call("ptz_move", device_id=camera, direction="left", action="start")
    await desk.call("ptz_move", device_id=camera, direction="left", action="stop")
    asked = [each.target for each in box.wire if each.target.startswith("/changesetting?")]
    assert asked == [
        "/changesetting?ot=2&oid=1&field=ptz&value=ispydir_1",
        "/changesetting?ot=2&oid=1&field=ptz&value=ispydir_11",
    ]


async def files(desk: Desk, camera: str) -> list[str]:
    """Return the names of a camera's files."""
    told = await desk.call("list_table", answer=True, device_id=camera, kind="files")
    return [row["name"] for row in told["results"][0]["rows"]]
