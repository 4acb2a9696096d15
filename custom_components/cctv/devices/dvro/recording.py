"""Recording and clips: asked of the recorder, and looked at until it is so (§5)."""

from collections.abc import Awaitable, Callable
import logging
from typing import Final

from ..errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    NoAnswer,
    Rejected,
    Unsupported,
)
from ..model import Answer, Batch, Hint, Notice, Value
from .box import Box
from .features import CLIP, LADDER, RECORDING_DIRECTORY, of

_LOGGER = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
LOOKED_SECONDS: Final = 10.0
"""It is looked at so often and for so long whether a command has taken (§5.4)."""
NOT_STARTED: Final = (
    "the recorder did not start: is a channel running, does its screen show a folder dialog?"
)
_NOTICE: Final = "no_recording"
_WINNER: Final = "recording_told_by"


# --- what is so ---------------------------------------------------------------------------------


async def is_recording(box: Box) -> bool:
    """Whether it records, from the first request that tells, remembered (§9)."""
    winner = box.env.memory.get(_WINNER)
    failure: DeviceError | None = None
    for rung in sorted(LADDER, key=lambda each: each.name != winner):
        if rung.status and not box.client.has_status:
            continue
        try:
            now = await box.client.is_recording(rung)
        except (CannotConnect, NoAnswer) as error:
            # A second port that is closed is no outage.
            if not rung.status:
                raise
            _LOGGER.debug("%s: %r", rung.name, error)
        except DeviceError as error:
            failure = failure or error
        else:
            if rung.name != winner:
                box.env.memory.put(_WINNER, rung.name)
            return now
    raise failure or Unsupported("nothing tells whether it records")


async def read(box: Box) -> Batch:
    """Whether it records, and whether it was told to in vain."""
    return told(box, await is_recording(box))


def told(box: Box, now: bool) -> Batch:
    """What follows from recording or not."""
    if now:
        box.stuck = False
    return (
        Value(of("record"), now),
        Value(of("recording"), now),
        Notice(_NOTICE, active=box.stuck),
    )


async def read_clip(box: Box) -> Batch:
    """Whether an extra clip is recorded."""
    return _told_clip(await box.client.is_clip_recording())


def _told_clip(now: bool) -> Batch:
    """What follows from recording a clip or not."""
    return (Value(of("clip"), now), Value(of("clip_recording"), now))


# --- what is wanted -----------------------------------------------------------------------------


async def record(box: Box, on: bool) -> Answer:
    """Start or stop all channels. Rejected when it stays as it was."""
    return await (_start(box) if on else _stop(box))


async def _start(box: Box) -> Answer:
    """Name the folder, start, and look whether it records (§5.2, §5.4)."""
    directory = box.wishes[RECORDING_DIRECTORY]
    if not isinstance(directory, str):
        raise BadInput(
            "without a recording directory its own screen would ask for one and wait: set the "
            "recording directory first"
        )
    if await is_recording(box):
        return Answer(told(box, True))
    await box.client.set_recording_directory(directory)
    try:
        await _told_or_silent(box.client.start_recording())
        started = await _becomes(box, lambda: is_recording(box), True)
    except Rejected as error:
        box.stuck = True
        raise Rejected(f"{NOT_STARTED} ({error})") from error
    if not started:
        box.stuck = True
        raise Rejected(NOT_STARTED)
    return Answer(told(box, True))


async def _stop(box: Box) -> Answer:
    """Stop, and look whether it has; a clip ends with the recording."""
    await _told_or_silent(box.client.stop_recording())
    box.stuck = False
    if not await _becomes(box, lambda: is_recording(box), False):
        raise Rejected("the recorder goes on recording")
    clip = (Hint((CLIP,)),) if CLIP in box.answered else ()
    return Answer((*told(box, False), *clip))


async def clip(box: Box, on: bool) -> Answer:
    """Start or stop an extra clip, which belongs inside a recording (§5.6)."""
    if on and box.checks_clips and not await is_recording(box):
        raise BadInput("a clip belongs inside a recording: start the recording first")
    client = box.client
    if CLIP not in box.answered:
        await (client.start_clip() if on else client.stop_clip())
        return Answer((Value(of("clip"), on),))
    await _told_or_silent(client.start_clip() if on else client.stop_clip())
    if not await _becomes(box, client.is_clip_recording, on):
        raise Rejected(
            "the clip did not start: is a channel running?" if on else "the clip goes on"
        )
    return Answer(_told_clip(on))


async def _told_or_silent(telling: Awaitable[None]) -> None:
    """Tell; silence is no answer yet, since a dialog may hold it back: the state will tell."""
    try:
        await telling
    except NoAnswer as error:
        _LOGGER.debug("Told without an answer: %r", error)


async def _becomes(box: Box, look: Callable[[], Awaitable[bool]], wanted: bool) -> bool:
    """Look once a second until it is so; False when it never is, NoAnswer when nothing tells."""
    clock = box.env.clock
    end = clock.monotonic() + LOOKED_SECONDS
    silence: NoAnswer | None = None
    answered = False
    while True:
        try:
            if await look() is wanted:
                return True
            answered = True
        except NoAnswer as error:
            silence = error
        if clock.monotonic() >= end:
            break
        await clock.sleep(LOOK_SECONDS)
    if silence is not None and not answered:
        raise silence
    return False
