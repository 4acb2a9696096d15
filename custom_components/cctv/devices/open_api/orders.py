"""Commands to functions: what is done to a unit."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from ..commands import (
    AddUser,
    AddWindow,
    BackUp,
    ChangeUser,
    ChangeWindow,
    Command,
    DeleteRecordings,
    FactoryReset,
    FormatDisk,
    GetConfig,
    GotoPreset,
    MountDisk,
    OutputSequence,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    RemovePreset,
    RemoveUser,
    RemoveWindow,
    Restore,
    SavePreset,
    Set,
    SetConfig,
    SetIpFilter,
    SetTime,
    Upgrade,
)
from ..errors import BadInput, Unsupported
from ..model import Answer, PartId, Value
from ..settings import change
from . import care, outputs, presets, ptz, storage, windows
from .unit import Unit

COMMANDS: Final = frozenset(
    {
        AddUser,
        BackUp,
        ChangeUser,
        FactoryReset,
        GetConfig,
        RemoveUser,
        Restore,
        SetConfig,
        SetIpFilter,
        SetTime,
        Upgrade,
    }
)
"""What can be done to the box itself by an account with rights."""


async def do(unit: Unit, part: PartId, command: Command) -> Answer:
    """Do it. Unsupported if this part takes no such thing."""
    place = unit.box.topology.parts.get(part)
    if place is None:
        raise BadInput(f"there is no part {part!r}")
    handler = HANDLERS.get(type(command))
    if handler is None or type(command) not in place.can:
        raise Unsupported(f"{part or 'the box'} takes no {type(command).__name__}")
    return await handler(unit, part, command)


# --- features ---------------------------------------------------------------------------------


async def _set(unit: Unit, part: PartId, command: Set) -> Answer:
    """Give a feature a value."""
    box, id_ = unit.box, f"{part}:{command.key}"
    if id_ not in box.topology.features:
        raise BadInput(f"no feature {id_}")
    if command.key == "output":
        return await outputs.switch(box, unit.outputs, part, command)
    if command.seconds is not None:
        raise BadInput("only an output can be switched for a while")
    setter = _SETTERS.get(command.key)
    bound = box.bound(id_)
    if bound is None:
        if setter is None:
            raise BadInput(f"{id_} cannot be set")
        return await setter(unit, part, command.value)
    peers = box.bounds[bound.setting.table]
    return Answer(await change(box.store, bound, command.value, peers, box.env.clock))


async def _set_pulse(unit: Unit, part: PartId, value: Any) -> Answer:
    return outputs.set_pulse(unit.box, part, value)


async def _set_overlay(unit: Unit, part: PartId, value: Any) -> Answer:
    """Write the text in the picture (§1.11)."""
    if not isinstance(value, str) or not value.isprintable():
        raise BadInput("not a line of text")
    await unit.box.client.set_osd(value)
    return Answer((Value(f"{part}:overlay_text", value),))


async def _set_preset(unit: Unit, part: PartId, value: Any) -> Answer:
    head = unit.heads[part]
    if not isinstance(value, str) or not value.isdigit() or int(value) not in head.presets:
        raise BadInput("no stored position of that number")
    return await presets.goto_number(unit.box, head, int(value))


async def _set_autofocus(unit: Unit, part: PartId, value: Any) -> Answer:
    return await ptz.switch(unit.box, unit.heads[part], "autofocus", on=value is True)


async def _set_autoiris(unit: Unit, part: PartId, value: Any) -> Answer:
    return await ptz.switch(unit.box, unit.heads[part], "autoiris", on=value is True)


async def _set_menu(unit: Unit, part: PartId, value: Any) -> Answer:
    return await ptz.menu(unit.box, unit.heads[part], str(value))


_SETTERS: Final[Mapping[str, Callable[[Unit, PartId, Any], Awaitable[Answer]]]] = {
    "pulse_length": _set_pulse,
    "overlay_text": _set_overlay,
    "preset": _set_preset,
    "autofocus": _set_autofocus,
    "autoiris": _set_autoiris,
    "ptz_command": _set_menu,
}


async def _press(unit: Unit, part: PartId, command: Press) -> Answer:
    """Press a button."""
    if f"{part}:{command.key}" not in unit.box.topology.features:
        raise BadInput(f"no button {part}:{command.key}")
    match command.key:
        case "restart":
            return await care.restart(unit.box)
        case "sync_clock":
            return await care.set_time(unit.box, SetTime())
        case "pulse":
            return await outputs.pulse(unit.box, unit.outputs, part)
    raise BadInput(f"{command.key} cannot be pressed")


# --- actions ----------------------------------------------------------------------------------


async def _back_up(unit: Unit, part: PartId, command: BackUp) -> Answer:
    """Name the file; it is made when it is fetched (§1.5)."""
    return Answer(ref=care.BACKUP)


async def _sequence(unit: Unit, part: PartId, command: OutputSequence) -> Answer:
    return await outputs.sequence(unit.box, unit.outputs, part, command)


async def _mount(unit: Unit, part: PartId, command: MountDisk) -> Answer:
    return await storage.mount(unit.box, part, mounted=command.mounted)


type Handler = Callable[[Unit, PartId, Any], Awaitable[Answer]]

HANDLERS: Final[Mapping[type[Command], Handler]] = {
    Set: _set,
    Press: _press,
    PtzMove: lambda unit, part, command: ptz.move(unit.box, unit.heads[part], command),
    PtzStop: lambda unit, part, command: ptz.stop(unit.box, unit.heads[part]),
    PtzHome: lambda unit, part, command: ptz.home(unit.box, unit.heads[part]),
    GotoPreset: lambda unit, part, command: presets.goto(unit.box, unit.heads[part], command),
    SavePreset: lambda unit, part, command: presets.save(unit.box, unit.heads[part], command),
    RemovePreset: lambda unit, part, command: presets.remove(unit.box, unit.heads[part], command),
    AddWindow: lambda unit, part, command: windows.add(unit.box, unit.translator, part, command),
    ChangeWindow: lambda unit, part, command: windows.change(
        unit.box, unit.translator, part, command
    ),
    RemoveWindow: lambda unit, part, command: windows.remove(
        unit.box, unit.translator, part, command
    ),
    OutputSequence: _sequence,
    DeleteRecordings: lambda unit, part, command: storage.delete(unit.box, command),
    FormatDisk: lambda unit, part, command: storage.erase(unit.box, part),
    MountDisk: _mount,
    BackUp: _back_up,
    Restore: lambda unit, part, command: care.restore(unit.box, command),
    Upgrade: lambda unit, part, command: care.upgrade(unit.box, command),
    FactoryReset: lambda unit, part, command: care.factory_reset(unit.box, command),
    AddUser: lambda unit, part, command: care.add_user(unit.box, command),
    ChangeUser: lambda unit, part, command: care.change_user(unit.box, command),
    RemoveUser: lambda unit, part, command: care.remove_user(unit.box, command),
    SetIpFilter: lambda unit, part, command: care.set_ip_filter(unit.box, command),
    SetTime: lambda unit, part, command: care.set_time(unit.box, command),
    GetConfig: lambda unit, part, command: care.show_config(unit.box, command),
    SetConfig: lambda unit, part, command: care.change_config(unit.box, command),
}
