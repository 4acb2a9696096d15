"""A timer on the clock that was lent: it rings once, and can be set earlier meanwhile."""

import asyncio
from collections.abc import Callable
from math import inf
from typing import Final

from ..env import Clock, Crew

_SOON: Final = 0.001


class Alarm:
    """Rings at the earliest moment that was set; its owner then sets the next."""

    def __init__(self, clock: Clock, crew: Crew, ring: Callable[[], None], name: str) -> None:
        """Begin without a moment."""
        self._clock = clock
        self._crew = crew
        self._ring = ring
        self._name = name
        self._moment = inf
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def set(self, moment: float) -> None:
        """Ring at this moment, unless it rings before."""
        if moment >= self._moment or self._closed:
            return
        self._moment = moment
        if self._task is not None:
            self._task.cancel()
        self._task = self._crew.spawn(self._wait(moment), self._name)

    def clear(self) -> None:
        """Do not ring."""
        self._moment = inf
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def close(self) -> None:
        """Never ring again, whatever is set: nobody would end the wait."""
        self.clear()
        self._closed = True

    async def _wait(self, moment: float) -> None:
        while (left := moment - self._clock.monotonic()) > 0:
            await self._clock.sleep(max(left, _SOON))
        if self._moment == moment:
            self._moment = inf
            self._task = None
            self._ring()


async def either(clock: Clock, seconds: float, event: asyncio.Event) -> None:
    """Wait so long, or until the event is set."""
    tasks = [asyncio.ensure_future(clock.sleep(seconds)), asyncio.ensure_future(event.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
