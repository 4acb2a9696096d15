"""Stills and moving JPEG (§4.2.1, §4.4)."""

import asyncio
import struct

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.wire import CRLF, Connection, Reply, render_head

_DEFAULT_FPS = 5.0
_FASTEST_FPS = 30.0


async def snapshot(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.4.2 snapshot.cgi[?channel=1][&type=0]: one JPEG, another one each time."""
    faults = device.faults
    channel = device.channel(command, 0 if faults.channels_from_zero else 1)
    if channel is None or faults.snapshot_stuck:
        return device.refuse(Refusal.BAD_REQUEST)
    if not device.has_picture(channel):
        return device.refuse(Refusal.SERVER_ERROR)
    device.snapshot_count += 1
    device.changed.poke()
    jpeg = b"" if faults.snapshot_empty else spoilt(device, await device.picture(channel))
    return Reply(200, jpeg, (("Content-Type", "image/jpeg"),), delay=faults.snapshot_delay)


def spoilt(device: Device, jpeg: bytes) -> bytes:
    """The JPEG as some models write it: a COM segment of wrong length, bytes after the end."""
    if device.faults.snapshot_bad_com:
        jpeg = jpeg[:2] + b"\xff\xfe" + struct.pack(">H", 0x7FF0) + b"camera" + jpeg[2:]
    if device.faults.snapshot_dhav_tail:
        jpeg += b"dhav" + struct.pack("<I", len(jpeg))
    return jpeg


async def mjpeg(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.2.1 mjpg/video.cgi: only a sub stream whose compression is MJPG."""
    channel = device.channel(command)
    subtype = command.number("subtype", 0) or 0
    if channel is None or not device.has_picture(channel):
        return device.refuse(Refusal.BAD_REQUEST)
    place = f"Encode[{channel}].ExtraFormat[{subtype - 1}].Video"
    if subtype < 1 or device.config.get(f"{place}.Compression") != "MJPG":
        return device.refuse(Refusal.BAD_REQUEST)
    fps = float(device.config.get(f"{place}.FPS", _DEFAULT_FPS))
    head = (
        ("Content-Type", "multipart/x-mixed-replace; boundary=myboundary"),
        ("Cache-Control", "no-cache"),
        ("Connection", "close"),
    )
    connection.begin(render_head(200, head))
    while not connection.closing:
        jpeg = await device.picture(channel)
        connection.write(
            CRLF.join(
                [
                    b"--myboundary",
                    b"Content-Type: image/jpeg",
                    b"Content-Length:%d" % len(jpeg),
                    b"",
                    jpeg,
                    b"",
                ]
            )
        )
        await connection.drain()
        await asyncio.sleep(1 / min(max(fps, 0.1), _FASTEST_FPS))
    return None


STREAMS = {"snapshot": snapshot, "mjpg/video": mjpeg}
