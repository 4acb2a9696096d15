"""The device's grammar (§2, §4, §4.9.17): text to values, values to request lines. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import re
from typing import Any, Final
from urllib.parse import quote

from ..errors import Malformed
from ..said import parsed

TABLE: Final = "table."
MAX_LINES: Final = 200_000
"""A recorder's largest table is a fraction of this."""
MAX_LINE: Final = 8_192
MAX_DEPTH: Final = 64
LOCKED: Final = 268632081
"""The error code of a locked login (§3.3)."""
_KEY_SAFE: Final = "[]._:"
_WORDLIKE: Final = re.compile(r"[^a-z0-9]+")
_ARRAY: Final = re.compile(r"\[(\d{1,6})\]=(-?\d{1,9})")
_PADDED: Final = 19
_TIME: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?"
    r"(?:\s*([AaPp])\.?[Mm]\.?)?"
)


type Param = str | int | datetime


def pairs(text: str) -> dict[str, str]:
    """The key=value lines of an answer (§4); the first = separates, other lines say nothing."""
    found: dict[str, str] = {}
    lines = text.split("\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        raise Malformed("too many lines")
    for line in lines:
        key, sign, value = line.partition("=")
        key = key.strip()
        if sign and key and len(key) <= MAX_LINE:
            found[key] = value.strip("\r")
    return found


def table(text: str) -> dict[str, str]:
    """A configuration table (§4) without the 'table.' in front of each key."""
    return {key.removeprefix(TABLE): value for key, value in pairs(text).items()}


def word(text: str, *keys: str) -> str | None:
    """The first of these keys that has a value, by its last segment."""
    found = pairs(text)
    for key in keys:
        for name, value in found.items():
            if (name == key or name.endswith(f".{key}")) and value.strip():
                return value.strip()[:255]
    return None


def rows(listing: Mapping[str, str], name: str) -> dict[int, dict[str, str]]:
    """The members of a list, 'name[3].Member.Other=…', by index; it may have gaps (§4)."""
    head = f"{name}["
    found: dict[int, dict[str, str]] = {}
    for key, value in listing.items():
        if key.startswith(head):
            index, bracket, member = key[len(head) :].partition("]")
            if bracket and index.isdecimal() and len(index) < 7:
                found.setdefault(int(index), {})[member.removeprefix(".")] = value
    return found


def indexes(text: str) -> frozenset[int]:
    """The numbers of 'channels[0]=3' lines (§4.9.16)."""
    return frozenset(int(found[2]) for found in _ARRAY.finditer(text))


def words(text: str) -> tuple[str, ...]:
    """The values of 'events[0]=VideoMotion' lines, in order (§4.9.18)."""
    return tuple(
        value.strip()
        for name, value in pairs(text).items()
        if name.startswith("events[") and value.strip()
    )


def query(
    cgi: str, action: str, params: Iterable[tuple[str, Param]] = (), ending: str = ".cgi"
) -> str:
    """A path and query, exactly as sent: verb first, brackets and colons raw, blanks %20 (§2)."""
    parts = [f"action={action}"]
    for key, value in params:
        if isinstance(value, datetime):
            text = quote(stamp(value), safe=":")
        else:
            text = quote(str(value), safe="[]")
        parts.append(f"{quote(key, safe=_KEY_SAFE)}={text}")
    return f"/cgi-bin/{cgi}{ending}?{'&'.join(parts)}"


def stamp(moment: datetime) -> str:
    """A local time as queries want it: no fractions, no zone (§2)."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def moment(text: str) -> datetime:
    """A local time out of an answer; zeros may be missing, AM or PM may follow (§2). ValueError."""
    if len(text) == _PADDED and text[10::3] == " ::":
        # A page of files has hundreds, nearly always written so.
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return _moment(text)
    return _moment(text)


def _moment(text: str) -> datetime:
    """The same, however it is written."""
    found = _TIME.search(text)
    if found is None:
        raise ValueError(f"no time: {text[:40]!r}")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    if found[7] is not None:
        hour = hour % 12 + (12 if found[7] in "pP" else 0)
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - local, zone unknown


def slug(text: str) -> str:
    """A device's own name as a token of a part's id."""
    return _WORDLIKE.sub("_", text.lower()).strip("_")[:40] or "x"


def version(text: str) -> str | None:
    """The firmware of getSoftwareVersion (§4.6.16): one line with ',build:', or two lines."""
    found = pairs(text)
    name, _, build = found.get("version", "").partition(",build:")
    build = build or found.get("BuildDate", "")
    if not name.strip():
        return None
    return f"{name.strip()} ({build.strip()})"[:80] if build.strip() else name.strip()[:80]


def lock(answer: Any) -> float | None:
    """Of the login's challenge: seconds of a lock, 0 if it does not say, None without (§3.2)."""
    if not isinstance(answer, dict):
        return None
    params, error = answer.get("params"), answer.get("error")
    left = params.get("remainLockSecond") if isinstance(params, dict) else None
    if isinstance(left, (int, float)) and not isinstance(left, bool) and left > 0:
        return float(min(left, 86_400))
    code = error.get("code") if isinstance(error, dict) else None
    return 0.0 if code == LOCKED else None


# --- events ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WireEvent:
    """One event as the device tells it (§4.9.17)."""

    code: str
    action: str
    index: int
    data: Mapping[str, Any] = field(default_factory=dict)


def event(body: bytes) -> WireEvent | None:
    """The event of one part; None for a heartbeat. Malformed if it is neither or damaged."""
    text = body.decode("utf-8", "replace").strip()
    if text[:9].lower() == "heartbeat":
        return None
    head, _, payload = text.partition(";data=")
    members = {
        key.strip().lower(): value.strip()
        for key, _, value in (member.partition("=") for member in head.split(";", 32)[:32])
    }
    code = members.get("code", "")
    if not code or len(code) > 80 or not code.isprintable():
        raise Malformed(f"no event: {text[:60]!r}")
    index = members.get("index", "")
    number = int(index) if re.fullmatch(r"-?\d{1,6}", index) else -1
    return WireEvent(code, members.get("action", "").capitalize(), number, _payload(payload))


def _payload(text: str) -> Mapping[str, Any]:
    """The JSON object behind data=; nothing for null, '' and other values."""
    text = text.strip()
    if not text:
        return {}
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise Malformed("data within data within data")
    try:
        data = parsed(text, strict=False)
    except ValueError:
        # Some firmware glues other lines behind the object.
        try:
            data = parsed(text[: _balanced(text)], strict=False)
        except ValueError as error:
            raise Malformed(f"damaged data of {len(text)} characters") from error
    return data if isinstance(data, dict) else {}


_BRACES: Final = re.compile(r'\\.|["{}\[\]]', re.DOTALL)


def _depth(text: str) -> int:
    """How deep objects and lists lie in one another, strings respected."""
    depth = deepest = 0
    inside = False
    for found in _BRACES.finditer(text):
        sign = found[0]
        if sign == '"':
            inside = not inside
        elif not inside and sign in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif not inside and sign in "}]":
            depth -= 1
    return deepest


def _balanced(text: str) -> int:
    """Where the first object ends, strings respected; 0 if it does not."""
    depth = 0
    inside = False
    for found in _BRACES.finditer(text):
        sign = found[0]
        if sign == '"':
            inside = not inside
        elif not inside and sign == "{":
            depth += 1
        elif not inside and sign == "}":
            depth -= 1
            if depth <= 0:
                return found.end()
    return 0
