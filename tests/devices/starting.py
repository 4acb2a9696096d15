"""What a start costs: the requests until every enabled entity knows what it shows."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
import re
import time
from typing import Any, Final, override

from custom_components.cctv.devices.catalogue import Kind, row
from custom_components.cctv.devices.device import Device
from custom_components.cctv.devices.engine.polls import LATER_SECONDS
from custom_components.cctv.devices.engine.recorded import part_of
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.engine.state import DeviceState, poll_source
from custom_components.cctv.devices.env import Env
from custom_components.cctv.devices.model import Feature, FeatureId, Topology

from .clock import FakeClock

DEADLINE: Final = 60.0
AT_ONCE: Final = 0.6 * LATER_SECONDS
"""After this the clock crawls, so that a slow machine does not get to what nobody waits for."""
TICK: Final = 0.02
CRAWL: Final = 1.0
_SEARCH: Final = re.compile(r"mediaFileFind|FileFindHelper")
_WITHOUT_VALUE: Final = frozenset({Kind.BUTTON, Kind.EVENT, Kind.SPEAKER})


class Calendar(FakeClock):
    """A clock of the test's own, in the days of the devices."""

    @override
    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Start:
    """What one start took."""

    enabled: int
    """Features of enabled entities."""
    at_once: frozenset[FeatureId]
    """Those that were there before anything was surveyed."""
    silent: tuple[FeatureId, ...]
    """Those that are read and had no value in the end."""
    lines: tuple[str, ...]
    """What was asked until all was known, each with its status."""
    seconds: float
    later: tuple[str, ...]
    """What was asked afterwards, until the survey was done."""
    survey_seconds: float

    @property
    def asked(self) -> tuple[str, ...]:
        """What the entities cost: not the search for recordings, nor a login's first challenge."""
        return _asked(self.lines)

    @property
    def challenged(self) -> int:
        """How many answers only demanded a login, which some boxes do at every request."""
        return len(self.lines) - len(_answered(self.lines))

    @property
    def searched(self) -> int:
        """The requests of the search for recordings, which grow with the cameras that record."""
        lines = _answered((*self.lines, *self.later))
        return sum(_SEARCH.search(line) is not None for line in lines)

    @property
    def surveyed(self) -> tuple[str, ...]:
        """The tables and verbs that were asked when there was time."""
        return _asked(self.later)


def _asked(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in _answered(lines) if not _SEARCH.search(line))


def _answered(lines: Sequence[str]) -> tuple[str, ...]:
    """Without the challenges: what was turned away and asked again."""
    found = []
    for at, line in enumerate(lines):
        target, _, status = line.rpartition(" ")
        again = any(other.startswith(f"{target} ") for other in lines[at + 1 :])
        if status not in ("401", "403") or not again:
            found.append(line)
    return tuple(found)


def is_enabled(feature: Feature) -> bool:
    """Whether its entity is on from the beginning."""
    return not (row(feature.key).minor if feature.minor is None else feature.minor)


def enabled(topology: Topology) -> frozenset[FeatureId]:
    """The features whose entities are on from the beginning."""
    return frozenset(id_ for id_, each in topology.features.items() if is_enabled(each))


async def start(device: Device, env: Env, clock: Calendar, wire: Sequence[Any]) -> Start:
    """Start a device as its entry does, want what is enabled, and let it be surveyed."""
    runner = Runner(device, env, jitter=lambda: 0.0)
    wanted: set[FeatureId] = set()

    def want() -> None:
        """Want what came, as its entities do."""
        fresh = enabled(runner.state.topology) - wanted
        wanted.update(fresh)
        runner.want(fresh)

    begin = time.monotonic()
    try:
        await runner.start()
        runner.watch_topology(want)
        want()
        at_once = enabled(runner.state.topology)
        await _until(clock, lambda: _known(runner.state, searched=False), AT_ONCE)
        told, asked = time.monotonic(), len(wire)
        survey = poll_source("survey")
        await _until(clock, lambda: survey in runner.state.health and _known(runner.state))
        end = time.monotonic()
        await _until(clock, lambda: not _silent(runner.state))
        return Start(
            len(wanted),
            at_once,
            _silent(runner.state),
            tuple(f"{each.target} {each.status}" for each in wire[:asked]),
            told - begin,
            tuple(f"{each.target} {each.status}" for each in wire[asked:]),
            end - told,
        )
    finally:
        await runner.stop()


def _known(state: DeviceState, *, searched: bool = True) -> bool:
    """Whether each poll of what is enabled was read, or need not be; recordings may come later."""
    features = state.topology.features
    return all(
        id_ in state.readings
        or (poll := features[id_].poll) is None
        or poll_source(poll) in state.health
        or (part_of(poll) is not None and not searched)
        for id_ in enabled(state.topology)
    )


def _silent(state: DeviceState) -> tuple[FeatureId, ...]:
    """What is enabled and read, and has no value all the same."""
    features = state.topology.features
    return tuple(
        id_
        for id_ in sorted(enabled(state.topology))
        if features[id_].poll is not None
        and row(features[id_].key).kind not in _WITHOUT_VALUE
        and id_ not in state.readings
    )


async def _until(clock: Calendar, holds: Callable[[], bool], most: float = inf) -> None:
    """Let the clock tick until it is so, no faster than devices send heartbeats."""
    begin, ticked = clock.monotonic(), time.monotonic()
    async with asyncio.timeout(DEADLINE):
        while not holds():
            pace = TICK if clock.monotonic() - begin < most else CRAWL
            if time.monotonic() - ticked >= pace:
                ticked = time.monotonic()
                await clock.advance(0.1)
            await asyncio.sleep(TICK)
