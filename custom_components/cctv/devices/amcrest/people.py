"""Who may log in, in which group, and who is (userManager.cgi, §4.12); passwords only go out."""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
import re
from typing import Final

from ..commands import AddUser, ChangeUser, RemoveUser
from ..errors import BadInput, Rejected, Unsupported
from ..http.client import Lane
from ..model import BOX, Answer, Hint, PartId, Table, TableRow, Value
from ..when import to_utc
from . import wire
from .box import Box
from .features import SESSIONS
from .topic import Topic
from .walk import clock

_CGI: Final = "userManager"
USERS: Final = "users"
GROUPS: Final = "groups"
_TABLES: Final[Mapping[str, str]] = {USERS: "getUserInfoAll", GROUPS: "getGroupInfoAll"}
"""What is asked for a table; that of the sessions is probed for its own sake."""
_PEOPLE: Final = "people"
_MOST: Final = 1_000
_MANAGES: Final = "AuthUserMag"
_MOVES: Final = "AuthPTZ"
_USUAL: Final[Mapping[str, str]] = {"admin": "admin", "viewer": "user"}
"""The groups of boxes that do not tell theirs."""
_NAME: Final = re.compile(r"[\w.@-]{1,63}", re.ASCII)
_OURS: Final = "this is the account that is used here"


# --- what there is --------------------------------------------------------------------------


async def _learn(box: Box) -> list[Value]:
    """What was found before; nothing is asked."""
    found = frozenset(kind for kind in (USERS, GROUPS, SESSIONS) if box.verdicts.get(kind) is True)
    box.tables[_PEOPLE] = {BOX: found}
    people = frozenset({AddUser, ChangeUser, RemoveUser})
    box.able[_PEOPLE] = {BOX: people} if USERS in found else {}
    return []


async def _survey(box: Box) -> list[Value]:
    """Whether this account may see the others (§4.12.2) and the groups (§4.12.5)."""
    for kind, action in _TABLES.items():
        if box.verdicts.get(kind) is None:
            ask = partial(box.client.ask, _CGI, action, lane=Lane.SURVEY)
            await box.verdicts.probe(kind, ask)
    return await _learn(box)


# --- tables ---------------------------------------------------------------------------------


