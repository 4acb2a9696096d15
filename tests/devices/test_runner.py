"""The runner against the sample family: what is read, heard and done, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, time
import logging

import aiohttp
import pytest

from custom_components.cctv.devices import checks
from custom_components.cctv.devices.catalogue import Kind, Row
from custom_components.cctv.devices.commands import Command, Mode, Press, PtzMove, PtzStop, Set
from custom_components.cctv.devices.env import Address, Crew, Env, ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Locked,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    BOX,
    Event,
    Feature,
    Feed,
    Health,
    Hint,
    Light,
    Limits,
    Need,
    Notice,
    Part,
    PartKind,
    Poll,
    Recordings,
    Scalar,
    Stream,
    Table,
    Value,
)
from custom_components.cctv.devices.pictures import JPEG_BEGIN, STILL_MOST_BYTES
from custom_components.cctv.devices.runner import Runner

from .clock import FakeClock, settle
from .sample import FEATURES, JPEG, POLLS, House, Sample, house, listing

MOTION = "camera.1:motion"
SWITCH = "camera.1:motion_detection"
NUMBER = "camera.1:motion_sensitivity"
READS = ("read channels", "read states", "read settings", "read survey")


@pytest.fixture
async def home() -> AsyncIterator[House]:
    async with house() as one:
        yield one


# --- start and end


async def test_what_open_met_is_known_without_a_poll(home: House) -> None:
    """Case 42: what was met on the way is not asked for again."""
    assert home.value("camera.1:online") is True
    assert home.runner.state.online
    home.runner.want(("camera.1:online",))
    await home.clock.advance(20)
    assert home.device.count("read channels") == 0
    await home.clock.advance(10)
    assert home.device.count("read channels") == 1


async def test_what_only_few_need_is_looked_for_later(home: House) -> None:
    """Case 42: a survey finds the minor features after the start."""
    home.runner.want((SWITCH,))
    await home.clock.advance(4)
    assert home.device.log == ["open", "read settings"]
    await home.clock.advance(2)
    assert home.device.count("read survey") == 1
    assert home.value(":storage_used") == 12


@pytest.mark.parametrize("error", [CannotConnect(), InvalidAuth(), Locked(seconds=60), Forbidden()])
async def test_a_device_that_does_not_open_is_closed(error: DeviceError) -> None:
    device = Sample(faults={"open": error})
    with pytest.raises(type(error)):
        async with house(device):
            raise AssertionError("it opened")
    assert device.closed


async def test_a_device_that_says_nothing_is_malformed() -> None:
    class Mute(Sample):
        async def open(self) -> tuple[Value, ...]:
            return ()

    with pytest.raises(Malformed):
        async with house(Mute()):
            raise AssertionError("it opened")


async def test_stopping_twice_is_stopping_once(home: House) -> None:
    await home.runner.stop()
    await home.runner.stop()
    assert home.device.closed


async def test_a_device_whose_runner_was_stopped_while_it_opened_is_closed() -> None:
    device = Sample(gates={"open": asyncio.Event()})
    clock = FakeClock()
    async with aiohttp.ClientSession() as session:
        env = Env(session, Address("http://127.0.0.1"), UTC, Crew().spawn, {}, clock)
        runner = Runner(device, env)
        starting = asyncio.create_task(runner.start())
        await settle()
        await runner.stop()
        device.gates["open"].set()
        with pytest.raises(CannotConnect):
            await starting
    assert device.closed
    assert device.log == ["open"]


async def test_nothing_reaches_a_device_that_nobody_runs(home: House) -> None:
    looking = asyncio.create_task(home.runner.picture("camera.1:main"))
    home.device.gates["fetch"] = asyncio.Event()
    await settle()
    await home.runner.stop()
    with pytest.raises(CannotConnect):
        await looking
    log = list(home.device.log)
    with pytest.raises(CannotConnect):
        await home.runner.do(BOX, Press("restart"))
    with pytest.raises(CannotConnect):
        await home.runner.picture("camera.1:main")
    with pytest.raises(CannotConnect):
        await anext(home.runner.frames("camera.1:main"))
    home.runner.want((SWITCH,))
    await home.clock.advance(60)
    assert home.device.log == log


async def test_parts_left_out_are_not_there() -> None:
    async with house(options={"left_out": ["camera.1"]}) as home:
        assert set(home.runner.state.topology.parts) == {BOX, "camera.2"}
        home.runner.want((MOTION, "camera.2:motion"))
        await home.heard()
        home.device.say(Value(MOTION, True), Value("camera.2:motion", True))
        await settle()
        assert home.value(MOTION) is None
        assert home.value("camera.2:motion") is True


# --- polls


async def test_a_burst_of_wants_reads_each_poll_once(home: House) -> None:
    """Case 43: only what is wanted is read, and at the start once."""
    for feature in FEATURES:
        if feature.poll in ("settings", "states"):
            home.runner.want((feature.id,))
    await home.clock.advance(0.05)
    assert home.device.count("read settings") == 0
    await home.clock.advance(0.06)
    assert home.device.count("read settings") == 1
    assert home.device.count("read states") == 1
    assert home.value(NUMBER) == 40


async def test_what_nobody_wants_is_not_read(home: House) -> None:
    """Case 43."""
    release = home.runner.want((SWITCH, NUMBER))
    other = home.runner.want((SWITCH,))
    await home.clock.advance(0.2)
    release()
    release()
    await home.clock.advance(60)
    assert home.device.count("read settings") == 2
    other()
    await home.clock.advance(600)
    assert home.device.count("read settings") == 2
    assert home.device.count("read states") == 0
    assert home.device.count("read channels") == 22
    assert home.device.count("listen") == 0


async def test_a_healthy_feed_leaves_its_poll_one_read_in_ten_minutes(home: House) -> None:
    """Case 12, case 43: devices lose stops, so the poll is never left out."""
    home.runner.want((MOTION,))
    await home.heard()
    before = home.device.count("read states")
    for _ in range(60):
        await home.clock.advance(10)
        home.device.say()
    assert home.device.count("read states") == before + 1


async def test_a_poll_that_was_asked_before_an_event_does_not_undo_it(home: House) -> None:
    """Case 12: the poll is under way when the push lands."""
    seen = home.follow(MOTION)
    await home.heard()
    seen.clear()
    gate = home.device.gates["read states"] = asyncio.Event()
    home.device.say(Hint(("states",)))
    await home.clock.advance(2)
    home.device.say(Value(MOTION, True))
    await settle()
    gate.set()
    await settle()
    assert seen == [True]


async def test_a_hint_has_its_poll_read_at_once_and_many_hints_once(home: House) -> None:
    """Case 18: what is said has no value, only where to look."""
    home.runner.want((MOTION,))
    await home.heard()
    await home.clock.advance(5)
    before = home.device.count("read settings")
    home.device.say(*(Hint(("settings", "unknown")) for _ in range(50)))
    await settle()
    assert home.device.count("read settings") == before + 1
    for _ in range(50):
        home.device.say(Hint(("settings",)))
    await settle()
    assert home.device.count("read settings") == before + 1
    await home.clock.advance(1)
    assert home.device.count("read settings") == before + 2
    await home.clock.advance(5)
    assert home.device.count("read settings") == before + 2


async def test_a_hint_during_a_read_is_read_after_it(home: House) -> None:
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    await home.clock.advance(2)
    gate = home.device.gates["read settings"] = asyncio.Event()
    home.device.say(Hint(("settings",)))
    await home.clock.advance(1)
    home.device.say(Hint(("settings",)))
    await home.clock.advance(1)
    before = home.device.count("read settings")
    gate.set()
    await settle()
    assert home.device.count("read settings") == before + 1


async def test_a_poll_that_hangs_harms_itself_alone(home: House) -> None:
    """Case 26: requests that never answer do not take the box offline."""
    home.runner.want((SWITCH, MOTION))
    await home.clock.advance(1)
    home.device.faults["read settings"] = NoAnswer("settings")
    await home.clock.advance(60)
    assert home.runner.state.available(SWITCH)
    await home.clock.advance(5)
    assert not home.runner.state.available(SWITCH)
    assert home.runner.state.available(MOTION)
    assert home.runner.state.online
    before = home.device.count("read settings")
    await home.clock.advance(3600)
    assert home.device.count("read settings") - before <= 3600 / 300 + 3
    home.device.faults.clear()
    await home.clock.advance(400)
    assert home.runner.state.available(SWITCH)


async def test_a_refused_poll_is_one_that_failed(home: House) -> None:
    home.runner.want((SWITCH,))
    home.device.faults["read settings"] = Forbidden("rights")
    await home.clock.advance(10)
    assert home.runner.state.health["poll:settings"] == Health(False, 2, "rights")


async def test_a_fault_of_ours_in_a_poll_is_logged_and_survived(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    home.runner.want((SWITCH,))
    home.device.faults["read settings"] = ZeroDivisionError()
    await home.clock.advance(1)
    assert "settings failed in an unexpected way" in caplog.text
    home.device.faults.clear()
    await home.clock.advance(10)
    assert home.value(SWITCH) is True


async def test_a_vital_feed_alone_decides_whether_the_box_is_there() -> None:
    """Rule 8, for a box with nothing to ask."""
    feeds = [Feed("events", silence=15, need=Need.VITAL)]
    device = Sample(topology=listing(polls=[Poll("settings", 60)], feeds=feeds))
    async with house(device) as home:
        home.runner.want((SWITCH,))
        await home.heard()
        home.device.offline(CannotConnect("refused"))
        await home.clock.advance(2)
        assert not home.runner.state.online
        before = home.device.count("read settings")
        await home.clock.advance(300)
        assert home.device.count("read settings") == before
        home.device.online()
        home.device.faults["resume"] = NoAnswer("resume")
        await home.clock.advance(61)
        home.device.say()
        await settle()
        assert not home.runner.state.online
        home.device.online()
        await home.clock.advance(61)
        home.device.log.clear()
        home.device.say()
        await settle()
        assert home.device.log == ["resume", "read settings"]
        assert home.runner.state.online


# --- topology


async def test_a_window_added_on_the_camera_is_found_by_a_hint(home: House) -> None:
    """Case 1: the stream names what is not there yet, the listing has it."""
    home.device.relist.add("settings")
    home.runner.want((MOTION,))
    topologies: list[int] = []
    home.runner.watch_topology(lambda: topologies.append(len(home.runner.state.topology.parts)))
    await home.heard()
    window = "camera.1/window.9"
    home.device.topology = listing(
        Part(window, PartKind.WINDOW), Feature(window, "intrusion", push="events")
    )
    home.device.say(Value(f"{window}:intrusion", True), Hint(("settings",)))
    await settle()
    assert topologies == [5]
    home.device.say(Value(f"{window}:intrusion", True))
    await settle()
    assert home.value(f"{window}:intrusion") is True


async def test_a_poll_that_the_device_no_longer_has_is_forgotten(home: House) -> None:
    home.device.relist.add("channels")
    home.runner.want((SWITCH, ":storage_used"))
    await home.clock.advance(6)
    left = [poll for poll in POLLS if poll.name != "survey"]
    features = [one for one in FEATURES if one.poll != "survey"]
    home.device.topology = replace(listing(polls=left), features={one.id: one for one in features})
    await home.clock.advance(40)
    assert "poll:survey" not in home.runner.state.health
    before = home.device.count("read survey")
    await home.clock.advance(7200)
    assert home.device.count("read survey") == before


async def test_a_part_that_vanished_is_looked_for_once_more(home: House) -> None:
    """Case 2: it goes when a second listing agrees, and that one comes soon."""
    home.device.relist.add("channels")
    await home.clock.advance(1)
    home.device.topology = listing(without=frozenset({"camera.2"}))
    await home.clock.advance(29)
    assert "camera.2" in home.runner.state.topology.parts
    assert not home.runner.state.available("camera.2:motion_detection")
    await home.clock.advance(5)
    assert "camera.2" not in home.runner.state.topology.parts


async def test_a_camera_that_a_recorder_lost_is_unavailable(home: House) -> None:
    """Case 3."""
    home.runner.want((SWITCH, "camera.2:motion_detection"))
    home.device.truth["camera.2:online"] = False
    await home.clock.advance(30)
    assert not home.runner.state.available("camera.2:motion_detection")
    assert home.runner.state.available(SWITCH)


# --- feeds


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
    home.runner.want((MOTION,))
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


# --- outages


async def test_an_outage_is_seen_by_the_vital_poll_at_once(home: House) -> None:
    """Case 26: what could not connect has the vital poll ask whether the box is there."""
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    await home.clock.advance(3)
    before = home.device.count("read channels")
    home.device.offline(CannotConnect("refused"))
    await settle()
    assert home.device.count("read channels") == before + 1
    assert home.runner.state.online
    await home.clock.advance(5)
    assert not home.runner.state.online
    assert not home.runner.state.available(SWITCH)
    assert not home.runner.state.available(":record")


async def test_a_box_that_is_gone_is_asked_only_whether_it_is_back(home: House) -> None:
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    home.device.offline(CannotConnect("refused"))
    await home.clock.advance(10)
    counts = {entry: home.device.count(entry) for entry in READS}
    await home.clock.advance(600)
    for entry in READS[1:]:
        assert home.device.count(entry) == counts[entry]
    assert 600 / 60 <= home.device.count("read channels") - counts["read channels"] <= 600 / 20


async def test_after_an_outage_what_was_forgotten_is_put_back_first(home: House) -> None:
    """Case 23: resume, then everything that is wanted, then the box is online."""
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    home.device.offline(CannotConnect("refused"))
    await home.clock.advance(20)
    assert not home.runner.state.online
    home.device.online()
    home.device.truth[SWITCH] = False
    home.device.log.clear()
    before: list[object] = []
    home.runner.watch((":online",), lambda: before.append(home.value(SWITCH)))
    await home.clock.advance(40)
    assert home.device.log[:2] == ["read channels", "resume"]
    assert before == [False]
    assert home.runner.state.available(SWITCH)
    assert home.device.count("resume") == 1
    assert home.device.count("listen") == 1


async def test_what_was_forgotten_is_put_back_once_however_the_box_comes_back() -> None:
    """Case 23: the feed and the poll find it at the same moment."""
    feeds = [Feed("events", silence=15, seed=("states", "channels"), need=Need.VITAL)]
    async with house(Sample(topology=listing(feeds=feeds))) as home:
        home.runner.want((SWITCH, MOTION))
        await home.heard()
        home.device.offline(CannotConnect("refused"))
        await home.clock.advance(40)
        assert not home.runner.state.online
        home.device.online()
        gate = home.device.gates["resume"] = asyncio.Event()
        for _ in range(61):
            await home.clock.advance(1)
            home.device.say()
        assert not home.runner.state.online
        assert home.device.count("resume") == 1
        gate.set()
        await settle()
        assert home.device.count("resume") == 1
        assert home.runner.state.online
        assert home.value(":event_source") is True


async def test_a_box_that_cannot_be_resumed_is_still_gone(home: House) -> None:
    home.device.offline(CannotConnect("refused"))
    await home.clock.advance(40)
    home.device.online()
    home.device.faults["resume"] = NoAnswer("resume")
    await home.clock.advance(120)
    assert not home.runner.state.online
    home.device.faults["resume"] = Rejected("a dialog is open")
    await home.clock.advance(60)
    assert home.runner.state.online


async def test_a_box_that_restarts_as_told_is_left_alone_until_it_is_back(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Case 27: no answer is success, and nobody is alarmed."""
    caplog.set_level(logging.INFO)
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    await home.clock.advance(60)
    home.device.faults["do"] = CannotConnect("reset by peer")
    await home.runner.do(BOX, Press("restart"))
    counts = {entry: home.device.count(entry) for entry in (*READS, "listen")}
    home.device.offline(CannotConnect("refused"))
    for _ in range(60):
        await home.clock.advance(1)
        with pytest.raises(CannotConnect):
            await home.runner.picture("camera.1:main")
    for entry in READS[1:]:
        assert home.device.count(entry) == counts[entry]
    assert home.device.count("read channels") - counts["read channels"] <= 60 / 5
    assert home.device.count("listen") - counts["listen"] <= 8
    home.device.online()
    home.device.log.clear()
    await home.clock.advance(8)
    assert home.device.log[:2] == ["read channels", "resume"]
    home.device.say()
    await settle()
    assert home.runner.state.available(SWITCH)
    assert home.value(":event_source") is True
    assert not caplog.records


