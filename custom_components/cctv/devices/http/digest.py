"""Logging in by HTTP Basic or Digest (RFC 7616, 2617, 2069): from challenge to Authorization.

Not aiohttp's DigestAuthMiddleware: it reads one challenge of one header, knows no Basic, prefers
auth-int, and lets requests that meet a stale nonce together refresh it once each.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
import hashlib
import re
import secrets
from types import MappingProxyType
from typing import Final

from ..errors import BadInput

_PAIR: Final = re.compile(
    r'(?P<key>[A-Za-z0-9_*-]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"|(?P<bare>[^\s,"]*))'
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?=[\s,]|$)")
_GAP: Final = re.compile(r"[\s,]*")
_ESCAPED: Final = re.compile(r'\\(["\\])')
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN: Final[Mapping[str, str]] = MappingProxyType({})

_HASHES: Final[Mapping[str, Callable[[bytes], hashlib._Hash]]] = MappingProxyType(
    {"md5": hashlib.md5, "sha-256": hashlib.sha256}
)
_RANK: Final[Mapping[str, int]] = MappingProxyType({"sha-256": 3, "md5": 2})
_BASIC_RANK: Final = 1
_SPENT_MOST: Final = 2
"""So many nonces that served once and no second time are no chance any more."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to log in that a server offers; scheme and names in lower case."""

    scheme: str
    values: Mapping[str, str] = field(default_factory=lambda: _PLAIN)

    @property
    def algorithm(self) -> str:
        """The hash in lower case without '-sess'; MD5 where the server names none."""
        return self.values.get("algorithm", "MD5").lower().removesuffix("-sess")

    @property
    def session(self) -> bool:
        """Whether the secret is hashed together with the nonces (-sess)."""
        return self.values.get("algorithm", "").lower().endswith("-sess")

    @property
    def qop(self) -> tuple[str, ...]:
        """The qualities of protection on offer; none means RFC 2069."""
        offered = self.values.get("qop", "").lower().replace(",", " ")
        return tuple(offered.split())

    @property
    def rank(self) -> int:
        """How good it is; 0 when it cannot be answered."""
        if self.scheme == "basic":
            return _BASIC_RANK
        if self.scheme != "digest" or not self.values.get("nonce"):
            return 0
        if self.qop and "auth" not in self.qop:
            return 0
        return _RANK.get(self.algorithm, 0)


def challenges(headers: Iterable[str]) -> list[Challenge]:
    """Every challenge of every WWW-Authenticate header, in order; anything else is skipped."""
    found: list[Challenge] = []
    for header in headers:
        values: dict[str, str] | None = None
        at = 0
        while (at := _end(_GAP, header, at)) < len(header):
            if pair := _PAIR.match(header, at):
                if values is not None:
                    text = pair["bare"]
                    if pair["quoted"] is not None:
                        text = _ESCAPED.sub(r"\1", pair["quoted"])
                    values.setdefault(pair["key"].lower(), _CONTROL.sub("", text))
                at = pair.end()
            elif scheme := _SCHEME.match(header, at):
                values = {}
                found.append(Challenge(scheme[0].lower(), MappingProxyType(values)))
                at = scheme.end()
            else:
                at += 1
    return found


def choose(headers: Iterable[str]) -> Challenge | None:
    """The best challenge that can be answered: SHA-256 before MD5 before Basic, first of equals."""
    best = max(challenges(headers), key=lambda challenge: challenge.rank, default=None)
    return best if best is not None and best.rank else None


