"""What a device asks to be remembered, kept in one file per entry."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.storage import Store

from .const import DOMAIN, LOGGER
from .devices.env import JSON

VERSION: Final = 1
SAVE_DELAY_SECONDS: Final = 10
LIMIT_BYTES: Final = 256 << 10


class EntryMemory:
    """A memory that survives restarts; when it is full, what was put first goes first."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Begin empty, until loaded."""
        self._store: Store[dict[str, JSON]] = Store(hass, VERSION, f"{DOMAIN}.{entry_id}")
        self._kept: dict[str, JSON] = {}
        self._sizes: dict[str, int] = {}
        self._unsaved = False

    async def async_load(self) -> None:
        """Read what was kept before."""
        self._kept = await self._store.async_load() or {}
        self._sizes = {key: _size(key, value) for key, value in self._kept.items()}

    def get(self, key: str) -> JSON:
        """Return what was put, or None."""
        return self._kept.get(key)

    @callback
    def put(self, key: str, value: JSON) -> None:
        """Keep it; None forgets it. ValueError when it alone is more than the limit."""
        if self._kept.get(key) == value:
            return
        size = _size(key, value)
        if size > LIMIT_BYTES:
            raise ValueError(f"{key} needs {size} bytes, the limit is {LIMIT_BYTES}")
        self._forget(key)
        if value is not None:
            while sum(self._sizes.values()) + size > LIMIT_BYTES:
                oldest = next(iter(self._kept))
                LOGGER.debug("Memory is full, forgetting %s", oldest)
                self._forget(oldest)
            self._kept[key] = value
            self._sizes[key] = size
        self._unsaved = True
        self._store.async_delay_save(self._data, SAVE_DELAY_SECONDS)

    async def async_save(self) -> None:
        """Write what is not written yet."""
        if self._unsaved:
            await self._store.async_save(self._data())

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove()

    def _forget(self, key: str) -> None:
        self._kept.pop(key, None)
        self._sizes.pop(key, None)

    def _data(self) -> dict[str, JSON]:
        self._unsaved = False
        return dict(self._kept)


def _size(key: str, value: JSON) -> int:
    """Return how many bytes a value takes in the file."""
    return len(json_bytes({key: value}))
