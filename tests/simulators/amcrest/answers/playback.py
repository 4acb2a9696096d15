"""Playback between two times over HTTP, and its control (§4.2.3, §4.2.4)."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulators.amcrest.answers.loading import Span, span_of
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.downloads import Body
from tests.simulators.amcrest.finder import BadCondition, read_time
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Connection, Headers, Reply

_BYTES: Headers = (("Content-Type", "Application/octet-stream"),)


@dataclass(slots=True)
class Playback:
    """One stream: whether it flows, and what it was told."""

    number: int
    device: Device
    connection: Connection
    span: Span
    flows: asyncio.Event
    cancelled: bool = False
    speed: float = 1.0
    key_frames_only: bool = False
    seek: datetime | None = None
    operate_id: int = 0
    orders: list[str] = field(default_factory=list)

    async def gate(self) -> bool:
        """Wait while it is paused; whether it goes on."""
        if not self.flows.is_set():
            gone = asyncio.ensure_future(self.connection.gone())
            freed = asyncio.ensure_future(self.flows.wait())
            await asyncio.wait({gone, freed}, return_when=asyncio.FIRST_COMPLETED)
            self.cancelled |= not freed.done()
            for task in (gone, freed):
                task.cancel()
            await asyncio.gather(gone, freed, return_exceptions=True)
        return not self.cancelled

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, from another moment on where it was told to seek."""
        yield b"streamId=%d\r\n" % self.number
        start: datetime | None = self.span.start
        while start is not None:
            self.seek = None
            items = [item for item in self.span.items if item.end > start]
            for piece in self.device.store.between(items, start, self.span.end):
                if self.seek is not None:
                    break
                yield piece
            start = self.seek


class Playbacks(Section):
    """The streams that are open, by their numbers."""

    def __init__(self, device: Device) -> None:
        """Begin with none."""
        super().__init__(device)
        self.open: dict[int, Playback] = {}
        self.last = 0

    def begin(self, span: Span, connection: Connection) -> Playback:
        """A new one."""
        self.last += 1
        flows = asyncio.Event()
        flows.set()
        playback = Playback(self.last, self.device, connection, span, flows)
        self.open[self.last] = playback
        return playback


async def stream(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.2.3 getStream&channel=&startTime=&endTime=: a line with its number, then DHAV."""
    span = span_of(device, command)
    if span is None:
        return device.refuse(Refusal.BAD_REQUEST)
    if device.downloads.busy:
        return device.refuse(device.faults.downloads_refusal)
    await asyncio.to_thread(device.store.between, span.items, span.start, span.end)
    playbacks = device.of(Playbacks)
    playback = playbacks.begin(span, connection)
    body = Body(span.named("getStream"), _BYTES, playback.pieces())
    delay = device.faults.delays.get(command.key, device.faults.delays.get(command.cgi, 0.0))
    try:
        await asyncio.sleep(delay)
        await device.downloads.send(connection, body, gate=playback.gate)
    finally:
        del playbacks.open[playback.number]
        device.changed.poke()
    return None


def control(device: Device, command: Command) -> Reply:
    """§4.2.4 control&streamId=<n>&cmd=play|pause|cancel[&speed=&iframe=&seekTime=]."""
    playback = device.of(Playbacks).open.get(command.number("streamId") or 0)
    order = command.get("cmd")
    if playback is None or order not in ("play", "pause", "cancel"):
        return device.refuse(Refusal.BAD_REQUEST)
    if order == "play":
        return _play(device, command, playback)
    playback.orders.append(order)
    if order == "pause":
        playback.flows.clear()
    else:
        playback.cancelled = True
        playback.flows.set()
    device.changed.poke()
    return device.ok()


def _play(device: Device, command: Command, playback: Playback) -> Reply:
    text = command.get("seekTime")
    try:
        speed = float(command.get("speed") or 1)
        seek = None if text is None else read_time(text)
    except ValueError, BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    if speed == 0 or command.get("iframe") not in (None, "0", "1"):
        return device.refuse(Refusal.BAD_REQUEST)
    playback.orders.append("play")
    playback.speed = speed
    playback.key_frames_only = command.get("iframe") == "1" or speed < 0
    playback.seek = seek
    playback.operate_id += 1
    playback.flows.set()
    device.changed.poke()
    return device.lines("OK", f"operateId={playback.operate_id}")


ANSWERS = {"playBack.control": control}
STREAMS = {"playBack.getStream": stream}
