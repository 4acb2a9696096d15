"""A clock that tests own: nothing waits, and time passes only when told to."""

import asyncio
from datetime import UTC, datetime, timedelta
import heapq
from itertools import count
from typing import Final, override

from custom_components.cctv.devices.env import SystemClock

TURNS: Final = 40
"""No chain of tasks in the engine needs more turns of the loop than this to come to rest."""


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class HastyClock(SystemClock):
    """The machine's time, but for waits, which are shorter: for boxes that are as hasty."""

    def __init__(self, pace: float) -> None:
        """Take so long for a second."""
        self._pace = pace

    @override
    async def sleep(self, seconds: float) -> None:
        """Wait a part of the time."""
        await super().sleep(seconds * self._pace)


class FakeClock:
    """An env.Clock whose time is moved by `advance`."""

    def __init__(self, start: float = 1000) -> None:
        """Begin some time after the machine's own start."""
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return self._now

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=self._now)

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has let so much time pass."""
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), waker))
        await waker

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everybody run who wakes meanwhile, each at the right moment."""
        end = self._now + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, waker = heapq.heappop(self._sleepers)
            if waker.done():
                continue
            self._now = max(self._now, moment)
            waker.set_result(None)
            await settle()
        self._now = end
        await settle()

    @property
    def sleepers(self) -> int:
        """How many are waiting."""
        return sum(not waker.done() for _, _, waker in self._sleepers)
