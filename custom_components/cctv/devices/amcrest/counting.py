"""People who come and go (videoStatServer, §8.2.2, §8.3): counts now and of before, heat maps."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
import re
from typing import Final

from ..commands import SaveHeatMap
from ..download import checked
from ..errors import BadInput, Gone, Unsaid, Unsupported
from ..http.client import MIB, Lane
from ..model import (
    Answer,
    Batch,
    Content,
    Feature,
    FeatureId,
    Feed,
    PartId,
    Ref,
    Table,
    TableRow,
    Update,
    Value,
)
from ..when import to_utc
from . import history, kept, saved, wire
from .box import Box
from .inventory import Camera
from .subscribe import BEAT, SILENCE, listen
from .topic import Topic
from .walk import clock

COUNTS: Final = "counts:"
"""The poll and the feed of the counters of one channel (getSummary, attach, §8.3)."""
_CGI: Final = "videoStatServer"
_LINE: Final = "NumberStat"
_KINDS: Final = frozenset({_LINE, "ManNumDetection"})
"""Types of rules that count: who crosses a line, who is in an area."""
_KEYS: Final[Mapping[str, str]] = {
    "EnteredSubtotal.Today": "people_entered",
    "ExitedSubtotal.Today": "people_exited",
    "InsideSubtotal.Total": "people_inside",
}
_GRAINS: Final[Mapping[str, tuple[str, int]]] = {"hour": ("Hour", 1), "day": ("Day", 31)}
"""How rows are told, by what is asked for: the device's word, and days searched at once."""
_HEAT: Final = "getHeatMap"
_NAME: Final = "name "
_KIND: Final = "kind "
_TOLD: Final = "told "
_REF: Final = re.compile(r"heatmap:([1-9]\d{0,2}):(\d{14}):(\d{14}):(\d{1,3})", re.ASCII)
_TIME: Final = "%Y%m%d%H%M%S"
_BLOCK: Final = 16 * MIB
_HOUR: Final = timedelta(hours=1)


# --- what there is --------------------------------------------------------------------------


async def _learn(box: Box) -> list[Value]:
    """What was found to count; nothing is asked."""
    for camera in box.cameras.values():
        group = f"{COUNTS}{camera.channel}"
        words = kept.noted(box, group)
        if words is not None and group not in box.listings:
            _recall(box, camera, words)
    return []


async def _survey(box: Box) -> list[Value]:
    """Which cameras count, and which know where people were."""
    told: list[Value] = []
    for index, camera in box.cameras.items():
        channel, part = camera.channel, camera.part.id
        group = f"{COUNTS}{channel}"
        likely = _counts(box, index)
        # Rules that were not known at the first look count as well.
        grown = box.counters.get(channel) != _counters(box, index, camera)
        if likely and (group not in box.listings or grown):
            read = await box.verdicts.probe(
                f"getSummary:{channel}", partial(_counted, box, index, camera)
            )
            if read is not None:
                _list(box, camera)
                told += read
        if (likely or box.has("analysis_scene", part)) and f"{_HEAT}:{channel}" not in box.able:
            known = await box.verdicts.probe(_HEAT, partial(_try_heat, box, channel))
            if known or _HEAT not in box.verdicts.unknown:
                can = frozenset({SaveHeatMap}) if known else frozenset[type[SaveHeatMap]]()
                box.able[f"{_HEAT}:{channel}"] = {part: can}
    return told


def _counts(box: Box, index: int) -> bool:
    """Whether a camera is likely to count: others are not asked."""
    rules = any(kind in _KINDS for _, _, kind in box.analysed.get(index, ()))
    return rules or (not box.identity.recorder and bool(_KINDS & box.exposed))


def _counters(box: Box, index: int, camera: Camera) -> dict[PartId, tuple[str, str]]:
    """What counts: name and type of each rule; the first that counts at a line is the camera's."""
    rules = [one for one in box.analysed.get(index, ()) if one[2] in _KINDS]
    rules.sort(key=lambda one: one[2] != _LINE)
    if not rules:
        return {camera.part.id: ("", "")}
    _, name, kind = rules[0]
    return {
        camera.part.id: (name, kind),
        **{part: (name, kind) for part, name, kind in rules[1:]},
    }


