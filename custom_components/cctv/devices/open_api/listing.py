"""The XML lists of disks and recordings (§8), read as they are: often without their end."""

from collections.abc import Mapping
from datetime import datetime
import html
import re
from typing import Final

MANY: Final = 10_000
_REMARK: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"""([A-Za-z_][\w.-]{0,63})\s*=\s*("[^"<>]*"|'[^'<>]*')""")
_JOB: Final = re.compile(r"error", re.IGNORECASE)
_START: Final = re.compile(r"(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})")


def elements(body: str, tag: str) -> list[dict[str, str]]:
    """The attributes of every element of a name, by lower-case name.

    No XML parser: the seed's own sample has no closing tag (§8.4), nothing is nested, and no
    entity is followed but the five that stand for a character.
    """
    element = re.compile(rf"<{tag}\b([^<>]{{0,4096}})>", re.IGNORECASE)
    found: list[dict[str, str]] = []
    for each in element.finditer(_REMARK.sub("", body)):
        found.append(attributes(each[1]))
        if len(found) >= MANY:
            break
    return found


def attributes(inside: str) -> dict[str, str]:
    """The attributes of one element."""
    return {
        each[1].lower(): html.unescape(each[2][1:-1])[:256] for each in _ATTRIBUTE.finditer(inside)
    }


def fault(body: str) -> str | None:
    """What a job reports as wrong (§8); None if it was taken."""
    if not _JOB.search(body):
        return None
    for job in elements(body, "job"):
        if job.get("result", "").upper() == "OK":
            return None
        if about := job.get("description"):
            return about[:200]
    return "the device reports an error"


def started(attributes: Mapping[str, str]) -> datetime | None:
    """When a recording began: local, without a zone (§8.4); None if it does not say."""
    found = _START.match(attributes.get("starttime", "")) or _START.match(
        attributes.get("recordingid", "")
    )
    if found is None:
        return None
    try:
        return datetime(*map(int, found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def kilobytes(word: str | None) -> int | None:
    """A size in kB as bytes (§8.3); None if it is none."""
    word = (word or "").strip()
    return int(word) * 1024 if word.isascii() and word.isdigit() and len(word) < 15 else None


def yes(attributes: Mapping[str, str], name: str) -> bool:
    """Whether a flag is set."""
    return attributes.get(name, "").strip().lower() == "yes"
