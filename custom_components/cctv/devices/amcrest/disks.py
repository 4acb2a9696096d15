"""Disks and cards (§6.1.3): a part each, its partitions added up."""

from collections.abc import Mapping
from typing import Final

from ..commands import FormatDisk
from ..model import Feature, Part, PartKind, Value
from . import wire
from .box import MANY, Box
from .features import DISKS

_STATES: Final[Mapping[str, str]] = {
    "success": "normal",
    "normal": "normal",
    "running": "normal",
    "sleep": "normal",
    "failure": "failure",
    "error": "failure",
    "degraded": "degraded",
    "initializing": "unformatted",
    "unformatted": "unformatted",
}


def parts(listing: Mapping[int, Mapping[str, str]]) -> list[Part]:
    """A part for each disk that has a name, which is its token."""
    found: dict[str, Part] = {}
    for _, row in sorted(listing.items())[:MANY]:
        if name := row.get("Name", "").strip():
            token = wire.slug(name.rpartition("/")[2])
            found.setdefault(token, Part(f"disk.{token}", PartKind.DISK, name[:80]))
    return list(found.values())


def features(found: list[Part]) -> list[Feature]:
    """What is told of each disk."""
    keys = ("storage_used", "storage_size", "storage_state")
    return [Feature(part.id, key, poll=DISKS) for part in found for key in keys]


def values(listing: Mapping[int, Mapping[str, str]]) -> list[Value]:
    """How full and how well each disk is."""
    told: list[Value] = []
    for _, row in sorted(listing.items())[:MANY]:
        name = row.get("Name", "").strip()
        if not name:
            continue
        part = f"disk.{wire.slug(name.rpartition('/')[2])}"
        partitions = wire.rows(row, "Detail").values()
        size = sum(_bytes(each.get("TotalBytes")) for each in partitions)
        used = sum(_bytes(each.get("UsedBytes")) for each in partitions)
        share = round(100 * used / size, 1) if size else None
        told.append(Value(f"{part}:storage_used", share))
        told.append(Value(f"{part}:storage_size", size or None))
        told.append(Value(f"{part}:storage_state", _state(row, list(partitions))))
    return told


def are_well(box: Box) -> bool:
    """Whether there are disks, and as it was told last all of them are as they should be."""
    return bool(box.states) and all(state == "normal" for state in box.states)


def _bytes(text: str | None) -> int:
    """A size, written as a float with six decimals."""
    try:
        number = float(text or "0")
    except ValueError:
        return 0
    return int(number) if 0 <= number < 1e18 else 0


def _state(row: Mapping[str, str], partitions: list[dict[str, str]]) -> str:
    """One word for the disk."""
    state = _STATES.get(row.get("State", "").strip().lower(), "normal")
    if any(each.get("IsError", "").lower() == "true" for each in partitions):
        return "failure"
    return "unformatted" if state == "normal" and not partitions else state


def place(box: Box, listing: Mapping[int, Mapping[str, str]]) -> list[Value]:
    """Make parts, features and values of a listing."""
    box.parts[DISKS] = parts(listing)
    box.features[DISKS] = features(box.parts[DISKS])
    box.able[DISKS] = {part.id: frozenset({FormatDisk}) for part in box.parts[DISKS]}
    told = values(listing)
    box.states = [str(one.value) for one in told if one.feature.endswith(":storage_state")]
    return told
