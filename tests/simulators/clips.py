"""Recordings as devices store them, made with PyAV from a small moving picture: .dav .avi .mp4 raw.

Everything here blocks: call it in an executor. All of it is cached; a long clip repeats a short
film, so that only a few seconds are ever drawn and encoded.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
import io
from itertools import count
from pathlib import Path
import tempfile
from typing import Final, Literal, cast

import av
import numpy as np
from numpy.typing import NDArray

from . import footage
from .dhav import Item, Picture, Sound, Style, dav

type VideoCodec = Literal["h264", "h265"]
type AudioCodec = Literal["alaw", "mulaw", "pcm", "aac-adts"]

START: Final = datetime(2026, 5, 3, 10, 0, 0)  # noqa: DTZ001 - a device's clock has no zone
FILM_SECONDS: Final = 4
"""So much is drawn; it repeats."""
HERTZ: Final = 440

_ENCODERS: Final = {"h264": "libx264", "h265": "libx265"}
_SOUNDS: Final = {"alaw": "pcm_alaw", "mulaw": "pcm_mulaw", "pcm": "pcm_s16le", "aac-adts": "aac"}
_ADTS_RATES: Final = {16_000: 8, 8_000: 11, 32_000: 5, 44_100: 4, 48_000: 3}


def dav_clip(
    seconds: float,
    start: datetime = START,
    codec: VideoCodec = "h264",
    audio: AudioCodec | None = "alaw",
    size: tuple[int, int] = (320, 180),
    *,
    fps: int = 10,
    scene: str | None = None,
    bits: int | None = None,
    style: Style | None = None,
) -> bytes:
    """A `.dav` with a key frame every second and sound at 8 kHz (AAC 16 kHz).

    It shows one of `footage`'s scenes or a block that moves; `bits` a second of picture; `style`
    for faults (codecs and size are filled in).
    """
    return _dav_clip(seconds, start, codec, audio, size, fps, scene, bits, style or Style())


@lru_cache(maxsize=32)
def _dav_clip(
    seconds: float,
    start: datetime,
    codec: VideoCodec,
    audio: AudioCodec | None,
    size: tuple[int, int],
    fps: int,
    scene: str | None,
    bits: int | None,
    style: Style,
) -> bytes:
    items: list[Item] = [*pictures(seconds, codec, size, fps=fps, scene=scene, bits=bits)]
    if audio is not None:
        items += sounds(seconds, audio)
    return dav(items, start, clip_style(codec, audio, size, fps=fps, like=style, scene=scene))


def clip_style(
    codec: VideoCodec = "h264",
    audio: AudioCodec | None = "alaw",
    size: tuple[int, int] = (320, 180),
    *,
    fps: int = 10,
    scene: str | None = None,
    like: Style | None = None,
) -> Style:
    """What a `.dav` of this says of itself, with the faults of another."""
    return replace(
        like or Style(),
        codec=codec,
        size=size,
        fps=footage.FPS if scene else fps,
        audio=audio or "alaw",
        rate=sound_rate(audio or "alaw"),
    )


def pictures(
    seconds: float,
    codec: VideoCodec = "h264",
    size: tuple[int, int] = (320, 180),
    *,
    fps: int = 10,
    scene: str | None = None,
    bits: int | None = None,
) -> Iterator[Picture]:
    """Access units in Annex B with parameter sets in front of every key frame."""
    film = _scene(scene, codec, size) if scene else _film(codec, size, fps, bits)
    every = footage.FPS if scene else fps
    for number in range(round(seconds * every)):
        key, data = film[number % len(film)]
        yield Picture(number / every, data, key)


def sounds(seconds: float, audio: AudioCodec = "alaw") -> Iterator[Sound]:
    """A tone in frames of 40 ms (AAC: 64 ms)."""
    rate = sound_rate(audio)
    tune = _tune(audio)
    step = 1_024 if audio == "aac-adts" else 320
    for number in count():
        time = number * step / rate
        if time >= seconds:
            return
        yield Sound(time, tune[number % len(tune)])


def sound_rate(audio: AudioCodec) -> int:
    """Samples a second."""
    return 16_000 if audio == "aac-adts" else 8_000


@lru_cache(maxsize=16)
def raw_clip(
    seconds: float, codec: VideoCodec = "h264", size: tuple[int, int] = (320, 180), fps: int = 10
) -> bytes:
    """The bare stream: Annex B, no times."""
    return b"".join(one.data for one in pictures(seconds, codec, size, fps=fps))


@lru_cache(maxsize=16)
def avi_clip(
    seconds: float,
    size: tuple[int, int] = (320, 180),
    *,
    fps: int = 10,
    audio: bool = True,
    index: bool = True,
    scene: str | None = None,
) -> bytes:
    """MJPEG and PCM at 8 kHz in an AVI; without its index as after a power cut."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="avi") as file:
        every = footage.FPS if scene else fps
        video = file.add_stream("mjpeg", rate=every)
        video.width, video.height, video.pix_fmt = *size, "yuvj420p"
        voice = file.add_stream("pcm_s16le", rate=8_000, layout="mono") if audio else None
        for number in range(round(seconds * every)):
            packet = av.Packet(_jpeg(number, size, every, scene))
            packet.stream, packet.time_base = video, Fraction(1, every)
            packet.pts = packet.dts = number
            packet.is_keyframe = True
            file.mux(packet)
            if voice is not None and number % every == 0:
                packet = av.Packet(b"".join(_tune("pcm"))[: 8_000 * 2])
                packet.stream, packet.time_base = voice, Fraction(1, 8_000)
                packet.pts = packet.dts = number // every * 8_000
                file.mux(packet)
    body = buffer.getvalue()
    return body if index else body[: body.rindex(b"idx1")]


