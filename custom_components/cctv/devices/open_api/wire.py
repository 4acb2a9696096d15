"""What this family writes and reads, as pure functions: every quirk of its grammar (§1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import re
from typing import Final
from urllib.parse import quote

from ..errors import BadInput

_NAME: Final = re.compile(r"[A-Za-z][\w.-]{0,199}", re.ASCII)
_MISSING: Final = re.compile(r"#\s*Error:.*getting param in group '([^']{1,200})'", re.IGNORECASE)
_FAULT: Final = re.compile(r"(?:#|error\b|request failed)", re.IGNORECASE)
_PREFIX: Final = re.compile(r"^#?\s*(?:Error|Request failed)\s*:?\s*", re.IGNORECASE)
_ENTRY: Final = re.compile(r"([A-Z]+\d{1,6}) OK")
_TAG: Final = re.compile(r"<[^>]{0,500}>")
_PASSWORD: Final = re.compile(r"""<input[^>]{0,200}type=["']?password""", re.IGNORECASE)
_MOMENT: Final = re.compile(
    r"([A-Za-z]{3,9}|\d{1,2})\.?\s+(\d{1,2})\s*,\s*(\d{4})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})"
)
_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_LEVEL: Final = re.compile(
    r"(?:group|window)=(\d{1,9});level=(\d{1,9});threshold=(\d{1,9});?", re.IGNORECASE | re.ASCII
)
_PORT: Final = re.compile(
    r"(IO|input\s*|output\s*|port\s*)?(\d{1,4})[IO]?\s*[:=]\s*(/|\\|H|L|0|1|active|inactive)",
    re.IGNORECASE | re.ASCII,
)
_ACTIVE: Final = frozenset({"/", "h", "1", "active"})
_SIDE: Final = re.compile(r"image\s+(width|height)\s*=\s*(\d{1,5})", re.IGNORECASE)
_SOURCE: Final = re.compile(r"video\s*(\d{1,3})\s*=\s*(no\s+video|video)\b", re.IGNORECASE)
_GROUP: Final = re.compile(r'\s*([\w.-]{1,64})\s*=\s*"?([^"\r\n]*)"?\s*')
_FILTER: Final = re.compile(r"\s*([A-Za-z ]{1,40}?)\s*:\s*(.*)")
_SLUG: Final = re.compile(r"[^a-z0-9_-]+")
_WAIT: Final = r"\d{1,7}"
_SEQUENCE: Final = re.compile(rf"(?:{_WAIT})?[/\\](?:{_WAIT}[/\\])*", re.ASCII)
MANY: Final = 20_000
"""No listing is followed further than this."""


# --- requests ---------------------------------------------------------------------------------


