"""What can be asked of the camera from outside: verbs of the control endpoint."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.simulators.control import Payload, flag, number, words

if TYPE_CHECKING:
    from tests.simulators.open_api.server import OpenApiSimulator


async def level(box: OpenApiSimulator, payload: Payload) -> object:
    """Measure motion in a window: window, level."""
    box.set_level(int(number(payload, "window", 0)), int(number(payload, "level")))
    return {"levels": box.levels}


async def set_input(box: OpenApiSimulator, payload: Payload) -> object:
    """Make an input active or not: port (from 1), on."""
    box.set_input(int(number(payload, "port", 1)), flag(payload, "on", True))
    return {"inputs": box.inputs}


async def set_output(box: OpenApiSimulator, payload: Payload) -> object:
    """Switch an output at the camera: port (from 1), on."""
    box.set_output(int(number(payload, "port", 1)), flag(payload, "on", True))
    return {"outputs": box.outputs}


async def add_window(box: OpenApiSimulator, payload: Payload) -> object:
    """Draw a window at the camera's own page: name."""
    return {"window": box.add_window(words(payload, "name", "DefaultWindow"))}


async def remove_window(box: OpenApiSimulator, payload: Payload) -> object:
    """Remove a window at the camera's own page: window."""
    box.remove_window(int(number(payload, "window")))
    return {}


async def signal(box: OpenApiSimulator, payload: Payload) -> object:
    """Have a source of a video server lose its picture: channel (from 1), on."""
    box.set_signal(int(number(payload, "channel", 1)), flag(payload, "on", True))
    return {"signals": box.device.signals}


async def card(box: OpenApiSimulator, payload: Payload) -> object:
    """Push the SD card in or pull it out: present."""
    box.storage.present = flag(payload, "present", True)
    return {"status": box.storage.status}


async def cut(box: OpenApiSimulator, payload: Payload) -> object:
    """End the streams; rst makes it rude."""
    box.cut_streams(rst=flag(payload, "rst", False))
    return {}


async def stall(box: OpenApiSimulator, payload: Payload) -> object:
    """Have the open streams fall silent."""
    box.stall_streams()
    return {}


async def dark(box: OpenApiSimulator, payload: Payload) -> object:
    """Lose the network."""
    await box.go_dark()
    return {}


async def back(box: OpenApiSimulator, payload: Payload) -> object:
    """Have the network again."""
    await box.come_back()
    return {}


async def reboot(box: OpenApiSimulator, payload: Payload) -> object:
    """Restart."""
    box.reboot()
    return {}


async def config(box: OpenApiSimulator, payload: Payload) -> object:
    """Write parameters, as somebody at the camera's own page would."""
    for key, value in payload.items():
        box.parameters[key] = str(value)
    box.changed.poke()
    return {"changed": len(payload)}


type BoxVerb = Callable[[OpenApiSimulator, Payload], Awaitable[object]]

VERBS: dict[str, BoxVerb] = {
    "level": level,
    "input": set_input,
    "output": set_output,
    "add_window": add_window,
    "remove_window": remove_window,
    "signal": signal,
    "card": card,
    "cut": cut,
    "stall": stall,
    "dark": dark,
    "back": back,
    "reboot": reboot,
    "config": config,
}
