"""Pictures on their way into MP4: H.264 and H.265 as they are, all else as H.264; all blocks."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
import logging
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from . import nal
from .describe import Undescribed, describe
from .mp4 import Track
from .source import MediaError, damage
from .units import Pictures, Unit

if TYPE_CHECKING:
    import av

_LOGGER = logging.getLogger(__name__)

SCALE: Final = 90_000
NUMBER: Final = 1
DAMAGED_MOST: Final = 100
"""So many damaged pictures are left out before the whole is given up."""
SIZE_MOST: Final = (1_920, 1_088)
"""What is coded anew is made no larger: it has to be done while somebody watches."""
_PLAIN: Final = frozenset(("h264", "hevc"))
_KEY_SECONDS: Final = 2
_MICRO: Final = Fraction(1, 1_000_000)
_H264: Final = Pictures("h264")
_OPTIONS: Final = {
    "preset": "superfast",
    "tune": "zerolatency",
    "crf": "24",
    "maxrate": "8000000",
    "bufsize": "8000000",
    "forced-idr": "1",
    "x264-params": "repeat-headers=1:keyint=600:scenecut=0",
    "threads": "2",
}


class Shot(NamedTuple):
    """One picture for the track, in pieces: a tuple, since hundreds of thousands are made."""

    time: int
    key: bool
    pieces: Sequence[nal.Piece]
    size: int
    shift: int


class Camera:
    """The one track of pictures of a film, whatever comes in."""

    def __init__(self, *, hevc: bool) -> None:
        """Begin without a track; the first key picture makes it."""
        self._hevc = hevc
        self.track: Track | None = None
        self._codec = ""
        self._sets: list[bytes] = []
        self._changed = False
        self._sizes: dict[tuple[bytes, ...], tuple[int, int]] = {}
        self._coder: Transcoder | None = None
        self._ready = False
        self._damaged = 0

    @property
    def coding(self) -> bool:
        """Whether pictures are coded anew now."""
        return self._coder is not None

    def packed(self, unit: Unit) -> tuple[list[nal.Piece], int] | None:
        """What goes into the track for most pictures, and its size; None where `feed` has to."""
        codec = unit.form.codec
        if unit.key or not self._ready or self._coder is not None or codec not in _PLAIN:
            return None
        return nal.packed(codec, unit.data)

    def feed(self, unit: Unit, *, room: bool = True) -> Iterator[Shot]:
        """What goes into the track, with lengths in place of start codes. MediaError.

        Without `room` a picture that would be coded anew is left out.
        """
        codec = unit.form.codec
        plain = codec in _PLAIN
        found = nal.units(unit.data) if plain else []
        sets, rest = nal.sort(codec, found) if plain else ([], [])
        if unit.key:
            yield from self._switch(unit, sets, rest)
        if self._coder is not None:
            for one in self._coder.feed(unit, room=room):
                yield from self._made(one)
        elif self._ready and rest:
            yield self._copied(unit, sets, rest)

    def rest(self) -> Iterator[Shot]:
        """What is still being coded."""
        coder, self._coder = self._coder, None
        self._ready = False
        if coder is not None:
            for one in coder.rest():
                yield from self._made(one)

    def _switch(self, unit: Unit, sets: list[bytes], rest: list[nal.Piece]) -> Iterator[Shot]:
        """Find out at a key picture whether it can go on as it is."""
        codec = unit.form.codec
        copied = codec == "h264" or (codec == "hevc" and self._hevc)
        if self.track is None and copied:
            self._ready = self._open(codec, sets, rest)
            return
        if copied and codec == self._codec and self._same(sets, rest):
            if self._coder is not None:
                yield from self.rest()
            self._ready = True
            return
        if self.track is not None and self._codec != "h264":
            raise MediaError("media_mixed", "Pictures of another kind or size cannot follow H.265")
        if self._coder is None or self._coder.codec != codec:
            yield from self.rest()
            self._coder = Transcoder(codec, self.track.size if self.track is not None else None)

    def _open(self, codec: str, sets: list[bytes], rest: list[nal.Piece]) -> bool:
        """Make the track, if a decoder can begin here."""
        if not nal.complete(codec, sets):
            return False
        try:
            description, size = describe(codec, [*sets, *rest])
        except Undescribed:
            self._damage()
            return False
        self.track = Track(NUMBER, SCALE, description, size)
        self._codec, self._sets = codec, sets
        return True

    def _same(self, sets: list[bytes], rest: list[nal.Piece]) -> bool:
        """Whether the track's size stays; with other parameter sets, from now on all are kept."""
        if self.track is None or not sets or (sets == self._sets and not self._changed):
            return True
        key = tuple(sets)
        size = self._sizes.get(key)
        if size is None and sets == self._sets:
            size = self.track.size
        if size is None:
            try:
                size = describe(self._codec, [*sets, *rest])[1]
            except Undescribed:
                # Nobody can tell; a decoder goes on with what it has.
                self._damage()
                return True
            if len(self._sizes) < 16:
                self._sizes[key] = size
        self._changed = True
        return size == self.track.size

    def _copied(self, unit: Unit, sets: list[bytes], rest: list[nal.Piece]) -> Shot:
        pieces = nal.lengths([*sets, *rest] if self._changed else rest)
        return Shot(unit.time, unit.key, pieces, sum(map(len, pieces)), unit.shift)

    def _made(self, unit: Unit) -> Iterator[Shot]:
        """What the encoder gave."""
        sets, rest = nal.sort("h264", nal.units(unit.data))
        if self.track is None:
            if not self._open("h264", sets, rest):
                return
        elif unit.key and not self._same(sets, rest):
            raise MediaError("media_mixed", "Pictures of another size cannot follow")
        yield self._copied(unit, sets, rest)

    def _damage(self) -> None:
        self._damaged += 1
        if self._damaged > DAMAGED_MOST:
            raise MediaError("media_damaged", "Too many of its pictures are damaged")


