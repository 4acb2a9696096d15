"""What a part has recorded, as three features; and which of its recordings nobody was told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import blake2s
from typing import Any, Final

from ..env import JSON
from ..model import (
    Batch,
    Event,
    Feature,
    FeatureId,
    Part,
    PartId,
    Poll,
    Recording,
    Recordings,
    Value,
)

PREFIX: Final = "recordings:"
EVERY_SECONDS: Final = 60
TABLE: Final = "recordings"
LAST: Final = "last_recording"
TODAY: Final = "recordings_today"
NEW: Final = "new_recording"
RECORDED: Final = "recorded"
KEYS: Final = (LAST, TODAY, NEW)

FEW: Final = 4
"""Of so many parts everybody is told what they recorded; of more only who asks for it."""
MOST: Final = 10_000
"""So many recordings are looked at in one listing."""
PICTURES: Final = frozenset({"jpeg", "jpg"})
OPEN: Final = timedelta(minutes=1)
"""What has no end and is newer than this is still being written."""
BACK: Final = timedelta(days=1)
"""What was recorded while nobody looked is told if it is no older than this."""
WHOLE: Final = timedelta(hours=1)
"""How often the whole day is listed, as recordings are deleted too."""
TOLD_MOST: Final = 16
NEWS_MOST: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


# --- the features and their polls


def poll_name(part: PartId) -> str:
    """The poll that lists a part's recordings."""
    return f"{PREFIX}{part}"


def part_of(poll: str) -> PartId | None:
    """The part whose recordings a poll lists; None for a poll of the family's own."""
    return poll.removeprefix(PREFIX) if poll.startswith(PREFIX) else None


def features(parts: Iterable[Part], given: Mapping[FeatureId, Feature]) -> dict[FeatureId, Feature]:
    """The features of every part that records.

    A family whose feed hints at each new recording gives `new_recording` itself, with that feed.
    """
    found = {}
    recording = [part for part in parts if TABLE in part.tables]
    # A search a minute for each of many cameras is more than a recorder should have to bear.
    minor = True if len(recording) > FEW else None
    for part in recording:
        told = given.get(f"{part.id}:{NEW}")
        push = None if told is None else told.push
        for key in KEYS:
            found[f"{part.id}:{key}"] = Feature(part.id, key, poll_name(part.id), push, minor=minor)
    return found


def polls(parts: Iterable[Part], given: Mapping[str, Poll]) -> dict[str, Poll]:
    """A family's polls, and one for every part that records now."""
    own = [poll_name(part.id) for part in parts if TABLE in part.tables]
    kept = {name: poll for name, poll in given.items() if part_of(name) is None}
    return {**kept, **{name: Poll(name, EVERY_SECONDS) for name in own}}


# --- recordings


def is_picture(recording: Recording) -> bool:
    """Whether it is a stored picture, which is no recording."""
    return recording.container.lower() in PICTURES


def token(recording: Recording) -> str:
    """What a recording is known by: its first file, as it may go on in more of them."""
    named = next(iter(recording.refs), recording.name or recording.start.isoformat())
    return blake2s(named.encode(), digest_size=8).hexdigest()


def told_of(recording: Recording) -> dict[str, Any]:
    """What triggered it, and how long it is."""
    told: dict[str, Any] = {"kinds": sorted(recording.kinds)}
    if recording.end is not None:
        told["length"] = max(0.0, round((recording.end - recording.start).total_seconds(), 1))
    return told


def _ended(recording: Recording) -> datetime:
    return recording.end or recording.start


