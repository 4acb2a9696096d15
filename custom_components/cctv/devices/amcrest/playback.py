"""Recordings between two times where nothing else gives them: playBack.cgi, and RTSP (§4.1, §4.2).

RTSP is for players outside: an address is told, without a login.
"""

from collections.abc import Callable
import logging
import re
from typing import Final
from urllib.parse import quote

from ..errors import DeviceError, Malformed
from . import wire
from .box import Box
from .refs import Span

_LOGGER = logging.getLogger(__name__)

PLAYED: Final = "playBack"
"""The verdict that times come from here, since loadfile.cgi gives none."""
_RTSP_TIME: Final = "%Y_%m_%d_%H_%M_%S"
_LONGEST: Final = 32
_LINE: Final = re.compile(rb"streamId=(\d{1,10})\r?\n", re.IGNORECASE)
_MAGIC: Final = b"DHAV"
_ESCAPED: Final = {number: quote(chr(number), safe="/") for number in range(128)}


# --- playBack.cgi ---------------------------------------------------------------------------


def request(span: Span) -> str:
    """The request for the recordings of a time (playBack getStream, §4.2.3)."""
    return wire.query(
        "playBack",
        "getStream",
        [
            ("channel", span.channel),
            ("subtype", span.subtype),
            ("startTime", span.start),
            ("endTime", span.end),
        ],
    )


class Prefix:
    """Takes exactly the line `streamId=<n>` off the beginning, and remembers its number."""

    def __init__(self) -> None:
        """Nothing has come."""
        self.number: int | None = None
        """Under which the box can be told what to do with the stream."""
        self.done = False
        """The bytes behind it end with the answer, never before."""
        self.size: int | None = None
        self._buffer = b""
        self._begun = False

    def feed(self, data: bytes) -> bytes:
        """The bytes behind the line that these bring. Malformed if there is no such line."""
        if self._begun:
            return data
        self._buffer += data
        if b"\n" not in self._buffer[:_LONGEST] and not self._buffer.startswith(_MAGIC):
            if len(self._buffer) >= _LONGEST:
                raise Malformed("no stream where one belongs")
            return b""
        return self._begin()

    def finish(self) -> bytes:
        """What is left when the answer ended."""
        self.done = True
        return b"" if self._begun else self._begin()

    def _begin(self) -> bytes:
        """Take the line off; firmware that leaves it out begins with the film."""
        self._begun = True
        buffer, self._buffer = self._buffer, b""
        line = _LINE.match(buffer)
        if line is None:
            return buffer
        self.number = int(line[1])
        return buffer[line.end() :]


async def cancel(box: Box, number: int) -> None:
    """End a stream that nobody reads on (playBack control cmd=cancel, §4.2.4)."""
    try:
        await box.client.tell("playBack", "control", [("streamId", number), ("cmd", "cancel")])
    except DeviceError as error:
        # It ends with its connection as well.
        _LOGGER.debug("The stream was not cancelled: %r", error)


# --- RTSP -----------------------------------------------------------------------------------


def span_url(box: Box, span: Span) -> str | None:
    """Where players find a time over RTSP (§4.1.2), without the login; None without RTSP."""
    times = f"starttime={span.start:{_RTSP_TIME}}&endtime={span.end:{_RTSP_TIME}}"
    extra = f"&subtype={span.subtype}" if span.subtype else ""
    return _url(box, f"/cam/playback?channel={span.channel}&{times}{extra}")


def file_urls(box: Box) -> Callable[[str], str] | None:
    """Where players find the file of a ref over RTSP (§4.1.3), without the login; None without."""
    front = _front(box)
    # A path of a ref has none but ASCII characters.
    return None if front is None else lambda path: front + path.translate(_ESCAPED)


def _url(box: Box, rest: str) -> str | None:
    front = _front(box)
    return None if front is None else front + rest


def _front(box: Box) -> str | None:
    """Scheme, host and port of RTSP."""
    if box.rtsp is None:
        return None
    host = box.env.address.host
    return f"rtsp://{f'[{host}]' if ':' in host else host}:{box.rtsp}"
