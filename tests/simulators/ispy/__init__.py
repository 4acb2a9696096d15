"""A simulated PC with iSpy, written from docs/protocols/ispy.md alone."""

from tests.simulators.ispy.faults import Faults, Gzip, OnCrash
from tests.simulators.ispy.objects import CAMERA, MICROPHONE, Recording, SpyObject
from tests.simulators.ispy.personalities import PERSONALITIES
from tests.simulators.ispy.personality import FileSeed, ObjectSeed, Personality
from tests.simulators.ispy.server import IspySimulator

__all__ = [
    "CAMERA",
    "MICROPHONE",
    "PERSONALITIES",
    "Faults",
    "FileSeed",
    "Gzip",
    "IspySimulator",
    "ObjectSeed",
    "OnCrash",
    "Personality",
    "Recording",
    "SpyObject",
]
