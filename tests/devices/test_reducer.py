"""The eleven rules, one after the other, and what must hold whatever a device says."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from math import inf
import random
from typing import cast

import pytest

from custom_components.cctv.devices import reducer
from custom_components.cctv.devices.catalogue import row
from custom_components.cctv.devices.model import (
    BOX,
    Batch,
    Event,
    Feature,
    FeatureId,
    Feed,
    Health,
    Hint,
    Need,
    Notice,
    Origin,
    Part,
    PartKind,
    Poll,
    Reported,
    Topology,
    Update,
    Value,
    topology,
)
from custom_components.cctv.devices.own import complete
from custom_components.cctv.devices.state import DeviceState, Fold

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


@pytest.fixture
def story() -> Story:
    return Story()


# --- 1 order


def test_a_poll_asked_before_a_push_was_heard_loses(story: Story) -> None:
    """Rule 1, case 12."""
    story.heard(Value(MOTION, True), at=100)
    story.now = 103
    fold = story.polled(Value(MOTION, False), at=99)
    assert story[MOTION] is True
    assert fold.changed == frozenset()


def test_a_poll_asked_after_a_push_was_heard_wins(story: Story) -> None:
    """Rule 1, case 12."""
    story.heard(Value(MOTION, True), at=100)
    story.now = 103
    fold = story.polled(Value(MOTION, False), at=101)
    assert story[MOTION] is False
    assert fold.changed == {MOTION}


def test_a_push_after_a_command_wins_on_a_feature_without_poll(story: Story) -> None:
    """Rule 1, case 12."""
    story.commanded(Value(GUARDED, False))
    story.now = 101
    story.heard(Value(GUARDED, True))
    assert story[GUARDED] is True


def test_an_equal_reading_changes_nothing(story: Story) -> None:
    story.heard(Value(MOTION, True))
    story.now = 101
    assert story.heard(Value(MOTION, True)).changed == frozenset()
    assert story.heard(Value(MOTION, True, details={"area": 3})).changed == {MOTION}


# --- 2 settling


def test_after_a_command_only_a_confirming_reading_counts_until_it_settled(story: Story) -> None:
    """Rule 2, case 13."""
    story.polled(Value(SWITCH, True))
    story.now = 110
    story.commanded(Value(SWITCH, False))
    story.now = 111
    assert story.polled(Value(SWITCH, True)).changed == frozenset()
    assert story[SWITCH] is False
    story.now = 112
    story.polled(Value(SWITCH, False))
    story.now = 112.9
    story.polled(Value(SWITCH, True))
    assert story[SWITCH] is False
    story.now = 113
    story.polled(Value(SWITCH, True))
    assert story[SWITCH] is True


def test_a_poll_that_was_asked_while_it_settled_does_not_count_afterwards(story: Story) -> None:
    """Rule 2, case 13."""
    story.commanded(Value(SWITCH, False))
    story.now = 104
    story.polled(Value(SWITCH, True), at=102.5)
    assert story[SWITCH] is False


def test_a_later_command_wins_while_an_earlier_one_settles(story: Story) -> None:
    story.commanded(Value(SWITCH, False))
    story.now = 101
    story.commanded(Value(SWITCH, True))
    assert story[SWITCH] is True


def test_what_is_wanted_is_shown_and_put_back_when_refused(story: Story) -> None:
    story.polled(Value(SWITCH, False))
    before = story.state.readings[SWITCH]
    story.now = 101
    assert story.take(reducer.expect(story.state, 101, Value(SWITCH, True))).changed == {SWITCH}
    shown = story.state.readings[SWITCH]
    story.now = 102
    story.polled(Value(SWITCH, False))
    assert story[SWITCH] is True
    fold = story.take(reducer.retract(story.state, 103, SWITCH, shown, before))
    assert fold.changed == {SWITCH}
    assert story[SWITCH] is False


def test_what_was_heard_since_is_not_put_back(story: Story) -> None:
    siren = Feature("camera.1", "siren", push="events")
    story.heard(listing(features=(*FEATURES, siren)))
    story.take(reducer.expect(story.state, 100, Value(siren.id, True)))
    shown = story.state.readings[siren.id]
    story.now = 101
    story.heard(Value(siren.id, True, details={"by": "alarm"}))
    story.take(reducer.retract(story.state, 102, siren.id, shown, None))
    assert story[siren.id] is True


def test_nothing_known_before_is_nothing_known_after_a_refusal(story: Story) -> None:
    story.take(reducer.expect(story.state, 100, Value(":record", True)))
    shown = story.state.readings[":record"]
    story.take(reducer.retract(story.state, 101, ":record", shown, None))
    assert story[":record"] is None


# --- 3 levels and edges


def test_a_rising_edge_of_what_detects_is_a_detection_at_its_camera(story: Story) -> None:
    """Rule 3."""
    story.heard(Value(INTRUSION, False))
    fold = story.heard(Value(INTRUSION, True, details={"rule": "gate"}))
    (event,) = fold.events
    assert (event.feature, event.type) == (DETECTION, "intrusion")
    assert event.details == {"part": "camera.1/window.7", "rule": "gate"}


def test_a_level_that_stays_or_falls_is_no_detection(story: Story) -> None:
    story.heard(Value(MOTION, True))
    assert story.heard(Value(MOTION, True)).events == ()
    assert story.heard(Value(MOTION, False)).events == ()


def test_the_first_reading_is_a_detection_if_heard_and_a_baseline_if_asked(story: Story) -> None:
    """Rule 3, case 17: what is found at the start did not happen now."""
    assert story.polled(Value(MOTION, True)).events == ()
    assert len(story.heard(Value(SOUND, True)).events) == 1


def test_two_windows_detect_each_on_their_own(story: Story) -> None:
    """Case 11: the one goes on while the other stops."""
    other = Feature("camera.1/window.8", "intrusion", push="events")
    parts = (*PARTS, Part("camera.1/window.8", PartKind.WINDOW))
    story.heard(listing(parts, (*FEATURES, other)))
    story.heard(Value(INTRUSION, True))
    fold = story.heard(Value(other.id, True))
    assert [event.details["part"] for event in fold.events] == ["camera.1/window.8"]
    fold = story.heard(Value(INTRUSION, False))
    assert fold.changed == {INTRUSION}
    assert story[other.id] is True


# --- 4 rest


def test_a_pulse_without_end_ends_after_its_hold(story: Story) -> None:
    """Rule 4, case 7."""
    story.heard(Value(SOUND, True))
    assert reducer.due(story.state) == 105
    assert story.until(104.9).changed == frozenset()
    assert story.until(105).changed == {SOUND}
    assert story[SOUND] is False
    assert reducer.due(story.state) is None


def test_a_pulse_that_is_heard_again_lasts_longer(story: Story) -> None:
    """Rule 4, case 7."""
    story.heard(Value(SOUND, True))
    story.now = 104
    story.heard(Value(SOUND, True))
    story.until(105)
    assert story[SOUND] is True
    assert reducer.due(story.state) == 109
    story.until(109)
    assert story[SOUND] is False


def test_an_on_whose_stop_was_lost_is_guarded(story: Story) -> None:
    """Rule 4, case 8."""
    story.heard(Value(GUARDED, True))
    story.until(159)
    assert story[GUARDED] is True
    story.until(160)
    assert story[GUARDED] is False


def test_a_value_with_its_own_hold_overrides_the_features(story: Story) -> None:
    story.heard(Value(SOUND, True, hold=1))
    story.until(101)
    assert story[SOUND] is False


def test_a_value_for_so_many_seconds_returns_to_rest(story: Story) -> None:
    """Case 31: a siren falls silent by itself."""
    story.commanded(Value("camera.2:siren", True, hold=15))
    story.until(115)
    assert story["camera.2:siren"] is False


def test_resting_is_no_evidence_against_what_was_asked_before(story: Story) -> None:
    story.heard(Value(GUARDED, True))
    story.until(160)
    story.now = 161
    story.polled(Value(GUARDED, True), at=159)
    assert story[GUARDED] is True


# --- 5 linger


def test_an_off_counts_after_its_linger_and_later_offs_do_not_postpone_it(story: Story) -> None:
    """Rule 5, case 9."""
    story.heard(Value(TAMPER, True))
    story.now = 101
    assert story.heard(Value(TAMPER, False)).changed == frozenset()
    story.now = 102
    story.heard(Value(TAMPER, False))
    assert story[TAMPER] is True
    assert story.until(103).changed == {TAMPER}
    assert story[TAMPER] is False


def test_an_on_cancels_the_linger_and_is_no_second_detection() -> None:
    """Rule 5, case 9: a level four times a second around its threshold is one motion."""
    story = Story()
    story.heard(Value(GUARDED, True))
    changed = events = 0
    for step in range(40):
        story.now = 100 + step / 4
        fold = story.heard(Value(GUARDED, bool(step % 2)))
        changed += len(fold.changed)
        events += len(fold.events)
    assert story[GUARDED] is True
    assert (changed, events) == (0, 0)


def test_an_off_that_lingers_never_outlives_the_hold(story: Story) -> None:
    story.heard(Value(GUARDED, True))
    story.now = 159
    story.heard(Value(GUARDED, False))
    story.until(160)
    assert story[GUARDED] is False


def test_an_off_lingers_only_after_an_on(story: Story) -> None:
    assert story.heard(Value(TAMPER, False)).changed == {TAMPER}


# --- 6 feed up


def test_a_feed_that_is_up_ends_what_it_did_not_speak_of(story: Story) -> None:
    """Rule 6, cases 8 and 15: the stop came while nobody listened."""
    story.heard(Value(MOTION, True), Value(INTRUSION, True))
    story.now = 200
    story.polled(Value(MOTION, True), at=199)
    fold = story.feed_up(since=198)
    assert story[MOTION] is True
    assert story[INTRUSION] is False
    assert INTRUSION in fold.changed
    assert story.state.health["feed:events"] == Health(up=True)


def test_what_was_never_spoken_of_rests_once_the_feed_is_up(story: Story) -> None:
    story.feed_up(since=99)
    assert story[TAMPER] is False
    assert story[DOORBELL] is None


def test_a_seed_that_was_not_read_ends_nothing(story: Story) -> None:
    story.heard(Value(MOTION, True))
    story.now = 200
    story.feed_up(since=198, unread=frozenset({"states"}))
    assert story[MOTION] is True


# --- 7 and 8 availability


def test_a_feature_is_available_by_its_feed_or_its_poll(story: Story) -> None:
    """Rule 7, case 14."""
    assert story.state.available(MOTION)
    assert not story.state.available(SOUND)
    assert SOUND in story.feed_up(since=100).changed
    assert story.state.available(SOUND)
    story.failed("feed:events")
    assert story.state.available(SOUND)
    assert SOUND in story.failed("feed:events").changed
    assert not story.state.available(SOUND)
    assert story.state.available(MOTION)
    story.failed("poll:states")
    assert story.state.available(MOTION)
    assert MOTION in story.failed("poll:states").changed
    assert not story.state.available(MOTION)
    story.succeeded("poll:states")
    assert story.state.available(MOTION)


def test_a_blind_feature_is_available_while_the_box_is_online(story: Story) -> None:
    """Rule 7, case 23."""
    assert story.state.available(":record")
    story.failed("poll:channels")
    story.failed("poll:channels")
    assert not story.state.available(":record")


def test_a_camera_that_is_offline_takes_all_below_it(story: Story) -> None:
    """Rule 7, case 3: a recorder's slot without a camera keeps its place."""
    story.feed_up(since=100)
    fold = story.polled(Value("camera.1:online", False))
    assert {MOTION, SOUND, INTRUSION, DETECTION, SWITCH} <= fold.changed
    assert not story.state.available(INTRUSION)
    assert not story.state.reachable("camera.1/window.7")
    assert story.state.available("camera.1:online")
    assert story.state.available(GUARDED)
    assert "camera.1" in story.state.topology.parts
    story.now = 101
    story.polled(Value("camera.1:online", True))
    assert story.state.available(INTRUSION)


