"""Simulated boxes with recordings, and somebody who looks at them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from tests.ha.house import House, add
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.yi_box import tiny_loop, tiny_picture

from .viewer import Viewer

USER: Final = "viewer"
PASSWORD: Final = "p@ss:w/rd#"
NOW: Final = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)

type Move = Callable[..., Awaitable[House[Any]]]


@pytest.fixture
def cache(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return Home Assistant's cache folder, an empty one."""
    monkeypatch.setattr(hass.config, "cache_path", lambda *path: str(tmp_path.joinpath(*path)))
    return tmp_path / "cctv"


@pytest.fixture
async def move_in(hass: HomeAssistant, socket_enabled: None, cache: Path) -> AsyncIterator[Move]:
    """Return what starts a box and adds it by its dialogs; at the end all is closed."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    for needed in ("api", "websocket_api", "media_source"):
        assert await async_setup_component(hass, needed, {})
    houses: list[House[Any]] = []

    async def move(box: Any, **answers: str) -> House[Any]:
        await box.start()
        houses.append(House(hass, box, await add(hass, box.url, answers)))
        return houses[-1]

    yield move
    for house in houses:
        if house.entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(house.entry.entry_id)
        await house.box.stop()


@pytest.fixture
async def yi(move_in: Move) -> House[YiHackSimulator]:
    """Return a camera with recordings on its card."""
    box = YiHackSimulator("mstar", USER, PASSWORD, at=NOW, pictures=tiny_picture, loops=tiny_loop)
    return await move_in(box, username=USER, password=PASSWORD)


@pytest.fixture
async def ispy(move_in: Move) -> House[IspySimulator]:
    """Return a PC with several cameras."""
    return await move_in(IspySimulator("g3", at=NOW, pictures=tiny_picture))


@pytest.fixture
async def viewer(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    move_in: Move,
) -> Viewer:
    """Return an administrator in front of a browser."""
    return Viewer(await hass_client(), await hass_ws_client())
