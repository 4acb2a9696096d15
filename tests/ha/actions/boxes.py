"""Where actions are called: the desk, that of a simulated box, and a camera with a card."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.cctv.const import DOMAIN
from custom_components.cctv.devices.model import BOX, PartId

LOGIN: Final = ("root", "p@ss:w/rd#")
BEGIN: Final = datetime(2026, 1, 5, 8, 30, tzinfo=dt_util.UTC)


@dataclass
class Desk:
    """Where actions are called, and what they are called for is looked up."""

    hass: HomeAssistant
    entry: MockConfigEntry

    async def call(
        self, action: str, /, *, by: MockUser | None = None, answer: bool = False, **data: Any
    ) -> Any:
        """Call an action, as somebody or as Home Assistant itself."""
        return await self.hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            context=Context(user_id=None if by is None else by.id),
            return_response=answer,
        )

    def entity(self, feature: str, domain: str = "camera") -> str:
        """Return the entity of a feature or stream."""
        found = er.async_get(self.hass).async_get_entity_id(domain, DOMAIN, f"S1:{feature}")
        assert found is not None, feature
        return found

    def device(self, part: PartId) -> str:
        """Return the device of a part in the registry."""
        found = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, f"S1:{part}"), self.entry.entry_id
        )
        assert found is not None, part
        return found.id


@dataclass
class BoxDesk(Desk):
    """The desk of a Home Assistant with a simulated box set up."""

    def device(self, part: str = BOX) -> str:
        """Return the device of a part in the registry."""
        found: str | None = self.entry.runtime_data.device_id(part)
        assert found is not None, part
        return found


def picture(scene: str, number: int) -> bytes:
    """Return something that begins and ends like a JPEG."""
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


def drawn(scene: str, number: int, size: tuple[int, int]) -> bytes:
    """Return such a picture, of whatever size."""
    return picture(f"{scene} {size}", number)


type SetUp = Callable[..., Coroutine[Any, Any, BoxDesk]]


class Camera:
    """A camera with a card, set up, and what is asked of it."""

    def __init__(self, box: Any, desk: BoxDesk, part: PartId = BOX) -> None:
        """Keep them."""
        self.part = part
        self.box = box
        self.desk = desk

    async def ask(self, action: str, /, **data: Any) -> dict[str, Any]:
        """Call an action at it; returns what it answers."""
        if "media_content_id" not in data:
            data["device_id"] = self.desk.device(self.part)
        told = await self.desk.call(action, answer=True, **data)
        (result,) = told["results"]
        return dict(result)

    async def listed(self, **data: Any) -> list[dict[str, Any]]:
        """List its recordings."""
        found: list[dict[str, Any]] = (await self.ask("list_recordings", **data))["recordings"]
        return found

    async def refused(self, action: str, /, **data: Any) -> HomeAssistantError:
        """Call what must fail."""
        with pytest.raises(HomeAssistantError) as caught:
            await self.ask(action, **data)
        return caught.value

    def bytes_of(self, row: dict[str, Any], number: int = 0) -> bytes:
        """Return a file of the card."""
        path = row["refs"][number]
        found = self.box.camera.card.find(path)
        assert found is not None, path
        made: bytes = found.make()
        return made


def moment(text: str) -> datetime:
    """Return a time as an answer tells it."""
    found = dt_util.parse_datetime(text)
    assert found is not None, text
    return found


def single(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest recording of one file."""
    return next(row for row in rows if len(row["refs"]) == 1 and row["container"] == "mp4")


def several(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest recording of more than one file."""
    return next(row for row in rows if len(row["refs"]) > 1)
