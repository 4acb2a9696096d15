"""A film in the making: pieces of recordings in, fragments of one MP4 out; all of it blocks."""

from collections.abc import Iterable, Iterator, Sequence
import logging
from operator import sub
from typing import Final

from . import mp4
from .index import Index
from .picture import SCALE, Camera, Shot
from .units import Pictures, Unit
from .voice import Sound, Voice

_LOGGER = logging.getLogger(__name__)

LEAST_SECONDS: Final = 1
"""A key picture begins a fragment when the one before is at least so long."""
LONGEST_SECONDS: Final = 2
_LONG: Final = LONGEST_SECONDS * SCALE
FRUGAL_SECONDS: Final = 30
"""So long it may be where no byte is to be wasted."""
FRAGMENT_BYTES: Final = 4 << 20
SMALL_BYTES: Final = 1 << 20
BATCH_BYTES: Final = 3 << 19
"""So much is made in one go, if it can be: each takes a thread."""
LISTEN_SECONDS: Final = 2
LISTEN_BYTES: Final = 2 << 20
"""So much is read until it is believed that there is no sound."""

SPARE_BYTES: Final = 64 << 10
SPARE_PART: Final = 64
"""An MP4 is larger than what went in by no more than this, and one in so many bytes."""
FRUGAL_BYTES: Final = SPARE_BYTES // 4
ANEW_BYTES: Final = 2 << 20
"""Pictures that are coded anew may first be so much larger than what went in."""


def most(size: int, times: int = 1) -> int:
    """The most bytes of a film of so many bytes in, which `Film` never exceeds.

    What it takes from a file it writes down once: a picture's four bytes of start code become four
    of length, sound that is coded anew becomes no larger (AAC has at most 6,144 bits for 1,024
    samples, 0.75 bytes each), and the 32 bytes around each frame of a `.dav`, or the entries in the
    tables of an `.mp4`, become 4 to 16. Fragments cost about 180 bytes each; they grow longer
    before that is more than what is spare. Whatever hostile bytes achieve, the film ends there.

    Pictures that are coded anew may take so many `times` what went in; where that is not enough,
    some are left out until it is again.
    """
    return times * size + size // SPARE_PART + SPARE_BYTES + (ANEW_BYTES if times > 1 else 0)


