"""What tests lend to a device: a session on loopback, tasks with an owner, a memory."""

from collections.abc import AsyncIterator
from datetime import UTC, tzinfo
from typing import Protocol

import aiohttp
import pytest

from custom_components.cctv.devices.env import (
    Address,
    Clock,
    Crew,
    Env,
    Memory,
    ShortMemory,
    SystemClock,
)

from .sample import House, house
from .story import Story

USER = "admin"
PASSWORD = "secret-1"


class Lend(Protocol):
    """Makes an Env for a device at a URL."""

    def __call__(
        self,
        url: str,
        user: str = USER,
        password: str = PASSWORD,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        zone: tzinfo = UTC,
    ) -> Env:
        """Lend it."""


@pytest.fixture
async def crew() -> AsyncIterator[Crew]:
    """Tasks that go on after a command; ended with the test."""
    crew = Crew()
    yield crew
    await crew.dismiss()


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """A bare session that may open sockets on loopback."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def lend(session: aiohttp.ClientSession, crew: Crew) -> Lend:
    """What a device is lent."""

    def make(
        url: str,
        user: str = USER,
        password: str = PASSWORD,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        zone: tzinfo = UTC,
    ) -> Env:
        return Env(
            session,
            Address(url, user, password),
            zone,
            crew.spawn,
            clock=clock or SystemClock(),
            memory=memory or ShortMemory(),
        )

    return make


@pytest.fixture
async def home() -> AsyncIterator[House]:
    """The sample house under a runner, on a clock that the test owns."""
    async with house() as one:
        yield one


@pytest.fixture
def story() -> Story:
    """The state of a small house as it is told."""
    return Story()
