"""What comes out of a speaker, as somebody beside it hears it."""

from collections.abc import AsyncIterator
from itertools import pairwise
import struct

import av

from custom_components.cctv.media.audio import sound


def heard(frames: list[bytes], codec: str, rate: int) -> list[int]:
    """Samples, as somebody at the speaker hears them."""
    body = b"".join(frames)
    if codec == "aac-adts":
        raise AssertionError("decode it with PyAV")
    if codec == "pcm_s16le":
        return list(struct.unpack(f"<{len(body) // 2}h", body))
    decoder = av.CodecContext.create(f"pcm_{codec}", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = rate, "mono"
    (frame,) = decoder.decode(av.Packet(body))
    raw = bytes(frame.planes[0])[: frame.samples * 2]
    return list(struct.unpack(f"<{frame.samples}h", raw))


def loudness(tune: list[int]) -> float:
    return max(map(abs, tune[len(tune) // 4 : len(tune) // 2])) / 32_768


def pitch(tune: list[int], rate: int) -> float:
    """How often the tune rises through zero in a second."""
    middle = tune[rate // 4 : rate // 4 + rate]
    rises = sum(one < 0 <= other for one, other in pairwise(middle))
    return rises * rate / len(middle)


async def all_of(source: object, **how: object) -> list[bytes]:
    how = {"codec": "pcm_s16le", "rate": 16_000, "frame": 640, "paced": False, **how}
    return [one async for one in sound(source, **how)]  # type: ignore[arg-type]


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]
