"""Answers without an end, in parts, to everybody who has attached to one thing (§4.9.17)."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.events import HEARTBEAT, stream_head
from tests.simulators.amcrest.grammar import Command, encode
from tests.simulators.wire import Connection

TEXT = "text/plain"
JPEG = "image/jpeg"
BYTES = "application/octet-stream"
_LONGEST_BEAT = 60
_DEFAULT_BEAT = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it is, and its bytes."""

    body: bytes
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who is attached, and to what."""

    connection: Connection
    key: object = None


def text_part(lines: Iterable[str], eol: bytes = b"\r\n") -> Part:
    """Lines as one part."""
    return Part(b"".join(encode(line) + eol for line in lines))


def beat_of(command: Command) -> int | None:
    """The interval asked for (5 s unless said); None where it cannot be had."""
    beat = command.number("heartbeat", _DEFAULT_BEAT)
    return beat if beat is not None and 1 <= beat <= _LONGEST_BEAT else None


class Parts:
    """The listeners of one thing."""

    def __init__(self, device: Device) -> None:
        """Begin with nobody."""
        self._device = device
        self.listeners: list[Listener] = []
        self.attaches = 0

    def send(self, *parts: Part, key: object = None) -> int:
        """Say parts to those who listen to this; how many they are."""
        heard = [each for each in self.listeners if key is None or each.key in (key, None)]
        for each in heard:
            each.connection.write(b"".join(self._written(part) for part in parts))
        return len(heard)

    async def serve(
        self, connection: Connection, beat: float, key: object = None, *first: Part
    ) -> None:
        """Keep one listener until it is gone, with heartbeats in the pauses."""
        connection.begin(stream_head(self._device.faults))
        listener = Listener(connection, key)
        self.listeners.append(listener)
        self.attaches += 1
        for part in first:
            connection.write(self._written(part))
        self._device.changed.poke()
        gone = asyncio.ensure_future(connection.gone())
        try:
            while not (await asyncio.wait({gone}, timeout=beat))[0]:
                if self._device.faults.heartbeats:
                    connection.write(self._written(Part(HEARTBEAT)))
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
            self.listeners.remove(listener)
            self._device.changed.poke()

    def cut(self) -> None:
        """Hang up on everybody."""
        for each in list(self.listeners):
            each.connection.close()

    def _written(self, part: Part) -> bytes:
        eol = self._device.faults.stream_eol or self._device.faults.eol
        head = [
            b"--myboundary",
            b"Content-Type: %s" % part.kind.encode(),
            b"Content-Length:%d" % len(part.body),
            b"",
        ]
        return eol.join(head) + eol + part.body + eol * 2
