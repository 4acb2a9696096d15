"""Simulated cameras with the IP Camera Open API, written from docs/protocols/open_api.md alone."""

from tests.simulators.open_api.faults import (
    Faults,
    Idle,
    IoStyle,
    NoWindows,
    Said,
    Separator,
    TimeStyle,
    UnknownGroup,
)
from tests.simulators.open_api.personality import PERSONALITIES, Personality
from tests.simulators.open_api.server import OpenApiSimulator
from tests.simulators.open_api.storage import Recording

__all__ = [
    "PERSONALITIES",
    "Faults",
    "Idle",
    "IoStyle",
    "NoWindows",
    "OpenApiSimulator",
    "Personality",
    "Recording",
    "Said",
    "Separator",
    "TimeStyle",
    "UnknownGroup",
]
