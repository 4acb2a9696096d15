"""From any sound to the bytes a speaker takes; all of it blocks, so it belongs into a thread."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
import logging
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from .adts import HEADER_BYTES, RATES, SAMPLES
from .bridge import Closed, Inlet

if TYPE_CHECKING:
    import av

_LOGGER = logging.getLogger(__name__)

DAMAGED_MOST: Final = 100
"""So many damaged pieces are left out before the whole is given up."""

# Playlists and the like would make FFmpeg open what their author names.
_FORMATS: Final = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,tta,"
    "voc,w64,wav,webm,wv"
)
_OPTIONS: Final = {
    "format_whitelist": _FORMATS,
    "protocol_whitelist": "none",
    "probesize": "262144",
    "analyzeduration": "1000000",
}
_AAC_BITS_MOST: Final = 64_000


class SoundError(Exception):
    """It cannot be played: no sound in it, nothing that is known here, or damaged."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How a sound is written: PyAV's encoder and sample format, and what silence is."""

    encoder: str
    sample: str
    size: int
    """Bytes a sample; 0 where a frame is as long as it turns out."""
    silence: bytes = b"\0"


CODECS: Final = {
    "mulaw": Codec("pcm_mulaw", "s16", 1, b"\xff"),
    "alaw": Codec("pcm_alaw", "s16", 1, b"\xd5"),
    "pcm_s16le": Codec("pcm_s16le", "s16", 2),
    "aac-adts": Codec("aac", "fltp", 0),
}
"""What a speaker may take: G.711 in both kinds, plain samples, AAC with ADTS headers; all mono."""


def frame_seconds(codec: str, rate: int, frame: int) -> float:
    """How long a frame is heard. ValueError for what cannot be written."""
    found = CODECS.get(codec)
    if found is None:
        raise ValueError(f"no codec {codec!r}")
    if found.size == 0:
        if rate not in RATES:
            raise ValueError(f"no AAC with {rate} samples a second")
        return SAMPLES / rate
    if rate <= 0 or frame <= 0 or frame % found.size:
        raise ValueError(f"no frames of {frame} bytes with {rate} samples a second")
    return frame / (rate * found.size)


