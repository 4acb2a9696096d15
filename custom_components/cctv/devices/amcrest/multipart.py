"""Answers in parts without an end (§4.2.1, §4.3.3): the body of each part is one chunk."""

from collections import deque
from typing import Final, Self

from ..errors import CannotConnect, Malformed
from ..http.client import MIB, Stream
from ..push import MultipartParser, Part, boundary_of

_PART_LIMIT: Final = 16 * MIB
_PARTS: Final = "multipart/"


def is_parted(stream: Stream) -> bool:
    """Whether an answer comes in parts."""
    return stream.headers.get("content-type", "").strip().lower().startswith(_PARTS)


class Bodies:
    """The bodies of the parts of an open answer; `aclose` lets it go."""

    def __init__(self, stream: Stream, kind: str) -> None:
        """Take over an answer whose parts are of a kind, by how their Content-Type begins."""
        boundary = boundary_of(stream.headers.get("content-type", ""))
        self._parser = MultipartParser(boundary, limit=_PART_LIMIT, body_starts=())
        self._stream = stream
        self._kind = kind
        self._ready: deque[Part] = deque()

    async def first(self) -> str:
        """The type of the first part, which is still told. CannotConnect if there is none."""
        if not await self._more():
            raise CannotConnect("the answer ended before its first part")
        return self._ready[0].headers["content-type"].strip()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if not await self._more():
            raise StopAsyncIteration
        return self._ready.popleft().body

    async def aclose(self) -> None:
        """Let the answer go."""
        await self._stream.aclose()

    async def _more(self) -> bool:
        """Wait until a part is there; False at the end."""
        while not self._ready:
            try:
                chunk = await anext(self._stream)
            except StopAsyncIteration:
                return False
            parts = self._parser.feed(chunk)
            self._ready += (one for one in parts if self._fits(one))
            if parts and not self._ready:
                await self.aclose()
                raise Malformed("parts of another kind")
        return True

    def _fits(self, part: Part) -> bool:
        """Whether it is of the kind that is wanted."""
        return part.headers.get("content-type", "").strip().lower().startswith(self._kind)
