"""Care of the box (§1.2-1.10, §6): accounts, IP filter, backup, clock, restart and reset."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from ipaddress import ip_address, ip_network
import re
from typing import Final

from ..commands import (
    AddUser,
    ChangeUser,
    FactoryReset,
    GetConfig,
    RemoveUser,
    Restore,
    SetConfig,
    SetIpFilter,
    SetTime,
    Upgrade,
)
from ..errors import BadInput, CannotConnect, Rejected, Unsupported
from ..http.client import Lane
from ..model import (
    BOX,
    Answer,
    Batch,
    Content,
    Hint,
    Query,
    TableRow,
    Value,
)
from ..settings import POLL, get_config, set_config
from ..when import drift_of, to_local
from .box import Box

BACKUP: Final = "backup"
TABLES: Final = frozenset({"users", "ip_filter", "log"})
_USER: Final = re.compile(r"[A-Za-z0-9]{1,14}", re.ASCII)
_GROUP: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.*-]{0,99}", re.ASCII)
_GROUPS: Final = ("viewer", "operator", "admin")
"""Each may do what those before it may, and has to name them (§1.2)."""
_SILENT: Final = 30.0
_EMPTY: Final = "the file is empty"


# --- accounts (§1.2) ----------------------------------------------------------------------------


def _user(name: str) -> str:
    if not _USER.fullmatch(name):
        raise BadInput("a user name has 1 to 14 letters and digits")
    return name


def _rights(group: str) -> str:
    """A group with those that it stands for."""
    if group not in _GROUPS:
        raise BadInput("a group is viewer, operator or admin")
    return ":".join(_GROUPS[: _GROUPS.index(group) + 1])


async def add_user(box: Box, command: AddUser) -> Answer:
    """Let somebody in."""
    values = [("user", _user(command.user)), ("pwd", command.password)]
    if not command.password:
        raise BadInput("an account needs a password")
    values += [("grp", "users"), ("sgrp", _rights(command.group)), ("comment", command.note)]
    await box.client.change_user("add", values)
    return Answer()


async def change_user(box: Box, command: ChangeUser) -> Answer:
    """Change a password or rights; the right to move cameras stays as it was."""
    values = [("user", _user(command.user))]
    if command.password:
        values.append(("pwd", command.password))
    if command.group:
        rights = _rights(command.group)
        members = (await box.client.users()).get("ptz", ())
        if command.user in members:
            rights += ":ptz"
        values += [("grp", "users"), ("sgrp", rights)]
    if command.note:
        values.append(("comment", command.note))
    if len(values) == 1:
        raise BadInput("nothing to change")
    await box.client.change_user("update", values)
    return Answer()


async def remove_user(box: Box, command: RemoveUser) -> Answer:
    """Let somebody in no more; never ourselves."""
    if _user(command.user) == box.env.address.user:
        raise BadInput("this is the account that is used here")
    await box.client.change_user("remove", [("user", command.user)])
    return Answer()


# --- who may reach it (§6) ----------------------------------------------------------------------


async def set_ip_filter(box: Box, command: SetIpFilter) -> Answer:
    """Choose who may reach the box; our own address is let in before anything else happens."""
    wanted = [_network(each) for each in command.addresses]
    own = await _own_address(box)
    now = await box.client.ip_filter()
    if now.policy != "allow":
        raise Rejected("the filter keeps addresses out instead of letting them in")
    if not _covers(now.addresses, own):
        await box.client.change_filter("add", [("ipaddress", own)])
    if not command.enabled:
        await box.client.change_filter("update", [("enable", "no")])
    for each in wanted:
        if each not in now.addresses and each != own:
            await box.client.change_filter("add", [("ipaddress", each)])
    keep = {own, *wanted}
    for each in now.addresses if wanted else ():
        if each not in keep and not _only_ours(each, own, keep):
            await box.client.change_filter("remove", [("ipaddress", each)])
    if command.enabled:
        await box.client.change_filter("update", [("enable", "yes"), ("verify", "yes")])
    now = await box.client.ip_filter()
    if now.enabled is not command.enabled:
        raise Rejected("the filter stays " + ("on" if now.enabled else "off"))
    return Answer(data={"enabled": now.enabled, "addresses": [*now.addresses]})


def _network(text: str) -> str:
    """An address or network. BadInput for anything else."""
    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        raise BadInput(f"no address: {text[:40]!r}") from None
    return text.strip()


def _covers(addresses: Sequence[str], own: str) -> bool:
    """Whether an address is among these."""
    for each in addresses:
        try:
            if ip_address(own) in ip_network(each, strict=False):
                return True
        except ValueError:
            continue
    return False


def _only_ours(each: str, own: str, keep: set[str]) -> bool:
    """Whether an entry is what lets us in, and nothing that stays does."""
    return _covers([each], own) and not _covers([*keep - {own}], own)


async def _own_address(box: Box) -> str:
    """Our own address on the way to the box; nothing is sent to find it out."""
    address = box.env.address
    loop = asyncio.get_running_loop()
    try:
        # A name may take long to be found.
        async with asyncio.timeout(_SILENT):
            transport, _ = await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, remote_addr=(address.host, address.port)
            )
    except (OSError, TimeoutError) as error:
        raise CannotConnect("no way to the box") from error
    try:
        return str(transport.get_extra_info("sockname")[0])
    finally:
        transport.close()


# --- files, clock, restart (§1.3-1.10) ----------------------------------------------------------


async def backup(box: Box) -> Content:
    """The settings as a file (§1.5)."""
    stream = await box.client.http.open(
        "/backup.cgi", lane=Lane.DOWNLOAD, idle=_SILENT, login=box.client.login
    )
    try:
        kind = stream.headers.get("content-type", "application/octet-stream")
        if stream.status != 200 or kind.lower().startswith("text/html"):
            box.client.check(await stream.peek(4096))
            raise Unsupported("no backup")
    except BaseException:
        await stream.aclose()
        raise
    return Content("application/octet-stream", stream.chunks, container="bin")


async def restore(box: Box, command: Restore) -> Answer:
    """Load the settings from a file (§1.6); the box restarts."""
    if not command.content:
        raise BadInput(_EMPTY)
    await box.client.restore(command.content)
    return Answer()


async def upgrade(box: Box, command: Upgrade) -> Answer:
    """Install firmware (§1.7); the box restarts."""
    if not command.content:
        raise BadInput(_EMPTY)
    await box.client.upgrade(command.content)
    return Answer()


async def factory_reset(box: Box, command: FactoryReset) -> Answer:
    """Forget all settings; the address stays or goes (§1.3, §1.4)."""
    await box.client.factory_default(keep_network=command.keep_network)
    return Answer()


async def restart(box: Box) -> Answer:
    """Restart (§1.8)."""
    await box.client.reboot()
    return Answer()


async def clock(box: Box) -> Batch:
    """How far the device's clock is ahead (§1.10.1)."""
    asked = box.env.clock.now()
    box.drift = drift_of(await box.client.time(), box.zone, asked)
    return (Value(f"{BOX}:clock_drift", round(box.drift.total_seconds())),)