async def test_a_box_that_did_not_restart_is_read_again_after_a_while(home: House) -> None:
    """Case 27."""
    home.runner.want((SWITCH,))
    await home.clock.advance(1)
    await home.runner.do(BOX, Press("restart"))
    before = home.device.count("read settings")
    await home.clock.advance(119)
    assert home.device.count("read settings") == before
    await home.clock.advance(2)
    assert home.device.count("read settings") == before + 1


async def test_a_restart_that_is_refused_changes_nothing(home: House) -> None:
    """Case 27: the box is not away, so everything goes on."""
    home.runner.want((SWITCH,))
    await home.clock.advance(1)
    home.device.faults["do"] = Rejected("an update is running")
    with pytest.raises(Rejected):
        await home.runner.do(BOX, Press("restart"))
    before = home.device.count("read settings")
    await home.clock.advance(60)
    assert home.device.count("read settings") == before + 1


async def test_a_restart_of_a_box_that_is_not_there_fails(home: House) -> None:
    home.device.offline(CannotConnect("refused"))
    await home.clock.advance(60)
    with pytest.raises(CannotConnect):
        await home.runner.do(BOX, Press("restart"))


@pytest.mark.parametrize("error", [InvalidAuth("401"), Locked(seconds=1800)])
@pytest.mark.parametrize("where", ["read settings", "listen", "do", "fetch"])
async def test_a_refused_login_is_tried_once(home: House, error: InvalidAuth, where: str) -> None:
    """Case 45: the same password is not sent again, and the user is asked at once."""
    failures: list[InvalidAuth] = []
    home.runner.failed(failures.append)
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    home.device.faults = dict.fromkeys(("read settings", "listen", "do", "fetch"), error)
    if where == "do":
        with pytest.raises(InvalidAuth):
            await home.runner.do("camera.1", Set("motion_detection", False))
    elif where == "fetch":
        with pytest.raises(InvalidAuth):
            await home.runner.picture("camera.1:main")
    elif where == "listen":
        home.device.cut()
        await home.clock.advance(2)
    else:
        await home.clock.advance(61)
    await settle()
    assert failures == [error]
    log = list(home.device.log)
    await home.clock.advance(3600)
    assert home.device.log == log
    assert not home.runner.state.online
    assert not home.runner.state.available(SWITCH)
    with pytest.raises(type(error)):
        await home.runner.do("camera.1", Set("motion_detection", True))
    assert home.device.log == log
    home.runner.failed(failures.append)
    assert failures == [error, error]


