"""A small still of a recording: its first key picture that can be decoded, as JPEG."""

from collections.abc import Iterator
from fractions import Fraction
import logging
from typing import TYPE_CHECKING, Any, Final, cast

from .feed import Feed
from .source import MediaError, Source, damage
from .units import Pictures, Unit

if TYPE_CHECKING:
    import av

_LOGGER = logging.getLogger(__name__)

READ_MOST_BYTES: Final = 24 << 20
"""So much of a recording is looked through."""
TRIED_MOST: Final = 4
"""So many key pictures are tried."""
HEIGHT_MOST: Final = 1_080
_QUALITY: Final = {"qmin": "3", "qmax": "6", "huffman": "default"}


async def still(source: Source, width: int = 320) -> bytes:
    """The picture, no wider than this. MediaError, or what the source raises."""
    async with Feed(source) as feed:
        await feed.open()
        found = await feed.run(lambda: _first(feed.recording.units, width))
        if found is None:
            feed.check()
            raise MediaError(
                "media_empty" if feed.recording.empty else "media_damaged",
                "There is no picture in it",
            )
        return found


def _first(units: Iterator[Unit | None], width: int) -> bytes | None:
    """Decode key pictures until one comes out."""
    read = tried = 0
    for unit in units:
        if unit is None:
            continue
        read += len(unit.data)
        if isinstance(unit.form, Pictures) and unit.key:
            frame = _decoded(unit)
            if frame is not None:
                return _jpeg(frame, width)
            tried += 1
        if read > READ_MOST_BYTES or tried >= TRIED_MOST:
            break
    return None


def _decoded(unit: Unit) -> av.VideoFrame | None:
    import av  # noqa: PLC0415 - large, and seldom needed

    try:
        decoder = cast("av.VideoCodecContext", av.CodecContext.create(unit.form.codec, "r"))
        decoder.thread_count = 1
        packet: av.Packet[Any] = av.Packet(unit.data)
        frames = [*decoder.decode(packet), *decoder.decode(None)]
    except damage() as error:
        _LOGGER.debug("A picture cannot be decoded: %s", type(error).__name__)
        return None
    return frames[0] if frames else None


def _jpeg(frame: av.VideoFrame, width: int) -> bytes:
    import av  # noqa: PLC0415

    scale = min(1.0, width / frame.width, HEIGHT_MOST / frame.height)
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width = max(2, round(frame.width * scale) & ~1)
    encoder.height = max(2, round(frame.height * scale) & ~1)
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = dict(_QUALITY)
    small = frame.reformat(encoder.width, encoder.height, "yuvj420p", dst_color_range="JPEG")
    small.pts = None
    try:
        packets = [*encoder.encode(small), *encoder.encode(None)]
    except damage():
        raise MediaError("media_damaged", "Its picture cannot be made smaller") from None
    return b"".join(bytes(one) for one in packets)