def test_the_box_is_online_while_a_vital_source_is_up(story: Story) -> None:
    """Rule 8, case 26."""
    assert story.state.online
    for _ in range(5):
        story.failed("poll:states")
    assert story.state.online
    story.failed("poll:channels")
    assert story.state.online
    fold = story.failed("poll:channels")
    assert not story.state.online
    assert {":online", SWITCH, ":record"} <= fold.changed
    assert story.state.available(":online")
    assert story.succeeded("poll:channels").changed >= {":online", SWITCH}


def test_any_source_decides_where_none_is_vital() -> None:
    plain = topology(
        list(PARTS), list(FEATURES), polls=[Poll("states", 10)], feeds=[Feed("events")]
    )
    story = Story(complete(plain))
    story.failed("poll:states")
    story.failed("poll:states")
    assert not story.state.online
    story.feed_up(since=100)
    assert story.state.online


def test_event_source_says_whether_a_feed_is_up(story: Story) -> None:
    assert story[":event_source"] is False
    story.feed_up(since=100)
    assert story[":event_source"] is True


def test_a_feed_nobody_listens_to_counts_for_nothing(story: Story) -> None:
    story.feed_up(since=100)
    story.take(reducer.forgotten(story.state, 101, "feed:events"))
    assert not story.state.available(SOUND)


