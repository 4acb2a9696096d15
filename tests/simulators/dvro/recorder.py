"""What the software on the recorder PC knows and does (§5, §8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.simulators.dvro.faults import Amnesia, Faults
from tests.simulators.dvro.naming import SETTINGS, TEMPLATES, expand

HOME = "C:\\Users\\operator\\Videos"
"""Where files go while no base folder is set."""
_FILES_KEPT = 1000
_MAX_SPLITS = 100


@dataclass(frozen=True, slots=True)
class File:
    """A file on the recorder's disk."""

    path: str
    kind: str
    """video, clip or framegrab."""
    channel: str
    at: datetime


class Recorder:
    """The state that both ports read and change."""

    def __init__(
        self,
        channels: tuple[str, ...],
        faults: Faults,
        now: Callable[[], datetime],
        poke: Callable[[], None],
    ) -> None:
        """Come up as installed, with every channel started."""
        self.channels = channels
        self.faults = faults
        self.channels_started = True
        self.recording = False
        self.clip = False
        self.dialog_open = False
        self.dialogs = 0
        """How often the screen has asked for a folder."""
        self.recording_dir: str | None = None
        self.inspection_dir: str | None = None
        self.templates = dict(TEMPLATES)
        self.split = 0
        self.reevaluate = False
        self.settings = dict(SETTINGS)
        self.applied = 0
        self.directories: list[str] = []
        self.overwritten = 0
        self.drive_space = 100
        self._files: dict[str, File] = {}
        self._now = now
        self._poke = poke
        self._drift = timedelta()
        self._named_at = now()
        self._split_at: datetime | None = None
        self._splits = 0

    # The clock and the disk

    def now(self) -> datetime:
        """Local time of the PC."""
        return self._now() + self._drift

    def advance(self, minutes: float) -> None:
        """Let simulated minutes pass; a recording is split where that is due."""
        self._drift += timedelta(minutes=minutes)
        self.tick()

    @property
    def files(self) -> list[File]:
        """What was written, oldest first."""
        self.tick()
        return list(self._files.values())

    @property
    def filename(self) -> str:
        """The newest video file, or nothing."""
        return next((each.path for each in reversed(self.files) if each.kind == "video"), "")

    def make_directory(self, path: str) -> None:
        """Make a folder, below the user's videos where the name is a bare one (§4.3)."""
        whole = path if path.startswith("\\\\") or path[1:2] == ":" else f"{HOME}\\{path}"
        if whole not in self.directories:
            self.directories.append(whole)
            del self.directories[:-_FILES_KEPT]

    def tick(self) -> None:
        """Open the files of every split that is due."""
        late = 0
        while self.recording and (at := self._split_at) is not None and self.now() >= at:
            late += 1
            self._splits += 1
            if self.reevaluate:
                self._named_at = at
            self._split_at = at + timedelta(minutes=self.split)
            if late > _MAX_SPLITS:
                self._split_at = self.now() + timedelta(minutes=self.split)
            self._write_all("video", at)

    # Commands

    def start(self) -> None:
        """Open a file on every channel; without a folder the screen asks for one."""
        if self.recording or not self.channels_started:
            return
        if self.recording_dir is None:
            self.dialogs += not self.dialog_open
            self.dialog_open = True
        else:
            self.recording = True
            self._splits = 0
            self._named_at = self.now()
            self._plan_split()
            self.make_directory(self.recording_dir)
            self._write_all("video", self._named_at)
        self._poke()

    def stop(self) -> None:
        """Close the files, and the clip with them."""
        self.tick()
        self.recording = self.clip = False
        self._poke()

    def start_clip(self) -> bool:
        """Open an extra file inside a recording; whether there is one."""
        if self.recording and not self.clip:
            self.clip = True
            self._write_all("clip", self.now())
            self._poke()
        return self.recording

    def stop_clip(self) -> None:
        """Close the extra file."""
        self.clip = False
        self._poke()

    def grab(self) -> bool:
        """Write the pictures being shown; False when no channel is started (§5.7)."""
        if not self.channels_started:
            return False
        self._write_all("framegrab", self.now())
        self._poke()
        return True

    def set_split(self, minutes: int) -> None:
        """Split from now on every so many minutes; 0 never."""
        self.tick()
        self.split = minutes
        self._plan_split()

    def apply(self, settings: Mapping[str, int | str | bool | None]) -> None:
        """Take the settings of all channels over (§4.1)."""
        self.applied += 1
        self.settings = dict(settings)
        self.reevaluate = bool(settings["ReevaluateTagsOnSplit"])
        self.set_split(int(settings["SplitTimeMinutes"] or 0))
        if settings["Directory"]:
            self.recording_dir = str(settings["Directory"])
        for key, template in (
            ("Filename", "FilenameTemplate"),
            ("DirectoryTemplate", "DirectoryTemplate"),
        ):
            if settings[key]:
                self.templates[template] = str(settings[key])
        self._poke()

    # What happens at the PC

    def answer_dialog(self, path: str | None) -> None:
        """Have somebody choose a folder, which starts the recording, or cancel (None)."""
        self.dialog_open = False
        if path is not None:
            self.recording_dir = path
            self.start()
        self._poke()

    def set_channels(self, started: bool) -> None:
        """Have somebody start or stop the channels; without them nothing is recorded."""
        self.channels_started = started
        if not started:
            self.stop()
        self._poke()

    def restart(self) -> None:
        """Forget what a restart of the software forgets (§5.1, §8)."""
        self.tick()
        self.recording = self.clip = self.dialog_open = False
        self.recording_dir = None
        if self.faults.amnesia is Amnesia.EVERYTHING:
            self.inspection_dir = None
            self.templates = dict(TEMPLATES)
            self.split = 0
            self.reevaluate = False
            self.settings = dict(SETTINGS)

    # Files

    def _plan_split(self) -> None:
        after = timedelta(minutes=self.split)
        self._split_at = self.now() + after if self.split else None

    def _write_all(self, kind: str, at: datetime) -> None:
        """Write a file a channel; one with the same name is lost (§4.2)."""
        for channel in self.channels:
            path = self._path(kind, channel, at)
            self.overwritten += self._files.pop(path, None) is not None
            self._files[path] = File(path, kind, channel, at)
        while len(self._files) > _FILES_KEPT:
            del self._files[next(iter(self._files))]

    def _path(self, kind: str, channel: str, at: datetime) -> str:
        if kind == "framegrab":
            name = expand(self.templates["FramegrabTemplate"], at, channel, kind)
            return f"{self.inspection_dir or HOME}\\{name}.jpg"
        moment = self._named_at if kind == "video" else at
        name = expand(self.templates["FilenameTemplate"], moment, channel, kind)
        if kind == "clip":
            return f"{self.inspection_dir or HOME}\\{name}_clip.mp4"
        folder = expand(self.templates["DirectoryTemplate"], self._named_at, channel, kind)
        # Tags that are not evaluated again would name the same file, so it is counted.
        part = f"_{self._splits:03}" if self._splits and not self.reevaluate else ""
        return f"{self.recording_dir}\\{folder}\\{name}{part}.mp4"
