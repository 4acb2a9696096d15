"""Pictures and films as bytes. Everything here blocks: call it in a thread."""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
import io
from itertools import count
import math
import os
from pathlib import Path
import tempfile
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.simulators import footage
from tests.simulators.yi_hack.personality import Size

type Pictures = Callable[[str, int, Size], bytes]
type Loops = Callable[[str, Size], Path]
type Packet = av.Packet[Any]
type Track = av.VideoStream | av.AudioStream

LOW: Size = (640, 360)
_DRAWN: Size = (960, 540)
_LOOP: Size = (1280, 720)
_QUALITY = 80
_LAPSE_FRAMES = 10
_LAPSE_RATE = 5


def film_loop(scene: str, size: Size) -> Path:
    """An encoded loop of a scene, kept in the user's cache; high ones at 720 lines."""
    return footage.loop(scene, size=size if size == LOW else _LOOP)


class Studio:
    """Makes what one camera shows and records."""

    def __init__(
        self, scene: str, pictures: Pictures = footage.snapshot, loops: Loops = film_loop
    ) -> None:
        """Look at a scene; take the stills and the loops from somewhere."""
        self.scene = scene
        self._pictures = pictures
        self._loops = loops
        self._taken = count()

    def still(
        self, size: Size, lines: int | None, mark: str | None, *, black: bool = False
    ) -> bytes:
        """A JPEG that differs from the last one; `mark` is the watermark's text."""
        return self._jpeg(next(self._taken), size, lines, mark, black=black)

    def thumbnail(self, number: int, mark: str) -> bytes:
        """The picture of a clip, the same each time."""
        return self._jpeg(number, LOW, None, mark)

    def _jpeg(
        self, number: int, size: Size, lines: int | None, mark: str | None, *, black: bool = False
    ) -> bytes:
        image = Image.new("RGB", size) if black else self._frame(number).resize(size)
        if mark is not None:
            _watermark(image, mark)
        if lines is not None and lines > image.height:
            # The encoder works in blocks of 16 lines and shows the last one whole.
            whole = Image.new("RGB", (image.width, lines), "#808080")
            whole.paste(image, (0, 0))
            image = whole
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY, comment=f"{number}")
        return buffer.getvalue()

    def loop(self, size: Size) -> Path:
        """A film for the live stream."""
        return self._loops(self.scene, size)

    def sound(self) -> Path:
        """The same without its picture."""
        return _cached(self._loops(self.scene, LOW), "sound", _sound_only)

    def clip(self, seconds: int, *, late_index: bool = False) -> bytes:
        """A recording of so many seconds, its index in front or at the end."""
        name = f"{seconds}s{'-late' if late_index else ''}"
        source = self._loops(self.scene, LOW)
        path = _cached(source, name, lambda a, b: _cut(a, b, seconds, late_index=late_index))
        return path.read_bytes()

    def lapse(self) -> bytes:
        """A short AVI of JPEGs."""
        frames = [self._frame(number * 10).resize(LOW) for number in range(_LAPSE_FRAMES)]
        out = io.BytesIO()
        with av.open(out, "w", format="avi") as sink:
            stream = sink.add_stream("mjpeg", rate=_LAPSE_RATE)
            stream.width, stream.height = LOW
            stream.pix_fmt = "yuvj420p"
            for image in frames:
                sink.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(image), "rgb24")))
            sink.mux(stream.encode(None))
        return out.getvalue()

    def _frame(self, number: int) -> Image.Image:
        return Image.open(io.BytesIO(self._pictures(self.scene, number, _DRAWN))).convert("RGB")


def _watermark(image: Image.Image, text: str) -> None:
    draw = ImageDraw.Draw(image)
    height = max(8, image.height // 20)
    font = ImageFont.load_default(height)
    draw.rectangle((4, 4, 8 + height * 11, 8 + height), fill="#202020")
    draw.text((6, 4), text, "white", font)


def _cached(source: Path, name: str, make: Callable[[Path, Path], None]) -> Path:
    """A file made from a loop, beside it, whole or not at all."""
    target = source.with_name(f"{source.stem}-{name}.mp4")
    if not target.exists():
        handle, draft = tempfile.mkstemp(suffix=".mp4", prefix=".", dir=source.parent)
        os.close(handle)
        try:
            make(source, Path(draft))
            Path(draft).replace(target)
        finally:
            Path(draft).unlink(missing_ok=True)
    return target


def _cut(source: Path, target: Path, seconds: int, *, late_index: bool) -> None:
    """Repeat the loop's packets until the time is full; nothing is encoded again."""
    options = {} if late_index else {"movflags": "faststart"}
    with (
        av.open(str(source)) as film,
        av.open(str(target), "w", format="mp4", options=options) as sink,
    ):
        video = film.streams.video[0]
        kept: list[Track] = [video, *film.streams.audio]
        sinks: dict[int, Track] = {
            stream.index: sink.add_stream_from_template(stream) for stream in kept
        }
        packets = [packet for packet in film.demux(kept) if packet.dts is not None]
        period = _period([packet for packet in packets if packet.stream is video])
        for turn in range(math.ceil(seconds / period)):
            for packet in packets:
                at = Fraction(packet.dts or 0) * packet.time_base + turn * period
                if at < seconds and at < (turn + 1) * period:
                    shift = round(turn * period / packet.time_base)
                    sink.mux(_moved(packet, shift, sinks[packet.stream.index]))


def _sound_only(source: Path, target: Path) -> None:
    with av.open(str(source)) as film, av.open(str(target), "w", format="mp4") as sink:
        sound = film.streams.audio[0]
        track = sink.add_stream_from_template(sound)
        for packet in film.demux(sound):
            if packet.dts is not None:
                sink.mux(_moved(packet, 0, track))


def _period(packets: list[Packet]) -> Fraction:
    """Seconds that the pictures of a loop last."""
    last = packets[-1]
    return ((last.dts or 0) + (last.duration or 1)) * last.time_base


def _moved(packet: Packet, shift: int, track: Track) -> Packet:
    """The same packet later in time, for its stream of the new file."""
    copied = av.Packet(bytes(packet))
    copied.time_base, copied.stream = packet.time_base, track
    copied.is_keyframe, copied.duration = packet.is_keyframe, packet.duration
    copied.dts = (packet.dts or 0) + shift
    copied.pts = (packet.pts or 0) + shift
    return copied


@lru_cache(maxsize=4)
def growing(size: int) -> bytes:
    """What a file holds that is still being written: its head, and no index."""
    head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    return head + bytes(max(0, size - len(head)))
