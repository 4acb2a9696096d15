"""Motion windows (§4): a part for each that counts, and how they are added, changed, removed."""

from collections.abc import Mapping
from typing import Final

from ..commands import AddWindow, ChangeWindow, RemoveWindow
from ..errors import BadInput, Rejected, Unsupported
from ..model import (
    Answer,
    Feature,
    Part,
    PartId,
    PartKind,
    Update,
    Value,
)
from ..settings import POLL, Place, bind, values
from . import motion, wire
from .box import Box, Camera, Group
from .features import MAX_WINDOWS, MOTION, MOVES, MOVES_SILENCE, OFF_DELAY, SETTINGS

_ENTRY: Final = "Motion.M"
_COMMANDS: Final = frozenset({AddWindow, ChangeWindow, RemoveWindow})
_EDGES: Final = ("left", "top", "right", "bottom")
_NAME_MOST: Final = 64
_DELAY: Final = 3


def place(box: Box, translator: motion.Translator, listing: Mapping[str, str]) -> list[Value]:
    """Make parts, features and values of a listing; the stream is read by it from now on."""
    parts: list[Part] = []
    places: list[Place] = []
    features: list[Feature] = []
    windows: dict[int, motion.Window] = {}
    excluded: list[int] = []
    for number, one in [*wire.rows(listing, _ENTRY).items()][:MAX_WINDOWS]:
        camera = _camera(box, one)
        if one.get("WindowType", "").strip().lower() == "exclude" or camera is None:
            excluded.append(number)
            continue
        part = f"{camera.part}/window.{number}" if camera.part else f"window.{number}"
        parts.append(Part(part, PartKind.WINDOW, one.get("Name", "").strip()[:80] or None))
        places.append(Place(part, {"window": str(number)}))
        windows[number] = motion.Window(part, camera.part)
        features.append(_motion(box, part))
        features.append(Feature(part, "motion_level", push=MOVES))
    features += [_motion(box, part) for part in {each.camera: None for each in windows.values()}]
    bounds = bind(SETTINGS, places, MOTION, listing)
    box.bounds[MOTION] = bounds
    box.groups[POLL + MOTION] = Group(
        tuple(parts),
        (*features, *(bound.feature(listing) for bound in bounds)),
        {camera.part: _COMMANDS for camera in box.cameras},
    )
    translator.layout(windows, excluded)
    return list(values(bounds, listing))


def _motion(box: Box, part: PartId) -> Feature:
    """Motion in a window or before a camera; an off counts after a while (§4.5)."""
    delay = box.env.options.get(OFF_DELAY)
    linger = float(delay) if isinstance(delay, int) and 0 <= delay <= 60 else float(_DELAY)
    return Feature(part, "motion", push=MOVES, hold=MOVES_SILENCE + linger, linger=linger)


def _camera(box: Box, window: Mapping[str, str]) -> Camera | None:
    """The camera of a window."""
    if len(box.cameras) == 1:
        return box.cameras[0]
    index = wire.number(window.get("ImageSource"))
    return next((camera for camera in box.cameras if camera.index == index), None)


async def read(box: Box, translator: motion.Translator) -> list[Update]:
    """List all windows (§4.4), with the topology that they make now."""
    listing = (await box.client.parameters(MOTION)).values
    told = place(box, translator, listing)
    box.tables[MOTION] = listing
    return [box.build(), *told]


async def add(box: Box, translator: motion.Translator, part: PartId, command: AddWindow) -> Answer:
    """Add a window (§4.1); its number."""
    edges = {name: getattr(command, name) for name in _EDGES}
    _check(edges)
    values = [("Name", _name(command.name))]
    values += [(name.capitalize(), str(edge)) for name, edge in edges.items()]
    camera = box.camera(part)
    if not camera.alone:
        values.append(("ImageSource", str(camera.index)))
    if command.exclude:
        values.append(("WindowType", "exclude"))
    written = [(f"Motion.M.{name}", value) for name, value in values]
    made = await box.client.add(MOTION, "motion", written)
    told = await read(box, translator)
    if made.entry is None:
        raise Rejected("the device does not say which window it made")
    data = {"window": made.entry.lstrip("M")}
    if made.error is not None:
        data["refused"] = made.error
    return Answer(tuple(told), data)


async def change(
    box: Box, translator: motion.Translator, part: PartId, command: ChangeWindow
) -> Answer:
    """Change a window (§4.3); what is left out stays."""
    number, now = await _find(box, part, command.window)
    wanted = {name: getattr(command, name) for name in _EDGES}
    given = {name: edge for name, edge in wanted.items() if edge is not None}
    _check({name: given.get(name, wire.number(now.get(name.capitalize()))) for name in _EDGES})
    changes = {f"{_ENTRY}{number}.{name.capitalize()}": str(edge) for name, edge in given.items()}
    if command.name:
        changes[f"{_ENTRY}{number}.Name"] = _name(command.name)
    if not changes:
        raise BadInput("nothing to change")
    await box.client.update(changes)
    return Answer(tuple(await read(box, translator)))


async def remove(
    box: Box, translator: motion.Translator, part: PartId, command: RemoveWindow
) -> Answer:
    """Remove a window (§4.2)."""
    number, _ = await _find(box, part, command.window)
    await box.client.remove(f"{_ENTRY}{number}")
    told = await read(box, translator)
    if number in wire.rows(box.tables[MOTION], _ENTRY):
        raise Rejected("the window stays")
    return Answer(tuple(told))


async def _find(box: Box, part: PartId, word: str) -> tuple[int, Mapping[str, str]]:
    """A window of a camera by its number or name, as it is listed now. BadInput if none is."""
    listing = (await box.client.parameters(MOTION)).values
    camera = box.camera(part)
    found = {
        number: one
        for number, one in wire.rows(listing, _ENTRY).items()
        if _camera(box, one) == camera
    }
    word = word.strip()
    digits = word.lstrip("Mm")
    if digits.isascii() and digits.isdigit() and int(digits[:9]) in found:
        return int(digits), found[int(digits)]
    named = [number for number, one in found.items() if one.get("Name", "").strip() == word]
    if len(named) != 1 or not word:
        raise BadInput("no window of that number or name" if not named else "two have that name")
    return named[0], found[named[0]]


def _check(edges: Mapping[str, int]) -> None:
    """Refuse edges that enclose nothing."""
    if edges["left"] >= edges["right"] or edges["top"] >= edges["bottom"]:
        raise BadInput("left must be less than right, and top less than bottom")
    if not all(0 <= edge <= 9999 for edge in edges.values()):
        raise BadInput("edges are between 0 and 9999")


def _name(name: str) -> str:
    """A name that fits on a line."""
    name = name.strip()
    if not name or len(name) > _NAME_MOST or not name.isprintable():
        raise BadInput(f"a name has 1 to {_NAME_MOST} printable characters")
    return name


def absent(box: Box) -> None:
    """Make nothing of the windows of a unit whose levels cannot be heard."""
    box.groups.pop(POLL + MOTION, None)
    box.bounds.pop(MOTION, None)


async def probe(box: Box) -> bool:
    """Whether levels can be heard: the head of motion.cgi tells."""
    async with box.client.http.stream(motion.CGI, login=box.client.login) as stream:
        if stream.status == 404:
            raise Unsupported("no motion.cgi")
        await motion.accept(box, stream)
    return True
