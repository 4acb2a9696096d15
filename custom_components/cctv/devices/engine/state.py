"""What the runner keeps of a device: one immutable state, replaced at every change.

A state shares what did not change with the one before it. Readings are kept in two layers, so that
an event copies a few dozen entries and never one for each feature; what depends on the topology
alone is worked out once, in its Index.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import Any, Final, override

from ..catalogue import Kind, Row, row
from ..model import (
    BOX,
    Event,
    Feature,
    FeatureId,
    Health,
    Need,
    Notice,
    PartId,
    Reading,
    Topology,
    above,
    camera_of,
)
from . import recorded

ONLINE: Final = f"{BOX}:online"
EVENT_SOURCE: Final = f"{BOX}:event_source"
_LAYER: Final = 64
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def poll_source(name: str) -> str:
    """The key of a poll's health."""
    return f"poll:{name}"


def feed_source(name: str) -> str:
    """The key of a feed's health."""
    return f"feed:{name}"


class Readings(Mapping[FeatureId, Reading]):
    """Readings that share what did not change with those they were made from."""

    __slots__ = ("_base", "_top")

    def __init__(
        self,
        base: Mapping[FeatureId, Reading] = _NOTHING,
        top: Mapping[FeatureId, Reading] = _NOTHING,
    ) -> None:
        """Lay one mapping over another; nobody may change them afterwards."""
        self._base = base
        self._top = top

    def replaced(self, fresh: Mapping[FeatureId, Reading]) -> Readings:
        """The same with some readings put in."""
        top = {**self._top, **fresh}
        return Readings({**self._base, **top}) if len(top) > _LAYER else Readings(self._base, top)

    def without(self, gone: frozenset[str]) -> Readings:
        """The same with some readings taken out."""
        return Readings({key: value for key, value in self.items() if key not in gone})

    @override
    def get(self, key: FeatureId, default: Any = None) -> Any:
        found = self._top.get(key)
        return found if found is not None else self._base.get(key, default)

    @override
    def __getitem__(self, key: FeatureId) -> Reading:
        found = self._top.get(key)
        return found if found is not None else self._base[key]

    @override
    def __iter__(self) -> Iterator[FeatureId]:
        yield from self._base
        yield from (key for key in self._top if key not in self._base)

    @override
    def __len__(self) -> int:
        return len(self._base) + sum(key not in self._base for key in self._top)

    @override
    def __repr__(self) -> str:
        return f"Readings({dict(self)!r})"


