"""What the card holds (§5.2-5.6, §7), found newest first, and by which clock it is named."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from ..errors import BadInput, NoAnswer, Unsupported
from ..model import (
    BOX,
    Query,
    Recording,
    Recordings,
    Table,
    TableRow,
)
from . import clips
from .box import Box
from .client import RECORD
from .clips import Clip, Folder, moment
from .features import RECORDINGS_CLOCK

MOTION: Final = "motion"
TIMELAPSE: Final = "timelapse"
FILM: Final = f"{TIMELAPSE}/"
"""The folder of time-lapse films."""
_CLOCK_SECONDS: Final = 3_600.0
_WAIT_SECONDS: Final = 80.0
_LOOK_SECONDS: Final = 2.0


# --- clocks (§7) ----------------------------------------------------------------------------


async def zone(box: Box) -> tzinfo:
    """The zone of the names: as the user says, or as the newest file shows (§7)."""
    chosen = box.env.options.get(RECORDINGS_CLOCK)
    if chosen in ("gmt", "local"):
        return UTC if chosen == "gmt" else box.env.zone
    known, asked = box.names
    now = box.env.clock.monotonic()
    if now - asked < _CLOCK_SECONDS:
        return known
    listed = await box.client.folders()
    found = await _measured(box, listed)
    if found is not None:
        box.names = found, now
    return found or UTC


async def _measured(box: Box, listed: list[Folder]) -> tzinfo | None:
    """The zone by one HEAD of the newest clip, or else as the folders are shown."""
    for folder in listed[:2]:
        found = await box.client.clips(folder)
        if not found:
            continue
        try:
            headers = await box.client.head(f"{RECORD}{found[0].path}")
        except NoAnswer:
            headers = None
        modified = (headers or {}).get("last-modified", "")
        measured = clips.measured(found[0], modified, box.env.zone)
        if measured is not None:
            return measured
        # v5 shows the names as they are, which proves nothing.
        return UTC if box.identity.variant.old else clips.guessed(listed, box.env.zone)
    return None


def start_of(path: str) -> datetime | None:
    """The start of a clip by its path, by the clock of the names."""
    found = clips.path(path)
    return None if found is None else found.start


# --- finding --------------------------------------------------------------------------------


async def newest(box: Box) -> AsyncIterator[Clip]:
    """The clips of the two newest folders, newest first: just after the hour both matter."""
    for folder in (await box.client.folders())[:2]:
        for clip in await box.client.clips(folder):
            yield clip


async def find(box: Box, query: Query) -> AsyncGenerator[Recording | TableRow]:
    """Recordings or one of the tables, newest first."""
    match query:
        case Recordings() if TIMELAPSE in query.kinds:
            found: AsyncGenerator[Recording | TableRow] = _films(box, query)
        case Recordings():
            found = _recordings(box, query)
        case Table(kind="folders"):
            found = _folders(box, query)
        case Table(kind="last_recording"):
            found = _last(box, query)
        case _:
            raise Unsupported("no such table")
    async with aclosing(found) as rows:
        async for row in rows:
            yield row


async def _recordings(box: Box, query: Recordings) -> AsyncGenerator[Recording | TableRow]:
    """Recordings of a span: clips that go on in each other are one."""
    kinds = frozenset() if box.endless else frozenset({MOTION})
    if query.kinds and not query.kinds & kinds:
        return
    names = await zone(box)
    begun: tuple[Clip, ...] = ()
    for folder in await box.client.folders():
        hour = moment(folder.hour, names)
        if query.end is not None and hour >= query.end:
            continue
        if query.start is not None and hour + clips.HOUR + timedelta(minutes=1) < query.start:
            break
        listed = await box.client.clips(folder)
        *whole, begun = clips.join((*reversed(begun), *listed), endless=box.endless) or [begun]
        for chain in whole:
            if (one := _recording(chain, names, query, kinds)) is not None:
                yield one
    if begun and (one := _recording(begun, names, query, kinds)) is not None:
        yield one


def _recording(
    chain: tuple[Clip, ...], names: tzinfo, query: Query, kinds: frozenset[str]
) -> Recording | None:
    """One recording of a chain of clips; None outside the span."""
    start = moment(chain[0].start, names)
    length = chain[-1].length
    end = None if length is None else moment(chain[-1].start, names) + length
    if query.end is not None and start >= query.end:
        return None
    if query.start is not None and (end or start) < query.start:
        return None
    thumbs = [f"{each.folder}/{each.thumb}" for each in chain if each.thumb]
    return Recording(
        refs=tuple(each.path for each in chain),
        part=BOX,
        start=start,
        end=end,
        kinds=kinds,
        container="mp4",
        thumbnail=thumbs[0] if thumbs else None,
    )


async def _films(box: Box, query: Query) -> AsyncGenerator[Recording | TableRow]:
    """Time-lapse films (§6); their names tell the camera's local time."""
    if box.identity.variant.old:
        return
    made = {name: at for name in await box.client.timelapses() if (at := clips.timelapse(name))}
    for name, at in sorted(made.items(), reverse=True):
        start = moment(at, box.env.zone)
        if (query.end is None or start < query.end) and (
            query.start is None or start >= query.start
        ):
            kinds = frozenset({TIMELAPSE})
            yield Recording((f"{FILM}{name}",), BOX, start, kinds=kinds, container="avi")


