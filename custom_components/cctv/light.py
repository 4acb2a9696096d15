"""Lights: the lamps of a device that people see by, or are warned by."""

from typing import Any, Final, override

from homeassistant.components.light import LightEntity, LightEntityDescription
from homeassistant.components.light.const import (
    ATTR_BRIGHTNESS,
    ATTR_EFFECT,
    ColorMode,
    LightEntityFeature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.percentage import percentage_to_ranged_value, ranged_value_to_percentage

from .coordinator import CctvConfigEntry
from .devices.commands import Set
from .devices.model import Light
from .entity import CctvFeatureEntity, async_add_features, by_key

PARALLEL_UPDATES = 1
BRIGHTNESS: Final = (1, 255)

DESCRIPTIONS: Final = by_key(
    LightEntityDescription(key="floodlight"),
    LightEntityDescription(key="warning_light"),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the lights of a device."""
    async_add_features(entry, async_add_entities, CctvLight, DESCRIPTIONS)


class CctvLight(CctvFeatureEntity[LightEntityDescription], LightEntity):
    """A lamp: dimmable where the device gives it a range, with effects where it names some."""

    entity_description: LightEntityDescription

    @callback
    @override
    def take_over(self) -> None:
        """Take over on or off, brightness and effect; what was not told stays as it was."""
        mode = ColorMode.BRIGHTNESS if self.feature.limits else ColorMode.ONOFF
        self._attr_color_mode = mode
        self._attr_supported_color_modes = {mode}
        if self.feature.options:
            self._attr_supported_features = LightEntityFeature.EFFECT
            self._attr_effect_list = list(self.feature.options)
        value = self.told
        if not isinstance(value, Light):
            self._attr_is_on = value if isinstance(value, bool) else None
            return
        self._attr_is_on = value.on
        if value.level is not None:
            self._attr_brightness = round(percentage_to_ranged_value(BRIGHTNESS, value.level))
        if value.effect is not None:
            self._attr_effect = value.effect

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Light it, as bright and with the effect that was asked for."""
        level = None
        if (brightness := kwargs.get(ATTR_BRIGHTNESS)) is not None:
            level = max(1, ranged_value_to_percentage(BRIGHTNESS, brightness))
        await self.do(
            Set(self.feature.key, Light(on=True, level=level, effect=kwargs.get(ATTR_EFFECT)))
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Put it out."""
        await self.do(Set(self.feature.key, Light(on=False)))
