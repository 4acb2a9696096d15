"""The PC's clock: local time without a zone, in .NET ticks (§8)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_TICK_ZERO = datetime(1, 1, 1)  # noqa: DTZ001
_UNIX_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001
_MICROSECOND = timedelta(microseconds=1)


class Clock:
    """Runs with the machine's own clock, or stands still until somebody moves it."""

    def __init__(self, zone: str, at: datetime | None = None) -> None:
        """Live in a time zone; `at` stops the clock there."""
        self.zone = ZoneInfo(zone)
        self._still = at
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return (self._still or datetime.now(UTC)) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += timedelta(seconds=seconds)

    def local(self, moment: datetime) -> datetime:
        """What the PC's wall clock showed at a moment."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def ticks(self, moment: datetime) -> int:
        """Ticks of the local time."""
        return naive_ticks(self.local(moment))

    def local_ms(self, moment: datetime) -> float:
        """Milliseconds of the local time counted from 1970."""
        return (self.local(moment) - _UNIX_ZERO) / _MICROSECOND / 1000


def naive_ticks(moment: datetime) -> int:
    """Ticks of 100 ns since the year 1."""
    return (moment - _TICK_ZERO) // _MICROSECOND * 10


def utc_ticks(moment: datetime) -> int:
    """Ticks of the same moment in UTC."""
    return naive_ticks(moment.astimezone(UTC).replace(tzinfo=None))


def utc_ms(moment: datetime) -> float:
    """Real Unix milliseconds."""
    return moment.timestamp() * 1000
