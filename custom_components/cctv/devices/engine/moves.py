"""The buttons of a moving camera: which there are, and the command that each one means."""

from collections.abc import Mapping
from typing import Final

from ..commands import Command, GotoPreset, Mode, Press, PtzHome, PtzMove, Set
from ..errors import BadInput
from ..model import Feature, FeatureId, Limits, Part, PartId, Topology

STEP: Final = "ptz_step"
HOME: Final = "ptz_home"
PRESET: Final = "preset"
STEP_LIMITS: Final = Limits(0.1, 10, 0.1)
STEP_SECONDS: Final = 0.5
"""How long a step is until the user says otherwise."""

_WAYS: Final[Mapping[str, tuple[str, int]]] = {
    "pan_left": ("pan", -1),
    "pan_right": ("pan", 1),
    "tilt_up": ("tilt", 1),
    "tilt_down": ("tilt", -1),
    "zoom_in": ("zoom", 1),
    "zoom_out": ("zoom", -1),
}


def features(part: Part) -> tuple[Feature, ...]:
    """The buttons of a part that moves, and how long a step of it is."""
    found = [Feature(part.id, HOME)] if PtzHome in part.can else []
    if part.ptz is not None and _step_mode(part) is not None:
        axes = part.ptz.axes
        found += [Feature(part.id, key) for key, (axis, _) in _WAYS.items() if axis in axes]
        found.append(Feature(part.id, STEP, limits=STEP_LIMITS))
    return tuple(found)


def meant(topology: Topology, part: PartId, command: Command, step: float) -> Command:
    """What a family is told instead of a move's button, or of a preset by its name or number."""
    place = topology.parts[part]
    match command:
        case Press(key) if key == HOME and PtzHome in place.can:
            return PtzHome()
        case Press(key) if key in _WAYS and (mode := _step_mode(place)) is not None:
            axis, way = _WAYS[key]
            ways = {axis: way}
            return PtzMove(
                ways.get("pan", 0),
                ways.get("tilt", 0),
                ways.get("zoom", 0),
                mode=mode,
                seconds=step,
            )
        case GotoPreset(wanted):
            choice = topology.features.get(f"{part}:{PRESET}")
            if choice is not None and choice.options:
                return Set(PRESET, _token(choice, wanted))
    return command


def leaves(command: Command) -> bool:
    """Whether after a command nobody knows any more at which preset the camera is."""
    match command:
        case PtzHome():
            return True
        case PtzMove(mode=Mode.ABSOLUTE):
            return True
        case PtzMove():
            return bool(command.pan or command.tilt or command.zoom)
    return False


def with_presets(
    parts: Mapping[PartId, Part], known: Mapping[FeatureId, Feature]
) -> frozenset[PartId]:
    """The parts whose presets are known by name, so that any of them can be gone to."""
    return frozenset(
        id_ for id_ in parts if (one := known.get(f"{id_}:{PRESET}")) is not None and one.options
    )


def _step_mode(part: Part) -> Mode | None:
    """How a part goes a step: its own way, or on and stopped by us; None if it cannot."""
    if part.ptz is None or PtzMove not in part.can:
        return None
    return next((mode for mode in (Mode.STEP, Mode.CONTINUOUS) if mode in part.ptz.modes), None)


def _token(choice: Feature, wanted: str) -> str:
    """The token of a preset that is given by token, name or number."""
    if wanted in choice.options:
        return wanted
    name = wanted.strip().casefold()
    named = [token for token in choice.options if choice.labels.get(token, "").casefold() == name]
    if not named and name.isdecimal():
        named = [token for token in choice.options if token.isdecimal() and int(token) == int(name)]
    if not named:
        raise BadInput(f"there is no preset {wanted[:40]!r}")
    return named[0]
