"""fromserver.cgi and toSERVER.cgi: listen and talk (S-7)."""

import asyncio
from contextlib import suppress

from tests.simulators.open_api.device import Device
from tests.simulators.open_api.grammar import Answer, Call, Refused, encode, head
from tests.simulators.open_api.sound import BLOCK, RATE, ULAW, Talk, garden
from tests.simulators.wire import CRLF, Connection

KIND = "audio"
TALK = "talk"
BOUNDARY = "--myboundary"
_TYPES = (ULAW, "audio/G726-32", "audio/G726-24")
_IDLE = 30.0
_LONGEST = 10_000_000


async def listen(device: Device, call: Call, connection: Connection) -> None:
    """Send what the microphone hears, as fast as it hears it (S-7.2 … S-7.4)."""
    faults = device.faults
    kind = call.get("httptype") or device.parameters["Audio.A0.HTTPMessageType"]
    if kind not in ("singlepart", "multipart"):
        raise Refused(400)
    if device.parameters["Audio.DuplexMode"] == "post":
        raise Refused(405)
    if device.feeds.busy() or len(device.feeds.of(KIND)) >= faults.max_listeners:
        raise Refused(503)
    sound = await asyncio.to_thread(garden)
    # Here the header has the dashes too (S-7.4).
    mime = ULAW if kind == "singlepart" else f"multipart/x-mixed-replace;boundary={BOUNDARY}"
    connection.begin(head(faults, 200, (("Content-Type", mime),)))
    loop = asyncio.get_running_loop()
    async with device.feeds.serve(KIND, connection) as feed:
        began, sent = loop.time(), 0
        while True:
            start = sent % (len(sound) // BLOCK * BLOCK)
            block = sound[start : start + BLOCK]
            if kind == "multipart":
                lines = f"{BOUNDARY}\r\nContent-Type: {ULAW}\r\n\r\n"
                await feed.say(encode(lines, faults) + block + (faults.eol or CRLF))
            else:
                await feed.say(block)
            sent += BLOCK
            if not await feed.rest(max(0.0, began + sent / RATE - loop.time())):
                return


async def talk(device: Device, call: Call, connection: Connection) -> Answer | None:
    """Take sound for as long as the client sends it (S-7.5)."""
    if call.method != "POST" or device.parameters["Audio.DuplexMode"] == "get":
        raise Refused(405)
    mime = call.content_type.partition(";")[0].strip() or ULAW
    if mime not in _TYPES:
        raise Refused(415)
    if device.speaker.talking or device.feeds.busy():
        raise Refused(503)
    left = _LONGEST if call.length is None else call.length
    if left < 0:
        raise Refused(400)
    said = Talk(mime, device.ticks(), device.faults.speaker_buffer, device.ticks)
    device.speaker.talks.append(said)
    device.changed.poke()
    try:
        # Who stops talking hangs up, more or less gently.
        with suppress(ConnectionError, TimeoutError):
            while left > 0:
                async with asyncio.timeout(_IDLE):
                    data = await connection.reader.read(min(left, 4096))
                if not data:
                    break
                left -= len(data)
                said.take(data)
                device.changed.poke()
    finally:
        said.done = True
        device.changed.poke()
    return Answer(b"", None, 204) if device.faults.talk_answer else None
