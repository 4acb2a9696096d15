"""What a device asks to be remembered."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.cctv.storage import LIMIT_BYTES, SAVE_DELAY_SECONDS, EntryMemory


async def test_it_survives_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    memory = EntryMemory(hass, "e")
    await memory.async_load()
    assert memory.get("folder") is None
    memory.put("folder", {"day": 1})
    assert "cctv.e" not in hass_storage
    freezer.tick(SAVE_DELAY_SECONDS + 1)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert hass_storage["cctv.e"]["data"] == {"folder": {"day": 1}}

    again = EntryMemory(hass, "e")
    await again.async_load()
    assert again.get("folder") == {"day": 1}
    again.put("folder", None)
    await again.async_save()
    assert hass_storage["cctv.e"]["data"] == {}


async def test_what_has_not_changed_is_not_written(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    memory = EntryMemory(hass, "e")
    await memory.async_load()
    memory.put("nothing", None)
    await memory.async_save()
    assert "cctv.e" not in hass_storage


async def test_it_is_bounded(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    memory = EntryMemory(hass, "e")
    await memory.async_load()
    third = "x" * (LIMIT_BYTES // 3)
    for key in ("first", "second", "third"):
        memory.put(key, third)
    assert memory.get("first") is None
    assert memory.get("second") == memory.get("third") == third
    with pytest.raises(ValueError, match="limit"):
        memory.put("fourth", third * 3)
    assert memory.get("third") == third
    await memory.async_save()
