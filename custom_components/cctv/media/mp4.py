"""Writes fragmented MP4 (ISO 14496-12): tracks and samples in, boxes out; pure, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
import struct
from typing import Final

MOVIE_SCALE: Final = 1_000
"""Units a second of the whole film's length."""

_MATRIX: Final = struct.pack(">9I", 0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000)
_LANGUAGE: Final = 0x55C4
"""Undetermined."""
_MOST: Final = 0xFFFF_FFFF

_IS_KEY: Final = 0x0200_0000
_IS_NO_KEY: Final = 0x0101_0000

_BASE_IS_MOOF: Final = 0x02_0000
_DEFAULT_DURATION: Final = 0x08
_DEFAULT_FLAGS: Final = 0x20

_DATA_OFFSET: Final = 0x001
_FIRST_FLAGS: Final = 0x004
_DURATIONS: Final = 0x100
_SIZES: Final = 0x200
_FLAGS: Final = 0x400
_SHIFTS: Final = 0x800


@dataclass(frozen=True, slots=True)
class Track:
    """One track: `description` is its whole `stsd` box, `size` that of its pictures."""

    number: int
    scale: int
    description: bytes
    size: tuple[int, int] | None = None


type Piece = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Run:
    """Some pictures or sound of one track in columns, one behind the other; times in its units."""

    time: int
    """Of the first."""
    durations: Sequence[int]
    keys: Sequence[bool]
    shifts: Sequence[int]
    sizes: Sequence[int]
    pieces: Sequence[Sequence[Piece]]
    """Of each as much as its size."""


def box(kind: bytes, *pieces: bytes) -> bytes:
    """A box of anything."""
    return b"".join((struct.pack(">I4s", 8 + sum(map(len, pieces)), kind), *pieces))


def full(kind: bytes, version: int, flags: int, *pieces: bytes) -> bytes:
    """A box with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *pieces)


def child(body: bytes, *path: bytes) -> bytes | None:
    """The whole box at the end of a path, None if there is none."""
    for depth, kind in enumerate(path, 1):
        at = 0
        while at + 8 <= len(body):
            length, found = struct.unpack_from(">I4s", body, at)
            if length < 8 or at + length > len(body):
                return None
            if found == kind:
                whole = body[at : at + length]
                break
            at += length
        else:
            return None
        if depth == len(path):
            return whole
        body = whole[8:]
    return None


def head(tracks: Sequence[Track], length: float | None) -> bytes:
    """The file's type and an empty film that says how long it will be (0: not known)."""
    brands = b"iso5iso6mp41"
    seconds = length or 0.0
    extends = [full(b"trex", 0, 0, struct.pack(">5I", one.number, 1, 0, 0, 0)) for one in tracks]
    if length:
        extends.insert(0, full(b"mehd", 1, 0, struct.pack(">Q", round(seconds * MOVIE_SCALE))))
    return b"".join(
        (
            box(b"ftyp", b"iso5", struct.pack(">I", 512), brands),
            box(
                b"moov",
                _film(seconds, len(tracks)),
                *(_track(one, seconds) for one in tracks),
                box(b"mvex", *extends),
            ),
        )
    )


def fragment(number: int, runs: Sequence[tuple[Track, Run]]) -> list[Piece]:
    """One fragment in pieces: a run of each track, in this order in its data."""
    tables = [_table(track, run) for track, run in runs]
    head = full(b"mfhd", 0, 0, struct.pack(">I", number))
    # How far the data lies from the beginning is part of what comes before it.
    offset = 16 + len(head) + sum(len(before) + 4 + len(after) for before, after in tables)
    boxes = [struct.pack(">I4s", offset - 8, b"moof"), head]
    total = 8
    for (before, after), (_, run) in zip(tables, runs, strict=True):
        boxes += (before, struct.pack(">i", offset - 8 + total), after)
        total += sum(run.sizes)
    boxes.append(struct.pack(">I4s", total, b"mdat"))
    data = chain.from_iterable(chain.from_iterable(run.pieces for _, run in runs))
    return [b"".join(boxes), *data]


