"""Keeps a part of a recording: it begins with a key picture, at time zero."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from math import inf
from typing import Final

from .units import Pictures, Sounds, Unit

HELD_MOST_BYTES: Final = 12 << 20
"""A group of pictures that is longer is begun later than asked for."""
SOUNDS_MOST: Final = 1_024
"""So many pieces of sound are kept until the first picture is known."""
_SECOND: Final = 1_000_000


def cut(units: Iterable[Unit | None], keep: tuple[float, float] | None) -> Iterator[Unit | None]:
    """From the last key picture not after the first second kept, up to the last."""
    source = iter(units)
    begin, end = (0.0, inf) if keep is None else (one * _SECOND for one in keep)
    opening, zero = _opening(source, begin)
    if not opening or zero + begin >= zero + end:
        return
    time, shift = opening[0].time, opening[0].shift
    seen = time + shift
    moved = seen != 0 or shift != 0
    if not moved and end == inf:
        for unit in chain(opening, source):
            if unit is None or unit.time >= 0 or isinstance(unit.form, Pictures):
                yield unit
        return
    for unit in chain(opening, source):
        if unit is None:
            yield None
            continue
        form = unit.form
        if unit.time + unit.shift - zero >= end:
            if isinstance(form, Pictures):
                return
        elif not moved and unit.time >= 0:
            yield unit
        elif isinstance(form, Pictures):
            yield Unit(form, unit.time - time, unit.key, unit.data, unit.shift - shift)
        elif unit.time >= seen:
            yield Unit(form, unit.time - seen, unit.key, unit.data)


def _opening(source: Iterator[Unit | None], begin: float) -> tuple[list[Unit], int]:
    """What is read until it can begin, a key picture first, and when the first of all is seen."""
    zero: int | None = None
    group: list[Unit] = []
    size = 0
    sounds: deque[Unit] = deque(maxlen=SOUNDS_MOST)
    for unit in source:
        if unit is None:
            continue
        if isinstance(unit.form, Sounds):
            sounds.append(unit)
            continue
        seen = unit.time + unit.shift
        if zero is None:
            if not unit.key:
                continue
            zero = seen
        if unit.key and (seen - zero <= begin or not group):
            group, size = [], 0
        if unit.key or group:
            group.append(unit)
            size += len(unit.data)
        if size > HELD_MOST_BYTES:
            group, size = [], 0
        if group and seen - zero >= begin:
            return [group[0], *sounds, *group[1:]], zero
    return [], 0
