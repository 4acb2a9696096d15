"""Sensors: measures, words and moments."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.model import Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import attributes_of, enable, say, state_of


async def test_a_measure(hass: HomeAssistant, running: MockConfigEntry) -> None:
    assert state_of(hass, "sensor.cellar_storage_used_mmc0") == "12"
    assert attributes_of(hass, "sensor.cellar_storage_used_mmc0")["unit_of_measurement"] == "%"


async def test_sizes_and_moments(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    fake.device.truth["disk.mmc0:storage_size"] = 32_000_000_000
    await enable(
        hass,
        clock,
        running.entry_id,
        "sensor.cellar_storage_size_mmc0",
        "sensor.cellar_started",
    )
    size = attributes_of(hass, "sensor.cellar_storage_size_mmc0")
    assert state_of(hass, "sensor.cellar_storage_size_mmc0") == "32.0"
    assert size["unit_of_measurement"] == "GB"
    assert state_of(hass, "sensor.cellar_started") == "2026-03-01T00:00:00+00:00"


async def test_a_word_and_one_that_the_catalogue_does_not_know(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    entity = "sensor.cellar_storage_state_mmc0"
    assert state_of(hass, entity) == "normal"
    await say(hass, fake, clock, Value("disk.mmc0:storage_state", "Rebuilding"))
    assert state_of(hass, entity) == "Rebuilding"
    assert "Rebuilding" in attributes_of(hass, entity)["options"]
    await say(hass, fake, clock, Value("disk.mmc0:storage_state", None))
    assert state_of(hass, entity) == "unknown"
    assert "Rebuilding" not in attributes_of(hass, entity)["options"]


async def test_a_text_that_is_too_long_is_cut(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    entity = "sensor.door_current_file"
    await enable(hass, clock, running.entry_id, entity)
    await say(hass, fake, clock, Value("camera.1:current_file", "x" * 300))
    assert state_of(hass, entity) == "x" * 255
