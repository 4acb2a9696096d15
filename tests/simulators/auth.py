"""Server side of Basic and Digest, as strict and as odd as a policy says."""

import base64
import binascii
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import hashlib
import hmac
import secrets
import time

from tests.simulators.wire import CRLF, Headers, Reply

_MAX_NONCES = 512
_HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}
_UNQUOTED = ("algorithm", "qop", "nc")


@dataclass(slots=True)
class Policy:
    """How a device asks for credentials and what it makes of bad ones."""

    realm: str = "device"
    schemes: tuple[str, ...] = ("Digest",)
    algorithms: tuple[str | None, ...] = (None,)
    """One challenge each; None leaves the member out, which means MD5."""
    qop: str | None = "auth"
    """Written into the challenge as it stands; None is the form of RFC 2069."""
    opaque: str | None = None
    separator: str = ", "
    stale_false: bool = False
    nonce_life: float | None = None
    nonce_uses: int | None = None
    stale_status: int = 401
    uri_status: int = 401
    nc_rises: bool = True
    reject_quoted: bool = False
    lock_after: int | None = None
    lock_seconds: float = 300.0
    lock_status: int = 401
    denied_body: bytes = b""
    """Body of every 403."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The user who may pass, or the refusal to send."""

    user: str | None = None
    status: int = 401
    headers: Headers = ()
    body: bytes = b""

    def reply(self, eol: bytes = CRLF, close: bool = False) -> Reply:
        """Make the refusal an answer."""
        return Reply(self.status, self.body, self.headers, eol=eol, close=close)


@dataclass(slots=True)
class _Nonce:
    """A nonce handed out, and how it was used."""

    born: float
    uses: int = 0
    nc: int = 0


@dataclass(frozen=True, slots=True)
class _Member:
    """A value of the Authorization header, and whether it stood in quotes."""

    value: str
    quoted: bool


@dataclass(slots=True)
class Counters:
    """What tests look at: how a client behaved towards this gate."""

    failed_logins: int = 0
    """Right form, wrong user or password."""
    probes: int = 0
    """Requests without credentials of a scheme that is taken here."""
    stale: int = 0
    malformed: int = 0
    uri_mismatches: int = 0
    while_locked: int = 0
    """Attempts with credentials while locked; each one prolongs the lock."""


