"""What there is once for all devices: the key of ids, the caches on disk, the views."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .live_view import LiveView
from .media_id import async_setup_media_ids
from .playback import H264View, PlayView
from .shelf import Shelf
from .spool import SPOOL, Spool
from .thumbnails import MOST_BYTES, MOST_FILES, SHELF, PictureView, ThumbnailView


async def async_setup_media(hass: HomeAssistant) -> None:
    """Let recordings be named, played and seen."""
    await async_setup_media_ids(hass)
    cache = Path(hass.config.cache_path(DOMAIN))
    hass.data[SHELF] = Shelf(cache / "thumbnails", most_bytes=MOST_BYTES, most_files=MOST_FILES)
    hass.data[SPOOL] = Spool(hass, cache / "spool")
    await hass.data[SPOOL].clear()
    for view in (LiveView, PlayView, H264View, PictureView, ThumbnailView):
        hass.http.register_view(view)


async def async_forget_media(hass: HomeAssistant, entry_id: str) -> None:
    """Remove what is kept on disk of a device that was removed."""
    await hass.async_add_executor_job(hass.data[SHELF].forget, entry_id)
