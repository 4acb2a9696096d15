"""Who may log in: listed, let in, changed and removed, and never ourselves (§4.12)."""

import logging
from typing import Final

import pytest

from custom_components.cctv.devices.commands import AddUser, ChangeUser, RemoveUser
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, Forbidden, InvalidAuth, Rejected
from custom_components.cctv.devices.model import Hint, Table
from tests.devices.conftest import PASSWORD, USER
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.users import Active, Group, Users

from .conftest import Build, House, listed

SECRET: Final = "Gate 7&keep=out#%+é"
"""A password of all that a query must escape."""


def users(home: House) -> Users:
    """The accounts of a simulated box."""
    return home.box.device.of(Users)


def changes(home: House) -> list[str]:
    """What was sent that changes accounts."""
    verbs = ("addUser", "deleteUser", "modifyUser", "modifyPassword")
    return [each for each in home.sent() if any(f"action={verb}" in each for verb in verbs)]


# --- tables -------------------------------------------------------------------------------------


async def test_all_accounts_are_listed_with_what_they_may(house: Build) -> None:
    """GetUserInfoAll (§4.12.2)."""
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET, note="For the weekend"))
    rows = await listed(device, Table(kind="users"))
    assert [row["user"] for row in rows] == ["admin", "guest"]
    assert "AuthUserMag" in rows[0]["rights"]
    assert rows[0]["reserved"] is True
    assert rows[1] == {
        "user": "guest",
        "group": "user",
        "note": "For the weekend",
        "reserved": False,
        "shared": True,
        "rights": ["Monitor_01", "Replay_01"],
    }
    assert [row["user"] for row in await listed(device, Table(kind="users", limit=1))] == ["admin"]


async def test_one_account_is_asked_for_by_its_name(house: Build) -> None:
    """GetUserInfo (§4.12.1)."""
    home = await house("ipc")
    device = await home.surveyed()
    rows = await listed(device, Table(kind="users", where={"user": "admin"}))
    assert [(row["user"], row["group"]) for row in rows] == [("admin", "admin")]
    assert home.sent() == ["/cgi-bin/userManager.cgi?action=getUserInfo&name=admin"]
    assert await listed(device, Table(kind="users", where={"user": "nobody"})) == []
    home.box.wire.clear()
    with pytest.raises(BadInput):
        await listed(device, Table(kind="users", where={"user": "a b&c"}))
    assert not home.box.wire


async def test_groups_are_listed_all_or_one(house: Build) -> None:
    """GetGroupInfoAll and getGroupInfo (§4.12.4, §4.12.5)."""
    home = await house("nvr")
    device = await home.surveyed()
    rows = await listed(device, Table(kind="groups"))
    assert [row["group"] for row in rows] == ["admin", "user"]
    assert rows[1]["rights"] == ["Monitor_01", "Replay_01"]
    one = await listed(device, Table(kind="groups", where={"group": "user"}))
    assert one == [rows[1]]
    assert home.sent()[-1] == "/cgi-bin/userManager.cgi?action=getGroupInfo&name=user"


async def test_who_is_logged_in_is_listed_the_latest_first(house: Build) -> None:
    """GetActiveUserInfoAll (§4.12.3)."""
    home = await house("ipc")
    users(home).active.append(Active("guest", "192.168.1.33", "DVRIP", "2026-11-20 09:00:00"))
    users(home).active.append(Active("ghost", since="?"))
    device = await home.surveyed()
    rows = await listed(device, Table(kind="sessions"))
    assert [row["user"] for row in rows] == ["guest", "admin", "ghost"]
    assert (rows[0]["address"], rows[0]["client"]) == ("192.168.1.33", "DVRIP")
    assert rows[0]["since"].isoformat() == "2026-11-20T09:00:00+00:00"
    assert rows[2]["since"] is None


@pytest.mark.parametrize("personality", ["ipc", "nvr", "vto"])
async def test_what_was_found_once_is_not_asked_for_at_the_next_start(
    house: Build, personality: str
) -> None:
    home = await house(personality)
    memory = ShortMemory()
    device = await home.surveyed(memory=memory)
    tables = device.box.topology.parts[""].tables
    assert tables >= {"users", "groups", "sessions"}
    await device.close()
    device, _ = await home.opened(memory=memory)
    assert device.box.topology.parts[""].tables >= {"users", "groups", "sessions"}
    assert {AddUser, ChangeUser, RemoveUser} <= device.box.topology.parts[""].can
    await device.read("survey")
    assert not [each for each in home.sent() if "getUserInfoAll" in each]


async def test_a_box_that_tells_nobody_has_no_table_of_people(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["userManager.getUserInfoAll"] = Refusal.NO_RIGHT
    home.box.faults.refuse["userManager.getGroupInfoAll"] = Refusal.BAD_REQUEST
    device = await home.surveyed()
    part = device.box.topology.parts[""]
    assert not {"users", "groups"} & part.tables
    assert not {AddUser, ChangeUser, RemoveUser} & part.can


# --- letting in ---------------------------------------------------------------------------------


async def test_a_new_user_can_log_in_and_is_never_told(
    house: Build, caplog: pytest.LogCaptureFixture
) -> None:
    """AddUser (§4.12.6), with a password of everything that a query must escape."""
    caplog.set_level(logging.DEBUG)
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", AddUser("guest.2", SECRET))
    account = users(home).account("guest.2")
    assert account is not None
    assert (account.group, account.reserved) == ("user", False)
    assert home.box.users["guest.2"] == SECRET
    assert len(changes(home)) == 1
    assert SECRET not in caplog.text
    assert "Gate" not in caplog.text
    assert "Gate" not in repr(AddUser("guest.2", SECRET))


@pytest.mark.parametrize(
    ("wanted", "group"), [("viewer", "user"), ("operator", "guards"), ("admin", "admin")]
)
async def test_a_group_is_found_by_what_its_members_may_do(
    house: Build, wanted: str, group: str
) -> None:
    home = await house("ipc")
    users(home).groups["guards"] = Group(3, "guards", "", ("AuthPTZ", "Monitor_01", "Replay_01"))
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET, wanted))
    account = users(home).account("guest")
    assert account is not None
    assert account.group == group


