"""What a camera's drive can do and is told to do (§3.1): moves, home, where it looks."""

from dataclasses import replace
import re
from typing import Final

from ..commands import (
    GotoPreset,
    Mode,
    PtzHome,
    PtzMove,
    PtzStop,
    RemovePreset,
    SavePreset,
)
from ..errors import BadInput, Forbidden, Rejected, Unsupported
from ..model import Answer, Feature, Update, Value
from . import wire
from .box import Box, Camera, Group
from .features import POSITION, PTZ
from .moves import Head, ability, arguments

CGI: Final = "/ptz.cgi"
CONFIG: Final = "/configptz.cgi"
COMMANDS: Final = frozenset({PtzMove, PtzStop, GotoPreset, SavePreset, RemovePreset})
_COMMAND: Final = re.compile(r"^[\s{\[]*([A-Za-z]{2,40})\s*=", re.MULTILINE)
_USUAL: Final = (
    "move",
    "continuouspantiltmove",
    "continuouszoommove",
    "rpan",
    "rtilt",
    "rzoom",
)
"""What a drive that lists no commands is taken to know."""
_NEAR: Final = 0.5
_SWITCHES: Final = ("autofocus", "autoiris")
_PLACES: Final = {"pan": "pan", "tilt": "tilt", "zoom": "zoom_position"}
OSD: Final = ("open", "close", "up", "down", "left", "right", "select", "back")
"""The menu of an external dome (§3.2)."""


async def learn(box: Box, camera: Camera) -> Head | None:
    """What the drive of a camera knows (info=1), tells (query=position) and reaches (limits)."""
    listed = box.tables.get("Properties", {}).get("Properties.PTZ.PTZ", "").strip().lower()
    if listed == "no":
        return None
    name = f"ptz:{camera.number}"
    body = await box.verdicts.probe(name, lambda: _info(box, camera))
    if body is None:
        return None
    found = {word.lower(): word for word in _COMMAND.findall(body)}
    if not found:
        if listed != "yes" and not box.tables.get(PTZ):
            return None
        found = {word: word for word in _USUAL}
    if await box.verdicts.probe("osdmenu", lambda: _has_menu(box)):
        found["osdmenu"] = "osdmenu"
    head = Head(camera, found)
    position = await query(box, head, "position") or {}
    head.told = frozenset(position)
    limits = await query(box, head, "limits") or {}
    for key, word in limits.items():
        try:
            head.limits = {**head.limits, key: float(word)}
        except ValueError:
            continue
    return head


async def _info(box: Box, camera: Camera) -> str:
    """The list of commands. Unsupported if the unit says that it has no drive."""
    body = await box.client.ask(wire.query(CGI, [*camera.params, ("info", "1")]))
    if wire.outcome(body).error is not None:
        raise Unsupported("no drive")
    return body


async def _has_menu(box: Box) -> bool:
    """Whether a menu can be walked through (§3.2): the list of what configptz.cgi knows tells."""
    try:
        body = await box.client.ask(wire.query(CONFIG, [("info", "1")]))
    except Forbidden:
        return False
    if "osdmenu" not in body.lower():
        raise Unsupported("no menu")
    return True


async def query(box: Box, head: Head, what: str) -> dict[str, str] | None:
    """The answer to a query; None, asked once a firmware, where there is none."""

    async def ask() -> dict[str, str]:
        path = wire.query(CGI, [*head.camera.params, ("query", what)])
        body = await box.client.ask(path)
        if wire.outcome(body).error is not None:
            raise Unsupported(f"no {what}")
        return wire.pairs(body)

    return await box.verdicts.probe(f"ptz:{head.camera.number}:{what}", ask)


def place(box: Box, head: Head) -> None:
    """The features and abilities of a drive."""
    part = head.camera.part
    box.ptz[part] = ability(head)
    features = [
        Feature(part, key, poll=POSITION if key in head.told else None)
        for key in _SWITCHES
        if head.knows(key)
    ]
    features += [
        Feature(part, key, poll=POSITION) for word, key in _PLACES.items() if word in head.told
    ]
    if head.knows("osdmenu"):
        features.append(Feature(part, "ptz_command", options=OSD))
    able = COMMANDS | {PtzHome} if head.knows("move") else COMMANDS
    box.groups[f"ptz:{part}"] = Group((), tuple(features), {part: able})


