"""The way from a stored recording to a player: bytes as they are, or made into MP4 on the way."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from hashlib import blake2b
from http import HTTPStatus
from typing import Final, override

from aiohttp import hdrs, web
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView

from .access import may_read
from .byte_range import Span, Unsatisfiable, span_of
from .const import DOMAIN, LOGGER
from .coordinator import CctvCoordinator
from .devices.model import PartId
from .library import Library
from .media.index import Index
from .media.remux import bound, remux
from .media.source import Source, pour
from .media_errors import FAULTS, refusal
from .media_id import BadMediaId, Clip, check_entry, media_ids, part_of_segment, part_segment
from .spool import SPOOL, Begin, Plan, promised

PASSED: Final = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}
"""What browsers play as it is stored; all else is made into MP4."""
MP4: Final = "video/mp4"
CACHED: Final = "private, max-age=600"
UNFINISHED: Final = "private, no-cache"
"""For what is still being made: its index is only put in when the rest is there."""

TURN_SECONDS: Final = 20.0
"""A viewer waits so long for the device to send the first bytes."""
SEND_SECONDS: Final = 600.0
"""A player that is paused takes nothing; after so long it has to ask again."""


def play_path(entry_id: str, clip: Clip, payload: str, *, h264: bool = False) -> str:
    """Return the path under which a recording is played; it ends like a file of its kind."""
    ending = clip.container if clip.container in PASSED and not h264 else "mp4"
    asked = "h264/" if h264 else ""
    return f"/api/{DOMAIN}/play/{asked}{tail(entry_id, clip, payload)}.{ending}"


def play_mime(clip: Clip, *, h264: bool = False) -> str:
    """Return the type of what is played."""
    return MP4 if h264 or len(clip.refs) > 1 else PASSED.get(clip.container, MP4)


def tail(entry_id: str, clip: Clip, payload: str) -> str:
    """Return the end of a path that names a clip."""
    return f"{entry_id}/{part_segment(clip.part)}/{payload}/{clip.start:%Y-%m-%dT%H-%M-%SZ}"


def found_coordinator(hass: HomeAssistant, entry_id: str, part: PartId) -> CctvCoordinator:
    """Return what runs a device that has this part. BadMediaId."""
    entry = hass.config_entries.async_get_entry(check_entry(entry_id))
    if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
        raise BadMediaId("no such entry")
    coordinator: CctvCoordinator = entry.runtime_data
    if part not in coordinator.topology.parts:
        raise BadMediaId("no such part")
    return coordinator


class ClipView(HomeAssistantView, ABC):
    """Answers for one clip, to who may see it."""

    async def get(
        self, request: web.Request, entry_id: str, part: str, payload: str, name: str
    ) -> web.StreamResponse:
        """Answer with the clip, or say why not; `name` is for people and players only."""
        hass = request.app[KEY_HASS]
        device = "CCTV"
        try:
            place = part_of_segment(part)
            clip = media_ids(hass).clip(check_entry(entry_id), place, payload)
            coordinator = found_coordinator(hass, entry_id, place)
            device = coordinator.entry.title
            if not may_read(hass, request[KEY_HASS_USER], coordinator, place):
                return web.Response(status=HTTPStatus.FORBIDDEN)
            return await self.send(request, coordinator, clip, key_of(entry_id, part, payload))
        except FAULTS as error:
            LOGGER.debug("%s: nothing to play (%s)", device, type(error).__name__)
            return refusal(error, device)

    async def head(
        self, request: web.Request, entry_id: str, part: str, payload: str, name: str
    ) -> web.StreamResponse:
        """Answer like `get`, without a body."""
        return await self.get(request, entry_id, part, payload, name)

    @abstractmethod
    async def send(
        self, request: web.Request, coordinator: CctvCoordinator, clip: Clip, key: str
    ) -> web.StreamResponse:
        """Send it; one of FAULTS only as long as nothing was sent."""


class PlayView(ClipView):
    """Plays a recording."""

    url = f"/api/{DOMAIN}/play/{{entry_id}}/{{part}}/{{payload}}/{{name}}"
    name = f"api:{DOMAIN}:play"
    hevc = True

    @override
    async def send(
        self, request: web.Request, coordinator: CctvCoordinator, clip: Clip, key: str
    ) -> web.StreamResponse:
        """Pass on what browsers play; make MP4 of the rest."""
        library = coordinator.library
        if clip.picture:
            raise BadMediaId("a picture")
        begin, mime = _converted(library, clip, hevc=self.hevc), MP4
        if clip.container in PASSED and len(clip.refs) == 1 and self.hevc:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(TURN_SECONDS):
                    (source,) = await stack.enter_async_context(library.opened(clip))
                # Some devices call a file what it is not.
                if source.container in PASSED:
                    mime = PASSED[source.container]
                    if source.size is not None:
                        return await _passed(request, source, source.size, key, mime)
                    begin = _copied(library, clip)
        return await _spooled(request, coordinator, f"{key}{self.hevc:d}", begin, mime)


class H264View(PlayView):
    """Plays a recording where H.265 is not understood."""

    url = f"/api/{DOMAIN}/play/h264/{{entry_id}}/{{part}}/{{payload}}/{{name}}"
    name = f"api:{DOMAIN}:play:h264"
    hevc = False


def key_of(entry_id: str, part: str, payload: str) -> str:
    """Return the name under which what comes of a clip is kept."""
    return blake2b(f"{entry_id}/{part}/{payload}".encode(), digest_size=16).hexdigest()


# --- bytes as they are stored


async def _passed(
    request: web.Request, source: Source, size: int, key: str, mime: str
) -> web.StreamResponse:
    """Pass on the bytes, or the range of them that is wanted."""
    etag = f'"{key}-{size:x}"'
    try:
        span = _span(request, size, etag)
    except Unsatisfiable:
        return _unsatisfiable(size)
    response = _response(span, mime, etag)
    if request.method == hdrs.METH_HEAD:
        return await _headers(request, response)
    return await _pour(request, response, _read(source, span))


async def _read(source: Source, span: Span) -> AsyncGenerator[bytes]:
    """Yield a span of a source, which is opened when the first bytes are wanted."""
    async with aclosing(pour(source, span.start, span.end)) as chunks:
        async for chunk in chunks:
            yield chunk


# --- bytes that are made


def _converted(library: Library, clip: Clip, *, hevc: bool) -> Begin:
    """Return how a clip is made into MP4."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[Plan]:
        async with library.opened(clip) as sources:
            most = bound(sources, hevc=hevc)
            index = Index(None if most is None else promised(most))
            chunks = remux(sources, hevc=hevc, length=clip.length, index=index)
            async with aclosing(chunks) as made:
                yield Plan(made, most=most, index=index)

    return begin


