"""What is done to disks and cards (§6.1)."""

from typing import Final

from ..commands import FormatDisk
from ..errors import BadInput, Rejected
from ..model import Answer, Hint, PartId
from . import wire
from .box import Box
from .features import DISKS
from .topic import Topic

_SLOW: Final = 120.0
"""Seconds that a box may take to empty a large disk."""


async def _format(box: Box, part: PartId, command: FormatDisk) -> Answer:
    """Erase a disk or card (setDevice, whose word for it is misspelled, §6.1)."""
    disk = next((each for each in box.parts.get(DISKS, ()) if each.id == part), None)
    if disk is None or disk.name is None:
        raise BadInput(f"no disk {part}")
    params = [("type", "FormatPatition"), ("path", disk.name)]
    path = wire.query("storageDevice", "setDevice", params)
    text = box.client.text(await box.client.http.tell(path, deadline=_SLOW))
    if text.rstrip(".").lower() != "ok":
        raise Rejected(f"answered {text[:40]!r}")
    return Answer((Hint((DISKS,)),))


TOPIC: Final = Topic(handlers={FormatDisk: _format})
