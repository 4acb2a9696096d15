"""Buttons: what a device does once when asked."""

from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Press
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1

DESCRIPTIONS: Final = by_key(
    ButtonEntityDescription(
        key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
    ),
    ButtonEntityDescription(key="sync_clock", entity_category=EntityCategory.CONFIG),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the buttons of a device."""
    async_add_features(entry, async_add_entities, CctvButton, DESCRIPTIONS)


class CctvButton(CctvFeatureEntity[ButtonEntityDescription], ButtonEntity):
    """Something that can be pressed."""

    @override
    async def async_press(self) -> None:
        """Press it."""
        await self.do(Press(self.feature.key))
