"""Every kind of feature, a row each, by what it is about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import access, care, count, light, moments, move, picture, record, seen
from .row import SETTABLE, Kind, Row, Unit

__all__ = [
    "CATALOGUE",
    "ENGINE",
    "RECORDING_KINDS",
    "SETTABLE",
    "Kind",
    "Row",
    "Unit",
    "row",
]

_ROWS: Final = (
    *care.ROWS,
    *seen.ROWS,
    *moments.ROWS,
    *record.ROWS,
    *move.ROWS,
    *light.ROWS,
    *picture.ROWS,
    *access.ROWS,
    *count.ROWS,
)

CATALOGUE: Final[Mapping[str, Row]] = MappingProxyType({row.key: row for row in _ROWS})
"""All rows by key."""

RECORDING_KINDS: Final = (
    *(row.key for row in _ROWS if row.detects),
    "tamper",
    "input",
    "doorbell",
    "alarm",
    "scheduled",
    "manual",
    "timelapse",
    "other",
)
"""What may have triggered a recording: every detection, and what else starts one."""

ENGINE: Final = frozenset(
    {
        "online",
        "event_source",
        "detection",
        "last_recording",
        "recordings_today",
        "new_recording",
        "pan_left",
        "pan_right",
        "tilt_up",
        "tilt_down",
        "zoom_in",
        "zoom_out",
        "ptz_home",
        "ptz_step",
    }
)
"""The rows that the runner fills: `online` of the box alone, buttons of parts with a drive."""


def row(key: str) -> Row:
    """The row of a feature's key; KeyError for a key that is not in the catalogue."""
    return CATALOGUE[key]
