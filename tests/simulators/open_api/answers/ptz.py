"""ptz.cgi and configptz.cgi: look somewhere, keep and find places again (S-3)."""

from collections.abc import Callable, Mapping

from tests.simulators.open_api.answers.video import channel_of
from tests.simulators.open_api.device import Device
from tests.simulators.open_api.faults import Said
from tests.simulators.open_api.grammar import OK, Answer, Call, failed, whole
from tests.simulators.open_api.ptz import LIMITS, STEP, Head
from tests.simulators.wire import Connection

_MOVES = {
    "up": (0, 1),
    "down": (0, -1),
    "left": (-1, 0),
    "right": (1, 0),
    "upleft": (-1, 1),
    "upright": (1, 1),
    "downleft": (-1, -1),
    "downright": (1, -1),
}
_RELATIVE = {f"r{name}": name for name in LIMITS}
_CONTINUOUS = {f"continuous{name}move": name for name in ("zoom", "focus", "iris", "brightness")}
_SWITCHES = ("autofocus", "autoiris", "backlight")
_VIEW = 60.0
"""Degrees from the left to the right of the picture."""
_MENU = ("open", "close", "up", "down", "left", "right", "select", "back")


class _Bad(Exception):
    """An argument that this command does not take."""


def said(device: Device) -> Answer:
    """What a command that worked answers (S-3.1)."""
    match device.faults.ptz_says:
        case Said.NO_CONTENT:
            return Answer(b"", status=204)
        case Said.EMPTY:
            return Answer(b"")
        case Said.OK:
            return OK


async def ptz(device: Device, call: Call, connection: Connection) -> Answer:
    """Do every command of a request, in its order (S-3.1)."""
    head = device.heads[channel_of(device, call)]
    if call.get("info") == "1":
        return Answer(_info(device))
    if call.get("whoami") == "1":
        return Answer("Built-in\n")
    if query := call.get("query"):
        return _query(device, head, query, channel_of(device, call) + 1)
    known = False
    try:
        for name, value in call.pairs:
            known |= _command(device, head, call, name, value)
    except _Bad as bad:
        return Answer(f"Error:{bad}\r\n")
    return said(device) if known else Answer("Error:no command\r\n")


def _command(device: Device, head: Head, call: Call, name: str, value: str) -> bool:
    """Do one command; False where it is none of ours, which the field ignores."""
    if name in LIMITS:
        number = _number(value, 9999)
        if device.faults.pan_is_step and name in ("pan", "tilt"):
            head.shift(**{name: number})
        else:
            head.go(**{name: number})
    elif axis := _RELATIVE.get(name):
        head.shift(**{axis: _number(value, 9999)})
    elif axis := _CONTINUOUS.get(name):
        head.drive(**{axis: _number(value, 100)})
    elif switch := _switch(device, name):
        head.switches[switch] = _word(value, ("on", "off"))
    elif command := _commands(device).get(name):
        command(head, call, value)
    else:
        return False
    return True


def _switch(device: Device, name: str) -> str | None:
    """The switch of a name; the field spells one of them with a capital letter (F)."""
    names = {name: name for name in _SWITCHES}
    if device.model.field_dialect:
        del names["autofocus"]
        names["Autofocus"] = "autofocus"
    elif name == "Autofocus":
        return None
    if name == "autofocus" and name not in names:
        raise _Bad("unknown command autofocus")
    return names.get(name)


def _move(head: Head, call: Call, value: str) -> None:
    if value == "home":
        _recall(head, head.number_of("Home"), "no home")
    elif value == "stop":
        head.stop()
    elif value in _MOVES:
        pan, tilt = _MOVES[value]
        head.shift(pan=pan * STEP, tilt=tilt * STEP)
    else:
        raise _Bad(f"bad direction {value}")


def _drive(head: Head, call: Call, value: str) -> None:
    pan, tilt = _numbers(value, 2)
    head.drive(pan=pan, tilt=tilt)


def _center(head: Head, call: Call, value: str) -> None:
    across, down = _numbers(value, 2, 10_000)
    _look_at(head, call, across, down)


def _area_zoom(head: Head, call: Call, value: str) -> None:
    across, down, zoom = _numbers(value, 3, 10_000)
    _look_at(head, call, across, down)
    head.go(zoom=head.position["zoom"] * max(zoom, 1) / 100)


def _look_at(head: Head, call: Call, across: float, down: float) -> None:
    width, height = call.number("imagewidth", 960) or 0, call.number("imageheight", 540) or 0
    if width < 1 or height < 1:
        raise _Bad("bad size of the image")
    head.shift(pan=(across / width - 0.5) * _VIEW, tilt=(0.5 - down / height) * _VIEW)


def _recall(head: Head, number: int | None, text: str) -> None:
    if not head.recall(number):
        raise _Bad(text)


def _goto_number(head: Head, call: Call, value: str) -> None:
    _recall(head, whole(value), f"no preset {value}")


def _goto_name(head: Head, call: Call, value: str) -> None:
    _recall(head, head.number_of(value), f"no preset {value}")


def _speed(head: Head, call: Call, value: str) -> None:
    if not 1 <= whole(value) <= 100:
        raise _Bad(f"bad speed {value}")
    head.speed = whole(value)


def _ir_cut(head: Head, call: Call, value: str) -> None:
    head.ir_cut = _word(value, ("on", "off", "auto"))


