"""The cameras of a recorder, as they are offered to choose from."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_get_translations

from .const import CONF_ANCHOR, CONF_LEFT_OUT, DOMAIN
from .coordinator import CctvConfigEntry
from .devices.model import Part, PartKind


async def async_channels(hass: HomeAssistant, parts: Iterable[Part]) -> dict[str, str]:
    """Return the cameras of a recorder by part, named as their devices will be."""
    texts = await async_get_translations(hass, hass.config.language, "device", {DOMAIN})
    unnamed = texts[f"component.{DOMAIN}.device.camera.name"]
    return {
        part.id: part.name or unnamed.format(number=part.token)
        for part in parts
        if part.kind is PartKind.CAMERA
    }


def known_channels(hass: HomeAssistant, entry: CctvConfigEntry) -> dict[str, str]:
    """Return the cameras of an entry, also those left out, and while nothing answers."""
    known = _registered(hass, entry) | entry.options.get(CONF_LEFT_OUT, {})
    return dict(sorted(known.items(), key=_place))


def _registered(hass: HomeAssistant, entry: CctvConfigEntry) -> dict[str, str]:
    """Return the cameras that have a device."""
    prefix = f"{entry.data[CONF_ANCHOR] or entry.entry_id}:{PartKind.CAMERA}."
    registry = dr.async_get(hass)
    return {
        f"{PartKind.CAMERA}.{token}": device.name_by_user or device.name or token
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        for domain, value in device.identifiers
        if domain == DOMAIN
        and value.startswith(prefix)
        and "/" not in (token := value.removeprefix(prefix))
    }


def _place(channel: tuple[str, str]) -> tuple[int, str]:
    """Return where a camera stands in a list: 'camera.2' before 'camera.10'."""
    return len(channel[0]), channel[0]