class Login:
    """A user and password, and what the server last asked to see of them."""

    def __init__(
        self, user: str, password: str, *, cnonce: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        if _CONTROL.search(user) or _CONTROL.search(password):
            raise BadInput("control characters in user or password")
        self._user = user
        self._password = password
        self._cnonce = cnonce
        self._challenge: Challenge | None = None
        self._uses = 0
        self._client = ""
        self._secret = b""
        self._lasting = False
        self._first = -1
        self._spent = 0
        self.version = 0

    def __repr__(self) -> str:
        return f"Login(version={self.version}, scheme={self.scheme!r})"

    @property
    def known(self) -> bool:
        """Whether a challenge was taken, so that a header can be made."""
        return self._challenge is not None

    @property
    def scheme(self) -> str | None:
        """'basic' or 'digest', once it is known."""
        return self._challenge.scheme if self._challenge else None

    @property
    def uses(self) -> int:
        """How many headers were made for the present nonce."""
        return self._uses

    @property
    def once(self) -> bool:
        """Whether the server takes each nonce for one request alone."""
        return self._spent >= _SPENT_MOST

    def accepted(self, version: int, use: int) -> None:
        """Learn that a header was good: made of the challenge of that version, its so many-th."""
        if use > 1:
            self._lasting = True
        else:
            self._first = version

    def turned_down(self, version: int, use: int) -> None:
        """Learn that a header was not: one that follows a good one of the same challenge counts."""
        if use > 1 and version == self._first and not self._lasting:
            self._first = -1
            self._spent += 1

    def fresh(self) -> Login:
        """The same user and password before any challenge."""
        return Login(self._user, self._password, cnonce=self._cnonce)

    def take(self, headers: Iterable[str]) -> bool:
        """Adopt the best challenge offered; False (and nothing changes) if none can be answered."""
        chosen = choose(headers)
        if chosen is None:
            return False
        before = self._challenge
        if before is None or chosen.values.get("nonce") != before.values.get("nonce"):
            self._uses = 0
            self._client = self._cnonce()
        self._challenge = chosen
        self._secret = self._hashed_secret(chosen) if chosen.scheme == "digest" else b""
        self.version += 1
        return True

    def forget(self) -> None:
        """Send nothing before the next challenge."""
        self._challenge = None
        self._uses = 0

    def header(self, method: str, uri: str) -> str:
        """The Authorization value for one request; `uri` as it stands in the request line."""
        challenge = self._challenge
        if challenge is None:
            raise BadInput("no challenge was seen")
        self._uses += 1
        if challenge.scheme == "basic":
            pair = f"{self._user}:{self._password}".encode()
            return f"Basic {base64.b64encode(pair).decode('ascii')}"
        return self._digest(challenge, method, uri)

    def _hashed_secret(self, challenge: Challenge) -> bytes:
        """H(A1), which stays the same as long as the nonce."""
        hashed = _HASHES[challenge.algorithm]
        realm = challenge.values.get("realm", "")
        secret = hashed(_bytes(f"{self._user}:{realm}:{self._password}")).hexdigest()
        if challenge.session:
            nonces = f"{challenge.values['nonce']}:{self._client}"
            secret = hashed(_bytes(f"{secret}:{nonces}")).hexdigest()
        return secret.encode("ascii")

    def _digest(self, challenge: Challenge, method: str, uri: str) -> str:
        """A Digest value; algorithm, qop and nc without quotes, as some cameras insist (§3.1)."""
        values = challenge.values
        nonce = values["nonce"]
        hashed = _HASHES[challenge.algorithm]
        count = f"{self._uses:08x}"
        action = hashed(f"{method}:{uri}".encode()).hexdigest()
        between = f"{nonce}:{count}:{self._client}:auth" if challenge.qop else nonce
        response = hashed(b"%b:%b" % (self._secret, _bytes(f"{between}:{action}"))).hexdigest()
        fields = [
            f"username={_quoted(self._user)}",
            f"realm={_quoted(values.get('realm', ''))}",
            f"nonce={_quoted(nonce)}",
            f'uri="{uri}"',
            f'response="{response}"',
        ]
        if "algorithm" in values:
            fields.append(f"algorithm={values['algorithm']}")
        if "opaque" in values:
            fields.append(f"opaque={_quoted(values['opaque'])}")
        if challenge.qop:
            fields.append(f'qop=auth, nc={count}, cnonce="{self._client}"')
        elif challenge.session:
            fields.append(f'cnonce="{self._client}"')
        return "Digest " + ", ".join(fields)


def _bytes(text: str) -> bytes:
    """A text as it came: cameras name realms in whatever letters they like."""
    return text.encode("utf-8", "surrogateescape")


def _quoted(text: str) -> str:
    """Text as an HTTP quoted string; what is no UTF-8 cannot be sent and is left out."""
    text = text.encode("utf-8", "ignore").decode()
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a pattern that may be empty ends."""
    found = pattern.match(text, at)
    return found.end() if found else at
