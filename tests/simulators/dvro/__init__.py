"""A simulated DVR+O recorder PC, written from docs/protocols/dvro.md alone."""

from tests.simulators.dvro.faults import Amnesia, Booleans, Faults, Framing, JsonStyle, NoFolder
from tests.simulators.dvro.personality import PERSONALITIES, Personality
from tests.simulators.dvro.recorder import File, Recorder
from tests.simulators.dvro.server import DvroSimulator

__all__ = [
    "PERSONALITIES",
    "Amnesia",
    "Booleans",
    "DvroSimulator",
    "Faults",
    "File",
    "Framing",
    "JsonStyle",
    "NoFolder",
    "Personality",
    "Recorder",
]
