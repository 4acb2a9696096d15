"""Feeds: kept alive, watched, seeded."""

import asyncio

import pytest

from custom_components.cctv.devices.errors import (
    NoAnswer,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    Event,
    Feed,
    Health,
    Hint,
    Notice,
    Value,
)

from .clock import settle
from .home import MOTION
from .sample import House, listing


async def test_an_event_is_seen_in_the_turn_of_the_loop_in_which_it_is_heard(home: House) -> None:
    """No task stands between the feed and whoever watches."""
    seen = home.follow(MOTION)
    await home.heard()
    seen.clear()
    home.device.say(Value(MOTION, True))
    assert not seen
    # One turn wakes the feed, and in that very turn the watcher is called.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert seen == [True]


async def test_start_and_stop_in_one_segment_are_both_seen(home: House) -> None:
    """Case 16."""
    seen = home.follow(MOTION)
    events: list[Event] = []
    home.runner.events(events.append)
    await home.heard()
    seen.clear()
    home.device.say(*(Value(MOTION, on) for on in (True, False) * 3))
    await settle()
    assert seen == [True, False] * 3
    assert [event.type for event in events] == ["motion"] * 3


async def test_a_burst_is_heard_whole_and_lets_others_run(home: House) -> None:
    seen = home.follow(MOTION)
    await home.heard()
    seen.clear()
    turns = 0

    async def other() -> None:
        nonlocal turns
        while len(seen) < 2000:
            turns += 1
            await asyncio.sleep(0)

    for number in range(2000):
        home.device.say(Value(MOTION, number % 2 == 0))
    await other()
    assert seen == [True, False] * 1000
    assert turns >= 2000 // 64


async def test_health_begins_with_the_first_sign_of_life(home: House) -> None:
    """Case 14: a connection that says nothing is not a feed that is up."""
    home.runner.want((MOTION,))
    await home.clock.advance(10)
    assert home.device.count("listen") == 1
    assert home.value(":event_source") is False
    assert home.device.count("read states") == 1
    home.device.say()
    await settle()
    assert home.value(":event_source") is True


async def test_a_dead_feed_is_left_and_its_poll_takes_over_when_the_retry_fails(
    home: House,
) -> None:
    """Case 14: open, but silent for longer than it ever is."""
    home.runner.want((MOTION,))
    await home.heard()
    home.device.faults["listen"] = NoAnswer("connect")
    await home.clock.advance(14.7)
    assert home.device.ears
    await home.clock.advance(0.2)
    assert not home.device.ears
    assert home.value(":event_source") is True
    before = home.device.count("read states")
    await home.clock.advance(1)
    assert home.value(":event_source") is False
    assert home.runner.state.available(MOTION)
    await home.clock.advance(20)
    assert home.device.count("read states") >= before + 2


async def test_a_feed_that_is_cut_and_comes_back_was_never_down(home: House) -> None:
    home.runner.want((MOTION,))
    flips: list[object] = []
    await home.heard()
    home.runner.watch((":event_source",), lambda: flips.append(home.value(":event_source")))
    for _ in range(3):
        for _ in range(4):
            await home.clock.advance(10)
            home.device.say()
        await settle()
        home.device.cut()
        await home.clock.advance(1.1)
        home.device.say()
        await settle()
    assert flips == []
    assert home.runner.state.health["feed:events"] == Health(up=True)


async def test_a_feed_that_is_cut_again_and_again_leaves_it_to_the_poll(home: House) -> None:
    home.runner.want((MOTION,))
    await home.heard()
    for _ in range(2):
        home.device.cut()
        await home.clock.advance(1.1)
        home.device.say()
        await settle()
    assert home.value(":event_source") is False
    before = home.device.count("read states")
    await home.clock.advance(10)
    assert home.device.count("read states") > before


