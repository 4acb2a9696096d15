"""What users have done to objects and to the PC beside setting and pressing (§5, §7, §8)."""

import logging
from typing import Final

from ..commands import (
    AddObject,
    Archive,
    DeletePictures,
    DeleteRecordings,
    GetConfig,
    PlayFile,
    RemoveObject,
    Say,
    SetConfig,
    SetMask,
    ShutDown,
    UploadRecording,
)
from ..errors import BadInput, NoAnswer, Rejected, Unsupported
from ..model import Answer, Hint, PartId
from ..settings import POLL, get_config, set_config
from . import panel, polls, refs, wire
from .box import Box
from .client import of
from .features import GRABS

_LOGGER = logging.getLogger(__name__)

_KINDS: Final = {"camera": wire.CAMERA, "microphone": wire.MICROPHONE}


async def say(box: Box, part: PartId, command: Say) -> Answer:
    """Have the PC speak to a camera's speaker, with its own voice (synthtocam, §5)."""
    if command.language or command.volume is not None:
        raise BadInput("iSpy speaks with its own voice, as loud as the PC is")
    await box.client.ordered("synthtocam", [*of(box.thing(part)), ("text", command.text)])
    return Answer()


async def play(box: Box, part: PartId, command: PlayFile) -> Answer:
    """Open a recording on the PC's own screen (playfile, §5)."""
    if command.volume is not None:
        raise BadInput("iSpy plays as loud as the PC is")
    refs.named((command.file,))
    await box.client.ordered("playfile", [*of(box.thing(part)), ("fn", command.file)])
    return Answer()


async def delete_recordings(box: Box, part: PartId, command: DeleteRecordings) -> Answer:
    """Delete recordings by name, or all of an object (massdelete, deleteall, §5, §8)."""
    thing = box.thing(part)
    if command.folder or command.all is bool(command.names):
        raise BadInput("names, or all of them; iSpy has no folders")
    if command.all:
        await box.client.ordered("deleteall", of(thing))
    else:
        await box.client.pass_names("massdelete", thing, refs.named(command.names))
    return Answer()


async def delete_pictures(box: Box, part: PartId, command: DeletePictures) -> Answer:
    """Delete grabs by name (massdeletegrabs, §8)."""
    thing = box.thing(part)
    if not command.names:
        raise BadInput("no names")
    await box.client.pass_names("massdeletegrabs", thing, refs.named(command.names))
    return Answer((Hint((f"{GRABS}{part}",)),))


async def archive(box: Box, part: PartId, command: Archive) -> Answer:
    """Move recordings to the archive (archive, §5)."""
    if not command.names:
        raise BadInput("no names")
    await box.client.pass_names("archive", box.thing(part), refs.named(command.names))
    return Answer()


async def upload(box: Box, part: PartId, command: UploadRecording) -> Answer:
    """Have a recording sent to the cloud (uploadcloud, §5); what iSpy says of it is data."""
    refs.named((command.name,))
    params = [*of(box.thing(part)), ("fn", command.name)]
    try:
        said = await box.client.order("uploadcloud", params)
    except Unsupported:
        # Versions before there was a choice of clouds know this one.
        said = await box.client.order("uploadyoutube", params)
    return Answer(data={"message": said})


async def mask(box: Box, part: PartId, command: SetMask) -> Answer:
    """Lay a mask from a picture on the PC over the detection (setmask, §5)."""
    await box.client.ordered("setmask", [*of(box.thing(part)), ("fn", command.file)])
    box.saver.changed()
    return Answer()


async def read_config(box: Box, part: PartId, command: GetConfig) -> Answer:
    """The settings of an object's panel (getcontrolpanel, §7)."""
    table = panel.table(box.thing(part).part)
    if command.name not in ("", table):
        raise BadInput(f"the settings of {part} are called {table}")
    return Answer(data=await get_config(box.store, table))


async def write_config(box: Box, part: PartId, command: SetConfig) -> Answer:
    """Change settings of an object's panel; what they were (changesetting, §7)."""
    table = panel.table(box.thing(part).part)
    if not all(name.startswith(f"{table}.") for name in command.values):
        raise BadInput(f"the settings of {part} begin with {table}.")
    before = await set_config(box.store, command.values)
    box.saver.changed()
    return Answer(await polls.read(box, POLL + table), data=before)


async def add(box: Box, _: PartId, command: AddObject) -> Answer:
    """Add a camera or microphone (addobject, §5); without its type nothing would happen."""
    if command.kind not in _KINDS:
        raise BadInput(f"{command.kind[:40]} is neither camera nor microphone")
    before = set(box.things)
    params: list[tuple[str, wire.Param]] = [
        ("ot", _KINDS[command.kind]),
        ("stid", command.source),
        ("w", command.width),
        ("h", command.height),
        ("name", command.name),
        ("url", command.url),
    ]
    await box.client.ordered("addobject", params)
    box.saver.changed()
    batch = await polls.objects(box)
    added = sorted(set(box.things) - before)
    if not added:
        raise Rejected("iSpy lists no new object")
    return Answer(batch, data={"part": added[0]})


async def remove(box: Box, part: PartId, _: RemoveObject) -> Answer:
    """Remove an object; always with its type, or a camera goes (removeobject, §5)."""
    await box.client.ordered("removeobject", of(box.thing(part)))
    box.saver.changed()
    batch = await polls.objects(box)
    if part in box.things:
        raise Rejected(f"iSpy still lists {part}")
    return Answer(batch)


async def shut_down(box: Box, _: PartId, __: ShutDown) -> Answer:
    """Close iSpy until somebody starts it (shutdown, §5)."""
    await box.saver.catch_up()
    try:
        await box.client.ordered("shutdown", mute=True)
    except NoAnswer as error:
        _LOGGER.debug("It was gone before it answered: %r", error)
    return Answer()
