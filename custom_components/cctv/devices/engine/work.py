"""A fold under way: the reducer's rules, as steps that put something over a state."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from ..model import (
    Event,
    Feature,
    FeatureId,
    Health,
    Notice,
    Origin,
    Reading,
    Reported,
    Topology,
    Value,
)
from .own import OTHER, complete
from .state import (
    EVENT_SOURCE,
    ONLINE,
    DeviceState,
    Fold,
    Heard,
    Index,
    feed_source,
    poll_source,
)

MEMORY: Final = 16
"""So many event ids are remembered a feature."""
NOTICES: Final = 64
"""So many notices are kept."""


class Work:
    """What a fold puts over the state that it started from."""

    __slots__ = (
        "changed",
        "doubted",
        "doubtful",
        "events",
        "flipped",
        "fresh",
        "health",
        "heard",
        "hints",
        "ignored",
        "index",
        "missing",
        "notices",
        "now",
        "readings",
        "soonest",
        "standing",
        "state",
        "topology",
    )

    def __init__(self, state: DeviceState, now: float) -> None:
        self.state = state
        self.now = now
        self.topology = state.topology
        self.index = state.index
        self.readings = state.readings
        self.fresh: dict[FeatureId, Reading] = {}
        self.health = state.health
        self.heard = state.heard
        self.standing = state.notices
        self.missing = state.missing
        self.doubted = state.doubted
        self.soonest = state.soonest
        self.ignored = state.ignored
        self.changed: set[FeatureId] = set()
        self.doubtful: set[FeatureId] = set()
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self.hints: list[str] = []
        self.flipped: set[str] = set()

    def done(self) -> Fold:
        """The next state and what came of it."""
        unavailable = self._unavailable() if self.doubtful else self.state.unavailable
        if self.topology is not self.state.topology:
            self.changed &= self.topology.features.keys()
        state = DeviceState(
            self.topology,
            self.readings.replaced(self.fresh) if self.fresh else self.readings,
            self.health,
            self.standing,
            self.missing,
            self.doubted,
            unavailable,
            self.heard,
            self.soonest,
            self.ignored,
            self.index,
        )
        return Fold(
            state,
            frozenset(self.changed),
            tuple(self.events),
            tuple(self.notices),
            tuple(dict.fromkeys(self.hints)),
            frozenset(self.flipped),
        )

    # --- readings

    def held(self, feature: FeatureId) -> Reading | None:
        """What is known of a feature so far."""
        found = self.fresh.get(feature)
        return found if found is not None else self.readings.get(feature)

    def put(self, feature: FeatureId, reading: Reading) -> None:
        """Know something of a feature from now on."""
        held = self.held(feature)
        self.fresh[feature] = reading
        if reading.rests is not None and reading.rests < self.soonest:
            self.soonest = reading.rests
        if (
            held is None
            or held.value != reading.value
            or type(held.value) is not type(reading.value)
            or (held.details is not reading.details and held.details != reading.details)
        ):
            self.changed.add(feature)
            if feature in self.index.gated:
                self.doubtful.update(self.index.gated[feature])

    def own(self, feature: FeatureId, value: Reported) -> None:
        """Tell one of the engine's own features."""
        if feature in self.topology.features:
            held = self.held(feature)
            if held is None or held.value != value:
                self.put(feature, Reading(value, self.now))

    def rest(self, feature: FeatureId, at: float) -> None:
        """Let a feature return to its rest value; a timer is no evidence, so its time stays."""
        self.put(feature, Reading(self.index.rows[feature].rest, at))

    def value(self, update: Value, at: float, origin: Origin) -> None:
        """Take in a level (rules 1 to 5)."""
        id_ = update.feature
        feature = self.topology.features.get(id_)
        if feature is None:
            self.ignored += 1
            return
        held = self.held(id_)
        settles = 0.0
        if held is not None:
            if at < held.at:
                return
            if at < held.settles:
                if origin is not Origin.COMMAND and update.value != held.value:
                    return
                settles = held.settles
        if origin is Origin.COMMAND:
            poll = None if feature.poll is None else self.topology.polls.get(feature.poll)
            settles = at + poll.settle[-1] if poll is not None and poll.settle else 0.0
        rest = self.index.rows[id_].rest
        was = None if held is None else held.value
        rests = None
        if rest is not None and update.value is not None:
            if update.value != rest:
                hold = update.hold if update.hold is not None else feature.hold
                if hold is not None:
                    rests = self.now + hold
                self._edge(update, was, rest, origin)
            elif held is not None and was not in (None, rest) and _lingers(feature, origin):
                off = self.now + feature.linger
                rests = off if held.rests is None else min(off, held.rests)
                self.put(id_, Reading(was, at, settles, rests, held.details))
                return
        self.put(id_, Reading(update.value, at, settles, rests, update.details))

    def _edge(self, update: Value, was: Reported, rest: Reported, origin: Origin) -> None:
        """Tell a rising edge as a detection; a first reading by poll is only the baseline."""
        event = self.index.detection.get(update.feature)
        if event is None or origin is Origin.COMMAND:
            return
        if was == rest or (was is None and origin is Origin.PUSH):
            feature = self.topology.features[update.feature]
            self.event(Event(event, feature.key, None, {"part": feature.part, **update.details}))

    # --- events and notices

    def event(self, update: Event) -> None:
        """Take in a moment (rule 9); a type without a word is `other` and keeps its code."""
        feature = self.topology.features.get(update.feature)
        if feature is None:
            self.ignored += 1
            return
        row = self.index.rows[update.feature]
        options = feature.options or row.options
        if options and update.type not in options:
            details = {"code": update.type, **update.details}
            update = replace(update, type=OTHER, details=details)
        if update.id is not None or row.quiet:
            heard = self.heard.get(update.feature, Heard())
            if update.id is not None and update.id in heard.ids:
                return
            ids = heard.ids if update.id is None else (*heard.ids, update.id)[-MEMORY:]
            last = heard.last.get(update.type)
            quiet = last is not None and self.now - last < row.quiet
            times = heard.last if quiet else {**heard.last, update.type: self.now}
            self.heard = {**self.heard, update.feature: Heard(ids, times)}
            if quiet:
                return
        self.events.append(update)

    def notice(self, update: Notice) -> None:
        """Take in what the user can mend, or need not mend any more."""
        key = (update.key, update.part)
        held = self.standing.get(key)
        if update.active:
            if held == update or (held is None and len(self.standing) >= NOTICES):
                return
            self.standing = {**self.standing, key: update}
        else:
            if held is None:
                return
            self.standing = {name: one for name, one in self.standing.items() if name != key}
        self.notices.append(update)

    # --- health

    def rate(self, source: str, health: Health) -> None:
        """Keep how a source does, and what follows for the box and its features (rules 7 and 8)."""
        before = self.health.get(source, Health())
        if before == health:
            return
        self.health = {**self.health, source: health}
        if before.up is health.up:
            return
        self.flipped.add(source)
        self.doubtful.update(self.index.told.get(source, ()))
        self._facts()

    def _facts(self) -> None:
        """Tell whether the box is online, and whether all events that are wanted are heard."""
        known = self.health.get
        feeds = [known(source, Health()).up for source in self.index.heralds]
        self.own(EVENT_SOURCE, any(feeds) and False not in feeds)
        vital = [(source, known(source, Health()).up) for source in self.index.vital]
        polls = any(up is not False for source, up in vital if not source.startswith("feed:"))
        self.own(ONLINE, polls or any(up for _, up in vital) or all(up is None for _, up in vital))

    def _unavailable(self) -> frozenset[FeatureId]:
        """Work out anew what may not be believed; a flip counts as a change."""
        before = self.state.unavailable
        here = self.topology.features
        off = {id_ for id_ in self.doubtful if id_ in here and not self._available(id_)}
        flips = {id_ for id_ in self.doubtful if (id_ in before) is not (id_ in off)}
        if not flips:
            return before
        self.changed |= flips
        return (before - self.doubtful) | off

    def _available(self, feature: FeatureId) -> bool:
        """Whether a source tells it, and nothing above it is offline (rule 7)."""
        if feature in self.missing:
            return False
        for gate in self.index.gates[feature]:
            held = self.held(gate)
            if held is not None and held.value is False:
                return False
        sources = self.index.sources[feature]
        return not sources or any(self._tells(source) for source in sources)

    def _tells(self, source: str) -> bool:
        """Whether a feed was heard, or a poll has not failed."""
        health = self.health.get(source, Health())
        return health.up is True if source.startswith("feed:") else health.up is not False

    # --- topology

    def listing(self, new: Topology, at: float, origin: Origin, source: str | None) -> None:
        """Take in a topology that a source told (rule 10)."""
        old = self.topology
        kept, missing = self._kept(new, at, origin, source)
        merged = new
        if kept:
            # What stays for now can still be detected.
            merged = complete(
                Topology(
                    parts=_joined(new.parts, old.parts, kept),
                    features=_joined(new.features, old.features, kept),
                    streams=_joined(new.streams, old.streams, kept),
                    polls=new.polls,
                    feeds=new.feeds,
                )
            )
        if merged == old and missing == self.missing:
            return
        self._settle(merged, missing)

    def agreed(self, at: float, source: str) -> None:
        """A source was read again and lists nothing anew: what it left out is gone (rule 10)."""
        gone = {
            id_
            for id_, by in self.doubted.items()
            if by == source and self.missing.get(id_, at) < at
        }
        if not gone:
            return
        old = self.topology
        left = Topology(
            parts={id_: one for id_, one in old.parts.items() if id_ not in gone},
            features={id_: one for id_, one in old.features.items() if id_ not in gone},
            streams={id_: one for id_, one in old.streams.items() if id_ not in gone},
            polls=old.polls,
            feeds=old.feeds,
        )
        missing = {id_: since for id_, since in self.missing.items() if id_ not in gone}
        self._settle(complete(left), missing)

    def _settle(self, merged: Topology, missing: Mapping[str, float]) -> None:
        """Have this topology from now on, of which this is missing."""
        self.missing = missing
        self.doubted = {id_: by for id_, by in self.doubted.items() if id_ in missing}
        if merged != self.topology:
            self._replace(merged)
        self.doubtful.update(self.topology.features)
        self._facts()

    def _kept(
        self, new: Topology, at: float, origin: Origin, source: str | None
    ) -> tuple[frozenset[str], Mapping[str, float]]:
        """What vanished but stays for now, and since when what is missing has been so.

        A family tells all that it knows, whatever was read; so only a second look at the same place
        says that nothing is there. Where nobody looks there any more, any listing does.
        """
        old = self.topology
        gone = old.parts.keys() - new.parts.keys()
        gone |= old.features.keys() - new.features.keys()
        gone |= old.streams.keys() - new.streams.keys()
        if not gone or origin is Origin.COMMAND:
            return frozenset(), {}
        since = {id_: self.missing.get(id_, at) for id_ in gone}
        there = {poll_source(name) for name in new.polls}
        there |= {feed_source(name) for name in new.feeds}
        by = {id_: self.doubted.get(id_, source) for id_ in gone}
        missing = {
            id_: first
            for id_, first in since.items()
            if not (first < at and (by[id_] == source or by[id_] not in there))
        }
        self.doubted = {id_: told for id_, told in by.items() if id_ in missing and told}
        return frozenset(missing), missing

    def _replace(self, new: Topology) -> None:
        """Have another topology: equal ids keep what is known of them, the rest is forgotten."""
        old = self.topology
        self.topology = new
        self.index = Index.of(new)
        self.changed.update(
            id_ for id_, feature in new.features.items() if old.features.get(id_) != feature
        )
        gone = frozenset(old.features.keys() - new.features.keys())
        if gone:
            self.readings = self.readings.replaced(self.fresh).without(gone)
            self.fresh = {}
            self.heard = {id_: heard for id_, heard in self.heard.items() if id_ not in gone}
            self.doubtful |= gone
        sources = {poll_source(name) for name in new.polls}
        sources |= {feed_source(name) for name in new.feeds}
        if not self.health.keys() <= sources:
            self.health = {name: one for name, one in self.health.items() if name in sources}
        for _, part in list(self.standing):
            if part in old.parts and part not in new.parts:
                for notice in [one for one in self.standing.values() if one.part == part]:
                    self.notice(replace(notice, active=False))


def _lingers(feature: Feature, origin: Origin) -> bool:
    """Whether an off is kept back; one that we commanded never is."""
    return feature.linger > 0 and origin is not Origin.COMMAND


def _joined[T](new: Mapping[str, T], old: Mapping[str, T], kept: frozenset[str]) -> Mapping[str, T]:
    """What is new and what stays of the old."""
    stays: dict[str, Any] = {id_: one for id_, one in old.items() if id_ in kept}
    return MappingProxyType({**new, **stays}) if stays else new