def query(path: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """A path with its arguments, encoded exactly as they go out (§1.3)."""
    written = "&".join(f"{name}={quote(value, safe=',')}" for name, value in params)
    return f"{path}?{written}" if written else path


def sequence(text: str) -> str:
    """Changes and waits of an output (§5.3). BadInput if it breaks the grammar."""
    if len(text) > 200 or not _SEQUENCE.fullmatch(text):
        raise BadInput("a sequence is / or \\, each next one after its milliseconds: /500\\")
    return text


# --- answers ----------------------------------------------------------------------------------


def text(body: bytes) -> str:
    """A body as text: UTF-8, else Latin-1 (§1.1.2)."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def lines(body: str) -> list[str]:
    """Its lines without their ends, whichever they are."""
    return [line.rstrip("\r") for line in body.split("\n")][:MANY]


def is_page(body: str) -> bool:
    """Whether it is a web page where an answer belongs."""
    return body.lstrip()[:15].lower().startswith(("<!doc", "<html", "<head", "<body"))


def is_login(body: str) -> bool:
    """Whether it is a login page, which may come with 200."""
    return is_page(body) and _PASSWORD.search(body) is not None


@dataclass(frozen=True, slots=True)
class Parameters:
    """A listing: names without 'root.' and their values, and what the device does not know."""

    values: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rooted: bool = False

    def tells(self, groups: Iterable[str]) -> bool:
        """Whether it says something of each group, be it that there is none."""
        told = {name.partition(".")[0] for name in (*self.values, *self.missing)}
        return told >= {group.partition(".")[0] for group in groups}


def parameters(body: str) -> Parameters:
    """A listing of config.cgi (§1.1.2)."""
    values: dict[str, str] = {}
    missing: list[str] = []
    rooted = False
    for line in lines(body):
        name, equals, value = line.partition("=")
        if line.startswith("#"):
            if found := _MISSING.match(line):
                missing.append(found[1].removeprefix("root."))
        elif equals and _NAME.fullmatch(name.strip()):
            name = name.strip()
            rooted = rooted or name.startswith("root.")
            values[name.removeprefix("root.")] = value[:4096]
    return Parameters(values, tuple(missing), rooted)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write brought: an entry that was made, and what the device found wrong."""

    entry: str | None = None
    error: str | None = None
    known: bool = True
    """Whether the answer is one of this grammar at all."""


def outcome(body: str) -> Outcome:
    """The answer to any write (§1.1.4), judged by its body."""
    entry = error = None
    rest = ""
    for line in map(str.strip, lines(body)):
        if _FAULT.match(line):
            error = error or (_PREFIX.sub("", line)[:200] or "refused")
        elif found := _ENTRY.fullmatch(line):
            entry = found[1]
        elif line and line.rstrip(".").upper() != "OK":
            rest = line
    return Outcome(entry, error, known=not rest)


def remark(body: str) -> str:
    """A short printable line out of a foreign text or page, for people."""
    plain = _TAG.sub(" ", body)
    return " ".join("".join(each if each.isprintable() else " " for each in plain).split())[:120]


def moment(body: str) -> datetime:
    """The device's clock, local and without a zone (§1.10). ValueError if it is none."""
    found = _MOMENT.search(body[:200])
    if found is None:
        raise ValueError("no time")
    word = found[1].lower()
    month = int(word) if word.isdigit() else _month(word[:3])
    day, year, hour, minute, second = (int(found[at]) for at in range(2, 7))
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - it knows no zone


def _month(word: str) -> int:
    """The number of a month by its first three letters. ValueError if it is none."""
    at = _MONTHS.index(word)
    if at % 3:
        raise ValueError("no month")
    return at // 3 + 1


@dataclass(frozen=True, slots=True)
class Level:
    """How much moves in one window, and how much must (§4.5)."""

    group: int
    level: int
    threshold: int


def level(line: bytes) -> Level | None:
    """A line of motion.cgi; None for delimiters, headers and anything else."""
    found = _LEVEL.fullmatch(line.decode("latin-1").strip())
    return None if found is None else Level(*map(int, found.groups()))


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output by the device's number: active, or (electric) its circuit is closed.

    Only port.cgi tells of circuits (§5.1); input.cgi has the polarity in it already.
    """

    number: int
    on: bool
    electric: bool


def port(line: str) -> Port | None:
    """A line of input.cgi, output.cgi or port.cgi (§5.2), in any of its spellings."""
    found = _PORT.fullmatch(line.strip())
    if found is None:
        return None
    word = found[3].lower()
    electric = word in ("0", "1") and (found[1] or "").lower().startswith("port")
    return Port(int(found[2]), word in _ACTIVE, electric)


def ports(body: str) -> dict[int, Port]:
    """The answer to a check."""
    found = (port(line) for line in lines(body))
    return {each.number: each for each in found if each is not None}


def size(body: str) -> str | None:
    """Width and height of the picture (§2.1): '640x480'."""
    sides = {found[1].lower(): found[2] for found in _SIDE.finditer(body[:4096])}
    return f"{sides['width']}x{sides['height']}" if len(sides) > 1 else None


def sources(body: str) -> dict[int, bool]:
    """Whether each source of a server has a picture (§2.2)."""
    return {int(found[1]): found[2].lower() == "video" for found in _SOURCE.finditer(body[:65536])}


def groups(body: str) -> dict[str, tuple[str, ...]]:
    """The members of each group of users (§1.2)."""
    found = (_GROUP.fullmatch(line) for line in lines(body))
    return {
        each[1]: tuple(name.strip() for name in each[2].split(",") if name.strip())
        for each in found
        if each is not None
    }


@dataclass(frozen=True, slots=True)
class Filter:
    """The IP filter: whether it is on, whom it lets in or keeps out (§6.2)."""

    enabled: bool
    addresses: tuple[str, ...]
    policy: str


def ip_filter(body: str) -> Filter:
    """The list of ipfilter.cgi. ValueError if it is none."""
    found = {
        each[1].lower(): each[2].strip()
        for line in lines(body)
        if (each := _FILTER.fullmatch(line)) is not None
    }
    addresses = next((found[key] for key in found if key.endswith("addresses")), None)
    if addresses is None or "enabled" not in found:
        raise ValueError("no list of addresses")
    policy = found.get("input policy", "allow").lower()
    return Filter(found["enabled"].lower() == "yes", tuple(addresses.split()[:1000]), policy)


def pairs(body: str) -> dict[str, str]:
    """'name=value' lines of ptz.cgi (§3.1); names in lower case."""
    found = (line.partition("=") for line in lines(body))
    return {name.strip().lower(): value.strip() for name, equals, value in found if equals}


def rows(listing: Mapping[str, str], group: str) -> dict[int, dict[str, str]]:
    """The members of a numbered group such as 'Motion.M', by number."""
    found: dict[int, dict[str, str]] = {}
    pattern = re.compile(re.escape(group) + r"(\d{1,3})\.(.+)", re.ASCII)
    for name, value in listing.items():
        if each := pattern.fullmatch(name):
            found.setdefault(int(each[1]), {})[each[2]] = value
    return dict(sorted(found.items()))


def number(word: str | None) -> int:
    """A count; 0 where there is none."""
    word = (word or "").strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 0


def slug(word: str) -> str:
    """A token of a part's id."""
    return _SLUG.sub("-", word.lower()).strip("-")[:64] or "x"
