"""The box's own log (log.cgi, §4.13): searched, saved, emptied."""

from collections.abc import AsyncGenerator, Iterator
from datetime import datetime, timedelta
from functools import partial
import re
from typing import Final

from ..commands import ClearLog, SaveLog
from ..errors import BadInput, Gone, Malformed, Unsupported
from ..http.client import MIB, Lane
from ..model import BOX, Answer, Content, PartId, Ref, Table, TableRow, Value
from ..when import to_utc
from . import saved, wire
from .box import Box
from .client import Client
from .clocks import Dial
from .topic import Topic
from .walk import clock, horizon

LOG: Final = "log"
_PAGE: Final = 100
_PAGES: Final = 200
"""So many pages of one span are read; a box keeps fewer lines than that."""
_LIMIT: Final = 4 * MIB
_SLOW: Final = 30.0
_SPANS: Final = tuple(timedelta(days=days) for days in (1, 7, 30, 365))
"""How far back is looked at once, from now on; then at all the rest."""
_FIRST: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a device's time has no zone
_SECOND: Final = timedelta(seconds=1)
_TOKEN: Final = re.compile(r"[\w-]{1,40}", re.ASCII)
_TYPE: Final = re.compile(r"[A-Za-z][\w.]{0,63}", re.ASCII)
_REF: Final = re.compile(r"log:(\d{14}):(\d{14})", re.ASCII)
_TIME: Final = "%Y%m%d%H%M%S"


class _Search:
    """One search of the log; what opens it is sent once, or a token would be lost."""

    def __init__(self, client: Client, start: datetime, end: datetime, kind: str | None) -> None:
        """Nothing is sent."""
        self._client = client
        self._span = start, end
        self._kind = kind
        self.count: int | None = None
        """How many lines there are, if the box says so."""

    async def _once(self, action: str, params: list[tuple[str, wire.Param]]) -> str:
        """Send what moves the search on."""
        path = wire.query(LOG, action, params)
        reply = await self._client.http.tell(path, lane=Lane.READ, deadline=_SLOW, limit=_LIMIT)
        return self._client.text(reply)

    async def create(self) -> str:
        """§4.13.1 startFind; the token."""
        params: list[tuple[str, wire.Param]] = [
            ("condition.StartTime", self._span[0]),
            ("condition.EndTime", self._span[1]),
        ]
        if self._kind is not None:
            params.append(("condition.Type", self._kind))
        text = await self._once("startFind", params)
        token = wire.word(text, "token") or ""
        if not _TOKEN.fullmatch(token):
            raise Malformed("a search without a token")
        self.count = _number(wire.word(text, "count"))
        return token

    async def next(self, token: str) -> list[dict[str, str]]:
        """§4.13.1 doFind; the next lines, none at the end."""
        try:
            text = await self._once("doFind", [("token", token), ("count", _PAGE)])
        except Unsupported:
            return []
        found = wire.rows(wire.pairs(text), "items")
        return [found[at] for at in sorted(found)][:_PAGE]

    async def destroy(self, token: str) -> None:
        """§4.13.1 stopFind."""
        await self._client.ask(LOG, "stopFind", [("token", token)])


# --- what there is --------------------------------------------------------------------------


async def _learn(box: Box) -> list[Value]:
    """What was found before; nothing is asked."""
    there = box.verdicts.get(LOG) is True
    box.tables[LOG] = {BOX: frozenset({LOG})} if there else {}
    box.able[LOG] = {BOX: frozenset({ClearLog, SaveLog})} if there else {}
    return []


async def _survey(box: Box) -> list[Value]:
    """Whether it has a log that can be searched: with a search of one second."""
    if box.verdicts.get(LOG) is None:
        await box.verdicts.probe(LOG, partial(_tried, box))
    return await _learn(box)


async def _tried(box: Box) -> None:
    """Search one second, and let it go."""
    now = (await clock(box)).local(box.env.clock.now())
    async with box.finders.opened(_Search(box.client, now - _SECOND, now, None)):
        return


# --- its lines ------------------------------------------------------------------------------


