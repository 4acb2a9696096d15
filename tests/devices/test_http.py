"""The HTTP client against raw servers on loopback: repeats, limits, turns, streams."""

import asyncio
import gc
import resource

import pytest

from custom_components.cctv.devices.errors import (
    CannotConnect,
    DeviceError,
    Malformed,
    NoAnswer,
)
from custom_components.cctv.devices.http.client import Http, Lane
from tests.devices.clock import settle
from tests.simulators import wire
from tests.simulators.auth import Policy

from .web import OK, Answer, Box, client, flood, raw, silence

pytestmark = pytest.mark.usefixtures("socket_enabled")

# --- repeating


def drops_the_second(box: Box) -> Answer:
    """Answer the first request of each connection, and hang up on the second."""

    async def answer(_: wire.Request, connection: wire.Connection) -> wire.Reply | None:
        first = sum(exchange.connection == connection.number for exchange in box.wire) == 1
        return OK if first else None

    return answer


async def test_a_question_on_a_dropped_connection_is_asked_again() -> None:
    async with Box() as box, client(box) as http:
        box.answer = drops_the_second(box)
        await http.ask("/a")
        assert (await http.ask("/b")).status == 200
        assert box.targets == ["/a", "/b", "/b"]


async def test_a_command_is_never_sent_twice() -> None:
    async with Box() as box, client(box) as http:
        box.answer = drops_the_second(box)
        await http.ask("/a")
        with pytest.raises(NoAnswer):
            await http.tell("/do")
        assert box.targets == ["/a", "/do"]
        box.answer = silence()
        with pytest.raises(NoAnswer):
            await http.tell("/do-again", deadline=1)
        assert box.targets.count("/do-again") == 1


async def test_a_command_whose_connection_is_reset_is_not_sent_twice() -> None:
    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.reset()

    async with Box() as box, client(box) as http:
        await http.ask("/a")
        box.answer = answer
        with pytest.raises(CannotConnect):
            await http.tell("/do")
        assert box.targets == ["/a", "/do"]


async def test_a_question_is_not_repeated_on_a_fresh_connection() -> None:
    async with Box(raw(b"")) as box, client(box) as http:
        with pytest.raises(NoAnswer):
            await http.ask("/a")
        assert box.targets == ["/a"]


# --- limits and deadlines


async def test_a_body_without_end_is_dropped_at_the_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n"
    async with Box(flood(head, bytes(1 << 16))) as box, client(box) as http:
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(3):
            with pytest.raises(Malformed):
                await http.ask("/big", limit=1 << 20)
        assert http.seen.bytes < 3 * (2 << 20)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10
        await box.until(lambda: all(item.closing for item in box.connections))


@pytest.mark.parametrize(
    ("head", "chunk"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 4096),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 500),
        (b"HTTP/1.1 200 ", b"OK" * 2048),
        (b"", b"junk" * 1024),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"9" * 4096),
    ],
    ids=["endless header", "endless headers", "endless status", "junk", "endless chunk size"],
)
async def test_an_endless_head_is_malformed(head: bytes, chunk: bytes) -> None:
    async with Box(flood(head, chunk)) as box, client(box) as http:
        with pytest.raises(Malformed):
            await http.ask("/")
        await box.until(lambda: all(item.closing for item in box.connections))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (silence(), NoAnswer),
        (silence(b"HTTP/1.1 200 OK\r\nContent-Le"), NoAnswer),
        (silence(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), NoAnswer),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), Malformed),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha"), Malformed),
        (raw(b"SSH-2.0-dropbear\r\n"), Malformed),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip"), Malformed),
        (raw(b""), NoAnswer),
    ],
    ids=["silent", "half-head", "half-body", "cut-body", "cut-chunk", "ssh", "gzip", "empty"],
)
async def test_every_bad_answer_becomes_one_of_our_errors(
    answer: Answer, error: type[DeviceError]
) -> None:
    async with Box(answer) as box, client(box) as http:
        # Only for silence there is no time at all: a busy machine answers late.
        deadline = 0.3 if error is NoAnswer else 10
        with pytest.raises(error) as caught:
            await http.ask("/cgi?secret=1", deadline=deadline)
        assert caught.value.__cause__ is caught.value.__context__ is None
        assert "secret" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nname=value\r\n",
        b"HTTP/1.0 200\r\nContent-Type: text/plain\r\n\r\nname=value\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length:12\r\n\r\nname=value\r\n",
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"4\r\nname\r\n8\r\n=value\r\n\r\n0\r\n\r\n"
        ),
    ],
)
async def test_every_legal_form_of_answer_is_read(answer: bytes) -> None:
    async with Box(raw(answer)) as box, client(box) as http:
        assert (await http.ask("/")).body == b"name=value\r\n"


