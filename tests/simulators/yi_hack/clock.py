"""The camera's clock: it runs with the machine's own, or stands still until it is moved."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo


class Clock:
    """GMT inside, a time zone for people (§7)."""

    def __init__(self, zone: str, at: datetime | None = None) -> None:
        """Live in a time zone; `at` (aware) stops the clock there."""
        self.zone: tzinfo = ZoneInfo(zone)
        self._still = at
        self._ahead = timedelta()

    @property
    def still(self) -> bool:
        """Whether time passes only by advance()."""
        return self._still is not None

    def now(self) -> datetime:
        """The moment, in UTC."""
        return (self._still or datetime.now(UTC)).astimezone(UTC) + self._ahead

    def local(self) -> datetime:
        """The moment on the camera's wall."""
        return self.now().astimezone(self.zone)

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += timedelta(seconds=seconds)
