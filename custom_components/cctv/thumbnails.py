"""Pictures of recordings: small ones for the media browser, and those that a device has stored."""

import asyncio
from http import HTTPStatus
from time import monotonic
from typing import Final, override

from aiohttp import hdrs, web
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .coordinator import CctvCoordinator
from .devices.engine.pictures import kind
from .devices.errors import Gone, Malformed, Unsupported
from .devices.model import Ref
from .library import Library
from .media.source import MediaError
from .media.thumbnail import still
from .media_id import BadMediaId, Clip
from .playback import TURN_SECONDS, ClipView, tail
from .shelf import Shelf

MOST_BYTES: Final = 128 << 20
MOST_FILES: Final = 10_000
PICTURE_MOST_BYTES: Final = 16 << 20
WAIT_SECONDS: Final = 60.0
"""A page of recordings asks for all its thumbnails at once, and the device makes one at a time."""
FAILED_SECONDS: Final = 600.0
FAILED_MOST: Final = 1_000
SOUND: Final = frozenset({"mp3", "wav"})

SHELF: Final[HassKey[Shelf]] = HassKey(f"{DOMAIN}_thumbnails")


def thumbnail_path(entry_id: str, clip: Clip, payload: str) -> str | None:
    """Return the path of a recording's small picture; None of what has none, like sound."""
    if clip.container in SOUND and clip.thumbnail is None:
        return None
    return f"/api/{DOMAIN}/thumbnail/{tail(entry_id, clip, payload)}.jpg"


def picture_path(entry_id: str, clip: Clip, payload: str) -> str:
    """Return the path of a stored picture."""
    return f"/api/{DOMAIN}/picture/{tail(entry_id, clip, payload)}.jpg"


def shelf_of(hass: HomeAssistant) -> Shelf:
    """Return where thumbnails are kept."""
    return hass.data[SHELF]


class PictureView(ClipView):
    """Shows a stored picture."""

    url = f"/api/{DOMAIN}/picture/{{entry_id}}/{{part}}/{{payload}}/{{name}}"
    name = f"api:{DOMAIN}:picture"

    @override
    async def send(
        self, request: web.Request, coordinator: CctvCoordinator, clip: Clip, key: str
    ) -> web.StreamResponse:
        """Send the picture as it is stored."""
        if not clip.picture:
            raise BadMediaId("no picture")
        async with asyncio.timeout(TURN_SECONDS):
            body = await _fetched(coordinator.library, clip.refs[0])
        return _picture(request, body, key)


class ThumbnailView(ClipView):
    """Shows what is to be seen in a recording."""

    url = f"/api/{DOMAIN}/thumbnail/{{entry_id}}/{{part}}/{{payload}}/{{name}}"
    name = f"api:{DOMAIN}:thumbnail"

    def __init__(self) -> None:
        """Know of none that cannot be made."""
        self._failed: dict[str, float] = {}

    @override
    async def send(
        self, request: web.Request, coordinator: CctvCoordinator, clip: Clip, key: str
    ) -> web.StreamResponse:
        """Send it from the shelf, or make it: one at a time for each device."""
        hass, owner = coordinator.hass, coordinator.entry.entry_id
        shelf = shelf_of(hass)
        body = await hass.async_add_executor_job(shelf.get, owner, key)
        if body is not None:
            return _picture(request, body, key)
        if self._failed.get(key, 0) > monotonic():
            raise Gone("it has no picture")
        async with asyncio.timeout(WAIT_SECONDS), coordinator.library.thumbnails:
            body = await hass.async_add_executor_job(shelf.get, owner, key)
            if body is None:
                try:
                    body = await _made(coordinator.library, clip)
                except Gone, Malformed, MediaError, Unsupported:
                    self._fail(key)
                    raise
                await hass.async_add_executor_job(shelf.put, owner, key, body)
        return _picture(request, body, key)

    def _fail(self, key: str) -> None:
        """Leave the device alone with it for a while."""
        self._failed.pop(key, None)
        self._failed[key] = monotonic() + FAILED_SECONDS
        if len(self._failed) > FAILED_MOST:
            del self._failed[next(iter(self._failed))]


async def _made(library: Library, clip: Clip) -> bytes:
    """Return the device's own picture of a recording, else the first one in it."""
    if clip.thumbnail is not None:
        try:
            return await _fetched(library, clip.thumbnail)
        except Gone, Malformed, Unsupported:
            if clip.container in SOUND:
                raise
    if clip.picture:
        return await _fetched(library, clip.refs[0])
    async with library.opened(clip) as sources:
        return await still(sources[0])


async def _fetched(library: Library, ref: Ref) -> bytes:
    """Return a picture of the device. Malformed for what is none."""
    content = await library.async_fetch(ref)
    try:
        body = await content.read(PICTURE_MOST_BYTES)
    except ValueError as error:
        raise Malformed("the picture is too large") from error
    kind(body)
    return body


def _picture(request: web.Request, body: bytes, key: str) -> web.Response:
    """Return the answer with a picture; what it is its own first bytes say."""
    headers = {hdrs.CACHE_CONTROL: "private, max-age=86400", hdrs.ETAG: f'"{key}"'}
    if request.headers.get(hdrs.IF_NONE_MATCH) == headers[hdrs.ETAG]:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, content_type=kind(body), headers=headers)
