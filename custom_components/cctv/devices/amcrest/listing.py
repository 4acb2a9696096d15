"""What the media finder lists (§4.11.5): items of a page, their kinds and times. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
import re
from sys import intern
from typing import Any, Final, NamedTuple

from ..catalogue import RECORDING_KINDS
from ..model import PartId, Recording
from ..when import to_utc
from . import refs, wire
from .features import ALARM, LEVELS, RINGING

PAGE: Final = 100
"""More than so many at once are cut or refused."""
_FOUND: Final = re.compile(r"\s*found\s*=\s*(\d{1,6})\b")
_MEMBER: Final = re.compile(
    r"\n[ \t]*items\[(\d{1,6})\]\.(StartTime|EndTime|FilePath|Type|Length|Channel|VideoStream"
    r"|(?:Flags|Events)\[\d{1,3}\])=([^\r\n]*)"
)
"""A line after another: the beginning of any line would be looked for at every character."""
_LISTS: Final = ("Flags", "Events")
_LETTER: Final = re.compile(r"\[([RMAH])\]", re.ASCII)
_SIZE_DIGITS: Final = 15
_MAIN: Final = frozenset({"", "main"})
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2100
"""What a clock that was never set may show, and what none does."""

_FLAGS: Final[Mapping[str, str]] = {"timing": "scheduled", "manual": "manual"}
"""What made the box record, by its flag; an Event is told by its code."""
_LETTERS: Final[Mapping[str, str]] = {
    "R": "scheduled",
    "M": "motion",
    "A": "alarm",
    "H": "manual",
}
"""The same by the first bracket of a path, which counts only where nothing else is said."""
_EVENTS: Final[Mapping[str, str]] = {
    **{code: level.row for code, level in LEVELS.items() if level.row in RECORDING_KINDS},
    **dict.fromkeys(RINGING, "doorbell"),
    ALARM: "input",
    "AlarmIPC": "alarm",
    "NetAlarm": "alarm",
}


class Item(NamedTuple):
    """One file of a page, in the device's words; its times are by the device's clock.

    A tuple, since thousands are made.
    """

    path: str
    start: datetime
    end: datetime
    type: str = ""
    stream: str = ""
    size: int | None = None
    channel: int | None = None
    flags: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def picture(self) -> bool:
        """Whether it is a picture."""
        return refs.container(self.path, self.type) == "jpeg"

    @property
    def main(self) -> bool:
        """Whether it is of the main stream, or of none in particular."""
        return self.stream.lower() in _MAIN


@dataclass(frozen=True, slots=True)
class Page:
    """The items of one answer, and how many the device says they are."""

    found: int
    items: tuple[Item, ...] = ()


# --- answers to items -----------------------------------------------------------------------


def found(text: str) -> int | None:
    """How many a page of findNextFile says that it has."""
    said = _FOUND.match(text)
    return int(said[1]) if said else None


def page(text: str) -> Page:
    """A page of findNextFile; what is no item, or has no time, is left out."""
    rows: dict[str, dict[str, str]] = {}
    for index, member, value in _MEMBER.findall(f"\n{text}"):
        row = rows.get(index)
        if row is None:
            row = rows[index] = {}
        row[member] = value
    items = tuple(one for row in rows.values() if (one := _item(row)) is not None)
    said = found(text)
    return Page(len(rows) if said is None else said, items)


def infos(params: Any) -> Page:
    """The same out of RPC2's params; Malformed members say nothing."""
    if not isinstance(params, dict):
        return Page(0)
    listed = params.get("infos")
    rows = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    said = params.get("found")
    items = tuple(one for row in rows[:PAGE] if (one := _item(_flat(row))) is not None)
    if not isinstance(said, int) or isinstance(said, bool):
        said = len(rows)
    return Page(said, items)


def _flat(row: Mapping[str, Any]) -> dict[str, str]:
    """A JSON item with the member names of the lines."""
    flat: dict[str, str] = {}
    for member, value in row.items():
        if member in _LISTS and isinstance(value, list):
            texts = [each for each in value[:16] if isinstance(each, str)]
            flat.update({f"{member}[{at}]": each for at, each in enumerate(texts)})
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            flat[member] = f"{value:.0f}" if isinstance(value, float) else str(value)
    return flat


def _item(row: Mapping[str, str]) -> Item | None:
    """An item by its members; None without a path or a time."""
    path = row.get("FilePath", "").strip()
    if not path or len(path) > refs.LONGEST:
        return None
    try:
        start = wire.moment(row.get("StartTime", ""))
    except ValueError:
        return None
    if not _FIRST_YEAR <= start.year < _LAST_YEAR:
        return None
    try:
        end = wire.moment(row.get("EndTime", ""))
    except ValueError:
        end = start
    if end.year >= _LAST_YEAR:
        end = start
    channel = row.get("Channel", "").strip()
    flags: list[str] = []
    events: list[str] = []
    for member, value in row.items():
        if member.endswith("]") and (word := value.strip()):
            # Thousands of files have the same few words.
            (flags if member.startswith("Flags") else events).append(intern(word))
    return Item(
        path,
        start,
        end,
        intern(row.get("Type", "").strip().lower()),
        intern(row.get("VideoStream", "").strip()),
        _size(row.get("Length", "")),
        int(channel) if channel.isdecimal() and len(channel) < 5 else None,
        tuple(flags),
        tuple(events),
    )


