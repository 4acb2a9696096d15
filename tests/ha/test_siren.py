"""Sirens sound, for as long as they are told."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Set
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import act, pass_time, state_of

SIREN = "siren.door_siren"


async def test_it_sounds_and_falls_silent(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    await act(hass, "siren.turn_on", SIREN)
    assert state_of(hass, SIREN) == "on"
    await act(hass, "siren.turn_off", SIREN)
    assert state_of(hass, SIREN) == "off"
    assert [command for _, command in fake.device.done] == [
        Set("siren", True),
        Set("siren", False),
    ]


async def test_it_sounds_for_so_many_seconds(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await act(hass, "siren.turn_on", SIREN, duration=5)
    assert fake.device.done == [("camera.1", Set("siren", True, seconds=5))]
    assert state_of(hass, SIREN) == "on"
    fake.device.truth["camera.1:siren"] = False
    await pass_time(hass, clock, 6)
    assert state_of(hass, SIREN) == "off"
