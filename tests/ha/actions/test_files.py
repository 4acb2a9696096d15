"""Files go in and out where Home Assistant may go, and never over another one."""

import asyncio
from errno import ENOSPC
import os
from pathlib import Path
import stat

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.cctv import action_files
from custom_components.cctv.devices import commands as c
from custom_components.cctv.devices.errors import Gone, NoAnswer
from custom_components.cctv.devices.model import BOX, Answer

from .boxes import Desk
from .conftest import Obliging


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may use, beside a secret one."""
    folder = tmp_path / "media"
    folder.mkdir()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "keys").write_bytes(b"keys")
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


@pytest.fixture
def backup(device: Obliging) -> Obliging:
    """Return a device with a backup in three pieces."""
    device.answers[c.BackUp] = Answer(ref="backup")
    device.files["backup"] = [b"one", b"two", b"three"]
    return device


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def save(desk: Desk, path: Path | str) -> HomeAssistantError:
    """Have a backup saved where that must fail."""
    with pytest.raises(HomeAssistantError) as caught:
        await desk.call("back_up", device_id=desk.device(BOX), filename=str(path))
    return caught.value


async def load(desk: Desk, path: Path | str) -> HomeAssistantError:
    """Have settings restored from what must not be read."""
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call("restore", device_id=desk.device(BOX), filename=str(path), confirm=True)
    return caught.value


# --- out --------------------------------------------------------------------------------------


async def test_a_backup_becomes_a_file(desk: Desk, backup: Obliging, media: Path) -> None:
    path = media / "cellar.bin"
    told = await desk.call("back_up", answer=True, device_id=desk.device(BOX), filename=str(path))
    assert path.read_bytes() == b"onetwothree"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert told["results"][0]["file"] == str(path)
    assert names(media) == ["cellar.bin"]
    assert backup.open_files == 0


async def test_no_file_is_overwritten(desk: Desk, backup: Obliging, media: Path) -> None:
    path = media / "cellar.bin"
    path.write_bytes(b"precious")
    assert (await save(desk, path)).translation_key == "file_exists"
    (media / "link").symlink_to(media / "nowhere")
    assert (await save(desk, media / "link")).translation_key == "file_exists"
    assert path.read_bytes() == b"precious"
    assert backup.done == []


async def test_a_file_that_appears_meanwhile_is_not_overwritten(
    desk: Desk, backup: Obliging, media: Path
) -> None:
    path = media / "cellar.bin"
    backup.gates["do"] = asyncio.Event()
    call = asyncio.ensure_future(save(desk, path))
    await backup.asked.wait()
    path.write_bytes(b"precious")
    backup.gates["do"].set()
    assert (await call).translation_key == "file_exists"
    assert path.read_bytes() == b"precious"
    assert names(media) == ["cellar.bin"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret/new",
        "../new",
        "deeper/../../secret/new",
        "./../media/../secret/new",
        "way/new",
        "..",
    ],
)
async def test_nothing_is_written_elsewhere(
    desk: Desk, backup: Obliging, media: Path, name: str
) -> None:
    (media / "deeper").mkdir()
    (media / "way").symlink_to(media.parent / "secret")
    error = await save(desk, f"{media}/{name}")
    assert error.translation_key == "path_not_allowed"
    assert names(media.parent / "secret") == ["keys"]
    assert backup.done == []


async def test_the_folder_has_to_be_there(desk: Desk, backup: Obliging, media: Path) -> None:
    error = await save(desk, media / "nowhere" / "new")
    assert error.translation_key == "file_failed"
    assert backup.done == []


@pytest.mark.parametrize(
    ("error", "key"), [(NoAnswer("hung"), "no_answer"), (OSError(ENOSPC, "full"), "file_failed")]
)
async def test_what_breaks_off_leaves_nothing(
    desk: Desk, backup: Obliging, media: Path, error: Exception, key: str
) -> None:
    backup.files["backup"] = [b"one", error]
    assert (await save(desk, media / "new")).translation_key == key
    assert names(media) == []
    assert backup.open_files == 0


async def test_a_folder_that_cannot_be_written_says_so(
    hass: HomeAssistant, desk: Desk, backup: Obliging, media: Path
) -> None:
    name = "n" * 250  # Itself short enough, but not with what is added while it is written.
    assert (await save(desk, media / name)).translation_key == "file_failed"
    assert names(media) == []
    assert backup.open_files == 0


async def test_what_cannot_be_put_in_its_place_leaves_nothing(
    desk: Desk, backup: Obliging, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(ENOSPC, "full")

    monkeypatch.setattr(Path, "replace", refuse)
    assert (await save(desk, media / "new")).translation_key == "file_failed"
    assert names(media) == []


async def test_a_file_without_end_is_left_off(
    desk: Desk, backup: Obliging, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_files, "WRITE_MOST", 5)
    assert (await save(desk, media / "new")).translation_key == "file_too_large"
    assert names(media) == []
    assert backup.open_files == 0


async def test_a_caller_who_leaves_leaves_nothing(
    desk: Desk, backup: Obliging, media: Path
) -> None:
    backup.files["backup"] = [b"one", asyncio.Event()]
    call = asyncio.ensure_future(
        desk.call("back_up", device_id=desk.device(BOX), filename=str(media / "new"))
    )
    await backup.waits.wait()
    assert backup.open_files == 1
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert names(media) == []
    assert backup.open_files == 0


async def test_a_device_that_brings_no_file(desk: Desk, device: Obliging, media: Path) -> None:
    assert (await save(desk, media / "new")).translation_key == "no_file"
    device.answers[c.BackUp] = Answer(ref="gone")
    assert (await save(desk, media / "new")).translation_key == Gone.key
    assert names(media) == []


async def test_one_file_is_for_one_device(desk: Desk, backup: Obliging, media: Path) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call(
            "back_up",
            device_id=[desk.device(BOX), desk.device("camera.2")],
            filename=str(media / "new"),
        )
    assert caught.value.translation_key == "one_file_one_target"
    assert backup.done == []


# --- in ---------------------------------------------------------------------------------------


async def test_a_file_is_handed_to_the_device(desk: Desk, device: Obliging, media: Path) -> None:
    (media / "firmware.bin").write_bytes(b"\x00firmware")
    await desk.call(
        "upgrade", device_id=desk.device(BOX), filename=f"{media}/firmware.bin", confirm=True
    )
    assert device.done == [(BOX, c.Upgrade(b"\x00firmware"))]


@pytest.mark.parametrize(
    "name", ["../secret/keys", "deeper/../../secret/keys", "way/keys", "key", "../nothing"]
)
async def test_nothing_is_read_from_elsewhere(
    desk: Desk, device: Obliging, media: Path, name: str
) -> None:
    (media / "deeper").mkdir()
    (media / "way").symlink_to(media.parent / "secret")
    (media / "key").symlink_to(media.parent / "secret" / "keys")
    assert (await load(desk, f"{media}/{name}")).translation_key == "path_not_allowed"
    assert device.done == []


async def test_what_is_no_file_is_not_read(desk: Desk, device: Obliging, media: Path) -> None:
    os.mkfifo(media / "pipe")
    for name in ("nothing", "pipe", "."):
        error = await load(desk, f"{media}/{name}")
        assert error.translation_key == "file_failed", name
    assert device.done == []


async def test_a_file_that_is_too_large_is_not_read(
    desk: Desk, device: Obliging, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_files, "READ_MOST", 3)
    (media / "small").write_bytes(b"123")
    (media / "large").write_bytes(b"1234")
    assert (await load(desk, media / "large")).translation_key == "file_too_large"
    assert device.done == []
    await desk.call(
        "restore", device_id=desk.device(BOX), filename=str(media / "small"), confirm=True
    )
    assert device.done == [(BOX, c.Restore(b"123"))]
