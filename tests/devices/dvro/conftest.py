"""A simulated recorder, and our device on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import time

import pytest

from custom_components.cctv.devices.dvro.device import Dvro
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import JSON, Clock, Env, Memory
from custom_components.cctv.devices.model import Batch, Topology, Update, Value
from tests.devices.conftest import Lend
from tests.simulators.dvro import DvroSimulator

HASTE = 50
FOLDER = r"D:\Dives\2026"
STARTED = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


type Options = Mapping[str, JSON]


class HastyClock:
    """An env.Clock on which a second of ours is most of a minute."""

    def __init__(self) -> None:
        """Begin now."""
        self._began = time.monotonic()

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return (time.monotonic() - self._began) * HASTE

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return STARTED + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        """Wait, but not for so long."""
        await asyncio.sleep(seconds / HASTE)


class LeapClock:
    """An env.Clock on which time leaps over every sleep, and what is planned happens."""

    def __init__(self) -> None:
        """Begin some time after the machine's own start."""
        self._now = 1000.0
        self._plans: list[tuple[float, Callable[[], object]]] = []

    def plan(self, seconds: float, action: Callable[[], object]) -> None:
        """Have something happen so long from now."""
        self._plans.append((self._now + seconds, action))

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return self._now

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return STARTED + timedelta(seconds=self._now)

    async def sleep(self, seconds: float) -> None:
        """Be there already."""
        self._now += seconds
        for moment, action in self._plans.copy():
            if moment <= self._now:
                self._plans.remove((moment, action))
                action()


class House:
    """One simulated recorder and the devices that run it."""

    def __init__(self, box: DvroSimulator, lend: Lend) -> None:
        self.box = box
        self._lend = lend
        self._ends: list[Callable[[], Awaitable[None]]] = []

    def env(
        self,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        options: Options | None = None,
    ) -> Env:
        """What a device is lent; of the options, those of the simulator's ports are right."""
        env = self._lend(self.box.url, "", "", memory=memory, clock=clock or LeapClock())
        return replace(env, options={"status_port": self.box.status_port, **(options or {})})

    def device(
        self,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        options: Options | None = None,
    ) -> Dvro:
        """A device that is not opened yet."""
        device = Dvro(self.env(memory=memory, clock=clock, options=options))
        self._ends.append(device.close)
        return device

    async def opened(
        self,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        options: Options | None = None,
    ) -> tuple[Dvro, Batch]:
        """A device that is open, and what it said; the wire logs begin anew."""
        device = self.device(memory=memory, clock=clock, options=options)
        batch = await device.open()
        self.forget()
        return device, batch

    async def runs(
        self,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        options: Options | None = None,
    ) -> Runner:
        """A runner in haste that keeps every feature up to date; the clock is its device's."""
        env = self.env(memory=memory, clock=clock, options=options)
        runner = Runner(Dvro(env), replace(env, clock=HastyClock()), jitter=lambda: 0.0)
        self._ends.append(runner.stop)
        await runner.start()
        runner.want(runner.state.topology.features)
        return runner

    def forget(self) -> None:
        """Begin both wire logs anew."""
        self.box.wire.clear()
        self.box.status.wire.clear()

    def bodies(self) -> list[bytes]:
        """The bodies that were posted, in order."""
        return [each.request.body for each in self.box.wire if each.method == "POST"]

    async def close(self) -> None:
        """End everything."""
        for end in reversed(self._ends):
            await end()
        await self.box.stop()


type Build = Callable[..., Awaitable[House]]


@pytest.fixture
async def house(socket_enabled: None, lend: Lend) -> AsyncIterator[Build]:
    """Make simulated recorders; all is closed at the end."""
    houses: list[House] = []

    async def make(personality: str = "seed") -> House:
        box = DvroSimulator(personality)
        await box.start()
        houses.append(House(box, lend))
        return houses[-1]

    yield make
    for each in houses:
        await each.close()


def topology_of(batch: Batch) -> Topology:
    """The topology that a batch begins with."""
    assert isinstance(batch[0], Topology)
    return batch[0]


def told(batch: Iterable[Update]) -> dict[str, object]:
    """The levels of a batch."""
    return {update.feature: update.value for update in batch if isinstance(update, Value)}
