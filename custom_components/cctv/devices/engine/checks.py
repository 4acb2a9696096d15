"""What a command must be like before anything is sent: BadInput says what is wrong with it."""

from collections.abc import Mapping
from datetime import time
from math import inf, isfinite
from typing import Final, get_type_hints

from ..catalogue import SETTABLE, Kind, row
from ..commands import COMMANDS, Command, Mode, Param, Press, PtzMove, PtzStop, Set
from ..errors import BadInput, Unsupported
from ..model import Feature, Light, Limits, Part, PartId, Topology

AXES: Final = ("pan", "tilt", "zoom", "focus", "iris")
SECONDS_MOST: Final = 86400
TEXT_MOST: Final = 1024


def _params(kind: type[Command]) -> Mapping[str, Param]:
    """What a command says of its fields."""
    return {
        name: one
        for name, hint in get_type_hints(kind, include_extras=True).items()
        for one in getattr(hint, "__metadata__", ())
        if isinstance(one, Param)
    }


_PARAMS: Final = {kind: _params(kind) for kind in COMMANDS}


def check(topology: Topology, part: PartId, command: Command) -> None:
    """Refuse a command that its part cannot take."""
    place = topology.parts.get(part)
    if place is None:
        raise BadInput(f"there is no part {part!r}")
    match command:
        case Set():
            _set(_feature(topology, part, command.key), command)
        case Press():
            if row(_feature(topology, part, command.key).key).kind is not Kind.BUTTON:
                raise BadInput(f"{command.key} cannot be pressed")
        case PtzMove():
            _able(place, PtzMove)
            _move(place, command)
        case PtzStop():
            _able(place, PtzStop, PtzMove)
        case _:
            _able(place, type(command))
            _fields(command)


def _able(part: Part, *commands: type[Command]) -> None:
    if not part.can & set(commands):
        raise Unsupported(f"{part.id or 'the box'} cannot do {commands[0].__name__}")


def _fields(command: Command) -> None:
    """Refuse words and numbers that a command does not know."""
    for name, param in _PARAMS.get(type(command), {}).items():
        value = getattr(command, name)
        if param.options and isinstance(value, str) and value not in param.options:
            raise BadInput(f"{name} is one of {', '.join(param.options)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        low = -inf if param.low is None else param.low
        high = inf if param.high is None else param.high
        if not (isfinite(value) and low <= value <= high):
            raise BadInput(f"{name} is a number from {low:g} to {high:g}")


def _feature(topology: Topology, part: PartId, key: str) -> Feature:
    feature = topology.features.get(f"{part}:{key}")
    if feature is None:
        raise BadInput(f"{part or 'the box'} has no {key}")
    return feature


def _seconds(seconds: float | None) -> None:
    if seconds is not None and not 0 < seconds <= SECONDS_MOST:
        raise BadInput(f"{seconds} s is no time between 0 and {SECONDS_MOST} s")


def _set(feature: Feature, command: Set) -> None:
    kind = row(feature.key).kind
    value = command.value
    if kind not in SETTABLE:
        raise BadInput(f"{feature.key} cannot be set")
    _seconds(command.seconds)
    match kind:
        case Kind.SWITCH | Kind.SIREN | Kind.LOCK:
            good = isinstance(value, bool)
        case Kind.NUMBER:
            good = _number(feature, value)
        case Kind.CHOICE:
            good = value in (feature.options or row(feature.key).options)
        case Kind.TEXT:
            good = isinstance(value, str) and _text(feature, value)
        case Kind.TIME:
            good = isinstance(value, time)
        case _:
            good = isinstance(value, Light) and _light(feature, value)
    if not good:
        raise BadInput(f"{value!r} is no value for {feature.key}")


def _number(feature: Feature, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return False
    limits = feature.limits
    return limits is None or limits.min <= value <= limits.max


def _text(feature: Feature, value: str) -> bool:
    limits = feature.limits or Limits(0, TEXT_MOST)
    return limits.min <= len(value) <= limits.max and value.isprintable()


def _light(feature: Feature, value: Light) -> bool:
    level = value.level is None or 0 <= value.level <= 100
    return level and (value.effect is None or value.effect in feature.options)


def _move(part: Part, command: PtzMove) -> None:
    _seconds(command.seconds)
    if part.ptz is None:
        raise BadInput(f"{part.id or 'the box'} does not move")
    if command.mode not in part.ptz.modes:
        raise BadInput(f"{command.mode} is none of its modes")
    if not 0 <= command.speed <= 1:
        raise BadInput(f"{command.speed} is no speed between 0 and 1")
    for axis in AXES:
        way: float = getattr(command, axis)
        if not isfinite(way) or (command.mode is not Mode.ABSOLUTE and abs(way) > 1):
            raise BadInput(f"{way} is no way to go for {axis}")
        if way and axis not in part.ptz.axes:
            raise BadInput(f"it has no {axis}")