def day_begins(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day begins there."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(slots=True)
class Known:
    """What is known of a part's recordings, from one listing to the next."""

    mark: datetime | None = None
    """All that ended before was told, or was there before we were; None = nothing is known."""
    told: tuple[str, ...] = ()
    """The last ones that were told, by token."""
    newest: Recording | None = None
    stale: bool = True
    """Whether the whole day is to be listed, and the newest of all to be looked for."""
    _day: date | None = None
    _listed: datetime = _EPOCH
    _counted: set[str] = field(default_factory=set)
    _open: dict[str, Recording] = field(default_factory=dict)

    def is_whole(self, now: datetime, zone: tzinfo) -> bool:
        """Whether the whole day is to be listed, not only what is new."""
        today = now.astimezone(zone).date()
        return self.stale or today != self._day or not timedelta() <= now - self._listed < WHOLE

    def query(self, now: datetime, zone: tzinfo) -> Recordings:
        """What to look for: all of today, or what ended after what was told."""
        since = None if self.mark is None else min(max(self.mark, now - BACK), now)
        if self.is_whole(now, zone):
            midnight = day_begins(now.astimezone(zone).date(), zone)
            since = midnight if since is None else min(midnight, since)
        for one in self._open.values():
            since = one.start if since is None else min(since, one.start)
        # Some boxes hold files of a day when their clock was wrong.
        return Recordings(since, now + BACK, MOST)

    def misses_newest(self, listed: list[Recording], now: datetime, zone: tzinfo) -> bool:
        """Whether the newest recording is not in a listing of the whole day, and not known."""
        if listed or not self.is_whole(now, zone):
            return False
        midnight = day_begins(now.astimezone(zone).date(), zone)
        return self.stale or self.newest is None or self.newest.start >= midnight

    def take(self, listed: list[Recording], now: datetime, zone: tzinfo) -> list[Recording]:
        """Take in a listing; returns what is new and finished, the oldest first."""
        today = now.astimezone(zone).date()
        first = self.mark is None or self.mark > now + BACK
        if self.is_whole(now, zone):
            self._day, self._listed, self.stale = today, now, False
            self._counted.clear()
            self.newest = None if listed else self.newest
        before, self._open = self._open, {}
        finished = []
        for one in listed:
            if self._is_open(one, before, now, first=first):
                self._open[token(one)] = one
            else:
                finished.append(one)
                if one.start.astimezone(zone).date() == today and len(self._counted) < MOST:
                    self._counted.add(token(one))
        known = [] if self.newest is None else [self.newest]
        self.newest = max([*listed, *known], key=lambda one: one.start, default=None)
        return self._news(finished, first=first)

    def today(self, now: datetime, zone: tzinfo) -> int:
        """How many began today."""
        today = now.astimezone(zone).date()
        begun = sum(one.start.astimezone(zone).date() == today for one in self._open.values())
        return len(self._counted) + begun

    def _is_open(
        self, one: Recording, before: Mapping[str, Recording], now: datetime, *, first: bool
    ) -> bool:
        """Whether it is still being written; where no end is told, its size shows it."""
        if one.end is not None:
            return False
        if now - one.start < OPEN:
            return True
        seen = before.get(token(one))
        return not first and token(one) not in self.told and (seen is None or seen.size != one.size)

    def _news(self, finished: list[Recording], *, first: bool) -> list[Recording]:
        """What was not told yet; of the first listing all counts as told."""
        finished = sorted(finished, key=_ended)
        mark = self.mark
        new = [
            one
            for one in finished
            if not first
            and mark is not None
            and _ended(one) >= mark
            and token(one) not in self.told
        ]
        latest = new if not first else finished
        self.told = (*self.told, *map(token, latest))[-TOLD_MOST:]
        ends = [_ended(one) for one in finished]
        self.mark = max([*ends, _EPOCH if first or mark is None else mark])
        return new[-NEWS_MOST:]

    # --- what outlives a restart

    def kept(self) -> JSON:
        """What is to be remembered."""
        return None if self.mark is None else {"mark": self.mark.isoformat(), "told": [*self.told]}

    @classmethod
    def recalled(cls, kept: JSON) -> Known:
        """What was remembered; nothing of what cannot be understood."""
        match kept:
            case {"mark": str(mark), "told": list(told)}:
                try:
                    moment = datetime.fromisoformat(mark)
                except ValueError:
                    return cls()
                if moment.tzinfo is not None:
                    return cls(moment, tuple(str(one) for one in told)[-TOLD_MOST:])
        return cls()


def batch(part: PartId, known: Known, new: list[Recording], now: datetime, zone: tzinfo) -> Batch:
    """What a listing says of the three features."""
    newest = known.newest
    last = Value(f"{part}:{LAST}", None)
    if newest is not None:
        last = Value(f"{part}:{LAST}", newest.start, details=told_of(newest))
    return (
        last,
        Value(f"{part}:{TODAY}", known.today(now, zone)),
        *(Event(f"{part}:{NEW}", RECORDED, details=_happened(one)) for one in new),
    )


def _happened(recording: Recording) -> dict[str, Any]:
    told = told_of(recording)
    told["start"] = recording.start.isoformat()
    if recording.name is not None:
        told["name"] = recording.name
    # For those who make a link of it.
    return {**told, "recording": recording}
