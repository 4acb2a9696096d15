"""Sound files made by PyAV: a tone, in what people have."""

import math
from pathlib import Path
import struct
from typing import cast

import av

HERTZ = 440


def samples(rate: int, seconds: float, channels: int = 1, hertz: float = HERTZ) -> bytes:
    """A tone at half strength, as signed 16 bit."""
    tone = (
        round(16_383 * math.sin(2 * math.pi * hertz * at / rate))
        for at in range(round(rate * seconds))
    )
    return b"".join(struct.pack("<h", one) * channels for one in tone)


def tone(
    path: Path,
    codec: str,
    *,
    container: str | None = None,
    rate: int = 44_100,
    seconds: float = 2.0,
    layout: str = "stereo",
    options: dict[str, str] | None = None,
) -> Path:
    """Write a tone to a file."""
    channels = 2 if layout == "stereo" else 1
    with av.open(str(path), "w", format=container, options=options or {}) as file:
        stream = cast("av.AudioStream", file.add_stream(codec, rate=rate, layout=layout))
        frame = av.AudioFrame(format="s16", layout=layout, samples=round(rate * seconds))
        frame.planes[0].update(
            samples(rate, seconds, channels).ljust(frame.planes[0].buffer_size, b"\0")
        )
        frame.sample_rate = rate
        frame.pts = 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
    return path


def picture_only(path: Path) -> Path:
    """Write a film without sound."""
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for at in range(5):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = at
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode(None):
            file.mux(packet)
    return path
