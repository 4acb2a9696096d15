"""Updates: the software that a device runs, and the newest that it offers."""

from typing import Any, Final, override

from homeassistant.components.update import UpdateEntity, UpdateEntityDescription
from homeassistant.components.update.const import UpdateEntityFeature
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry
from .devices.commands import Install
from .devices.model import Firmware
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 0

DESCRIPTIONS: Final = by_key(
    UpdateEntityDescription(key="firmware", entity_category=EntityCategory.CONFIG)
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the updates of a device."""
    async_add_features(entry, async_add_entities, CctvUpdate, DESCRIPTIONS)


class CctvUpdate(CctvFeatureEntity[UpdateEntityDescription], UpdateEntity):
    """The device's software; it is installed where the device can do that by itself."""

    _installing = False

    @property
    @override
    def available(self) -> bool:
        """Return whether the device tells it, or is away to install it."""
        return self._installing or super().available

    @callback
    @override
    def take_over(self) -> None:
        """Take over which software runs and which is to be had."""
        part = self.coordinator.topology.parts.get(self.part)
        able = part is not None and Install in part.can
        self._attr_supported_features = (
            UpdateEntityFeature.INSTALL if able else UpdateEntityFeature(0)
        )
        told = self.told if isinstance(self.told, Firmware) else Firmware("")
        self._attr_installed_version = told.installed or None
        self._attr_latest_version = told.latest or told.installed or None
        self._attr_release_summary = told.notes

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Return that what the device offers is newer: makers count in ways of their own."""
        return True

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Have the device install what it offers; it is under way until the device is back."""
        self._installing = True
        try:
            await self.do(Install())
            await self.coordinator.runner.returned()
        finally:
            self._installing = False
