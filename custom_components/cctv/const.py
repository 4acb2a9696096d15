"""Names that several modules share."""

import logging
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "cctv"
LOGGER: Final = logging.getLogger(__package__)

# What never changes by itself: the entry's data, beside address, user and password.
CONF_ANCHOR: Final = "anchor"
CONF_FAMILY: Final = "family"
CONF_IDENTITIES: Final = "identities"
# What the user may change at any time: the entry's options, beside TLS and time zone.
CONF_CHANNELS: Final = "channels"
CONF_FAMILY_OPTIONS: Final = "family_options"
CONF_LEFT_OUT: Final = "left_out"

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LIGHT,
    Platform.LOCK,
    Platform.MEDIA_PLAYER,
    Platform.NOTIFY,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SIREN,
    Platform.SWITCH,
    Platform.TEXT,
    Platform.TIME,
    Platform.UPDATE,
]
