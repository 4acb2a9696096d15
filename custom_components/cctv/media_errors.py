"""What a player is told when there is nothing to play: a status and a text in every language."""

from http import HTTPStatus
from typing import Final

from aiohttp import web
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .devices.errors import BadInput, Busy, CannotConnect, DeviceError, Gone, NoAnswer, Unsupported
from .errors import placeholders
from .media.source import MediaError
from .media_id import BadMediaId
from .spool import SpoolBusy, SpoolFull

FAULTS: Final = (
    BadMediaId,
    DeviceError,
    MediaError,
    OSError,
    SpoolBusy,
    SpoolFull,
)
"""All that can go wrong with a recording; TimeoutError, an OSError, says that others come first."""
RETRY_SECONDS: Final = 10

_UNKNOWN: Final = (HTTPStatus.NOT_FOUND, "media_unknown")
_OWN: Final[tuple[tuple[type[Exception], HTTPStatus, str], ...]] = (
    (BadMediaId, *_UNKNOWN),
    (BadInput, *_UNKNOWN),
    (Gone, *_UNKNOWN),
    (SpoolBusy, HTTPStatus.SERVICE_UNAVAILABLE, "media_busy"),
    (Busy, HTTPStatus.SERVICE_UNAVAILABLE, "media_busy"),
    (TimeoutError, HTTPStatus.SERVICE_UNAVAILABLE, "media_busy"),
    (SpoolFull, HTTPStatus.INSUFFICIENT_STORAGE, "media_no_room"),
    (OSError, HTTPStatus.INSUFFICIENT_STORAGE, "media_no_room"),
)
_DEVICE: Final[tuple[tuple[type[DeviceError], HTTPStatus], ...]] = (
    (CannotConnect, HTTPStatus.SERVICE_UNAVAILABLE),
    (NoAnswer, HTTPStatus.SERVICE_UNAVAILABLE),
    (Unsupported, HTTPStatus.NOT_FOUND),
)


def media_error(error: Exception, device: str) -> tuple[HTTPStatus, HomeAssistantError]:
    """Return the status and the text for what went wrong."""
    for kind, status, key in _OWN:
        if isinstance(error, kind):
            return status, _error(key, {"device": device})
    if isinstance(error, MediaError):
        return HTTPStatus.UNPROCESSABLE_ENTITY, _error(error.key, {"device": device})
    if isinstance(error, DeviceError):
        status = next(
            (status for kind, status in _DEVICE if isinstance(error, kind)), HTTPStatus.BAD_GATEWAY
        )
        return status, _error(error.key, placeholders(error, device))
    return HTTPStatus.UNPROCESSABLE_ENTITY, _error("media_damaged", {"device": device})


def refusal(error: Exception, device: str) -> web.Response:
    """Return the answer for what went wrong."""
    status, told = media_error(error, device)
    response = web.Response(status=status, text=str(told))
    response.headers["Cache-Control"] = "no-store"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _error(key: str, told: dict[str, str]) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=told
    )
