"""configManager: reading tables and merging changes (§4, §5, §6)."""

from tests.simulators.amcrest.answers.log import Journal
from tests.simulators.amcrest.config import UnknownMember, UnknownTable, WrongType, table_of
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.faults import Subpath
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.wire import Reply

_DETECT_VERSION = "DetectVersion"


def get_config(device: Device, command: Command) -> Reply:
    """getConfig&name=<table or sub-path>: `table.` before every key."""
    name = command.get("name") or ""
    if not name:
        return device.refuse(Refusal.BAD_REQUEST)
    config = device.config
    if name == "All":
        return device.lines(*(f"table.{key}={value}" for key, value in config.items()))
    if name in config.tables or device.faults.subpath is Subpath.YES:
        found = config.under(name)
        if found:
            return device.lines(*(f"table.{key}={value}" for key, value in found.items()))
        return device.missing()
    if "[" not in name and "." not in name:
        return device.missing()
    if device.faults.subpath is Subpath.EMPTY:
        return device.refuse(Refusal.EMPTY)
    return device.refuse(Refusal.NO_PARAM, name)


def set_config(device: Device, command: Command) -> Reply:
    """setConfig&<key>=<value>…: merges, all keys or none; untouched members stay."""
    changes = {key: value for key, value in command.params if key != "action"}
    versioned = any(key.endswith(f"].{_DETECT_VERSION}") for key in changes)
    if not changes:
        return device.refuse(Refusal.BAD_REQUEST)
    if (
        device.faults.needs_detect_version
        and not versioned
        and any(".MotionDetectWindow[" in key for key in changes)
    ):
        return device.refuse(Refusal.BAD_REQUEST)
    for key in changes:
        for name, kind in device.faults.refuse.items():
            if name.startswith("set ") and key.startswith(name.removeprefix("set ")):
                return device.refuse(kind)
    try:
        changed = device.config.merge(changes, device.faults.strict_types)
    except UnknownMember:
        return device.refuse(Refusal.SERVER_ERROR)
    except UnknownTable, WrongType:
        return device.refuse(Refusal.BAD_REQUEST)
    for table in sorted({table_of(key) for key in changed}):
        device.of(Journal).note("SaveConfig", command.user, Name=table)
    device.changed.poke()
    return device.ok()


ANSWERS = {
    "configManager.getConfig": get_config,
    "configManager.setConfig": set_config,
}
