"""A source on its way into a thread: filled from the loop, taken apart there, and closed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from .bridge import Closed, Inlet, in_thread
from .demux import Reading, Recording
from .seekable import Ranged
from .source import MediaError, Source, pour


class Feed:
    """One source while it is read; `async with` closes it and all that it holds."""

    def __init__(self, source: Source) -> None:
        """Prepare; nothing is asked for."""
        self._source = source
        self._inlet = Inlet()
        self._ranged: Ranged | None = None
        if source.ranged and source.size is not None:
            self._ranged = Ranged(source, source.size)
        self._loop = asyncio.get_running_loop()
        self._filling: asyncio.Task[None] | None = None
        anywhere = self._anywhere if self._ranged is not None else None
        self.recording = Recording(
            source.container, self._inlet, anywhere, lambda: self._inlet.held > 0
        )

    async def __aenter__(self) -> Self:
        """Begin to read."""
        self._filling = asyncio.create_task(
            self._inlet.fill(pour(self._source)), name="recording: source"
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop reading, close the source."""
        self.close()
        try:
            await in_thread(self.recording.close, None)
        finally:
            if self._filling is not None:
                self._filling.cancel()
                await asyncio.gather(self._filling, return_exceptions=True)
            if self._ranged is not None:
                await self._ranged.aclose()

    def close(self) -> None:
        """Let a reader in the thread go."""
        self._inlet.close()
        if self._ranged is not None:
            self._ranged.close()

    async def open(self) -> None:
        """Find out what it is. MediaError, or what the source broke off with."""
        try:
            await self.run(self.recording.open)
        except MediaError:
            self.check()
            if self.recording.empty:
                raise MediaError("media_empty", "There is nothing in it") from None
            raise

    async def filled(self) -> None:
        """Wait until a thread would find something to work on."""
        await self._inlet.filled()

    async def run[T](self, call: Callable[[], T]) -> T:
        """Work on it in a thread."""
        return await in_thread(call, self)

    def check(self) -> None:
        """Raise what the source broke off with."""
        filling = self._filling
        if filling is not None and filling.done() and not filling.cancelled():
            with suppress(Closed):
                filling.result()
        if self._ranged is not None:
            self._ranged.check()

    def _anywhere(self) -> Reading:
        """In the thread: the same, to be read anywhere. Devices take one reader at a time."""
        if self._filling is not None:
            self._loop.call_soon_threadsafe(self._filling.cancel)
        if self._ranged is None:
            raise Closed
        return self._ranged
