"""Live pictures and sound, and the picture of a floor plan (§10)."""

import asyncio
import itertools
import time

from tests.simulators.footage import FPS
from tests.simulators.ispy.answers.files import REMOVED, Desk, Serve
from tests.simulators.ispy.grammar import Answer, Call, Closed
from tests.simulators.ispy.objects import CAMERA, MICROPHONE, Size, SpyObject
from tests.simulators.ispy.studio import card, jpeg, mp3_packets, pcm, plan_picture
from tests.simulators.wire import CRLF, Connection

_DEFAULT: Size = (320, 240)
_THUMB: Size = (96, 72)
_PACKETS_A_CHUNK = 8
_CHUNK_SECONDS = _PACKETS_A_CHUNK * 576 / 22_050
_WAV_HEAD = (
    b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"
    b"\x22\x56\x00\x00\x44\xac\x00\x00\x02\x00\x10\x00data\xff\xff\xff\xff"
)


def frame_now() -> int:
    """Number of the frame that a camera shows now."""
    return int(time.monotonic() * FPS)


async def still(desk: Desk, call: Call) -> Answer:
    """One JPEG of a camera; a placeholder where there is none, always status 200."""
    text = call.get("oid")
    if not text.lstrip("-").isdigit():
        raise Closed("no camera named")
    size = _still_size(call)
    camera = desk.program.find(CAMERA, int(text))
    if camera is None:
        return Answer(jpeg(card("removed", REMOVED)), "image/jpeg")
    if not camera.enabled:
        return Answer(jpeg(card("offline", REMOVED)), "image/jpeg")
    body = await asyncio.to_thread(
        desk.studio.still,
        camera,
        frame_now(),
        size,
        keep_ratio=call.get("keepar") == "true",
        overlay=call.has("overlay"),
    )
    return Answer(body, "image/jpeg")


def _still_size(call: Call) -> Size | None:
    """Size asked for; None is the camera's own."""
    if call.has("thumb"):
        return _THUMB
    if call.has("full"):
        return None
    size = call.size() or _DEFAULT
    if 0 in size:
        raise Closed("no picture without width and height")
    return size


async def plan(desk: Desk, call: Call) -> Answer:
    """The picture of a floor plan."""
    text = call.get("floorplanid")
    if not text.isdigit():
        raise Closed("no plan named")
    found = desk.program.plan(int(text))
    if found is None:
        return Answer(jpeg(card("removed", REMOVED)), "image/jpeg")
    body = await asyncio.to_thread(plan_picture, found, _still_size(call))
    return Answer(body, "image/jpeg")


def _cameras(desk: Desk, text: str) -> list[SpyObject]:
    """Cameras of a list of ids; -1 is the default camera of the PC."""
    if text == "-1":
        return desk.program.cameras[:1]
    if any(part and not part.lstrip("-").isdigit() for part in text.split(",")):
        raise Closed("not a number")
    found = [desk.program.find(CAMERA, int(part)) for part in text.split(",") if part]
    return [camera for camera in found if camera is not None]


async def mjpeg(desk: Desk, call: Call, connection: Connection) -> None:
    """JPEG after JPEG, of one camera or a grid; never ends by itself."""
    program, faults = desk.program, desk.program.faults
    cameras = _cameras(desk, call.get("oid"))
    if program.rules.ancient:
        # Builds of 2012 took one id, and ended where there was no video.
        cameras = cameras[:1] if call.get("oid").isdigit() else []
    if not cameras:
        raise Closed("no camera")
    size: Size | None = call.size() or _DEFAULT
    if call.says("thumb"):
        size = _THUMB
    elif call.says("full"):
        size = None
    if size is not None and 0 in size:
        raise Closed("no picture without width and height")
    connection.begin(_mjpeg_head(faults.mjpeg_boundary, call, program.rules.ancient))
    gone = asyncio.ensure_future(connection.gone())
    opening = f"{faults.mjpeg_boundary}\r\nContent-type: image/jpeg\r\nContent-length: "
    try:
        while not gone.done():
            if program.rules.ancient and not cameras[0].enabled:
                return
            body = await asyncio.to_thread(
                desk.studio.grid,
                cameras,
                frame_now(),
                size,
                keep_ratio=call.get("keepar") == "true",
                overlay=call.get("overlay") != "false",
            )
            if faults.mjpeg_padding:
                body = body.ljust(1 << (len(body) - 1).bit_length(), b"\0")
            connection.write(f"{opening}{len(body)}\r\n\r\n".encode() + body + CRLF + CRLF)
            await connection.drain()
            await asyncio.wait({gone}, timeout=faults.mjpeg_interval)
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)


def _mjpeg_head(boundary: str, call: Call, ancient: bool) -> bytes:
    kind = "text/html" if call.has("basicct") else "multipart/x-mixed-replace"
    space = "" if ancient else " "
    return (
        "HTTP/1.1 200 OK\r\nServer: iSpy\r\nExpires: 0\r\nPragma: no-cache\r\n"
        "Access-Control-Allow-Origin: *\r\nCache-Control: no-cache, must-revalidate\r\n"
        f"Content-Type: {kind};{space}boundary={boundary}\r\n\r\n"
    ).encode()


async def audio(desk: Desk, call: Call, connection: Connection) -> None:
    """Chunked sound of an enabled microphone: MP3, WAV in the oldest builds."""
    text = call.get("micid")
    microphone = desk.program.find(MICROPHONE, int(text)) if text.isdigit() else None
    if microphone is None or not microphone.enabled:
        raise Closed("no microphone")
    wav = desk.program.rules.ancient
    connection.begin(
        b"HTTP/1.1 200 OK\r\nServer: iSpy\r\nAccess-Control-Allow-Origin: *\r\n"
        b"Content-Type: " + (b"audio/x-wav" if wav else b"audio/mpeg") + b"\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    span = (desk.request.header("Range") or "bytes=0-").removeprefix("bytes=")
    if span.partition("-")[0] != "0":
        # Whoever looks for the end of a file gets one.
        connection.write(b"0\r\n")
        return
    if wav:
        connection.write(_chunk(_WAV_HEAD))
        pieces, seconds = [await asyncio.to_thread(pcm)], 1.0
    else:
        packets = await asyncio.to_thread(mp3_packets)
        pieces = [
            b"".join(group) for group in itertools.batched(packets, _PACKETS_A_CHUNK, strict=False)
        ]
        seconds = _CHUNK_SECONDS
    gone = asyncio.ensure_future(connection.gone())
    try:
        for piece in itertools.cycle(pieces):
            if gone.done() or not microphone.enabled:
                break
            connection.write(_chunk(piece))
            await connection.drain()
            await asyncio.wait({gone}, timeout=seconds)
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)


def _chunk(data: bytes) -> bytes:
    return f"{len(data):X}\r\n".encode() + data + CRLF


PICTURES: dict[str, Serve] = {"livefeed": still, "floorplanfeed": plan}
MJPEG = frozenset({"video.mjpg", "video.cgi", "video.mjpeg", "video.jpg", "mjpegfeed"})
AUDIO = "audiofeed.mp3"
OLD_AUDIO = "audiofeed"