async def test_what_was_under_way_when_the_login_was_refused_brings_nothing_back(
    home: House,
) -> None:
    home.runner.want((SWITCH, MOTION))
    await home.heard()
    gate = home.device.gates["read channels"] = asyncio.Event()
    await home.clock.advance(30)
    home.device.faults["do"] = InvalidAuth("401")
    with pytest.raises(InvalidAuth):
        await home.runner.do("camera.1", Set("motion_detection", False))
    gate.set()
    await settle()
    assert not home.runner.state.online


async def test_a_seed_whose_login_is_refused_believes_nothing(home: House) -> None:
    home.runner.want((MOTION,))
    await home.heard()
    home.device.faults["read states"] = InvalidAuth("401")
    home.device.cut()
    await home.clock.advance(1.1)
    home.device.say()
    await settle()
    assert home.value(":event_source") is False
    assert not home.runner.state.online


# --- commands


async def test_what_is_set_is_shown_at_once(home: House) -> None:
    """Case 13: the switch does not flicker while the device makes up its mind."""
    seen = home.follow(SWITCH)
    await home.clock.advance(1)
    seen.clear()
    gate = home.device.gates["do"] = asyncio.Event()
    doing = asyncio.create_task(home.runner.do("camera.1", Set("motion_detection", False)))
    await settle()
    assert seen == [False]
    gate.set()
    await doing
    home.device.truth[SWITCH] = True
    await home.clock.advance(2.9)
    assert seen == [False]
    home.device.truth[SWITCH] = False
    await home.clock.advance(10)
    assert seen == [False]


