"""Recording, and what was recorded."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from .base import Command, Param, Risk


@dataclass(frozen=True, slots=True)
class RecordFor(Command):
    """Record for a while, then stop."""

    seconds: Annotated[float, Param("For how long", low=1, high=3600, unit="s")] = 60


@dataclass(frozen=True, slots=True)
class DeleteRecordings(Command):
    """Delete recordings by name, of one folder or day, or all of them."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    names: Annotated[tuple[str, ...], Param("Names, as the list of recordings tells them")] = ()
    folder: Annotated[str, Param("Everything in this folder")] = ""
    all: Annotated[bool, Param("Everything there is")] = False


@dataclass(frozen=True, slots=True)
class DeletePictures(Command):
    """Delete stored pictures by name."""

    risk: ClassVar[Risk] = Risk.DESTROYS

    names: Annotated[tuple[str, ...], Param("Names, as the list of pictures tells them")]


@dataclass(frozen=True, slots=True)
class Archive(Command):
    """Move recordings to the device's archive."""

    names: Annotated[tuple[str, ...], Param("Names, as the list of recordings tells them")]


@dataclass(frozen=True, slots=True)
class UploadRecording(Command):
    """Have the device send a recording to the cloud it is set up for."""

    name: Annotated[str, Param("Its name, as the list of recordings tells it")]
