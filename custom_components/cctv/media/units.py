"""What a recording consists of, piece by piece, whatever file it came in."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Pictures:
    """How pictures are coded; H.264 and H.265 come in Annex B, parameter sets before key frames."""

    codec: str
    """FFmpeg's name: h264, hevc, mjpeg, mpeg4 …; empty when it cannot be told."""
    rate: float | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Sounds:
    """How sound is coded; AAC comes with ADTS headers, or bare beside its `extradata`."""

    codec: str
    """FFmpeg's name: aac, pcm_alaw, mp3 …."""
    rate: int
    channels: int = 1
    extradata: bytes = b""


class Unit[Form: Pictures | Sounds = Pictures | Sounds](NamedTuple):
    """One picture, or a piece of sound: a tuple, since hundreds of thousands are made."""

    form: Form
    time: int
    """Microseconds from the beginning of its file, in the order of decoding."""
    key: bool
    data: bytes
    shift: int = 0
    """Microseconds by which it is shown later than decoded."""
