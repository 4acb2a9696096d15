"""The clock of the camera: local, without a word about its zone (S-1.10)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.simulators.open_api.faults import TimeStyle

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class Clock:
    """Runs beside a true clock, off by a drift, and can be set."""

    def __init__(self, zone: str, true: Callable[[], datetime] = utc_now) -> None:
        """Be right, in a zone."""
        self.zone = ZoneInfo(zone)
        self.drift = timedelta()
        self._true = true

    def now(self) -> datetime:
        """Local time as the camera believes."""
        return self._true().astimezone(self.zone).replace(tzinfo=None) + self.drift

    def set(self, when: datetime) -> None:
        """Take another local time over."""
        self.drift += when - self.now()

    def text(self, style: TimeStyle) -> str:
        """The time as time.cgi writes it, in English."""
        now = self.now()
        month = _MONTHS[now.month - 1]
        if style is TimeStyle.LONG:
            return f"{month} {now.day}, {now.year}  {now.hour}:{now:%M:%S}"
        return f"{month[:3]} {now.day:02}, {now.year:04} {now:%H:%M:%S}"
