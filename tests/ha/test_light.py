"""Lights: on and off, dimmed, with effects."""

from homeassistant.components.light.const import ColorMode
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.model import Light, Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import act, attributes_of, say, state_of

FLOOD = "light.door_floodlight"
WARNING = "light.door_warning_light"


async def test_a_lamp_that_can_be_dimmed(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    shown = attributes_of(hass, FLOOD)
    assert shown["supported_color_modes"] == [ColorMode.BRIGHTNESS]
    assert shown["effect_list"] == ["steady", "flashing"]
    await act(hass, "light.turn_on", FLOOD, brightness=128, effect="flashing")
    await act(hass, "light.turn_on", FLOOD, brightness=1)
    await act(hass, "light.turn_off", FLOOD)
    assert [command for _, command in fake.device.done] == [
        Set("floodlight", Light(on=True, level=50, effect="flashing")),
        Set("floodlight", Light(on=True, level=1)),
        Set("floodlight", Light(on=False)),
    ]
    assert state_of(hass, FLOOD) == "off"


async def test_what_was_not_told_stays_as_it_was(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    told = Light(on=True, level=100, effect="steady")
    await say(hass, fake, clock, Value("camera.1:floodlight", told))
    assert attributes_of(hass, FLOOD)["brightness"] == 255
    assert attributes_of(hass, FLOOD)["effect"] == "steady"
    await act(hass, "light.turn_on", FLOOD)
    assert attributes_of(hass, FLOOD)["brightness"] == 255
    assert fake.device.done == [("camera.1", Set("floodlight", Light(on=True)))]


async def test_a_plain_lamp(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    assert attributes_of(hass, WARNING)["supported_color_modes"] == [ColorMode.ONOFF]
    await say(hass, fake, clock, Value("camera.1:warning_light", None))
    assert state_of(hass, WARNING) == "unknown"
    await act(hass, "light.turn_on", WARNING)
    assert state_of(hass, WARNING) == "on"
    assert fake.device.done == [("camera.1", Set("warning_light", Light(on=True)))]
