"""Parking spaces (trafficParking, §9.2.1): which are taken, and by whom."""

from collections.abc import AsyncGenerator, Mapping
from typing import Final

from ..http.client import Lane
from ..model import (
    BOX,
    Batch,
    Feature,
    Part,
    PartId,
    PartKind,
    Table,
    TableRow,
    Update,
    Value,
)
from . import entry, kept, wire
from .box import MANY, Box
from .features import EVENTS, PARKING
from .topic import Topic

_CGI: Final = "trafficParking"
_LIKELY: Final = "ITC"
_TAKEN: Final[Mapping[str, bool]] = {"park": True, "nopark": False}
_PLATE: Final = 40
_MOST: Final = 4 * MANY


async def _learn(box: Box) -> list[Value]:
    """The spaces that it watched before; nothing is asked."""
    noted = kept.noted(box, PARKING)
    if noted and PARKING not in box.listings:
        box.listings.add(PARKING)
        _place(box, {lane: {} for lane in noted})
    return []


async def _survey(box: Box) -> list[Value]:
    """Whether it watches parking spaces; only traffic cameras are asked."""
    likely = box.identity.kind == _LIKELY or bool(entry.SPACES.keys() & box.exposed)
    if not likely or PARKING in box.listings:
        return []
    found = await box.verdicts.probe(PARKING, lambda: _spaces(box, Lane.SURVEY))
    if found is None:
        return []
    box.listings.add(PARKING)
    _place(box, found)
    return _values(box, found)


async def _spaces(box: Box, lane: Lane = Lane.READ) -> dict[str, dict[str, str]]:
    """All spaces by their lane (getAllParkingSpaceStatus, §9.2.1)."""
    text = await box.client.ask(_CGI, "getAllParkingSpaceStatus", lane=lane)
    listed = wire.rows(wire.pairs(text), "status")
    return {
        one.get("Lane", "").strip()[:_PLATE] or str(at): one
        for at, one in sorted(listed.items())[:_MOST]
    }


def _place(box: Box, found: Mapping[str, Mapping[str, str]]) -> None:
    """A part for each space."""
    parts = {lane: f"space.{wire.slug(lane)}" for lane in found}
    box.spaces.clear()
    box.spaces.update(parts)
    box.parts[PARKING] = [
        Part(part, PartKind.SPACE, None if lane.isdecimal() else lane)
        for part, lane in {part: lane for lane, part in parts.items()}.items()
    ]
    kept.note(box, PARKING, dict.fromkeys(found, ""))
    box.tables[PARKING] = {BOX: frozenset({"spaces"})}
    box.features[PARKING] = [
        Feature(BOX, "spaces_free", poll=PARKING),
        *(
            Feature(each.id, "occupied", poll=PARKING, push=EVENTS, minor=at >= MANY or None)
            for at, each in enumerate(box.parts[PARKING])
        ),
    ]


def _taken(one: Mapping[str, str]) -> bool | None:
    """Whether somebody stands there; None if that is not told."""
    return _TAKEN.get(one.get("Status", "").strip().lower())


def _values(box: Box, found: Mapping[str, Mapping[str, str]]) -> list[Value]:
    """What stands where, and how many spaces are free."""
    told = [Value(f"{BOX}:spaces_free", sum(_taken(one) is False for one in found.values()))]
    for lane, one in found.items():
        plate = one.get("PlateNumber", "").strip()[:_PLATE]
        details = {"plate": plate} if plate else {}
        told.append(Value(f"{box.spaces[lane]}:occupied", _taken(one), details=details))
    return told


async def _read(box: Box, poll: str) -> Batch:
    """The spaces, some of which may be new or gone."""
    found = await _spaces(box)
    before = list(box.parts.get(PARKING, ()))
    _place(box, found)
    told: list[Update] = [*_values(box, found)]
    if not box.lists(poll, changed=before != box.parts[PARKING]):
        return tuple(told)
    return (box.build(), *told)


async def _table(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """The spaces as they are now."""
    for lane, one in list((await _spaces(box)).items())[: query.limit]:
        plate = one.get("PlateNumber", "").strip()[:_PLATE]
        yield {"space": lane, "occupied": _taken(one), "plate": plate or None}


TOPIC: Final = Topic(
    learn=_learn, survey=_survey, readers={PARKING: _read}, finders={"spaces": _table}
)
