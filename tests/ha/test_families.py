"""One device of each family, added by its dialogs, living in Home Assistant."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import CoroutineType
from typing import Any, Final

from homeassistant.components.camera import async_get_image
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from syrupy.assertion import SnapshotAssertion

from custom_components.cctv.devices.registry import FAMILIES as REGISTERED
from tests.devices.clock import FakeClock
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.dvro import DvroSimulator
from tests.simulators.ispy import CAMERA, MICROPHONE, IspySimulator
from tests.simulators.open_api import OpenApiSimulator
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.yi_box import tiny_loop, tiny_picture

from .house import House, add, eventually
from .steps import act, state_of

USER: Final = "viewer"
PASSWORD: Final = "p@ss:w/rd#"
MORNING: Final = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
FAR: Final = 600
"""Seconds in which everything is read that is read at all."""


@dataclass(frozen=True, slots=True)
class Model:
    """One simulated device: how it is made, and what the user answers."""

    make: Callable[[], Any]
    login: bool = True
    answers: Callable[[Any], Mapping[str, Any]] = field(default=lambda box: {})


def still(scene: str, number: int) -> bytes:
    """Return something that begins and ends like a JPEG and is never twice the same."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


def loop(scene: str) -> Path:
    """Return one second of film."""
    return tiny_loop(scene, (0, 0))


MODELS: Final[Mapping[str, Model]] = {
    "amcrest": Model(lambda: AmcrestSimulator("ipc", USER, PASSWORD, pictures=still)),
    "dvro": Model(
        lambda: DvroSimulator("seed"),
        login=False,
        answers=lambda box: {"status_port": box.status_port},
    ),
    "ispy": Model(lambda: IspySimulator("g3", pictures=tiny_picture), login=False),
    "open_api": Model(
        lambda: OpenApiSimulator(
            "vapix",
            USER,
            PASSWORD,
            pictures=tiny_picture,
            loops=lambda scene: tiny_loop(scene, (0, 0)),
        )
    ),
    "yi_hack": Model(
        lambda: YiHackSimulator(
            "mstar", USER, PASSWORD, at=MORNING, pictures=tiny_picture, loops=tiny_loop
        )
    ),
}

type Move = Callable[[str], Awaitable[House[Any]]]


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Allow the harness's own broker to leave a timer of its own behind."""
    return True


