"""What one device has recorded: its days, its recordings, and the files behind them."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from time import monotonic
from typing import Final

from homeassistant.components.media_source import generate_media_source_id
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .devices.engine.runner import Runner
from .devices.errors import Gone
from .devices.model import (
    BOX,
    Content,
    Day,
    Part,
    PartId,
    Recording,
    Recordings,
    Ref,
    Table,
    TableRow,
)
from .media.source import Source
from .media_id import Clip, clip_of, media_ids
from .stored import Facts, StoredFile

RECORDINGS: Final = "recordings"
PICTURES: Final = "pictures"

DAY_MOST: Final = 10_000
"""So many recordings of a day are listed; what is more is found by the hour."""
PICTURES_MOST: Final = 2_000
KEPT_MOST: Final = 20_000
"""So many recordings of finished days are kept."""
FINISHED_SECONDS: Final = 1800
FRESH_SECONDS: Final = 5
DAYS_SECONDS: Final = 30
SETTLED: Final = timedelta(minutes=15)
"""A day is finished so long after its end: recordings are listed when they are closed."""
FILMS: Final = frozenset(
    {"asf", "avi", "dav", "fla", "flv", "h264", "h265", "m4v", "mkv", "mov", "mp3", "mp4"}
    | {"ps", "ts", "wav", "webm"}
)
"""What recordings are; a backup or a log is none, and is never played."""
SEARCH_SECONDS: Final = 45.0
FACTS_MOST: Final = 256
FACTS_SECONDS: Final = 600
LOOKED_MOST: Final = 12
"""Of so many files that go on in each other it is asked how long each is, so that one can seek."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What was recorded in a time, newest first; not `whole` where there is more."""

    recordings: tuple[Recording, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Kept[T]:
    """Something known until a moment (seconds, monotonic)."""

    until: float
    known: T


class Library:
    """The recordings of one device. Its errors are those of the device layer."""

    def __init__(self, hass: HomeAssistant, entry_id: str, runner: Runner, zone: tzinfo) -> None:
        """Know nothing yet."""
        self.zone = zone
        self.thumbnails = asyncio.Lock()
        """Hold this while a thumbnail is made: one at a time per device."""
        self._hass = hass
        self._entry_id = entry_id
        self._runner = runner
        self._listing = asyncio.Lock()
        self._days: dict[PartId, _Kept[tuple[Day, ...]]] = {}
        self._listed: dict[tuple[PartId, date], _Kept[Listing]] = {}
        self._facts: dict[Ref, _Kept[Facts]] = {}

    # --- what there is

    def channels(self) -> tuple[Part, ...]:
        """Return the parts that have recordings or stored pictures."""
        parts = self._runner.state.topology.parts.values()
        cameras = any(PICTURES in part.tables for part in parts if part.id != BOX)
        return tuple(
            part
            for part in parts
            # A server lists the pictures of all its cameras once more.
            if RECORDINGS in part.tables
            or (PICTURES in part.tables and not (part.id == BOX and cameras))
        )

    def channel(self, part: PartId) -> Part:
        """Return one of the channels. Gone."""
        for channel in self.channels():
            if channel.id == part:
                return channel
        raise Gone("no such channel")

    async def async_days(self, part: PartId) -> tuple[Day, ...]:
        """Return the days on which something was recorded, newest first."""
        async with self._listing:
            kept = self._days.get(part)
            if kept is None or kept.until < monotonic():
                kept = _Kept(monotonic() + DAYS_SECONDS, await self._count(self.channel(part)))
                self._days[part] = kept
            return kept.known

    async def async_day(self, part: PartId, day: date) -> Listing:
        """Return what was begun on a day, from memory if it is long over."""
        async with self._listing:
            kept = self._listed.pop((part, day), None)
            if kept is None or kept.until < monotonic():
                start, end = self.span(day)
                listing = await self._list(self.channel(part), start, end, DAY_MOST)
                finished = dt_util.utcnow() > end + SETTLED
                seconds = FINISHED_SECONDS if finished else FRESH_SECONDS
                kept = _Kept(monotonic() + seconds, listing)
            self._keep(part, day, kept)
            return kept.known

    async def async_hour(self, part: PartId, day: date, hour: int) -> Listing:
        """Return what was begun in an hour of a day."""
        listing = await self.async_day(part, day)
        found = tuple(one for one in listing.recordings if self.local(one.start).hour == hour)
        if listing.whole:
            return Listing(found)
        return await self._list(self.channel(part), *self.span(day, hour), DAY_MOST)

    async def async_recordings(
        self,
        part: PartId,
        start: datetime | None = None,
        end: datetime | None = None,
        kinds: frozenset[str] = frozenset(),
        limit: int = 1000,
        found: list[Recording] | None = None,
    ) -> list[Recording]:
        """Return recordings that overlap a time, newest first, as the device lists them now.

        Who may not wait for all of them gives the list that they are put into (`found`).
        """
        found = [] if found is None else found
        query = Recordings(start, end, limit, kinds)
        async with aclosing(self._runner.find(part, query)) as listed:
            async for one in listed:
                if isinstance(one, Recording):
                    found.append(one)
                if len(found) >= limit:
                    break
        return found

    async def async_search(
        self, part: PartId, start: datetime, end: datetime, kinds: frozenset[str], limit: int
    ) -> list[Recording]:
        """Return recordings of any of these kinds, and of all kinds also pictures, of a time.

        A recorder may have to be asked day by day; after a while what it told by then is enough.
        """
        channel = self.channel(part)
        found: list[Recording] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(SEARCH_SECONDS):
                if not kinds:
                    listing = await self._list(channel, start, end, limit, found)
                    return list(listing.recordings[:limit])
                if RECORDINGS in channel.tables:
                    await self.async_recordings(part, start, end, kinds, limit, found)
        return [
            one for one in found if (not kinds and start <= one.start < end) or one.kinds & kinds
        ]

    def span(self, day: date, hour: int | None = None) -> tuple[datetime, datetime]:
        """Return the beginning and end of a day of the device, or of an hour of it."""
        if hour is not None:
            start = datetime.combine(day, time(hour), self.zone)
            # Where clocks are put back, an hour is two.
            end = start.replace(fold=1).astimezone(UTC) + timedelta(hours=1)
            return start.astimezone(UTC), end
        start = datetime.combine(day, time(), self.zone)
        end = datetime.combine(day + timedelta(days=1), time(), self.zone)
        return start.astimezone(UTC), end.astimezone(UTC)

    def local(self, moment: datetime) -> datetime:
        """Return a moment on the device's clock."""
        return moment.astimezone(self.zone)

    def media_id(self, recording: Recording) -> str | None:
        """Return the media-source id of a recording; None of one that has no files."""
        day = self.local(recording.start).date()
        found = media_ids(self._hass).identifier(self._entry_id, clip_of(recording), day)
        return None if found is None else generate_media_source_id(DOMAIN, found)

    def forget(self) -> None:
        """List everything anew: something was deleted."""
        self._days.clear()
        self._listed.clear()
        self._facts.clear()

    # --- listing

    async def _count(self, channel: Part) -> tuple[Day, ...]:
        """Return the days of recordings and of pictures, as one."""
        counts: dict[date, Day] = {}
        if RECORDINGS in channel.tables:
            counts = {day.date: day for day in await self._runner.days(channel.id)}
        if PICTURES in channel.tables:
            for picture in await self._pictures(channel.id, None, None):
                day = self.local(picture.start).date()
                had = counts.get(day, Day(day, 0))
                counts[day] = Day(day, had.count + 1, had.whole)
        return tuple(counts[day] for day in sorted(counts, reverse=True))

    async def _list(
        self,
        channel: Part,
        start: datetime,
        end: datetime,
        limit: int,
        found: list[Recording] | None = None,
    ) -> Listing:
        """Return what was begun in a time: one that only ends in it belongs to the time before."""
        found = [] if found is None else found
        if RECORDINGS in channel.tables:
            await self.async_recordings(channel.id, start, end, limit=limit, found=found)
        whole = len(found) < limit
        if PICTURES in channel.tables:
            found += await self._pictures(channel.id, start, end)
        inside = [one for one in found if start <= one.start < end]
        inside.sort(key=lambda one: one.start, reverse=True)
        return Listing(tuple(inside), whole)

    async def _pictures(
        self, part: PartId, start: datetime | None, end: datetime | None
    ) -> list[Recording]:
        """Return the stored pictures that a table lists apart from the recordings."""
        query = Table(start, end, PICTURES_MOST, kind=PICTURES)
        async with aclosing(self._runner.find(part, query)) as listed:
            rows = [row async for row in listed if not isinstance(row, Recording)]
        return [picture for row in rows if (picture := _picture(part, row)) is not None]

    def _keep(self, part: PartId, day: date, kept: _Kept[Listing]) -> None:
        """Keep the listing of a day; what nobody looked at for longest makes room."""
        self._listed[part, day] = kept
        held = sum(len(one.known.recordings) for one in self._listed.values())
        while held > KEPT_MOST and len(self._listed) > 1:
            first = next(iter(self._listed))
            held -= len(self._listed.pop(first).known.recordings)

    # --- the files

    @asynccontextmanager
    async def opened(self, clip: Clip) -> AsyncIterator[list[Source]]:
        """Lend the files of a clip as sources; whoever opens one closes it."""
        files = [StoredFile(self._fetch, ref, self._known(ref)) for ref in clip.refs]
        try:
            told: dict[Ref, Facts] = {}
            # The first one last, as its answer stays open, and the device may send one at a time.
            for file in reversed(files if len(files) <= LOOKED_MOST else files[:1]):
                told[file.ref] = await file.look()
                _check(told[file.ref])
                self._note(file.ref, told[file.ref])
                if file is not files[0]:
                    await file.close()
            first = told[files[0].ref]
            yield [
                Source(
                    container=told.get(file.ref, first).container or clip.container,
                    open=file.open,
                    size=told[file.ref].size if file.ref in told else None,
                    ranged=told.get(file.ref, first).ranged,
                )
                for file in files
            ]
        finally:
            for file in files:
                await file.close()

    async def sources(self, recordings: Iterable[Recording | Clip]) -> list[Source]:
        """Return the files of recordings, in this order, as sources."""
        found: list[Source] = []
        for one in recordings:
            clip = clip_of(one) if isinstance(one, Recording) else one
            async with self.opened(clip) as sources:
                found += sources
        return found

    async def async_fetch(self, ref: Ref) -> Content:
        """Return the bytes behind the ref of a picture, all of them."""
        return await self._runner.fetch(ref)

    async def _fetch(self, ref: Ref, start: int, end: int | None) -> Content:
        try:
            return await self._runner.fetch(ref, start, end)
        except Gone:
            # What was listed is not there any more.
            self.forget()
            raise

    def _known(self, ref: Ref) -> Facts | None:
        """Return what was told of a file not long ago."""
        kept = self._facts.get(ref)
        return kept.known if kept is not None and kept.until > monotonic() else None

    def _note(self, ref: Ref, facts: Facts) -> None:
        """Remember what was told of a file, for a while."""
        if self._known(ref) is None:
            self._facts.pop(ref, None)
            self._facts[ref] = _Kept(monotonic() + FACTS_SECONDS, facts)
            if len(self._facts) > FACTS_MOST:
                del self._facts[next(iter(self._facts))]


def _check(facts: Facts) -> None:
    """Gone for what is no recording, though there is something by this name."""
    if facts.container not in FILMS:
        raise Gone("another kind of file")


def _picture(part: PartId, row: TableRow) -> Recording | None:
    """Return a row of stored pictures as a recording; None without a moment or a file."""
    taken, ref, name = row.get("time"), row.get("ref"), row.get("name")
    if not isinstance(taken, datetime) or not isinstance(ref, str):
        return None
    return Recording(
        (ref,),
        part,
        taken,
        taken,
        container="jpeg",
        name=name if isinstance(name, str) else None,
    )
