"""Counterparts: disks, files, the log, people."""

from datetime import UTC, date, datetime
from typing import Any, Final

from custom_components.cctv.devices.commands import (
    AddUser,
    BackUp,
    ChangeUser,
    ClearLog,
    RemoveUser,
    SaveLog,
)
from custom_components.cctv.devices.model import Recordings, Table
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.amcrest.answers.log import Journal
from tests.simulators.amcrest.answers.users import Account, Users
from tests.simulators.amcrest.item import Item

from .sides import Counterpart, Sides, command, feature, fetched, listed, members, saved

PAST: Final = datetime(2000, 1, 1, tzinfo=UTC)
FUTURE: Final = datetime(2036, 1, 1, tzinfo=UTC)
SPAN: Final = (datetime(2000, 1, 1), datetime(2036, 1, 1))  # noqa: DTZ001 - theirs know no zones


_TIME: Final = "%Y%m%d%H%M%S"
DAY: Final = date(2026, 5, 3)
FROM: Final = datetime(2026, 5, 3)  # noqa: DTZ001
TILL: Final = datetime(2026, 5, 4)  # noqa: DTZ001


async def _log(sides: Sides) -> Any:
    return len(await sides.rows(Table(PAST, FUTURE, 1_000, kind="log")))


async def _size(sides: Sides) -> Any:
    return await sides.feature("disk.mmc0:storage_size")


async def _used(sides: Sides) -> Any:
    used = await sides.feature("disk.mmc0:storage_used") / 100 * await _size(sides)
    return gibibytes(used)


def gibibytes(count: float | str) -> int:
    """Bytes, as exact as ours."""
    return round(float(count) / 2**30)


def tenth(text: str) -> float:
    """A percentage as exact as ours."""
    return round(float(text), 1)


def found(page: str) -> int:
    """How many lines of the log are on a page."""
    return int(page.partition("found=")[2].split()[0])


def smaller(box: AmcrestSimulator) -> None:
    """A recorder whose first disk is smaller than its second."""
    box.storage[0].partitions[0].total = 2**40


def filmed(box: AmcrestSimulator) -> None:
    """A box with recordings of a day."""
    box.store.clear()
    box.store.fill(DAY, 130)


async def _recordings(sides: Sides) -> Any:
    zone = sides.ours.box.env.zone
    query = Recordings(FROM.replace(tzinfo=zone), TILL.replace(tzinfo=zone), 1_000)
    return sorted(row.refs[0].partition(":/")[2] for row in await sides.rows(query))


def paths(pages: list[str]) -> list[str]:
    """The files on their pages, as ours names them."""
    return sorted(each.removeprefix("/") for each in members("FilePath")("".join(pages)))


def first(box: AmcrestSimulator) -> Item:
    """The oldest recording."""
    return min(box.store.items, key=lambda item: item.start)


async def _file(sides: Sides) -> Any:
    item = first(sides.box)
    return await fetched(f"file:1:{item.start:{_TIME}}:{item.end:{_TIME}}:{item.path}")(sides)


async def _time(sides: Sides) -> Any:
    item = first(sides.box)
    return await fetched(f"time:1:{item.start:{_TIME}}:{item.end:{_TIME}}")(sides)


def guest(box: AmcrestSimulator) -> None:
    """A box with an account besides ours."""
    box.device.of(Users).add(Account(0, "guest", "user", "was here"), "old-1")


def people(box: AmcrestSimulator) -> Any:
    """Everybody, with their passwords."""
    users = box.device.of(Users)
    return [(users.passwords[each.name], each) for each in users.accounts]


LINES: Final = (
    Counterpart(
        "storage_total", feature("disk.mmc0:storage_size"), read=lambda told: float(told[0])
    ),
    Counterpart("storage_used_percent", feature("disk.mmc0:storage_used"), read=tenth),
    Counterpart(
        "storage_all", feature("disk.mmc0:storage_used"), read=lambda t: tenth(t["used_percent"])
    ),
    Counterpart("storage_used", _used, read=lambda told: gibibytes(told[0])),
    Counterpart(
        "storage_device_info",
        _size,
        read=lambda text: sum(map(float, members(r"[\w.\[\]]+\.TotalBytes")(text))),
    ),
    Counterpart(
        "storage_total",
        feature("disk.sdb:storage_size"),
        read=lambda told: float(told[0]),
        model="nvr",
        before=smaller,
        differs="It tells the first partition of the first disk; ours each disk",
        told=(2**40, 4 * 2**40),
    ),
    # --- recordings
    Counterpart("find_files", _recordings, (FROM, TILL), {"channel": 1}, read=paths, before=filmed),
    Counterpart("download_file", _file, lambda box: (first(box).path,), before=filmed),
    Counterpart(
        "download_time",
        _time,
        lambda box: (first(box).start, first(box).end),
        {"channel": 1},
        before=filmed,
    ),
    # --- what it writes when asked
    Counterpart("config_backup", saved(BackUp()), read=str.encode),
    Counterpart("log_show", saved(SaveLog(PAST, FUTURE)), SPAN, read=str.encode),
    # --- what it keeps
    Counterpart("info_all_users", listed("users", "user"), read=members("Name")),
    Counterpart("info_all_groups", listed("groups", "group"), read=members("Name")),
    Counterpart(
        "info_user", listed("users", "user", {"user": "admin"}), ("admin",), read=members("Name")
    ),
    Counterpart(
        "info_group", listed("groups", "group", {"group": "user"}), ("user",), read=members("Name")
    ),
    Counterpart("info_all_active_users", listed("sessions", "client"), read=members("ClientType")),
    Counterpart("log_find", _log, SPAN, read=lambda pages: sum(map(found, pages))),
    Counterpart(
        "add_user",
        command(AddUser("guest", "pass-1", "viewer")),
        ("guest", "pass-1", "user"),
        state=lambda box: dict(box.users),
    ),
    Counterpart(
        "delete_user", command(RemoveUser("guest")), ("guest",), state=people, before=guest
    ),
    Counterpart(
        "modify_user",
        command(ChangeUser("guest", note="porch")),
        ("guest", "memo", "porch"),
        state=people,
        before=guest,
    ),
    Counterpart(
        "modify_user",
        command(ChangeUser("guest", group="admin")),
        ("guest", "group", "admin"),
        state=people,
        before=guest,
    ),
    Counterpart(
        "modify_password",
        command(ChangeUser("guest", password="new-1", old_password="old-1")),
        ("guest", "new-1", "old-1"),
        state=people,
        before=guest,
    ),
    Counterpart(
        "log_clear_all",
        command(ClearLog()),
        state=lambda box: len(box.device.of(Journal).entries),
    ),
)
