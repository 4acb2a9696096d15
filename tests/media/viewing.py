"""What somebody sees and hears of an MP4."""

from dataclasses import dataclass, field
import io
import struct

import av

from tests.simulators.dhav import Style


@dataclass(slots=True)
class Seen:
    """One track."""

    codec: str = ""
    tag: str = ""
    duration: float | None = None
    size: tuple[int, int] = (0, 0)
    rate: int = 0
    times: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    decoded: int = 0
    """Pictures, or samples."""

    @property
    def ends(self) -> float:
        return self.times[-1]


def view(body: bytes | list[bytes]) -> tuple[Seen, Seen | None]:
    """Pictures and sound, every packet decoded; whatever cannot be is an error."""
    whole = body if isinstance(body, bytes) else b"".join(body)
    with av.open(io.BytesIO(whole), "r", format="mp4") as file:
        tracks: dict[int, Seen] = {}
        for stream in file.streams:
            seen = tracks[stream.index] = Seen(
                stream.codec_context.name, stream.codec_context.codec_tag
            )
            if stream.duration is not None and stream.time_base is not None:
                seen.duration = float(stream.duration * stream.time_base)
            if isinstance(stream, av.VideoStream):
                seen.size = stream.width, stream.height
            elif isinstance(stream, av.AudioStream):
                seen.rate = stream.rate
        for packet in file.demux():
            seen = tracks[packet.stream.index]
            if packet.size:
                assert packet.pts is not None
                seen.times.append(float(packet.pts * packet.time_base))
                if packet.is_keyframe:
                    seen.keys.append(seen.times[-1])
            for frame in packet.decode():
                seen.decoded += frame.samples if isinstance(frame, av.AudioFrame) else 1
        kinds = {stream.type: tracks[stream.index] for stream in file.streams}
    return kinds["video"], kinds.get("audio")


def boxes(body: bytes) -> list[tuple[str, int]]:
    """The boxes of a file, with their lengths."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(body):
        length, kind = struct.unpack_from(">I4s", body, at)
        assert 8 <= length <= len(body) - at
        found.append((kind.decode(), length))
        at += length
    return found


def fault(**how: object) -> Style:
    """A style of `.dav` with this wrong."""
    return Style(**how)  # type: ignore[arg-type]
