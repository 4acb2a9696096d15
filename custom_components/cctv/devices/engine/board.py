"""Where the state hangs: folds what a device says into it and calls at once whoever watches."""

from collections.abc import Callable, Iterable
import logging

from ..env import Clock, Crew
from ..model import Batch, Event, FeatureId, Notice, Origin, PartId, Reading, Topology, Value
from . import reducer
from .alarm import Alarm
from .own import complete
from .state import DeviceState, Fold

_LOGGER = logging.getLogger(__name__)

type Release = Callable[[], None]


class Calls[T]:
    """Callbacks in the order in which they came."""

    def __init__(self) -> None:
        """Begin with none."""
        self._all: dict[object, Callable[[T], None]] = {}

    def add(self, callback: Callable[[T], None]) -> Release:
        """Call it from now on, until it is released."""
        token = object()
        self._all[token] = callback

        def release() -> None:
            self._all.pop(token, None)

        return release

    def call(self, value: T) -> None:
        """Call them all; one that fails keeps nothing from the others."""
        for callback in tuple(self._all.values()):
            try:
                callback(value)
            except Exception:
                # It is somebody else's code: what it raises must not end who told the news.
                _LOGGER.exception("A callback failed")


class Board:
    """The one place where a device's state is replaced."""

    def __init__(self, clock: Clock, crew: Crew, left_out: Iterable[PartId]) -> None:
        """Begin with nothing known."""
        self.clock = clock
        self.state = DeviceState()
        self.events = Calls[Event]()
        self.notices = Calls[Notice]()
        self.topologies = Calls[None]()
        self.folds = Calls[Fold]()
        """For the engine: called after everybody else when sources flipped or polls are hinted."""
        self._left_out = frozenset(left_out)
        self._watchers: dict[FeatureId, dict[object, Callable[[], None]]] = {}
        self._alarm = Alarm(clock, crew, self._tick, "holds and lingers")

    def watch(self, ids: Iterable[FeatureId], callback: Callable[[], None]) -> Release:
        """Call it when one of these features changed, once a fold, until it is released."""
        token = object()
        watched = frozenset(ids)
        for id_ in watched:
            self._watchers.setdefault(id_, {})[token] = callback

        def release() -> None:
            for id_ in watched:
                callbacks = self._watchers.get(id_, {})
                callbacks.pop(token, None)
                if not callbacks:
                    self._watchers.pop(id_, None)

        return release

    def tell(self, batch: Batch, at: float, origin: Origin, source: str | None = None) -> None:
        """Take in what the device said, step by step, so that the watchers see every edge."""
        for step in reducer.steps(batch):
            if any(type(update) is Topology for update in step):
                step = tuple(
                    complete(update, self._left_out) if isinstance(update, Topology) else update
                    for update in step
                )
            now = self.clock.monotonic()
            self._apply(reducer.fold(self.state, now, at, step, origin, source))
        if source is None or origin is not Origin.POLL or not self.state.doubted:
            return
        if not any(type(update) is Topology for update in batch):
            self._apply(reducer.agreed(self.state, self.clock.monotonic(), at, source))

    def expect(self, value: Value) -> Reading | None:
        """Show what a command is about to make true; returns the reading that shows it."""
        self._apply(reducer.expect(self.state, self.clock.monotonic(), value))
        return self.reading(value.feature)

    def retract(self, feature: FeatureId, shown: Reading | None, before: Reading | None) -> None:
        """Put back what a refused command showed."""
        now = self.clock.monotonic()
        self._apply(reducer.retract(self.state, now, feature, shown, before))

    def succeeded(self, source: str) -> None:
        """Note that a source does well."""
        self._apply(reducer.succeeded(self.state, self.clock.monotonic(), source))

    def failed(self, source: str, error: BaseException) -> None:
        """Note that a source failed."""
        now = self.clock.monotonic()
        self._apply(reducer.failed(self.state, now, source, str(error) or type(error).__name__))

    def forgotten(self, source: str) -> None:
        """Note that a source is left alone."""
        self._apply(reducer.forgotten(self.state, self.clock.monotonic(), source))

    def feed_up(self, feed: str, since: float, unread: frozenset[str]) -> None:
        """Note that a feed is heard and was seeded."""
        now = self.clock.monotonic()
        self._apply(reducer.feed_up(self.state, now, feed, since, unread))

    def lost(self, error: BaseException) -> None:
        """Note that nobody asks any more."""
        now = self.clock.monotonic()
        self._apply(reducer.lost(self.state, now, str(error) or type(error).__name__))

    def close(self) -> None:
        """Let no time pass any more."""
        self._alarm.close()

    def reading(self, feature: FeatureId) -> Reading | None:
        """What is known of a feature."""
        found: Reading | None = self.state.readings.get(feature)
        return found

    def _tick(self) -> None:
        self._apply(reducer.tick(self.state, self.clock.monotonic()))

    def _apply(self, fold: Fold) -> None:
        """Replace the state, then call whom it concerns, in this very iteration of the loop."""
        before, self.state = self.state, fold.state
        moment = reducer.due(fold.state)
        if moment is not None:
            self._alarm.set(moment)
        if before.topology is not fold.state.topology:
            self.topologies.call(None)
        if fold.changed:
            self._wake(fold.changed)
        for event in fold.events:
            self.events.call(event)
        for notice in fold.notices:
            self.notices.call(notice)
        if fold.flipped or fold.hints:
            self.folds.call(fold)

    def _wake(self, changed: frozenset[FeatureId]) -> None:
        called: dict[object, Callable[[], None]] = {}
        for id_ in changed:
            if found := self._watchers.get(id_):
                called |= found
        for callback in called.values():
            try:
                callback()
            except Exception:
                # It is somebody else's code: the other watchers still have to be woken.
                _LOGGER.exception("A watcher failed")
