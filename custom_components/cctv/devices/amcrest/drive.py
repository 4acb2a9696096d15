"""How a drive is spoken to (§4.10.7): channels, commands, places."""

from typing import Final

from ..errors import BadInput, Unsupported
from ..model import Hint, PartId, Value
from . import wire
from .box import Box

PTZ: Final = "ptz:"
"""The poll of where one camera looks (getStatus, §4.10.8)."""
SPOTS: Final = "spots:"
"""The poll of the presets and tours of one camera (§4.10.5, §4.10.6)."""
LENS: Final = "lens:"
"""The poll of one camera's lens (getFocusStatus, §4.5.17)."""
OFF: Final = "off"
_ZERO: Final = "ptz from zero"


def index_of(box: Box, part: PartId) -> int:
    """The index of a camera's part."""
    for index, camera in box.cameras.items():
        if camera.part.id == part:
            return index
    raise BadInput(f"no camera {part}")


def channel_of(box: Box, part: PartId) -> int:
    """The channel that the drive is told; a few cameras count drives from 0 (§4.10.7)."""
    channel = box.cameras[index_of(box, part)].channel
    return channel - 1 if box.verdicts.get(_ZERO) is True else channel


async def send(
    box: Box, part: PartId, action: str, code: str, *args: float, end: float | None = None
) -> None:
    """One ptz.cgi command (§4.10.7)."""
    params: list[tuple[str, wire.Param]] = [("channel", channel_of(box, part)), ("code", code)]
    params += [
        (f"arg{at + 1}", f"{each:g}" if isinstance(each, float) else each)
        for at, each in enumerate(args)
    ]
    if end is not None:
        params.append(("arg4", f"{end:g}"))
    try:
        await box.client.tell("ptz", action, params)
    except Unsupported:
        if not box.alone or box.verdicts.get(_ZERO) is not None:
            raise
        # Only after a refusal, which moved nothing (§4.10.7); another may have other reasons.
        params[0] = ("channel", channel_of(box, part) - 1)
        await box.client.tell("ptz", action, params)
        box.verdicts.put(_ZERO, verdict=True)
    else:
        if box.verdicts.get(_ZERO) is None:
            box.verdicts.put(_ZERO, verdict=False)


def number(word: str) -> float | None:
    """A number of an answer; None if it is none."""
    try:
        found = float(word)
    except ValueError:
        return None
    return round(found, 2) if abs(found) < 1e6 else None


def leaves(box: Box, part: PartId) -> tuple[Value, ...]:
    """It is at no preset any more."""
    id_ = f"{part}:preset"
    return (Value(id_, None),) if box.sent.pop(id_, None) is not None else ()


def looks(box: Box, part: PartId) -> Hint:
    """It looks elsewhere now."""
    channel = box.cameras[index_of(box, part)].channel
    return Hint((f"{LENS if part in box.lenses else PTZ}{channel}",))
