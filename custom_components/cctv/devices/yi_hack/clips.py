"""Recordings by their names (§7): folders are hours, files minute, second and length. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
import re
from typing import Any, Final

from ..when import to_utc
from . import wire

FOLDER: Final = re.compile(r"(\d{4})Y(\d{2})M(\d{2})D(\d{2})H", re.ASCII)
_NAME: Final = re.compile(r"(E\d)?(\d{2})M(\d{2})S(\d{2})?\.mp4", re.ASCII)
_THUMB: Final = re.compile(r"(E\d)?(\d{2})M(\d{2})S(\d{2})?\.jpg", re.ASCII)
TIMELAPSE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})_(\d{2})-(\d{2})-(\d{2})\.avi", re.ASCII)
_SHOWN: Final = re.compile(r"Date: (\d{4})-(\d{2})-(\d{2}) Time: (\d{2}):(\d{2})", re.ASCII)
_STEP: Final = timedelta(minutes=15)
_MOST: Final = timedelta(hours=14)
_TOLERANCE: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
MANY: Final = 90
"""A chain of so many clips ends with the hour."""
TO: Final = ".."
"""Between the first and the last clip of a chain."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One hour of recordings: its name, the hour that it names, and what the camera shows."""

    name: str
    hour: datetime
    shown: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """One file: its start by the clock of the names, and its length if the name has one."""

    folder: str
    file: str
    start: datetime
    length: timedelta | None = None
    thumb: str | None = None
    series: str = ""

    @property
    def path(self) -> str:
        """Its name below the record folder."""
        return f"{self.folder}/{self.file}"

    @property
    def end(self) -> datetime | None:
        """When it ends, by the clock of the names."""
        return None if self.length is None else self.start + self.length


def folder(name: str, shown: str = "") -> Folder | None:
    """A folder by its name; None if it is none."""
    found = FOLDER.fullmatch(name)
    hour = None if found is None else _moment(*map(int, found.groups()))
    if hour is None:
        return None
    seen = _SHOWN.fullmatch(shown.strip())
    return Folder(name, hour, None if seen is None else _moment(*map(int, seen.groups())))


def clip(where: Folder, name: str, thumb: str = "") -> Clip | None:
    """A clip by its name of 10, 12 or 14 characters; None if it is none."""
    found = _NAME.fullmatch(name)
    if found is None or int(found[2]) > 59 or int(found[3]) > 59:
        return None
    start = where.hour + timedelta(minutes=int(found[2]), seconds=int(found[3]))
    length = timedelta(seconds=int(found[4])) if found[4] else None
    picture = thumb if _THUMB.fullmatch(thumb) else None
    return Clip(where.name, name, start, length, picture, found[1] or "")


def path(text: str) -> Clip | None:
    """A clip by 'FOLDER/FILE'; None for anything else."""
    head, slash, name = text.partition("/")
    where = folder(head) if slash else None
    return None if where is None else clip(where, name)


def is_thumbnail(text: str) -> bool:
    """Whether this is 'FOLDER/FILE' of a thumbnail."""
    head, slash, name = text.partition("/")
    return bool(slash and folder(head) and _THUMB.fullmatch(name))


def timelapse(name: str) -> datetime | None:
    """When a time-lapse film was made, camera's local time; None if it is none (§7)."""
    found = TIMELAPSE.fullmatch(name)
    return None if found is None else _moment(*map(int, found.groups()))


def _moment(*numbers: int) -> datetime | None:
    year, month, day, *rest = numbers
    if year == MAXYEAR:
        # Nothing can be added to it.
        return None
    try:
        return datetime(year, month, day, *rest)  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


# --- listings -------------------------------------------------------------------------------


def folders(reply: Mapping[str, Any]) -> list[Folder]:
    """The folders of eventsdir.sh (§5.2), newest first."""
    found = {
        each.name: each
        for row in wire.rows(reply)
        if (each := folder(row.get("dirname", ""), row.get("datetime", "")))
    }
    return sorted(found.values(), key=lambda each: each.hour, reverse=True)


def clips(where: Folder, reply: Mapping[str, Any]) -> list[Clip]:
    """The clips of eventsfile.sh (§5.3), newest first."""
    found = {
        each.file: each
        for row in wire.rows(reply)
        if (each := clip(where, row.get("filename", ""), row.get("thumbfilename", "")))
    }
    return sorted(found.values(), key=lambda each: (each.start, each.file), reverse=True)


# --- chains ---------------------------------------------------------------------------------


def join(listed: Iterable[Clip], *, endless: bool = False) -> list[tuple[Clip, ...]]:
    """Chains of clips (newest first) that are one recording, each in playing order.

    A clip continues the one before if it starts where that ended. What is recorded without an end
    is cut at each quarter of an hour; what lasts for hours, at a full one.
    """
    chains: list[list[Clip]] = []
    for one in listed:
        if chains and _continues(one, chains[-1], endless=endless):
            chains[-1].append(one)
        else:
            chains.append([one])
    return [tuple(reversed(chain)) for chain in chains]


def _continues(before: Clip, chain: Sequence[Clip], *, endless: bool) -> bool:
    """Whether a chain, its newest clip first, goes on where an earlier clip ended."""
    after = chain[-1]
    if before.end is None or before.series != after.series:
        return False
    if endless and after.start.minute % 15 == 0 and before.start.minute != after.start.minute:
        return False
    if len(chain) >= MANY and after.start.minute == 0 and before.start.minute != 0:
        return False
    return abs(after.start - before.end) <= _TOLERANCE


def reaches(clip: Clip, later: Folder) -> bool:
    """Whether a clip lasts until the hour begins."""
    return clip.end is not None and abs(clip.end - later.hour) <= _TOLERANCE


def follows(clip: Clip, before: Folder) -> bool:
    """Whether a clip begins as the hour ends."""
    return abs(clip.start - before.hour - HOUR) <= _TOLERANCE


def name_of(chain: Sequence[Clip]) -> str:
    """What a chain is called: by its only clip, or by its first and its last."""
    ends = dict.fromkeys((chain[0].path, chain[-1].path))
    return TO.join(ends)


def ends_of(name: str) -> tuple[Clip, Clip] | None:
    """The first and the last clip of a chain by its name; None if it is none."""
    first, to, last = name.partition(TO)
    begin, end = path(first), path(last if to else first)
    if begin is None or end is None or begin.series != end.series:
        return None
    return (begin, end) if begin.start <= end.start else None


# --- clocks ---------------------------------------------------------------------------------


def measured(newest: Clip, modified: str, zone: tzinfo) -> tzinfo | None:
    """The zone of the names, by when the newest file was last changed (§7); None if unsure."""
    try:
        there = parsedate_to_datetime(modified)
    except ValueError:
        return None
    if there.tzinfo is None:
        return None
    named = (newest.end or newest.start).replace(tzinfo=UTC)
    steps = round((named - there) / _STEP)
    ahead = steps * _STEP
    if abs(ahead) > _MOST:
        return None
    if not steps:
        return UTC
    if there.astimezone(zone).utcoffset() == ahead:
        return zone
    return timezone(ahead)


def guessed(listed: Sequence[Folder], zone: tzinfo) -> tzinfo:
    """The zone of the names, by the local time that the camera shows beside them (§5.2)."""
    newest = next((each for each in listed if each.shown is not None), None)
    return zone if newest is not None and newest.shown == newest.hour else UTC


def moment(naive: datetime, zone: tzinfo) -> datetime:
    """The moment that a name tells."""
    return to_utc(naive, zone)
