"""One function a poll: what is read, and the updates that come of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
import logging
from typing import Final

from ..errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    Gone,
    InvalidAuth,
    Unsupported,
)
from ..model import (
    Batch,
    Picture,
    Value,
)
from ..settings import POLL, Place, bind, values
from ..when import to_utc
from . import floor, inventory, lists, panel, ptz, refs
from .box import Box
from .features import GRABS, LEVEL, OBJECTS, PING, PLANS, STATUS, SURVEY
from .wire import Thing

_LOGGER = logging.getLogger(__name__)

_NEWEST: Final = 10
"""So many grabs are looked at for the newest: users choose how they are named."""


async def read(box: Box, poll: str) -> Batch:
    """Read one poll by its name, or by what its name begins with."""
    kind, colon, rest = poll.partition(":")
    if not colon:
        reader = _BOX.get(poll)
        if reader is None:
            raise Unsupported(f"no poll {poll[:80]}")
        return await reader(box)
    own = _THING.get(kind + colon)
    if own is None:
        raise Unsupported(f"no poll {poll[:80]}")
    try:
        thing = box.thing(panel.part_of(rest))
    except BadInput as error:
        raise Unsupported(f"no poll {poll[:80]}") from error
    return await own(box, thing)


# --- opening and surveying ------------------------------------------------------------------


async def learn(box: Box) -> Batch:
    """Everything that is there: one request for all objects, three for each."""
    box.modern = await box.client.connect()
    box.take(await box.client.things())
    box.name, box.commands, plans = await asyncio.gather(
        _try(box.client.server_name(), None),
        _try(box.client.remote_commands(), {}),
        _try(box.client.plans(), ()),
    )
    box.plans = {plan.part: plan for plan in plans}
    if box.plans and not box.modern:
        floor.redraw(box, await _try(box.client.plan_alerts(), ()))
    told = await _details(box, box.things.values())
    return (box.build(), *_listed(box), *told, *floor.drawn(box))


async def _survey(box: Box) -> Batch:
    """What changes seldom: the name, the remote commands, the drives, and what was not learnt."""
    box.modern = await box.client.connect()
    box.name, box.commands = await asyncio.gather(
        _try(box.client.server_name(), box.name), _try(box.client.remote_commands(), box.commands)
    )
    for known in box.known.values():
        known.drive = inventory.NO_DRIVE
    told = await _details(box, box.things.values())
    return (*box.renewed(SURVEY), *told)


async def _try[T](asked: Awaitable[T], otherwise: T) -> T:
    """What can be had later just as well: one request that hangs costs nothing else (§2)."""
    try:
        return await asked
    except InvalidAuth, CannotConnect:
        raise
    except DeviceError as error:
        _LOGGER.debug("Not learnt yet: %r", error)
        return otherwise


async def _details(box: Box, things: Iterable[Thing]) -> list[Value]:
    """What is not known yet of these objects."""
    told = await asyncio.gather(*(_detail(box, thing) for thing in things))
    return [value for values in told for value in values]


async def _detail(box: Box, thing: Thing) -> list[Value]:
    """State, panel and drive of one object."""
    known = box.knows(thing)
    told: list[Value] = []
    if known.status is None:
        told += await _try(_status(box, thing), ())
    if known.panel is None:
        told += await _try(_panel(box, thing), ())
    if inventory.has_drive(thing) and known.drive != thing.ptz:
        moves = await _try(box.client.moves(thing), None)
        if moves is not None:
            known.moves, known.drive = ptz.moves(moves), thing.ptz
    return told


# --- the PC ---------------------------------------------------------------------------------


async def _ping(box: Box) -> Batch:
    """Whether the PC answers (§5)."""
    await box.client.ping()
    return ()


async def objects(box: Box) -> Batch:
    """The list of objects (§4); the topology again each time, because they come and go."""
    async with box.listing:
        told = await _details(box, box.take(await box.client.things()))
        return (box.build(), *_listed(box), *told)


def _listed(box: Box) -> list[Value]:
    """What the list tells of each object."""
    told = []
    for part, thing in box.things.items():
        told += [
            Value(f"{part}:enabled", thing.enabled),
            Value(f"{part}:recording", thing.recording),
            Value(f"{part}:object_name", thing.name),
            Value(f"{part}:access_groups", thing.access),
        ]
    return [each for each in told if each.feature in box.topology.features]


# --- one object -----------------------------------------------------------------------------


async def _status(box: Box, thing: Thing) -> tuple[Value, ...]:
    """How an object does (§4): `recording` is here what was asked for, not what is written."""
    known = box.knows(thing)
    try:
        status = await box.client.config(thing)
    except Unsupported:
        status = {}
    known.status = status
    width, height = status.get("width", 0), status.get("height", 0)
    values = []
    if "recording" in status:
        values.append(Value(f"{thing.part}:record", bool(status["recording"])))
    if "errorState" in status:
        # Of an object that is switched off nobody knows; and it must stay possible to switch it on.
        runs = bool(status.get("online", thing.enabled))
        values.append(Value(f"{thing.part}:online", not status["errorState"] if runs else None))
    if thing.camera and "width" in status:
        size = f"{width}x{height}" if width > 0 and height > 0 else None
        values.append(Value(f"{thing.part}:picture_size", size))
    return tuple(values)


async def _read_status(box: Box, thing: Thing) -> Batch:
    """How an object does."""
    try:
        return await _status(box, thing)
    except Gone:
        # The list will say so; nothing is known meanwhile.
        return ()


async def _panel(box: Box, thing: Thing) -> tuple[Value, ...]:
    """An object's settings (§7)."""
    table = panel.table(thing.part)
    known = box.knows(thing)
    try:
        listing = await box.store.load(table)
    except Unsupported:
        known.panel, known.bounds = {}, ()
        return ()
    rows = panel.settings(thing.part, modern=box.client.generation.modern)
    known.bounds = tuple(bind(rows, [Place(thing.part)], table, listing))
    return values(known.bounds, listing)


