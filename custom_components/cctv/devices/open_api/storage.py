"""The card (§8): how full and how well it is, what is recorded on it, and what is done to it."""

from collections.abc import AsyncGenerator
from datetime import datetime
import re
from typing import Final

from ..commands import DeleteRecordings, FormatDisk, MountDisk
from ..errors import BadInput, Rejected, Unsupported
from ..model import (
    BOX,
    Answer,
    Feature,
    Part,
    PartKind,
    Query,
    Recording,
    Table,
    TableRow,
    Update,
    Value,
)
from ..spans import overlaps, wanted
from ..when import to_utc
from . import listing, wire
from .box import Box, Group
from .features import DISK_STATES, DISKS, RECORDED_BY

_KEYS: Final = (
    "storage_used",
    "storage_size",
    "storage_state",
    "storage_failure",
    "storage_locked",
)
_MOST: Final = 16
_ID: Final = re.compile(r"[\w.-]{1,128}", re.ASCII)
_LOOKS: Final = (0.0, 0.5, 1.5)
"""Pauses (seconds) before each look whether a disk or recording is as it was told to be."""


def place(box: Box, disks: list[dict[str, str]]) -> list[Value]:
    """Make parts, features and values of a list of disks (§8.3)."""
    parts: list[Part] = []
    features: list[Feature] = []
    told: list[Value] = []
    for one in disks[:_MOST]:
        name = one.get("diskid", "").strip()
        part = f"disk.{wire.slug(name)}"
        if not name or any(each.id == part for each in parts):
            continue
        parts.append(Part(part, PartKind.DISK, name[:80]))
        features += [Feature(part, key, poll=DISKS) for key in _KEYS]
        told += _values(part, one)
    able = {part.id: frozenset({FormatDisk, MountDisk}) for part in parts}
    able[BOX] = frozenset({DeleteRecordings})
    box.groups[DISKS] = Group(tuple(parts), tuple(features), able)
    box.tables_of[BOX] = box.tables_of.get(BOX, frozenset()) | {"recordings"}
    return told


def _values(part: str, one: dict[str, str]) -> list[Value]:
    """How full and how well a disk is."""
    size, free = listing.kilobytes(one.get("totalsize")), listing.kilobytes(one.get("freesize"))
    used = None
    if size and free is not None:
        used = round(100 * max(0, size - free) / size, 1)
    status = one.get("status", "").strip().lower()
    bad = status != "ok" or listing.yes(one, "full") or listing.yes(one, "readonly")
    return [
        Value(f"{part}:storage_used", used),
        Value(f"{part}:storage_size", size or None),
        Value(f"{part}:storage_state", DISK_STATES.get(status, "degraded")),
        Value(f"{part}:storage_failure", bad, details={"status": status}),
        Value(f"{part}:storage_locked", listing.yes(one, "locked")),
    ]


async def read(box: Box) -> list[Update]:
    """List the disks, with the topology that they make now."""
    told = place(box, await box.client.disks())
    return [box.build(), *told]


# --- what is recorded -------------------------------------------------------------------------


async def find(box: Box, query: Query) -> AsyncGenerator[Recording | TableRow]:
    """The recordings, newest first (§8.4): a start in local time, no end, no size, no bytes."""
    found: list[tuple[datetime, dict[str, str]]] = []
    for one in await box.client.recordings():
        naive = listing.started(one)
        if naive is not None:
            found.append((to_utc(naive, box.zone, box.drift), one))
    found.sort(key=lambda each: each[0], reverse=True)
    left = query.limit
    for start, one in found:
        told = one.get("recordingtype", "").strip().lower()
        kinds = frozenset({RECORDED_BY.get(told, "other")})
        if not overlaps(query, start, None) or not wanted(query, kinds):
            continue
        if left <= 0:
            return
        left -= 1
        name = one.get("recordingid", "")
        if isinstance(query, Table):
            yield {"name": name, "start": start, "kind": told, "disk": one.get("diskid", "")}
        else:
            known = name if _is_name(name) else None
            yield Recording((), BOX, start, kinds=kinds, container="avi", name=known)


def _is_name(name: str) -> bool:
    """Whether it names one recording; `all` names every one (§8.5)."""
    return bool(_ID.fullmatch(name)) and name.lower() != "all"


# --- what is done -----------------------------------------------------------------------------


async def delete(box: Box, command: DeleteRecordings) -> Answer:
    """Delete recordings by name, or all of them (§8.5), and look whether they are gone."""
    if command.folder:
        raise BadInput("the device has no folders")
    if command.all is bool(command.names):
        raise BadInput("either names or all of them")
    if not all(map(_is_name, command.names)):
        raise BadInput("no name of a recording")
    for name in ("all",) if command.all else command.names:
        await box.client.disk_job("/remove.cgi", [("recordingid", name)])
    wanted = set(command.names)
    for pause in _LOOKS:
        if pause:
            await box.env.clock.sleep(pause)
        left = {one.get("recordingid", "") for one in await box.client.recordings()}
        if not (left if command.all else left & wanted):
            return Answer(tuple(await read(box)))
    raise Rejected("some recordings are still listed")


async def erase(box: Box, part: str) -> Answer:
    """Format a disk (§8.2)."""
    await box.client.disk_job("/format.cgi", [("diskid", _name(box, part))])
    return Answer(tuple(await read(box)))


async def mount(box: Box, part: str, *, mounted: bool) -> Answer:
    """Take a disk into use, or out of it (§8.1)."""
    name = _name(box, part)
    action = "mount" if mounted else "umount"
    await box.client.disk_job("/mount.cgi", [("diskid", name), ("action", action)])
    told: list[Update] = []
    for pause in _LOOKS:
        if pause:
            await box.env.clock.sleep(pause)
        told = await read(box)
        state = Value(f"{part}:storage_state", "normal")
        if (state in told) is mounted:
            return Answer(tuple(told))
    raise Rejected("the disk stays as it was")


def _name(box: Box, part: str) -> str:
    """The device's own name of a disk."""
    for each in box.groups[DISKS].parts:
        if each.id == part and each.name:
            return each.name
    raise Unsupported(f"no disk {part!r}")
