"""The device's own time zone (Time.POSIXTimeZone), so that its naive times can be told in UTC."""

from datetime import UTC, tzinfo
import io
import re
import struct
from typing import Final
from zoneinfo import ZoneInfo

_POSIX: Final = re.compile(
    r"(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{1,10}>)[+-]?\d{1,2}(?::\d{2}){0,2}"
    r"(?:(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{1,10}>)(?:[+-]?\d{1,2}(?::\d{2}){0,2})?"
    r"(?:,[MJ]?[\d./:+-]{1,30}){0,2})?",
    re.ASCII,
)


def posix(text: str | None) -> tzinfo | None:
    """The zone that a POSIX text such as CET-1CEST,M3.5.0,M10.5.0/3 tells; None if it tells none.

    Made by wrapping the text up as an otherwise empty zone file (RFC 9636), whose last line it is.
    """
    text = (text or "").strip()
    if text in ("UTC", "GMT"):
        return UTC
    if not _POSIX.fullmatch(text):
        return None
    head = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    body = struct.pack(">lbb4s", 0, 0, 0, b"UTC\0")
    try:
        return ZoneInfo.from_file(io.BytesIO((head + body) * 2 + f"\n{text}\n".encode()), key=text)
    except ValueError:
        return None
