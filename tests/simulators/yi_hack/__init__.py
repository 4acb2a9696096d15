"""Simulated Yi cameras with yi-hack, written from docs/protocols/yi_hack.md alone."""

from tests.simulators.yi_hack.card import CardState
from tests.simulators.yi_hack.faults import Faults, NamesIn, Thumbs
from tests.simulators.yi_hack.mqtt import Message, Publish
from tests.simulators.yi_hack.personalities import PERSONALITIES
from tests.simulators.yi_hack.personality import Personality, Variant
from tests.simulators.yi_hack.server import YiHackSimulator
from tests.simulators.yi_hack.sound import Played

__all__ = [
    "PERSONALITIES",
    "CardState",
    "Faults",
    "Message",
    "NamesIn",
    "Personality",
    "Played",
    "Publish",
    "Thumbs",
    "Variant",
    "YiHackSimulator",
]
