"""How camera cards ask for a move: a direction, and start, stop or step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import voluptuous as vol

from .devices.commands import Command, Param, Press, PtzHome, PtzMove, PtzStop

START: Final = "start"
STOP: Final = "stop"
STEP: Final = "step"
HOME: Final = "home"

WAYS: Final[Mapping[str, tuple[str, str, int]]] = {
    "left": ("pan_left", "pan", -1),
    "right": ("pan_right", "pan", 1),
    "up": ("tilt_up", "tilt", 1),
    "down": ("tilt_down", "tilt", -1),
    "zoom_in": ("zoom_in", "zoom", 1),
    "zoom_out": ("zoom_out", "zoom", -1),
}
"""A card's direction: the button that goes a step, the axis that is moved, and which way."""

_NUMBERS: Final = ("pan", "tilt", "zoom", "focus", "iris", "mode")


@dataclass(frozen=True, slots=True)
class CardMove:
    """What cards send instead of numbers."""

    direction: Annotated[
        str | None, Param("Where to, instead of numbers", options=(*WAYS, HOME, STOP))
    ] = None
    action: Annotated[
        str, Param("Begin to move, stop, or go one step", options=(START, STOP, STEP))
    ] = STEP


def check(data: dict[str, Any]) -> dict[str, Any]:
    """Refuse what is said in both ways, or in neither."""
    if "direction" in data and (said := [name for name in _NUMBERS if name in data]):
        raise vol.Invalid(f"give either a direction or {said[0]}, not both")
    if "direction" not in data and data.get("action", STOP) != STOP:
        raise vol.Invalid("an action needs a direction", path=["direction"])
    return data


def command_of(data: Mapping[str, Any]) -> Command:
    """Return what is meant: by a card, or by numbers."""
    direction, action = data.get("direction"), data.get("action")
    if STOP in (direction, action):
        return PtzStop()
    if direction == HOME:
        return PtzHome()
    if direction is None:
        return PtzMove(**data)
    button, axis, way = WAYS[direction]
    if action != START:
        return Press(button)
    rest = {name: data[name] for name in ("speed", "seconds") if name in data}
    return PtzMove(**{axis: way, **rest})
