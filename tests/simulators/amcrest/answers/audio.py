"""Listening and talking (§4.3.3, §4.3.4)."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
import time

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.clips import AudioCodec, sounds
from tests.simulators.wire import CRLF, Connection, Reply, render_head

_TENTH = 800
"""Bytes of a tenth of a second of G.711."""
_CODECS: dict[str, AudioCodec] = {
    "G.711A": "alaw",
    "G.711Mu": "mulaw",
    "PCM": "pcm",
    "AAC": "aac-adts",
}
_SPOKEN = frozenset(
    {"G.711A", "G.711Mu", "G.726", "G.729", "G.723", "PCM", "ADPCM", "AAC", "AMR", "MPEG2"}
)
_RATES = {"G.711A": 8_000, "G.711Mu": 8_000, "PCM": 16_000}
_KINDS = frozenset({"singlepart", "multipart"})
_LONGEST_HEARD = 4_000_000
_LOOP_SECONDS = 2
_BLOCK = 4_096


class Broken(Exception):
    """The parts of a talk do not fit together."""


@dataclass(slots=True)
class Speech:
    """What somebody said into the box."""

    codec: str
    kind: str
    user: str
    begun: float
    data: bytearray = field(default_factory=bytearray)
    overrun: int = 0
    """Bytes that came too fast, and were lost."""
    parts: int = 0
    ended: str | None = None
    """`closed` by the speaker, `silent` too long, or `whole`: as long as it was announced."""

    @property
    def seconds(self) -> float:
        """How long ago it began."""
        return time.monotonic() - self.begun


class Speaker(Section):
    """What was said into the box, the last twenty times, and how it listens."""

    def __init__(self, device: Device) -> None:
        """Begin with silence."""
        super().__init__(device)
        self.heard: deque[Speech] = deque(maxlen=20)
        self.pause_seconds = 5.0
        """A speaker that is silent for longer is hung up on."""
        self.buffer_seconds = 2.0
        """How far a speaker may be ahead."""
        self.hurry = 1.0
        """How much faster than life its microphone is heard."""
        self.listeners = 0
        self.kinds = _KINDS
        """The ways in which its microphone is heard."""

    @property
    def talking(self) -> Speech | None:
        """Who speaks now."""
        return next((each for each in self.heard if each.ended is None), None)

    def take(self, speech: Speech, data: bytes) -> None:
        """Hear some of it; what comes too fast is lost."""
        rate = _RATES.get(speech.codec)
        if rate is not None:
            room = rate * (speech.seconds + self.buffer_seconds) - len(speech.data)
            speech.overrun += max(0, len(data) - max(0, int(room)))
            data = data[: max(0, int(room))]
        speech.data += data[: _LONGEST_HEARD - len(speech.data)]
        self.device.changed.poke()


async def listen(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.3.3 getAudio&httptype=singlepart|multipart&channel=1."""
    channel, kind = device.channel(command), command.get("httptype")
    kinds = device.of(Speaker).kinds
    if channel is None or kind not in kinds or not has_ports(device, "devAudioInput"):
        return device.refuse(Refusal.BAD_REQUEST)
    place = f"Encode[{channel}].MainFormat[0].Audio.Compression"
    name = device.config.get(place, "G.711A")
    codec = _CODECS.get(name, "alaw")
    head = [("Cache-Control", "no-cache"), ("Connection", "close")]
    parted = kind == "multipart"
    kind_said = "multipart/x-mixed-replace; boundary=myboundary" if parted else f"Audio/{name}"
    connection.begin(render_head(200, [("Content-Type", kind_said), *head]))
    frames = await asyncio.to_thread(lambda: list(_frames(codec)))
    speaker = device.of(Speaker)
    speaker.listeners += 1
    device.changed.poke()
    gone = asyncio.ensure_future(connection.gone())
    try:
        at = 0
        while not gone.done():
            frame = frames[at % len(frames)]
            connection.write(_part(frame, name) if parted else frame)
            await connection.drain()
            at += 1
            seconds = _LOOP_SECONDS / len(frames) / speaker.hurry
            await asyncio.wait({gone}, timeout=seconds)
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        speaker.listeners -= 1
        device.changed.poke()
    return None


