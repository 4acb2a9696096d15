"""Listening to one feed in the background."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from custom_components.cctv.devices.errors import DeviceError
from custom_components.cctv.devices.model import Update
from custom_components.cctv.devices.open_api.device import OpenApi

DEADLINE = 20.0


class Ear:
    """Keeps what it hears."""

    def __init__(self, device: OpenApi, feed: str) -> None:
        self.heard: list[Update] = []
        self.batches = 0
        self.error: DeviceError | None = None
        self._more = asyncio.Event()
        self._task = asyncio.create_task(self._listen(device, feed))

    async def _listen(self, device: OpenApi, feed: str) -> None:
        try:
            async with aclosing(device.listen(feed)) as batches:
                async for batch in batches:
                    self.batches += 1
                    self.heard += batch
                    self._more.set()
        except DeviceError as error:
            self.error = error
        self._more.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what was heard is so."""
        async with asyncio.timeout(DEADLINE):
            while not condition():
                self._more.clear()
                await self._more.wait()

    async def hears(self, *wanted: Update) -> None:
        """Wait until all of these were heard."""
        await self.until(lambda: all(each in self.heard for each in wanted))

    async def ended(self) -> DeviceError | None:
        """Wait for the end; what it was."""
        async with asyncio.timeout(DEADLINE):
            await self._task
        return self.error

    async def stop(self) -> None:
        """Listen no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
