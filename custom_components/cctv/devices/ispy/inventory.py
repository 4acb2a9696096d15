"""What each object, plan, group and remote command is in the common language. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..commands import (
    Archive,
    Command,
    DeletePictures,
    DeleteRecordings,
    GetConfig,
    GotoPreset,
    PlayFile,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    RecordFor,
    RemoveObject,
    Say,
    Set,
    SetConfig,
    SetMask,
    UploadRecording,
)
from ..model import (
    Feature,
    Limits,
    Part,
    PartKind,
    Profile,
    Stream,
    TalkFormat,
)
from ..settings import Bound
from . import ptz, refs, wire
from .features import (
    BUILT_IN,
    CAMERA_BUTTONS,
    DANGEROUS,
    GRABS,
    GROUP_BUTTONS,
    HOLD,
    LEVEL,
    LINGER,
    OBJECTS,
    PLANS,
    PUSH,
    STATUS,
    THING_BUTTONS,
)
from .plans import Plan
from .wire import Generation, Thing

TALK: Final = TalkFormat(codec="pcm_s16le", rate=22_050, frame=4_410)
"""16 bits, one channel, in tenths of a second (§10)."""
NO_DRIVE: Final = -999
"""The commands of no model are known."""
MANY: Final = 64
"""More parts of a kind than this are for few people."""
_NAME: Final = Limits(0, 120)
_TABLES: Final = frozenset({"recordings", "files", "levels"})
_THING: Final[frozenset[type[Command]]] = frozenset(
    {
        Set,
        Press,
        RecordFor,
        DeleteRecordings,
        Archive,
        UploadRecording,
        PlayFile,
        RemoveObject,
    }
)
_CAMERA: Final[frozenset[type[Command]]] = frozenset({Say, SetMask, DeletePictures})
_DRIVE: Final[frozenset[type[Command]]] = frozenset({PtzMove, PtzStop, PtzHome, GotoPreset})
_PANEL: Final[frozenset[type[Command]]] = frozenset({GetConfig, SetConfig})


@dataclass(slots=True)
class Known:
    """What was learnt of one object beside its row in the list."""

    status: Mapping[str, bool | int] | None = None
    """The last getobjectconfig; None while unknown."""
    panel: Mapping[str, str] | None = None
    bounds: tuple[Bound, ...] = ()
    """The settings that its panel lists."""
    moves: Mapping[str, str] | None = None
    """The drive's commands, by what is sent; None while unknown."""
    drive: int = NO_DRIVE
    """The model whose commands these are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part with what belongs to it."""

    part: Part
    features: tuple[Feature, ...] = ()
    streams: tuple[Stream, ...] = ()


def has_drive(thing: Thing) -> bool:
    """Whether a camera can be moved (§9)."""
    return thing.camera and thing.ptz > wire.NO_PTZ


def piece(thing: Thing, known: Known, generation: Generation, planned: bool, talks: bool) -> Piece:
    """A camera or microphone; `planned` if it is on a floor plan, `talks` if sound can be sent."""
    features = [
        *_basics(thing, known, generation),
        *_detections(thing, generation, planned),
        *(bound.feature(known.panel or {}) for bound in known.bounds),
        *(Feature(thing.part, key) for key in THING_BUTTONS),
    ]
    can = set(_THING)
    if known.panel:
        can |= _PANEL
    if not thing.camera:
        features.append(Feature(thing.part, "listen_at_server"))
        part = Part(
            thing.part,
            PartKind.MICROPHONE,
            thing.name or None,
            can=frozenset(can),
            tables=_TABLES,
        )
        return Piece(part, tuple(features))
    features += [
        Feature(thing.part, "last_picture", poll=f"{GRABS}{thing.part}"),
        *(Feature(thing.part, key) for key in CAMERA_BUTTONS),
        *_drive(thing, known),
    ]
    can |= _CAMERA
    if has_drive(thing):
        can |= _DRIVE
    if thing.talk:
        features.append(Feature(thing.part, "talk_from_server"))
        if talks:
            features.append(Feature(thing.part, "speaker"))
    part = Part(
        thing.part,
        PartKind.CAMERA,
        thing.name or None,
        can=frozenset(can),
        tables=_TABLES | {"pictures"},
        ptz=ptz.ABILITY if has_drive(thing) else None,
        talk=TALK if thing.talk and talks else None,
    )
    return Piece(part, tuple(features), (_stream(thing, known),))


