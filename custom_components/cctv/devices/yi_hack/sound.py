"""The camera's speaker (§6): one sound at a time, or two would corrupt each other."""

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
import re
from typing import Final

from ..commands import PlayFile, Say
from ..errors import BadInput, Busy, Unsupported
from ..model import BOX, Answer
from .box import Box
from .features import DECIBELS, LANGUAGES, RATE

_BYTES_A_SECOND: Final = 2 * RATE
_FILE: Final = re.compile(r"(?!\.)(?!.*\.\.)[A-Za-z0-9._-]{1,80}")
_TEXT_MOST: Final = 1_000
_BREAKS: Final = re.compile(r'[\s"\\\x00-\x1f\x7f]+')


async def talk(box: Box, sound: AsyncIterable[bytes]) -> None:
    """Play PCM (speaker.sh): as one body, since a chunked one would be heard as noise (§2)."""
    format_ = box.topology.parts[BOX].talk
    if format_ is None:
        raise Unsupported("no speaker")
    async with _alone(box):
        body = bytearray()
        async for chunk in sound:
            body += chunk
            if format_.limit is not None and len(body) > format_.limit:
                raise BadInput(f"more than {format_.limit // _BYTES_A_SECOND} seconds of sound")
        if not body:
            return
        # Half a sample at the end would be a click.
        whole = bytes(body[: len(body) - len(body) % 2])
        clock = box.env.clock
        seconds = len(whole) / _BYTES_A_SECOND
        end = clock.monotonic() + seconds
        await box.client.play(whole, _decibels(box, None), seconds)
        # With a card the answer comes before the sound has ended.
        if (left := end - clock.monotonic()) > 0:
            await clock.sleep(left)


async def say(box: Box, command: Say) -> Answer:
    """Speak (speak.sh): only the first line counts, quotes would break the answer (§4)."""
    language = command.language or LANGUAGES[0]
    known = {each.lower(): each for each in LANGUAGES}
    if language.lower() not in known:
        raise BadInput(f"one of {', '.join(LANGUAGES)}")
    text = _BREAKS.sub(" ", command.text).strip()
    if not text or len(text) > _TEXT_MOST:
        raise BadInput(f"a text of 1 to {_TEXT_MOST} characters")
    async with _alone(box):
        await box.client.speak(text, known[language.lower()], _decibels(box, command.volume))
    return Answer()


async def play_file(box: Box, command: PlayFile) -> Answer:
    """Play a file of the card (speaker_file.sh); a name, never a path (§13)."""
    if not _FILE.fullmatch(command.file):
        raise BadInput("the name of a file, of letters, digits, dots, hyphens and underscores")
    async with _alone(box):
        await box.client.play_file(command.file, _decibels(box, command.volume))
    return Answer()


def _decibels(box: Box, volume: float | None) -> int:
    """The gain for a volume in percent: half is the sound as it is."""
    percent = box.volume if volume is None else volume
    if not 0 <= percent <= 100:
        raise BadInput("a volume from 0 to 100 %")
    return round((percent - 50) / 50 * DECIBELS)


@asynccontextmanager
async def _alone(box: Box) -> AsyncGenerator[None]:
    """One sound at a time."""
    if box.sounds.locked():
        raise Busy("the speaker plays something else")
    async with box.sounds:
        yield
