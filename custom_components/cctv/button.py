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


def _care(key: str) -> ButtonEntityDescription:
    """Describe a button that looks after the device."""
    return ButtonEntityDescription(key=key, entity_category=EntityCategory.CONFIG)


DESCRIPTIONS: Final = by_key(
    ButtonEntityDescription(
        key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
    ),
    ButtonEntityDescription(key="sync_clock", entity_category=EntityCategory.CONFIG),
    ButtonEntityDescription(key="pulse"),
    _care("save_settings"),
    _care("apply_settings"),
    ButtonEntityDescription(key="take_snapshot"),
    ButtonEntityDescription(key="trigger_alert"),
    ButtonEntityDescription(key="trigger_detection"),
    ButtonEntityDescription(key="trigger_plugin"),
    _care("toggle_alert_mode"),
    ButtonEntityDescription(key="all_on"),
    ButtonEntityDescription(key="all_off"),
    ButtonEntityDescription(key="all_record"),
    ButtonEntityDescription(key="all_stop"),
    ButtonEntityDescription(key="all_alerts_on"),
    ButtonEntityDescription(key="all_alerts_off"),
    _care("apply_schedule"),
    ButtonEntityDescription(key="run"),
    ButtonEntityDescription(key="pan_left"),
    ButtonEntityDescription(key="pan_right"),
    ButtonEntityDescription(key="tilt_up"),
    ButtonEntityDescription(key="tilt_down"),
    ButtonEntityDescription(key="zoom_in"),
    ButtonEntityDescription(key="zoom_out"),
    ButtonEntityDescription(key="ptz_home"),
    ButtonEntityDescription(key="focus_now"),
    ButtonEntityDescription(key="wipe"),
    ButtonEntityDescription(key="open_door"),
    ButtonEntityDescription(key="answer_call"),
    ButtonEntityDescription(key="hang_up"),
    _care("flat_field"),
    _care("reset_count"),
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
