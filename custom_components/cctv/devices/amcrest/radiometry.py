"""Thermal pictures with all their temperatures (attachProc, toFetch, §10.2.9-10)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
import re
from typing import Final

from ..commands import SaveRadiometry
from ..download import checked
from ..errors import Busy, Gone, Malformed
from ..http.client import MIB, Stream
from ..model import Answer, Content, PartId, Ref
from . import wire
from .box import Box
from .subscribe import accept, bodies

CGI: Final = "RadiometryManager"
_REF: Final = re.compile(r"radiometry:([1-9]\d{0,2})", re.ASCII)
_DEADLINE: Final = 30.0
"""Seconds until the picture is here."""
_LIMIT: Final = 8 * MIB
_MAGIC: Final = b"DHAV"
_HEAD: Final = 24
_LENGTH: Final = slice(12, 16)
"""Where a frame says how long it is (§8)."""


def channel_of(box: Box, part: PartId) -> int:
    """The channel of a thermal lens. Gone for any other part."""
    for camera in box.cameras.values():
        if camera.part.id == part and camera.channel in box.spots:
            return camera.channel
    raise Gone(f"{part or 'the box'} measures no temperatures")


async def save(box: Box, part: PartId, command: SaveRadiometry) -> Answer:
    """Name the picture of now; it is taken when it is fetched."""
    return Answer(ref=f"radiometry:{channel_of(box, part)}")


async def fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """One thermal picture, as the device sends it."""
    checked(start, end)
    found = _REF.fullmatch(ref)
    if found is None or int(found[1]) not in box.spots:
        raise Gone("no such thermal camera")
    body = await _take(box, int(found[1]))

    async def once() -> AsyncGenerator[bytes]:
        yield body

    return Content("application/octet-stream", once(), container="dav", size=len(body))


async def _take(box: Box, channel: int) -> bytes:
    """Subscribe, have one made, take it, leave."""
    params = [("channel", channel)]
    path = wire.query(CGI, "attachProc", params)
    try:
        async with asyncio.timeout(_DEADLINE), box.client.http.stream(path) as stream:
            kind = await accept(box, stream, "application/octet-stream")
            await box.client.change(CGI, "toFetch", params)
            return await (_part(stream) if kind.startswith("multipart/") else _frame(stream))
    except TimeoutError:
        raise Busy("no thermal picture came") from None


async def _part(stream: Stream) -> bytes:
    """The first part that is no heartbeat."""
    async with aclosing(bodies(stream, _LIMIT)) as heard:
        async for body in heard:
            if body:
                return body
    raise Malformed("the subscription ended")


async def _frame(stream: Stream) -> bytes:
    """The first whole frame, where there are no parts around them."""
    held = bytearray()
    async for chunk in stream:
        held += chunk
        del held[: max(0, held.find(_MAGIC))]
        if len(held) > _LIMIT:
            break
        length = int.from_bytes(held[_LENGTH], "little")
        if len(held) >= max(_HEAD, length) and held.startswith(_MAGIC):
            return bytes(held[:length])
    raise Malformed("the subscription ended, or told too much")
