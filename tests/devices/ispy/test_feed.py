"""The WebSocket: names, the text test, and what follows from a message (§10)."""

import asyncio
from contextlib import aclosing

import pytest

from custom_components.cctv.devices.errors import InvalidAuth, Unsupported
from custom_components.cctv.devices.ispy import features, feed
from custom_components.cctv.devices.ispy.device import Ispy
from custom_components.cctv.devices.model import Batch, Event, Hint, Value
from tests.devices.clock import FakeClock
from tests.devices.ispy.conftest import Build, House
from tests.devices.waiting import becomes, until
from tests.simulators.ispy import CAMERA, MICROPHONE


async def heard(device: Ispy, home: House, *, at_least: int) -> list[Batch]:
    """Listen until so many batches with something in them have come."""
    found: list[Batch] = []
    async with asyncio.timeout(20), aclosing(device.listen("push")) as batches:
        async for batch in batches:
            if batch:
                found.append(batch)
            if len(found) >= at_least:
                break
    return found


async def first(device: Ispy) -> Batch:
    """The first batch."""
    async with aclosing(device.listen("push")) as batches:
        return await anext(batches)


async def test_an_alert_is_an_event_motion_and_a_hint(house: Build) -> None:
    """Case 18: names without a value mean: look there."""
    home = await house()
    device, _ = await home.opened()
    home.box.faults.push_seconds = 0.05
    listening = asyncio.create_task(heard(device, home, at_least=1))
    await home.box.wait_attached()
    home.box.trigger_alert(2)
    ((event, motion, hint),) = await listening
    assert isinstance(event, Event)
    assert (event.feature, event.type) == ("camera.2:alert", "alert")
    assert motion == Value("camera.2:motion", value=True)
    assert isinstance(hint, Hint)
    assert "level:camera.2" in hint.polls
    await home.box.wait_detached()


async def test_a_stored_file_is_an_event(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.push_seconds = 0.05
    listening = asyncio.create_task(heard(device, home, at_least=2))
    await home.box.wait_attached()
    home.box.add_recording(CAMERA, 1)
    home.box.add_recording(MICROPHONE, 2)
    batches = await listening
    events = [each for batch in batches for each in batch if isinstance(each, Event)]
    assert [(each.feature, each.type) for each in events] == [
        ("camera.1:new_file", "video"),
        ("microphone.2:new_file", "other"),
    ]


async def test_the_text_test_is_the_sign_of_life(house: Build) -> None:
    """Case 14: it answers no ping and says no goodbye."""
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    async with asyncio.timeout(20), aclosing(device.listen("push")) as batches:
        assert await anext(batches) == ()
        again = asyncio.ensure_future(anext(batches))
        while not again.done():
            await clock.advance(features.KEEP_ALIVE / 4)
        assert again.result() == ()
    await home.box.wait_detached()


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("alert|Front door", "camera.1:alert"),
        ("alert|Nursery", None),
        ("alert|Nobody", None),
        ("new events|Nursery", "microphone.2:new_file"),
        ("communication success", None),
        ("", None),
        ("alert", None),
        ("else|Front door", None),
    ],
)
async def test_names_are_looked_up(house: Build, text: str, feature: str | None) -> None:
    device, _ = await (await house()).opened()
    batch = feed.Push(device.box).hear(text)
    events = [each.feature for each in batch if isinstance(each, Event)]
    assert events == ([] if feature is None else [feature])


async def test_names_that_several_bear_are_only_hints(house: Build) -> None:
    home = await house()
    home.box.rename_object(CAMERA, 2, "Front door")
    device, _ = await home.opened()
    push = feed.Push(device.box)
    (hint,) = push.hear("alert|Front door")
    assert isinstance(hint, Hint)
    assert set(hint.polls) == {"objects", "level:camera.2", "level:camera.1"}
    assert push.unknown == 1


@pytest.mark.parametrize("name", ['Tor, "Nord" | result', "&comma;", "", "\U0001f4f7 K\u00e4se^1"])
async def test_hostile_names_are_found(house: Build, name: str) -> None:
    home = await house("hostile")
    device, _ = await home.opened()
    batch = feed.Push(device.box).hear(f"alert|{name}")
    assert len([each for each in batch if isinstance(each, Event)]) == 1


async def test_there_is_no_push_in_the_first_generation(house: Build) -> None:
    device, _ = await (await house("g1")).opened()
    with pytest.raises(Unsupported):
        await first(device)


async def test_who_is_not_let_in_hears_nothing(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.access.peer = "203.0.113.9"
    with pytest.raises(InvalidAuth):
        await first(device)


async def test_alerts_reach_whoever_wants_them(house: Build) -> None:
    home = await house()
    home.box.faults.push_seconds = 0.05
    runner = await home.run("camera.1:alert", "camera.1:motion", ":event_source")
    events: list[Event] = []
    runner.events(events.append)
    await becomes(runner, ":event_source", wanted=True)
    home.box.trigger_alert(1)
    await until(
        lambda: {"alert", "motion"} <= {event.type for event in events},
        lambda poke: runner.events(lambda _: poke()),
    )
    await becomes(runner, "camera.1:motion", wanted=False)
    assert {"alert", "motion"} <= {event.type for event in events}
    assert runner.state.value("camera.1:motion") is False


async def test_a_renamed_camera_is_found_again(house: Build) -> None:
    """Case 18: a name that nobody bears has the list read."""
    clock = FakeClock()
    home = await house()
    home.box.faults.push_seconds = 0.05
    runner = await home.run("camera.1:alert", ":event_source", clock=clock)
    await home.box.wait_attached()
    await becomes(runner, ":event_source", wanted=True)
    home.box.rename_object(CAMERA, 1, "Porch")
    home.box.trigger_alert(1)
    async with asyncio.timeout(20):
        while runner.state.topology.parts["camera.1"].name != "Porch":
            await clock.advance(0.5)
    assert runner.state.topology.parts["camera.1"].name == "Porch"