async def talk(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§4.3.4 postAudio: heard as it comes; nothing is answered until all of it has come."""
    kind = command.get("httptype")
    said = command.request.header("Content-Type") or ""
    refused = kind not in _KINDS or not has_ports(device, "devAudioOutput")
    if refused or command.request.method != "POST" or device.channel(command) is None:
        return device.refuse(Refusal.BAD_REQUEST)
    codec = said.partition("/")[2] if kind == "singlepart" else ""
    if kind == "singlepart" and (not said.lower().startswith("audio/") or codec not in _SPOKEN):
        return device.refuse(Refusal.BAD_REQUEST)
    speaker = device.of(Speaker)
    speech = Speech(codec, kind or "", command.user, time.monotonic())
    speaker.heard.append(speech)
    device.changed.poke()
    size = int(command.request.header("Content-Length") or 0)
    parser = _PartReader(speaker, speech) if kind == "multipart" else None
    try:
        speech.ended = await _hear(speaker, speech, parser, connection, size)
    except Broken:
        return device.refuse(Refusal.BAD_REQUEST)
    finally:
        speech.ended = speech.ended or "closed"
        device.changed.poke()
    return device.ok() if speech.ended == "whole" else None


async def _hear(
    speaker: Speaker,
    speech: Speech,
    parser: _PartReader | None,
    connection: Connection,
    size: int,
) -> str:
    """Listen until the end; how it ended."""
    left = size
    while left > 0:
        try:
            async with asyncio.timeout(speaker.pause_seconds):
                data = await connection.reader.read(min(left, _BLOCK))
        except TimeoutError:
            return "silent"
        if not data:
            return "closed"
        left -= len(data)
        if parser is None:
            speaker.take(speech, data)
        else:
            parser.feed(data)
    return "whole"


class _PartReader:
    """Takes a talk in parts out of its wrapping."""

    def __init__(self, speaker: Speaker, speech: Speech) -> None:
        self._speaker = speaker
        self._speech = speech
        self._waiting = bytearray()

    def feed(self, data: bytes) -> None:
        """Some more bytes; whole parts are heard."""
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._waiting[:end]).lower()
            try:
                size = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            except ValueError as error:
                raise Broken from error
            if len(self._waiting) < end + 4 + size:
                return
            codec = bytes(self._waiting[:end]).partition(b"udio/")[2].split(b"\r\n")[0].decode()
            self._speech.codec, self._speech.parts = codec, self._speech.parts + 1
            self._speaker.take(self._speech, bytes(self._waiting[end + 4 : end + 4 + size]))
            del self._waiting[: end + 4 + size]


def has_ports(device: Device, cgi: str) -> bool:
    """Whether there is a microphone, or a speaker."""
    return device.personality.answers.get(f"{cgi}.getCollect", "result=0") != "result=0"


def _frames(codec: AudioCodec) -> Iterator[bytes]:
    """Two seconds of a tone: tenths of a second, AAC in its own frames."""
    whole = [one.data for one in sounds(_LOOP_SECONDS, codec)]
    if codec == "aac-adts":
        yield from whole
        return
    joined = b"".join(whole)
    step = _TENTH * (2 if codec == "pcm" else 1)
    for at in range(0, len(joined), step):
        yield joined[at : at + step]


def _part(frame: bytes, name: str) -> bytes:
    head = [
        b"--myboundary",
        f"Content-Type: Audio/{name}".encode(),
        b"Content-Length: %d" % len(frame),
        b"",
    ]
    return CRLF.join(head) + CRLF + frame + CRLF


STREAMS = {"audio.getAudio": listen, "audio.postAudio": talk}
