"""Thermal cameras (§10): palette and calibration, temperatures of rules and points, of before."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any, Final

from ..commands import MeasureTemperature, SaveRadiometry
from ..errors import Unsaid, Unsupported
from ..http.client import Lane
from ..model import (
    Answer,
    Batch,
    Feature,
    Feed,
    Limits,
    PartId,
    Table,
    TableRow,
    Update,
    Value,
)
from . import history, kept, radiometry, tables, wire
from .box import Box
from .gauges import RULES, THERMAL, celsius, degrees, members, number, place, rule_of, values
from .inventory import Camera
from .radiometry import CGI, channel_of
from .subscribe import SILENCE, listen
from .topic import Topic

_OPTICS: Final = "ThermographyManager"
_OPTIONS: Final = "ThermographyOptions"
_METER: Final = "HeatImagingThermometry"
_HEAT: Final = "HeatImagingTemper"
_GRID: Final = 8_191
_ASKED: Final = ("PresetId", "RuleId", "Type", "Name")
_PALETTES: Final = 64
_LIMITS: Final = ("ObjectEmissivity.Min", "ObjectEmissivity.Max")


# --- what there is --------------------------------------------------------------------------


async def _learn(box: Box) -> list[Value]:
    """The settings of the thermal lens that were found before; nothing is asked."""
    known = kept.listings(box)
    for index, camera in _likely(box).items():
        if (words := kept.noted(box, f"{_OPTICS}:{camera.channel}")) is not None:
            _place_optics(box, camera, words)
        if (words := kept.noted(box, f"{CGI}:{camera.channel}")) is not None:
            _place_meter(box, camera, words)
            if box.verdicts.get(f"getTemper:{camera.channel}") is True:
                _place_rules(box, index, camera.channel, known.get(RULES, {}))
                box.listings.add(f"{THERMAL}{camera.channel}")
    if _likely(box):
        tables.recall(box, (_OPTIONS, _METER))
    return []


async def _survey(box: Box) -> list[Value]:
    """What the thermal lens can; what does not answer is asked again."""
    told: list[Value] = []
    for index, camera in _likely(box).items():
        if await _optics(box, camera) and not box.bounds.get(_OPTIONS):
            told += await tables.learn(box, _OPTIONS, Lane.SURVEY)
        if await _meter(box, camera):
            if not box.bounds.get(_METER):
                told += await tables.learn(box, _METER, Lane.SURVEY)
            if f"{THERMAL}{camera.channel}" not in box.listings:
                told += await _rules(box, index, camera.channel)
    return told


def _likely(box: Box) -> Mapping[int, Camera]:
    """Which cameras may be thermal; others are not asked."""
    found = {index: camera for index, camera in box.cameras.items() if camera.thermal}
    return found or (box.cameras if box.alone and _HEAT in box.exposed else {})


async def _optics(box: Box, camera: Camera) -> bool:
    """Whether it has a palette and calibrates (§10.1.1, §10.1.2, §10.1.8)."""
    group = f"{_OPTICS}:{camera.channel}"
    if group in box.features:
        return True
    caps = await box.verdicts.probe(group, partial(_caps, box, _OPTICS, camera.channel))
    if caps is None or group in box.verdicts.unknown:
        return False
    words = [
        word.strip()[:40]
        for name, value in caps.items()
        if "colorization" in name.lower()
        for word in value.split(",")
        if word.strip()
    ]
    palettes = dict.fromkeys(words[:_PALETTES], "")
    kept.note(box, group, palettes)
    _place_optics(box, camera, palettes)
    return True


def _place_optics(box: Box, camera: Camera, palettes: Mapping[str, str]) -> None:
    """Name that it calibrates, and its palettes."""
    part = camera.part.id
    box.features[f"{_OPTICS}:{camera.channel}"] = [Feature(part, "flat_field")]
    if palettes:
        box.choices[f"{part}:palette"] = tuple(palettes)


async def _meter(box: Box, camera: Camera) -> bool:
    """Whether it measures (§10.2.1)."""
    channel = camera.channel
    if f"{THERMAL}{channel}" in box.able:
        return True
    caps = await box.verdicts.probe(f"{CGI}:{channel}", partial(_caps, box, CGI, channel))
    if caps is None or f"{CGI}:{channel}" in box.verdicts.unknown:
        return False
    kept.note(box, f"{CGI}:{channel}", {each: caps[each] for each in _LIMITS if each in caps})
    _place_meter(box, camera, caps)
    return True


def _place_meter(box: Box, camera: Camera, caps: Mapping[str, str]) -> None:
    """Name what it measures, and within which limits."""
    channel, part = camera.channel, camera.part.id
    group = f"{THERMAL}{channel}"
    least, most = (number(caps, name) for name in _LIMITS)
    if least is not None and most is not None and 0 <= least < most:
        box.limits[f"{part}:emissivity"] = Limits(least, most, 0.01)
    box.able[group] = {part: frozenset({MeasureTemperature, SaveRadiometry})}
    box.tables[group] = {part: frozenset({"temperature"})}
    box.spots[channel] = {}


async def _rules(box: Box, index: int, channel: int) -> list[Value]:
    """By which rules it measures (§10.2.3), if they tell their temperatures."""
    group = f"{THERMAL}{channel}"
    listing = await box.verdicts.probe(RULES, partial(box.store.read, RULES, Lane.SURVEY))
    if not listing and RULES in box.verdicts.unknown:
        return []
    if listing:
        kept.keep(box, RULES, listing)
    _place_rules(box, index, channel, listing or {})
    read = await box.verdicts.probe(f"getTemper:{channel}", partial(_temperatures, box, channel))
    if read is not None:
        box.listings.add(group)
        return read
    # Rules that do not tell their temperatures are nothing to show.
    place(box, index, {})
    return []


def _place_rules(box: Box, index: int, channel: int, listing: Mapping[str, str]) -> None:
    """A part for each rule, and the feed of what they measure."""
    group = f"{THERMAL}{channel}"
    if box.verdicts.get(group) is not False:
        box.feeds[group] = Feed(group, SILENCE, (group,))
    place(box, index, listing)


async def _caps(box: Box, cgi: str, channel: int) -> dict[str, str]:
    """What is offered (getCaps), without its prefix."""
    text = await box.client.ask(cgi, "getCaps", [("channel", channel)], lane=Lane.SURVEY)
    return {name.removeprefix("caps."): value for name, value in wire.pairs(text).items()}


# --- temperatures ---------------------------------------------------------------------------


async def _read(box: Box, poll: str) -> Batch:
    """The rules of a channel, and what each measures."""
    channel = int(poll.removeprefix(THERMAL))
    index = next(at for at, camera in box.cameras.items() if camera.channel == channel)
    changed = place(box, index, await box.store.read(RULES))
    told: list[Update] = [*await _temperatures(box, channel)]
    if not box.lists(poll, changed=changed):
        return tuple(told)
    return (box.build(), *told)


async def _temperatures(box: Box, channel: int) -> list[Value]:
    """What each rule measures (getTemper, §10.2.6); Unsupported if none says anything."""
    rules = box.spots[channel]
    found = await asyncio.gather(*(_temperature(box, channel, rule) for rule in rules.values()))
    if rules and not any(found):
        refused = all(one is None for one in found)
        raise (Unsupported if refused else Unsaid)("no rule measures")
    return [
        value
        for part, one in zip(rules, found, strict=True)
        for value in values(part, rules[part], one or {})
    ]


async def _temperature(box: Box, channel: int, rule: Mapping[str, str]) -> Mapping[str, str] | None:
    """The members that one rule measures; None where it is refused, as one just deleted is."""
    params: list[tuple[str, wire.Param]] = [("channel", channel)]
    params += [(f"condition.{name}", rule[name]) for name in _ASKED]
    try:
        return members(wire.pairs(await box.client.ask(CGI, "getTemper", params)))
    except Unsupported:
        return None


async def _listen(box: Box, feed: str) -> AsyncGenerator[Batch]:
    """Temperatures as they change (attachTemper, §10.2.8)."""
    channel = int(feed.removeprefix(THERMAL))
    path = wire.query(CGI, "attachTemper", [("channel", channel)])

    def translate(text: str) -> Batch:
        listing = wire.pairs(text)
        rows = [members(each) for each in wire.rows(listing, "info").values()]
        rules = box.spots.get(channel, {})
        told: list[Value] = []
        for row in rows or [members(listing)]:
            part = rule_of(rules, row)
            if part is not None and "TemperAver" in row:
                told += values(part, rules[part], row)
        return tuple(told)

    async with aclosing(listen(box, feed, path, translate)) as heard:
        async for batch in heard:
            yield batch


# --- what is done ---------------------------------------------------------------------------


async def _measure(box: Box, part: PartId, command: MeasureTemperature) -> Answer:
    """The temperature of one point (getRandomPointTemper, §10.2.5), and how the box says it.

    Some call a number Centigrade that is in Fahrenheit already.
    """
    params: list[tuple[str, wire.Param]] = [
        ("channel", channel_of(box, part)),
        ("coordinate[0]", round(command.left * _GRID / 100)),
        ("coordinate[1]", round(command.top * _GRID / 100)),
    ]
    found = members(wire.pairs(await box.client.ask(CGI, "getRandomPointTemper", params)))
    measured = celsius(found, "TemperAver")
    if measured is None:
        raise Unsupported("no temperature")
    told = f"{found['TemperAver'][:20]} {found.get('TemperatureUnit', '')[:20]}".strip()
    return Answer(data={"temperature": measured, "unit": "°C", "told": told})


async def _flat_field(box: Box, part: PartId) -> Answer:
    """Calibrate the sensor (doFFC, §10.1.8)."""
    channel = next(one.channel for one in box.cameras.values() if one.part.id == part)
    await box.client.tell(_OPTICS, "doFFC", [("channel", channel)])
    return Answer()


async def _history(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """What was measured (§10.2.7), newest first."""
    channel = channel_of(box, part)
    found = history.newest(
        box,
        query,
        CGI,
        channel,
        1,
        lambda start, end: [
            ("condition.channel", channel),
            ("condition.StartTime", start),
            ("condition.EndTime", end),
        ],
        "Time",
    )
    async with aclosing(found) as rows:
        async for moment, row in rows:
            told: dict[str, Any] = {
                "time": moment,
                "name": row.get("Name", "")[:80],
                "rule": row.get("RuleId", "")[:20],
            }
            yield told | degrees(row)


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={THERMAL: _read},
    handlers={MeasureTemperature: _measure, SaveRadiometry: radiometry.save},
    pressers={"flat_field": _flat_field},
    finders={"temperature": _history},
    fetchers={"radiometry": radiometry.fetch},
    listeners={THERMAL: _listen},
)