async def set_time(box: Box, command: SetTime) -> Answer:
    """Set the device's clock, to our time if none is given (§1.10.2), and look at it."""
    moment = command.time or box.env.clock.now()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=box.env.zone)
    local = to_local(moment, box.zone)
    if not 1970 <= local.year <= 2031:
        raise BadInput("the clock goes from 1970 to 2031")
    await box.client.set_time(local)
    return Answer(await clock(box))


# --- parameters (§1.1) --------------------------------------------------------------------------


async def show_config(box: Box, command: GetConfig) -> Answer:
    """One group of parameters, secrets masked."""
    if not _GROUP.fullmatch(command.name):
        raise BadInput("no name of a group")
    return Answer(data=await get_config(box.store, command.name))


async def change_config(box: Box, command: SetConfig) -> Answer:
    """Change parameters that the device lists; what they were before."""
    before = await set_config(box.store, command.values)
    polls = {f"{POLL}{name.partition('.')[0]}" for name in command.values}
    known = tuple(sorted(polls & set(box.topology.polls)))
    return Answer((Hint(known),) if known else (), before)


# --- tables -------------------------------------------------------------------------------------


async def find(box: Box, kind: str, query: Query) -> AsyncGenerator[TableRow]:
    """Accounts, the IP filter, or the log with its newest line first (§1.2, §1.9, §6.2)."""
    rows: list[TableRow]
    if kind == "users":
        rows = await _users(box)
    elif kind == "ip_filter":
        found = await box.client.ip_filter()
        common = {"enabled": found.enabled, "policy": found.policy}
        rows = [{"address": each, **common} for each in found.addresses or ("",)]
    elif kind == "log":
        rows = [{"text": line[:500]} for line in reversed(await box.client.log())]
    else:
        raise Unsupported(f"no table {kind}")
    for row in rows[: query.limit]:
        yield row


async def _users(box: Box) -> list[TableRow]:
    """Each account with the highest of its groups."""
    groups = await box.client.users()
    users = dict.fromkeys(name for members in groups.values() for name in members)
    found: list[TableRow] = []
    for user in users:
        mine = [group for group, members in groups.items() if user in members]
        highest = next((group for group in reversed(_GROUPS) if group in mine), "")
        found.append({"user": user, "group": highest, "groups": sorted(mine)})
    return found
