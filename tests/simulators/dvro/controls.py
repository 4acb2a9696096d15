"""What can be asked of the recorder from outside: verbs of the control endpoint."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.simulators.control import BadPayload, Payload, flag, number, words

if TYPE_CHECKING:
    from tests.simulators.dvro.server import DvroSimulator


async def channels(box: DvroSimulator, payload: Payload) -> object:
    """Start or stop the channels at the PC: started."""
    box.recorder.set_channels(flag(payload, "started", True))
    return {"started": box.recorder.channels_started}


async def dialog(box: DvroSimulator, payload: Payload) -> object:
    """Answer the folder dialog: directory, or none to cancel."""
    box.recorder.answer_dialog(words(payload, "directory", "") or None)
    return {"recording": box.recorder.recording}


async def record(box: DvroSimulator, payload: Payload) -> object:
    """Have somebody at the PC start or stop a recording: on."""
    if flag(payload, "on", True):
        box.recorder.start()
    else:
        box.recorder.stop()
    return {"recording": box.recorder.recording}


async def space(box: DvroSimulator, payload: Payload) -> object:
    """Set how much of the drive is free: percent."""
    percent = int(number(payload, "percent"))
    if not 0 <= percent <= 100:
        raise BadPayload("percent is from 0 to 100")
    box.recorder.drive_space = percent
    return {"percent": percent}


async def advance(box: DvroSimulator, payload: Payload) -> object:
    """Let simulated minutes pass: minutes."""
    box.recorder.advance(number(payload, "minutes"))
    return {"files": len(box.recorder.files)}


async def restart(box: DvroSimulator, payload: Payload) -> object:
    """Start the software anew; the ports are closed for a while."""
    box.restart()
    return {}


async def dark(box: DvroSimulator, payload: Payload) -> object:
    """Lose the network."""
    await box.go_dark()
    return {}


async def back(box: DvroSimulator, payload: Payload) -> object:
    """Have the network again."""
    await box.come_back()
    return {}


type BoxVerb = Callable[[DvroSimulator, Payload], Awaitable[object]]

VERBS: dict[str, BoxVerb] = {
    "channels": channels,
    "dialog": dialog,
    "record": record,
    "space": space,
    "advance": advance,
    "restart": restart,
    "dark": dark,
    "back": back,
}
