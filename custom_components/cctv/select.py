"""Selects: one of several ways that a device can be."""

from typing import Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.catalogue import row
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(
    SelectEntityDescription(key="smart_motion_sensitivity", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="record_mode"),
    SelectEntityDescription(key="infrared", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="light_scheme", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="day_night", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="detection_sensitivity", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="sound_sensitivity", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="preset"),
    SelectEntityDescription(key="ptz_command"),
    SelectEntityDescription(key="cruise"),
    SelectEntityDescription(key="resolution", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="white_balance", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="exposure", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="rotation", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="video_codec", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="sub_video_codec", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="sub_resolution", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="bitrate_control", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="video_standard", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="language", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="time_format", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="picture_profile", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="focus_mode", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="floodlight_mode", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="idle_action", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="tour"),
    SelectEntityDescription(key="analysis_scene", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="monitor_layout", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="palette", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="record_stream", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="auto_reboot_day", entity_category=EntityCategory.CONFIG),
    SelectEntityDescription(key="input_sensor", entity_category=EntityCategory.CONFIG),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the selects of a device."""
    async_add_features(entry, async_add_entities, CctvSelect, DESCRIPTIONS)


class CctvSelect(CctvFeatureEntity[SelectEntityDescription], SelectEntity):
    """A choice; what the catalogue knows is translated, the rest is in the device's own words."""

    @callback
    @override
    def take_over(self) -> None:
        """Take over the choice and what else there is to choose."""
        value = self.told
        told = [value] if isinstance(value, str) else []
        self._attr_options = list(dict.fromkeys(self._shown(t) for t in [*self._tokens, *told]))
        self._attr_current_option = self._shown(value) if isinstance(value, str) else None

    @property
    def _tokens(self) -> tuple[str, ...]:
        """Return the device's tokens for its options."""
        return self.feature.options or row(self.feature.key).options

    def _shown(self, token: str) -> str:
        """Return the word that stands for a token."""
        if token in row(self.feature.key).options:
            return token
        return self.feature.labels.get(token, token)

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose."""
        chosen = {self._shown(token): token for token in self._tokens}
        await self.do(Set(self.feature.key, chosen.get(option, option)))
