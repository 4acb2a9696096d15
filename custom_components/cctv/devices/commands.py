"""Everything that can be done to a part. A command is a value: its fields are its parameters."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from .model import Light, Scalar


class Risk(StrEnum):
    """Who may do it: anybody in control, an administrator, an administrator who confirms."""

    NONE = "none"
    ADMIN = "admin"
    DESTROYS = "destroys"


@dataclass(frozen=True, slots=True)
class Command:
    """What is common: its risk, and for how many seconds the box may be gone afterwards."""

    risk: ClassVar[Risk] = Risk.NONE
    away: ClassVar[float] = 0


@dataclass(frozen=True, slots=True)
class Set(Command):
    """Give a feature of the part a value, for so many seconds or until changed."""

    key: str
    value: Scalar | Light
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Press(Command):
    """Press a button of the part; `away` of the button's row says how long the box may be gone."""

    key: str


class Mode(StrEnum):
    """How a move is meant."""

    CONTINUOUS = "continuous"
    STEP = "step"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class PtzMove(Command):
    """Move: each axis −1…1 (absolute: degrees and times), speed 0…1, stopped by us after so many seconds."""

    pan: float = 0
    tilt: float = 0
    zoom: float = 0
    focus: float = 0
    iris: float = 0
    mode: Mode = Mode.CONTINUOUS
    speed: float = 0.5
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class PtzStop(Command):
    """Stop every axis."""
