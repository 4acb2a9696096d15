"""Outages: what is told, what is put back, and when."""

import asyncio
import logging

import pytest

from custom_components.cctv.devices.commands import Press, Set
from custom_components.cctv.devices.errors import (
    CannotConnect,
    InvalidAuth,
    Locked,
    NoAnswer,
    Rejected,
)
from custom_components.cctv.devices.model import (
    BOX,
    Feed,
    Need,
)

from .clock import settle
from .home import MOTION, READS, SWITCH
from .sample import House, Sample, house, listing


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
