"""Accounts, groups and their rights (§4.12)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.simulators.amcrest.config import wire_text
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply

MANAGE = "AuthUserMag"
_WATCH = ("Monitor_01", "Replay_01")
_RIGHTS = (
    MANAGE, "AuthSysCfg", "AuthEventCfg", "AuthNetCfg", "AuthRmtDevice", "AuthPTZ",
    "AuthMaintence", *_WATCH,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A group and what its members may do."""

    id: int
    name: str
    memo: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One account; its password is kept apart."""

    id: int
    name: str
    group: str
    memo: str = ""
    reserved: bool = False
    sharable: bool = True


@dataclass(frozen=True, slots=True)
class Active:
    """Somebody who is logged in."""

    name: str
    address: str = "192.168.1.20"
    kind: str = "Web3.0"
    since: str = "2026-11-20 08:15:00"
    group: str = "admin"


class Users(Section):
    """Who has an account, and who is logged in."""

    def __init__(self, device: Device) -> None:
        """Begin with two groups and nobody."""
        super().__init__(device)
        self.passwords: dict[str, str] = {}
        """By name; what the login is checked against."""
        self.groups = {
            "admin": Group(1, "admin", "administrator group", _RIGHTS),
            "user": Group(2, "user", "user group", _WATCH),
        }
        self.active = [Active("admin")]
        self._accounts: dict[str, Account] = {}

    @property
    def accounts(self) -> list[Account]:
        """Everybody with a password; whoever was there from the start is a reserved admin."""
        for name in self.passwords:
            if name not in self._accounts:
                self._accounts[name] = Account(self._next_id(), name, "admin", "", reserved=True)
        return [self._accounts[name] for name in self.passwords]

    def account(self, name: str | None) -> Account | None:
        """An account by its name."""
        return next((each for each in self.accounts if each.name == name), None)

    def may(self, name: str, right: str) -> bool:
        """Whether somebody has a right."""
        account = self.account(name)
        return account is not None and right in self.groups[account.group].rights

    def is_admin(self, name: str) -> bool:
        """Whether somebody is of the group admin, as doors want it (§11.1.1)."""
        account = self.account(name)
        return account is not None and account.group == "admin"

    def add(self, account: Account, password: str) -> None:
        """Open an account."""
        self._accounts[account.name] = replace(account, id=self._next_id())
        self.passwords[account.name] = password

    def change(self, account: Account) -> None:
        """Write an account anew."""
        self._accounts[account.name] = account

    def remove(self, name: str) -> None:
        """Close an account."""
        del self._accounts[name], self.passwords[name]

    def _next_id(self) -> int:
        return max((each.id for each in self._accounts.values()), default=0) + 1


def one_user(device: Device, command: Command) -> Reply:
    """§4.12.1 getUserInfo&name=U."""
    account = device.of(Users).account(command.get("name"))
    if account is None:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(*_user_lines(device, "user", account))


def all_users(device: Device, command: Command) -> Reply:
    """§4.12.2 getUserInfoAll."""
    accounts = device.of(Users).accounts
    return device.lines(
        *(
            line
            for i, one in enumerate(accounts)
            for line in _user_lines(device, f"users[{i}]", one)
        )
    )


def active_users(device: Device, command: Command) -> Reply:
    """§4.12.3 getActiveUserInfoAll."""
    lines: list[str] = []
    for i, one in enumerate(device.of(Users).active):
        lines += [
            f"users[{i}].ClientAddress={one.address}",
            f"users[{i}].ClientType={one.kind}",
            f"users[{i}].Group={one.group}",
            f"users[{i}].LoginTime={one.since}",
            f"users[{i}].Name={one.name}",
        ]
    return device.lines(*lines)


def one_group(device: Device, command: Command) -> Reply:
    """§4.12.4 getGroupInfo&name=G."""
    group = device.of(Users).groups.get(command.get("name") or "")
    if group is None:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(*_group_lines("group", group))


def all_groups(device: Device, command: Command) -> Reply:
    """§4.12.5 getGroupInfoAll."""
    groups = device.of(Users).groups.values()
    return device.lines(
        *(line for i, one in enumerate(groups) for line in _group_lines(f"groups[{i}]", one))
    )


def add_user(device: Device, command: Command) -> Reply:
    """§4.12.6 addUser&user.Name=&user.Password=&user.Group=&user.Sharable=&user.Reserved=."""
    users = device.of(Users)
    name, password = command.get("user.Name") or "", command.get("user.Password") or ""
    group = command.get("user.Group") or ""
    if not name or not password or users.account(name) is not None or group not in users.groups:
        return device.refuse(Refusal.BAD_REQUEST)
    account = Account(
        0,
        name,
        group,
        command.get("user.Memo") or "",
        command.get("user.Reserved") == "true",
        command.get("user.Sharable") != "false",
    )
    users.add(account, password)
    return device.ok()


def delete_user(device: Device, command: Command) -> Reply:
    """§4.12.7 deleteUser&name=: not a reserved one."""
    account = device.of(Users).account(command.get("name"))
    if account is None or account.reserved:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Users).remove(account.name)
    return device.ok()


def modify_user(device: Device, command: Command) -> Reply:
    """§4.12.8 modifyUser&name=U&user.Memo=…: untouched members stay."""
    users = device.of(Users)
    account = users.account(command.get("name"))
    if account is None:
        return device.refuse(Refusal.BAD_REQUEST)
    group = command.get("user.Group") or account.group
    if group not in users.groups:
        return device.refuse(Refusal.BAD_REQUEST)
    memo, sharable = command.get("user.Memo"), command.get("user.Sharable")
    users.change(
        replace(
            account,
            group=group,
            memo=account.memo if memo is None else memo,
            sharable=account.sharable if sharable is None else sharable == "true",
        )
    )
    return device.ok()


def modify_password(device: Device, command: Command) -> Reply:
    """§4.12 modifyPassword&name=&pwd=<new>&pwdOld=<old>."""
    passwords = device.of(Users).passwords
    name, new, old = (command.get(each) or "" for each in ("name", "pwd", "pwdOld"))
    if not new or name not in passwords or passwords[name] != old:
        return device.refuse(Refusal.BAD_REQUEST)
    passwords[name] = new
    return device.ok()


def _managing(answer: Callable[[Device, Command], Reply]) -> Callable[[Device, Command], Reply]:
    """Only for those who have the right to manage accounts (§5)."""

    def answered(device: Device, command: Command) -> Reply:
        if not device.of(Users).may(command.user, MANAGE):
            return device.refuse(Refusal.NO_RIGHT)
        reply = answer(device, command)
        device.changed.poke()
        return reply

    return answered


def _user_lines(device: Device, place: str, account: Account) -> list[str]:
    rights = device.of(Users).groups[account.group].rights
    return [
        *(f"{place}.AuthorityList[{i}]={right}" for i, right in enumerate(rights)),
        f"{place}.Group={account.group}",
        f"{place}.Id={account.id}",
        f"{place}.Memo={account.memo}",
        f"{place}.Name={account.name}",
        f"{place}.Reserved={wire_text(account.reserved)}",
        f"{place}.Sharable={wire_text(account.sharable)}",
    ]


def _group_lines(place: str, group: Group) -> list[str]:
    return [
        *(f"{place}.AuthorityList[{i}]={right}" for i, right in enumerate(group.rights)),
        f"{place}.Id={group.id}",
        f"{place}.Memo={group.memo}",
        f"{place}.Name={group.name}",
    ]


ANSWERS = {
    "userManager.getUserInfo": one_user,
    "userManager.getUserInfoAll": all_users,
    "userManager.getActiveUserInfoAll": active_users,
    "userManager.getGroupInfo": one_group,
    "userManager.getGroupInfoAll": all_groups,
    "userManager.addUser": _managing(add_user),
    "userManager.deleteUser": _managing(delete_user),
    "userManager.modifyUser": _managing(modify_user),
    "userManager.modifyPassword": _managing(modify_password),
}
