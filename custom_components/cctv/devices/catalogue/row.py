"""What a row of the catalogue is: a kind of feature, its unit, its vocabulary, how it rests."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a row is read, set or heard; each is one Home Assistant platform."""

    BINARY = "binary"
    MEASURE = "measure"
    LABEL = "label"
    MOMENT = "moment"
    SWITCH = "switch"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    TIME = "time"
    BUTTON = "button"
    EVENT = "event"
    LIGHT = "light"
    SIREN = "siren"
    LOCK = "lock"
    IMAGE = "image"
    SPEAKER = "speaker"
    FIRMWARE = "firmware"


class Unit(StrEnum):
    """The units that values are told in, whatever the device counts in."""

    PERCENT = "%"
    BYTES = "B"
    SECONDS = "s"
    MINUTES = "min"
    CELSIUS = "°C"
    DEGREES = "°"
    DAYS = "d"
    KILOBITS = "kbit/s"


SETTABLE: Final = frozenset(
    {Kind.SWITCH, Kind.NUMBER, Kind.CHOICE, Kind.TEXT, Kind.TIME, Kind.LIGHT, Kind.SIREN, Kind.LOCK}
)
"""The kinds that take a Set; a BUTTON takes a Press."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the catalogue."""

    key: str
    kind: Kind
    about: str
    unit: Unit | None = None
    options: tuple[str, ...] = ()
    """The closed vocabulary of a CHOICE, LABEL or EVENT."""
    rest: bool | int | str | None = None
    """The value it returns to by itself."""
    detects: bool = False
    """A rising edge is also a detection event of its camera."""
    quiet: float = 0
    """An event within so many seconds of the last is the same one."""
    minor: bool = False
    """For few people: disabled at first."""
    nested: bool = False
    """May sit below a camera more than once, so its name says where."""
    away: float = 0
    """Seconds for which the box may be gone after it was pressed."""


def binary(key: str, about: str, *, minor: bool = False, nested: bool = False) -> Row:
    """Something that is so or not, and rests."""
    return Row(key, Kind.BINARY, about, rest=False, minor=minor, nested=nested)


def detection(key: str, about: str, *, minor: bool = False, nested: bool = False) -> Row:
    """Something that is seen or heard."""
    return Row(key, Kind.BINARY, about, rest=False, detects=True, minor=minor, nested=nested)


def switch(key: str, about: str, *, minor: bool = False, nested: bool = False) -> Row:
    """Something that is switched on and off."""
    return Row(key, Kind.SWITCH, about, minor=minor, nested=nested)
