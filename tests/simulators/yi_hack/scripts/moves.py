"""ptz.sh and preset.sh (§5.16, §5.17)."""

import re

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.grammar import Call, Printed, bare, done, failed, raw_bytes, slots
from tests.simulators.yi_hack.ptz import PAN, SLOTS, TILT, Preset, PresetError, axes

_STEP_SECONDS = "0.3"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SHELL = re.compile(r"[`$|&;<>\\]")
_OUT_OF_RANGE = "Preset number out of range"
_REFUSED = "-99"
_TURN_SECONDS = 1.0


async def ptz(camera: Camera, call: Call) -> Printed:
    """ptz.sh: the reply comes after the move."""
    variant = camera.model.variant
    asked = dict(slots(call.query, variant.ptz_slots))
    action = asked.get("action", "step") if variant.trio else "step"
    seconds = asked.get("time", _STEP_SECONDS)
    direction = asked.get("dir", "")
    if not _NUMBER.fullmatch(seconds) or action not in _ACTIONS:
        return failed() if variant.trio else bare()
    if direction == "stop":
        camera.motor.stop()
    elif not camera.model.ptz:
        pass
    elif action == "cont":
        for axis in axes(direction)[:1]:
            camera.motor.go(axis)
    elif action == "step":
        await _step(camera, direction, float(seconds))
    elif not await _turn(camera, action, asked.get("x", ""), asked.get("y", "")):
        return failed()
    camera.changed.poke()
    return done() if variant.trio else bare()


_ACTIONS = frozenset({"step", "cont", "abs", "rel"})


async def _step(camera: Camera, direction: str, seconds: float) -> None:
    """One axis, then the other."""
    for axis in axes(direction):
        camera.motor.go(axis)
        camera.changed.poke()
        await camera.take(seconds)
        camera.motor.step(axis, seconds)


async def _turn(camera: Camera, action: str, x: str, y: str) -> bool:
    if not _NUMBER.fullmatch(x) or not _NUMBER.fullmatch(y):
        return False
    pan, tilt = float(x), float(y)
    if action == "rel":
        camera.motor.turn(pan, tilt)
    elif not (PAN[0] <= pan <= PAN[1] and TILT[0] <= tilt <= TILT[1]):
        return False
    else:
        camera.motor.look(pan, tilt)
    await camera.take(_TURN_SECONDS)
    return True


async def preset(camera: Camera, call: Call) -> Printed:
    """preset.sh: errors of several words are no JSON."""
    asked = dict(slots(call.query, 3))
    number = asked.get("num", "")
    action = asked.get("action", "")
    if camera.faults.old_presets:
        action, asked = "go_preset", {"num": number}
    try:
        _do_preset(camera, action, number, asked.get("name", ""))
    except PresetError as error:
        return _broken(str(error))
    camera.changed.poke()
    return done() if camera.model.variant.trio else bare()


def _do_preset(camera: Camera, action: str, number: str, name: str) -> None:
    presets, motor = camera.presets, camera.motor
    match action:
        case "go_preset":
            found = presets.slots.get(_slot(number))
            if found is not None and found.place is not None:
                motor.look(*found.place)
        case "add_preset":
            if _SHELL.search(name):
                camera.disaster(f"preset.sh name={name}")
            keeps_number = number and camera.model.variant.trio
            presets.add(name, motor.position, _slot(number) if keeps_number else None)
        case "del_preset" if number == "all":
            presets.slots.clear()
        case "del_preset":
            presets.slots.pop(_slot(number), None)
        case "set_home_position":
            presets.slots[0] = Preset("Home", None)
        case _:
            raise PresetError(_REFUSED)


def _slot(number: str) -> int:
    if not number.isdecimal() or int(number) >= SLOTS:
        raise PresetError(_OUT_OF_RANGE)
    return int(number)


def _broken(message: str) -> Printed:
    """The message word by word, two a line, as printf pairs them; no comma between the lines."""
    words = ["message", *message.split(), ""]
    lines = [f'"{words[at]}":"{words[at + 1]}"\n' for at in range(0, len(words) - 1, 2)]
    return Printed(raw_bytes('{\n"error":"true",\n' + "".join(lines) + "}"))


SCRIPTS = {"ptz.sh": ptz, "preset.sh": preset}
