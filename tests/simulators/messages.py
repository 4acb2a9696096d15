"""Requests and answers of the raw server, as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

CRLF = b"\r\n"

REASONS = {
    100: "Continue",
    200: "OK",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}

type Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; target and header values are the literal characters sent."""

    method: str
    target: str
    version: str
    headers: Headers
    body: bytes = b""

    @property
    def path(self) -> str:
        """What stands before the question mark."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands after the question mark, still escaped."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """First header of this name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def keep_alive(self) -> bool:
        """Whether the client would like to go on with this connection."""
        said = (self.header("Connection") or "").lower()
        return "close" not in said if self.version == "HTTP/1.1" else "keep-alive" in said


@dataclass(slots=True)
class Exchange:
    """A line of the wire log: a request and the status it got (None: not answered yet)."""

    at: float
    connection: int
    request: Request
    status: int | None = None
    user: str | None = None

    @property
    def method(self) -> str:
        """Verb of the request line."""
        return self.request.method

    @property
    def target(self) -> str:
        """Path and query of the request line, as sent."""
        return self.request.target


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and every way in which it may be sent badly."""

    status: int = 200
    body: bytes = b""
    headers: Headers = ()
    reason: str | None = None
    close: bool = False
    length: int | None = -1
    """Content-Length: -1 the true one, None leaves the header out, else this number."""
    eol: bytes = CRLF
    delay: float = 0.0
    truncate: int | None = None
    """Hang up after this many bytes of the body."""
    fragment: int | None = None
    """Send in pieces of this many bytes."""
    chunked: bool = False
    """The body is written as chunks already (see `chunks`), so the connection may live on."""
    after: Callable[[], None] | None = None
    """Called when the answer is on its way."""

    @property
    def ends(self) -> bool:
        """Whether the connection cannot live on after this answer."""
        unknown_end = self.length != -1 and not self.chunked
        return self.close or self.truncate is not None or unknown_end

    def head(self, keep_alive: bool) -> bytes:
        """Status line and headers."""
        headers = list(self.headers)
        if self.chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        elif self.length is not None:
            size = len(self.body) if self.length == -1 else self.length
            headers.append(("Content-Length", str(size)))
        if not any(name.lower() == "connection" for name, _ in headers):
            headers.append(("Connection", "keep-alive" if keep_alive else "close"))
        return render_head(self.status, headers, self.reason, self.eol)


def chunks(body: bytes, size: int) -> bytes:
    """Write a body as chunks of so many bytes."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


def render_head(
    status: int,
    headers: Sequence[tuple[str, str]],
    reason: str | None = None,
    eol: bytes = CRLF,
) -> bytes:
    """Write a status line and headers with the line ends asked for."""
    line = f"HTTP/1.1 {status} {REASONS.get(status, 'Unknown') if reason is None else reason}"
    lines = [line, *(f"{name}: {value}" for name, value in headers)]
    return b"".join(text.encode("utf-8", "surrogateescape") + eol for text in lines) + eol


class Malformed(Exception):
    """The client sent something that is not a request; status says how to answer."""

    def __init__(self, status: int) -> None:
        """Remember the status to refuse with."""
        super().__init__(f"refused with {status}")
        self.status = status
