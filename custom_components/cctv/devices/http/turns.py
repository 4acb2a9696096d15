"""Whose turn it is: so many at a time, and of those who wait the most urgent first."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import heapq
import itertools

from ..errors import CannotConnect


class Turns:
    """A queue in front of a box that bears few requests at once; equals go in order."""

    def __init__(self, places: int) -> None:
        """Begin with every place free."""
        self._free = places
        self._order = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def take(self, urgency: int) -> AsyncGenerator[None]:
        """Wait for a place and keep it for the block; the lowest urgency goes first."""
        if self._free:
            self._free -= 1
        else:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (urgency, next(self._order), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if not mine.cancelled():
                    self._give()
                raise
        try:
            yield
        finally:
            self._give()

    def close(self) -> None:
        """Send away those who wait: CannotConnect."""
        for _, _, waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(CannotConnect("closed"))
        self._waiting.clear()

    def _give(self) -> None:
        """Hand a place to the next in line."""
        while self._waiting:
            _, _, waiting = heapq.heappop(self._waiting)
            if not waiting.done():
                waiting.set_result(None)
                return
        self._free += 1
