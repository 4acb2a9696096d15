"""The common language: what a device is, has, says and keeps. Frozen values, no I/O."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from .commands import Command

type PartId = str
"""'' is the box; 'camera.2', 'camera.2/window.3', 'disk.mmc0' are places in it."""
type FeatureId = str
"""f'{part}:{key}'"""
type Ref = str
"""Names bytes on the device; made, parsed and checked by its family alone."""
type Scalar = bool | int | float | str | datetime | time

BOX: Final[PartId] = ""
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})
_FIRST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)


class PartKind(StrEnum):
    """What kind of place a part is."""

    BOX = "box"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    LENS = "lens"
    WINDOW = "window"
    RULE = "rule"
    REGION = "region"
    SPACE = "space"
    INPUT = "input"
    OUTPUT = "output"
    DOOR = "door"
    DISK = "disk"
    PLAN = "plan"
    DISPLAY = "display"
    MACRO = "macro"
    GROUP = "group"


class Profile(StrEnum):
    """Which of a camera's streams."""

    MAIN = "main"
    SUB = "sub"
    THIRD = "third"
    OTHER = "other"


class Need(StrEnum):
    """When a poll or feed runs: for a wanted feature, always, or always and it decides `online`."""

    WANTED = "wanted"
    ALWAYS = "always"
    VITAL = "vital"


class Origin(StrEnum):
    """Where a reading comes from; it decides only when the reading counts as taken."""

    POLL = "poll"
    PUSH = "push"
    COMMAND = "command"


# --- what a device is and has -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """The type plate of the box, or of a camera behind a recorder."""

    name: str | None = None
    maker: str | None = None
    model: str | None = None
    firmware: str | None = None
    hardware: str | None = None
    serial: str | None = None
    mac: str | None = None
    url: str | None = None
    identities: frozenset[str] = frozenset()
    """'mac:…' 'serial:…'; one in common means the same device."""
    claims: frozenset[str] = frozenset()
    """What only one device may hold: 'mqtt:yicam'."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of a number, in the unit of its row."""

    min: float
    max: float
    step: float = 1


@dataclass(frozen=True, slots=True)
class PtzAbility:
    """Which axes move, in which modes, in how many speed steps."""

    axes: frozenset[str]
    modes: frozenset[str]
    speeds: int = 1


@dataclass(frozen=True, slots=True)
class TalkFormat:
    """The sound a speaker takes: codec, samples a second, bytes a frame, in real time, at most."""

    codec: str
    """'mulaw', 'alaw', 'pcm_s16le' or 'aac-adts', whose frames are as long as they turn out."""
    rate: int
    frame: int
    paced: bool = True
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A place: what it is, what may be done to it, what may be searched in it."""

    id: PartId
    kind: PartKind
    name: str | None = None
    about: About | None = None
    can: frozenset[type[Command]] = frozenset()
    tables: frozenset[str] = frozenset()
    ptz: PtzAbility | None = None
    talk: TalkFormat | None = None

    @property
    def token(self) -> str:
        """The device's own id for it: '3' of 'camera.3', '' of the box."""
        return self.id.rpartition("/")[2].partition(".")[2]

    @property
    def above(self) -> PartId | None:
        """The part it sits on: 'camera.2' of 'camera.2/window.3', '' of 'camera.2', None of ''."""
        return above(self.id)


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that can be read, set, pressed or heard; `key` is a row of the catalogue."""

    part: PartId
    key: str
    poll: str | None = None
    push: str | None = None
    limits: Limits | None = None
    options: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """The device's own words for its options."""
    hold: float | None = None
    """An on that is not heard again for so long ends."""
    linger: float = 0
    """An off counts only after so long."""
    minor: bool | None = None
    """For few people, so disabled at first; None = as its row says."""

    @property
    def id(self) -> FeatureId:
        """Its name everywhere."""
        return f"{self.part}:{self.key}"

    @property
    def blind(self) -> bool:
        """Whether it can be set but never read."""
        return self.poll is None and self.push is None


@dataclass(frozen=True, slots=True)
class Stream:
    """One live view: one camera entity."""

    id: str
    """f'{part}:{profile}'"""
    part: PartId
    profile: Profile = Profile.MAIN
    codec: str | None = None
    """As `h264`, `h265`, `mjpeg`, `mpeg4`."""
    size: tuple[int, int] | None = None
    minor: bool = False
    url: str | None = None
    """RTSP, without secrets."""
    live: Ref | None = None
    still: Ref | None = None
    sound: Ref | None = None
    film: Ref | None = None
    """Live pictures and sound in a container that browsers do not play, without an end."""
    two_way: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """Something that is read: how often (seconds), and when a change by command has settled."""

    name: str
    every: float
    settle: tuple[float, ...] = ()
    need: Need = Need.WANTED


@dataclass(frozen=True, slots=True)
class Feed:
    """Something heard: silent for so long means dead; the polls to read after every connect."""

    name: str
    silence: float | None = None
    seed: tuple[str, ...] = ()
    need: Need = Need.WANTED


@dataclass(frozen=True, slots=True)
class Topology:
    """All that a device has; whole, replaced, compared with ==."""

    parts: Mapping[PartId, Part] = field(default_factory=lambda: _NONE)
    features: Mapping[FeatureId, Feature] = field(default_factory=lambda: _NONE)
    streams: Mapping[str, Stream] = field(default_factory=lambda: _NONE)
    polls: Mapping[str, Poll] = field(default_factory=lambda: _NONE)
    feeds: Mapping[str, Feed] = field(default_factory=lambda: _NONE)


