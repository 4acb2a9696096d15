"""The first eight of the reducer's rules."""

from custom_components.cctv.devices.engine import reducer
from custom_components.cctv.devices.engine.own import complete
from custom_components.cctv.devices.model import (
    Feature,
    Feed,
    Health,
    Part,
    PartKind,
    Poll,
    Value,
    topology,
)

from .story import (
    DETECTION,
    DOORBELL,
    FEATURES,
    GUARDED,
    INTRUSION,
    MOTION,
    PARTS,
    SOUND,
    SWITCH,
    TAMPER,
    Story,
    listing,
)

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


def test_a_feed_of_pictures_hides_no_dead_feed_of_events() -> None:
    more = [*FEATURES, Feature("camera.1", "last_picture", push="pictures")]
    more.append(Feature("camera.2", "input", push="edges"))
    feeds = [Feed("events"), Feed("pictures"), Feed("edges")]
    story = Story(complete(topology(PARTS, more, feeds=feeds)))

    def up(feed: str) -> None:
        story.take(reducer.feed_up(story.state, 100, feed, 100))

    up("pictures")
    assert story[":event_source"] is False
    up("events")
    assert story[":event_source"] is True, "nobody listens to the edges"
    up("edges")
    story.failed("feed:pictures")
    story.failed("feed:pictures")
    assert story[":event_source"] is True
    story.failed("feed:events")
    story.failed("feed:events")
    assert story[":event_source"] is False


def test_where_feeds_tell_measures_alone_any_counts() -> None:
    only = [Feature("camera.1", "motion_level", push="levels")]
    story = Story(complete(topology(PARTS, only, feeds=[Feed("levels")])))
    assert story[":event_source"] is False
    story.take(reducer.feed_up(story.state, 100, "levels", 100))
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
