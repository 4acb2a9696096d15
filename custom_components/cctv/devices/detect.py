"""Find out what answers at an address: harmless questions, cheapest first, never a login."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
import html
import re
from typing import Final
from urllib.parse import unquote, urlsplit

from .device import Ask, Family, Reply, Sighting
from .env import Address
from .errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    Malformed,
    NoAnswer,
    TlsRefused,
    WrongFamily,
)
from .http.asker import Asker, asker
from .http.client import Session
from .http.digest import challenges
from .said import printable

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST: Final = re.compile(r"(?!-)[\w.-]{1,253}(?<!-)")
_ADDRESS_6: Final = re.compile(r"[0-9A-Fa-f:.]{2,45}(%[\w.-]{1,32})?")
_TITLE: Final = re.compile(r"<title[^>]*>([^<]{1,500})", re.IGNORECASE)
_UNPRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f]+")
_LONGEST: Final = 60


def parse_address(text: str, *, verify_tls: bool = True) -> Address:
    """An address as people type it: host, host:port or URL, with or without a user. BadInput."""
    text = text.strip()
    scheme = "http"
    if named := _SCHEME.match(text):
        scheme = named[1].lower()
        text = text[named.end() :]
    if scheme not in ("http", "https"):
        raise BadInput(f"{scheme} is not a web address")
    authority = re.split(r"[/?#]", text, maxsplit=1)[0]
    login, _, place = authority.rpartition("@")
    user, _, password = login.partition(":")
    host, port = _host_and_port(place)
    if port == "443" and not named:
        scheme = "https"
    url = f"{scheme}://{host}" + (f":{port}" if port else "")
    return Address(url, unquote(user), unquote(password), verify_tls)


async def detect(session: Session, address: Address, families: Sequence[Family]) -> Sighting:
    """The family that answers there; stops at the first certain answer.

    Raises WrongFamily with what was found instead, or why nothing answers: TlsRefused, NoAnswer,
    CannotConnect.
    """
    ask = asker(session, address)
    try:
        return await _search(ask, address, families)
    finally:
        await ask.close()


async def _search(ask: Asker, address: Address, families: Sequence[Family]) -> Sighting:
    """Put each family's questions to each port it may live on."""
    perhaps: Sighting | None = None
    witness = _Witness()
    for port in _ports(address, families):
        for family in families:
            if port is not None and port not in family.ports:
                continue
            try:
                sighting = await family.recognise(witness.over(ask, port))
            except DeviceError:
                # The witness keeps it, in case nobody recognises anything.
                continue
            if sighting is None:
                continue
            if sighting.url is None and (port is not None or ask.found() != address.base):
                sighting = replace(sighting, url=ask.found(port))
            if sighting.certain:
                return sighting
            perhaps = perhaps or sighting
    if perhaps is None:
        raise witness.verdict()
    return perhaps


def _ports(address: Address, families: Sequence[Family]) -> list[int | None]:
    """The port that was given (None) and, if none was named, those where families usually live."""
    ports: list[int | None] = [None]
    if urlsplit(address.url).port is None:
        usual = dict.fromkeys(port for family in families for port in family.ports)
        ports += [port for port in usual if port != address.port]
    return ports


class _Witness:
    """What was met on the way: the first answer, and what went wrong."""

    def __init__(self) -> None:
        self.reply: Reply | None = None
        self.errors: list[DeviceError] = []

    def over(self, ask: Asker, port: int | None) -> Ask:
        """The questions of one port, overheard."""

        async def overheard(path: str) -> Reply:
            if port is not None and path.startswith("/"):
                path = f":{port}{path}"
            try:
                reply = await ask(path)
            except DeviceError as error:
                self.errors.append(error)
                raise
            self.reply = self.reply or reply
            return reply

        def ask_one(path: str) -> Awaitable[Reply]:
            return overheard(path)

        return ask_one

    def verdict(self) -> DeviceError:
        """Why nothing was recognised."""
        if self.reply is not None:
            return WrongFamily(describe(self.reply))
        for error in self.errors:
            if isinstance(error, Malformed):
                return WrongFamily("something that speaks no HTTP")
        for kind in (TlsRefused, NoAnswer, DeviceError):
            for error in self.errors:
                if isinstance(error, kind):
                    return error
        return CannotConnect("nothing was asked")


def describe(reply: Reply) -> str:
    """What a foreign answer gives away about itself, for people."""
    server = _shown(reply.headers.get("server", ""))
    # To HTTP an RTSP server answers in its own words, which pass for HTTP.
    if "cseq" in reply.headers or "rtsp" in server.lower():
        return "an RTSP server"
    if title := _TITLE.search(reply.text):
        shown = _shown(html.unescape(title[1]))
        if shown:
            return f"a web page titled “{shown}”"
    realms = [challenge.values.get("realm", "") for challenge in challenges(reply.challenges)]
    if realm := _shown(next(filter(None, realms), "")):
        return f"a login to “{realm}”"
    if server:
        return f"a web server named “{server}”"
    return f"a web server that answers with status {reply.status}"


def _shown(text: str) -> str:
    """A stranger's text in one short printable line."""
    line = _UNPRINTABLE.sub(" ", printable(text)).strip()
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _host_and_port(place: str) -> tuple[str, str]:
    """Host (IPv6 in brackets) and port ('' if none is named)."""
    if place.startswith("["):
        inside, closed, after = place[1:].partition("]")
        if not closed or not _ADDRESS_6.fullmatch(inside):
            raise BadInput("not a host")
        host, port = f"[{inside}]", after.removeprefix(":")
        if after and not after.startswith(":"):
            raise BadInput("not a port")
    elif place.count(":") > 1:
        if not _ADDRESS_6.fullmatch(place):
            raise BadInput("not a host")
        host, port = f"[{place}]", ""
    else:
        host, _, port = place.partition(":")
        if not _HOST.fullmatch(host):
            raise BadInput("not a host")
        host = host.lower()
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadInput("not a port")
    return host, port.lstrip("0")
