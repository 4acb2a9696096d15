"""Moving the camera."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from .base import Brings, Command, Param


class Mode(StrEnum):
    """How a move is meant."""

    CONTINUOUS = "continuous"
    STEP = "step"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class PtzMove(Command):
    """Move the camera: each axis −1…1, or degrees and times when absolute; we stop it."""

    pan: Annotated[float, Param("Right is positive", low=-360, high=360, step=0.01)] = 0
    tilt: Annotated[float, Param("Up is positive", low=-180, high=180, step=0.01)] = 0
    zoom: Annotated[float, Param("In is positive", low=-9999, high=9999, step=0.01)] = 0
    focus: Annotated[float, Param("Far is positive", low=-1, high=1, step=0.01)] = 0
    iris: Annotated[float, Param("Open is positive", low=-1, high=1, step=0.01)] = 0
    mode: Annotated[Mode, Param("How the numbers are meant", options=tuple(Mode))] = Mode.CONTINUOUS
    speed: Annotated[float, Param("How fast", low=0, high=1, step=0.05)] = 0.5
    seconds: Annotated[float | None, Param("Stop after", low=0.1, high=60, step=0.1, unit="s")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class PtzStop(Command):
    """Stop every axis."""


@dataclass(frozen=True, slots=True)
class PtzHome(Command):
    """Go to the home position."""


@dataclass(frozen=True, slots=True)
class GotoPreset(Command):
    """Go to a stored position."""

    preset: Annotated[str, Param("Its name or number")]


@dataclass(frozen=True, slots=True)
class SavePreset(Command):
    """Store where the camera looks now."""

    preset: Annotated[str, Param("Its name, or the number to store it under")]
    name: Annotated[str, Param("Its name, if the first is a number")] = ""


@dataclass(frozen=True, slots=True)
class RemovePreset(Command):
    """Forget a stored position."""

    preset: Annotated[str, Param("Its name or number")]


@dataclass(frozen=True, slots=True)
class PtzBox(Command):
    """Turn and zoom to a part of the picture; edges are percent of the picture."""

    left: Annotated[float, Param("Left edge", low=0, high=100, step=0.1, unit="%")]
    top: Annotated[float, Param("Upper edge", low=0, high=100, step=0.1, unit="%")]
    right: Annotated[float, Param("Right edge", low=0, high=100, step=0.1, unit="%")]
    bottom: Annotated[float, Param("Lower edge", low=0, high=100, step=0.1, unit="%")]


@dataclass(frozen=True, slots=True)
class Tour(Command):
    """Start, stop or change a tour through stored positions."""

    tour: Annotated[str, Param("Its name or number")]
    tour_action: Annotated[
        str, Param("What to do", options=("start", "stop", "add", "remove", "name", "clear"))
    ] = "start"
    preset: Annotated[str, Param("The position that is added or removed, by name or number")] = ""
    name: Annotated[str, Param("Its new name")] = ""


@dataclass(frozen=True, slots=True)
class Pattern(Command):
    """Record a movement by hand, and repeat it."""

    pattern: Annotated[int, Param("Its number", low=1, high=255)] = 1
    pattern_action: Annotated[
        str, Param("What to do", options=("start", "stop", "record", "save"))
    ] = "start"


@dataclass(frozen=True, slots=True)
class Scan(Command):
    """Swing between two edges, which are set where the camera looks now."""

    scan: Annotated[int, Param("Its number", low=1, high=255)] = 1
    scan_action: Annotated[
        str, Param("What to do", options=("start", "stop", "left_edge", "right_edge"))
    ] = "start"


@dataclass(frozen=True, slots=True)
class Aux(Command):
    """Switch what hangs on the camera's drive."""

    run: Annotated[bool, Param("Switch it on; else off")]
    what: Annotated[str, Param("What it is", options=("light", "wiper", "aux"))] = "aux"
    number: Annotated[int, Param("Its number, if there are several", low=0, high=255)] = 0


@dataclass(frozen=True, slots=True)
class GetView(Command):
    """Tell which part of the scene the camera shows, in percent."""

    brings: ClassVar[Brings] = Brings.DATA


@dataclass(frozen=True, slots=True)
class SetView(Command):
    """Show only a part of the scene; edges are percent of the whole."""

    left: Annotated[float, Param("Left edge", low=0, high=100, step=0.1, unit="%")]
    top: Annotated[float, Param("Upper edge", low=0, high=100, step=0.1, unit="%")]
    right: Annotated[float, Param("Right edge", low=0, high=100, step=0.1, unit="%")]
    bottom: Annotated[float, Param("Lower edge", low=0, high=100, step=0.1, unit="%")]
