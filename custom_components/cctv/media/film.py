"""A film in the making: pieces of recordings in, fragments of one MP4 out; all of it blocks."""

from collections.abc import Iterator, Sequence
import logging
from typing import Final

from . import mp4
from .index import Index
from .picture import SCALE, Camera, Shot
from .units import Pictures, Unit
from .voice import Piece, Voice

_LOGGER = logging.getLogger(__name__)

LEAST_SECONDS: Final = 1
"""A key picture begins a fragment when the one before is at least so long."""
LONGEST_SECONDS: Final = 2
FRUGAL_SECONDS: Final = 30
"""So long it may be where no byte is to be wasted."""
FRAGMENT_BYTES: Final = 4 << 20
SMALL_BYTES: Final = 1 << 20
BATCH_BYTES: Final = 1 << 20
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
        self._pictures = _Run()
        self._sounds = _Run()
        self._heard: bool | None = None
        self._offset = 0
        self._number = 0
        self._taken = 0
        self._given = 0
        self.full = False
        """Nothing more can go in."""

    @property
    def made(self) -> bool:
        """Whether anything has come out."""
        return self._number > 0

    def more(self, units: Iterator[Unit | None], heard: bool | None, pauses: bool) -> list[bytes]:
        """The next fragments of a recording, nothing at its end.

        `heard`: whether it has sound; `pauses`: whether a None tells that the next unit has to be
        waited for, so that until then as many can be made as there are.
        """
        first = not self.made
        if first:
            self._heard = heard
        pieces: list[bytes] = []
        size = 0
        for unit in units:
            piece = b"" if unit is None else self._take(unit)
            if piece:
                pieces.append(piece)
                size += len(piece)
            if pieces and (unit is None or first or not pauses or size >= BATCH_BYTES):
                break
            if self.full:
                break
        return pieces

    def join(self) -> bytes:
        """End a recording: what comes next begins where it ends."""
        piece = self._see(self._camera.rest())
        self._offset = self._pictures.end * 1_000_000 // SCALE
        return piece

    def end(self) -> bytes:
        """The last fragment, if anything is left."""
        self._hear(self._voice.rest())
        if self._index is not None:
            self._index.end(self._pictures.end)
        self._pictures.close()
        self._sounds.close()
        return self._cut() if self._camera.track is not None else b""

    # --- in

    def _take(self, unit: Unit) -> bytes:
        self._taken += len(unit.data)
        form = unit.form
        if isinstance(form, Pictures):
            return self._see(self._camera.feed(unit, room=self._roomy()))
        self._hear(self._voice.feed(Unit(form, unit.time + self._offset, True, unit.data)))
        long = 2 * self._longest() * self._voice.rate
        return self._cut() if self.made and self._sounds.span > long else b""

    def _see(self, units: Iterator[Shot]) -> bytes:
        pieces: list[bytes] = []
        run = self._pictures
        for one in units:
            time = (one.time + self._offset) * SCALE // 1_000_000
            run.add(time, one.key, one.pieces, one.shift * SCALE // 1_000_000)
            if self._due(one.key):
                pieces.append(self._cut(time))
        return b"".join(pieces)

    def _hear(self, pieces: Iterator[Piece]) -> None:
        for time, data in pieces:
            # A track cannot be added once it has begun.
            if not self.made or self._heard:
                self._sounds.add(time, True, (data,), 0)

    # --- out

    def _due(self, key: bool) -> bool:
        """Whether what is ready goes out before the picture that came last."""
        run = self._pictures
        if not run.ready or self.full:
            return False
        if self.made and not key and run.span < LONGEST_SECONDS * SCALE and run.size < SMALL_BYTES:
            return False
        if not self.made:
            return (
                self._heard is False
                or self._voice.track is not None
                or run.span >= LISTEN_SECONDS * SCALE
                or run.size >= LISTEN_BYTES
            )
        longest = self._longest() * SCALE
        least = LEAST_SECONDS * SCALE if longest == LONGEST_SECONDS * SCALE else longest
        return (
            run.span >= longest
            or (key and run.span >= least)
            or run.size + self._sounds.size >= FRAGMENT_BYTES
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

    def _cut(self, time: int | None = None) -> bytes:
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
            return b""
        head = b""
        if not self.made:
            self._heard = voice is not None
            tracks = [camera, voice] if voice is not None else [camera]
            head = mp4.head(tracks, self._length)
            if self._index is not None:
                head += self._index.begin(len(head), tracks, self._length)
        runs = [(camera, pictures)]
        if voice is not None and self._heard:
            runs.append((voice, sounds))
        piece = head + mp4.fragment(self._number + 1, runs)
        if self._too_much(piece):
            piece = head + mp4.fragment(self._number + 1, runs[:1])
        if self._too_much(piece):
            _LOGGER.debug("A film would be larger than was promised and ends here")
            self.full = True
            return b""
        self._number += 1
        if self._index is not None and pictures and pictures[0].key:
            self._index.mark(self._given + len(head), pictures[0].time)
        self._given += len(piece)
        return piece

    def _too_much(self, piece: bytes) -> bool:
        return self._allowed is not None and self._given + len(piece) > self._allowed


class _Run:
    """Samples of one track that wait to go out; how long one lasts, the next one tells."""

    def __init__(self) -> None:
        self.ready: list[mp4.Sample] = []
        self.size = 0
        self._last: mp4.Sample | None = None
        self._guess = SCALE // 25

    @property
    def span(self) -> int:
        """How long what is ready lasts."""
        if not self.ready:
            return 0
        last = self.ready[-1]
        return last.time + last.duration - self.ready[0].time

    @property
    def end(self) -> int:
        """Where the last one will end."""
        return self._last.time + self._guess if self._last is not None else 0

    def add(self, time: int, key: bool, pieces: Sequence[bytes | memoryview], shift: int) -> None:
        """One more; time never stands still."""
        last = self._last
        if last is not None:
            time = max(time, last.time + 1)
            self._guess = time - last.time
            self.ready.append(last._replace(duration=self._guess))
            self.size += last.size
        self._last = mp4.Sample(time, 0, key, pieces, sum(map(len, pieces)), shift)

    def close(self) -> None:
        """The last one lasts as long as the one before."""
        last, self._last = self._last, None
        if last is not None:
            self.ready.append(last._replace(duration=self._guess))

    def take(self, until: int | None = None) -> list[mp4.Sample]:
        """What is ready, and over before a time."""
        ready, self.ready = self.ready, []
        if until is not None:
            while ready and ready[-1].time + ready[-1].duration > until:
                self.ready.append(ready.pop())
            self.ready.reverse()
        self.size = sum(one.size for one in self.ready)
        return ready
