"""Simulated Amcrest and Dahua boxes, written from docs/protocols/amcrest.md alone."""

from tests.simulators.amcrest.faults import Faults, JsonStyle, Length, Subpath, TimeStyle
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.item import Damage, Item
from tests.simulators.amcrest.personalities import PERSONALITIES
from tests.simulators.amcrest.personality import Personality
from tests.simulators.amcrest.server import AmcrestSimulator
from tests.simulators.amcrest.state import Disk, Partition, Slot
from tests.simulators.amcrest.store import Store

__all__ = [
    "PERSONALITIES",
    "AmcrestSimulator",
    "Damage",
    "Disk",
    "Faults",
    "Item",
    "JsonStyle",
    "Length",
    "Partition",
    "Personality",
    "Refusal",
    "Slot",
    "Store",
    "Subpath",
    "TimeStyle",
]
