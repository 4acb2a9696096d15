"""Somebody in front of a browser: opens places, resolves, and asks for bytes as players do."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

type Place = dict[str, Any]


@dataclass(slots=True)
class Viewer:
    """A browser with its websocket."""

    http: TestClient[Any, Any]
    socket: MockHAClientWebSocket

    async def ask(self, kind: str, **told: Any) -> dict[str, Any]:
        """Ask over the websocket; returns the whole answer."""
        await self.socket.send_json_auto_id({"type": f"media_source/{kind}", **told})
        answer: dict[str, Any] = await self.socket.receive_json()
        return answer

    async def open(self, media_id: str = "media-source://cctv") -> Place:
        """Open a place of the media browser."""
        answer = await self.ask("browse_media", media_content_id=media_id)
        assert answer["success"], answer
        place: Place = answer["result"]
        return place

    async def walk(self, *titles: str) -> Place:
        """Open place after place, each by how its title begins."""
        place = await self.open()
        for title in titles:
            found = [one for one in place["children"] if one["title"].startswith(title)]
            assert found, (title, [one["title"] for one in place["children"]])
            place = await self.open(found[0]["media_content_id"])
        return place

    async def search(self, text: str, media_id: str = "media-source://cctv") -> list[Place]:
        """Search at a place."""
        answer = await self.ask("search_media", media_content_id=media_id, search_query=text)
        assert answer["success"], answer
        found: list[Place] = answer["result"]["result"]
        return found

    async def resolve(self, media_id: str) -> dict[str, str]:
        """Return the signed address and the type of what is played."""
        answer = await self.ask("resolve_media", media_content_id=media_id)
        assert answer["success"], answer
        told: dict[str, str] = answer["result"]
        return told

    async def get(self, url: str, wanted: str | None = None, **headers: str) -> ClientResponse:
        """Ask for an address, or a range of bytes of it."""
        told = {"Range": wanted} if wanted is not None else {}
        return await self.http.get(url, headers={**told, **headers})
