"""ptz.cgi: presets, status, moves (§4.10)."""

from collections.abc import Callable

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.ptz import BadMove
from tests.simulators.wire import Reply

_MOST_TOURS = 8


def _has_head(device: Device, command: Command) -> bool:
    """Recorders count channels from 1; single-channel domes take 0 as well."""
    if device.personality.ptz_from_zero and command.number("channel") == 0:
        return True
    return device.channel(command, None) is not None


def _args(command: Command) -> tuple[float, ...]:
    """arg1 to arg4; ValueError when one is no number."""
    return tuple(float(command.get(f"arg{i}") or 0) for i in range(1, 5))


def _act(device: Device, command: Command, act: Callable[[tuple[float, ...]], None]) -> Reply:
    if not _has_head(device, command):
        return device.refuse(Refusal.BAD_REQUEST)
    try:
        act(_args(command))
    except ValueError, BadMove:
        return device.refuse(Refusal.BAD_REQUEST)
    device.changed.poke()
    return device.ok()


def start(device: Device, command: Command) -> Reply:
    """§4.10.7 start&channel&code&arg1&arg2&arg3[&arg4]."""
    code = command.get("code") or ""
    return _act(device, command, lambda args: device.ptz.start(code, args))


def stop(device: Device, command: Command) -> Reply:
    """§4.10.7 stop with the same code."""
    code = command.get("code") or ""
    return _act(device, command, lambda args: device.ptz.stop(code, args))


def move_relatively(device: Device, command: Command) -> Reply:
    """§4.10.7 moveRelatively, -1..1 each."""
    return _act(device, command, lambda args: device.ptz.go_relative(*args[:3]))


def move_absolutely(device: Device, command: Command) -> Reply:
    """§4.10.7 moveAbsolutely."""
    return _act(device, command, lambda args: device.ptz.go_absolute(*args[:3]))


def presets(device: Device, command: Command) -> Reply:
    """§4.10.5 getPresets: sparse, an empty body when there is none."""
    if not _has_head(device, command):
        return device.refuse(Refusal.BAD_REQUEST)
    lines: list[str] = []
    for i, (number, preset) in enumerate(sorted(device.ptz.presets.items())):
        lines += [
            f"presets[{i}].Index={number}",
            f"presets[{i}].Name={preset.name}",
            f"presets[{i}].Type=0",
        ]
    return device.lines(*lines)


def set_preset(device: Device, command: Command) -> Reply:
    """§4.10.7 setPreset&arg1=<no>&arg2=<name>."""
    number, name = command.number("arg1", 0) or 0, command.get("arg2") or ""
    if not _has_head(device, command) or not 1 <= number <= 255:
        return device.refuse(Refusal.BAD_REQUEST)
    device.ptz.store(number, name or f"Preset{number}")
    device.changed.poke()
    return device.ok()


def set_tour(device: Device, command: Command) -> Reply:
    """§4.10.7 setTour&arg1=<no>&arg2=<name>."""
    number, name = command.number("arg1", 0) or 0, command.get("arg2") or ""
    if not _has_head(device, command) or not 1 <= number <= _MOST_TOURS:
        return device.refuse(Refusal.BAD_REQUEST)
    device.ptz.tours.setdefault(number, [])
    device.ptz.tour_names[number] = name or f"Tour{number}"
    device.changed.poke()
    return device.ok()


def protocols(device: Device, command: Command) -> Reply:
    """§4.10.3 getProtocolList&channel=1."""
    if not _has_head(device, command):
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(
        "info.Coaxial[0]=NONE", "info.RS[0]=NONE", "info.RS[1]=DH-SD1", "info.RS[2]=PELCO-D"
    )


def move_directly(device: Device, command: Command) -> Reply:
    """§4.10.7 ptzBase moveDirectly&channel=1&startPoint[0]=…&endPoint[1]=…, 0-8192."""
    names = ("startPoint[0]", "startPoint[1]", "endPoint[0]", "endPoint[1]")
    corners = [command.number(name) for name in names]
    if not _has_head(device, command) or None in corners:
        return device.refuse(Refusal.BAD_REQUEST)
    left, top, right, bottom = (corner or 0 for corner in corners)
    try:
        device.ptz.move_directly((left, top), (right, bottom))
    except BadMove:
        return device.refuse(Refusal.BAD_REQUEST)
    device.changed.poke()
    return device.ok()


def tours(device: Device, command: Command) -> Reply:
    """§4.10.6 getTours."""
    if not _has_head(device, command):
        return device.refuse(Refusal.BAD_REQUEST)
    lines: list[str] = []
    for i, number in enumerate(sorted(device.ptz.tours)):
        name = device.ptz.tour_names.get(number, f"Tour{number}")
        lines += [f"tours[{i}].Index={number}", f"tours[{i}].Name={name}"]
    return device.lines(*lines)


def status(device: Device, command: Command) -> Reply:
    """§4.10.8 getStatus; `Postion` is how the device spells it."""
    if not _has_head(device, command):
        return device.refuse(Refusal.BAD_REQUEST)
    ptz = device.ptz
    pan, tilt, zoom = ptz.position
    zooming = ptz.moving in ("ZoomTele", "ZoomWide")
    return device.lines(
        f"status.Action={'Preset' if ptz.preset else ''}",
        f"status.MoveStatus={'Moving' if ptz.moving and not zooming else 'Idle'}",
        f"status.PTS={len(ptz.commands)}",
        f"status.Postion[0]={pan:.6f}",
        f"status.Postion[1]={tilt:.6f}",
        f"status.Postion[2]={zoom:.6f}",
        f"status.PresetID={ptz.preset}",
        f"status.Sequence={len(ptz.commands)}",
        f"status.UTC={int(device.clock.now().timestamp())}",
        f"status.ZoomStatus={'Moving' if zooming else 'Idle'}",
    )


ANSWERS = {
    "ptz.start": start,
    "ptz.stop": stop,
    "ptz.moveRelatively": move_relatively,
    "ptz.moveAbsolutely": move_absolutely,
    "ptz.getPresets": presets,
    "ptz.setPreset": set_preset,
    "ptz.SetPreset": set_preset,
    "ptz.setTour": set_tour,
    "ptz.SetTour": set_tour,
    "ptz.getTours": tours,
    "ptz.getProtocolList": protocols,
    "ptzBase.moveDirectly": move_directly,
    "ptz.getStatus": status,
}
