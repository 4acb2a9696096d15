"""A file that comes wrapped (§4.11.6): a JSON part that says how it went, then the file. Pure.

The file's part is `application/http`: it may begin with a whole answer's head.
"""

import json
import re
from typing import Any, Final

from ..errors import Gone, Malformed

_HEAD_LIMIT: Final = 1 << 14
_STATUS_LIMIT: Final = 1 << 16
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] (\d{3})")
_BLANK: Final = re.compile(rb"\r?\n\r?\n")
_GOOD: Final = frozenset({200, 206})


class Parcel:
    """Unwraps one answer: bytes in, bytes of the file out."""

    def __init__(self, boundary: str) -> None:
        """Expect this boundary, with or without its dashes."""
        core = boundary.strip().strip('"').lstrip("-").encode("latin-1", "replace")
        if not core:
            raise Malformed("parts without a boundary")
        self._line = re.compile(rb"-{2,8}" + re.escape(core) + rb"(--)?[ \t]*\r?\n")
        self._end = re.compile(rb"\r?\n-{2,8}" + re.escape(core))
        self._held = len(core) + 12
        self._buffer = bytearray()
        self._inside = False
        self._left: int | None = None
        self.begun = False
        """Whether the head of the file was read, and so its size."""
        self.done = False
        """Whether the file is whole."""
        self.size: int | None = None
        """How many bytes the file has, if anything says so."""

    def feed(self, data: bytes) -> bytes:
        """The bytes of the file that these bring. Gone where the status says so; Malformed."""
        if self.done:
            return b""
        self._buffer += data
        while not self._inside:
            if not self._part():
                return b""
        if not self.begun and not self._begin():
            return b""
        return self._file()

    def finish(self) -> bytes:
        """What is left when the answer ended. Malformed if the file is not whole."""
        if self.done:
            return b""
        if not self.begun or self._left:
            raise Malformed("the answer breaks off")
        rest = bytes(self._buffer)
        self._buffer.clear()
        self.done = True
        return rest

    def _part(self) -> bool:
        """Take the next part's head, and the status with it; False while bytes are wanted."""
        line = self._line.search(self._buffer)
        blank = None if line is None else _BLANK.search(self._buffer, max(0, line.end() - 2))
        if line is None or blank is None:
            if len(self._buffer) > _HEAD_LIMIT:
                raise Malformed("no parts where parts belong")
            return False
        if line[1]:
            raise Malformed("no file among the parts")
        headers = _headers(bytes(self._buffer[line.end() : blank.start()]))
        length = _number(headers.get("content-length"))
        if "json" not in headers.get("content-type", "") and "text/" not in headers.get(
            "content-type", ""
        ):
            del self._buffer[: blank.end()]
            self._inside = True
            self._left = length
            return True
        return self._status(blank.end(), length)

    def _status(self, at: int, length: int | None) -> bool:
        """Read the part that says how it went; False while bytes are wanted."""
        stop = self._end.search(self._buffer, at)
        if length is not None and len(self._buffer) - at >= length:
            end = at + length
        elif stop is not None:
            end = stop.start()
        elif len(self._buffer) - at > _STATUS_LIMIT:
            raise Malformed("a status without an end")
        else:
            return False
        _check(bytes(self._buffer[at:end]))
        del self._buffer[:end]
        return True

    def _begin(self) -> bool:
        """Take the head of the answer within the part, if there is one; False without all of it."""
        start = bytes(self._buffer[:16])
        if not start.startswith(b"HTTP/1."):
            if b"HTTP/1.".startswith(start) and self._left != len(start):
                return False
            self._learn(self._left)
            return True
        blank = _BLANK.search(self._buffer)
        if blank is None:
            if len(self._buffer) > _HEAD_LIMIT:
                raise Malformed("a head without an end")
            return False
        status = _STATUS_LINE.match(self._buffer)
        if status is None or int(status[1]) not in _GOOD:
            raise Gone("the box does not give the file")
        headers = _headers(bytes(self._buffer[: blank.start()]).partition(b"\n")[2])
        length = _number(headers.get("content-length"))
        if length is None and self._left is not None:
            length = max(0, self._left - blank.end())
        del self._buffer[: blank.end()]
        self._learn(length)
        return True

    def _learn(self, size: int | None) -> None:
        """From here on it is the file."""
        self.begun = True
        self.size = self._left = size

    def _file(self) -> bytes:
        """The bytes of the file that are here for certain."""
        if self._left is not None:
            chunk = bytes(self._buffer[: self._left])
            self._left -= len(chunk)
            del self._buffer[: len(chunk)]
            self.done = not self._left
            return chunk
        stop = self._end.search(self._buffer)
        if stop is not None:
            chunk = bytes(self._buffer[: stop.start()])
            self._buffer.clear()
            self.done = True
            return chunk
        sure = max(0, len(self._buffer) - self._held)
        chunk = bytes(self._buffer[:sure])
        del self._buffer[:sure]
        return chunk


def _headers(block: bytes) -> dict[str, str]:
    """Header lines by lower-case name."""
    found: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


def _number(text: str | None) -> int | None:
    """A length; None for anything else."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 15 else None


def _check(status: bytes) -> None:
    """Gone where the status is a refusal; one that is no JSON says nothing."""
    try:
        said: Any = json.loads(status.decode("utf-8", "replace"))
    except ValueError, RecursionError:
        return
    if not isinstance(said, dict):
        return
    error = said.get("error")
    code = error.get("code") if isinstance(error, dict) else error
    if said.get("result") is False or code:
        raise Gone("the box does not give the file")
