"""How requests are read and answers are written (§2, §4, §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
import json
from urllib.parse import unquote_to_bytes

from tests.simulators.wire import CRLF, Reply, Request

_RIGHT_MARGIN = 74
_BY_PATH = "RPC_Loadfile/"


def encode(text: str) -> bytes:
    """Text to bytes; lone surrogates stand for bytes that are not UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def unescape(text: str) -> str:
    """Undo percent escapes. A plus sign stays one (§2)."""
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Command:
    """One request of the classic API: /cgi-bin/<cgi>.cgi?action=<verb>&k=v."""

    request: Request
    cgi: str
    params: tuple[tuple[str, str], ...]
    rest: str = ""
    """Path of a file, where the resource has one behind its name (§4.11.6)."""
    user: str = ""
    """Who asks."""

    @property
    def action(self) -> str:
        """The verb, empty where the resource has none."""
        return self.get("action") or ""

    @property
    def key(self) -> str:
        """Name in the tables of answers: cgi.verb, or cgi alone."""
        return f"{self.cgi}.{self.action}" if self.action else self.cgi

    def get(self, name: str) -> str | None:
        """First value of a parameter."""
        return next((value for key, value in self.params if key == name), None)

    def listed(self, name: str) -> list[str]:
        """Values of a parameter that is written name[0], name[1] and so on."""
        return [value for key, value in self.params if _index_of(key, name)]

    def number(self, name: str, default: int | None = None) -> int | None:
        """A parameter as an integer; the default when it is absent or no number."""
        text = self.get(name)
        if text is None or not text.removeprefix("-").isdecimal():
            return default
        return int(text)


def _index_of(key: str, name: str) -> bool:
    inner = key.removeprefix(f"{name}[")
    return inner != key and inner.endswith("]") and inner[:-1].isdecimal()


def read_command(request: Request) -> Command | None:
    """Take a request of /cgi-bin/ apart; None for any other path."""
    path = request.path
    if not path.startswith("/cgi-bin/"):
        return None
    pairs = []
    for part in request.query.split("&"):
        name, _, value = part.partition("=")
        if part:
            pairs.append((unescape(name), unescape(value)))
    name = unescape(path.removeprefix("/cgi-bin/"))
    if name.startswith(_BY_PATH):
        rest = name.removeprefix(_BY_PATH).lstrip("/")
        return Command(request, _BY_PATH.rstrip("/"), tuple(pairs), f"/{rest}")
    name = name.removesuffix(".cgi") if name.endswith(".cgi") else f"/{name}"
    return Command(request, name, tuple(pairs))


class Refusal(StrEnum):
    """The ways of saying no (§5)."""

    BAD_REQUEST = "400 bad request"
    INVALID = "200 invalid request"
    BARE = "200 error alone"
    NO_EVENTS = "200 no events"
    NO_PARAM = "200 getting param"
    EMPTY = "200 empty"
    UNKNOWN = "200 unknown error"
    BUSINESS = "200 business error"
    CONNECTIONS = "200 too many connections"
    NO_VIDEO = "200 open video failed"
    HTML = "200 login page"
    NO_RIGHT = "403 check failure"
    NOT_FOUND = "404"
    SERVER_ERROR = "500"
    NOT_IMPLEMENTED = "501"
    BOOTING = "503"


_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>WEB SERVICE</title></head><body></body></html>"
_TEXTS: dict[Refusal, tuple[int, tuple[str, ...]]] = {
    Refusal.INVALID: (200, ("Error", "ErrorID=2, Detail=Invalid Request!")),
    Refusal.BARE: (200, ("Error",)),
    Refusal.NO_EVENTS: (200, ("Error: No Events",)),
    Refusal.EMPTY: (200, ()),
    Refusal.UNKNOWN: (200, ("Unknown error",)),
    Refusal.BUSINESS: (200, ("businessCommonErrorUnKnownError",)),
    Refusal.CONNECTIONS: (200, ("Exceeded maximum number of connections",)),
    Refusal.NO_VIDEO: (200, ("Resource is limited, open video failed!",)),
    Refusal.NOT_FOUND: (404, ()),
    Refusal.SERVER_ERROR: (500, ("Error",)),
    Refusal.NOT_IMPLEMENTED: (501, ("Error",)),
    Refusal.BOOTING: (503, ()),
}


def refuse(kind: Refusal, eol: bytes = CRLF, detail: str = "") -> Reply:
    """Answer with a refusal; detail is the parameter that NO_PARAM names."""
    if kind is Refusal.BAD_REQUEST:
        # These two lines end with LF alone, whatever the rest of the box does.
        return text_reply(b"Error\nBad Request!\n", 400)
    if kind is Refusal.NO_RIGHT:
        return text_reply(b"Authority:check failure.", 403)
    if kind is Refusal.HTML:
        return text_reply(encode(_LOGIN_PAGE), content_type="text/html")
    if kind is Refusal.NO_PARAM:
        return lines_reply([f"Error: Error -1 getting param in name={detail}"], eol)
    status, lines = _TEXTS[kind]
    return lines_reply(lines, eol, status)


def text_reply(body: bytes, status: int = 200, content_type: str = "text/plain") -> Reply:
    """An answer of text."""
    return Reply(status, body, (("Content-Type", content_type),))


def lines_reply(lines: Iterable[str], eol: bytes = CRLF, status: int = 200) -> Reply:
    """An answer of lines, each with its end."""
    return text_reply(b"".join(encode(line) + eol for line in lines), status)


# The two JSON printers of the event stream (§4.9.17).


def styled_json(value: object) -> str:
    """Three-space indents, `"key" : value`, short arrays inline, one LF at the end."""
    return _styled(value, 0) + "\n"


def _styled(value: object, depth: int) -> str:
    pad = "   " * (depth + 1)
    end = "   " * depth
    if isinstance(value, dict) and value:
        members = [
            f"{pad}{json.dumps(str(key), ensure_ascii=False)} : {_styled(item, depth + 1)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(members) + f"\n{end}}}"
    if isinstance(value, list | tuple) and value:
        items = [_styled(item, depth + 1) for item in value]
        inline = f"[ {', '.join(items)} ]"
        nested = any(isinstance(item, dict | list | tuple) and item for item in value)
        if not nested and len(inline) < _RIGHT_MARGIN:
            return inline
        return "[\n" + ",\n".join(pad + item for item in items) + f"\n{end}]"
    return json.dumps(value, ensure_ascii=False)


def tab_json(value: object) -> str:
    """One TAB a level, `"key":` TAB value, nothing after the last brace."""
    return _tabbed(value, 0)


def _tabbed(value: object, depth: int) -> str:
    if isinstance(value, dict) and value:
        pad = "\t" * (depth + 1)
        members = [
            f"{pad}{json.dumps(str(key), ensure_ascii=False)}:\t{_tabbed(item, depth + 1)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(members) + "\n" + "\t" * depth + "}"
    if isinstance(value, list | tuple) and value:
        return "[" + ", ".join(_tabbed(item, depth + 1) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
