"""Events: what happens in a moment."""

from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.model import Event, Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import attributes_of, enable, pass_time, say, state_of

DOORBELL = "event.door_doorbell"
DETECTION = "event.door_detection"


async def test_somebody_rings(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    assert state_of(hass, DOORBELL) == "unknown"
    await say(hass, fake, clock, Event("camera.1:doorbell", "ring", details={"button": 2}))
    assert state_of(hass, DOORBELL) != "unknown"
    shown = attributes_of(hass, DOORBELL)
    assert (shown["event_type"], shown["button"]) == ("ring", 2)
    first = state_of(hass, DOORBELL)
    await say(hass, fake, clock, Event("camera.1:doorbell", "ring"))
    assert state_of(hass, DOORBELL) == first
    await pass_time(hass, clock, 10)
    await say(hass, fake, clock, Event("camera.1:doorbell", "ring"))
    assert state_of(hass, DOORBELL) != first


async def test_whatever_is_detected_is_one_event_of_the_camera(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value("camera.1/window.7:line_crossed", True))
    assert attributes_of(hass, DETECTION)["event_type"] == "line_crossed"
    await say(hass, fake, clock, Event("camera.1:detection", "person"))
    assert attributes_of(hass, DETECTION)["event_type"] == "person"


async def test_only_what_a_camera_can_detect_is_offered(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    assert attributes_of(hass, "event.microphone_1_detection")["event_types"] == ["other", "sound"]
    assert "person" in attributes_of(hass, DETECTION)["event_types"]


async def test_what_nobody_knows_is_other_with_the_device_s_word(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Event("camera.1:detection", "Levitation" * 100))
    shown = attributes_of(hass, DETECTION)
    assert shown["event_type"] == "other"
    assert shown["code"] == ("Levitation" * 100)[:255]


async def test_the_device_s_remarks_are_kept_few_and_short(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    details: dict[str, Any] = {f"detail_{number}": "x" * 1000 for number in range(40)}
    details |= {"event_type": "forged", "event_types": "forged", "nested": {"deep": {}}}
    await say(hass, fake, clock, Event("camera.1:doorbell", "ring", details=details))
    shown = attributes_of(hass, DOORBELL)
    assert shown["event_type"] == "ring"
    assert shown["event_types"] == ["ring", "other"]
    told = {key: value for key, value in shown.items() if key.startswith("detail_")}
    assert len(told) == 16
    assert all(value == "x" * 255 for value in told.values())
    assert "nested" not in shown


async def test_events_are_heard_only_while_enabled(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await enable(hass, clock, running.entry_id, "event.cellar_security")
    fake.device.say()
    await pass_time(hass, clock)
    await say(hass, fake, clock, Event(":security", "login_failed", details={"user": "root"}))
    assert attributes_of(hass, "event.cellar_security")["user"] == "root"
