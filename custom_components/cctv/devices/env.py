"""What a device is lent by Home Assistant, a script or a test: session, clock, memory, bus."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
import time
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from .errors import Unsupported

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None
type Spawn = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]


@dataclass(frozen=True, slots=True)
class Address:
    """Where the device is and how to log in; its repr shows no secret."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    verify_tls: bool = True

    @property
    def host(self) -> str:
        """The host without brackets, port or user."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port, also when the URL leaves it out."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def base(self) -> str:
        """Scheme and authority, without user, path or final slash."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))


class Clock(Protocol):
    """The time; tests own it."""

    def monotonic(self) -> float:
        """Seconds that only ever rise."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return time.monotonic()

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Memory(Protocol):
    """A small store that survives restarts: 256 kB of JSON, never a secret."""

    def get(self, key: str) -> JSON:
        """What was put, or None."""

    def put(self, key: str, value: JSON) -> None:
        """Keep it; None forgets it."""


class ShortMemory:
    """A memory that lives as long as the process, for scripts and tests."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: dict[str, JSON] = {}

    def get(self, key: str) -> JSON:
        """What was put, or None."""
        return self._kept.get(key)

    def put(self, key: str, value: JSON) -> None:
        """Keep it; None forgets it."""
        if value is None:
            self._kept.pop(key, None)
        else:
            self._kept[key] = value


class Bus(Protocol):
    """A message bus that somebody else runs (MQTT)."""

    def subscribe(self, topic: str) -> AsyncIterator[tuple[str, bytes]]:
        """Topic and payload of each message, until the bus goes. Unsupported if there is none."""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Send one message. Unsupported where there is none."""


class NoBus:
    """The bus of those who have none."""

    async def subscribe(self, topic: str) -> AsyncIterator[tuple[str, bytes]]:
        """Refuse: Unsupported."""
        raise Unsupported(f"no message bus for {topic}")
        yield topic, b""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Refuse: Unsupported."""
        raise Unsupported(f"no message bus for {topic}")


@dataclass(frozen=True, slots=True)
class Env:
    """All that one device is lent."""

    session: aiohttp.ClientSession
    address: Address
    zone: tzinfo
    spawn: Spawn
    options: Mapping[str, JSON] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    memory: Memory = field(default_factory=ShortMemory)
    bus: Bus = field(default_factory=NoBus)


class Crew:
    """Tasks with one owner: whoever made the crew ends them all and waits for it."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a task that `dismiss` will end."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def size(self) -> int:
        """How many are at work."""
        return len(self._tasks)

    async def dismiss(self) -> None:
        """Cancel everyone, and whom they call in their last moments; wait until all are gone."""
        # One that has just ended is still listed, and to wait for it alone never lets it go.
        while tasks := {one for one in self._tasks if not one.done()} - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