class Encoder:
    """Reads one sound and writes it anew, some frames at a time."""

    def __init__(self, codec: Codec, rate: int, frame: int, gain: float) -> None:
        """Prepare; nothing is read."""
        self._codec = codec
        self._rate = rate
        self._frame = frame
        self._gain = gain
        self._held = ExitStack()
        self._frames: Iterator[bytes] = iter(())

    def open(self, source: Path | Inlet) -> None:
        """Find out what it is. SoundError."""
        try:
            import av  # noqa: PLC0415 - large, and seldom needed
        except ImportError as error:
            raise SoundError("PyAV is not installed") from error
        try:
            if isinstance(source, Path):
                file: IO[bytes] = self._held.enter_context(source.open("rb"))
            else:
                # PyAV asks of a file no more than `read`.
                file = cast("IO[bytes]", source)
            container = self._held.enter_context(av.open(file, "r", options=dict(_OPTIONS)))
        except Closed:
            return
        except (OSError, ValueError) as error:
            # FFmpeg's own text may hold more than anybody should read.
            raise SoundError(f"it cannot be read ({type(error).__name__})") from None
        if not container.streams.audio:
            raise SoundError("there is no sound in it")
        packets = self._packets(self._samples(container, container.streams.audio[0]))
        self._frames = self._cut(packets) if self._codec.size else self._adts(packets)

    def more(self, count: int) -> list[bytes]:
        """The next frames; none at the end. SoundError."""
        try:
            return list(islice(self._frames, count))
        except Closed:
            return []
        except (OSError, ValueError) as error:
            raise SoundError(f"it cannot be decoded ({type(error).__name__})") from None

    def close(self) -> None:
        """Let everything go."""
        self._frames = iter(())
        self._held.close()

    def _samples(
        self, container: av.container.InputContainer, stream: av.AudioStream
    ) -> Generator[av.AudioFrame]:
        """What is heard: decoded, mono, at the speaker's rate, as loud as wanted."""
        import av  # noqa: PLC0415

        pipes: _Pipes | None = None
        damaged = 0
        for packet in container.demux(stream):
            try:
                decoded = packet.decode()
            except av.InvalidDataError as error:
                damaged += 1
                if damaged > DAMAGED_MOST:
                    raise
                _LOGGER.debug("A damaged piece of sound is left out: %s", type(error).__name__)
                continue
            for one in decoded:
                if pipes is None or not pipes.fit(one):
                    if pipes is not None:
                        yield from pipes.rest()
                    pipes = _Pipes(one, self._codec.sample, self._rate, self._gain)
                yield from pipes.through(one)
        if pipes is not None:
            yield from pipes.rest()

    def _packets(self, samples: Iterator[av.AudioFrame]) -> Generator[bytes]:
        """What is written."""
        import av  # noqa: PLC0415

        context = cast("av.AudioCodecContext", av.CodecContext.create(self._codec.encoder, "w"))
        context.sample_rate = self._rate
        context.layout = "mono"
        context.format = self._codec.sample
        if not self._codec.size:
            context.bit_rate = min(_AAC_BITS_MOST, 4 * self._rate)
        for one in samples:
            one.pts = None
            for packet in context.encode(one):
                yield bytes(packet)
        for packet in context.encode(None):
            yield bytes(packet)

    def _cut(self, packets: Iterator[bytes]) -> Generator[bytes]:
        """Frames of equal length; the last one ends in silence."""
        held = bytearray()
        for packet in packets:
            held += packet
            while len(held) >= self._frame:
                yield bytes(held[: self._frame])
                del held[: self._frame]
        if held:
            yield bytes(held.ljust(self._frame, self._codec.silence))

    def _adts(self, packets: Iterator[bytes]) -> Generator[bytes]:
        """Each packet behind a header that says how it is written (ISO 14496-3, 1.A.2)."""
        index = RATES.index(self._rate)
        # Sync, MPEG-4, no checksum; AAC-LC, the rate, one channel; a bit rate that varies.
        fixed = 0xFFF1 << 40 | (0b01 << 14 | index << 10 | 1 << 6) << 24 | 0x7FF << 2
        for packet in packets:
            length = len(packet) + HEADER_BYTES
            yield (fixed | length << 13).to_bytes(HEADER_BYTES) + packet


class _Pipes:
    """A filter graph for sound of one kind."""

    def __init__(self, like: av.AudioFrame, sample: str, rate: int, gain: float) -> None:
        """Lay the pipes: the volume, then format, rate and layout of the speaker."""
        import av.filter  # noqa: PLC0415

        self._kind = _kind(like)
        self._graph = av.filter.Graph()
        shape = f"sample_fmts={sample}:sample_rates={rate}:channel_layouts=mono"
        pieces = (
            self._graph.add_abuffer(
                sample_rate=like.sample_rate,
                format=like.format.name,
                layout=like.layout.name,
                time_base=like.time_base,
            ),
            self._graph.add("volume", f"volume={gain:.4f}"),
            self._graph.add("aformat", shape),
            self._graph.add("abuffersink"),
        )
        self._graph.link_nodes(*pieces).configure()

    def fit(self, one: av.AudioFrame) -> bool:
        """Whether it is of the kind that the pipes were laid for."""
        return _kind(one) == self._kind

    def through(self, one: av.AudioFrame | None) -> Generator[av.AudioFrame]:
        """What comes out when this goes in."""
        import av  # noqa: PLC0415

        self._graph.push(one)
        while True:
            try:
                yield cast("av.AudioFrame", self._graph.pull())
            except av.BlockingIOError, av.EOFError:
                return

    def rest(self) -> Generator[av.AudioFrame]:
        """What is still in the pipes."""
        yield from self.through(None)


def _kind(one: av.AudioFrame) -> tuple[str, str, int]:
    return one.format.name, one.layout.name, one.sample_rate
