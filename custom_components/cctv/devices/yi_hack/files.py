"""Files of the card: their bytes (§2), and how they are deleted (§5.4, §5.5, §13)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from ..commands import DeleteRecordings
from ..errors import (
    BadInput,
    Gone,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
)
from ..model import Answer, Content, Hint, Ref
from . import clips
from .box import Box
from .clips import Clip, Folder
from .features import RECORDINGS
from .recordings import FILM

_MP4: Final = "video/mp4"
_AVI: Final = "video/x-msvideo"
_LOCK_SECONDS: Final = 30.0

# --- bytes ----------------------------------------------------------------------------------


def kind_of(ref: Ref) -> tuple[str, str] | None:
    """Type and container of a stored file that we may ask for; None for anything else."""
    if clips.path(ref) is not None:
        return _MP4, "mp4"
    if clips.is_thumbnail(ref):
        return "image/jpeg", "jpeg"
    if ref.startswith(FILM) and clips.timelapse(ref.removeprefix(FILM)) is not None:
        return _AVI, "avi"
    return None


async def fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """A stored file or a part of it; its type is ours, the camera gives none (§2)."""
    found = kind_of(ref)
    if found is None or start < 0 or (end is not None and end <= start):
        raise Gone("no such recording")
    held = box.downloads
    try:
        async with asyncio.timeout(_LOCK_SECONDS):
            await held.acquire()
    except TimeoutError:
        raise NoAnswer("another recording is being fetched") from None
    try:
        stream = await box.client.file(ref, start, end)
    except BaseException:
        held.release()
        raise
    size = stream.headers.get("content-length", "")
    return Content(
        found[0],
        _Download(stream.chunks, held),
        container=found[1],
        size=int(size) if size.isdecimal() and len(size) < 13 else None,
        ranged=True,
    )


class _Download:
    """The bytes of a file; gives its place to the next one at the end."""

    def __init__(self, chunks: AsyncIterator[bytes], held: asyncio.Lock) -> None:
        """Take over a place that is held."""
        self._chunks = chunks
        self._held: asyncio.Lock | None = held

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._chunks)
        except BaseException:
            self._let_go()
            raise

    async def aclose(self) -> None:
        """Let everything go."""
        self._let_go()
        close: Any = getattr(self._chunks, "aclose", None)
        if close is not None:
            await close()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()


# --- deleting (§5.4, §5.5, §13) ---------------------------------------------------------------


async def delete(box: Box, command: DeleteRecordings) -> Answer:
    """Delete by name, a folder, or everything; what was said is proven by listing (§4)."""
    asked = [bool(command.names), bool(command.folder), command.all]
    if asked.count(True) != 1:
        raise BadInput("names, a folder, or all: just one of them")
    if command.names:
        await _delete_names(box, command.names)
    else:
        folder = clips.folder(command.folder) if command.folder else None
        if command.folder and folder is None:
            raise BadInput("no name of a folder")
        await box.client.delete_folder(folder)
        left = [each.name for each in await box.client.folders()]
        if left if folder is None else folder.name in left:
            raise Rejected("the folder is still there")
    return Answer((Hint((RECORDINGS,)),))


async def _delete_names(box: Box, names: tuple[str, ...]) -> None:
    """Delete clips and films; every name is checked before the first is deleted."""
    wanted: list[Clip] = []
    films: list[str] = []
    for name in names:
        film = name.removeprefix(FILM)
        if (clip := clips.path(name)) is not None:
            wanted.append(clip)
        elif film != name and clips.timelapse(film) is not None:
            films.append(film)
        else:
            raise BadInput(f"no name of a recording: {name[:60]}")
    if films and box.identity.variant.old:
        raise Unsupported("no time-lapse films")
    for clip in wanted:
        await box.client.delete_file(clip)
    for film in films:
        await box.client.delete_timelapse(film)
    folders = {clip.folder: found for clip in wanted if (found := clips.folder(clip.folder))}
    left: set[str] = set()
    for folder in folders.values():
        left |= {each.path for each in await _listed(box, folder)}
    if films:
        left |= {f"{FILM}{each}" for each in await box.client.timelapses()}
    if kept := left & set(names):
        raise Rejected(f"still there: {', '.join(sorted(kept))[:80]}")


async def _listed(box: Box, folder: Folder) -> list[Clip]:
    """The clips of a folder; none where it went with its last one."""
    try:
        return await box.client.clips(folder)
    except Rejected, Malformed:
        return []
