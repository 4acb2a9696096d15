"""A device on a simulated box, all that may go on around them, and what must be so in the end."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable
from contextlib import aclosing
import copy
from dataclasses import dataclass, field, fields
from datetime import UTC
from inspect import isawaitable
import logging
from random import Random
import time
from typing import Any, Final, cast

import aiohttp

from custom_components.cctv.devices import registry
from custom_components.cctv.devices.catalogue import SETTABLE, Kind, row
from custom_components.cctv.devices.commands import Command, Mode, Press, PtzMove, PtzStop, Set
from custom_components.cctv.devices.device import Device
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import JSON, Address, Crew, Env, ShortMemory
from custom_components.cctv.devices.errors import DeviceError
from custom_components.cctv.devices.model import (
    FeatureId,
    PartId,
    Picture,
    Recordings,
    Reported,
    Table,
    Topology,
    Value,
)
from tests.simulators.families import FAMILIES
from tests.simulators.wire import Mode as Net

from .bus import LocalBus
from .fast import LoopClock
from .listener import OURS, PASSWORD
from .test_contract import _wishes
from .traits import TRAITS
from .villains import VILLAINS, Villain

PATIENCE: Final = 1500.0
"""So long (seconds of the loop) the truth may take: healthy feeds leave polls for ten minutes."""
LATE: Final = 1.0
"""So much later (seconds of the wall) than its order ended a request may be read by the box."""


@dataclass
class Order:
    """Something that somebody ordered: when, and until when it was under way (wall clock)."""

    began: float
    part: PartId
    command: Command
    ended: float = float("inf")


@dataclass
class Sent:
    """A request of the wire log that changes something."""

    at: float
    what: str
    exchange: Any

    @property
    def challenged(self) -> bool:
        """Whether it was only asked for the login."""
        return self.exchange.status in (401, 403)


@dataclass
class Scene:
    """One box, one runner, and all that goes on around them."""

    family: str
    box: Any
    bus: LocalBus | None
    session: aiohttp.ClientSession
    dice: Random
    memory: ShortMemory = field(default_factory=ShortMemory)
    crew: Crew = field(default_factory=Crew)
    runner: Runner | None = None
    going: set[asyncio.Task[None]] = field(default_factory=set)
    orders: list[Order] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    ordered: set[str] = field(default_factory=set)
    targets: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    releases: list[Any] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    troubled: bool = False
    ailing: bool = False
    reloading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def villain(self) -> Villain:
        """What happens to such boxes."""
        return VILLAINS[self.family]

    @property
    def ports(self) -> list[Any]:
        """The servers of the box."""
        return [self.box, self.box.status] if self.family == "dvro" else [self.box]

    # --- the device

    def device(self, memory: ShortMemory, crew: Crew) -> tuple[Device, Env]:
        """A device for the box, and what it is lent."""
        known = FAMILIES[self.family]
        options: dict[str, JSON] = TRAITS[self.family].options(self.box)
        lent = {"bus": self.bus} if self.bus is not None else {}
        env = Env(
            self.session,
            Address(self.box.url, known.user, PASSWORD if known.password else ""),
            UTC,
            crew.spawn,
            options=options,
            clock=LoopClock(),
            memory=memory,
            **cast(Any, lent),
        )
        return registry.family(self.family).create(env), env

    async def start(self) -> None:
        """Run the box, as often as it takes."""
        while self.runner is None:
            crew = Crew()
            device, env = self.device(self.memory, crew)
            runner = Runner(device, env, jitter=self.dice.random)
            try:
                await runner.start()
            except DeviceError:
                await crew.dismiss()
                await asyncio.sleep(5)
            else:
                self.runner, self.crew = runner, crew

    async def stop(self) -> None:
        """Leave the box, whatever goes on."""
        runner, self.runner = self.runner, None
        crew = self.crew
        if runner is not None:
            await runner.stop()
            await crew.dismiss()
            assert not crew.size
            self.releases.clear()

    # --- what goes on

    def let(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something go on beside the rest."""
        name = getattr(work, "__qualname__", "?")

        async def watched() -> None:
            try:
                self.counts[name] += 1
                async with asyncio.timeout(300):
                    await work
            except DeviceError as error:
                self.counts[type(error).__name__] += 1
            except TimeoutError:
                self.wrong.append(f"{name} never ends")
            except Exception as error:
                logging.getLogger().exception("unexpected")
                self.wrong.append(f"{name}: {error!r} is no DeviceError")

        task = asyncio.create_task(watched())
        self.going.add(task)
        task.add_done_callback(self.going.discard)

    async def order(self) -> None:
        """Order something at random; some who order do not wait for it."""
        assert self.runner is not None
        state = self.runner.state
        choices: list[tuple[PartId, Command]] = []
        for one in state.topology.features.values():
            kind = row(one.key).kind
            if kind in SETTABLE:
                wishes = _wishes(self.family, one)
                choices += [(one.part, Set(one.key, wish)) for wish in wishes[:1] + wishes[-1:]]
            elif kind is Kind.BUTTON and (one.key != "restart" or self.dice.random() < 0.1):
                choices.append((one.part, Press(one.key)))
        for part in state.topology.parts.values():
            ptz = part.ptz
            if ptz is not None and Mode.CONTINUOUS in ptz.modes and "pan" in ptz.axes:
                choices.append((part.id, PtzMove(pan=1, seconds=self.dice.choice((None, 1, 5)))))
                choices.append((part.id, PtzStop()))
        if not choices:
            return
        part_id, command = self.dice.choice(choices)
        order = Order(time.monotonic(), part_id, command)
        self.orders.append(order)
        try:
            async with asyncio.timeout(self.dice.choice((0.5, 200, 200, 200))):
                await self.runner.do(part_id, command)
        except TimeoutError:
            pass
        finally:
            order.ended = time.monotonic()

    async def look(self) -> None:
        """Look at a picture."""
        assert self.runner is not None
        if streams := [one for one in self.runner.state.topology.streams.values() if one.still]:
            await self.runner.picture(self.dice.choice(streams).id)

    async def watch(self) -> None:
        """Watch a live view for a while, slowly."""
        assert self.runner is not None
        streams = [one for one in self.runner.state.topology.streams.values() if one.live]
        if not streams:
            return
        left = self.dice.randrange(1, 8)
        async with aclosing(self.runner.frames(self.dice.choice(streams).id)) as frames:
            async for _ in frames:
                left -= 1
                if not left:
                    return
                await asyncio.sleep(self.dice.random() * 5)

    async def image(self) -> None:
        """Look at the picture of an event."""
        assert self.runner is not None
        readings = self.runner.state.readings.items()
        if found := [id_ for id_, one in readings if isinstance(one.value, Picture)]:
            await self.runner.image(self.dice.choice(found))

    async def find(self) -> None:
        """Search something, and leave before the end or after it."""
        assert self.runner is not None
        parts = [one for one in self.runner.state.topology.parts.values() if one.tables]
        if not parts:
            return
        part = self.dice.choice(parts)
        table = self.dice.choice(sorted(part.tables))
        left = self.dice.randrange(1, 30)
        query = Recordings(limit=20) if table == "recordings" else Table(kind=table, limit=20)
        async with aclosing(self.runner.find(part.id, query)) as found:
            async for _ in found:
                left -= 1
                if not left:
                    return

    def want(self) -> None:
        """Have somebody want some features, and somebody else no more."""
        assert self.runner is not None
        ids = [*self.runner.state.topology.features]
        self.releases.append(self.runner.want(self.dice.sample(ids, min(len(ids), 5))))
        if len(self.releases) > 5:
            self.releases.pop(self.dice.randrange(len(self.releases)))()

    async def trouble(self) -> None:
        """Have trouble with the network, one at a time."""
        if self.troubled:
            return
        self.troubled = True
        try:
            seconds = self.dice.choice((0.5, 5, 20, 40))
            match self.dice.randrange(5):
                case 0:
                    await self.box.cut(rst=self.dice.random() < 0.5)
                case 1:
                    await self.villain.fall(self.box, self.dice)
                case 2:
                    await self.box.go_dark()
                    await asyncio.sleep(seconds)
                    await self.box.come_back()
                case kind:
                    self.box.mode = (Net.SILENT, Net.RESET)[kind - 3]
                    await asyncio.sleep(seconds)
                    self.box.mode = Net.SERVE
        finally:
            self.troubled = False

    async def ill(self) -> None:
        """Have the box treat one of its paths badly for a while."""
        if not self.targets or self.ailing:
            return
        self.ailing = True
        healthy = copy.deepcopy(self.box.faults)
        self.villain.switch(self.box, self.dice, self.dice.choice(self.targets))
        await asyncio.sleep(self.dice.choice((1, 10, 30)))
        heal(self.box.faults, healthy)
        self.ailing = False

    async def reload(self) -> None:
        """Have Home Assistant load the entry anew, once at a time."""
        if self.dice.random() < 0.2 and not self.troubled and not self.reloading.locked():
            async with self.reloading:
                await self.stop()
                await self.start()

    async def storm(self, seconds: float) -> None:
        """Let things happen for so long (seconds of the wall)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.runner is not None and len(self.going) < 12:
                match self.dice.randrange(14):
                    case 0 | 1 | 2:
                        self.let(self.order())
                    case 3:
                        self.let(self.look())
                    case 4:
                        self.let(self.watch())
                    case 5:
                        self.let(self.find())
                    case 6:
                        self.want()
                    case 7:
                        self.let(self.trouble())
                    case 8:
                        self.let(self.ill())
                    case 9:
                        self.let(self.image())
                    case 10:
                        self.let(self.reload())
                    case 11 if self.bus is not None and self.dice.random() < 0.2:
                        self.bus.cut()
                    case _:
                        done = self.dice.choice(self.villain.deeds)(self.box, self.dice)
                        if isawaitable(done):
                            self.let(_wait(done))
            self.drain()
            await asyncio.sleep(self.dice.expovariate(1.5))

    async def calm(self, healthy: Any) -> None:
        """End the storm: everything works again and nothing goes on any more."""
        while self.going:
            await asyncio.wait([*self.going])
        heal(self.box.faults, healthy)
        self.box.mode = Net.SERVE
        await self.box.come_back()
        self.villain.calm(self.box)
        await self.start()

    # --- what must be so

    def drain(self) -> None:
        """Take what changes something out of the wire logs."""
        pattern, harmless = TRAITS[self.family].changes, TRAITS[self.family].harmless
        for log in TRAITS[self.family].logs(self.box):
            self.counts["requests"] += len(log)
            for each in log:
                self.targets.append(each.target)
                if harmless and harmless.search(each.target):
                    continue
                if each.method != "GET" or pattern.search(each.target):
                    what = f"{each.method} {each.target} {each.request.body!r}"
                    self.sent.append(Sent(each.at, what, each))
            log.clear()
        del self.targets[:-200]

    def judge(self) -> None:
        """Whether each change was ordered, and sent once for each order."""
        self.drain()
        free: dict[str, list[Order]] = {}
        for sent in sorted(self.sent, key=lambda one: one.at):
            if sent.challenged:
                continue
            left = free.setdefault(sent.what, sorted(self.orders, key=lambda one: one.ended))
            order = next((one for one in left if one.began <= sent.at <= one.ended + LATE), None)
            if order is not None:
                left.remove(order)
                self.ordered.add(sent.what)
            elif not self.villain.echoes.search(sent.what):
                near = [one for one in self.orders if abs(one.began - sent.at) < 1]
                self.wrong.append(f"nobody ordered {sent.what} now, or not twice: {near}")
        self.sent.clear()
        self.orders.clear()

    async def truth(self) -> tuple[Topology, dict[FeatureId, Reported]]:
        """What somebody sees who looks at the box for the first time."""
        crew, memory = Crew(), ShortMemory()
        device, _ = self.device(memory, crew)
        told: dict[FeatureId, Reported] = {}
        try:
            topology = Topology()
            batch = await device.open()
            read: set[str] = set()
            while True:
                for update in batch:
                    if isinstance(update, Topology):
                        topology = update
                    elif isinstance(update, Value):
                        told[update.feature] = update.value
                # A survey finds more to read.
                if not (left := [name for name in topology.polls if name not in read]):
                    break
                read.add(left[0])
                batch = await device.read(left[0])
        finally:
            await device.close()
            await crew.dismiss()
        return topology, told

    def differences(self, there: Topology, told: dict[FeatureId, Reported]) -> list[str]:
        """What the runner knows otherwise than it is."""
        assert self.runner is not None
        state = self.runner.state
        found = [] if state.online else ["it is not online"]
        found += [f"{name} is down" for name in state.health if state.health[name].up is False]
        known = state.topology.parts.keys()
        found += [f"{part} is not known" for part in there.parts.keys() - known]
        found += [f"{part} is not there" for part in known - there.parts.keys()]
        for id_, feature in state.topology.features.items():
            if feature.key in self.villain.moving or id_ not in there.features:
                continue
            value = state.value(id_)
            if not state.available(id_):
                found.append(f"{id_} is not available")
            elif feature.poll is not None and id_ in told:
                if value != told[id_]:
                    found.append(f"{id_} is {told[id_]!r}, not {value!r}")
            elif feature.push is not None and value not in (rest := row(feature.key).rest, None):
                found += [f"{id_} is stuck at {value!r}"] * (rest is not None)
        return found

    async def converge(self) -> None:
        """Wait until the runner knows what is true."""
        assert self.runner is not None
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        runner = self.runner
        # An answer that was cut may look whole, and some are believed for half a day.
        polls = runner.state.topology.polls.values()
        cast(Any, runner)._polls.soon(one.name for one in polls if one.every > PATIENCE)
        there, told = await self.truth()
        releases = []
        while found := self.differences(there, told):
            # Entities of what was found meanwhile want it too.
            releases.append(runner.want(runner.state.topology.features))
            changed = asyncio.Event()
            unwatch = runner.watch(runner.state.topology.features, changed.set)
            try:
                async with asyncio.timeout(60):
                    await changed.wait()
            except TimeoutError:
                # What runs in the box by itself may have ended meanwhile: a pulse, a recording.
                there, told = await self.truth()
            finally:
                unwatch()
            if loop.time() > end:
                self.wrong += found
                break
        for release in releases:
            release()

    def bounds(self) -> None:
        """Whether anything has grown that should not."""
        assert self.runner is not None
        state = self.runner.state
        runner = cast(Any, self.runner)
        assert state.readings.keys() <= state.topology.features.keys()
        assert state.heard.keys() <= state.topology.features.keys()
        assert len(state.notices) <= 64
        assert not runner._orders._pending
        assert not runner._pictures._shows
        assert not runner._pictures._fetches
        assert len(runner._pictures._kept) <= 64
        assert runner._polls._locks.keys() <= {*state.topology.polls, *runner._polls._asked}
        assert runner._engine.crew.size <= 8 + 3 * len(state.topology.polls)

    async def left(self, before: Iterable[asyncio.Task[Any]]) -> None:
        """Whether anything is left of a runner that was stopped."""
        tasks = asyncio.all_tasks() - {*before} - {asyncio.current_task()}
        mine = [one for one in tasks if OURS in str(getattr(one.get_coro(), "cr_code", ""))]
        self.wrong += [f"{one} is left" for one in mine]
        for port in self.ports:
            await port.until(lambda port=port: not port.connections, timeout=600)
        if self.bus is not None:
            assert not self.bus.attached


async def _wait(done: Any) -> None:
    await done


def heal(faults: Any, healthy: Any) -> None:
    """Put all switches back."""
    for one in fields(faults):
        setattr(faults, one.name, copy.deepcopy(getattr(healthy, one.name)))
