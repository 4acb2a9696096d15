"""Updates tell of new software, and install it where the device can."""

import asyncio
from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.const import DOMAIN
from custom_components.cctv.devices.commands import Install
from custom_components.cctv.devices.errors import CannotConnect, Rejected
from custom_components.cctv.devices.model import BOX, Firmware, Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily, everything
from .steps import act, attributes_of, pass_time, say, state_of

UPDATE = "update.cellar_firmware"


async def install(hass: HomeAssistant, clock: FakeClock) -> asyncio.Task[None]:
    """Begin to install; Home Assistant waits for the device."""
    installing = asyncio.create_task(act(hass, "update.install", UPDATE))
    await clock.advance(0.1)
    return installing


async def test_new_software_is_told_and_installed(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    """Case 27: the device is away meanwhile, and back with what it installed."""
    assert state_of(hass, UPDATE) == "on"
    shown = attributes_of(hass, UPDATE)
    assert (shown["installed_version"], shown["latest_version"]) == ("1.2.3", "1.3.0")
    assert shown["release_summary"] == "Sees better"
    assert shown["in_progress"] is False
    installing = await install(hass, clock)
    assert fake.device.done == [("", Install())]
    fake.device.offline(CannotConnect("refused"))
    await clock.advance(60)
    assert state_of(hass, "switch.door_motion_detection") == "unavailable"
    assert state_of(hass, UPDATE) == "on"
    assert attributes_of(hass, UPDATE)["in_progress"] is True
    assert not installing.done()
    fake.device.online()
    fake.device.truth[":firmware"] = Firmware("1.3.0", "1.3.0")
    await clock.advance(10)
    await installing
    # What it runs now is learnt anew.
    await hass.async_block_till_done()
    await pass_time(hass, clock, 1)
    assert state_of(hass, UPDATE) == "off"
    assert attributes_of(hass, UPDATE)["in_progress"] is False


async def test_an_installation_that_is_refused_is_over(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.device.faults["do"] = Rejected("an update is running")
    installing = await install(hass, clock)
    with pytest.raises(HomeAssistantError) as told:
        await installing
    assert told.value.translation_key == "rejected"
    assert attributes_of(hass, UPDATE)["in_progress"] is False


async def test_a_device_that_does_not_come_back_is_unavailable(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    installing = await install(hass, clock)
    fake.device.offline(CannotConnect("refused"))
    await clock.advance(Install.away)
    await installing
    assert state_of(hass, UPDATE) == "unavailable"


async def test_what_cannot_install_only_tells(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    box = everything().parts[""]
    await say(hass, fake, clock, everything(replace(box, can=box.can - {Install})))
    await say(hass, fake, clock, Value(":firmware", Firmware("1.2.3", "1.2.9")))
    assert attributes_of(hass, UPDATE)["supported_features"] == 0
    assert state_of(hass, UPDATE) == "on"
    with pytest.raises(HomeAssistantError):
        await act(hass, "update.install", UPDATE)
    assert fake.device.done == []


async def test_makers_count_their_versions_in_ways_of_their_own(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    offered = Firmware("1.2.3", "1.1 of 2027")
    await say(hass, fake, clock, Value(":firmware", offered))
    assert state_of(hass, UPDATE) == "on"


async def test_nothing_new(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value(":firmware", Firmware("1.2.3")))
    assert state_of(hass, UPDATE) == "off"
    await say(hass, fake, clock, Value(":firmware", None))
    assert state_of(hass, UPDATE) == "unknown"


async def test_another_software_is_learnt_anew(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    device_registry: dr.DeviceRegistry,
) -> None:
    """However it came: by Home Assistant, by the maker's program, or by itself."""
    box = everything().parts[BOX]
    assert box.about is not None
    fake.device.topology = everything(replace(box, about=replace(box.about, firmware="1.3.0")))
    fake.device.truth[":firmware"] = Firmware("1.3.0", "1.3.0")
    opened = fake.device.count("open")
    await say(hass, fake, clock, Value(":firmware", Firmware("1.3.0", "1.3.0")))
    await pass_time(hass, clock, 1)
    assert fake.device.count("open") == opened + 1
    device = device_registry.async_get_device_by_identifier((DOMAIN, "S1:"), running.entry_id)
    assert device is not None
    assert device.sw_version == "1.3.0"
    assert state_of(hass, UPDATE) == "off"
    # What is only offered is nothing new, and one that does not know what it runs is left alone.
    for told in (Firmware("1.3.0", "1.4.0"), Firmware("V1.3.0"), Firmware("1.3.0")):
        await say(hass, fake, clock, Value(":firmware", told))
        await pass_time(hass, clock, 0.5)
    assert fake.device.count("open") == opened + 1


async def test_another_software_that_only_the_type_plate_tells_is_learnt_anew(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    """Few devices tell by themselves; once an hour at most, whatever they call it."""
    opened = fake.device.count("open")
    for version in ("1.3.0", "1.4.0"):
        box = everything().parts[BOX]
        assert box.about is not None
        renewed = everything(replace(box, about=replace(box.about, firmware=version)))
        fake.device.topology = renewed
        await say(hass, fake, clock, renewed)
        await pass_time(hass, clock, 0.5)
        assert fake.device.count("open") == opened + 1
