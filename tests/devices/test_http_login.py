"""Logins over HTTP: challenges, refreshes, refusals, locks."""

import asyncio
import hashlib
import re

import pytest

from custom_components.cctv.devices.errors import (
    BadInput,
    Forbidden,
    InvalidAuth,
    Locked,
)
from custom_components.cctv.devices.http.client import Reply
from tests.devices.clock import FakeClock
from tests.simulators import wire
from tests.simulators.auth import Policy

from .web import OK, PASSWORD, STALE, USER, Answer, Box, client

pytestmark = pytest.mark.usefixtures("socket_enabled")


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


async def test_a_realm_in_another_alphabet_is_hashed_as_it_came() -> None:
    asked = b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="B\xfcro", nonce="1"\r\n'
    given: list[str] = []

    async def answer(request: wire.Request, connection: wire.Connection) -> wire.Reply | None:
        if (header := request.header("Authorization")) is not None:
            given.append(header)
            return OK
        connection.write(asked + b"Content-Length: 0\r\n\r\n")
        return None

    async with Box(answer) as box, client(box) as http:
        assert (await http.ask("/a")).status == 200
    secret = hashlib.md5(USER.encode() + b":B\xfcro:" + PASSWORD.encode()).hexdigest()
    wanted = hashlib.md5(f"{secret}:1:{hashlib.md5(b'GET:/a').hexdigest()}".encode()).hexdigest()
    assert f'response="{wanted}"' in given[0]


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


@pytest.mark.parametrize("in_flight", [1, 2, 4])
async def test_nonces_that_serve_once_cost_two_requests_each(in_flight: int) -> None:
    """Requests in flight together keep their own challenges, and take none from each other."""
    policy = Policy(nonce_uses=1)
    async with Box(policy=policy) as box, client(box, in_flight=in_flight) as http:
        await asyncio.gather(*(http.ask(f"/{number}") for number in range(8)))
        box.wire.clear()
        assert box.gate is not None
        stale = box.gate.count.stale
        await asyncio.gather(*(http.ask(f"/{number}") for number in range(30)))
        assert (await http.tell("/do?it=1")).status == 200
        assert box.statuses.count(200) == 31
        assert len(box.wire) == 62
        assert box.gate.count.stale == stale
        assert box.gate.count.failed_logins == 0
        assert box.targets.count("/do?it=1") == 2


async def test_nonces_that_serve_once_are_known_after_two() -> None:
    policy = Policy(nonce_uses=1)
    async with Box(policy=policy) as box, client(box) as http:
        statuses = []
        for number in range(5):
            await http.ask(f"/{number}")
            statuses.append(tuple(box.statuses))
            box.wire.clear()
        assert statuses == [(401, 200)] * 5
        assert box.gate is not None
        assert box.gate.count.stale == 2


async def test_where_nonces_serve_once_a_changed_password_is_not_tried_on() -> None:
    policy = Policy(nonce_uses=1)
    async with Box(policy=policy) as box, client(box) as http:
        for number in range(4):
            await http.ask(f"/{number}")
        assert box.gate is not None
        box.gate.users = {USER: "another"}
        results = await asyncio.gather(
            *(http.ask(f"/{number}") for number in range(20)), return_exceptions=True
        )
        assert {type(result) for result in results} == {InvalidAuth}
        assert box.gate.count.failed_logins <= 3
        sent = len(box.wire)
        with pytest.raises(InvalidAuth):
            await http.tell("/again")
        assert len(box.wire) == sent


async def test_nonces_that_ran_out_early_are_no_proof() -> None:
    """A box that forgets its nonces once in a while still serves many requests with one."""
    async with Box(policy=Policy()) as box, client(box) as http:
        assert box.gate is not None
        for _ in range(4):
            for number in range(3):
                await http.ask(f"/{number}")
            box.gate.forget()
        assert box.statuses.count(401) == 4


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


async def test_a_password_changed_while_running_costs_few_failed_logins() -> None:
    """Paths that were never asked are not tried one after the other until the box locks."""
    async with Box(policy=Policy()) as box, client(box) as http:
        await http.ask("/known")
        assert box.gate is not None
        box.gate.users = {USER: "another"}
        with pytest.raises(InvalidAuth):
            await http.ask("/new1")
        sent = len(box.wire)
        for path in ("/new2", "/known", "/new3"):
            with pytest.raises(InvalidAuth):
                await http.ask(path)
        assert len(box.wire) == sent
        assert box.gate.count.failed_logins <= 3


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
