"""Reads `.dav` files (DHAV, §8) as they arrive: bytes in, pictures and sounds with times out."""

from datetime import UTC, datetime
import struct
from typing import Final

from .nal import guess
from .units import Pictures, Sounds, Unit

MAGIC: Final = b"DHAV"
TRAILER: Final = b"dhav"
HEADER_BYTES: Final = 24
SHORTEST: Final = 32
LONGEST: Final = 8 << 20
JOINED_MOST: Final = 16 << 20
"""A key frame in pieces that is longer is left out."""

_HEADER: Final = struct.Struct("<4sBxBBIIIHBB")
_TRAILER: Final = struct.Struct("<4sI")

_KEY: Final = 0xFD
_INTER: Final = 0xFC
_SOUND: Final = 0xF0

_PICTURES: Final = {1: "mpeg4", 2: "h264", 3: "mjpeg", 4: "h264", 8: "h264", 0x0C: "hevc"}
_SOUNDS: Final = {
    0x07: "pcm_s8",
    0x0A: "pcm_mulaw",
    0x0C: "pcm_s16le",
    0x0D: "adpcm_ms",
    0x0E: "pcm_alaw",
    0x10: "pcm_s16le",
    0x16: "pcm_mulaw",
    0x1A: "aac",
    0x1F: "mp2",
    0x21: "mp3",
}
# fmt: off
_RATES: Final = (
    8_000, 4_000, 8_000, 11_025, 16_000, 20_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000,
    64_000,
)
# fmt: on
_RECORD_BYTES: Final = {
    **dict.fromkeys((0x80, 0x81, 0x83, 0x84, 0x85, 0x8B, 0x94, 0x96, 0xA0, 0xB2, 0xB4), 4),
    **dict.fromkeys((0x82, 0x88, 0x8C, 0x91, 0x92, 0x93, 0x95, 0x9A, 0x9B, 0xB3), 8),
}
_PICTURE_KINDS: Final = frozenset((_KEY, _INTER))
_COUNTER: Final = 1 << 16
_MILLIS: Final = 1_000
"""A counter that begins anew each second stays below this."""
_JUMP: Final = 2_000
"""Date and counter may differ by so many milliseconds before the date is believed."""


type _Head = tuple[bool, int, int, int, int]
"""Of a picture: whether it is a key frame, its number, which piece of it, date and counter."""


