"""The gate: Basic and Digest in every spelling, stale nonces, lock-out."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.simulators.auth import Gate, Policy, parse_members
from tests.simulators.wire import Connection, Reply, Request, WireServer
from tests.simulators_tests.raw import PASSWORD, USER, Answer, Raw, basic, challenge, digest

pytestmark = pytest.mark.usefixtures("socket_enabled")

TARGET = "/cgi-bin/x.cgi?action=getConfig&name=Lighting[0][0]"
POLICY = Policy(realm="Login to 1,2", opaque="5ccc069c403ebaf9", denied_body=b"No.")


class Guarded(WireServer):
    """Says the user's name to who may pass."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.time = 1000.0
        self.gate = Gate(policy, {USER: PASSWORD}, lambda: self.time)

    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        header = request.header("Authorization")
        verdict = self.gate.check(request.method, request.target, header, request.body)
        return verdict.reply() if verdict.user is None else Reply(200, verdict.user.encode())


@pytest.fixture
async def server() -> AsyncIterator[Guarded]:
    async with Guarded(replace(POLICY)) as guarded:
        yield guarded


async def ask(server: Guarded, header: str, target: str = TARGET) -> Answer:
    async with await Raw.connect(server) as raw:
        return await raw.ask(target, header)


async def test_a_challenge_is_spelt_as_the_policy_says(server: Guarded) -> None:
    asked = await challenge(server)
    nonce = parse_members(asked.removeprefix("Digest "))["nonce"].value
    assert asked == (
        f'Digest realm="Login to 1,2", qop="auth", nonce="{nonce}", opaque="5ccc069c403ebaf9"'
    )
    server.gate.policy = Policy(
        realm="r", algorithms=("SHA-256",), qop=None, separator=",", stale_false=True
    )
    asked = await challenge(server)
    nonce = parse_members(asked.removeprefix("Digest "))["nonce"].value
    assert asked == f'Digest realm="r",nonce="{nonce}",algorithm=SHA-256,stale="false"'
    assert server.gate.count.probes == 2


@pytest.mark.parametrize("algorithm", [None, "MD5", "md5-sess", "SHA-256", "SHA-256-sess"])
@pytest.mark.parametrize("qop", ["auth", "auth-int"])
async def test_every_algorithm_passes(server: Guarded, algorithm: str | None, qop: str) -> None:
    server.gate.policy.algorithms = (algorithm,)
    server.gate.policy.qop = "auth, auth-int"
    asked = await challenge(server)
    header = digest(asked, TARGET, method="POST", qop=qop, body=b"{}")
    async with await Raw.connect(server) as raw:
        answer = await raw.ask(TARGET, header, method="POST", body=b"{}")
    assert (answer.status, answer.body) == (200, b"admin")


async def test_without_qop_the_old_form_passes_and_the_new_one_does_not(server: Guarded) -> None:
    server.gate.policy.qop = None
    asked = await challenge(server)
    assert (await ask(server, digest(asked, TARGET, qop=None))).status == 200
    assert (await ask(server, digest(asked, TARGET, qop="auth"))).status == 401
    assert server.gate.count.malformed == 1


async def test_basic_where_it_is_offered_only(server: Guarded) -> None:
    assert (await ask(server, basic())).status == 401
    assert server.gate.count.failed_logins == 0
    server.gate.policy.schemes = ("Basic",)
    assert await challenge(server) == 'Basic realm="Login to 1,2"'
    assert (await ask(server, basic())).status == 200
    assert (await ask(server, basic(password="wrong"))).status == 401
    assert (await ask(server, "Authorization: Basic ?")).status == 401
    assert server.gate.count.failed_logins == 1
    assert server.gate.count.malformed == 1


async def test_the_signed_uri_is_the_request_line_byte_for_byte(server: Guarded) -> None:
    asked = await challenge(server)
    escaped = TARGET.replace("[", "%5B").replace("]", "%5D")
    assert (await ask(server, digest(asked, TARGET, uri=escaped))).status == 401
    server.gate.policy.uri_status = 403
    refused = await ask(server, digest(asked, TARGET, uri=escaped))
    assert (refused.status, refused.body) == (403, b"No.")
    assert server.gate.count.uri_mismatches == 2
    assert server.gate.count.failed_logins == 0
    assert (await ask(server, digest(asked, escaped), escaped)).status == 200


