"""Sensors: measures, words and moments."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    DEGREE,
    PERCENTAGE,
    EntityCategory,
    UnitOfInformation,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.catalogue import row
from .entity import CctvFeatureEntity, async_add_features, by_key
from .remarks import TEXT_LIMIT, attributes

PARALLEL_UPDATES = 0

LAST_RECORDING: Final = "last_recording"


def _measure(key: str, unit: str | None = None, precision: int = 0) -> SensorEntityDescription:
    """Describe a number that comes and goes."""
    return SensorEntityDescription(
        key=key,
        native_unit_of_measurement=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=precision,
        entity_category=EntityCategory.DIAGNOSTIC,
    )


def _fact(key: str, device_class: SensorDeviceClass | None = None) -> SensorEntityDescription:
    """Describe a word or a moment about the device."""
    return SensorEntityDescription(
        key=key, device_class=device_class, entity_category=EntityCategory.DIAGNOSTIC
    )


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
    _measure("motion_level", PERCENTAGE),
    _measure("sound_level", PERCENTAGE),
    _measure("storage_free", PERCENTAGE),
    _measure("wifi_signal", PERCENTAGE),
    _measure("memory_free", PERCENTAGE),
    _measure("load", precision=2),
    _fact("picture_size"),
    _fact("current_file"),
    _fact("last_snapshot", SensorDeviceClass.TIMESTAMP),
    SensorEntityDescription(key=LAST_RECORDING, device_class=SensorDeviceClass.TIMESTAMP),
    SensorEntityDescription(
        key="recordings_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
    ),
    _measure("pan", DEGREE, precision=1),
    _measure("tilt", DEGREE, precision=1),
    _measure("zoom_position", precision=1),
    SensorEntityDescription(key="people_entered", state_class=SensorStateClass.TOTAL_INCREASING),
    SensorEntityDescription(key="people_exited", state_class=SensorStateClass.TOTAL_INCREASING),
    SensorEntityDescription(key="people_inside", state_class=SensorStateClass.MEASUREMENT),
    SensorEntityDescription(key="spaces_free", state_class=SensorStateClass.MEASUREMENT),
    SensorEntityDescription(
        key="temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
    ),
    SensorEntityDescription(
        key="temperature_max",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
    ),
    SensorEntityDescription(
        key="temperature_min",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
    ),
    SensorEntityDescription(key="call_state", device_class=SensorDeviceClass.ENUM),
    _fact("focus_state", SensorDeviceClass.ENUM),
    _fact("onvif_version"),
    _fact("api_version"),
    _fact("upnp_state"),
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
        if self.feature.key == LAST_RECORDING:
            reading = self.coordinator.state.readings.get(self.own_id)
            self._attr_extra_state_attributes = attributes(reading.details if reading else {})
        if isinstance(value, str):
            # Home Assistant takes no longer one, and would show none at all.
            value = value[:TEXT_LIMIT]
        self._attr_native_value = value if isinstance(value, str | int | float | datetime) else None
        if self.device_class is SensorDeviceClass.ENUM:
            options = self.feature.options or row(self.feature.key).options
            told = [value] if isinstance(value, str) else []
            self._attr_options = list(dict.fromkeys([*options, *told]))
