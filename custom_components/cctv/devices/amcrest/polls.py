"""One function a poll: what is read, and the updates that come of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from ..errors import Unsupported
from ..model import BOX, Batch, Update, Value
from ..settings import POLL
from ..when import drift_of
from . import coaxial, disks, expected, inventory, learn, lights, recordings, tables, topics
from .box import Box
from .features import (
    ACTIVE,
    ACTIVE_MINOR,
    CAMERAS,
    CLOCK,
    COAXIAL,
    DISKS,
    INPUTS,
    LEVELS,
    RULES,
    SESSIONS,
    STARTED,
    SURVEY,
)

_SETTLED: Final = 60.0
"""For so many seconds a row is what another answer said of it."""
_STARTED_JITTER: Final = 60.0
"""A start that moves by less than so many seconds is the same one."""


async def read(box: Box, poll: str) -> Batch:
    """Read one poll by its name, or by what its name begins with."""
    beginning = poll.partition(":")[0] + ":"
    reader = (
        READERS.get(poll)
        or READERS.get(beginning)
        or topics.READERS.get(poll)
        or topics.READERS.get(beginning)
    )
    if reader is None:
        raise Unsupported(f"no poll {poll}")
    return await reader(box, poll)


async def _config(box: Box, poll: str) -> Batch:
    """A configuration table; what it lists anew comes into the topology."""
    table = poll.removeprefix(POLL)
    if table == lights.TABLE and box.schemes:
        box.schemes = await box.store.load(lights.SCHEME)
    listing = await _listing(box, table)
    before = box.features.get(poll), box.parts.get(poll), dict(box.rules)
    told = tables.place(box, table, listing)
    changed = before != (box.features.get(poll), box.parts.get(poll), box.rules)
    if not box.lists(poll, changed=changed):
        return tuple(told)
    more = expected.place(box)
    return (box.build(), *told, *more)


async def _listing(box: Box, table: str) -> Mapping[str, str]:
    """A table; the one of the rules may be gone with the last of them."""
    try:
        return await box.store.load(table)
    except Unsupported:
        if table != RULES:
            raise
        return {}


async def _clock(box: Box, poll: str) -> Batch:
    """The device's clock (§4.6.2); that it answers is what matters most."""
    asked = box.env.clock.now()
    try:
        shown = await box.client.time()
    except Unsupported:
        return ()
    box.drift = drift_of(shown, box.env.zone, asked)
    return (Value(f"{BOX}:clock_drift", round(box.drift.total_seconds())),)


async def _cameras(box: Box, poll: str) -> Batch:
    """Which cameras of a recorder are connected (§7.6); a new one is learnt at once."""
    states = await box.client.camera_states()
    connected = {index for index, state in states.items() if state.lower() == inventory.CONNECTED}
    told: list[Update] = []
    if box.see(connected - set(box.cameras)):
        told += await learn.learn(box)
    told += [
        Value(f"{camera.part.id}:online", index in connected)
        for index, camera in box.cameras.items()
    ]
    return tuple(told)


async def _disks(box: Box, poll: str) -> Batch:
    """Disks and cards (§6.1.3)."""
    listing = await box.client.disks()
    before = list(box.parts.get(DISKS, []))
    told = disks.place(box, listing)
    if not box.lists(poll, changed=before != box.parts[DISKS]):
        return tuple(told)
    await recordings.learn(box)
    return (box.build(), *told)


async def _sessions(box: Box, poll: str) -> Batch:
    """How many are logged in (§4.12.3)."""
    return (Value(f"{BOX}:sessions", await box.client.sessions()),)


async def _started(box: Box, poll: str) -> Batch:
    """Since when the box runs (getUpTime, §4.6)."""
    asked = box.env.clock.now()
    since = asked - timedelta(seconds=await box.client.uptime())
    if box.started is None or abs((since - box.started).total_seconds()) > _STARTED_JITTER:
        box.started = since.replace(microsecond=0)
    return (Value(f"{BOX}:started", box.started),)


async def _inputs(box: Box, poll: str) -> Batch:
    """The alarm inputs (§4.9.6)."""
    try:
        state = await box.client.input_state()
    except Unsupported:
        box.verdicts.put("input_state", False)
        expected.place(box)
        return (box.build(),)
    return tuple(
        Value(f"{part}:input", bool(state >> index & 1)) for index, part in box.inputs.items()
    )


async def _active(box: Box, poll: str) -> Batch:
    """What is active now (getEventIndexes, §4.9.16), one request a code that matters."""
    now, settled = box.env.clock.monotonic(), box.settled
    box.settled = {}
    asked = [
        (key, code)
        for key, codes in box.codes.items()
        if expected.active_poll(key) == poll and now - settled.get(key, -_SETTLED) >= _SETTLED
        for code in codes
    ]
    found = await asyncio.gather(*(_indexes(box, code) for _, code in asked))
    active: dict[str, frozenset[int] | None] = {}
    for (key, _), indexes in zip(asked, found, strict=True):
        if indexes is not None:
            active[key] = (active.get(key) or frozenset()) | indexes
    told: list[Update] = []
    if None in found:
        expected.place(box)
        told.append(box.build())
    for key, indexes in active.items():
        if LEVELS_OF_BOX.get(key):
            places = {BOX: bool(indexes)}
        else:
            places = {
                camera.part.id: index in (indexes or ()) for index, camera in box.cameras.items()
            }
        told += [
            Value(f"{part}:{key}", on)
            for part, on in places.items()
            if f"{part}:{key}" in box.topology.features
        ]
    return tuple(told)


async def _indexes(box: Box, code: str) -> frozenset[int] | None:
    """Where a code is active; None, remembered, if the device does not say."""
    try:
        return await box.client.active(code)
    except Unsupported:
        box.verdicts.put(f"active:{code}", False)
        return None


async def _coaxial(box: Box, poll: str) -> Batch:
    """Siren and warning light of one channel (§7.2)."""
    camera = box.cameras[int(poll.removeprefix(COAXIAL)) - 1]
    return tuple(coaxial.values(camera.part.id, await box.client.coaxial(camera.channel)))


async def _survey(box: Box, poll: str) -> Batch:
    """What can wait."""
    return await learn.survey(box)


type Reader = Callable[[Box, str], Awaitable[Batch]]

READERS: Final[Mapping[str, Reader]] = {
    POLL: _config,
    COAXIAL: _coaxial,
    ACTIVE: _active,
    ACTIVE_MINOR: _active,
    CAMERAS: _cameras,
    CLOCK: _clock,
    DISKS: _disks,
    INPUTS: _inputs,
    SESSIONS: _sessions,
    STARTED: _started,
    SURVEY: _survey,
}
LEVELS_OF_BOX: Final = {level.row: level.box for level in LEVELS.values()}