async def test_the_nonce_count_rises(server: Guarded) -> None:
    asked = await challenge(server)
    assert (await ask(server, digest(asked, TARGET, nc=1))).status == 200
    assert (await ask(server, digest(asked, TARGET, nc=3))).status == 200
    for nc in (2, 3):
        stale = await ask(server, digest(asked, TARGET, nc=nc))
        assert stale.status == 401
        assert "stale=true" in str(stale.header("WWW-Authenticate"))
    assert server.gate.count.stale == 2
    assert server.gate.count.failed_logins == 0


async def test_a_nonce_grows_old_and_is_used_up(server: Guarded) -> None:
    server.gate.policy.nonce_life = 60.0
    server.gate.policy.nonce_uses = 2
    server.gate.policy.stale_status = 403
    asked = await challenge(server)
    server.time += 60
    assert (await ask(server, digest(asked, TARGET, nc=1))).status == 200
    assert (await ask(server, digest(asked, TARGET, nc=2))).status == 200
    used_up = await ask(server, digest(asked, TARGET, nc=3))
    assert (used_up.status, used_up.body) == (403, b"No.")
    asked = await challenge(server)
    server.time += 61
    assert (await ask(server, digest(asked, TARGET))).status == 403


async def test_a_restart_forgets_nonces(server: Guarded) -> None:
    asked = await challenge(server)
    server.gate.forget()
    assert "stale=true" in str((await ask(server, digest(asked, TARGET))).header("WWW-Auth.*"))


async def test_quoted_members_may_be_refused(server: Guarded) -> None:
    asked = await challenge(server)
    assert (await ask(server, digest(asked, TARGET, nc=1, quoted=True))).status == 200
    server.gate.policy.reject_quoted = True
    assert (await ask(server, digest(asked, TARGET, nc=2, quoted=True))).status == 401
    assert (await ask(server, digest(asked, TARGET, nc=2))).status == 200


@pytest.mark.parametrize(
    "broken",
    [
        "Authorization: Digest",
        'Authorization: Digest username="admin"',
        (
            'Authorization: Digest username="admin", realm="Login to 1,2", nonce="x", uri="/", '
            'response="0", qop=auth, nc=1, cnonce="c", opaque="5ccc069c403ebaf9"'
        ),
        'Authorization: Digest =,="',
    ],
)
async def test_a_header_without_sense_is_no_failed_login(server: Guarded, broken: str) -> None:
    assert (await ask(server, broken)).status == 401
    assert server.gate.count.malformed == 1
    assert server.gate.count.failed_logins == 0


@pytest.mark.parametrize("status", [401, 403])
async def test_too_many_failures_lock(server: Guarded, status: int) -> None:
    policy = server.gate.policy
    policy.lock_after, policy.lock_status, policy.lock_seconds = 3, status, 300.0
    for number in range(2):
        asked = await challenge(server)
        wrong = await ask(server, digest(asked, TARGET, password=f"wrong{number}"))
        assert wrong.status == 401
    assert not server.gate.locked
    asked = await challenge(server)
    assert (await ask(server, digest(asked, TARGET, user="nobody"))).status == status
    assert server.gate.locked
    assert server.gate.count.failed_logins == 3

    right = digest(asked, TARGET)
    server.time += 200
    assert (await ask(server, right)).status == status
    server.time += 200
    assert server.gate.locked, "an attempt while locked prolongs the lock"
    assert server.gate.count.while_locked == 1
    server.time += 101
    assert (await ask(server, right)).status == 200


async def test_a_success_forgives_earlier_failures(server: Guarded) -> None:
    server.gate.policy.lock_after = 2
    for password in ("wrong", PASSWORD, "wrong", PASSWORD):
        asked = await challenge(server)
        await ask(server, digest(asked, TARGET, password=password))
    assert not server.gate.locked
    assert server.gate.count.failed_logins == 2
