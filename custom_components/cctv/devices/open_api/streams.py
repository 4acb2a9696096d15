"""Live streams by RTSP (§2.3): which path of the ladder answers; else the pictures by HTTP."""

from dataclasses import replace
import logging
from typing import Final

from .. import rtsp
from ..errors import DeviceError, Forbidden
from ..model import Profile, Stream
from . import wire
from .box import Box, Camera
from .features import RTSP_PATH
from .sound import SOUND

_LOGGER = logging.getLogger(__name__)

STILL: Final = "still:"
LIVE: Final = "live:"
"""A ref is one of these and the number of the camera."""
_PORT: Final = 554
_LADDER: Final = (
    "/cam{n}/h264",
    "/cam{n}/onvif-h264",
    "/cam{n}/onvif-h264-1",
    "/cam{n}/mpeg4",
    "/cam{n}/mjpeg",
    "/",
    "/cam{n}/h264/multicast",
)
_RTSP: Final = "RTSP"


def place(box: Box) -> None:
    """A stream for each camera, with its pictures by HTTP."""
    for camera in box.cameras:
        known = box.streams.get(camera.number)
        box.streams[camera.number] = Stream(
            f"{camera.part}:{Profile.MAIN}",
            camera.part,
            codec=known.codec if known else None,
            url=known.url if known else None,
            live=f"{LIVE}{camera.number}",
            still=f"{STILL}{camera.number}",
            sound=SOUND if box.talk is not None and camera.number == 1 else None,
        )
    for number in box.streams.keys() - {camera.number for camera in box.cameras}:
        del box.streams[number]


async def learn(box: Box) -> None:
    """Find the RTSP path of each camera; a port where nobody speaks is left alone."""
    place(box)
    box.verdicts.unknown.discard(_RTSP)
    for camera in box.cameras:
        try:
            found = await _find(box, camera)
        except Forbidden:
            box.verdicts.forbidden.add(_RTSP)
            return
        except DeviceError as error:
            _LOGGER.debug("No RTSP: %r", error)
            box.verdicts.unknown.add(_RTSP)
            return
        if found is not None:
            stream = box.streams[camera.number]
            box.streams[camera.number] = replace(stream, url=found.url, codec=found.codec)


async def _find(box: Box, camera: Camera) -> rtsp.Described | None:
    """The path that answers, as it was found before or by the ladder."""
    base = _base(box)
    own = box.option(RTSP_PATH)
    if own:
        path = "/" + own.lstrip("/").replace("{n}", str(camera.number))
        return rtsp.Described(base + path, await _codec(box, base + path))
    name = f"rtsp:{camera.number}"
    match box.verdicts.get(name):
        case {"path": str(path), "codec": str() | None as codec}:
            return rtsp.Described(base + path, codec)
    urls = [base + path.format(n=camera.number) for path in _LADDER]
    address = box.env.address
    found = await rtsp.first(urls, address.user, address.password)
    if found is not None and found.codec is not None:
        path = found.url.removeprefix(base)
        box.verdicts.put(name, {"path": path, "codec": found.codec})
    elif found is not None:
        # It may be this one; but a unit that still starts says of each that it is busy.
        box.verdicts.unknown.add(_RTSP)
    return found


async def _codec(box: Box, url: str) -> str | None:
    """The codec of a path that the user gave; the path counts also while it does not answer."""
    try:
        found = await rtsp.first([url], box.env.address.user, box.env.address.password)
    except DeviceError as error:
        _LOGGER.debug("The given RTSP path does not answer: %r", error)
        return None
    return found.codec if found is not None else None


def _base(box: Box) -> str:
    """Scheme, host and port of the live streams."""
    host = box.env.address.host
    host = f"[{host}]" if ":" in host else host
    port = wire.number(box.tables.get("Network", {}).get("Network.RTSP.Port")) or _PORT
    return f"rtsp://{host}" if port == _PORT else f"rtsp://{host}:{port}"
