"""Pictures, clips and sound as bytes. Everything here blocks: call it in an executor."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
import io
import math
from pathlib import Path
import threading

import av
from av.stream import Stream
from PIL import Image, ImageDraw, ImageFont

from tests.simulators import footage
from tests.simulators.footage.encode import murmur
from tests.simulators.ispy.objects import NATIVE, FloorPlan, Size, SpyObject

type Pictures = Callable[[str, int, Size], bytes]
type Loops = Callable[[str], Path]

_QUALITY = 80
_AVI_QUALITY = 50
_FORMATS = {"mp4": "mp4", "mkv": "matroska", "flv": "flv", "fla": "flv"}
_VOICE_RATE = 8_000
_BAR = 20
_CLIPS_KEPT = 6
_SOUND_SECONDS = 10
_SOUND_RATE = 22_050
_BACK = {"removed": "#803030", "offline": "#303030", "connecting": "#305080", "not found": "#555"}


def film_loop(scene: str) -> Path:
    """An encoded loop of a scene, kept in the user's cache."""
    return footage.loop(scene, size=NATIVE)


type Packet = av.Packet[Stream]


class Studio:
    """Makes what the cameras and microphones of the program show and record."""

    def __init__(self, pictures: Pictures = footage.snapshot, loops: Loops = film_loop) -> None:
        """Take the stills and the loops from somewhere."""
        self._pictures = pictures
        self._loops = loops
        self._clips: dict[tuple[str, str, int], bytes] = {}
        self._lock = threading.Lock()

    # Stills

    def frame(self, scene: str, number: int, size: Size) -> Image.Image:
        """One frame of a scene."""
        return Image.open(io.BytesIO(self._pictures(scene, number, size))).convert("RGB")

    def live(self, camera: SpyObject, number: int) -> Image.Image:
        """What a camera shows now: video, or a card that says why not."""
        if not camera.enabled:
            return card("offline", (640, 480))
        if camera.failing:
            return card("connecting", (640, 480))
        return self.frame(camera.scene, number, camera.size)

    def still(
        self,
        camera: SpyObject,
        number: int,
        size: Size | None,
        *,
        keep_ratio: bool = False,
        overlay: bool = False,
    ) -> bytes:
        """A camera's picture at a size; None is its own."""
        image = self.live(camera, number)
        shown = _fit(image, size or image.size, keep_ratio)
        if overlay:
            _name_bar(shown, camera.name, (0, 0, *shown.size))
        return jpeg(shown)

    def grid(
        self,
        cameras: Sequence[SpyObject],
        number: int,
        size: Size | None,
        *,
        keep_ratio: bool,
        overlay: bool,
    ) -> bytes:
        """Several cameras in columns and rows on white; no size is the sum of their own."""
        columns = next(n for n in range(1, len(cameras) + 1) if n * n >= len(cameras))
        rows = -(-len(cameras) // columns)
        width, height = size or (
            sum(camera.size[0] for camera in cameras),
            sum(camera.size[1] for camera in cameras),
        )
        cell = max(1, round(width / columns)), max(1, round(height / rows))
        whole = Image.new("RGB", (width, height), "white")
        for index, camera in enumerate(cameras):
            left, top = index % columns * cell[0], index // columns * cell[1]
            shown = _fit(self.live(camera, number), cell, keep_ratio)
            if overlay:
                _name_bar(shown, camera.name, (0, 0, *cell))
            whole.paste(shown, (left, top))
        return jpeg(whole)

    def saved(self, scene: str, number: int, native: Size, size: Size | None) -> bytes:
        """A thumbnail or grab, from its frame."""
        return jpeg(_fit(self.frame(scene, number, native), size or native, keep_ratio=False))

    # Files

    def clip(self, scene: str, suffix: str, seconds: int, size: int) -> bytes:
        """A playable file of so many seconds that weighs exactly so many bytes."""
        if size == 0:
            return b""
        key = (scene, suffix, seconds)
        with self._lock:
            body = self._clips.pop(key, None)
            if body is None:
                body = self._file(scene, suffix, seconds)
            self._clips[key] = body
            while len(self._clips) > _CLIPS_KEPT:
                del self._clips[next(iter(self._clips))]
        return _pad(body, suffix, size)

    def _file(self, scene: str, suffix: str, seconds: int) -> bytes:
        """A file as its ending says."""
        match suffix:
            case "mp3":
                return sound(seconds)
            case "avi":
                return self._pictures_and_samples(scene, seconds)
        return self._remux(scene, _FORMATS[suffix], seconds)

    def _pictures_and_samples(self, scene: str, seconds: int) -> bytes:
        """JPEGs and PCM in an AVI: what is written where nothing may be compressed twice."""
        with av.open(str(self._loops(scene)), "r") as source:
            rate = round(float(source.streams.video[0].average_rate or footage.FPS))
            stills = [
                Image.fromarray(frame.to_ndarray(format="rgb24"))
                for frame in source.decode(video=0)
            ]
        pictures = [jpeg(still, _AVI_QUALITY) for still in stills]
        spoken = murmur(_VOICE_RATE, seconds).tobytes()
        out = io.BytesIO()
        with av.open(out, "w", format="avi") as sink:
            video = sink.add_stream("mjpeg", rate=rate)
            video.width, video.height = stills[0].size
            video.pix_fmt = "yuvj420p"
            voice = sink.add_stream("pcm_s16le", rate=_VOICE_RATE, layout="mono")
            for number in range(seconds * rate):
                sink.mux(_packet(pictures[number % len(pictures)], video, number, rate))
                second, within = divmod(number, rate)
                if not within:
                    start = second * _VOICE_RATE
                    block = spoken[start * 2 :][: _VOICE_RATE * 2]
                    sink.mux(_packet(block, voice, start, _VOICE_RATE))
        return out.getvalue()

    def _remux(self, scene: str, format_: str, seconds: int) -> bytes:
        """Repeat the loop's packets until the time is full; nothing is encoded again."""
        out = io.BytesIO()
        with (
            av.open(str(self._loops(scene)), "r") as source,
            av.open(out, "w", format=format_) as sink,
        ):
            video = source.streams.video[0]
            kept: list[av.VideoStream | av.AudioStream] = [video, *source.streams.audio]
            sinks = {stream.index: sink.add_stream_from_template(stream) for stream in kept}
            packets = [packet for packet in source.demux(kept) if packet.dts is not None]
            period = _period([packet for packet in packets if packet.stream is video])
            for turn in range(math.ceil(seconds / period)):
                for packet in packets:
                    shift = round(turn * period / packet.time_base)
                    end = min(Fraction(seconds), (turn + 1) * period) / packet.time_base
                    moved = _moved(packet, shift, sinks[packet.stream.index])
                    if moved.pts is None or moved.pts >= end:
                        continue
                    sink.mux(moved)
        return out.getvalue()


def _packet(body: bytes, stream: Stream, at: int, rate: int) -> Packet:
    """A packet that everything after it may begin with."""
    made = av.Packet(body)
    made.stream, made.time_base = stream, Fraction(1, rate)
    made.pts = made.dts = at
    made.is_keyframe = True
    return made


def _period(packets: Sequence[Packet]) -> Fraction:
    """Seconds that the pictures of a loop last."""
    last = packets[-1]
    return ((last.dts or 0) + (last.duration or 1)) * last.time_base


def _moved(packet: Packet, shift: int, stream: av.VideoStream | av.AudioStream) -> Packet:
    """The same packet later in time."""
    copied = av.Packet(bytes(packet))
    copied.time_base, copied.stream = packet.time_base, stream
    copied.is_keyframe, copied.duration = packet.is_keyframe, packet.duration
    copied.dts = (packet.dts or 0) + shift
    copied.pts = (packet.pts or 0) + shift
    return copied


def _pad(body: bytes, suffix: str, size: int) -> bytes:
    """Fill a file up to a size with what players skip."""
    room = size - len(body)
    if suffix == "mp4" and room >= 8:
        return body + room.to_bytes(4) + b"free" + bytes(room - 8)
    if suffix == "avi" and room >= 8:
        return body + b"JUNK" + (room - 8).to_bytes(4, "little") + bytes(room - 8)
    if suffix == "mkv" and room >= 9:
        # An EBML Void element, whose length is one of eight bytes.
        return body + b"\xec\x01" + (room - 9).to_bytes(7) + bytes(room - 9)
    if suffix == "mp3" and room >= 10:
        bits = room - 10
        length = bytes(bits >> shift & 0x7F for shift in (21, 14, 7, 0))
        return b"ID3\x04\x00\x00" + length + bytes(bits) + body
    # A file cut short is a file that the program had no time to finish.
    return body[:size] + bytes(max(0, room))


@lru_cache(maxsize=4)
def sound(seconds: int) -> bytes:
    """So many seconds of MP3."""
    return b"".join(mp3_packets(seconds))


@lru_cache(maxsize=4)
def mp3_packets(seconds: int = _SOUND_SECONDS) -> tuple[bytes, ...]:
    """MP3 frames of a garden's murmur, one packet each."""
    encoder = av.CodecContext.create("libmp3lame", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout = _SOUND_RATE, "mono"
    encoder.format, encoder.bit_rate = av.AudioFormat("s16p"), 32_000
    encoder.time_base = Fraction(1, _SOUND_RATE)
    samples = murmur(_SOUND_RATE, seconds)
    packets: list[bytes] = []
    encoder.open()
    step = encoder.frame_size or 576
    for start in range(0, len(samples) // step * step, step):
        block = av.AudioFrame.from_ndarray(samples[None, start : start + step], "s16p", "mono")
        block.sample_rate, block.pts = _SOUND_RATE, start
        block.time_base = Fraction(1, _SOUND_RATE)
        packets += [bytes(packet) for packet in encoder.encode(block)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    return tuple(packets)


@lru_cache(maxsize=1)
def pcm(seconds: int = 1) -> bytes:
    """Sixteen-bit samples for the old WAV feed."""
    return murmur(_SOUND_RATE, seconds).tobytes()


@lru_cache(maxsize=16)
def card(text: str, size: Size) -> Image.Image:
    """A picture that stands for something that is not there."""
    image = Image.new("RGB", size, _BACK[text])
    draw = ImageDraw.Draw(image)
    draw.text((size[0] // 2, size[1] // 2), text, "white", _font(size[1] // 6), anchor="mm")
    return image


def plan_picture(plan: FloorPlan, size: Size | None) -> bytes:
    """A drawing with a dot for every object, red on the one that alerted last."""
    image = Image.new("RGB", (plan.width, plan.height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, plan.width - 20, plan.height - 20), outline="black", width=6)
    draw.line((plan.width // 2, 20, plan.width // 2, plan.height - 20), "black", 4)
    draw.text((40, 30), plan.name, "black", _font(28))
    for area in plan.areas:
        hot = plan.alerted is not None and plan.last == (area.ot, area.oid)
        box = (area.x, area.y, area.x + 32, area.y + 32)
        draw.ellipse(box, fill="red" if hot else "green")
    return jpeg(_fit(image, size or image.size, keep_ratio=False))


def jpeg(image: Image.Image, quality: int = _QUALITY) -> bytes:
    """Encode a picture."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _fit(image: Image.Image, size: Size, keep_ratio: bool) -> Image.Image:
    """Scale to a size, or into it with white around."""
    if not keep_ratio:
        return image.resize(size)
    scale = min(size[0] / image.width, size[1] / image.height)
    inner = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    whole = Image.new("RGB", size, "white")
    whole.paste(image.resize(inner), ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return whole


def _name_bar(image: Image.Image, name: str, box: tuple[int, int, int, int]) -> None:
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = box
    draw.rectangle((left, max(top, bottom - _BAR), right, bottom), fill="#202020")
    draw.text((left + 2, bottom - _BAR // 2), name, "white", _font(10), anchor="lm")


def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(8, height))
