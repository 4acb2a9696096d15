"""A simulated camera, our device on it, and the bus between them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.env import JSON, Clock, Env, Memory
from custom_components.cctv.devices.model import Batch, Topology, Update, Value
from custom_components.cctv.devices.yi_hack.device import YiHack
from tests.devices.bus import LocalBus
from tests.devices.conftest import PASSWORD, USER, Lend
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.yi_box import AT, tiny_loop, tiny_picture

BERLIN = ZoneInfo("Europe/Berlin")


class StillClock:
    """An env.Clock that stands where the camera's stands; a sleep passes at once."""

    def __init__(self, at: datetime = AT) -> None:
        """Begin at a moment."""
        self._began = at
        self._passed = 0.0
        self.after: list[Callable[[], object]] = []
        """What happens after the next sleeps, one a sleep."""

    def monotonic(self) -> float:
        """Seconds that only ever rise."""
        return 1000 + self._passed

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return (self._began + timedelta(seconds=self._passed)).astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._passed += seconds

    async def sleep(self, seconds: float) -> None:
        """Be there already."""
        self._passed += seconds
        if self.after:
            self.after.pop(0)()


class House:
    """One simulated camera and the device that runs it."""

    def __init__(self, box: YiHackSimulator, bus: LocalBus, lend: Lend) -> None:
        self.box = box
        self.bus = bus
        self._lend = lend
        self.devices: list[YiHack] = []
        self.env: Env | None = None

    def device(
        self,
        password: str = PASSWORD,
        *,
        memory: Memory | None = None,
        clock: Clock | None = None,
        zone: tzinfo = BERLIN,
        options: Mapping[str, JSON] | None = None,
    ) -> YiHack:
        """A device that is not opened yet."""
        env = self._lend(self.box.url, password=password, memory=memory, clock=clock, zone=zone)
        self.env = replace(env, bus=self.bus, options=options or {})
        self.devices.append(YiHack(self.env))
        return self.devices[-1]

    async def opened(self, **lent: Any) -> tuple[YiHack, Batch]:
        """A device that is open, and what it said; the wire log begins anew."""
        device = self.device(**lent)
        batch = await device.open()
        self.box.wire.clear()
        return device, batch

    def sent(self) -> list[str]:
        """What was asked and not turned away for its login, in order."""
        return [each.target for each in self.box.wire if each.status != 401]


type Build = Callable[..., Awaitable[House]]


@pytest.fixture
async def house(socket_enabled: None, lend: Lend) -> AsyncIterator[Build]:
    """Make simulated cameras; all is closed at the end."""
    houses: list[House] = []

    async def make(
        personality: str = "mstar",
        *,
        user: str = USER,
        before: Callable[[YiHackSimulator], object] | None = None,
        **given: Any,
    ) -> House:
        bus = LocalBus()
        looks: dict[str, Any] = {"at": AT, "pictures": tiny_picture, "loops": tiny_loop}
        box = YiHackSimulator(
            personality, user, PASSWORD if user else "", publish=bus.deliver, **looks | given
        )
        if before is not None:
            before(box)
        await box.start()
        houses.append(House(box, bus, lend))
        return houses[-1]

    yield make
    for each in houses:
        for device in each.devices:
            await device.close()
        await each.box.stop()


def topology_of(batch: Batch) -> Topology:
    """The topology that a batch begins with."""
    assert isinstance(batch[0], Topology)
    return batch[0]


def told(batch: tuple[Update, ...]) -> dict[str, object]:
    """The levels of a batch."""
    return {update.feature: update.value for update in batch if isinstance(update, Value)}
