"""Files of the card: their bytes (§2), and how they are deleted (§5.4, §5.5, §13)."""

from functools import partial
from typing import Final

from ..commands import DeleteRecordings
from ..download import Download, checked, length_of, ranged, whole_of
from ..errors import (
    BadInput,
    Gone,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import Stream
from ..model import Answer, Content, Hint, Ref
from . import clips
from .box import Box
from .clips import Clip, Folder
from .features import RECORDINGS
from .recordings import FILM

_MP4: Final = "video/mp4"
_AVI: Final = "video/x-msvideo"

# --- bytes ----------------------------------------------------------------------------------


def kind_of(ref: Ref) -> tuple[str, str] | None:
    """Type and container of a stored film that we may ask for; None for anything else."""
    if clips.path(ref) is not None:
        return _MP4, "mp4"
    if ref.startswith(FILM) and clips.timelapse(ref.removeprefix(FILM)) is not None:
        return _AVI, "avi"
    return None


async def fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """A stored file or a part of it; its type is ours, the camera gives none (§2)."""
    found = kind_of(ref)
    if found is None:
        raise Gone("no such recording")
    checked(start, end)
    mime, container = found
    async with box.downloads.place():
        stream = await box.client.file(ref, start, end)
        async with stream.or_closed():
            whole = _whole(stream, start)
    kept = stream.status == 206
    can = kept or (ranged(stream) and not start and end is None)
    if not kept:
        start, end = 0, None
    last = whole if end is None else min(end, end if whole is None else whole)
    again = partial(_again, box, ref, last, whole) if can else None
    chunks = Download(box.downloads, stream, start, last, again)
    return Content(mime, chunks, container, whole, ranged=can)


def _whole(stream: Stream, start: int) -> int | None:
    """How long the whole file is; BadInput if the part asked for begins behind its end.

    Of a range that begins there the camera sends the whole file (§2).
    """
    if stream.status == 206:
        return whole_of(stream, start)
    length = length_of(stream)
    if length is not None and start >= max(length, 1):
        raise BadInput(f"a range outside the {length} bytes of the file")
    return length


async def _again(box: Box, ref: Ref, end: int | None, whole: int | None, start: int) -> Stream:
    """The rest of a file that was read to some byte before."""
    stream = await box.client.file(ref, start, end)
    async with stream.or_closed():
        if stream.status != 206 or whole_of(stream, start) != whole:
            raise Malformed("the file is another one now")
    return stream


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
    """Delete clips, chains and films; every name is checked before the first is deleted."""
    chains: list[tuple[Clip, Clip]] = []
    films: list[str] = []
    for name in names:
        film = name.removeprefix(FILM)
        if (ends := clips.ends_of(name)) is not None:
            chains.append(ends)
        elif film != name and clips.timelapse(film) is not None:
            films.append(film)
        else:
            raise BadInput(f"no name of a recording: {name[:60]}")
    if films and box.identity.variant.old:
        raise Unsupported("no time-lapse films")
    wanted = await _meant(box, chains)
    for clip in wanted.values():
        await box.client.delete_file(clip)
    for film in films:
        await box.client.delete_timelapse(film)
    folders = {
        clip.folder: found for clip in wanted.values() if (found := clips.folder(clip.folder))
    }
    left: set[str] = set()
    for folder in folders.values():
        left |= {each.path for each in await _listed(box, folder)}
    if films:
        left |= {f"{FILM}{each}" for each in await box.client.timelapses()}
    if kept := left & {*wanted, *names}:
        raise Rejected(f"still there: {', '.join(sorted(kept))[:80]}")


async def _meant(box: Box, chains: list[tuple[Clip, Clip]]) -> dict[str, Clip]:
    """The clips of chains, by their paths: those from the first to the last of each."""
    found = {first.path: first for first, last in chains if first == last}
    long = [(first, last) for first, last in chains if first != last]
    folders = await box.client.folders() if long else []
    for folder in folders:
        inside = [
            (first, last)
            for first, last in long
            if folder.hour <= last.start and folder.hour + clips.HOUR > first.start
        ]
        for clip in await _listed(box, folder) if inside else []:
            for first, last in inside:
                if clip.series == first.series and first.start <= clip.start <= last.start:
                    found[clip.path] = clip
    return found


async def _listed(box: Box, folder: Folder) -> list[Clip]:
    """The clips of a folder; none where it went with its last one."""
    try:
        return await box.client.clips(folder)
    except Rejected, Malformed:
        return []
