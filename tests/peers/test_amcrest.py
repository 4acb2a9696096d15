"""python-amcrest and ours on the same box, method by method."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

from amcrest import AmcrestCamera, ApiWrapper
import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import ShortMemory
from tests.devices.conftest import Lend, crew, lend, session
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators_tests.conftest import picture
from tests.simulators_tests.raw import PASSWORD, USER

from .counterparts import COUNTERPARTS
from .sides import REFUSED, Counterpart, Sides, ours, theirs
from .without import WITHOUT

__all__ = ["crew", "lend", "session"]

_MEMORIES: dict[str, ShortMemory] = {}
"""What the first survey of each model found, so that the others are short."""

type Meet = Callable[[str], Awaitable[Sides]]


@pytest.fixture
async def meet(socket_enabled: None, lend: Lend) -> AsyncIterator[Meet]:
    """Start a box and both clients of it; all is closed at the end."""
    async with AsyncExitStack() as stack:

        async def start(model: str) -> Sides:
            box = AmcrestSimulator(model, password=PASSWORD, pictures=picture)
            await stack.enter_async_context(box)
            camera = await asyncio.to_thread(AmcrestCamera, box.host, box.port, USER, PASSWORD)
            memory = _MEMORIES.setdefault(model, ShortMemory())
            device = Amcrest(lend(box.url, USER, PASSWORD, memory=memory))
            stack.push_async_callback(device.close)
            await device.open()
            await device.read("survey")
            return Sides(box, camera.camera, device, device.box.topology)

        yield start


@pytest.mark.parametrize("line", COUNTERPARTS, ids=str)
async def test_both_say_the_same(meet: Meet, line: Counterpart) -> None:
    sides = await meet(line.model)
    their = await theirs(sides, line.method, *line.args, **line.kwargs)
    if line.state is None:
        their = line.read(their) if their != REFUSED else their
        our = await ours(sides, line.ours)
    else:
        their = line.state(sides.box)
        other = await meet(line.model)
        await line.ours(other)
        our = line.state(other.box)
    if line.differs:
        assert (their, our) == line.told
    else:
        assert our == their


def test_every_method_is_in_the_table_once_or_has_a_reason() -> None:
    methods = {name.removeprefix("async_") for name in dir(ApiWrapper) if not name.startswith("_")}
    there = {line.method for line in COUNTERPARTS}
    assert there | set(WITHOUT) == methods
    assert not there & set(WITHOUT)
