"""Cameras, microphones, floor plans, recordings and grabs, as the program keeps them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MICROPHONE = 1
CAMERA = 2

DIGITAL_PTZ = -1
PELCO = (-3, -4)
ONVIF = -5
NO_PTZ = -6

type Size = tuple[int, int]

NATIVE: Size = (640, 360)


@dataclass(slots=True)
class Settings:
    """What changesetting writes and the control panel shows (§7)."""

    alerts: bool = True
    notifyondisconnect: bool = False
    minimuminterval: int = 180
    accessgroups: str = ""
    scheduler: bool = False
    recordondetect: bool = False
    recordonalert: bool = False
    ftprecordings: bool = False
    timelapseon: bool = False
    timelapse: int = 60
    timelapseframes: int = 60
    maxframerate: int = 10
    maxframeraterecord: int = 10
    ftpenabled: bool = False
    localsaving: bool = False
    cloudimages: bool = False
    cloudrecording: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A place that an ONVIF camera knows by a token and people by a name."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A media file; its created stamp is the moment it ended (§8)."""

    name: str
    started: datetime
    seconds: int
    size: int
    max_alarm: float = 0.0
    levels: tuple[float, ...] = ()
    scene: str = ""

    @property
    def ended(self) -> datetime:
        """When the writer closed."""
        return self.started + timedelta(seconds=self.seconds)

    @property
    def suffix(self) -> str:
        """Ending of the file name: mp4, avi, mp3."""
        return self.name.rpartition(".")[2].lower()

    @property
    def stem(self) -> str:
        """Name without the ending."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Grab:
    """A still that the program saved."""

    name: str
    taken: datetime
    scene: str
    frame: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail on disk: which frame, and whether it is the large one."""

    scene: str
    frame: int
    large: bool


@dataclass(slots=True)
class Activity:
    """What an object is doing now; forgotten at a restart."""

    forced: bool = False
    busy_until: datetime | None = None
    """While something detected or an alert keeps a recording going."""
    wanted_since: datetime | None = None
    unwanted_since: datetime | None = None
    writing_since: datetime | None = None
    detected: int = 0
    alerted: int = 0
    last_alert: datetime | None = None
    level: float = 0.0
    peak: float = 0.0
    levels: list[float] = field(default_factory=list)
    listening: bool = False
    talking: bool = False


@dataclass(slots=True)
class SpyObject:
    """One camera or microphone."""

    ot: int
    id: int
    name: str
    description: str = ""
    enabled: bool = True
    settings: Settings = field(default_factory=Settings)
    scene: str = "hallway"
    size: Size = NATIVE
    ptz: int = NO_PTZ
    talk: bool = False
    mic_pair: int = -1
    failing: bool = False
    """Whether the source brings no video or sound (errorState)."""
    alert_mode: str = "movement"
    sensitivity: float = 20.0
    presets: tuple[Preset, ...] = ()
    schedule: tuple[str, ...] = ()
    """Lines of the schedule, shown in the panel."""
    scheduled_mode: str = ""
    """Record mode that the schedule sets when it is applied."""
    grabs_folder: bool = True
    suffix: str = "mp4"
    recordings: list[Recording] = field(default_factory=list)
    """As stored: the newest first."""
    grabs: list[Grab] = field(default_factory=list)
    thumbs: dict[str, Picture] = field(default_factory=dict)
    now: Activity = field(default_factory=Activity)
    moves: list[str] = field(default_factory=list)
    """Values of field ptz that reached the camera."""
    preset: str | None = None
    spoken: list[str] = field(default_factory=list)
    mask: str = ""
    tilt: int = 0
    triggered: int = 0
    """Times that a plugin was told to process the next frame."""
    heard: bytearray = field(default_factory=bytearray)
    """Sound that came in over the talk socket."""
    shots: int = 0

    @property
    def camera(self) -> bool:
        """Whether it is a camera."""
        return self.ot == CAMERA

    @property
    def key(self) -> tuple[int, int]:
        """Type and id."""
        return self.ot, self.id

    @property
    def writing(self) -> bool:
        """Whether a file is being written."""
        return self.now.writing_since is not None

    @property
    def wants_file(self) -> bool:
        """Whether anybody wants a recording now."""
        return self.enabled and (self.now.forced or self.now.busy_until is not None)

    def in_group(self, group: str) -> bool:
        """Exact element between commas, in any case; blanks count (§6)."""
        return group.lower() in self.settings.accessgroups.lower().split(",")

    def file(self, name: str) -> Recording | None:
        """A recording by its name, as a Windows disk finds it: in any case."""
        wanted = name.lower()
        return next((each for each in self.recordings if each.name.lower() == wanted), None)

    def add_file(self, recording: Recording) -> None:
        """Take a finished file into the index, with its thumbnails."""
        self.recordings.insert(0, recording)
        if self.camera:
            for ending, large in ((".jpg", False), ("_large.jpg", True)):
                self.thumbs[f"{recording.stem}{ending}".lower()] = Picture(
                    recording.scene, len(self.recordings) * 7, large
                )

    def drop_file(self, name: str, *, thumbs: bool) -> None:
        """Delete a file; the thumbnails only when told."""
        found = self.file(name)
        if found is not None:
            self.recordings.remove(found)
        if thumbs:
            stem = name.rpartition(".")[0].lower()
            self.thumbs.pop(f"{stem}.jpg", None)
            self.thumbs.pop(f"{stem}_large.jpg", None)

    def drop_grabs(self, wanted: Callable[[Grab], bool]) -> None:
        """Delete grabs."""
        self.grabs[:] = [grab for grab in self.grabs if not wanted(grab)]


@dataclass(frozen=True, slots=True)
class Area:
    """An object placed on a floor plan."""

    ot: int
    oid: int
    x: int
    y: int


@dataclass(slots=True)
class FloorPlan:
    """A drawing with objects on it, and its last alert."""

    id: int
    name: str
    width: int = 800
    height: int = 600
    groups: str = ""
    areas: tuple[Area, ...] = ()
    alerted: datetime | None = None
    refreshed: datetime | None = None
    last: tuple[int, int] = (0, 0)
    """Type and id of the object that alerted last."""


@dataclass(frozen=True, slots=True)
class RemoteCommand:
    """An entry of the list of remote commands; built-in ones are named by the language."""

    id: int
    name: str = ""
    error: str = ""
    """What the PC says when it cannot be run."""


BUILT_IN = tuple(RemoteCommand(number) for number in range(14))
"""All on/off, schedule, record modes, alerts, record all/stop, snapshot, shutdown, joystick."""
