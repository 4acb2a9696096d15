"""The motion file finder of some recorders (§13), behind a probe: its answers' shape is a guess."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from functools import partial
import re
from typing import Any, Final

from ..errors import BadInput, Malformed, Unsupported
from ..http.client import MIB, Lane
from ..model import PartId, Table, TableRow, Value
from . import listing, refs, wire
from .box import Box
from .client import Client
from .features import MOTION_FINDER
from .finder import Scope, Told, told
from .inventory import Camera
from .listing import Item, Page
from .topic import Topic
from .walk import Newest, camera_of, clock, horizon
from .windows import windows

MOTION: Final = "motion_files"
BOUND: Final = "bound_files"
_CGI: Final = "FileFindHelper"
_HANDLE: Final = re.compile(r"[\w-]{1,40}", re.ASCII)
_FLAGS: Final = frozenset({"Timing", "Manual", "Marker", "Event", "Mosaic", "Cutout"})
_STREAMS: Final = frozenset({"Main", "Extra1", "Extra2"})
_LATELY: Final = timedelta(days=7)
"""So far back is searched when nobody says how far."""
_MEMBER: Final = re.compile(
    r"^[ \t]*\w+\[(\d{1,6})\]\.(\w+(?:\[\d{1,3}\])?)=([^\r\n]*)", re.MULTILINE
)
_NAME: Final = re.compile(r"^[ \t]*\w+(?:\[\d{1,6}\])?=(/[^\r\n]*)", re.MULTILINE)
_LIMIT: Final = 8 * MIB


class MotionFinder:
    """FileFindHelper.cgi as a finder: its startFind makes it and begins at once (§13.1.1-3)."""

    def __init__(self, client: Client, scope: Scope, where: dict[str, str]) -> None:
        """Nothing is sent."""
        self._client = client
        self._scope = scope
        self._where = where

    async def create(self) -> str:
        """13.1.1 startFind; the handle."""
        params: list[tuple[str, wire.Param]] = [
            ("condition.channel", self._scope.channel),
            ("condition.startTime", self._scope.start),
            ("condition.endTime", self._scope.end),
        ]
        if stream := self._where.get("stream"):
            params.append(("condition.streamType", stream))
        if flag := self._where.get("flag"):
            params.append(("condition.flags[0]", flag))
        text = await self._client.ask(_CGI, "startFind", params)
        handle = wire.word(text, "findId", "result") or ""
        if not _HANDLE.fullmatch(handle):
            raise Malformed("a finder without a handle")
        return handle

    async def search(self, handle: str, scope: Scope) -> bool:
        """It has begun already."""
        return True

    async def next(self, handle: str, count: int) -> Told | None:
        """13.1.2 findNext."""
        path = wire.query(_CGI, "findNext", [("findId", handle), ("count", count)])
        reply = await self._client.http.tell(path, lane=Lane.READ, limit=_LIMIT)
        try:
            return told(page(self._client.text(reply)), count)
        except Unsupported:
            return None

    async def destroy(self, handle: str) -> None:
        """13.1.3 stopFind."""
        await self._client.ask(_CGI, "stopFind", [("findId", handle)])


def page(text: str) -> Page:
    """A page of any list whose members are those of the media finder, in whatever case."""
    lines = [
        f"items[{index}].{member[:1].upper()}{member[1:]}={value}"
        for index, member, value in _MEMBER.findall(text)
    ]
    head = text.partition("\n")[0]
    return listing.page("\n".join([head, *lines] if head.startswith("found") else lines))


def names(text: str) -> list[str]:
    """The paths that an answer lists, as values of whatever key."""
    found = [item.path for item in page(text).items]
    found += [name for name in _NAME.findall(text) if name not in found]
    found += [
        value
        for _, member, value in _MEMBER.findall(text)
        if value.startswith("/") and value not in found and "[" not in member
    ]
    return list(dict.fromkeys(name.strip()[: refs.LONGEST] for name in found))


# --- what it adds ---------------------------------------------------------------------------


async def survey(box: Box) -> list[Value]:
    """Whether the box has it: asked of recorders only, with a search of one second."""
    if not box.identity.recorder or not box.has_recordings or not box.cameras:
        return []
    camera = next(iter(box.cameras.values()))
    if box.verdicts.get(MOTION_FINDER) is None:
        await box.verdicts.probe(MOTION_FINDER, partial(_made, box, camera))
    there = box.cameras.values() if box.verdicts.get(MOTION_FINDER) is True else ()
    box.tables[MOTION] = {each.part.id: frozenset({MOTION, BOUND}) for each in there}
    return []


async def _made(box: Box, camera: Camera) -> bool:
    """Make one and let it go."""
    now = (await clock(box)).local(box.env.clock.now())
    scope = Scope(camera.channel, now - timedelta(seconds=1), now)
    async with box.finders.opened(MotionFinder(box.client, scope, {})):
        return True


async def motion(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Files with motion, day by day, newest first."""
    camera = camera_of(box, part)
    where = _where(query)
    shown = await clock(box)
    until = horizon(box, query)
    left = query.limit
    for window in windows(shown, query.start or until - _LATELY, until):
        scope = Scope(camera.channel, window.start, window.end)
        newest = Newest(max(1, left), lambda item: True)
        finder = MotionFinder(box.client, scope, where)
        await box.finders.walk(finder, (scope,), newest.take)
        for item in sorted(newest.items(), key=lambda each: each.start, reverse=True):
            if left <= 0:
                return
            left -= 1
            yield _row(box, camera, item)


async def bound(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """The files that belong to a time (getBoundFile, §13.1.4)."""
    camera = camera_of(box, part)
    if query.start is None or query.end is None:
        raise BadInput("a start and an end are wanted")
    shown = await clock(box)
    params: list[tuple[str, wire.Param]] = [
        ("channel", camera.channel),
        ("startTime", shown.local(query.start)),
        ("endTime", shown.local(query.end)),
    ]
    try:
        text = await box.client.ask(_CGI, "getBoundFile", params, limit=_LIMIT)
    except Unsupported:
        return
    for name in names(text)[: query.limit]:
        yield {"name": name, "container": refs.container(name)}


def _where(query: Table) -> dict[str, str]:
    """What else is asked for. BadInput for what the finder does not know."""
    flag, stream = query.where.get("flag", ""), query.where.get("stream", "")
    if (flag and flag not in _FLAGS) or (stream and stream not in _STREAMS):
        raise BadInput("no such flag or stream")
    return {"flag": flag, "stream": stream}


def _row(box: Box, camera: Camera, item: Item) -> dict[str, Any]:
    """One file as a row."""
    dial = box.dial
    zone, drift = (box.env.zone, timedelta()) if dial is None else (dial.zone, dial.drift)
    _, start, end = listing.moments([item], zone, drift)[0]
    return {
        "name": item.path,
        "start": start,
        "end": end,
        "size": item.size,
        "kinds": sorted(listing.kinds(item)),
        "ref": refs.of(item, camera.channel),
    }


TOPIC: Final = Topic(survey=survey, finders={MOTION: motion, BOUND: bound})
