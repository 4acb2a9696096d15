"""What entities send."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .base import Command

if TYPE_CHECKING:
    from ..model import Light, Scalar


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
