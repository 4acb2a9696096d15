"""Parts that configuration tables name, and what else such a table tells than settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final

from ..model import Feature, Part, PartId, PartKind, Value
from ..settings import Place
from . import wire
from .box import MANY, Box
from .features import EVENTS, GUARD, LEVELS

MAINTAIN: Final = "AutoMaintain"


@dataclass(frozen=True, slots=True)
class Extra:
    """Where a table's settings belong, and what else it tells."""

    places: Sequence[Place] = ()
    features: Sequence[Feature] = ()
    values: Sequence[Value] = ()


def _outputs(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """A part for each alarm output (§4.9.3)."""
    found = wire.rows(listing, "AlarmOut")
    box.parts[group] = [
        Part(f"output.{index + 1}", PartKind.OUTPUT, _name(one))
        for index, one in sorted(found.items())[:MANY]
    ]
    return Extra(
        [Place(part.id, {"output": str(int(part.token) - 1)}) for part in box.parts[group]]
    )


def _inputs(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """The alarm inputs, which are known already (§4.9.2)."""
    return Extra([Place(part, {"input": str(index)}) for index, part in box.inputs.items()])


def _rules(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """A part for each rule of the video analysis, by its own id (§8.1.3)."""
    parts: dict[PartId, Part] = {}
    places: list[Place] = []
    features: list[Feature] = []
    box.rules.clear()
    box.analysed.clear()
    for index, camera in box.cameras.items():
        for at, one in wire.rows(listing, f"VideoAnalyseRule[{index}]").items():
            number, name = one.get("Id", "").strip(), one.get("Name", "").strip()
            if not number and not name:
                continue
            part = f"{_above(camera.part.id)}rule.{wire.slug(number or name)}"
            if part in parts:
                continue
            parts[part] = Part(part, PartKind.RULE, name[:80] or None)
            places.append(Place(part, {"camera": str(index), "rule": str(at)}))
            kind = one.get("Type", "").strip()
            box.analysed.setdefault(index, []).append((part, name, kind))
            for token in (number, name):
                if token:
                    box.rules[index, token] = part
            level = LEVELS.get(one.get("Type", ""))
            if level is not None and level.ruled:
                minor = True if len(parts) > MANY else None
                features.append(Feature(part, level.row, push=EVENTS, hold=GUARD, minor=minor))
    box.parts[group] = list(parts.values())
    return Extra(places, features)


def _masks(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """A part for each privacy mask (§7.3)."""
    parts: list[Part] = []
    places: list[Place] = []
    for index, camera in box.cameras.items():
        for at, one in sorted(wire.rows(listing, f"PrivacyMasking[{index}]").items())[:MANY]:
            part = f"{_above(camera.part.id)}region.mask-{at + 1}"
            parts.append(Part(part, PartKind.REGION, _name(one) or f"{at + 1}"))
            places.append(Place(part, {"camera": str(index), "mask": str(at)}))
    box.parts[group] = parts
    return Extra(places)


def _drives(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """A part for each network drive (§6.2.1)."""
    found = sorted(wire.rows(listing, "NAS").items())[:MANY]
    box.parts[group] = [
        Part(f"disk.nas-{index + 1}", PartKind.DISK, _name(one) or f"NAS {index + 1}")
        for index, one in found
    ]
    places = zip(box.parts[group], found, strict=True)
    return Extra([Place(part.id, {"nas": str(index)}) for part, (index, _) in places])


def _groups(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """A part for each storage group (§6.3.2)."""
    found = sorted(wire.rows(listing, "StorageGroup").items())[:MANY]
    box.parts[group] = [
        Part(f"group.storage-{index + 1}", PartKind.GROUP, _name(one) or f"{index + 1}")
        for index, one in found
    ]
    places = zip(box.parts[group], found, strict=True)
    return Extra([Place(part.id, {"group": str(index)}) for part, (index, _) in places])


def _tours(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """The monitors of a recorder, which are known already (§7.3.1)."""
    return Extra([Place(part, {"display": str(index)}) for index, part in box.displays.items()])


def _maintenance(box: Box, group: str, listing: Mapping[str, str]) -> Extra:
    """When the box restarts by itself, out of two members (§4.6.8)."""
    at = reboot_time(listing)
    if at is None:
        return Extra()
    feature = Feature("", "auto_reboot_time", poll=group)
    return Extra(features=[feature], values=[Value(feature.id, at)])


def reboot_time(listing: Mapping[str, str]) -> time | None:
    """The time of day of AutoMaintain; None where it is not told."""
    hour = listing.get(f"{MAINTAIN}.AutoRebootHour", "").strip()
    minute = listing.get(f"{MAINTAIN}.AutoRebootMinute", "").strip()
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) < 3 and len(minute) < 3):
        return None
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None


def _name(one: Mapping[str, str]) -> str | None:
    return one.get("Name", "").strip()[:80] or None


def _above(part: PartId) -> str:
    return f"{part}/" if part else ""


MORE: Final[Mapping[str, Callable[[Box, str, Mapping[str, str]], Extra]]] = {
    "Alarm": _inputs,
    "AlarmOut": _outputs,
    MAINTAIN: _maintenance,
    "MonitorTour": _tours,
    "NAS": _drives,
    "PrivacyMasking": _masks,
    "StorageGroup": _groups,
    "VideoAnalyseRule": _rules,
}
"""By table; `group` is what the box keeps its parts under."""