class Gate:
    """Checks credentials; knows nothing of HTTP beyond four strings, so RTSP can use it."""

    def __init__(
        self,
        policy: Policy,
        users: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Guard with this policy; users maps names to passwords and may be changed later."""
        self.policy = policy
        self.users = users
        self.count = Counters()
        self._clock = clock
        self._nonces: OrderedDict[str, _Nonce] = OrderedDict()
        self._failures = 0
        self._locked_until = 0.0

    @property
    def locked(self) -> bool:
        """Whether every login is refused at the moment."""
        return self._clock() < self._locked_until

    @property
    def lock_remaining(self) -> float:
        """Seconds until logins are looked at again."""
        return max(0.0, self._locked_until - self._clock())

    @property
    def attempts_left(self) -> int | None:
        """Wrong passwords until the lock; None where nothing locks."""
        limit = self.policy.lock_after
        return None if limit is None else max(0, limit - self._failures)

    def unlock(self) -> None:
        """End the lock-out, as waiting would."""
        self._failures = 0
        self._locked_until = 0.0

    def forget(self) -> None:
        """Lose every nonce and the lock, as a restart does."""
        self._nonces.clear()
        self.unlock()

    def check(
        self, method: str, target: str, authorization: str | None, body: bytes = b""
    ) -> Verdict:
        """Judge the Authorization header of one request."""
        scheme, _, rest = (authorization or "").partition(" ")
        offered = {name.lower() for name in self.policy.schemes}
        if scheme.lower() not in offered:
            self.count.probes += 1
            return self._locked() if self.locked else self._challenge()
        if self.locked:
            self.count.while_locked += 1
            self._locked_until = self._clock() + self.policy.lock_seconds
            return self._locked()
        if scheme.lower() == "basic":
            return self._basic(rest)
        return self._digest(method, target, rest, body)

    def log_in(self, right: bool) -> bool:
        """Count a login whose password was compared elsewhere; whether it passes."""
        if self.locked:
            self.count.while_locked += 1
            self._locked_until = self._clock() + self.policy.lock_seconds
            return False
        if right:
            self._failures = 0
        else:
            self._fail()
        return right

    # Basic

    def _basic(self, text: str) -> Verdict:
        try:
            pair = base64.b64decode(text.strip(), validate=True).decode()
        except binascii.Error, UnicodeDecodeError:
            self.count.malformed += 1
            return self._challenge()
        user, _, password = pair.partition(":")
        expected = self.users.get(user)
        if expected is None or not hmac.compare_digest(expected.encode(), password.encode()):
            return self._failed()
        return self._granted(user)

    # Digest

    def _digest(self, method: str, target: str, text: str, body: bytes) -> Verdict:
        members = parse_members(text)
        policy = self.policy
        if not self._well_formed(members):
            self.count.malformed += 1
            return self._challenge()
        value = {name: member.value for name, member in members.items()}
        if value["uri"] != target:
            self.count.uri_mismatches += 1
            return self._refuse(policy.uri_status)
        user = value["username"]
        password = self.users.get(user)
        expected = "" if password is None else digest_response(method, value, password, body)
        if not hmac.compare_digest(expected.encode(), value["response"].lower().encode()):
            return self._failed()
        if not self._fresh(value):
            self.count.stale += 1
            return self._refuse(policy.stale_status, stale=True)
        return self._granted(user)

    def _well_formed(self, members: Mapping[str, _Member]) -> bool:
        """Whether the header has the members, and the spelling, that the challenge asked for."""
        policy = self.policy
        needed = {"username", "realm", "nonce", "uri", "response"}
        if policy.qop is not None:
            needed |= {"qop", "nc", "cnonce"}
        if policy.opaque is not None:
            needed.add("opaque")
        if not needed <= members.keys():
            return False
        if policy.reject_quoted and any(
            name in members and members[name].quoted for name in _UNQUOTED
        ):
            return False
        algorithm = members["algorithm"].value if "algorithm" in members else "MD5"
        offered = {(name or "MD5").upper() for name in policy.algorithms}
        if algorithm.upper() not in offered or members["realm"].value != policy.realm:
            return False
        if policy.opaque is not None and members["opaque"].value != policy.opaque:
            return False
        if policy.qop is None:
            return "qop" not in members
        qops = {name.strip() for name in policy.qop.split(",")}
        nc = members["nc"].value
        return members["qop"].value in qops and len(nc) == 8 and _is_hex(nc)

    def _fresh(self, value: Mapping[str, str]) -> bool:
        """Whether the nonce is ours, young, not used up, and its count rises."""
        policy = self.policy
        nonce = self._nonces.get(value["nonce"])
        if nonce is None:
            return False
        if policy.nonce_life is not None and self._clock() - nonce.born > policy.nonce_life:
            return False
        if policy.nonce_uses is not None and nonce.uses >= policy.nonce_uses:
            return False
        nc = int(value.get("nc", "0"), 16)
        if policy.qop is not None and policy.nc_rises and nc <= nonce.nc:
            return False
        nonce.uses += 1
        nonce.nc = nc
        return True

    # Verdicts

    def _granted(self, user: str) -> Verdict:
        self._failures = 0
        return Verdict(user=user, status=200)

    def _failed(self) -> Verdict:
        self._fail()
        return self._locked() if self.locked else self._challenge()

    def _fail(self) -> None:
        self.count.failed_logins += 1
        self._failures += 1
        if self.attempts_left == 0:
            self._locked_until = self._clock() + self.policy.lock_seconds

    def _locked(self) -> Verdict:
        return self._refuse(self.policy.lock_status)

    def _refuse(self, status: int, stale: bool = False) -> Verdict:
        if status == 401:
            return self._challenge(stale)
        return Verdict(status=status, body=self.policy.denied_body)

    def _challenge(self, stale: bool = False) -> Verdict:
        headers: list[tuple[str, str]] = []
        for scheme in self.policy.schemes:
            if scheme == "Basic":
                headers.append(("WWW-Authenticate", f'Basic realm="{self.policy.realm}"'))
                continue
            nonce = self._new_nonce()
            headers += [
                ("WWW-Authenticate", self._digest_challenge(name, nonce, stale))
                for name in self.policy.algorithms
            ]
        return Verdict(headers=tuple(headers))

    def _digest_challenge(self, algorithm: str | None, nonce: str, stale: bool) -> str:
        policy = self.policy
        members = [f'realm="{policy.realm}"']
        if policy.qop is not None:
            members.append(f'qop="{policy.qop}"')
        members.append(f'nonce="{nonce}"')
        if policy.opaque is not None:
            members.append(f'opaque="{policy.opaque}"')
        if algorithm is not None:
            members.append(f"algorithm={algorithm}")
        if stale:
            members.append("stale=true")
        elif policy.stale_false:
            members.append('stale="false"')
        return "Digest " + policy.separator.join(members)

    def _new_nonce(self) -> str:
        nonce = secrets.token_hex(16)
        self._nonces[nonce] = _Nonce(self._clock())
        while len(self._nonces) > _MAX_NONCES:
            self._nonces.popitem(last=False)
        return nonce


def parse_members(text: str) -> dict[str, _Member]:
    """Split `name=value, name="quoted, value"`; names in lower case."""
    members: dict[str, _Member] = {}
    position = 0
    while (equals := text.find("=", position)) >= 0:
        name = text[position:equals].strip(" ,\t").lower()
        position = equals + 1
        if text[position : position + 1] == '"':
            value, position = _quoted(text, position + 1)
            members[name] = _Member(value, True)
        else:
            comma = text.find(",", position)
            end = len(text) if comma < 0 else comma
            members[name] = _Member(text[position:end].strip(), False)
            position = end
    return members


def _quoted(text: str, position: int) -> tuple[str, int]:
    """Read up to the closing quote; the value and where reading goes on."""
    value: list[str] = []
    while position < len(text) and text[position] != '"':
        if text[position] == "\\":
            position += 1
        value.append(text[position : position + 1])
        position += 1
    return "".join(value), position + 1


def digest_response(method: str, value: Mapping[str, str], password: str, body: bytes) -> str:
    """What the response member must be for this password."""
    name = value.get("algorithm", "MD5").upper()
    digest = _HASHES[name.removesuffix("-SESS")]

    def text_hash(*parts: str) -> str:
        return digest(":".join(parts).encode())

    qop = value.get("qop")
    first = text_hash(value["username"], value["realm"], password)
    if name.endswith("-SESS"):
        first = text_hash(first, value["nonce"], value.get("cnonce", ""))
    signed = [method, value["uri"]]
    if qop == "auth-int":
        signed.append(digest(body))
    second = text_hash(*signed)
    if qop is None:
        return text_hash(first, value["nonce"], second)
    return text_hash(first, value["nonce"], value["nc"], value["cnonce"], qop, second)


def _is_hex(text: str) -> bool:
    return all(char in "0123456789abcdefABCDEF" for char in text)
