"""A loop whose time runs faster than the wall's: minutes of an outage pass in seconds."""

import asyncio
from datetime import UTC, datetime
import selectors
import time
from typing import override


class _Selector(selectors.DefaultSelector):
    """Waits a share of the time that it is told to."""

    speed = 1.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / self.speed)


class FastLoop(asyncio.SelectorEventLoop):
    """A loop of its own speed; deadlines, sleeps and heartbeats on it all run alike."""

    def __init__(self, speed: float) -> None:
        """Begin at this speed."""
        self._fast = _Selector()
        self._fast.speed = speed
        self._began = time.monotonic()
        super().__init__(self._fast)

    @override
    def time(self) -> float:
        return self._began + (time.monotonic() - self._began) * self._fast.speed


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