async def test_what_is_set_is_read_when_it_has_settled(home: House) -> None:
    """Case 13: at the end of settling the poll wins, whatever it says."""
    seen = home.follow(SWITCH)
    await home.clock.advance(1)
    seen.clear()
    before = home.device.count("read settings")
    await home.runner.do("camera.1", Set("motion_detection", False))
    home.device.truth[SWITCH] = True
    await home.clock.advance(3)
    assert home.device.count("read settings") == before + 2
    assert seen == [False, True]


async def test_what_is_refused_is_put_back_and_read(home: House) -> None:
    seen = home.follow(SWITCH)
    await home.clock.advance(2)
    seen.clear()
    before = home.device.count("read settings")
    home.device.faults["do"] = Rejected("not now")
    with pytest.raises(Rejected):
        await home.runner.do("camera.1", Set("motion_detection", False))
    assert seen == [False, True]
    await settle()
    assert home.device.count("read settings") == before + 1


async def test_what_is_given_up_is_put_back(home: House) -> None:
    seen = home.follow(SWITCH)
    await home.clock.advance(1)
    seen.clear()
    home.device.gates["do"] = asyncio.Event()
    doing = asyncio.create_task(home.runner.do("camera.1", Set("motion_detection", False)))
    await settle()
    doing.cancel()
    await settle()
    assert seen == [False, True]


