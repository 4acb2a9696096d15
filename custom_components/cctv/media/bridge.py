"""A bounded bridge: bytes arrive in the event loop, and PyAV reads them in its own thread."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Callable
from contextlib import suppress
import threading
from typing import Final, Protocol

HELD_MOST_BYTES: Final = 3 << 19
"""Nothing more is taken from the source while so much waits to be read."""
BATCH_BYTES: Final = 3 << 18
"""So much is worth a turn of the thread, if it comes soon."""
BATCH_SECONDS: Final = 0.05
"""So long is waited for that much: nobody sees that a slow source's bytes come later by this."""


class Closed(Exception):
    """Whoever wanted the bytes has left."""


class Inlet:
    """A file that can only be read on, filled from the event loop."""

    def __init__(self) -> None:
        """Begin empty, in a running loop."""
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Event()
        self._enough = asyncio.Event()
        self._wanted = 1
        """So much has to be held before `_enough`."""
        self._news = threading.Condition()
        self._chunks: deque[bytes] = deque()
        self._skip = 0
        """So much of the first chunk is read."""
        self._held = 0
        self._ended = False
        self._closed = False

    async def fill(self, chunks: AsyncIterable[bytes]) -> None:
        """Take in all as fast as it is read, then close the source; what that raises comes out."""
        try:
            async for chunk in chunks:
                if chunk:
                    await self._put(chunk)
        finally:
            with self._news:
                self._ended = True
                self._news.notify_all()
            self._enough.set()
            close = getattr(chunks, "aclose", None)
            if close is not None:
                await close()

    @property
    def held(self) -> int:
        """Bytes that wait to be read."""
        return self._held

    async def filled(self) -> None:
        """Wait for something to read, or the end, and a little for a whole batch of it."""
        await self._has(1)
        with suppress(TimeoutError):
            async with asyncio.timeout(BATCH_SECONDS):
                await self._has(min(BATCH_BYTES, HELD_MOST_BYTES))

    async def _has(self, size: int) -> None:
        self._wanted = size
        self._enough.clear()
        if self._held < size and not (self._ended or self._closed):
            await self._enough.wait()

    def close(self) -> None:
        """Let a reader go that waits, and every later one."""
        with self._news:
            self._closed = True
            self._chunks.clear()
            self._news.notify_all()

    async def _put(self, chunk: bytes) -> None:
        while True:
            with self._news:
                if self._held < HELD_MOST_BYTES or self._closed:
                    self._chunks.append(chunk)
                    self._held += len(chunk)
                    self._news.notify_all()
                    if self._held >= self._wanted:
                        self._enough.set()
                    return
                self._room.clear()
            await self._room.wait()

    # --- in the thread

    def read(self, size: int = -1) -> bytes:
        """Wait for some bytes; none at the end. Closed when nobody wants them any more."""
        with self._news:
            if not self._wait():
                return b""
            chunk = self._take(size)
            self._taken(len(chunk))
            return chunk

    def some(self) -> list[bytes]:
        """Wait for some bytes and take all that are here; like `read`."""
        with self._news:
            if not self._wait():
                return []
            chunks = [self._take(-1), *self._chunks]
            self._chunks.clear()
            self._taken(self._held)
            return chunks

    def _wait(self) -> bool:
        """Wait until there is something to read; False at the end. Closed."""
        while not (self._chunks or self._ended or self._closed):
            self._news.wait()
        if self._closed:
            raise Closed
        return bool(self._chunks)

    def _taken(self, size: int) -> None:
        self._held -= size
        if self._held < HELD_MOST_BYTES and not self._room.is_set():
            self._loop.call_soon_threadsafe(self._room.set)

    def _take(self, size: int) -> bytes:
        """The first chunk, or so much of it."""
        first, begin = self._chunks[0], self._skip
        if 0 <= size < len(first) - begin:
            self._skip += size
            return first[begin : self._skip]
        self._chunks.popleft()
        self._skip = 0
        return first[begin:]


class Closes(Protocol):
    """What a thread may wait for, and that can let it go."""

    def close(self) -> None:
        """Let whoever waits go."""


async def in_thread[T](call: Callable[[], T], inlet: Closes | None) -> T:
    """Run it in a thread; one who leaves has it end first, since it cannot be shared."""
    future = asyncio.get_running_loop().run_in_executor(None, call)
    try:
        # No shield: it tells the loop of whatever a call raises that nobody waits for any more.
        await asyncio.wait((future,))
        return future.result()
    except asyncio.CancelledError:
        if inlet is not None:
            inlet.close()
        await asyncio.wait((future,))
        if not future.cancelled():
            future.exception()
        raise
