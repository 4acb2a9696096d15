"""A small MQTT broker on loopback, for what simulated devices say to Home Assistant's own MQTT.

It speaks MQTT 3.1.1 and 5 as far as everyday clients do: no logins, no wills, quality of service 0.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
import struct
from typing import Final, Self

HOST: Final = "127.0.0.1"
FIVE: Final = 5
"""The protocol level of MQTT 5; 4 is 3.1.1."""
MOST: Final = 1 << 20
"""The largest packet that is taken, in bytes."""
LINGER_SECONDS: Final = 5.0

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK = 8, 9, 10, 11
PINGREQ, PINGRESP, DISCONNECT = 12, 13, 14


class Refused(Exception):
    """A client that says what nobody expects; it is hung up on."""


def number(value: int) -> bytes:
    """A length in seven bits a byte."""
    digits = bytearray()
    while True:
        value, digit = divmod(value, 128)
        digits.append(digit | (128 if value else 0))
        if not value:
            return bytes(digits)


def words(text: str) -> bytes:
    """A text with its length."""
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def packet(kind: int, body: bytes = b"", flags: int = 0) -> bytes:
    """One control packet."""
    return bytes([kind << 4 | flags]) + number(len(body)) + body


def matches(topic: str, pattern: str) -> bool:
    """Whether a filter means a topic."""
    levels, wanted = topic.split("/"), pattern.split("/")
    if wanted[-1] == "#":
        wanted.pop()
        if len(levels) < len(wanted):
            return False
        levels = levels[: len(wanted)]
    return len(levels) == len(wanted) and all(
        want in ("+", level) for level, want in zip(levels, wanted, strict=True)
    )


class _Body:
    """The rest of a packet, read from its front."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        """So many bytes."""
        self._at += size
        if self._at > len(self._data):
            raise Refused("a packet that ends too early")
        return self._data[self._at - size : self._at]

    def byte(self) -> int:
        """One byte."""
        return self.take(1)[0]

    def short(self) -> int:
        """Two bytes."""
        return int.from_bytes(self.take(2))

    def text(self) -> str:
        """A text."""
        return self.take(self.short()).decode()

    def skip_properties(self) -> None:
        """What MQTT 5 says besides, none of which matters here."""
        size = shift = 0
        while True:
            digit = self.byte()
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                break
        self.take(size)

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._data)

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._at)


@dataclass(eq=False, slots=True)
class _Client:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    level: int = 4
    patterns: set[str] = field(default_factory=set)

    def publish(self, topic: str, payload: bytes, *, retained: bool = False) -> None:
        """Say a message."""
        properties = b"\0" if self.level == FIVE else b""
        body = words(topic) + properties + payload
        if not self.writer.transport.is_closing():
            self.writer.write(packet(PUBLISH, body, int(retained)))


class Broker:
    """The broker; simulated devices speak to it by `publish`, clients over the socket."""

    def __init__(self, port: int = 0) -> None:
        """Take a port (0: any free one) without opening it yet."""
        self.port = port
        self.retained: dict[str, bytes] = {}
        self._clients: dict[_Client, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for task in self._clients.values():
            task.cancel()
        await asyncio.gather(*self._clients.values(), return_exceptions=True)

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up on everybody."""
        await self.stop()

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        """Say a message to whoever wants it, and keep it for later ones if asked to."""
        if retain:
            self.retained[topic] = payload
            if not payload:
                del self.retained[topic]
        for client in self._clients:
            if any(matches(topic, pattern) for pattern in client.patterns):
                client.publish(topic, payload)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _Client(reader, writer)
        task = asyncio.get_running_loop().create_task(self._serve(client))
        self._clients[client] = task
        task.add_done_callback(lambda _: self._clients.pop(client, None))

    async def _serve(self, client: _Client) -> None:
        try:
            while True:
                kind, flags, body = await _read(client.reader)
                if kind == DISCONNECT:
                    return
                self._answer(client, kind, flags, body)
                await client.writer.drain()
        except asyncio.IncompleteReadError, ConnectionError, Refused, UnicodeDecodeError:
            return  # The client has gone, or is none.
        finally:
            client.writer.close()
            with suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(client.writer.wait_closed(), LINGER_SECONDS)

    def _answer(self, client: _Client, kind: int, flags: int, body: _Body) -> None:
        write = client.writer.write
        if kind == CONNECT:
            body.text()
            client.level = body.byte()
            write(packet(CONNACK, b"\0\0\0" if client.level == FIVE else b"\0\0"))
        elif kind == PINGREQ:
            write(packet(PINGRESP))
        elif kind == PUBLISH:
            self._publish(client, flags, body)
        elif kind in (SUBSCRIBE, UNSUBSCRIBE):
            self._subscribe(client, kind, body)

    def _publish(self, client: _Client, flags: int, body: _Body) -> None:
        topic, quality = body.text(), flags >> 1 & 3
        number_ = body.take(2) if quality else b""
        if client.level == FIVE:
            body.skip_properties()
        if quality > 1:
            raise Refused("quality of service 2")
        if quality:
            client.writer.write(packet(PUBACK, number_))
        self.publish(topic, body.rest(), retain=bool(flags & 1))

    def _subscribe(self, client: _Client, kind: int, body: _Body) -> None:
        head, verdicts, fresh = body.take(2), bytearray(), list[str]()
        if client.level == FIVE:
            body.skip_properties()
            head += b"\0"
        while body.more:
            pattern = body.text()
            if kind == SUBSCRIBE:
                body.byte()
                client.patterns.add(pattern)
                fresh.append(pattern)
                verdicts.append(0)
            else:
                client.patterns.discard(pattern)
                verdicts += b"\0" if client.level == FIVE else b""
        client.writer.write(packet(SUBACK if kind == SUBSCRIBE else UNSUBACK, head + verdicts))
        for topic, payload in self.retained.items():
            if any(matches(topic, pattern) for pattern in fresh):
                client.publish(topic, payload, retained=True)


async def _read(reader: asyncio.StreamReader) -> tuple[int, int, _Body]:
    """Kind, flags and the rest of the next packet."""
    first = (await reader.readexactly(1))[0]
    size = shift = 0
    while True:
        digit = (await reader.readexactly(1))[0]
        size |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            break
        if shift > 21:
            raise Refused("a length of five bytes")
    if size > MOST:
        raise Refused(f"{size} bytes")
    return first >> 4, first & 15, _Body(await reader.readexactly(size))
