"""The raw server: literal bytes, limits, rude ways to end, and nothing left behind."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.simulators.wire import Connection, Limits, Mode, Reply, Request, WireServer
from tests.simulators_tests.raw import DEADLINE, Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Echo(WireServer):
    """Answers with what it was asked."""

    reply = Reply()

    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        if request.path == "/stream":
            connection.begin(b"HTTP/1.1 200 OK\r\n\r\n")
            await connection.gone()
            return None
        if request.path == "/broken":
            raise RuntimeError("bug")
        if request.path == "/odd":
            return self.reply
        return Reply(200, f"{request.method} {request.target}\n".encode("latin-1") + request.body)


@pytest.fixture
async def server() -> AsyncIterator[Echo]:
    echo = Echo(limits=Limits(head=2048, body=100, log=5, idle=DEADLINE))
    async with echo:
        yield echo


async def test_a_connection_lives_on_and_targets_stay_literal(server: Echo) -> None:
    target = "/cgi-bin/x.cgi?a=%2f+b&L[0]=%5B%5d:é"
    async with await Raw.connect(server) as raw:
        raw.send(target)
        first = await raw.answer()
        second = await raw.ask("/two", "Connection: close")
        assert await raw.rest() == b""
    assert first.head == b"HTTP/1.1 200 OK\r\nContent-Length: 42\r\nConnection: keep-alive\r\n\r\n"
    assert first.body == b"GET " + target.encode() + b"\n"
    assert second.header("Connection") == "close"
    assert [exchange.connection for exchange in server.wire] == [1, 1]
    assert server.wire[0].target.encode("latin-1") == target.encode()
    assert server.wire[1].status == 200


async def test_a_server_may_close_after_each_answer(server: Echo) -> None:
    server.keep_alive = False
    async with await Raw.connect(server) as raw:
        assert (await raw.ask("/")).header("Connection") == "close"
        assert await raw.rest() == b""


async def test_bodies_come_by_length_and_by_chunks(server: Echo) -> None:
    async with await Raw.connect(server) as raw:
        assert (await raw.ask("/", method="POST", body=b"abc")).body == b"POST /\nabc"
        raw.send("/", "Transfer-Encoding: chunked", method="POST")
        raw.writer.write(b"2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n\r\n")
        assert (await raw.answer()).body == b"POST /\nabcde"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 5000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
    ],
    ids=["head", "body", "chunks", "length", "line", "header"],
)
async def test_requests_have_limits(server: Echo, sent: bytes, status: int) -> None:
    async with await Raw.connect(server) as raw:
        raw.writer.write(sent)
        assert (await raw.answer()).status == status
    assert server.wire == []


async def test_the_log_is_bounded(server: Echo) -> None:
    async with await Raw.connect(server) as raw:
        for number in range(8):
            await raw.ask(f"/{number}")
    assert [exchange.target for exchange in server.wire] == ["/3", "/4", "/5", "/6", "/7"]


@pytest.mark.parametrize(
    ("reply", "sent"),
    [
        (
            Reply(200, b"ab", length=None),
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab",
        ),
        (
            Reply(200, b"abcd", truncate=1, fragment=3),
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\na",
        ),
        (
            Reply(200, b"ab", (("X", "1"),), reason="Fine", length=9, eol=b"\n"),
            b"HTTP/1.1 200 Fine\nX: 1\nContent-Length: 9\nConnection: close\n\nab",
        ),
    ],
)
async def test_an_answer_may_be_sent_badly(server: Echo, reply: Reply, sent: bytes) -> None:
    server.reply = reply
    async with await Raw.connect(server) as raw:
        raw.send("/odd")
        assert await raw.rest() == sent


async def test_head_gets_no_body(server: Echo) -> None:
    async with await Raw.connect(server) as raw:
        raw.send("/", "Connection: close", method="HEAD")
        assert (await raw.rest()).endswith(b"Content-Length: 7\r\nConnection: close\r\n\r\n")


async def test_dark_refuses_and_comes_back_on_the_same_port(server: Echo) -> None:
    async with await Raw.connect(server) as raw:
        raw.send("/stream")
        await raw.head()
        port = server.port
        await server.go_dark()
        with pytest.raises(ConnectionResetError):
            await raw.rest()
    with pytest.raises(ConnectionRefusedError):
        await Raw.connect(server)
    await server.come_back()
    async with await Raw.connect(server) as raw:
        assert (await raw.ask("/")).status == 200
    assert server.port == port


async def test_drop_closes_and_reset_resets(server: Echo) -> None:
    server.mode = Mode.DROP
    async with await Raw.connect(server) as raw:
        assert await raw.rest() == b""
    server.mode = Mode.RESET
    async with await Raw.connect(server) as raw:
        with pytest.raises(ConnectionResetError):
            await raw.rest()


async def test_a_mode_holds_for_connections_that_are_open(server: Echo) -> None:
    async with await Raw.connect(server) as raw:
        await raw.ask("/")
        server.mode = Mode.DROP
        raw.send("/")
        assert await raw.rest() == b""


async def test_silent_takes_the_request_and_says_nothing(server: Echo) -> None:
    server.mode = Mode.SILENT
    async with await Raw.connect(server) as raw:
        raw.send("/")
        await server.until(lambda: server.connections)
        await server.go_dark()
        with pytest.raises(ConnectionResetError):
            await raw.rest()
    assert server.wire == []


async def test_stop_leaves_no_task_and_no_socket() -> None:
    before = asyncio.all_tasks()
    server = Echo()
    await server.start()
    async with await Raw.connect(server) as idle, await Raw.connect(server) as streaming:
        streaming.send("/stream")
        await streaming.head()
        await server.until(lambda: len(server.connections) == 2)
        server.spawn(asyncio.Event().wait())  # type: ignore[arg-type]
        await server.stop()
        for raw in (idle, streaming):
            with pytest.raises(ConnectionResetError):
                await raw.rest()
    assert asyncio.all_tasks() == before
    assert server.connections == []
    with pytest.raises(ConnectionRefusedError):
        await Raw.connect(server)


async def test_a_bug_in_a_handler_comes_out_at_stop() -> None:
    server = Echo()
    await server.start()
    async with await Raw.connect(server) as raw:
        raw.send("/broken")
        with pytest.raises(ConnectionResetError):
            await raw.rest()
    with pytest.raises(ExceptionGroup):
        await server.stop()


async def test_until_has_a_deadline(server: Echo) -> None:
    with pytest.raises(TimeoutError):
        await server.until(lambda: server.wire, timeout=0.01)
