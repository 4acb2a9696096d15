"""What the camera does with messages below cmnd/ (§9)."""

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.mqtt import known
from tests.simulators.yi_hack.personality import YES_NO
from tests.simulators.yi_hack.ptz import Preset, PresetError, axes


def obey(camera: Camera, topic: str, payload: str) -> bool:
    """Act on a message; False for one that means nothing to this camera."""
    rest = camera.mqtt.below_prefix(topic)
    parts = [] if rest is None else rest.split("/")
    if parts == ["cmnd", "camera"] and not payload:
        camera.mqtt.settings(camera.files["camera"])
    elif parts[:2] == ["cmnd", "camera"] and len(parts) == 3:
        return _set(camera, parts[2], payload)
    elif parts[:2] == ["cmnd", "system"] and len(parts) == 3:
        return _configure(camera, parts[2], payload)
    elif parts[:2] == ["cmnd", "ptz"] and len(parts) == 3:
        return camera.model.ptz and camera.model.variant.trio and _move(camera, parts[2], payload)
    else:
        return False
    return True


def _set(camera: Camera, name: str, value: str) -> bool:
    key = known(name, camera.model.variant.settings)
    if key is None:
        return False
    camera.apply([(key, value)])
    return True


def _configure(camera: Camera, name: str, value: str) -> bool:
    """Write a key of system.conf; one that was yes or no stays that."""
    key = known(name, camera.system)
    if key is None or (camera.system[key] in YES_NO and value not in YES_NO):
        return False
    camera.system[key] = value
    camera.changed.poke()
    return True


def _move(camera: Camera, action: str, value: str) -> bool:
    motor, presets = camera.motor, camera.presets
    try:
        match action:
            case "move" if value == "stop":
                motor.stop()
            case "move" if axes(value):
                motor.go(axes(value)[0])
            case "goto_preset":
                found = presets.slots.get(int(value))
                if found is not None and found.place is not None:
                    motor.look(*found.place)
            case "add_preset" if value:
                presets.add(value, motor.position)
            case "set_home_position":
                presets.slots[0] = Preset("Home", None)
            case "remove_preset":
                presets.slots.pop(int(value), None)
            case _:
                return False
    except PresetError, ValueError:
        # The daemon drops what it cannot use, and tells nobody.
        return False
    camera.changed.poke()
    return True
