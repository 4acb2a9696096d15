"""Which of a box's RTSP paths answers, and what it plays: DESCRIBE, and nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import re
from typing import Final
from urllib.parse import urlsplit

from .errors import CannotConnect, Forbidden, Malformed, NoAnswer, Unsupported
from .http.digest import Login

DEADLINE: Final = 5.0
"""Seconds for one path."""
_PORT: Final = 554
_LIMIT: Final = 1 << 16
_ABSENT: Final = frozenset({404, 454})
_STATUS: Final = re.compile(rb"RTSP/\d\.\d[ \t]+(\d{3})[^\n]*\n")
_BLANK: Final = re.compile(rb"\r?\n\r?\n")
_URL: Final = re.compile(r"rtsp://[!-~]+")
_NAMES: Final = {
    "H264": "h264",
    "H265": "h265",
    "HEVC": "h265",
    "JPEG": "mjpeg",
    "MP4V-ES": "mpeg4",
}
_STATIC: Final = {"26": "mjpeg", "32": "mpeg1"}
"""Payload types that have a meaning of their own (RFC 3551)."""


@dataclass(frozen=True, slots=True)
class Described:
    """A path that answered, and the codec of its pictures if it says."""

    url: str
    codec: str | None


async def first(
    urls: Sequence[str], user: str = "", password: str = "", *, deadline: float = DEADLINE
) -> Described | None:
    """The first of these URLs that is there; None if none is.

    Forbidden where the login is refused, CannotConnect where nobody listens, NoAnswer where nobody
    speaks: then the others are not tried.
    """
    login = Login(user, password)
    for url in urls:
        try:
            return Described(url, await describe(url, login, deadline=deadline))
        except Unsupported:
            continue
    return None


async def describe(url: str, login: Login, *, deadline: float = DEADLINE) -> str | None:
    """The codec behind a URL, None if it does not say. Unsupported if there is no such path."""
    host, port = _place(url)
    try:
        async with asyncio.timeout(deadline):
            reader, writer = await asyncio.open_connection(host, port, limit=_LIMIT)
            try:
                return await _describe(url, login, reader, writer)
            finally:
                writer.close()
    except TimeoutError:
        raise NoAnswer("RTSP: no answer in time") from None
    except OSError as error:
        raise CannotConnect(f"RTSP: {error.strerror or type(error).__name__}") from None


def _place(url: str) -> tuple[str, int]:
    """Host and port of an address. Unsupported where it is none, as of a port that cannot be."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not _URL.fullmatch(url):
        raise Unsupported("no RTSP address")
    return host, port or _PORT


async def _describe(
    url: str, login: Login, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> str | None:
    """Ask, once more with the login if it is wanted."""
    for number in (1, 2):
        lines = [f"DESCRIBE {url} RTSP/1.0", f"CSeq: {number}", "Accept: application/sdp"]
        if login.known:
            lines.append(f"Authorization: {login.header('DESCRIBE', url)}")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()
        status, headers, body = await _answer(reader)
        if status == 401:
            if number == 1 and login.take(headers.get("www-authenticate", ())):
                continue
            raise Forbidden("RTSP: the login is refused")
        if status == 403:
            raise Forbidden("RTSP: refused with status 403")
        if status in _ABSENT:
            raise Unsupported(f"RTSP: refused with status {status}")
        return codec(body.decode("utf-8", "replace")) if status == 200 else None
    raise Forbidden("RTSP: the login is refused")


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, list[str]], bytes]:
    """One answer: status, headers by lower-case name, body."""
    data = bytearray()
    while (end := _BLANK.search(data)) is None:
        data += await _more(reader, len(data))
    found = _STATUS.match(data)
    if found is None:
        raise Malformed("RTSP: no status line")
    headers: dict[str, list[str]] = {}
    for line in data[found.end() : end.start()].decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), []).append(value.strip())
    body = data[end.end() :]
    digits = headers.get("content-length", ["0"])[-1]
    length = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
    while len(body) < length:
        body += await _more(reader, len(body))
    return int(found[1]), headers, bytes(body[:length])


async def _more(reader: asyncio.StreamReader, have: int) -> bytes:
    """The next bytes of an answer that is not whole yet."""
    if have > _LIMIT:
        raise Malformed("RTSP: an answer without end")
    chunk = await reader.read(4096)
    if not chunk:
        raise CannotConnect("RTSP: the connection was closed")
    return chunk


def codec(description: str) -> str | None:
    """The codec of the first video of a session description (RFC 4566)."""
    payload: str | None = None
    for line in description.splitlines():
        if line.startswith("m="):
            if payload is not None:
                break
            words = line.split()
            if words[0] == "m=video" and len(words) > 3:
                payload = words[3]
        elif payload is not None and line.startswith(f"a=rtpmap:{payload} "):
            name = line.partition(" ")[2].partition("/")[0].strip().upper()
            return _NAMES.get(name, name.lower()[:16] or None)
    return _STATIC.get(payload or "")