def _size(text: str) -> int | None:
    """A length in bytes, which may be written as a float."""
    whole = text.strip().partition(".")[0]
    return int(whole) if whole.isdecimal() and len(whole) <= _SIZE_DIGITS else None


# --- items to recordings --------------------------------------------------------------------


def kinds(item: Item, *, bell: bool = False) -> frozenset[str]:
    """What triggered it, by Flags and Events; by the path's letter where those say nothing."""
    found = _told(item.flags, item.events, bell)
    if found:
        return found
    letter = _LETTER.search(item.path)
    if letter is not None and not item.flags:
        return frozenset({_LETTERS[letter[1]]})
    return frozenset({"other"})


@lru_cache(maxsize=256)
def _told(flags: tuple[str, ...], events: tuple[str, ...], bell: bool) -> frozenset[str]:
    """What flags and events say: of thousands of files nearly all say the same."""
    found = {_FLAGS[flag.lower()] for flag in flags if flag.lower() in _FLAGS}
    for code in events:
        found.add("doorbell" if bell and code == ALARM else _EVENTS.get(code, "other"))
    return frozenset(found)


type _Row = tuple[Item, datetime, datetime, str | None]
"""An item, when it began and ended, and the ref of what shows it in small."""


def moments(
    items: Sequence[Item], zone: tzinfo, drift: timedelta
) -> list[tuple[Item, datetime, datetime]]:
    """Items of one kind, as listed, with their true times; oldest first.

    In an hour that comes twice the order tells which is meant: what is listed later began later.
    """
    ordered = list(items)
    if ordered and ordered[0].start > ordered[-1].start:
        ordered.reverse()
    told: list[tuple[Item, datetime, datetime]] = []
    before: datetime | None = None
    for item in ordered:
        before = to_utc(item.start, zone, drift, before)
        end = to_utc(item.end, zone, drift, before)
        told.append((item, before, max(before, end)))
    return told


def recordings(
    items: Iterable[Item],
    part: PartId,
    channel: int,
    zone: tzinfo,
    drift: timedelta,
    *,
    bell: bool = False,
) -> list[Recording]:
    """The recordings and pictures of a listing, oldest first."""
    return [*newest(items, part, channel, zone, drift, bell=bell)][::-1]


def newest(
    items: Iterable[Item],
    part: PartId,
    channel: int,
    zone: tzinfo,
    drift: timedelta,
    *,
    bell: bool = False,
    address: Callable[[str], str] | None = None,
) -> Iterator[Recording]:
    """The recordings and pictures of a listing, newest first, each made when it is asked for.

    `address` tells where players find the file at a path.
    """
    rows = _rows(items, channel, zone, drift)
    del items
    while rows:
        item, start, end, thumbnail = rows.pop()
        ref = refs.of(item, channel)
        kind = refs.container(item.path, item.type)
        picture = kind == "jpeg"
        yield Recording(
            refs=() if ref is None else (ref,),
            part=part,
            start=start,
            end=None if picture and end == start else end,
            kinds=kinds(item, bell=bell),
            size=item.size,
            container=kind,
            thumbnail=ref if picture else thumbnail,
            name=item.path,
            url=None if picture or ref is None or address is None else address(item.path),
        )


def _rows(items: Iterable[Item], channel: int, zone: tzinfo, drift: timedelta) -> list[_Row]:
    """Items with their true times, and what shows films in small; oldest first.

    What another stream recorded at the same time as the main one is the same recording. A picture
    that was taken while a recording ran is its thumbnail, and is listed on its own as well.
    """
    main: list[Item] = []
    other: list[Item] = []
    stills: list[Item] = []
    for item in items:
        (stills if item.picture else main if item.main else other).append(item)
    films = moments(main, zone, drift)
    extra = moments(other, zone, drift)
    pictures = moments(stills, zone, drift)
    spans = _Spans((start, end) for _, start, end in films)
    films += [each for each in sorted(extra, key=_start) if not spans.hold(each[1])]
    films.sort(key=_start)
    pictures.sort(key=_start)
    taken = _Shots(
        (start, ref) for one, start, _ in pictures if (ref := refs.of(one, channel)) is not None
    )
    rows: list[_Row] = [(*film, taken.within(film[1], film[2])) for film in films]
    rows += ((*picture, None) for picture in pictures)
    rows.sort(key=lambda row: row[1])
    return rows


def _start(row: tuple[Item, datetime, datetime]) -> datetime:
    """When an item with its times began."""
    return row[1]


class _Spans:
    """Which moments lie in one of some spans, asked in the order of time."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]]) -> None:
        self._spans = sorted(spans)
        self._at = 0

    def hold(self, moment: datetime) -> bool:
        """Whether one of them holds it."""
        while self._at < len(self._spans) and self._spans[self._at][1] <= moment:
            self._at += 1
        return self._at < len(self._spans) and self._spans[self._at][0] <= moment


class _Shots:
    """The first picture in a span, asked for spans in the order of their start."""

    def __init__(self, shots: Iterable[tuple[datetime, str]]) -> None:
        self._shots = list(shots)
        self._at = 0

    def within(self, start: datetime, end: datetime) -> str | None:
        """The ref of the first picture taken in the span."""
        while self._at < len(self._shots) and self._shots[self._at][0] < start:
            self._at += 1
        if self._at < len(self._shots) and self._shots[self._at][0] <= end:
            return self._shots[self._at][1]
        return None
