"""Searches: recordings, files, grabs, levels, counts (§8)."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
import logging
from typing import Any, Final

from ..errors import BadInput, Malformed, NoAnswer, Unsupported
from ..model import (
    BOX,
    PartId,
    Query,
    Recording,
    Recordings,
    Table,
    TableRow,
)
from ..spans import overlaps, wanted
from ..when import to_local, to_utc
from . import lists, refs
from .box import Box
from .lists import Clip
from .wire import Thing

type Rows = AsyncGenerator[TableRow]

_LOGGER = logging.getLogger(__name__)

_STEPS: Final = (timedelta(days=1), timedelta(days=7), timedelta(days=31))
_LARGEST: Final = 2**31 - 1
_SIZES_PAGE: Final = 1_000
_NONE: Final = timedelta(0)
_PAGE: Final = 100
_PAGES: Final = 1_000
_MARGIN: Final = timedelta(hours=2)
"""Bounds are local times of the end of a recording: an hour may come twice, and clips are long."""
_OVERLAP: Final = timedelta(seconds=10)
"""A clip may begin so long before the end of the one that was stored before it."""


async def find(box: Box, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
    """Search in a part, newest first."""
    if isinstance(query, Recordings):
        async with aclosing(recordings(box, box.thing(part), query)) as found:
            async for one in found:
                yield one
        return
    if not isinstance(query, Table):
        raise Unsupported("no such search")
    if part == BOX:
        whole = _BOX.get(query.kind)
        if whole is None:
            raise Unsupported(f"no table {query.kind[:40]}")
        rows = whole(box, query)
    else:
        thing = box.thing(part)
        own = _THING.get(query.kind)
        if own is None or (query.kind == "pictures" and not thing.camera):
            raise Unsupported(f"no table {query.kind[:40]}")
        rows = own(box, thing, query)
    async with aclosing(rows):
        async for row in rows:
            yield row


async def recordings(box: Box, thing: Thing, query: Recordings) -> AsyncGenerator[Recording]:
    """Recordings that overlap the time asked for (graphall: the only list with times, §8).

    The list has no pages, so it is asked for by a day, a week, a month, and then the rest.
    """
    seen: set[str] = set()
    for since, until in _spans(box, query, box.env.clock.now()):
        clips, large = await asyncio.gather(
            box.client.clips(thing, since, until), _too_large(box, thing, since, until)
        )
        told = sorted(dated(clips, box), key=lambda each: each[1], reverse=True)
        # The spans touch each other broadly.
        fresh = [each for each in told if each[0].name not in seen]
        seen = {clip.name for clip in clips}
        for clip, end in fresh:
            start = end - timedelta(seconds=clip.seconds)
            kinds = _kinds(box, thing, clip)
            if overlaps(query, start, end) and wanted(query, kinds):
                yield _recording(thing, clip, start, end, kinds, fetched=clip.name not in large)


def _recording(
    thing: Thing,
    clip: Clip,
    start: datetime,
    end: datetime,
    kinds: frozenset[str],
    *,
    fetched: bool,
) -> Recording:
    """One recording; its exact size is not told by any list."""
    named = refs.is_name(clip.name)
    format_ = refs.played(clip.name)
    ref = refs.made(refs.clip(thing, clip.name)) if named and format_ and fetched else None
    thumbnail = refs.made(refs.thumbnail(thing, clip.name)) if named and thing.camera else None
    return Recording(
        () if ref is None else (ref,),
        thing.part,
        start,
        end,
        kinds,
        container="" if format_ is None else format_[1],
        thumbnail=thumbnail,
        name=clip.name if named else None,
    )


def _kinds(box: Box, thing: Thing, clip: Clip) -> frozenset[str]:
    """What a recording is of: motion where it reached the level that counts (§4)."""
    moved = thing.camera and clip.alarm >= box.threshold * 100
    return frozenset({"motion" if moved else "other"})


async def _too_large(
    box: Box, thing: Thing, since: datetime | None, until: datetime | None
) -> frozenset[str]:
    """The files that the program cannot send, because their length fits no 32 bits (§8)."""
    found: set[str] = set()
    try:
        for page in range(_PAGES):
            files = await box.client.files(thing, page, _SIZES_PAGE, since, until)
            found |= {each.name for each in files if each.size > _LARGEST}
            if len(files) < _SIZES_PAGE:
                break
    except (Unsupported, Malformed, NoAnswer) as error:
        _LOGGER.debug("No list of sizes: %r", error)
    return frozenset(found)


def _spans(
    box: Box, query: Query, now: datetime
) -> Iterator[tuple[datetime | None, datetime | None]]:
    """The time asked for in spans on the PC's clock, the newest first and small."""
    top, until = query.end or now, query.end
    for step in _STEPS:
        since = top - step
        if query.start is not None and since <= query.start:
            break
        yield _bounds(box, since, until)
        top = until = since
    yield _bounds(box, query.start, until)


