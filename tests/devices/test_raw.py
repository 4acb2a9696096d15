"""Answers that strict parsers refuse are read all the same, and asked for once more at most."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from custom_components.cctv.devices.errors import CannotConnect, DeviceError, Malformed, NoAnswer
from custom_components.cctv.devices.http.raw import NoHttp, parse_head
from tests.simulators import wire
from tests.simulators.auth import Policy

from .web import Box, client, raw, silence

pytestmark = pytest.mark.usefixtures("socket_enabled")

ODD: dict[str, bytes] = {
    "blank before the colon": b"HTTP/1.0 200 OK\r\nContent-Type : text/plain\r\n\r\nA=1\n",
    "header on two lines": (
        b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x;\r\nboundary=b\r\n\r\nA=1\n"
    ),
    "all of it, without CR": b"HTTP/1.0 200 OK\nContent-Type : text/plain\n\nA=1\n",
    "a lone separator": b"HTTP/1.0 200\r\nContent-Type : text/plain\r\n\nA=1\n",
    "a line end not counted": b"HTTP/1.0 200 OK\r\nA : b\r\nContent-Length: 4\r\n\r\nA=1\n\r\n",
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
async def test_an_odd_answer_is_read_from_a_bare_socket(answer: bytes) -> None:
    async with Box(raw(answer)) as box, client(box, lenient=True) as http:
        for number in range(3):
            assert (await http.ask(f"/config.cgi?a={number}")).body == b"A=1\n"
        assert [each.target for each in box.wire] == [
            "/config.cgi?a=0",
            "/config.cgi?a=0",
            "/config.cgi?a=1",
            "/config.cgi?a=2",
        ]
        assert box.wire[-1].request.version == "HTTP/1.0"


async def test_without_leave_an_odd_answer_stays_malformed() -> None:
    async with Box(raw(ODD["header on two lines"])) as box, client(box) as http:
        with pytest.raises(Malformed):
            await http.ask("/config.cgi")
        assert len(box.wire) == 1


async def test_a_command_with_an_odd_answer_is_not_sent_again() -> None:
    async with Box(raw(ODD["header on two lines"])) as box, client(box, lenient=True) as http:
        with pytest.raises(Malformed):
            await http.tell("/config.cgi?action=update")
        assert len(box.wire) == 1
        reply = await http.tell("/config.cgi?action=update", method="POST", body=b"x=1")
        assert (reply.status, reply.body) == (200, b"A=1\n")
        assert reply.headers["content-type"] == "multipart/x; boundary=b"
        assert box.wire[-1].request.body == b"x=1"


@pytest.mark.parametrize("policy", [Policy(schemes=("Digest",)), Policy(schemes=("Basic",))])
async def test_an_odd_path_is_asked_with_its_login(policy: Policy) -> None:
    odd = raw(ODD["header on two lines"])
    async with Box(odd, policy) as box, client(box, lenient=True) as http:
        for _ in range(2):
            assert (await http.ask("/config.cgi?group=a%3A%2Fb")).body == b"A=1\n"
        assert [each.status for each in box.wire].count(401) == 1


@pytest.mark.parametrize(
    ("then", "error"),
    [
        (raw(b""), NoAnswer),
        (silence(), NoAnswer),
        (raw(b"no status line\r\n\r\n"), Malformed),
        (raw(b"HTTP/1.0 200 OK\r\nA : b"), Malformed),
        (raw(b"HTTP/1.0 200 OK\r\nA : b\r\nContent-Length: 9\r\n\r\nhalf"), Malformed),
        (raw(b"HTTP/1.0 200 OK\r\nA : b\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na"), Malformed),
        (raw(b"HTTP/1.0 200 OK\r\nA : b\r\n" + b"B: c\r\n" * 20_000), Malformed),
        (raw(b"HTTP/1.0 200 OK\r\nA : b\r\n\r\n" + b"c" * 20_000), Malformed),
    ],
    ids=["nothing", "silence", "no status", "half a head", "half", "chunks", "long head", "long"],
)
async def test_what_no_kindness_can_read_is_one_of_our_errors(
    then: Callable[[wire.Request, wire.Connection], Awaitable[wire.Reply | None]],
    error: type[DeviceError],
) -> None:
    async with Box(raw(ODD["header on two lines"])) as box, client(box, lenient=True) as http:
        await http.ask("/odd")
        box.answer = then
        deadline = 0.5 if error is NoAnswer else 10
        with pytest.raises(error):
            await http.ask("/odd", deadline=deadline, limit=10_000)


async def test_a_stream_with_an_odd_head_is_heard_as_it_comes() -> None:
    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(ODD["header on two lines"])
        await connection.gone()

    async with Box(answer) as box, client(box, lenient=True) as http:
        async with http.stream("/motion.cgi") as stream:
            assert await anext(stream) == b"A=1\n"
        await box.until(lambda: all(item.closing for item in box.connections))


def test_a_head_is_cut_anywhere_without_harm() -> None:
    head = ODD["header on two lines"].partition(b"\r\n\r\n")[0]
    for cut in range(len(head)):
        if cut < len(b"HTTP/1.0 200"):
            with pytest.raises(NoHttp):
                parse_head(head[:cut])
        else:
            assert parse_head(head[:cut])[0] == 200


async def test_what_is_asked_of_an_odd_path_is_given_up_at_the_close() -> None:
    async with Box(raw(ODD["header on two lines"])) as box, client(box, lenient=True) as http:
        await http.ask("/odd")
        box.answer = silence()
        under_way = asyncio.ensure_future(http.ask("/odd", deadline=3600))
        await box.until(lambda: len(box.wire) == 3)
        await http.close()
        with pytest.raises(CannotConnect, match="closed"):
            await asyncio.wait_for(under_way, 10)
