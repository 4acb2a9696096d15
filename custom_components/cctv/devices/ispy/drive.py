"""Moving cameras: directions, steps, presets; every step ends with a stop (§9)."""

import logging
from typing import Final

from ..commands import GotoPreset, Mode, PtzHome, PtzMove, PtzStop
from ..errors import BadInput, CannotConnect, NoAnswer
from ..model import Answer, PartId, Value
from . import inventory, ptz
from .box import Box
from .client import of
from .wire import Thing

_LOGGER = logging.getLogger(__name__)

_TRIES: Final = 3
"""So often a step's end is sent: a lost one would turn a dome for ever."""


async def send(box: Box, thing: Thing, value: str) -> None:
    """Send one value of the field `ptz` (changesetting, §7)."""
    await box.client.ordered("changesetting", [*of(thing), ("field", "ptz"), ("value", value)])


async def move(box: Box, part: PartId, command: PtzMove) -> Answer:
    """Go on in a direction until told to stop, or go a step."""
    thing, direction = box.thing(part), ptz.direction(command)
    if command.mode is Mode.CONTINUOUS:
        await send(box, thing, f"ispydir_{direction}")
    else:
        await _step(box, thing, direction, command.seconds or ptz.STEP_SECONDS)
    return Answer()


async def stop(box: Box, part: PartId, _: PtzStop) -> Answer:
    """Stop."""
    await send(box, box.thing(part), f"ispydir_{ptz.STOP}")
    return Answer()


async def home(box: Box, part: PartId, _: PtzHome) -> Answer:
    """Go to the centre."""
    await send(box, box.thing(part), f"ispydir_{ptz.HOME}")
    return Answer()


async def preset(box: Box, part: PartId, command: GotoPreset) -> Answer:
    """A preset of a drive whose presets are not listed, or are among its commands (§9)."""
    await send(box, box.thing(part), command.preset)
    id_ = f"{part}:ptz_command"
    feature = box.topology.features.get(id_)
    known = feature is not None and command.preset in feature.options
    return Answer((Value(id_, command.preset),) if known else ())


async def press(box: Box, thing: Thing, key: str) -> None:
    """The foot of a Kinect (§5); the buttons of a drive arrive as moves."""
    if inventory.has_drive(thing) or key not in ptz.KINECT:
        raise BadInput(f"no button {thing.part}:{key}")
    await box.client.ordered(ptz.KINECT[key], of(thing))


async def _step(box: Box, thing: Thing, direction: int, seconds: float) -> None:
    """Send a direction, and after a while the stop."""
    await send(box, thing, f"ispydir_{direction}")
    try:
        await box.env.clock.sleep(seconds)
    finally:
        await _end(box, thing)


async def _end(box: Box, thing: Thing) -> None:
    """End a step, however often it takes."""
    for left in reversed(range(_TRIES)):
        try:
            await send(box, thing, f"ispydir_{ptz.STOP}")
        except (NoAnswer, CannotConnect) as error:
            if not left:
                raise
            _LOGGER.debug("A stop was lost: %r", error)
        else:
            return
