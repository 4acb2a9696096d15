"""Stills and live pictures (§2.3): which path answers, whole JPEGs, one picture a chunk."""

from collections.abc import Callable
import re
from typing import Final, Self

from .. import jpeg
from ..errors import (
    Busy,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Malformed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Lane, Stream
from ..model import Content
from ..push import MultipartParser, Part, boundary_of
from . import wire
from .box import Box, Camera
from .client import Params
from .features import COMPRESSION, RESOLUTION

STILLS: Final = (("/image.jpg", ()), ("/image.cgi", ()))
LIVES: Final = (
    ("/video.mjpg", ()),
    ("/video.cgi", ()),
    ("/image.cgi", (("type", "motion"),)),
)
"""Ways to the same, in the order they are tried; the last is the only one of some old units."""
_STILL_LIMIT: Final = 16 * MIB
_PICTURE_LIMIT: Final = 8 * MIB
_SILENT: Final = 15.0
_FULL_SECONDS: Final = 30.0
"""So long a box that has too many viewers is left alone (§1.5)."""
_RESOLUTION: Final = re.compile(r"\d{1,5}x\d{1,5}|[A-Za-z0-9]{1,8}")

type Way = tuple[str, Params]


class Full:
    """Remembers until when a box had too many viewers."""

    def __init__(self, box: Box) -> None:
        """It has room."""
        self._clock = box.env.clock
        self._until = 0.0

    def check(self) -> None:
        """Busy, without asking, while it is full."""
        if self._clock.monotonic() < self._until:
            raise Busy("too many viewers")

    def note(self) -> None:
        """It said that it is full."""
        self._until = self._clock.monotonic() + _FULL_SECONDS


def options(box: Box) -> Params:
    """What the user wants of every picture; nothing by default."""
    found: list[tuple[str, str]] = []
    resolution, compression = box.option(RESOLUTION), box.option(COMPRESSION)
    if _RESOLUTION.fullmatch(resolution):
        found.append(("resolution", resolution))
    if compression.isascii() and compression.isdigit() and int(compression[:4]) <= 100:
        found.append(("compression", compression))
    return found


def ways(box: Box, name: str, all_of_them: tuple[Way, ...]) -> list[Way]:
    """The ways to try: the one that worked, else all."""
    kept = box.verdicts.get(name)
    known = [way for way in all_of_them if wire.query(*way) == kept]
    return known or [*all_of_them]


async def still(box: Box, camera: Camera) -> bytes:
    """A still of a camera, whole (§2.3.1-2.3.3)."""
    last: DeviceError = Unsupported("no stills")
    for path, params in ways(box, "still", _order(camera)):
        target = wire.query(path, [*params, *camera.params, *options(box)])
        reply = await box.client.http.ask(
            target, lane=Lane.PICTURE, limit=_STILL_LIMIT, login=box.client.login
        )
        try:
            found = jpeg.picture(box.client.check(reply).body)
        except (Unsupported, Malformed, Rejected) as error:
            last = error if isinstance(last, Unsupported) else last
            continue
        box.verdicts.put("still", wire.query(path, params))
        return found
    raise last


def _order(camera: Camera) -> tuple[Way, ...]:
    """Servers tell their channels apart at image.cgi (§2.3, F)."""
    return STILLS if camera.alone else STILLS[::-1]


async def live(box: Box, camera: Camera) -> Content:
    """The live pictures of a camera (§2.3.4-2.3.6), each chunk one of them."""
    last: DeviceError = Unsupported("no live pictures")
    for path, params in ways(box, "live", LIVES):
        target = wire.query(path, [*params, *camera.params, *options(box)])
        stream = await box.client.http.open(target, idle=_SILENT, login=box.client.login)
        try:
            async with stream.or_closed():
                boundary = await _accept(box, stream)
        except InvalidAuth, Forbidden, Busy:
            raise
        except DeviceError as error:
            last = error
            continue
        box.verdicts.put("live", wire.query(path, params))
        parser = MultipartParser(boundary, limit=_PICTURE_LIMIT, body_starts=())
        return Content("image/jpeg", Parts(stream, parser, _whole), container="jpeg", live=True)
    raise last


async def _accept(box: Box, stream: Stream) -> str:
    """The boundary of a stream of pictures."""
    kind = stream.headers.get("content-type", "")
    if stream.status == 200 and kind.lower().startswith("multipart/"):
        return boundary_of(kind)
    box.client.check(await stream.peek(4096))
    raise Malformed(f"answered with {kind[:40] or 'nothing'}")


def _whole(part: Part) -> bytes:
    """The picture of a part; nothing for parts that are empty, torn or something else."""
    return jpeg.whole(part.body) or b""


class Parts:
    """The parts of a stream that are worth something, one a chunk; frees the stream when closed."""

    def __init__(
        self, stream: Stream, parser: MultipartParser, pick: Callable[[Part], bytes]
    ) -> None:
        """Take over an open stream."""
        self._stream = stream
        self._parser = parser
        self._pick = pick
        self._ready: list[bytes] = []

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while not self._ready:
            parts = self._parser.feed(await anext(self._stream))
            self._ready = [found for part in parts if (found := self._pick(part))]
        return self._ready.pop(0)

    async def aclose(self) -> None:
        """Let the stream go."""
        await self._stream.aclose()
