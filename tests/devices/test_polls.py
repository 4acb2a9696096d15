"""When polls are read, and what failures of theirs mean."""

import asyncio

import pytest

from custom_components.cctv.devices.errors import (
    CannotConnect,
    Forbidden,
    NoAnswer,
)
from custom_components.cctv.devices.model import (
    Feed,
    Health,
    Hint,
    Need,
    Poll,
    Value,
)

from .clock import settle
from .home import MOTION, NUMBER, SWITCH
from .sample import FEATURES, House, Sample, house, listing


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


async def test_what_failed_is_read_at_once_when_it_is_wanted_again(home: House) -> None:
    home.device.faults["read settings"] = NoAnswer("settings")
    release = home.runner.want((SWITCH,))
    await home.clock.advance(1)
    release()
    await home.clock.advance(1)
    home.device.faults.clear()
    before = home.device.count("read settings")
    home.runner.want((SWITCH,))
    await home.clock.advance(1)
    assert home.device.count("read settings") == before + 1
    assert home.value(SWITCH) is True


async def test_what_is_read_seldom_is_not_given_up_for_long(home: House) -> None:
    await home.clock.advance(1)
    home.device.faults["read survey"] = NoAnswer("survey")
    await home.clock.advance(200)
    tries = home.device.count("read survey")
    assert tries >= 4
    await home.clock.advance(24 * 3600)
    assert home.device.count("read survey") - tries <= 24 + 6
    home.device.faults.clear()
    await home.clock.advance(2 * 3600)
    assert home.value(":storage_used") == 12


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
