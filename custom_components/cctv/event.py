"""Events: what happens in a moment."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.event import (
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.catalogue import row
from .devices.model import Event
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 0

OTHER: Final = "other"
ATTRIBUTES_LIMIT: Final = 16
TEXT_LIMIT: Final = 255

DESCRIPTIONS: Final = by_key(
    EventEntityDescription(key="detection", device_class=EventDeviceClass.MOTION),
    EventEntityDescription(key="doorbell", device_class=EventDeviceClass.DOORBELL),
    EventEntityDescription(key="call"),
    EventEntityDescription(key="security", entity_category=EntityCategory.DIAGNOSTIC),
    EventEntityDescription(key="new_file", entity_category=EntityCategory.DIAGNOSTIC),
    EventEntityDescription(key="alert"),
    EventEntityDescription(key="access"),
    EventEntityDescription(key="plate"),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the events of a device."""
    async_add_features(entry, async_add_entities, CctvEvent, DESCRIPTIONS)


def attributes(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain ones of a device's remarks, so few and short that they can be recorded."""
    plain = {
        key: value[:TEXT_LIMIT] if isinstance(value, str) else value
        for key, value in details.items()
        if isinstance(value, bool | int | float | str) and key not in ("event_type", "event_types")
    }
    return dict(list(plain.items())[:ATTRIBUTES_LIMIT])


class CctvEvent(CctvFeatureEntity[EventEntityDescription], EventEntity):
    """Something that happens; what has no word is `other`, with the device's code for it."""

    @callback
    @override
    def take_over(self) -> None:
        """Take over what can happen."""
        known = (*row(self.feature.key).options, *self.feature.options, OTHER)
        self._attr_event_types = list(dict.fromkeys(known))

    @override
    async def async_added_to_hass(self) -> None:
        """Hear the events of this feature."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_event(self.own_id, self._happened))

    @callback
    def _happened(self, event: Event) -> None:
        """Tell that it happened."""
        self.take_over()
        self._trigger_event(event.type, attributes(event.details))
        self.async_write_ha_state()
