"""Buttons press."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Press

from .fakes import FakeFamily
from .steps import act, attributes_of, state_of


async def test_it_is_pressed(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    assert "assumed_state" not in attributes_of(hass, "button.cellar_synchronize_clock")
    await act(hass, "button.press", "button.cellar_synchronize_clock")
    assert fake.device.done == [("", Press("sync_clock"))]
    assert state_of(hass, "button.cellar_synchronize_clock") != "unknown"
