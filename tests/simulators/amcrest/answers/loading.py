"""Fetching recordings, by their name and by their time (§4.2.3, §4.11.6, §4.11.7)."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.simulators.amcrest.answers.finding import media_channel
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.downloads import Body, wrapped
from tests.simulators.amcrest.finder import BadCondition, read_time
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.item import Item
from tests.simulators.wire import Connection, Headers, Reply

_BYTES: Headers = (("Content-Type", "application/octet-stream"),)
_STREAMS = ("Main", "Extra1", "Extra2", "Extra3")


async def by_name(device: Device, command: Command, connection: Connection) -> Reply | None:
    """RPC_Loadfile<FilePath>: the bytes of a file."""
    return await _file(device, command, connection, command.rest)


async def by_manager(device: Device, command: Command, connection: Connection) -> Reply | None:
    """FileManager.cgi?action=downloadFile&fileName=<FilePath>."""
    return await _file(device, command, connection, command.get("fileName") or "")


async def by_time(device: Device, command: Command, connection: Connection) -> Reply | None:
    """loadfile.cgi startLoad&channel=&startTime=&endTime=[&subtype=0][&Types=dav|mp4]."""
    kind = command.get("Types") or "dav"
    span = span_of(device, command)
    if span is None or kind not in ("dav", "mp4") or (kind == "mp4" and not device.faults.load_mp4):
        return device.refuse(Refusal.BAD_REQUEST)
    if device.downloads.busy:
        return device.refuse(device.faults.downloads_refusal)
    if kind == "mp4":
        seconds = max(1, round(sum(span.seconds(item) for item in span.items)))
        film = await asyncio.to_thread(device.store.mp4, span.items[0], seconds)
        pieces = iter((film,))
    else:
        pieces = await asyncio.to_thread(device.store.between, span.items, span.start, span.end)
    await _send(device, command, connection, Body(span.named("startLoad"), _BYTES, pieces))
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """What of which recordings is asked for."""

    start: datetime
    end: datetime
    items: list[Item]

    def seconds(self, item: Item) -> float:
        """How much of a recording lies within."""
        return (min(self.end, item.end) - max(self.start, item.start)).total_seconds()

    def named(self, verb: str) -> str:
        """How it stands in the log of downloads."""
        return f"{verb} {self.start} {self.end}"


def span_of(device: Device, command: Command) -> Span | None:
    """What was recorded in a time; None for nothing and for what cannot be read."""
    subtype = command.number("subtype", 0) or 0
    try:
        channel = media_channel(device, command.get("channel"))
        start, end = read_time(command.get("startTime")), read_time(command.get("endTime"))
    except BadCondition:
        return None
    if not 0 <= subtype < len(_STREAMS):
        return None
    items = [
        item
        for item in device.store.overlapping(channel, start, end)
        if item.stream == _STREAMS[subtype]
        and not item.is_picture
        and item.damage is None
        and item.start < end
        and item.end > start
    ]
    return Span(start, end, items) if items else None


async def _file(
    device: Device, command: Command, connection: Connection, path: str
) -> Reply | None:
    item = device.store.at(path)
    if item is None:
        return device.refuse(Refusal.NOT_FOUND)
    if device.downloads.busy:
        return device.refuse(device.faults.downloads_refusal)

    def made() -> tuple[int, Iterator[bytes]]:
        return device.store.size(item), device.store.pieces(item)

    size, pieces = await asyncio.to_thread(made)
    if device.faults.load_empty:
        size, pieces = 0, iter(())
    body = Body(path, _BYTES, pieces, size)
    if device.faults.load_multipart:
        body = wrapped(body)
    if not device.faults.load_length:
        body = Body(body.name, body.headers, body.pieces)
    await _send(device, command, connection, body)
    return None


async def _send(device: Device, command: Command, connection: Connection, body: Body) -> None:
    faults = device.faults
    await asyncio.sleep(faults.delays.get(command.key, faults.delays.get(command.cgi, 0.0)))
    await device.downloads.send(connection, body, head_only=command.request.method == "HEAD")


STREAMS = {
    "RPC_Loadfile": by_name,
    "FileManager.downloadFile": by_manager,
    "loadfile.startLoad": by_time,
}
