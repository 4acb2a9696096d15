"""A simulated device and its entry, added by its dialogs."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant import config_entries
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event

from custom_components.cctv.const import DOMAIN
from custom_components.cctv.devices.engine.state import EVENT_SOURCE, poll_source
from custom_components.cctv.devices.model import Need
from tests.devices.clock import FakeClock

DEADLINE_SECONDS: Final = 20
LOOK_SECONDS: Final = 0.01
SURVEYED_SECONDS: Final = 30
"""What can wait is asked no later than this after the start."""


async def eventually(condition: Callable[[], object]) -> None:
    """Look until something has become true that nobody tells of."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(LOOK_SECONDS)


@dataclass
class House[B]:
    """A simulated box and its entry."""

    hass: HomeAssistant
    box: B
    entry: ConfigEntry[Any]

    def entities(self) -> list[er.RegistryEntry]:
        """Return its entities in the registry."""
        return er.async_entries_for_config_entry(er.async_get(self.hass), self.entry.entry_id)

    def find(self, domain: str, feature: str) -> str | None:
        """Return the entity of a feature or stream, if there is one."""
        unique = f"{self.entry.runtime_data.anchor}:{feature}"
        return er.async_get(self.hass).async_get_entity_id(domain, DOMAIN, unique)

    def id_of(self, domain: str, feature: str) -> str:
        """Return the entity of a feature or stream."""
        found = self.find(domain, feature)
        assert found is not None, f"{domain} {feature}"
        return found

    async def until(self, entity_id: str, wanted: str | Callable[[str], bool]) -> None:
        """Wait until an entity is in a state, or in one that is as wanted."""
        there = asyncio.Event()

        @callback
        def look(event: Event[EventStateChangedData] | None = None) -> None:
            state = self.hass.states.get(entity_id)
            if state is not None and (
                wanted(state.state) if callable(wanted) else state.state == wanted
            ):
                there.set()

        release = async_track_state_change_event(self.hass, entity_id, look)
        try:
            look()
            async with asyncio.timeout(DEADLINE_SECONDS):
                await there.wait()
        finally:
            release()

    async def heard(self) -> None:
        """Wait until the feeds are up, which they are when all that they tell was read as well."""
        coordinator = self.entry.runtime_data
        await eventually(lambda: coordinator.state.value(EVENT_SOURCE) is True)

    async def known(self, clock: FakeClock) -> None:
        """Wait until also that was asked which a device is asked a little after its start."""
        coordinator = self.entry.runtime_data
        polls = coordinator.topology.polls.values()
        always = [poll for poll in polls if poll.need is Need.ALWAYS]
        survey = poll_source(max(always, key=lambda poll: poll.every).name)
        await clock.advance(SURVEYED_SECONDS)
        await eventually(lambda: survey in coordinator.state.health)
        await self.hass.async_block_till_done()

    # --- what it has become

    def devices(self) -> list[dict[str, Any]]:
        """Return its devices, without what differs each time."""
        listed = self._devices()
        names = {device.id: device.name for device in listed}
        return [
            {
                "identifiers": sorted(
                    (domain, self._plain(value)) for domain, value in device.identifiers
                ),
                "name": device.name,
                "maker": device.manufacturer,
                "model": device.model,
                "firmware": device.sw_version,
                "hardware": device.hw_version,
                "serial": device.serial_number,
                "via": names.get(device.via_device_id or ""),
            }
            for device in sorted(listed, key=lambda one: sorted(one.identifiers))
        ]

    def listing(self) -> dict[str, str]:
        """Return its entities in a line each."""
        names = self._names()
        return {
            entity.entity_id: (
                f"{self._plain(entity.unique_id)} on {names[entity.device_id or '']}: "
                f"{entity.original_name}, {entity.original_device_class}, "
                f"{entity.entity_category}, {'disabled' if entity.disabled else 'enabled'}"
            )
            for entity in sorted(self.entities(), key=lambda one: one.entity_id)
        }

    def count(self) -> dict[str, int]:
        """Return how many entities of each kind there are, on and off."""
        counted = Counter(
            f"{entity.domain} {'off' if entity.disabled else 'on'}" for entity in self.entities()
        )
        return dict(sorted(counted.items()))

    def _devices(self) -> list[dr.DeviceEntry]:
        return dr.async_entries_for_config_entry(dr.async_get(self.hass), self.entry.entry_id)

    def _names(self) -> dict[str, str | None]:
        """Return the names of its devices, and of the lenses that hang on them."""
        registry = dr.async_get(self.hass)
        return {
            one.id: one.name
            for device in self._devices()
            for one in (device, *dr.async_entries_for_parent_device(registry, device.id))
        }

    def _plain(self, unique: str) -> str:
        return unique.replace(self.entry.entry_id, "ENTRY")


async def add(hass: HomeAssistant, url: str, known: Mapping[str, Any]) -> ConfigEntry[Any]:
    """Go through the dialogs with what is known, and else with what they propose."""
    step = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    given = {"url": url, **known}
    while step["type"] is FlowResultType.FORM:
        assert not step["errors"], (step["step_id"], step["errors"])
        schema = step["data_schema"]
        assert schema is not None
        names = {str(marker) for marker in schema.schema}
        answers = {name: value for name, value in given.items() if name in names}
        step = await hass.config_entries.flow.async_configure(step["flow_id"], answers)
    assert step["type"] is FlowResultType.CREATE_ENTRY, step
    await hass.async_block_till_done()
    entry = step["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry
