"""The runner's life: start, end, topology, and what is searched and fetched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC

import aiohttp
import pytest

from custom_components.cctv.devices.commands import Press, PtzMove
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import Address, Crew, Env
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Locked,
    Malformed,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    BOX,
    Feature,
    Hint,
    Part,
    PartKind,
    Recordings,
    Table,
    Value,
)

from .clock import FakeClock, settle
from .home import MOTION, SWITCH
from .sample import FEATURES, JPEG, POLLS, House, Sample, house, listing

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


async def test_who_stops_it_a_second_time_waits_until_it_is_stopped(home: House) -> None:
    await home.runner.do("camera.1", PtzMove(pan=1))
    gate = home.device.gates["do"] = asyncio.Event()
    stopping = [asyncio.create_task(home.runner.stop()) for _ in range(2)]
    await settle()
    assert not any(task.done() for task in stopping)
    gate.set()
    await asyncio.gather(*stopping)
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


async def test_a_part_that_was_left_out_once_goes_when_it_is_not_listed_again(home: House) -> None:
    """Case 2: some families tell their topology only when it has changed."""
    await home.clock.advance(1)
    home.device.relist.add("channels")
    home.device.topology = listing(without=frozenset({"camera.2"}))
    await home.clock.advance(29)
    home.device.relist.clear()
    assert "camera.2" in home.runner.state.topology.parts
    await home.clock.advance(5)
    assert "camera.2" not in home.runner.state.topology.parts
    assert home.runner.state.available(SWITCH)


async def test_a_camera_that_a_recorder_lost_is_unavailable(home: House) -> None:
    """Case 3."""
    home.runner.want((SWITCH, "camera.2:motion_detection"))
    home.device.truth["camera.2:online"] = False
    await home.clock.advance(30)
    assert not home.runner.state.available("camera.2:motion_detection")
    assert home.runner.state.available(SWITCH)


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
    for part, query, error in (
        ("camera.2", Recordings(), Unsupported),
        (BOX, Table(kind="cards"), Unsupported),
        ("camera.9", Recordings(), BadInput),
    ):
        async with aclosing(home.runner.find(part, query)) as found:
            with pytest.raises(error):
                await anext(found)


async def test_bytes_come_through(home: House) -> None:
    content = await home.runner.fetch("still/1")
    assert await content.read() == JPEG
