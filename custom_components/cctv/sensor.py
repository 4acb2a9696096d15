"""Sensors: measures, words and moments."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfInformation, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.catalogue import row
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 0

DESCRIPTIONS: Final = by_key(
    SensorEntityDescription(
        key="storage_used",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="storage_size",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIGABYTES,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="storage_state",
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="clock_drift",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="started",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    SensorEntityDescription(
        key="sessions",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of a device."""
    async_add_features(entry, async_add_entities, CctvSensor, DESCRIPTIONS)


class CctvSensor(CctvFeatureEntity[SensorEntityDescription], SensorEntity):
    """A measure, a word or a moment."""

    @callback
    @override
    def take_over(self) -> None:
        """Take over the value; a word that the row does not know is shown as the device says it."""
        value = self.told
        self._attr_native_value = value if isinstance(value, str | int | float | datetime) else None
        if self.device_class is SensorDeviceClass.ENUM:
            options = self.feature.options or row(self.feature.key).options
            told = [value] if isinstance(value, str) else []
            self._attr_options = list(dict.fromkeys([*options, *told]))
