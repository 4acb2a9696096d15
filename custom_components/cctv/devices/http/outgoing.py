"""Bodies that are made while they are sent: speech on its way to a box."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Coroutine
from typing import Any

from ..errors import NoAnswer

_AHEAD = 4


class Outgoing:
    """A body that is made while it is sent; what one attempt did not take, the next one sends."""

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = chunks
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
        self._taken = asyncio.Event()

    async def rest(self) -> AsyncGenerator[bytes]:
        """What was not taken yet."""
        while not self._taken.is_set():
            chunk = await self._queue.get()
            if chunk is None:
                self._taken.set()
            elif chunk:
                yield chunk

    async def drive[T](
        self, exchange: Coroutine[Any, Any, T], deadline: float, grace: float
    ) -> T | None:
        """Feed the exchange until it answers, or has taken everything and `grace` seconds pass."""
        answer = asyncio.create_task(exchange, name="post")
        feeding = asyncio.create_task(self._feed(deadline), name="post body")
        try:
            await asyncio.wait({answer, feeding}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                await feeding
                await asyncio.wait({answer}, timeout=grace)
            return await answer if answer.done() else None
        finally:
            for task in (answer, feeding):
                task.cancel()
            await asyncio.gather(answer, feeding, return_exceptions=True)

    async def _feed(self, deadline: float) -> None:
        """Pass the chunks on; NoAnswer when nobody takes them."""
        try:
            async for chunk in self._chunks:
                async with asyncio.timeout(deadline):
                    await self._queue.put(chunk)
            async with asyncio.timeout(deadline):
                await self._queue.put(None)
                await self._taken.wait()
        except TimeoutError:
            raise NoAnswer("the box stopped taking the sound") from None
