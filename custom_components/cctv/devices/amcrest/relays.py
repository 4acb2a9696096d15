"""Which alarm outputs are on now, whatever their mode says (getOutState, §4.9.7)."""

from typing import Final

from ..model import Batch, Feature, Part, Value
from ..settings import POLL
from .box import Box
from .topic import Topic

OUTPUTS: Final = "outputs"
_GROUP: Final = f"{POLL}AlarmOut"
_STATE: Final = "getOutState"
"""What tells it; also the verdict on whether it does."""


async def _survey(box: Box) -> list[Value]:
    """A box with outputs tells which are on, or it does not."""
    outputs = box.parts.get(_GROUP, [])
    if not outputs or OUTPUTS in box.features:
        return []
    state = await box.verdicts.probe(_STATE, lambda: _state(box))
    if state is None:
        return []
    _place(box)
    return _told(outputs, state)


def recall(box: Box) -> None:
    """That they were found to tell; the outputs themselves are known by now."""
    if box.verdicts.get(_STATE) is True:
        _place(box)


def _place(box: Box) -> None:
    outputs = box.parts.get(_GROUP, [])
    box.features[OUTPUTS] = [Feature(part.id, "output_active", poll=OUTPUTS) for part in outputs]


async def _state(box: Box) -> int:
    """One bit an output (getOutState, §4.9.7)."""
    return await box.client.number("alarm", _STATE)


def _told(outputs: list[Part], state: int) -> list[Value]:
    return [
        Value(f"{part.id}:output_active", bool(state >> (int(part.token) - 1) & 1))
        for part in outputs
    ]


async def _read(box: Box, poll: str) -> Batch:
    """Which outputs are on."""
    return tuple(_told(box.parts.get(_GROUP, []), await _state(box)))


TOPIC: Final = Topic(survey=_survey, readers={OUTPUTS: _read})
