"""Finding out what answers at an address: what is typed, asked, and said of strangers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import override

import aiohttp
import pytest

from custom_components.cctv.devices.detect import describe, detect, parse_address
from custom_components.cctv.devices.device import Ask, Device, Family, Reply, Sighting
from custom_components.cctv.devices.env import Address, Env
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    NoAnswer,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.registry import FAMILIES, families, family
from tests.simulators import wire

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOTHING = wire.Reply(404, b"nothing here")


class Host(wire.WireServer):
    """A web server with some pages."""

    def __init__(self, pages: dict[str, wire.Reply]) -> None:
        super().__init__()
        self.pages = pages
        self.busy = self.busiest = 0

    @override
    async def respond(
        self, request: wire.Request, connection: wire.Connection
    ) -> wire.Reply | None:
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        return self.pages.get(request.target, NOTHING)

    @property
    def targets(self) -> list[str]:
        return [exchange.target for exchange in self.wire]


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as lent:
        yield lent


def never(env: Env) -> Device:
    """Detection makes no device."""
    raise AssertionError(env)


def made(name: str, recognise: Callable[[Ask], Awaitable[Sighting | None]], *ports: int) -> Family:
    return Family(name, name.title(), ports, never, recognise)


def by_page(name: str, path: str, *ports: int, certain: bool = True) -> Family:
    """A family that is recognised by a page."""

    async def recognise(ask: Ask) -> Sighting | None:
        reply = await ask(path)
        return Sighting(name, certain) if reply.status == 200 else None

    return made(name, recognise, *ports)


async def unmoved(ask: Ask) -> Sighting | None:
    """Look at a page and recognise nothing."""
    await ask("/")
    return None


PAGE = wire.Reply(body=b"here")


async def test_the_first_certain_answer_ends_the_search(session: aiohttp.ClientSession) -> None:
    async with Host({"/b": PAGE, "/c": PAGE}) as host:
        asked = [by_page("a", "/a"), by_page("b", "/b"), by_page("c", "/c")]
        assert await detect(session, Address(host.url), asked) == Sighting("b", True)
        assert host.targets == ["/a", "/b"]


async def test_a_certain_answer_beats_an_earlier_guess(session: aiohttp.ClientSession) -> None:
    async with Host({"/a": PAGE, "/b": PAGE}) as host:
        guess = by_page("a", "/a", certain=False)
        found = await detect(session, Address(host.url), [guess, by_page("b", "/b")])
        assert found.family == "b"
        found = await detect(session, Address(host.url), [guess, by_page("c", "/c")])
        assert found == Sighting("a", False)


async def test_questions_are_harmless_single_and_two_at_a_time(
    session: aiohttp.ClientSession,
) -> None:
    async def eager(ask: Ask) -> Sighting | None:
        await asyncio.gather(*(ask(f"/{number % 6}") for number in range(24)))
        return None

    async with Host({}) as host:
        address = Address(host.url, "admin", "secret")
        with pytest.raises(WrongFamily):
            await detect(session, address, [made("a", eager), made("b", eager)])
        assert sorted(host.targets) == [f"/{number}" for number in range(6)]
        assert host.busiest <= 2
        for exchange in host.wire:
            assert exchange.method == "GET"
            assert exchange.request.header("Authorization") is None


async def test_usual_ports_are_tried_where_none_was_named(session: aiohttp.ClientSession) -> None:
    async with Host({"/b": PAGE}) as other:
        asked = [by_page("a", "/a", 1), by_page("b", "/b", other.port)]
        found = await detect(session, Address("http://127.0.0.1"), asked)
        assert found == Sighting("b", True, url=other.url)
        assert other.targets == ["/b"]


async def test_a_named_port_is_the_only_one_tried(session: aiohttp.ClientSession) -> None:
    async with Host({}) as host, Host({"/b": PAGE}) as other:
        with pytest.raises(WrongFamily):
            await detect(session, Address(host.url), [by_page("b", "/b", other.port)])
        assert not other.targets


async def test_a_family_may_name_its_port_itself(session: aiohttp.ClientSession) -> None:
    async with Host({}) as host, Host({"/b": PAGE}) as other:
        found = await detect(session, Address(host.url), [by_page("b", f":{other.port}/b")])
        assert found.certain


async def test_a_fault_in_one_familys_question_leaves_the_others_theirs(
    session: aiohttp.ClientSession,
) -> None:
    async def stumble(ask: Ask) -> Sighting | None:
        await ask("/a")
        raise Unsupported("not this one")

    async with Host({"/b": PAGE}) as host:
        asked = [made("a", stumble), by_page("b", "/b")]
        assert (await detect(session, Address(host.url), asked)).family == "b"


async def test_nobody_there_cannot_connect(session: aiohttp.ClientSession) -> None:
    async with Host({}) as host:
        await host.go_dark()
        asked = [by_page("a", "/a"), by_page("b", "/b")]
        with pytest.raises(CannotConnect):
            await detect(session, Address(host.url), asked)


async def test_a_box_that_hangs_up_gives_no_answer(session: aiohttp.ClientSession) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        seen.append(1)
        writer.close()

    seen: list[int] = []
    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    address = Address(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    asked = [by_page(name, f"/{name}") for name in "abcdef"]
    with pytest.raises(NoAnswer):
        await detect(session, address, asked)
    # Two silences are enough to know.
    assert len(seen) == 2
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            b"HTTP/1.1 200 OK\r\n\r\n<html><TITLE lang=en>Router &amp; more\r\n</title>",
            "a web page titled “Router & more”",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n<title>" + b"x" * 400, f"a web page titled “{'x' * 59}…”"),
        (
            b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="Printer"\r\n\r\n',
            "a login to “Printer”",
        ),
        (b"HTTP/1.1 404 No\r\nServer: nginx/1.2\r\n\r\n", "a web server named “nginx/1.2”"),
        (b"HTTP/1.1 404 No\r\nServer: B\xfcro\r\n\r\n", "a web server named “B\ufffdro”"),
        (
            b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="B\xfcro"\r\n\r\n',
            "a login to “B\ufffdro”",
        ),
        (b"HTTP/1.1 503 No\r\n\r\n", "a web server that answers with status 503"),
        (b"RTSP/1.0 400 Bad Request\r\nServer: Rtsp Server/3.0\r\n\r\n", "an RTSP server"),
        (b"RTSP/1.0 400 Bad Request\r\nCSeq: 0\r\n\r\n", "an RTSP server"),
        (b"SSH-2.0-dropbear_2022.83\r\n", "something that speaks no HTTP"),
    ],
)
async def test_a_stranger_is_described(
    session: aiohttp.ClientSession, answer: bytes, found: str
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = Address(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with pytest.raises(WrongFamily) as caught:
        await detect(session, address, [made("a", unmoved)])
    assert caught.value.found == found
    server.close()
    await server.wait_closed()


def test_a_strangers_title_is_one_short_printable_line() -> None:
    body = b"<title>\x1b[31m a\x00b\n\n c </title>"
    assert describe(Reply(200, {}, body)) == "a web page titled “[31m a b c”"


async def test_without_families_nothing_is_asked(session: aiohttp.ClientSession) -> None:
    async with Host({}) as host:
        with pytest.raises(DeviceError):
            await detect(session, Address(host.url), [])
        assert not host.targets


@pytest.mark.parametrize(
    ("text", "url", "user", "password"),
    [
        ("camera", "http://camera", "", ""),
        ("  192.168.1.108 ", "http://192.168.1.108", "", ""),
        ("192.168.1.108:8080", "http://192.168.1.108:8080", "", ""),
        ("cam.local:80", "http://cam.local:80", "", ""),
        ("cam.local:443", "https://cam.local:443", "", ""),
        ("http://cam.local:443", "http://cam.local:443", "", ""),
        ("HTTPS://Cam.Local/", "https://cam.local", "", ""),
        ("http://cam.local/index.html?a=b#c", "http://cam.local", "", ""),
        ("cam/login:1@x", "http://cam", "", ""),
        ("http://admin:p%40ss%3Aw@cam:81/x", "http://cam:81", "admin", "p@ss:w"),
        ("admin:a@b@cam", "http://cam", "admin", "a@b"),
        ("admin@cam", "http://cam", "admin", ""),
        ("fe80::1", "http://[fe80::1]", "", ""),
        ("fe80::1%eth0", "http://[fe80::1%eth0]", "", ""),
        ("[2001:db8::7]", "http://[2001:db8::7]", "", ""),
        ("https://[2001:db8::7]:8443/x", "https://[2001:db8::7]:8443", "", ""),
        ("cam:0080", "http://cam:80", "", ""),
        ("kamera_büro", "http://kamera_büro", "", ""),
    ],
)
def test_an_address_is_read_as_people_type_it(
    text: str, url: str, user: str, password: str
) -> None:
    address = parse_address(text)
    assert (address.url, address.user, address.password) == (url, user, password)
    assert address.verify_tls
    assert password not in repr(address) or not password


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "http://",
        "rtsp://cam",
        "ftp://cam",
        "javascript://cam",
        "cam:port",
        "cam:0",
        "cam:65536",
        "cam:-1",
        "cam:٨٠",
        "a b",
        "cam\r\nX: y",
        "-cam",
        "[::1",
        "[::1]x",
        "[cam]",
        "1:2:3:nonsense",
        "http://user@",
        "x" * 300,
        'cam"',
        "cam<script>",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_address(text)


def test_the_families_are_found_by_name() -> None:
    assert families()
    for known in families():
        assert family(known.name) is FAMILIES[known.name] is known
        assert known.title
    assert len(FAMILIES) == len(families()) == len(list(FAMILIES))
    with pytest.raises(KeyError):
        family("os")
