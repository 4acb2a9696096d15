"""Motion windows and outputs."""

from dataclasses import dataclass
from typing import Annotated

from .base import Command, Param


@dataclass(frozen=True, slots=True)
class AddWindow(Command):
    """Add a motion window; edges are in hundredths of a percent of the picture."""

    name: Annotated[str, Param("Its name")]
    left: Annotated[int, Param("Left edge", low=0, high=9999)] = 200
    top: Annotated[int, Param("Upper edge", low=0, high=9999)] = 200
    right: Annotated[int, Param("Right edge", low=0, high=9999)] = 4000
    bottom: Annotated[int, Param("Lower edge", low=0, high=9999)] = 4000
    exclude: Annotated[bool, Param("Motion in it does not count")] = False


@dataclass(frozen=True, slots=True)
class ChangeWindow(Command):
    """Change a motion window; what is left out stays."""

    window: Annotated[str, Param("Its number or name")]
    name: Annotated[str, Param("Its new name")] = ""
    left: Annotated[int | None, Param("Left edge", low=0, high=9999)] = None
    top: Annotated[int | None, Param("Upper edge", low=0, high=9999)] = None
    right: Annotated[int | None, Param("Right edge", low=0, high=9999)] = None
    bottom: Annotated[int | None, Param("Lower edge", low=0, high=9999)] = None


@dataclass(frozen=True, slots=True)
class RemoveWindow(Command):
    """Remove a motion window."""

    window: Annotated[str, Param("Its number or name")]


@dataclass(frozen=True, slots=True)
class OutputSequence(Command):
    """Switch an output in a rhythm that the device keeps itself."""

    sequence: Annotated[str, Param("/ on, \\ off, a number waits so many milliseconds: /500\\")]
