"""Cards, swipes, calls, alarms and announcements (§12.2-12.6): found, added, changed, removed."""

from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import re
from typing import Final

from ..commands import AddRecord, ChangeRecord, Command, CountRecords, RemoveRecord
from ..errors import BadInput, Malformed
from ..http.client import Lane
from ..model import BOX, Answer, PartId, Table, TableRow, Value
from . import wire
from .box import Box
from .topic import Topic

_PAGE: Final = 1_000
_MEMBER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.\[\]]{0,63}")
_NUMBER: Final = re.compile(r"\d{1,12}")
_MANY: Final = 32
_LONGEST: Final = 200
_SECRET: Final = re.compile(r"passw|pwd", re.IGNORECASE)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One table of records: its name on the wire, and how it is asked for a time."""

    wire: str
    timed: bool = False
    """Asked by StartTime and EndTime in seconds (§12.4.1)."""
    kept: bool = False
    """Records can be added, changed and removed."""


KINDS: Final[Mapping[str, Kind]] = {
    "cards": Kind("AccessControlCard", kept=True),
    "swipes": Kind("AccessControlCardRec", timed=True),
    "calls": Kind("VideoTalkLog"),
    "alarms": Kind("AlarmRecord"),
    "announcements": Kind("Announcement", kept=True),
}
_NAMES: Final = {kind: f"recordFinder:{one.wire}" for kind, one in KINDS.items()}
"""The verdicts on which there are."""
_LIKELY: Final = frozenset({"VTO", "VTH", "BSC", "ASI", "ASC", "VTS"})


async def _learn(box: Box) -> list[Value]:
    """The tables that were found before, until the survey looks again; nothing is asked."""
    _place(box, {kind for kind, name in _NAMES.items() if box.verdicts.get(name) is True})
    return []


async def _survey(box: Box) -> list[Value]:
    """Which tables there are: asked only of boxes with doors, or that are door stations."""
    if not (box.doors or box.identity.kind in _LIKELY):
        return []
    known = all(box.verdicts.get(name) is not None for name in _NAMES.values())
    if known and "records" in box.tables:
        return []
    found = {
        kind
        for kind, name in _NAMES.items()
        if await box.verdicts.probe(name, partial(_size, box, KINDS[kind], Lane.SURVEY)) is not None
    }
    _place(box, found)
    return []


def _place(box: Box, found: Collection[str]) -> None:
    """Name what may be looked up, and changed."""
    if not found:
        return
    can: set[type[Command]] = {CountRecords}
    if any(KINDS[kind].kept for kind in found):
        can |= {AddRecord, ChangeRecord, RemoveRecord}
    box.able["records"] = {BOX: frozenset(can)}
    box.tables["records"] = {BOX: frozenset(found) - {"announcements"}}


async def _size(box: Box, kind: Kind, lane: Lane = Lane.READ) -> int:
    """How many records there are (getQuerySize, §12.3.5)."""
    text = await box.client.ask("recordFinder", "getQuerySize", [("name", kind.wire)], lane=lane)
    word = wire.word(text, "count") or ""
    if not word.isdecimal() or len(word) > 9:
        raise Malformed("no count")
    return int(word)


# --- finding --------------------------------------------------------------------------------


async def _find(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Records, newest first; the box gives the oldest of what is asked first (§12)."""
    kind = KINDS[query.kind]
    params: list[tuple[str, wire.Param]] = [("name", kind.wire)]
    if kind.timed:
        end = query.end or box.env.clock.now()
        start = query.start or end - _DAY
        params += [
            ("StartTime", int(start.timestamp())),
            ("EndTime", int(end.timestamp())),
        ]
    for name, value in list(query.where.items())[:_MANY]:
        if not _MEMBER.fullmatch(name):
            raise BadInput(f"no member {name[:40]!r}")
        params.append((f"condition.{name}", value[:_LONGEST]))
    # The whole table is asked for, or what is given would be the oldest part of it.
    params.append(("count", max(_PAGE, await _size(box, kind))))
    text = await box.client.ask("recordFinder", "find", params, limit=8 << 20)
    rows = [_row(each) for each in wire.rows(wire.pairs(text), "records").values()]
    rows = [row for row in rows if _within(row.get("time"), query)]
    rows.sort(key=_order, reverse=True)
    for row in rows[: query.limit]:
        yield row