class Transcoder:
    """Decodes pictures of one kind and codes them as H.264."""

    def __init__(self, codec: str, size: tuple[int, int] | None) -> None:
        """Prepare for a size, else for that of the first picture. MediaError."""
        import av  # noqa: PLC0415

        self.codec = codec
        self._size = size
        self._encoder: av.VideoCodecContext | None = None
        self._last = -1
        self._key = 0
        self._damaged = 0
        try:
            decoder = cast("av.VideoCodecContext", av.CodecContext.create(codec, "r"))
        except damage():
            raise MediaError("media_unsupported", "Its pictures are of an unknown kind") from None
        decoder.thread_type = "SLICE"
        decoder.thread_count = 2
        self._decoder = decoder

    def feed(self, unit: Unit, *, room: bool = True) -> Iterator[Unit]:
        """What comes out when this goes in; without `room` it is only decoded. MediaError."""
        import av  # noqa: PLC0415

        packet = av.Packet(unit.data)
        packet.pts, packet.time_base = unit.time + unit.shift, _MICRO
        yield from self._through(packet, room=room)

    def rest(self) -> Iterator[Unit]:
        """What is still in it."""
        yield from self._through(None)
        if self._encoder is not None:
            yield from self._coded(self._encoder.encode(None))
            self._encoder = None

    def _through(self, packet: av.Packet[Any] | None, *, room: bool = True) -> Iterator[Unit]:
        try:
            frames = self._decoder.decode(packet)
        except damage() as error:
            self._damaged += 1
            if self._damaged > DAMAGED_MOST:
                raise MediaError("media_damaged", "Too many of its pictures are damaged") from None
            _LOGGER.debug("A damaged picture is left out: %s", type(error).__name__)
            return
        for frame in frames:
            time = frame.pts
            if time is None or time <= self._last or not (room or self._encoder is None):
                continue
            self._last = time
            yield from self._encode(frame, time)

    def _encode(self, frame: av.VideoFrame, time: int) -> Iterator[Unit]:
        from av.video.frame import PictureType  # noqa: PLC0415

        if self._encoder is None:
            self._size = self._size or _fitting(frame.width, frame.height)
            self._encoder = _encoder(self._size)
            self._key = time - _KEY_SECONDS * 1_000_000
        width, height = cast("tuple[int, int]", self._size)
        try:
            shown = frame.reformat(width, height, "yuv420p", dst_color_range="MPEG")
            shown.pts, shown.time_base = time, _MICRO
            shown.pict_type = PictureType.NONE
            if time - self._key >= _KEY_SECONDS * 1_000_000:
                shown.pict_type = PictureType.I
                self._key = time
            packets = self._encoder.encode(shown)
        except damage():
            raise MediaError("media_damaged", "Its pictures cannot be coded anew") from None
        yield from self._coded(packets)

    def _coded(self, packets: list[av.Packet[av.VideoStream]]) -> Iterator[Unit]:
        for one in packets:
            time = one.pts if one.pts is not None else self._last
            yield Unit(_H264, time, one.is_keyframe, bytes(one))


def _fitting(width: int, height: int) -> tuple[int, int]:
    """The size, not larger than allowed, in even numbers."""
    scale = min(1.0, SIZE_MOST[0] / max(width, 1), SIZE_MOST[1] / max(height, 1))
    return max(2, round(width * scale) & ~1), max(2, round(height * scale) & ~1)


def _encoder(size: tuple[int, int]) -> av.VideoCodecContext:
    import av  # noqa: PLC0415

    try:
        encoder = av.CodecContext.create("libx264", "w")
    except ValueError:
        raise MediaError("media_unsupported", "This machine cannot code H.264") from None
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = _MICRO
    encoder.framerate = Fraction(25)
    encoder.max_b_frames = 0
    encoder.options = dict(_OPTIONS)
    return encoder
