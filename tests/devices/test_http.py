"""The HTTP client against raw servers on loopback: logins, limits, deadlines, every fault."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import gc
import ipaddress
from pathlib import Path
import re
import resource
import ssl
from typing import Any, override

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.cctv.devices.asker import asker
from custom_components.cctv.devices.env import Address, Crew, Env
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Locked,
    Malformed,
    NoAnswer,
    TlsRefused,
)
from custom_components.cctv.devices.http import Http, Lane, Reply
from tests.devices.clock import FakeClock, settle
from tests.simulators import wire
from tests.simulators.auth import Gate, Policy

pytestmark = pytest.mark.usefixtures("socket_enabled")

USER = "admin"
PASSWORD = "p@ss:w/rd#"
STALE = b"Authority:check failure."
OK = wire.Reply(body=b"OK\r\n")

type Answer = Callable[[wire.Request, wire.Connection], Awaitable[wire.Reply | None] | wire.Reply]


class Box(wire.WireServer):
    """A device whose answers a test decides."""

    def __init__(
        self,
        answer: Answer = lambda *_: OK,
        policy: Policy | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls=tls)
        self.answer = answer
        self.gate = Gate(policy, {USER: PASSWORD}) if policy else None
        self.busiest = self.busy = 0

    @override
    async def respond(
        self, request: wire.Request, connection: wire.Connection
    ) -> wire.Reply | None:
        if self.gate is not None:
            verdict = self.gate.check(
                request.method, request.target, request.header("Authorization"), request.body
            )
            if verdict.user is None:
                return verdict.reply()
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            answer = self.answer(request, connection)
            return answer if isinstance(answer, wire.Reply) else await answer
        finally:
            self.busy -= 1

    @property
    def targets(self) -> list[str]:
        return [exchange.target for exchange in self.wire]

    @property
    def statuses(self) -> list[int | None]:
        return [exchange.status for exchange in self.wire]


def raw(data: bytes) -> Answer:
    """Answer with these bytes and hang up."""

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(data)

    return answer


def silence(data: bytes = b"") -> Answer:
    """Answer with these bytes, then say nothing until the client leaves."""

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(data)
        await connection.gone()

    return answer


def flood(head: bytes, chunk: bytes) -> Answer:
    """Answer without end."""

    async def answer(_: wire.Request, connection: wire.Connection) -> None:
        connection.write(head)
        while not connection.closing:
            connection.write(chunk)
            await connection.drain()

    return answer


@asynccontextmanager
async def client(
    box: wire.WireServer | str,
    user: str = USER,
    password: str = PASSWORD,
    verify: bool = True,
    clock: FakeClock | None = None,
    **how: Any,
) -> AsyncGenerator[Http]:
    """An `Http` for the box, and the proof that nothing of it is left afterwards."""
    url = box if isinstance(box, str) else box.url
    crew = Crew()
    async with aiohttp.ClientSession() as session:
        env = Env(session, Address(url, user, password, verify), UTC, crew.spawn)
        if clock is not None:
            env = Env(session, Address(url, user, password, verify), UTC, crew.spawn, clock=clock)
        tasks = asyncio.all_tasks()
        http = Http(env, **how)
        try:
            yield http
        finally:
            await http.close()
            left = asyncio.all_tasks() - tasks
            assert not [task for task in left if "custom_components" in repr(task)]
    if not isinstance(box, str):
        await box.until(lambda: all(item.closing for item in box.connections))


# --- logins ----------------------------------------------------------------------------------


async def test_one_challenge_serves_every_later_request() -> None:
    async with Box(policy=Policy(reject_quoted=True)) as box, client(box) as http:
        for number in range(10):
            assert (await http.ask(f"/cgi-bin/x.cgi?n={number}")).body == b"OK\r\n"
        assert box.statuses == [401] + [200] * 10
        assert box.gate is not None
        assert box.gate.count.failed_logins == box.gate.count.malformed == 0


@pytest.mark.parametrize(
    "policy",
    [
        Policy(algorithms=("SHA-256",)),
        Policy(algorithms=("MD5-sess",)),
        Policy(algorithms=("SHA-256-sess", None)),
        Policy(qop=None),
        Policy(qop="auth,auth-int"),
        Policy(qop="auth-int, auth", separator=","),
        Policy(realm="Login to 9F, west", opaque="0" * 40, stale_false=True),
        Policy(schemes=("Basic",)),
        Policy(schemes=("Basic", "Digest")),
        Policy(schemes=("Digest", "Basic")),
    ],
    ids=lambda policy: f"{policy.schemes} {policy.algorithms} {policy.qop}",
)
async def test_each_way_to_log_in_works(policy: Policy) -> None:
    async with Box(policy=policy) as box, client(box) as http:
        assert (await http.ask("/a?b[0]=1")).status == 200
        assert (await http.tell("/a?b[0]=2")).status == 200
        assert box.statuses == [401, 200, 200]
        used = box.wire[-1].request.header("Authorization") or ""
        assert used.startswith("Digest" if "Digest" in policy.schemes else "Basic")


PATHS = [
    "/cgi-bin/configManager.cgi?action=setConfig&Lighting[0][0].Mode=Off",
    "/cgi-bin/x.cgi?startTime=2011-7-3%2021:02:32&name=a%2Fb%2Bc%3D",
    "/cgi-bin/x.cgi?action=1:/500%5C&b=%C3%BC%20+%25",
    "/cgi-bin/x.cgi?file=DIR/FILE.mp4&group=Motion.M3,Motion.M5",
    "/RPC_Loadfile//mnt/sd/2026-01-01/./001/dav/../10.00.00-10.00.10[M][0@0][0].dav",
    "/%48TTP?x=a|b{c}^`'~",
]


@pytest.mark.parametrize("path", PATHS)
async def test_the_uri_is_sent_and_signed_byte_for_byte(path: str) -> None:
    async with Box(policy=Policy()) as box, client(box) as http:
        assert (await http.ask(path)).status == 200
        assert set(box.targets) == {path}
        assert box.gate is not None
        assert box.gate.count.uri_mismatches == 0


@pytest.mark.parametrize(
    "path", ["x", "", "/a b", "/a#b", '/a"b', "/a\r\nb", "/ä", "/a\x00", "/a\\b"]
)
async def test_a_path_that_would_be_changed_is_refused(path: str) -> None:
    async with Box() as box, client(box) as http:
        for send in (http.ask, http.tell, http.open):
            with pytest.raises(BadInput):
                await send(path)
        with pytest.raises(BadInput):
            await http.ask("/", headers={"X": "a\r\nY: b"})
        assert box.accepted == 0


async def test_nc_rises_in_the_order_of_sending_over_many_connections() -> None:
    policy = Policy(nc_rises=True)
    async with Box(policy=policy) as box, client(box, in_flight=6) as http:
        box.keep_alive = False
        for _ in range(10):
            await asyncio.gather(*(http.ask(f"/{number}") for number in range(20)))
        counts = [
            int(found[1], 16)
            for exchange in box.wire
            if (
                found := re.search("nc=([0-9a-f]+)", exchange.request.header("Authorization") or "")
            )
        ]
        assert len(counts) == 200
        assert counts == sorted(counts)
        assert box.statuses.count(401) == 1


async def test_twenty_at_once_share_the_first_challenge() -> None:
    async with Box(policy=Policy()) as box, client(box, in_flight=4) as http:
        await asyncio.gather(*(http.ask(f"/{number}") for number in range(20)))
        assert box.statuses.count(401) == 1
        assert box.statuses.count(200) == 20


@pytest.mark.parametrize("status", [401, 403])
async def test_twenty_at_once_share_one_refresh_of_a_stale_nonce(status: int) -> None:
    """§3.1: a nonce that ran out is told by 401, or by 403 with a body of its own (case 45)."""
    policy = Policy(stale_status=status, denied_body=STALE)
    async with (
        Box(policy=policy) as box,
        client(box, in_flight=4, stale=lambda reply: STALE in reply.body) as http,
    ):
        await http.ask("/first")
        assert box.gate is not None
        box.gate.forget()
        box.wire.clear()
        await asyncio.gather(*(http.ask(f"/{number}") for number in range(20)))
        assert box.statuses.count(200) == 20
        # At most the four that were under way met the old nonce; one asked for a new one.
        assert box.gate.count.stale <= 4
        assert len(box.wire) <= 20 + 4 + (status == 403)
        assert box.gate.count.failed_logins == 0


async def test_a_nonce_that_serves_once_still_works() -> None:
    policy = Policy(nonce_uses=1)
    async with Box(policy=policy) as box, client(box, in_flight=4) as http:
        await asyncio.gather(*(http.ask(f"/{number}") for number in range(30)))
        assert box.statuses.count(200) == 30
        assert box.gate is not None
        assert box.gate.count.failed_logins == 0


async def test_a_stale_nonce_is_no_reason_to_lose_a_command() -> None:
    async with Box(policy=Policy()) as box, client(box) as http:
        await http.ask("/first")
        assert box.gate is not None
        box.gate.forget()
        assert (await http.tell("/do?it=1")).status == 200
        assert [exchange.status for exchange in box.wire if exchange.target == "/do?it=1"] == [
            401,
            200,
        ]


@pytest.mark.parametrize("schemes", [("Digest",), ("Basic",), ("Digest", "Basic")])
async def test_a_wrong_password_is_tried_once_and_never_again(schemes: tuple[str, ...]) -> None:
    async with (
        Box(policy=Policy(schemes=schemes)) as box,
        client(box, password="wrong", in_flight=4) as http,
    ):
        results = await asyncio.gather(
            *(http.ask(f"/{number}") for number in range(20)), return_exceptions=True
        )
        assert {type(result) for result in results} == {InvalidAuth}
        assert box.gate is not None
        assert box.gate.count.failed_logins == 1
        sent = len(box.wire)
        for send in (http.ask, http.tell, http.open):
            with pytest.raises(InvalidAuth):
                await send("/again")
        assert len(box.wire) == sent == 2
        assert http.seen.refused == 1
        # Questions without a login still pass.
        assert (await http.ask("/public", login=False)).status == 401


async def test_a_password_changed_on_the_device_is_noticed_and_not_tried_on() -> None:
    async with Box(policy=Policy()) as box, client(box) as http:
        await http.ask("/poll")
        assert box.gate is not None
        box.gate.users = {USER: "new"}
        with pytest.raises(InvalidAuth):
            await http.ask("/poll")
        failed = box.gate.count.failed_logins
        assert failed <= 2
        with pytest.raises(InvalidAuth):
            await http.ask("/poll")
        assert box.gate.count.failed_logins == failed


async def test_a_nonce_that_never_changes_hides_no_wrong_password() -> None:
    challenge = (("WWW-Authenticate", 'Digest realm="x", nonce="always", qop="auth"'),)
    refused: list[str] = []

    def answer(request: wire.Request, _: wire.Connection) -> wire.Reply:
        signed = request.header("Authorization")
        if signed and not changed:
            return OK
        if signed:
            refused.append(signed)
        return wire.Reply(401, headers=challenge)

    changed = False
    async with Box(answer) as box, client(box) as http:
        for _ in range(5):
            await http.ask("/poll")
        changed = True
        with pytest.raises(InvalidAuth):
            await http.ask("/poll")
        assert len(refused) == 2


async def test_a_lock_without_a_time_is_told_as_such() -> None:
    def locked(reply: Reply) -> float | None:
        return 0 if b"barred" in reply.body else None

    async with (
        Box(lambda *_: wire.Reply(401, b"barred")) as box,
        client(box, locked=locked) as http,
    ):
        with pytest.raises(Locked) as caught:
            await http.ask("/a")
        assert caught.value.seconds is None
        assert len(box.wire) == 1


async def test_a_path_above_the_accounts_rights_is_forbidden_not_a_wrong_password() -> None:
    """Case 34: an account that sees pictures, not settings, gets 401 for the settings."""
    challenge = (("WWW-Authenticate", 'Basic realm="x"'),)

    def answer(request: wire.Request, _: wire.Connection) -> wire.Reply:
        allowed = request.header("Authorization") and "config" not in request.target
        return OK if allowed else wire.Reply(401, headers=challenge)

    async with Box(answer) as box, client(box) as http:
        assert (await http.ask("/image.jpg")).status == 200
        with pytest.raises(Forbidden):
            await http.ask("/config.cgi")
        assert (await http.ask("/image.jpg")).status == 200


async def test_403_after_a_fresh_challenge_is_a_missing_right() -> None:
    def answer(request: wire.Request, _: wire.Connection) -> wire.Reply:
        return wire.Reply(403, STALE) if "users" in request.target else OK

    async with (
        Box(answer, Policy()) as box,
        client(box, stale=lambda reply: reply.body == STALE) as http,
    ):
        await http.ask("/a")
        with pytest.raises(Forbidden):
            await http.ask("/users")
        assert (await http.ask("/a")).status == 200


async def test_other_statuses_are_handed_on_with_their_body() -> None:
    def answer(request: wire.Request, _: wire.Connection) -> wire.Reply:
        return wire.Reply(int(request.target[1:]), b"Error\nBad Request!\n")

    async with Box(answer) as box, client(box) as http:
        for status in (200, 302, 400, 403, 404, 500, 501, 503):
            reply = await http.ask(f"/{status}")
            assert (reply.status, reply.text) == (status, "Error\nBad Request!\n")


async def test_a_lock_is_told_with_its_time_and_nothing_more_is_sent() -> None:
    def locked(reply: Reply) -> float | None:
        found = re.search(rb"locked (\d+)", reply.body)
        return float(found[1]) if found else None

    clock = FakeClock()
    answer: Answer = lambda *_: wire.Reply(403, b"locked 300")  # noqa: E731
    async with Box(answer, Policy()) as box, client(box, clock=clock, locked=locked) as http:
        with pytest.raises(Locked) as caught:
            await http.ask("/a")
        assert caught.value.placeholders == {"minutes": "5"}
        sent = len(box.wire)
        with pytest.raises(Locked):
            await http.tell("/b")
        assert len(box.wire) == sent


async def test_no_credential_goes_out_before_a_challenge() -> None:
    async with Box() as box, client(box) as http:
        await asyncio.gather(http.ask("/a"), http.tell("/b"))
        async with http.stream("/c") as stream:
            assert stream.status == 200
        assert not [exchange for exchange in box.wire if exchange.request.header("Authorization")]


@pytest.mark.parametrize(
    "offered",
    ["Negotiate", 'Digest realm="x", nonce="n", algorithm=SHA-512-256', 'Digest realm="x"', ""],
)
async def test_a_challenge_that_cannot_be_met_is_told_at_once(offered: str) -> None:
    headers = (("WWW-Authenticate", offered),) if offered else ()
    async with Box(lambda *_: wire.Reply(401, headers=headers)) as box, client(box) as http:
        with pytest.raises(InvalidAuth):
            await http.ask("/")
        assert len(box.wire) == 1


async def test_without_a_user_a_challenge_is_not_answered() -> None:
    async with Box(policy=Policy()) as box, client(box, user="", password="") as http:
        with pytest.raises(InvalidAuth):
            await http.ask("/")
        assert len(box.wire) == 1


async def test_a_challenge_after_every_answer_comes_to_an_end() -> None:
    numbers = iter(range(1000))

    def answer(_: wire.Request, __: wire.Connection) -> wire.Reply:
        offered = f'Digest realm="x", nonce="{next(numbers)}", qop="auth", stale=true'
        return wire.Reply(401, headers=(("WWW-Authenticate", offered),))

    async with Box(answer) as box, client(box) as http:
        with pytest.raises(InvalidAuth):
            await http.ask("/")
        assert len(box.wire) == 2


# --- repeating -------------------------------------------------------------------------------


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
            await http.tell("/do-again", deadline=0.2)
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


# --- limits and deadlines --------------------------------------------------------------------


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
        with pytest.raises(error) as caught:
            await http.ask("/cgi?secret=1", deadline=0.3)
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


# --- turns -----------------------------------------------------------------------------------


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


# --- streams ---------------------------------------------------------------------------------


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


# --- bodies ----------------------------------------------------------------------------------


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
            await http.post("/audio.cgi", endless(), deadline=0.3)
        assert listener.posted.is_set()


async def test_a_fault_of_the_sound_ends_the_talk() -> None:
    async def broken() -> AsyncGenerator[bytes]:
        yield b"x"
        raise Malformed("no sound")

    async with ear() as (listener, url), client(url) as http:
        with pytest.raises(Malformed, match="no sound"):
            await http.post("/audio.cgi", broken())
        assert len(listener.heads) <= 1


# --- TLS and redirects -----------------------------------------------------------------------


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


# --- secrets and counters --------------------------------------------------------------------


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


# --- asking for detection --------------------------------------------------------------------


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
