"""Stored files on their way: exactly the bytes asked for, and no place held by a reader's pause.

Whoever plays a film reads it slowly, or stops it and goes to lunch. So a place at the device is
given back when nobody reads on, and the rest is asked for as a range when somebody does.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import re
from typing import Final, Self

from .env import Spawn
from .errors import BadInput, Busy, CannotConnect, Malformed
from .http.client import Stream

PATIENCE: Final = 20.0
"""So many seconds without a reader, and the place goes to somebody else."""
WAIT: Final = 30.0
"""So many seconds a place is waited for."""
_RANGE: Final = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*", re.IGNORECASE)
_LENGTH: Final = re.compile(r"\d{1,18}")

type Again = Callable[[int], Awaitable[Stream]]
"""Opens the same file from a byte on, up to the same end."""


def checked(start: int, end: int | None) -> None:
    """BadInput for what is no range of bytes."""
    if start < 0 or (end is not None and end <= start):
        raise BadInput("no range of bytes")


def length_of(stream: Stream) -> int | None:
    """How long an answer says that it is."""
    said = stream.headers.get("content-length", "").strip()
    return int(said) if _LENGTH.fullmatch(said) else None


def whole_of(stream: Stream, start: int) -> int | None:
    """How long the whole file is of which a part is sent; None if that is not said.

    Malformed if the part begins elsewhere.
    """
    said = _RANGE.fullmatch(stream.headers.get("content-range", ""))
    if said is None:
        return None
    if int(said[1]) != start:
        raise Malformed("another part of the file than was asked for")
    return None if said[3] == "*" else int(said[3])


class Downloads:
    """The downloads of one device: so many at a time."""

    def __init__(self, spawn: Spawn, places: int) -> None:
        """None is under way."""
        self.spawn = spawn
        self._places = asyncio.Semaphore(places)
        self._open: set[Download] = set()
        self._closed = False

    async def take(self) -> None:
        """Wait for a place; Busy where none becomes free. `give` or a Download gives it back."""
        try:
            async with asyncio.timeout(WAIT):
                await self._places.acquire()
        except TimeoutError:
            raise Busy("other recordings are being fetched") from None
        if self._closed:
            self.give()
            raise CannotConnect("closed")

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[None]:
        """A place for what is opened here; given back if that fails, or is cancelled."""
        await self.take()
        try:
            yield
        except BaseException:
            self.give()
            raise

    def give(self) -> None:
        """Give a place back."""
        self._places.release()

    def enter(self, download: Download) -> None:
        """Know of one, so that it ends with the device."""
        self._open.add(download)

    def leave(self, download: Download) -> None:
        """It has ended."""
        self._open.discard(download)

    async def close(self) -> None:
        """End them all; whoever waits is sent away in time."""
        self._closed = True
        for download in list(self._open):
            await download.aclose()


class Download:
    """The bytes of a file from one to before another, as a reader wants them."""

    def __init__(
        self, downloads: Downloads, stream: Stream, start: int, end: int | None, again: Again | None
    ) -> None:
        """Take over a place and an open answer that begins at `start`.

        Without `again` the place is held until the end.
        """
        self._downloads = downloads
        self._stream: Stream | None = stream
        self._at = start
        self._end = end
        self._again = again
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        downloads.enter(self)
        self._rest()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        self._wake()
        if self._ended or self._at == self._end:
            await self.aclose()
            raise StopAsyncIteration
        try:
            chunk = await anext(self._stream or await self._resumed())
        except StopAsyncIteration:
            await self.aclose()
            if self._end is None:
                raise
            raise Malformed("the file breaks off") from None
        except BaseException:
            # Cancelled too: a reader that fails does not come back to close it.
            await self.aclose()
            raise
        if self._end is not None:
            chunk = chunk[: self._end - self._at]
        self._at += len(chunk)
        if self._at == self._end:
            await self._free()
        else:
            self._rest()
        return chunk

    async def aclose(self) -> None:
        """Let everything go."""
        self._ended = True
        self._wake()
        self._downloads.leave(self)
        await self._free()

    async def _resumed(self) -> Stream:
        """The rest of the file, after a pause."""
        if self._again is None:
            raise Malformed("the file cannot be read on")
        async with self._downloads.place():
            self._stream = await self._again(self._at)
        return self._stream

    async def _free(self) -> None:
        """Let the answer go, and give its place back."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await self._let_go(stream)

    async def _let_go(self, stream: Stream) -> None:
        try:
            await stream.aclose()
        finally:
            self._downloads.give()

    def _rest(self) -> None:
        """From now on nobody reads."""
        if self._again is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PATIENCE, self._pause)

    def _wake(self) -> None:
        """Somebody reads."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pause(self) -> None:
        """Nobody has read for long."""
        self._timer = None
        stream, self._stream = self._stream, None
        if stream is not None:
            self._downloads.spawn(self._let_go(stream), "download paused")


def ranged(stream: Stream) -> bool:
    """Whether a file can be asked for in parts, as its answer says."""
    if stream.status == 206:
        return True
    return stream.headers.get("accept-ranges", "").strip().lower() == "bytes"