class Reader:
    """Frames out of bytes in pieces of any length; what does not add up is passed over."""

    def __init__(self, channel: int | None = None) -> None:
        """Read one channel: this, or that of the first picture."""
        self._channel = channel
        self._heard_channel: int | None = None
        self._seen_channels: set[int] = set()
        self._waiting: list[bytes] = []
        self._size = 0
        self._need = HEADER_BYTES
        self._clock = _Clock()
        self._held: Unit | None = None
        """A picture of which more may follow, its number, the last piece of it, and its size."""
        self._number = self._piece = self._held_size = 0
        self._more: list[bytes] = []
        self._interval = 40
        self._pictures: Pictures | None = None
        self._sounds: Sounds | None = None
        self._told = self._said = b""
        """The last extensions of pictures and sound: mostly the next one is the same."""
        self.skipped = 0
        """Bytes that were no part of a frame."""

    def feed(self, *chunks: bytes) -> list[Unit]:
        """Take bytes, return what is complete. The last picture waits: more of it may follow."""
        found: list[Unit] = []
        for chunk in chunks:
            missing = self._need - self._size
            if not self._size:
                self._parse(chunk, 0, found)
            elif len(chunk) < missing:
                self._wait(chunk)
            else:
                # What was begun is joined with its end alone: all that follows is not copied.
                frame = b"".join((*self._waiting, chunk[:missing]))
                at = self._parse(frame, 0, found)
                if at == len(frame):
                    self._parse(chunk, missing, found)
                else:
                    self._parse(frame[at:] + chunk[missing:], 0, found)
        return found

    def end(self) -> list[Unit]:
        """Return what is left. A frame that breaks off is lost, those inside of it are not."""
        found: list[Unit] = []
        self._parse(b"".join(self._waiting), 0, found, last=True)
        self._let_go(found)
        return found

    def _wait(self, data: bytes) -> None:
        """Keep what is no whole frame yet."""
        if data:
            self._waiting.append(data)
            self._size += len(data)

    def _parse(self, data: bytes, at: int, found: list[Unit], *, last: bool = False) -> int:
        """Take whole frames from a place on; returns where the rest begins, which is kept."""
        end = len(data)
        self._waiting, self._size, self._need = [], 0, HEADER_BYTES
        header = _HEADER.unpack_from
        while end - at >= HEADER_BYTES:
            magic, kind, channel, piece, number, length, date, counter, extra, check = header(
                data, at
            )
            if magic != MAGIC:
                begin = data.find(MAGIC, at)
                # The last three bytes may be the beginning of one.
                begin = begin if begin >= 0 else end - len(MAGIC) + 1
                self.skipped += begin - at
                at = begin
                continue
            body = at + HEADER_BYTES + extra
            stop = at + length - _TRAILER.size
            if (
                not SHORTEST <= length <= LONGEST
                or body > stop
                or sum(data[at : at + HEADER_BYTES - 1]) & 0xFF != check
            ):
                at += len(MAGIC)
                self.skipped += len(MAGIC)
                continue
            if at + length > end and not last:
                self._need = length
                break
            if at + length > end or _TRAILER.unpack_from(data, stop) != (TRAILER, length):
                at += len(MAGIC)
                self.skipped += len(MAGIC)
                continue
            if kind in _PICTURE_KINDS:
                if channel == self._channel or self._see(channel):
                    self._take_picture(
                        (kind == _KEY, number, piece, date, counter),
                        data[body - extra : body],
                        data[body:stop],
                        found,
                    )
            elif kind == _SOUND and self._hear(channel):
                sound = self._sound(data[body - extra : body])
                if sound is not None and stop > body:
                    time = self._clock.at(date, counter, 0)
                    found.append(Unit(sound, time * 1_000, True, data[body:stop]))
            at += length
        self._wait(data[at:])
        return at

    # --- which channel

    def _see(self, channel: int) -> bool:
        if self._channel is None:
            self._channel = channel
        self._seen_channels.add(channel)
        return channel == self._channel

    def _hear(self, channel: int) -> bool:
        """Sound of the same channel, or of one without pictures (a recorder's microphone)."""
        if channel == self._channel or (
            self._heard_channel is None and channel not in self._seen_channels
        ):
            self._heard_channel = channel
        return channel == self._heard_channel

    # --- pictures

    def _take_picture(
        self, head: _Head, extension: bytes, payload: bytes, found: list[Unit]
    ) -> None:
        """Hold it until the next one tells that it is whole; pieces join what is held."""
        key, number, piece, date, counter = head
        if piece:
            held = self._held
            if held is None or (number, key) != (self._number, held.key) or piece <= self._piece:
                # Its beginning is lost.
                self._let_go(found)
                return
            self._piece = piece
            self._held_size += len(payload)
            if self._held_size <= JOINED_MOST:
                self._more.append(payload)
            return
        if self._more:
            self._let_go(found)
        elif self._held is not None:
            found.append(self._held)
            self._held = None
        known = self._pictures
        if key or known is None or extension != self._told:
            known = self._picture(payload, extension, key=key)
        time = self._clock.at(date, counter, self._interval)
        if known is not None and payload:
            self._held = Unit(known, time * 1_000, key, payload)
            self._number, self._piece, self._held_size = number, 0, len(payload)

    def _let_go(self, found: list[Unit]) -> None:
        held, self._held = self._held, None
        if held is None:
            return
        if self._more:
            held = held._replace(data=b"".join((held.data, *self._more)))
            self._more = []
        if self._held_size <= JOINED_MOST:
            found.append(held)

    def _picture(self, payload: bytes, extension: bytes, *, key: bool) -> Pictures | None:
        """How it is coded: as it says, else as it looks, else as the one before."""
        known = self._pictures
        codec = known.codec if known is not None else None
        rate = known.rate if known is not None else None
        size = known.size if known is not None else None
        for kind, record in _records(extension):
            if kind == 0x80:
                size = record[2] * 8, record[3] * 8
            elif kind == 0x81:
                codec, rate = _PICTURES.get(record[2], codec), float(record[3]) or None
            elif kind == 0x82:
                size = struct.unpack_from("<HH", record, 4)
        self._interval = round(1_000 / (rate or 25))
        if key:
            codec = guess(payload) or codec
        if codec is None:
            return None
        self._told = b"" if key else extension
        if known is None or (known.codec, known.rate, known.size) != (codec, rate, size):
            self._pictures = Pictures(codec, rate, size)
        return self._pictures

    def _sound(self, extension: bytes) -> Sounds | None:
        """How it is coded: as it says, else as the one before; unknown is not played."""
        if self._sounds is not None and extension == self._said:
            return self._sounds
        for kind, record in _records(extension):
            if kind in (0x83, 0x8C):
                at = 1 if kind == 0x83 else 2
                channels, number, index = record[at : at + 3]
                codec = _SOUNDS.get(number)
                if codec is None or index >= len(_RATES):
                    return None
                told = Sounds(codec, _RATES[index], min(max(channels, 1), 2))
                if told != self._sounds:
                    self._sounds = told
        self._said = extension
        return self._sounds


