"""What can be asked of the camera from outside: verbs of the control endpoint."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.simulators.control import Payload, flag, number, words

if TYPE_CHECKING:
    from tests.simulators.yi_hack.server import YiHackSimulator


async def motion(box: YiHackSimulator, payload: Payload) -> object:
    """Begin or end a motion: on, kind (motion, human, vehicle, animal)."""
    if flag(payload, "on", True):
        return {"noticed": box.start_motion(words(payload, "kind", "motion"))}
    box.stop_motion()
    return {"clips": box.clips[-5:]}


async def sound(box: YiHackSimulator, payload: Payload) -> object:
    """Make a noise, or have a baby cry: crying."""
    return {"noticed": box.crying() if flag(payload, "crying", False) else box.sound()}


async def clip(box: YiHackSimulator, payload: Payload) -> object:
    """Have a recording lie there: seconds."""
    return {"clips": box.add_clip(seconds=number(payload, "seconds", 30))}


async def lapse(box: YiHackSimulator, payload: Payload) -> object:
    """Have a time-lapse film lie there."""
    return {"file": box.camera.add_lapse()}


async def card(box: YiHackSimulator, payload: Payload) -> object:
    """Take the card out, fill it, put it back: state."""
    box.set_sd(words(payload, "state"))
    return {}


async def dark(box: YiHackSimulator, payload: Payload) -> object:
    """Lose the network."""
    await box.go_dark()
    return {}


async def back(box: YiHackSimulator, payload: Payload) -> object:
    """Have the network again."""
    await box.come_back()
    return {}


async def reboot(box: YiHackSimulator, payload: Payload) -> object:
    """Restart."""
    box.reboot()
    return {}


async def config(box: YiHackSimulator, payload: Payload) -> object:
    """Write keys of a configuration file: file, and the keys; they count after a restart."""
    file = box.config[words(payload, "file")]
    changes = {key: words(payload, key) for key in payload if key != "file"}
    file.update(changes)
    box.changed.poke()
    return {"changed": len(changes)}


async def settings(box: YiHackSimulator, payload: Payload) -> object:
    """Change camera settings, as somebody with the vendor's app would."""
    box.set_settings(**{key: words(payload, key) for key in payload})
    return {"settings": dict(box.settings)}


async def command(box: YiHackSimulator, payload: Payload) -> object:
    """Receive an MQTT message: topic, payload."""
    return {"known": box.command(words(payload, "topic"), words(payload, "payload", ""))}


type BoxVerb = Callable[[YiHackSimulator, Payload], Awaitable[object]]

VERBS: dict[str, BoxVerb] = {
    "motion": motion,
    "sound": sound,
    "clip": clip,
    "lapse": lapse,
    "card": card,
    "dark": dark,
    "back": back,
    "reboot": reboot,
    "config": config,
    "settings": settings,
    "command": command,
}
