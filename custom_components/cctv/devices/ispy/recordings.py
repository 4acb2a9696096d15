"""Searches: recordings, files, grabs, levels, counts (§8)."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ..errors import BadInput, Unsupported
from ..model import (
    BOX,
    PartId,
    Query,
    Recording,
    Recordings,
    Table,
    TableRow,
)
from ..when import to_local, to_utc
from . import lists, refs
from .box import Box
from .lists import Clip
from .wire import Thing

type Rows = AsyncGenerator[TableRow]

_PAGE: Final = 100
_PAGES: Final = 1_000
_MARGIN: Final = timedelta(hours=2)
"""Bounds are local times of the end of a recording: an hour may come twice, and clips are long."""
_OVERLAP: Final = timedelta(seconds=10)
"""A clip may begin so long before the end of the one that was stored before it."""


async def find(box: Box, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
    """Search in a part, newest first."""
    if isinstance(query, Recordings):
        for one in await recordings(box, box.thing(part), query):
            yield one
        return
    if not isinstance(query, Table):
        raise Unsupported("no such search")
    if part == BOX:
        whole = _BOX.get(query.kind)
        if whole is None:
            raise Unsupported(f"no table {query.kind[:40]}")
        async for row in whole(box, query):
            yield row
        return
    thing = box.thing(part)
    own = _THING.get(query.kind)
    if own is None or (query.kind == "pictures" and not thing.camera):
        raise Unsupported(f"no table {query.kind[:40]}")
    async for row in own(box, thing, query):
        yield row


async def recordings(box: Box, thing: Thing, query: Recordings) -> list[Recording]:
    """Recordings that overlap the time asked for (graphall: the only list with times, §8)."""
    if query.kinds:
        return []
    since, until = _bounds(box, query)
    found = []
    for clip, end in dated(await box.client.clips(thing, since, until), box):
        start = end - timedelta(seconds=clip.seconds)
        if (query.start is None or end > query.start) and (query.end is None or start < query.end):
            found.append((clip, start, end))
    return [
        Recording(
            (refs.clip(thing, clip.name),) if refs.is_name(clip.name) else (),
            thing.part,
            start,
            end,
            container=clip.name.rpartition(".")[2].lower(),
            thumbnail=refs.thumbnail(thing, clip.name)
            if thing.camera and refs.is_name(clip.name)
            else None,
        )
        for clip, start, end in sorted(found, key=lambda each: each[2], reverse=True)
    ]


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


def _bounds(box: Box, query: Query) -> tuple[datetime | None, datetime | None]:
    """The bounds of a search on the PC's clock, with room on both sides."""
    since = to_local(query.start - _MARGIN, box.env.zone) if query.start else None
    until = to_local(query.end + _MARGIN, box.env.zone) if query.end else None
    return since, until


async def _files(box: Box, thing: Thing, query: Table) -> Rows:
    """An object's files with size and highest level (getcontentlist)."""
    since, until = _bounds(box, query)
    for page in range(_PAGES):
        rows = await box.client.files(thing, page, _PAGE, since, until)
        for row in rows:
            yield {"name": row.name, "size": row.size, "level": row.alarm}
        if len(rows) < _PAGE:
            return


async def _grabs(box: Box, thing: Thing, query: Table) -> Rows:
    """A camera's grabs (getcameragrabs)."""
    since, until = _bounds(box, query)
    for page in range(_PAGES):
        names = await box.client.camera_grabs(thing, page, _PAGE, since, until)
        for name in names:
            yield _picture(box, thing.oid, name)
        if len(names) < _PAGE:
            return


async def _all_grabs(box: Box, query: Table) -> Rows:
    """The newest grabs of every camera (getgrabs): 25 of each."""
    since, until = _bounds(box, query)
    for grab in await box.client.grabs(since, until):
        yield {"part": f"camera.{grab.oid}", **_picture(box, grab.oid, grab.name)}


def _picture(box: Box, oid: int, name: str) -> dict[str, Any]:
    """A grab's row: its name, its moment if the name tells it, and how it is fetched."""
    local = lists.stamp(name)
    return {
        "name": name,
        "time": None if local is None else to_utc(local, box.env.zone).astimezone(UTC),
        "ref": refs.grab(oid, name) if refs.is_name(name) else None,
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
    since = to_local(query.start, box.env.zone) if query.start else None
    until = to_local(query.end, box.env.zone) if query.end else None
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
