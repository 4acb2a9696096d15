"""How a drive is moved (§3.1): what it knows, and a move as arguments of ptz.cgi."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..commands import Mode, PtzMove
from ..errors import BadInput
from ..model import PtzAbility
from .box import Camera
from .client import Params

_AXES: Final = ("pan", "tilt", "zoom", "focus", "iris")
_RANGE: Final = {"pan": 360.0, "tilt": 180.0, "zoom": 9_999.0, "focus": 9_999.0, "iris": 9_999.0}
_SPEEDS: Final = 100
_STEP: Final = 100
"""A step of zoom, focus and iris (§3.1: 10 and 100 are seen)."""


@dataclass(slots=True)
class Head:
    """The drive of one camera."""

    camera: Camera
    commands: Mapping[str, str]
    """What it knows, lower case to its own spelling."""
    told: frozenset[str] = frozenset()
    """What query=position tells."""
    limits: Mapping[str, float] = field(default_factory=dict)
    presets: Mapping[int, str] = field(default_factory=dict)
    at: int | None = None
    """The preset that it was sent to."""
    base: int = 1

    def knows(self, *names: str) -> bool:
        """Whether it knows any of these commands."""
        return any(name in self.commands for name in names)

    def span(self, axis: str) -> float:
        """The whole range of an axis."""
        low, high = self.limits.get(f"min{axis}"), self.limits.get(f"max{axis}")
        return high - low if low is not None and high is not None and high > low else _RANGE[axis]


def ability(head: Head) -> PtzAbility:
    """Its axes, modes and speeds."""
    modes: set[str] = set()
    axes: set[str] = set()
    for axis in _AXES:
        rotates = axis in ("pan", "tilt")
        continuous = "continuouspantiltmove" if rotates else f"continuous{axis}move"
        found = {
            Mode.CONTINUOUS: head.knows(continuous),
            Mode.STEP: head.knows("move") if rotates else head.knows(f"r{axis}"),
            Mode.RELATIVE: head.knows(f"r{axis}"),
            Mode.ABSOLUTE: head.knows(axis) and axis in ("pan", "tilt", "zoom"),
        }
        modes |= {mode for mode, has in found.items() if has}
        if any(found.values()):
            axes.add(axis)
    return PtzAbility(frozenset(axes), frozenset(modes), _SPEEDS)


def arguments(head: Head, command: PtzMove) -> Params:
    """A move as arguments. BadInput for one that goes nowhere."""
    ways = {axis: float(getattr(command, axis)) for axis in _AXES}
    build = {
        Mode.CONTINUOUS: _continuous,
        Mode.STEP: _step,
        Mode.RELATIVE: _relative,
        Mode.ABSOLUTE: _absolute,
    }[command.mode]
    found = build(head, ways, command.speed)
    if not found:
        raise BadInput("a move without a direction")
    return found


def _percent(speed: float) -> str:
    return str(max(1, round(100 * speed)))


def _pace(way: float, speed: float) -> int:
    """A speed with its direction, never rounded to a standstill."""
    pace = max(1, min(100, round(abs(way) * speed * 100)))
    return 0 if not way else pace if way > 0 else -pace


def _continuous(head: Head, ways: Mapping[str, float], speed: float) -> Params:
    found: list[tuple[str, str]] = []
    if ways["pan"] or ways["tilt"]:
        if not head.knows("continuouspantiltmove"):
            raise BadInput("it turns by steps only")
        pan, tilt = _pace(ways["pan"], speed), _pace(ways["tilt"], speed)
        found.append(("continuouspantiltmove", f"{pan},{tilt}"))
    for axis in ("zoom", "focus", "iris"):
        if ways[axis]:
            if not head.knows(f"continuous{axis}move"):
                raise BadInput(f"its {axis} goes by steps only")
            found.append((f"continuous{axis}move", str(_pace(ways[axis], speed))))
    return found


def _step(head: Head, ways: Mapping[str, float], speed: float) -> Params:
    up = "up" if ways["tilt"] > 0 else "down" if ways["tilt"] < 0 else ""
    right = "right" if ways["pan"] > 0 else "left" if ways["pan"] < 0 else ""
    found = [("move", up + right)] if up or right else []
    found += [
        (f"r{axis}", str(_STEP if ways[axis] > 0 else -_STEP))
        for axis in ("zoom", "focus", "iris")
        if ways[axis]
    ]
    return [*found, ("speed", _percent(speed))] if found else []


def _relative(head: Head, ways: Mapping[str, float], speed: float) -> Params:
    """One is the whole range of an axis."""
    found = []
    for axis in _AXES:
        if ways[axis]:
            way = ways[axis] * head.span(axis)
            found.append((f"r{axis}", f"{way:.4g}" if axis in ("pan", "tilt") else f"{way:.0f}"))
    return [*found, ("speed", _percent(speed))] if found else []


def _absolute(head: Head, ways: Mapping[str, float], speed: float) -> Params:
    """Degrees, and the zoom in the device's own 1 to 9999; no zoom leaves it as it is."""
    if ways["focus"] or ways["iris"]:
        raise BadInput("focus and iris have no absolute places")
    if abs(ways["pan"]) > 180 or abs(ways["tilt"]) > 180:
        raise BadInput("pan and tilt are between -180 and 180 degrees")
    if ways["zoom"] and not 1 <= ways["zoom"] <= 9_999:
        raise BadInput("zoom is between 1 and 9999")
    found = []
    # Nought may be meant or left out: it is left out where only the zoom is given.
    if ways["pan"] or ways["tilt"] or not ways["zoom"]:
        found += [(axis, f"{ways[axis]:.4f}".rstrip("0").rstrip(".")) for axis in ("pan", "tilt")]
    if ways["zoom"]:
        found.append(("zoom", f"{ways['zoom']:.0f}"))
    return [*((axis, way) for axis, way in found if head.knows(axis)), ("speed", _percent(speed))]