async def _find(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Lines of the log, the newest first, in spans that grow the further back they are."""
    kind = query.where.get("type")
    if kind is not None and not _TYPE.fullmatch(kind):
        raise BadInput("a type is one word, such as System or Account")
    shown = await clock(box)
    left = query.limit
    since = _FIRST if query.start is None else max(_FIRST, shown.local(query.start))
    for start, end in _spans(since, shown.local(horizon(box, query))):
        search = _Search(box.client, start, end, kind)
        for _, one in await _newest(box, search, left):
            yield _row(one, shown)
            left -= 1
        if left <= 0:
            return


def _spans(since: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From the end back to the beginning, to the second."""
    for span in _SPANS:
        if end < since:
            return
        yield max(since, end - span), end
        end -= span + _SECOND
    if end >= since:
        yield since, end


async def _newest(box: Box, search: _Search, limit: int) -> list[tuple[datetime, dict[str, str]]]:
    """The newest lines of a span, the newest first; no box says in which order it tells them."""
    kept: list[tuple[datetime, int, dict[str, str]]] = []
    async with box.finders.opened(search) as token:
        for page in range(_PAGES if search.count != 0 else 0):
            lines = await search.next(token)
            for at, one in enumerate(lines):
                kept.append((_moment(one), page * _PAGE + at, one))
            if len(kept) > 2 * limit + _PAGE:
                kept = _sorted(kept)[:limit]
            if len(lines) < _PAGE:
                break
    return [(moment, one) for moment, _, one in _sorted(kept)[:limit]]


def _sorted(
    kept: list[tuple[datetime, int, dict[str, str]]],
) -> list[tuple[datetime, int, dict[str, str]]]:
    """The newest first; of lines of the same second the one that was told last."""
    return sorted(kept, key=lambda each: each[:2], reverse=True)


def _moment(one: dict[str, str]) -> datetime:
    """When a line was written, by the box's clock; the beginning where it does not say."""
    try:
        return wire.moment(one.get("Time", ""))
    except ValueError:
        return _FIRST


def _row(one: dict[str, str], shown: Dial) -> TableRow:
    """A line as it is told."""
    written = _moment(one)
    return {
        "time": None if written == _FIRST else to_utc(written, shown.zone, shown.drift),
        "type": one.get("Type", "").strip(),
        "user": one.get("User", "").strip(),
        "level": _number(one.get("Level")),
        "details": {
            name.partition(".")[2][:80]: value.strip()[:500]
            for name, value in one.items()
            if name.startswith("Detail.")
        },
    }


def _number(word: str | None) -> int | None:
    word = (word or "").strip()
    return int(word) if word.isdecimal() and len(word) < 10 else None


# --- the whole of it ------------------------------------------------------------------------


async def _save(box: Box, part: PartId, command: SaveLog) -> Answer:
    """Name the log of a time as a file; it is fetched by whoever wants it (§4.13)."""
    shown = await clock(box)
    now = box.env.clock.now()
    start = _FIRST if command.start is None else max(_FIRST, shown.local(command.start))
    end = shown.local(min(command.end or now, now))
    if end < start:
        raise BadInput("the end is before the start")
    return Answer(ref=f"log:{start:{_TIME}}:{end:{_TIME}}")


async def _fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """The log of a time as the box writes it (Log.backup, §4.13)."""
    found = _REF.fullmatch(ref)
    try:
        span = [datetime.strptime(each, _TIME) for each in found.groups()] if found else []  # noqa: DTZ007
    except ValueError:
        span = []
    if not span:
        raise Gone("no such log")
    params = [("condition.StartTime", span[0]), ("condition.EndTime", span[1])]
    return await saved.fetch(box, wire.query("Log", "All", params, ".backup"), start, end)


async def _clear(box: Box, part: PartId, command: ClearLog) -> Answer:
    """Empty it (clear, §4.13.2)."""
    await box.client.tell(LOG, "clear")
    return Answer()


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    handlers={ClearLog: _clear, SaveLog: _save},
    finders={LOG: _find},
    fetchers={LOG: _fetch},
)
