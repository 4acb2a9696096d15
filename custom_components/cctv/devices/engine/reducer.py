"""How what a device says becomes what is known of it: pure functions from a state to the next.

The rules that they keep, by number:

 1. A reading older than the one held loses; its time is when it was asked, heard or acknowledged.
 2. After a command and until its poll has settled, only a reading that confirms it is taken.
 3. Values are levels, Events are edges; a rising edge of a row that detects is a detection too.
 4. A value other than its row's rest returns to it after its hold, unless it is heard again.
 5. An off of a feature with linger is kept back; later offs do not postpone it, an on cancels it.
 6. A feed that is up and seeded ends every on that was not spoken of since the connect.
 7. A feature is available while a source tells it, or none ever does, and none above is offline.
 8. The box is online while any vital source is up.
 9. An event whose id was heard, or that comes within its row's quiet time, is dropped.
10. A topology grows at once; what vanished goes when the same source does not list it a second
    time, or by our command.
11. What names an unknown feature is counted; two values of one feature in a batch are two steps.
"""

from collections.abc import Iterator
from math import inf
from typing import Final

from ..model import (
    Batch,
    Event,
    FeatureId,
    Health,
    Hint,
    Notice,
    Origin,
    Reading,
    Topology,
    Value,
)
from .state import ONLINE, DeviceState, Fold, feed_source, poll_source
from .work import Work

__all__ = [
    "DeviceState",
    "Fold",
    "agreed",
    "due",
    "expect",
    "failed",
    "feed_up",
    "fold",
    "forgotten",
    "lost",
    "retract",
    "steps",
    "succeeded",
    "tick",
]

FAILURES: Final = 2
"""So many failures running, and a source is down."""


def steps(batch: Batch) -> Iterator[Batch]:
    """Cut a batch before each second value of a feature, so that no edge is lost (rule 11)."""
    if len(batch) < 2:
        yield batch
        return
    begin = 0
    seen: set[FeatureId] = set()
    for at, update in enumerate(batch):
        if type(update) is Value:
            if update.feature in seen:
                yield batch[begin:at]
                begin = at
                seen.clear()
            seen.add(update.feature)
    yield batch[begin:]


def fold(
    state: DeviceState,
    now: float,
    at: float,
    batch: Batch,
    origin: Origin,
    source: str | None = None,
) -> Fold:
    """Take in one step of a batch that was asked, heard or acknowledged `at`."""
    work = Work(state, now)
    for update in batch:
        match update:
            case Value():
                work.value(update, at, origin)
            case Event():
                work.event(update)
            case Hint():
                work.hints.extend(update.polls)
            case Notice():
                work.notice(update)
            case Topology():
                work.listing(update, at, origin, source)
    return work.done()


def agreed(state: DeviceState, now: float, at: float, source: str) -> Fold:
    """A source that was asked `at` has nothing to add to what it listed before (rule 10)."""
    work = Work(state, now)
    work.agreed(at, source)
    return work.done()


def due(state: DeviceState) -> float | None:
    """No hold or linger ends before this moment; None if none is running."""
    return None if state.soonest == inf else state.soonest


def tick(state: DeviceState, now: float) -> Fold:
    """End the holds and lingers whose moment has come (rules 4 and 5)."""
    work = Work(state, now)
    work.soonest = inf
    for id_, reading in state.readings.items():
        if reading.rests is None:
            continue
        if reading.rests <= now:
            work.rest(id_, reading.at)
        else:
            work.soonest = min(work.soonest, reading.rests)
    return work.done()


def expect(state: DeviceState, now: float, value: Value) -> Fold:
    """Show what a command is about to make true, until the device has answered it."""
    work = Work(state, now)
    feature = work.topology.features.get(value.feature)
    if feature is not None:
        settles = 0 if feature.poll is None else inf
        work.put(value.feature, Reading(value.value, now, settles, None, value.details))
    return work.done()


def retract(
    state: DeviceState,
    now: float,
    feature: FeatureId,
    shown: Reading | None,
    before: Reading | None,
) -> Fold:
    """Put back what was known before a command that the device refused, if nothing newer is."""
    work = Work(state, now)
    held = work.held(feature)
    if held is not None and (held is shown or held.settles == inf):
        work.put(feature, Reading(None, now) if before is None else before)
    return work.done()


def succeeded(state: DeviceState, now: float, source: str) -> Fold:
    """A poll was read."""
    work = Work(state, now)
    work.rate(source, Health(up=True))
    return work.done()


def failed(state: DeviceState, now: float, source: str, error: str) -> Fold:
    """A poll could not be read, or a feed ended or could not be heard (rules 7 and 8)."""
    work = Work(state, now)
    before = state.health.get(source, Health())
    failures = before.failures + 1
    up = False if failures >= FAILURES else before.up
    work.rate(source, Health(up, failures, error))
    return work.done()


def forgotten(state: DeviceState, now: float, source: str) -> Fold:
    """Nobody listens to a feed any more, so nothing is known of it."""
    work = Work(state, now)
    work.rate(source, Health())
    return work.done()


def feed_up(
    state: DeviceState,
    now: float,
    feed: str,
    since: float,
    unread: frozenset[str] = frozenset(),
) -> Fold:
    """A feed connected at `since` and was seeded, but for the polls `unread` (rule 6)."""
    work = Work(state, now)
    source = feed_source(feed)
    for id_ in state.index.told.get(source, ()):
        feature = state.topology.features[id_]
        if state.index.rows[id_].rest is None or feature.poll in unread:
            continue
        held = state.readings.get(id_)
        if held is None or held.at < since:
            work.rest(id_, since)
    work.rate(source, Health(up=True))
    return work.done()


def lost(state: DeviceState, now: float, error: str) -> Fold:
    """Every source is down, because nobody asks any more."""
    work = Work(state, now)
    for source in (
        *(poll_source(name) for name in state.topology.polls),
        *(feed_source(name) for name in state.topology.feeds),
    ):
        failures = state.health.get(source, Health()).failures + 1
        work.rate(source, Health(False, failures, error))
    work.own(ONLINE, False)
    return work.done()
