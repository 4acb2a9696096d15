"""Accounts, the IP filter, files, the clock, restarts and resets."""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta, timezone

import pytest

from custom_components.cctv.devices.commands import (
    AddUser,
    BackUp,
    ChangeUser,
    Command,
    FactoryReset,
    Press,
    RemoveUser,
    Restore,
    SetIpFilter,
    SetTime,
    Upgrade,
)
from custom_components.cctv.devices.errors import BadInput, CannotConnect, NoAnswer, Rejected
from custom_components.cctv.devices.model import BOX, Recording, Table, TableRow
from custom_components.cctv.devices.open_api.device import OpenApi
from custom_components.cctv.devices.open_api.zones import posix
from tests.devices.waiting import becomes

from .conftest import Build, told, topology_of


async def rows(device: OpenApi, kind: str, limit: int = 1000) -> list[TableRow]:
    """A table of the box."""
    async with aclosing(device.find(BOX, Table(kind=kind, limit=limit))) as found:
        return [row async for row in found if not isinstance(row, Recording)]


# --- accounts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["seed", "3s"])
async def test_an_account_is_made_changed_and_removed(house: Build, personality: str) -> None:
    """§1.2: with a sentence or a bare OK for an answer."""
    home = await house(personality)
    device, _ = await home.opened()
    await device.do(BOX, AddUser("joe", "p&ss wörd", "operator", "the gardener"))
    assert home.box.accounts.passwords["joe"] == "p&ss wörd"
    assert {"viewer", "operator"} <= home.box.accounts.of["joe"].groups
    assert "admin" not in home.box.accounts.of["joe"].groups
    listed = {row["user"]: row["group"] for row in await rows(device, "users")}
    assert listed == {"root": "admin", "joe": "operator"}
    await device.do(BOX, ChangeUser("joe", group="viewer"))
    assert home.box.accounts.of["joe"].groups >= {"viewer"}
    assert "operator" not in home.box.accounts.of["joe"].groups
    assert home.box.accounts.passwords["joe"] == "p&ss wörd"
    await device.do(BOX, RemoveUser("joe"))
    assert "joe" not in home.box.accounts.of


