"""A control endpoint beside a simulator: ours, not the device's."""

from collections.abc import Awaitable, Callable, Mapping
import json
from typing import Any, Protocol, Self

from aiohttp import web

from tests.simulators.wire import HOST

type Payload = Mapping[str, Any]
type Verb = Callable[[Payload], Awaitable[object]]

_BODY_LIMIT = 1024 * 1024


class Controllable(Protocol):
    """What a simulator offers to be controlled from another process."""

    def verbs(self) -> Mapping[str, Verb]:
        """Names for POST and what each does with its JSON object."""

    def state(self) -> Mapping[str, object]:
        """What GET /state shows."""


class BadPayload(Exception):
    """The JSON object lacks a member or has one of the wrong type."""


def words(payload: Payload, name: str, default: str | None = None) -> str:
    """A text member."""
    value = payload.get(name, default)
    if not isinstance(value, str):
        raise BadPayload(f"{name} must be a text")
    return value


def number(payload: Payload, name: str, default: float | None = None) -> float:
    """A number member."""
    value = payload.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadPayload(f"{name} must be a number")
    return value


def flag(payload: Payload, name: str, default: bool) -> bool:
    """A boolean member."""
    value = payload.get(name, default)
    if not isinstance(value, bool):
        raise BadPayload(f"{name} must be true or false")
    return value


class Control:
    """Serves GET /state and POST /<verb> for one simulator on loopback."""

    def __init__(self, simulator: Controllable, port: int = 0) -> None:
        """Offer this simulator on a port (0: any free one)."""
        self.simulator = simulator
        self.port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where to send verbs."""
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Open the port."""
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.router.add_get("/state", self._state)
        app.router.add_post("/{verb}", self._verb)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start serving."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop serving."""
        await self.stop()

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(dict(self.simulator.state()))

    async def _verb(self, request: web.Request) -> web.Response:
        verb = self.simulator.verbs().get(request.match_info["verb"])
        if verb is None:
            return web.json_response({"error": "no such verb"}, status=404)
        try:
            payload = json.loads(await request.text() or "{}")
            if not isinstance(payload, dict):
                raise BadPayload("the body must be a JSON object")
            result = await verb(payload)
        except (BadPayload, ValueError, IndexError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(result)
