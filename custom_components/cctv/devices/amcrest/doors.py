"""Doors that the box unlocks (§11.1): locks, whether they are open, for how long they unlock."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from ..commands import Set
from ..errors import BadInput, Rejected, Unsupported
from ..http.client import Lane
from ..model import (
    Answer,
    Batch,
    Feature,
    Part,
    PartId,
    PartKind,
    Update,
    Value,
)
from . import kept, wire
from .box import MANY, Box
from .features import DOOR, EVENTS
from .topic import Topic

_TABLE: Final = "AccessControl"
_LOCK_STATUS: Final = "getLockStatus"
_HOLD: Final = 5.0
"""Seconds that a door stays unlocked where the box does not say."""
_MILLISECONDS: Final = 250.0
"""An interval this long is told in milliseconds: no door stays unlocked for minutes."""
_OPEN: Final = frozenset({"open", "break"})
_MEMBERS: Final = ("Name", "UnlockHoldInterval")
_SAYS: Final = {"lock": "door_lock", "door": "door"}


async def _learn(box: Box) -> list[Value]:
    """The doors that were found before, until the survey looks again; nothing is asked."""
    noted = kept.noted(box, DOOR)
    if noted and not box.doors:
        box.recalled.add(DOOR)
        for index in range(MANY):
            if (told := noted.get(f"{index} says")) is not None:
                door = {name: noted.get(f"{index} {name}", "") for name in _MEMBERS}
                _place(box, index, door, dict.fromkeys(told.split()))
    return []


async def _survey(box: Box) -> list[Value]:
    """Doors by their table; a box without the table has none."""
    if box.doors and DOOR not in box.recalled:
        asked = {_LOCK_STATUS, *(f"{DOOR}{index + 1}" for index in box.doors)}
        if not asked & box.verdicts.unknown:
            return []
    listing = await box.verdicts.probe(_TABLE, partial(box.store.read, _TABLE, Lane.SURVEY))
    found = sorted(wire.rows(listing or {}, _TABLE).items())[:MANY]
    if not listing and _TABLE in box.verdicts.unknown:
        return []
    told: list[Value] = []
    words: dict[str, str] = {}
    known = {each.id for each in box.features.get(DOOR, ())} if DOOR in box.recalled else set()
    box.recalled.discard(DOOR)
    box.doors.clear()
    box.parts[DOOR] = []
    box.features[DOOR] = []
    for index, door in found:
        poll = f"{DOOR}{index + 1}"
        states = await box.verdicts.probe(poll, partial(_states, box, index + 1, Lane.SURVEY))
        says = states or {}
        if states is None and poll in box.verdicts.unknown:
            # A moment's trouble is no reason to forget what it said before.
            says = {each: "" for each, key in _SAYS.items() if f"door.{index + 1}:{key}" in known}
        _place(box, index, door, says)
        told += _told(box.doors[index], states or {})
        words[f"{index} says"] = " ".join(says)
        words |= {f"{index} {name}": door[name][:80] for name in _MEMBERS if name in door}
    kept.note(box, DOOR, words)
    return told


def _place(box: Box, index: int, door: Mapping[str, str], says: Mapping[str, str | None]) -> None:
    """A part for a door; what it says decides what is told of it."""
    part, poll = f"door.{index + 1}", f"{DOOR}{index + 1}"
    name = door.get("Name", "").strip()[:80] or None
    box.parts.setdefault(DOOR, []).append(Part(part, PartKind.DOOR, name))
    told = poll if "lock" in says else None
    features = box.features.setdefault(DOOR, [])
    features.append(Feature(part, "door_lock", poll=told, push=EVENTS, hold=hold(door)))
    features.append(Feature(part, "open_door"))
    if "door" in says:
        features.append(Feature(part, "door", poll=poll, push=EVENTS))
    box.doors[index] = part


def hold(door: Mapping[str, str]) -> float:
    """Seconds that a door stays unlocked (UnlockHoldInterval, §11.1.2)."""
    try:
        told = float(door.get("UnlockHoldInterval", ""))
    except ValueError:
        return _HOLD
    if not 0 < told < 86_400_000:
        return _HOLD
    return told / 1_000 if told >= _MILLISECONDS else told


async def _states(box: Box, channel: int, lane: Lane = Lane.READ) -> dict[str, str]:
    """What a door says: 'door' open or not, 'lock' where it tells that too (§11.1.2)."""
    told: dict[str, str] = {}
    if door := await _status(box, "getDoorStatus", channel, lane):
        told["door"] = door
    ask = partial(_status, box, _LOCK_STATUS, channel, lane)
    if lock := await box.verdicts.probe(_LOCK_STATUS, ask):
        told["lock"] = lock
    if not told:
        raise Unsupported("the door says nothing")
    return told


async def _status(box: Box, action: str, channel: int, lane: Lane) -> str:
    """The word behind a status; empty where it says nothing."""
    text = await box.client.ask("accessControl", action, [("channel", channel)], lane=lane)
    return next(
        (
            value.strip().lower()
            for name, value in wire.pairs(text).items()
            if name.lower().endswith("status")
        ),
        "",
    )


def _told(part: PartId, states: Mapping[str, str]) -> list[Value]:
    """The values of a door's words."""
    told = []
    if "door" in states:
        told.append(Value(f"{part}:door", states["door"] in _OPEN))
    if "lock" in states:
        told.append(Value(f"{part}:door_lock", states["lock"] not in _OPEN))
    return told


async def _read(box: Box, poll: str) -> Batch:
    """One door."""
    channel = int(poll.removeprefix(DOOR))
    told: list[Update] = list(_told(box.doors[channel - 1], await _states(box, channel)))
    return tuple(told)


def _channel(box: Box, part: PartId) -> int:
    for index, door in box.doors.items():
        if door == part:
            return index + 1
    raise BadInput(f"no door {part}")


async def _open(box: Box, part: PartId) -> Answer:
    """Unlock for a moment (openDoor, §11.1.1); who may not is told so by the box."""
    params: list[tuple[str, wire.Param]] = [
        ("channel", _channel(box, part)),
        ("UserID", 101),
        ("Type", "Remote"),
    ]
    await box.client.tell("accessControl", "openDoor", params)
    return Answer((Value(f"{part}:door_lock", False),))


async def _lock(box: Box, part: PartId, command: Set) -> Answer:
    """Unlock it, or lock it at once where the box can (closeDoor, §11.1.1)."""
    if not command.value:
        return await _open(box, part)
    channel = _channel(box, part)
    try:
        await box.client.tell("accessControl", "closeDoor", [("channel", channel)])
    except Unsupported as error:
        raise Rejected("the door locks by itself only") from error
    return Answer((Value(f"{part}:door_lock", True),))


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={DOOR: _read},
    setters={"door_lock": _lock},
    pressers={"open_door": _open},
)