async def _folders(box: Box, query: Query) -> AsyncGenerator[Recording | TableRow]:
    """The folders that hold recordings (§5.2)."""
    names = await zone(box)
    for folder in await box.client.folders():
        start = moment(folder.hour, names)
        if (query.end is None or start < query.end) and (
            query.start is None or start + clips.HOUR > query.start
        ):
            yield {"folder": folder.name, "start": start}


async def _last(box: Box, query: Table) -> AsyncGenerator[Recording | TableRow]:
    """The n-th newest clip, or the next one (§5.6), by listing: the script knows too few names."""
    nth = _number(query.where.get("oldness", "1"), 1, 1_000)
    seconds = _number(query.where.get("wait", "0"), 0, int(_WAIT_SECONDS))
    before = await _nth(box, 1)
    new = False
    if seconds and await box.client.writing() is not None:
        new = await _next(box, before, float(seconds))
    clip = await _nth(box, nth)
    if clip is None:
        return
    names = await zone(box)
    start = moment(clip.start, names)
    yield {
        "name": clip.path,
        "url": f"{box.env.address.base}{RECORD}{clip.path}",
        "start": start,
        "end": None if clip.length is None else start + clip.length,
        "thumbnail": f"{clip.folder}/{clip.thumb}" if clip.thumb else None,
        "new": new,
    }


async def _next(box: Box, before: Clip | None, seconds: float) -> bool:
    """Wait until there is a newer clip than that; whether one came."""
    clock = box.env.clock
    end = clock.monotonic() + seconds
    while clock.monotonic() < end:
        await clock.sleep(min(_LOOK_SECONDS, max(0.0, end - clock.monotonic())))
        newest_ = await _nth(box, 1)
        if newest_ is not None and (before is None or newest_.path != before.path):
            return True
    return False


async def _nth(box: Box, nth: int) -> Clip | None:
    """The n-th newest clip of all; the oldest where there are fewer."""
    clip: Clip | None = None
    for folder in await box.client.folders():
        listed = await box.client.clips(folder)
        if len(listed) >= nth:
            return listed[nth - 1]
        nth -= len(listed)
        clip = listed[-1] if listed else clip
    return clip


def _number(text: str, low: int, high: int) -> int:
    if not text.isdecimal() or len(text) > 6 or not low <= int(text) <= high:
        raise BadInput(f"a number from {low} to {high}")
    return int(text)
