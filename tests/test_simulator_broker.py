"""The small MQTT broker, byte for byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import struct

import pytest

from tests.simulators.broker import (
    CONNACK,
    CONNECT,
    DISCONNECT,
    FIVE,
    HOST,
    PINGREQ,
    PINGRESP,
    PUBACK,
    PUBLISH,
    SUBACK,
    SUBSCRIBE,
    UNSUBACK,
    UNSUBSCRIBE,
    Broker,
    matches,
    number,
    packet,
    words,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")
DEADLINE = 10.0


class Client:
    """A client that speaks in bytes."""

    def __init__(self, level: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.level, self.reader, self.writer = level, reader, writer

    @property
    def properties(self) -> bytes:
        return b"\0" if self.level == FIVE else b""

    async def hear(self) -> tuple[int, bytes]:
        """Kind with flags, and the body of the next packet (shorter than 128 bytes)."""
        async with asyncio.timeout(DEADLINE):
            first, size = await self.reader.readexactly(2)
            return first, await self.reader.readexactly(size)

    async def subscribe(self, *patterns: str) -> None:
        body = b"\0\7" + self.properties + b"".join(words(each) + b"\1" for each in patterns)
        self.writer.write(packet(SUBSCRIBE, body, 2))
        verdicts = bytes(len(patterns))
        assert await self.hear() == (SUBACK << 4, b"\0\7" + self.properties + verdicts)

    async def gone(self) -> bool:
        """Whether the broker hung up."""
        async with asyncio.timeout(DEADLINE):
            return await self.reader.read() == b""


@asynccontextmanager
async def client(broker: Broker, level: int = 4) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection(HOST, broker.port)
    body = words("MQTT") + bytes([level]) + b"\2\0\x3c"
    body += (b"\0" if level == FIVE else b"") + words("somebody")
    writer.write(packet(CONNECT, body))
    mine = Client(level, reader, writer)
    assert await mine.hear() == (CONNACK << 4, b"\0\0\0" if level == FIVE else b"\0\0")
    yield mine
    writer.close()


@pytest.fixture
async def broker() -> AsyncIterator[Broker]:
    """Run a broker."""
    async with Broker() as broker:
        yield broker


@pytest.mark.parametrize("level", [4, FIVE])
async def test_who_subscribed_hears_what_is_published(broker: Broker, level: int) -> None:
    async with client(broker, level) as ear, client(broker) as mouth:
        await ear.subscribe("yi/+/motion", "other/#")
        broker.publish("yi/living/motion", b"motion_start")
        assert await ear.hear() == (
            PUBLISH << 4,
            words("yi/living/motion") + ear.properties + b"motion_start",
        )
        mouth.writer.write(packet(PUBLISH, words("yi/living/sound") + b"not for you"))
        mouth.writer.write(packet(PUBLISH, words("other/a/b") + b"\xff\xd8"))
        assert await ear.hear() == (PUBLISH << 4, words("other/a/b") + ear.properties + b"\xff\xd8")


@pytest.mark.parametrize("level", [4, FIVE])
async def test_who_comes_late_hears_what_was_kept(broker: Broker, level: int) -> None:
    broker.publish("cam/status", b"online", retain=True)
    broker.publish("cam/motion", b"passing")
    broker.publish("cam/gone", b"x", retain=True)
    broker.publish("cam/gone", b"", retain=True)
    async with client(broker, level) as ear:
        await ear.subscribe("cam/#")
        kept = words("cam/status") + ear.properties + b"online"
        assert await ear.hear() == (PUBLISH << 4 | 1, kept)
        ear.writer.write(packet(PINGREQ))
        assert await ear.hear() == (PINGRESP << 4, b"")


@pytest.mark.parametrize("level", [4, FIVE])
async def test_who_unsubscribes_hears_no_more(broker: Broker, level: int) -> None:
    async with client(broker, level) as ear:
        await ear.subscribe("a", "b")
        ear.writer.write(packet(UNSUBSCRIBE, b"\0\x09" + ear.properties + words("a"), 2))
        told = b"\0\x09" + (b"\0\0" if level == FIVE else b"")
        assert await ear.hear() == (UNSUBACK << 4, told)
        broker.publish("a", b"1")
        broker.publish("b", b"2")
        assert await ear.hear() == (PUBLISH << 4, words("b") + ear.properties + b"2")


async def test_a_message_that_wants_a_receipt_gets_one(broker: Broker) -> None:
    async with client(broker) as mouth:
        mouth.writer.write(packet(PUBLISH, words("a") + b"\0\x05" + b"kept", 2 | 1))
        assert await mouth.hear() == (PUBACK << 4, b"\0\x05")
    assert broker.retained == {"a": b"kept"}


async def test_who_leaves_is_forgotten(broker: Broker) -> None:
    async with client(broker) as ear:
        await ear.subscribe("#")
        ear.writer.write(packet(DISCONNECT))
        assert await ear.gone()
        broker.publish("a", b"1")


@pytest.mark.parametrize(
    "nonsense",
    [
        packet(CONNECT, b"\0\x09MQTT"),
        packet(PUBLISH, words("a") + b"\0\1", 4),
        packet(PUBLISH, struct.pack(">H", 2) + b"\xff\xfe"),
        b"\x30\xff\xff\xff\xff",
        bytes([PUBLISH << 4]) + number(1 << 21),
    ],
    ids=["short", "quality", "text", "length", "size"],
)
async def test_who_talks_nonsense_is_hung_up_on(broker: Broker, nonsense: bytes) -> None:
    async with client(broker) as mouth:
        mouth.writer.write(nonsense)
        assert await mouth.gone()


@pytest.mark.parametrize(
    ("topic", "pattern", "meant"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/+", True),
        ("a/b", "+/+", True),
        ("a/b/c", "a/+", False),
        ("a/b/c", "a/#", True),
        ("a", "a/#", True),
        ("ab", "a/#", False),
        ("a", "#", True),
        ("a", "a/b", False),
    ],
)
def test_filters(topic: str, pattern: str, meant: bool) -> None:
    assert matches(topic, pattern) is meant
