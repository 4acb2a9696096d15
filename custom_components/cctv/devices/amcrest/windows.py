"""A search cut into pieces of a day at most, newest first (§4.11.5). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from .clocks import Dial

LONGEST: Final = timedelta(hours=1)
"""A file that began so long before may still hold what is asked; none is longer as a rule."""
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = timedelta(days=1)
_LAST: Final = time(23, 59, 59)
_BEGINNING: Final = date(2000, 1, 1)
"""No file is older than these boxes."""


@dataclass(frozen=True, slots=True)
class Window:
    """From and to, both included, on one day of the device's clock."""

    start: datetime
    end: datetime

    @property
    def day(self) -> date:
        """Its day."""
        return self.start.date()


def windows(dial: Dial, since: datetime | None, until: datetime) -> Iterator[Window]:
    """The windows of what may overlap [since, until), newest first; without end if no `since`."""
    newest = dial.local(until)
    newest = newest.replace(microsecond=0) - (_SECOND if not newest.microsecond else timedelta())
    if dial.changes(until):
        newest += LONGEST
    oldest = datetime.combine(_BEGINNING, time())
    if since is not None:
        oldest = max(oldest, dial.local(since).replace(microsecond=0) - LONGEST)
        if dial.changes(since):
            oldest -= LONGEST
    day = newest.date()
    while day >= oldest.date():
        first = datetime.combine(day, time())
        window = Window(max(first, oldest), min(datetime.combine(day, _LAST), newest))
        if window.start <= window.end:
            yield window
        day -= _DAY


def days(dial: Dial, since: datetime | None, until: datetime) -> Iterator[Window]:
    """The whole days that [since, until) touches, newest first."""
    newest = dial.local(until - _SECOND).date()
    oldest = _BEGINNING if since is None else dial.local(since).date()
    while newest >= oldest:
        yield whole(newest)
        newest -= _DAY


def whole(day: date) -> Window:
    """A day from its first second to its last."""
    return Window(datetime.combine(day, time()), datetime.combine(day, _LAST))


def before(day: date, dial: Dial, since: datetime | None) -> Window:
    """Everything before a day, as far back as is asked."""
    oldest = datetime.combine(_BEGINNING, time())
    if since is not None:
        oldest = max(oldest, dial.local(since).replace(microsecond=0))
    return Window(oldest, datetime.combine(day - _DAY, _LAST))
