"""Measuring."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from .base import Brings, Command, Param


@dataclass(frozen=True, slots=True)
class MeasureTemperature(Command):
    """Measure the temperature at a point of the thermal picture."""

    brings: ClassVar[Brings] = Brings.DATA

    left: Annotated[float, Param("From the left", low=0, high=100, step=0.1, unit="%")] = 50
    top: Annotated[float, Param("From the top", low=0, high=100, step=0.1, unit="%")] = 50


@dataclass(frozen=True, slots=True)
class SaveRadiometry(Command):
    """Save one thermal picture with all its temperatures, as the device gives it, to a file."""

    brings: ClassVar[Brings] = Brings.FILE


@dataclass(frozen=True, slots=True)
class SaveHeatMap(Command):
    """Save where people were over a time, as the device gives it, to a file."""

    brings: ClassVar[Brings] = Brings.FILE

    start: Annotated[datetime, Param("From when")]
    end: Annotated[datetime, Param("Until when")]
    plan: Annotated[int, Param("Which plan", low=0, high=255)] = 0
