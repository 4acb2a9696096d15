"""Where the pieces of a film lie, in front of it (`sidx`, ISO 14496-12, 8.16.3).

A player that can ask for ranges looks for such an index, and reads the whole film to make its own
if there is none. So one is there from the first byte: at first with a single entry for all that is
still to come, in a space of fixed length, where the whole one is put once it is known.
"""

from collections.abc import Sequence
from itertools import pairwise
import struct
from typing import Final

from .mp4 import Track, box, full

ENTRIES_LEAST: Final = 16
ENTRIES_MOST: Final = 1_000
SECONDS_GUESS: Final = 600.0
MARKS_MOST: Final = 4 * ENTRIES_MOST
"""More key pictures than this are not remembered, only every second one, and so on."""
SIZE_MOST: Final = (1 << 31) - 1
TIME_MOST: Final = (1 << 32) - 1
_HEAD_BYTES: Final = 32
_ENTRY_BYTES: Final = 12
_FREE_BYTES: Final = 8
_KEY: Final = 9 << 28
"""It begins with a key picture that nothing before it is needed for."""

type Mark = tuple[int, int]
"""Place in the file and time in units of the pictures' track."""


class Index:
    """The key pictures of a film by place and time, while it is made."""

    def __init__(self, total: int | None = None) -> None:
        """Begin without any; `total` is how long the whole file will be, if that is promised."""
        self._total = total
        self.offset = 0
        """Where it is in the file."""
        self._tracks: Sequence[Track] = ()
        self._room = 0
        self._marks: list[Mark] = []
        self._every = 1
        self._count = 0
        self._end = 0

    def begin(self, offset: int, tracks: Sequence[Track], length: float | None) -> bytes:
        """The space for it, at a place in the file; with one entry when the end is known.

        Players look for one of each track; the pictures' comes first.
        """
        self._room = min(max(int(length or SECONDS_GUESS), ENTRIES_LEAST), ENTRIES_MOST)
        self._tracks = tracks
        self.offset = offset
        if not length or self._total is None:
            return self._filled(b"")
        begin = offset + self._space
        end = round(length * tracks[0].scale)
        return self._written([(begin, 0), (self._total, end)]) or self._filled(b"")

    def mark(self, offset: int, time: int) -> None:
        """A fragment there begins with the key picture of this time."""
        if self._count % self._every == 0:
            self._marks.append((offset, time))
            if len(self._marks) > MARKS_MOST:
                del self._marks[1::2]
                self._every *= 2
        self._count += 1

    def end(self, time: int) -> None:
        """The film ends then."""
        self._end = time

    def whole(self, total: int) -> bytes | None:
        """What belongs at `offset` when the file is whole and so long; None if it cannot be."""
        if not self._marks:
            return None
        step = -(-len(self._marks) // self._room)
        return self._written([*self._marks[::step], (total, self._end)])

    @property
    def _space(self) -> int:
        return _FREE_BYTES + len(self._tracks) * (_HEAD_BYTES + self._room * _ENTRY_BYTES)

    def _written(self, marks: Sequence[Mark]) -> bytes | None:
        """One box for each track; None if sizes or times are too large for it."""
        sizes = [to - at for (at, _), (to, _) in pairwise(marks)]
        base = self._tracks[0].scale
        if not all(0 < size <= SIZE_MOST for size in sizes):
            return None
        boxes: list[bytes] = []
        for number, one in enumerate(self._tracks):
            times = [time * one.scale // base for _, time in marks]
            if max(times) > TIME_MOST:
                return None
            # How far the fragments are behind it: they follow the last.
            behind = (len(self._tracks) - 1 - number) * (_HEAD_BYTES + len(sizes) * _ENTRY_BYTES)
            fields = struct.pack(">4I2xH", one.number, one.scale, times[0], behind, len(sizes))
            spans = [max(0, until - since) for since, until in pairwise(times)]
            rows = (struct.pack(">III", *row, _KEY) for row in zip(sizes, spans, strict=True))
            boxes.append(full(b"sidx", 0, 0, fields, *rows))
        return self._filled(b"".join(boxes))

    def _filled(self, last: bytes) -> bytes:
        """The index at the end of its space: players want the first fragment right behind it."""
        return box(b"free", bytes(self._space - len(last) - _FREE_BYTES)) + last
