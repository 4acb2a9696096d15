"""config.cgi: list, update, add and remove parameters (S-1.1)."""

from tests.simulators.open_api.defaults import MAX_WINDOWS
from tests.simulators.open_api.device import Device
from tests.simulators.open_api.faults import UnknownGroup
from tests.simulators.open_api.grammar import OK, Answer, Call, Refused
from tests.simulators.open_api.parameters import WINDOW
from tests.simulators.wire import Connection

_UNNUMBERED = "Motion.M."


async def config(device: Device, call: Call, connection: Connection) -> Answer:
    """Do what `action` says."""
    match call.get("action"):
        case "list":
            return _list(device, call)
        case "update":
            return _update(device, call)
        case "add":
            return _add(device, call)
        case "remove":
            return _remove(device, call)
        case _:
            raise Refused(400)


def _list(device: Device, call: Call) -> Answer:
    """Name=value lines with LF; an unknown group is a line of its own (S-1.1.2)."""
    prefix = "root." if device.faults.root_prefix else ""
    parameters = device.parameters
    lines: list[str] = []
    groups: list[str | None] = [*call.groups()]
    for group in groups or [None]:
        if group is None or parameters.known(group):
            found = parameters.listing(group).items()
            lines += [f"{prefix}{name}={value}" for name, value in found]
        elif device.faults.unknown_group is UnknownGroup.ERROR_LINE:
            lines.append(f"# Error: Error -1 getting param in group '{prefix}{group}'")
    if device.faults.duplicate_keys:
        lines += lines
    return Answer("".join(f"{line}\n" for line in lines), listed=True)


def _update(device: Device, call: Call) -> Answer:
    """Set every pair that is a name; OK, or a line for each that is refused (S-1.1.3)."""
    refused = []
    for name, value in call.pairs:
        if "." not in name:
            continue
        if device.parameters.write(name.removeprefix("root."), value):
            device.log(f"parameter {name} changed")
        else:
            refused.append(f"# Error: Error setting '{name}' to '{value}'!\r\n")
    device.feeds.wake("motion")
    return Answer("".join(refused)) if refused else OK


def _add(device: Device, call: Call) -> Answer:
    """Create a motion window; its entry and OK (S-1.1.4)."""
    parameters = device.parameters
    if call.get("template") != "motion" or call.groups() != ["Motion"]:
        return _failed("no such template")
    if len(parameters.windows()) >= MAX_WINDOWS and call.get("force") != "yes":
        return _failed("too many motion windows")
    number = parameters.add_window()
    refused = []
    for name, value in call.pairs:
        member = name.removeprefix("root.")
        if member.startswith(_UNNUMBERED):
            member = f"Motion.M{number}.{member.removeprefix(_UNNUMBERED)}"
            if not parameters.write(member, value):
                refused.append(f"# Error: Error setting '{name}' to '{value}'!\r\n")
    device.log(f"motion window M{number} added")
    device.feeds.wake("motion")
    return Answer("".join([*refused, f"M{number} OK\r\n"]))


def _remove(device: Device, call: Call) -> Answer:
    """Remove motion windows, all that are named or none (S-1.1.5)."""
    windows = device.parameters.windows()
    numbers = []
    for group in call.groups():
        found = WINDOW.fullmatch(group)
        if found is None or int(found[1]) not in windows:
            return _failed(f"cannot remove {group}")
        numbers.append(int(found[1]))
    if not numbers:
        return _failed("no group")
    for number in numbers:
        device.parameters.remove_window(number)
        device.motion.forget(number)
        device.log(f"motion window M{number} removed")
    return OK


def _failed(text: str) -> Answer:
    return Answer(f"# Request failed: {text}\r\n")
