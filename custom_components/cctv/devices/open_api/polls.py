"""One function a poll: what is read, and the updates that come of it (§4)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from ..errors import Malformed, Rejected, Unsupported
from ..http.client import Lane
from ..model import Batch, Update, Value
from ..settings import POLL
from . import care, learn, ports, presets, ptz, storage, windows
from .features import (
    ALIVE,
    DISKS,
    IMAGE,
    INPUTS,
    MOTION,
    OUTPUTS,
    PORTS,
    POSITION,
    PRESETS,
    PTZ,
    SIZE,
    SOURCE,
    SOURCES,
    SURVEY,
)
from .unit import Unit


async def read(unit: Unit, poll: str) -> Batch:
    """Read one poll by its name."""
    reader = READERS.get(poll)
    if reader is None or poll not in unit.box.topology.polls:
        raise Unsupported(f"no poll {poll}")
    return await reader(unit)


async def _alive(unit: Unit) -> Batch:
    """The clock; a still, or its first bytes, where the clock is hidden."""
    box = unit.box
    if ALIVE in box.groups:
        return await care.clock(box)
    reply = await box.client.http.ask(
        str(box.verdicts.get("still") or "/image.jpg"),
        lane=Lane.PICTURE,
        limit=16 << 20,
        until=lambda body: len(body) > 1,
        login=box.client.login,
    )
    try:
        box.client.check(reply)
    except Unsupported, Rejected, Malformed:
        # It answers, whatever it says.
        return ()
    return ()


async def _survey(unit: Unit) -> Batch:
    """What can wait."""
    return await learn.again(unit)


async def _motion(unit: Unit) -> Batch:
    """The motion windows (§4.4)."""
    return tuple(await windows.read(unit.box, unit.translator))


async def _settings(unit: Unit, name: str) -> Batch:
    """A group of parameters that is nothing but settings (§1.1.2)."""
    box = unit.box
    listing = await box.store.load(name)
    before = box.groups.get(POLL + name)
    told = learn.table(box, name, listing)
    box.tables[name] = listing
    return tuple(told) if box.groups[POLL + name] == before else (box.build(), *told)


async def _image(unit: Unit) -> Batch:
    return await _settings(unit, IMAGE)


async def _source(unit: Unit) -> Batch:
    return await _settings(unit, SOURCE)


async def _io(unit: Unit) -> Batch:
    """Names and polarity of inputs and outputs (IOPort)."""
    box = unit.box
    box.tables[PORTS] = (await box.client.parameters(PORTS)).values
    if unit.inputs is not None:
        unit.inputs = _renamed(unit, unit.inputs, "Input")
        ports.place_inputs(box, unit.inputs)
    if unit.outputs is not None:
        unit.outputs = _renamed(unit, unit.outputs, "Output")
        ports.place_outputs(box, unit.outputs)
    return (box.build(),)


def _renamed(unit: Unit, bank: ports.Bank, kind: str) -> ports.Bank:
    """The same way to reach them, with the slots as they are now."""
    slots = ports.slots(unit.box, kind)
    return replace(bank, slots=slots) if len(slots) == len(bank.slots) else bank


async def _inputs(unit: Unit) -> Batch:
    """The inputs (§5.2)."""
    if unit.inputs is None:
        raise Unsupported("no inputs")
    return tuple(await ports.states(unit.box, unit.inputs, "input"))


async def _outputs(unit: Unit) -> Batch:
    """The outputs (§5.3)."""
    if unit.outputs is None:
        raise Unsupported("no outputs")
    return tuple(await ports.states(unit.box, unit.outputs, "output"))


async def _position(unit: Unit) -> Batch:
    """Where the cameras look (§3.1)."""
    told: list[Update] = []
    for head in unit.heads.values():
        if head.told:
            told += await ptz.read(unit.box, head)
    return tuple(told)


async def _presets(unit: Unit) -> Batch:
    """The stored positions (§3.1)."""
    box = unit.box
    box.tables[PTZ] = (await box.client.parameters(PTZ)).values
    told: list[Update] = []
    for head in unit.heads.values():
        told += await presets.read(box, head)
    return (box.build(), *told)


async def _disks(unit: Unit) -> Batch:
    """The card (§8.3)."""
    return tuple(await storage.read(unit.box))


async def _sources(unit: Unit) -> Batch:
    """Which sources have a picture (§2.2)."""
    box = unit.box
    found = await box.client.sources(len(box.cameras))
    return tuple(
        Value(f"{camera.part}:video_loss", not found[camera.number])
        for camera in box.cameras
        if camera.number in found
    )


async def _size(unit: Unit) -> Batch:
    """How large the pictures are (§2.1)."""
    box = unit.box
    return tuple(
        [
            Value(f"{camera.part}:picture_size", await box.client.size(camera.params))
            for camera in box.cameras
        ]
    )


type Reader = Callable[[Unit], Awaitable[Batch]]

READERS: Final[Mapping[str, Reader]] = {
    ALIVE: _alive,
    SURVEY: _survey,
    POLL + MOTION: _motion,
    POLL + IMAGE: _image,
    POLL + SOURCE: _source,
    POLL + PORTS: _io,
    INPUTS: _inputs,
    OUTPUTS: _outputs,
    POSITION: _position,
    PRESETS: _presets,
    DISKS: _disks,
    SOURCES: _sources,
    SIZE: _size,
}
