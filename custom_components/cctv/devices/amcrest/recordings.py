"""Finding recordings and the days that have them (§4.11.5), newest first."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, aclosing
from datetime import date, datetime, time
from itertools import islice
from typing import Final

from .. import spans
from ..errors import Busy, InvalidAuth, Unsupported
from ..model import Day, Days, PartId, Recording, Recordings, TableRow
from . import listing, playback, windows
from .box import Box
from .features import CGI, FINDER, FOOTAGE, RPC2
from .finder import CgiFinder, RpcFinder, Scope
from .inventory import Camera
from .listing import PAGE, Item
from .walk import Walk, camera_of, clock, horizon

type Found = AsyncGenerator[Recording | Day | TableRow]

_MOST_DAYS: Final = 62
_LONG_AGO: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - by the clock of the box
_FAR_OFF: Final = datetime(2037, 12, 31)  # noqa: DTZ001
_TABLES: Final = frozenset({"recordings", "days", FOOTAGE})


# --- what there is --------------------------------------------------------------------------


async def learn(box: Box) -> None:
    """Find out which finder the box has, if it keeps files at all; asked once a firmware."""
    if box.verdicts.get(FINDER) is None and box.keeps_files:
        kind = await box.verdicts.probe(FINDER, lambda: _kind(box))
        if box.verdicts.get(FINDER) is True:
            box.verdicts.put(FINDER, kind)
    place(box)


def place(box: Box) -> None:
    """Name what can be searched where."""
    there = box.cameras.values() if box.has_recordings else ()
    box.tables["recordings"] = {camera.part.id: _TABLES for camera in there}


async def _kind(box: Box) -> str | None:
    """The finder that can be made; None while it finds nothing and no disk is known.

    Unsupported without one. The JSON calls want a login of their own, so they are tried only where
    a disk is known.
    """
    finder = CgiFinder(box.client)
    try:
        async with box.finders.opened(finder) as handle:
            if box.has_disks or box.identity.recorder:
                return CGI
            for channel in (1, 0):
                if await finder.search(handle, Scope(channel, _LONG_AGO, _FAR_OFF)):
                    return CGI
            return None
    except Unsupported:
        if not box.has_disks:
            raise
    try:
        async with box.rpc2.session(), box.finders.opened(RpcFinder(box.rpc2)):
            return RPC2
    except InvalidAuth as error:
        raise Busy("the JSON login is locked") from error


# --- searches -------------------------------------------------------------------------------


async def find(box: Box, part: PartId, query: Recordings | Days) -> Found:
    """Search in a camera."""
    camera = camera_of(box, part)
    found = (
        _recordings(box, camera, query)
        if isinstance(query, Recordings)
        else _days(box, camera, query)
    )
    async with AsyncExitStack() as held:
        if box.verdicts.get(FINDER) == RPC2:
            await held.enter_async_context(box.rpc2.session())
        rows = await held.enter_async_context(aclosing(found))
        async for row in rows:
            yield row


async def _recordings(box: Box, camera: Camera, query: Recordings) -> Found:
    """Recordings of a span. A day's are gathered before they are told, and their finder freed.

    What made the box record is looked at here: asked for the files of an event, some recorders
    give those of the schedule.
    """
    shown = await clock(box)
    asked = windows.windows(shown, query.start, horizon(box, query))
    bell = box.identity.bell
    address = playback.file_urls(box)

    def wanted(item: Item) -> bool:
        return not query.kinds or item.picture or bool(listing.kinds(item, bell=bell) & query.kinds)

    def ready(items: list[Item]) -> Iterator[Recording]:
        found = listing.newest(
            items,
            camera.part.id,
            camera.channel,
            shown.zone,
            shown.drift,
            bell=bell,
            address=address,
        )
        return (
            one
            for one in found
            if spans.wanted(query, one.kinds) and spans.overlaps(query, one.start, one.end)
        )

    left = query.limit
    late: list[Item] = []
    days = Walk(box, camera, shown, query.start).days(asked, max(1, left), wanted)
    async with aclosing(days) as walked:
        async for window, items in walked:
            known = {item.path for item in items}
            items += [item for item in late if item.path not in known]
            # What began on the day before may be listed on both; it is told with that day.
            late = [item for item in items if item.start < window.start]
            begun = [item for item in items if item.start >= window.start]
            # Thousands that are told one by one need not be held twice.
            items.clear()
            for one in islice(ready(begun), left):
                left -= 1
                yield one
            if left <= 0:
                return
    for one in islice(ready(late), left):
        yield one


async def _days(box: Box, camera: Camera, query: Days) -> Found:
    """The days with files, by the first page of each: as many files, or more than fit in it.

    The days are the house's. Where the box shows another time, one of its own holds parts of two.
    """
    shown, zone = await clock(box), box.env.zone
    asked = islice(windows.days(shown, query.start, horizon(box, query)), _MOST_DAYS)
    left = query.limit
    counted: dict[date, Day] = {}
    async with aclosing(Walk(box, camera, shown, query.start).first(asked)) as walked:
        async for window, page in walked:
            for one in listing.recordings(
                page.items, camera.part.id, camera.channel, shown.zone, shown.drift
            ):
                day = one.start.astimezone(zone).date()
                had = counted.get(day, Day(day, 0))
                counted[day] = Day(day, had.count + 1, had.whole and page.found < PAGE)
            # What is older began before the box showed the beginning of this day.
            older = (window.start - shown.drift).replace(tzinfo=shown.zone)
            for day in sorted(counted, reverse=True):
                if datetime.combine(day, time(), zone) < older:
                    break
                yield counted.pop(day)
                left -= 1
                if left <= 0:
                    return
    for day in sorted(counted, reverse=True)[:left]:
        yield counted[day]
