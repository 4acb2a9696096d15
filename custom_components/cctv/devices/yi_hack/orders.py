"""What is done to a camera: settings and buttons here, the rest by the modules that know how."""

from collections.abc import Awaitable, Callable, Mapping
import logging
from typing import Any, Final

from ..commands import (
    BackUp,
    Command,
    DeleteRecordings,
    GetConfig,
    Install,
    PlayFile,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    RecordFor,
    RemovePreset,
    Restore,
    SavePreset,
    Say,
    Service,
    Set,
    SetConfig,
)
from ..errors import BadInput, Unsupported
from ..later import Later, Settable
from ..model import BOX, Answer, FeatureId, PartId, Scalar, Value
from ..settings import Bound
from . import care, files, polls, ptz, sound
from .box import Box
from .features import AI_NAMES, MOTION_NAME, SERVICE_ROWS

_LOGGER = logging.getLogger(__name__)

_LOOKS: Final = (0.0, 1.0, 2.0)
"""Pauses before each look whether the camera keeps a setting (§5.9)."""


class Orders:
    """Carries out commands; owns what is put back after a while."""

    def __init__(self, box: Box) -> None:
        """Nothing is under way."""
        self._box = box
        self._later = Later(box.env, self._return)

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do it. Unsupported if this camera does no such thing."""
        box = self._box
        place = box.topology.parts.get(part)
        if place is None:
            raise BadInput(f"no part {part}")
        handler = HANDLERS.get(type(command))
        if isinstance(command, Set):
            return await self._set(command)
        if handler is None or type(command) not in place.can:
            raise Unsupported(f"no {type(command).__name__}")
        return await handler(box, command)

    async def _set(self, command: Set) -> Answer:
        """Give a feature a value; what was planned for it before is off."""
        box, id_ = self._box, f"{BOX}:{command.key}"
        if not box.has(id_):
            raise BadInput(f"no feature {id_}")
        async with self._later.around(id_, command.seconds, lambda: self._now(command.key)):
            return await self._write(command.key, command.value)

    async def close(self) -> None:
        """Put back what is owed."""
        await self._later.close()

    async def _now(self, key: str) -> Scalar | None:
        """What a setting is before it is changed for a while."""
        bound = self._box.bound(key)
        return bound.value(self._box.learnt.camera) if bound is not None else None

    async def _return(self, id_: FeatureId, value: Settable) -> Answer:
        """Put a setting back."""
        return await self._write(id_.rpartition(":")[2], value)

    async def _write(self, key: str, value: object) -> Answer:
        box = self._box
        bound = box.bound(key)
        if bound is not None and isinstance(value, bool | str):
            return await change(box, bound, value)
        if key in SERVICE_ROWS:
            return await care.service(box, Service(SERVICE_ROWS[key], run=value is True))
        if key == "preset" and isinstance(value, str):
            return await ptz.goto(box, value)
        if key == "speaker_volume" and isinstance(value, int | float):
            box.set_volume(value)
            return Answer((Value(f"{BOX}:{key}", value),))
        raise BadInput(f"{key} cannot be set so")


async def change(box: Box, bound: Bound, value: bool | str) -> Answer:
    """Set a camera setting (camera_settings.sh, §5.9) and tell all that it changed.

    The camera obeys at once, what it keeps shows later, and nothing of it where its daemon is
    stopped: then what was set is told, and the poll has the last word.
    """
    name = bound.setting.path
    before = await box.store.load("camera")
    changes = {name: bound.setting.codec.encode(value, before.get(name, ""))}
    if _excludes(box) and name in AI_NAMES and value is True:
        # As long as motion is on, the others are dropped.
        changes = {MOTION_NAME: "no"} | changes if before.get(MOTION_NAME) != "no" else changes
    await box.store.save(changes)
    wanted = dict(changes)
    if _excludes(box) and name == MOTION_NAME and value is True:
        wanted |= {each: "no" for each in AI_NAMES if each in before}
    after: dict[str, str] = {}
    for pause in _LOOKS:
        if pause:
            await box.env.clock.sleep(pause)
        after = dict(await box.store.load("camera"))
        if all(after.get(each) == word for each, word in changes.items()):
            break
    else:
        _LOGGER.debug("%s is not kept by the camera", name)
    batch = polls.take(box, {**after, **wanted})
    changed = {each for each, word in wanted.items() if before.get(each) != word}
    changed |= {each for each, word in after.items() if before.get(each) != word}
    told = {f"{BOX}:{each.setting.key}" for each in box.bounds if each.setting.path in changed}
    told.add(bound.id)
    return Answer(
        tuple(each for each in batch if not isinstance(each, Value) or each.feature in told)
    )


def _excludes(box: Box) -> bool:
    """Whether motion and the AI classes exclude each other here."""
    return box.bound("motion_detection") is not None


# --- buttons --------------------------------------------------------------------------------


async def _press(box: Box, command: Press) -> Answer:
    """Restart (reboot.sh, §5.14), the only button of its own."""
    if command.key != "restart":
        raise BadInput(f"no button {command.key}")
    await box.client.reboot()
    return Answer()


HANDLERS: Final[Mapping[type[Command], Callable[[Box, Any], Awaitable[Answer]]]] = {
    Press: _press,
    PtzMove: ptz.move,
    PtzStop: ptz.stop,
    PtzHome: ptz.home,
    SavePreset: ptz.save,
    RemovePreset: ptz.remove,
    Say: sound.say,
    PlayFile: sound.play_file,
    RecordFor: care.record,
    DeleteRecordings: files.delete,
    GetConfig: care.read_config,
    SetConfig: care.write_config,
    BackUp: care.back_up,
    Restore: care.restore,
    Install: care.install,
    Service: care.service,
}
