"""The file finder: its objects, what they look for, and how they page (§4.11.5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Final, Self

from tests.simulators.amcrest.faults import Faults
from tests.simulators.amcrest.item import Item
from tests.simulators.amcrest.store import Store

CEILING: Final = 100
"""Most items that one answer has."""
_FIRST_HANDLE: Final = 8137
_TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})")


class NoSuchFinder(Exception):
    """The object was never made, or is gone."""


class TooManyFinders(Exception):
    """No more can be made before some are destroyed."""


class BadCondition(Exception):
    """A condition lacks what it must have, or cannot be read."""


def read_time(text: object) -> datetime:
    """`YYYY-MM-DD HH:MM:SS`; a fraction is refused (§2)."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise BadCondition(f"not a time: {text}")
    try:
        return datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError as error:
        raise BadCondition(f"not a time: {text}") from error


@dataclass(frozen=True, slots=True)
class Condition:
    """What is looked for; an empty set stands for any."""

    channel: int
    start: datetime
    end: datetime
    dirs: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    stream: str | None = None

    @property
    def days(self) -> int:
        """How many days it looks through."""
        return (self.end.date() - self.start.date()).days + 1

    @classmethod
    def read(cls, channel: int, members: Callable[[str], object]) -> Self:
        """Take the members of a query or of a JSON object; lists come as lists."""
        start, end = read_time(members("StartTime")), read_time(members("EndTime"))
        if end < start:
            raise BadCondition("it ends before it begins")
        stream = members("VideoStream")
        return cls(
            channel,
            start,
            end,
            dirs=_names(members("Dirs")),
            types=_names(members("Types")),
            flags=_names(members("Flags")),
            events=_names(members("Events")) - {"*"},
            stream=stream if isinstance(stream, str) and stream else None,
        )

    def wants(self, item: Item, faults: Faults) -> bool:
        """Whether an item of this time fits the rest."""
        if self.events and not faults.find_events:
            # Such a recorder gives its schedule's files instead.
            return "Timing" in item.flags
        return (
            (not self.dirs or any(item.path.startswith(f"{name}/") for name in self.dirs))
            and (not self.types or (faults.find_types and item.type in self.types))
            and (not self.flags or not self.flags.isdisjoint(item.flags))
            and (not self.events or not self.events.isdisjoint(item.events))
            and (self.stream is None or self.stream == item.stream)
        )


def _names(value: object) -> frozenset[str]:
    if not isinstance(value, list | tuple):
        return frozenset()
    return frozenset(str(one) for one in value)


@dataclass(slots=True)
class Finder:
    """One object: what it has found, and how far that was read."""

    found: list[Item] | None = None
    told: int = 0
    heard: float = 0.0


class Finders:
    """All objects of one kind of interface; a box has only so many (how many is not public)."""

    def __init__(
        self,
        store: Store,
        faults: Faults,
        clock: Callable[[], float],
        *,
        padded: bool = True,
        motion_only: bool = False,
    ) -> None:
        """Look into a store; padded handles have leading zeros."""
        self._store = store
        self._faults = faults
        self._clock = clock
        self._padded = padded
        self._motion_only = motion_only
        self._open: dict[str, Finder] = {}
        self._next = _FIRST_HANDLE
        self.created = 0

    @property
    def open(self) -> int:
        """Objects that nobody has destroyed yet."""
        self._expire()
        return len(self._open)

    def create(self) -> str:
        """factory.create: the handle, which is a text."""
        self._expire()
        if len(self._open) >= self._faults.finders:
            raise TooManyFinders
        handle = f"{self._next:05}" if self._padded else str(self._next)
        self._next += 1
        self.created += 1
        self._open[handle] = Finder(heard=self._clock())
        return handle

    def find(self, handle: str, condition: Condition) -> bool:
        """findFile: look, and say whether there is anything."""
        finder = self._get(handle)
        items: Iterable[Item] = self._store.overlapping(
            condition.channel, condition.start, condition.end
        )
        if self._motion_only:
            items = (item for item in items if "VideoMotion" in item.events)
        finder.found = [item for item in items if condition.wants(item, self._faults)]
        finder.told = 0
        return bool(finder.found)

    def next(self, handle: str, count: int) -> list[Item]:
        """findNextFile: the next of what was found."""
        finder = self._get(handle)
        if finder.found is None:
            raise BadCondition("nothing was looked for")
        items = finder.found[finder.told : finder.told + min(count, CEILING)]
        finder.told += len(items)
        return items

    def close(self, handle: str) -> None:
        """close: forget what was found."""
        self._get(handle).found = None

    def destroy(self, handle: str) -> None:
        """destroy: give the object back."""
        self._get(handle)
        del self._open[handle]

    def forget(self) -> None:
        """Lose every object, as a restart and the end of a session do."""
        self._open.clear()

    def _get(self, handle: str) -> Finder:
        self._expire()
        finder = self._open.get(handle)
        if finder is None:
            raise NoSuchFinder(handle)
        finder.heard = self._clock()
        return finder

    def _expire(self) -> None:
        seconds = self._faults.finder_seconds
        if seconds is None:
            return
        oldest = self._clock() - seconds
        self._open = {
            handle: finder for handle, finder in self._open.items() if finder.heard >= oldest
        }
