"""A file on a device that is read anywhere, by ranges; read in a thread, filled from the loop."""

import asyncio
from concurrent.futures import Future
import io
import threading
from typing import Final

from .bridge import Closed, Inlet
from .source import Source, pour

READ_ON_BYTES: Final = 256 << 10
"""What lies so little ahead is read over: a new request takes longer."""
KEPT_BYTES: Final = 64 << 10
OPENED_MOST: Final = 2_000
"""A file that makes us jump more often is damaged."""


class Ranged:
    """Bytes of a source from wherever they are asked for."""

    def __init__(self, source: Source, size: int) -> None:
        """Begin at the start; nothing is asked for. In a running loop."""
        self._source = source
        self._size = size
        self._loop = asyncio.get_running_loop()
        self._inlet: Inlet | None = None
        self._filling: asyncio.Task[None] | None = None
        self._at = 0
        """Where the next byte that arrives belongs."""
        self._wanted = 0
        self._opened = 0
        self._kept = b""
        """What was read last: readers like to step back a little."""
        self._lock = threading.Lock()
        self._closed = False

    # --- in the loop

    async def _open(self, start: int) -> Inlet:
        await self._drop()
        inlet = Inlet()
        self._filling = asyncio.create_task(
            inlet.fill(pour(self._source, start)), name="recording: range"
        )
        with self._lock:
            if self._closed:
                inlet.close()
        return inlet

    async def _drop(self) -> None:
        filling, self._filling = self._filling, None
        if filling is not None:
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)

    def close(self) -> None:
        """Let a reader go that waits, and every later one."""
        with self._lock:
            self._closed = True
            inlet = self._inlet
        if inlet is not None:
            inlet.close()

    def check(self) -> None:
        """Raise what the source broke off with."""
        if self._filling is not None and self._filling.done():
            self._filling.result()

    async def aclose(self) -> None:
        """Close the source."""
        self.close()
        await self._drop()

    # --- in the thread

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to where the next byte is wanted."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._wanted, io.SEEK_END: self._size}[whence]
        self._wanted = min(max(0, base + offset), self._size)
        return self._wanted

    def tell(self) -> int:
        """Where that is."""
        return self._wanted

    def seekable(self) -> bool:
        """It can be read anywhere."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Wait for some bytes; none at the end. Closed when nobody wants them any more."""
        if self._wanted >= self._size:
            return b""
        begin = self._at - len(self._kept)
        if begin <= self._wanted < self._at:
            chunk = self._kept[self._wanted - begin :]
            if 0 <= size < len(chunk):
                chunk = chunk[:size]
            self._wanted += len(chunk)
            return chunk
        inlet = self._reach()
        while True:
            chunk = inlet.read(size)
            if not chunk:
                return b""
            self._at += len(chunk)
            self._kept = (self._kept + chunk)[-KEPT_BYTES:]
            over = self._wanted - (self._at - len(chunk))
            if over < len(chunk):
                self._wanted = self._at
                return chunk[over:]

    def _reach(self) -> Inlet:
        """What is read on arrives at the wanted byte soon, or anew from there."""
        inlet = self._inlet
        if inlet is not None and 0 <= self._wanted - self._at <= READ_ON_BYTES:
            return inlet
        self._opened += 1
        if self._opened > OPENED_MOST:
            raise OSError("It jumps too often")
        with self._lock:
            if self._closed:
                raise Closed
        opening: Future[Inlet] = asyncio.run_coroutine_threadsafe(
            self._open(self._wanted), self._loop
        )
        inlet = opening.result()
        with self._lock:
            self._inlet = inlet
            if self._closed:
                inlet.close()
        self._at, self._kept = self._wanted, b""
        return inlet
