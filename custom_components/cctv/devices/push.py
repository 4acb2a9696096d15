"""Endless streams cut into parts or lines: bytes in, whole things out at once, no I/O.

Made for what cameras really send (§4.9.17): lengths that are missing or wrong, CRLF or LF, glued or
torn parts, no blank line before the body, stray headers, a boundary inside a picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from types import MappingProxyType
from typing import Final

EVENT_STARTS: Final = (b"Code=", b"Heartbeat")

_HEAD_LIMIT: Final = 1 << 14
_REMEMBERED_HEADS: Final = 256
_REMEMBERED_LENGTH: Final = 1 << 10
_BINARY: Final = ("image/", "audio/", "video/", "application/octet-stream")
_PARAMETER: Final = re.compile(r';\s*boundary\s*=\s*(?:"([^"]*)"|([^;]*))', re.IGNORECASE)
# A string, also one that has not ended yet, or a bracket.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?P<end>"?)|[{}\[\]]', re.DOTALL)
_DATA: Final = re.compile(rb";[ \t]*data[ \t]*=\s*", re.IGNORECASE)
_RECORD: Final = re.compile(
    rb"[^;\r\n]*;action=[^;\r\n]+;index=-?\d+(?:;\w+=[^;\r\n]*)*", re.IGNORECASE
)
_EOLS: Final = re.compile(rb"[\r\n]*")
_BLANK: Final = re.compile(rb"\s*")
_LAST_EOL: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stream; headers by lower-case name, text without its last line end."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    """What the headers of a part say about its body."""

    headers: Mapping[str, str]
    length: int | None
    binary: bool


def boundary_of(content_type: str) -> str:
    """The boundary that a Content-Type declares, as written; '' if none."""
    found = _PARAMETER.search(content_type)
    return (found[1] if found[1] is not None else found[2]).strip() if found else ""


class MultipartParser:
    """Cuts a multipart stream; each part is told as soon as its last byte is there."""

    def __init__(
        self,
        boundary: str,
        *,
        limit: int = 1 << 20,
        body_starts: tuple[bytes, ...] = EVENT_STARTS,
    ) -> None:
        """Expect this boundary (with or without its dashes) and parts up to `limit` bytes.

        A body that begins with one of `body_starts` is text whose end shows by itself: a word is
        whole when it is there, a record ('Code=') at its line's end or its JSON's last bracket.
        """
        self.dropped = 0
        self._limit = limit
        self._starts = body_starts
        self._longest = max(map(len, body_starts), default=0)
        self._buffer = bytearray()
        self._head: _Head | None = None
        self._heads: dict[bytes, _Head] = {}
        self._begun = False
        self._trusted = True
        self._looked = 0
        self._json: tuple[int, int] | None = None
        core = boundary.strip().lstrip("-").strip().encode("latin-1", "replace")
        self._core = core or b"--"
        # A box that declares no boundary still begins its parts with a line of dashes and a name.
        name = re.escape(core) if core else rb"[^\s-][^\r\n]{0,200}?"
        line = rb"-{2,8}[ \t]{0,8}" + name + rb"(--)?[ \t]{0,64}\r?\n"
        starts = b"|".join(map(re.escape, body_starts)) or rb"(?!)"
        # Header lines end at a blank one, or where the body follows without it.
        head = rb"((?:(?!--|%b)[^\r\n]+\r?\n){0,64}+)(?:\r?\n|(?=%b))" % (starts, starts)
        self._line = re.compile(line)
        self._header = re.compile(head)
        self._next = re.compile(rb"[\r\n \t]{0,64}" + line + head)
        self._proof = re.compile(rb"[\r\n \t]{0,64}(?:" + line + rb"|HTTP/1)")
        self._bare = re.compile(rb"[\r\n]{0,8}(?=content-|%b)" % starts, re.IGNORECASE)
        self._keep = len(self._core) + 160

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their part."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Part]:
        """The parts that these bytes complete."""
        self._buffer += data
        parts: list[Part] = []
        at = 0
        while True:
            if self._head is None:
                at = self._seek(at)
            at = self._run(at, parts)
            if self._head is not None and not self._head.headers:
                at = self._reread(at)
            head = self._head
            if head is None:
                break
            begin, end = self._cut(head, at)
            if end >= 0:
                self._tell(parts, head, begin, end)
                at = end
            elif len(self._buffer) - at > self._limit or (head.length or 0) > self._limit:
                self.dropped += 1
            else:
                break
            self._enter(None, at)
        if at:
            del self._buffer[:at]
            self._looked = max(0, self._looked - at)
            if self._json is not None:
                self._json = (self._json[0] - at, self._json[1])
        return parts

    def _tell(self, parts: list[Part], head: _Head, begin: int, end: int) -> None:
        """Add a part; the head of a whole response, astray in the stream, is none."""
        body = bytes(self._buffer[begin:end])
        if not head.binary:
            body = body.rstrip(b"\r\n")
        if body or not head.headers.get("content-type", "multipart/").startswith("multipart/"):
            parts.append(Part(head.headers, body))

    def _enter(self, head: _Head | None, at: int) -> None:
        """Begin a body at `at`, or (None) the search for the next boundary."""
        self._head = head
        self._looked = at
        self._json = None

    def _seek(self, at: int) -> int:
        """Find the next head; where its body begins, or from where bytes are still wanted."""
        buffer = self._buffer
        if not self._begun and (bare := self._bare.match(buffer, at)):
            # Some boxes leave the first boundary out.
            if head := self._header.match(buffer, bare.end()):
                self._begun = True
                self._enter(self._read(head[1]), head.end())
                return head.end()
            if len(buffer) - at < _HEAD_LIMIT:
                return at
        while line := self._line.search(buffer, max(at, self._looked)):
            self._begun = True
            at = self._looked = line.end()
            if line[1]:
                continue
            if head := self._header.match(buffer, at):
                self._enter(self._read(head[1]), head.end())
                return head.end()
            if len(buffer) - at < _HEAD_LIMIT and not self._line.search(buffer, at):
                self._looked = line.start()
                return line.start()
            self.dropped += 1
        at = max(at, len(buffer) - self._keep)
        self._looked = at
        return at

    def _read(self, block: bytes) -> _Head:
        """Understand a block of header lines; equal blocks are read once."""
        known = self._heads.get(block)
        if known is not None:
            return known
        headers: dict[str, str] = {}
        for line in block.decode("utf-8", "replace").splitlines():
            name, colon, value = line.partition(":")
            if colon:
                headers[name.strip().lower()] = value.strip()
        digits = headers.get("content-length", "")
        length = int(digits[:18]) if digits.isascii() and digits.isdigit() else None
        binary = headers.get("content-type", "").lower().startswith(_BINARY)
        head = _Head(MappingProxyType(headers), length, binary)
        if len(block) <= _REMEMBERED_LENGTH:
            if len(self._heads) >= _REMEMBERED_HEADS:
                self._heads.clear()
            self._heads[block] = head
        return head

    def _run(self, at: int, parts: list[Part]) -> int:
        """Take part after part while each length is proven by the boundary behind it."""
        head = self._head
        buffer, heads, follows, core = self._buffer, self._heads, self._next.match, self._core
        size, limit, began = len(buffer), self._limit, at
        while head is not None and head.length and at < size and buffer[at] not in b"\r\n":
            end = at + head.length
            if end >= size or head.length > limit:
                break
            following = follows(buffer, end)
            if following is None or buffer.find(core, at, end) >= 0:
                break
            closed, block = following.groups()
            if closed:
                break
            body = bytes(buffer[at:end])
            parts.append(Part(head.headers, body if head.binary else body.rstrip(b"\r\n")))
            at = following.end()
            head = heads.get(block) or self._read(block)
        if at != began:
            self._enter(head, at)
            self._trusted = True
        return at

    def _reread(self, at: int) -> int:
        """Where the body begins after all, when a blank line came before the headers."""
        if bare := self._bare.match(self._buffer, at):
            head = self._header.match(self._buffer, bare.end())
            if head and head[1]:
                self._enter(self._read(head[1]), head.end())
                return head.end()
        return at

    def _cut(self, head: _Head, at: int) -> tuple[int, int]:
        """Where the body begins and ends; -1 while more bytes are needed."""
        if head.length is not None and head.length > self._limit:
            return at, -1
        if head.binary:
            return at, self._end_of_binary(head, at)
        begin = _end(_EOLS, self._buffer, at)
        opening = bytes(self._buffer[begin : begin + self._longest])
        if opening.startswith(self._starts):
            return begin, self._end_of_event(head, begin)
        # A blank line too many, or the first letters of an event: its length says nothing yet.
        open_ended = any(start.startswith(opening) for start in self._starts)
        return at, self._end_of_text(head, at, open_ended=open_ended)

    def _end_of_binary(self, head: _Head, at: int) -> int:
        """The end of a picture: by its length (it may contain the boundary), else the boundary."""
        size = len(self._buffer)
        if head.length is not None:
            return at + head.length if at + head.length <= size else -1
        stop = self._stop(at)
        if stop is None:
            return -1
        end = stop.start()
        for eol in (b"\r\n", b"\n"):
            if self._buffer.endswith(eol, at, end):
                return end - len(eol)
        return end

    def _end_of_text(self, head: _Head, at: int, *, open_ended: bool) -> int:
        """The end of text that is no event: by its length, unless the boundary disproves it."""
        stop = self._stop(at)
        if head.length and at + head.length <= len(self._buffer):
            end = at + head.length
            if self._proof.match(self._buffer, end) or not (stop or open_ended):
                return end
        return stop.start() if stop else -1

    def _end_of_event(self, head: _Head, begin: int) -> int:
        """The end of an event: a proven length, its own grammar, the boundary, the bare length."""
        buffer = self._buffer
        looked = self._looked
        stop = self._stop(begin)
        bound = stop.start() if stop else len(buffer)
        counted = begin + head.length if head.length else -1
        if begin < counted <= bound and self._proof.match(buffer, counted):
            self._trusted = True
            return counted
        end = self._whole(begin, bound, max(begin, looked))
        if end < 0 and stop:
            end = bound
        if end >= 0:
            if head.length:
                # Once a box has miscounted, only its grammar tells where its events end.
                self._trusted = 0 <= counted - end <= _LAST_EOL
            return end
        if self._trusted and counted == len(buffer) and self._json is None:
            return counted if _RECORD.fullmatch(buffer, begin) else -1
        return -1

    def _whole(self, begin: int, bound: int, looked: int) -> int:
        """Where an event provably ends by its grammar alone; -1 if it may go on."""
        buffer = self._buffer
        for start in self._starts:
            if not start.endswith(b"=") and buffer.startswith(start, begin, bound):
                return begin + len(start)
        if self._json is None:
            eol = buffer.find(b"\n", looked, bound)
            data = _DATA.search(buffer, looked, eol if eol >= 0 else bound)
            if data is None:
                return eol
            first = _end(_BLANK, buffer, data.end())
            if first >= bound:
                return -1
            if buffer[first] not in b"{[":
                return buffer.find(b"\n", first, bound)
            self._json = (first, 0)
        return self._balance(bound)

    def _balance(self, bound: int) -> int:
        """Where the JSON at hand closes its last bracket; -1 if it is still open."""
        at, depth = self._json or (0, 0)
        for token in _TOKEN.finditer(self._buffer, at, bound):
            text = token[0]
            if text in (b"{", b"["):
                depth += 1
            elif text in (b"}", b"]"):
                depth -= 1
                if depth <= 0:
                    return token.end()
            elif not token["end"]:
                self._json = (token.start(), depth)
                return -1
        self._json = (bound, depth)
        return -1

    def _stop(self, at: int) -> re.Match[bytes] | None:
        """The next boundary line; what was searched is not searched again."""
        stop = self._line.search(self._buffer, max(at, self._looked))
        if stop is None:
            self._looked = max(at, len(self._buffer) - self._keep)
        return stop


class LineParser:
    """Cuts a stream into lines (CRLF or LF), without their ends."""

    def __init__(self, limit: int = 1 << 12) -> None:
        """Drop lines longer than `limit` bytes."""
        self.dropped = 0
        self._limit = limit
        self._rest = b""
        self._skipping = False

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their line."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that these bytes complete."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        whole: list[bytes] = []
        for line in lines:
            if self._skipping:
                self._skipping = False
            elif len(line) > self._limit:
                self.dropped += 1
            else:
                whole.append(line.removesuffix(b"\r"))
        if len(self._rest) > self._limit:
            self.dropped += not self._skipping
            self._skipping = True
            self._rest = b""
        return whole


def _end(pattern: re.Pattern[bytes], data: bytearray, at: int) -> int:
    """Where a pattern that may be empty ends."""
    found = pattern.match(data, at)
    return found.end() if found else at