async def read(box: Box, head: Head) -> list[Update]:
    """Where it looks now (query=position)."""
    told = await query(box, head, "position")
    if told is None:
        raise Rejected("no position")
    part = head.camera.part
    found: list[Update] = []
    for word, key in _PLACES.items():
        if word in head.told:
            try:
                found.append(Value(f"{part}:{key}", round(float(told.get(word, "")), 2)))
            except ValueError:
                found.append(Value(f"{part}:{key}", None))
    for key in _SWITCHES:
        if key in head.told and head.knows(key):
            known = told.get(key, "").lower()
            found.append(Value(f"{part}:{key}", known == "on" if known else None))
    return found


# --- what it is told --------------------------------------------------------------------------


async def tell(box: Box, head: Head, *params: tuple[str, str]) -> None:
    """One command to a drive."""
    await box.client.tell(wire.query(CGI, [*head.camera.params, *params]))


async def move(box: Box, head: Head, command: PtzMove) -> Answer:
    """Move it (§3.1); the runner stops what goes on."""
    turns = bool(command.pan or command.tilt or not command.zoom)
    if command.mode is Mode.ABSOLUTE and turns and "pan" in head.told:
        await _place(box, head, command)
    else:
        await tell(box, head, *arguments(head, command))
    return _left(head)


async def _place(box: Box, head: Head, command: PtzMove) -> None:
    """Go to a place, also on units that take degrees for steps (§3.1, F): looking tells."""
    name = f"ptz:{head.camera.number}:steps"
    before = await _where(box, head)
    steps = box.verdicts.get(name) is True
    await tell(box, head, *arguments(head, _from(command, before) if steps else command))
    if steps:
        return
    after = await _where(box, head)
    wanted = (command.pan, command.tilt)
    taken = (before[0] + wanted[0], before[1] + wanted[1])
    if _near(after, taken) and not _near(after, wanted):
        box.verdicts.put(name, verdict=True)
        await tell(box, head, *arguments(head, _from(command, after)))


def _from(command: PtzMove, place: tuple[float, float]) -> PtzMove:
    """The steps from a place to where a command wants it."""
    return replace(command, pan=command.pan - place[0], tilt=command.tilt - place[1])


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) < _NEAR for a, b in zip(one, other, strict=True))


async def _where(box: Box, head: Head) -> tuple[float, float]:
    """Where it looks, pan and tilt."""
    told = await query(box, head, "position") or {}
    try:
        return float(told["pan"]), float(told.get("tilt", "0"))
    except KeyError, ValueError:
        raise Rejected("no position") from None


async def stop(box: Box, head: Head) -> Answer:
    """Stop every axis that can go on by itself."""
    stops = [("move", "stop")] if head.knows("move") else []
    stops += [
        (f"continuous{name}move", "0,0" if name == "pantilt" else "0")
        for name in ("pantilt", "zoom", "focus", "iris")
        if head.knows(f"continuous{name}move")
    ]
    for one in stops or [("move", "stop")]:
        await tell(box, head, one)
    return Answer()


async def home(box: Box, head: Head) -> Answer:
    """Go to the home position."""
    await tell(box, head, ("move", "home"))
    return _left(head)


async def switch(box: Box, head: Head, key: str, *, on: bool) -> Answer:
    """Autofocus or autoiris, in the unit's own spelling (Autofocus, F)."""
    await tell(box, head, (head.commands[key], "on" if on else "off"))
    return Answer((Value(f"{head.camera.part}:{key}", on),))


async def menu(box: Box, head: Head, word: str) -> Answer:
    """A key of the menu of an external dome (§3.2)."""
    if word not in OSD:
        raise BadInput(f"no such key: {word[:20]!r}")
    path = wire.query(CONFIG, [*head.camera.params, ("osdmenu", word)])
    await box.client.tell(path)
    return Answer((Value(f"{head.camera.part}:ptz_command", word),))


def _left(head: Head) -> Answer:
    """After a move nobody knows which preset it looks at."""
    head.at = None
    return Answer((Value(f"{head.camera.part}:preset", None),) if head.presets else ())