# --- counts now -----------------------------------------------------------------------------


async def _counted(box: Box, index: int, camera: Camera) -> list[Value]:
    """What each counter says (getSummary, §8.3.1). Unsupported if none says anything."""
    group = f"{COUNTS}{camera.channel}"
    counters = _counters(box, index, camera)
    told: list[Value] = []
    refused = 0
    for part, (name, _) in counters.items():
        params: list[tuple[str, wire.Param]] = [("channel", camera.channel)]
        if len(counters) > 1:
            params.append(("name", name))
        try:
            text = await box.client.ask(_CGI, "getSummary", params, lane=Lane.READ)
        except Unsupported:
            # A rule that was just deleted, or counts something else.
            refused += 1
            continue
        told += _values(part, wire.pairs(text))
    if not told:
        raise (Unsupported if refused == len(counters) else Unsaid)("no counter says anything")
    ids = [each.feature for each in told]
    _place(box, camera, counters, ids)
    words = {_NAME + part: name for part, (name, _) in counters.items()}
    words |= {_KIND + part: kind for part, (_, kind) in counters.items()}
    kept.note(box, group, words | {_TOLD + id_: "" for id_ in ids})
    return told


def _place(
    box: Box, camera: Camera, counters: dict[PartId, tuple[str, str]], ids: Iterable[FeatureId]
) -> None:
    """Name what is counted."""
    group = f"{COUNTS}{camera.channel}"
    if box.verdicts.get(group) is not False:
        box.feeds[group] = Feed(group, SILENCE, (group,))
    push = group if group in box.feeds else None
    box.counters[camera.channel] = counters
    box.features[group] = [
        *(Feature(*_split(id_), poll=group, push=push) for id_ in ids),
        Feature(camera.part.id, "reset_count"),
    ]


def _recall(box: Box, camera: Camera, words: Mapping[str, str]) -> None:
    """Name what was counted before a restart."""
    parts = [key.removeprefix(_NAME) for key in words if key.startswith(_NAME)]
    ids = [key.removeprefix(_TOLD) for key in words if key.startswith(_TOLD)]
    counters = {part: (words[_NAME + part], words.get(_KIND + part, "")) for part in parts}
    _place(box, camera, counters, ids)
    _list(box, camera)


def _list(box: Box, camera: Camera) -> None:
    """Name what may be looked up of the counters."""
    group = f"{COUNTS}{camera.channel}"
    box.listings.add(group)
    box.tables[group] = {camera.part.id: frozenset({"people"})}


def _split(id_: str) -> tuple[PartId, str]:
    """The part and the key of a feature."""
    part, _, key = id_.rpartition(":")
    return part, key


def _values(part: PartId, found: Mapping[str, str]) -> Iterator[Value]:
    """The counts of a summary."""
    for ending, key in _KEYS.items():
        word = next((text.strip() for name, text in found.items() if name.endswith(ending)), "")
        number = _count(word)
        if number is not None:
            yield Value(f"{part}:{key}", number)


