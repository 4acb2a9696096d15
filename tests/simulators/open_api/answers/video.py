"""Stills, moving pictures and what is known about them (S-2)."""

import asyncio

from tests.simulators.open_api.defaults import RESOLUTIONS
from tests.simulators.open_api.device import Device, Size
from tests.simulators.open_api.faults import Faults
from tests.simulators.open_api.feeds import due
from tests.simulators.open_api.grammar import HTML, Answer, Call, Refused, encode, head
from tests.simulators.wire import CRLF, Connection

KIND = "video"
BOUNDARY = "myboundary"
_CIF = {"CIF": "320x180", "VGA": "640x360", "4CIF": "960x540"}
_LOGIN = "<html><body><form action='/login.cgi'><input name='user'></form></body></html>\r\n"


def channel_of(device: Device, call: Call) -> int:
    """The channel that `camera` names, counted from 0."""
    number = call.number("camera", 1) or 0
    if not 1 <= number <= device.model.channels:
        raise Refused(400)
    return number - 1


async def still(device: Device, call: Call, connection: Connection) -> Answer | None:
    """One JPEG, with a line end behind its counted bytes; in the field also MJPEG (S-2.3)."""
    if call.get("type") == "motion" and device.model.field_dialect:
        await moving(device, call, connection)
        return None
    channel = channel_of(device, call)
    size = _size(device, call, channel)
    device.counts["stills"] += 1
    number = device.counts["stills"]
    if due(device.faults.login_page_every, number):
        return Answer(_LOGIN, HTML)
    picture = await device.picture(channel, size)
    if due(device.faults.cut_picture_every, number):
        headers = (("Content-Type", "image/jpeg"), ("Content-Length", str(len(picture))))
        connection.begin(head(device.faults, 200, headers) + picture[: len(picture) // 2])
        await connection.drain()
        connection.reset()
        return None
    return Answer(picture, "image/jpeg", sized=True)


async def moving(device: Device, call: Call, connection: Connection) -> None:
    """MJPEG without an end, unless the client asked for one (S-2.3)."""
    faults = device.faults
    channel = channel_of(device, call)
    size = _size(device, call, channel)
    frames, seconds = call.number("nbrofframes", 0) or 0, call.number("duration", 0) or 0
    interval = faults.frame_interval
    if rate := call.number("fps", 0):
        interval = max(interval, 1 / rate)
    if device.feeds.busy() or len(device.feeds.of(KIND)) >= int(
        device.parameters["Image.MaxViewers"]
    ):
        raise Refused(503)
    connection.begin(stream_head(faults, BOUNDARY))
    stop = asyncio.get_running_loop().time() + seconds if seconds > 0 else None
    async with device.feeds.serve(KIND, connection) as feed:
        count = 0
        while True:
            if not feed.stalled:
                picture = await device.picture(channel, size)
                count += 1
                part = _part(device, picture, first=count == 1)
                if due(faults.cut_picture_every, count):
                    await feed.say(part[: len(part) // 2])
                    connection.reset()
                    return
                await feed.say(part)
            late = stop is not None and asyncio.get_running_loop().time() >= stop
            if count == frames > 0 or late or not await feed.rest(interval):
                return


def _part(device: Device, picture: bytes, *, first: bool) -> bytes:
    faults = device.faults
    device.counts["pictures"] += 1
    if due(faults.empty_picture_every, device.counts["pictures"]):
        picture = b""
    length = faults.part_length or not picture
    lines = delimiter(faults, BOUNDARY, first=first) + "Content-Type: image/jpeg\r\n"
    lines += f"Content-Length: {len(picture)}\r\n" if length else ""
    return encode(f"{lines}\r\n", faults) + picture + (faults.eol or CRLF)


def stream_head(faults: Faults, boundary: str) -> bytes:
    """The head of a multipart stream; no blank behind the semicolon."""
    said = f"--{boundary}" if faults.dashed_boundary else boundary
    said = f'"{said}"' if faults.quoted_boundary else said
    return head(faults, 200, (("Content-Type", f"multipart/x-mixed-replace;boundary={said}"),))


def delimiter(faults: Faults, boundary: str, *, first: bool) -> str:
    """The line before a part; the first one may be missing."""
    return "" if first and not faults.first_delimiter else f"--{boundary}\r\n"


def _size(device: Device, call: Call, channel: int) -> Size:
    asked = call.get("resolution")
    if asked is None:
        return device.size(channel)
    asked = _CIF.get(asked.upper(), asked)
    if asked not in RESOLUTIONS or not -1 < (call.number("compression", 0) or 0) <= 100:
        raise Refused(400)
    width, _, height = asked.partition("x")
    return int(width), int(height)


async def resolution(device: Device, call: Call, connection: Connection) -> Answer:
    """How large a picture would be (S-2.1)."""
    try:
        width, height = _size(device, call, channel_of(device, call))
    except Refused:
        return Answer("<!-- no such camera or resolution -->\r\n")
    if call.get("rotation") in ("90", "270"):
        width, height = height, width
    return Answer(f"image width = {width}\r\nimage height = {height}\r\n")


async def status(device: Device, call: Call, connection: Connection) -> Answer:
    """Which sources give a picture (S-2.2)."""
    lines = []
    for word in (call.get("status") or "").split(","):
        if not word.isdigit() or not 1 <= int(word) <= device.model.channels:
            return Answer("Error: no such video source\r\n")
        signal = "video" if device.signals[int(word) - 1] else "no video"
        lines.append(f"Video {int(word)} = {signal}\r\n")
    return Answer("".join(lines))
