"""Recordings as the engine tells them: the last one, how many today, and each new one once."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, override

import pytest

from custom_components.cctv.devices.commands import DeleteRecordings
from custom_components.cctv.devices.engine.recorded import KEYS
from custom_components.cctv.devices.env import Memory, ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    NoAnswer,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    Day,
    Days,
    Event,
    Feature,
    Hint,
    PartId,
    Query,
    Recording,
    TableRow,
)

from .clock import settle
from .sample import PARTS, House, Sample, house, listing

CAMERA: Final = "camera.1"
POLL: Final = f"recordings:{CAMERA}"
LAST, TODAY, NEW = (f"{CAMERA}:{key}" for key in KEYS)
NOW: Final = datetime(2026, 3, 1, 0, 16, 40, tzinfo=UTC)
"""What the test's clock shows at first."""


def recording(name: str, start: datetime, seconds: float | None = 30, **more: object) -> Recording:
    """Return a recording of the first camera."""
    end = None if seconds is None else start + timedelta(seconds=seconds)
    one = Recording((f"clip/{name}",), CAMERA, start, end, frozenset({"motion"}), 1, "mp4")
    return replace(one, name=name, **more)  # type: ignore[arg-type]


@dataclass
class Recorder(Sample):
    """The sample, with recordings that a test lays into it."""

    stored: list[Recording] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    given: int = 0
    open_finders: int = 0

    @override
    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
        """Give what overlaps the time asked for, newest first."""
        await self._step("find")
        self.queries.append(query)
        self.open_finders += 1
        try:
            if isinstance(query, Days):
                for day in self.days:
                    yield day
                return
            for one in sorted(self.stored, key=lambda each: each.start, reverse=True):
                if query.start is not None and (one.end or one.start) < query.start:
                    continue
                if query.end is None or one.start < query.end:
                    self.given += 1
                    yield one
        finally:
            self.open_finders -= 1

    def lay(self, name: str, start: datetime, seconds: float | None = 30, **more: object) -> None:
        """Lay a recording into it."""
        self.stored.append(recording(name, start, seconds, **more))


@dataclass
class Watch:
    """A house with a recorder whose three features are wanted, and what was heard."""

    home: House
    device: Recorder
    events: list[Event] = field(default_factory=list)

    @property
    def heard(self) -> list[str]:
        """The names that were told."""
        return [event.details["name"] for event in self.events if event.feature == NEW]

    async def minutes(self, number: float) -> None:
        """Let time pass."""
        await self.home.clock.advance(60 * number)


@asynccontextmanager
async def watched(
    *stored: Recording, device: Recorder | None = None, memory: Memory | None = None
) -> AsyncIterator[Watch]:
    """Run a recorder and want what it records."""
    device = device or Recorder()
    device.stored += stored
    async with house(device, memory=memory) as home:
        watch = Watch(home, device)
        home.runner.events(watch.events.append)
        home.runner.want((LAST, TODAY, NEW))
        await home.clock.advance(1)
        yield watch
    assert not device.open_finders


# --- the last one, and today's ------------------------------------------------------------------


async def test_the_last_recording_is_told_with_its_trigger_and_length() -> None:
    async with watched(recording("a", NOW - timedelta(minutes=5), 90)) as watch:
        reading = watch.home.runner.state.readings[LAST]
        assert reading.value == NOW - timedelta(minutes=5)
        assert reading.details == {"kinds": ["motion"], "length": 90.0}
        assert watch.home.value(TODAY) == 1


async def test_only_parts_that_record_have_these_features(home: House) -> None:
    features = home.runner.state.topology.features
    assert {id_ for id_ in features if features[id_].key in KEYS} == {LAST, TODAY, NEW}
    assert features[NEW].poll == POLL
    assert home.runner.state.topology.polls[POLL].every == 60


async def test_nothing_is_listed_that_nobody_wants(home: House) -> None:
    home.runner.want(("camera.1:motion",))
    await home.heard()
    home.device.say(Hint((POLL,)))
    await home.clock.advance(600)
    assert home.device.count("find") == 0


