"""Switches, and what happens when the device will not."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import (
    Busy,
    CannotConnect,
    DeviceError,
    Forbidden,
    NoAnswer,
    Rejected,
    Unsupported,
)
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import act, attributes_of, pass_time, state_of

PRIVACY = "switch.door_privacy"


async def test_it_is_switched_on_and_off(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    await act(hass, "switch.turn_on", PRIVACY)
    assert state_of(hass, PRIVACY) == "on"
    await act(hass, "switch.turn_off", PRIVACY)
    assert state_of(hass, PRIVACY) == "off"
    assert fake.device.done == [
        ("camera.1", Set("privacy", True)),
        ("camera.1", Set("privacy", False)),
    ]


async def test_what_can_only_be_set_is_assumed(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    assert state_of(hass, "switch.cellar_record") == "unknown"
    assert attributes_of(hass, "switch.cellar_record")["assumed_state"] is True
    assert "assumed_state" not in attributes_of(hass, PRIVACY)
    assert "assumed_state" not in attributes_of(hass, "binary_sensor.cellar_connection")
    await act(hass, "switch.turn_on", "switch.cellar_record")
    assert state_of(hass, "switch.cellar_record") == "on"


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Rejected("no"), HomeAssistantError),
        (Forbidden("no rights"), ServiceValidationError),
        (Busy("later"), HomeAssistantError),
        (NoAnswer("silent"), HomeAssistantError),
        (CannotConnect("gone"), HomeAssistantError),
        (Unsupported("not here"), ServiceValidationError),
    ],
)
async def test_a_refusal_is_told_and_the_state_put_back(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    trouble: DeviceError,
    kind: type[HomeAssistantError],
) -> None:
    fake.device.faults["do"] = trouble
    with pytest.raises(HomeAssistantError) as told:
        await act(hass, "switch.turn_on", PRIVACY)
    assert type(told.value) is kind
    assert told.value.translation_domain == "cctv"
    assert told.value.translation_key == trouble.key
    assert told.value.translation_placeholders == {"device": "Cellar", "detail": str(trouble)}
    await pass_time(hass, clock)
    assert state_of(hass, PRIVACY) == "off"
