"""What a thermal lens measures (§10.2.3, §10.2.6): its rules as parts, degrees out of answers."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from ..model import Feature, Part, PartId, PartKind, Value
from . import wire
from .box import MANY, Box

THERMAL: Final = "thermal:"
"""The poll and the feed of the temperatures of one channel (§10.2.6, §10.2.8)."""
RULES: Final = "ThermometryRule"
_KEYS: Final[Mapping[str, str]] = {
    "TemperAver": "temperature",
    "TemperMax": "temperature_max",
    "TemperMin": "temperature_min",
}
_HOTTEST: Final = 10_000


def place(box: Box, index: int, listing: Mapping[str, str]) -> bool:
    """A part for each enabled rule, with what asks for its temperature; whether any is new."""
    camera = box.cameras[index]
    channel, group = camera.channel, f"{THERMAL}{camera.channel}"
    parts: dict[PartId, Part] = {}
    places: dict[PartId, Mapping[str, str]] = {}
    for preset, at, rule in _listed(index, listing):
        name = rule.get("Name", "").strip()[:80]
        number = rule.get("RuleId", "").strip() or str(at + 1)
        below = f"rule.heat-{preset}-{wire.slug(number)}"
        part = f"{camera.part.id}/{below}" if camera.part.id else below
        if rule.get("Enable", "true").strip().lower() == "true" and len(parts) < MANY:
            parts[part] = Part(part, PartKind.RULE, name or number)
            places[part] = {
                "PresetId": rule.get("PresetId", "").strip() or str(preset),
                "RuleId": number,
                "Type": rule.get("Type", "").strip() or "Spot",
                "Name": name,
            }
    changed = (box.parts.get(group), box.spots[channel]) != ([*parts.values()], places)
    push = group if group in box.feeds else None
    box.parts[group], box.spots[channel] = [*parts.values()], places
    box.features[group] = [
        Feature(part, key, poll=group, push=push) for part in parts for key in _keys(places[part])
    ]
    return changed


def _keys(rule: Mapping[str, str]) -> Collection[str]:
    """What a rule measures: one point has no highest and lowest."""
    return ("temperature",) if rule["Type"] == "Spot" else _KEYS.values()


def _listed(index: int, listing: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """The rules of a channel: preset, place, members."""
    for preset in sorted(wire.rows(listing, f"{RULES}[{index}]")):
        for at, rule in sorted(wire.rows(listing, f"{RULES}[{index}][{preset}]").items()):
            yield preset, at, rule


# --- answers ---------------------------------------------------------------------------------


def number(found: Mapping[str, str], name: str) -> float | None:
    """A number of an answer; None if it is none."""
    try:
        value = float(found.get(name, ""))
    except ValueError:
        return None
    return value if abs(value) < _HOTTEST else None


def members(found: Mapping[str, str]) -> dict[str, str]:
    """Members by their last segment: what comes before it is not known for certain."""
    return {name.rpartition(".")[2]: value.strip() for name, value in found.items()}


def values(part: PartId, rule: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Value]:
    """The temperatures of a rule; those that are not told are not known."""
    keys = _keys(rule)
    for name, key in _KEYS.items():
        if key in keys:
            yield Value(f"{part}:{key}", celsius(found, name))


def celsius(found: Mapping[str, str], name: str) -> float | None:
    """A temperature in Celsius, whatever it is told in; None if it is none."""
    measured = number(found, name)
    if measured is None:
        return None
    unit = found.get("TemperatureUnit") or found.get("Unit") or ""
    if unit.strip().lower().startswith("f"):
        measured = (measured - 32) / 1.8
    return round(measured, 1)


def degrees(found: Mapping[str, str]) -> dict[str, float | None]:
    """All temperatures of a row, by key."""
    return {key: celsius(found, name) for name, key in _KEYS.items()}


def rule_of(rules: Mapping[PartId, Mapping[str, str]], row: Mapping[str, str]) -> PartId | None:
    """The rule that a row is about: by its numbers, else by its name."""
    for wanted in (("PresetId", "RuleId"), ("RuleId",), ("Name",)):
        if all(row.get(name) for name in wanted):
            for part, rule in rules.items():
                if all(row[name] == rule[name] for name in wanted):
                    return part
    return None
