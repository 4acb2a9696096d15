"""What tests do and look at: let time pass, have the device say something, act, read a state."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from tests.devices.clock import FakeClock

from .fakes import FakeFamily


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity that has to be there."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


def attributes_of(hass: HomeAssistant, entity_id: str) -> dict[str, Any]:
    """Return the attributes of an entity that has to be there."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return dict(state.attributes)


async def pass_time(hass: HomeAssistant, clock: FakeClock, seconds: float = 0.1) -> None:
    """Let so much time pass for the device, and everything happen that follows."""
    await clock.advance(seconds)
    await hass.async_block_till_done()


async def say(hass: HomeAssistant, fake: FakeFamily, clock: FakeClock, *updates: object) -> None:
    """Have the device say something, and wait until it was heard."""
    fake.device.say(*updates)
    await pass_time(hass, clock)


async def act(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Perform an action at an entity."""
    domain, _, name = action.partition(".")
    await hass.services.async_call(domain, name, {"entity_id": entity_id, **data}, blocking=True)


async def enable(hass: HomeAssistant, clock: FakeClock, entry_id: str, *entity_ids: str) -> None:
    """Enable entities that few people want."""
    registry = er.async_get(hass)
    for entity_id in entity_ids:
        registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry_id)
    await pass_time(hass, clock, 0.5)