def test_everything_is_down_once_nobody_asks(story: Story) -> None:
    story.feed_up(since=100)
    fold = story.take(reducer.lost(story.state, 101, "wrong password"))
    assert not story.state.online
    assert {":online", ":event_source", MOTION, SOUND} <= fold.changed
    assert story.state.health["poll:states"].error == "wrong password"


# --- 9 events


def test_a_press_with_five_wire_events_rings_once(story: Story) -> None:
    """Rule 9, case 10."""
    rings = 0
    for moment in (100, 100.1, 100.4, 102, 104.9):
        story.now = moment
        rings += len(story.heard(Event(DOORBELL, "ring")).events)
    assert rings == 1
    story.now = 105
    assert len(story.heard(Event(DOORBELL, "ring")).events) == 1


def test_quiet_is_kept_for_each_type(story: Story) -> None:
    story.heard(Event("camera.1:call", "answered"))
    assert len(story.heard(Event("camera.1:call", "ended")).events) == 1


def test_an_event_whose_id_was_heard_is_dropped(story: Story) -> None:
    """Rule 9, case 17: the same thing heard by two ways, or replayed."""
    assert len(story.heard(Event(DETECTION, "motion", id="a")).events) == 1
    story.now = 500
    assert story.heard(Event(DETECTION, "motion", id="a")).events == ()
    assert len(story.heard(Event(DETECTION, "motion", id="b")).events) == 1


def test_sixteen_ids_are_remembered(story: Story) -> None:
    """Rule 9, case 17."""
    for number in range(40):
        story.heard(Event(DETECTION, "motion", id=str(number)))
    assert len(story.state.heard[DETECTION].ids) == 16
    assert story.heard(Event(DETECTION, "motion", id="24")).events == ()
    assert len(story.heard(Event(DETECTION, "motion", id="23")).events) == 1


def test_a_type_without_a_word_is_other_and_keeps_its_code(story: Story) -> None:
    (event,) = story.heard(Event(DETECTION, "HeatImagingTemper", details={"degrees": 80})).events
    assert event.type == "other"
    assert event.details == {"code": "HeatImagingTemper", "degrees": 80}


# --- 10 topology


def grown(*features: Feature) -> Topology:
    return listing(features=(*FEATURES, *features))


def test_a_topology_grows_at_once_and_keeps_what_is_known(story: Story) -> None:
    """Rule 10, case 2."""
    story.heard(Value(MOTION, True))
    story.polled(grown(Feature("camera.2", "person", push="events")))
    assert story[MOTION] is True
    assert "camera.2:person" in story.state.topology.features
    assert story.state.topology.features["camera.2:detection"].options == (
        "motion",
        "person",
        "other",
    )


def test_new_options_and_names_count_as_a_change(story: Story) -> None:
    renamed = replace(FEATURES[6], labels={"on": "On"})
    fold = story.polled(listing(features=(*FEATURES[:6], renamed, *FEATURES[7:])))
    assert fold.changed == {SWITCH}


def test_a_vanished_part_goes_when_a_second_listing_agrees(story: Story) -> None:
    """Rule 10, case 2."""
    without = listing(PARTS[:3], [one for one in FEATURES if one.part != "camera.2"])
    story.heard(Value(GUARDED, True))
    story.feed_up(since=100)
    story.now = 110
    fold = story.polled(without)
    assert GUARDED in fold.changed
    assert not story.state.available(GUARDED)
    assert not story.state.reachable("camera.2")
    assert "camera.2" in story.state.topology.parts
    story.polled(without)
    assert "camera.2" in story.state.topology.parts
    story.now = 111
    story.polled(without)
    assert "camera.2" not in story.state.topology.parts
    assert GUARDED not in story.state.readings
    assert not story.state.missing


def test_what_is_missing_for_now_can_still_be_detected(story: Story) -> None:
    parts = [part for part in PARTS if part.kind is not PartKind.WINDOW]
    features = [one for one in FEATURES if one.part != "camera.1/window.7"]
    story.polled(listing(parts, features))
    (event,) = story.heard(Value(INTRUSION, True)).events
    assert event.type == "intrusion"


