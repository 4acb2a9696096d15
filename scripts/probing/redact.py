"""Keeps what names the owner's device out of what is printed."""

from collections.abc import Iterable
import re
from typing import Final
from urllib.parse import quote

MASK: Final = "**REDACTED**"
SHORTEST: Final = 4
"""Shorter words would be found in half of all texts."""


class Redactor:
    """Replaces secrets wherever they appear in a text, also percent-encoded."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        """Begin with these."""
        self._secrets: set[str] = set()
        self._pattern = re.compile(r"(?!)")
        self.add(*secrets)

    def add(self, *secrets: str | None) -> None:
        """Know more of them; a MAC address is known in each way of writing it."""
        for secret in secrets:
            if secret is None or len(secret) < SHORTEST:
                continue
            self._secrets |= {secret, quote(secret, safe="")}
            digits = re.sub(r"[^0-9A-Fa-f]", "", secret)
            if len(digits) == 12 and re.fullmatch(r"[0-9A-Fa-f:.-]+", secret):
                pairs = [digits[at : at + 2] for at in range(0, 12, 2)]
                self._secrets |= {digits, ":".join(pairs), "-".join(pairs)}
        if self._secrets:
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """The text without them."""
        return self._pattern.sub(MASK, text)
