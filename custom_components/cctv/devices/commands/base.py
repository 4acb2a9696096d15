"""What a command is: its risk, what it brings, and what its parameters mean."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Risk(StrEnum):
    """Who may do it: anybody in control, an administrator, an administrator who confirms."""

    NONE = "none"
    ADMIN = "admin"
    DESTROYS = "destroys"


class Brings(StrEnum):
    """What it is done for, beside its effect: nothing, data to show, a file to keep."""

    NOTHING = "nothing"
    DATA = "data"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Param:
    """What a parameter means, its range and unit, the words it takes."""

    about: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str | None = None
    options: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """What is common: its risk, for how long (seconds) the box may be gone, what it brings."""

    risk: ClassVar[Risk] = Risk.NONE
    away: ClassVar[float] = 0
    brings: ClassVar[Brings] = Brings.NOTHING
