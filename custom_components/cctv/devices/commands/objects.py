"""What a server serves."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from .base import Command, Param, Risk


@dataclass(frozen=True, slots=True)
class AddObject(Command):
    """Add a camera or microphone to a server."""

    risk: ClassVar[Risk] = Risk.ADMIN

    kind: Annotated[str, Param("What it is", options=("camera", "microphone"))]
    source: Annotated[int, Param("The number of the source's type", low=0, high=12)]
    url: Annotated[str, Param("Where its pictures or sound come from")] = ""
    name: Annotated[str, Param("Its name")] = ""
    width: Annotated[int, Param("Width of the picture", low=1, high=16384)] = 640
    height: Annotated[int, Param("Height of the picture", low=1, high=16384)] = 480


@dataclass(frozen=True, slots=True)
class RemoveObject(Command):
    """Remove a camera or microphone from its server, with all its settings."""

    risk: ClassVar[Risk] = Risk.DESTROYS
