"""One recorder: the contract, dispatched to the modules that know how."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Mapping
import logging
from typing import Final

from ..commands import (
    ApplyRecorderSettings,
    Command,
    CreateDirectory,
    GetConfig,
    Press,
    Set,
    SetConfig,
)
from ..device import Ask, Sighting
from ..env import Env
from ..errors import (
    BadInput,
    DeviceError,
    Gone,
    Rejected,
    Unsupported,
)
from ..http.client import Counters
from ..model import (
    BOX,
    Answer,
    Batch,
    Content,
    Light,
    PartId,
    Query,
    Recording,
    Ref,
    Scalar,
    Stream,
    TableRow,
    Value,
)
from . import config, recording, wire
from .box import Box
from .features import (
    CHECKS,
    CLIP,
    DRIVE,
    FILE,
    MODEL,
    PING,
    RECORDING,
    REEVALUATE_TAGS,
    SPLIT_TIME,
    SURVEY,
    TEMPLATE_NAMES,
    TEMPLATES,
    of,
)

_LOGGER = logging.getLogger(__name__)


class Dvro:
    """The device that runs one recorder."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self._box = Box(env)

    @property
    def counters(self) -> Counters:
        """What passed between us and the recorder."""
        return self._box.client.counters

    async def open(self) -> Batch:
        """Whether it is one and records (§6), what else it tells, and what we remember of it."""
        box = self._box
        await box.client.ping()
        told = [*await recording.read(box), *await _look(box)]
        features = box.build().features
        # What the recorder tells by itself counts more than what was once wished of it.
        told += [value for value in box.wishes.values if features[value.feature].blind]
        if box.wishes.snapshot is not None:
            told.append(Value(of("last_snapshot"), box.wishes.snapshot))
        return (box.topology, *told)

    async def read(self, poll: str) -> Batch:
        """One poll."""
        reader = READERS.get(poll)
        if reader is None:
            raise Unsupported(f"no poll {poll}")
        return await reader(self._box)

    async def listen(self, feed: str) -> AsyncGenerator[Batch]:
        """It tells nothing by itself."""
        raise Unsupported(f"no feed {feed}")
        yield ()

    async def do(self, part: PartId, command: Command) -> Answer:
        """Record, take a picture, set what it forgets."""
        if part not in self._box.topology.parts:
            raise BadInput(f"there is no part {part!r}")
        handler = HANDLERS.get(type(command))
        if handler is None or part != BOX:
            raise Unsupported(f"{part or 'the recorder'} takes no {type(command).__name__}")
        return await handler(self._box, command)

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
        """Its files stay its own (§7)."""
        raise Unsupported(f"no search in {part or 'the recorder'}")
        yield {}

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """It gives no bytes (§7)."""
        raise Gone("the recorder gives no pictures or files")

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """It has no speaker."""
        raise Unsupported("no speaker")

    def play_url(self, stream: Stream) -> str:
        """The address of the source camera, as the user gave it (§7)."""
        if stream.id not in self._box.topology.streams or self._box.source is None:
            raise Unsupported(f"no stream {stream.id}")
        return self._box.source

    async def resume(self) -> Batch:
        """Put back what the user set, which a restart forgets (§5.3)."""
        if self._box.restores:
            await self._box.wishes.put_back(self._box.client)
        return ()

    async def close(self) -> None:
        """Leave nothing behind."""
        await self._box.client.close()


async def recognise(ask: Ask) -> Sighting | None:
    """By its answer to ping (§6): a 404 or a 200 without the word is something else."""
    reply = await ask("/api/stats/ping")
    if reply.status != 200 or wire.ping(reply.text) is None:
        return None
    return Sighting("dvro", certain=True, model=MODEL, login=False)


# --- polls --------------------------------------------------------------------------------------


async def _ping(box: Box) -> Batch:
    """That it answers is all that it says."""
    await box.client.ping()
    return ()


async def _templates(box: Box) -> Batch:
    """The name templates (§3, row 9), where it tells them."""
    found = await box.client.templates()
    box.templates |= found.keys()
    return tuple(
        Value(of(key), found.get(name))
        for key, name in TEMPLATE_NAMES.items()
        if name in box.templates
    )


async def _drive(box: Box) -> Batch:
    """How much of the drive is free (§3, row 19)."""
    return (Value(of("storage_free"), await box.client.drive()),)


