"""Selects: one of several ways that a device can be."""

from collections import Counter
from collections.abc import Iterable
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
        tokens = self.feature.options or row(self.feature.key).options
        self._words = self._named(dict.fromkeys([*tokens, *told]))
        self._attr_options = list(self._words.values())
        self._attr_current_option = self._words[value] if isinstance(value, str) else None

    def _named(self, tokens: Iterable[str]) -> dict[str, str]:
        """Return a word for each token, no two alike: presets 'Door' are 'Door (1)', 'Door (2)'."""
        words = {token: self._shown(token) for token in tokens}
        alike = Counter(words.values())
        taken = {word for token, word in words.items() if token == word or alike[word] == 1}
        for token, word in words.items():
            if token == word or alike[word] == 1:
                continue
            while words[token] in taken or words[token] == word:
                words[token] = f"{words[token]} ({token})"
            taken.add(words[token])
        return words

    def _shown(self, token: str) -> str:
        """Return the word that stands for a token."""
        if token in row(self.feature.key).options:
            return token
        return self.feature.labels.get(token) or token

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose."""
        chosen = {word: token for token, word in self._words.items()}
        await self.do(Set(self.feature.key, chosen[option]))