async def test_a_set_that_says_nothing_about_itself_is_verified(home: House) -> None:
    home.device.lazy = True
    home.runner.want((SWITCH,))
    await home.clock.advance(2)
    before = home.device.count("read settings")
    await home.runner.do("camera.1", Set("motion_detection", False))
    assert home.value(SWITCH) is False
    await home.clock.advance(3)
    assert home.device.count("read settings") > before


async def test_a_slider_that_is_drawn_shows_where_it_is(home: House) -> None:
    """Commands at one part go one after the other; the last wanted value is the one shown."""
    seen = home.follow(NUMBER)
    await home.clock.advance(1)
    seen.clear()
    gate = home.device.gates["do"] = asyncio.Event()
    doing = [
        asyncio.create_task(home.runner.do("camera.1", Set("motion_sensitivity", level)))
        for level in (10, 20, 30)
    ]
    await settle()
    assert len(home.device.done) == 1
    gate.set()
    await asyncio.gather(*doing)
    assert [command for _, command in home.device.done] == [
        Set("motion_sensitivity", level) for level in (10, 20, 30)
    ]
    assert seen == [10, 20, 30]


async def test_a_slider_that_is_drawn_for_long_does_not_pile_up_reads(home: House) -> None:
    home.runner.want((NUMBER,))
    await home.clock.advance(1)
    before = home.device.count("read settings")
    for level in range(100):
        await home.runner.do("camera.1", Set("motion_sensitivity", level))
        await home.clock.advance(0.02)
    await home.clock.advance(2.9)
    home.device.truth[NUMBER] = 7
    await home.clock.advance(0.1)
    assert home.value(NUMBER) == 7
    assert home.device.count("read settings") - before <= 40


async def test_a_refused_last_set_puts_back_what_the_one_before_made(home: House) -> None:
    home.runner.want((NUMBER,))
    await home.clock.advance(1)
    gate = home.device.gates["do"] = asyncio.Event()
    first = asyncio.create_task(home.runner.do("camera.1", Set("motion_sensitivity", 10)))
    last = asyncio.create_task(home.runner.do("camera.1", Set("motion_sensitivity", 20)))
    await settle()
    second = home.device.gates["do"] = asyncio.Event()
    gate.set()
    await first
    home.device.faults["do"] = Rejected("enough")
    second.set()
    with pytest.raises(Rejected):
        await last
    assert home.value(NUMBER) == 10


async def test_a_refused_first_set_leaves_the_later_one_shown(home: House) -> None:
    seen = home.follow(NUMBER)
    await home.clock.advance(1)
    seen.clear()
    gate = home.device.gates["do"] = asyncio.Event()
    first = asyncio.create_task(home.runner.do("camera.1", Set("motion_sensitivity", 10)))
    last = asyncio.create_task(home.runner.do("camera.1", Set("motion_sensitivity", 20)))
    await settle()
    second = home.device.gates["do"] = asyncio.Event()
    home.device.faults["do"] = Rejected("busy")
    gate.set()
    with pytest.raises(Rejected):
        await first
    home.device.faults.clear()
    second.set()
    await last
    assert seen == [10, 20]


async def test_commands_at_two_parts_do_not_wait_for_each_other(home: House) -> None:
    home.device.gates["do"] = asyncio.Event()
    doing = [
        asyncio.create_task(home.runner.do(part, Set("motion_detection", True)))
        for part in ("camera.1", "camera.2")
    ]
    await settle()
    assert len(home.device.done) == 2
    home.device.gates["do"].set()
    await asyncio.gather(*doing)


async def test_a_siren_for_some_seconds_falls_silent_by_itself(home: House) -> None:
    """Case 31."""
    seen = home.follow("camera.1:siren")
    await home.heard()
    seen.clear()
    await home.runner.do("camera.1", Set("siren", True, seconds=10))
    await home.clock.advance(9.9)
    home.device.say()
    assert seen == [True]
    await home.clock.advance(0.2)
    assert seen == [True, False]


async def test_what_can_only_be_set_is_remembered(home: House) -> None:
    """Case 23: write-only, so its last value is kept and shown after a restart."""
    assert home.value(":record") is None
    await home.runner.do(BOX, Set("record", True))
    assert home.value(":record") is True
    assert home.runner.state.available(":record")
    async with house(memory=home.memory) as again:
        assert again.value(":record") is True