async def test_the_last_recording_may_be_of_another_day() -> None:
    old = NOW - timedelta(days=40)
    async with watched(recording("old", old), recording("older", old - timedelta(1))) as watch:
        assert watch.home.value(LAST) == old
        assert watch.home.value(TODAY) == 0
        before = watch.device.given
        await watch.minutes(30)
        assert watch.device.given == before, "what is old is looked for once"


async def test_an_empty_box_has_no_last_recording_until_the_first() -> None:
    async with watched() as watch:
        assert watch.home.value(LAST) is None
        assert watch.home.value(TODAY) == 0
        watch.device.lay("first", NOW)
        await watch.minutes(1)
        assert watch.heard == ["first"]
        assert watch.home.value(LAST) == NOW


async def test_stored_pictures_are_no_recordings() -> None:
    async with watched(recording("grab", NOW, container="jpeg")) as watch:
        watch.device.lay("grab 2", NOW + timedelta(seconds=9), container="jpeg")
        await watch.minutes(1)
        assert watch.home.value(LAST) is None
        assert watch.home.value(TODAY) == 0
        assert not watch.events


async def test_the_count_begins_anew_at_midnight_there() -> None:
    async with watched(recording("a", NOW - timedelta(minutes=10))) as watch:
        assert watch.home.value(TODAY) == 1
        await watch.minutes(24 * 60)
        assert watch.home.value(TODAY) == 0
        watch.device.lay("b", NOW + timedelta(days=1, minutes=1))
        await watch.minutes(3)
        assert watch.home.value(TODAY) == 1
        assert watch.heard == ["b"]


# --- each one once ------------------------------------------------------------------------------


async def test_what_was_there_before_is_not_new_and_each_later_one_is_told_once() -> None:
    async with watched(recording("a", NOW - timedelta(minutes=3))) as watch:
        assert watch.heard == []
        watch.device.lay("b", NOW)
        watch.device.lay("c", NOW + timedelta(seconds=20), 15)
        await watch.minutes(1)
        assert watch.heard == ["b", "c"], "in the order in which they ended"
        await watch.minutes(10)
        assert watch.heard == ["b", "c"]
        details = watch.events[0].details
        assert (details["kinds"], details["length"]) == (["motion"], 30.0)
        assert details["start"] == "2026-03-01T00:16:40+00:00"
        assert watch.home.value(TODAY) == 3


async def test_only_what_is_newer_is_listed_again() -> None:
    stored = [recording(str(number), NOW - timedelta(seconds=900 - number)) for number in range(99)]
    async with watched(*stored) as watch:
        before = watch.device.given
        await watch.minutes(10)
        assert watch.device.given - before <= 10 * 32, "those that end at the mark, and after"
        query = watch.device.queries[-1]
        assert query.start == max(one.end for one in stored if one.end is not None)


async def test_a_long_one_that_ends_after_a_short_one_is_told_too() -> None:
    async with watched() as watch:
        watch.device.lay("short", NOW + timedelta(seconds=10), 5)
        await watch.minutes(1)
        watch.device.lay("long", NOW, 100)
        await watch.minutes(1)
        assert watch.heard == ["short", "long"]


async def test_a_restart_tells_none_twice_and_leaves_none_out() -> None:
    memory = ShortMemory()
    async with watched(memory=memory) as watch:
        watch.device.lay("a", NOW)
        await watch.minutes(1)
        assert watch.heard == ["a"]
        stored = watch.device.stored
    stored.append(recording("meanwhile", NOW + timedelta(minutes=5)))
    async with watched(*stored, memory=memory) as watch:
        assert watch.heard == ["meanwhile"]


async def test_what_is_still_written_is_told_when_it_ends() -> None:
    async with watched() as watch:
        watch.device.lay("a", NOW + timedelta(seconds=30), None)
        await watch.minutes(1)
        assert watch.heard == []
        assert watch.home.value(LAST) == NOW + timedelta(seconds=30)
        assert "length" not in watch.home.runner.state.readings[LAST].details
        for size in range(5):
            watch.device.stored = [recording("a", NOW + timedelta(seconds=30), None, size=size)]
            await watch.minutes(1)
        assert watch.heard == []
        watch.device.stored = [recording("a.dav", NOW + timedelta(seconds=30), 400)]
        await watch.minutes(1)
        assert watch.heard == ["a.dav"]
        assert watch.home.runner.state.readings[LAST].details["length"] == 400.0
        assert watch.home.value(TODAY) == 1


