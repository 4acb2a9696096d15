"""Our side: a real Home Assistant in this process, with the recorder as an entry of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import time
from typing import Any, Final

from homeassistant.bootstrap import async_setup_hass
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.runner import RuntimeConfig

from scripts.demo.home import Home, free_port

from .shapes import CHANNELS

DOMAIN: Final = "cctv"
STEPS: Final = 8


class Ours:
    """Keeps when each motion sensor was written, and what it then was."""

    def __init__(self, hass: HomeAssistant, sensors: dict[str, int]) -> None:
        """Watch these entities, each the sensor of a channel."""
        self.hass = hass
        self.heard: list[tuple[float, int, bool]] = []
        self._sensors = sensors
        hass.bus.async_listen("state_changed", self._written)

    @callback
    def _written(self, event: Event[EventStateChangedData]) -> None:
        now = time.perf_counter()
        channel = self._sensors.get(event.data["entity_id"])
        state = event.data["new_state"]
        if channel is not None and state is not None and state.state in ("on", "off"):
            self.heard.append((now, channel, state.state == "on"))

    async def reconnect(self) -> None:
        """Have the next stream begin now, and not when a cut one would be tried again."""
        for entry in self.hass.config_entries.async_entries(DOMAIN):
            await self.hass.config_entries.async_reload(entry.entry_id)
        # What the database still writes of the shape before would hold this one up.
        await get_instance(self.hass).async_block_till_done()

    def resting(self) -> bool:
        """Whether every sensor is available and off."""
        states = [self.hass.states.get(sensor) for sensor in self._sensors]
        return all(state is not None and state.state == "off" for state in states)


@asynccontextmanager
async def home(folder: Path, url: str, user: str, password: str) -> AsyncIterator[Ours]:
    """Raise Home Assistant, add the recorder through its flow, and stop it afterwards."""
    house = Home(folder, free_port())
    house.furnish()
    hass = await async_setup_hass(
        RuntimeConfig(config_dir=str(folder), skip_pip=True, log_file=str(house.log))
    )
    if hass is None:
        raise RuntimeError("Home Assistant did not start")
    await hass.async_start()
    try:
        await _add(hass, url, user, password)
        await hass.async_block_till_done()
        yield Ours(hass, _sensors(hass))
    finally:
        await hass.async_stop(force=True)


async def _add(hass: HomeAssistant, url: str, user: str, password: str) -> None:
    known = {"address": url, "url": url, "host": url, "username": user, "password": password}
    step: Any = await hass.config_entries.flow.async_init(DOMAIN, context={"source": "user"})
    for _ in range(STEPS):
        if step["type"] == "create_entry":
            return
        if step["type"] == "form" and not step.get("errors"):
            fields = {
                str(field): known[str(field)]
                for field in step["data_schema"].schema
                if str(field) in known
            }
            step = await hass.config_entries.flow.async_configure(step["flow_id"], fields)
        elif step["type"] == "progress":
            await asyncio.sleep(0.1)
            step = await hass.config_entries.flow.async_configure(step["flow_id"])
        else:
            break
    raise RuntimeError(f"the flow ended with {step}")


def _sensors(hass: HomeAssistant) -> dict[str, int]:
    """The motion sensor of each channel, by entity id."""
    found = {}
    for entity in er.async_get(hass).entities.values():
        if entity.platform == DOMAIN and entity.unique_id.endswith(":motion"):
            part = entity.unique_id.split(":")[-2]
            channel = int(part.rpartition(".")[2]) - 1
            if channel in CHANNELS:
                found[entity.entity_id] = channel
    if len(found) != len(CHANNELS):
        raise RuntimeError(f"motion sensors of channels {sorted(found.values())} only")
    return found
