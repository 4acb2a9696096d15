"""Files on their way to a client, and everything that can befall them (§4.11.6, §4.11.7)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

from tests.simulators.amcrest.faults import Faults
from tests.simulators.wire import Connection, Headers, Signal, render_head

type Gate = Callable[[], Awaitable[bool]]
"""Waits while nothing may flow; whether it goes on."""

_KEPT = 500
_PIECE = 65_536
_DRIPS_A_SECOND = 20


@dataclass(slots=True)
class Download:
    """One answer with a file in it."""

    name: str
    """The path, or `<verb> <start> <end>` where there is none."""
    size: int | None
    sent: int = 0
    held: bool = False
    """It has stalled, with its socket open."""
    done: bool = False
    """Every byte was handed over."""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent: its name in the log, its head, its bytes and how many there are."""

    name: str
    headers: Headers
    pieces: Iterator[bytes]
    size: int | None = None
    """None where the box does not say it beforehand."""


class Downloads:
    """All downloads of one box."""

    def __init__(self, faults: Faults, changed: Signal) -> None:
        """Begin with none."""
        self.log: deque[Download] = deque(maxlen=_KEPT)
        self._faults = faults
        self._changed = changed
        self._released = asyncio.Event()

    @property
    def open(self) -> list[Download]:
        """Those that are under way."""
        return [one for one in self.log if not one.closed]

    @property
    def busy(self) -> bool:
        """Whether another one is refused."""
        return len(self.open) >= self._faults.downloads

    def release(self) -> None:
        """Let the stalled ones go on, and those to come pass."""
        self._faults.download_stall = None
        self._released.set()
        self._released = asyncio.Event()

    async def send(
        self,
        connection: Connection,
        body: Body,
        *,
        head_only: bool = False,
        gate: Gate | None = None,
    ) -> None:
        """Hand a file over, as the switches say; the connection ends with it."""
        download = Download(body.name, body.size)
        self.log.append(download)
        self._changed.poke()
        headers = list(body.headers)
        if body.size is not None:
            headers.append(("Content-Length", str(body.size)))
        headers.append(("Connection", "close"))
        connection.begin(render_head(200, headers))
        try:
            if not head_only:
                await self._pour(connection, body.pieces, download, gate)
        finally:
            download.closed = True
            self._changed.poke()

    async def _pour(
        self,
        connection: Connection,
        pieces: Iterator[bytes],
        download: Download,
        gate: Gate | None = None,
    ) -> None:
        for piece in self._sliced(pieces, download):
            if gate is not None and not await gate():
                return
            connection.write(piece)
            download.sent += len(piece)
            self._changed.poke()
            await connection.drain()
            faults = self._faults
            if faults.download_cut is not None and download.sent >= faults.download_cut:
                self._cut(connection)
                return
            if faults.download_stall is not None and download.sent >= faults.download_stall:
                await self._hold(connection, download)
            if connection.closing:
                return
            if faults.download_rate:
                await asyncio.sleep(len(piece) / faults.download_rate)
        download.done = True

    def _sliced(self, pieces: Iterator[bytes], download: Download) -> Iterator[bytes]:
        """The bytes in pieces that end where the switches say that something happens."""
        for piece in pieces:
            at = 0
            while at < len(piece):
                size = self._next_size(download)
                yield piece[at : at + size]
                at += size

    def _next_size(self, download: Download) -> int:
        faults = self._faults
        sizes = [_PIECE]
        if faults.download_rate:
            sizes.append(max(1, faults.download_rate // _DRIPS_A_SECOND))
        marks = (faults.download_cut, faults.download_stall)
        sizes += (mark - download.sent for mark in marks if mark and mark > download.sent)
        return min(sizes)

    def _cut(self, connection: Connection) -> None:
        if self._faults.download_cut_rst:
            connection.reset()
        else:
            connection.close()

    async def _hold(self, connection: Connection, download: Download) -> None:
        """Say nothing more until released; a client that leaves ends it."""
        download.held = True
        self._changed.poke()
        gone = asyncio.ensure_future(connection.gone())
        freed = asyncio.ensure_future(self._released.wait())
        try:
            await asyncio.wait({gone, freed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            download.held = False
            left = gone.done() and not gone.cancelled()
            for task in (gone, freed):
                task.cancel()
            await asyncio.gather(gone, freed, return_exceptions=True)
        if left:
            connection.close()


def wrapped(body: Body, boundary: str = "myboundary") -> Body:
    """The file as some recorders send it: a JSON part that says how it went, then the file."""
    status = b'{"result":true}'
    first = _part(boundary, "application/json", status) + b"\r\n"
    second = _part_head(boundary, "application/http", body.size)
    last = f"\r\n--{boundary}--\r\n".encode()

    def pieces() -> Iterator[bytes]:
        yield first + second
        yield from body.pieces
        yield last

    size = None if body.size is None else len(first) + len(second) + body.size + len(last)
    kind = (("Content-Type", f"multipart/x-mixed-replace; boundary={boundary}"),)
    return replace(body, headers=kind, pieces=pieces(), size=size)


def _part(boundary: str, kind: str, body: bytes) -> bytes:
    return _part_head(boundary, kind, len(body)) + body


def _part_head(boundary: str, kind: str, size: int | None) -> bytes:
    length = "" if size is None else f"Content-Length: {size}\r\n"
    return f"--{boundary}\r\nContent-Type: {kind}\r\n{length}\r\n".encode()
