"""Images: pictures that belong to a moment, and plans."""

from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.model import Feature, Picture
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 0

DESCRIPTIONS: Final = by_key(
    ImageEntityDescription(key="last_picture"),
    ImageEntityDescription(key="floor_plan", entity_category=EntityCategory.DIAGNOSTIC),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the images of a device."""
    async_add_features(entry, async_add_entities, CctvImage, DESCRIPTIONS)


class CctvImage(CctvFeatureEntity[ImageEntityDescription], ImageEntity):
    """A picture that is fetched when somebody looks, and kept until there is another."""

    entity_description: ImageEntityDescription

    def __init__(
        self, coordinator: CctvCoordinator, feature: Feature, description: ImageEntityDescription
    ) -> None:
        """Begin without a picture."""
        ImageEntity.__init__(self, coordinator.hass)
        super().__init__(coordinator, feature, description)

    @callback
    @override
    def take_over(self) -> None:
        """Take over when the picture was taken."""
        told = self.told
        self._attr_image_last_updated = told.taken if isinstance(told, Picture) else None

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; what it is its own first bytes say, whatever the device claims."""
        if not isinstance(self.told, Picture):
            return None
        image = await self.coordinator.async_image(self.own_id)
        self._attr_content_type = image.mime
        return image.body