def test_a_part_that_comes_back_was_never_gone(story: Story) -> None:
    """Rule 10, case 2."""
    story.heard(Value(GUARDED, True))
    story.feed_up(since=100)
    story.now = 110
    story.polled(listing(PARTS[:3], [one for one in FEATURES if one.part != "camera.2"]))
    story.now = 111
    fold = story.polled(listing())
    assert GUARDED in fold.changed
    assert story.state.available(GUARDED)
    assert story[GUARDED] is True


def test_what_our_command_removed_goes_at_once(story: Story) -> None:
    """Rule 10."""
    parts = [part for part in PARTS if part.kind is not PartKind.WINDOW]
    features = [one for one in FEATURES if one.part != "camera.1/window.7"]
    story.commanded(listing(parts, features))
    assert "camera.1/window.7" not in story.state.topology.parts
    assert INTRUSION not in story.state.topology.features


def test_an_equal_topology_is_no_change(story: Story) -> None:
    before = story.state.topology
    fold = story.polled(listing())
    assert fold.state.topology is before
    assert fold.changed == frozenset()


def test_a_notice_of_a_part_that_is_gone_ends(story: Story) -> None:
    story.heard(Notice("rights", "camera.2"))
    story.commanded(listing(PARTS[:3], [one for one in FEATURES if one.part != "camera.2"]))
    assert not story.state.notices


# --- 11 bounds


def test_what_names_an_unknown_feature_is_counted(story: Story) -> None:
    """Rule 11, case 4: channel 33 of a recorder with 32."""
    fold = story.heard(Value("camera.33:motion", True), Event("camera.-1:detection", "motion"))
    assert (fold.changed, fold.events) == (frozenset(), ())
    assert story.state.ignored == 2
    assert "camera.33:motion" not in story.state.readings


def test_start_and_stop_in_one_batch_are_two_steps(story: Story) -> None:
    """Rule 11, case 16."""
    batch: Batch = (
        Value(MOTION, True),
        Value(INTRUSION, True),
        Event(DOORBELL, "ring"),
        Value(MOTION, False),
        Value(MOTION, True),
    )
    assert list(reducer.steps(batch)) == [batch[:3], batch[3:4], batch[4:]]


def test_hints_name_each_poll_once(story: Story) -> None:
    """Case 18."""
    fold = story.heard(Hint(("states", "settings")), Hint(("states",)))
    assert fold.hints == ("states", "settings")


def test_notices_come_and_go_and_are_bounded(story: Story) -> None:
    notice = Notice("rights", "camera.1", data={"missing": "settings"})
    assert story.heard(notice).notices == (notice,)
    assert story.heard(notice).notices == ()
    gone = replace(notice, active=False)
    assert story.heard(gone).notices == (gone,)
    assert not story.state.notices
    for number in range(200):
        story.heard(Notice(f"n{number}"))
    assert len(story.state.notices) == 64


# --- the engine's own features


def test_a_camera_alone_is_its_own_box() -> None:
    plain = topology([Part(BOX, PartKind.BOX)], [Feature(BOX, "motion")], feeds=[Feed("events")])
    own = complete(plain).features
    assert set(own) == {":motion", ":online", ":event_source", ":detection"}
    assert own[":detection"].options == ("motion", "other")


def test_a_camera_without_rows_that_detect_hears_the_rest_by_every_feed() -> None:
    plain = topology([Part(BOX, PartKind.BOX)], feeds=[Feed("events"), Feed("mqtt")])
    story = Story(complete(plain))
    assert story.state.index.sources[":detection"] == ("feed:events", "feed:mqtt")
    assert story.state.topology.features[":detection"].options == ("other",)


def test_without_feeds_there_is_no_event_source() -> None:
    own = complete(topology([Part(BOX, PartKind.BOX)], [Feature(BOX, "record")])).features
    assert set(own) == {":record", ":online"}


def test_parts_left_out_go_with_all_below_them() -> None:
    cut = complete(listing(), ["camera.1"])
    assert set(cut.parts) == {BOX, "camera.2"}
    assert {feature.part for feature in cut.features.values()} == {BOX, "camera.2"}


# --- whatever a device says