async def test_what_is_found_later_is_remembered_too() -> None:
    """Case 23: a switch that only the survey finds."""
    memory = ShortMemory()
    memory.put("blind", {"camera.2:record": True})
    async with house(Sample(relist={"survey"}), memory=memory) as home:
        home.device.topology = listing(Feature("camera.2", "record"))
        await home.clock.advance(6)
        assert home.value("camera.2:record") is True
        await home.runner.do(BOX, Set("record", False))
        assert memory.get("blind") == {"camera.2:record": True, ":record": False}


@pytest.mark.parametrize(
    "kept",
    [{":record": ["x"], ":gone": True}, "nonsense", {":record": None}, {":record": "yes"}],
)
async def test_a_memory_that_makes_no_sense_is_left_alone(kept: object) -> None:
    memory = ShortMemory()
    memory.put("blind", kept)  # type: ignore[arg-type]
    async with house(memory=memory) as home:
        assert home.value(":record") is None
        await home.runner.do(BOX, Set("record", False))
    after = memory.get("blind")
    assert isinstance(after, dict)
    assert after[":record"] is False


BAD = [
    ("camera.9", Set("motion_detection", True)),
    ("camera.1", Set("privacy", True)),
    ("camera.1", Set("motion", True)),
    ("camera.1", Set("motion_detection", 1)),
    ("camera.1", Set("motion_detection", "on")),
    ("camera.1", Set("motion_sensitivity", 101)),
    ("camera.1", Set("motion_sensitivity", -1)),
    ("camera.1", Set("motion_sensitivity", float("nan"))),
    ("camera.1", Set("motion_sensitivity", True)),
    ("camera.1", Set("motion_sensitivity", "40")),
    ("camera.1", Set("day_night", "black_white")),
    ("camera.1", Set("day_night", True)),
    ("camera.1", Set("siren", True, seconds=0)),
    ("camera.1", Set("siren", True, seconds=float("nan"))),
    ("camera.1", Set("siren", True, seconds=1e9)),
    ("camera.1", Press("motion_detection")),
    (BOX, Press("sync_clock")),
    ("camera.1", PtzMove(zoom=1)),
    ("camera.1", PtzMove(pan=1.1)),
    ("camera.1", PtzMove(pan=float("inf"), mode=Mode.CONTINUOUS)),
    ("camera.1", PtzMove(pan=1, mode=Mode.ABSOLUTE)),
    ("camera.1", PtzMove(pan=1, speed=2)),
    ("camera.1", PtzMove(pan=1, seconds=-1)),
]


@pytest.mark.parametrize(("part", "command"), BAD, ids=[str(command) for _, command in BAD])
async def test_what_cannot_be_is_refused_before_anything_is_sent(
    home: House, part: str, command: Set | Press | PtzMove
) -> None:
    with pytest.raises(BadInput):
        await home.runner.do(part, command)
    assert home.device.done == []


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.TEXT, "Front door", "two\nlines"),
        (Kind.TEXT, "", "x" * 2000),
        (Kind.TEXT, "7", 7),
        (Kind.TIME, time(7, 30), "07:30"),
        (Kind.LOCK, True, "locked"),
    ],
)
async def test_each_kind_takes_its_own_values(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, good: Scalar, bad: Scalar
) -> None:
    monkeypatch.setattr(checks, "row", lambda key: Row(key, kind, "a row of this kind"))
    checks.check(listing(), BOX, Set("record", good))
    with pytest.raises(BadInput):
        checks.check(listing(), BOX, Set("record", bad))


async def test_what_a_part_cannot_do_is_refused(home: House) -> None:
    @dataclass(frozen=True, slots=True)
    class Dance(Command):
        """What no device can do."""

    for command in (PtzMove(pan=1), PtzStop(), Dance()):
        with pytest.raises(Unsupported):
            await home.runner.do("camera.2", command)
    assert home.device.done == []


async def test_lamps_and_times_are_checked_and_remembered() -> None:
    device = Sample(
        topology=listing(
            Feature("camera.1", "floodlight", options=("flash",)),
            Feature("camera.1", "infrared_level", limits=Limits(0, 100)),
        )
    )
    async with house(device) as home:
        for light in (Light(True, 101), Light(True, effect="disco")):
            with pytest.raises(BadInput):
                await home.runner.do("camera.1", Set("floodlight", light))
        await home.runner.do("camera.1", Set("floodlight", Light(True, 50, "flash")))
        await home.runner.do("camera.1", Set("infrared_level", 2.5))
        again = Sample(topology=device.topology)
        async with house(again, memory=home.memory) as other:
            assert other.value("camera.1:floodlight") == Light(True, 50, "flash")
            assert other.value("camera.1:infrared_level") == 2.5


# --- moves


def stops(home: House) -> int:
    return sum(isinstance(command, PtzStop) for _, command in home.device.done)


async def test_a_move_is_stopped_after_its_seconds(home: House) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(pan=1, seconds=2))
    await home.clock.advance(1.9)
    assert stops(home) == 0
    await home.clock.advance(0.2)
    assert stops(home) == 1
    await home.clock.advance(120)
    assert stops(home) == 1


async def test_a_lost_stop_is_sent_again(home: House) -> None:
    """Case 28: a dome must not spin for ever."""
    await home.runner.do("camera.1", PtzMove(pan=1, seconds=2))
    home.device.faults["do"] = NoAnswer("stop")
    await home.clock.advance(4)
    assert stops(home) >= 2
    home.device.faults.clear()
    await home.clock.advance(10)
    count = stops(home)
    await home.clock.advance(120)
    assert stops(home) == count


