"""A loop file from pictures and a garden's murmur: H.264 or H.265 with AAC, G.711 or nothing."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import av
import av.container
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .film import FPS

type AudioCodec = Literal["aac", "pcma", "pcmu"]
type VideoCodec = Literal["h264", "h265"]

_ENCODERS: Final = {"aac": "aac", "pcma": "pcm_alaw", "pcmu": "pcm_mulaw"}


def encode(
    path: Path,
    pictures: Iterable[Image.Image],
    size: tuple[int, int],
    frames: int,
    codec: VideoCodec,
    audio: AudioCodec | None,
) -> None:
    """Write a loop with a key frame every second and no reordering."""
    with av.open(str(path), "w", format=path.suffix[1:]) as container:
        video = container.add_stream("libx264" if codec == "h264" else "libx265", rate=FPS)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.gop_size = FPS
        video.max_b_frames = 0
        if codec == "h264":
            settings = f"keyint={FPS}:min-keyint={FPS}:scenecut=0:bframes=0"
            video.options = {
                "preset": "veryfast",
                "profile": "main",
                "crf": "25",
                "x264-params": settings,
            }
        else:
            settings = f"keyint={FPS}:min-keyint={FPS}:scenecut=0:bframes=0:log-level=none"
            video.options = {"preset": "ultrafast", "crf": "27", "x265-params": settings}
            video.codec_context.codec_tag = "hvc1"
        sound = None if audio is None else _add_sound(container, audio)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            _write_sound(container, sound, frames / FPS)


def _add_sound(container: av.container.OutputContainer, audio: AudioCodec) -> av.AudioStream:
    """Add the stream of sound: AAC at 16 kHz, G.711 at 8 kHz."""
    rate = 16_000 if audio == "aac" else 8_000
    stream = container.add_stream(_ENCODERS[audio], rate=rate, layout="mono")
    assert isinstance(stream, av.AudioStream)
    return stream


def _write_sound(
    container: av.container.OutputContainer, stream: av.AudioStream, seconds: float
) -> None:
    """Encode the murmur in whole frames."""
    rate = stream.codec_context.sample_rate
    whole = murmur(rate, seconds)
    chunk = stream.codec_context.frame_size or 160
    for start in range(0, len(whole) // chunk * chunk, chunk):
        samples = whole[None, start : start + chunk]
        if stream.codec_context.name == "aac":
            floats = (samples / np.float32(32768)).astype(np.float32)
            block = av.AudioFrame.from_ndarray(floats, "fltp", "mono")
        else:
            block = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        block.sample_rate, block.pts, block.time_base = rate, start, Fraction(1, rate)
        container.mux(stream.encode(block))
    container.mux(stream.encode(None))


def murmur(rate: int, seconds: float) -> NDArray[np.int16]:
    """Return wind, a far hum and a few birds."""
    rng = np.random.default_rng(5)
    count = int(rate * seconds)
    time = np.arange(count) / rate
    spectrum = np.fft.rfft(rng.normal(0, 1, count))
    spectrum /= np.maximum(np.arange(len(spectrum)) / seconds, 60) ** 0.9
    wind = np.fft.irfft(spectrum, count)
    wind *= 0.05 / (wind.std() + 1e-9)
    sound = wind * (1 + 0.4 * np.sin(2 * np.pi * time / 5)) + 0.01 * np.sin(2 * np.pi * 110 * time)
    for start in np.arange(0.4, seconds, 1.7):
        for note in range(3):
            begin = start + note * 0.16
            local = np.clip((time - begin) / 0.11, 0, 1)
            pitch = 2300 + 500 * note + 500 * np.sin(np.pi * local)
            sound += 0.08 * np.sin(np.pi * local) ** 2 * np.sin(2 * np.pi * pitch * (time - begin))
    result: NDArray[np.int16] = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    return result