def _basics(thing: Thing, known: Known, generation: Generation) -> list[Feature]:
    """What the list and the state of an object tell (§4)."""
    part, status = thing.part, f"{STATUS}{thing.part}"
    has = known.status or {}
    features = [
        Feature(part, "enabled", poll=OBJECTS),
        Feature(part, "record", poll=status if "recording" in has else None),
    ]
    if thing.recording is not None:
        features.append(Feature(part, "recording", poll=OBJECTS))
    if "errorState" in has:
        features.append(Feature(part, "online", poll=status))
    if thing.camera and "width" in has:
        features.append(Feature(part, "picture_size", poll=status))
    # The oldest builds would keep another text than was wished.
    if generation is not Generation.ANCIENT:
        features += [
            Feature(part, "object_name", poll=OBJECTS, limits=_NAME),
            Feature(part, "access_groups", poll=OBJECTS, limits=_NAME),
        ]
    return features


def _detections(thing: Thing, generation: Generation, planned: bool) -> list[Feature]:
    """What an object sees or hears, and what it says of it."""
    part, level = thing.part, f"{LEVEL}{thing.part}"
    features: list[Feature] = []
    if generation.modern:
        sensor, measure = ("motion", "motion_level") if thing.camera else ("sound", "sound_level")
        features = [
            Feature(part, sensor, poll=level, hold=HOLD, linger=LINGER),
            Feature(part, measure, poll=level),
            Feature(part, "new_file", push=PUSH),
            # The engine's, which need not look so often where each file is told of.
            Feature(part, "new_recording", push=PUSH),
        ]
    if generation.modern and thing.camera:
        features.append(Feature(part, "alert", push=PUSH))
    elif planned:
        features.append(Feature(part, "alert", poll=PLANS))
    return features


def _drive(thing: Thing, known: Known) -> list[Feature]:
    """Buttons of the drive and its own commands; a Kinect is not told apart from no drive (§9)."""
    part = thing.part
    if not has_drive(thing):
        return [Feature(part, key, minor=True) for key in ptz.KINECT]
    minor = True if thing.ptz == ptz.DIGITAL else None
    features = [Feature(part, key, minor=minor) for key in (*ptz.BUTTONS, "ptz_home")]
    if known.moves:
        key = "preset" if thing.ptz == ptz.ONVIF else "ptz_command"
        features.append(
            Feature(part, key, options=tuple(known.moves), labels=known.moves, minor=minor)
        )
    return features


def _stream(thing: Thing, known: Known) -> Stream:
    """Live pictures, stills and the sound of the paired microphone (§10)."""
    status = known.status or {}
    width, height = status.get("width", 0), status.get("height", 0)
    return Stream(
        f"{thing.part}:{Profile.MAIN}",
        thing.part,
        codec="mjpeg",
        size=(width, height) if width > 0 and height > 0 else None,
        live=refs.live([thing]),
        still=refs.still([thing]),
        sound=None if thing.microphone is None else refs.sound(thing.microphone),
    )


def together(things: Iterable[Thing], generation: Generation) -> tuple[Stream, ...]:
    """All cameras in one picture (§10); the oldest builds show one alone."""
    cameras = sorted((thing for thing in things if thing.camera), key=lambda each: each.oid)[:MANY]
    if len(cameras) < 2 or generation is Generation.ANCIENT:
        return ()
    return (
        Stream(
            f":{Profile.MAIN}",
            "",
            codec="mjpeg",
            minor=True,
            live=refs.live(cameras),
            still=refs.still(cameras),
        ),
    )


def plan(plan: Plan) -> Piece:
    """A floor plan: its picture and its alerts."""
    part = Part(plan.part, PartKind.PLAN, plan.name or None)
    return Piece(
        part,
        (
            Feature(plan.part, "floor_plan", poll=PLANS),
            Feature(plan.part, "alert", poll=PLANS),
        ),
    )


def groups(things: Iterable[Thing]) -> dict[str, str]:
    """The access groups of all objects: part and name as first written (§6)."""
    names: dict[str, str] = {}
    for thing in things:
        for name in thing.groups:
            names.setdefault(f"group.{wire.slug(name)}", name)
    return names


def group(id_: str, name: str, at: int) -> Piece:
    """A group: buttons, because nothing tells how it is."""
    minor = True if at >= MANY else None
    part = Part(id_, PartKind.GROUP, name.strip() or name, can=frozenset({Press}))
    return Piece(part, tuple(Feature(id_, key, minor=minor) for key in GROUP_BUTTONS))


def macros(commands: Mapping[int, str]) -> list[Piece]:
    """A part for each remote command but the one that blocks the PC."""
    return [
        Piece(
            Part(f"macro.{number}", PartKind.MACRO, name or None, can=frozenset({Press})),
            (
                Feature(
                    f"macro.{number}",
                    "run",
                    minor=True if number in BUILT_IN or at >= MANY else None,
                ),
            ),
        )
        for at, (number, name) in enumerate(commands.items())
        if number not in DANGEROUS
    ]
