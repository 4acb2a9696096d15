"""Going back from day to day in a camera's files (§4.11.5), two days at a time."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator
from datetime import date, datetime, timedelta
import logging
from typing import Any, Final

from ..errors import Busy, NoAnswer, Rejected, Unsupported
from ..model import PartId, Query
from ..when import NO_DRIFT, drift_of
from . import windows
from .box import Box
from .clocks import Dial, dial
from .features import FINDER, RPC2
from .finder import ANEW, CgiFinder, Finder, RpcFinder, Scope
from .inventory import Camera
from .listing import PAGE, Item, Page
from .windows import Window

_LOGGER = logging.getLogger(__name__)

_CHANNEL: Final = "finder channel"
_EMPTY: Final = 7
"""After so many days without a file a camera is asked once whether it has older ones."""
_EMPTY_RECORDER: Final = 31
"""Recorders are not asked for more than a day (§4.11.5): with none for a month there is none."""
_STREAMS: Final = 3
_SHORTEST: Final = timedelta(minutes=10)
_SECOND: Final = timedelta(seconds=1)
_SOON: Final = timedelta(minutes=1)


def camera_of(box: Box, part: PartId) -> Camera:
    """The camera whose files are searched. Unsupported for any other part."""
    camera = next((each for each in box.cameras.values() if each.part.id == part), None)
    if camera is None or not box.has_recordings:
        raise Unsupported(f"no recordings in {part or 'the box'}")
    return camera


async def clock(box: Box) -> Dial:
    """The clock that dates the files; asked for where no poll has told it yet (§4.6.2)."""
    now = box.env.clock.now()
    async with box.looking:
        # Many parts may be searched at once: one of them looks for all.
        if box.drift is None:
            try:
                box.drift = drift_of(await box.client.time(), box.env.zone, now)
            except Unsupported:
                box.drift = NO_DRIFT
    box.dial = dial(box.env.zone, box.drift, now, box.dial)
    return box.dial


def horizon(box: Box, query: Query) -> datetime:
    """Where a search ends: nothing is younger than now."""
    now = box.env.clock.now() + _SOON
    return now if query.end is None else min(query.end, now)


class Newest:
    """Gathers pages in bounded memory: of the items that are wanted, the newest."""

    def __init__(self, limit: int, fits: Callable[[Item], bool]) -> None:
        """Keep what fits and is needed to tell `limit` recordings."""
        # The same time may be listed once a stream.
        self._limit = _STREAMS * limit
        self._fits = fits
        self._kept: list[tuple[int, Item]] = []
        self._taken = 0

    def take(self, page: Page) -> bool:
        """Add a page; ANEW begins from the beginning. It always wants more."""
        if page is ANEW:
            self._kept.clear()
            self._taken = 0
            return True
        for item in page.items:
            self._taken += 1
            if self._fits(item):
                self._kept.append((self._taken, item))
        if len(self._kept) > 2 * self._limit + PAGE:
            self._trim()
        return True

    def items(self) -> list[Item]:
        """The newest, in the order they were listed."""
        if len(self._kept) > self._limit:
            self._trim()
        return [item for _, item in self._kept]

    def _trim(self) -> None:
        """Let the oldest go."""
        self._kept.sort(key=lambda each: each[1].start)
        del self._kept[: -self._limit]
        self._kept.sort(key=lambda each: each[0])


class Walk:
    """One search through a camera's files, from the newest day back."""

    def __init__(self, box: Box, camera: Camera, shown: Dial, since: datetime | None) -> None:
        """Nothing is asked."""
        self._box = box
        self._camera = camera
        self._shown = shown
        self._since = since
        self._finder: Finder = (
            RpcFinder(box.rpc2) if box.verdicts.get(FINDER) == RPC2 else CgiFinder(box.client)
        )

    async def days(
        self, asked: Iterator[Window], limit: int, wanted: Callable[[Item], bool]
    ) -> AsyncGenerator[tuple[Window, list[Item]]]:
        """The newest items of each window, as listed."""

        def fits(item: Item) -> bool:
            return self._fits(item) and wanted(item)

        async def gather(window: Window) -> list[Item]:
            newest = Newest(limit, fits)
            step: timedelta | None = None
            begun = False

            def take(page: Page) -> bool:
                nonlocal begun, step
                if not begun:
                    step = _step(window, page, limit)
                begun = page is not ANEW
                return newest.take(page) and step is None

            scopes = self._scopes(window.start, window.end)
            scope = await self._box.finders.walk(self._finder, scopes, take)
            found = newest.items()
            self._learnt(scope if found else None)
            if step is not None:
                found = await self._newest(_parts(window, step), limit, fits)
            return [item for item in found if _within(item, window)]

        # Whoever wants little most likely finds it in the first day.
        ahead = 2 if limit > PAGE else 1
        async for each in self._each(asked, ahead, gather, bool):
            yield each

    async def first(self, asked: Iterator[Window]) -> AsyncGenerator[tuple[Window, Page]]:
        """The first page of each window."""

        async def look(window: Window) -> Page:
            found = await self._look(window.start, window.end, PAGE)
            items = (item for item in found.items if self._fits(item) and _within(item, window))
            return Page(found.found, tuple(items))

        async for each in self._each(asked, 2, look, lambda page: bool(page.items)):
            yield each

    async def _newest(
        self, parts: Iterable[Window], limit: int, fits: Callable[[Item], bool]
    ) -> list[Item]:
        """The items of parts of a day, the newest part first, until they are enough."""
        found: dict[str, Item] = {}
        for part in parts:
            newest = Newest(limit, fits)
            scopes = self._scopes(part.start, part.end)
            scope = await self._box.finders.walk(self._finder, scopes, newest.take)
            older = {item.path: item for item in newest.items()}
            self._learnt(scope if older else None)
            found = {**{path: one for path, one in older.items() if path not in found}, **found}
            if sum(item.main for item in found.values()) >= limit:
                break
        return list(found.values())

    async def _look(self, start: datetime, end: datetime, count: int) -> Page:
        """The first page of a time."""
        found = await self._box.finders.first(self._finder, self._scopes(start, end), count)
        self._learnt(found[0] if found else None)
        return found[1] if found else Page(0)

    async def _each[T](
        self,
        asked: Iterator[Window],
        ahead: int,
        ask: Callable[[Window], Coroutine[Any, Any, T]],
        has_any: Callable[[T], bool],
    ) -> AsyncGenerator[tuple[Window, T]]:
        """Ask for each window in turn, the next one already under way.

        After a week without files a camera is asked once whether it has older ones; without any the
        walk ends, and otherwise it goes on to the day of the one that was told. A recorder, which
        bears no question of more than a day, is left after a month without files.
        """
        most = _EMPTY_RECORDER if self._box.identity.recorder else _EMPTY
        tasks: deque[tuple[Window, asyncio.Task[T]]] = deque()
        empty = 0
        certain: date | None = None
        try:
            while True:
                while len(tasks) < ahead and (window := next(asked, None)) is not None:
                    tasks.append((window, asyncio.create_task(ask(window), name="find files")))
                if not tasks:
                    return
                window, task = tasks[0]
                answer = await task
                tasks.popleft()
                if has_any(answer):
                    empty = 0
                    yield window, answer
                    continue
                empty += 1
                ahead = 2
                if empty < most or (certain is not None and window.day > certain):
                    continue
                if self._box.identity.recorder:
                    return
                certain = await self._older(window.day)
                if certain is None:
                    return
                empty = 0
        finally:
            for _, task in tasks:
                task.cancel()
            await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)

    async def _older(self, day: date) -> date | None:
        """A day before this one that has files; None if there is none, or the box cannot say."""
        rest = windows.before(day, self._shown, self._since)
        if rest.start > rest.end:
            return None
        try:
            found = await self._look(rest.start, rest.end, 1)
        except (Busy, NoAnswer, Rejected) as error:
            _LOGGER.debug("No word of files before %s: %r", day, error)
            return None
        days = [item.start.date() for item in found.items if item.start.date() < day]
        return min(days, default=None)

    # --- channels -----------------------------------------------------------------------------

    def _scopes(self, start: datetime, end: datetime) -> tuple[Scope, ...]:
        """What to ask for a time: a box that is one camera may count its channel from 0 (§2)."""
        return tuple(Scope(channel, start, end) for channel in self._channels())

    def _channels(self) -> tuple[int, ...]:
        """The numbers that the camera's channel may have in a query."""
        if not self._box.alone or isinstance(self._finder, RpcFinder):
            return (self._camera.channel,)
        known = self._box.verdicts.get(_CHANNEL)
        if isinstance(known, int) and not isinstance(known, bool):
            return (known,)
        return (self._camera.channel, self._camera.channel - 1)

    def _learnt(self, scope: Scope | None) -> None:
        """Remember the number that brought files."""
        if scope is not None and len(self._channels()) > 1:
            self._box.verdicts.put(_CHANNEL, scope.channel)

    def _fits(self, item: Item) -> bool:
        """Whether it is of this camera; some boxes tell more than was asked."""
        return self._box.alone or item.channel in (None, self._camera.index)


def _within(item: Item, window: Window) -> bool:
    """Whether any of it is of this time."""
    return item.start <= window.end and max(item.start, item.end) >= window.start


def _step(window: Window, page: Page, limit: int) -> timedelta | None:
    """Of a day with more than a page, how much its newest files take, by how close these lie.

    None where that is most of the day, so that it is as well read from its beginning.
    """
    if page.found < PAGE or not page.items:
        return None
    starts = [item.start for item in page.items]
    step = max(_SHORTEST, (max(starts) - min(starts)) * (1.25 * limit / PAGE))
    return step if step < (window.end - window.start) / 2 else None


def _parts(window: Window, step: timedelta) -> Iterator[Window]:
    """A day cut into parts, the newest first and each twice as long as the one before."""
    end = window.end
    while end >= window.start:
        start = end - step + _SECOND
        if start < window.start + step / 2:
            start = window.start
        yield Window(start, end)
        end = start - _SECOND
        step *= 2
