"""Bodies, TLS, redirects and secrets of the HTTP client; asking strangers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import gc
import ipaddress
from pathlib import Path
import ssl
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.cctv.devices.env import Address
from custom_components.cctv.devices.errors import (
    CannotConnect,
    DeviceError,
    Malformed,
    NoAnswer,
    TlsRefused,
)
from custom_components.cctv.devices.http.asker import asker
from tests.devices.clock import settle
from tests.simulators import wire
from tests.simulators.auth import Policy

from .web import PASSWORD, USER, Answer, Box, client, raw, silence

pytestmark = pytest.mark.usefixtures("socket_enabled")

# --- bodies


async def test_a_body_of_bytes_goes_with_its_length() -> None:
    async with Box(policy=Policy()) as box, client(box) as http:
        for send in (http.ask, http.tell):
            reply = await send("/RPC2", method="POST", body=b'{"id":1}', headers={"X-A": "b"})
            assert reply.status == 200
        for exchange in box.wire:
            assert exchange.request.header("Content-Length") == "8"
            assert exchange.request.header("Transfer-Encoding") is None
            assert exchange.request.header("Expect") is None
            assert exchange.request.header("X-A") == "b"


class Ear:
    """A raw server that hears a talk body, answering as told."""

    def __init__(self, challenge: bytes = b"", answer: bytes = b"", deaf: bool = False) -> None:
        self.challenge = challenge
        self.answer = answer
        self.deaf = deaf
        self.heads: list[bytes] = []
        self.heard = bytearray()
        self.closed = asyncio.Event()
        """Set when the talk is over."""
        self.posted = asyncio.Event()
        self.refused = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                if self.challenge and b"Authorization" not in head:
                    writer.write(self.challenge)
                    if head.startswith(b"GET"):
                        continue
                    self.refused.set()
                    return
                if head.startswith(b"GET"):
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
                    continue
                self.posted.set()
                writer.write(self.answer)
                if self.deaf:
                    await self.closed.wait()
                while data := await reader.read(1 << 16):
                    self.heard += data
                return
        except asyncio.IncompleteReadError, ConnectionError:
            # The client is done.
            return
        finally:
            if self.posted.is_set():
                self.closed.set()
            writer.close()


@asynccontextmanager
async def ear(**how: Any) -> AsyncIterator[tuple[Ear, str]]:
    listener = Ear(**how)
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    try:
        yield listener, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        listener.closed.set()
        server.close()
        await server.wait_closed()


async def sound(*chunks: bytes) -> AsyncGenerator[bytes]:
    for chunk in chunks:
        yield chunk


CHALLENGE = (
    b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n"
    b'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n\r\n'
)


async def test_talk_meets_the_challenge_before_its_first_byte() -> None:
    """§4.3.4: the body cannot be sent twice, and the box says nothing until the socket closes."""
    async with ear(challenge=CHALLENGE) as (listener, url), client(url) as http:
        reply = await http.post(
            "/audio.cgi?action=postAudio",
            sound(b"a" * 1000, b"b" * 1000, b"c" * 24),
            warm="/audio.cgi?action=getCollect",
            grace=0.05,
            headers={"Content-Type": "Audio/G.711A", "Content-Length": "9999999"},
        )
        assert reply is None
        await listener.closed.wait()
        assert [head.split()[0] for head in listener.heads] == [b"GET", b"GET", b"POST"]
        assert b"Content-Length: 9999999\r\n" in listener.heads[-1]
        assert b"Authorization: Digest" in listener.heads[-1]
        assert bytes(listener.heard) == b"a" * 1000 + b"b" * 1000 + b"c" * 24


async def test_talk_that_meets_a_challenge_goes_on_with_what_was_not_sent() -> None:
    async def slow() -> AsyncGenerator[bytes]:
        yield b"lost"
        await listener.refused.wait()
        await settle()
        yield b"heard"

    async with ear(challenge=CHALLENGE) as (listener, url), client(url) as http:
        assert await http.post("/audio.cgi", slow(), grace=0.05) is None
        await listener.closed.wait()
        assert len(listener.heads) == 2
        assert bytes(listener.heard).startswith(b"5\r\nheard\r\n")


async def test_talk_that_is_refused_ends_at_once() -> None:
    answer = b"HTTP/1.1 415 Unsupported\r\nContent-Length: 5\r\n\r\nError"
    ended = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes]:
        try:
            while True:
                yield bytes(800)
                await asyncio.sleep(0)
        finally:
            ended.set()

    async with ear(answer=answer) as (_, url), client(url) as http:
        reply = await http.post("/audio.cgi", endless())
        assert reply is not None
        assert (reply.status, reply.body) == (415, b"Error")
        gc.collect()
        await asyncio.wait_for(ended.wait(), 5)


async def test_talk_to_a_box_that_takes_nothing_gives_up() -> None:
    async def endless() -> AsyncGenerator[bytes]:
        while True:
            yield bytes(1 << 16)

    async with ear(deaf=True) as (listener, url), client(url) as http:
        with pytest.raises(NoAnswer):
            await http.post("/audio.cgi", endless(), deadline=1)
        assert listener.posted.is_set()


async def test_a_fault_of_the_sound_ends_the_talk() -> None:
    async def broken() -> AsyncGenerator[bytes]:
        yield b"x"
        raise Malformed("no sound")

    async with ear() as (listener, url), client(url) as http:
        with pytest.raises(Malformed, match="no sound"):
            await http.post("/audio.cgi", broken())
        assert len(listener.heads) <= 1


# --- TLS and redirects


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's context with a certificate nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camera")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=3))
        .not_valid_after(today + timedelta(days=3))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file: Path = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_an_unknown_certificate_is_refused_unless_it_is_accepted(
    certificate: ssl.SSLContext,
) -> None:
    async with Box(policy=Policy(), tls=certificate) as box:
        async with client(box) as http:
            with pytest.raises(TlsRefused):
                await http.ask("/")
            assert not box.wire
        async with client(box, verify=False) as http:
            assert (await http.ask("/a[0]")).status == 200


async def test_a_box_without_tls_is_no_question_of_certificates() -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with client(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}") as http:
        with pytest.raises(CannotConnect) as caught:
            await http.ask("/")
        assert not isinstance(caught.value, TlsRefused)
    server.close()
    await server.wait_closed()


async def test_a_move_to_https_is_followed_once_and_remembered(certificate: ssl.SSLContext) -> None:
    """§2: some models redirect http to https."""
    async with Box(policy=Policy(), tls=certificate) as there:

        def answer(request: wire.Request, _: wire.Connection) -> wire.Reply:
            return wire.Reply(302, headers=(("Location", there.url + request.target),))

        async with Box(answer) as here, client(here, verify=False) as http:
            assert (await http.tell("/do")).status == 302
            assert (await http.ask("/a?b=1")).status == 200
            assert http.base == there.url
            assert (await http.tell("/do")).status == 200
            assert here.targets == ["/do", "/a?b=1"]
            assert there.targets == ["/a?b=1", "/a?b=1", "/do"]


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.invalid/a",
        "http://elsewhere.invalid/a",
        "https://127.0.0.1:1/login.html",
        "http://127.0.0.1:1/a",
        "/login.html",
        "https://[broken/a",
        "",
    ],
)
async def test_no_other_move_is_followed(location: str) -> None:
    headers = (("Location", location),)
    async with (
        Box(lambda *_: wire.Reply(302, headers=headers), Policy()) as box,
        client(box) as http,
    ):
        assert (await http.ask("/a")).status == 302
        assert http.base == box.url
        assert box.targets == ["/a", "/a"]


# --- secrets and counters


async def test_no_secret_is_in_any_error_or_repr() -> None:
    secrets = ("p@ss", "w/rd", "hidden", "Authorization", "response=")
    answers: list[Answer] = [raw(b""), raw(b"junk\r\n"), silence(), lambda *_: wire.Reply(401)]
    async with Box(policy=Policy()) as box, client(box) as http:
        await http.ask("/first")
        assert box.gate is not None
        for answer in answers:
            box.answer = answer
            for send in (http.ask, http.tell, http.open):
                with pytest.raises(DeviceError) as caught:
                    await send("/users?pwd=hidden", deadline=0.2)
                error = caught.value
                said = f"{error} {error!r} {error.placeholders} {error.__context__!r} {http!r}"
                assert not [secret for secret in secrets if secret in said]


async def test_what_passed_is_counted() -> None:
    async with Box(policy=Policy()) as box, client(box) as http:
        await http.ask("/a")
        await http.ask("/b")
        assert (http.seen.requests, http.seen.bytes, http.seen.refused) == (3, 8, 0)


# --- asking for detection


async def test_detection_asks_without_a_login_and_each_path_once() -> None:
    async with Box(policy=Policy()) as box, aiohttp.ClientSession() as session:
        ask = asker(session, Address(box.url, USER, PASSWORD))
        replies = await asyncio.gather(*(ask("/a") for _ in range(5)), ask("/b"))
        assert {reply.status for reply in replies} == {401}
        assert all(reply.challenges for reply in replies)
        assert sorted(box.targets) == ["/a", "/b"]
        assert not [exchange for exchange in box.wire if exchange.request.header("Authorization")]
        await ask.close()


async def test_detection_has_two_in_flight_and_reads_64_kilobytes() -> None:
    async def answer(_: wire.Request, __: wire.Connection) -> wire.Reply:
        await asyncio.sleep(0)
        return wire.Reply(body=bytes(300_000))

    async with Box(answer) as box, aiohttp.ClientSession() as session:
        ask = asker(session, Address(box.url))
        replies = await asyncio.gather(*(ask(f"/{number}") for number in range(10)))
        assert box.busiest <= 2
        assert {len(reply.body) for reply in replies} == {1 << 16}
        await ask.close()


async def test_detection_asks_other_ports_of_the_same_host() -> None:
    async with Box() as box, Box() as other, aiohttp.ClientSession() as session:
        ask = asker(session, Address(box.url))
        assert (await ask(f":{other.port}/x")).status == 200
        assert (await ask(f":{box.port}/y")).status == 200
        assert other.targets == ["/x"]
        assert box.targets == ["/y"]
        await ask.close()


async def test_detection_leaves_a_dead_port_alone() -> None:
    async with Box() as box, aiohttp.ClientSession() as session:
        await box.go_dark()
        ask = asker(session, Address(box.url))
        for path in ("/a", "/a", "/b"):
            with pytest.raises(CannotConnect):
                await ask(path)
        await ask.close()
