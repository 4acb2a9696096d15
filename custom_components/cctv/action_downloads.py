"""Recordings as files: copied as they are or as MP4, and cut out of a time."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

from homeassistant.core import Context, HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import slugify
from homeassistant.util.json import JsonObjectType

from .action_answers import async_at_each, response
from .action_asks import MP4, ORIGINAL, DownloadRecording, ExportClip
from .action_files import Last, async_folder, async_free, async_remove, async_write, in_folder
from .action_recordings import Chosen, async_chosen, clip_to_copy, records
from .action_targets import Target, async_targets, refused
from .const import DOMAIN
from .devices.model import Content, Recording
from .errors import translated
from .media.index import Index
from .media.remux import remux
from .media.source import MediaError, Source, pour
from .media_errors import media_error
from .media_id import Clip, clip_of

PROGRESS: Final = f"{DOMAIN}_download_progress"
"""The event that tells how far a download is."""
PROGRESS_SECONDS: Final = 1.0
SIZE_MOST: Final = 32 << 30  # bytes
SPAN_MOST: Final = timedelta(days=1)
PIECES_MOST: Final = 500
"""So many recordings become one file at most."""
NEAR_SECONDS: Final = 1.0
"""What is cut off is more than this: cuts are at key frames anyway."""
_ENDINGS: Final = {"jpeg": "jpg", "": "bin"}


# --- one recording


async def async_download_recording(call: ServiceCall) -> ServiceResponse:
    """Copy the recording that is named, or the newest of each target, into a folder."""
    form: str = call.data.get("format", ORIGINAL)
    name: str = call.data.get("name", "")
    folder = await async_folder(call.hass, call.data["directory"])
    if name:
        in_folder(folder, name)
    chosen = await async_chosen(call, DownloadRecording.right)
    if name and len(chosen) > 1:
        raise refused("one_file_one_target", targets=str(len(chosen)))
    clips = {one.target: one for one in chosen}

    async def download(target: Target) -> JsonObjectType:
        return await _download(call, clips[target], folder, name, as_mp4=form == MP4)

    outcomes = await async_at_each([*clips], download)
    return response(outcomes, wanted=call.return_response)


async def _download(
    call: ServiceCall, chosen: Chosen, folder: Path, name: str, *, as_mp4: bool
) -> JsonObjectType:
    """Copy one recording; of one in several files each becomes one."""
    target, clip = chosen.target, await clip_to_copy(chosen)
    if as_mp4 and clip.picture:
        raise refused("picture_no_film", target=target.name)
    joined = as_mp4 and not (clip.container == MP4 and len(clip.refs) == 1)
    ending = MP4 if joined else _ENDINGS.get(clip.container, clip.container)
    files = 1 if joined else len(clip.refs)
    paths = [
        await async_free(call.hass, str(in_folder(folder, each)))
        for each in _names(name or _called(target, clip.start), ending, files)
    ]
    written: list[Path] = []
    try:
        with _told(target):
            sources = await target.coordinator.library.sources([clip])
        for number, path in enumerate(paths):
            total = None if joined else sources[number].size
            progress = Progress(call.hass, call.context, target, path, total)
            if joined:
                await progress.film(sources, clip.length)
            else:
                await progress.write(pour(sources[number]))
            written.append(path)
    except BaseException:
        # Also where the call is cancelled: some of a clip's files are not the clip.
        for path in written:
            await async_remove(call.hass, path)
        raise
    told: JsonObjectType = {"file": str(paths[0]), "files": [str(path) for path in paths]}
    return {**told, "start": clip.start.isoformat(), "length": clip.length}


def _called(target: Target, start: datetime, end: datetime | None = None) -> str:
    """Return the name of a file: which camera, and when."""
    library = target.coordinator.library
    name = f"{slugify(target.name)[:80]}_{library.local(start):%Y-%m-%d_%H-%M-%S}"
    return name if end is None else f"{name}_to_{library.local(end):%Y-%m-%d_%H-%M-%S}"


def _names(name: str, ending: str, files: int) -> list[str]:
    """Return names for so many files, which end as files of their kind do."""
    stem = name.removesuffix(f".{ending}")
    if files == 1:
        return [f"{stem}.{ending}"]
    return [f"{stem}_{number}.{ending}" for number in range(1, files + 1)]


# --- a time


async def async_export_clip(call: ServiceCall) -> ServiceResponse:
    """Write what each target recorded in a time into one file."""
    start: datetime = call.data["start"]
    end: datetime = call.data["end"]
    if end <= start:
        raise refused("ends_before_start")
    if end - start > SPAN_MOST:
        raise refused("too_long", hours=str(int(SPAN_MOST.total_seconds() // 3600)))
    name: str = call.data.get("name", "")
    folder = await async_folder(call.hass, call.data["directory"])
    if name:
        in_folder(folder, name)
    targets = await async_targets(call, records, right=ExportClip.right)
    if name and len(targets) > 1:
        raise refused("one_file_one_target", targets=str(len(targets)))
    export = partial(_export, call, folder=folder, name=name, start=start, end=end)
    return response(await async_at_each(targets, export), wanted=call.return_response)


async def _export(
    call: ServiceCall, target: Target, *, folder: Path, name: str, start: datetime, end: datetime
) -> JsonObjectType:
    """Write what one target recorded."""
    (given,) = _names(name or _called(target, start, end), MP4, 1)
    path = await async_free(call.hass, str(in_folder(folder, given)))
    library = target.coordinator.library
    with _told(target):
        found = await library.async_recordings(target.part, start, end, limit=PIECES_MOST + 1)
    if len(found) > PIECES_MOST:
        raise refused("too_many_recordings", limit=str(PIECES_MOST))
    pieces = cut(found, start, end)
    if not pieces:
        raise refused("nothing_recorded", target=target.name)
    sources: list[Source] = []
    with _told(target):
        for piece in pieces:
            sources += piece.of(await library.sources([piece.clip]))
    seconds = sum(piece.seconds for piece in pieces)
    await Progress(call.hass, call.context, target, path).film(sources, seconds)
    return {"file": str(path), "recordings": len(pieces), "length": round(seconds, 1)}


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording, or what is kept of it."""

    clip: Clip
    keep: tuple[float, float] | None
    """From when to when, in seconds from its beginning."""
    seconds: float

    def of(self, sources: list[Source]) -> list[Source]:
        """Return its files, so that only what is kept comes out of them."""
        if self.keep is None:
            return sources
        if len(sources) == 1:
            return [replace(sources[0], keep=self.keep)]
        # Where each of its files begins nobody knows, so they are joined first.
        joined = partial(_joined, sources, self.clip.length)
        return [Source(MP4, joined, keep=self.keep)]


