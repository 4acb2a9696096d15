"""A simulated PC with iSpy, and our device on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.commands import Command
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import JSON, Clock
from custom_components.cctv.devices.ispy.device import Ispy
from custom_components.cctv.devices.model import Answer, Batch, Query, Topology, Update, Value
from tests.devices.conftest import Lend
from tests.simulators.ispy import IspySimulator
from tests.simulators_tests.ispy_box import NOON, loop, picture

BERLIN = ZoneInfo("Europe/Berlin")
CATCH_ALL = "iSpy server is running"


class House:
    """One simulated PC and the devices that run it."""

    def __init__(self, box: IspySimulator, lend: Lend) -> None:
        self.box = box
        self.lend = lend
        self.devices: list[Ispy] = []
        self.runners: list[Runner] = []

    def device(
        self,
        code: str = "",
        *,
        clock: Clock | None = None,
        options: Mapping[str, JSON] | None = None,
    ) -> Ispy:
        """A device that is not opened yet."""
        env = self.lend(self.box.url, "", code, clock=clock, zone=BERLIN)
        self.devices.append(Ispy(replace(env, options=options or {})))
        return self.devices[-1]

    async def opened(self, code: str = "", **fields: Any) -> tuple[Ispy, Batch]:
        """A device that is open, and what it said; the wire log begins anew."""
        device = self.device(code, **fields)
        batch = await device.open()
        self.box.wire.clear()
        return device, batch

    async def run(self, *ids: str, clock: Clock | None = None) -> Runner:
        """A device that is run, and some of its features wanted."""
        env = self.lend(self.box.url, "", "", clock=clock, zone=BERLIN)
        runner = Runner(Ispy(env), env, jitter=lambda: 0.5)
        self.runners.append(runner)
        await runner.start()
        runner.want(ids)
        return runner

    def sent(self) -> list[str]:
        """What was asked, in order, without the slash."""
        return [each.target.removeprefix("/") for each in self.box.wire]

    async def lists(self, count: int) -> None:
        """Wait until the objects were listed so often."""
        await self.box.until(lambda: len(self.told("getobjectlist")) >= count)

    def told(self, *commands: str) -> list[str]:
        """What was asked of these commands."""
        return [each for each in self.sent() if each.partition("?")[0] in commands]


type Build = Callable[..., Awaitable[House]]


@pytest.fixture
async def house(socket_enabled: None, lend: Lend) -> AsyncIterator[Build]:
    """Make simulated PCs whose clock stands still; all is closed at the end."""
    houses: list[House] = []

    async def make(personality: Any = "g3", **fields: Any) -> House:
        fields.setdefault("at", NOON)
        box = IspySimulator(personality, pictures=picture, loops=loop, **fields)
        await box.start()
        houses.append(House(box, lend))
        return houses[-1]

    yield make
    for each in houses:
        for runner in each.runners:
            await runner.stop()
        for device in each.devices:
            await device.close()
        await each.box.stop()


def topology_of(batch: Batch | Answer) -> Topology:
    """The last topology of a batch."""
    updates = batch.updates if isinstance(batch, Answer) else batch
    return next(each for each in reversed(updates) if isinstance(each, Topology))


def told(batch: tuple[Update, ...] | Answer) -> dict[str, object]:
    """The levels of a batch."""
    updates = batch.updates if isinstance(batch, Answer) else batch
    return {update.feature: update.value for update in updates if isinstance(update, Value)}


async def rows(device: Ispy, part: str, query: Query) -> list[Any]:
    """Everything that a search finds."""
    async with aclosing(device.find(part, query)) as found:
        return [one async for one in found]


async def do(device: Ispy, part: str, command: Command) -> Answer:
    """Do a command within a deadline."""
    async with asyncio.timeout(20):
        return await device.do(part, command)
