"""Sirens: what a device frightens with."""

from typing import Any, Final, override

from homeassistant.components.siren import SirenEntity, SirenEntityDescription
from homeassistant.components.siren.const import ATTR_DURATION, SirenEntityFeature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(SirenEntityDescription(key="siren"))


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sirens of a device."""
    async_add_features(entry, async_add_entities, CctvSiren, DESCRIPTIONS)


class CctvSiren(CctvFeatureEntity[SirenEntityDescription], SirenEntity):
    """A siren that sounds until switched off, or for so many seconds."""

    entity_description: SirenEntityDescription
    _attr_supported_features = (
        SirenEntityFeature.TURN_ON | SirenEntityFeature.TURN_OFF | SirenEntityFeature.DURATION
    )

    @callback
    @override
    def take_over(self) -> None:
        """Take over whether it sounds."""
        value = self.told
        self._attr_is_on = value if isinstance(value, bool) else None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Sound it."""
        await self.do(Set(self.feature.key, True, seconds=kwargs.get(ATTR_DURATION)))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Silence it."""
        await self.do(Set(self.feature.key, False))
