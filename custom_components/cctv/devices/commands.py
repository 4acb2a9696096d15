"""Everything that can be done to a part. A command is a value: its fields are its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

if TYPE_CHECKING:
    from .model import Light, Scalar


class Risk(StrEnum):
    """Who may do it: anybody in control, an administrator, an administrator who confirms."""

    NONE = "none"
    ADMIN = "admin"
    DESTROYS = "destroys"


class Brings(StrEnum):
    """What it is done for, beside its effect: nothing, data to show, a file to keep."""

    NOTHING = "nothing"
    DATA = "data"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Param:
    """What a parameter means, its range and unit, the words it takes."""

    about: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str | None = None
    options: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """What is common: its risk, for how long (seconds) the box may be gone, what it brings."""

    risk: ClassVar[Risk] = Risk.NONE
    away: ClassVar[float] = 0
    brings: ClassVar[Brings] = Brings.NOTHING


# --- what entities send -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Set(Command):
    """Give a feature of the part a value, for so many seconds or until changed."""

    key: str
    value: Scalar | Light
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Press(Command):
    """Press a button of the part; `away` of the button's row says how long the box may be gone."""

    key: str


# --- move -------------------------------------------------------------------------------------


class Mode(StrEnum):
    """How a move is meant."""

    CONTINUOUS = "continuous"
    STEP = "step"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class PtzMove(Command):
    """Move the camera: each axis −1…1, or degrees and times when absolute; we stop it."""

    pan: Annotated[float, Param("Right is positive", low=-360, high=360, step=0.01)] = 0
    tilt: Annotated[float, Param("Up is positive", low=-180, high=180, step=0.01)] = 0
    zoom: Annotated[float, Param("In is positive", low=-9999, high=9999, step=0.01)] = 0
    focus: Annotated[float, Param("Far is positive", low=-1, high=1, step=0.01)] = 0
    iris: Annotated[float, Param("Open is positive", low=-1, high=1, step=0.01)] = 0
    mode: Annotated[Mode, Param("How the numbers are meant", options=tuple(Mode))] = Mode.CONTINUOUS
    speed: Annotated[float, Param("How fast", low=0, high=1, step=0.05)] = 0.5
    seconds: Annotated[float | None, Param("Stop after", low=0.1, high=60, step=0.1, unit="s")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class PtzStop(Command):
    """Stop every axis."""


@dataclass(frozen=True, slots=True)
class PtzHome(Command):
    """Go to the home position."""


@dataclass(frozen=True, slots=True)
class GotoPreset(Command):
    """Go to a stored position."""

    preset: Annotated[str, Param("Its name or number")]


@dataclass(frozen=True, slots=True)
class SavePreset(Command):
    """Store where the camera looks now."""

    preset: Annotated[str, Param("Its name, or the number to store it under")]
    name: Annotated[str, Param("Its name, if the first is a number")] = ""


@dataclass(frozen=True, slots=True)
class RemovePreset(Command):
    """Forget a stored position."""

    preset: Annotated[str, Param("Its name or number")]


# --- sound ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say(Command):
    """Have the device speak a text with its own voice."""

    text: Annotated[str, Param("What is said")]
    language: Annotated[str, Param("Language and country, such as en-US")] = ""
    volume: Annotated[float | None, Param("How loud", low=0, high=100, unit="%")] = None


@dataclass(frozen=True, slots=True)
class PlayFile(Command):
    """Have the device play a sound file that it holds."""

    file: Annotated[str, Param("The file's name on the device")]
    volume: Annotated[float | None, Param("How loud", low=0, high=100, unit="%")] = None


# --- record -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordFor(Command):
    """Record for a while, then stop."""

    seconds: Annotated[float, Param("For how long", low=1, high=3600, unit="s")] = 60


@dataclass(frozen=True, slots=True)
class DeleteRecordings(Command):
    """Delete recordings by name, of one folder or day, or all of them."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    names: Annotated[tuple[str, ...], Param("Names, as the list of recordings tells them")] = ()
    folder: Annotated[str, Param("Everything in this folder")] = ""
    all: Annotated[bool, Param("Everything there is")] = False


@dataclass(frozen=True, slots=True)
class DeletePictures(Command):
    """Delete stored pictures by name."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    names: Annotated[tuple[str, ...], Param("Names, as the list of pictures tells them")]


@dataclass(frozen=True, slots=True)
class Archive(Command):
    """Move recordings to the device's archive."""

    names: Annotated[tuple[str, ...], Param("Names, as the list of recordings tells them")]


@dataclass(frozen=True, slots=True)
class UploadRecording(Command):
    """Have the device send a recording to the cloud it is set up for."""

    name: Annotated[str, Param("Its name, as the list of recordings tells it")]


# --- configure --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GetConfig(Command):
    """Read one table of the device's own settings; secrets are masked."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.DATA

    name: Annotated[str, Param("The table's name in the device's own words")]


@dataclass(frozen=True, slots=True)
class SetConfig(Command):
    """Change the device's own settings; answers with what they were before."""

    risk: ClassVar[Risk] = Risk.ADMIN

    values: Annotated[Mapping[str, str], Param("Full names and their new values")]


@dataclass(frozen=True, slots=True)
class SetTime(Command):
    """Set the device's clock, to our time if none is given."""

    risk: ClassVar[Risk] = Risk.ADMIN

    time: Annotated[datetime | None, Param("The time it shall show")] = None


@dataclass(frozen=True, slots=True)
class SetMask(Command):
    """Lay a mask over the camera's motion detection, from a picture that the device holds."""

    file: Annotated[str, Param("The picture's path on the device")]


@dataclass(frozen=True, slots=True)
class CreateDirectory(Command):
    """Make a folder on the device."""

    directory: Annotated[str, Param("Its path or name")]


@dataclass(frozen=True, slots=True)
class ApplyRecorderSettings(Command):
    """Give all channels these encoder settings at once."""

    smart: Annotated[bool, Param("Let the device choose; the rest does not count then")] = True
    encoder: Annotated[str, Param("The encoder's name")] = "n265"
    bitrate: Annotated[int, Param("How many bits", low=1, high=1000, unit="Mbit/s")] = 1
    frame_rate: Annotated[int, Param("Pictures a second, 0 as the source", low=0, high=240)] = 0
    width: Annotated[int, Param("0 as the source", low=0, high=16384)] = 0
    height: Annotated[int, Param("0 as the source", low=0, high=16384)] = 0
    split_minutes: Annotated[int, Param("A new file so often", low=1, high=1440, unit="min")] = 10
    file_template: Annotated[str, Param("How files are named")] = "${hh}${mm}${ss}_${fff}"
    directory_template: Annotated[str, Param("How folders are named")] = (
        "${channelname}\\${yyyy}\\${MM}\\${dd}"
    )
    reevaluate_tags: Annotated[bool, Param("Work the names out anew at each split")] = False
    restart_on_failure: Annotated[bool, Param("Start again after a failure")] = False


# --- windows and outputs ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddWindow(Command):
    """Add a motion window; edges are in hundredths of a percent of the picture."""

    name: Annotated[str, Param("Its name")]
    left: Annotated[int, Param("Left edge", low=0, high=9999)] = 200
    top: Annotated[int, Param("Upper edge", low=0, high=9999)] = 200
    right: Annotated[int, Param("Right edge", low=0, high=9999)] = 4000
    bottom: Annotated[int, Param("Lower edge", low=0, high=9999)] = 4000
    exclude: Annotated[bool, Param("Motion in it does not count")] = False


@dataclass(frozen=True, slots=True)
class ChangeWindow(Command):
    """Change a motion window; what is left out stays."""

    window: Annotated[str, Param("Its number or name")]
    name: Annotated[str, Param("Its new name")] = ""
    left: Annotated[int | None, Param("Left edge", low=0, high=9999)] = None
    top: Annotated[int | None, Param("Upper edge", low=0, high=9999)] = None
    right: Annotated[int | None, Param("Right edge", low=0, high=9999)] = None
    bottom: Annotated[int | None, Param("Lower edge", low=0, high=9999)] = None


@dataclass(frozen=True, slots=True)
class RemoveWindow(Command):
    """Remove a motion window."""

    window: Annotated[str, Param("Its number or name")]


@dataclass(frozen=True, slots=True)
class OutputSequence(Command):
    """Switch an output in a rhythm that the device keeps itself."""

    sequence: Annotated[str, Param("/ on, \\ off, a number waits so many milliseconds: /500\\")]


# --- care -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BackUp(Command):
    """Save the device's settings to a file; it may hold passwords."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.FILE


@dataclass(frozen=True, slots=True)
class Restore(Command):
    """Load the device's settings from a file of the same device."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 120

    content: Annotated[bytes, Param("The file")]


@dataclass(frozen=True, slots=True)
class Upgrade(Command):
    """Install a firmware file; a wrong one can end the device."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 600

    content: Annotated[bytes, Param("The file")]


@dataclass(frozen=True, slots=True)
class Install(Command):
    """Install the firmware that the device offers."""

    risk: ClassVar[Risk] = Risk.ADMIN
    away: ClassVar[float] = 600


@dataclass(frozen=True, slots=True)
class FactoryReset(Command):
    """Forget all settings."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 120

    keep_network: Annotated[bool, Param("Keep the address")] = True


@dataclass(frozen=True, slots=True)
class ShutDown(Command):
    """Switch the device or its software off; it does not come back by itself."""

    risk: ClassVar[Risk] = Risk.DESTROYS
    away: ClassVar[float] = 60


@dataclass(frozen=True, slots=True)
class Service(Command):
    """Start or stop one of the device's services."""

    risk: ClassVar[Risk] = Risk.ADMIN

    name: Annotated[str, Param("Its name")]
    run: Annotated[bool, Param("Start it; else stop it")] = True
    option: Annotated[str, Param("What it is started with")] = ""


@dataclass(frozen=True, slots=True)
class FormatDisk(Command):
    """Erase a disk or card."""

    risk: ClassVar[Risk] = Risk.DESTROYS


@dataclass(frozen=True, slots=True)
class MountDisk(Command):
    """Take a disk or card into use, or out of it."""

    risk: ClassVar[Risk] = Risk.ADMIN

    mounted: Annotated[bool, Param("Take it into use")] = True


# --- people and access ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddUser(Command):
    """Let somebody in."""

    risk: ClassVar[Risk] = Risk.ADMIN

    user: Annotated[str, Param("User name")]
    password: Annotated[str, Param("Password", secret=True)] = field(repr=False)
    group: Annotated[str, Param("What they may do", options=("viewer", "operator", "admin"))] = (
        "viewer"
    )
    note: Annotated[str, Param("A remark")] = ""


@dataclass(frozen=True, slots=True)
class ChangeUser(Command):
    """Change somebody's password or rights; what is left out stays."""

    risk: ClassVar[Risk] = Risk.ADMIN

    user: Annotated[str, Param("User name")]
    password: Annotated[str, Param("New password", secret=True)] = field(default="", repr=False)
    group: Annotated[
        str, Param("What they may do", options=("", "viewer", "operator", "admin"))
    ] = ""
    note: Annotated[str, Param("A remark")] = ""


@dataclass(frozen=True, slots=True)
class RemoveUser(Command):
    """Let somebody in no more."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    user: Annotated[str, Param("User name")]


@dataclass(frozen=True, slots=True)
class SetIpFilter(Command):
    """Choose the addresses that may reach the device; ours always stays among them."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    enabled: Annotated[bool, Param("Filter at all")]
    addresses: Annotated[tuple[str, ...], Param("Those let in; none keeps the list")] = ()


@dataclass(frozen=True, slots=True)
class AddObject(Command):
    """Add a camera or microphone to a server."""

    risk: ClassVar[Risk] = Risk.ADMIN

    kind: Annotated[str, Param("What it is", options=("camera", "microphone"))]
    source: Annotated[int, Param("The number of the source's type", low=0, high=12)]
    url: Annotated[str, Param("Where its pictures or sound come from")] = ""
    name: Annotated[str, Param("Its name")] = ""
    width: Annotated[int, Param("Width of the picture", low=1, high=16384)] = 640
    height: Annotated[int, Param("Height of the picture", low=1, high=16384)] = 480


@dataclass(frozen=True, slots=True)
class RemoveObject(Command):
    """Remove a camera or microphone from its server, with all its settings."""

    risk: ClassVar[Risk] = Risk.DESTROYS


COMMANDS: Final[tuple[type[Command], ...]] = (
    PtzMove,
    PtzStop,
    PtzHome,
    GotoPreset,
    SavePreset,
    RemovePreset,
    Say,
    PlayFile,
    RecordFor,
    DeleteRecordings,
    DeletePictures,
    Archive,
    UploadRecording,
    GetConfig,
    SetConfig,
    SetTime,
    SetMask,
    CreateDirectory,
    ApplyRecorderSettings,
    AddWindow,
    ChangeWindow,
    RemoveWindow,
    OutputSequence,
    BackUp,
    Restore,
    Upgrade,
    Install,
    FactoryReset,
    ShutDown,
    Service,
    FormatDisk,
    MountDisk,
    AddUser,
    ChangeUser,
    RemoveUser,
    SetIpFilter,
    AddObject,
    RemoveObject,
)
"""Every command that is an action; Set and Press are sent by entities."""