def _device_preset(head: Head, call: Call, value: str) -> None:
    head.note(f"gotodevicepreset {value}")


def _auxiliary(head: Head, call: Call, value: str) -> None:
    head.note(f"auxiliary {value}")


def _remove_number(head: Head, call: Call, value: str) -> None:
    if not head.remove(whole(value)):
        raise _Bad(f"no preset {value}")


def _remove_name(head: Head, call: Call, value: str) -> None:
    if not head.remove(head.number_of(value)):
        raise _Bad(f"no preset {value}")


def _store_number(head: Head, call: Call, value: str) -> None:
    if not head.save(whole(value)):
        raise _Bad(f"bad number {value}")


type _Command = Callable[[Head, Call, str], None]

_COMMANDS: Mapping[str, _Command] = {
    "move": _move,
    "continuouspantiltmove": _drive,
    "center": _center,
    "areazoom": _area_zoom,
    "gotoserverpresetno": _goto_number,
    "gotoserverpresetname": _goto_name,
    "gotodevicepreset": _device_preset,
    "auxiliary": _auxiliary,
    "speed": _speed,
    "ircutfilter": _ir_cut,
}
_FIELD_COMMANDS: Mapping[str, _Command] = {
    "removeserverpresetno": _remove_number,
    "devicepresetno": _store_number,
}


def _commands(device: Device) -> Mapping[str, _Command]:
    """The commands of this dialect."""
    return {**_COMMANDS, **_FIELD_COMMANDS} if device.model.field_dialect else _COMMANDS


def _query(device: Device, head: Head, query: str, camera: int) -> Answer:
    """Lines about the camera; LF, as printed."""
    match query:
        case "position":
            here = head.position
            lines = [f"{axis}={_short(here[axis])}" for axis in ("pan", "tilt", "zoom")]
            lines += [f"{name}={head.switches[name]}" for name in ("autofocus", "autoiris")]
        case "limits":
            lines = []
            for axis, (low, high) in LIMITS.items():
                title = axis.capitalize()
                lines += [f"Min{title}={_short(low)}", f"Max{title}={_short(high)}"]
        case "speed":
            lines = [f"speed={head.speed}"]
        case "presetposcam":
            lines = _presets(head, camera)
        case "presetposall":
            lines = [
                line
                for number, each in enumerate(device.heads, 1)
                for line in _presets(each, number)
            ]
        case "mode":
            lines = ["mode=normal"]
        case _:
            return Answer(f"Error:bad query {query}\r\n")
    return Answer("".join(f"{line}\n" for line in lines))


def _presets(head: Head, camera: int) -> list[str]:
    lines = [f"presetposno{number}={preset.name}" for number, preset in head.presets.items()]
    return [f"Preset Positions for camera {camera}", *lines]


def _info(device: Device) -> str:
    """What can be asked for, one command a line."""
    focus = "Autofocus" if device.model.field_dialect else "autofocus"
    commands = [
        "whoami=1",
        "move=[home|up|down|left|right|upleft|upright|downleft|downright|stop]",
        *(f"{name}=[float]" for name in ("pan", "tilt", "rpan", "rtilt")),
        *(f"{name}=[int]" for name in ("zoom", "focus", "iris", "brightness")),
        *(f"{name}=[int]" for name in ("rzoom", "rfocus", "riris", "rbrightness")),
        "continuouspantiltmove=[int,int]",
        *(f"{name}=[int]" for name in _CONTINUOUS),
        *(f"{name}=[on|off]" for name in (focus, "autoiris", "backlight")),
        "ircutfilter=[on|off|auto]",
        "speed=[int]",
        "gotoserverpresetno=[int]",
        "gotoserverpresetname=[string]",
        "query=[position|limits|speed|presetposcam|presetposall]",
    ]
    return "Available commands\n:\n" + "".join(f"{line}\n" for line in commands)


async def configptz(device: Device, call: Call, connection: Connection) -> Answer:
    """Keep and forget places, and press keys of a dome's menu (S-3.2)."""
    head = device.heads[channel_of(device, call)]
    name, number = call.get("setserverpresetname"), call.number("setserverpresetno")
    if name is not None or number is not None:
        if not head.save(number, name):
            return failed("bad preset")
        if call.get("home") == "yes":
            key = number if number is not None else head.number_of(name or "")
            head.home = head.presets[key].name if key is not None else head.home
    elif (gone := call.get("removeserverpresetname")) is not None:
        if not head.remove(head.number_of(gone)):
            return failed(f"no preset {gone}")
    elif (lost := call.number("removeserverpresetno")) is not None:
        if not head.remove(lost):
            return failed(f"no preset {lost}")
    elif (place := call.number("setdevicepreset")) is not None:
        head.note(f"setdevicepreset {place}")
    elif (key_word := call.get("osdmenu")) in _MENU:
        head.note(f"osdmenu {key_word}")
    else:
        return failed("no command")
    return said(device)


def _number(text: str, limit: float) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise _Bad(f"bad number {text}") from error
    if not -limit <= value <= limit:
        raise _Bad(f"bad number {text}")
    return value


def _numbers(text: str, count: int, limit: float = 100) -> list[float]:
    words = text.split(",")
    if len(words) != count:
        raise _Bad(f"bad value {text}")
    return [_number(word, limit) for word in words]


def _word(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise _Bad(f"bad value {text}")
    return text


def _short(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
