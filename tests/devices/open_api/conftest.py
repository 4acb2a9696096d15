"""A simulated camera or server, and our device on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import JSON, Clock, Memory
from custom_components.cctv.devices.model import Batch, Topology, Update, Value
from custom_components.cctv.devices.open_api.device import OpenApi
from tests.devices.conftest import Lend
from tests.simulators.open_api import OpenApiSimulator
from tests.simulators_tests.open_api_box import film, picture

USER = PASSWORD = "root"


class House:
    """One simulated unit and the device that runs it."""

    def __init__(self, box: OpenApiSimulator, lend: Lend) -> None:
        self.box = box
        self.lend = lend
        self.devices: list[OpenApi] = []
        self.runners: list[Runner] = []

    def device(
        self,
        password: str = PASSWORD,
        *,
        user: str = USER,
        memory: Memory | None = None,
        clock: Clock | None = None,
        options: Mapping[str, JSON] | None = None,
    ) -> OpenApi:
        """A device that is not opened yet."""
        env = self.lend(self.box.url, user, password, memory=memory, clock=clock)
        self.devices.append(OpenApi(replace(env, options=options or {})))
        return self.devices[-1]

    async def opened(self, **how: Any) -> tuple[OpenApi, Batch]:
        """A device that is open, and what it said; the wire log begins anew."""
        device = self.device(**how)
        batch = await device.open()
        self.box.wire.clear()
        return device, batch

    async def runs(self, **how: Any) -> Runner:
        """A runner that keeps the unit read and heard."""
        device = self.device(**how)
        self.devices.remove(device)
        runner = Runner(device, device.env, jitter=lambda: 0.0)
        self.runners.append(runner)
        await runner.start()
        return runner

    def sent(self) -> list[str]:
        """What was asked and not turned away for its login, in order."""
        return [each.target for each in self.box.wire if each.status not in (401, 403)]


type Build = Callable[..., Awaitable[House]]


@pytest.fixture
async def house(socket_enabled: None, lend: Lend) -> AsyncIterator[Build]:
    """Make simulated units; all is closed at the end."""
    houses: list[House] = []

    async def make(
        personality: str = "seed", faults: Mapping[str, Any] | None = None, **how: Any
    ) -> House:
        how = {"pictures": picture, "loops": film, **how}
        box = OpenApiSimulator(personality, USER, PASSWORD, **how)
        box.faults.reboot_delay = box.faults.down_seconds = 0.0
        for name, value in (faults or {}).items():
            assert hasattr(box.faults, name)
            setattr(box.faults, name, value)
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


async def reads(device: OpenApi, poll: str, feature: str, wanted: object) -> None:
    """Read until a feature is so; each read waits for the unit's answer."""
    async with asyncio.timeout(20):
        while told(await device.read(poll)).get(feature) != wanted:
            pass


def topology_of(batch: Batch) -> Topology:
    """The topology that a batch begins with."""
    assert isinstance(batch[0], Topology)
    return batch[0]


def told(batch: tuple[Update, ...]) -> dict[str, object]:
    """The levels of a batch."""
    return {update.feature: update.value for update in batch if isinstance(update, Value)}
