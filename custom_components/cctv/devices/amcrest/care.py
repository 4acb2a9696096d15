"""Care of the box: backup, factory settings, switching off, what it speaks (§4.6, §4.7.9).

How a backup is given back is not known of this API, so there is no command for it.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from ..commands import BackUp, Command, FactoryReset, ShutDown
from ..errors import Gone, Unsaid, Unsupported
from ..http.client import Lane
from ..model import BOX, Answer, Batch, Content, Feature, PartId, Ref, Value
from . import saved, wire
from .box import Box
from .topic import Topic

_BACKUP: Final = "backup:all"
_CARE: Final[frozenset[type[Command]]] = frozenset({BackUp, FactoryReset, ShutDown})
_NETWORK: Final = ("Network", "WLan")
"""The tables of the address, by cable and without."""
VERSION: Final = "version:"
"""The polls of the versions that it speaks (§4.6.17, §4.6.18)."""
UPNP: Final = "upnp"
"""The poll of what the router said (§4.7.9)."""
_VERSIONS: Final[Mapping[str, str]] = {"Onvif": "onvif_version", "CGI": "api_version"}


# --- what there is --------------------------------------------------------------------------


async def _learn(box: Box) -> list[Value]:
    """What was found before; nothing is asked."""
    box.able["maintenance"] = {BOX: _CARE}
    known = {
        **{f"{VERSION}{name}": key for name, key in _VERSIONS.items()},
        UPNP: "upnp_state",
    }
    box.features["maintenance"] = [
        Feature(BOX, key, poll=poll)
        for poll, key in known.items()
        if box.verdicts.get(poll) is True
    ]
    return []


async def _survey(box: Box) -> list[Value]:
    """Which versions it tells, and whether it asks a router for ports."""
    told: list[Value] = []
    asks: dict[str, Callable[[Lane], Awaitable[Value]]] = {
        **{f"{VERSION}{name}": partial(_version, box, name) for name in _VERSIONS},
        UPNP: partial(_upnp, box),
    }
    for poll, ask in asks.items():
        if box.verdicts.get(poll) is None:
            value = await box.verdicts.probe(poll, partial(ask, Lane.SURVEY))
            told += [value] if value is not None else []
    await _learn(box)
    return told


# --- what it tells --------------------------------------------------------------------------


async def _version(box: Box, name: str, lane: Lane = Lane.READ) -> Value:
    """The version of one way to speak with it (IntervideoManager getVersion, §4.6.17-18)."""
    text = await box.client.ask("IntervideoManager", "getVersion", [("Name", name)], lane=lane)
    version = wire.word(text, "version")
    if version is None:
        raise Unsaid(f"no version of {name}")
    return Value(f"{BOX}:{_VERSIONS[name]}", version[:64])


async def _upnp(box: Box, lane: Lane = Lane.READ) -> Value:
    """What became of the ports asked of the router (netApp getUPnPStatus, §4.7.9)."""
    told = wire.pairs(await box.client.ask("netApp", "getUPnPStatus", lane=lane))
    members = {name.removeprefix("status."): value.strip() for name, value in told.items()}
    rows = wire.rows(told, "status") or ({0: members} if members else {})
    if not rows:
        raise Unsaid("nothing about UPnP")
    states = dict.fromkeys(row["Status"].strip() for row in rows.values() if row.get("Status"))
    ports = [
        f"{row.get('Protocol', '').strip()} {row.get('OuterPort', '?').strip()}"
        f" → {row.get('InnerPort', '?').strip()}".strip()
        for row in list(rows.values())[:16]
    ]
    state = ", ".join(states)[:255] or None
    return Value(f"{BOX}:upnp_state", state, details={"ports": "; ".join(ports)})


async def _read_version(box: Box, poll: str) -> Batch:
    """Read one of the versions."""
    return (await _version(box, poll.removeprefix(VERSION)),)


async def _read_upnp(box: Box, poll: str) -> Batch:
    """Read what the router said."""
    return (await _upnp(box),)


# --- what is done ---------------------------------------------------------------------------


async def _back_up(box: Box, part: PartId, command: BackUp) -> Answer:
    """Name the settings as a file; it is fetched by whoever wants it (§4.6.21)."""
    return Answer(ref=_BACKUP)


async def _fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """The settings as only the box can read them (Config.backup, §4.6.21)."""
    if ref != _BACKUP:
        raise Gone("no such backup")
    return await saved.fetch(box, wire.query("Config", "All", (), ".backup"), start, end)


async def _reset(box: Box, part: PartId, command: FactoryReset) -> Answer:
    """Forget all settings (restore, §4.6.22), or all but the address (restoreExcept, §4.6.23)."""
    if command.keep_network:
        kept = [name for name in _NETWORK if name == "Network" or await _has(box, name)]
        names = [(f"names[{at}]", name) for at, name in enumerate(kept)]
        await box.client.tell("magicBox", "restoreExcept", names)
        return Answer()
    try:
        await box.client.tell("magicBox", "restore", [("names[0]", "All")])
    except Unsupported:
        # Refused, so nothing was forgotten yet.
        await box.client.tell("magicBox", "resetSystemEx", [("type", 0)])
    return Answer()


async def _has(box: Box, table: str) -> bool:
    """Whether it has a table."""
    try:
        return bool(await box.store.read(table))
    except Unsupported:
        return False


async def _shut_down(box: Box, part: PartId, command: ShutDown) -> Answer:
    """Switch it off (shutdown, §4.6.9)."""
    await box.client.tell("magicBox", "shutdown")
    return Answer()


TOPIC: Final = Topic(
    learn=_learn,
    survey=_survey,
    readers={VERSION: _read_version, UPNP: _read_upnp},
    handlers={BackUp: _back_up, FactoryReset: _reset, ShutDown: _shut_down},
    fetchers={"backup": _fetch},
)
