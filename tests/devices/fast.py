"""A loop whose time runs faster than the wall's: minutes of an outage pass in seconds.

Only waiting is faster. Work takes the time that it takes, in threads too, else a machine that is
slow or busy would seem to be a network on which nobody answers in time.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
import selectors
import time
from typing import override


class _Selector(selectors.DefaultSelector):
    """Waits a share of the time that it is told to, and knows how far that went ahead."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self.speed = speed
        self.ahead = 0.0
        self.jobs: set[object] = set()
        """What threads do at present."""

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        speed = 1.0 if self.jobs else self.speed
        wanted = None if timeout is None else max(timeout, 0.0) / speed
        began = time.monotonic()
        found = super().select(wanted)
        waited = time.monotonic() - began
        # Who is woken late has not waited longer.
        self.ahead += (waited if wanted is None else min(waited, wanted)) * (speed - 1)
        return found


class FastLoop(asyncio.SelectorEventLoop):
    """A loop of its own speed; deadlines, sleeps and heartbeats on it all run alike."""

    def __init__(self, speed: float) -> None:
        """Begin at this speed."""
        self._fast = _Selector(speed)
        super().__init__(self._fast)

    @override
    def time(self) -> float:
        return time.monotonic() + self._fast.ahead

    @override
    def run_in_executor[T, *Ts](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        job = object()
        begun = False

        def work(*given: *Ts) -> T:
            nonlocal begun
            begun = True
            try:
                return func(*given)
            finally:
                self._fast.jobs.discard(job)

        def left(_: object) -> None:
            # Who leaves does not end what a thread has begun.
            if not begun:
                self._fast.jobs.discard(job)

        self._fast.jobs.add(job)
        future = super().run_in_executor(executor, work, *args)
        future.add_done_callback(left)
        return future


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