def topology(
    parts: tuple[Part, ...] | list[Part] = (),
    features: tuple[Feature, ...] | list[Feature] = (),
    streams: tuple[Stream, ...] | list[Stream] = (),
    polls: tuple[Poll, ...] | list[Poll] = (),
    feeds: tuple[Feed, ...] | list[Feed] = (),
) -> Topology:
    """Make a topology out of its pieces."""
    return Topology(
        parts=MappingProxyType({part.id: part for part in parts}),
        features=MappingProxyType({feature.id: feature for feature in features}),
        streams=MappingProxyType({stream.id: stream for stream in streams}),
        polls=MappingProxyType({poll.name: poll for poll in polls}),
        feeds=MappingProxyType({feed.name: feed for feed in feeds}),
    )


def above(part: PartId) -> PartId | None:
    """The part that a part sits on; None for the box."""
    return part.rpartition("/")[0] if part else None


def camera_of(parts: Mapping[PartId, Part], part: PartId) -> PartId:
    """The camera, microphone or box that a part belongs to: the nearest with pictures or sound."""
    at: PartId | None = part
    while at:
        if at in parts and parts[at].kind in (PartKind.CAMERA, PartKind.MICROPHONE):
            return at
        at = above(at)
    return BOX


# --- what a device says -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Light:
    """A lamp: on or off, how bright (percent), which effect."""

    on: bool
    level: int | None = None
    effect: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A still that belongs to a moment."""

    ref: Ref
    taken: datetime


@dataclass(frozen=True, slots=True)
class Firmware:
    """The version that runs and the newest one known."""

    installed: str
    latest: str | None = None
    notes: str | None = None


type Reported = Scalar | Light | Picture | Firmware | None


@dataclass(frozen=True, slots=True)
class Value:
    """A level: what a feature is now."""

    feature: FeatureId
    value: Reported
    hold: float | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True)
class Event:
    """A momentary thing; an id that was heard before is dropped."""

    feature: FeatureId
    type: str
    id: str | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the user can mend."""

    key: str
    part: PartId = BOX
    active: bool = True
    data: Mapping[str, str] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True)
class Hint:
    """Read these polls now."""

    polls: tuple[str, ...]


type Update = Topology | Value | Event | Notice | Hint
type Batch = tuple[Update, ...]
"""Updates in the order they were said."""


# --- what the runner keeps --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with its times (seconds, monotonic): taken, settled from, at rest from."""

    value: Reported
    at: float
    settles: float = 0
    rests: float | None = None
    details: Mapping[str, Any] = field(default_factory=lambda: _NONE)


@dataclass(frozen=True, slots=True)
class Health:
    """How a poll or feed does: None = not tried yet."""

    up: bool | None = None
    failures: int = 0
    error: str | None = None


# --- what is searched and fetched -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """A search in a part, newest first."""

    start: datetime | None = None
    end: datetime | None = None
    limit: int = 1000

    def __post_init__(self) -> None:
        """Keep the times where days and zones can be added: nothing is recorded beyond."""
        for name, moment in (("start", self.start), ("end", self.end)):
            if moment is not None:
                object.__setattr__(self, name, max(_FIRST, min(_LAST, moment)))


@dataclass(frozen=True, slots=True)
class Recordings(Query):
    """Recordings that overlap a time, by what triggered them (`catalogue.RECORDING_KINDS`)."""

    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Days(Query):
    """The days that have recordings, of a part whose tables have "days"."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the device's zone: how many recordings at least, and whether that is all."""

    date: date
    count: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Table(Query):
    """Rows of one of the part's tables."""

    kind: str = ""
    where: Mapping[str, str] = field(default_factory=lambda: _NONE)


type TableRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording or stored picture; without refs it can be listed, not played."""

    refs: tuple[Ref, ...]
    """Its files in the order of time; they go on in each other."""
    part: PartId
    start: datetime
    end: datetime | None = None
    kinds: frozenset[str] = frozenset()
    size: int | None = None
    container: str = ""
    """'dav' 'mp4' 'avi' …, or 'jpeg' of a picture."""
    thumbnail: Ref | None = None
    name: str | None = None
    """The device's own name for it, as DeleteRecordings and Archive take it."""
    url: str | None = None
    """Where players find it over RTSP, without secrets."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes on their way: what, how many, the chunks; of a live stream each is one picture."""

    mime: str
    chunks: AsyncIterator[bytes]
    container: str | None = None
    size: int | None = None
    ranged: bool = False
    live: bool = False

    async def read(self, limit: int = 16 << 20) -> bytes:
        """All of it, if it is not more than `limit`; ValueError otherwise."""
        body = bytearray()
        try:
            async for chunk in self.chunks:
                body += chunk
                if len(body) > limit:
                    raise ValueError(f"more than {limit} bytes")
        finally:
            await self.close()
        return bytes(body)

    async def close(self) -> None:
        """Free what stands behind it."""
        close = getattr(self.chunks, "aclose", None)
        if close is not None:
            await close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command brought: what it changed, data to show, bytes to fetch."""

    updates: Batch = ()
    data: Any = None
    ref: Ref | None = None
