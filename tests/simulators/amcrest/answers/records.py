"""Tables of cards, swipes, calls, alarms and announcements (§12.2-12.6)."""

from collections.abc import Mapping

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply

CARDS = "AccessControlCard"
SWIPES = "AccessControlCardRec"
CALLS = "VideoTalkLog"
ALARMS = "AlarmRecord"
ANNOUNCEMENTS = "Announcement"

_WRITABLE = frozenset({CARDS, ANNOUNCEMENTS})
_WANTED: Mapping[str, tuple[str, ...]] = {CARDS: ("CardNo",), ANNOUNCEMENTS: ("Content",)}
_DEFAULTS: Mapping[str, Mapping[str, str]] = {
    CARDS: {"CardName": "", "CardStatus": "0", "CardType": "0", "UserID": ""},
    ANNOUNCEMENTS: {"State": "0", "ReadFlag": "0", "Title": "", "User": ""},
}
_PAGE = 100
_MOST = 10_000

type Row = dict[str, str]


class Records(Section):
    """The tables, the oldest record first."""

    def __init__(self, device: Device) -> None:
        """Begin with three cards and a week of what happened."""
        super().__init__(device)
        self._rows: dict[str, list[Row]] = {
            name: [] for name in (CARDS, SWIPES, CALLS, ALARMS, ANNOUNCEMENTS)
        }
        self._last = dict.fromkeys(self._rows, 0)
        now = int(device.clock.now().timestamp())
        for name, row, age in _seeds():
            self.add(name, row, now - age)

    @property
    def names(self) -> frozenset[str]:
        """Names of the tables."""
        return frozenset(self._rows)

    def rows(self, name: str) -> list[Row]:
        """A table, the oldest first."""
        return self._rows[name]

    def add(self, name: str, members: Mapping[str, str], created: int | None = None) -> int:
        """Add a record; its number."""
        self._last[name] += 1
        when = int(self.device.clock.now().timestamp()) if created is None else created
        number = self._last[name]
        row = {"RecNo": str(number), "CreateTime": str(when), **members}
        self._rows[name].append(row)
        del self._rows[name][:-_MOST]
        self.device.changed.poke()
        return number

    def at(self, name: str, number: str | None) -> Row | None:
        """A record by its number."""
        return next((row for row in self._rows.get(name, []) if row["RecNo"] == number), None)

    def matching(self, name: str, conditions: Mapping[str, str]) -> list[Row]:
        """Records whose members are these; StartTime and EndTime are seconds."""
        wanted = {key: value for key, value in conditions.items() if key not in _TIMES}
        start = int(conditions.get("StartTime", "0"))
        end = int(conditions.get("EndTime", str(2**40)))
        return [
            row
            for row in self._rows[name]
            if start <= int(row["CreateTime"]) <= end
            and all(row.get(key) == value for key, value in wanted.items())
        ]


_TIMES = frozenset({"StartTime", "EndTime"})


def find(device: Device, command: Command) -> Reply:
    """find&name=[&count=][&condition.X=][&StartTime=&EndTime=]: the oldest first."""
    return _page(device, command, 0)


def seek(device: Device, command: Command) -> Reply:
    """doSeekFind&name=&offset=&count=: from a place on."""
    return _page(device, command, command.number("offset", 0) or 0)


def query_size(device: Device, command: Command) -> Reply:
    """§12.3.5 getQuerySize&name=: `count=<n>`."""
    found = _found(device, command)
    return (
        device.refuse(Refusal.BAD_REQUEST) if found is None else device.lines(f"count={len(found)}")
    )


def insert(device: Device, command: Command) -> Reply:
    """§12.3.3, §12.5.1 insert&name=&<members>: `RecNo=<n>`."""
    name = command.get("name") or ""
    members = _members(command)
    if name not in _WRITABLE or any(not members.get(each) for each in _WANTED[name]):
        return device.refuse(Refusal.BAD_REQUEST)
    number = device.of(Records).add(name, {**_DEFAULTS[name], **members})
    return device.lines(f"RecNo={number}")


def update(device: Device, command: Command) -> Reply:
    """§12.3.2 update&name=&recno=<n>&<members>: untouched members stay."""
    row = _written(device, command)
    if row is None:
        return device.refuse(Refusal.BAD_REQUEST)
    row.update(_members(command))
    device.changed.poke()
    return device.ok()


