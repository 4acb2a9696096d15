"""The lists of recordings and grabs, and the clock that they are told in (§8). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
import re
from typing import Final

from ..errors import Malformed
from . import wire

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - the PC's own clock has no zone
_BEGIN: Final = datetime(1, 1, 1)  # noqa: DTZ001 - ticks count from here, in no zone
_TICKS: Final = 10
"""Ticks a microsecond."""
_LATEST: Final = 253_370_764_799_000
"""The last second of the year 9998: to the next year nothing can be added."""

_CONTENT: Final = re.compile(
    r"(?P<name>[^|]{1,400})\|(?P<size>\d{1,9}(?:[.,]\d{1,3})?) (?P<unit>GB|MB|KB|Bytes)"
    r"\|(?P<alarm>\d{1,9}[.,]\d{3})(?:,|$)"
)
_GRAPH: Final = re.compile(
    r"(?P<ms>\d{1,15})(?:[.,](?P<part>\d{1,4}))?\|(?P<alarm>\d{1,9}[.,]\d{3})\|(?P<seconds>\d{1,9})"
    r"\|(?P<name>[^|]{1,400}?)"
    r"(?=$|,\d{1,15}(?:[.,]\d{1,4})?\|\d{1,9}[.,]\d{3}\|\d{1,9}\|)"
)
_PREVIEW: Final = re.compile(
    r"(?P<name>[^|]{1,400})\|(?P<owner>[^|]{0,400})\|(?P<seconds>\d{1,9})(?:,|$)"
)
_COUNT: Final = re.compile(r"([12]),(-?\d{1,9}),(\d{1,9})")
_GRAB: Final = re.compile(
    r"(?P<owner>.{0,400}?)\|(?P<oid>-?\d{1,9})\|(?P<name>[^|]{1,400}?\.jpg)(?:,|$)",
    re.IGNORECASE | re.DOTALL,
)
_LEVELS: Final = re.compile(r'\("([\d.,Ee+-]*)","?(\d{0,9})"?,(\d{1,9}(?:[.,]\d{1,6})?)\)')
_STAMP: Final = re.compile(
    r"(?<!\d)(\d{4})-(\d\d)-(\d\d)_(\d\d)-(\d\d)-(\d\d)(?:_(\d{1,3}))?(?!\d)"
)
_UNITS: Final = {"Bytes": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
_JPG: Final = re.compile(r"(?<=\.jpg),", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A row of getcontentlist; its size is rounded by the program."""

    name: str
    size: int
    alarm: float


@dataclass(frozen=True, slots=True)
class Clip:
    """A row of graphall; `ended` is the PC's clock, which has no zone."""

    name: str
    ended: datetime
    seconds: int
    alarm: float


@dataclass(frozen=True, slots=True)
class Preview:
    """A row of previewlist."""

    name: str
    owner: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Grab:
    """A row of getgrabs."""

    oid: int
    name: str


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one recording, evenly over its length."""

    levels: tuple[float, ...]
    seconds: int
    threshold: float


def ticks(local: datetime) -> int:
    """A moment of the PC's clock as .NET ticks."""
    return (local - _BEGIN) // timedelta(microseconds=1) * _TICKS


def from_ms(ms: int) -> datetime:
    """A moment of the PC's clock from its milliseconds since 1970. Malformed if there is none."""
    if not 0 <= ms <= _LATEST:
        raise Malformed("a time outside the calendar")
    return EPOCH + timedelta(milliseconds=ms)


def stamp(name: str) -> datetime | None:
    """The moment of the PC's clock that a file's name tells; patterns can be edited by users."""
    found = _STAMP.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction = found.groups()
    try:
        return datetime(  # noqa: DTZ001 - the PC's own clock has no zone
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second),
            int((fraction or "0").ljust(3, "0")) * 1_000,
        )
    except ValueError:
        return None


def files(text: str) -> list[File]:
    """The rows of getcontentlist; nothing is the page that stands for it."""
    if wire.is_nothing(text) or not text.strip():
        return []
    return [
        File(
            row["name"],
            round(_number(row["size"]) * _UNITS[row["unit"]]),
            _number(row["alarm"]),
        )
        for row in _rows(_CONTENT, text.strip(), "files")
    ]


def clips(data: str) -> list[Clip]:
    """The rows of graphall, whose times print in the server's locale."""
    return [
        Clip(row["name"], from_ms(int(row["ms"])), int(row["seconds"]), _number(row["alarm"]))
        for row in _rows(_GRAPH, data, "recordings")
    ]


def previews(text: str) -> list[Preview]:
    """The rows of previewlist; OK is none."""
    text = text.strip()
    if text in ("", wire.OK) or wire.is_nothing(text):
        return []
    return [
        Preview(row["name"], row["owner"], int(row["seconds"]))
        for row in _rows(_PREVIEW, text, "previews")
    ]


def counts(text: str) -> list[tuple[int, int, int]]:
    """The rows of getcontentcounts: type, id, how many."""
    if wire.is_nothing(text) or not text.strip():
        return []
    found = []
    for row in text.strip().split("|"):
        one = _COUNT.fullmatch(row.strip())
        if one is None:
            raise Malformed("no counts")
        found.append((int(one[1]), int(one[2]), int(one[3])))
    return found


def grabs(data: str) -> list[Grab]:
    """The rows of getgrabs, whose names are not escaped: ids tell cameras apart."""
    return [Grab(int(row["oid"]), row["name"]) for row in _rows(_GRAB, data, "pictures")]


def camera_grabs(data: str) -> list[str]:
    """The file names of getcameragrabs."""
    return [name for name in _JPG.split(data.strip()) if name]


def levels(text: str) -> Levels | None:
    """What getgraph says of a recording, asked as (data,duration,threshold); None if unknown."""
    found = _LEVELS.fullmatch(text.strip())
    if found is None:
        raise Malformed("no levels")
    if not found[1]:
        return None
    try:
        numbers = tuple(float(each) for each in found[1].split(","))
    except ValueError as error:
        raise Malformed("no levels") from error
    return Levels(numbers, int(found[2] or 0), _number(found[3]))


def _rows(pattern: re.Pattern[str], text: str, what: str) -> list[re.Match[str]]:
    """Rows that join to the whole text; names may hold the commas that part the rows."""
    found: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        row = pattern.match(text, at)
        if row is None:
            raise Malformed(f"no list of {what}")
        found.append(row)
        at = row.end()
        if text[at : at + 1] == "," and text[at - 1] != ",":
            at += 1
    return found


def _number(text: str) -> float:
    """A number with a dot or, from some locales, a comma."""
    return float(text.replace(",", "."))
