"""Hardware addresses, as devices write them. Pure."""

import re
from typing import Final

_BETWEEN: Final = re.compile(r"[:.\s-]")
_MAC: Final = re.compile(r"[0-9a-f]{12}")


def mac(text: str | None) -> str | None:
    """One as aa:bb:cc:dd:ee:ff; None for none and for the filler of empty slots."""
    digits = _BETWEEN.sub("", (text or "").lower())
    if not _MAC.fullmatch(digits) or digits in ("0" * 12, "f" * 12):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
