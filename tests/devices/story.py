"""A device's state as it is told, for the reducer's tests."""

from collections.abc import Iterable
from typing import cast

from custom_components.cctv.devices.engine import reducer
from custom_components.cctv.devices.engine.own import complete
from custom_components.cctv.devices.engine.state import DeviceState, Fold
from custom_components.cctv.devices.model import (
    BOX,
    Feature,
    FeatureId,
    Feed,
    Need,
    Origin,
    Part,
    PartKind,
    Poll,
    Reported,
    Topology,
    Update,
    topology,
)

MOTION = "camera.1:motion"
SOUND = "camera.1:sound"
TAMPER = "camera.1:tamper"
DOORBELL = "camera.1:doorbell"
SWITCH = "camera.1:motion_detection"
DETECTION = "camera.1:detection"
INTRUSION = "camera.1/window.7:intrusion"
GUARDED = "camera.2:motion"

PARTS = (
    Part(BOX, PartKind.BOX),
    Part("camera.1", PartKind.CAMERA),
    Part("camera.1/window.7", PartKind.WINDOW),
    Part("camera.2", PartKind.CAMERA),
)
FEATURES = (
    Feature("camera.1", "online", poll="channels"),
    Feature("camera.1", "motion", poll="states", push="events"),
    Feature("camera.1", "sound", push="events", hold=5),
    Feature("camera.1", "tamper", push="events", linger=2),
    Feature("camera.1", "doorbell", push="events"),
    Feature("camera.1", "call", push="events"),
    Feature("camera.1", "motion_detection", poll="settings"),
    Feature("camera.1", "status_light", poll="states"),
    Feature("camera.1/window.7", "intrusion", push="events"),
    Feature("camera.2", "motion", push="events", hold=60, linger=3),
    Feature("camera.2", "siren"),
    Feature(BOX, "record"),
)
POLLS = (
    Poll("channels", 30, need=Need.VITAL),
    Poll("states", 10),
    Poll("settings", 60, settle=(1, 3)),
)
FEEDS = (Feed("events", silence=15, seed=("states",)),)


def listing(parts: Iterable[Part] = PARTS, features: Iterable[Feature] = FEATURES) -> Topology:
    return complete(topology(list(parts), list(features), polls=list(POLLS), feeds=list(FEEDS)))


class Story:
    """A device's state as it is told, moment by moment."""

    def __init__(self, what: Topology | None = None) -> None:
        self.state = DeviceState()
        self.now = 100.0
        self.heard(what or listing(), origin=Origin.POLL)

    def take(self, fold: Fold) -> Fold:
        self.state = fold.state
        return fold

    def heard(self, *batch: Update, at: float | None = None, origin: Origin = Origin.PUSH) -> Fold:
        """Fold a batch, told now and taken `at`."""
        at = self.now if at is None else at
        return self.take(reducer.fold(self.state, self.now, at, batch, origin))

    def polled(self, *batch: Update, at: float | None = None) -> Fold:
        return self.heard(*batch, at=at, origin=Origin.POLL)

    def listed(self, what: Topology, source: str) -> Fold:
        """Fold a topology that a poll told just now."""
        fold = reducer.fold(self.state, self.now, self.now, (what,), Origin.POLL, source)
        return self.take(fold)

    def agreed(self, source: str) -> Fold:
        """A poll was read just now and listed nothing."""
        return self.take(reducer.agreed(self.state, self.now, self.now, source))

    def commanded(self, *batch: Update) -> Fold:
        return self.heard(*batch, origin=Origin.COMMAND)

    def until(self, moment: float) -> Fold:
        """Let time pass, and the timers ring."""
        self.now = moment
        return self.take(reducer.tick(self.state, moment))

    def feed_up(self, since: float, unread: frozenset[str] = frozenset()) -> Fold:
        return self.take(reducer.feed_up(self.state, self.now, "events", since, unread))

    def failed(self, source: str) -> Fold:
        return self.take(reducer.failed(self.state, self.now, source, "no answer"))

    def succeeded(self, source: str) -> Fold:
        return self.take(reducer.succeeded(self.state, self.now, source))

    def __getitem__(self, feature: FeatureId) -> Reported:
        return cast("Reported", self.state.value(feature))
