"""Images: pictures that belong to a moment, and plans."""

from typing import Final, override

from homeassistant.components.image import Image, ImageEntity, ImageEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.model import Feature, Picture
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 0

# What is shown comes from the device: nothing that a browser would run.
SHOWN: Final = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp")

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
    _picture: Picture | None = None

    def __init__(
        self, coordinator: CctvCoordinator, feature: Feature, description: ImageEntityDescription
    ) -> None:
        """Begin without a picture."""
        ImageEntity.__init__(self, coordinator.hass)
        super().__init__(coordinator, feature, description)

    @callback
    @override
    def take_over(self) -> None:
        """Take over which picture it is and when it was taken."""
        picture = self.told if isinstance(self.told, Picture) else None
        if picture != self._picture:
            self._cached_image = None
        self._picture = picture
        self._attr_image_last_updated = None if picture is None else picture.taken

    @override
    async def async_image(self) -> bytes | None:
        """Fetch the picture, once."""
        picture = self._picture
        if picture is None:
            return None
        if self._cached_image is None:
            mime, body = await self.coordinator.async_fetch(picture.ref)
            kind = mime.partition(";")[0].strip().lower()
            if kind not in SHOWN:
                return None
            self._attr_content_type = kind
            self._cached_image = Image(kind, body)
        return self._cached_image.content
