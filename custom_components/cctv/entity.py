"""What all entities share: their name, their device, when they are woken, how they act."""

from collections.abc import Callable, Mapping
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.catalogue import SETTABLE, row
from .devices.commands import Command
from .devices.model import Feature, FeatureId, PartId, Reported, Topology
from .parts import called, device_part, part_of


class CctvEntity(Entity):
    """One entity of a part, woken only when something it watches has changed."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, coordinator: CctvCoordinator, part: PartId, own_id: str) -> None:
        """Name it after the id of its feature or stream."""
        self.coordinator = coordinator
        self.part = part
        self.own_id = own_id
        self._attr_unique_id = f"{coordinator.anchor}:{own_id}"
        self._attr_device_info = coordinator.device_info(part)

    @property
    def wanted(self) -> frozenset[FeatureId]:
        """Return the features that are read while this entity is enabled."""
        return frozenset({self.own_id})

    @property
    def watched(self) -> frozenset[FeatureId]:
        """Return the features whose change is written."""
        return self.wanted

    @override
    async def async_added_to_hass(self) -> None:
        """Have its features read and hear of their changes, as long as it is enabled."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.runner.want(self.wanted))
        self.async_on_remove(self.coordinator.runner.watch(self.watched, self._changed))
        self.take_over()

    async def async_update(self) -> None:
        """Read its features now, because somebody asks for it by `homeassistant.update_entity`."""
        await self.coordinator.runner.refresh(self.wanted)

    @callback
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Stay as it is when the user renames it; nothing here depends on the name."""

    @callback
    def take_over(self) -> None:
        """Take over what the device says."""

    @callback
    def _changed(self) -> None:
        """Write what has changed."""
        self.take_over()
        self.async_write_ha_state()

    async def do(self, command: Command) -> None:
        """Do something to its part."""
        await self.coordinator.async_do(self.part, command)


class CctvFeatureEntity[DescriptionT: EntityDescription](CctvEntity):
    """The entity of one feature."""

    entity_description: DescriptionT

    def __init__(
        self, coordinator: CctvCoordinator, feature: Feature, description: DescriptionT
    ) -> None:
        """Describe it by its row, its name by where it sits."""
        super().__init__(coordinator, feature.part, feature.id)
        self.entity_description = description
        self._feature = feature
        kind = row(feature.key)
        self._attr_translation_key = feature.key
        self._place: str | None = None
        if kind.nested and device_part(coordinator.topology, feature.part) != feature.part:
            self._attr_translation_key = f"{feature.key}_of"
            self._take_place()
        minor = kind.minor if feature.minor is None else feature.minor
        self._attr_entity_registry_enabled_default = not minor
        self._attr_assumed_state = feature.blind and kind.kind in SETTABLE
        self.take_over()

    @override
    async def async_added_to_hass(self) -> None:
        """Hear also when its part is renamed, if it is named after that."""
        await super().async_added_to_hass()
        if self._place is not None:
            self.async_on_remove(self.coordinator.async_on_topology(self._renamed))

    @callback
    def _renamed(self) -> None:
        """Write the new name of its part; the user's own word for it stays."""
        if self._take_place():
            # Home Assistant makes a name once; nothing else tells it to do so again.
            self.__dict__.pop("name", None)
            self.async_write_ha_state()

    @callback
    def _take_place(self) -> bool:
        """Take over how its part is called; return whether that is new."""
        part = self.coordinator.topology.parts.get(self.part)
        place = self._place if part is None else called(part, self._feature.key)
        if place is None or place == self._place:
            return False
        self._place = place
        self._attr_translation_placeholders = {"part": place}
        return True

    @property
    def feature(self) -> Feature:
        """Return the feature as the device has it now, or last had it."""
        self._feature = self.coordinator.topology.features.get(self.own_id, self._feature)
        return self._feature

    @property
    def told(self) -> Reported:
        """Return what the feature is now."""
        reported: Reported = self.coordinator.state.value(self.own_id)
        return reported

    @property
    @override
    def available(self) -> bool:
        """Return whether the device tells it, or takes it blindly."""
        return self.coordinator.state.available(self.own_id)


@callback
def async_add_as_they_come[ThingT](
    entry: CctvConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    things: Callable[[Topology], Mapping[str, ThingT]],
    make: Callable[[CctvCoordinator, ThingT], Entity],
) -> None:
    """Add an entity for each thing that the device has, now and whenever it has more."""
    coordinator = entry.runtime_data
    added: set[str] = set()

    @callback
    def grow() -> None:
        topology = coordinator.topology
        # Entities go with their part only, so that one which comes back finds its own again.
        added.intersection_update([own_id for own_id in added if part_of(own_id) in topology.parts])
        new = {own_id: thing for own_id, thing in things(topology).items() if own_id not in added}
        added.update(new)
        add([make(coordinator, thing) for thing in new.values()])

    grow()
    entry.async_on_unload(coordinator.async_on_topology(grow))


@callback
def async_add_features[DescriptionT: EntityDescription](
    entry: CctvConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    entity: Callable[[CctvCoordinator, Feature, DescriptionT], Entity],
    descriptions: Mapping[str, DescriptionT],
) -> None:
    """Add an entity for each feature that these descriptions are for."""
    async_add_as_they_come(
        entry,
        add,
        lambda topology: {
            feature.id: feature
            for feature in topology.features.values()
            if feature.key in descriptions
        },
        lambda coordinator, feature: entity(coordinator, feature, descriptions[feature.key]),
    )


def by_key[DescriptionT: EntityDescription](
    *descriptions: DescriptionT,
) -> dict[str, DescriptionT]:
    """Return a table of descriptions by their key."""
    return {description.key: description for description in descriptions}
