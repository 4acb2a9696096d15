"""Suite `events`: every shape of event stream, from the simulator's write to the entity's state."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
import shutil
import tempfile
import time
from typing import Final

from . import ours
from .outlet import Outlet, Stamp
from .pyamcrest import PyAmcrest
from .rows import Row, percentile
from .sender import PASSWORD, USER
from .shapes import SHAPES, Shape

PEER: Final = "python-amcrest 1.9.9"
QUIET_SECONDS: Final = 2.0
"""Nothing more is expected after so long without anything."""
LONGEST_SECONDS: Final = 60.0
WARM_UP: Final = next(shape for shape in SHAPES if shape.name == "CRLF")


@dataclass(slots=True)
class Outcome:
    """What one side made of one shape."""

    sent: int
    received: int
    delays: list[float] = field(default_factory=list)
    """Of every event that was understood, in milliseconds."""


def match(sent: Sequence[Stamp], heard: Sequence[Stamp]) -> list[float]:
    """The delay in milliseconds of each sent event that was heard in its channel's order."""
    delays = []
    for channel in {channel for _, channel, _ in sent}:
        mine = iter([(at, on) for at, where, on in heard if where == channel])
        waiting = next(mine, None)
        for at, where, on in sent:
            if where != channel or waiting is None:
                continue
            if waiting[1] == on and waiting[0] >= at:
                delays.append((waiting[0] - at) * 1000)
                waiting = next(mine, None)
    return delays


async def settled(heard: Sequence[Stamp], wanted: int) -> None:
    """Wait until all is heard, or nothing comes any more."""
    deadline = time.monotonic() + LONGEST_SECONDS
    quiet, count = time.monotonic(), len(heard)
    while count < wanted and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
        if len(heard) != count:
            quiet, count = time.monotonic(), len(heard)
        elif time.monotonic() - quiet > QUIET_SECONDS:
            return


async def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        await asyncio.sleep(0.05)


async def one_of_ours(outlet: Outlet, side: ours.Ours, shape: Shape) -> Outcome:
    """One shape through the device layer and Home Assistant into states."""
    await outlet.prepare(shape.name)
    await side.reconnect()
    await outlet.attached()
    await until(side.resting, "the sensors rest")
    side.heard.clear()
    sent = await outlet.send(shape.name)
    await settled(side.heard, len(sent))
    return Outcome(len(sent), len(side.heard), match(sent, side.heard))


async def one_of_theirs(outlet: Outlet, shape: Shape) -> Outcome:
    """One shape through the peer into its callback; no Home Assistant behind it."""
    await outlet.prepare(shape.name)
    side = PyAmcrest(outlet.url, USER, PASSWORD)
    listening = asyncio.create_task(side.listen())
    try:
        await outlet.attached()
        sent = await outlet.send(shape.name)
        await settled(side.heard, len(sent))
        return Outcome(len(sent), side.received, match(sent, side.heard))
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await outlet.detached()


def rows(shape: Shape, mine: Outcome, peer: Outcome) -> list[Row]:
    """The figures of one shape."""
    found = [
        Row(f"{shape.name}: sent", "events", mine.sent, {PEER: peer.sent}),
        Row(f"{shape.name}: received", "events", mine.received, {PEER: peer.received}, mine.sent),
        Row(
            f"{shape.name}: parsed", "events", len(mine.delays), {PEER: len(peer.delays)}, mine.sent
        ),
    ]
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        theirs = percentile(peer.delays, share) if peer.delays else None
        found.append(
            Row(f"{shape.name}: {name}", "ms", percentile(mine.delays, share), {PEER: theirs})
        )
    return found


async def run() -> list[Row]:
    """The peer, then ours, on the same simulator; one more shape at first to warm up."""
    shapes = (WARM_UP, *SHAPES)
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="cctv-bench-")
    try:
        async with Outlet() as outlet:
            # First, because Home Assistant minds for the whole process whatever blocks its loop.
            theirs = [await one_of_theirs(outlet, shape) for shape in shapes]
            async with ours.home(Path(folder), outlet.url, USER, PASSWORD) as side:
                mine = [await one_of_ours(outlet, side, shape) for shape in shapes]
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    each = zip(SHAPES, mine[1:], theirs[1:], strict=True)
    return [row for shape, our, their in each for row in rows(shape, our, their)]
