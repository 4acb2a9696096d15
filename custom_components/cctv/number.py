"""Numbers: how much, how strong, how easily."""

from typing import Final, override

from homeassistant.components.number import NumberEntity, NumberEntityDescription
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfDataRate, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1


def _percent(key: str) -> NumberEntityDescription:
    """Describe a setting in percent."""
    return NumberEntityDescription(
        key=key,
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.CONFIG,
    )


def _amount(key: str, unit: str | None = None) -> NumberEntityDescription:
    """Describe a setting in a unit of its own."""
    return NumberEntityDescription(
        key=key, native_unit_of_measurement=unit, entity_category=EntityCategory.CONFIG
    )


DESCRIPTIONS: Final = by_key(
    _percent("motion_sensitivity"),
    _percent("motion_threshold"),
    _percent("infrared_level"),
    _percent("speaker_volume"),
    _percent("microphone_volume"),
    _amount("pulse_length", UnitOfTime.SECONDS),
    _percent("motion_history"),
    _percent("motion_object_size"),
    _amount("alert_interval", UnitOfTime.SECONDS),
    _amount("timelapse_interval", UnitOfTime.SECONDS),
    _amount("timelapse_rate"),
    _amount("split_time", UnitOfTime.MINUTES),
    _amount("ptz_step", UnitOfTime.SECONDS),
    _amount("frame_rate"),
    _amount("record_frame_rate"),
    _percent("compression"),
    _percent("brightness"),
    _percent("contrast"),
    _percent("saturation"),
    _percent("sharpness"),
    _percent("sound_threshold"),
    _percent("hue"),
    _percent("gamma"),
    _amount("backlight"),
    _percent("focus"),
    _percent("zoom"),
    _amount("zoom_speed"),
    _amount("homing_delay", UnitOfTime.SECONDS),
    _amount("bitrate", UnitOfDataRate.KILOBITS_PER_SECOND),
    _amount("sub_bitrate", UnitOfDataRate.KILOBITS_PER_SECOND),
    _amount("sub_frame_rate"),
    _amount("keyframe_interval"),
    _amount("pre_record", UnitOfTime.SECONDS),
    _amount("record_length", UnitOfTime.MINUTES),
    _percent("storage_limit"),
    _amount("file_hold_time", UnitOfTime.DAYS),
    _amount("tour_interval", UnitOfTime.SECONDS),
    _amount("unlock_time", UnitOfTime.SECONDS),
    _amount("login_attempts"),
    _amount("login_lock_time", UnitOfTime.SECONDS),
    _amount("login_alarm_attempts"),
    _amount("emissivity"),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the numbers of a device."""
    async_add_features(entry, async_add_entities, CctvNumber, DESCRIPTIONS)


class CctvNumber(CctvFeatureEntity[NumberEntityDescription], NumberEntity):
    """A number that can be set."""

    @callback
    @override
    def take_over(self) -> None:
        """Take over the number and the range that the device gives it."""
        value = self.told
        self._attr_native_value = value if isinstance(value, int | float) else None
        if (limits := self.feature.limits) is not None:
            self._attr_native_min_value = limits.min
            self._attr_native_max_value = limits.max
            self._attr_native_step = limits.step

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it; a whole number is sent as one."""
        await self.do(Set(self.feature.key, int(value) if value.is_integer() else value))