async def _joined(
    sources: list[Source], length: float | None, start: int, end: int | None
) -> AsyncGenerator[bytes]:
    """Return several files as one, from its beginning on."""
    return remux(sources, length=length)


def cut(found: Sequence[Recording], start: datetime, end: datetime) -> list[Piece]:
    """Return what is kept of recordings so that each moment of a time comes once, in its order."""
    pieces = []
    at = start
    for one in sorted(found, key=lambda each: (each.start, each.end or each.start)):
        clip = clip_of(one)
        until = end if one.end is None else min(one.end, end)
        if not clip.refs or clip.picture or until <= at or one.start >= end:
            continue
        skipped = max(0.0, (at - one.start).total_seconds())
        seconds = (until - max(at, one.start)).total_seconds()
        left = 0.0 if one.end is None else (one.end - until).total_seconds()
        whole = skipped < NEAR_SECONDS and left < NEAR_SECONDS and one.end is not None
        keep = None if whole else (skipped, skipped + seconds)
        pieces.append(Piece(clip, keep, seconds))
        at = until
    return pieces


# --- how far it is


class Progress:
    """Tells how far the writing of a file is, now and then, and how it ended."""

    def __init__(
        self,
        hass: HomeAssistant,
        context: Context,
        target: Target,
        path: Path,
        total: int | None = None,
    ) -> None:
        """Begin with nothing written."""
        self._total = total
        self._hass = hass
        self._context = context
        self._target = target
        self._path = path
        self._received = 0
        self._told = -PROGRESS_SECONDS

    async def film(self, sources: list[Source], length: float | None) -> None:
        """Write one film of all sources, with an index, so that players can go to any place."""
        index = Index()

        def last(size: int) -> tuple[int, bytes] | None:
            whole = index.whole(size)
            return None if whole is None else (index.offset, whole)

        await self.write(remux(sources, length=length, index=index), last)

    async def write(self, chunks: AsyncGenerator[bytes], last: Last | None = None) -> None:
        """Write what comes into the file."""
        self._tell()
        try:
            with _told(self._target):
                content = Content("application/octet-stream", self._counted(chunks))
                await async_write(self._hass, content, self._path, SIZE_MOST, last)
        except HomeAssistantError as error:
            self._tell(error=str(error))
            raise
        except BaseException:
            # Whoever follows the progress hears of every end, also that of a call given up.
            self._tell(error="cancelled")
            raise
        self._tell(done=True)

    async def _counted(self, chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        """Pass on what comes, and tell of it at most once a second."""
        async with aclosing(chunks):
            async for chunk in chunks:
                self._received += len(chunk)
                if monotonic() - self._told >= PROGRESS_SECONDS:
                    self._tell()
                yield chunk

    @callback
    def _tell(self, *, done: bool = False, error: str | None = None) -> None:
        self._told = monotonic()
        told = {
            "target": self._target.name,
            "device_id": self._target.device_id,
            "part": self._target.part,
            "file": str(self._path),
            "received": self._received,
            "total": self._total,
            "done": done,
        }
        if error is not None:
            told["error"] = error
        self._hass.bus.async_fire(PROGRESS, told, context=self._context)


@contextmanager
def _told(target: Target) -> Iterator[None]:
    """Turn what goes wrong with a device or a film into an error that can be shown."""
    title = target.coordinator.entry.title
    try:
        with translated(title):
            yield
    except MediaError as error:
        raise media_error(error, title)[1] from error
