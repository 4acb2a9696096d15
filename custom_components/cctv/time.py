"""Times of day that can be set."""

from datetime import time
from typing import Final, override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(
    TimeEntityDescription(key="auto_reboot_time", entity_category=EntityCategory.CONFIG)
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the times of a device."""
    async_add_features(entry, async_add_entities, CctvTime, DESCRIPTIONS)


class CctvTime(CctvFeatureEntity[TimeEntityDescription], TimeEntity):
    """A time of day, by the device's clock."""

    entity_description: TimeEntityDescription

    @callback
    @override
    def take_over(self) -> None:
        """Take over the time."""
        value = self.told
        self._attr_native_value = value if isinstance(value, time) else None

    @override
    async def async_set_value(self, value: time) -> None:
        """Set it."""
        await self.do(Set(self.feature.key, value))
