"""How large a JPEG is, by its frame header. Pure."""

from typing import Final

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def size_of(body: bytes) -> tuple[int, int] | None:
    """Width and height; None where no frame header comes."""
    at = 2
    while at + 9 <= len(body) and body[at] == 0xFF:
        kind = body[at + 1]
        if kind in _FRAMES:
            height, width = body[at + 5 : at + 7], body[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        if kind == 0xFF:
            at += 1
        elif kind in _BARE:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(body[at + 2 : at + 4]))
    return None