async def test_one_that_never_has_an_end_is_told_when_it_grows_no_more() -> None:
    async with watched(recording("old", NOW - timedelta(hours=1), None)) as watch:
        watch.device.lay("a", NOW + timedelta(seconds=30), None)
        await watch.minutes(3)
        assert watch.heard == ["a"]
        await watch.minutes(60)
        assert watch.heard == ["a"]


async def test_one_that_goes_on_after_it_was_told_is_not_told_again() -> None:
    async with watched() as watch:
        watch.device.lay("a", NOW, 60)
        await watch.minutes(2)
        more: dict[str, object] = {"refs": ("clip/a", "clip/b")}
        watch.device.stored = [recording("a..b", NOW, 120, **more)]
        await watch.minutes(2)
        assert watch.heard == ["a"]


async def test_a_stray_file_of_the_future_hides_nothing() -> None:
    async with watched(recording("stray", NOW + timedelta(days=900))) as watch:
        watch.device.lay("a", NOW)
        await watch.minutes(1)
        assert watch.heard == ["a"]
        assert watch.home.value(LAST) == NOW


async def test_what_was_deleted_does_not_count_any_more() -> None:
    parts = [
        replace(part, can=part.can | {DeleteRecordings}) if part.id == CAMERA else part
        for part in PARTS
    ]
    device = Recorder(topology=replace(listing(), parts={part.id: part for part in parts}))
    stored = [recording(str(number), NOW - timedelta(minutes=9 - number)) for number in range(3)]
    async with watched(*stored, device=device) as watch:
        assert watch.home.value(TODAY) == 3
        await watch.minutes(1)
        device.stored.pop()
        await watch.home.runner.do(CAMERA, DeleteRecordings(names=("2",)))
        await watch.home.clock.advance(2)
        assert watch.home.value(TODAY) == 2
        assert watch.home.value(LAST) == stored[1].start
        device.stored.clear()
        await watch.minutes(61)
        assert watch.home.value(TODAY) == 0
        assert watch.home.value(LAST) is None


# --- polls, hints and failures ------------------------------------------------------------------


async def test_a_hint_tells_of_a_recording_at_once() -> None:
    async with watched() as watch:
        watch.home.runner.want(("camera.1:motion",))
        await watch.home.heard()
        watch.device.lay("a", NOW)
        watch.device.say(Hint((POLL,)))
        await watch.home.clock.advance(1)
        assert watch.heard == ["a"]


async def test_a_feed_that_hints_leaves_one_listing_in_ten_minutes() -> None:
    device = Recorder(topology=listing(Feature(CAMERA, "new_recording", push="events")))
    async with watched(device=device) as watch:
        await watch.home.heard()
        before = device.count("find")
        for _ in range(60):
            await watch.home.clock.advance(10)
            device.say()
        assert device.count("find") <= before + 2
        device.lay("a", NOW)
        device.say(Hint((POLL,)))
        await watch.home.clock.advance(1)
        assert watch.heard == ["a"]


async def test_a_listing_that_fails_harms_itself_alone() -> None:
    async with watched(recording("a", NOW)) as watch:
        watch.device.faults["find"] = NoAnswer("find")
        await watch.minutes(2)
        assert not watch.home.runner.state.available(LAST)
        assert watch.home.runner.state.online
        watch.device.faults.clear()
        watch.device.lay("b", NOW + timedelta(seconds=30))
        await watch.minutes(5)
        assert watch.home.runner.state.available(LAST)
        assert watch.heard == ["b"]


async def test_an_outage_keeps_what_is_new_until_the_box_is_back() -> None:
    async with watched() as watch:
        watch.device.faults["find"] = CannotConnect("refused")
        watch.device.offline(CannotConnect("refused"))
        await watch.minutes(5)
        assert not watch.home.runner.state.online
        watch.device.lay("a", NOW + timedelta(minutes=3))
        watch.device.online()
        await watch.minutes(4)
        assert watch.home.runner.state.online
        assert watch.heard == ["a"]


