"""A unit at work: its box, and what listens and acts for it."""

from dataclasses import dataclass, field

from ..commands import Command
from ..model import PartId
from .box import Box
from .motion import Translator
from .moves import Head
from .pictures import Full
from .ports import Bank


@dataclass(slots=True)
class Unit:
    """What all the functions of this family are given."""

    box: Box
    full: Full
    commands: frozenset[type[Command]]
    """What can be done to the box itself."""
    translator: Translator = field(default_factory=Translator)
    learnt: float = 0
    """When everything was asked last (monotonic)."""
    inputs: Bank | None = None
    outputs: Bank | None = None
    heads: dict[PartId, Head] = field(default_factory=dict)
