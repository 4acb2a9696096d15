"""Requests and answers of the camera as values, and how they are written (§1.1, §1.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from tests.simulators.messages import CRLF, Headers, Request
from tests.simulators.open_api.faults import Faults, Separator

TEXT = "text/plain"
HTML = "text/html"
XML = "text/xml"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, its arguments decoded."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    body: bytes = b""
    content_type: str = ""
    peer: str = ""
    length: int | None = None
    """What Content-Length says; -1 where the body is in chunks, which this server cannot read."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """First argument of this name."""
        return next((value for key, value in self.pairs if key == name), default)

    def number(self, name: str, default: int | None = None) -> int | None:
        """An argument as a whole number; -1 where it is none, so that no range takes it."""
        value = self.get(name)
        return default if value is None else whole(value)

    def groups(self) -> list[str]:
        """Names behind every `group=`, in each of the spellings of §1.3, without `root.`."""
        said = ",".join(value for key, value in self.pairs if key == "group")
        names = [name.strip().removeprefix("group=") for name in said.split(",")]
        return [name.removeprefix("root.") for name in names if name]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said; a text is lines with CRLF, bytes go out as they are."""

    body: str | bytes = ""
    content_type: str | None = TEXT
    status: int = 200
    headers: Headers = ()
    sized: bool = False
    """Has a Content-Length, and a line end behind what it counts (S-2.3)."""
    listed: bool = False
    """Is a parameter list, whose head ends in a way of its own."""
    after: Callable[[], None] | None = None
    """Called when the answer is on its way."""


class Refused(Exception):
    """The request gets a status and nothing of use."""

    def __init__(self, status: int) -> None:
        """Remember the status."""
        super().__init__(status)
        self.status = status


def whole(text: str) -> int:
    """A number without sign, or -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def read_call(request: Request, peer: str) -> Call:
    """Take a request apart; arguments may come in a form as well (S-1.1)."""
    kind = request.header("Content-Type") or ""
    said = request.query
    pairs = _pairs(said, plus=False)
    if kind.lower().startswith(_FORM):
        pairs += _pairs(request.body.decode("latin-1"), plus=True)
    said_length = request.header("Content-Length")
    length = None if said_length is None else whole(said_length)
    if request.header("Transfer-Encoding") is not None:
        length = -1
    return Call(request.method, request.path, tuple(pairs), request.body, kind, peer, length)


def _pairs(said: str, *, plus: bool) -> list[tuple[str, str]]:
    """Split at `&`, then at the first `=`; a blank is `+` in forms only."""
    found = []
    for piece in filter(None, said.split("&")):
        name, _, value = (piece.replace("+", " ") if plus else piece).partition("=")
        found.append((_decode(name), _decode(value)))
    return found


def _decode(text: str) -> str:
    raw = unquote_to_bytes(text)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def encode(text: str, faults: Faults) -> bytes:
    """Write a text with the letters and the line ends of this model."""
    raw = text.encode("latin-1" if faults.latin1 else "utf-8", "replace")
    return raw if faults.eol is None else raw.replace(CRLF, faults.eol)


def head(
    faults: Faults,
    status: int = 200,
    headers: Headers = (),
    *,
    bare_separator: bool = False,
) -> bytes:
    """Status line and headers; HTTP/1.0, and no word about the connection."""
    lines = [f"HTTP/1.0 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers]
    raw = encode("".join(f"{line}\r\n" for line in lines), faults)
    return raw + (b"\n" if bare_separator else faults.eol or CRLF)


def render(answer: Answer, faults: Faults, call: Call | None = None) -> tuple[bytes, bytes]:
    """Write an answer: its head and the rest."""
    raw = answer.body if isinstance(answer.body, bytes) else encode(answer.body, faults)
    headers = list(answer.headers)
    if answer.content_type is not None:
        headers.insert(0, ("Content-Type", answer.content_type))
    if answer.sized:
        headers.append(("Content-Length", str(len(raw))))
        raw += faults.eol or CRLF
    clean = faults.separator is Separator.CLEAN or (
        faults.separator is Separator.ON_REQUEST
        and call is not None
        and call.get("responseformat") == "rfc"
    )
    bare = answer.listed and not clean
    return head(faults, answer.status, tuple(headers), bare_separator=bare), raw


OK = Answer("OK\r\n")


def failed(text: str) -> Answer:
    """A refusal in the body of a 200 (§1.1)."""
    return Answer(f"Error: {text}\r\n")


def page(
    text: str,
    status: int = 200,
    headers: Headers = (),
    after: Callable[[], None] | None = None,
) -> Answer:
    """A small page."""
    html = f"<html><head><title>{text}</title></head><body>{text}</body></html>\r\n"
    return Answer(html, HTML, status, headers, after=after)
