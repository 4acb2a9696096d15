"""What an action is done to: from the target that was named to parts, and who may do it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .access import entities_at, part_of_entity
from .const import DOMAIN
from .coordinator import CctvCoordinator
from .devices.model import BOX, Part, PartId
from .parts import lineage

type Able = Callable[[Part], bool]


@dataclass(frozen=True, slots=True)
class Target:
    """A part of a device that is set up."""

    coordinator: CctvCoordinator
    part: PartId

    @property
    def name(self) -> str:
        """Return how people know it."""
        title = self.coordinator.entry.title
        place = self.coordinator.topology.parts.get(self.part)
        if self.part == BOX or place is None:
            return title
        return f"{title} {place.name or self.part}"

    @property
    def device_id(self) -> str | None:
        """Return the device in the registry that carries it."""
        return self.coordinator.device_id(self.part)


@dataclass(frozen=True, slots=True)
class _Named:
    """Something that was named: where it is, the entity if it is one, and its name."""

    name: str
    target: Target
    entity_id: str | None = None


def refused(key: str, **told: str) -> ServiceValidationError:
    """Return the error of a request that cannot be done, with a text in every language."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=told
    )


async def async_targets(
    call: ServiceCall, able: Able, *, right: str = POLICY_CONTROL, admin: bool = False
) -> tuple[Target, ...]:
    """Return the parts that a call is for, each once; nothing was sent to any of them yet.

    What is named itself stands for the nearest part that is able, its own or one above it. What
    is in an area, on a floor or under a label stands for itself only, so that nobody resets the
    recorder in the cellar by way of a camera in the garden.
    """
    user = await _user(call)
    if admin and user is not None and not user.is_admin:
        raise Unauthorized(context=call.context)
    found: dict[tuple[str, PartId], Target] = {}
    for named, goes_up in _all(call):
        target = _nearest(named.target, able, goes_up=goes_up)
        if target is None:
            if goes_up:
                raise refused("cannot_do", target=named.name, action=_action(call))
            continue
        if user is not None and not user.is_admin:
            _check(call, user, named, target, right)
        found.setdefault((target.coordinator.entry.entry_id, target.part), target)
    if not found:
        raise refused("no_target", action=_action(call))
    return tuple(found.values())


async def async_allow(call: ServiceCall, target: Target, *, right: str) -> None:
    """Refuse a user who has not the right over a part that was named by something in it."""
    user = await _user(call)
    if user is not None and not user.is_admin:
        _check(call, user, _Named(target.name, target), target, right)


def nearest(call: ServiceCall, target: Target, able: Able) -> Target:
    """Return the part itself if it is able, else the nearest above it."""
    found = _nearest(target, able, goes_up=True)
    if found is None:
        raise refused("cannot_do", target=target.name, action=_action(call))
    return found


async def _user(call: ServiceCall) -> User | None:
    """Return who asks; None for Home Assistant itself."""
    if call.context.user_id is None:
        return None
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    return user


def _action(call: ServiceCall) -> str:
    """Return the action as people write it."""
    return f"{call.domain}.{call.service}"


@callback
def _all(call: ServiceCall) -> Iterator[tuple[_Named, bool]]:
    """Yield what a call names, and whether it was named itself."""
    hass = call.hass
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
    missing = {*selected.missing_areas, *selected.missing_floors, *selected.missing_labels}
    if missing:
        raise refused("not_found", target=", ".join(sorted(missing)))
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for entity_id in sorted(selected.referenced):
        yield _entity(hass, entities.async_get(entity_id), entity_id), True
    own = set()
    for device_id in sorted(selection.device_ids):
        for device in _devices(devices, device_id):
            own.add(device.id)
            yield _device(hass, device), True
    for device_id in sorted(selected.referenced_devices - own):
        given = devices.async_get(device_id)
        if given is not None and not given.disabled and _is_up(hass, given.config_entry_id):
            yield _device(hass, given), False
    for entity_id in sorted(selected.indirectly_referenced):
        entry = entities.async_get(entity_id)
        if entry is None or entry.disabled or entry.platform != DOMAIN:
            continue
        if _is_up(hass, entry.config_entry_id):
            yield _entity(hass, entry, entity_id), False


def _devices(registry: dr.DeviceRegistry, device_id: str) -> Iterable[dr.AnyDeviceEntry]:
    """Return our devices behind an id; one that several integrations shared stands for several."""
    given: list[dr.AnyDeviceEntry | None]
    given = [*registry.async_get_devices_for_composite_device_id(device_id)]
    given = given or [registry.async_get(device_id)]
    ours = [device for device in given if device is not None and _is_ours(device)]
    if not ours:
        raise refused("not_found", target=device_id)
    return ours


def _is_ours(device: dr.AnyDeviceEntry) -> bool:
    """Tell whether a device of the registry is one of this integration."""
    return any(domain == DOMAIN for domain, _ in device.identifiers)


@callback
def _is_up(hass: HomeAssistant, entry_id: str | None) -> bool:
    """Tell whether an entry is ours and set up."""
    entry = hass.config_entries.async_get_entry(entry_id) if entry_id else None
    return entry is not None and entry.domain == DOMAIN and entry.state is ConfigEntryState.LOADED


@callback
def _coordinator(hass: HomeAssistant, entry_id: str, name: str) -> CctvCoordinator:
    """Return what runs a device; refuse one that is not set up."""
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise refused("not_set_up", target=name)
    coordinator: CctvCoordinator = entry.runtime_data
    return coordinator


@callback
def _device(hass: HomeAssistant, device: dr.AnyDeviceEntry) -> _Named:
    """Return the part that a device stands for."""
    name = device.name_by_user or device.name or device.id
    if device.disabled:
        raise refused("disabled", target=name)
    coordinator = _coordinator(hass, device.config_entry_id, name)
    for part in sorted(coordinator.parts_of(device)):
        if part in coordinator.topology.parts:
            return _Named(name, Target(coordinator, part))
    raise refused("not_found", target=name)


@callback
def _entity(hass: HomeAssistant, entry: er.RegistryEntry | None, entity_id: str) -> _Named:
    """Return the part that an entity is at."""
    if entry is None or entry.platform != DOMAIN or entry.config_entry_id is None:
        raise refused("not_ours", target=entity_id)
    if entry.disabled:
        raise refused("disabled", target=entity_id)
    coordinator = _coordinator(hass, entry.config_entry_id, entity_id)
    return _Named(entity_id, Target(coordinator, part_of_entity(coordinator, entry)), entity_id)


def _nearest(target: Target, able: Able, *, goes_up: bool) -> Target | None:
    """Return the part itself if it is able, else the nearest above it."""
    parts = target.coordinator.topology.parts
    if target.part not in parts:
        return None
    for place in lineage(target.part) if goes_up else (target.part,):
        if place in parts and able(parts[place]):
            return Target(target.coordinator, place)
    return None


@callback
def _check(call: ServiceCall, user: User, named: _Named, target: Target, right: str) -> None:
    """Refuse a user who has not the right over what was named, and what it is done to.

    An entity at the very part speaks for it; otherwise all entities of the part's device do.
    """
    needed = {named.entity_id} if named.entity_id is not None else set()
    if not needed or named.target != target:
        needed |= entities_at(call.hass, target.coordinator, target.part)
    if not needed:
        raise Unauthorized(context=call.context, permission=right)
    for entity_id in sorted(needed):
        if not user.permissions.check_entity(entity_id, right):
            raise Unauthorized(context=call.context, entity_id=entity_id, permission=right)