async def test_a_part_that_goes_takes_its_listing_with_it() -> None:
    device = Recorder(relist={"channels"})
    async with watched(device=device) as watch:
        device.topology = listing(without=frozenset({CAMERA, "camera.1/window.7"}))
        await watch.minutes(2)
        topology = watch.home.runner.state.topology
        assert CAMERA not in topology.parts
        assert POLL not in topology.polls
        assert NEW not in topology.features
        assert f"poll:{POLL}" not in watch.home.runner.state.health


# --- the next one -------------------------------------------------------------------------------


async def test_the_next_recording_is_waited_for() -> None:
    device = Recorder()
    device.lay("before", NOW - timedelta(minutes=1))
    async with house(device) as home:
        waiting = asyncio.create_task(home.runner.next_recording(CAMERA, 80))
        await home.clock.advance(1)
        device.lay("next", NOW)
        await home.clock.advance(60)
        found = await waiting
        assert found is not None
        assert found.name == "next"
        asked = device.count("find")
        await home.clock.advance(600)
        assert device.count("find") == asked


async def test_nobody_waits_longer_than_asked() -> None:
    async with house(Recorder()) as home:
        waiting = asyncio.create_task(home.runner.next_recording(CAMERA, 80))
        await home.clock.advance(79)
        assert not waiting.done()
        await home.clock.advance(2)
        assert await waiting is None


async def test_what_came_while_nobody_looked_is_not_the_next_one() -> None:
    memory = ShortMemory()
    async with watched(memory=memory) as watch:
        watch.device.lay("a", NOW)
        await watch.minutes(1)
    device = Recorder(stored=[recording("b", NOW + timedelta(minutes=2))])
    async with house(device, memory=memory) as home:
        await home.clock.advance(300)
        waiting = asyncio.create_task(home.runner.next_recording(CAMERA, 10))
        await home.clock.advance(11)
        assert await waiting is None


async def test_a_wait_ends_with_the_runner_and_with_who_waits() -> None:
    async with house(Recorder()) as home:
        one, other = (asyncio.create_task(home.runner.next_recording(CAMERA, 80)) for _ in "ab")
        await home.clock.advance(1)
        one.cancel()
        await settle()
        assert one.cancelled()
        await home.runner.stop()
        with pytest.raises(CannotConnect):
            await other


@pytest.mark.parametrize(("part", "error"), [("nowhere.1", BadInput), ("camera.2", Unsupported)])
async def test_what_does_not_record_is_refused(part: PartId, error: type[Exception]) -> None:
    async with house(Recorder()) as home:
        with pytest.raises(error):
            await home.runner.next_recording(part, 10)
        with pytest.raises(error):
            await home.runner.days(part)
        assert home.device.count("find") == 0


# --- days ---------------------------------------------------------------------------------------


async def test_days_are_counted_where_the_device_cannot_tell_them() -> None:
    device = Recorder()
    for number in range(6):
        device.lay(str(number), NOW - timedelta(hours=12 * number))
    async with house(device) as home:
        assert await home.runner.days(CAMERA) == [
            Day(date(2026, 3, 1), 1),
            Day(date(2026, 2, 28), 2),
            Day(date(2026, 2, 27), 2),
            Day(date(2026, 2, 26), 1),
        ]
        assert [day.count for day in await home.runner.days(CAMERA, limit=2)] == [1, 2]
        assert len(await home.runner.days(CAMERA, NOW - timedelta(hours=13), NOW)) == 1
    assert not device.open_finders


async def test_days_of_very_many_recordings_are_counted_as_far_as_is_sensible() -> None:
    async with house(Sample()) as home:
        found = await home.runner.days(CAMERA)
        assert sum(day.count for day in found) == 10_000
        assert [day.whole for day in found] == [True] * (len(found) - 1) + [False]


async def test_a_device_that_knows_its_days_is_asked_for_them() -> None:
    parts = [
        replace(part, tables=part.tables | {"days"}) if part.id == CAMERA else part
        for part in PARTS
    ]
    device = Recorder(topology=replace(listing(), parts={part.id: part for part in parts}))
    device.days = [Day(date(2026, 3, 1), 100, whole=False), Day(date(2026, 2, 3), 1)]
    async with house(device) as home:
        assert await home.runner.days(CAMERA) == device.days
        assert await home.runner.days(CAMERA, limit=1) == device.days[:1]
        assert device.queries == [Days(limit=4000), Days(limit=1)]
    assert not device.open_finders
