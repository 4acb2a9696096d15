"""Other devices that the box hears on its network (deviceDiscovery attach, §14.1.1)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
import re
from typing import Final

from .. import hardware
from ..errors import BadInput, Malformed, NoAnswer
from ..http.client import MIB
from ..model import BOX, PartId, Table, TableRow, Value
from . import wire
from .box import Box
from .topic import Topic

NEIGHBOURS: Final = "neighbours"
_TIMES: Final = 3
_PAUSE: Final = 1.0
"""Seconds between two reads: each answer has what was heard so far."""
_DEADLINE: Final = 20.0
_IDLE: Final = 3.0
"""Seconds after which an answer that stays open has said what it had to say."""
_LIMIT: Final = 4 * MIB
_MOST: Final = 2_000
_WORD: Final = re.compile(r"[A-Za-z]\w{0,31}", re.ASCII)
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("MachineName",),
    "address": ("IPv4Address.IPAddress", "IPAddress"),
    "mac": ("Mac",),
    "serial": ("SerialNo",),
    "class": ("DeviceClass",),
    "model": ("DeviceType",),
    "maker": ("Vendor", "Manufacturer"),
    "firmware": ("Version",),
    "port": ("Port",),
    "http_port": ("HttpPort",),
    "cameras": ("VideoInputChannels",),
    "remote_cameras": ("RemoteVideoInputChannels",),
}
"""Columns, and the members that tell them."""


async def _learn(box: Box) -> list[Value]:
    """What was found before; nothing is asked."""
    there = box.verdicts.get(NEIGHBOURS) is True
    box.tables[NEIGHBOURS] = {BOX: frozenset({NEIGHBOURS})} if there else {}
    return []


async def _survey(box: Box) -> list[Value]:
    """Whether it listens to its network."""
    if box.verdicts.get(NEIGHBOURS) is None:
        await box.verdicts.probe(NEIGHBOURS, lambda: _begun(box))
    return await _learn(box)


async def _begun(box: Box) -> None:
    """Whether an answer begins; its rest is not read."""
    async with box.client.http.stream(_path({}), deadline=_DEADLINE, idle=_IDLE) as stream:
        try:
            head = await stream.peek(256)
        except NoAnswer:
            # Open and silent: nobody was heard yet.
            if stream.status == 200:
                return
            raise
        box.client.text(head)


async def _find(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """Whom it hears, read up to three times as long as there are more of them."""
    path = _path(query.where)
    heard: dict[str, TableRow] = {}
    for time in range(_TIMES):
        if time:
            await box.env.clock.sleep(_PAUSE)
        before = len(heard)
        for row in await _read(box, path):
            if key := row["serial"] or row["mac"] or row["address"]:
                heard[str(key)] = row
        if len(heard) in (before, _MOST) or len(heard) >= query.limit:
            break
    for row in list(heard.values())[: min(query.limit, _MOST)]:
        yield row


async def _read(box: Box, path: str) -> list[TableRow]:
    """One answer, which may end or stay open."""
    body = bytearray()
    async with box.client.http.stream(path, deadline=_DEADLINE, idle=_IDLE) as stream:
        if stream.status != 200:
            box.client.text(await stream.peek(256))
        try:
            async with asyncio.timeout(_DEADLINE):
                async for chunk in stream:
                    body += chunk
                    if len(body) > _LIMIT:
                        raise Malformed("more neighbours than there can be")
        except NoAnswer, TimeoutError:
            # It stays open as an attachment does: what came is what there is.
            pass
    text = body.decode("utf-8", "replace")
    if text.lstrip()[:5].lower() == "error":
        return []
    found = wire.rows(wire.pairs(text), "deviceInfo")
    return [_row(found[at]) for at in sorted(found)[:_MOST]]


def _row(one: Mapping[str, str]) -> TableRow:
    """A device as it is told."""
    row: dict[str, object] = {
        column: next((one[name].strip()[:120] for name in names if one.get(name)), "")
        for column, names in _COLUMNS.items()
    }
    row["mac"] = hardware.mac(str(row["mac"])) or ""
    init = one.get("Init", "").strip()
    # 0: nobody has given it a password yet.
    row["initialised"] = None if not init else init != "0"
    return row


def _path(where: Mapping[str, str]) -> str:
    """The request, for a class of devices or for what they speak, if wanted."""
    params: list[tuple[str, wire.Param]] = []
    for key, name in (("class", "DeviceClass"), ("type", "Types[0]")):
        if (word := where.get(key)) is not None:
            if not _WORD.fullmatch(word):
                raise BadInput(f"{key}: one word, such as VTO or onvif")
            params.append((name, word))
    return wire.query("deviceDiscovery", "attach", params)


TOPIC: Final = Topic(learn=_learn, survey=_survey, finders={NEIGHBOURS: _find})
