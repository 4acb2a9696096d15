"""An answer on its way, read as it comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from multidict import CIMultiDictProxy

from ..device import Reply
from ..errors import (
    Malformed,
)
from ..said import printable
from .job import Job, fault_of
from .raw import RawAnswer

if TYPE_CHECKING:
    from .client import Http

MIB: Final = 1 << 20


class Stream:
    """An answer on its way: status, headers, and its bytes as they come."""

    def __init__(self, http: Http, job: Job, response: aiohttp.ClientResponse | RawAnswer) -> None:
        self.status = response.status
        self.headers = _by_name(response.headers)
        self.challenges = tuple(response.headers.getall("WWW-Authenticate", ()))
        self._http = http
        self._job = job
        self._response = response
        self._until = job.until
        self._idle: float | None = None
        self._held = AsyncExitStack()
        self._early: list[bytes] = []
        http._open.add(self)

    def __repr__(self) -> str:
        return f"Stream({self._job}, {self.status})"

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        chunk = self._early.pop(0) if self._early else await self._more()
        if not chunk:
            await self.aclose()
            raise StopAsyncIteration
        return chunk

    @property
    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the body as they come; its `aclose` frees everything."""
        return self

    def linger(self, idle: float | None, held: AsyncExitStack) -> None:
        """From here on wait `idle` seconds for each chunk, and free `held` at the end."""
        self._until = None
        self._idle = idle
        self._held = held

    async def reply(self, limit: int = MIB, until: Callable[[bytes], bool] | None = None) -> Reply:
        """The whole answer; Malformed when it is longer than `limit`."""
        body = bytearray()
        async for chunk in self:
            body += chunk
            if len(body) > limit:
                await self.aclose()
                raise Malformed(f"{self._job}: more than {limit} bytes")
            if until is not None and until(bytes(body)):
                break
        return Reply(self.status, self.headers, bytes(body), self.challenges)

    async def peek(self, limit: int) -> Reply:
        """The beginning of the answer, which can still be read afterwards."""
        size = sum(map(len, self._early))
        while size < limit:
            chunk = await self._more()
            self._early.append(chunk)
            size += len(chunk)
            if not chunk:
                break
        return Reply(self.status, self.headers, b"".join(self._early)[:limit], self.challenges)

    @asynccontextmanager
    async def or_closed(self) -> AsyncGenerator[None]:
        """Close it if what is done with it here fails, or is cancelled: nobody else has it yet."""
        try:
            yield
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Let the answer and its place go."""
        self._http._open.discard(self)
        self._response.close()
        await self._held.aclose()

    async def _more(self) -> bytes:
        """The next bytes; none at the end."""
        try:
            if self._idle is None:
                async with asyncio.timeout_at(self._until):
                    chunk = await self._response.content.readany()
            else:
                async with asyncio.timeout(self._idle):
                    chunk = await self._response.content.readany()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            fault = fault_of(self._job, error, verified=True)
        else:
            self._http.seen.bytes += len(chunk)
            return chunk
        await self.aclose()
        raise fault


def _by_name(headers: CIMultiDictProxy[str]) -> Mapping[str, str]:
    """Headers by lower-case name; the last of equals."""
    return MappingProxyType({name.lower(): printable(value) for name, value in headers.items()})
