"""Files that actions read and write: only where Home Assistant may, never over another one."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from io import BufferedWriter
import os
from pathlib import Path
from secrets import token_hex
from stat import S_ISREG
from typing import Final

from homeassistant.core import HomeAssistant

from .action_targets import refused
from .devices.model import Content

READ_MOST: Final = 256 << 20  # bytes
WRITE_MOST: Final = 1 << 30  # bytes
NAME_MOST: Final = 200  # characters

type Last = Callable[[int], tuple[int, bytes] | None]
"""From how long a file is: what belongs into it, and where."""


async def async_read(hass: HomeAssistant, filename: str) -> bytes:
    """Return what is in a file that may be read, if it is not too large."""
    return await hass.async_add_executor_job(_read, hass, filename)


async def async_free(hass: HomeAssistant, filename: str) -> Path:
    """Return where a new file may be written; nothing is written yet."""
    return await hass.async_add_executor_job(_free, hass, filename)


async def async_folder(hass: HomeAssistant, directory: str) -> Path:
    """Return a folder in which files may be written."""
    return await hass.async_add_executor_job(_folder, hass, directory)


def in_folder(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder; its name is a name and no way to elsewhere."""
    plain = name.isprintable() and name == name.strip() and len(name) <= NAME_MOST
    if not plain or name.startswith(".") or set(name) & set('/\\:*?"<>|'):
        raise refused("bad_file_name", name=name[:NAME_MOST])
    return folder / name


async def async_remove(hass: HomeAssistant, path: Path) -> None:
    """Take a file away again."""
    await hass.async_add_executor_job(path.unlink, True)


async def async_write(
    hass: HomeAssistant,
    content: Content,
    path: Path,
    most: int | None = None,
    last: Last | None = None,
) -> None:
    """Write all of it beside its place, then put it there; what fails leaves nothing behind.

    What is only known at the end (`last`) is put over what was written for it.
    """
    job = hass.async_add_executor_job
    most = most or WRITE_MOST
    partial = path.with_name(f"{path.name}.{token_hex(4)}.partial")
    try:
        begun = job(_begin, partial)
        try:
            file = await asyncio.shield(begun)
        except asyncio.CancelledError:
            # The thread makes the file all the same.
            with suppress(OSError):
                await job(_drop, await begun, partial)
            raise
        try:
            size = 0
            async for chunk in content.chunks:
                size += len(chunk)
                if size > most:
                    raise refused("file_too_large", path=str(path), limit=_megabytes(most))
                await job(file.write, chunk)
            if last is not None and (known := last(size)) is not None:
                await job(_put, file, *known)
            await job(_finish, file, partial, path)
        except BaseException:
            # Also where the call is cancelled: half a file must not stay behind.
            await job(_drop, file, partial)
            raise
    except FileExistsError as error:
        raise refused("file_exists", path=str(path)) from error
    except OSError as error:
        raise refused("file_failed", path=str(path), detail=_why(error)) from error
    finally:
        await content.close()


def _megabytes(size: int) -> str:
    """Write a size for people."""
    return f"{size >> 20} MB"


def _why(error: OSError) -> str:
    """Return what the system says, without the path, which is told already."""
    return error.strerror or type(error).__name__


def _allowed(hass: HomeAssistant, path: Path) -> Path:
    """Return the path if Home Assistant may go there."""
    if not hass.config.is_allowed_path(str(path)):
        raise refused("path_not_allowed", path=str(path))
    return path


def _read(hass: HomeAssistant, filename: str) -> bytes:
    """Read a file: the one that was looked at, wherever links lead to."""
    try:
        path = _allowed(hass, Path(filename).resolve())
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise refused("file_failed", path=filename, detail="no ordinary file")
        with path.open("rb") as file:
            body = file.read(READ_MOST + 1)
    except OSError as error:
        raise refused("file_failed", path=filename, detail=_why(error)) from error
    if len(body) > READ_MOST:
        raise refused("file_too_large", path=filename, limit=_megabytes(READ_MOST))
    return body


def _free(hass: HomeAssistant, filename: str) -> Path:
    """Look whether a file may be written and is not there yet."""
    given = Path(filename)
    path = given.parent.resolve() / given.name
    _allowed(hass, path)
    if path.is_symlink() or path.exists():
        raise refused("file_exists", path=filename)
    if not path.parent.is_dir():
        raise refused("file_failed", path=filename, detail="there is no such folder")
    return path


def _folder(hass: HomeAssistant, directory: str) -> Path:
    """Look whether there is such a folder, wherever links lead to."""
    given = Path(directory)
    if not given.is_absolute() or not directory.isprintable():
        raise refused("path_not_allowed", path=directory)
    try:
        path = _allowed(hass, given.resolve())
        if not path.is_dir():
            raise refused("file_failed", path=directory, detail="there is no such folder")
    except OSError as error:
        raise refused("file_failed", path=directory, detail=_why(error)) from error
    return path


def _begin(partial: Path) -> BufferedWriter:
    """Make a new file that only its owner may read: it may hold passwords."""
    return os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _put(file: BufferedWriter, at: int, body: bytes) -> None:
    """Write over a part of what was written before."""
    file.seek(at)
    file.write(body)


def _finish(file: BufferedWriter, partial: Path, path: Path) -> None:
    """Put the file in its place, which is taken first so that no other file is lost."""
    file.close()
    path.touch(mode=0o600, exist_ok=False)
    try:
        partial.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _drop(file: BufferedWriter, partial: Path) -> None:
    """Leave nothing of a file that was not finished."""
    file.close()
    partial.unlink(missing_ok=True)
