"""Diagnostics say much about the device and nothing about its owner."""

import json

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.cctv.const import DOMAIN
from custom_components.cctv.devices.errors import CannotConnect
from custom_components.cctv.devices.http.client import Counters
from custom_components.cctv.devices.model import BOX, Notice, Value
from custom_components.cctv.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from tests.devices.clock import FakeClock

from .fakes import MAC, PASSWORD, FakeFamily
from .steps import say

SECRETS = (PASSWORD, "admin", MAC, "00005e005301", '"S1"', "192.0.2.1", "sample.example")
OWN_WORDS = ("Door", "Gate", "Cellar", "Fence")


async def test_of_an_entry(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    snapshot: SnapshotAssertion,
) -> None:
    await say(hass, fake, clock, Notice("rights", BOX, True, {"tables": "x"}))
    await say(hass, fake, clock, Value("camera.1:record_mode", "free words"))
    told = await async_get_config_entry_diagnostics(hass, running)
    text = json.dumps(told)
    assert not [one for one in (*SECRETS, *OWN_WORDS, "free words") if one in text]
    assert told["notices"] == [":rights"]
    assert told["health"]["poll:settings"]["up"] is True
    assert told["features"]["camera.1:record_mode"]["value"] == "str"
    assert told == snapshot


async def test_of_a_camera(
    hass: HomeAssistant, running: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    door = device_registry.async_get_device_by_identifier((DOMAIN, "S1:camera.1"), running.entry_id)
    assert door is not None
    told = await async_get_device_diagnostics(hass, running, door)
    assert set(told["parts"]) == {"camera.1", "camera.1/window.7", "camera.1/rule.3"}
    assert set(told["streams"]) == {"camera.1:main", "camera.1:sub"}
    assert told["streams"]["camera.1:main"] == {
        "codec": "H.264",
        "size": (2560, 1440),
        "minor": False,
        "ways": ["rtsp", "live", "still", "two_way"],
    }


async def test_a_family_that_counts(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily
) -> None:
    fake.device.counters = Counters(requests=3)  # type: ignore[attr-defined]
    told = await async_get_config_entry_diagnostics(hass, running)
    assert told["wire"] == {"requests": 3, "bytes": 0, "refused": 0, "dropped": 0}


async def test_what_went_wrong_is_told_without_an_address(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.device.offline(CannotConnect("GET /states: Connect call failed ('192.0.2.1', 80)"))
    await clock.advance(60)
    told = await async_get_config_entry_diagnostics(hass, running)
    assert told["health"]["poll:states"]["error"] == "GET /states: Connect call failed …"
    assert not [one for one in SECRETS if one in json.dumps(told)]


async def test_of_a_device_that_is_not_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    device_registry: dr.DeviceRegistry,
) -> None:
    fake.device.faults["open"] = CannotConnect("no route to 192.0.2.1")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    box = device_registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "S1:")}
    )
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert (told["state"], told["reason"]) == ("setup_retry", "cannot_connect")
    assert not [one for one in SECRETS if one in json.dumps(told)]
    assert await async_get_device_diagnostics(hass, entry, box) == {"state": "setup_retry"}
