"""A client of Home Assistant's own REST and WebSocket API, as its user interface is one."""

import asyncio
from collections.abc import Mapping
from typing import Any, Self

import aiohttp
from yarl import URL

REQUEST_SECONDS = 60
"""A slow machine may take long; a dead Home Assistant must not hold us for ever."""


class ApiError(Exception):
    """Home Assistant refused, or answered what nobody expects."""


class Api:
    """One logged-in session; use it with `async with`."""

    def __init__(self, url: str) -> None:
        """Know where Home Assistant is."""
        self.url = url
        self.token = ""
        self._session = aiohttp.ClientSession(
            url, timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS), auto_decompress=True
        )
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._ear: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0

    async def __aenter__(self) -> Self:
        """Begin without a login."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        if self._ear is not None:
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        await self._session.close()

    async def onboard(self, name: str, user: str, password: str) -> None:
        """Make the owner's account and log in with a token that outlives the demonstration."""
        client = f"{self.url}/"
        answer = await self.json(
            "POST",
            "/api/onboarding/users",
            {
                "client_id": client,
                "name": name,
                "username": user,
                "password": password,
                "language": "en",
            },
        )
        grant = {
            "grant_type": "authorization_code",
            "code": answer["auth_code"],
            "client_id": client,
        }
        async with self._session.post("/auth/token", data=grant) as reply:
            self.token = (await self._checked(reply))["access_token"]
        await self._connect()
        self.token = await self.ask(
            "auth/long_lived_access_token", client_name="Demonstration", lifespan=365
        )

    async def json(self, method: str, path: str, body: Any = None) -> Any:
        """One REST request; its answer decoded."""
        async with self._session.request(method, path, json=body, headers=self._headers) as reply:
            return await self._checked(reply)

    async def fetch(self, path: str) -> tuple[str, bytes]:
        """The media type and the bytes behind a path."""
        async with self._session.get(path, headers=self._headers) as reply:
            if reply.status != 200:
                raise ApiError(f"GET {path.partition('?')[0]}: HTTP {reply.status}")
            return reply.content_type, await reply.read()

    async def signed(self, path: str, span: str | None = None) -> tuple[int, str, bytes]:
        """Status, media type and bytes behind a path that itself says who asks, as players do."""
        headers = {"Range": span} if span else {}
        async with self._session.get(URL(path, encoded=True), headers=headers) as reply:
            if reply.status not in (200, 206):
                raise ApiError(f"GET of a signed path: HTTP {reply.status}")
            return reply.status, reply.content_type, await reply.read()

    async def pictures(self, path: str, count: int) -> list[bytes]:
        """The first pictures of a stream of pictures."""
        found: list[bytes] = []
        async with self._session.get(path, headers=self._headers) as reply:
            if reply.status != 200:
                raise ApiError(f"GET {path}: HTTP {reply.status}")
            parts = aiohttp.MultipartReader.from_response(reply)
            while len(found) < count and (part := await parts.next()) is not None:
                if not isinstance(part, aiohttp.BodyPartReader):
                    raise ApiError(f"GET {path}: a part within a part")
                found.append(bytes(await part.read()))
            reply.close()
        return found

    async def ask(self, command: str, **fields: Any) -> Any:
        """One command over the WebSocket and its result."""
        if self._socket is None:
            raise ApiError("not logged in")
        self._number += 1
        number = self._number
        self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await self._socket.send_json({"id": number, "type": command, **fields})
                answer = await self._waiting[number]
        finally:
            del self._waiting[number]
        if not answer["success"]:
            raise ApiError(f"{command}: {answer['error']['message']}")
        return answer["result"]

    async def act(self, action: str, data: Mapping[str, Any]) -> None:
        """Perform an action, as a button of the user interface does."""
        await self.json("POST", f"/api/services/{action.replace('.', '/', 1)}", dict(data))

    async def answer(self, action: str, data: Mapping[str, Any]) -> Any:
        """Perform an action for what it answers."""
        path = f"/api/services/{action.replace('.', '/', 1)}?return_response"
        return (await self.json("POST", path, dict(data)))["service_response"]

    async def state(self, entity: str) -> str:
        """The state of an entity."""
        return str((await self.json("GET", f"/api/states/{entity}"))["state"])

    async def states(self) -> dict[str, dict[str, Any]]:
        """All states by entity id."""
        return {state["entity_id"]: state for state in await self.json("GET", "/api/states")}

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def _connect(self) -> None:
        socket = await self._session.ws_connect("/api/websocket", max_msg_size=64 << 20)
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": self.token})
        if (await socket.receive_json())["type"] != "auth_ok":
            await socket.close()
            raise ApiError("the WebSocket refused the token")
        self._socket = socket
        # Always read, so that its pings are answered also while nothing is asked.
        self._ear = asyncio.create_task(self._hear(socket))

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Give each result to whoever waits for it, until the socket closes."""
        async for message in socket:
            answer = message.json()
            waiting = self._waiting.get(answer.get("id", 0))
            if answer["type"] == "result" and waiting is not None and not waiting.done():
                waiting.set_result(answer)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ApiError("the WebSocket was closed"))

    @staticmethod
    async def _checked(reply: aiohttp.ClientResponse) -> Any:
        if reply.status >= 400:
            text = (await reply.text())[:500]
            raise ApiError(f"{reply.method} {reply.url.path}: HTTP {reply.status} {text}")
        return await reply.json()
