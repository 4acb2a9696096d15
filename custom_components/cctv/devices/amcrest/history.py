"""What was counted or measured before: startFind, doFind, stopFind (§8.3.2, §10.2.7)."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
import re
from typing import Final

from ..errors import Malformed
from ..http.client import Lane
from ..model import Query
from ..when import to_utc
from . import wire
from .box import Box
from .client import Client
from .walk import clock, horizon

_PAGE: Final = 100
_PAGES: Final = 100
"""So many pages of one span are read."""
_SPANS: Final = 400
"""So many spans are asked for at most, from the newest back."""
_EMPTY: Final = 7
"""After so many spans without a row there are none before them either."""
_LIMIT: Final = 1 << 22
_SLOW: Final = 30.0
_TOKEN: Final = re.compile(r"[\w-]{1,40}", re.ASCII)
_SECOND: Final = timedelta(seconds=1)

type Ask = Callable[[datetime, datetime], Sequence[tuple[str, wire.Param]]]
"""What is sent to search a time by the box's clock."""


class Search:
    """One search; what opens it is sent once, or a token would be lost."""

    def __init__(
        self, client: Client, cgi: str, channel: int, params: Sequence[tuple[str, wire.Param]]
    ) -> None:
        """Nothing is sent."""
        self._client = client
        self._cgi = cgi
        self._channel = ("channel", channel)
        self._params = params
        self.count: int | None = None
        """How many rows there are, if the box says so."""

    async def create(self) -> str:
        """Begin it (startFind); the token."""
        path = wire.query(self._cgi, "startFind", [self._channel, *self._params])
        reply = await self._client.http.tell(path, lane=Lane.READ, deadline=_SLOW, limit=_LIMIT)
        text = self._client.text(reply)
        token = wire.word(text, "token") or ""
        if not _TOKEN.fullmatch(token):
            raise Malformed("a search without a token")
        count = wire.word(text, "totalCount") or ""
        self.count = int(count) if count.isdecimal() and len(count) < 10 else None
        return token

    async def page(self, token: str, begin: int) -> list[dict[str, str]]:
        """Rows from one on (doFind), each member by its last segment."""
        params: list[tuple[str, wire.Param]] = [
            self._channel,
            ("token", token),
            ("beginNumber", begin),
            ("count", _PAGE),
        ]
        text = await self._client.ask(self._cgi, "doFind", params, limit=_LIMIT)
        found = wire.rows(wire.pairs(text), "info")
        return [
            {name.rpartition(".")[2]: value.strip() for name, value in found[at].items()}
            for at in sorted(found)[:_PAGE]
        ]

    async def destroy(self, token: str) -> None:
        """End it (stopFind)."""
        await self._client.ask(self._cgi, "stopFind", [self._channel, ("token", token)])


async def newest(
    box: Box, query: Query, cgi: str, channel: int, days: int, ask: Ask, stamp: str
) -> AsyncGenerator[tuple[datetime, Mapping[str, str]]]:
    """Rows by the time in their member `stamp`, the newest first, so many days at a time."""
    shown = await clock(box)
    end = shown.local(horizon(box, query))
    since = None if query.start is None else shown.local(query.start)
    left, empty = query.limit, 0
    for first, last in _spans(since, end, days):
        rows = await _span(box, Search(box.client, cgi, channel, ask(first, last)), stamp)
        empty = 0 if rows else empty + 1
        for moment, row in rows:
            # Some boxes tell more than was asked.
            if max(first, since or first) <= moment <= last:
                yield to_utc(moment, shown.zone, shown.drift), row
                left -= 1
                if left <= 0:
                    return
        if empty >= _EMPTY:
            return


def _spans(since: datetime | None, end: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """From the end back, whole days as the box's clock has them."""
    for _ in range(_SPANS):
        first = datetime.combine(end.date(), time()) - timedelta(days=days - 1)
        if since is not None:
            first = max(first, datetime.combine(since.date(), time()))
        yield first, end
        end = first - _SECOND
        if since is not None and end < since:
            return


async def _span(box: Box, search: Search, stamp: str) -> list[tuple[datetime, dict[str, str]]]:
    """The rows of one search, the newest first; no box says in which order it tells them."""
    found: list[tuple[datetime, int, dict[str, str]]] = []
    async with box.finders.opened(search) as token:
        for page in range(_PAGES if search.count != 0 else 0):
            rows = await search.page(token, page * _PAGE)
            for at, row in enumerate(rows):
                try:
                    moment = wire.moment(row.get(stamp, ""))
                except ValueError:
                    continue
                found.append((moment, -(page * _PAGE + at), row))
            if len(rows) < _PAGE or (page + 1) * _PAGE == search.count:
                break
    found.sort(key=lambda each: each[:2], reverse=True)
    return [(moment, row) for moment, _, row in found]
