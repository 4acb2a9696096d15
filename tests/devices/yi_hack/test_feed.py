"""The camera heard on the bus (§9): found, lost, and what the poll does meanwhile (§11)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC

import pytest

from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import Env, ShortMemory
from custom_components.cctv.devices.errors import CannotConnect, Unsupported
from custom_components.cctv.devices.model import (
    Batch,
    Event,
    FeatureId,
    Hint,
    Picture,
    Topology,
    Update,
    Value,
)
from custom_components.cctv.devices.yi_hack.device import YiHack
from tests.devices.clock import FakeClock
from tests.devices.waiting import becomes, happens, is_available

from .conftest import Build, House, StillClock, told, topology_of

HEARD = {"person", "vehicle", "animal", "sound", "crying"}


@asynccontextmanager
async def listening(device: YiHack) -> AsyncIterator[Callable[[Update], asyncio.Future[Batch]]]:
    """Hear a device; the block gets a function that waits for an update."""
    heard: list[Batch] = []
    more = asyncio.Event()

    async def listen() -> None:
        async with aclosing(device.listen("mqtt")) as batches:
            async for batch in batches:
                heard.append(batch)
                more.set()

    async def wanted(update: Update) -> Batch:
        async with asyncio.timeout(20):
            while True:
                for batch in heard:
                    if update in batch:
                        return batch
                more.clear()
                await more.wait()

    task = asyncio.create_task(listen())
    try:
        yield lambda update: asyncio.ensure_future(wanted(update))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def run(home: House, *wants: FeatureId, **lent: object) -> AsyncIterator[Runner]:
    """A runner on a camera."""
    device = home.device(**lent)  # type: ignore[arg-type]
    assert home.env is not None
    runner = Runner(device, home.env, jitter=lambda: 0.0)
    await runner.start()
    release = runner.want(wants)
    try:
        yield runner
    finally:
        release()
        await runner.stop()


def env_of(home: House) -> Env:
    """What the last device was lent."""
    assert home.env is not None
    return home.env


# --- found ----------------------------------------------------------------------------------


async def test_what_only_the_bus_tells_comes_when_it_was_heard(house: Build) -> None:
    home = await house("allwinner")
    memory = ShortMemory()
    device, batch = await home.opened(clock=StillClock(), memory=memory)
    topology = topology_of(batch)
    assert not HEARD & {each.key for each in topology.features.values()}
    assert topology.features[":motion"].push == "mqtt"
    async with aclosing(device.listen("mqtt")) as batches:
        grown = topology_of(await anext(batches))
        assert ":person" in grown.features
        assert grown.features[":person"].hold == 300
        assert grown.features[":sound"].hold == 60
        assert grown.features[":status_light"].push == "mqtt"
        assert not any(isinstance(update, Topology) for update in await anext(batches))
    _, batch = await home.opened(memory=memory)
    assert ":person" in topology_of(batch).features


async def test_each_happening_is_told(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened(clock=StillClock())
    async with listening(device) as wait:
        await home.bus.wait_attached()
        assert home.box.start_motion()
        await wait(Value(":motion", value=True))
        home.box.stop_motion()
        await wait(Value(":motion", value=False))
        assert home.box.sound()
        await wait(Value(":sound", value=True))
        assert home.box.crying()
        await wait(Value(":crying", value=True))
        await wait(Hint(("recordings", "recordings:")))
        home.box.set_settings(led="yes")
        await wait(Value(":status_light", value=True))


async def test_what_moves_is_told_with_the_motion(house: Build) -> None:
    home = await house("allwinner_v2", homever="12.0.1")
    home.box.set_settings(
        motion_detection="no", ai_human_detection="yes", ai_animal_detection="yes"
    )
    await home.box.until(lambda: home.box.config["camera"]["AI_ANIMAL_DETECTION"] == "yes")
    device, _ = await home.opened(clock=StillClock())
    async with listening(device) as wait:
        await home.bus.wait_attached()
        for kind, key in (("human", ":person"), ("animal", ":animal")):
            assert home.box.start_motion(kind)
            batch = await wait(Value(key, value=True))
            assert told(batch) == {":motion": True, key: True}
            home.box.stop_motion()
            await wait(Value(key, value=False))


async def test_the_picture_of_an_event_is_its_last_picture(house: Build) -> None:
    """Case 40."""
    home = await house("mstar")
    clock = StillClock()
    device, _ = await home.opened(clock=clock)
    async with listening(device) as wait:
        await home.bus.wait_attached()
        assert home.box.start_motion()
        await wait(Value(":last_picture", Picture("image:1", clock.now())))
        content = await device.fetch("image:1")
        assert (await content.read()).endswith(b"\xff\xd9")
        # What lies on the card is older.
        assert told(await device.read("recordings"))[":last_picture"] == Picture(
            "image:1", clock.now()
        )


async def test_a_message_that_the_broker_kept_is_no_event(house: Build) -> None:
    home = await house("hostile")
    assert home.box.start_motion()
    device, _ = await home.opened(clock=StillClock())
    async with aclosing(device.listen("mqtt")) as batches:
        async for batch in batches:
            assert ":motion" not in told(batch)
            if ":enabled" in told(batch):
                break


# --- lost -----------------------------------------------------------------------------------


async def test_without_a_bus_the_poll_carries_on(house: Build) -> None:
    """Case 19: the broker may come later."""
    home = await house("mstar")
    home.bus.there = False
    async with run(home, ":motion", ":recording", options={"recorder_seconds": 2}) as runner:
        await becomes(runner, ":motion", wanted=False)
        assert runner.state.available(":motion")
        assert runner.state.value(":event_source") in (None, False)
        assert ":person" not in runner.state.topology.features
        home.box.start_motion()
        await becomes(runner, ":motion", wanted=True)
        home.bus.there = True
        await becomes(runner, ":event_source", wanted=True)
        assert ":sound" in runner.state.topology.features
    assert home.bus.attached == 0


async def test_a_camera_that_leaves_the_broker_is_heard_no_more(house: Build) -> None:
    home = await house("mstar")
    async with run(home, ":motion") as runner:
        await becomes(runner, ":event_source", wanted=True)
        home.box.camera.mqtt.disconnect()
        await becomes(runner, ":event_source", wanted=False)
        assert runner.state.available(":motion")
        await is_available(runner, ":sound", wanted=False)
        await is_available(runner, ":online", wanted=True)


async def test_a_lost_bus_ends_the_feed_and_is_found_again(house: Build) -> None:
    home = await house("mstar")
    events: list[Event] = []
    async with run(home, ":motion", ":sound") as runner:
        runner.events(events.append)
        await becomes(runner, ":event_source", wanted=True)
        home.bus.cut()
        await home.bus.wait_detached()
        await home.bus.wait_attached()
        assert home.box.sound()
        await becomes(runner, ":sound", wanted=True)
        await happens(runner, events, "sound")


async def test_the_file_does_not_contradict_what_is_heard(house: Build) -> None:
    """The file comes and goes later than the motion; only at first it is asked for its opinion."""
    home = await house("mstar", before=lambda box: setattr(box.faults, "stale_growth", True))
    device, _ = await home.opened(clock=StillClock())
    async with listening(device) as wait:
        await home.bus.wait_attached()
        await wait(Value(":sound_detection", value=True))
        assert told(await device.read("recorder")) == {":recording": False, ":motion": False}
        home.box.start_motion()
        await wait(Value(":motion", value=True))
        assert told(await device.read("recorder")) == {":recording": True}
    assert ":motion" in told(await device.read("recorder"))


async def test_a_camera_without_mqtt_has_no_feed(house: Build) -> None:
    for file, key, value in (("system", "MQTT", "no"), ("mqtt", "MQTT_IP", "0.0.0.0")):
        home = await house("mstar")
        home.box.config[file][key] = value
        device, batch = await home.opened()
        assert not topology_of(batch).feeds
        about = topology_of(batch).parts[""].about
        assert about is not None
        assert not about.claims
        with pytest.raises(Unsupported):
            async with aclosing(device.listen("mqtt")) as batches:
                await anext(batches)


async def test_topics_and_words_are_read_again_when_they_change(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened(clock=StillClock())
    home.box.config["mqtt"].update(MQTT_PREFIX="other", MOTION_START_MSG="moves")
    topology = topology_of(await device.read("survey"))
    about = topology.parts[""].about
    assert about is not None
    assert about.claims == {"mqtt:other", "mqtt-client:yi-living"}
    async with listening(device) as wait:
        await home.bus.wait_attached()
        home.bus.deliver("other/motion_detection", b"moves")
        await wait(Value(":motion", value=True))


async def _hear_out(device: YiHack) -> None:
    """Listen to the end."""
    async with aclosing(device.listen("mqtt")) as batches:
        async for _ in batches:
            continue


async def test_an_offline_camera_is_not_believed(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    home.box.camera.mqtt.disconnect()
    with pytest.raises(CannotConnect):
        await _hear_out(device)


# --- ends that never come ---------------------------------------------------------------------


async def test_what_has_no_end_ends_by_itself(house: Build) -> None:
    """Cases 7 and 8: a sound rests after a minute, motion without a stop after five."""
    home = await house("hostile", user="")
    clock = FakeClock()
    memory = ShortMemory()
    memory.put("bus", value=True)
    async with run(home, clock=clock, memory=memory, zone=UTC) as runner:
        await home.bus.wait_attached()
        await clock.advance(5)
        home.bus.deliver("yicam/sound_detection", b"sound_detected")
        home.bus.deliver("yicam/events/motion", b"bewegt sich")
        await becomes(runner, ":motion", wanted=True)
        assert runner.state.value(":sound") is True
        await clock.advance(59)
        assert runner.state.value(":sound") is True
        await clock.advance(2)
        assert runner.state.value(":sound") is False
        assert runner.state.value(":motion") is True
        await clock.advance(240)
        assert runner.state.value(":motion") is False
    assert env_of(home).memory is memory
