"""What is done to outputs (§5.3): on, off, for a while, and in a rhythm that the camera keeps."""

from typing import Final

from ..commands import OutputSequence, Set
from ..errors import BadInput
from ..model import Answer, PartId, Value
from . import wire
from .box import Box
from .ports import PULSE_LIMITS, Bank, pulse_seconds

_LONGEST_SECONDS: Final = 9_999.0


def set_pulse(box: Box, part: PartId, value: object) -> Answer:
    """Keep how long a pulse is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("a pulse has a length in seconds")
    if not PULSE_LIMITS.min <= value <= PULSE_LIMITS.max:
        raise BadInput("a pulse lasts 0.1 to 60 s")
    box.env.memory.put(f"pulse:{part}", value)
    return Answer((Value(f"{part}:pulse_length", value),))


async def pulse(box: Box, bank: Bank | None, part: PartId) -> Answer:
    """Switch an output on for a moment; the camera itself ends it (§5.3)."""
    seconds = pulse_seconds(box, part)
    return await _act(box, bank, part, f"/{round(1000 * seconds)}\\", on=True, hold=seconds)


async def switch(box: Box, bank: Bank | None, part: PartId, command: Set) -> Answer:
    """Switch an output, for so many seconds or until changed (§5.3)."""
    on = command.value is True
    changes = "/" if on else "\\"
    if command.seconds is not None:
        if not 0.001 <= command.seconds <= _LONGEST_SECONDS:
            raise BadInput(f"an output is switched for {_LONGEST_SECONDS:g} s at most")
        changes += f"{round(1000 * command.seconds)}" + ("\\" if on else "/")
    return await _act(box, bank, part, changes, on=on)


async def sequence(box: Box, bank: Bank | None, part: PartId, command: OutputSequence) -> Answer:
    """Play a rhythm on an output, in the device's own words (§5.3)."""
    changes = wire.sequence(command.sequence)
    return await _act(box, bank, part, changes, on=None)


async def _act(
    box: Box,
    bank: Bank | None,
    part: PartId,
    changes: str,
    *,
    on: bool | None,
    hold: float | None = None,
) -> Answer:
    """Have the camera do it; `hold` tells of an output that nothing tells of when it is off."""
    for slot, number in zip(bank.slots, bank.asked, strict=True) if bank is not None else ():
        if bank is not None and slot.part == part:
            await box.client.act(bank.cgi, number, changes)
            return Answer(() if on is None else (Value(f"{part}:output", on, hold),))
    raise BadInput(f"no output {part!r}")
