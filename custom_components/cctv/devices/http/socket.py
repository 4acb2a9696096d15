"""A WebSocket that is open."""

from typing import TYPE_CHECKING, Self

import aiohttp

from ..errors import (
    CannotConnect,
)
from .job import Job

if TYPE_CHECKING:
    from .client import Http


class Socket:
    """A WebSocket that is open: its text messages as they come."""

    def __init__(self, http: Http, job: Job, link: aiohttp.ClientWebSocketResponse[bool]) -> None:
        self._http = http
        self._job = job
        self._link = link
        http._open.add(self)

    def __repr__(self) -> str:
        return f"Socket({self._job})"

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        while True:
            message = await self._link.receive()
            match message.type:
                case aiohttp.WSMsgType.TEXT:
                    text: str = message.data
                    self._http.seen.bytes += len(text)
                    return text
                case aiohttp.WSMsgType.ERROR:
                    raise CannotConnect(f"{self._job}: the WebSocket broke")
                case aiohttp.WSMsgType.CLOSE | aiohttp.WSMsgType.CLOSING | aiohttp.WSMsgType.CLOSED:
                    raise StopAsyncIteration
                case _:
                    self._http.seen.dropped += 1

    async def send(self, text: str) -> None:
        """Send a text message."""
        try:
            await self._link.send_str(text)
        except (aiohttp.ClientError, OSError) as error:
            raise CannotConnect(f"{self._job}: the WebSocket is gone") from error

    async def aclose(self) -> None:
        """Say goodbye and hang up."""
        self._http._open.discard(self)
        await self._link.close()
