"""Notifications: what a device speaks with its own voice."""

from typing import Final, override

from homeassistant.components.notify import NotifyEntity, NotifyEntityDescription
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CctvConfigEntry, CctvCoordinator
from .devices.commands import Say
from .devices.model import FeatureId, PartId, Topology
from .entity import CctvEntity, async_add_as_they_come, by_key
from .parts import lineage

PARALLEL_UPDATES = 1

SPEECH: Final = "speech"
DESCRIPTIONS: Final = by_key(NotifyEntityDescription(key=SPEECH))


def speakers(topology: Topology) -> dict[str, PartId]:
    """Return the parts that can speak, by the id of their entity."""
    return {f"{part.id}:{SPEECH}": part.id for part in topology.parts.values() if Say in part.can}


async def async_setup_entry(
    hass: HomeAssistant, entry: CctvConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the voices of a device."""
    async_add_as_they_come(entry, async_add_entities, speakers, CctvVoice)


class CctvVoice(CctvEntity, NotifyEntity):
    """A part that speaks a text."""

    _attr_supported_features = NotifyEntityFeature.TITLE

    def __init__(self, coordinator: CctvCoordinator, part: PartId) -> None:
        """Describe it; there is no feature behind it, for a voice has no state."""
        super().__init__(coordinator, part, f"{part}:{SPEECH}")
        self.entity_description = DESCRIPTIONS[SPEECH]
        self._attr_translation_key = SPEECH

    @property
    @override
    def wanted(self) -> frozenset[FeatureId]:
        """Return nothing: there is nothing to read."""
        return frozenset()

    @property
    @override
    def watched(self) -> frozenset[FeatureId]:
        """Return whether the device and the camera behind it answer."""
        return frozenset(f"{place}:online" for place in lineage(self.part))

    @property
    @override
    def available(self) -> bool:
        """Return whether the part answers and can still speak."""
        state = self.coordinator.state
        return state.reachable(self.part) and self.own_id in speakers(state.topology)

    @override
    async def async_added_to_hass(self) -> None:
        """Hear also when the part loses its voice, or finds it again."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_topology(self._changed))

    @callback
    @override
    def take_over(self) -> None:
        """Take over nothing; only whether it is available is written."""

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Speak it, the title first."""
        await self.do(Say(f"{title}. {message}" if title else message))
