"""Listening to the camera on somebody else's bus (§9): subscribe, translate, know when it left."""

from collections.abc import AsyncGenerator
from typing import Final

from ..errors import Unsupported
from ..model import Batch, Picture, Update, Value
from .box import Box
from .layout import build

_PICTURE: Final = ":last_picture"
_EARLY: Final = 2.0
"""What a broker keeps comes within so many seconds of the subscription."""


async def listen(box: Box) -> AsyncGenerator[Batch]:
    """Batches of what the camera says; () where it says nothing new. Unsupported without a bus.

    CannotConnect when the camera leaves the broker. Only the first message proves that it is there.
    """
    translator = box.translator
    if translator is None:
        raise Unsupported("the camera speaks to no broker")
    clock = box.env.clock
    began = clock.monotonic()
    messages = box.env.bus.subscribe(translator.words.filter)
    try:
        async for topic, payload in messages:
            early = clock.monotonic() - began < _EARLY
            found = translator.translate(topic, payload, box.bounds, clock.now(), early=early)
            if found is None:
                continue
            if not box.hearing:
                box.hearing = box.seeding = True
            yield _grown(box, found)
    finally:
        box.hearing = False
        close = getattr(messages, "aclose", None)
        if close is not None:
            await close()


def _grown(box: Box, found: Batch) -> Batch:
    """What was found, of what this camera has; the topology first, when it is first heard."""
    grown: list[Update] = []
    if not box.proven:
        box.prove()
        grown.append(build(box))
    for update in found:
        if isinstance(update, Value) and update.feature == _PICTURE:
            box.latest = update.value if isinstance(update.value, Picture) else box.latest
    known = box.topology.features
    return (
        *grown,
        *(each for each in found if not isinstance(each, Value) or each.feature in known),
    )