def _row(each: Mapping[str, str]) -> dict[str, object]:
    """A record in the device's words, with its number and time in ours."""
    row: dict[str, object] = {
        name: value.strip()[:_LONGEST] for name, value in each.items() if not _SECRET.search(name)
    }
    row["record"] = each.get("RecNo", "").strip()
    row["time"] = _time(each.get("CreateTime", ""))
    return row


def _time(word: str) -> datetime | None:
    """Seconds since 1970; what is told as a date is left to the record's own words."""
    number = word.strip()
    if not number.isdecimal() or len(number) > 10 or number == "0":
        return None
    return datetime.fromtimestamp(int(number), UTC)


def _within(time: object, query: Table) -> bool:
    """Whether a record is of the time asked for, as far as it has one."""
    if not isinstance(time, datetime):
        return True
    return (query.start is None or time >= query.start) and (query.end is None or time < query.end)


def _order(row: Mapping[str, object]) -> tuple[float, int]:
    """By time, then by number."""
    time, number = row["time"], str(row["record"])
    return (
        time.timestamp() if isinstance(time, datetime) else 0.0,
        int(number) if _NUMBER.fullmatch(number) else 0,
    )


# --- changing -------------------------------------------------------------------------------


def _kept(table: str) -> Kind:
    kind = KINDS.get(table)
    if kind is None or not kind.kept:
        raise BadInput(f"records of {table[:40]!r} cannot be changed")
    return kind


def _members(values: Mapping[str, str]) -> list[tuple[str, wire.Param]]:
    """Members and values of a record, checked."""
    if not values or len(values) > _MANY:
        raise BadInput(f"one to {_MANY} fields")
    for name, value in values.items():
        if not _MEMBER.fullmatch(name) or name.lower() in ("name", "recno", "action"):
            raise BadInput(f"no field {name[:40]!r}")
        if not value.isprintable() or len(value) > 1_000:
            raise BadInput(f"{name}: not a line of text")
    return list(values.items())


def _record(number: str) -> str:
    if not _NUMBER.fullmatch(number.strip()):
        raise BadInput("the number of a record, as the table lists it")
    return number.strip()


async def _add(box: Box, part: PartId, command: AddRecord) -> Answer:
    """Add a record (recordUpdater insert, §12.3.3, §12.5.1); answers with its number."""
    params: list[tuple[str, wire.Param]] = [("name", _kept(command.table).wire)]
    reply = await box.client.change("recordUpdater", "insert", [*params, *_members(command.values)])
    return Answer(data={"record": wire.word(reply, "RecNo", "recno") or ""})


async def _change(box: Box, part: PartId, command: ChangeRecord) -> Answer:
    """Change a record (update, §12.3.2)."""
    params: list[tuple[str, wire.Param]] = [
        ("name", _kept(command.table).wire),
        ("recno", _record(command.record)),
    ]
    await box.client.tell("recordUpdater", "update", [*params, *_members(command.values)])
    return Answer()


async def _remove(box: Box, part: PartId, command: RemoveRecord) -> Answer:
    """Remove a record (remove, §12.3.4)."""
    params: list[tuple[str, wire.Param]] = [
        ("name", _kept(command.table).wire),
        ("recno", _record(command.record)),
    ]
    await box.client.tell("recordUpdater", "remove", params)
    return Answer()


async def _count(box: Box, part: PartId, command: CountRecords) -> Answer:
    """Count records (getQuerySize, §12.3.5)."""
    kind = KINDS.get(command.table)
    if kind is None:
        raise BadInput(f"one of {', '.join(KINDS)}")
    return Answer(data={"count": await _size(box, kind)})


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    handlers={
        AddRecord: _add,
        ChangeRecord: _change,
        CountRecords: _count,
        RemoveRecord: _remove,
    },
    finders=dict.fromkeys(("cards", "swipes", "calls", "alarms"), _find),
)
