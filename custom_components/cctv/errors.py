"""The one place where errors of the device layer become errors of Home Assistant."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    ServiceValidationError,
)

from .const import DOMAIN
from .devices.errors import (
    BadInput,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Locked,
    Unsupported,
)


def placeholders(error: DeviceError, device: str) -> dict[str, str]:
    """Return what the text of an error may name: the device, the remark, the error's own values."""
    return {"device": device, "detail": str(error), **error.placeholders}


def action_error(error: DeviceError, device: str) -> HomeAssistantError:
    """Return the error that an action ends with; a wrong request is the user's to correct."""
    invalid = isinstance(error, BadInput | Forbidden | Unsupported)
    kind = ServiceValidationError if invalid else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders=placeholders(error, device),
    )


def setup_error(error: DeviceError, device: str) -> HomeAssistantError:
    """Return the error that a set-up ends with: ask for the login, give up, or try again."""
    kind: type[ConfigEntryAuthFailed | ConfigEntryError | ConfigEntryNotReady]
    match error:
        case Locked():
            # Nobody can do anything about it but wait.
            kind = ConfigEntryNotReady
        case InvalidAuth():
            kind = ConfigEntryAuthFailed
        case BadInput() | Forbidden() | Unsupported():
            kind = ConfigEntryError
        case _:
            # Also what is refused for no reason given, as with 500 while a camera starts.
            kind = ConfigEntryNotReady
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.key,
        translation_placeholders=placeholders(error, device),
    )


@contextmanager
def translated(device: str) -> Iterator[None]:
    """Turn what the device layer raises into an error that Home Assistant can show."""
    try:
        yield
    except DeviceError as error:
        raise action_error(error, device) from error
