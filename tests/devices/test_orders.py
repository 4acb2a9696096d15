"""Commands: checked, shown at once, put back when refused; moves that always end."""

import asyncio
from dataclasses import dataclass
from datetime import time

import pytest

from custom_components.cctv.devices.catalogue import Kind, Row
from custom_components.cctv.devices.commands import Command, Mode, Press, PtzMove, PtzStop, Set
from custom_components.cctv.devices.engine import checks
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    NoAnswer,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    BOX,
    Feature,
    Light,
    Limits,
    Scalar,
)

from .clock import settle
from .home import NUMBER, SWITCH
from .sample import House, Sample, house, listing

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


@pytest.mark.parametrize("asked", [False, True], ids=["by itself", "asked for"])
async def test_a_stop_under_way_does_not_end_the_next_move(home: House, asked: bool) -> None:
    """Case 28."""
    await home.runner.do("camera.1", PtzMove(pan=1, seconds=60 if asked else 2))
    gate = home.device.gates["do"] = asyncio.Event()
    tasks = []
    if asked:
        tasks.append(asyncio.create_task(home.runner.do("camera.1", PtzStop())))
    await home.clock.advance(2.1)
    tasks.append(asyncio.create_task(home.runner.do("camera.1", PtzMove(pan=-1, seconds=9))))
    await settle()
    gate.set()
    await asyncio.gather(*tasks)
    assert stops(home) == 1
    await home.clock.advance(10)
    assert stops(home) == 2


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


async def test_a_move_under_way_at_the_end_is_stopped_after_it(home: House) -> None:
    """Case 28: a stop that overtakes its move ends nothing, and nothing may come after it."""
    gate = home.device.gates["do"] = asyncio.Event()
    moving = asyncio.create_task(home.runner.do("camera.1", PtzMove(pan=1)))
    later = asyncio.create_task(home.runner.do("camera.1", PtzMove(pan=-1)))
    await settle()
    stopping = asyncio.create_task(home.runner.stop())
    await settle()
    gate.set()
    await asyncio.gather(moving, stopping)
    with pytest.raises(CannotConnect):
        await later
    assert [type(command) for _, command in home.device.done] == [PtzMove, PtzStop]


async def test_what_is_acknowledged_after_the_end_leaves_no_timer(home: House) -> None:
    gate = home.device.gates["do"] = asyncio.Event()
    sounding = asyncio.create_task(home.runner.do("camera.1", Set("siren", True, seconds=60)))
    await settle()
    await home.runner.stop()
    gate.set()
    await sounding
    assert home.clock.sleepers == 0


async def test_a_restart_that_nobody_sends_any_more_is_no_success(home: House) -> None:
    gate = home.device.gates["do"] = asyncio.Event()
    setting = asyncio.create_task(home.runner.do(BOX, Set("record", True)))
    restarting = asyncio.create_task(home.runner.do(BOX, Press("restart")))
    await settle()
    await home.runner.stop()
    gate.set()
    await setting
    with pytest.raises(CannotConnect):
        await restarting