async def test_a_stop_that_can_never_be_sent_is_given_up(home: House) -> None:
    await home.runner.do("camera.1", PtzMove(pan=1, seconds=2))
    home.device.faults["do"] = Rejected("stop")
    await home.clock.advance(600)
    count = stops(home)
    await home.clock.advance(600)
    assert stops(home) == count < 15


async def test_a_move_that_nobody_stops_ends_all_the_same(home: House) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(tilt=-1))
    await home.clock.advance(31)
    assert stops(home) == 1


async def test_a_move_that_was_stopped_is_not_stopped_again(home: House) -> None:
    await home.runner.do("camera.1", PtzMove(pan=1))
    await home.runner.do("camera.1", PtzStop())
    await home.clock.advance(60)
    assert stops(home) == 1


async def test_a_failed_stop_of_the_user_is_made_good(home: House) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(pan=1))
    home.device.faults["do"] = NoAnswer("stop")
    with pytest.raises(NoAnswer):
        await home.runner.do("camera.1", PtzStop())
    home.device.faults.clear()
    await home.clock.advance(2)
    assert stops(home) == 2


async def test_a_move_that_begins_while_a_stop_waits_is_not_cut_short(home: House) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(pan=1, seconds=2))
    home.device.gates["do"] = asyncio.Event()
    setting = asyncio.create_task(home.runner.do("camera.1", Set("motion_detection", True)))
    await home.clock.advance(2.1)
    moving = asyncio.create_task(home.runner.do("camera.1", PtzMove(pan=-1, seconds=9)))
    await settle()
    home.device.gates["do"].set()
    await asyncio.gather(setting, moving)
    await home.clock.advance(8)
    assert stops(home) == 0
    await home.clock.advance(2)
    assert stops(home) == 1


async def test_a_second_move_lasts_its_own_time(home: House) -> None:
    await home.runner.do("camera.1", PtzMove(pan=1, seconds=2))
    await home.clock.advance(1)
    await home.runner.do("camera.1", PtzMove(pan=-1, seconds=5))
    await home.clock.advance(4)
    assert stops(home) == 0
    await home.clock.advance(1.1)
    assert stops(home) == 1


async def test_a_step_needs_no_stop(home: House) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(pan=1, mode=Mode.STEP))
    await home.clock.advance(60)
    assert stops(home) == 0


async def test_what_moves_is_stopped_at_the_end(home: House) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(pan=1))
    await home.runner.stop()
    assert stops(home) == 1


async def test_a_stop_that_fails_at_the_end_is_tried_a_few_times(home: House) -> None:
    await home.runner.do("camera.1", PtzMove(pan=1))
    home.device.faults["do"] = NoAnswer("stop")
    await home.runner.stop()
    assert stops(home) == 3
    assert home.device.closed


# --- pictures


async def test_fifty_dashboards_cost_one_still(home: House) -> None:
    """Case 38."""
    gate = home.device.gates["fetch"] = asyncio.Event()
    looking = [asyncio.create_task(home.runner.picture("camera.1:main")) for _ in range(50)]
    await settle()
    looking.pop().cancel()
    gate.set()
    assert await asyncio.gather(*looking) == [JPEG] * 49
    assert await home.runner.picture("camera.1:main") == JPEG
    assert home.device.count("fetch") == 1
    await home.clock.advance(1)
    await home.runner.picture("camera.1:main")
    assert home.device.count("fetch") == 2