async def _users(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Accounts (getUserInfoAll, §4.12.2), or the one of a name (getUserInfo, §4.12.1)."""
    name = query.where.get("user")
    for one in await _listed(box, USERS, "getUserInfo", name, query.limit):
        yield {
            "user": one.get("Name", "").strip(),
            "group": one.get("Group", "").strip(),
            "note": one.get("Memo", "").strip(),
            "reserved": _is_on(one.get("Reserved")),
            "shared": _is_on(one.get("Sharable")),
            "rights": _rights(one),
        }


async def _groups(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Groups (getGroupInfoAll, §4.12.5), or the one of a name (getGroupInfo, §4.12.4)."""
    name = query.where.get("group")
    for one in await _listed(box, GROUPS, "getGroupInfo", name, query.limit):
        yield {
            "group": one.get("Name", "").strip(),
            "note": one.get("Memo", "").strip(),
            "rights": _rights(one),
        }


async def _sessions(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Who is logged in (getActiveUserInfoAll, §4.12.3), the latest first."""
    text = await box.client.ask(_CGI, "getActiveUserInfoAll")
    found = list(wire.rows(wire.pairs(text), "users").values())[:_MOST]
    shown = await clock(box)
    rows: list[TableRow] = []
    for one in found:
        try:
            since = to_utc(wire.moment(one.get("LoginTime", "")), shown.zone, shown.drift)
        except ValueError:
            since = None
        rows.append(
            {
                "user": one.get("Name", "").strip(),
                "group": one.get("Group", "").strip(),
                "address": one.get("ClientAddress", "").strip(),
                "client": one.get("ClientType", "").strip(),
                "since": since,
            }
        )
    rows.sort(key=lambda row: row["since"].timestamp() if row["since"] else 0, reverse=True)
    for row in rows[: query.limit]:
        yield row


async def _listed(
    box: Box, kind: str, action: str, name: str | None, limit: int = _MOST
) -> list[dict[str, str]]:
    """All rows of a kind, or only the one of a name; none if there is none."""
    if name is None:
        text = await box.client.ask(_CGI, _TABLES[kind])
        return list(wire.rows(wire.pairs(text), kind).values())[: min(limit, _MOST)]
    if not _NAME.fullmatch(name):
        raise BadInput("a name has letters, digits and _ . @ - only")
    try:
        text = await box.client.ask(_CGI, action, [("name", name)])
    except Unsupported:
        return []
    one = {key.partition(".")[2] or key: value for key, value in wire.pairs(text).items()}
    return [one] if one else []


def _rights(one: Mapping[str, str]) -> list[str]:
    """The names of what somebody may do."""
    return [value.strip() for name, value in one.items() if name.startswith("AuthorityList[")]


def _is_on(word: str | None) -> bool:
    return (word or "").strip().lower() in ("true", "1")


# --- changes --------------------------------------------------------------------------------


async def _add(box: Box, part: PartId, command: AddUser) -> Answer:
    """Let somebody in (addUser, §4.12.6)."""
    name = _named(command.user)
    password = _secret(command.password)
    if await _listed(box, USERS, "getUserInfo", name):
        raise BadInput("there is a user of that name")
    params: list[tuple[str, wire.Param]] = [
        ("user.Name", name),
        ("user.Password", password),
        ("user.Group", await _group(box, command.group)),
        ("user.Sharable", "true"),
        ("user.Reserved", "false"),
    ]
    if command.note:
        params.append(("user.Memo", _line(command.note)))
    await _tell(box, "addUser", params)
    return Answer()


async def _change(box: Box, part: PartId, command: ChangeUser) -> Answer:
    """Change group or remark (modifyUser), or the password (modifyPassword, §4.12.8)."""
    name = _named(command.user)
    own = _is_own(box, name)
    if not (command.password or command.group or command.note):
        raise BadInput("nothing to change")
    known = command.old_password or (box.env.address.password if own else "")
    if command.password and not known:
        raise BadInput("this device changes a password only for one who knows it")
    account = await _account(box, name)
    changes: list[tuple[str, wire.Param]] = []
    if command.group:
        group = await _group(box, command.group)
        if own and group != account.get("Group", "").strip():
            raise BadInput(f"{_OURS}: its rights stay")
        changes.append(("user.Group", group))
    if command.note:
        changes.append(("user.Memo", _line(command.note)))
    password = _secret(command.password) if command.password else ""
    if changes:
        await _tell(box, "modifyUser", [("name", name), *changes])
    if password:
        await _tell(box, "modifyPassword", [("name", name), ("pwd", password), ("pwdOld", known)])
    return Answer()


async def _remove(box: Box, part: PartId, command: RemoveUser) -> Answer:
    """Let somebody in no more (deleteUser, §4.12.7); never ourselves, nor one that is built in."""
    name = _named(command.user)
    if _is_own(box, name):
        raise BadInput(_OURS)
    if _is_on((await _account(box, name)).get("Reserved")):
        raise BadInput("this account is built in")
    await _tell(box, "deleteUser", [("name", name)])
    return Answer((Hint((SESSIONS,)),) if SESSIONS in box.topology.polls else ())


async def _tell(box: Box, action: str, params: list[tuple[str, wire.Param]]) -> None:
    """Send a change; what the box refuses though it has accounts is against its rules."""
    try:
        await box.client.tell(_CGI, action, params)
    except Unsupported as error:
        raise Rejected(f"{action}: {error}") from error


async def _account(box: Box, name: str) -> dict[str, str]:
    """An account by its name. BadInput if there is none."""
    found = await _listed(box, USERS, "getUserInfo", name)
    if not found:
        raise BadInput("no user of that name")
    return found[0]


async def _group(box: Box, wanted: str) -> str:
    """The box's group for viewer, operator or admin: by its name, else by what it may do."""
    try:
        listed = await _listed(box, GROUPS, "getGroupInfo", None)
    except Unsupported:
        listed = []
    groups = {one.get("Name", "").strip(): _rights(one) for one in listed}
    groups.pop("", None)
    if not groups and wanted in _USUAL:
        return _USUAL[wanted]
    for name in groups:
        if name.lower() == wanted:
            return name
    fitting = {
        name: rights
        for name, rights in groups.items()
        if (_MANAGES in rights) is (wanted == "admin")
        and (wanted != "operator" or _MOVES in rights)
    }
    if not fitting:
        raise BadInput(f"no group of the device is for that: {', '.join(groups)[:200]}")
    return min(fitting, key=lambda name: len(fitting[name]))


def _is_own(box: Box, name: str) -> bool:
    """Whether it is the account that we use."""
    return name.casefold() == box.env.address.user.casefold()


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadInput("a user name has letters, digits and _ . @ - only")
    return name


def _secret(password: str) -> str:
    if not password or len(password) > 128 or not password.isprintable():
        raise BadInput("a password has 1 to 128 characters that can be typed")
    return password


def _line(text: str) -> str:
    if len(text) > 255 or not text.isprintable():
        raise BadInput("a remark is one line")
    return text


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    handlers={AddUser: _add, ChangeUser: _change, RemoveUser: _remove},
    finders={USERS: _users, GROUPS: _groups, SESSIONS: _sessions},
)
