"""Opens a recording and takes it apart, each kind of file in its way; all of it blocks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
import logging
import struct
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

from . import dhav
from .source import MediaError, damage
from .units import Pictures, Sounds, Unit

if TYPE_CHECKING:
    import av

_LOGGER = logging.getLogger(__name__)

JUNK_MOST_BYTES: Final = 16 << 20
"""So much without a single frame is given up."""
SPOOL_MOST_BYTES: Final = 2 << 30
"""A file that can only be read backwards is put aside up to this size."""
DAMAGED_MOST: Final = 100
_SNIFF_BYTES: Final = 64
_BLOCK_BYTES: Final = 256 << 10

_FORMATS: Final = {
    "avi": "avi",
    "h264": "h264",
    "264": "h264",
    "h265": "hevc",
    "265": "hevc",
    "hevc": "hevc",
    "mjpeg": "mjpeg",
    "mkv": "matroska",
    "webm": "matroska",
    "mov": "mov",
    "mp4": "mov",
    "m4v": "mov",
    "3gp": "mov",
    "flv": "flv",
    "ts": "mpegts",
    "mpg": "mpeg",
    "asf": "asf",
    "wmv": "asf",
}
_BARE: Final = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}
_OPTIONS: Final = {"protocol_whitelist": "none", "probesize": "262144", "analyzeduration": "500000"}
_MICRO: Final = 1_000_000


class Reading(Protocol):
    """A file that can at least be read on."""

    def read(self, size: int = -1) -> bytes:
        """Wait for some bytes; none at the end."""


class Arriving(Reading, Protocol):
    """The same, which gives all that is here as well."""

    def some(self) -> list[bytes]:
        """Wait for some bytes and take all that are here; none at the end."""


class Recording:
    """One file, taken apart as it arrives."""

    def __init__(
        self,
        container: str,
        file: Arriving,
        seekable: Callable[[], Reading] | None,
        more_waits: Callable[[], bool],
    ) -> None:
        """Prepare; nothing is read.

        `seekable` opens the same so that it can be read anywhere; `more_waits` tells whether the
        file can be read without waiting.
        """
        self._container = container.lower().lstrip(".")
        self._file = _Ahead(file)
        self._seekable = seekable
        self._more_waits = more_waits
        self._held = ExitStack()
        self.heard: bool | None = None
        """Whether it has sound; None while nobody knows."""
        self.pauses = False
        """Whether there is a None among the units where they have to be waited for."""
        self.units: Iterator[Unit | None] = iter(())

    @property
    def empty(self) -> bool:
        """Whether not a byte came."""
        return not self._file.seen

    def open(self) -> None:
        """Find out what it is. MediaError."""
        kind = _look(self._file.peek(_SNIFF_BYTES)) or self._container
        if kind == "dav":
            self.units = self._dav()
            self.pauses = True
            return
        name = _FORMATS.get(kind)
        if name is None:
            raise MediaError("media_unsupported", "Nothing is known of this kind of file")
        file: Reading = self._file
        if name == "mov" and _late(self._file):
            file = self._anywhere()
        import av  # noqa: PLC0415 - large, and seldom needed

        try:
            # PyAV asks of a file no more than `read`.
            container = self._held.enter_context(
                av.open(cast("IO[bytes]", file), "r", format=name, options=dict(_OPTIONS))
            )
        except damage() as error:
            # FFmpeg's own text may hold more than anybody should read.
            raise MediaError(
                "media_damaged", f"It cannot be read ({type(error).__name__})"
            ) from None
        self.units = self._demuxed(container)

    def close(self) -> None:
        """Let everything go."""
        self.units = iter(())
        self._held.close()

    # --- .dav

    def _dav(self) -> Iterator[Unit | None]:
        reader = dhav.Reader()
        any_yet = False
        while chunks := self._file.some():
            chunks.reverse()
            while chunks:
                found = reader.feed(chunks.pop())
                any_yet = any_yet or bool(found)
                if not any_yet and reader.skipped > JUNK_MOST_BYTES:
                    raise MediaError("media_damaged", "There are no frames in it")
                yield from found
            if not self._more_waits():
                yield None
        yield from reader.end()

    # --- all others

    def _anywhere(self) -> Reading:
        """What must be read anywhere: by ranges, else from a copy on disk. MediaError."""
        if self._seekable is not None:
            return self._seekable()
        spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by what holds it
        self._held.enter_context(spool)
        size = 0
        while chunk := self._file.read(_BLOCK_BYTES):
            size += len(chunk)
            if size > SPOOL_MOST_BYTES:
                raise MediaError("media_unsupported", "It is too large to be read backwards")
            spool.write(chunk)
        spool.seek(0)
        return cast("Reading", spool)

    def _demuxed(self, container: av.container.InputContainer) -> Iterator[Unit]:
        """Its first pictures and its first sound."""
        pictures = container.streams.video[:1]
        sounds = container.streams.audio[:1]
        self.heard = bool(sounds)
        return self._packets(container, pictures, sounds)

    def _packets(
        self,
        container: av.container.InputContainer,
        pictures: tuple[av.VideoStream, ...],
        sounds: tuple[av.AudioStream, ...],
    ) -> Iterator[Unit]:
        import av  # noqa: PLC0415

        streams: chain[av.VideoStream | av.AudioStream] = chain(pictures, sounds)
        tapes = {one.index: _Tape(one) for one in streams}
        packets = container.demux(*pictures, *sounds)
        damaged = 0
        while True:
            try:
                packet = next(packets)
                units = tapes[packet.stream.index].units(packet) if packet.size else []
            except StopIteration:
                return
            except damage() as error:
                damaged += 1
                if damaged > DAMAGED_MOST or not isinstance(error, av.InvalidDataError):
                    _LOGGER.debug("A recording breaks off: %s", type(error).__name__)
                    return
                continue
            yield from units


class _Tape:
    """One stream of a file."""

    def __init__(self, stream: av.VideoStream | av.AudioStream) -> None:
        """Find out how it is coded."""
        import av  # noqa: PLC0415

        context = stream.codec_context
        self._filter: av.BitStreamFilterContext | None = None
        self._next = 0
        self.form: Pictures | Sounds
        extradata = context.extradata or b""
        if isinstance(stream, av.AudioStream):
            self.form = Sounds(context.name, stream.rate, stream.channels, extradata)
            return
        self.form = Pictures(context.name)
        if context.name in _BARE and extradata[:1] == b"\1":
            self._filter = av.BitStreamFilterContext(_BARE[context.name], stream)

    def units(self, packet: av.Packet[Any]) -> list[Unit]:
        """A packet as it is, or with start codes."""
        base = packet.time_base
        shown = packet.pts if packet.pts is not None else packet.dts
        decoded = packet.dts if packet.dts is not None else shown
        step = int((packet.duration or 0) * base * _MICRO)
        # A bare stream has no times, only a rate.
        time = self._next if decoded is None else int(decoded * base * _MICRO)
        shift = 0 if shown is None or decoded is None else int((shown - decoded) * base * _MICRO)
        self._next = time + step
        key = packet.is_keyframe
        if self._filter is None:
            return [Unit(self.form, time, key, bytes(packet), shift)]
        bare = self._filter.filter(packet)
        return [Unit(self.form, time, key, bytes(one), shift) for one in bare if one.size]


class _Ahead:
    """A file whose beginning can be looked at."""

    def __init__(self, file: Arriving) -> None:
        self._file = file
        self._held = b""
        self._ended = False
        self.seen = False
        """Whether any byte came."""

    def peek(self, size: int) -> bytes:
        """The next so many bytes; less only at the end."""
        while len(self._held) < size and not self._ended:
            chunk = self._file.read(_BLOCK_BYTES)
            self._ended = not chunk
            self.seen = self.seen or bool(chunk)
            self._held += chunk
        return self._held[:size]

    def some(self) -> list[bytes]:
        """Wait for some bytes and take all that are here; none at the end."""
        if not self._held:
            return [] if self._ended else self._file.some()
        chunks, self._held = [self._held], b""
        return chunks

    def read(self, size: int = -1) -> bytes:
        """Wait for some bytes; none at the end."""
        if not self._held:
            return b"" if self._ended else self._file.read(size)
        if 0 <= size < len(self._held):
            chunk, self._held = self._held[:size], self._held[size:]
        else:
            chunk, self._held = self._held, b""
        return chunk


def _look(head: bytes) -> str | None:
    """What it is by its first bytes: names of files are not always right."""
    if head.startswith((dhav.MAGIC, b"DAHUA")) or dhav.MAGIC in head:
        return "dav"
    if head[4:8] in (b"ftyp", b"moov"):
        return "mp4"
    return "avi" if head[:4] == b"RIFF" and head[8:11] == b"AVI" else None


def _late(file: _Ahead) -> bool:
    """Whether what describes an MP4 comes behind its pictures."""
    at = 0
    while True:
        head = file.peek(at + 16)[at:]
        if len(head) < 16:
            return False
        length, kind = struct.unpack_from(">I4s", head)
        if length == 1:
            (length,) = struct.unpack_from(">Q", head, 8)
        if kind in (b"moov", b"moof"):
            return False
        if kind == b"mdat" or length < 8 or at + length > _BLOCK_BYTES:
            return bool(kind == b"mdat")
        at += length
