"""What can speak says what it is given."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Say
from custom_components.cctv.devices.errors import Busy
from custom_components.cctv.devices.model import Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily, everything
from .steps import act, say, state_of

VOICE = "notify.door_speech"


async def test_a_part_that_can_speak_has_a_voice(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    assert [one.entity_id for one in hass.states.async_all("notify")] == [VOICE]
    await act(hass, "notify.send_message", VOICE, message="Who is there?")
    await act(hass, "notify.send_message", VOICE, message="Go away", title="Warning")
    said = ["Who is there?", "Warning. Go away"]
    assert fake.device.done == [("camera.1", Say(text)) for text in said]


async def test_a_voice_that_is_busy_says_so(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.faults["do"] = Busy("it speaks already")
    with pytest.raises(HomeAssistantError) as told:
        await act(hass, "notify.send_message", VOICE, message="Hello")
    assert told.value.translation_key == "busy"


async def test_a_voice_is_there_as_long_as_its_camera_answers(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value("camera.1:online", False))
    assert state_of(hass, VOICE) == "unavailable"
    await say(hass, fake, clock, Value("camera.1:online", True))
    assert state_of(hass, VOICE) == "unknown"


async def test_a_part_that_loses_its_voice_is_silent(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    part = everything().parts["camera.1"]
    await say(hass, fake, clock, everything(replace(part, can=part.can - {Say})))
    assert state_of(hass, VOICE) == "unavailable"
    await say(hass, fake, clock, everything())
    assert state_of(hass, VOICE) == "unknown"