async def _read_panel(box: Box, thing: Thing) -> Batch:
    """An object's settings; the topology too, if it lists others than before."""
    told = await _panel(box, thing)
    return (*box.renewed(POLL + panel.table(thing.part)), *told)


async def _level(box: Box, thing: Thing) -> Batch:
    """How much moves or sounds, and whether that counts (§4, §10)."""
    level = await box.client.level(thing)
    sensor, measure = ("motion", "motion_level") if thing.camera else ("sound", "sound_level")
    return (
        Value(f"{thing.part}:{measure}", round(level * 100, 2)),
        Value(f"{thing.part}:{sensor}", level >= box.threshold),
    )


async def grabs(box: Box, thing: Thing) -> Batch:
    """The newest grab of a camera (§8)."""
    names = await box.client.camera_grabs(thing, 0, _NEWEST)
    id_ = f"{thing.part}:last_picture"
    dated = [(lists.stamp(name) or datetime.min, name) for name in names]  # noqa: DTZ901
    if not dated:
        return (Value(id_, None),)
    local, name = max(dated, key=lambda each: each[0])
    held = box.pictures.get(thing.part)
    if held is None or held[0] != name:
        now = box.env.clock.now()
        made = now if local == datetime.min else to_utc(local, box.env.zone)  # noqa: DTZ901
        held = box.pictures[thing.part] = (name, made)
    return (Value(id_, Picture(refs.grab(thing.oid, name), held[1])),)


_BOX: Final[Mapping[str, Callable[[Box], Awaitable[Batch]]]] = {
    PING: _ping,
    OBJECTS: objects,
    PLANS: floor.read,
    SURVEY: _survey,
}
_THING: Final[Mapping[str, Callable[[Box, Thing], Awaitable[Batch]]]] = {
    STATUS: _read_status,
    LEVEL: _level,
    GRABS: grabs,
    POLL: _read_panel,
}
