"""The sample family: a small recorder that lives in memory and implements the whole contract.

It has a box, two cameras, one of them with a window and a dome, a feed of events and four polls.
What it would answer is in plain sight (`truth`, `faults`), all that it was asked is in `log`.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import aiohttp

from custom_components.cctv.devices.commands import (
    Command,
    Mode,
    Press,
    PtzMove,
    PtzStop,
    Set,
)
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import JSON, Address, Crew, Env, Memory, ShortMemory
from custom_components.cctv.devices.errors import Gone, Unsupported
from custom_components.cctv.devices.model import (
    BOX,
    About,
    Answer,
    Batch,
    Content,
    Day,
    Feature,
    FeatureId,
    Feed,
    Limits,
    Need,
    Part,
    PartId,
    PartKind,
    Poll,
    PtzAbility,
    Query,
    Recording,
    Ref,
    Reported,
    Stream,
    Table,
    TableRow,
    TalkFormat,
    Topology,
    Value,
    topology,
)

from .clock import FakeClock

PARTS = [
    Part(
        BOX,
        PartKind.BOX,
        about=About(name="Sample", serial="S1", identities=frozenset({"serial:S1"})),
        can=frozenset({Set, Press}),
        tables=frozenset({"log"}),
        talk=TalkFormat("alaw", 8000, 160),
    ),
    Part(
        "camera.1",
        PartKind.CAMERA,
        "Door",
        can=frozenset({Set, PtzMove, PtzStop}),
        tables=frozenset({"recordings"}),
        ptz=PtzAbility(frozenset({"pan", "tilt"}), frozenset({Mode.CONTINUOUS, Mode.STEP})),
    ),
    Part("camera.1/window.7", PartKind.WINDOW, "Gate", can=frozenset({Set})),
    Part("camera.2", PartKind.CAMERA, "Yard", can=frozenset({Set})),
]
FEATURES = [
    Feature("camera.1", "online", poll="channels"),
    Feature("camera.2", "online", poll="channels"),
    Feature("camera.1", "motion", poll="states", push="events"),
    Feature("camera.2", "motion", poll="states", push="events"),
    Feature("camera.1/window.7", "intrusion", push="events", hold=30),
    Feature("camera.1", "sound", push="events", hold=5),
    Feature("camera.1", "tamper", push="events", linger=2),
    Feature("camera.1", "doorbell", push="events"),
    Feature("camera.1", "motion_detection", poll="settings"),
    Feature("camera.1", "motion_sensitivity", poll="settings", limits=Limits(0, 100)),
    Feature("camera.1", "day_night", poll="settings", options=("color", "auto")),
    Feature("camera.1", "siren", push="events"),
    Feature("camera.2", "motion_detection", poll="settings"),
    Feature(BOX, "record"),
    Feature(BOX, "restart"),
    Feature(BOX, "storage_used", poll="survey"),
]
STREAMS = [
    Stream(
        "camera.1:main",
        "camera.1",
        url="rtsp://sample/1",
        live="live/1",
        still="still/1",
    ),
    Stream("camera.2:main", "camera.2", still="still/2"),
]
POLLS = [
    Poll("channels", every=30, need=Need.VITAL),
    Poll("states", every=10),
    Poll("settings", every=60, settle=(1, 3)),
    Poll("survey", every=3600, need=Need.ALWAYS),
]
FEEDS = [Feed("events", silence=15, seed=("states",))]
FIRST = datetime(2026, 3, 1, 0, 1, tzinfo=UTC)
JPEG = b"\xff\xd8sample\xff\xd9"


def listing(
    *more: Part | Feature | Stream,
    without: frozenset[str] = frozenset(),
    polls: list[Poll] = POLLS,
    feeds: list[Feed] = FEEDS,
) -> Topology:
    """What the sample has: with something more, or without parts and all that is in them."""
    given = [*PARTS, *FEATURES, *STREAMS, *more]
    kept = [one for one in given if _part(one) not in without]
    return topology(
        [one for one in kept if isinstance(one, Part)],
        [one for one in kept if isinstance(one, Feature)],
        [one for one in kept if isinstance(one, Stream)],
        polls,
        feeds,
    )


def _part(one: Part | Feature | Stream) -> PartId:
    return one.id if isinstance(one, Part) else one.part


@dataclass
class Sample:
    """The device: says `truth`, fails with `faults`, waits at `gates`, writes `log`."""

    topology: Topology = field(default_factory=listing)
    truth: dict[FeatureId, Reported] = field(
        default_factory=lambda: {
            "camera.1:online": True,
            "camera.2:online": True,
            "camera.1:motion": False,
            "camera.2:motion": False,
            "camera.1:motion_detection": True,
            "camera.1:motion_sensitivity": 40,
            "camera.1:day_night": "auto",
            "camera.2:motion_detection": False,
            ":storage_used": 12,
        }
    )
    opening: tuple[str, ...] = ("channels",)
    """The polls whose values open() meets on its way."""
    relist: set[str] = field(default_factory=set)
    """The polls that tell the topology as well."""
    faults: dict[str, Exception] = field(default_factory=dict)
    """What 'open', 'read channels', 'listen', 'do', 'fetch', 'resume' raise."""
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """What waits until its event is set, by the same names."""
    lazy: bool = False
    """Takes a Set and tells nothing about it."""
    log: list[str] = field(default_factory=list)
    done: list[tuple[PartId, Command]] = field(default_factory=list)
    ears: list[asyncio.Queue[Batch | Exception | None]] = field(default_factory=list)
    pictures: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    live: int = 0
    """Live views that are open."""
    closed: bool = False

    def count(self, entry: str) -> int:
        """How often something was asked."""
        return Counter(self.log)[entry]

    def say(self, *batch: object) -> None:
        """Have the feed say something."""
        for ear in self.ears:
            ear.put_nowait(cast("Batch", batch))

    def cut(self, error: Exception | None = None) -> None:
        """End the feed's connection."""
        for ear in self.ears:
            ear.put_nowait(error)

    def offline(self, error: Exception) -> None:
        """Answer nothing any more, and drop the feed."""
        self.faults |= {f"read {poll}": error for poll in self.topology.polls}
        self.faults |= {"listen": error, "do": error, "fetch": error}
        self.cut(error)

    def online(self) -> None:
        """Answer again."""
        self.faults.clear()

    async def _step(self, entry: str) -> None:
        self.log.append(entry)
        if (gate := self.gates.get(entry)) is not None:
            await gate.wait()
        if (fault := self.faults.get(entry)) is not None:
            raise fault

    # --- the contract

    async def open(self) -> Batch:
        """Say what there is, and what was met on the way."""
        await self._step("open")
        return (self.topology, *(value for poll in self.opening for value in self._told(poll)))

    async def read(self, poll: str) -> Batch:
        """Read one poll. What is true is looked up when it answers, not when it is asked."""
        await self._step(f"read {poll}")
        return ((self.topology,) if poll in self.relist else ()) + self._told(poll)

    def _told(self, poll: str) -> tuple[Value, ...]:
        return tuple(
            Value(id_, self.truth[id_])
            for id_, feature in self.topology.features.items()
            if feature.poll == poll and id_ in self.truth
        )

    async def listen(self, feed: str) -> AsyncGenerator[Batch]:
        """Yield what `say` says."""
        await self._step("listen")
        ear: asyncio.Queue[Batch | Exception | None] = asyncio.Queue()
        self.ears.append(ear)
        try:
            while (batch := await ear.get()) is not None:
                if isinstance(batch, Exception):
                    raise batch
                yield batch
        finally:
            self.ears.remove(ear)

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do it; a Set becomes the truth."""
        self.done.append((part, command))
        await self._step("do")
        match command:
            case Set(key, value) if not self.lazy:
                self.truth[f"{part}:{key}"] = value
                return Answer((Value(f"{part}:{key}", value),))
            case Set(key, value):
                self.truth[f"{part}:{key}"] = value
        return Answer()

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
        """Find one row after the other, as far back as is asked, and say when it was freed."""
        self.log.append("find")
        try:
            number = 0
            while True:
                number += 1
                start = FIRST - timedelta(minutes=number)
                if query.start is not None and start < query.start:
                    return
                if isinstance(query, Table):
                    yield {"number": number}
                else:
                    yield Recording((f"clip/{number}",), part, start)
        finally:
            self.log.append("found")

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Give a still, or the live pictures out of `pictures`."""
        await self._step("fetch")
        if ref.startswith("still/"):
            return Content("image/jpeg", _once(JPEG))
        if ref.startswith("live/"):
            return Content("multipart/x-mixed-replace", self._live(), live=True)
        raise Gone(ref)

    async def _live(self) -> AsyncIterator[bytes]:
        self.live += 1
        try:
            while (picture := await self.pictures.get()) is not None:
                yield picture
        finally:
            self.live -= 1

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Play it."""
        async for frame in sound:
            self.log.append(f"talk {frame!r}")

    def play_url(self, stream: Stream) -> str:
        """The stream's URL with its secrets."""
        if stream.url is None:
            raise Unsupported(stream.id)
        return stream.url.replace("//", "//user:secret@")

    async def resume(self) -> Batch:
        """Put back what was forgotten."""
        await self._step("resume")
        return ()

    async def close(self) -> None:
        """Leave nothing behind."""
        self.closed = True


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _others() -> set[asyncio.Task[object]]:
    """Every task but the one that asks."""
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@dataclass
class House:
    """A sample, its runner and their clock."""

    device: Sample
    runner: Runner
    clock: FakeClock
    memory: Memory

    def value(self, feature: FeatureId) -> Reported:
        """What the runner takes a feature for."""
        return cast("Reported", self.runner.state.value(feature))

    def follow(self, feature: FeatureId) -> list[Reported]:
        """Want a feature and write down each value that its watcher sees."""
        seen: list[Reported] = []
        self.runner.want((feature,))
        self.runner.watch((feature,), lambda: seen.append(self.value(feature)))
        return seen

    async def heard(self) -> None:
        """Have the feed connected, seeded and believed."""
        await self.clock.advance(0.2)
        self.device.say()
        await self.clock.advance(0.2)
        assert self.runner.state.health["feed:events"].up is True


type Furnish = Callable[..., Awaitable[House]]


@asynccontextmanager
async def house(
    device: Sample | None = None,
    *,
    options: dict[str, JSON] | None = None,
    memory: Memory | None = None,
) -> AsyncIterator[House]:
    """Run a sample; afterwards nothing of it may be left."""
    device = device or Sample()
    clock = FakeClock()
    memory = memory or ShortMemory()
    crew = Crew()
    before = _others()
    async with aiohttp.ClientSession() as session:
        env = Env(
            session,
            Address("http://127.0.0.1"),
            UTC,
            crew.spawn,
            options or {},
            clock,
            memory,
        )
        runner = Runner(device, env, jitter=lambda: 0.5)
        await runner.start()
        try:
            yield House(device, runner, clock, memory)
        finally:
            await runner.stop()
            assert device.closed
            assert not device.ears
            assert not device.live
            assert _others() <= before