async def test_cameras_do_not_share_their_stills(home: House) -> None:
    await home.runner.picture("camera.1:main")
    await home.runner.picture("camera.2:main")
    assert home.device.count("fetch") == 2


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b"\xff\xd8 cut in half"])
async def test_what_is_no_whole_picture_is_shown_to_nobody(
    home: House, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    """Case 38: an empty 200, a page, half a JPEG."""
    monkeypatch.setattr("tests.devices.sample.JPEG", body)
    with pytest.raises(Malformed):
        await home.runner.picture("camera.1:main")
    monkeypatch.undo()
    assert await home.runner.picture("camera.1:main") == JPEG


async def test_a_failed_still_is_not_kept(home: House) -> None:
    home.device.faults["fetch"] = NoAnswer("still")
    with pytest.raises(NoAnswer):
        await home.runner.picture("camera.1:main")
    home.device.faults.clear()
    assert await home.runner.picture("camera.1:main") == JPEG


async def test_streams_that_are_not_there_or_have_no_pictures(home: House) -> None:
    with pytest.raises(BadInput):
        await home.runner.picture("camera.9:main")
    with pytest.raises(Unsupported):
        await anext(home.runner.frames("camera.2:main"))
    home.device.topology = listing(Stream("camera.2:sub", "camera.2", url="rtsp://sample/2"))
    home.device.relist.add("channels")
    await home.clock.advance(30)
    with pytest.raises(Unsupported):
        await home.runner.picture("camera.2:sub")
    with pytest.raises(BadInput):
        home.runner.play_url("camera.9:main")
    assert home.runner.play_url("camera.1:main") == "rtsp://user:secret@sample/1"


async def test_twenty_viewers_share_one_source(home: House) -> None:
    """Case 39."""
    seen: list[list[bytes]] = [[] for _ in range(20)]

    async def look(pictures: list[bytes]) -> None:
        async with aclosing(home.runner.frames("camera.1:main")) as frames:
            async for picture in frames:
                pictures.append(picture)
                if len(pictures) == 3:
                    return

    looking = [asyncio.create_task(look(pictures)) for pictures in seen]
    for number in range(3):
        await settle()
        home.device.pictures.put_nowait(bytes([number]))
    await asyncio.gather(*looking)
    assert seen == [[b"\0", b"\1", b"\2"]] * 20
    assert home.device.count("fetch") == 1
    assert home.device.live == 0


async def test_a_slow_viewer_skips_and_holds_nobody_up(home: House) -> None:
    """Case 39."""
    slow = home.runner.frames("camera.1:main")
    fast = home.runner.frames("camera.1:main")
    async with aclosing(slow), aclosing(fast):
        first = asyncio.gather(anext(slow), anext(fast))
        await settle()
        home.device.pictures.put_nowait(b"0")
        assert list(await first) == [b"0", b"0"]
        for number in range(1, 10):
            home.device.pictures.put_nowait(b"%d" % number)
            assert await anext(fast) == b"%d" % number
        assert await anext(slow) == b"9"


async def test_the_source_ends_with_the_last_viewer_and_begins_again(home: House) -> None:
    """Case 39."""
    for _ in range(2):
        async with aclosing(home.runner.frames("camera.1:main")) as frames:
            looking = asyncio.ensure_future(anext(frames))
            await settle()
            assert home.device.live == 1
            home.device.pictures.put_nowait(b"0")
            assert await looking == b"0"
        assert home.device.live == 0
    assert home.device.count("fetch") == 2


async def test_a_source_that_ends_ends_for_all(home: House) -> None:
    async with aclosing(home.runner.frames("camera.1:main")) as frames:
        looking = asyncio.ensure_future(anext(frames))
        await settle()
        home.device.pictures.put_nowait(None)
        with pytest.raises(DeviceError):
            await looking
    home.device.faults["fetch"] = Busy("too many")
    with pytest.raises(Busy):
        await anext(home.runner.frames("camera.1:main"))


async def test_a_fault_of_ours_in_a_live_view_is_logged(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    home.device.faults["fetch"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await anext(home.runner.frames("camera.1:main"))
    assert "live view failed" in caplog.text


async def test_a_viewer_who_comes_after_the_end_has_a_source_of_his_own(home: House) -> None:
    """Case 39: one who has not noticed the end yet keeps nobody else from looking."""
    async with aclosing(home.runner.frames("camera.1:main")) as old:
        looking = asyncio.ensure_future(anext(old))
        await settle()
        home.device.pictures.put_nowait(b"0")
        await looking
        home.device.pictures.put_nowait(None)
        await settle()
        async with aclosing(home.runner.frames("camera.1:main")) as new:
            looking = asyncio.ensure_future(anext(new))
            await settle()
            home.device.pictures.put_nowait(b"1")
            assert await looking == b"1"


async def test_a_still_without_end_is_given_up(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.devices.sample.JPEG", JPEG_BEGIN + bytes(STILL_MOST_BYTES))
    with pytest.raises(Malformed):
        await home.runner.picture("camera.1:main")


async def test_who_watches_when_the_runner_stops_sees_the_end(home: House) -> None:
    async with aclosing(home.runner.frames("camera.1:main")) as frames:
        looking = asyncio.ensure_future(anext(frames, None))
        await settle()
        await home.runner.stop()
        assert await looking is None


# --- sound, search, bytes


async def test_one_talks_at_a_time(home: House) -> None:
    """Case 41."""
    more = asyncio.Event()

    async def sound() -> AsyncIterator[bytes]:
        yield b"one"
        await more.wait()
        yield b"two"

    talking = asyncio.create_task(home.runner.talk(BOX, sound()))
    await settle()
    with pytest.raises(Busy):
        await home.runner.talk(BOX, sound())
    more.set()
    await talking
    await home.runner.talk(BOX, sound())
    assert home.device.log[-4:] == ["talk b'one'", "talk b'two'"] * 2


async def test_nobody_talks_to_what_has_no_speaker(home: House) -> None:
    async def silence() -> AsyncIterator[bytes]:
        yield b""

    with pytest.raises(Unsupported):
        await home.runner.talk("camera.2", silence())
    with pytest.raises(BadInput):
        await home.runner.talk("camera.9", silence())


async def test_a_search_is_lazy_limited_and_frees_its_finder(home: House) -> None:
    """Case 36."""
    async with aclosing(home.runner.find("camera.1", Recordings(limit=3))) as found:
        assert len([one async for one in found]) == 3
    assert home.device.log[-2:] == ["find", "found"]
    async with aclosing(home.runner.find(BOX, Table(kind="log"))) as rows:
        assert await anext(rows) == {"number": 1}
    assert home.device.log[-2:] == ["find", "found"]


async def test_what_cannot_be_searched_is_refused(home: House) -> None:
    with pytest.raises(Unsupported):
        await anext(home.runner.find("camera.2", Recordings()))
    with pytest.raises(Unsupported):
        await anext(home.runner.find(BOX, Table(kind="cards")))
    with pytest.raises(BadInput):
        await anext(home.runner.find("camera.9", Recordings()))


async def test_bytes_come_through(home: House) -> None:
    content = await home.runner.fetch("still/1")
    assert await content.read() == JPEG
