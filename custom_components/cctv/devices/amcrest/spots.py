"""Presets, tours, patterns and scans of a drive, and what hangs on it (§4.10.5-4.10.7)."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from ..commands import (
    Aux,
    Command,
    GotoPreset,
    Pattern,
    RemovePreset,
    SavePreset,
    Scan,
    Set,
    Tour,
)
from ..errors import BadInput, Unsupported
from ..model import Answer, Batch, Feature, Hint, PartId, Value
from . import kept, wire
from .box import Box
from .drive import OFF, SPOTS, channel_of, index_of, leaves, looks, send

_PRESETS: Final = 255
_LISTS: Final[Mapping[str, tuple[str, str, type[Command]]]] = {
    "preset": ("getPresets", "presets", GotoPreset),
    "tour": ("getTours", "tours", Tour),
}
"""What lists them, the list's name, and what a drive can that has any."""
_ACTIONS: Final = tuple(action for action, _, _ in _LISTS.values())
_TOURS: Final = {"start": "StartTour", "stop": "StopTour", "clear": "ClearTour"}
_STOPS: Final = {"add": "AddTour", "remove": "DelTour"}
_PATTERNS: Final = {
    "start": "StartPattern",
    "stop": "StopPattern",
    "record": "SetPatternBegin",
    "save": "SetPatternEnd",
}
_SCANS: Final = {
    "start": "AutoScanOn",
    "stop": "AutoScanOff",
    "left_edge": "SetLeftLimit",
    "right_edge": "SetRightLimit",
}
_ACCESSORIES: Final = {"light": "Light", "wiper": "Wiper", "aux": "Aux"}


def recall(box: Box, index: int) -> list[Value]:
    """Presets and tours as they were kept, until the survey looks again."""
    camera = box.cameras[index]
    poll = f"{SPOTS}{camera.channel}"
    noted = kept.noted(box, poll)
    if noted is None or poll in box.listings:
        return []
    found: dict[str, dict[str, str]] = {key: {} for key in _LISTS}
    for name, label in noted.items():
        key, _, token = name.partition(" ")
        if key in found and token.isdecimal():
            found[key][token] = label
    box.listings.add(poll)
    box.recalled.add(poll)
    return _place(box, camera.part.id, poll, found)


async def learn(box: Box, index: int) -> list[Value]:
    """Presets and tours, which may be none; a list that was told before is not asked for."""
    camera = box.cameras[index]
    part, poll = camera.part.id, f"{SPOTS}{camera.channel}"
    can = frozenset[type[Command]]().union(*(each.get(part, ()) for each in box.able.values()))
    known = {each.key for each in box.features.get(poll, ()) if poll not in box.recalled}
    found: dict[str, Mapping[str, str]] = {}
    for key, (action, _, command) in _LISTS.items():
        if command in can and key not in known:
            name = f"{action}:{camera.channel}"
            listed = await box.verdicts.probe(name, partial(_listed, box, camera.channel, key))
            if listed or name not in box.verdicts.unknown:
                found[key] = listed or {}
    if not any(f"{action}:{camera.channel}" in box.verdicts.unknown for action in _ACTIONS):
        box.recalled.discard(poll)
    box.listings.add(poll)
    return _place(box, part, poll, found)


async def _listed(box: Box, channel: int, key: str) -> dict[str, str]:
    """The names of presets or tours by number (getPresets, getTours, §4.10.5-6)."""
    action, name, _ = _LISTS[key]
    text = await box.client.ask("ptz", action, [("channel", channel)])
    return {
        row["Index"].strip(): row.get("Name", "").strip()[:64] or row["Index"].strip()
        for row in wire.rows(wire.pairs(text), name).values()
        if row.get("Index", "").strip().isdecimal()
    }


def _place(
    box: Box, part: PartId, poll: str, found: Mapping[str, Mapping[str, str]]
) -> list[Value]:
    """The choices that these lists make; those of the others stay."""
    features = [each for each in box.features.get(poll, ()) if each.key not in found]
    told: list[Value] = []
    for key, labels in found.items():
        if labels:
            first = (OFF,) if key == "tour" else ()
            choice = Feature(part, key, poll=poll, options=(*first, *labels), labels=labels)
            features.append(choice)
            told.append(Value(choice.id, box.sent.get(choice.id, *first or (None,))))
    box.features[poll] = sorted(features, key=lambda each: each.key)
    kept.note(
        box,
        poll,
        {f"{each.key} {at}": label for each in features for at, label in each.labels.items()},
    )
    return told


async def read_spots(box: Box, poll: str) -> Batch:
    """Presets and tours, which somebody else may have changed."""
    channel = int(poll.removeprefix(SPOTS))
    camera = next(one for one in box.cameras.values() if one.channel == channel)
    before = list(box.features.get(poll, ()))
    found: dict[str, Mapping[str, str]] = {}
    for key, (action, _, _) in _LISTS.items():
        if box.verdicts.get(f"{action}:{channel}") is True:
            try:
                found[key] = await _listed(box, channel, key)
            except Unsupported:
                found[key] = {}
    told = _place(box, camera.part.id, poll, found)
    if not box.lists(poll, changed=before != box.features[poll]):
        return tuple(told)
    return (box.build(), *told)


