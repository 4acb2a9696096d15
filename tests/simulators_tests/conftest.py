"""What the simulators' own tests share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators_tests.raw import PASSWORD

type Start = Callable[[str], Awaitable[AmcrestSimulator]]


def picture(scene: str, frame: int) -> bytes:
    """Something that begins and ends as a JPEG does, and says what it shows."""
    return b"\xff\xd8" + f"{scene} {frame}".encode() + b"\xff\xd9"


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start simulators by personality; all are stopped at the end."""
    async with AsyncExitStack() as stack:

        async def started(personality: str) -> AmcrestSimulator:
            box = AmcrestSimulator(personality, password=PASSWORD, pictures=picture)
            return await stack.enter_async_context(box)

        yield started
