"""Recordings of any kind become one fragmented MP4, while they are read."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
import logging
from typing import Final

from .bridge import in_thread
from .cut import cut
from .feed import Feed
from .film import Film, most
from .index import Index
from .source import MediaError, Source

_LOGGER = logging.getLogger(__name__)

_COPIED = frozenset(("dav", "mp4", "mov", "m4v"))
"""Kinds of file whose pictures a browser mostly takes as they are."""
_HEVC_TIMES: Final = 4
_OTHER_TIMES: Final = 2
_LEFT_OUT: Final = frozenset(("media_damaged", "media_empty"))
"""What does not keep the others of a row from being played."""


def bound(sources: Sequence[Source], *, hevc: bool = True) -> int | None:
    """Most bytes that `remux` gives for them, None if that is not known before (§ `film.most`)."""
    known = [one.size for one in sources if one.size is not None]
    return most(sum(known), _times(sources, hevc=hevc)) if len(known) == len(sources) else None


def _times(sources: Sequence[Source], *, hevc: bool) -> int:
    """How often what goes in may come out: H.264 takes more than H.265, and than MPEG-4."""
    if not hevc:
        return _HEVC_TIMES
    return 1 if all(one.container.lower() in _COPIED for one in sources) else _OTHER_TIMES


async def remux(
    sources: Sequence[Source],
    *,
    hevc: bool = True,
    length: float | None = None,
    index: Index | None = None,
) -> AsyncGenerator[bytes]:
    """Pieces of an MP4 that has them one after the other; its length in seconds is told in front.

    With an `index` players need not read all of it to begin: when it is whole,
    `index.whole(total)` belongs at `index.offset`. Whoever promised a total fills up the rest with
    a `free` box.

    H.264 and H.265 stay as they are, all else becomes H.264, and H.265 too where `hevc` is False;
    AAC stays, other sound becomes AAC. A recording of several that has nothing in it is left out.
    MediaError, before the first piece when nothing can be played; whatever a source raises, after
    what came before. Close it (`aclosing`) to stop the work.
    """
    film = Film(
        hevc=hevc,
        length=length,
        allowed=bound(sources, hevc=hevc),
        times=_times(sources, hevc=hevc),
        index=index,
    )
    trouble: Exception | None = None
    for source in sources:
        try:
            async with aclosing(_joined(film, source)) as pieces:
                async for piece in pieces:
                    yield piece
        except MediaError as error:
            _LOGGER.debug("A recording is left out: %s", error)
            trouble = trouble or error
            if error.key not in _LEFT_OUT:
                break
        except Exception as error:  # noqa: BLE001 - raised again below, after what came before it
            trouble = error
            break
        if film.full:
            break
    if piece := await in_thread(film.end, None):
        yield piece
    if trouble is not None and not (film.made and _passed_over(trouble)):
        raise trouble
    if not film.made:
        raise MediaError("media_damaged", "There are no pictures in it")


async def _joined(film: Film, source: Source) -> AsyncGenerator[bytes]:
    """What one source adds. MediaError, or what it raises."""
    async with Feed(source) as feed:
        await feed.open()
        units = cut(feed.recording.units, source.keep)
        recording = feed.recording

        def more() -> bytes | None:
            return film.more(units, recording.heard, recording.pauses)

        async def following() -> bytes | None:
            piece: bytes | None = b""
            while piece == b"":
                if film.dry:
                    await feed.filled()
                piece = await feed.run(more)
            return piece

        coming = asyncio.create_task(following(), name="recording: first piece")
        try:
            while (piece := await coming) is not None:
                # The next one is made while this one is sent, from now on and not only when
                # whoever takes it waits for something.
                coming = asyncio.create_task(
                    following(), name="recording: next piece", eager_start=True
                )
                yield piece
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        if piece := await feed.run(film.join):
            yield piece
        feed.check()
        if feed.recording.empty:
            raise MediaError("media_empty", "There is nothing in it")


def _passed_over(trouble: Exception) -> bool:
    """Whether the others are played all the same."""
    return isinstance(trouble, MediaError) and trouble.key in _LEFT_OUT