def remove(device: Device, command: Command) -> Reply:
    """§12.3.4 remove&name=&recno=<n>."""
    row = _written(device, command)
    if row is None:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Records).rows(command.get("name") or "").remove(row)
    device.changed.poke()
    return device.ok()


def get(device: Device, command: Command) -> Reply:
    """§12.3.4 get&name=&recno=<n>."""
    row = device.of(Records).at(command.get("name") or "", command.get("recno"))
    if row is None:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(*(f"record.{key}={value}" for key, value in row.items()))


def clear(device: Device, command: Command) -> Reply:
    """§12.3.4 clear&name=."""
    name = command.get("name") or ""
    if name not in _WRITABLE:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Records).rows(name).clear()
    device.changed.poke()
    return device.ok()


def _page(device: Device, command: Command, offset: int) -> Reply:
    found = _found(device, command)
    count = command.number("count", _PAGE)
    if found is None or count is None or count < 1 or offset < 0:
        return device.refuse(Refusal.BAD_REQUEST)
    page = found[offset : offset + min(count, _PAGE)]
    lines = [
        f"records[{i}].{key}={value}" for i, row in enumerate(page) for key, value in row.items()
    ]
    return device.lines(f"totalCount={len(found)}", f"found={len(page)}", *lines)


def _found(device: Device, command: Command) -> list[Row] | None:
    name = command.get("name") or ""
    conditions = {
        key.removeprefix("condition."): value
        for key, value in command.params
        if key.startswith("condition.") or key in _TIMES
    }
    if name not in device.of(Records).names:
        return None
    if any(not conditions.get(key, "0").isdecimal() for key in _TIMES):
        return None
    return device.of(Records).matching(name, conditions)


def _written(device: Device, command: Command) -> Row | None:
    """The record that a change is about, where it may be changed."""
    name = command.get("name") or ""
    return device.of(Records).at(name, command.get("recno")) if name in _WRITABLE else None


def _members(command: Command) -> Row:
    said = {"action", "name", "recno"}
    return {key: value for key, value in command.params if key not in said}


def _seeds() -> list[tuple[str, Row, int]]:
    """Table, members, age in seconds."""
    day = 86_400
    cards = [("03A1B2C4", "Anna", "101"), ("03A1B2C5", "Bert", "102"), ("0FFFFFFF", "Lost", "103")]
    seeds: list[tuple[str, Row, int]] = [
        (
            CARDS,
            {
                "CardNo": number,
                "CardName": name,
                "CardStatus": "1" if name == "Lost" else "0",
                "CardType": "0",
                "UserID": user,
            },
            30 * day,
        )
        for number, name, user in cards
    ]
    for at in range(40):
        number, name, user = cards[at % 2]
        swipe = {
            "CardNo": number, "CardName": name, "UserID": user, "Type": "Entry", "Method": "1",
            "Status": "1", "ErrorCode": "0", "Door": "0", "ReaderID": "1", "URL": "",
        }  # fmt: skip
        seeds.append((SWIPES, swipe, (40 - at) * 7_200))
    for at in range(6):
        state = "Missed" if at % 2 else "Received"
        call = {"CallType": "Outgoing", "EndState": state, "PeerNumber": "9901", "TalkTime": "20"}
        seeds.append((CALLS, call, (6 - at) * 40_000))
    seeds.append((ALARMS, {"Comm": "1", "SenseMethod": "DoorMagnetism", "RoomNumber": "9901"}, day))
    notice = {
        "Content": "The lift is out of order", "Title": "Lift", "User": "admin", "State": "1",
        "ReadFlag": "0", "IssueTime": "2026-11-01 08:00:00", "ExpirTime": "2026-12-01 08:00:00",
    }  # fmt: skip
    seeds.append((ANNOUNCEMENTS, notice, 2 * day))
    return seeds


ANSWERS = {
    "recordFinder.find": find,
    "recordFinder.doSeekFind": seek,
    "recordFinder.getQuerySize": query_size,
    "recordUpdater.insert": insert,
    "recordUpdater.update": update,
    "recordUpdater.remove": remove,
    "recordUpdater.get": get,
    "recordUpdater.clear": clear,
}
