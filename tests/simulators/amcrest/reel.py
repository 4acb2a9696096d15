"""What a lens has recorded: a loop of pictures and sounds, and files of any length cut from it.

Making a reel blocks: call it in an executor. Cutting one is arithmetic, and writes as it is read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
import tempfile
from typing import Final

import av
import numpy as np

from tests.simulators import clips, dhav
from tests.simulators.footage.encode import murmur

SIZE: Final = (320, 180)
_SOUND_RATE: Final = 8_000
_SOUND_STEP: Final = 320
_MP4_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame of the loop; what depends on the time of the recording is written later."""

    time: float
    kind: int
    key: bool
    ordinal: int
    """Which of its kind it is, from 1."""
    piece: int
    counter: int
    extension: bytes
    payload: bytes

    @property
    def size(self) -> int:
        """Bytes that it takes in a file (§8)."""
        return 24 + len(self.extension) + len(self.payload) + 8


class Reel:
    """A loop of a few whole seconds that stands for a recording of any length."""

    def __init__(
        self,
        items: Sequence[dhav.Item],
        seconds: int,
        style: dhav.Style,
        film: Callable[[int], bytes],
    ) -> None:
        """Take the loop, how its files are written, and what makes an MP4 of so many seconds."""
        self._seconds = seconds
        self._style = style
        self._film = film
        self._frames = list(_laid_out(items, style))
        self._counts = {
            kind: max(frame.ordinal for frame in self._frames if _numbered(frame) == kind)
            for kind in {_numbered(frame) for frame in self._frames}
        }
        self._keys = [frame.time for frame in self._frames if frame.key]
        self._loop_size = sum(frame.size for frame in self._frames)
        self._rests = [
            sum(frame.size for frame in self._frames if frame.time < rest)
            for rest in range(seconds)
        ]

    def size(self, seconds: int) -> int:
        """Bytes of a `.dav` of this length."""
        loops, rest = divmod(seconds, self._seconds)
        return len(self._style.preamble) + loops * self._loop_size + self._rests[rest]

    def dav(self, start: datetime, seconds: int) -> Iterator[bytes]:
        """A `.dav` of this length that was begun at this moment."""
        if self._style.preamble:
            yield self._style.preamble
        yield from self.frames(start, 0, seconds)

    def frames(self, start: datetime, begin: float, end: float) -> Iterator[bytes]:
        """A part of a recording (seconds of it), from the key frame before its begin."""
        first = self._key_before(begin)
        number = int(first // self._seconds)
        while number * self._seconds < end:
            base = number * self._seconds
            yield b"".join(
                self._written(frame, number, start)
                for frame in self._frames
                if first <= base + frame.time < end
            )
            number += 1

    def mp4(self, seconds: int) -> bytes:
        """An MP4 of this length."""
        return self._film(seconds)

    def _key_before(self, moment: float) -> float:
        loops, rest = divmod(max(0.0, moment), self._seconds)
        return loops * self._seconds + max(time for time in self._keys if time <= rest)

    def _written(self, frame: _Frame, loop: int, start: datetime) -> bytes:
        passed = loop * self._seconds
        counter = frame.counter
        if self._style.counter == "running":
            counter = (counter + passed * 1_000) % 0x1_0000
        return dhav.frame(
            frame.kind,
            frame.payload,
            number=frame.ordinal + loop * self._counts[_numbered(frame)],
            when=start + timedelta(seconds=passed + frame.time),
            counter=counter,
            extension=frame.extension,
            piece=frame.piece,
        )


def _numbered(frame: _Frame) -> bool:
    """Pictures and sounds are counted apart."""
    return frame.kind == dhav.SOUND


def _laid_out(items: Sequence[dhav.Item], style: dhav.Style) -> Iterator[_Frame]:
    """The frames that these become, taken apart again."""
    counts = {True: 0, False: 0}
    for item in sorted(items, key=lambda one: one.time):
        sound = isinstance(item, dhav.Sound)
        counts[sound] += 1
        for piece, data in enumerate(dhav.frames([item], clips.START, style)):
            inner = 24 + data[22]
            yield _Frame(
                time=item.time,
                kind=data[4],
                key=data[4] == dhav.KEY and not piece,
                ordinal=counts[sound],
                piece=piece,
                counter=int.from_bytes(data[20:22], "little"),
                extension=data[24:inner],
                payload=data[inner:-8],
            )


@lru_cache(maxsize=16)
def block_reel(codec: clips.VideoCodec = "h264", style: dhav.Style | None = None) -> Reel:
    """A bright block that walks through a small picture, with a tone."""
    seconds = clips.FILM_SECONDS
    return Reel(
        [*clips.pictures(seconds, codec, SIZE), *clips.sounds(seconds)],
        seconds,
        clips.clip_style(codec, "alaw", SIZE, like=style),
        lambda length: clips.mp4_clip(length, codec, size=SIZE),
    )


@lru_cache(maxsize=16)
def file_reel(path: Path, style: dhav.Style | None = None) -> Reel:
    """A loop that is an MP4 already, with a murmur."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        codec: clips.VideoCodec = "h265" if stream.codec_context.name == "hevc" else "h264"
        size = stream.codec_context.width, stream.codec_context.height
        fps = round(float(stream.average_rate or 1))
        step = {"h264": "h264_mp4toannexb", "h265": "hevc_mp4toannexb"}[codec]
        filtered = av.BitStreamFilterContext(step, stream)
        units: list[tuple[bool, bytes]] = []
        for packet in file.demux(stream):
            # The filter empties the packet that it is given.
            key = packet.is_keyframe
            units += ((key, bytes(one)) for one in filtered.filter(packet) if one.size)
    seconds = max(1, len(units) // fps)
    pictures = [
        dhav.Picture(at / fps, data, key) for at, (key, data) in enumerate(units[: seconds * fps])
    ]
    return Reel(
        [*pictures, *_murmur(seconds)],
        seconds,
        clips.clip_style(codec, "alaw", size, fps=fps, like=style),
        lambda length: _repeated(path, length),
    )


def _murmur(seconds: int) -> Iterator[dhav.Sound]:
    """Wind and birds as A-law at 8 kHz."""
    context = av.CodecContext.create("pcm_alaw", "w")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate, context.layout, context.format = _SOUND_RATE, "mono", "s16"
    whole = murmur(_SOUND_RATE, seconds)
    for at in range(0, len(whole), _SOUND_STEP):
        block = np.ascontiguousarray(whole[None, at : at + _SOUND_STEP])
        frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
        frame.sample_rate, frame.pts = _SOUND_RATE, at
        yield dhav.Sound(at / _SOUND_RATE, b"".join(map(bytes, context.encode(frame))))


@lru_cache(maxsize=_MP4_KEPT)
def _repeated(path: Path, seconds: int) -> bytes:
    """The same MP4 over and over until it is this long."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "clip.mp4"
        with av.open(str(path)) as source, av.open(str(target), "w") as file:
            outputs = {one.index: file.add_stream_from_template(one) for one in source.streams}
            length = Fraction(source.duration or 1, av.time_base)
            packets = [one for one in source.demux() if one.dts is not None and one.pts is not None]
            bodies = [(bytes(one), one.pts or 0, one.dts or 0) for one in packets]
            passed = Fraction(0)
            while passed < seconds:
                for packet, (body, pts, dts) in zip(packets, bodies, strict=True):
                    shift = round(passed / packet.time_base)
                    if (dts + shift) * packet.time_base >= seconds:
                        continue
                    copy = av.Packet(body)
                    copy.stream = outputs[packet.stream_index]
                    copy.time_base, copy.is_keyframe = packet.time_base, packet.is_keyframe
                    copy.pts, copy.dts, copy.duration = pts + shift, dts + shift, packet.duration
                    file.mux(copy)
                passed += length
        return target.read_bytes()