class Film:
    """One recording after the other on one time line, in at most `allowed` bytes."""

    def __init__(
        self,
        *,
        hevc: bool,
        length: float | None,
        allowed: int | None,
        times: int = 1,
        index: Index | None = None,
    ) -> None:
        """Begin an empty one; `index` learns where its key pictures are, `times` as in `most`."""
        self._index = index
        self._times = times
        self._length = length
        self._allowed = allowed
        self._camera = Camera(hevc=hevc)
        self._voice = Voice()
        self._pictures = _Line()
        self._sounds = _Line()
        self._heard: bool | None = None
        self._offset = 0
        self._number = 0
        self._taken = 0
        self._given = 0
        self.full = False
        """Nothing more can go in."""
        self.dry = False
        """More has to arrive first."""

    @property
    def made(self) -> bool:
        """Whether anything has come out."""
        return self._number > 0

    def more(self, units: Iterator[Unit | None], heard: bool | None, pauses: bool) -> bytes | None:
        """The next fragments of a recording, perhaps none while it is `dry`; None at its end.

        `heard`: whether it has sound; `pauses`: whether a None tells that the next unit has to be
        waited for, so that until then as many can be made as there are.
        """
        first = not self.made
        if first:
            self._heard = heard
        self.dry = False
        given = self._given
        made: list[mp4.Piece] = []
        for unit in units:
            if unit is None:
                self.dry = True
                break
            self._take(unit, made)
            if self.full:
                return b"".join(made) or None
            if made and (first or not pauses or self._given - given >= BATCH_BYTES):
                break
        else:
            return b"".join(made) or None
        return b"".join(made)

    def join(self) -> bytes:
        """End a recording: what comes next begins where it ends."""
        made: list[mp4.Piece] = []
        self._see(self._camera.rest(), made)
        self._offset = self._pictures.end * 1_000_000 // SCALE
        return b"".join(made)

    def end(self) -> bytes:
        """The last fragment, if anything is left."""
        self._hear(self._voice.rest())
        if self._index is not None:
            self._index.end(self._pictures.end)
        self._pictures.close()
        self._sounds.close()
        return b"".join(self._cut()) if self._camera.track is not None else b""

    # --- in

    def _take(self, unit: Unit, made: list[mp4.Piece]) -> None:
        """Take one in; what is ready with that goes to `made`."""
        self._taken += len(unit.data)
        if isinstance(unit.form, Pictures):
            packed = self._camera.packed(unit)
            if packed is None:
                room = not self._camera.coding or self._roomy()
                self._see(self._camera.feed(unit, room=room), made)
            elif packed[1]:
                self._show(unit.time, False, unit.shift, packed[1], packed[0], made)
            return
        self._hear(self._voice.feed(unit, self._offset))
        span = self._sounds.span
        least = 2 * LONGEST_SECONDS * self._voice.rate
        if span > least and self.made and span > 2 * self._longest() * self._voice.rate:
            made += self._cut()

    def _see(self, shots: Iterable[Shot], made: list[mp4.Piece]) -> None:
        for one in shots:
            self._show(one.time, one.key, one.shift, one.size, one.pieces, made)

    def _show(
        self,
        time: int,
        key: bool,
        shift: int,
        size: int,
        pieces: Sequence[mp4.Piece],
        made: list[mp4.Piece],
    ) -> None:
        time = (time + self._offset) * SCALE // 1_000_000
        if shift:
            shift = shift * SCALE // 1_000_000
        run = self._pictures
        run.add(time, key, shift, size, pieces)
        # Mostly nothing is due, which is found out here at less cost.
        perhaps = key or run.span >= _LONG or run.size >= SMALL_BYTES or not self.made
        if perhaps and self._due(key):
            made += self._cut(time)

    def _hear(self, sounds: Iterable[Sound]) -> None:
        # A track cannot be added once it has begun.
        if not self.made or self._heard:
            for time, data in sounds:
                self._sounds.add(time, True, 0, len(data), (data,))

    # --- out

    def _due(self, key: bool) -> bool:
        """Whether what is ready goes out before the picture that came last."""
        run = self._pictures
        if not run.ready or self.full:
            return False
        span, size = run.span, run.size
        if not self.made:
            return (
                self._heard is False
                or self._voice.track is not None
                or span >= LISTEN_SECONDS * SCALE
                or size >= LISTEN_BYTES
            )
        if not key and span < _LONG and size < SMALL_BYTES:
            return False
        longest = self._longest() * SCALE
        least = LEAST_SECONDS * SCALE if longest == LONGEST_SECONDS * SCALE else longest
        return (
            span >= longest or (key and span >= least) or size + self._sounds.size >= FRAGMENT_BYTES
        )

    def _longest(self) -> int:
        """Seconds of a fragment: more when it becomes larger than what went in."""
        frugal = self._allowed is not None and self._spare() < FRUGAL_BYTES
        return FRUGAL_SECONDS if frugal else LONGEST_SECONDS

    def _roomy(self) -> bool:
        """Whether another picture can be coded anew."""
        reserve = ANEW_BYTES // 2 if self._times > 1 else 0
        waiting = self._pictures.size + self._sounds.size
        return self._allowed is None or self._spare() - waiting > reserve

    def _spare(self) -> int:
        """How much more could have come out by now."""
        return most(self._taken, self._times) - self._given

    def _cut(self, time: int | None = None) -> list[mp4.Piece]:
        """A fragment of what is ready; nothing when it would be more than allowed.

        Sound that lasts beyond `time` goes with the next picture: whoever begins there wants it.
        """
        if time is not None and self._sounds.size < FRAGMENT_BYTES // 2:
            sounds = self._sounds.take(time * self._voice.rate // SCALE)
        else:
            sounds = self._sounds.take()
        pictures = self._pictures.take()
        camera, voice = self._camera.track, self._voice.track
        if camera is None or self.full or not (pictures or sounds):
            return []
        head = b""
        if not self.made:
            self._heard = voice is not None
            tracks = [camera, voice] if voice is not None else [camera]
            head = mp4.head(tracks, self._length)
            if self._index is not None:
                head += self._index.begin(len(head), tracks, self._length)
        runs = [(camera, pictures)] if pictures is not None else []
        if voice is not None and self._heard and sounds is not None:
            runs.append((voice, sounds))
        made = [head, *mp4.fragment(self._number + 1, runs)]
        if self._too_much(made):
            runs = [one for one in runs if one[0] is camera]
            made = [head, *mp4.fragment(self._number + 1, runs)]
        if self._too_much(made):
            _LOGGER.debug("A film would be larger than was promised and ends here")
            self.full = True
            return []
        self._number += 1
        if self._index is not None and pictures is not None and pictures.keys[0]:
            self._index.mark(self._given + len(head), pictures.time)
        self._given += sum(map(len, made))
        return made

    def _too_much(self, made: Sequence[mp4.Piece]) -> bool:
        return self._allowed is not None and self._given + sum(map(len, made)) > self._allowed


type _Row = tuple[int, bool, int, int, Sequence[mp4.Piece]]
"""Time, whether it is a key picture, how much later it is shown, its size and its bytes."""


class _Line:
    """Samples of one track that wait to go out; how long one lasts, the next one tells.

    Tuples, since hundreds of thousands are made.
    """

    def __init__(self) -> None:
        self.ready = 0
        """So many can go out."""
        self.size = 0
        """How many bytes these have."""
        self.span = 0
        """How long they last."""
        self._rows: list[_Row] = []
        self._guess = SCALE // 25
        self._over = 0
        """Where the last one ends, when nothing follows."""

    @property
    def end(self) -> int:
        """Where the last one will end."""
        return self._rows[-1][0] + self._guess if len(self._rows) > self.ready else 0

    def add(self, time: int, key: bool, shift: int, size: int, pieces: Sequence[mp4.Piece]) -> None:
        """One more; time never stands still."""
        rows = self._rows
        if rows:
            last = rows[-1]
            if time <= last[0]:
                time = last[0] + 1
            self._guess = time - last[0]
            self.ready = len(rows)
            self.size += last[3]
            self.span = time - rows[0][0]
        rows.append((time, key, shift, size, pieces))

    def close(self) -> None:
        """The last one lasts as long as the one before."""
        if len(self._rows) > self.ready:
            self._over = self._rows[-1][0] + self._guess
            self.size += self._rows[-1][3]
            self.ready += 1
            self.span = self._over - self._rows[0][0]

    def take(self, until: int | None = None) -> mp4.Run | None:
        """What is ready, and over before a time; None if there is nothing."""
        count = self.ready
        if until is not None:
            while count and self._until(count) > until:
                count -= 1
        if not count:
            return None
        end = self._until(count)
        times, keys, shifts, sizes, pieces = zip(*self._rows[:count], strict=True)
        del self._rows[:count]
        self.ready -= count
        self.size -= sum(sizes)
        self.span = self._until(self.ready) - self._rows[0][0] if self.ready else 0
        durations = list(map(sub, (*times[1:], end), times, strict=True))
        return mp4.Run(times[0], durations, keys, shifts, sizes, pieces)

    def _until(self, count: int) -> int:
        """Where the first so many end."""
        return self._rows[count][0] if count < len(self._rows) else self._over