@lru_cache(maxsize=16)
def mp4_clip(
    seconds: float,
    codec: VideoCodec = "h264",
    audio: bool = True,
    size: tuple[int, int] = (320, 180),
    *,
    fps: int = 10,
    late_moov: bool = True,
    fragmented: bool = False,
    scene: str | None = None,
) -> bytes:
    """H.264 or H.265 and AAC in an MP4; the `moov` at its end, in front, or in fragments."""
    flags = {} if late_moov else {"movflags": "faststart"}
    if fragmented:
        flags = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options=flags) as file:
            _write_mp4(file, seconds, codec, audio, size, fps, scene)
        return path.read_bytes()


def _write_mp4(
    file: av.container.OutputContainer,
    seconds: float,
    codec: VideoCodec,
    audio: bool,
    size: tuple[int, int],
    fps: int,
    scene: str | None,
) -> None:
    source = b"".join(one.data for one in pictures(2, codec, size, fps=fps, scene=scene))
    kind = {"h264": "h264", "h265": "hevc"}[codec]
    with av.open(io.BytesIO(source), format=kind) as raw:
        video = file.add_stream_from_template(raw.streams.video[0])
        if codec == "h265":
            video.codec_context.codec_tag = "hvc1"
        voice = None
        if audio:
            voice = file.add_stream("aac", rate=16_000, layout="mono")
        heard = _heard(voice, seconds) if voice is not None else iter(())
        for one in pictures(seconds, codec, size, fps=fps, scene=scene):
            packet = av.Packet(one.data)
            packet.stream, packet.time_base = video, Fraction(1, 90_000)
            packet.pts = packet.dts = round(one.time * 90_000)
            packet.is_keyframe = one.key
            file.mux(packet)
            if one.key:
                for sound in heard:
                    file.mux(sound)
                    if sound.pts is not None and sound.pts / 16_000 > one.time + 1:
                        break
        for sound in heard:
            file.mux(sound)


