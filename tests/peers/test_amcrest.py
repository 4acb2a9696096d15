"""python-amcrest and ours on the same box, method by method."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from typing import Final

from amcrest import AmcrestCamera, ApiWrapper
import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.model import Value
from tests.devices.conftest import Lend, crew, lend, session
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators_tests.conftest import picture
from tests.simulators_tests.raw import PASSWORD, USER

from .counterparts import COUNTERPARTS
from .sides import REFUSED, Counterpart, Sides, known, ours, theirs
from .without import WITHOUT

__all__ = ["crew", "lend", "session"]

HEARD: Final = "event_actions"
SAID: Final = {"VideoMotion": ":motion", "VideoBlind": ":tamper", "AudioMutation": ":sound"}
"""Codes, and what ours calls them."""
ROUNDS: Final = 20
DEADLINE: Final = 20
REASON: Final = 5
"""So many words are needed to say why something is not compared."""

_MEMORIES: dict[str, ShortMemory] = {}
"""What the first survey of each model found, so that the others are short."""

type Meet = Callable[[Counterpart], Awaitable[Sides]]


@pytest.fixture
async def meet(socket_enabled: None, lend: Lend) -> AsyncIterator[Meet]:
    """Start a box and both clients of it; all is closed at the end."""
    async with AsyncExitStack() as stack:

        async def start(line: Counterpart) -> Sides:
            box = AmcrestSimulator(line.model, password=PASSWORD, pictures=picture)
            memory = _MEMORIES.setdefault(line.model, ShortMemory())
            if line.before is not None:
                line.before(box)
                memory = ShortMemory()
            await stack.enter_async_context(box)
            camera = await asyncio.to_thread(AmcrestCamera, box.host, box.port, USER, PASSWORD)
            device = Amcrest(lend(box.url, USER, PASSWORD, memory=memory))
            stack.push_async_callback(device.close)
            await device.open()
            await device.read("survey")
            return Sides(box, camera.camera, device, device.box.topology)

        yield start


@pytest.mark.parametrize("line", COUNTERPARTS, ids=str)
async def test_both_say_the_same(meet: Meet, line: Counterpart) -> None:
    sides = await meet(line)
    args = line.args(sides.box) if callable(line.args) else line.args
    their = await theirs(sides, line.method, *args, **line.kwargs)
    if line.state is None:
        their = line.read(their) if their != REFUSED else their
        our = await ours(sides, line.ours)
    else:
        their = line.state(sides.box)
        other = await meet(line)
        await line.ours(other)
        our = line.state(other.box)
    if line.differs:
        assert (their, our) == line.told
    else:
        assert our == their


# That client leaves its inner generators to the garbage collector.
@pytest.mark.parametrize("expected_lingering_tasks", [True], ids=[""])
async def test_both_hear_the_same(meet: Meet) -> None:
    """Their event_actions, and our feed of events."""
    sides = await meet(Counterpart(HEARD, known("serial"), model="dome"))
    their: list[tuple[str, bool]] = []
    our: list[tuple[str, bool]] = []
    many = 2 * len(SAID) * ROUNDS

    async def hear_theirs() -> None:
        async for code, payload in sides.theirs.async_event_actions("All"):
            their.append((SAID[code], payload["action"] == "Start"))
            if len(their) == many:
                return

    async def hear_ours() -> None:
        async with aclosing(sides.ours.listen("events")) as feed:
            async for batch in feed:
                our.extend(
                    (update.feature, update.value is True)
                    for update in batch
                    if isinstance(update, Value) and update.feature in SAID.values()
                )
                if len(our) >= many:
                    return

    ears = [asyncio.create_task(hear_theirs()), asyncio.create_task(hear_ours())]
    try:
        await sides.box.wait_attached(2)
        for number in range(many):
            code = tuple(SAID)[number // 2 % len(SAID)]
            sides.box.emit(code, "Stop" if number % 2 else "Start", 0, {"Id": [0]})
        async with asyncio.timeout(DEADLINE):
            await asyncio.gather(*ears)
    finally:
        for ear in ears:
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)
    assert our == their
    assert our[:2] == [(":motion", True), (":motion", False)]


def test_every_method_is_in_the_tables_once() -> None:
    """What is compared, what is heard, and what has a reason are together all of the library."""
    methods = {name.removeprefix("async_") for name in dir(ApiWrapper) if not name.startswith("_")}
    there = {*(line.method for line in COUNTERPARTS), HEARD}
    assert there | set(WITHOUT) == methods
    assert not there & set(WITHOUT)


def test_what_differs_says_why() -> None:
    """And what does not has nothing to say. With -s: how many lines there are."""
    differ = [line for line in COUNTERPARTS if line.differs]
    assert all(line.told is not None and line.told[0] != line.told[1] for line in differ)
    assert all(line.told is None for line in COUNTERPARTS if not line.differs)
    assert all(len(reason.split()) >= REASON for reason in WITHOUT.values())
    methods = {line.method for line in COUNTERPARTS}
    print(
        f"\n{len(COUNTERPARTS) + 1} lines of {len(methods) + 1} methods, {len(differ)} differ, "
        f"{len(WITHOUT)} methods without a line"
    )
