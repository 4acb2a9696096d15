"""Sound in both directions (§4.3): the microphone as a stream, speech as a body without end."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
import re
from types import MappingProxyType
from typing import Final

from ..errors import DeviceError, Forbidden, Gone, InvalidAuth, Malformed, Unsupported
from ..http.client import Lane, Stream
from ..model import BOX, Content, Feature, PartId, Ref, TalkFormat, Value
from . import wire
from .box import Box
from .inventory import Camera
from .multipart import Bodies, is_parted
from .topic import Topic

SOUND: Final = "sound"
INPUTS: Final = "devAudioInput"
OUTPUTS: Final = "devAudioOutput"
"""Whose getCollect tells how many there are; so also the names of the verdicts."""
LENGTH: Final = 9_999_999
"""What is announced for a talk; it is closed long before (§4.3.4)."""
_REF: Final = re.compile(rf"{SOUND}:([1-9]\d{{0,2}})", re.ASCII)
_WAYS: Final = ("singlepart", "multipart")
_WAY: Final = "getAudio"
"""The verdict on how the sound is sent."""
_SILENT: Final = 15.0
_PEEK: Final = 16
_TEXT: Final = 1 << 12
_AUDIO: Final = "audio/"
_CODECS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "g.711a": "alaw",
        "g.711mu": "mulaw",
        "pcm": "pcm_s16le",
        "aac": "aac-adts",
        "g.726": "g726",
    }
)
"""What the word behind `Audio/` is; others stay as they are called."""
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"alaw": "G.711A", "mulaw": "G.711Mu", "aac-adts": "AAC"}
)
_BELL: Final = TalkFormat("mulaw", 8_000, 1_024, limit=LENGTH)
_ALAW: Final = TalkFormat("alaw", 8_000, 800, limit=LENGTH)
_MULAW: Final = TalkFormat("mulaw", 8_000, 800, limit=LENGTH)
_AAC_RATES: Final = frozenset({8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000})
_KINDS: Final[Mapping[str, TalkFormat]] = MappingProxyType({"DB": _BELL, "VTO": _ALAW})
"""What doorbells want, whatever their streams are encoded with (§4.3.4)."""


# --- what there is --------------------------------------------------------------------------


async def _survey(box: Box) -> list[Value]:
    """How many microphones and speakers there are (getCollect, §4.3.1, §4.3.2)."""
    for cgi in (INPUTS, OUTPUTS):
        if isinstance(box.verdicts.get(cgi), str):
            continue
        count = await box.verdicts.probe(cgi, partial(_count, box, cgi))
        if count is not None:
            # As a word: a count of one would be the same as a yes.
            box.verdicts.put(cgi, str(count))
    place(box)
    return []


async def _count(box: Box, cgi: str) -> int:
    """How many there are. Malformed if that is no number."""
    word = wire.word(await box.client.ask(cgi, "getCollect", lane=Lane.SURVEY), "result") or ""
    if not re.fullmatch(r"\d{1,4}", word, re.ASCII):
        raise Malformed("no number")
    return int(word)


def _known(box: Box, cgi: str) -> int:
    """How many are known."""
    count = box.verdicts.get(cgi)
    return int(count) if isinstance(count, str) else 0


def place(box: Box) -> None:
    """Name what can be heard, and what speaks.

    Inputs and outputs are counted by channel. Where a recorder has fewer of them than cameras they
    are sockets of its own, so no camera is heard there; its speaker is the box's.
    """
    inputs = _known(box, INPUTS)
    if box.identity.recorder and inputs < max(map(_channel, box.cameras.values()), default=0):
        inputs = 0
    for index, camera in box.cameras.items():
        ref = f"{SOUND}:{camera.channel}" if camera.channel <= inputs else None
        box.streams[index] = [replace(each, sound=ref) for each in box.streams.get(index, [])]
    speaks = _known(box, OUTPUTS) > 0
    box.speakers = {BOX: _format(box)} if speaks else {}
    box.features[SOUND] = [Feature(BOX, "speaker")] if speaks else []


def _format(box: Box) -> TalkFormat:
    """What its speaker takes: by the kind of box, else what its own sound is encoded with."""
    special = _KINDS.get(box.identity.kind)
    if special is not None:
        return special
    compression, rate = box.voice
    match _CODECS.get(compression.lower()):
        case "aac-adts":
            return TalkFormat(
                "aac-adts", rate if rate in _AAC_RATES else 8_000, 1_024, limit=LENGTH
            )
        case "mulaw":
            return _MULAW
        case _:
            return _ALAW


# --- listening ------------------------------------------------------------------------------


async def listen(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """What a microphone hears (getAudio, §4.3.3), in one piece or in parts, as it is sent."""
    found = _REF.fullmatch(ref)
    if found is None or not any(
        each.sound == ref for streams in box.streams.values() for each in streams
    ):
        raise Gone("no such sound")
    kept = box.verdicts.get(_WAY)
    last: DeviceError = Unsupported("no sound")
    for way in (kept,) if isinstance(kept, str) and kept in _WAYS else _WAYS:
        params: list[tuple[str, wire.Param]] = [("httptype", way), ("channel", int(found[1]))]
        stream = await box.client.http.open(wire.query("audio", "getAudio", params), idle=_SILENT)
        try:
            async with stream.or_closed():
                content = await _content(box, stream)
        except InvalidAuth, Forbidden:
            raise
        except DeviceError as error:
            last = error
        else:
            box.verdicts.put(_WAY, way)
            return content
    raise last


async def _content(box: Box, stream: Stream) -> Content:
    """The sound of an open answer."""
    if stream.status != 200:
        box.client.text(await stream.peek(_TEXT))
        raise Malformed(f"answered with status {stream.status}")
    if is_parted(stream):
        bodies = Bodies(stream, _AUDIO)
        kind = await bodies.first()
        return Content(kind, bodies, container=_codec(kind), live=True)
    kind = stream.headers.get("content-type", "").partition(";")[0].strip()
    if not kind.lower().startswith(_AUDIO):
        box.client.text(await stream.peek(_TEXT))
        raise Malformed(f"answered with {kind[:40] or 'nothing'}")
    if not (await stream.peek(_PEEK)).body:
        raise Malformed("answered with nothing")
    return Content(kind, stream.chunks, container=_codec(kind), live=True)


def _codec(kind: str) -> str:
    """The codec of a Content-Type such as Audio/G.711A."""
    word = kind.partition("/")[2].partition(";")[0].strip().lower()
    return _CODECS.get(word, word[:20])


# --- talking --------------------------------------------------------------------------------


async def talk(box: Box, part: PartId, sound: AsyncIterable[bytes]) -> None:
    """Speak (postAudio, §4.3.4): in real time as it comes, closed when the speech is over.

    A body that is made while it is sent cannot be sent again, so a harmless question meets the
    login's challenge first.
    """
    place = box.topology.parts.get(part)
    if place is None or place.talk is None:
        raise Unsupported("no speaker")
    path = wire.query("audio", "postAudio", [("httptype", "singlepart"), ("channel", 1)])
    headers = {
        "Content-Type": f"Audio/{_WORDS[place.talk.codec]}",
        "Content-Length": str(LENGTH),
    }
    reply = await box.client.http.post(
        path, _bounded(sound), warm=wire.query(OUTPUTS, "getCollect"), headers=headers
    )
    # Mostly nothing is answered until the socket closes.
    if reply is not None:
        box.client.text(reply)


async def _bounded(sound: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """No more than was announced."""
    left = LENGTH
    async for chunk in sound:
        if left <= 0:
            return
        yield chunk[:left]
        left -= len(chunk)


def _channel(camera: Camera) -> int:
    """The channel of a camera."""
    return camera.channel


TOPIC: Final = Topic(survey=_survey, fetchers={SOUND: listen})
