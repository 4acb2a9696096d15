"""Any sound becomes what a speaker takes: decoded, made louder or softer, cut into frames, paced.

All of PyAV runs in a thread, half a second of sound at a time, so that none is held while a frame
waits for its moment, and one who leaves stops the work.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from math import inf
from pathlib import Path
import time
from typing import Final, Protocol, cast

from .bridge import Inlet, in_thread
from .encode import CODECS, Codec, Encoder, SoundError, frame_seconds

__all__ = ["CODECS", "Clock", "Codec", "SoundError", "sound"]

BATCH_SECONDS: Final = 0.5
LEAD_SECONDS: Final = 0.1
"""A frame goes out so much before its moment: a late one would be heard as a gap."""
LAG_SECONDS: Final = 1.0
"""Who takes frames so much too late gets the next ones at their pace, not all at once."""


class Clock(Protocol):
    """The time; tests own it."""

    def monotonic(self) -> float:
        """Seconds that only ever rise."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def sound(
    source: Path | AsyncIterable[bytes],
    *,
    codec: str,
    rate: int,
    frame: int,
    paced: bool = True,
    limit: int | None = None,
    gain: float = 1.0,
    clock: Clock | None = None,
) -> AsyncGenerator[bytes]:
    """Frames of `frame` bytes (of AAC one ADTS frame each), in real time when `paced`.

    `source` is a file or the bytes of one; `rate` in samples a second; `limit` the most bytes in
    all; `gain` 1 leaves it as loud as it is. SoundError, or what the source raises; close it
    (`aclosing`) to stop the work.
    """
    seconds = frame_seconds(codec, rate, frame)
    encoder = Encoder(CODECS[codec], rate, frame, gain)
    pace = _Pace(clock or SystemClock(), seconds)
    left = inf if limit is None else limit
    async with aclosing(_frames(source, encoder, max(1, round(BATCH_SECONDS / seconds)))) as frames:
        async for one in frames:
            left -= len(one)
            if left < 0:
                break
            if paced:
                await pace.turn()
            yield one
    if paced:
        await pace.end()


async def _frames(
    source: Path | AsyncIterable[bytes], encoder: Encoder, count: int
) -> AsyncGenerator[bytes]:
    """Frames as fast as they are taken, so many made at a time. SoundError if there are none."""
    inlet = filling = None
    if not isinstance(source, Path):
        inlet = Inlet()
        filling = asyncio.create_task(inlet.fill(source), name="sound: source")
    file = source if isinstance(source, Path) else cast("Inlet", inlet)
    made = False
    try:
        await in_thread(lambda: encoder.open(file), inlet)
        while batch := await in_thread(lambda: encoder.more(count), inlet):
            made = True
            for one in batch:
                yield one
        _look_at(filling)
        if not made:
            raise SoundError("there is no sound in it")
    except SoundError:
        _look_at(filling)
        raise
    finally:
        await in_thread(encoder.close, inlet)
        if filling is not None:
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)


def _look_at(filling: asyncio.Task[None] | None) -> None:
    """Raise what the source broke off with: that is nearer to the cause."""
    if filling is not None and filling.done():
        filling.result()


class _Pace:
    """When each frame is due, counted from when the second one is asked for."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._count = 0
        self._begin = 0.0

    async def turn(self) -> None:
        """Wait until the next frame may go out."""
        now = self._clock.monotonic()
        if self._count < 2:
            # Whoever plays it had to be reached first: that is no delay to make up for.
            self._begin = now
        due = self._begin + self._count * self._seconds - LEAD_SECONDS
        self._begin += max(0.0, now - due - LAG_SECONDS)
        if self._count and due > now:
            await self._clock.sleep(due - now)
        self._count += 1

    async def end(self) -> None:
        """Wait until the last frame was heard: hanging up would cut it off."""
        left = self._begin + self._count * self._seconds - self._clock.monotonic()
        if left > 0:
            await self._clock.sleep(left)