async def test_the_truth_after_a_cut_comes_from_the_seed(home: House) -> None:
    """Cases 8 and 15: the stop came while the feed was cut; so did another camera's start."""
    window = "camera.1/window.7:intrusion"
    home.runner.want((MOTION, "camera.2:motion", window))
    await home.heard()
    home.device.say(Value(MOTION, True), Value(window, True))
    await settle()
    home.device.truth["camera.2:motion"] = True
    before = home.device.count("read states")
    home.device.cut()
    await home.clock.advance(1.1)
    home.device.say()
    await settle()
    assert home.device.count("read states") == before + 1
    assert home.value(MOTION) is False
    assert home.value("camera.2:motion") is True
    assert home.value(window) is False


async def test_a_seed_that_failed_is_read_again_soon(home: House) -> None:
    """Case 15: until then nothing is ended that may still be so."""
    home.runner.want((MOTION,))
    await home.heard()
    home.device.say(Value(MOTION, True))
    await settle()
    home.device.faults["read states"] = NoAnswer("states")
    home.device.cut()
    await home.clock.advance(1.1)
    home.device.say()
    await home.clock.advance(10)
    assert home.value(MOTION) is True
    home.device.say()
    home.device.faults.clear()
    await home.clock.advance(14)
    assert home.value(":event_source") is True
    assert home.value(MOTION) is False


async def test_what_is_heard_during_the_seed_is_newer_than_the_seed(home: House) -> None:
    """Cases 12 and 15."""
    home.runner.want((MOTION,))
    await home.heard()
    gate = home.device.gates["read states"] = asyncio.Event()
    home.device.cut()
    await home.clock.advance(1.1)
    home.device.say()
    await home.clock.advance(1)
    home.device.say(Value(MOTION, True))
    await settle()
    assert home.value(MOTION) is True
    gate.set()
    await settle()
    assert home.value(MOTION) is True


async def test_a_feed_is_tried_less_and_less_often_and_forever(home: House) -> None:
    home.device.faults["listen"] = Unsupported("no bus yet")
    home.runner.want((MOTION,))
    await home.clock.advance(1)
    first = home.device.count("listen")
    await home.clock.advance(600)
    tries = home.device.count("listen") - first
    assert 10 <= tries <= 20
    home.device.faults.clear()
    await home.clock.advance(61)
    home.device.say()
    await settle()
    assert home.value(":event_source") is True


