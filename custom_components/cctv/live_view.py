"""Live views without RTSP: what the device sends, made into an MP4 without an end."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from .access import may_read
from .const import DOMAIN, LOGGER
from .coordinator import CctvCoordinator
from .devices.errors import Gone
from .devices.model import Ref, Stream
from .media.remux import remux
from .media.source import Source
from .media_errors import FAULTS, refusal
from .media_id import part_of_segment, part_segment
from .playback import MP4, found_coordinator

FIRST_SECONDS: Final = 20.0
"""A player waits so long for the first pictures."""
SEND_SECONDS: Final = 30.0
"""A player that takes nothing for so long has gone, or is too slow for it."""
SIGNED: Final = timedelta(days=365)
"""A player asks for the same address for as long as it runs; it ends with Home Assistant."""
EVERYWHERE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - what is compared with
LOOPBACK: Final = "127.0.0.1"


def live_url(hass: HomeAssistant, entry_id: str, stream: Stream) -> str | None:
    """Return where players in this house find a stream; None while nothing is served."""
    api = hass.config.api
    if api is None:
        return None
    path = f"/api/{DOMAIN}/live/{entry_id}/{part_segment(stream.part)}/{stream.profile}.mp4"
    signed = async_sign_path(hass, quote(path, safe="/~"), SIGNED, use_content_user=True)
    host = LOOPBACK if api.host in EVERYWHERE else api.host
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if api.use_ssl else 'http'}://{host}:{api.port}{signed}"


class LiveView(HomeAssistantView):
    """Sends a live view for as long as somebody takes it."""

    url = f"/api/{DOMAIN}/live/{{entry_id}}/{{part}}/{{profile}}.mp4"
    name = f"api:{DOMAIN}:live"

    async def get(
        self, request: web.Request, entry_id: str, part: str, profile: str
    ) -> web.StreamResponse:
        """Answer with the pictures and the sound of now, or say why not."""
        hass = request.app[KEY_HASS]
        device = "CCTV"
        try:
            place = part_of_segment(part)
            coordinator = found_coordinator(hass, entry_id, place)
            device = coordinator.entry.title
            if not may_read(hass, request[KEY_HASS_USER], coordinator, place):
                return web.Response(status=HTTPStatus.FORBIDDEN)
            stream = coordinator.topology.streams.get(f"{place}:{profile}")
            if stream is None or stream.film is None:
                raise Gone("no such live view")
            async with aclosing(remux([_source(coordinator, stream.film)])) as made:
                return await _send(request, made)
        except FAULTS as error:
            LOGGER.debug("%s: nothing to show (%s)", device, type(error).__name__)
            return refusal(error, device)


def _source(coordinator: CctvCoordinator, film: Ref) -> Source:
    """Return a live view as something that is read on and on."""

    async def begin(start: int, end: int | None) -> AsyncIterator[bytes]:
        return (await coordinator.runner.fetch(film)).chunks

    return Source("dav", begin)


async def _send(request: web.Request, made: AsyncGenerator[bytes]) -> web.StreamResponse:
    """Send it as it is made; one of FAULTS only as long as nothing was sent."""
    async with asyncio.timeout(FIRST_SECONDS):
        piece = await anext(made)
    response = web.StreamResponse(headers={"Cache-Control": "no-store"})
    response.content_type = MP4
    await response.prepare(request)
    try:
        while True:
            async with asyncio.timeout(SEND_SECONDS):
                await response.write(piece)
            piece = await anext(made)
    except StopAsyncIteration:
        await response.write_eof()
    except FAULTS as error:
        LOGGER.debug("A live view broke off (%s)", type(error).__name__)
        if request.transport is not None:
            request.transport.abort()
    return response
