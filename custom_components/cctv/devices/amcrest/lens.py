"""A motor lens (§4.5.14-17) and the wiper in front of it (§5.2)."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from ..commands import Mode, PtzMove, PtzStop, Set
from ..errors import BadInput, Rejected
from ..http.client import Lane
from ..model import (
    Answer,
    Batch,
    Feature,
    Hint,
    Limits,
    PartId,
    PtzAbility,
    Update,
    Value,
)
from . import kept, wire
from .box import Box
from .drive import LENS, index_of, number
from .inventory import Camera
from .topic import Topic

_AXES: Final = {"focus": "Focus", "zoom": "Zoom"}
_STATES: Final = {
    "normal": "normal",
    "autofocus": "focusing",
    "focusing": "focusing",
    "reset": "resetting",
    "resetting": "resetting",
}
_NEAR: Final = 5.0
"""So many percent off is where it was sent: some go slowly and not quite there (§4.5.14)."""
_LOOKS: Final = (0.3, 0.7, 1.5)
"""Pauses (seconds) before each look whether the lens has arrived."""
_STATUS: Final = "getFocusStatus"
_WIPER: Final = "wiper:"
_CAPS: Final = "devVideoInput.getCaps"
_MOTOR: Final = "motor"
_STROKE: Final = 5
"""Seconds between two strokes of the wiper."""


async def _learn(box: Box) -> list[Value]:
    """Which lenses were found to have a motor; nothing is asked."""
    for camera in box.cameras.values():
        noted = kept.noted(box, f"{LENS}{camera.channel}")
        if noted is not None:
            _place(box, camera, motor=noted.get(_MOTOR) == "true")
    _place_wipers(box)
    return []


async def _survey(box: Box) -> list[Value]:
    """Which cameras have a motor lens, and which a wiper; a recorder's are their own business."""
    if box.identity.recorder:
        return []
    told: list[Value] = []
    for camera in box.cameras.values():
        if f"{LENS}{camera.channel}" not in box.features:
            told += await _lens(box, camera)
    _place_wipers(box)
    return told


def _place_wipers(box: Box) -> None:
    """A wiper is told of by the drive that carries it (§4.10.4)."""
    for camera in box.cameras.values():
        if camera.part.id in box.wipers and not box.identity.recorder:
            box.features[f"{_WIPER}{camera.channel}"] = [
                Feature(camera.part.id, key) for key in ("wiper", "wipe")
            ]


async def _lens(box: Box, camera: Camera) -> list[Value]:
    """Whether the lens of a camera has a motor; what does not answer is asked again."""
    caps = await box.verdicts.probe(_CAPS, partial(_caps, box, camera.channel))
    if caps is None or _CAPS in box.verdicts.unknown:
        return []
    status: Mapping[str, str] | None = None
    # A fixed lens may answer as well, with zeros.
    if caps.get("caps.ElectricFocus", "").lower() == "true":
        ask = partial(_status, box, camera.channel, Lane.SURVEY)
        status = await box.verdicts.probe(_STATUS, ask)
    if not status:
        if _STATUS not in box.verdicts.unknown:
            _place(box, camera, motor=False)
        return []
    _place(box, camera, motor=True)
    return _told(camera.part.id, status)


def _place(box: Box, camera: Camera, *, motor: bool) -> None:
    """Name what a lens can, and keep whether it has a motor."""
    part, group = camera.part.id, f"{LENS}{camera.channel}"
    kept.note(box, group, {_MOTOR: str(motor).lower()})
    box.features[group] = []
    if not motor:
        return
    box.features[group] = [
        Feature(part, "focus", poll=group, limits=Limits(0, 100)),
        Feature(part, "zoom", poll=group, limits=Limits(0, 100)),
        Feature(part, "focus_state", poll=group),
        Feature(part, "focus_now"),
    ]
    if part not in box.drives:
        box.lenses.add(part)
        box.drives[part] = PtzAbility(frozenset(_AXES), frozenset({Mode.CONTINUOUS}))
        box.able[group] = {part: frozenset({PtzMove, PtzStop})}