async def test_a_fault_of_ours_in_a_feed_is_logged_and_survived(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    home.runner.want((MOTION,))
    await home.heard()
    home.device.truth[MOTION] = True
    home.device.cut(ZeroDivisionError())
    await home.clock.advance(1.1)
    assert "events failed in an unexpected way" in caplog.text
    home.device.say(Value(MOTION, True))
    await settle()
    assert home.value(MOTION) is True


async def test_a_feed_goes_on_while_its_seed_changes(home: House) -> None:
    """Growth of the topology does not cost the events of a reconnect."""
    home.device.relist.add("settings")
    home.runner.want((MOTION, "camera.1:motion_detection"))
    await home.heard()
    home.device.topology = listing(feeds=[Feed("events", 15, ("states", "settings"))])
    home.device.say(Hint(("settings",)))
    await home.clock.advance(1)
    assert home.device.count("listen") == 1
    assert home.value(":event_source") is True
    before = home.device.count("read settings")
    home.device.cut()
    await home.clock.advance(1.1)
    home.device.say()
    await settle()
    assert home.device.count("read settings") == before + 1


async def test_a_feed_that_nobody_wants_any_more_is_closed(home: House) -> None:
    """Case 43."""
    release = home.runner.want((MOTION,))
    await home.heard()
    release()
    await home.clock.advance(0.2)
    assert not home.device.ears
    assert home.value(":event_source") is False


async def test_a_detection_is_heard_though_only_its_event_is_wanted(home: House) -> None:
    events: list[Event] = []
    home.runner.events(events.append)
    home.runner.want(("camera.1:detection",))
    await home.heard()
    home.device.say(Value("camera.1/window.7:intrusion", True))
    home.device.say(Event("camera.1:detection", "HeatImagingTemper"))
    await settle()
    assert [event.type for event in events] == ["intrusion", "other"]
    before = home.device.count("read states")
    await home.clock.advance(10)
    assert home.device.count("read states") == before


async def test_a_pulse_ends_by_itself(home: House) -> None:
    """Case 7."""
    seen = home.follow("camera.1:sound")
    await home.heard()
    seen.clear()
    home.device.say(Value("camera.1:sound", True))
    await home.clock.advance(4)
    home.device.say(Value("camera.1:sound", True))
    await home.clock.advance(4.9)
    assert seen == [True]
    await home.clock.advance(0.1)
    assert seen == [True, False]


async def test_a_level_around_its_threshold_is_one_motion(home: House) -> None:
    """Case 9."""
    seen = home.follow("camera.1:tamper")
    await home.heard()
    seen.clear()
    for step in range(40):
        home.device.say(Value("camera.1:tamper", step % 2 == 0))
        await home.clock.advance(0.25)
    await home.clock.advance(2)
    assert seen == [True, False]


async def test_a_press_of_the_doorbell_rings_once(home: House) -> None:
    """Case 10."""
    events: list[Event] = []
    home.runner.events(events.append)
    home.runner.want(("camera.1:doorbell",))
    await home.heard()
    for _ in range(5):
        home.device.say(Event("camera.1:doorbell", "ring"))
        await home.clock.advance(0.5)
    assert [event.type for event in events] == ["ring"]


async def test_an_unknown_channel_is_counted(home: House) -> None:
    """Case 4."""
    home.runner.want((MOTION,))
    await home.heard()
    home.device.say(Value("camera.33:motion", True), Value(MOTION, True))
    await settle()
    assert home.runner.state.ignored == 1
    assert home.value(MOTION) is True


async def test_the_same_event_by_two_ways_is_heard_once(home: House) -> None:
    """Case 17."""
    events: list[Event] = []
    home.runner.events(events.append)
    home.runner.want(("camera.1:detection",))
    await home.heard()
    for _ in range(2):
        home.device.say(Event("camera.1:detection", "motion", id="7"))
    await settle()
    assert len(events) == 1


async def test_notices_are_told(home: House) -> None:
    notices: list[Notice] = []
    home.runner.notices(notices.append)
    home.runner.want((MOTION,))
    await home.heard()
    home.device.say(Notice("rights", "camera.1"))
    await settle()
    assert notices == [Notice("rights", "camera.1")]
    assert ("rights", "camera.1") in home.runner.state.notices


async def test_a_callback_that_fails_keeps_nothing_from_the_others(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    events: list[Event] = []
    home.runner.watch((MOTION,), broken)
    home.runner.events(broken)
    home.runner.events(events.append)
    seen = home.follow(MOTION)
    await home.heard()
    seen.clear()
    home.device.say(Value(MOTION, True))
    await settle()
    assert seen == [True]
    assert len(events) == 1
    assert "A watcher failed" in caplog.text
    assert "A callback failed" in caplog.text


async def test_a_watcher_of_many_is_called_once_a_fold_and_never_after_its_release(
    home: House,
) -> None:
    calls: list[None] = []
    release = home.runner.watch((MOTION, "camera.2:motion"), lambda: calls.append(None))
    home.runner.want((MOTION,))
    await home.heard()
    calls.clear()
    home.device.say(Value(MOTION, True), Value("camera.2:motion", True))
    await settle()
    assert len(calls) == 1
    events: list[Event] = []
    home.runner.events(events.append)()
    release()
    release()
    home.device.say(Value(MOTION, False))
    await settle()
    home.device.say(Value(MOTION, True))
    await settle()
    assert len(calls) == 1
    assert events == []