def _heard(voice: av.AudioStream, seconds: float) -> Iterator[av.Packet[av.AudioStream]]:
    """The tone, encoded for a stream."""
    for number in range(int(seconds * 16_000 / 1_024)):
        frame = av.AudioFrame.from_ndarray(_wave(16_000, number * 1_024, 1_024), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 16_000, number * 1_024, Fraction(1, 16_000)
        yield from voice.encode(frame)
    yield from voice.encode(None)


# --- what is drawn


def _block(number: int, size: tuple[int, int], fps: int) -> NDArray[np.uint8]:
    """A bright block that walks over a grey slope."""
    width, height = size
    slope = np.linspace(40, 120, width, dtype=np.uint8)
    picture = np.broadcast_to(slope[None, :, None], (height, width, 3)).copy()
    side = max(8, height // 4)
    left = round((width - side) * (number % (FILM_SECONDS * fps)) / (FILM_SECONDS * fps))
    picture[height // 3 : height // 3 + side, left : left + side] = (230, 120, 30)
    return picture


@lru_cache(maxsize=8)
def _film(
    codec: VideoCodec, size: tuple[int, int], fps: int, bits: int | None
) -> tuple[tuple[bool, bytes], ...]:
    """Encode the walk once: a key frame every second, no reordering; noise fills up `bits`."""
    context = cast("av.VideoCodecContext", av.CodecContext.create(_ENCODERS[codec], "w"))
    context.width, context.height = size
    context.pix_fmt = "yuv420p"
    context.framerate = Fraction(fps)
    context.time_base = Fraction(1, fps)
    context.gop_size = fps
    context.max_b_frames = 0
    inner = f"keyint={fps}:min-keyint={fps}:scenecut=0:bframes=0:repeat-headers=1"
    name = "x264-params" if codec == "h264" else "x265-params"
    quiet = "" if codec == "h264" else ":log-level=none"
    context.options = {"preset": "ultrafast", "tune": "zerolatency", name: inner + quiet}
    if bits:
        context.bit_rate = bits
    rng = np.random.default_rng(7)
    units: list[tuple[bool, bytes]] = []
    for number in range(FILM_SECONDS * fps):
        picture = _block(number, size, fps)
        if bits:
            picture ^= rng.integers(0, 32, picture.shape, np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts, frame.time_base = number, Fraction(1, fps)
        units += ((one.is_keyframe, bytes(one)) for one in context.encode(frame))
    units += ((one.is_keyframe, bytes(one)) for one in context.encode(None))
    return tuple(units)


@lru_cache(maxsize=4)
def _scene(scene: str, codec: VideoCodec, size: tuple[int, int]) -> tuple[tuple[bool, bytes], ...]:
    """One of the drawn scenes as access units in Annex B."""
    step = {"h264": "h264_mp4toannexb", "h265": "hevc_mp4toannexb"}[codec]
    with av.open(str(footage.loop(scene, codec, None, size))) as file:
        stream = file.streams.video[0]
        filtered = av.BitStreamFilterContext(step, stream)
        units: list[tuple[bool, bytes]] = []
        for packet in file.demux(stream):
            key = packet.is_keyframe
            units += ((key, bytes(one)) for one in filtered.filter(packet) if one.size)
    return tuple(units)


@lru_cache(maxsize=256)
def _jpeg(number: int, size: tuple[int, int], fps: int, scene: str | None) -> bytes:
    """One picture of a film as JPEG."""
    if scene:
        return footage.snapshot(scene, number, size)
    context = av.CodecContext.create("mjpeg", "w")
    context.width, context.height = size
    context.pix_fmt, context.time_base = "yuvj420p", Fraction(1, fps)
    frame = av.VideoFrame.from_ndarray(_block(number, size, fps), "rgb24")
    packets = context.encode(frame.reformat(format="yuvj420p"))
    return b"".join(bytes(one) for one in (*packets, *context.encode(None)))


# --- what is heard


def _wave(rate: int, start: int, length: int) -> NDArray[np.int16]:
    """So many samples of the tone at half strength."""
    at = np.arange(start, start + length) / rate
    return (16_383 * np.sin(2 * np.pi * HERTZ * at)).astype(np.int16)[None, :]


@lru_cache(maxsize=4)
def _tune(audio: AudioCodec) -> tuple[bytes, ...]:
    """Two seconds of frames."""
    rate = sound_rate(audio)
    step = 1_024 if audio == "aac-adts" else 320
    context = cast("av.AudioCodecContext", av.CodecContext.create(_SOUNDS[audio], "w"))
    context.sample_rate, context.layout = rate, "mono"
    context.format = "fltp" if audio == "aac-adts" else "s16"
    whole: list[bytes] = []
    for number in range(2 * rate // step):
        block = _wave(rate, number * step, step)
        if audio == "aac-adts":
            frame = av.AudioFrame.from_ndarray(
                (block / np.float32(32_768)).astype(np.float32), "fltp", "mono"
            )
        else:
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, number * step, Fraction(1, rate)
        whole += (bytes(one) for one in context.encode(frame))
    whole += (bytes(one) for one in context.encode(None))
    return tuple(_adts(one, rate) + one if audio == "aac-adts" else one for one in whole)


def _adts(body: bytes, rate: int) -> bytes:
    """The header in front of one AAC-LC frame, mono (ISO 14496-3, 1.A.2)."""
    fixed = 0xFFF1 << 40 | (0b01 << 14 | _ADTS_RATES[rate] << 10 | 1 << 6) << 24 | 0x7FF << 2
    return (fixed | (len(body) + 7) << 13).to_bytes(7)
