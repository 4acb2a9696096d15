"""CCTV: cameras and recorders that speak HTTP."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .actions import async_setup_actions
from .const import DOMAIN, PLATFORMS
from .coordinator import CctvConfigEntry, CctvCoordinator
from .issues import IssueKeeper
from .media_setup import async_forget_media, async_setup_media
from .storage import EntryMemory

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions and views, which are there whatever is set up."""
    async_setup_actions(hass)
    await async_setup_media(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CctvConfigEntry) -> bool:
    """Open the device and make its entities."""
    coordinator = CctvCoordinator(hass, entry)

    async def stop(event: Event) -> None:
        """Leave the device in order when Home Assistant stops, even while it is being opened."""
        await coordinator.async_stop()

    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop))
    try:
        await coordinator.async_start()
        entry.runtime_data = coordinator
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    except BaseException:
        # An entry that is not loaded is not unloaded either: nobody else would leave the device.
        await coordinator.async_stop()
        raise
    return True


async def async_unload_entry(hass: HomeAssistant, entry: CctvConfigEntry) -> bool:
    """Take the entities away and leave the device."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.async_stop()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: CctvConfigEntry) -> None:
    """Forget what was remembered for the device."""
    await EntryMemory(hass, entry.entry_id).async_remove()
    await async_forget_media(hass, entry.entry_id)
    IssueKeeper(hass, entry.entry_id).forget()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: CctvConfigEntry, device: dr.AnyDeviceEntry
) -> bool:
    """Let the user remove what the device no longer has."""
    # Without the device nobody can tell; what it still has comes back with it.
    if entry.state is not ConfigEntryState.LOADED:
        return True
    return not entry.runtime_data.has_device(device)
