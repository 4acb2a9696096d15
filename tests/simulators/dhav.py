"""Writes `.dav` files (DHAV, §8): pictures and sounds with their times in, bytes out; any fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
import itertools
import struct
from typing import Final, Literal

KEY: Final = 0xFD
INTER: Final = 0xFC
SOUND: Final = 0xF0
AUXILIARY: Final = 0xF1
PIECES_MOST: Final = 256

PREAMBLE: Final = b"DAHUA".ljust(0x400, b"\xa5")
STREAM_ID: Final = b"streamId=1\r\n"
"""What `playBack.cgi` puts in front (§4.2.3)."""

PICTURE_IDS: Final = {"mpeg4": 1, "mjpeg": 3, "h264": 2, "h265": 0x0C}
SOUND_IDS: Final = {"pcm": 0x10, "mulaw": 0x16, "alaw": 0x0E, "aac-adts": 0x1A}
# fmt: off
RATES: Final = (
    8_000, 4_000, 8_000, 11_025, 16_000, 20_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000,
    64_000,
)
# fmt: on

type Counter = Literal["running", "second", "zero"]
"""How a firmware counts milliseconds: free running, anew each second, not at all."""
type Extension = Literal["full", "keys", "none", "unknown"]
"""Records in front of every payload, of key frames only, none, or an unknown one first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One access unit in Annex B (or a JPEG), so many seconds after the start."""

    time: float
    data: bytes
    key: bool
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Sound:
    """One audio frame, so many seconds after the start."""

    time: float
    data: bytes
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """A frame that players skip: watermark, title, what an analysis saw."""

    time: float
    data: bytes = b"TEXT"
    channel: int = 0


type Item = Picture | Sound | Auxiliary


@dataclass(frozen=True, slots=True)
class Style:
    """What a file says of itself, and what is wrong with it."""

    codec: str = "h264"
    size: tuple[int, int] = (320, 180)
    fps: int = 10
    audio: str = "alaw"
    rate: int = 8_000
    channels: int = 1
    counter: Counter = "running"
    counter_from: int = 61_234
    """The first milliseconds; a free running counter wraps at 65536."""
    extension: Extension = "full"
    records: bytes = b""
    """Records that stand in front of those of pictures: title, time zone, flags (§15.2)."""
    split: int | None = None
    """Key frames are cut into pieces of so many bytes."""
    preamble: bytes = b""
    garbage: bytes = b""
    """Between any two frames."""
    wrong_checksum: frozenset[int] = field(default_factory=frozenset)
    """Positions of frames (counted over all) whose header does not add up."""
    wrong_trailer: frozenset[int] = field(default_factory=frozenset)


def frame(
    kind: int,
    payload: bytes,
    *,
    number: int,
    when: datetime,
    counter: int,
    extension: bytes = b"",
    channel: int = 0,
    piece: int = 0,
    sub_type: int = 0,
    checksum_off: int = 0,
    trailer: bytes = b"dhav",
) -> bytes:
    """One frame: header, extension, payload, trailer (§8)."""
    length = 24 + len(extension) + len(payload) + 8
    date = (
        when.second
        | when.minute << 6
        | when.hour << 12
        | when.day << 17
        | when.month << 22
        | (when.year - 2000) << 26
    )
    header = struct.pack(
        "<4sBBBBIIIHB",
        b"DHAV",
        kind,
        sub_type,
        channel,
        piece,
        number,
        length,
        date,
        counter,
        len(extension),
    )
    checksum = (sum(header) + checksum_off) % 256
    tail = trailer + struct.pack("<I", length)
    return b"".join((header, bytes((checksum,)), extension, payload, tail))


def dav(items: Iterable[Item], start: datetime, style: Style | None = None) -> bytes:
    """A whole file: the items by their times."""
    style = style or Style()
    return style.preamble + style.garbage.join(frames(items, start, style))


def frames(items: Iterable[Item], start: datetime, style: Style) -> Iterator[bytes]:
    """The frames of a file, one at a time."""
    numbers: dict[tuple[int, str], itertools.count[int]] = {}
    places = itertools.count()
    for item in sorted(items, key=lambda one: one.time):
        kind = _kind(item)
        key = item.channel, type(item).__name__
        number = next(numbers.setdefault(key, itertools.count(1)))
        when = start + timedelta(seconds=item.time)
        for piece, part in enumerate(_pieces(item, style)):
            place = next(places)
            yield frame(
                kind,
                part,
                number=number,
                when=when,
                counter=_counter(item.time, when, style),
                extension=_extension(item, style),
                channel=item.channel,
                piece=piece,
                checksum_off=7 if place in style.wrong_checksum else 0,
                trailer=b"dha?" if place in style.wrong_trailer else b"dhav",
            )


def on_channel[T: Item](items: Iterable[T], channel: int) -> list[T]:
    """The same, seen by another channel."""
    return [replace(one, channel=channel) for one in items]


def _kind(item: Item) -> int:
    if isinstance(item, Picture):
        return KEY if item.key else INTER
    return SOUND if isinstance(item, Sound) else AUXILIARY


def _pieces(item: Item, style: Style) -> list[bytes]:
    """Its payload, cut where key frames are cut."""
    if style.split is None or not isinstance(item, Picture) or not item.key:
        return [item.data]
    # The number of a piece is one byte.
    size = max(style.split, -(-len(item.data) // PIECES_MOST))
    return [item.data[at : at + size] for at in range(0, len(item.data), size)]


def _counter(time: float, when: datetime, style: Style) -> int:
    if style.counter == "zero":
        return 0
    if style.counter == "second":
        return when.microsecond // 1_000
    return (style.counter_from + round(time * 1_000)) % 0x1_0000


def _extension(item: Item, style: Style) -> bytes:
    """Records in front of the payload; the type byte decides how long each is."""
    if style.extension == "none" or isinstance(item, Auxiliary):
        return b""
    head = bytes((0x77, 1, 2, 3)) if style.extension == "unknown" else b""
    if isinstance(item, Picture):
        head += style.records
    if isinstance(item, Sound):
        return head + bytes((0x83, style.channels, SOUND_IDS[style.audio], _rate(style)))
    kind = bytes((0x81, 0, PICTURE_IDS[style.codec], style.fps))
    if not item.key:
        return b"" if style.extension == "keys" else head + kind
    check = struct.pack("<B3xI", 0x88, sum(item.data[:64]))
    return head + _size(style.size) + kind + check


def _rate(style: Style) -> int:
    return RATES.index(style.rate)


def _size(size: tuple[int, int]) -> bytes:
    """In eighths where they tell it, else in full."""
    width, height = size
    if width % 8 or height % 8 or max(size) > 255 * 8:
        return struct.pack("<B3xHH", 0x82, width, height)
    return bytes((0x80, 0, width // 8, height // 8))
