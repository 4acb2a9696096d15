"""Sources of recordings as devices are: in chunks, by ranges, slow, broken, never ending."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from custom_components.cctv.media.remux import remux
from custom_components.cctv.media.source import Source


class Lost(Exception):
    """The connection broke."""


class Tape:
    """One file; counts who opened and who closed it."""

    def __init__(
        self,
        body: bytes,
        container: str = "dav",
        *,
        chunk: int = 4_096,
        ranged: bool = False,
        sized: bool = True,
        stalls_at: int | None = None,
        breaks_at: int | None = None,
    ) -> None:
        self.body = body
        self.container = container
        self.chunk = chunk
        self.ranged = ranged
        self.sized = sized
        self.stalls_at = stalls_at
        self.breaks_at = breaks_at
        self.opened: list[int] = []
        self.closed = 0
        self.given = 0
        self.stalled = asyncio.Event()

    def source(self, keep: tuple[float, float] | None = None) -> Source:
        """What media takes."""
        size = len(self.body) if self.sized else None
        return Source(self.container, self._open, size, self.ranged, keep)

    async def _open(self, start: int, end: int | None) -> AsyncIterator[bytes]:
        self.opened.append(start)
        return self._read(start if self.ranged else 0, end)

    async def _read(self, start: int, end: int | None) -> AsyncGenerator[bytes]:
        try:
            for at in range(start, len(self.body) if end is None else end, self.chunk):
                if self.stalls_at is not None and at >= self.stalls_at:
                    self.stalled.set()
                    await asyncio.Event().wait()
                if self.breaks_at is not None and at >= self.breaks_at:
                    raise Lost
                piece = self.body[at : at + self.chunk]
                self.given += len(piece)
                yield piece
        finally:
            self.closed += 1


async def film(
    *sources: Source | Tape,
    hevc: bool = True,
    length: float | None = None,
    into: list[bytes] | None = None,
) -> list[bytes]:
    """All that remux makes of them; `into` has what came before an error."""
    row = [one.source() if isinstance(one, Tape) else one for one in sources]
    pieces = [] if into is None else into
    async for piece in remux(row, hevc=hevc, length=length):
        pieces.append(piece)
    return pieces