async def test_a_group_of_that_very_name_comes_first(house: Build) -> None:
    home = await house("ipc")
    users(home).groups["Viewer"] = Group(3, "Viewer", "", ("Monitor_01", "Replay_01", "AuthPTZ"))
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET, "viewer"))
    account = users(home).account("guest")
    assert account is not None
    assert account.group == "Viewer"


async def test_a_box_that_tells_no_groups_has_the_usual_ones(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["userManager.getGroupInfoAll"] = Refusal.BAD_REQUEST
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET, "viewer"))
    with pytest.raises(BadInput):
        await device.do("", AddUser("guard", SECRET, "operator"))
    assert set(home.box.users) == {"admin", "guest"}


@pytest.mark.parametrize(
    "command",
    [
        AddUser("", SECRET),
        AddUser("two words", SECRET),
        AddUser("x&name=y", SECRET),
        AddUser("guest", ""),
        AddUser("guest", "a\nb"),
        AddUser("guest", "x" * 200),
        AddUser("guest", SECRET, note="one\r\ntwo"),
        AddUser("guest", SECRET, "operator"),
        AddUser(USER, SECRET),
    ],
)
async def test_what_is_no_account_is_not_sent(house: Build, command: AddUser) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    with pytest.raises(BadInput) as refused:
        await device.do("", command)
    assert not changes(home)
    assert "Gate" not in str(refused.value)


async def test_an_account_that_the_box_does_not_take_is_rejected(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    home.box.faults.refuse["userManager.addUser"] = Refusal.BAD_REQUEST
    with pytest.raises(Rejected) as refused:
        await device.do("", AddUser("guest", SECRET))
    assert "Gate" not in repr(refused.value)
    assert len(changes(home)) == 1


async def test_an_account_without_the_right_may_not(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    home.box.faults.refuse["userManager.addUser"] = Refusal.NO_RIGHT
    with pytest.raises(Forbidden):
        await device.do("", AddUser("guest", SECRET))


# --- changing -----------------------------------------------------------------------------------


async def test_group_and_remark_are_changed_and_the_rest_stays(house: Build) -> None:
    """ModifyUser (§4.12.8)."""
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET, note="first"))
    await device.do("", ChangeUser("guest", group="admin"))
    account = users(home).account("guest")
    assert account is not None
    assert (account.group, account.memo) == ("admin", "first")
    await device.do("", ChangeUser("guest", note="second & last"))
    account = users(home).account("guest")
    assert account is not None
    assert (account.group, account.memo) == ("admin", "second & last")
    assert home.box.users["guest"] == SECRET


async def test_a_password_is_changed_by_one_who_knows_it(house: Build) -> None:
    """ModifyPassword (§4.12.8)."""
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET))
    home.box.wire.clear()
    with pytest.raises(BadInput):
        await device.do("", ChangeUser("guest", "other"))
    assert not home.box.wire
    with pytest.raises(Rejected):
        await device.do("", ChangeUser("guest", "other", old_password="wrong"))
    assert home.box.users["guest"] == SECRET
    await device.do("", ChangeUser("guest", "other", old_password=SECRET))
    assert home.box.users["guest"] == "other"
    assert "other" not in repr(ChangeUser("guest", "other", old_password="other"))


async def test_our_own_password_is_known_and_wanted_anew_afterwards(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", ChangeUser(USER, "other-2"))
    assert home.box.users[USER] == "other-2"
    with pytest.raises(InvalidAuth):
        await device.read("clock")
    await home.device("other-2").open()


@pytest.mark.parametrize("name", [USER, USER.upper()])
async def test_our_own_account_is_never_demoted_or_removed(house: Build, name: str) -> None:
    home = await house("ipc")
    users(home).passwords.setdefault(name, PASSWORD)
    device = await home.surveyed()
    with pytest.raises(BadInput):
        await device.do("", ChangeUser(name, group="viewer"))
    with pytest.raises(BadInput):
        await device.do("", RemoveUser(name))
    assert not changes(home)
    await device.do("", ChangeUser(name, group="admin", note="Home Assistant"))
    assert len(changes(home)) == 1


async def test_nothing_is_no_change_and_nobody_is_not_changed(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    for command in (
        ChangeUser(USER),
        ChangeUser("nobody", note="x"),
        RemoveUser("nobody"),
        ChangeUser("nobody", "new", old_password="old"),
        ChangeUser(USER, note="one\ntwo"),
    ):
        with pytest.raises(BadInput):
            await device.do("", command)
    assert not changes(home)


# --- removing -----------------------------------------------------------------------------------


async def test_somebody_is_let_in_no_more(house: Build) -> None:
    """DeleteUser (§4.12.7)."""
    home = await house("ipc")
    device = await home.surveyed()
    await device.do("", AddUser("guest", SECRET))
    answer = await device.do("", RemoveUser("guest"))
    assert set(home.box.users) == {"admin"}
    assert answer.updates == (Hint(("sessions",)),)


async def test_an_account_that_is_built_in_stays(house: Build) -> None:
    home = await house("ipc")
    home.box.users["system"] = "factory"
    device = await home.surveyed()
    with pytest.raises(BadInput):
        await device.do("", RemoveUser("system"))
    assert not changes(home)
    assert "system" in home.box.users
