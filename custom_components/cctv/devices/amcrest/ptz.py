"""The drive of a camera (§4.10): what it can, presets and tours, moves, where it looks."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from ..commands import (
    Aux,
    Command,
    GetView,
    GotoPreset,
    Mode,
    Pattern,
    PtzBox,
    PtzMove,
    PtzStop,
    RemovePreset,
    SavePreset,
    Scan,
    SetView,
    Tour,
)
from ..http.client import Lane
from ..model import (
    Batch,
    Feature,
    PtzAbility,
    Update,
    Value,
)
from . import kept, moves, spots, wire
from .box import Box
from .drive import PTZ, SPOTS, number
from .topic import Topic

_AXES: Final[Mapping[str, tuple[str, ...]]] = {
    "pan": ("Pan",),
    "tilt": ("Tile", "Tilt"),
    "zoom": ("Zoom",),
    "focus": ("Focus",),
    "iris": ("Iris",),
}
"""Members of the drive's abilities; one is misspelled on every device (§4.10.4)."""
_KEPT: Final = frozenset(
    {
        *(name for names in _AXES.values() for name in names),
        *("MoveRelatively", "MoveAbsolutely", "PtzMotionRange.HorizontalAngle[1]"),
        *("Preset", "Tour", "Pattern", "AutoScan", "Aux", "Light", "Wiper"),
    }
)
"""What is kept of what a drive says it can."""
_SPEEDS: Final = 8
_VIEW: Final = "view"


# --- what there is --------------------------------------------------------------------------


async def _learn(box: Box) -> list[Value]:
    """The drives that were found before, and their spots; nothing is asked."""
    told: list[Value] = []
    for index, camera in box.cameras.items():
        caps = kept.noted(box, f"{PTZ}{camera.channel}")
        if caps is not None:
            _place(box, index, caps)
            if box.verdicts.get(f"{_VIEW}:{camera.channel}") is True:
                _show(box, index)
            told += spots.recall(box, index)
    return told


async def _survey(box: Box) -> list[Value]:
    """Which cameras have a drive; a recorder's are asked one by one, since each may be another."""
    told: list[Value] = []
    for index, camera in box.cameras.items():
        group = f"{PTZ}{index}"
        if group not in box.features and not await _drive(box, index):
            continue
        part = camera.part.id
        if GetView not in box.able[group][part]:
            ask = partial(moves.window, box, camera.channel)
            if await box.verdicts.probe(f"{_VIEW}:{camera.channel}", ask) is not None:
                _show(box, index)
        told += await spots.learn(box, index)
    return told


async def _drive(box: Box, index: int) -> bool:
    """Whether a camera has a drive; what it can."""
    camera = box.cameras[index]
    name = f"ptz:{camera.channel}"
    caps = await box.verdicts.probe(name, partial(_caps, box, camera.channel, Lane.SURVEY))
    if not caps:
        return False
    if not _ability(caps).axes:
        # Fixed cameras may answer with everything off (§4.10.8).
        box.verdicts.put(name, verdict=False)
        return False
    kept.note(box, name, {each: word for each, word in caps.items() if each in _KEPT})
    _place(box, index, caps)
    return True


def _place(box: Box, index: int, caps: Mapping[str, str]) -> None:
    """Name what a drive can, and where it tells that it looks."""
    camera, ability = box.cameras[index], _ability(caps)
    part = camera.part.id
    box.drives[part] = ability
    # What did not answer before may have passed for a lens without a head.
    box.lenses.discard(part)
    if _is(caps, "Wiper"):
        box.wipers.add(part)
    box.able[f"{PTZ}{index}"] = {part: _can(caps)}
    box.features[f"{PTZ}{index}"] = [
        Feature(part, key, poll=f"{PTZ}{camera.channel}")
        for axis, key in (("pan", "pan"), ("tilt", "tilt"), ("zoom", "zoom_position"))
        if axis in ability.axes
    ]


def _show(box: Box, index: int) -> None:
    """Name that a drive can be told which window of its picture to show."""
    part, group = box.cameras[index].part.id, f"{PTZ}{index}"
    box.able[group] = {part: box.able[group][part] | {GetView, SetView}}


async def _caps(box: Box, channel: int, lane: Lane) -> dict[str, str]:
    """What the drive can (getCurrentProtocolCaps, §4.10.4), without its prefix."""
    text = await box.client.ask("ptz", "getCurrentProtocolCaps", [("channel", channel)], lane=lane)
    return {
        name.removeprefix("caps."): value.strip()
        for name, value in wire.pairs(text).items()
        if name.startswith("caps.")
    }


def _ability(caps: Mapping[str, str]) -> PtzAbility:
    """Axes and modes by what the drive says it can."""
    axes = frozenset(
        axis for axis, names in _AXES.items() if any(_is(caps, name) for name in names)
    )
    modes = {str(Mode.CONTINUOUS)}
    if _is(caps, "MoveRelatively"):
        modes.add(str(Mode.RELATIVE))
    if _is(caps, "MoveAbsolutely") or caps.get("PtzMotionRange.HorizontalAngle[1]"):
        modes.add(str(Mode.ABSOLUTE))
    return PtzAbility(axes, frozenset(modes), _SPEEDS)


def _can(caps: Mapping[str, str]) -> frozenset[type[Command]]:
    """Commands by what the drive says it can."""
    can: set[type[Command]] = {PtzMove, PtzStop, PtzBox}
    for word, commands in (
        ("Preset", (SavePreset, RemovePreset, GotoPreset)),
        ("Tour", (Tour,)),
        ("Pattern", (Pattern,)),
        ("AutoScan", (Scan,)),
        ("Aux", (Aux,)),
        ("Light", (Aux,)),
        ("Wiper", (Aux,)),
    ):
        if _is(caps, word):
            can.update(commands)
    return frozenset(can)


def _is(caps: Mapping[str, str], name: str) -> bool:
    return caps.get(name, "").lower() in ("true", "1")


# --- where it looks ---------------------------------------------------------------------------


async def _read_place(box: Box, poll: str) -> Batch:
    """Where the camera looks (getStatus, §4.10.8): degrees, and the zoom as the device counts."""
    channel = int(poll.removeprefix(PTZ))
    camera = next(one for one in box.cameras.values() if one.channel == channel)
    text = await box.client.ask("ptz", "getStatus", [("channel", channel)])
    told = wire.pairs(text)
    places: list[Update] = []
    for at, key in enumerate(("pan", "tilt", "zoom_position")):
        id_ = f"{camera.part.id}:{key}"
        word = next((told[name] for name in _positions(at) if name in told), "")
        if id_ in box.topology.features:
            places.append(Value(id_, number(word)))
    return tuple(places)


def _positions(at: int) -> tuple[str, str]:
    """The two spellings of one axis's place."""
    return f"status.Postion[{at}]", f"status.Position[{at}]"


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={PTZ: _read_place, SPOTS: spots.read_spots},
    handlers={
        Aux: spots.aux,
        GetView: moves.get_view,
        GotoPreset: spots.goto,
        Pattern: spots.pattern,
        PtzBox: moves.area,
        PtzMove: moves.move,
        PtzStop: moves.stop,
        RemovePreset: spots.remove,
        SavePreset: spots.save,
        Scan: spots.scan,
        SetView: moves.set_view,
        Tour: spots.tour,
    },
    setters={"preset": spots.goto, "tour": spots.set_tour},
)
