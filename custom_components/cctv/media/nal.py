"""H.264 and H.265 in Annex B: units, parameter sets, lengths in place of start codes."""

from collections.abc import Iterator, Sequence
from typing import Final

START: Final = b"\0\0\1"
_LONG_START: Final = b"\0\0\0\1"

# By codec: which types of unit are parameter sets, and which nobody needs (delimiters, filling).
_SETS: Final = {"h264": frozenset((7, 8, 13, 15)), "hevc": frozenset((32, 33, 34))}
_IDLE: Final = {"h264": frozenset((9, 12)), "hevc": frozenset((35, 38))}
_NEEDED: Final = {"h264": frozenset((7, 8)), "hevc": frozenset((32, 33, 34))}
_TYPES: Final = {
    "h264": tuple(first & 0x1F for first in range(256)),
    "hevc": tuple(first >> 1 & 0x3F for first in range(256)),
}
"""The type of a unit by its first byte."""
_KEPT: Final = {
    codec: frozenset(
        first
        for first, kind in enumerate(types)
        if kind not in _SETS[codec] and kind not in _IDLE[codec]
    )
    for codec, types in _TYPES.items()
}
"""The first bytes of units that go into a film as they are."""
_ZEROS_MOST: Final = 4

_H264_FIRST: Final = frozenset((7, 9))
_HEVC_FIRST: Final = frozenset((32, 35))


type Piece = bytes | memoryview


def units(data: bytes) -> list[memoryview]:
    """Cut at start codes; the zeros before one belong to it. Nothing is copied."""
    view = memoryview(data)
    return [view[begin:end] for begin, end in _spans(data)]


def packed(codec: str, data: bytes) -> tuple[list[Piece], int] | None:
    """What `lengths` makes of a picture's units, and how long that is; nothing is copied.

    None where not all of its units go into a film as they are: mostly all do.
    """
    kept = _KEPT[codec]
    view = memoryview(data)
    pieces: list[Piece] = []
    size = 0
    for begin, end in _spans(data):
        if data[begin] not in kept:
            return None
        length = end - begin
        pieces += (length.to_bytes(4), view[begin:end])
        size += 4 + length
    return pieces, size


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each unit begins and ends."""
    at = data.find(START)
    while at >= 0:
        begin = at + 3
        at = data.find(START, begin)
        end = at if at >= 0 else len(data)
        if end > begin and not data[end - 1]:
            end = _trimmed(data, begin, end)
        if end > begin:
            yield begin, end


def _trimmed(data: bytes, begin: int, end: int) -> int:
    """Where a unit ends: with no zero (H.264, 7.4.1)."""
    for last in range(end - 1, max(begin, end - _ZEROS_MOST) - 1, -1):
        if data[last]:
            return last + 1
    return begin + len(data[begin:end].rstrip(b"\0"))


def lengths(found: Sequence[Piece]) -> list[Piece]:
    """Each unit behind its length, as MP4 has them. Nothing is copied."""
    pieces: list[Piece] = []
    for unit in found:
        pieces += (len(unit).to_bytes(4), unit)
    return pieces


def start_codes(found: Sequence[Piece]) -> bytes:
    """Each unit behind a start code."""
    return b"".join(_LONG_START + bytes(unit) for unit in found)


def sort(codec: str, found: Sequence[memoryview]) -> tuple[list[bytes], list[Piece]]:
    """Parameter sets, and the rest without what nobody needs."""
    sets, idle = _SETS[codec], _IDLE[codec]
    first: list[bytes] = []
    rest: list[Piece] = []
    for unit in found:
        kind = _kind(codec, unit)
        if kind in sets:
            first.append(bytes(unit))
        elif kind not in idle:
            rest.append(unit)
    return first, rest


def complete(codec: str, sets: list[bytes]) -> bool:
    """Whether a decoder can begin with these parameter sets."""
    return _NEEDED[codec] <= {_kind(codec, unit) for unit in sets}


def guess(data: bytes) -> str | None:
    """What a key frame is, by its first bytes; None when they do not tell."""
    if data.startswith(b"\xff\xd8\xff"):
        return "mjpeg"
    at = data.find(START, 0, 64)
    head = data[at + 3 : at + 5]
    if at < 0 or len(head) < 2:
        return None
    if head[1] == 1 and not head[0] & 1 and head[0] >> 1 in _HEVC_FIRST:
        return "hevc"
    return "h264" if head[0] & 0x80 == 0 and head[0] & 0x1F in _H264_FIRST else None


def _kind(codec: str, unit: Piece) -> int:
    return _TYPES[codec][unit[0]]