def _film(seconds: float, tracks: int) -> bytes:
    return full(
        b"mvhd",
        1,
        0,
        struct.pack(">QQIQ", 0, 0, MOVIE_SCALE, round(seconds * MOVIE_SCALE)),
        struct.pack(">IHH8x", 0x1_0000, 0x100, 0),
        _MATRIX,
        bytes(24),
        struct.pack(">I", tracks + 1),
    )


def _track(one: Track, seconds: float) -> bytes:
    width, height = one.size or (0, 0)
    volume = 0 if one.size else 0x100
    kind, name, media = (
        (b"vide", b"Video\0", full(b"vmhd", 0, 1, bytes(8)))
        if one.size
        else (b"soun", b"Sound\0", full(b"smhd", 0, 0, bytes(4)))
    )
    references = full(b"dref", 0, 0, struct.pack(">I", 1), full(b"url ", 0, 1))
    tables = (
        one.description,
        full(b"stts", 0, 0, bytes(4)),
        full(b"stsc", 0, 0, bytes(4)),
        full(b"stsz", 0, 0, bytes(8)),
        full(b"stco", 0, 0, bytes(4)),
    )
    return box(
        b"trak",
        full(
            b"tkhd",
            1,
            3,
            struct.pack(">QQI4xQ", 0, 0, one.number, round(seconds * MOVIE_SCALE)),
            struct.pack(">8xHHHH", 0, 0, volume, 0),
            _MATRIX,
            struct.pack(">II", width << 16, height << 16),
        ),
        box(
            b"mdia",
            full(
                b"mdhd",
                1,
                0,
                struct.pack(">QQIQ", 0, 0, one.scale, round(seconds * one.scale)),
                struct.pack(">HH", _LANGUAGE, 0),
            ),
            full(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, kind), name),
            box(b"minf", media, box(b"dinf", references), box(b"stbl", *tables)),
        ),
    )


def _table(track: Track, run: Run) -> tuple[bytes, bytes]:
    """What is known of a run, before and behind where its data lies.

    Once where all are alike, else one by one.
    """
    count = len(run.sizes)
    flags = _DATA_OFFSET
    columns: list[Sequence[int]] = []
    durations = run.durations
    if max(durations) > _MOST:
        durations = [min(one, _MOST) for one in durations]
    if durations.count(durations[0]) < count:
        flags |= _DURATIONS
        columns.append(durations)
    flags |= _SIZES
    columns.append(run.sizes)
    # Mostly the first is the only key picture; of sound, every piece is.
    first = run.keys[0]
    keys = set(run.keys[1:]) or {first}
    default = _IS_KEY if keys == {True} else _IS_NO_KEY
    opening = b""
    if len(keys) > 1:
        flags |= _FLAGS
        columns.append([_IS_KEY if key else _IS_NO_KEY for key in run.keys])
    elif keys != {first}:
        flags |= _FIRST_FLAGS
        opening = struct.pack(">I", _IS_KEY if first else _IS_NO_KEY)
    if any(run.shifts):
        flags |= _SHIFTS
        columns.append([shift & _MOST for shift in run.shifts])
    values = columns[0] if len(columns) == 1 else [*chain(*zip(*columns, strict=True))]
    table = opening + struct.pack(f">{len(values)}I", *values)
    inner = full(
        b"tfhd",
        0,
        _BASE_IS_MOOF | _DEFAULT_DURATION | _DEFAULT_FLAGS,
        struct.pack(">3I", track.number, durations[0], default),
    ) + full(b"tfdt", 1, 0, struct.pack(">Q", run.time))
    length = 20 + len(table)
    return (
        struct.pack(">I4s", 8 + len(inner) + length, b"traf")
        + inner
        + struct.pack(">I4sII", length, b"trun", 1 << 24 | flags, count),
        table,
    )
