"""Where a recording comes from: its bytes, by ranges where the device keeps them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol, runtime_checkable

STALL_SECONDS: Final = 30.0
"""A source that gives no byte for so long is given up."""

type Trouble = Literal[
    "media_damaged", "media_empty", "media_mixed", "media_stalled", "media_unsupported"
]
"""Translation keys: nothing in it can be read, nothing is in it, pictures that do not go together,
no byte for too long, a kind that is not known here."""


class MediaError(Exception):
    """It cannot be played; `key` is the translation key of why."""

    def __init__(self, key: Trouble, text: str) -> None:
        """Keep the key beside a text for the log."""
        super().__init__(text)
        self.key: Trouble = key


def damage() -> tuple[type[Exception], ...]:
    """What PyAV raises about bytes that are not what they should be."""
    import av  # noqa: PLC0415 - large, and seldom needed

    return av.FFmpegError, OSError, ValueError, MemoryError


@dataclass(frozen=True, slots=True)
class Source:
    """One stored file, or a piece of one."""

    container: str
    open: Callable[[int, int | None], Awaitable[AsyncIterator[bytes]]]
    """Bytes of [start, end); whoever reads closes what it returns."""
    size: int | None = None
    ranged: bool = False
    """Whether the start of a range is kept."""
    keep: tuple[float, float] | None = None
    """(from, to), in seconds from its beginning: what of it is kept, from a key frame on."""


@runtime_checkable
class _Closes(Protocol):
    async def aclose(self) -> None: ...


async def pour(source: Source, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes]:
    """Read bytes of a source, each within its time, and close it. MediaError when it stalls."""
    chunks: AsyncIterator[bytes] | None = None
    try:
        async with asyncio.timeout(STALL_SECONDS):
            chunks = await source.open(start, end)
        while True:
            try:
                async with asyncio.timeout(STALL_SECONDS):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            yield chunk
    except TimeoutError:
        raise MediaError("media_stalled", "The device sends nothing any more") from None
    finally:
        if isinstance(chunks, _Closes):
            await chunks.aclose()