async def _file(box: Box) -> Batch:
    """The file that is being written (§3, row 20)."""
    return (Value(of("current_file"), await box.client.file() or None),)


async def _survey(box: Box) -> Batch:
    """What did not answer before may answer now: a port was opened, the software renewed."""
    told = await _look(box)
    return (box.build(), *told)


async def _look(box: Box) -> Batch:
    """Ask for all that a recorder may have and that has not answered yet."""
    optional = (CLIP, TEMPLATES, DRIVE, FILE)
    missing = [name for name in optional if name not in box.answered]
    found = await asyncio.gather(*(_try(box, name) for name in missing))
    return tuple(update for batch in found for update in batch)


async def _try(box: Box, poll: str) -> Batch:
    """One that may be absent."""
    if poll in (DRIVE, FILE) and not box.client.has_status:
        return ()
    try:
        batch = await READERS[poll](box)
    except DeviceError as error:
        _LOGGER.debug("No %s: %r", poll, error)
        return ()
    box.answered.add(poll)
    return batch


READERS: Final[Mapping[str, Callable[[Box], Awaitable[Batch]]]] = {
    PING: _ping,
    RECORDING: recording.read,
    CLIP: recording.read_clip,
    TEMPLATES: _templates,
    DRIVE: _drive,
    FILE: _file,
    SURVEY: _survey,
}

# --- commands -----------------------------------------------------------------------------------


async def _set(box: Box, command: Set) -> Answer:
    """Give a feature a value."""
    key, value = command.key, command.value
    if of(key) not in box.topology.features:
        raise BadInput(f"the recorder has no {key}")
    if command.seconds is not None:
        raise BadInput("the recorder does nothing for a while only")
    if key == "record":
        return await recording.record(box, wire.switched(value))
    if key == "clip":
        return await recording.clip(box, wire.switched(value))
    if key not in CHECKS:
        raise BadInput(f"{key} cannot be set")
    return await _wish(box, key, value)


async def _wish(box: Box, key: str, value: Scalar | Light) -> Answer:
    """Tell a wish, and keep it for when the recorder has forgotten it."""
    wish = CHECKS[key](value)
    await config.tell(box, key, wish)
    return Answer((Value(of(key), wish),))


async def _press(box: Box, command: Press) -> Answer:
    """Press a button."""
    button = BUTTONS.get(command.key)
    if button is None:
        raise BadInput(f"the recorder has no button {command.key}")
    return await button(box)


async def _take_snapshot(box: Box) -> Answer:
    """Have the picture stored that is being shown (§5.7)."""
    if not await box.client.take_frame_grab():
        raise Rejected("no picture was stored: no channel is started")
    now = box.env.clock.now()
    box.wishes.took_snapshot(now)
    return Answer((Value(of("last_snapshot"), now),))


async def _apply_settings(box: Box) -> Answer:
    """Tell again what was set (§5.3)."""
    await box.wishes.put_back(box.client)
    return Answer(box.wishes.values)


async def _create_directory(box: Box, command: CreateDirectory) -> Answer:
    """Make a folder (§3, row 3)."""
    await box.client.create_directory(wire.folder(command.directory))
    return Answer()


async def _apply(box: Box, command: ApplyRecorderSettings) -> Answer:
    """Give all channels encoder settings (§4.1); two of them are settings of their own, too."""
    wire.template(command.file_template)
    wire.template(command.directory_template)
    minutes = wire.minutes(command.split_minutes)
    await box.client.apply(command)
    box.wishes.keep(SPLIT_TIME, minutes)
    box.wishes.keep(REEVALUATE_TAGS, command.reevaluate_tags)
    return Answer(
        (Value(of(SPLIT_TIME), minutes), Value(of(REEVALUATE_TAGS), command.reevaluate_tags))
    )


BUTTONS: Final[Mapping[str, Callable[[Box], Awaitable[Answer]]]] = {
    "take_snapshot": _take_snapshot,
    "apply_settings": _apply_settings,
}
HANDLERS: Final[Mapping[type[Command], Callable[..., Awaitable[Answer]]]] = {
    Set: _set,
    Press: _press,
    CreateDirectory: _create_directory,
    ApplyRecorderSettings: _apply,
    GetConfig: config.read,
    SetConfig: config.write,
}
