"""Texts: names, folders and words in the picture."""

from typing import Final, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import MAX_LENGTH_STATE_STATE, EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(
    TextEntityDescription(key="recording_directory", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="inspection_directory", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="file_template", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="directory_template", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="picture_template", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="data_log_template", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="event_template", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="anomaly_template", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="overlay_text", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="object_name", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="access_groups", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="machine_name", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="ntp_server", entity_category=EntityCategory.CONFIG),
    TextEntityDescription(key="alarm_server_address", entity_category=EntityCategory.CONFIG),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the texts of a device."""
    async_add_features(entry, async_add_entities, CctvText, DESCRIPTIONS)


class CctvText(CctvFeatureEntity[TextEntityDescription], TextEntity):
    """A text that can be set."""

    _attr_native_max = MAX_LENGTH_STATE_STATE

    @callback
    @override
    def take_over(self) -> None:
        """Take over the text, unless it is longer than any that Home Assistant can show."""
        value = self.told
        self._attr_native_value = None
        if isinstance(value, str) and len(value) <= MAX_LENGTH_STATE_STATE:
            self._attr_native_value = value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set it."""
        await self.do(Set(self.feature.key, value))
