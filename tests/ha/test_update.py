"""Updates tell of new software, and install it where the device can."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.commands import Install
from custom_components.cctv.devices.model import Firmware, Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import act, attributes_of, say, state_of

UPDATE = "update.cellar_firmware"


async def test_new_software_is_told_and_installed(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    assert state_of(hass, UPDATE) == "on"
    shown = attributes_of(hass, UPDATE)
    assert (shown["installed_version"], shown["latest_version"]) == ("1.2.3", "1.3.0")
    assert shown["release_summary"] == "Sees better"
    await act(hass, "update.install", UPDATE)
    assert fake.device.done == [("", Install())]


async def test_nothing_new(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value(":firmware", Firmware("1.3.0")))
    assert state_of(hass, UPDATE) == "off"
    await say(hass, fake, clock, Value(":firmware", None))
    assert state_of(hass, UPDATE) == "unknown"
