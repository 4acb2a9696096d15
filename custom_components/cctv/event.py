"""Events: what happens in a moment."""

from typing import Final, override

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
from .devices.model import Event, Recording
from .entity import CctvFeatureEntity, async_add_features, by_key
from .remarks import attributes

PARALLEL_UPDATES = 0

OTHER: Final = "other"

DESCRIPTIONS: Final = by_key(
    EventEntityDescription(key="detection", device_class=EventDeviceClass.MOTION),
    EventEntityDescription(key="doorbell", device_class=EventDeviceClass.DOORBELL),
    EventEntityDescription(key="call"),
    EventEntityDescription(key="security", entity_category=EntityCategory.DIAGNOSTIC),
    EventEntityDescription(key="new_file", entity_category=EntityCategory.DIAGNOSTIC),
    EventEntityDescription(key="alert"),
    EventEntityDescription(key="new_recording"),
    EventEntityDescription(key="access"),
    EventEntityDescription(key="plate"),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the events of a device."""
    async_add_features(entry, async_add_entities, CctvEvent, DESCRIPTIONS)


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
        told = attributes(event.details)
        if isinstance(recording := event.details.get("recording"), Recording):
            # Whoever plays, copies or deletes it takes this.
            told["media_content_id"] = self.coordinator.library.media_id(recording)
        self._trigger_event(event.type, told)
        self.async_write_ha_state()