async def _caps(box: Box, channel: int) -> dict[str, str]:
    """What the camera's input can (getCaps, §4.5.13)."""
    text = await box.client.ask(
        "devVideoInput", "getCaps", [("channel", channel)], lane=Lane.SURVEY
    )
    return wire.pairs(text)


async def _status(box: Box, channel: int, lane: Lane = Lane.READ) -> dict[str, str]:
    """Where the lens is (getFocusStatus, §4.5.17): each axis from 0 to 1."""
    text = await box.client.ask(
        "devVideoInput", "getFocusStatus", [("channel", channel)], lane=lane
    )
    return {name.rpartition(".")[2]: value.strip() for name, value in wire.pairs(text).items()}


def _told(part: PartId, status: Mapping[str, str]) -> list[Value]:
    """What a status says."""
    told = [
        Value(
            f"{part}:{key}", None if (at := number(status.get(name, ""))) is None else _percent(at)
        )
        for key, name in _AXES.items()
    ]
    word = status.get("Status", "")
    return [*told, Value(f"{part}:focus_state", _STATES.get(word.lower(), word[:64] or None))]


def _percent(at: float) -> float:
    """0 to 1 as percent."""
    return round(100 * max(0.0, min(1.0, at)), 1)


async def _read(box: Box, poll: str) -> Batch:
    """Where the lens is now."""
    channel = int(poll.removeprefix(LENS))
    camera = next(one for one in box.cameras.values() if one.channel == channel)
    told: list[Update] = list(_told(camera.part.id, await _status(box, channel)))
    return tuple(told)


async def _adjust(box: Box, part: PartId, command: Set) -> Answer:
    """Move one axis of the lens (adjustFocus, §4.5.14); −1 keeps the other."""
    if isinstance(command.value, bool) or not isinstance(command.value, (int, float)):
        raise BadInput("not a number")
    camera = box.cameras[index_of(box, part)]
    wanted = float(command.value)
    values = dict.fromkeys(_AXES, "-1") | {command.key: f"{wanted / 100:.4f}"}
    params: list[tuple[str, wire.Param]] = [
        ("focus", values["focus"]),
        ("zoom", values["zoom"]),
        ("channel", camera.channel),
    ]
    await box.client.tell("devVideoInput", "adjustFocus", params)
    told: list[Value] = []
    for pause in _LOOKS:
        await box.env.clock.sleep(pause)
        told = _told(part, await _status(box, camera.channel))
        at = next(each.value for each in told if each.feature == f"{part}:{command.key}")
        if isinstance(at, (int, float)) and abs(at - wanted) <= _NEAR:
            return Answer(tuple(told))
    if any(each.value == "focusing" for each in told):
        # Still on its way: the poll tells when it is there.
        return Answer((*told, Hint((f"{LENS}{camera.channel}",))))
    raise Rejected(f"the lens did not go to {wanted:g} %")


async def _focus(box: Box, part: PartId) -> Answer:
    """Focus by itself, once (autoFocus, §4.5.16)."""
    camera = box.cameras[index_of(box, part)]
    await box.client.tell("devVideoInput", "autoFocus", [("channel", camera.channel)])
    return Answer((Hint((f"{LENS}{camera.channel}",)),))


# --- the wiper ------------------------------------------------------------------------------


async def _wipe(box: Box, part: PartId) -> Answer:
    """One stroke (rainBrush moveOnce, §5.2.3)."""
    channel = box.cameras[index_of(box, part)].channel
    await box.client.tell("rainBrush", "moveOnce", [("channel", channel)])
    return Answer()


async def _wiper(box: Box, part: PartId, command: Set) -> Answer:
    """Wipe on and on, or stop (rainBrush, §5.2.1-2); nobody tells whether it wipes."""
    channel = box.cameras[index_of(box, part)].channel
    if command.value:
        await box.client.tell(
            "rainBrush", "moveContinuously", [("channel", channel), ("interval", _STROKE)]
        )
    else:
        await box.client.tell("rainBrush", "stopMove", [("channel", channel)])
    return Answer((Value(f"{part}:wiper", bool(command.value)),))


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={LENS: _read},
    setters={"focus": _adjust, "zoom": _adjust, "wiper": _wiper},
    pressers={"focus_now": _focus, "wipe": _wipe},
)
