"""How the program reads a request and frames an answer (§2)."""

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
import gzip
import posixpath
import re
from urllib.parse import unquote

from tests.simulators.ispy.clock import Clock
from tests.simulators.ispy.rules import Rules
from tests.simulators.wire import Request

_SIZE = re.compile(r"(\d+)x(\d+)")
_WHOLE = re.compile(r"\s*[+-]?\d+\s*")
_GZIP_FROM = 400


class Crash(Exception):
    """The program raised an exception: the request hangs, or closes in G1."""


class Hang(Exception):
    """The request is never answered, in any version."""


class Closed(Exception):
    """The connection closes without a byte."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as the program understood it."""

    version: str
    """Echoed in the status line."""
    path: str
    """Decoded, as it was written."""
    query: str
    params: tuple[tuple[str, str], ...]
    """Names in lower case."""

    @property
    def command(self) -> str:
        """What stands between the slash and the question mark, in lower case."""
        return self.path.strip("/").strip().lower()

    @property
    def extension(self) -> str | None:
        """What follows the dot of the command part."""
        stem, dot, ending = posixpath.basename(self.path).rpartition(".")
        return ending.lower() if dot and (stem or ending) else None

    def get(self, name: str) -> str:
        """Value of a parameter; empty when it is not there."""
        return next((value for key, value in self.params if key == name), "")

    def has(self, name: str) -> bool:
        """Whether a parameter is there with any value."""
        return self.get(name) != ""

    def says(self, word: str) -> bool:
        """Whether a word stands anywhere in the URL."""
        return word in f"{self.path}?{self.query}".lower()

    def whole(self, name: str) -> int:
        """A number that the program cannot do without."""
        text = self.get(name)
        if _WHOLE.fullmatch(text) is None:
            raise Crash(name)
        return int(text)

    def loose(self, name: str, default: int = 0) -> int:
        """A number, or the default when it is none."""
        text = self.get(name)
        return int(text) if _WHOLE.fullmatch(text) else default

    def size(self) -> tuple[int, int] | None:
        """The `size=WxH` parameter; None when one of the two is missing."""
        found = _SIZE.fullmatch(self.get("size").lower())
        return (int(found[1]), int(found[2])) if found else None

    def lowered(self) -> Call:
        """The same with its whole query in lower case, as the media commands read it."""
        lower = tuple((name, value.lower()) for name, value in self.params)
        return Call(self.version, self.path, self.query.lower(), lower)


def read_call(request: Request, rules: Rules) -> Call:
    """Take a request apart, with the mistakes that the program makes."""
    # The buffer is read as ASCII: whatever is not becomes a question mark.
    target = request.target.encode("latin-1").decode("ascii", "replace").replace("\ufffd", "%3F")
    version = request.version
    cut = target.find("HTTP")
    if cut != -1:
        # The first HTTP is taken for the protocol version, and the rest is lost.
        version = f"{target} {request.version}"[cut : cut + 8]
        target = target[:cut]
    target = target.replace("\\", "/")
    path, _, query = target.partition("?")
    params = []
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if equals:
            value = value.lower() if rules.ancient else unquote(value)
            params.append((name.lower(), value))
    return Call(version, unquote(path), query, tuple(params))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; everything but an impossible path has status 200."""

    body: bytes | str
    type: str = "text/javascript"
    status: str = "200 OK"
    cache_days: int = 0
    file: str | None = None
    """Offered as an attachment under this name."""
    span: tuple[int, int, int] | None = None
    """First and last byte as asked for, and the whole size: a 206."""
    extra: tuple[str, ...] = field(default=())


CATCH_ALL = Answer("iSpy server is running", "text/html")


def encode_text(text: str, rules: Rules) -> bytes:
    """UTF-8, or ASCII with a question mark for every other UTF-16 unit."""
    if rules.unicode:
        return text.encode("utf-8", "surrogatepass")
    return b"".join(
        char.encode() if char < "\x80" else b"?" * (2 if char > "\uffff" else 1) for char in text
    )


def wants_gzip(request: Request) -> bool:
    """Whether Accept-Encoding contains gzip."""
    return "gzip" in (request.header("Accept-Encoding") or "").lower()


def compress(body: bytes, length: int) -> bytes | None:
    """The body compressed, when its text is long enough."""
    return gzip.compress(body, 6, mtime=0) if length > _GZIP_FROM else None


def render(answer: Answer, body: bytes, version: str, clock: Clock, *, gzipped: bool) -> bytes:
    """The head of an answer, line by line in the order of §2."""
    lines = [f"{version} {answer.status}", "Server: iSpy"]
    if answer.file is None:
        lines.append(f"Content-Type: {answer.type}")
    else:
        lines.append("Content-Type: application/octet-stream")
        lines.append(f'Content-Disposition: attachment; filename="{answer.file}"')
    lines.append("Accept-Ranges: bytes")
    if answer.span is None:
        lines.append("Access-Control-Allow-Origin: *")
        lines.append(f"Content-Length: {len(body)}")
    else:
        first, last, whole = answer.span
        lines.append(f"Content-Range: bytes {first}-{last}/{whole}")
        lines.append(f"Content-Length: {last - first + 1}")
    if gzipped:
        lines.append("Content-Encoding: gzip")
    lines += answer.extra
    if answer.cache_days:
        now = clock.now()
        until = now + timedelta(days=answer.cache_days)
        lines += [
            f"Cache-Control: Date: {format_datetime(now, usegmt=True)}",
            "Last-Modified: Tue, 01 Jan 2011 12:00:00 GMT",
            f"Expires: {format_datetime(until, usegmt=True)}",
            "Connection: keep-alive",
        ]
    elif "Connection: close" not in answer.extra:
        lines += [
            "Pragma: no-cache",
            "Expires: Fri, 30 Oct 1998 14:19:41 GMT",
            "Cache-directive: no-cache",
            "Cache-control: no-cache",
            "Pragma: no-cache",
            "Expires: 0",
        ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", "replace")
