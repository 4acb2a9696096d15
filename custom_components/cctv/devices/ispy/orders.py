"""What is done to a PC and its objects: one function a command, and what goes on after it."""

from collections.abc import Awaitable, Callable, Mapping
import logging
from typing import Any, Final

from ..commands import (
    AddObject,
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
    ShutDown,
    UploadRecording,
)
from ..errors import (
    BadInput,
    Gone,
    Rejected,
    Unsupported,
)
from ..later import Later, Settable
from ..model import (
    BOX,
    Answer,
    Batch,
    FeatureId,
    Hint,
    PartId,
    PartKind,
    Topology,
    Value,
)
from ..settings import change
from . import actions, drive, panel, polls, wire
from .box import Box
from .client import Params, of
from .features import (
    BOX_BUTTONS,
    CAMERA_BUTTONS,
    GRABS,
    GROUP_BUTTONS,
    LEVEL,
    OBJECTS,
    STATUS,
    SWITCHES,
    THING_BUTTONS,
    Button,
)
from .wire import Thing

_LOGGER = logging.getLogger(__name__)

_FAILED: Final = "command failed"


class Orders:
    """Carries out commands; owns what goes on after one: a recording's end, the saving."""

    def __init__(self, box: Box) -> None:
        """Nothing is under way."""
        self._box = box
        self._client = box.client
        self._later = Later(box.env, self._return)

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do it. Unsupported if nothing here does so."""
        if part not in self._box.topology.parts:
            raise Unsupported(f"there is no {part}")
        match command:
            case Set():
                return await self._set(part, command)
            case Press():
                return await self._press(part, command.key)
            case RecordFor():
                lasting = Set("record", value=True, seconds=command.seconds)
                return await self._set(part, lasting)
        handler = HANDLERS.get(type(command))
        if handler is None:
            raise Unsupported(f"{part or 'the PC'} does no {type(command).__name__}")
        return await handler(self._box, part, command)

    async def close(self) -> None:
        """Put back what is owed, and save what was changed."""
        await self._later.close()
        await self._box.saver.close()

    # --- what entities send -------------------------------------------------------------------

    async def _set(self, part: PartId, command: Set) -> Answer:
        """Give a feature a value; what was planned for it before is off."""
        id_ = f"{part}:{command.key}"
        if id_ not in self._box.topology.features:
            raise BadInput(f"no feature {id_}")
        if command.seconds is not None and not isinstance(command.value, bool):
            raise BadInput("only switches can be set for a while")

        async def other() -> Settable:
            return not command.value

        async with self._later.around(id_, command.seconds, other):
            return await self._write(part, command)

    async def _return(self, id_: FeatureId, value: Settable) -> Answer:
        """Put a switch back."""
        part, _, key = id_.rpartition(":")
        return await self._write(part, Set(key, value))

    async def _write(self, part: PartId, command: Set) -> Answer:
        """Write one value."""
        box, key, value = self._box, command.key, command.value
        if (bound := box.bound(part, key)) is not None:
            peers = box.known[part].bounds
            told = await change(box.store, bound, value, peers, box.env.clock)
            self._box.saver.changed()
            return Answer(told)
        if part == BOX and key == "record_mode":
            await self._client.ordered(panel.MODES[str(value)])
            self._box.saver.changed()
            return Answer((Value(f"{part}:{key}", str(value)),))
        thing = box.thing(part)
        if key in SWITCHES:
            await self._client.ordered(SWITCHES[key][0 if value else 1], of(thing))
            return Answer((Value(f"{part}:{key}", bool(value)),))
        if key in ("preset", "ptz_command"):
            await drive.send(box, thing, str(value))
            return Answer((Value(f"{part}:{key}", str(value)),))
        writer = _WRITERS.get(key)
        if writer is None:
            raise BadInput(f"{part}:{key} cannot be set")
        return Answer(await writer(self, thing, value))

    async def enable(self, thing: Thing, value: Any) -> Batch:
        """Switch an object on or off (bringonline, takeoffline, §5)."""
        await self._client.ordered("bringonline" if value else "takeoffline", of(thing))
        self._box.saver.changed()
        told = await self._listed(thing, "enabled", bool(value))
        if value:
            return told
        ended = [f"{thing.part}:{key}" for key in ("record", "recording")]
        here = self._box.topology.features
        return (*told, *(Value(id_, value=False) for id_ in ended if id_ in here))

    async def record(self, thing: Thing, value: Any) -> Batch:
        """Have an object record, which also switches it on, or stop that (§5.1)."""
        await self._record(of(thing), on=bool(value))
        told = [Value(f"{thing.part}:record", bool(value))]
        if thing.recording is not None:
            told.append(Value(f"{thing.part}:recording", bool(value)))
        if value:
            told.append(Value(f"{thing.part}:enabled", value=True))
        return tuple(told)

    async def _record(self, params: Params, *, on: bool) -> None:
        """Record or stop; only the first field of the answer and its OK are no sentence (§5.1)."""
        text = await self._client.tell("record" if on else "recordstop", params)
        said = wire.is_recording(text)
        if said is on:
            return
        if said is None:
            about = wire.told(text)
            if "not found" in about.lower():
                raise Gone(f"iSpy says: {about[:120]}")
            raise Rejected("nothing there to record" if wire.is_nothing(text) else about[:120])
        raise Rejected("iSpy does not record: its user may not" if on else "it goes on recording")

    async def rename(self, thing: Thing, value: Any) -> Batch:
        """Change an object's name (changesetting, §7)."""
        return await self._text(thing, "object_name", "name", str(value))

    async def regroup(self, thing: Thing, value: Any) -> Batch:
        """Change who may see an object (changesetting, §7)."""
        return await self._text(thing, "access_groups", "accessgroups", str(value))

    async def _text(self, thing: Thing, key: str, field: str, text: str) -> Batch:
        """Write a text and see in the list that it is so."""
        params = [*of(thing), ("field", field), ("value", text)]
        await self._client.ordered("changesetting", params)
        self._box.saver.changed()
        return await self._listed(thing, key, text)

    async def _listed(self, thing: Thing, key: str, wanted: bool | str) -> Batch:
        """The list of objects after a change. Rejected where it does not show it."""
        batch = await polls.objects(self._box)
        told = {each.feature: each.value for each in batch if isinstance(each, Value)}
        found = told.get(f"{thing.part}:{key}")
        if found != wanted:
            raise Rejected(f"{thing.part}:{key} stays {found!r}")
        return (*_topologies(batch), Value(f"{thing.part}:{key}", wanted))

    async def _press(self, part: PartId, key: str) -> Answer:
        """Press a button of the PC, a group, a remote command or an object."""
        box = self._box
        if f"{part}:{key}" not in box.topology.features:
            raise BadInput(f"no button {part}:{key}")
        match box.topology.parts[part].kind:
            case PartKind.BOX if key == "save_settings":
                await box.saver.save()
                return Answer()
            case PartKind.BOX:
                return await self._button(BOX_BUTTONS[key], [])
            case PartKind.GROUP:
                return await self._button(GROUP_BUTTONS[key], [("group", box.groups[part])])
            case PartKind.MACRO:
                return await self._run(int(part.rpartition(".")[2]))
        thing = box.thing(part)
        if key in THING_BUTTONS or key in CAMERA_BUTTONS:
            button = THING_BUTTONS.get(key) or CAMERA_BUTTONS[key]
            await self._client.ordered(button.command, of(thing), mute=button.mute)
            return Answer((Hint(_told_by(box, thing)),))
        await drive.press(box, thing, key)
        return Answer()

    async def _button(self, button: Button, params: Params) -> Answer:
        """Press a button for several objects, and look what became of them."""
        try:
            if button.recording is None:
                await self._client.ordered(button.command, params, mute=button.mute)
            else:
                await self._record(params, on=button.recording)
        except Unsupported as error:
            if not params:
                raise
            raise Rejected("nobody is in this group") from error
        self._box.saver.changed()
        batch = await polls.objects(self._box)
        enabled = [each for each in batch if isinstance(each, Value) and _key(each) == "enabled"]
        # What records lags behind, so that is read again.
        again = [OBJECTS, *(name for name in self._box.topology.polls if name.startswith(STATUS))]
        return Answer((*_topologies(batch), *enabled, Hint(tuple(again))))

    async def _run(self, number: int) -> Answer:
        """Have the PC run one of its commands (executecmd, §5)."""
        told = await self._client.order("executecmd", [("id", number)])
        if told.lower().startswith(_FAILED):
            raise Rejected(f"iSpy says: {told[:120]}")
        return Answer()


