"""Texts of devices as values that can be passed on: JSON, and headers. Pure."""

import json
import re
from typing import Any, Final

_HEX: Final = "[0-9a-fA-F]{2}"
_ESCAPES: Final = re.compile(
    rf"(\\\\|\\u[dD][89abAB]{_HEX}\\u[dD][c-fC-F]{_HEX})|\\u[dD][89a-fA-F]{_HEX}"
)
"""What stays as it is (a backslash, a pair of surrogates), or half of such a pair."""


def parsed(text: str, *, strict: bool = True) -> Any:
    """What a JSON text says. ValueError if it is none, or too deep to be read.

    Half of a surrogate pair, as of an emoji that firmware cut, becomes the replacement character:
    nothing could write it down again. What is no number becomes None.
    """
    if "\\u" in text:
        text = _ESCAPES.sub(lambda found: found[1] or r"\ufffd", text)
    try:
        return json.loads(text, strict=strict, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("data within data within data") from error


def printable(header: str) -> str:
    """A header whose bytes are no UTF-8 as text that can be written down."""
    if header.isascii():
        return header
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
