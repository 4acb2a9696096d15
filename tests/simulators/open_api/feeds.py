"""Streams without an end: who listens, how they are woken, and how they are spoilt."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import random
from typing import Self

from tests.simulators.open_api.faults import Faults
from tests.simulators.wire import Connection, Signal

_SIZES = (1, 2, 3, 7, 40, 200, 1400)
_WHOLE = 65_536
_DEADLINE = 60.0


async def put(connection: Connection, data: bytes, faults: Faults, dice: random.Random) -> None:
    """Hand bytes over and wait until most are taken; cut anywhere if that is asked for."""
    async with asyncio.timeout(_DEADLINE):
        start = 0
        while start < len(data) and not connection.closing:
            size = len(data)
            if faults.splits:
                size = _WHOLE if len(data) - start > _WHOLE else dice.choice(_SIZES)
            connection.write(data[start : start + size])
            await connection.drain()
            start += size
            if start < len(data):
                await asyncio.sleep(0)


class Feed:
    """One stream and its client."""

    def __init__(self, kind: str, connection: Connection, feeds: Feeds) -> None:
        """Belong to these feeds."""
        self.kind = kind
        self.connection = connection
        self.stalled = False
        self.ended = False
        self.woken = False
        """Whether the last rest was cut short."""
        self._feeds = feeds
        self._bell = asyncio.Event()
        self._leaving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch whether the client is still there."""
        self._leaving = asyncio.get_running_loop().create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Watch no longer."""
        if self._leaving is not None:
            self._leaving.cancel()
            await asyncio.gather(self._leaving, return_exceptions=True)

    async def _watch(self) -> None:
        await self.connection.gone()
        self.ended = True
        self._bell.set()

    def wake(self) -> None:
        """Have it look at once whether there is something to say."""
        self._bell.set()

    async def rest(self, seconds: float | None) -> bool:
        """Wait so long, or until woken; whether the client is still there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        self.woken = self._bell.is_set()
        self._bell.clear()
        return not self.ended and not self.connection.closing

    async def say(self, data: bytes) -> None:
        """Send bytes, unless the stream has fallen silent."""
        if not self.stalled:
            await put(self.connection, data, self._feeds.faults, self._feeds.dice)

    async def part(self, data: bytes) -> bool:
        """Send one part of a text stream, with what the switches do to it; False: it is over."""
        feeds, faults = self._feeds, self._feeds.faults
        feeds.parts[self.kind] += 1
        number = feeds.parts[self.kind]
        if due(faults.stall_every, number) and self._leaving is not None:
            await asyncio.wait([self._leaving], timeout=faults.stall_seconds)
        if due(faults.long_line_every, number):
            await self.say(b"x" * faults.long_line + (faults.eol or b"\r\n"))
        if due(faults.half_line_every, number):
            await self.say(data[: len(data) * 2 // 3])
            self.connection.close()
            return False
        await self.say(data)
        return not self.ended and not self.connection.closing


class Feeds:
    """All streams of one camera."""

    def __init__(self, faults: Faults, changed: Signal) -> None:
        """Start with nobody listening."""
        self.faults = faults
        self.open: list[Feed] = []
        self.opened: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()
        self.dice = random.Random(7)
        self._changed = changed

    @asynccontextmanager
    async def serve(self, kind: str, connection: Connection) -> AsyncIterator[Feed]:
        """Keep a stream in the list for as long as it is served."""
        async with Feed(kind, connection, self) as feed:
            self.open.append(feed)
            self.opened[kind] += 1
            self._changed.poke()
            try:
                yield feed
            finally:
                self.open.remove(feed)
                self._changed.poke()

    def busy(self) -> bool:
        """Whether the stream that is asked for now is refused with 503."""
        self.opened["asked"] += 1
        return due(self.faults.busy_every, self.opened["asked"])

    def of(self, *kinds: str) -> list[Feed]:
        """The open streams of some kinds; without any, all of them."""
        return [feed for feed in self.open if not kinds or feed.kind in kinds]

    def wake(self, *kinds: str) -> None:
        """Have streams look at once whether there is something to say."""
        for feed in self.of(*kinds):
            feed.wake()

    def cut(self, *kinds: str, rst: bool = False) -> None:
        """End streams, with an RST or cleanly."""
        for feed in self.of(*kinds):
            if rst:
                feed.connection.reset()
            else:
                feed.connection.close()
            feed.wake()

    def stall(self, *kinds: str) -> None:
        """Have the streams of now say nothing more, with their sockets open."""
        for feed in self.of(*kinds):
            feed.stalled = True

    def send_raw(self, data: bytes, *kinds: str) -> None:
        """Put bytes into streams as they are."""
        for feed in self.of(*kinds):
            feed.connection.write(data)


def due(every: int, number: int) -> bool:
    """Whether something that happens every so often happens now."""
    return every > 0 and number % every == 0
