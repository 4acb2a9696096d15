"""How queries are taken apart and replies are printed: as shell scripts do (§3, §4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.simulators.wire import Request

JSON = "Content-type: application/json"
TEXT = "Content-type: text/plain"
HTML = "Content-type: text/html"

FORBIDDEN = frozenset("'!\"@#$%^*(),:;")
"""One of these in the raw query, and a script of the trio refuses the request."""
FORBIDDEN_V5 = FORBIDDEN | frozenset("_+.")
"""The same for the event scripts of v5, which just exit."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a script prints; the body ends when the socket closes."""

    body: bytes = b""
    headers: tuple[str, ...] = (JSON,)
    status: int = 200
    headless: bool = False
    """The body stands where the headers belong."""
    silent: bool = False
    """The script exits without a byte."""
    hold: float | None = None
    """Seconds that the connection stays open after the reply; inf until the client leaves."""
    after: Callable[[], None] | None = None
    """Called when the reply is on its way."""

    def head(self) -> bytes:
        """Status line and what the script prints before the blank line, nothing else."""
        reason = {200: "OK", 503: "Service Unavailable"}[self.status]
        line = f"HTTP/1.1 {self.status} {reason}\r\n"
        if self.headless:
            return line.encode()
        return (line + "".join(f"{header}\r\n" for header in self.headers) + "\r\n").encode()


EXITED = Printed(silent=True)
"""The script ended before it printed: the connection closes without an answer."""


def raw_bytes(text: str) -> bytes:
    """Text to bytes; lone surrogates stand for bytes that are not UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def cut(text: str, delimiter: str, field: int) -> str:
    """What `cut -d -f` gives: the whole line where the delimiter is missing."""
    parts = text.split(delimiter)
    if len(parts) == 1:
        return text
    return parts[field - 1] if field <= len(parts) else ""


def pair(text: str) -> tuple[str, str]:
    """Name and value; the value ends at a second `=`, and without one it is the name."""
    return cut(text, "=", 1), cut(text, "=", 2)


def slots(query: str, count: int) -> list[tuple[str, str]]:
    """The pairs that a script with so many slots sees; one alone fills them all."""
    return [pair(cut(query, "&", number)) for number in range(1, count + 1)]


def first(query: str) -> tuple[str, str]:
    """The only pair that some scripts read."""
    return pair(cut(query, "&", 1))


def refused(query: str, forbidden: frozenset[str] = FORBIDDEN) -> bool:
    """Whether the raw query has a character that is not let through."""
    return any(char in forbidden for char in query)


def first_line(body: bytes) -> str:
    """What `read` takes of the standard input."""
    return body.split(b"\n", 1)[0].decode("utf-8", "surrogateescape")


def members(pairs: Iterable[tuple[str, object]]) -> str:
    """A flat object with nothing escaped: what is in a value lands in the JSON as it is."""
    return "{\n" + ",\n".join(f'"{name}":"{value}"' for name, value in pairs) + "\n}"


def flat(*pairs: tuple[str, object], headers: tuple[str, ...] = (JSON,)) -> Printed:
    """Print a flat object."""
    return Printed(raw_bytes(members(pairs)), headers)


def done() -> Printed:
    """The usual success, which promises little (§4)."""
    return flat(("error", "false"))


def failed() -> Printed:
    """The usual failure."""
    return flat(("error", "true"))


def bare() -> Printed:
    """The two lines of v5's changes."""
    return Printed(b"{\n}")


def text(body: str, content_type: str = TEXT) -> Printed:
    """Print text."""
    return Printed(raw_bytes(body), (content_type,))


def records(opening: str, blocks: Iterable[str], counted: int) -> Printed:
    """A listing: the comma depends on how many names were counted, not printed (§4)."""
    printed = ""
    for number, block in enumerate(blocks, 1):
        printed += f"{{\n{block}\n}}{',' if number != counted else ''}\n"
    return Printed(raw_bytes(f'{opening}"records":[\n{printed}]}}'))


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a script."""

    request: Request
    script: str
    query: str
    body: bytes