def _random_batch(chance: random.Random) -> Batch:
    keys = [MOTION, SOUND, TAMPER, INTRUSION, GUARDED, SWITCH, "camera.9:motion", "camera.1:online"]
    updates: list[Update] = []
    for _ in range(chance.randrange(1, 6)):
        match chance.randrange(12):
            case 0:
                updates.append(Event(DOORBELL, "ring", id=str(chance.randrange(40))))
            case 1:
                updates.append(Event(DETECTION, chance.choice(["motion", "What"])))
            case 2:
                updates.append(Notice(f"n{chance.randrange(99)}", active=chance.random() < 0.7))
            case 3:
                gone = chance.choice(["camera.1/window.7", "camera.2", "none"])
                updates.append(
                    listing(
                        [one for one in PARTS if one.id != gone],
                        [one for one in FEATURES if one.part != gone],
                    )
                )
            case _:
                updates.append(Value(chance.choice(keys), chance.random() < 0.5))
    return tuple(updates)


def _check(story: Story, batch: Batch, origin: Origin, at: float) -> None:
    """Fold a batch step by step, as the runner does, and look at each edge."""
    for step in reducer.steps(batch):
        before = story.state
        fold = story.heard(*step, at=at, origin=origin)
        assert fold.changed <= story.state.topology.features.keys()
        for id_ in story.state.topology.features.keys() & before.topology.features.keys():
            flipped = before.available(id_) is not story.state.available(id_)
            differs = before.value(id_) is not story.state.value(id_)
            assert not (flipped or differs) or id_ in fold.changed
        if origin is Origin.PUSH and not any(isinstance(one, Topology) for one in step):
            _no_edge_is_lost(story, before, step, fold, at)


def _no_edge_is_lost(story: Story, before: DeviceState, step: Batch, fold: Fold, at: float) -> None:
    """What was said newest is what is shown, unless it settles or lingers."""
    for update in step:
        if not isinstance(update, Value) or update.feature not in story.state.topology.features:
            continue
        held = before.readings.get(update.feature)
        if held is not None and (at < held.at or at < held.settles):
            continue
        feature = story.state.topology.features[update.feature]
        if update.value is True:
            assert story.state.value(update.feature) is True
            if row(feature.key).detects and held is not None and held.value is False:
                assert any(event.type == feature.key for event in fold.events)
        elif not feature.linger:
            assert story.state.value(update.feature) is False


def _hold_the_invariants(story: Story) -> None:
    state = story.state
    assert state.readings.keys() <= state.topology.features.keys()
    assert len(state.readings) == len(set(state.readings))
    assert state.unavailable <= state.topology.features.keys()
    assert len(state.notices) <= 64
    assert all(len(heard.ids) <= 16 for heard in state.heard.values())
    ends = [reading.rests for reading in state.readings.values() if reading.rests is not None]
    assert state.soonest <= min(ends, default=inf)


@pytest.mark.parametrize("block", range(10))
def test_whatever_is_said_the_rules_hold(block: int) -> None:
    """Five thousand random stories: no edge is lost, no on outlives its hold, nothing grows."""
    for seed in range(block * 500, block * 500 + 500):
        chance = random.Random(seed)
        story = Story()
        for _ in range(12):
            story.now += chance.random() * 4
            due = reducer.due(story.state)
            if due is not None and due <= story.now:
                story.until(story.now)
                later = reducer.due(story.state)
                assert later is None or later > story.now
            at = story.now - chance.choice([0, 0, 0, 1, 5])
            _check(story, _random_batch(chance), chance.choice(list(Origin)), at)
            if chance.random() < 0.3:
                source = chance.choice(["poll:states", "poll:channels", "feed:events"])
                (story.failed if chance.random() < 0.7 else story.succeeded)(source)
            if chance.random() < 0.1:
                story.feed_up(since=story.now - 1)
            _hold_the_invariants(story)
        story.until(story.now + 61)
        for id_ in (SOUND, GUARDED):
            if id_ in story.state.readings:
                assert story[id_] is not True


def test_layers_of_readings_are_one_mapping(story: Story) -> None:
    many = [Feature(f"camera.{number}", "motion", push="events") for number in range(3, 203)]
    parts = [Part(feature.part, PartKind.CAMERA) for feature in many]
    story.heard(listing((*PARTS, *parts), (*FEATURES, *many)))
    for number, feature in enumerate(many):
        story.heard(Value(feature.id, bool(number % 2)))
    ids = {feature.id for feature in many}
    assert ids <= set(story.state.readings)
    assert len(story.state.readings) == len(list(story.state.readings))
    assert [story[one.id] for one in many] == [bool(number % 2) for number in range(200)]
    assert all(first != second for first, second in pairwise(story.state.readings))
