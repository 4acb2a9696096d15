"""What a lens sees now, as DHAV without an end (§4.2.2, §8)."""

import asyncio

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.clips import VideoCodec
from tests.simulators.wire import Connection, Reply, render_head


class Live(Section):
    """Who watches, and how fast time goes by."""

    def __init__(self, device: Device) -> None:
        """Begin with nobody."""
        super().__init__(device)
        self.watching = 0
        self.hurry = 1.0


def live_codec(device: Device, channel: int, subtype: int) -> VideoCodec | None:
    """How a stream is encoded; None where there is no such stream, or it is off."""
    if not 0 <= subtype <= device.personality.extra_streams:
        return None
    name = "MainFormat[0]" if subtype == 0 else f"ExtraFormat[{subtype - 1}]"
    place = f"Encode[{channel}].{name}"
    codec = device.config.get(f"{place}.Video.Compression", "")
    if device.config.get(f"{place}.VideoEnable") != "true" or not codec.startswith("H.26"):
        return None
    return "h265" if codec == "H.265" else "h264"


async def stream(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.2.2 realmonitor getStream&channel=1&subtype=0: from a key frame on."""
    channel = device.channel(command)
    if channel is None or not device.has_picture(channel):
        return device.refuse(Refusal.BAD_REQUEST)
    codec = live_codec(device, channel, command.number("subtype", 0) or 0)
    if codec is None:
        return device.refuse(Refusal.BAD_REQUEST)
    reel = await asyncio.to_thread(device.reel, channel, codec)
    head = [("Content-Type", "application/octet-stream"), ("Connection", "close")]
    connection.begin(render_head(200, head))
    section = device.of(Live)
    section.watching += 1
    device.changed.poke()
    begun, second = device.clock.now().replace(microsecond=0), 0
    gone = asyncio.ensure_future(connection.gone())
    try:
        while not gone.done():
            for piece in reel.frames(begun, second, second + 1):
                connection.write(piece)
            await connection.drain()
            second += 1
            await asyncio.wait({gone}, timeout=1 / section.hurry)
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        section.watching -= 1
        device.changed.poke()
    return None


STREAMS = {"realmonitor.getStream": stream}
