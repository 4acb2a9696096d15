"""Texts can be read and set."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.model import Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import act, say, state_of

TEXT = "text.door_recording_directory"


async def test_it_is_set(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await act(hass, "text.set_value", TEXT, value="dive 7")
    assert state_of(hass, TEXT) == "dive 7"
    assert fake.device.done == [("camera.1", Set("recording_directory", "dive 7"))]


async def test_it_may_be_unknown(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    assert state_of(hass, TEXT) == "word"
    await say(hass, fake, clock, Value("camera.1:recording_directory", None))
    assert state_of(hass, TEXT) == "unknown"


async def test_one_that_is_too_long_to_be_shown_is_unknown_and_can_be_replaced(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value("camera.1:recording_directory", "x" * 256))
    assert state_of(hass, TEXT) == "unknown"
    await act(hass, "text.set_value", TEXT, value="y" * 255)
    assert state_of(hass, TEXT) == "y" * 255
