"""What the card holds (§5.2-5.6, §7), found newest first, and by which clock it is named."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from ..errors import BadInput, NoAnswer, Unsupported
from ..model import (
    BOX,
    Day,
    Days,
    Query,
    Recording,
    Recordings,
    Table,
    TableRow,
)
from ..spans import overlaps, wanted
from . import clips
from .box import Box
from .client import RECORD
from .clips import Clip, Folder, moment
from .features import RECORDINGS_CLOCK

MOTION: Final = "motion"
TIMELAPSE: Final = "timelapse"
FILM: Final = f"{TIMELAPSE}/"
"""The folder of time-lapse films."""
_LAPSE: Final = frozenset({TIMELAPSE})
_LONGEST: Final = timedelta(minutes=1)
_HOURS: Final = 24
"""So far behind a span the end of what began in it is looked for."""
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


async def find(box: Box, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
    """Recordings, their days, or one of the tables, newest first."""
    match query:
        case Recordings():
            found: AsyncGenerator[Recording | Day | TableRow] = _recordings(box, query)
        case Days():
            found = _days(box, query)
        case Table(kind="folders"):
            found = _folders(box, query)
        case Table(kind="last_recording"):
            found = _last(box, query)
        case _:
            raise Unsupported("no such table")
    async with aclosing(found) as rows:
        async for row in rows:
            yield row


async def _recordings(box: Box, query: Recordings) -> AsyncGenerator[Recording]:
    """What was recorded in a span: clips that go on in each other are one, and films (§6)."""
    films = await _films(box, query) if wanted(query, _LAPSE) else []
    async with aclosing(_chains(box, query)) as chains:
        async for one in chains:
            while films and films[0].start >= one.start:
                yield films.pop(0)
            yield one
    for film in films:
        yield film


async def _chains(box: Box, query: Recordings) -> AsyncGenerator[Recording]:
    """Recordings of a span, a folder at a time; those over its edges whole."""
    kinds = _kinds(box)
    if not wanted(query, kinds):
        return
    names = await zone(box)
    hours = _Hours(box, await box.client.folders())
    begun: tuple[Clip, ...] = ()
    for folder in hours.folders[await hours.newest(query, names) :]:
        before = query.start is not None and (
            moment(folder.hour, names) + clips.HOUR + _LONGEST < query.start
        )
        # Before the span there is at most the beginning of what reaches into it.
        goes_on = bool(begun) and not box.endless and clips.follows(begun[0], folder)
        if before and not goes_on:
            break
        listed = await hours.clips(folder)
        *whole, begun = clips.join((*reversed(begun), *listed), endless=box.endless) or [begun]
        for chain in whole:
            if (one := _recording(chain, names, query, kinds)) is not None:
                yield one
    if begun and (one := _recording(begun, names, query, kinds)) is not None:
        yield one


class _Hours:
    """The folders of the card, newest first, the last one that was read at hand."""

    def __init__(self, box: Box, folders: list[Folder]) -> None:
        self.folders = folders
        self._box = box
        self._read: dict[str, list[Clip]] = {}

    async def clips(self, folder: Folder) -> list[Clip]:
        """The clips of a folder, newest first."""
        found = self._read.pop(folder.name, None)
        return await self._box.client.clips(folder) if found is None else found

    async def newest(self, query: Query, names: tzinfo) -> int:
        """Where to begin: at the last hour of the span, or where goes on what is recorded in it."""
        at = 0
        while (
            at < len(self.folders)
            and query.end is not None
            and moment(self.folders[at].hour, names) >= query.end
        ):
            at += 1
        if at == len(self.folders) or self._box.endless:
            return at
        for _ in range(min(at, _HOURS)):
            here, later = self.folders[at], self.folders[at - 1]
            listed = self._read[here.name] = await self.clips(here)
            if not listed or not clips.reaches(listed[0], later):
                break
            at -= 1
        return at


def _kinds(box: Box) -> frozenset[str]:
    """What makes the camera record, as it is set now; nothing says it of a clip (§5.9)."""
    return frozenset({"scheduled" if box.endless else MOTION})


def _recording(
    chain: tuple[Clip, ...], names: tzinfo, query: Query, kinds: frozenset[str]
) -> Recording | None:
    """One recording of a chain of clips; None outside the span."""
    start = moment(chain[0].start, names)
    length = chain[-1].length
    end = None if length is None else moment(chain[-1].start, names) + length
    if not overlaps(query, start, end):
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
        name=clips.name_of(chain),
    )


async def _films(box: Box, query: Query) -> list[Recording]:
    """Time-lapse films of a span, newest first (§6); they are named by the camera's local time."""
    if box.identity.variant.old:
        return []
    try:
        listed = await box.client.timelapses()
    except Unsupported:
        return []
    made = {name: at for name in listed if (at := clips.timelapse(name))}
    films = [
        Recording(
            (f"{FILM}{name}",),
            BOX,
            moment(at, box.env.zone),
            kinds=_LAPSE,
            container="avi",
            name=f"{FILM}{name}",
        )
        for name, at in made.items()
    ]
    films.sort(key=lambda each: each.start, reverse=True)
    return [each for each in films if overlaps(query, each.start, None)]


async def _days(box: Box, query: Days) -> AsyncGenerator[Day]:
    """The days that have recordings, by the hours that have a folder: no folder is read (§5.2)."""
    names, there = await zone(box), box.env.zone
    counts: Counter[date] = Counter()
    for folder in await box.client.folders():
        start = moment(folder.hour, names)
        if overlaps(query, start, start + clips.HOUR):
            counts[start.astimezone(there).date()] += 1
    for film in await _films(box, query):
        counts[film.start.astimezone(there).date()] += 1
    for day in sorted(counts, reverse=True):
        yield Day(day, counts[day], whole=False)


async def _folders(box: Box, query: Query) -> AsyncGenerator[TableRow]:
    """The folders that hold recordings (§5.2)."""
    names = await zone(box)
    for folder in await box.client.folders():
        start = moment(folder.hour, names)
        if overlaps(query, start, start + clips.HOUR):
            yield {"folder": folder.name, "start": start}


async def _last(box: Box, query: Table) -> AsyncGenerator[TableRow]:
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
