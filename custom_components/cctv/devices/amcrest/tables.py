"""Configuration tables to parts, features and values (§6), whenever one is read."""

from collections.abc import Iterable, Mapping

from ..http.client import Lane
from ..model import BOX, Feature, Part, PartId, PartKind, Value
from ..settings import POLL, Place, bind, values
from . import lights, wire
from .box import MANY, Box
from .features import EVENTS, GUARD, LEVELS


async def learn(box: Box, name: str, lane: Lane = Lane.READ) -> list[Value]:
    """Learn one table, if the device has it."""
    listing = await box.verdicts.probe(name, lambda: box.store.read(name, lane))
    return place(box, name, listing) if listing else []


def place(box: Box, name: str, listing: Mapping[str, str]) -> list[Value]:
    """Make parts, features and values of a table's listing."""
    group = POLL + name
    places = [Place(BOX)]
    places += [
        Place(camera.part.id, {"camera": str(index)}) for index, camera in box.cameras.items()
    ]
    extra: list[Feature] = []
    if name == "AlarmOut":
        places += _outputs(box, group, listing)
    elif name == "VideoAnalyseRule":
        found, extra = _rules(box, group, listing)
        places += found
    elif name == lights.TABLE:
        extra = [
            lamp
            for index, camera in box.cameras.items()
            if (lamp := lights.feature(listing, camera.part.id, index, bell=box.identity.bell))
        ]
    elif name == lights.SCHEME:
        box.schemes = listing
    bounds = bind(box.settings, places, name, listing)
    box.bounds[name] = bounds
    box.features[group] = [*(bound.feature(listing) for bound in bounds), *extra]
    lamps = [each for each in extra if each.key == "floodlight"]
    return [*values(bounds, listing), *lamp_values(box, lamps, listing)]


def lamp_values(box: Box, lamps: Iterable[Feature], listing: Mapping[str, str]) -> list[Value]:
    """What the white lamps are now."""
    index_of = {camera.part.id: index for index, camera in box.cameras.items()}
    return [
        Value(lamp.id, lights.read(listing, box.schemes, index_of[lamp.part])) for lamp in lamps
    ]


def _outputs(box: Box, group: str, listing: Mapping[str, str]) -> list[Place]:
    """A part for each alarm output (§4.9.3)."""
    found = wire.rows(listing, "AlarmOut")
    box.parts[group] = [
        Part(f"output.{index + 1}", PartKind.OUTPUT, one.get("Name", "").strip()[:80] or None)
        for index, one in sorted(found.items())[:MANY]
    ]
    return [Place(part.id, {"output": str(int(part.token) - 1)}) for part in box.parts[group]]


def _rules(box: Box, group: str, listing: Mapping[str, str]) -> tuple[list[Place], list[Feature]]:
    """A part for each rule of the video analysis, by its own id (§8.1.3)."""
    parts: dict[PartId, Part] = {}
    places: list[Place] = []
    features: list[Feature] = []
    box.rules.clear()
    for index, camera in box.cameras.items():
        for at, one in wire.rows(listing, f"VideoAnalyseRule[{index}]").items():
            number, name = one.get("Id", "").strip(), one.get("Name", "").strip()
            if not number and not name:
                continue
            above = f"{camera.part.id}/" if camera.part.id else ""
            part = f"{above}rule.{wire.slug(number or name)}"
            if part in parts:
                continue
            parts[part] = Part(part, PartKind.RULE, name[:80] or None)
            places.append(Place(part, {"camera": str(index), "rule": str(at)}))
            for token in (number, name):
                if token:
                    box.rules[index, token] = part
            level = LEVELS.get(one.get("Type", ""))
            if level is not None and level.ruled:
                minor = True if len(parts) > MANY else None
                features.append(Feature(part, level.row, push=EVENTS, hold=GUARD, minor=minor))
    box.parts[group] = list(parts.values())
    return places, features