@dataclass(frozen=True, slots=True)
class Heard:
    """What is remembered of a feature's events: the last ids, and when each type last counted."""

    ids: tuple[str, ...] = ()
    last: Mapping[str, float] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Index:
    """What follows from a topology: who tells what, and what depends on whom."""

    rows: Mapping[FeatureId, Row] = field(default_factory=lambda: _NOTHING)
    sources: Mapping[FeatureId, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """The poll and the feed that tell a feature."""
    told: Mapping[str, tuple[FeatureId, ...]] = field(default_factory=lambda: _NOTHING)
    """The features that a poll or feed tells."""
    gates: Mapping[FeatureId, tuple[FeatureId, ...]] = field(default_factory=lambda: _NOTHING)
    """The `online` features at and above a feature's place."""
    gated: Mapping[FeatureId, tuple[FeatureId, ...]] = field(default_factory=lambda: _NOTHING)
    """The features that an `online` feature takes with it."""
    detection: Mapping[FeatureId, FeatureId] = field(default_factory=lambda: _NOTHING)
    """The detection event that a rising edge of a feature also is."""
    vital: tuple[str, ...] = ()
    """The sources that decide whether the box is online."""
    heralds: tuple[str, ...] = ()
    """The feeds that decide whether events are heard at once."""

    @classmethod
    def of(cls, topology: Topology) -> Index:
        """Work it out."""
        sources: dict[FeatureId, tuple[str, ...]] = {}
        told: dict[str, list[FeatureId]] = {}
        gates: dict[FeatureId, tuple[FeatureId, ...]] = {}
        gated: dict[FeatureId, list[FeatureId]] = {}
        detection: dict[FeatureId, FeatureId] = {}
        rows = {id_: row(feature.key) for id_, feature in topology.features.items()}
        lines: dict[PartId, tuple[FeatureId, ...]] = {}
        for id_, feature in topology.features.items():
            sources[id_] = sources_of(feature)
            if rows[id_].detects:
                event = f"{camera_of(topology.parts, feature.part)}:detection"
                if event in topology.features:
                    detection[id_] = event
            if feature.part not in lines:
                lines[feature.part] = _gates(topology, feature.part)
            gates[id_] = tuple(gate for gate in lines[feature.part] if gate != id_)
            for gate in gates[id_]:
                gated.setdefault(gate, []).append(id_)
        for id_, event in detection.items():
            sources[event] = tuple(dict.fromkeys((*sources[event], *sources[id_])))
        for id_, feature in topology.features.items():
            if feature.key == "detection" and not sources[id_]:
                sources[id_] = tuple(feed_source(name) for name in topology.feeds)
        for id_, names in sources.items():
            for name in names:
                told.setdefault(name, []).append(id_)
        return cls(
            rows,
            sources,
            {name: tuple(ids) for name, ids in told.items()},
            gates,
            {gate: tuple(ids) for gate, ids in gated.items()},
            detection,
            _vital(topology),
            _heralds(topology, rows),
        )


def sources_of(feature: Feature) -> tuple[str, ...]:
    """The health keys of the poll and the feed that a feature names."""
    poll = () if feature.poll is None else (poll_source(feature.poll),)
    push = () if feature.push is None else (feed_source(feature.push),)
    return poll + push


def _gates(topology: Topology, part: PartId) -> tuple[FeatureId, ...]:
    """The `online` features of a part and of all that is above it."""
    found = []
    at: PartId | None = part
    while at is not None:
        if (gate := f"{at}:online") in topology.features:
            found.append(gate)
        at = above(at)
    return tuple(found)


def _vital(topology: Topology) -> tuple[str, ...]:
    """The vital sources; all of the family's own where none is named vital."""
    polls = {
        poll_source(poll.name): poll.need
        for poll in topology.polls.values()
        if recorded.part_of(poll.name) is None
    }
    feeds = {feed_source(feed.name): feed.need for feed in topology.feeds.values()}
    needs = polls | feeds
    return tuple(name for name, need in needs.items() if need is Need.VITAL) or tuple(needs)


def _heralds(topology: Topology, rows: Mapping[FeatureId, Row]) -> tuple[str, ...]:
    """The feeds that tell what happens, not only pictures or measures; all where there is none."""
    telling = {
        one.push
        for id_, one in topology.features.items()
        if rows[id_].kind in (Kind.BINARY, Kind.EVENT)
    }
    names = [name for name in topology.feeds if name in telling] or topology.feeds
    return tuple(feed_source(name) for name in names)


@dataclass(frozen=True, slots=True)
class DeviceState:
    """All that is known of a device at one moment."""

    topology: Topology = field(default_factory=Topology)
    readings: Readings = field(default_factory=Readings)
    health: Mapping[str, Health] = field(default_factory=lambda: _NOTHING)
    """By 'poll:name' and 'feed:name'."""
    notices: Mapping[tuple[str, PartId], Notice] = field(default_factory=dict)
    """What the user can mend now, by key and part."""
    missing: Mapping[str, float] = field(default_factory=lambda: _NOTHING)
    """Parts, features and streams that the last listing did not name, and since when."""
    doubted: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Which source left out what is missing, where one did: it alone can say so again."""
    unavailable: frozenset[FeatureId] = frozenset()
    heard: Mapping[FeatureId, Heard] = field(default_factory=lambda: _NOTHING)
    soonest: float = inf
    """No hold or linger ends before this moment."""
    ignored: int = 0
    """How many updates named a feature that is not there."""
    index: Index = field(default_factory=Index, compare=False, repr=False)

    @property
    def online(self) -> bool:
        """Whether the box answers."""
        reading = self.readings.get(ONLINE)
        return reading is not None and reading.value is True

    def available(self, feature: FeatureId) -> bool:
        """Whether what is known of a feature may be believed."""
        return feature in self.topology.features and feature not in self.unavailable

    def pushed(self, feature: FeatureId) -> bool:
        """Whether a feed that is up tells a feature."""
        return any(
            self.health[source].up is True
            for source in self.index.sources.get(feature, ())
            if source.startswith("feed:") and source in self.health
        )

    def reachable(self, part: PartId) -> bool:
        """Whether a part is there: listed, and no `online` at or above it is off."""
        if part not in self.topology.parts or part in self.missing:
            return False
        at: PartId | None = part
        while at is not None:
            reading = self.readings.get(f"{at}:online")
            if reading is not None and reading.value is False:
                return False
            at = above(at)
        return True

    def value(self, feature: FeatureId) -> Any:
        """What a feature is now; None while nobody knows."""
        reading = self.readings.get(feature)
        return None if reading is None else reading.value


@dataclass(frozen=True, slots=True)
class Fold:
    """What a fold brought: the next state, what changed in it, what happened, what to read."""

    state: DeviceState
    changed: frozenset[FeatureId] = frozenset()
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()
    hints: tuple[str, ...] = ()
    """Polls to read now."""
    flipped: frozenset[str] = frozenset()
    """Sources that went up or down."""
