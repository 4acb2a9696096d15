"""By which clock the box dates its files (§2, §4.6.2): its zone and how far it is off. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final

from ..when import NO_DRIFT, to_local

_STEP: Final = timedelta(minutes=15)
_NEAR: Final = timedelta(minutes=2)
_SMALL: Final = timedelta(seconds=10)
"""So little is no drift: a correction that changes at every look would move the recordings."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A clock: the zone it shows, and how far it is ahead of the time there."""

    zone: tzinfo
    drift: timedelta = NO_DRIFT

    def local(self, moment: datetime) -> datetime:
        """What it shows at a moment."""
        return to_local(moment, self.zone, self.drift)

    def changes(self, moment: datetime) -> bool:
        """Whether it is put forward or back within an hour of a moment."""
        hour = timedelta(hours=1)
        return self.local(moment + hour) - self.local(moment - hour) != 2 * hour


def dial(zone: tzinfo, drift: timedelta, now: datetime, before: Dial | None = None) -> Dial:
    """The clock of a box that is `drift` ahead of `zone` now; the one before if it still fits.

    What is off by quarters of an hour has another zone, which has no summer time that we know of.
    """
    if before is not None and abs(before.local(now) - to_local(now, zone, drift)) < _SMALL:
        return before
    steps = round(drift / _STEP)
    rest = drift - steps * _STEP
    if steps and abs(rest) <= _NEAR:
        offset = (now.astimezone(zone).utcoffset() or NO_DRIFT) + steps * _STEP
        if abs(offset) < timedelta(hours=24):
            return Dial(timezone(offset), NO_DRIFT if abs(rest) < _SMALL else rest)
    return Dial(zone, NO_DRIFT if abs(drift) < _SMALL else drift)
