"""Moving the camera (§5.16) and its presets (§5.17)."""

import re
from typing import Final

from ..commands import (
    Mode,
    PtzHome,
    PtzMove,
    PtzStop,
    RemovePreset,
    SavePreset,
)
from ..errors import BadInput, Unsupported
from ..model import BOX, Answer, Value
from . import polls
from .box import Box
from .features import HOME, SLOTS, STEP, STEP_SECONDS

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,20}")
"""A camera's shell reads the name: anything else might be executed (§5.17, §13)."""
_HOME_NAME: Final = "home"
_FULL: Final = {"x": 360.0, "y": 180.0}


async def move(box: Box, command: PtzMove) -> Answer:
    """Move (ptz.sh, §5.16); steps end by themselves, a continuous move when it is told to."""
    match command.mode:
        case Mode.STEP:
            seconds = STEP_SECONDS if command.seconds is None else command.seconds
            await step(box, command.pan, command.tilt, seconds)
        case Mode.CONTINUOUS:
            way = direction(command.pan, command.tilt)
            await box.client.ptz(("action", "cont"), ("dir", way or "stop"))
        case Mode.ABSOLUTE:
            goal = {"x": command.pan, "y": command.tilt}
            if not all(0 <= value <= _FULL[axis] for axis, value in goal.items()):
                raise BadInput("pan goes from 0 to 360 degrees, tilt from 0 to 180")
            await box.client.ptz(("action", "abs"), *goal.items(), seconds=STEP.max)
        case Mode.RELATIVE:
            # How far one is, is ours to say: the whole range.
            way_x, way_y = command.pan * _FULL["x"], command.tilt * _FULL["y"]
            goal = {"x": round(way_x, 1), "y": round(way_y, 1)}
            await box.client.ptz(("action", "rel"), *goal.items(), seconds=STEP.max)
    return Answer()


async def step(box: Box, pan: float, tilt: float, seconds: float) -> None:
    """Move for so long; the camera waits for the end itself. Diagonals go one axis after another.

    The older firmware knows no diagonals.
    """
    seconds = round(min(max(seconds, STEP.min), STEP.max), 2)
    ways = [direction(pan, tilt)]
    if box.identity.variant.old:
        ways = [direction(pan, 0), direction(0, tilt)]
    for way in ways:
        if way:
            await box.client.ptz(("dir", way), ("time", seconds), seconds=2 * seconds)


def direction(pan: float, tilt: float) -> str:
    """The camera's word for a direction; empty for none."""
    vertical = "up" if tilt > 0 else "down" if tilt < 0 else ""
    horizontal = "right" if pan > 0 else "left" if pan < 0 else ""
    return "_".join(each for each in (vertical, horizontal) if each)


async def stop(box: Box, command: PtzStop) -> Answer:
    """Stop a continuous move."""
    await box.client.ptz(("action", "cont"), ("dir", "stop"))
    return Answer()


async def home(box: Box, command: PtzHome) -> Answer:
    """Go to the first preset, which is the home position."""
    return await goto(box, HOME)


# --- presets --------------------------------------------------------------------------------


async def goto(box: Box, slot: str) -> Answer:
    """Go to a preset by its slot; the old firmware knows the number alone."""
    if not _is_slot(slot):
        raise BadInput(f"a number from 0 to {SLOTS - 1}")
    old = box.learnt.presets is None
    await box.client.preset(*(() if old else (("action", "go_preset"),)), ("num", slot))
    known = box.topology.features.get(f"{BOX}:preset")
    if known is None or slot not in known.options:
        return Answer()
    return Answer((Value(known.id, slot),))


async def save(box: Box, command: SavePreset) -> Answer:
    """Store where the camera looks: as home, in a slot, or by name in the first free one."""
    stored = _stored(box)
    if command.preset.lower() == _HOME_NAME and not command.name:
        await box.client.preset(("action", "set_home_position"))
    elif _is_slot(command.preset):
        if box.identity.variant.old:
            raise Unsupported("this firmware chooses the slot itself: give a name")
        name = command.name or stored.get(command.preset, "") or f"Preset{command.preset}"
        await box.client.preset(
            ("action", "add_preset"), ("name", _checked(name)), ("num", command.preset)
        )
    else:
        await box.client.preset(("action", "add_preset"), ("name", _checked(command.preset)))
    return Answer(await polls.presets(box))


async def remove(box: Box, command: RemovePreset) -> Answer:
    """Forget a preset."""
    await box.client.preset(("action", "del_preset"), ("num", _slot(box, command.preset)))
    return Answer(await polls.presets(box))


def _stored(box: Box) -> dict[str, str]:
    if box.learnt.presets is None:
        raise Unsupported("this firmware does not list its presets")
    return dict(box.learnt.presets)


def _slot(box: Box, preset: str) -> str:
    """The slot of a preset that is stored, by its number or name. BadInput for any other."""
    stored = _stored(box)
    if preset in stored:
        return preset
    for slot, name in stored.items():
        if name.lower() == preset.lower():
            return slot
    raise BadInput(f"no preset {preset[:40]!r}")


def _is_slot(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == 1 and int(text) < SLOTS


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadInput("1 to 20 letters, digits, hyphens and underscores")
    return name
