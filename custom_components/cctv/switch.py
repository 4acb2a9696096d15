"""Switches: what a device can be told to do or to let be."""

from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(
    SwitchEntityDescription(key="output"),
    SwitchEntityDescription(key="motion_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="person_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="vehicle_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="sound_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="tamper_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="rule", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="record"),
    SwitchEntityDescription(key="status_light", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="privacy"),
    SwitchEntityDescription(key="enabled"),
    SwitchEntityDescription(key="rtsp_service", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="onvif_service", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="recording_service", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="animal_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="face_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="crying_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="tracking", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="alerts"),
    SwitchEntityDescription(key="notify_on_disconnect", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="clip"),
    SwitchEntityDescription(key="record_on_motion", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="schedule", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="timelapse", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="ftp_pictures", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="ftp_recordings", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="save_pictures", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="cloud_pictures", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="cloud_recordings", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="reevaluate_tags", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="autofocus", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="autoiris", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="listen_at_server"),
    SwitchEntityDescription(key="talk_from_server"),
    SwitchEntityDescription(key="night_vision", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="rotate", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="mirror", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="overlay_shown", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="overlay_clock", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="overlay_date", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="sound_anomaly_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="video_loss_detection", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="login_failure_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="storage_missing_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="storage_failure_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="storage_low_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="network_lost_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="address_conflict_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="input_alarm", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="snapshot_on_motion", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="email_on_motion", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="armed"),
    SwitchEntityDescription(key="device_notifications", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="mask", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="sub_stream", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="stream_sound", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="sub_stream_sound", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="smart_codec", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="overlay_name", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="count_overlay", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="defog", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="digital_zoom", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="auto_homing", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="wiper"),
    SwitchEntityDescription(key="monitor_tour", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="overwrite", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="holiday_recording", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="network_storage", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="record_snapshot", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="ntp", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="daylight_saving", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="upnp", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="cloud", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="alarm_server", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="onvif_login", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="auto_reboot", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="login_lock", entity_category=EntityCategory.CONFIG),
    SwitchEntityDescription(key="thermometry", entity_category=EntityCategory.CONFIG),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches of a device."""
    async_add_features(entry, async_add_entities, CctvSwitch, DESCRIPTIONS)


class CctvSwitch(CctvFeatureEntity[SwitchEntityDescription], SwitchEntity):
    """Something that can be switched on and off."""

    entity_description: SwitchEntityDescription

    @callback
    @override
    def take_over(self) -> None:
        """Take over whether it is on."""
        value = self.told
        self._attr_is_on = value if isinstance(value, bool) else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.do(Set(self.feature.key, True))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.do(Set(self.feature.key, False))