async def test_an_answer_that_never_closes_is_taken_when_it_is_whole() -> None:
    """Case 26: the reply is complete but the connection stays open."""
    answer = silence(b'HTTP/1.1 200 OK\r\n\r\n{"error":"false"}')
    async with Box(answer) as box, client(box) as http:
        reply = await http.tell("/service.sh", until=lambda body: body.endswith(b"}"))
        assert reply.body == b'{"error":"false"}'
        await box.until(lambda: all(item.closing for item in box.connections))


async def test_nobody_listening_cannot_connect() -> None:
    async with Box() as box, client(box) as http:
        await http.ask("/")
        await box.go_dark()
        for send in (http.ask, http.tell, http.open):
            with pytest.raises(CannotConnect):
                await send("/")
        await box.come_back()
        assert (await http.ask("/")).status == 200


async def test_an_unknown_name_cannot_connect() -> None:
    async with client("http://no-such-host.invalid") as http:
        with pytest.raises(CannotConnect):
            await http.ask("/")


# --- turns


class Held:
    """Answers that wait until the test lets them go."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.release: dict[str, asyncio.Event] = {}

    async def answer(self, request: wire.Request, _: wire.Connection) -> wire.Reply:
        self.order.append(request.target)
        self.release[request.target] = asyncio.Event()
        await self.release[request.target].wait()
        return OK


async def test_at_most_so_many_are_in_flight() -> None:
    held = Held()
    async with (
        Box(held.answer) as box,
        client(box, user="", password="", in_flight=2) as http,
        asyncio.TaskGroup() as group,
    ):
        for number in range(8):
            group.create_task(http.ask(f"/{number}"))
        for number in range(8):
            await box.until(lambda number=number: len(held.order) >= min(number + 2, 8))  # type: ignore[misc]
            await settle()
            assert box.busy == min(2, 8 - number)
            held.release[held.order[number]].set()
            await box.until(lambda number=number: box.statuses.count(200) > number)  # type: ignore[misc]
    assert box.busiest == 2
    assert box.accepted == 2


async def test_commands_go_before_pictures_before_reads_before_surveys() -> None:
    held = Held()
    async with Box(held.answer) as box, client(box, in_flight=1) as http:
        async with asyncio.TaskGroup() as group:
            group.create_task(http.ask("/first"))
            await box.until(lambda: held.order == ["/first"])
            group.create_task(http.ask("/survey", lane=Lane.SURVEY))
            group.create_task(http.ask("/read-1"))
            group.create_task(http.ask("/read-2"))
            group.create_task(http.ask("/picture", lane=Lane.PICTURE))
            group.create_task(http.tell("/do"))
            await settle()
            wanted = ["/first", "/do", "/picture", "/read-1", "/read-2", "/survey"]
            for number, target in enumerate(wanted, 1):
                await box.until(lambda number=number: len(held.order) == number)  # type: ignore[misc]
                held.release[target].set()
        assert held.order == wanted


async def test_one_picture_and_one_download_at_a_time_and_streams_outside() -> None:
    held = Held()
    async with (
        Box(held.answer) as box,
        client(box, user="", password="", in_flight=3) as http,
        asyncio.TaskGroup() as group,
    ):
        for number in (1, 2):
            group.create_task(http.ask(f"/picture-{number}", lane=Lane.PICTURE))
        await box.until(lambda: len(held.order) == 1)
        for number in (1, 2):
            group.create_task(http.ask(f"/download-{number}", lane=Lane.DOWNLOAD))
        group.create_task(http.ask("/read"))
        await box.until(lambda: len(held.order) == 3)
        group.create_task(_through(http, "/stream"))
        await box.until(lambda: len(held.order) == 4)
        await settle()
        assert held.order == ["/picture-1", "/download-1", "/read", "/stream"]
        for number in range(6):
            await box.until(lambda number=number: len(held.order) > number)  # type: ignore[misc]
            held.release[held.order[number]].set()


async def _through(http: Http, path: str) -> None:
    async with http.stream(path) as stream:
        assert (await stream.reply()).status == 200


async def test_whoever_gives_up_waiting_leaves_the_queue_in_order() -> None:
    held = Held()
    async with Box(held.answer) as box, client(box, in_flight=1) as http:
        first = asyncio.create_task(http.ask("/first"))
        await box.until(lambda: held.order == ["/first"])
        gone = asyncio.create_task(http.ask("/gone"))
        last = asyncio.create_task(http.ask("/last"))
        await settle()
        gone.cancel()
        held.release["/first"].set()
        await box.until(lambda: held.order == ["/first", "/last"])
        held.release["/last"].set()
        await asyncio.gather(first, last)
        with pytest.raises(asyncio.CancelledError):
            await gone


async def test_closing_ends_what_waits_and_what_streams() -> None:
    answer = silence(b"HTTP/1.1 200 OK\r\n\r\nfirst")
    async with Box(answer) as box, client(box, in_flight=1) as http:
        stream = await http.open("/events")
        assert await anext(stream) == b"first"
        reading = asyncio.create_task(stream.__anext__())
        asking = asyncio.create_task(http.ask("/a"))
        waiting = asyncio.create_task(http.ask("/b"))
        await box.until(lambda: len(box.wire) == 2)
        await http.close()
        results = await asyncio.gather(reading, asking, waiting, return_exceptions=True)
        assert all(isinstance(result, (CannotConnect, StopAsyncIteration)) for result in results)
        with pytest.raises(CannotConnect):
            await http.ask("/c")
        await box.until(lambda: all(item.closing for item in box.connections))


# --- streams


async def test_a_stream_tells_bytes_as_they_come() -> None:
    go = asyncio.Event()

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary=b\r\n\r\none")
        await go.wait()
        connection.write(b"two")

    async with (
        Box(answer, Policy()) as box,
        client(box) as http,
        http.stream("/attach?codes=[All]") as stream,
    ):
        assert stream.status == 200
        assert stream.headers["content-type"] == "multipart/x; boundary=b"
        assert await anext(stream) == b"one"
        go.set()
        assert [chunk async for chunk in stream.chunks] == [b"two"]


async def test_a_silent_stream_ends_after_its_idle_time() -> None:
    async with Box(silence(b"HTTP/1.1 200 OK\r\n\r\nbeat")) as box, client(box) as http:
        async with http.stream("/attach", idle=0.2) as stream:
            assert await anext(stream) == b"beat"
            with pytest.raises(NoAnswer):
                await anext(stream)
        await box.until(lambda: all(item.closing for item in box.connections))


async def test_a_reset_stream_is_a_lost_connection() -> None:
    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nbeat")
        await go.wait()
        connection.reset()

    go = asyncio.Event()
    async with Box(answer) as box, client(box) as http, http.stream("/attach") as stream:
        assert await anext(stream) == b"beat"
        go.set()
        with pytest.raises(CannotConnect):
            await anext(stream)


async def test_a_slow_reader_holds_the_box_back_instead_of_filling_memory() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    async with Box(flood(head, bytes(1 << 16))) as box, client(box) as http:
        async with http.stream("/live", lane=Lane.DOWNLOAD) as stream:
            await anext(stream)
            await box.until(lambda: any(item.unsent for item in box.connections))
            await settle()
            assert http.seen.bytes < 1 << 20
        await box.until(lambda: all(item.closing for item in box.connections))


@pytest.mark.parametrize("kind", ["tell", "open"])
async def test_what_is_under_way_at_the_close_is_given_up_at_once(kind: str) -> None:
    async with Box(silence()) as box, client(box) as http:
        send = http.open if kind == "open" else http.tell
        under_way = asyncio.ensure_future(send("/slow", deadline=3600))
        await box.until(lambda: box.wire)
        await http.close()
        with pytest.raises(CannotConnect, match="closed"):
            await asyncio.wait_for(under_way, 10)