@pytest.fixture
async def move_in(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[Move]:
    """Return what starts a device and adds it by its dialogs; at the end all is closed."""
    houses: list[House[Any]] = []

    async def move(family: str) -> House[Any]:
        model = MODELS[family]
        box = model.make()
        await box.start()
        login = {"username": USER, "password": PASSWORD} if model.login else {}
        entry = await add(hass, box.url, {**login, **model.answers(box)})
        houses.append(House(hass, box, entry))
        return houses[-1]

    yield move
    for house in houses:
        if house.entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(house.entry.entry_id)
        await house.box.stop()


def test_no_family_is_left_out() -> None:
    assert set(MODELS) == set(REGISTERED)


@pytest.mark.parametrize("family", MODELS)
async def test_what_a_device_becomes(
    clock: FakeClock, move_in: Move, family: str, snapshot: SnapshotAssertion
) -> None:
    house = await move_in(family)
    await house.known(clock)
    assert house.devices() == snapshot(name="devices")
    assert house.listing() == snapshot(name="entities")
    assert house.count() == snapshot(name="count")


@pytest.mark.parametrize("family", MODELS)
async def test_nothing_that_is_enabled_is_unavailable(
    hass: HomeAssistant, clock: FakeClock, move_in: Move, family: str
) -> None:
    house = await move_in(family)
    await house.known(clock)
    # What the new entities want is gathered first.
    await clock.advance(1)
    enabled = [entity.entity_id for entity in house.entities() if not entity.disabled]
    assert enabled

    def missing() -> list[str]:
        return [each for each in enabled if state_of(hass, each) == "unavailable"]

    await eventually(lambda: not missing())


@pytest.mark.parametrize("family", MODELS)
async def test_unloading_leaves_nothing(
    hass: HomeAssistant, clock: FakeClock, move_in: Move, family: str
) -> None:
    before = asyncio.all_tasks()
    house = await move_in(family)
    await house.known(clock)
    await hass.config_entries.async_unload(house.entry.entry_id)
    await hass.async_block_till_done()
    assert house.entry.state is ConfigEntryState.NOT_LOADED
    # Home Assistant keeps idle connections of all integrations for a while.
    await house.box.cut()

    def left() -> set[str]:
        return {task.get_name() for task in asyncio.all_tasks() - before if not _simulated(task)}

    await eventually(lambda: not left())
    wire = len(house.box.wire)
    await hass.async_block_till_done()
    assert len(house.box.wire) == wire


def _simulated(task: asyncio.Task[Any]) -> bool:
    """Tell whether a task is the simulator's own."""
    work = task.get_coro()
    return isinstance(work, CoroutineType) and "simulators" in work.cr_code.co_filename


# --- what happens at a device reaches its entities


async def test_motion_at_a_camera_with_an_event_stream(move_in: Move) -> None:
    house = await move_in("amcrest")
    motion = house.id_of("binary_sensor", ":motion")
    await house.heard()
    house.box.emit("VideoMotion", "Start")
    await house.until(motion, "on")
    house.box.emit("VideoMotion", "Stop")
    await house.until(motion, "off")


async def test_a_recorder_that_has_to_be_asked(
    hass: HomeAssistant, clock: FakeClock, move_in: Move
) -> None:
    house = await move_in("dvro")
    recording = house.id_of("binary_sensor", ":recording")
    await house.until(recording, "off")
    house.box.recorder.recording_dir = "D:\\Dives"
    house.box.recorder.start()
    await clock.advance(FAR)
    await house.until(recording, "on")
    house.box.recorder.stop()
    await clock.advance(FAR)
    await house.until(recording, "off")


async def test_a_recorder_records_where_it_was_told(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in("dvro")
    record, folder = house.id_of("switch", ":record"), house.id_of("text", ":recording_directory")
    await house.until(record, "off")
    await act(hass, "text.set_value", folder, value="D:\\Dives")
    await act(hass, "switch.turn_on", record)
    assert house.box.recorder.recording
    assert house.box.recorder.recording_dir == "D:\\Dives"
    assert state_of(hass, record) == "on"
    await act(hass, "switch.turn_off", record)
    assert not house.box.recorder.recording


async def test_levels_of_cameras_and_microphones_behind_a_server(
    hass: HomeAssistant, clock: FakeClock, move_in: Move
) -> None:
    house = await move_in("ispy")
    for ot, part, key in ((CAMERA, "camera.1", "motion"), (MICROPHONE, "microphone.2", "sound")):
        sensor = house.id_of("binary_sensor", f"{part}:{key}")
        await clock.advance(5)
        await house.until(sensor, "off")
        house.box.set_level(ot, int(part[-1]), 0.7)
        await clock.advance(5)
        await house.until(sensor, "on")


async def test_a_server_tells_by_itself_of_an_alert(move_in: Move) -> None:
    house = await move_in("ispy")
    alert = house.id_of("event", "camera.1:alert")
    await house.box.wait_attached()
    await house.until(alert, "unknown")
    assert house.box.trigger_alert(1)
    await house.until(alert, lambda state: state not in ("unknown", "unavailable"))


async def test_cameras_of_a_server_come_and_go(
    hass: HomeAssistant, clock: FakeClock, move_in: Move
) -> None:
    house = await move_in("ispy")
    added = house.box.add_object(name="Yard")
    part = f"camera.{added.id}"
    await clock.advance(10)
    await eventually(lambda: house.find("switch", f"{part}:enabled"))
    house.box.remove_object(CAMERA, added.id)
    for _ in range(3):
        await clock.advance(10)
        await hass.async_block_till_done()
    await eventually(lambda: house.find("switch", f"{part}:enabled") is None)


async def test_motion_in_a_window_and_a_contact(move_in: Move) -> None:
    house = await move_in("open_api")
    window = house.id_of("binary_sensor", "window.3:motion")
    whole = house.id_of("binary_sensor", ":motion")
    contact = house.id_of("binary_sensor", "input.2:input")
    await house.until(window, "off")
    house.box.set_level(3, 90)
    await house.until(window, "on")
    await house.until(whole, "on")
    house.box.set_level(3, 0)
    await house.until(window, "off")
    await house.until(contact, "off")
    house.box.set_input(2, True)
    await house.until(contact, "on")


async def test_a_window_that_is_drawn_at_the_camera(move_in: Move) -> None:
    house = await move_in("open_api")
    await house.until(house.id_of("binary_sensor", "window.0:motion"), "off")
    number = house.box.add_window("Stairs")
    await eventually(lambda: house.find("binary_sensor", f"window.{number}:motion"))


async def test_a_relay_is_switched(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in("open_api")
    relay = house.id_of("switch", "output.2:output")
    await house.until(relay, "off")
    await act(hass, "switch.turn_on", relay)
    assert house.box.outputs == [False, True]
    assert state_of(hass, relay) == "on"


async def test_a_picture_of_a_camera_is_its_own(hass: HomeAssistant, move_in: Move) -> None:
    house = await move_in("yi_hack")
    before = house.box.camera.snapshots
    image = await async_get_image(hass, house.id_of("camera", ":main"))
    assert image.content.startswith(b"\xff\xd8")
    assert house.box.camera.snapshots == before + 1


# --- over Home Assistant's own MQTT


async def subscribed(client: Any, topic: str) -> None:
    """Wait until Home Assistant has asked its broker for a topic."""
    await eventually(lambda: topic in str(client.subscribe.call_args_list))


async def test_a_camera_that_speaks_to_a_broker(
    hass: HomeAssistant, mqtt_mock: Any, mqtt_client_mock: Any, move_in: Move
) -> None:
    house = await move_in("yi_hack")
    box: YiHackSimulator = house.box
    motion = house.id_of("binary_sensor", ":motion")
    assert house.find("binary_sensor", ":crying") is None
    await subscribed(mqtt_client_mock, "yi/living/#")

    box.camera.mqtt.publish = lambda topic, payload, retain: async_fire_mqtt_message(
        hass, topic, payload, retain=retain
    )
    box.start_motion()
    await house.until(motion, "on")
    box.stop_motion()
    await house.until(motion, "off")

    # What only the broker tells is there since the camera was first heard.
    await eventually(lambda: house.find("binary_sensor", ":crying"))
    crying = house.id_of("binary_sensor", ":crying")
    await hass.async_block_till_done()
    assert box.crying()
    await house.until(crying, "on")


async def test_a_camera_without_a_broker_is_watched_writing_its_clips(
    hass: HomeAssistant, clock: FakeClock, move_in: Move
) -> None:
    house = await move_in("yi_hack")
    motion = house.id_of("binary_sensor", ":motion")
    await clock.advance(5)
    await house.until(motion, "off")
    house.box.start_motion()
    await clock.advance(5)
    await house.until(motion, "on")


async def test_a_broker_that_comes_back_is_listened_to_again(
    hass: HomeAssistant, mqtt_mock: Any, mqtt_client_mock: Any, move_in: Move
) -> None:
    house = await move_in("yi_hack")
    motion = house.id_of("binary_sensor", ":motion")
    await subscribed(mqtt_client_mock, "yi/living/#")
    async_fire_mqtt_message(hass, "yi/living/status", b"online")
    await house.heard()
    mqtt_client_mock.subscribe.reset_mock()
    async_dispatcher_send(hass, "mqtt_connection_state", False)
    await subscribed(mqtt_client_mock, "yi/living/#")
    async_fire_mqtt_message(hass, "yi/living/motion_detection", b"motion_start")
    await house.until(motion, "on")
