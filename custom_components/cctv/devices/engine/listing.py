"""Lists what parts record: what is new, the days that have recordings, the next one to come."""

import asyncio
from contextlib import aclosing
from datetime import date, datetime
from typing import Final

from ..env import JSON
from ..errors import BadInput, Unsupported
from ..model import Batch, Day, Days, Part, PartId, Query, Recording, Recordings
from .alarm import either
from .core import Engine
from .recorded import MOST, TABLE, Known, batch, is_picture, part_of

MEMORY: Final = "recordings"
DAYS: Final = "days"
DAYS_MOST: Final = 4_000
LOOK_MOST: Final = 100
"""Among so many pictures the newest recording is looked for."""


class Listing:
    """What is known of each part's recordings, and who waits for the next."""

    def __init__(self, engine: Engine) -> None:
        """Begin with nothing known."""
        self._engine = engine
        self._known: dict[PartId, Known] = {}
        self._waiting: dict[PartId, list[_Waiting]] = {}

    def stop(self) -> None:
        """Let nobody wait any longer."""
        for waiting in [one for all_ in self._waiting.values() for one in all_]:
            waiting.over.set()

    def minds(self, poll: str) -> bool:
        """Whether a hint is worth a read: of recordings only where somebody wants to know."""
        part = part_of(poll)
        if part is None:
            return True
        told = self._engine.board.state.index.told.get(f"poll:{poll}", ())
        return any(self._engine.wanted(id_) for id_ in told)

    def changed(self, part: PartId) -> None:
        """Recordings were deleted: list the whole day anew at the next read."""
        if (known := self._known.get(part)) is not None:
            known.stale = True

    async def read(self, poll: str) -> Batch:
        """Read a poll: the family's own by itself, a part's recordings by a search."""
        part = part_of(poll)
        if part is None:
            return await self._engine.device.read(poll)
        now, zone = self._engine.clock.now(), self._engine.env.zone
        self._tidy()
        known = self._known.setdefault(part, self._recalled(part))
        listed = await self._found(part, known.query(now, zone))
        newest = listed
        if known.misses_newest(listed, now, zone):
            known.newest = None
            newest = (await self._found(part, Recordings(None, now, LOOK_MOST), most=1))[:1]
        new = known.take(newest or listed, now, zone)
        self._remember(part, known)
        for one in new:
            for waiting in self._waiting.get(part, ()):
                waiting.came(one)
        return batch(part, known, new, now, zone)

    async def next(self, part: PartId, seconds: float) -> Recording | None:
        """The next recording that is finished within so many seconds."""
        self._place(part)
        waiting = _Waiting()
        self._waiting.setdefault(part, []).append(waiting)
        try:
            if seconds > 0:
                await either(self._engine.clock, seconds, waiting.over)
        finally:
            self._waiting[part].remove(waiting)
            if not self._waiting[part]:
                del self._waiting[part]
        self._engine.check()
        return waiting.recording

    async def days(
        self, part: PartId, start: datetime | None, end: datetime | None, limit: int
    ) -> list[Day]:
        """The days with recordings, newest first: as the device tells them, or counted."""
        place = self._place(part)
        with self._engine.asking():
            if DAYS not in place.tables:
                return await self._counted(part, Recordings(start, end, MOST), limit)
            found: list[Day] = []
            async with aclosing(self._engine.device.find(part, Days(start, end, limit))) as days:
                async for day in days:
                    if isinstance(day, Day):
                        found.append(day)
                    if len(found) >= limit:
                        break
            return found

    async def _counted(self, part: PartId, query: Recordings, limit: int) -> list[Day]:
        """Count the days out of a bounded listing."""
        counts: dict[date, int] = {}
        left = query.limit
        async with aclosing(self._engine.device.find(part, query)) as found:
            async for one in found:
                if not isinstance(one, Recording):
                    continue
                day = one.start.astimezone(self._engine.env.zone).date()
                if day not in counts and len(counts) >= limit:
                    break
                counts[day] = counts.get(day, 0) + 1
                left -= 1
                if not left:
                    break
        # The listing ended somewhere in its oldest day, or just before it.
        return [
            Day(day, counts[day], whole=bool(left) or day != min(counts))
            for day in sorted(counts, reverse=True)
        ]

    async def _found(self, part: PartId, query: Query, most: int = MOST) -> list[Recording]:
        """Recordings, without pictures."""
        listed: list[Recording] = []
        left = query.limit
        async with aclosing(self._engine.device.find(part, query)) as found:
            async for one in found:
                if isinstance(one, Recording) and not is_picture(one):
                    listed.append(one)
                left -= 1
                if not left or len(listed) >= most:
                    break
        return listed

    def _place(self, part: PartId) -> Part:
        place = self._engine.board.state.topology.parts.get(part)
        if place is None:
            raise BadInput(f"there is no part {part!r}")
        if TABLE not in place.tables:
            raise Unsupported(f"{part or 'the box'} has no {TABLE}")
        return place

    # --- what outlives a restart

    def _kept(self) -> dict[str, JSON]:
        kept = self._engine.env.memory.get(MEMORY)
        return dict(kept) if isinstance(kept, dict) else {}

    def _recalled(self, part: PartId) -> Known:
        return Known.recalled(self._kept().get(part))

    def _remember(self, part: PartId, known: Known) -> None:
        kept = self._kept()
        if kept.get(part) != (told := known.kept()):
            parts = self._engine.board.state.topology.parts
            here = {id_: one for id_, one in kept.items() if id_ in parts}
            self._engine.env.memory.put(MEMORY, {**here, part: told})

    def _tidy(self) -> None:
        """Forget parts that are gone."""
        parts = self._engine.board.state.topology.parts
        for part in self._known.keys() - parts.keys():
            del self._known[part]


class _Waiting:
    """Somebody who waits for a recording."""

    def __init__(self) -> None:
        """Begin to wait."""
        self.over = asyncio.Event()
        self.recording: Recording | None = None

    def came(self, recording: Recording) -> None:
        """Take the first one that comes."""
        if self.recording is None:
            self.recording = recording
            self.over.set()
