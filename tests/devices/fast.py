"""A loop whose time runs faster than the wall's: minutes of an outage pass in seconds.

Only waiting is faster. Work takes the time that it takes, else a machine that is slow or busy
would seem to be a network on which nobody answers in time.
"""

import asyncio
from datetime import UTC, datetime
import selectors
import time
from typing import override


class _Selector(selectors.DefaultSelector):
    """Waits a share of the time that it is told to, and knows how far that went ahead."""

    speed = 1.0
    ahead = 0.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        wanted = None if timeout is None else max(timeout, 0.0) / self.speed
        began = time.monotonic()
        found = super().select(wanted)
        waited = time.monotonic() - began
        # Who is woken late has not waited longer.
        self.ahead += (waited if wanted is None else min(waited, wanted)) * (self.speed - 1)
        return found


class FastLoop(asyncio.SelectorEventLoop):
    """A loop of its own speed; deadlines, sleeps and heartbeats on it all run alike."""

    def __init__(self, speed: float) -> None:
        """Begin at this speed."""
        self._fast = _Selector()
        self._fast.speed = speed
        super().__init__(self._fast)

    @override
    def time(self) -> float:
        return time.monotonic() + self._fast.ahead


class LoopClock:
    """An env.Clock that goes by the running loop."""

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