def _records(extension: bytes) -> list[tuple[int, bytes]]:
    """Records by their type; an unknown one ends them."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(extension):
        length = _RECORD_BYTES.get(extension[at])
        if length is None or at + length > len(extension):
            break
        found.append((extension[at], extension[at : at + length]))
        at += length
    return found


class _Clock:
    """Milliseconds since the first frame, out of whole seconds and a counter of three manners."""

    def __init__(self) -> None:
        self._began = False
        self._raw = -1
        self._seconds: int | None = None
        self._counter = 0
        self._date: int | None = None
        self._now = 0
        self._base = 0
        self._anew = False
        """The counter begins anew each second."""
        self._still = False
        """It does not count."""

    def at(self, raw: int, counter: int, interval: int) -> int:
        """When a frame is due that comes `interval` after the one before (0: with it)."""
        counted = counter - self._counter
        if (
            raw == self._raw
            and self._seconds is not None
            and 0 <= counted <= _JUMP
            and counter >= _MILLIS
        ):
            # Nearly always: `_step` would say the same, since the date says nothing new.
            self._anew = self._still = False
            self._counter = counter
            self._now += counted
            return self._now
        date = self._when(raw)
        if self._began:
            self._now += self._step(date, counter, interval)
        self._began = True
        if date is not None:
            if self._date is None:
                self._base = date
            self._date = date
        self._counter = counter
        return self._now

    def _step(self, date: int | None, counter: int, interval: int) -> int:
        """How long after the one before."""
        counted = (counter - self._counter) % _COUNTER
        if date is None or self._date is None:
            return counted if counted < _JUMP else interval
        dated = (date - self._date) * 1_000
        self._judge(dated, counter)
        if dated < -_JUMP:
            # A clock that was set back turns no time back.
            self._base += date - self._date
            return counted if counted < _JUMP else interval
        if self._still:
            return self._by_rate(date, interval)
        if self._anew:
            return dated + counter - self._counter
        # A counter that wraps says no more than the time modulo 65.536 s.
        step = counted + round((dated - counted) / _COUNTER) * _COUNTER
        return step if abs(step - dated) <= _JUMP else dated

    def _judge(self, dated: int, counter: int) -> None:
        """Find out how the firmware counts."""
        before = self._counter
        self._still = counter == before == 0
        if before < _MILLIS and counter < _MILLIS:
            if dated > 0 and counter < before:
                self._anew = True
        else:
            self._anew = False

    def _by_rate(self, date: int, interval: int) -> int:
        """One interval on, but not further than a second from the date."""
        dated = (date - self._base) * 1_000
        due = min(max(self._now + interval, dated - 999), dated + 999)
        return max(0, due - self._now)

    def _when(self, raw: int) -> int | None:
        """Seconds of a date, None of one that cannot be."""
        if raw != self._raw:
            self._raw = raw
            try:
                when = datetime(
                    2000 + (raw >> 26),
                    raw >> 22 & 0xF,
                    raw >> 17 & 0x1F,
                    raw >> 12 & 0x1F,
                    raw >> 6 & 0x3F,
                    raw & 0x3F,
                    tzinfo=UTC,
                )
            except ValueError:
                self._seconds = None
            else:
                self._seconds = int(when.timestamp())
        return self._seconds
