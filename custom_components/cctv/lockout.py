"""How long a device refuses every login; until then nothing at all is sent to it."""

from datetime import timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.util.dt import parse_datetime, utcnow

from .devices.env import Memory
from .devices.errors import Locked

KEY: Final = "login_locked"
"""Where an entry's memory keeps it, since a restart of Home Assistant ends no lock."""
UNSAID: Final = timedelta(minutes=30)
"""How long it is taken to last where the device does not say."""
LONGEST: Final = timedelta(days=1)
MARGIN: Final = timedelta(seconds=5)
"""Its clock may be slower than ours, and one try too early begins the lock anew."""


class Lockout:
    """The lock of one entry's login."""

    def __init__(self, memory: Memory, entry: ConfigEntry) -> None:
        """Begin with what is remembered, once the memory is loaded."""
        self._memory = memory
        self._entry = entry

    @callback
    def begin(self, error: Locked) -> None:
        """Remember until when every login is refused."""
        said = UNSAID if error.seconds is None else timedelta(seconds=error.seconds)
        until = utcnow() + min(said, LONGEST) + MARGIN
        self._memory.put(KEY, {"until": until.isoformat(), "login": self._login})

    @callback
    def end(self) -> None:
        """Forget it."""
        self._memory.put(KEY, None)

    @property
    def error(self) -> Locked | None:
        """Return what is still to be waited for; None if the device may be asked."""
        kept = self._memory.get(KEY)
        # Whoever changed the entry meanwhile may have changed the login.
        if not isinstance(kept, dict) or kept.get("login") != self._login:
            return None
        until = parse_datetime(str(kept.get("until")))
        left = timedelta() if until is None else until - utcnow()
        if not timedelta() < left <= LONGEST + MARGIN:
            return None
        return Locked("it is not asked before the lock ends", left.total_seconds())

    @property
    def _login(self) -> str:
        """Return what tells one state of the entry from another, without any secret."""
        return self._entry.modified_at.isoformat()
