"""How MP4 describes pictures, by FFmpeg: it decodes one and writes an empty film about it."""

from collections.abc import Sequence
from io import BytesIO
from typing import IO, Final, cast

from . import nal
from .mp4 import child
from .source import damage

_FORMATS: Final = {"h264": "h264", "hevc": "hevc"}
_TAGS: Final = {"h264": "avc1", "hevc": "hvc1"}
"""Apple's players take H.265 under no other name."""
_EMPTY: Final = {"movflags": "empty_moov+default_base_moof+frag_custom"}
_SIZE_MOST: Final = 16_384


class Undescribed(Exception):
    """It is no picture that can be decoded."""


def describe(codec: str, units: Sequence[nal.Piece]) -> tuple[bytes, tuple[int, int]]:
    """The `stsd` box for a key picture with its parameter sets, and the size. Undescribed."""
    import av  # noqa: PLC0415 - large, and seldom needed

    sink = _Sink()
    try:
        with av.open(BytesIO(nal.start_codes(units)), format=_FORMATS[codec]) as raw:
            if not raw.streams.video:
                raise Undescribed
            picture = raw.streams.video[0]
            size = picture.width, picture.height
            if not all(0 < one <= _SIZE_MOST for one in size):
                raise Undescribed
            with av.open(cast("IO[bytes]", sink), "w", format="mp4", options=_EMPTY) as film:
                stream = film.add_stream_from_template(picture)
                stream.codec_context.codec_tag = _TAGS[codec]
                film.start_encoding()
    except damage() as error:
        raise Undescribed(type(error).__name__) from None
    found = child(bytes(sink.body), b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    if found is None:
        raise Undescribed
    return found, size


class _Sink:
    """A file that is only written on."""

    def __init__(self) -> None:
        self.body = bytearray()

    def write(self, data: bytes) -> int:
        """Take all."""
        self.body += data
        return len(data)
