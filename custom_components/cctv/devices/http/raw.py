"""Answers that strict HTTP parsers refuse, read from a bare socket as browsers always did.

Old boxes end their headers with a lone line feed, put blanks before colons or break a header onto a
second line. Asked in HTTP/1.0, so that an answer ends with its length or with the connection.
"""

import asyncio
from collections.abc import Mapping
import re
import ssl
from typing import Final, Self

from multidict import CIMultiDict, CIMultiDictProxy

HEAD_LIMIT: Final = 1 << 16
_CHUNK: Final = 1 << 16
_BLANK: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS: Final = re.compile(r"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?:[ \t].*)?")
_BARE: Final = frozenset({204, 304})


class NoHttp(ValueError):
    """What came is no answer in HTTP, however kindly it is read."""


class RawAnswer:
    """One answer on its way: status, headers, and the bytes of its body as they come."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        head: bytes,
        rest: bytes,
        *,
        bodiless: bool,
    ) -> None:
        """Take over a connection whose head was read."""
        self.status, self.headers = parse_head(head)
        self._reader = reader
        self._writer = writer
        self._rest = rest
        self._left = _length(self.headers)
        if bodiless or self.status in _BARE:
            self._left = 0

    @property
    def content(self) -> Self:
        """What the body is read from."""
        return self

    async def readany(self) -> bytes:
        """The next bytes of the body; none at its end."""
        if self._left == 0:
            return b""
        chunk = self._rest or await self._reader.read(_CHUNK)
        self._rest = b""
        if self._left is not None:
            if not chunk:
                raise NoHttp("the answer breaks off")
            # Some boxes add a line end that they do not count.
            chunk = chunk[: self._left]
            self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Let the connection go."""
        self._writer.close()


def parse_head(head: bytes) -> tuple[int, CIMultiDictProxy[str]]:
    """Status and headers out of a head without its blank line. NoHttp if there is no status."""
    first, *lines = head.decode("utf-8", "surrogateescape").replace("\r", "").split("\n")
    status = _STATUS.fullmatch(first.strip())
    if status is None:
        raise NoHttp("no status line")
    pairs: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if pairs and (line[:1] in " \t" or not colon):
            name, before = pairs.pop()
            pairs.append((name, f"{before} {line.strip()}".strip()))
        elif colon and name.strip():
            pairs.append((name.strip(), value.strip()))
    return int(status[1]), CIMultiDictProxy(CIMultiDict(pairs))


async def connect(
    host: str, port: int, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection of its own for one request."""
    return await asyncio.open_connection(host, port, ssl=tls)


async def exchange(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> RawAnswer:
    """Send one request and read the head of its answer. EOFError if nothing at all comes."""
    try:
        lines = [f"{method} {target} HTTP/1.0", *(f"{name}: {headers[name]}" for name in headers)]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        await writer.drain()
        head = bytearray()
        while (end := _BLANK.search(head)) is None:
            if len(head) > HEAD_LIMIT:
                raise NoHttp("a head without end")
            chunk = await reader.read(_CHUNK)
            if not chunk:
                if head:
                    raise NoHttp("the head breaks off")
                raise EOFError
            head += chunk
        whole = bytes(head)
        return RawAnswer(
            reader, writer, whole[: end.start()], whole[end.end() :], bodiless=method == "HEAD"
        )
    except BaseException:
        # Also on cancelling: only the answer that is handed out would close it.
        writer.close()
        raise


def _length(headers: Mapping[str, str]) -> int | None:
    """How long the body is; None where its end is the end of the connection."""
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        raise NoHttp("chunks in an answer to HTTP/1.0")
    digits = headers.get("Content-Length", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