def _count(word: str) -> int | None:
    """A count; None if it is none."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 12 else None


async def _read(box: Box, poll: str) -> Batch:
    """The counters of a channel."""
    index, camera = _camera(box, poll)
    before = box.features.get(poll)
    told: list[Update] = [*await _counted(box, index, camera)]
    if not box.lists(poll, changed=before != box.features[poll]):
        return tuple(told)
    return (box.build(), *told)


def _camera(box: Box, poll: str) -> tuple[int, Camera]:
    """The camera of a poll."""
    channel = int(poll.removeprefix(COUNTS))
    return next(each for each in box.cameras.items() if each[1].channel == channel)


async def _listen(box: Box, feed: str) -> AsyncGenerator[Batch]:
    """Counts as they change (attach, §8.3.2)."""
    _, camera = _camera(box, feed)
    path = wire.query(_CGI, "attach", [("channel", camera.channel), ("heartbeat", BEAT)])

    def translate(text: str) -> Batch:
        found = wire.pairs(text)
        part = _counter(box.counters.get(camera.channel, {}), wire.word(text, "RuleName") or "")
        return () if part is None else tuple(_values(part, found))

    async with aclosing(listen(box, feed, path, translate)) as heard:
        async for batch in heard:
            yield batch


def _counter(counters: Mapping[PartId, tuple[str, str]], rule: str) -> PartId | None:
    """Whose counts these are: some name the rule, others its type (§8.3.2)."""
    if len(counters) == 1:
        return next(iter(counters))
    for at in (0, 1):
        named = [part for part, one in counters.items() if one[at] == rule]
        if len(named) == 1:
            return named[0]
    return None


async def _reset(box: Box, part: PartId) -> Answer:
    """Begin to count anew (clearSectionStat, §8.3.2), and look."""
    camera = _of(box, part)
    await box.client.tell(_CGI, "clearSectionStat", [("channel", camera.channel)])
    return Answer(await _read(box, f"{COUNTS}{camera.channel}"))


def _of(box: Box, part: PartId) -> Camera:
    """The camera of a part."""
    for camera in box.cameras.values():
        if camera.part.id == part:
            return camera
    raise BadInput(f"no camera {part}")


# --- counts of before -----------------------------------------------------------------------


async def _history(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """How many came and went (§8.3.2), by hour or by day, the newest first."""
    grain = _GRAINS.get(query.where.get("by", "hour"))
    if grain is None:
        raise BadInput("by hour or by day")
    word, days = grain
    shown = await clock(box)
    found = history.newest(
        box,
        query,
        _CGI,
        _of(box, part).channel,
        days,
        lambda start, end: [
            ("condition.StartTime", start),
            ("condition.EndTime", end),
            ("condition.Granularity", word),
        ],
        "StartTime",
    )
    async with aclosing(found) as rows:
        async for moment, row in rows:
            try:
                end = to_utc(wire.moment(row.get("EndTime", "")), shown.zone, shown.drift)
            except ValueError:
                end = None
            yield {
                "time": moment,
                "end": end,
                "rule": row.get("RuleName", "")[:80],
                "entered": _count(row.get("EnteredSubtotal", "")),
                "exited": _count(row.get("ExitedSubtotal", "")),
            }


# --- where people were ----------------------------------------------------------------------


def _heat_path(channel: int, start: datetime, end: datetime, plan: int) -> str:
    """The request for a heat map (getHeatMap, §8.2.2)."""
    return wire.query(
        _CGI,
        _HEAT,
        [("channel", channel), ("StartTime", start), ("EndTime", end), ("PlanID", plan)],
    )


async def _try_heat(box: Box, channel: int) -> bool:
    """Whether it has one of the last hour; what it is made of is not looked at."""
    now = (await clock(box)).local(box.env.clock.now())
    path = _heat_path(channel, now - _HOUR, now, 0)
    reply = await box.client.http.ask(path, lane=Lane.SURVEY, limit=_BLOCK)
    if reply.status != 200 or reply.body[:7].lower().startswith((b"error", b"<", b"unknown")):
        box.client.text(reply)
    return True


async def _save(box: Box, part: PartId, command: SaveHeatMap) -> Answer:
    """Name the heat map of a time; it is fetched by whoever wants it."""
    if command.end <= command.start:
        raise BadInput("the end is before the start")
    shown = await clock(box)
    start, end = shown.local(command.start), shown.local(command.end)
    channel = _of(box, part).channel
    return Answer(ref=f"heatmap:{channel}:{start:{_TIME}}:{end:{_TIME}}:{command.plan}")


async def _fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """The heat map of a time, as the box gives it. Gone for a ref that names none."""
    checked(start, end)
    found = _REF.fullmatch(ref)
    try:
        times = [datetime.strptime(found[at], _TIME) for at in (2, 3)] if found else []  # noqa: DTZ007
    except ValueError:
        times = []
    if not found or not times or f"{_HEAT}:{found[1]}" not in box.able:
        raise Gone("no such heat map")
    path = _heat_path(int(found[1]), times[0], times[1], int(found[4]))
    return await saved.fetch(box, path, start, end)


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={COUNTS: _read},
    handlers={SaveHeatMap: _save},
    pressers={"reset_count": _reset},
    finders={"people": _history},
    fetchers={"heatmap": _fetch},
    listeners={COUNTS: _listen},
)
