"""What a search means: kinds, a time, and what is left over as the names of cameras. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
import re
from typing import Final

from .media_words import Words

TEXT_MOST: Final = 200
TOKENS_MOST: Final = 20
_TOKEN: Final = re.compile(r"[^\s,;]+")

FILLERS: Final = frozenset(
    {
        *("a", "all", "at", "from", "in", "last", "of", "on", "show", "the", "this"),
        *("am", "der", "die", "das", "den", "dem", "diese", "diesem", "diesen", "dieser"),
        *("im", "letzte", "letzten", "letzter", "um", "uhr", "vom", "von", "zeige"),
    }
)
"""Words that say nothing, in English and German."""

DAYPARTS: Final[Mapping[str, tuple[int, int]]] = {
    "morning": (5, 12),
    "noon": (11, 14),
    "afternoon": (12, 18),
    "evening": (17, 23),
    "night": (21, 30),
}
"""From which hour to which; the night goes on into the next day."""
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS_AGO: Final[Mapping[str, int]] = {"today": 0, "yesterday": 1, "day_before_yesterday": 2}
SPANS: Final[Mapping[str, timedelta]] = {"hour": timedelta(hours=1), "week": timedelta(days=7)}
NEAR: Final = timedelta(minutes=15)
"""Who names a minute means about that time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched: any of the kinds (with the words used for them), a time, names."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    names: tuple[str, ...] = ()

    def kinds_at(self, name: str) -> frozenset[str]:
        """Return the kinds to look for at a camera; a word that is its name means the camera."""
        return frozenset(kind for kind, word in self.kinds.items() if word not in name.casefold())

    def is_named(self, name: str) -> bool:
        """Tell whether a camera of this name is meant."""
        folded = name.casefold()
        return all(word in folded for word in self.names)


@dataclass(slots=True)
class _Heard:
    """What was understood so far."""

    kinds: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    day: date | None = None
    month: tuple[int, int] | None = None
    part: str | None = None
    hours: tuple[time, bool] | None = None
    """A time of day, and whether its minutes were named."""
    back: timedelta | None = None


def understand(text: str, words: Words, now: datetime) -> Wanted:
    """Return what a search means at a moment, which is given on the device's clock."""
    tokens = [found[0] for found in _TOKEN.finditer(text[:TEXT_MOST].casefold())][:TOKENS_MOST]
    heard = _Heard()
    at = 0
    while at < len(tokens):
        at += (
            _number(tokens[at:], heard, now)
            or _phrase(tokens[at:], words.spoken_times, lambda key, _: _time(key, heard, now))
            or _phrase(tokens[at:], words.spoken_kinds, heard.kinds.setdefault)
            or _rest(tokens[at], heard)
        )
    start, end = _span(heard, now)
    return Wanted(heard.kinds, start, end, tuple(heard.names))


def _rest(token: str, heard: _Heard) -> int:
    """Take what is no other word as a name, unless it says nothing."""
    if token not in FILLERS:
        heard.names.append(token)
    return 1


def _phrase(
    tokens: Sequence[str],
    spoken: Mapping[str, tuple[str, ...]],
    take: Callable[[str, str], object],
) -> int:
    """Take the longest phrase that these tokens begin with; return how many it has."""
    best = 0
    meant = ("", "")
    for key, phrases in spoken.items():
        for phrase in phrases:
            parts = phrase.split()
            if best < len(parts) <= len(tokens) and all(map(_is, tokens, parts, strict=False)):
                best, meant = len(parts), (key, " ".join(tokens[: len(parts)]))
    if best:
        take(*meant)
    return best


def _is(token: str, word: str) -> bool:
    """Tell whether a word is meant, which may have a short ending: persons, Fahrzeuge, mornings."""
    if token == word:
        return True
    return len(word) > 3 and token.startswith(word) and len(token) - len(word) <= 2


def _time(key: str, heard: _Heard, now: datetime) -> None:
    """Take a word of time."""
    if key in DAYS_AGO:
        heard.day = now.date() - timedelta(days=DAYS_AGO[key])
    elif key in WEEKDAYS:
        heard.day = now.date() - timedelta(days=(now.weekday() - WEEKDAYS.index(key)) % 7)
    elif key in DAYPARTS:
        heard.part = key
    elif key in SPANS:
        heard.back = SPANS[key]


_ISO: Final = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?)(?:t(\d\d)(?::?(\d\d))?\S*)?)?")
_DOTTED: Final = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})?")
_CLOCK: Final = re.compile(r"(\d\d?):(\d\d)(?::\d\d)?")
_HOUR: Final = re.compile(r"(\d\d?)(h|uhr|am|pm)?")


def _number(tokens: Sequence[str], heard: _Heard, now: datetime) -> int:
    """Take a date or an hour; return how many tokens it has."""
    token = tokens[0]
    try:
        if found := _ISO.fullmatch(token):
            year, month = int(found[1]), int(found[2])
            if found[3] is None:
                date(year, month, 1)
                heard.month = (year, month)
                return 1
            heard.day = date(year, month, int(found[3]))
            if found[4] is not None:
                heard.hours = (time(int(found[4]), int(found[5] or 0)), found[5] is not None)
            return 1
        if found := _DOTTED.fullmatch(token):
            day = date(int(found[3] or now.year), int(found[2]), int(found[1]))
            if found[3] is None and day > now.date():
                day = day.replace(year=now.year - 1)
            heard.day = day
            return 1
        if found := _CLOCK.fullmatch(token):
            heard.hours = (time(int(found[1]), int(found[2])), True)
            return 1
        if found := _HOUR.fullmatch(token):
            return _hour(int(found[1]), found[2], tokens[1:2], heard)
    except ValueError:
        pass
    return 0


def _hour(hour: int, unit: str | None, after: Sequence[str], heard: _Heard) -> int:
    """Take an hour with its unit, in the same token or the next one. ValueError."""
    used = 1
    if unit is None:
        if not after or after[0] not in ("h", "uhr", "am", "pm"):
            return 0
        unit, used = after[0], 2
    if unit in ("am", "pm"):
        if not 1 <= hour <= 12:
            return 0
        hour = hour % 12 + (12 if unit == "pm" else 0)
    heard.hours = (time(hour), False)
    return used


def _span(heard: _Heard, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from when to when, on the device's clock."""
    if heard.back is not None:
        return now - heard.back, now
    if heard.month is not None and heard.day is None:
        year, month = heard.month
        first = date(year, month, 1)
        return _at(first, 0, now), _at((first + timedelta(days=31)).replace(day=1), 0, now)
    if heard.hours is not None:
        return _near(*heard.hours, heard.day or now.date(), now)
    if heard.part is not None:
        begin, end = DAYPARTS[heard.part]
        day = heard.day
        if day is None:
            # What is still to come was yesterday.
            day = now.date() - timedelta(days=int(now < _at(now.date(), begin, now)))
        return _at(day, begin, now), _at(day, end, now)
    if heard.day is not None:
        return _at(heard.day, 0, now), _at(heard.day, 24, now)
    return None, None


def _near(
    clock: time, minutes: bool, day: date, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return an hour, or the minutes around a time of day."""
    at = datetime.combine(day, clock, now.tzinfo)
    if minutes:
        return at - NEAR, at + NEAR
    return at, _at(day, clock.hour + 1, now)


def _at(day: date, hour: int, now: datetime) -> datetime:
    """Return an hour of a day, which may be one of the next day."""
    later = day + timedelta(days=hour // 24)
    return datetime.combine(later, time(hour % 24), now.tzinfo)
