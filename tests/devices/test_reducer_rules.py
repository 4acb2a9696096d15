"""The last rules, and what must hold whatever a device says."""

from dataclasses import replace
from itertools import pairwise
from math import inf
import random

import pytest

from custom_components.cctv.devices.catalogue import row
from custom_components.cctv.devices.engine import reducer
from custom_components.cctv.devices.engine.own import complete
from custom_components.cctv.devices.engine.state import DeviceState, Fold
from custom_components.cctv.devices.model import (
    BOX,
    Batch,
    Event,
    Feature,
    Feed,
    Hint,
    Notice,
    Origin,
    Part,
    PartKind,
    Topology,
    Update,
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


def test_only_who_left_a_part_out_can_say_so_again(story: Story) -> None:
    """Rule 10, case 2: a family tells all it knows, whatever it read."""
    without = listing(PARTS[:3], [one for one in FEATURES if one.part != "camera.2"])
    story.listed(without, "poll:channels")
    for later, source in enumerate(("poll:states", "feed:events", "poll:settings"), 1):
        story.now += later
        story.listed(without, source)
        story.agreed(source)
        assert "camera.2" in story.state.topology.parts
    story.now += 1
    story.listed(without, "poll:channels")
    assert "camera.2" not in story.state.topology.parts
    assert not story.state.missing
    assert not story.state.doubted


def test_a_second_read_that_lists_nothing_anew_agrees(story: Story) -> None:
    """Rule 10, case 2."""
    without = listing(PARTS[:3], [one for one in FEATURES if one.part != "camera.2"])
    story.heard(Value(GUARDED, True))
    story.listed(without, "poll:channels")
    story.agreed("poll:channels")
    assert "camera.2" in story.state.topology.parts, "the same read says it only once"
    story.now += 5
    story.agreed("poll:channels")
    assert story.state.topology == without
    assert GUARDED not in story.state.readings
    assert not story.state.missing


def test_where_nobody_looks_any_more_any_listing_agrees(story: Story) -> None:
    """Rule 10."""
    without = listing(PARTS[:3], [one for one in FEATURES if one.part != "camera.2"])
    story.listed(without, "poll:gone with it")
    story.now += 1
    story.listed(without, "poll:states")
    assert "camera.2" not in story.state.topology.parts


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