def _topologies(batch: Batch) -> list[Topology]:
    """The topologies of a batch."""
    return [each for each in batch if isinstance(each, Topology)]


def _key(value: Value) -> str:
    """Which row a value is of."""
    return value.feature.rpartition(":")[2]


def _told_by(box: Box, thing: Thing) -> tuple[str, ...]:
    """The polls that a button of an object may change something for."""
    names = (f"{GRABS}{thing.part}", f"{LEVEL}{thing.part}", f"{STATUS}{thing.part}")
    return tuple(name for name in names if name in box.topology.polls)


_WRITERS: Final[Mapping[str, Callable[[Orders, Thing, Any], Awaitable[Batch]]]] = {
    "enabled": Orders.enable,
    "record": Orders.record,
    "object_name": Orders.rename,
    "access_groups": Orders.regroup,
}


HANDLERS: Final[Mapping[type[Command], Callable[[Box, PartId, Any], Awaitable[Answer]]]] = {
    PtzMove: drive.move,
    PtzStop: drive.stop,
    PtzHome: drive.home,
    GotoPreset: drive.preset,
    Say: actions.say,
    PlayFile: actions.play,
    DeleteRecordings: actions.delete_recordings,
    DeletePictures: actions.delete_pictures,
    Archive: actions.archive,
    UploadRecording: actions.upload,
    SetMask: actions.mask,
    GetConfig: actions.read_config,
    SetConfig: actions.write_config,
    AddObject: actions.add,
    RemoveObject: actions.remove,
    ShutDown: actions.shut_down,
}
"""What is done, by its command; Set, Press and RecordFor are the orders' own."""
