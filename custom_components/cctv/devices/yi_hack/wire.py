"""The camera's grammar (§3, §4): request lines out of a whitelist, hand-printed JSON. Pure."""

from collections.abc import Mapping
from datetime import datetime
import re
from typing import Any, Final

from ..errors import BadInput, Malformed
from ..said import parsed

SCRIPTS: Final = "/cgi-bin/"
_SAFE: Final = re.compile(r"[A-Za-z0-9._/-]{1,200}")
_COMMA: Final = re.compile(r",(\s*[}\]])")
_PAIR: Final = re.compile(r'"([A-Za-z0-9_]{1,64})"\s*:\s*"((?:[^"\\\n]|\\.)*)"')
_DATE: Final = re.compile(
    r"[A-Za-z]{3} +([A-Za-z]{3}) +(\d{1,2}) +(\d{2}):(\d{2}):(\d{2})\b.{0,40}?\b(\d{4})\s*"
)
_HOSTNAME: Final = re.compile(r'\s*hostname\s*=\s*"([^"\r\n]{0,80})"\s*;?\s*')
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_PADDING: Final = "NULL"
"""The pair that ends each configuration (§5.7)."""
_LONGEST: Final = 1_000
_MANY: Final = 4_000


def query(script: str, *pairs: tuple[str, str | int | float]) -> str:
    """The path and query of a script; nothing is escaped, so only safe values go (§3)."""
    words = []
    for key, value in pairs:
        text = f"{value:g}" if isinstance(value, float) else str(value)
        if not _SAFE.fullmatch(text):
            raise BadInput(f"{key}: only letters, digits, dot, hyphen, underscore and slash")
        words.append(f"{key}={text}")
    return f"{SCRIPTS}{script}" + (f"?{'&'.join(words)}" if words else "")


def answer(text: str) -> dict[str, Any]:
    """A reply as an object, however its JSON is broken (§4). Malformed if it is none."""
    for repair in (False, True):
        try:
            found = parsed(_COMMA.sub(r"\1", text) if repair else text)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
        raise Malformed("not an object")
    pairs = dict(_PAIR.findall(text)[:_MANY])
    # Of a list of records the pairs alone say nothing.
    if not text.lstrip().startswith("{") or not pairs or "[" in text.partition(":")[2][:3]:
        raise Malformed("no JSON that could be mended")
    return {key: _unescaped(value) for key, value in pairs.items()}


def _unescaped(text: str) -> str:
    """A text as JSON means it; as it stands where that is broken."""
    try:
        found = parsed(f'"{text}"')
    except ValueError:
        return text
    return str(found)


def refusal(reply: Mapping[str, Any]) -> str | None:
    """Why a command was not done: its flag is a text, and many replies have none (§4)."""
    if str(reply.get("error", "false")).strip().lower() != "true":
        return None
    why = [str(reply[key]) for key in ("description", "message") if reply.get(key)]
    return " ".join(why)[:100].strip() or "the camera refused it"


def flat(reply: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a reply; numbers and the like as their text."""
    return {
        key[:80]: str(value)[:_LONGEST]
        for key, value in [*reply.items()][:_MANY]
        if isinstance(value, str | int | float)
    }


def config(text: str) -> dict[str, str]:
    """A configuration (§5.7) without the pair that pads it."""
    found = flat(answer(text))
    found.pop(_PADDING, None)
    return found


def rows(reply: Mapping[str, Any]) -> list[dict[str, str]]:
    """The records of a list (§5.2, §5.3), those that are objects."""
    found = reply.get("records")
    if not isinstance(found, list):
        raise Malformed("a list without records")
    return [flat(each) for each in found[:_MANY] if isinstance(each, dict)]


def is_whole(body: bytes) -> bool:
    """Whether a reply is complete, though the camera keeps it open (§4)."""
    text = body.strip()
    return text.endswith(b"}") and text.count(b"{") == text.count(b"}")


# --- what status.json says (§5.10) ----------------------------------------------------------


def number(text: str | None) -> float | None:
    """The first number of a text."""
    found = re.match(r"\s*(\d{1,15}(?:\.\d{1,9})?)", text or "")
    return None if found is None else float(found[1])


def share(text: str | None) -> int | None:
    """Percent: '63%'; None for 'N/A'."""
    found = number(text)
    return None if found is None else min(100, round(found))


def shown(text: str | None) -> str | None:
    """A text for people: one printable line, None if there is nothing in it."""
    line = "".join(char if char.isprintable() else " " for char in text or "").strip()
    return line[:80] or None


def clock(text: str | None) -> datetime | None:
    """The camera's local time; the name of its zone may be unknown, so it is not read."""
    found = _DATE.fullmatch((text or "").strip())
    if found is None or found[1].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found[1].lower()) + 1
    try:
        return datetime(  # noqa: DTZ001 - the caller knows the zone
            int(found[6]), month, int(found[2]), int(found[3]), int(found[4]), int(found[5])
        )
    except ValueError:
        return None


def hostname(text: str) -> str | None:
    """The name in hostname.js (§5.11); None if this is no such script."""
    found = _HOSTNAME.fullmatch(text)
    return None if found is None else found[1]


def version(text: str) -> tuple[int, ...]:
    """A version as numbers, for comparing (§5.13)."""
    return tuple(int(each[:9]) for each in re.findall(r"\d+", text)[:8])
