"""Directions of ispydir, and the list of a drive's own commands (§9). Pure."""

import re
from typing import Final
from urllib.parse import unquote

from ..commands import PtzMove
from ..errors import BadInput
from ..model import PtzAbility

DIGITAL: Final = -1
ONVIF: Final = -5
HOME: Final = 0
STOP: Final = 11
STEP_SECONDS: Final = 0.4
"""A step lasts so long, because a drive may go on for ever (§9)."""
ABILITY: Final = PtzAbility(
    axes=frozenset({"pan", "tilt", "zoom"}), modes=frozenset({"continuous", "step"})
)
BUTTONS: Final = {
    "pan_left": 1,
    "tilt_up": 3,
    "pan_right": 5,
    "tilt_down": 7,
    "zoom_in": 9,
    "zoom_out": 10,
}
KINECT: Final = {"tilt_up": "kinect_tilt_up", "tilt_down": "kinect_tilt_down"}
"""Of cameras without a drive; they do nothing on others (§5)."""
_WAYS: Final = {
    (-1, 0): 1,
    (-1, 1): 2,
    (0, 1): 3,
    (1, 1): 4,
    (1, 0): 5,
    (1, -1): 6,
    (0, -1): 7,
    (-1, -1): 8,
}
_OPTION: Final = re.compile(
    r'<option[^>]{0,200}?value=\\?"(.{0,400}?)\\?"[^>]{0,200}?>(.{0,400}?)</option>',
    re.DOTALL | re.IGNORECASE,
)
_MOST: Final = 500


def direction(move: PtzMove) -> int:
    """The number of a direction. BadInput for what no number says."""
    pan, tilt, zoom = (_sign(way) for way in (move.pan, move.tilt, move.zoom))
    if zoom and not (pan or tilt):
        return BUTTONS["zoom_in"] if zoom > 0 else BUTTONS["zoom_out"]
    if zoom or (pan, tilt) not in _WAYS:
        raise BadInput("one direction at a time, or zoom")
    return _WAYS[pan, tilt]


def _sign(way: float) -> int:
    """-1, 0 or 1."""
    return (way > 0) - (way < 0)


def moves(data: str) -> dict[str, str]:
    """The drive's commands or presets: what is sent, and what is shown of it.

    The value is percent-encoded, the visible text is a class name in some versions (§9).
    """
    found: dict[str, str] = {}
    for value, _ in _OPTION.findall(data):
        token = unquote(value)
        if token and len(found) < _MOST:
            found.setdefault(token, token)
    return found
