"""A simulated box, and our device on it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import cast

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import Clock, Memory
from custom_components.cctv.devices.model import (
    Batch,
    Table,
    TableRow,
    Topology,
    Update,
    Value,
)
from tests.devices.conftest import PASSWORD, Lend
from tests.simulators.amcrest import AmcrestSimulator


class House:
    """One simulated box and the device that runs it."""

    def __init__(self, box: AmcrestSimulator, lend: Lend) -> None:
        self.box = box
        self.lend = lend
        self.devices: list[Amcrest] = []

    def device(
        self,
        password: str = PASSWORD,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
    ) -> Amcrest:
        """A device that is not opened yet."""
        env = self.lend(self.box.url, password=password, memory=memory, clock=clock)
        self.devices.append(Amcrest(env))
        return self.devices[-1]

    async def opened(
        self, *, memory: Memory | None = None, clock: Clock | None = None
    ) -> tuple[Amcrest, Batch]:
        """A device that is open, and what it said; the wire log begins anew."""
        device = self.device(memory=memory, clock=clock)
        batch = await device.open()
        self.box.wire.clear()
        return device, batch

    async def surveyed(
        self, *, memory: Memory | None = None, clock: Clock | None = None
    ) -> Amcrest:
        """A device that knows all; the wire log begins anew."""
        device, _ = await self.opened(memory=memory, clock=clock)
        await device.read("survey")
        self.box.wire.clear()
        return device

    def sent(self) -> list[str]:
        """What was asked and not turned away for its login, in order."""
        return [each.target for each in self.box.wire if each.status not in (401, 403)]


@pytest.fixture
async def house(socket_enabled: None, lend: Lend) -> AsyncIterator[Callable[..., Awaitable[House]]]:
    """Make simulated boxes; all is closed at the end."""
    houses: list[House] = []

    async def make(personality: str = "ipc") -> House:
        box = AmcrestSimulator(personality, pictures=_picture)
        await box.start()
        houses.append(House(box, lend))
        return houses[-1]

    yield make
    for each in houses:
        for device in each.devices:
            await device.close()
        await each.box.stop()


def _picture(scene: str, number: int) -> bytes:
    """Something that begins and ends like a JPEG and is never twice the same."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


async def listed(device: Amcrest, query: Table, part: str = "") -> list[TableRow]:
    """The rows of a table, in the order they are told."""
    async with aclosing(device.find(part, query)) as found:
        rows = [row async for row in found]
    assert all(isinstance(row, Mapping) for row in rows)
    return cast(list[TableRow], rows)


type Build = Callable[..., Awaitable[House]]


def topology_of(batch: Batch) -> Topology:
    """The topology that a batch begins with."""
    assert isinstance(batch[0], Topology)
    return batch[0]


def told(batch: tuple[Update, ...]) -> dict[str, object]:
    """The levels of a batch."""
    return {update.feature: update.value for update in batch if isinstance(update, Value)}
