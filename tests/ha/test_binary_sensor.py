"""Binary sensors, and the names and categories that entities of all platforms share."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.cctv.devices.model import Value
from tests.devices.clock import FakeClock

from .fakes import FakeFamily
from .steps import say, state_of


async def test_a_level_is_shown(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    assert state_of(hass, "binary_sensor.door_motion") == "off"
    await say(hass, fake, clock, Value("camera.1:motion", True))
    assert state_of(hass, "binary_sensor.door_motion") == "on"
    await say(hass, fake, clock, Value("camera.1:motion", False))
    assert state_of(hass, "binary_sensor.door_motion") == "off"


async def test_what_nobody_knows_is_unknown(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    await say(hass, fake, clock, Value("camera.1:video_loss", None))
    assert state_of(hass, "binary_sensor.door_video_loss") == "unknown"


async def test_every_entity_of_a_device_with_everything(
    hass: HomeAssistant,
    running: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    entities = er.async_entries_for_config_entry(entity_registry, running.entry_id)
    assert snapshot == {
        entity.entity_id: {
            "unique_id": entity.unique_id,
            "name": entity.original_name,
            "key": entity.translation_key,
            "category": entity.entity_category,
            "class": entity.original_device_class,
            "unit": entity.unit_of_measurement,
            "disabled": entity.disabled,
            "state": None if entity.disabled else state_of(hass, entity.entity_id),
        }
        for entity in sorted(entities, key=lambda one: one.entity_id)
    }


async def test_renaming_an_entity_leaves_it_as_it_is(
    hass: HomeAssistant,
    running: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    entity_registry: er.EntityRegistry,
) -> None:
    entity_registry.async_update_entity(
        "binary_sensor.door_motion", new_entity_id="binary_sensor.front"
    )
    await hass.async_block_till_done()
    await say(hass, fake, clock, Value("camera.1:motion", True))
    assert state_of(hass, "binary_sensor.front") == "on"
    platform = hass.data["entity_components"]["binary_sensor"]
    entity = platform.get_entity("binary_sensor.front")
    entity.async_entity_id_changed("binary_sensor.door_motion")
    assert state_of(hass, "binary_sensor.front") == "on"
