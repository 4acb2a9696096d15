"""Sound in both directions (§7): the microphone as a stream, speech as a body without end."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from ..errors import (
    Busy,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
)
from ..http.client import Stream
from ..model import BOX, Content, Feature, TalkFormat
from ..push import MultipartParser, Part, boundary_of
from .box import Box, Group
from .pictures import Parts

SOUND: Final = "sound"
MICROPHONE: Final = "/fromserver.cgi"
SPEAKER: Final = "/toSERVER.cgi"
_LENGTH: Final = 9_999_999
"""No chunks in HTTP/1.0: a length that is never reached, closed to stop (§7.5)."""
FORMAT: Final = TalkFormat("mulaw", 8_000, 512, limit=_LENGTH)
_CONTAINERS: Final = {
    "audio/basic": "mulaw",
    "audio/g726-32": "g726-32",
    "audio/g726-24": "g726-24",
    "audio/axis-mulaw-128": "mulaw-16000",
}
_WAYS: Final = (MICROPHONE, f"{MICROPHONE}?httptype=multipart")
_SILENT: Final = 15.0
_ASKED_SECONDS: Final = 3.0
_WARM: Final = "/time.cgi?action=get"
"""Asked first, so that the login is known before the first sound."""
_REFUSALS: Final = {405: "its sound goes one way", 415: "it does not take this sound"}
_BLOCK_LIMIT: Final = 1 << 16


async def learn(box: Box) -> None:
    """Whether it hears and speaks (§7): only where the parameters say so, and the CGI is there."""
    listed = box.tables.get("Properties", {}).get("Properties.Audio.Audio", "").strip().lower()
    told = listed == "yes" or (bool(box.tables.get("Audio")) and listed != "no")
    if told and await box.verdicts.probe(SOUND, lambda: _probe(box)):
        box.talk = FORMAT
        box.groups[SOUND] = Group((), (Feature(BOX, "speaker"),))
    else:
        box.talk = None
        box.groups.pop(SOUND, None)


async def _probe(box: Box) -> bool:
    """Whether the microphone can be heard: the head of fromserver.cgi tells."""
    async with box.client.http.stream(MICROPHONE, login=box.client.login) as stream:
        if stream.status not in (200, 503):
            box.client.check(await stream.peek(4096))
        return True


async def listen(box: Box) -> Content:
    """What the microphone hears (§7.2-7.4), singlepart or multipart."""
    last: DeviceError = Unsupported("no sound")
    for path in _WAYS:
        stream = await box.client.http.open(path, idle=_SILENT, login=box.client.login)
        try:
            async with stream.or_closed():
                return await _content(box, stream)
        except InvalidAuth, Forbidden, Busy, Unsupported:
            raise
        except DeviceError as error:
            last = error
    raise last


async def _content(box: Box, stream: Stream) -> Content:
    """The sound of an open answer."""
    kind = stream.headers.get("content-type", "audio/basic")
    if stream.status != 200:
        box.client.check(await stream.peek(4096))
    word = kind.partition(";")[0].strip().lower()
    if word.startswith("multipart/"):
        parser = MultipartParser(boundary_of(kind), limit=_BLOCK_LIMIT, body_starts=())
        return Content("audio/basic", Parts(stream, parser, _block), container="mulaw", live=True)
    if not word.startswith("audio/"):
        raise Malformed(f"answered with {word[:40]}")
    return Content(word, stream.chunks, container=_CONTAINERS.get(word), live=True)


def _block(part: Part) -> bytes:
    """The sound of a part."""
    return part.body


async def talk(box: Box, sound: AsyncIterable[bytes]) -> None:
    """Speak (§7.5): µ-law as it comes; a body without end, closed when the speech is over."""
    if box.talk is None:
        raise Unsupported("no speaker")
    headers = {"Content-Type": "audio/basic", "Content-Length": str(_LENGTH)}
    reply = await box.client.http.post(
        await _spelling(box),
        _bounded(sound),
        warm=_WARM,
        headers=headers,
        login=box.client.login,
    )
    # Success may give no reply at all.
    if reply is None:
        return
    if reply.status in _REFUSALS:
        raise Rejected(_REFUSALS[reply.status])
    box.client.check(reply)


async def _spelling(box: Box) -> str:
    """Where it is spoken to: the mixed case is the document's own, not every unit's (§0.3)."""
    kept = box.verdicts.get("speaker")
    if isinstance(kept, str):
        return kept
    found = SPEAKER
    if await _is_absent(box, SPEAKER) and not await _is_absent(box, SPEAKER.lower()):
        found = SPEAKER.lower()
    box.verdicts.put("speaker", found)
    return found


async def _is_absent(box: Box, path: str) -> bool:
    """Whether there is no such CGI; without a body it does nothing."""
    try:
        reply = await box.client.http.ask(path, deadline=_ASKED_SECONDS, login=box.client.login)
    except NoAnswer, Malformed:
        return False
    return reply.status == 404


async def _bounded(sound: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """No more than was announced."""
    left = _LENGTH
    async for chunk in sound:
        if left <= 0:
            return
        yield chunk[:left]
        left -= len(chunk)
