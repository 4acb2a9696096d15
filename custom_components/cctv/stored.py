"""Stored files of a device as sources: how long they are, and exactly the bytes that are wanted."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from .devices.errors import Malformed
from .devices.model import Content, Ref

type Fetch = Callable[[Ref, int, int | None], Awaitable[Content]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the first answer told of a file."""

    size: int | None
    ranged: bool
    mime: str
    container: str | None


class StoredFile:
    """One file; the answer that tells how long it is serves whoever wants it first."""

    def __init__(self, fetch: Fetch, ref: Ref, facts: Facts | None = None) -> None:
        """Take what is known of it; nothing is asked yet."""
        self._fetch = fetch
        self.ref = ref
        self._facts = facts
        self._content: Content | None = None

    async def look(self) -> Facts:
        """Return what there is to know of it, asking if need be."""
        if self._facts is None:
            self._content = await self._fetch(self.ref, 0, None)
            self._facts = facts_of(self._content)
        return self._facts

    async def open(self, start: int = 0, end: int | None = None) -> Exactly:
        """Open it at a byte; not asked again for what an open answer holds."""
        facts = await self.look()
        content, self._content = self._content, None
        if content is not None and start:
            await content.close()
            content = None
        if end is None:
            end = facts.size
        if content is None:
            content = await self._fetch(self.ref, *self._span(start, end))
        return Exactly(content, start, end, self._again if facts.ranged else None)

    async def close(self) -> None:
        """Let an answer go that nobody wanted."""
        content, self._content = self._content, None
        if content is not None:
            await content.close()

    def _span(self, start: int, end: int | None) -> tuple[int, int | None]:
        """Return what to ask for: all of what knows no ranges."""
        facts = self._facts
        if facts is None or not facts.ranged:
            return 0, None
        return start, None if start == 0 and end == facts.size else end

    async def _again(self, start: int, end: int) -> Content:
        return await self._fetch(self.ref, start, end)


def facts_of(content: Content) -> Facts:
    """Return what a whole answer tells; some say nothing where they do not know a length."""
    return Facts(content.size or None, content.ranged, content.mime, content.container)


class Exactly:
    """The bytes from one to before another, though the device may send more, or stop halfway."""

    def __init__(
        self,
        content: Content,
        start: int,
        end: int | None,
        again: Callable[[int, int], Awaitable[Content]] | None,
    ) -> None:
        """Take over an answer; one that keeps no ranges begins at the beginning."""
        self._content: Content | None = content
        self._at = start
        self._end = end
        self._again = again
        self._skip = 0 if content.ranged else start
        self._fruitful = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            while (chunk := await self._next()) == b"":
                pass
        except BaseException:
            await self.aclose()
            raise
        if chunk is None:
            await self.aclose()
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        """Let the answer go."""
        content, self._content = self._content, None
        if content is not None:
            await content.close()

    async def _next(self) -> bytes | None:
        """Return some bytes, perhaps none; None at the end."""
        if self._content is None or self._at == self._end:
            return None
        chunks: AsyncIterator[bytes] = self._content.chunks
        try:
            chunk = await anext(chunks)
        except StopAsyncIteration:
            if self._end is None:
                return None
            await self._reopen(self._end)
            return b""
        if self._skip:
            skipped, chunk = chunk[: self._skip], chunk[self._skip :]
            self._skip -= len(skipped)
        if self._end is not None:
            chunk = chunk[: self._end - self._at]
        self._at += len(chunk)
        self._fruitful = self._fruitful or bool(chunk)
        return chunk

    async def _reopen(self, end: int) -> None:
        """Ask for what is missing, as long as each answer brings something."""
        if self._again is None or not self._fruitful:
            raise Malformed("the file breaks off")
        self._fruitful = False
        await self.aclose()
        self._content = await self._again(self._at, end)
        self._skip = 0 if self._content.ranged else self._at
