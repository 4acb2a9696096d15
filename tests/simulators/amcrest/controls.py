"""What can be asked of the device from outside: verbs of the control endpoint."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.simulators.amcrest.controls_sections import VERBS as SECTION_VERBS
from tests.simulators.amcrest.events import NOTHING
from tests.simulators.amcrest.item import Damage
from tests.simulators.amcrest.store import Kind
from tests.simulators.control import BadPayload, Payload, flag, number, words

if TYPE_CHECKING:
    from tests.simulators.amcrest.server import AmcrestSimulator


async def emit(box: AmcrestSimulator, payload: Payload) -> object:
    """Say an event: code, action, index, data, silent."""
    sent = box.emit(
        words(payload, "code"),
        words(payload, "action", "Start"),
        int(number(payload, "index", 0)),
        payload.get("data", NOTHING),
        silent=flag(payload, "silent", False),
    )
    return {"streams": sent.streams, "at": sent.at}


async def press(box: AmcrestSimulator, payload: Payload) -> object:
    """Press the doorbell."""
    return {"call": box.press_doorbell()}


async def hang_up(box: AmcrestSimulator, payload: Payload) -> object:
    """End the call."""
    box.hang_up(words(payload, "reason", "Timeout"))
    return {}


async def set_input(box: AmcrestSimulator, payload: Payload) -> object:
    """Close or open an alarm input: slot, on."""
    box.set_input(int(number(payload, "slot", 0)), flag(payload, "on", True))
    return {"inputs": box.inputs}


async def cut(box: AmcrestSimulator, payload: Payload) -> object:
    """End the event streams; rst makes it rude."""
    box.cut_streams(flag(payload, "rst", False))
    return {}


async def stall(box: AmcrestSimulator, payload: Payload) -> object:
    """Have the open event streams fall silent."""
    box.stall_streams()
    return {}


async def dark(box: AmcrestSimulator, payload: Payload) -> object:
    """Lose the network."""
    await box.go_dark()
    return {}


async def back(box: AmcrestSimulator, payload: Payload) -> object:
    """Have the network again."""
    await box.come_back()
    return {}


async def reboot(box: AmcrestSimulator, payload: Payload) -> object:
    """Restart, fast or as slowly as a real one."""
    box.reboot(flag(payload, "fast", True))
    return {}


async def config(box: AmcrestSimulator, payload: Payload) -> object:
    """Write configuration keys, as somebody at the device's own page would."""
    for key, value in payload.items():
        box.config[key] = value
    box.changed.poke()
    return {"changed": len(payload)}


async def record(box: AmcrestSimulator, payload: Payload) -> object:
    """Add a recording that ends now: channel, seconds, kind, event (or none), damage, silent."""
    event, damage = words(payload, "event", "VideoMotion"), words(payload, "damage", "")
    kind = _KINDS.get(words(payload, "kind", "dav"))
    if kind is None:
        raise BadPayload(f"kind must be one of {', '.join(_KINDS)}")
    item = box.store.add(
        int(number(payload, "channel", 0)),
        None,
        int(number(payload, "seconds", 10)),
        kind=kind,
        flags=("Event",) if event else ("Timing",),
        events=(event,) if event else (),
        damage=Damage(damage) if damage else None,
        silent=flag(payload, "silent", False),
    )
    return {"path": item.path, "size": box.store.size(item)}


async def erase(box: AmcrestSimulator, payload: Payload) -> object:
    """Delete a recording by its path, or all of them."""
    path = words(payload, "path", "")
    if not path:
        box.store.clear()
    elif box.store.at(path) is None:
        raise BadPayload("no such file")
    else:
        box.store.remove(path)
    return {"left": len(box.store.items)}


_KINDS: dict[str, Kind] = {"dav": "dav", "mp4": "mp4", "jpg": "jpg"}

type BoxVerb = Callable[[AmcrestSimulator, Payload], Awaitable[object]]

VERBS: dict[str, BoxVerb] = {
    "emit": emit,
    "press": press,
    "hang_up": hang_up,
    "input": set_input,
    "cut": cut,
    "stall": stall,
    "dark": dark,
    "back": back,
    "reboot": reboot,
    "config": config,
    "record": record,
    "erase": erase,
    **SECTION_VERBS,
}
