"""The log of the box: what it notes, and how it is searched (§4.13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.finder import BadCondition, read_time
from tests.simulators.amcrest.grammar import Command, Refusal, encode
from tests.simulators.amcrest.section import Section
from tests.simulators.amcrest.state import time_text
from tests.simulators.wire import Reply

COUNTS = "log_counts"
"""Capability of those that say how much they found."""

_KEPT = 4_000
_SEEDED = 230
_PAGE = 100
_KINDS: Mapping[str, frozenset[str]] = {
    "System": frozenset({"Reboot", "ShutDown", "ModifyTime"}),
    "Config": frozenset({"SaveConfig", "RestoreConfig"}),
    "Event": frozenset({"EventBegin", "EventEnd"}),
    "Account": frozenset({"Login", "Logout", "AddUser", "DeleteUser", "ModifyUser"}),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    time: datetime
    type: str
    user: str
    detail: Mapping[str, str] = field(default_factory=dict)
    level: int = 0

    def is_of(self, kind: str) -> bool:
        """Whether it is of a kind, or of just this type."""
        return self.type == kind or self.type in _KINDS.get(kind, frozenset())


class Journal(Section):
    """The entries, the oldest first, and the searches that are open."""

    def __init__(self, device: Device) -> None:
        """Begin with two days of logins, each of them noted twice (§3.1)."""
        super().__init__(device)
        now = device.clock.now().replace(microsecond=0)
        self.entries = [_seeded(now, number) for number in range(_SEEDED)]
        self.most_searches = 16
        self._searches: dict[str, list[Entry]] = {}
        self._tokens = 4_096

    @property
    def open(self) -> int:
        """Searches that were not stopped."""
        return len(self._searches)

    def note(self, type_: str, user: str = "System", **detail: str) -> None:
        """Write a line now."""
        now = self.device.clock.now().replace(microsecond=0)
        self.entries.append(Entry(now, type_, user, detail))
        del self.entries[:-_KEPT]

    def search(self, start: datetime, end: datetime, kind: str | None) -> tuple[str, int] | None:
        """A token and how much was found; None when too many searches are open."""
        if len(self._searches) >= self.most_searches:
            return None
        self._tokens += 1
        found = [
            each
            for each in self.entries
            if start <= each.time <= end and (kind is None or each.is_of(kind))
        ]
        self._searches[str(self._tokens)] = found
        return str(self._tokens), len(found)

    def next(self, token: str, count: int) -> list[Entry] | None:
        """The next of a search; None where there is no such token."""
        found = self._searches.get(token)
        if found is None:
            return None
        page = found[:count]
        del found[:count]
        return page

    def stop(self, token: str) -> bool:
        """End a search."""
        return self._searches.pop(token, None) is not None

    def forget(self) -> None:
        """A restart ends searches and is noted."""
        self._searches.clear()
        self.note("Reboot")


def start_find(device: Device, command: Command) -> Reply:
    """§4.13.1 startFind&condition.StartTime=&condition.EndTime=[&condition.Type=]."""
    try:
        start = read_time(command.get("condition.StartTime"))
        end = read_time(command.get("condition.EndTime"))
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    found = device.of(Journal).search(start, end, command.get("condition.Type"))
    if found is None:
        return device.refuse(Refusal.BAD_REQUEST)
    counted = (f"count={found[1]}",) if device.has(COUNTS) else ()
    return device.lines(f"token={found[0]}", *counted)


def do_find(device: Device, command: Command) -> Reply:
    """§4.13.1 doFind&token=&count=100: until `found=0`."""
    count = command.number("count", _PAGE)
    if count is None or not 1 <= count <= _PAGE:
        return device.refuse(Refusal.BAD_REQUEST)
    page = device.of(Journal).next(command.get("token") or "", count)
    if page is None:
        return device.refuse(Refusal.BAD_REQUEST)
    lines = [line for i, entry in enumerate(page) for line in _lines(device, i, entry)]
    return device.lines(f"found={len(page)}", *lines)


def stop_find(device: Device, command: Command) -> Reply:
    """§4.13.1 stopFind&token=."""
    if not device.of(Journal).stop(command.get("token") or ""):
        return device.refuse(Refusal.BAD_REQUEST)
    return device.ok()


def clear(device: Device, command: Command) -> Reply:
    """§4.13.2 clear."""
    device.of(Journal).entries.clear()
    device.changed.poke()
    return device.ok()


def backup(device: Device, command: Command) -> Reply:
    """§4.13 Log.backup?action=All&condition.StartTime=&condition.EndTime=."""
    try:
        start = read_time(command.get("condition.StartTime"))
        end = read_time(command.get("condition.EndTime"))
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    entries = [each for each in device.of(Journal).entries if start <= each.time <= end]
    text = "".join(f"{each.time:%F %T}\t{each.user}\t{each.type}\r\n" for each in entries)
    return Reply(200, encode(text), (("Content-Type", "application/octet-stream"),))


def _lines(device: Device, number: int, entry: Entry) -> list[str]:
    place = f"items[{number}]"
    return [
        *(f"{place}.Detail.{name}={value}" for name, value in sorted(entry.detail.items())),
        f"{place}.Level={entry.level}",
        f"{place}.Time={time_text(entry.time, device.faults.time_style)}",
        f"{place}.Type={entry.type}",
        f"{place}.User={entry.user}",
    ]


def _seeded(now: datetime, number: int) -> Entry:
    """Logins and logouts, one every ten minutes until an hour ago."""
    when = now - timedelta(minutes=60 + 10 * (_SEEDED - number))
    detail = {"Address": "192.168.1.20", "Type": "CGI"}
    return Entry(when, "Logout" if number % 2 else "Login", "admin", detail)


ANSWERS = {
    "log.startFind": start_find,
    "log.doFind": do_find,
    "log.stopFind": stop_find,
    "log.clear": clear,
    "/Log.backup.All": backup,
}