def _number_of(box: Box, id_: str, wanted: str) -> int:
    """A preset's or tour's number, by number or name."""
    feature = box.topology.features.get(id_)
    labels = feature.labels if feature is not None else {}
    named = [token for token, label in labels.items() if label.casefold() == wanted.casefold()]
    word = named[0] if named else wanted.strip()
    if not word.isdecimal() or len(word) > 3 or not 1 <= int(word) <= _PRESETS:
        raise BadInput(f"a name that there is, or a number from 1 to {_PRESETS}")
    return int(word)


def _again(box: Box, part: PartId) -> Hint:
    return Hint((f"{SPOTS}{box.cameras[index_of(box, part)].channel}",))


async def goto(box: Box, part: PartId, command: GotoPreset | Set) -> Answer:
    """Go to a preset."""
    wanted = str(command.value) if isinstance(command, Set) else command.preset
    number = _number_of(box, f"{part}:preset", wanted)
    await send(box, part, "start", "GotoPreset", 0.0, float(number), 0.0)
    id_ = f"{part}:preset"
    place = looks(box, part)
    if id_ not in box.topology.features:
        return Answer((place,))
    box.sent[id_] = str(number)
    return Answer((Value(id_, str(number)), place))


async def save(box: Box, part: PartId, command: SavePreset) -> Answer:
    """Store where it looks, by its number or an existing name, and name it."""
    feature = box.topology.features.get(f"{part}:preset")
    word, name = command.preset.strip(), command.name.strip()
    known = feature.labels if feature is not None else {}
    if not word.isdecimal() and word.casefold() not in map(str.casefold, known.values()):
        # A new name gets the first number that is free.
        free = next(at for at in range(1, _PRESETS + 1) if str(at) not in known)
        word, name = str(free), word
    number = _number_of(box, f"{part}:preset", word)
    await send(box, part, "start", "SetPreset", 0.0, float(number), 0.0)
    if name:
        params: list[tuple[str, wire.Param]] = [("channel", channel_of(box, part))]
        await box.client.tell("ptz", "setPreset", [*params, ("arg1", number), ("arg2", name[:64])])
    return Answer((_again(box, part),))


async def remove(box: Box, part: PartId, command: RemovePreset) -> Answer:
    """Forget a preset."""
    number = _number_of(box, f"{part}:preset", command.preset)
    await send(box, part, "start", "ClearPreset", 0.0, float(number), 0.0)
    return Answer((_again(box, part),))


async def tour(box: Box, part: PartId, command: Tour) -> Answer:
    """Start, stop, empty, rename a tour, or change its stops."""
    id_ = f"{part}:tour"
    number = _number_of(box, id_, command.tour)
    action = command.tour_action
    if action == "name":
        if not command.name.strip():
            raise BadInput("a name is missing")
        params: list[tuple[str, wire.Param]] = [("channel", channel_of(box, part))]
        named = command.name.strip()[:64]
        await box.client.tell("ptz", "setTour", [*params, ("arg1", number), ("arg2", named)])
    elif action in _STOPS:
        preset = _number_of(box, f"{part}:preset", command.preset)
        await send(box, part, "start", _STOPS[action], float(number), float(preset), 0.0)
    else:
        await send(box, part, "start", _TOURS[action], float(number), 0.0, 0.0)
    left = leaves(box, part) if action == "start" else ()
    if action in ("start", "stop") and id_ in box.topology.features:
        box.sent[id_] = str(number) if action == "start" else OFF
        return Answer((Value(id_, box.sent[id_]), *left))
    return Answer((*left, _again(box, part)))


async def set_tour(box: Box, part: PartId, command: Set) -> Answer:
    """Make a tour, or stop the one that is made."""
    id_ = f"{part}:tour"
    wanted = str(command.value)
    if wanted != OFF:
        return await tour(box, part, Tour(wanted))
    made = box.sent.get(id_, OFF)
    # Nobody tells which tour is made: all that may be are stopped.
    feature = box.topology.features[id_]
    for token in [made] if made != OFF else [each for each in feature.options if each != OFF][:8]:
        await send(box, part, "start", "StopTour", float(token), 0.0, 0.0)
    box.sent[id_] = OFF
    return Answer((Value(id_, OFF),))


async def pattern(box: Box, part: PartId, command: Pattern) -> Answer:
    """Record or repeat a movement."""
    code = _PATTERNS[command.pattern_action]
    await send(box, part, "start", code, float(command.pattern), 0.0, 0.0)
    return Answer(leaves(box, part) if command.pattern_action == "start" else ())


async def scan(box: Box, part: PartId, command: Scan) -> Answer:
    """Swing between two edges, or set one."""
    await send(box, part, "start", _SCANS[command.scan_action], float(command.scan), 0.0, 0.0)
    return Answer(leaves(box, part) if command.scan_action == "start" else ())


async def aux(box: Box, part: PartId, command: Aux) -> Answer:
    """Switch what hangs on the drive."""
    if command.number:
        code = "AuxOn" if command.run else "AuxOff"
        await send(box, part, "start", code, float(command.number), 0.0, 0.0)
    else:
        action = "start" if command.run else "stop"
        on = 1.0 if command.run else 0.0
        await send(box, part, action, _ACCESSORIES[command.what], 0.0, on, 0.0)
    return Answer()
