"""Binary sensors: what a device sees, hears and suffers."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 0


def _detection(
    key: str, device_class: BinarySensorDeviceClass | None = None
) -> BinarySensorEntityDescription:
    """Describe something that is seen or heard."""
    return BinarySensorEntityDescription(key=key, device_class=device_class)


def _diagnostic(
    key: str, device_class: BinarySensorDeviceClass | None = None
) -> BinarySensorEntityDescription:
    """Describe something about the device itself."""
    return BinarySensorEntityDescription(
        key=key, device_class=device_class, entity_category=EntityCategory.DIAGNOSTIC
    )


DESCRIPTIONS: Final = by_key(
    _diagnostic("online", BinarySensorDeviceClass.CONNECTIVITY),
    _diagnostic("event_source", BinarySensorDeviceClass.CONNECTIVITY),
    _detection("motion", BinarySensorDeviceClass.MOTION),
    _detection("person", BinarySensorDeviceClass.OCCUPANCY),
    _detection("vehicle", BinarySensorDeviceClass.OCCUPANCY),
    _detection("animal", BinarySensorDeviceClass.OCCUPANCY),
    _detection("face", BinarySensorDeviceClass.OCCUPANCY),
    _detection("line_crossed", BinarySensorDeviceClass.MOTION),
    _detection("intrusion", BinarySensorDeviceClass.MOTION),
    _detection("object_left"),
    _detection("object_taken"),
    _detection("loitering", BinarySensorDeviceClass.OCCUPANCY),
    _detection("crowd", BinarySensorDeviceClass.OCCUPANCY),
    _detection("fast_moving", BinarySensorDeviceClass.MOTION),
    _detection("parking", BinarySensorDeviceClass.OCCUPANCY),
    _detection("sound", BinarySensorDeviceClass.SOUND),
    _detection("passive_infrared", BinarySensorDeviceClass.MOTION),
    _detection("smoke", BinarySensorDeviceClass.SMOKE),
    _detection("fire", BinarySensorDeviceClass.SAFETY),
    _diagnostic("sound_lost", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("tamper", BinarySensorDeviceClass.TAMPER),
    _diagnostic("scene_changed", BinarySensorDeviceClass.TAMPER),
    _diagnostic("defocused", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("video_loss", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("recording", BinarySensorDeviceClass.RUNNING),
    _detection("input"),
    _detection("output_active"),
    _diagnostic("storage_failure", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("storage_missing", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("storage_low", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("network_lost", BinarySensorDeviceClass.PROBLEM),
    _diagnostic("address_conflict", BinarySensorDeviceClass.PROBLEM),
    _detection("crying", BinarySensorDeviceClass.SOUND),
    _diagnostic("clip_recording", BinarySensorDeviceClass.RUNNING),
    _diagnostic("storage_locked", BinarySensorDeviceClass.PROBLEM),
    _detection("heat", BinarySensorDeviceClass.HEAT),
    _detection("queue", BinarySensorDeviceClass.OCCUPANCY),
    _detection("door", BinarySensorDeviceClass.DOOR),
    _detection("occupied", BinarySensorDeviceClass.OCCUPANCY),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors of a device."""
    async_add_features(entry, async_add_entities, CctvBinarySensor, DESCRIPTIONS)


class CctvBinarySensor(CctvFeatureEntity[BinarySensorEntityDescription], BinarySensorEntity):
    """Something that is so or not."""

    @callback
    @override
    def take_over(self) -> None:
        """Take over whether it is so."""
        value = self.told
        self._attr_is_on = value if isinstance(value, bool) else None
