"""The recorder: a growing tmp.mp4.tmp, then clips that never cross a minute (§7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from tests.simulators.yi_hack.card import Card, by_minutes, clip_name, folder_name
from tests.simulators.yi_hack.clock import Clock
from tests.simulators.yi_hack.faults import Faults, Thumbs
from tests.simulators.yi_hack.studio import Studio, growing

_BYTES_A_SECOND = 60_000
_FIRST_BYTES = 4_096
_MINUTE = timedelta(minutes=1)


class Recorder:
    """Writes while somebody has a reason for it; looks at the clock when it is asked."""

    def __init__(
        self,
        card: Card,
        clock: Clock,
        faults: Faults,
        studio: Studio,
        allowed: Callable[[], bool],
        name_time: Callable[[datetime], datetime],
        name_form: int,
        thumbnails: bool,
    ) -> None:
        """Record onto a card; `name_time` turns GMT into the clock that names go by."""
        self.card = card
        self.name_form = name_form
        self.kind = "E1"
        self._clock = clock
        self._faults = faults
        self._studio = studio
        self._allowed = allowed
        self._name_time = name_time
        self._thumbnails = thumbnails
        self._reasons: set[str] = set()
        self._started: datetime | None = None
        self._stale: datetime | None = None

    @property
    def recording(self) -> bool:
        """Whether a clip is being written."""
        return self._started is not None

    def begin(self, reason: str) -> None:
        """Have a reason to write."""
        self.tick()
        self._reasons.add(reason)
        self.tick()

    def end(self, reason: str) -> list[str]:
        """Have it no more; with the last one the clip is finished. Paths of this turn."""
        made = self.tick()
        self._reasons.discard(reason)
        if not self._reasons and self._started is not None:
            started, self._started = self._started, None
            made += self.add(started, self._clock.now())
        return made

    def drop(self) -> None:
        """Lose what is being written, as a power cut does; the file stays lying there."""
        if self._started is not None:
            self._stale = self._clock.now()
        self._started = None
        self._reasons.clear()

    def leave_stale(self) -> None:
        """Have an unfinished file lie there that nobody writes to."""
        self._stale = self._clock.now()

    def tick(self) -> list[str]:
        """Do what is due: begin, cut at the full minute, stop when it may not go on."""
        now = self._clock.now()
        may = bool(self._reasons) and self.card.writable and self._allowed()
        if self._started is None:
            if may:
                self._started, self._stale = now, None
            return []
        if not may:
            started, self._started = self._started, None
            return self.add(started, now) if self.card.writable else []
        minute = now.replace(second=0, microsecond=0)
        if minute <= self._started:
            return []
        started, self._started = self._started, minute
        return self.add(started, minute)

    def temporary(self) -> tuple[bytes, datetime] | None:
        """Bytes and age of tmp.mp4.tmp, while there is one."""
        self.tick()
        if not self.card.present:
            return None
        if self._started is None:
            return None if self._stale is None else (growing(_FIRST_BYTES), self._stale)
        now = self._clock.now()
        if self._faults.stale_growth:
            return growing(_FIRST_BYTES), self._started
        written = (now - self._started).total_seconds()
        return growing(_FIRST_BYTES + int(written * _BYTES_A_SECOND)), now

    def add(self, start: datetime, end: datetime, kind: str | None = None) -> list[str]:
        """Write the clips of an event, each with its thumbnail; paths below /record."""
        if end <= start:
            return []
        return [
            self._write(begin, seconds, kind or self.kind)
            for begin, seconds in by_minutes(start, end)
        ]

    def _write(self, start: datetime, seconds: int, kind: str) -> str:
        named = self._name_time(start)
        end = start + timedelta(seconds=seconds)
        path = f"{folder_name(named)}/{clip_name(named, seconds, self.name_form, kind)}"
        late = self._faults.late_index
        self.card.put(path, partial(self._studio.clip, seconds, late_index=late), end)
        if self._thumbnails and self._faults.thumbs is not Thumbs.NEVER:
            wait = self._faults.thumb_seconds * (1.0 if self._clock.still else self._faults.pace)
            since = end + timedelta(seconds=wait)
            blank = self._faults.thumbs is Thumbs.EMPTY
            mark = f"yi-hack {since.astimezone(self._clock.zone):%F %T}"
            number = start.minute * 60 + start.second
            make = partial(bytes) if blank else partial(self._studio.thumbnail, number, mark)
            self.card.put(f"{path.removesuffix('.mp4')}.jpg", make, since, since, blank=blank)
        return path
