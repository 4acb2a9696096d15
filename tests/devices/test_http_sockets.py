"""WebSockets, and connections that are not kept, against raw servers on loopback."""

import asyncio
from base64 import b64encode
import hashlib

import pytest

from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    InvalidAuth,
    Unsupported,
)
from tests.simulators import wire

from .web import OK, Answer, Box, client, raw, silence

pytestmark = pytest.mark.usefixtures("socket_enabled")

_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(payload: bytes, kind: int = 1) -> bytes:
    """One unmasked frame; 1 is text."""
    size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2)
    return bytes([0x80 | kind]) + size + payload


def speaks(*frames: bytes, stays: bool = True) -> Answer:
    """Shake hands, send frames, and then wait until the client leaves, or hang up."""

    async def answer(request: wire.Request, connection: wire.Connection) -> None:
        key = (request.header("Sec-WebSocket-Key") or "") + _KEY
        accept = b64encode(hashlib.sha1(key.encode()).digest()).decode()
        connection.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        for each in frames:
            connection.write(each)
        if stays:
            await connection.gone()

    return answer


async def heard(box: Box, *, keep: bool = True) -> list[str]:
    """Every text until the box ends the WebSocket."""
    async with (
        client(box, user="", password="", keep=keep) as http,
        http.websocket("/socket?x=%48") as socket,
        asyncio.timeout(20),
    ):
        return [text async for text in socket]


async def test_texts_come_as_they_were_sent() -> None:
    async with Box() as box:
        box.answer = speaks(
            frame(b"alert|Hof, S\xc3\xbcd"), frame(b"\0", 2), frame(b"x" * 300), stays=False
        )
        assert await heard(box) == ["alert|Hof, Süd", "x" * 300]
        assert box.targets == ["/socket?x=%48"]


async def test_a_goodbye_ends_it() -> None:
    async with Box() as box:
        box.answer = speaks(frame(b"one"), frame(b"\x03\xe8", 8))
        assert await heard(box) == ["one"]


async def test_what_is_too_long_or_no_text_breaks_it() -> None:
    async with Box() as box:
        box.answer = speaks(b"\x81\x7f" + (1 << 40).to_bytes(8))
        with pytest.raises(CannotConnect):
            await heard(box)
        box.answer = speaks(frame(b"\xff\xfe"))
        with pytest.raises(CannotConnect):
            await heard(box)


async def test_a_box_that_says_no_goodbye_is_left_all_the_same() -> None:
    async with Box() as box, client(box, user="", password="") as http:
        box.answer = speaks(frame(b"one"))
        async with http.websocket("/socket") as socket:
            await socket.send("hello")
            assert await anext(socket) == "one"
            assert "Socket" in repr(socket)
        await box.until(lambda: all(each.closing for each in box.connections))


async def test_closing_the_client_ends_a_websocket() -> None:
    async with Box() as box:
        box.answer = speaks(frame(b"one"))
        async with client(box, user="", password="") as http, http.websocket("/socket") as socket:
            assert await anext(socket) == "one"
            await http.close()
            with pytest.raises(StopAsyncIteration):
                await anext(socket)
            with pytest.raises(CannotConnect):
                await socket.send("hello")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda *_: OK, Unsupported),
        (raw(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), Unsupported),
        (raw(b""), CannotConnect),
        (silence(), CannotConnect),
    ],
)
async def test_what_is_no_websocket_is_told_so(answer: Answer, error: type[Exception]) -> None:
    async with Box(answer) as box, client(box, user="", password="") as http:
        deadline = 0.3 if error is CannotConnect else 10
        with pytest.raises(error):
            async with http.websocket("/socket", deadline=deadline):
                pytest.fail("there is none")


async def test_nothing_is_opened_after_a_refusal_or_the_end() -> None:
    async with Box() as box, client(box, user="", password="") as http:
        with pytest.raises(BadInput):
            async with http.websocket("/a b"):
                pytest.fail("that is no path")
        http.refuse(lambda: InvalidAuth("no"))
        with pytest.raises(InvalidAuth):
            async with http.websocket("/socket"):
                pytest.fail("it was refused")
        await http.close()
        with pytest.raises(CannotConnect):
            async with http.websocket("/socket"):
                pytest.fail("it is closed")
        assert not box.targets


async def test_without_keeping_each_request_has_its_own_connection() -> None:
    """A box that hangs up unannounced would swallow a command on a kept one."""
    async with Box() as box, client(box, user="", password="", keep=False) as http:
        for path in ("/a", "/b", "/c"):
            await http.tell(path)
        assert len({exchange.connection for exchange in box.wire}) == 3
        assert all(each.request.header("Connection") == "close" for each in box.wire)
