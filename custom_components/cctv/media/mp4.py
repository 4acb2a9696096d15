"""Writes fragmented MP4 (ISO 14496-12): tracks and samples in, boxes out; pure, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
import struct
from typing import Final, NamedTuple

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


class Sample(NamedTuple):
    """One picture or piece of sound, its times in the units of its track: a tuple, for speed."""

    time: int
    duration: int
    key: bool
    pieces: Sequence[bytes | memoryview]
    size: int
    shift: int = 0


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


def fragment(number: int, runs: Sequence[tuple[Track, Sequence[Sample]]]) -> bytes:
    """One fragment: a run of samples of each track, in this order in its data."""
    runs = [(track, samples) for track, samples in runs if samples]
    # How far the data lies from the beginning is part of what comes before it.
    size = len(_before(number, runs, 0))
    data = chain.from_iterable(one.pieces for _, samples in runs for one in samples)
    total = sum(one.size for _, samples in runs for one in samples)
    return b"".join(
        (_before(number, runs, size + 8), struct.pack(">I4s", total + 8, b"mdat"), *data)
    )


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


def _before(number: int, runs: Sequence[tuple[Track, Sequence[Sample]]], offset: int) -> bytes:
    """What stands before the data, when that begins so far from here."""
    pieces = [full(b"mfhd", 0, 0, struct.pack(">I", number))]
    for track, samples in runs:
        pieces.append(_run(track, samples, offset))
        offset += sum(one.size for one in samples)
    return box(b"moof", *pieces)


def _run(track: Track, samples: Sequence[Sample], offset: int) -> bytes:
    """What is known of a run: once where all are alike, else one by one."""
    first = samples[0]
    flags = _DATA_OFFSET
    columns: list[list[int]] = []
    durations = [min(one.duration, _MOST) for one in samples]
    steady = len(set(durations)) == 1
    if not steady:
        flags |= _DURATIONS
        columns.append(durations)
    flags |= _SIZES
    columns.append([one.size for one in samples])
    # Mostly the first is the only key picture; of sound, every piece is.
    keys = {one.key for one in samples[1:]} or {first.key}
    default = _IS_KEY if keys == {True} else _IS_NO_KEY
    opening = b""
    if len(keys) > 1:
        flags |= _FLAGS
        columns.append([_IS_KEY if one.key else _IS_NO_KEY for one in samples])
    elif keys != {first.key}:
        flags |= _FIRST_FLAGS
        opening = struct.pack(">I", _IS_KEY if first.key else _IS_NO_KEY)
    if any(one.shift for one in samples):
        flags |= _SHIFTS
        columns.append([one.shift & _MOST for one in samples])
    table = [value for row in zip(*columns, strict=True) for value in row]
    return box(
        b"traf",
        full(
            b"tfhd",
            0,
            _BASE_IS_MOOF | _DEFAULT_DURATION | _DEFAULT_FLAGS,
            struct.pack(">3I", track.number, durations[0], default),
        ),
        full(b"tfdt", 1, 0, struct.pack(">Q", first.time)),
        full(
            b"trun",
            1,
            flags,
            struct.pack(">Ii", len(samples), offset),
            opening,
            struct.pack(f">{len(table)}I", *table),
        ),
    )
