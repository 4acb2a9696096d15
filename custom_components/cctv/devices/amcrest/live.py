"""Live pictures over HTTP: moving JPEG (§4.2.1), and DHAV where there is no RTSP (§4.2.2)."""

from dataclasses import replace
import re
from typing import Final

from ..errors import Gone, Malformed
from ..http.client import Stream
from ..model import Content, Profile, Ref, Value
from . import wire
from .box import Box
from .multipart import Bodies, is_parted
from .topic import Topic

PICTURES: Final = "mjpg"
FILM: Final = "film"
FILMED: Final = "realmonitor"
"""The verdict on whether a stream can be had as DHAV."""
SUBTYPES: Final = (Profile.MAIN, Profile.SUB, Profile.THIRD)
"""Streams in the order of their numbers."""
_REF: Final = re.compile(rf"(?:{PICTURES}|{FILM}):([1-9]\d{{0,2}}):([012])", re.ASCII)
_SILENT: Final = 15.0
_PEEK: Final = 16
_TEXT: Final = 1 << 12


# --- what there is --------------------------------------------------------------------------


async def _survey(box: Box) -> list[Value]:
    """Whether streams can be had as DHAV; asked once, and only where RTSP is switched off."""
    camera = next(iter(box.cameras.values()), None)
    if box.rtsp is None and camera is not None and box.verdicts.get(FILMED) is None:
        await box.verdicts.probe(FILMED, lambda: _is_filmed(box, camera.channel))
    place(box)
    return []


async def _is_filmed(box: Box, channel: int) -> bool:
    """Ask for the main stream, and let it go at once. Unsupported."""
    stream = await _opened(box, _film(channel, 0))
    await stream.aclose()
    return True


def place(box: Box) -> None:
    """Name what is live over HTTP: sub streams of moving JPEG, and all others without RTSP."""
    filmed = box.rtsp is None and box.verdicts.get(FILMED) is True
    for index, camera in box.cameras.items():
        channel = camera.channel
        box.streams[index] = [
            replace(
                each,
                # Newer firmware gives only sub streams so.
                live=f"{PICTURES}:{channel}:{number}" if still and number else None,
                film=f"{FILM}:{channel}:{number}" if filmed and not still else None,
            )
            for each in box.streams.get(index, [])
            for number, still in [(SUBTYPES.index(each.profile), each.codec == "mjpeg")]
        ]


# --- the streams ----------------------------------------------------------------------------


async def show(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """Live pictures (mjpg/video.cgi, §4.2.1), one a chunk. Gone for a ref that is not ours."""
    channel, subtype = _named(box, ref)
    params = f"channel={channel}&subtype={subtype}"
    stream = await _opened(box, f"/cgi-bin/mjpg/video.cgi?{params}")
    if is_parted(stream):
        return Content("image/jpeg", Bodies(stream, "image/"), container="jpeg", live=True)
    await stream.aclose()
    raise Malformed("no parts where pictures belong")


async def film(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """What a lens sees and hears, without an end (realmonitor getStream, §4.2.2)."""
    stream = await _opened(box, _film(*_named(box, ref)))
    return Content("application/octet-stream", stream.chunks, container="dav", live=True)


def _named(box: Box, ref: Ref) -> tuple[int, int]:
    """Channel and number of the stream that a ref names. Gone."""
    found = _REF.fullmatch(ref)
    known = (each for streams in box.streams.values() for each in streams)
    if found is None or not any(ref in (each.live, each.film) for each in known):
        raise Gone("no such live view")
    return int(found[1]), int(found[2])


def _film(channel: int, subtype: int) -> str:
    """The request for a stream as DHAV."""
    return wire.query("realmonitor", "getStream", [("channel", channel), ("subtype", subtype)])


async def _opened(box: Box, path: str) -> Stream:
    """An answer that goes on. Unsupported, Malformed and the like where it is none."""
    stream = await box.client.http.open(path, idle=_SILENT)
    async with stream.or_closed():
        head = (await stream.peek(_PEEK)).body
        if stream.status != 200 or not head or head[:5].lower() == b"error":
            box.client.text(await stream.peek(_TEXT))
            raise Malformed("the answer is no stream")
    return stream


TOPIC: Final = Topic(survey=_survey, fetchers={PICTURES: show, FILM: film})
