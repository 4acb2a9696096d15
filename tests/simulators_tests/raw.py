"""A client made of nothing but sockets and hashes, to look at bytes."""

import asyncio
import base64
from dataclasses import dataclass
import hashlib
import re
from typing import Self

from tests.simulators.wire import HOST, WireServer

USER = "admin"
PASSWORD = "p@ss:w/rd#"
DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, in bytes."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head.split(b" ")[1])

    def header(self, name: str) -> str | None:
        match = re.search(rf"(?im)^{name}:[ \t]*(.*?)\r?$", self.head.decode("latin-1"))
        return match and match[1]

    @property
    def lines(self) -> list[str]:
        return self.body.decode().splitlines()

    @property
    def values(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.lines if line)


class Raw:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, server: WireServer) -> Self:
        return cls(*await asyncio.open_connection(HOST, server.port))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    def send(self, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> None:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def head(self) -> bytes:
        async with asyncio.timeout(DEADLINE):
            return await self.reader.readuntil(b"\n\r\n")

    async def exactly(self, expected: bytes) -> None:
        """Read as many bytes as are expected, and compare."""
        async with asyncio.timeout(DEADLINE):
            assert await self.reader.readexactly(len(expected)) == expected

    async def rest(self) -> bytes:
        async with asyncio.timeout(DEADLINE):
            return await self.reader.read()

    async def answer(self) -> Answer:
        head = await self.head()
        size = Answer(head, b"").header("Content-Length")
        async with asyncio.timeout(DEADLINE):
            if size is None:
                return Answer(head, await self.reader.read())
            return Answer(head, await self.reader.readexactly(int(size)))

    async def ask(
        self, target: str, *headers: str, method: str = "GET", body: bytes = b""
    ) -> Answer:
        self.send(target, *headers, method=method, body=body)
        return await self.answer()


def members(challenge: str) -> dict[str, str]:
    """The members of a challenge, without quotes."""
    return {
        name: quoted or bare
        for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,"]+))', challenge)
    }


def digest(
    challenge: str,
    target: str,
    *,
    method: str = "GET",
    user: str = USER,
    password: str = PASSWORD,
    nc: int = 1,
    uri: str | None = None,
    qop: str | None = "auth",
    quoted: bool = False,
    body: bytes = b"",
) -> str:
    """An Authorization header for a Digest challenge, worked out here from RFC 7616."""
    asked = members(challenge)
    algorithm = asked.get("algorithm", "MD5").upper()
    hashed = hashlib.sha256 if algorithm.startswith("SHA-256") else hashlib.md5

    def h(text: str) -> str:
        return hashed(text.encode()).hexdigest()

    nonce, cnonce, count = asked["nonce"], "0a4f113b", f"{nc:08x}"
    a1 = h(f"{user}:{asked['realm']}:{password}")
    if algorithm.endswith("-SESS"):
        a1 = h(f"{a1}:{nonce}:{cnonce}")
    signed = target if uri is None else uri
    a2 = f"{method}:{signed}"
    if qop == "auth-int":
        a2 += f":{hashed(body).hexdigest()}"
    middle = nonce if qop is None else f"{nonce}:{count}:{cnonce}:{qop}"
    mark = '"' if quoted else ""
    parts = [
        f'username="{user}"',
        f'realm="{asked["realm"]}"',
        f'nonce="{nonce}"',
        f'uri="{signed}"',
        f'response="{h(f"{a1}:{middle}:{h(a2)}")}"',
    ]
    if "algorithm" in asked:
        parts.append(f"algorithm={mark}{asked['algorithm']}{mark}")
    if "opaque" in asked:
        parts.append(f'opaque="{asked["opaque"]}"')
    if qop is not None:
        parts += [f"qop={mark}{qop}{mark}", f"nc={mark}{count}{mark}", f'cnonce="{cnonce}"']
    return "Authorization: Digest " + ", ".join(parts)


def basic(user: str = USER, password: str = PASSWORD) -> str:
    """An Authorization header with Basic."""
    return "Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def challenge(server: WireServer, target: str = "/cgi-bin/magicBox.cgi") -> str:
    """Ask without credentials; the challenge."""
    async with await Raw.connect(server) as raw:
        answer = await raw.ask(target)
        assert answer.status == 401
        header = answer.header("WWW-Authenticate")
        assert header is not None
        return header


async def login(server: WireServer, target: str, method: str = "GET", body: bytes = b"") -> str:
    """The Authorization header that this server wants for a target."""
    asked = await challenge(server, target)
    if asked.startswith("Basic"):
        return basic()
    return digest(asked, target, method=method, body=body)


async def ask(server: WireServer, target: str, *, method: str = "GET", body: bytes = b"") -> Answer:
    """One request with the right credentials, on a connection of its own."""
    header = await login(server, target, method, body)
    async with await Raw.connect(server) as raw:
        return await raw.ask(target, header, method=method, body=body)


async def cgi(server: WireServer, rest: str, method: str = "GET") -> Answer:
    """One request below /cgi-bin/ with the right credentials."""
    return await ask(server, f"/cgi-bin/{rest}", method=method)