def dated(clips: list[Clip], box: Box) -> list[tuple[Clip, datetime]]:
    """Clips with the moment of their end.

    Where an hour comes twice, the order tells: the list is as it was written, the newest first, and
    an object writes one file at a time.
    """
    found = []
    before: datetime | None = None
    for clip in reversed(clips):
        length = timedelta(seconds=clip.seconds)
        floor = None if before is None else before + length - _OVERLAP
        end = to_utc(clip.ended, box.env.zone, not_before=floor)
        found.append((clip, end))
        before = end
    return found


def _bounds(
    box: Box,
    since: datetime | None,
    until: datetime | None,
    margin: timedelta = _MARGIN,
) -> tuple[datetime | None, datetime | None]:
    """The bounds of a search on the PC's clock, with room on both sides."""
    return (
        to_local(since - margin, box.env.zone) if since else None,
        to_local(until + margin, box.env.zone) if until else None,
    )


async def _files(box: Box, thing: Thing, query: Table) -> Rows:
    """An object's files with size and highest level (getcontentlist)."""
    since, until = _bounds(box, query.start, query.end, _NONE)
    for page in range(_PAGES):
        rows = await box.client.files(thing, page, _PAGE, since, until)
        for row in rows:
            yield {"name": row.name, "size": row.size, "level": row.alarm}
        if len(rows) < _PAGE:
            return


async def _grabs(box: Box, thing: Thing, query: Table) -> Rows:
    """A camera's grabs (getcameragrabs)."""
    since, until = _bounds(box, query.start, query.end)
    for page in range(_PAGES):
        names = await box.client.camera_grabs(thing, page, _PAGE, since, until)
        for name in names:
            row = _picture(box, thing.oid, name)
            if row["time"] is None or overlaps(query, row["time"], None):
                yield row
        if len(names) < _PAGE:
            return


async def _all_grabs(box: Box, query: Table) -> Rows:
    """The newest grabs of every camera (getgrabs): 25 of each."""
    since, until = _bounds(box, query.start, query.end)
    for grab in await box.client.grabs(since, until):
        row = _picture(box, grab.oid, grab.name)
        if row["time"] is None or overlaps(query, row["time"], None):
            yield {"part": f"camera.{grab.oid}", **row}


def _picture(box: Box, oid: int, name: str) -> dict[str, Any]:
    """A grab's row: its name, its moment if the name tells it, and how it is fetched."""
    local = lists.stamp(name)
    return {
        "name": name,
        "time": None if local is None else to_utc(local, box.env.zone).astimezone(UTC),
        "ref": refs.made(refs.grab(oid, name)) if refs.is_name(name) else None,
    }


async def _levels(box: Box, thing: Thing, query: Table) -> Rows:
    """The levels of one recording, evenly over its length (getgraph)."""
    name = query.where.get("name", "")
    if not refs.is_name(name):
        raise BadInput("the name of a recording is wanted")
    found = await box.client.levels(thing, name)
    if found is None:
        return
    step = found.seconds / max(len(found.levels), 1)
    for at, level in enumerate(found.levels):
        yield {"second": round(at * step, 3), "level": level, "threshold": found.threshold}


async def _counts(box: Box, query: Table) -> Rows:
    """How many files each object has (getcontentcounts)."""
    since, until = _bounds(box, query.start, query.end, _NONE)
    for ot, oid, count in await box.client.counts(since, until):
        thing = next(
            (each for each in box.things.values() if (each.ot, each.oid) == (ot, oid)), None
        )
        if thing is not None:
            yield {"part": thing.part, "name": thing.name, "count": count}


async def _previews(box: Box, query: Table) -> Rows:
    """The newest files of all cameras (previewlist); a file's name begins with its camera's id."""
    for row in await box.client.previews():
        yield {"name": row.name, "camera": row.owner, "seconds": row.seconds}


_BOX: Final[Mapping[str, Callable[[Box, Table], Rows]]] = {
    "counts": _counts,
    "previews": _previews,
    "pictures": _all_grabs,
}
_THING: Final[Mapping[str, Callable[[Box, Thing, Table], Rows]]] = {
    "files": _files,
    "pictures": _grabs,
    "levels": _levels,
}
