"""What can be asked of the PC from outside: verbs of the control endpoint."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.simulators.control import BadPayload, Payload, flag, number, words
from tests.simulators.ispy.objects import CAMERA

if TYPE_CHECKING:
    from tests.simulators.ispy.server import IspySimulator


def _key(box: IspySimulator, payload: Payload) -> tuple[int, int]:
    """The object that is meant: ot (2 unless told), oid."""
    ot, oid = int(number(payload, "ot", CAMERA)), int(number(payload, "oid"))
    if box.program.find(ot, oid) is None:
        raise BadPayload(f"no object {ot},{oid}")
    return ot, oid


async def alert(box: IspySimulator, payload: Payload) -> object:
    """Raise an alert: oid, ot."""
    ot, oid = _key(box, payload)
    return {"raised": box.trigger_alert(oid, ot)}


async def level(box: IspySimulator, payload: Payload) -> object:
    """Set motion or sound: ot, oid, level."""
    box.set_level(*_key(box, payload), number(payload, "level"))
    return {}


async def add(box: IspySimulator, payload: Payload) -> object:
    """Add an object: ot, name, scene."""
    made = box.add_object(
        int(number(payload, "ot", CAMERA)),
        words(payload, "name", ""),
        words(payload, "scene", "hallway"),
    )
    return {"ot": made.ot, "oid": made.id}


async def remove(box: IspySimulator, payload: Payload) -> object:
    """Remove an object: ot, oid."""
    box.remove_object(*_key(box, payload))
    return {}


async def rename(box: IspySimulator, payload: Payload) -> object:
    """Rename an object: ot, oid, name."""
    box.rename_object(*_key(box, payload), words(payload, "name"))
    return {}


async def fail(box: IspySimulator, payload: Payload) -> object:
    """Break a source or mend it: ot, oid, failing."""
    box.set_failing(*_key(box, payload), flag(payload, "failing", True))
    return {}


async def record(box: IspySimulator, payload: Payload) -> object:
    """Have a finished recording appear: ot, oid."""
    return {"name": box.add_recording(*_key(box, payload)).name}


async def finish(box: IspySimulator, payload: Payload) -> object:
    """Close the file that is being written: ot, oid."""
    made = box.finish_recording(*_key(box, payload))
    return {"name": None if made is None else made.name}


async def advance(box: IspySimulator, payload: Payload) -> object:
    """Let the clock jump: seconds."""
    box.advance(number(payload, "seconds"))
    return {}


async def drop(box: IspySimulator, payload: Payload) -> object:
    """End the WebSockets; rst makes it rude."""
    box.drop_websockets(rst=flag(payload, "rst", False))
    return {}


async def dark(box: IspySimulator, payload: Payload) -> object:
    """Lose the network."""
    await box.go_dark()
    return {}


async def back(box: IspySimulator, payload: Payload) -> object:
    """Have the network again."""
    await box.come_back()
    return {}


async def restart(box: IspySimulator, payload: Payload) -> object:
    """Start iSpy anew; crash loses what was not saved."""
    return {"auth": await box.restart(crash=flag(payload, "crash", False))}


async def allow(box: IspySimulator, payload: Payload) -> object:
    """Change the list of allowed addresses, or the address that clients seem to have."""
    box.access.allowed = words(payload, "allowed", box.access.allowed)
    box.access.peer = words(payload, "peer", box.access.peer or "") or None
    return {}


type BoxVerb = Callable[[IspySimulator, Payload], Awaitable[object]]

VERBS: dict[str, BoxVerb] = {
    "alert": alert,
    "level": level,
    "add": add,
    "remove": remove,
    "rename": rename,
    "fail": fail,
    "record": record,
    "finish": finish,
    "advance": advance,
    "drop": drop,
    "dark": dark,
    "back": back,
    "restart": restart,
    "allow": allow,
}
