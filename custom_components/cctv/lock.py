"""Locks: doors that the device unlocks."""

from typing import Any, Final, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(LockEntityDescription(key="door_lock"))


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the locks of a device."""
    async_add_features(entry, async_add_entities, CctvLock, DESCRIPTIONS)


class CctvLock(CctvFeatureEntity[LockEntityDescription], LockEntity):
    """A door's lock, which locks itself again."""

    entity_description: LockEntityDescription

    @callback
    @override
    def take_over(self) -> None:
        """Take over whether it is locked."""
        value = self.told
        self._attr_is_locked = value if isinstance(value, bool) else None

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock it."""
        await self.do(Set(self.feature.key, True))

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock it."""
        await self.do(Set(self.feature.key, False))
