"""Where what is played comes from: a file of Home Assistant's own, or an address on the web."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

import aiohttp
from homeassistant.components import media_source
from homeassistant.components.media_player.browse_media import async_process_play_media_url
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.network import is_hass_url
from yarl import URL

from .media.audio import SoundError

CHUNK_BYTES: Final = 1 << 16
TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=10, sock_read=30)


async def async_open(
    hass: HomeAssistant, media_id: str, entity_id: str
) -> Path | AsyncGenerator[bytes]:
    """Return the file, or the bytes of one. SoundError for an address of another kind."""
    if media_source.is_media_source_id(media_id):
        item = await media_source.async_resolve_media(hass, media_id, entity_id)
        if item.path is not None:
            return item.path
        media_id = item.url
    try:
        url = async_process_play_media_url(hass, media_id)
        parsed = URL(url)
    except ValueError:
        raise SoundError("it is no address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise SoundError("it is neither a media source nor a web address")
    return _async_download(hass, url)


async def _async_download(hass: HomeAssistant, url: str) -> AsyncGenerator[bytes]:
    """Yield what is at an address, which may hold a signature and so is never named."""
    # By the name it is reached by inside the house, Home Assistant's certificate is no good.
    session = async_get_clientsession(hass, verify_ssl=not is_hass_url(hass, url))
    try:
        async with session.get(url, timeout=TIMEOUT) as response:
            if response.status != 200:
                raise SoundError(f"it cannot be fetched (status {response.status})")
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                yield chunk
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise SoundError(f"it cannot be fetched ({type(error).__name__})") from None
