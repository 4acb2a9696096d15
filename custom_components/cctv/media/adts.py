"""AAC: ADTS headers (ISO 14496-3, 1.A.2), and how MP4 describes it instead."""

import struct
from typing import Final, NamedTuple

from .mp4 import box, full

# fmt: off
RATES: Final = (
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000,
    22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
)
# fmt: on
SAMPLES: Final = 1_024
"""So many are in every frame."""
HEADER_BYTES: Final = 7
_CONFIGS: Final = tuple(
    (((bits >> 8 & 3) + 1) << 11 | (bits >> 4 & 0xF) << 7 | (bits & 7) << 3).to_bytes(2)
    for bits in range(1 << 10)
)
"""What a decoder wants to know, by the ten bits of a header that tell it."""


class Frame(NamedTuple):
    """One bare frame and what its header said: a tuple, since hundreds of thousands are made."""

    config: bytes
    rate: int
    channels: int
    data: bytes


def frames(data: bytes) -> list[Frame]:
    """The frames of a piece; it ends where one does not add up."""
    found: list[Frame] = []
    at = 0
    while at + HEADER_BYTES <= len(data):
        head = int.from_bytes(data[at : at + HEADER_BYTES])
        length = head >> 13 & 0x1FFF
        index = head >> 34 & 0xF
        skip = HEADER_BYTES if head >> 40 & 1 else HEADER_BYTES + 2
        if head >> 44 != 0xFFF or index >= len(RATES) or length <= skip:
            break
        if at + length > len(data):
            break
        channels = head >> 30 & 7
        config = _CONFIGS[head >> 30 & 0x3FF]
        found.append(Frame(config, RATES[index], channels or 1, data[at + skip : at + length]))
        at += length
    return found


def kind(data: bytes) -> int:
    """The part of a header that is the same for all frames of one kind."""
    return int.from_bytes(data[:HEADER_BYTES]) >> 30


def alone(data: bytes, like: int) -> bytes | None:
    """The bare frame of a piece that is one of this kind, and nothing else; else None."""
    head = int.from_bytes(data[:HEADER_BYTES])
    if head >> 30 != like or head >> 13 & 0x1FFF != len(data):
        return None
    return data[HEADER_BYTES if head >> 40 & 1 else HEADER_BYTES + 2 :] or None


def config(rate: int, channels: int) -> bytes:
    """What AAC-LC of this rate is called."""
    return (2 << 11 | RATES.index(rate) << 7 | channels << 3).to_bytes(2)


def description(config: bytes, rate: int, channels: int) -> bytes:
    """The `stsd` box of AAC (ISO 14496-1, 7.2.6; 14496-14, 5.6)."""
    decoder = struct.pack(">BB3xII", 0x40, 0x15, 0, 0) + _tagged(5, config)
    stream = struct.pack(">HB", 0, 0) + _tagged(4, decoder) + _tagged(6, b"\2")
    entry = box(
        b"mp4a",
        struct.pack(">6xH8xHHIHH", 1, channels, 16, 0, rate if rate < 0x1_0000 else 0, 0),
        full(b"esds", 0, 0, _tagged(3, stream)),
    )
    return full(b"stsd", 0, 0, struct.pack(">I", 1), entry)


def _tagged(tag: int, body: bytes) -> bytes:
    return bytes((tag, len(body))) + body
