"""Actions at simulated boxes, over real sockets: what was asked for is so in the box."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import (
    CONF_ANCHOR,
    CONF_FAMILY,
    CONF_FAMILY_OPTIONS,
    CONF_IDENTITIES,
    CONF_LEFT_OUT,
    DOMAIN,
)
from custom_components.cctv.devices.model import BOX
from tests.simulators.dvro import DvroSimulator
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator

from .conftest import Desk

LOGIN: Final = ("root", "p@ss:w/rd#")


@dataclass
class BoxDesk(Desk):
    """The desk of a Home Assistant with a simulated box set up."""

    def device(self, part: str = BOX) -> str:
        """Return the device of a part in the registry."""
        found: str | None = self.entry.runtime_data.device_id(part)
        assert found is not None, part
        return found


def picture(scene: str, number: int) -> bytes:
    """Return something that begins and ends like a JPEG."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


def drawn(scene: str, number: int, size: tuple[int, int]) -> bytes:
    """Return such a picture, of whatever size."""
    return picture(f"{scene} {size}", number)


type SetUp = Callable[..., Coroutine[Any, Any, BoxDesk]]


@pytest.fixture
async def set_up(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[SetUp]:
    """Return what sets a simulated box up; at the end all is closed."""
    boxes: list[Any] = []
    entries: list[MockConfigEntry] = []

    async def begin(
        family: str,
        box: Any,
        options: Callable[[], Mapping[str, Any]] = dict,
        login: tuple[str, str] = ("", ""),
    ) -> BoxDesk:
        await box.start()
        boxes.append(box)
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Box",
            data={
                CONF_FAMILY: family,
                CONF_URL: box.url,
                CONF_USERNAME: login[0],
                CONF_PASSWORD: login[1],
                CONF_ANCHOR: None,
                CONF_IDENTITIES: [],
            },
            options={
                CONF_VERIFY_SSL: True,
                CONF_LEFT_OUT: {},
                CONF_FAMILY_OPTIONS: dict(options()),
            },
        )
        entry.add_to_hass(hass)
        entries.append(entry)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return BoxDesk(hass, entry)

    yield begin
    for entry in entries:
        if entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(entry.entry_id)
    for box in boxes:
        await box.stop()


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
