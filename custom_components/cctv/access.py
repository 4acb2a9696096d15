"""Who may see what a part has, by the rights over the entities that stand for it."""

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .coordinator import CctvCoordinator
from .devices.model import PartId
from .parts import device_part, part_of


def part_of_entity(coordinator: CctvCoordinator, entry: er.RegistryEntry) -> PartId:
    """Return the part that an entity of the registry is at."""
    return part_of(entry.unique_id.removeprefix(f"{coordinator.anchor}:"))


@callback
def entities_at(hass: HomeAssistant, coordinator: CctvCoordinator, part: PartId) -> set[str]:
    """Return the entities on the device that carries a part."""
    carrier = device_part(coordinator.topology, part)
    entries = er.async_entries_for_config_entry(er.async_get(hass), coordinator.entry.entry_id)
    return {
        entry.entity_id
        for entry in entries
        if not entry.disabled
        and device_part(coordinator.topology, part_of_entity(coordinator, entry)) == carrier
    }


@callback
def may_read(hass: HomeAssistant, user: User, coordinator: CctvCoordinator, part: PartId) -> bool:
    """Tell whether a user may see what a part has: who may read all entities of its device."""
    if user.is_admin:
        return True
    entities = entities_at(hass, coordinator, part)
    return bool(entities) and all(
        user.permissions.check_entity(entity_id, POLICY_READ) for entity_id in entities
    )
