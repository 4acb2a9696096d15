"""A loop file as RTP: its tracks, their SDP lines, and every payload ready to send."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
import secrets
import struct
import time
from typing import Final

import av

AAC_FORMAT: Final = (
    "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3"
)
MTU: Final = 1400
NTP_EPOCH: Final = 2_208_988_800
VIDEO_CLOCK: Final = 90_000

type Payloads = tuple[tuple[bytes, bool], ...]
type Send = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Unit:
    """One frame: its time in clock ticks and its RTP payloads with their marker bits."""

    at: int
    payloads: Payloads


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of a file, looped by itself so that its timestamps never jump."""

    sdp: tuple[str, ...]
    payload_type: int
    clock: int
    period: int
    units: tuple[Unit, ...]


@dataclass(slots=True)
class Sender:
    """One track on its way to one client; its timestamps go on through pauses and loops."""

    track: Track
    rtp: Send
    rtcp: Send
    transports: tuple[asyncio.DatagramTransport, ...] = ()
    base: int = field(default_factory=lambda: secrets.randbits(31))
    octets: int = 0
    packets: int = 0
    position: int = 0
    reported: float | None = None
    sequence: int = field(default_factory=lambda: secrets.randbits(15))
    ssrc: int = field(default_factory=lambda: secrets.randbits(32))

    @property
    def ticks(self) -> int:
        """Return the media time of the next unit in clock ticks since the first PLAY."""
        loops, index = divmod(self.position, len(self.track.units))
        return loops * self.track.period + self.track.units[index].at

    @property
    def seconds(self) -> float:
        """Return the media time of the next unit in seconds since the first PLAY."""
        return self.ticks / self.track.clock

    @property
    def timestamp(self) -> int:
        """Return the RTP timestamp of the next unit."""
        return (self.base + self.ticks) & 0xFFFFFFFF

    def take(self) -> list[bytes]:
        """Return the RTP packets of the next unit and step on."""
        timestamp = self.timestamp
        unit = self.track.units[self.position % len(self.track.units)]
        self.position += 1
        packets = []
        for payload, marker in unit.payloads:
            kind = marker << 7 | self.track.payload_type
            head = struct.pack(">BBHII", 0x80, kind, self.sequence, timestamp, self.ssrc)
            packets.append(head + payload)
            self.sequence = (self.sequence + 1) & 0xFFFF
            self.packets += 1
            self.octets += len(payload)
        return packets

    def report(self) -> bytes:
        """Return an RTCP sender report for now, with a source description."""
        now = time.time() + NTP_EPOCH
        name = b"\x01\x06camera\x00\x00\x00\x00"
        return (
            struct.pack(
                ">BBHIIIIII",
                *(0x80, 200, 6, self.ssrc),
                *(int(now) & 0xFFFFFFFF, int(now % 1 * 2**32)),
                *(self.timestamp, self.packets & 0xFFFFFFFF, self.octets & 0xFFFFFFFF),
            )
            + struct.pack(">BBHI", 0x81, 202, 1 + len(name) // 4, self.ssrc)
            + name
        )


@dataclass(frozen=True, slots=True)
class _Parameters:
    """What the decoder configuration record says: NAL length size and parameter sets."""

    length_size: int
    sets: tuple[bytes, ...]


@lru_cache(maxsize=32)
def load(path: Path) -> tuple[Track, ...]:
    """Read a whole file once; blocks, so call it in an executor."""
    tracks: list[Track] = []
    with av.open(str(path)) as container:
        packets: dict[int, list[bytes]] = {stream.index: [] for stream in container.streams}
        for packet in container.demux():
            if packet.size:
                packets[packet.stream.index].append(bytes(packet))
        for stream in container.streams:
            data = packets[stream.index]
            if isinstance(stream, av.VideoStream):
                rate = Fraction(str(stream.average_rate or 10))
                extradata = bytes(stream.codec_context.extradata or b"")
                tracks.append(_video(stream.codec_context.name, extradata, rate, data))
            elif isinstance(stream, av.AudioStream):
                context = stream.codec_context
                extradata = bytes(context.extradata or b"")
                tracks.append(_audio(context.name, extradata, context.sample_rate, data))
    return tuple(tracks)


def _video(codec: str, extradata: bytes, rate: Fraction, packets: list[bytes]) -> Track:
    """Return the video track: H.264 as of RFC 6184, H.265 as of RFC 7798."""
    hevc = codec == "hevc"
    parameters = _hvcc(extradata) if hevc else _avcc(extradata)
    step = int(VIDEO_CLOCK / rate)
    units = tuple(
        Unit(number * step, _picture(packet, parameters, hevc))
        for number, packet in enumerate(packets)
    )
    sprop = [base64.b64encode(item).decode() for item in parameters.sets]
    if hevc:
        payload_type = 98
        names = ("sprop-vps", "sprop-sps", "sprop-pps")
        format_line = ";".join(f"{name}={value}" for name, value in zip(names, sprop, strict=False))
    else:
        payload_type = 96
        format_line = (
            f"packetization-mode=1;profile-level-id={extradata[1:4].hex().upper()};"
            f"sprop-parameter-sets={','.join(sprop)}"
        )
    sdp = (
        f"m=video 0 RTP/AVP {payload_type}",
        f"a=framerate:{float(rate):.6f}",
        f"a=rtpmap:{payload_type} {'H265' if hevc else 'H264'}/{VIDEO_CLOCK}",
        f"a=fmtp:{payload_type} {format_line}",
    )
    return Track(sdp, payload_type, VIDEO_CLOCK, len(units) * step, units)


def _audio(codec: str, extradata: bytes, rate: int, packets: list[bytes]) -> Track:
    """Return the audio track: AAC as of RFC 3640, G.711 as of RFC 3551."""
    if codec == "aac":
        sdp = (
            "m=audio 0 RTP/AVP 97",
            f"a=rtpmap:97 MPEG4-GENERIC/{rate}",
            f"a=fmtp:97 {AAC_FORMAT};config={extradata.hex().upper()}",
        )
        units = tuple(
            Unit(number * 1024, ((struct.pack(">HH", 16, len(packet) << 3) + packet, True),))
            for number, packet in enumerate(packets)
        )
        return Track(sdp, 97, rate, len(units) * 1024, units)
    payload_type, name = (8, "PCMA") if codec == "pcm_alaw" else (0, "PCMU")
    lines = (f"m=audio 0 RTP/AVP {payload_type}", f"a=rtpmap:{payload_type} {name}/{rate}")
    samples = b"".join(packets)
    chunk = rate // 50
    whole = len(samples) // chunk * chunk
    units = tuple(
        Unit(start, ((samples[start : start + chunk], False),)) for start in range(0, whole, chunk)
    )
    return Track(lines, payload_type, rate, whole, units)


def _picture(packet: bytes, parameters: _Parameters, hevc: bool) -> Payloads:
    """Return the payloads of one picture, parameter sets first where it is a key picture."""
    nals = [nal for nal in _nals(packet, parameters.length_size) if not _is_filler(nal, hevc)]
    if any(_is_key(nal, hevc) for nal in nals):
        nals = [*parameters.sets, *nals]
    pieces = [piece for nal in nals for piece in _fragments(nal, hevc)]
    return tuple((piece, number == len(pieces) - 1) for number, piece in enumerate(pieces))


def _nals(packet: bytes, length_size: int) -> Iterator[bytes]:
    """Yield the NAL units of a packet in which each is preceded by its length."""
    position = 0
    while position + length_size <= len(packet):
        length = int.from_bytes(packet[position : position + length_size])
        position += length_size
        yield packet[position : position + length]
        position += length


def _is_key(nal: bytes, hevc: bool) -> bool:
    """Tell whether a decoder can start at this NAL unit."""
    return 16 <= (nal[0] >> 1 & 0x3F) <= 21 if hevc else nal[0] & 0x1F == 5


def _is_filler(nal: bytes, hevc: bool) -> bool:
    """Tell whether this NAL unit is the encoder's own remark or a parameter set."""
    return (nal[0] >> 1 & 0x3F) in {32, 33, 34, 39} if hevc else nal[0] & 0x1F in {6, 7, 8}


def _fragments(nal: bytes, hevc: bool) -> Iterator[bytes]:
    """Yield a NAL unit whole, or as FU-A (H.264) or FU (H.265) fragments."""
    if len(nal) <= MTU:
        yield nal
        return
    if hevc:
        prefix = bytes((nal[0] & 0x81 | 49 << 1, nal[1]))
        kind, body = nal[0] >> 1 & 0x3F, nal[2:]
    else:
        prefix = bytes((nal[0] & 0xE0 | 28,))
        kind, body = nal[0] & 0x1F, nal[1:]
    size = MTU - len(prefix) - 1
    for start in range(0, len(body), size):
        first, last = start == 0, start + size >= len(body)
        yield prefix + bytes((first << 7 | last << 6 | kind,)) + body[start : start + size]


def _avcc(record: bytes) -> _Parameters:
    """Read an AVCDecoderConfigurationRecord: sequence sets, then picture sets."""
    sets: list[bytes] = []
    position = 5
    for mask in (0x1F, 0xFF):
        count = record[position] & mask
        position += 1
        for _ in range(count):
            length = int.from_bytes(record[position : position + 2])
            sets.append(record[position + 2 : position + 2 + length])
            position += 2 + length
    return _Parameters((record[4] & 3) + 1, tuple(sets))


def _hvcc(record: bytes) -> _Parameters:
    """Read an HEVCDecoderConfigurationRecord: video, sequence and picture sets."""
    sets: dict[int, bytes] = {}
    position = 23
    for _ in range(record[22]):
        kind = record[position] & 0x3F
        count = int.from_bytes(record[position + 1 : position + 3])
        position += 3
        for _ in range(count):
            length = int.from_bytes(record[position : position + 2])
            sets.setdefault(kind, record[position + 2 : position + 2 + length])
            position += 2 + length
    return _Parameters((record[21] & 3) + 1, tuple(sets[kind] for kind in (32, 33, 34)))