def _copied(library: Library, clip: Clip) -> Begin:
    """Return how a file is copied of which nobody knows how long it is."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[Plan]:
        async with library.opened(clip) as (source,), aclosing(pour(source)) as chunks:
            yield Plan(chunks)

    return begin


async def _spooled(
    request: web.Request, coordinator: CctvCoordinator, key: str, begin: Begin, mime: str
) -> web.StreamResponse:
    """Send what is being made, at the latest when it is there."""
    hass = coordinator.hass
    async with hass.data[SPOOL].view(key, coordinator.entry.entry_id, begin) as work:
        async with asyncio.timeout(TURN_SECONDS):
            await work.ready()
        size = work.size
        cached = CACHED if work.whole else UNFINISHED
        if size is None:
            # Nobody knows yet how long it will be: once it is there, it has ranges as well.
            response = web.StreamResponse(headers={hdrs.CACHE_CONTROL: cached})
            response.content_type = mime
            if request.method == hdrs.METH_HEAD:
                return await _headers(request, response)
            return await _pour(request, response, work.read(0, None))
        etag = f'"{key}-{size:x}"'
        try:
            span = _span(request, size, etag)
        except Unsatisfiable:
            return _unsatisfiable(size)
        response = _response(span, mime, etag if work.whole else f"W/{etag}", cached)
        if request.method == hdrs.METH_HEAD:
            return await _headers(request, response)
        return await _pour(request, response, work.read(span.start, span.end), slow=True)


# --- answers


def _span(request: web.Request, size: int, etag: str) -> Span:
    """Return the bytes that a request wants. Unsatisfiable."""
    wanted = request.headers.get(hdrs.RANGE) if request.method == hdrs.METH_GET else None
    if_range = request.headers.get(hdrs.IF_RANGE)
    if if_range is not None:
        # Who began while it was made goes on with it: nothing but the index is new.
        if_range = if_range.strip().removeprefix("W/")
    return span_of(wanted, size, etag=etag, if_range=if_range)


def _response(span: Span, mime: str, etag: str, cached: str = CACHED) -> web.StreamResponse:
    """Return the head of an answer with a span of bytes."""
    response = web.StreamResponse(
        status=HTTPStatus.PARTIAL_CONTENT if span.partial else HTTPStatus.OK,
        headers={**span.headers, hdrs.CACHE_CONTROL: cached, hdrs.ETAG: etag},
    )
    response.content_type = mime
    response.content_length = span.end - span.start
    return response


def _unsatisfiable(size: int) -> web.Response:
    """Return the answer to a range behind the end."""
    return web.Response(
        status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        headers={hdrs.CONTENT_RANGE: f"bytes */{size}", hdrs.ACCEPT_RANGES: "bytes"},
    )


async def _headers(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Send the head of an answer alone."""
    await response.prepare(request)
    await response.write_eof()
    return response


async def _pour(
    request: web.Request,
    response: web.StreamResponse,
    chunks: AsyncGenerator[bytes],
    *,
    slow: bool = False,
) -> web.StreamResponse:
    """Send it all; where that fails halfway, hang up, so that nobody takes the half for all.

    What is converted may be far from the wanted bytes yet (`slow`): the player waits with us.
    """
    async with aclosing(chunks):
        async with asyncio.timeout(None if slow else TURN_SECONDS):
            first = await anext(chunks, b"")
        await response.prepare(request)
        try:
            await _write(response, first)
            async for chunk in chunks:
                await _write(response, chunk)
            await response.write_eof()
        except FAULTS as error:
            LOGGER.debug("A recording broke off (%s)", type(error).__name__)
            if request.transport is not None:
                request.transport.abort()
    return response


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    """Send some bytes, unless the player takes none for too long."""
    async with asyncio.timeout(SEND_SECONDS):
        await response.write(chunk)
