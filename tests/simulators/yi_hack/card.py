"""The SD card: names, bytes and ages of what lies below /record (§7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import re

from tests.simulators.yi_hack.clock import Clock

type Bytes = Callable[[], bytes]

TMP = "tmp.mp4.tmp"
TIMELAPSE = "timelapse"
FOLDER = re.compile(r"(\d{4})Y(\d{2})M(\d{2})D(\d{2})H")
_MAX_FILES = 5000


class CardState(StrEnum):
    """What set_sd() may say."""

    PRESENT = "present"
    FULL = "full"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class File:
    """A file: its bytes are made when somebody wants them (which blocks)."""

    make: Bytes
    modified: datetime
    since: datetime | None = None
    """A thumbnail is made some time after its clip."""
    blank: bool = False
    """Whether there is nothing in it."""


class Card:
    """A tree of two levels; `writable` says whether the recorder gets anything onto it."""

    def __init__(self, clock: Clock) -> None:
        """Start empty."""
        self._clock = clock
        self._files: dict[str, File] = {}
        self._folders: set[str] = set()
        self.state = CardState.PRESENT
        self.free = 63

    @property
    def present(self) -> bool:
        """Whether there is a card."""
        return self.state is not CardState.ABSENT

    @property
    def writable(self) -> bool:
        """Whether it has room."""
        return self.state is CardState.PRESENT

    @property
    def free_text(self) -> str:
        """What status.json says."""
        if not self.present:
            return "N/A"
        return f"{0 if self.state is CardState.FULL else self.free}%"

    def put(
        self,
        path: str,
        make: Bytes,
        modified: datetime | None = None,
        since: datetime | None = None,
        *,
        blank: bool = False,
    ) -> None:
        """Write a file; the oldest goes when there are too many."""
        now = self._clock.now()
        folder, slash, _ = path.rpartition("/")
        if slash:
            self._folders.add(folder)
        self._files[path] = File(make, modified or now, since, blank)
        while len(self._files) > _MAX_FILES:
            del self._files[next(iter(self._files))]

    def add_folder(self, name: str) -> None:
        """Make a directory."""
        self._folders.add(name)

    def find(self, path: str) -> File | None:
        """A file that is there by now."""
        file = self._files.get(path) if self.present else None
        if file is None or (file.since is not None and file.since > self._clock.now()):
            return None
        return file

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        self._files.pop(path, None)

    def remove_folder(self, name: str) -> None:
        """Remove a directory and all in it; the empty name is the record folder itself."""
        for path in [path for path in self._files if not name or path.startswith(f"{name}/")]:
            del self._files[path]
        self._folders = set() if not name else self._folders - {name}

    def names(self, folder: str = "") -> list[str]:
        """What `ls` shows of a folder, sorted."""
        if not self.present:
            return []
        prefix = f"{folder}/" if folder else ""
        found = {
            path.removeprefix(prefix)
            for path in self._files
            if path.startswith(prefix) and "/" not in path.removeprefix(prefix)
        }
        found = {name for name in found if self.find(f"{prefix}{name}")}
        return sorted(found if folder else found | self._folders)

    def clips(self) -> list[str]:
        """Paths of all recordings, oldest first."""
        return [
            f"{folder}/{name}"
            for folder in self.names()
            if FOLDER.fullmatch(folder)
            for name in by_time(self.names(folder))
            if name.endswith(".mp4")
        ]


def by_time(names: list[str]) -> list[str]:
    """Names in the order of their minutes and seconds, whatever stands before them."""
    return sorted(names, key=lambda name: re.sub(r"^E\d", "", name))


def folder_name(start: datetime) -> str:
    """The folder of an hour."""
    return start.strftime("%YY%mM%dD%HH")


def clip_name(start: datetime, seconds: int, form: int, kind: str = "E1") -> str:
    """A file name in one of the three forms."""
    stem = f"{start:%MM%SS}"
    if form == 10:
        return f"{stem}.mp4"
    return f"{kind if form == 14 else ''}{stem}{seconds:02}.mp4"


def by_minutes(start: datetime, end: datetime) -> Iterator[tuple[datetime, int]]:
    """Start and whole seconds of the clips of an event: none crosses a minute."""
    start = start.replace(microsecond=0)
    left = max(1, round((end - start).total_seconds()))
    while left > 0:
        seconds = min(left, 60 - start.second)
        yield start, seconds
        start += timedelta(seconds=seconds)
        left -= seconds


def folder_time(name: str) -> datetime | None:
    """The hour that a folder name says, without a zone's meaning yet."""
    match = FOLDER.fullmatch(name)
    if match is None:
        return None
    try:
        year, month, day, hour = map(int, match.groups())
        return datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError:
        return None