async def test_a_password_is_in_no_request_line(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do(BOX, AddUser("joe", "hunter2"))
    await device.do(BOX, ChangeUser("joe", "hunter3"))
    assert not [each.target for each in home.box.wire if "hunter" in each.target]


async def test_the_right_to_move_cameras_survives_a_change(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do(BOX, AddUser("joe", "secret"))
    home.box.accounts.of["joe"].groups.add("ptz")
    await device.do(BOX, ChangeUser("joe", group="operator"))
    assert "ptz" in home.box.accounts.of["joe"].groups


@pytest.mark.parametrize(
    "command",
    [
        AddUser("", "x"),
        AddUser("joe smith", "x"),
        AddUser("a" * 15, "x"),
        AddUser("joe", ""),
        AddUser("joe", "x", "king"),
        ChangeUser("joe"),
        ChangeUser("jö"),
        RemoveUser("root"),
        RemoveUser("../x"),
    ],
)
async def test_an_account_that_cannot_be_is_not_sent(house: Build, command: Command) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert home.sent() == []


async def test_a_refusal_about_accounts_is_told_in_the_units_words(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(Rejected) as refused:
        await device.do(BOX, RemoveUser("nobody"))
    assert "Error" not in str(refused.value)
    assert len(str(refused.value)) > 3


# --- who may reach it -------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["seed", "vapix"])
async def test_our_own_address_is_let_in_before_anything_else(
    house: Build, personality: str
) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    answer = await device.do(BOX, SetIpFilter(True, ("10.0.0.1", "10.1.0.0/16")))
    assert answer.data == {
        "enabled": True,
        "addresses": ["127.0.0.1", "10.0.0.1", "10.1.0.0/16"],
    }
    writes = [each for each in home.sent() if "action=list" not in each]
    assert writes[0] == "/ipfilter.cgi?action=add&ipaddress=127.0.0.1"
    assert "enable=yes" in writes[-1]
    assert await device.read("alive")
    listed = await rows(device, "ip_filter")
    assert [row["address"] for row in listed] == ["127.0.0.1", "10.0.0.1", "10.1.0.0/16"]
    assert all(row["enabled"] for row in listed)
    answer = await device.do(BOX, SetIpFilter(True, ("10.0.0.9",)))
    assert answer.data == {"enabled": True, "addresses": ["127.0.0.1", "10.0.0.9"]}
    answer = await device.do(BOX, SetIpFilter(False))
    assert answer.data == {"enabled": False, "addresses": ["127.0.0.1", "10.0.0.9"]}


async def test_an_address_that_is_none_changes_nothing(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for bad in ("10.0.0.999", "gate", "10.0.0.1 10.0.0.2", ""):
        with pytest.raises(BadInput):
            await device.do(BOX, SetIpFilter(True, (bad,)))
    assert home.sent() == []


async def test_an_empty_filter_has_one_row_that_says_it_is_off(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    (row,) = await rows(device, "ip_filter")
    assert (row["address"], row["enabled"]) == ("", False)


# --- files ------------------------------------------------------------------------------------


async def test_the_settings_are_saved_and_loaded(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await device.do(BOX, BackUp())
    assert answer.ref is not None
    content = await (await device.fetch(answer.ref)).read()
    home.box.parameters["Motion.M0.Name"] = "Changed"
    await device.do(BOX, Restore(content))
    assert home.box.parameters["Motion.M0.Name"] == "Entrance"
    await home.box.until(lambda: home.box.restarts == 1)
    with pytest.raises(Rejected, match="not a backup"):
        await device.do(BOX, Restore(b"nonsense"))


async def test_firmware_is_installed(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do(BOX, Upgrade(b"\x00VERSION=V5.0.9.1\x00" + bytes(100_000)))
    assert home.box.parameters["Properties.Firmware.Version"] == "V5.0.9.1"
    await home.box.until(lambda: home.box.restarts == 1)
    with pytest.raises(Rejected, match="not a firmware"):
        await device.do(BOX, Upgrade(b"nonsense"))
    for command in (Upgrade(b""), Restore(b"")):
        with pytest.raises(BadInput):
            await device.do(BOX, command)


# --- restarts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("personality", "silent"), [("seed", False), ("seed", True), ("3s", False), ("3s", True)]
)
async def test_no_answer_to_a_restart_is_a_good_one(
    house: Build, personality: str, silent: bool
) -> None:
    """Case 27, also on a unit that knows restart.cgi only."""
    home = await house(personality, faults={"silent_reboot": silent})
    runner = await home.runs()
    await runner.do(BOX, Press("restart"))
    await home.box.until(lambda: home.box.restarts == 1)
    await becomes(runner, ":online", wanted=True)
    assert home.box.restarts == 1, "it was told once"
    assert runner.state.online


async def test_the_device_itself_says_that_no_answer_came(house: Build) -> None:
    home = await house(faults={"silent_reboot": True})
    device, _ = await home.opened()
    with pytest.raises((NoAnswer, CannotConnect)):
        await device.do(BOX, Press("restart"))
    assert len(home.sent()) == 1


@pytest.mark.parametrize(("keep", "address"), [(True, "10.9.8.7"), (False, None)])
async def test_a_reset_keeps_the_address_or_not(
    house: Build, keep: bool, address: str | None
) -> None:
    home = await house()
    home.box.parameters["Network.IPAddress"] = "10.9.8.7"
    home.box.parameters["Motion.M0.Name"] = "Mine"
    device, _ = await home.opened()
    await device.do(BOX, FactoryReset(keep_network=keep))
    assert (home.box.parameters["Network.IPAddress"] == address) is keep
    assert home.box.parameters["Motion.M0.Name"] != "Mine"
    path = "/factorydefault.cgi" if keep else "/hardfactorydefault.cgi"
    assert home.sent() == [path]


async def test_a_login_page_is_no_restart(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    page = b"<html><form><input type='password'></form></html>"
    home.box.faults.bodies["/reboot.cgi"] = page
    with pytest.raises(Rejected, match="login page"):
        await device.do(BOX, Press("restart"))


# --- clock and log ----------------------------------------------------------------------------


async def test_the_clock_is_set_to_ours_in_its_own_zone(house: Build) -> None:
    home = await house("vapix")
    clock = home.box.device.clock
    clock.set(clock.now() + timedelta(hours=3))
    device, batch = await home.opened()
    drift = told(batch)[":clock_drift"]
    assert isinstance(drift, int)
    assert abs(drift - 10_800) <= 2
    answer = await device.do(BOX, Press("sync_clock"))
    drift = told(answer.updates)[":clock_drift"]
    assert isinstance(drift, int)
    assert abs(drift) <= 2


async def test_the_clock_is_set_to_any_time(house: Build) -> None:
    home = await house("vapix")
    device, _ = await home.opened()
    moment = datetime(2026, 7, 1, 10, 30, 15, tzinfo=UTC)
    await device.do(BOX, SetTime(moment.astimezone(timezone(timedelta(hours=9)))))
    assert home.sent()[0] == (
        "/time.cgi?action=set&year=2026&month=7&day=1&hour=12&minute=30&second=15"
    )
    with pytest.raises(BadInput):
        await device.do(BOX, SetTime(datetime(2040, 1, 1, tzinfo=UTC)))


async def test_the_log_is_told_with_its_newest_line_first(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.device.log("one")
    home.box.device.log("two")
    lines = [str(row["text"]) for row in await rows(device, "log", limit=2)]
    assert [line.rpartition(" ")[2] for line in lines] == ["two", "one"]


@pytest.mark.parametrize(
    ("text", "winter", "summer"),
    [
        ("GMT0", 0, 0),
        ("UTC", 0, 0),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 1, 2),
        ("EST5EDT,M3.2.0,M11.1.0", -5, -4),
        ("<+0330>-3:30", 3.5, 3.5),
    ],
)
def test_a_posix_zone_is_a_zone(text: str, winter: float, summer: float) -> None:
    zone = posix(text)
    assert zone is not None
    for month, hours in ((1, winter), (7, summer)):
        moment = datetime(2026, month, 15, 12, tzinfo=zone)
        assert moment.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text", [None, "", "Europe/Berlin", "CET-1CEST", "x" * 300, "A,B", "EST5EDT,M13.9.9,M11.1.0"]
)
def test_what_is_no_posix_zone_is_none(text: str | None) -> None:
    assert posix(text) is None


async def test_the_tables_are_those_that_the_box_names(house: Build) -> None:
    home = await house()
    _, batch = await home.opened()
    assert topology_of(batch).parts[BOX].tables == {"users", "ip_filter", "log", "recordings"}
