"""A message bus in this process: what a simulated camera publishes comes out of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from custom_components.cctv.devices.errors import Unsupported
from tests.simulators.wire import Signal

_BACKLOG: Final = 1_000
type _Message = tuple[str, bytes]


class LocalBus:
    """A broker and its connection: retains, filters by topic, and can be lost."""

    def __init__(self) -> None:
        """Begin without messages."""
        self.there = True
        """Whether there is a broker at all."""
        self.published: list[_Message] = []
        """What was sent towards the camera."""
        self.changed = Signal()
        self._kept: dict[str, bytes] = {}
        self._ears: dict[asyncio.Queue[_Message], str] = {}

    def deliver(self, topic: str, payload: bytes, retain: bool = False) -> None:
        """Take a message from a camera and pass it on."""
        if retain:
            self._kept[topic] = payload
        for ear, wanted in self._ears.items():
            if _matches(wanted, topic):
                ear.put_nowait((topic, payload))

    async def subscribe(self, topic: str) -> AsyncIterator[_Message]:
        """Messages of a filter, those that were kept first; ends when the broker is lost."""
        if not self.there:
            raise Unsupported(f"no message bus for {topic}")
        ear: asyncio.Queue[_Message] = asyncio.Queue(_BACKLOG)
        for name, payload in self._kept.items():
            if _matches(topic, name):
                ear.put_nowait((name, payload))
        self._ears[ear] = topic
        self.changed.poke()
        try:
            while True:
                try:
                    yield await ear.get()
                except asyncio.QueueShutDown:
                    return
        finally:
            self._ears.pop(ear, None)
            self.changed.poke()

    async def publish(self, topic: str, payload: bytes) -> None:
        """Send one message."""
        self.published.append((topic, payload))

    def cut(self) -> None:
        """Lose the broker: every subscription ends."""
        for ear in [*self._ears]:
            ear.shutdown()

    @property
    def attached(self) -> int:
        """How many listen."""
        return len(self._ears)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something about who listens has become true."""
        await self.changed.until(condition)

    async def wait_attached(self) -> None:
        """Wait until somebody listens."""
        await self.until(lambda: self._ears)

    async def wait_detached(self) -> None:
        """Wait until nobody listens."""
        await self.until(lambda: not self._ears)


def _matches(wanted: str, topic: str) -> bool:
    """Whether a filter with # or + lets a topic through."""
    if wanted == "#":
        return True
    names, parts = wanted.split("/"), topic.split("/")
    for at, name in enumerate(names):
        if name == "#":
            return True
        if at >= len(parts) or name not in ("+", parts[at]):
            return False
    return len(names) == len(parts)
