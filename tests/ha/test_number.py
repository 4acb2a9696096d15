"""Numbers keep to the range that the device gives them."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Set

from .fakes import FakeFamily
from .steps import act, attributes_of, state_of

SENSITIVITY = "number.door_motion_sensitivity"


async def test_it_is_set_within_its_range(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    shown = attributes_of(hass, SENSITIVITY)
    assert (shown["min"], shown["max"], shown["step"]) == (10, 90, 5)
    await act(hass, "number.set_value", SENSITIVITY, value=55)
    assert state_of(hass, SENSITIVITY) == "55"
    ((part, command),) = fake.device.done
    assert (part, command) == ("camera.1", Set("motion_sensitivity", 55))
    assert isinstance(command, Set)
    assert isinstance(command.value, int)


async def test_what_is_out_of_range_is_not_sent(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    with pytest.raises(ServiceValidationError):
        await act(hass, "number.set_value", SENSITIVITY, value=95)
    assert fake.device.done == []
