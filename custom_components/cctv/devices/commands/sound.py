"""Sound and calls."""

from dataclasses import dataclass
from typing import Annotated

from .base import Command, Param


@dataclass(frozen=True, slots=True)
class Say(Command):
    """Have the device speak a text with its own voice."""

    text: Annotated[str, Param("What is said")]
    language: Annotated[str, Param("Language and country, such as en-US")] = ""
    volume: Annotated[float | None, Param("How loud", low=0, high=100, unit="%")] = None


@dataclass(frozen=True, slots=True)
class PlayFile(Command):
    """Have the device play a sound file that it holds."""

    file: Annotated[str, Param("The file's name on the device")]
    volume: Annotated[float | None, Param("How loud", low=0, high=100, unit="%")] = None


@dataclass(frozen=True, slots=True)
class Call(Command):
    """Take part in a call of the door station."""

    call_action: Annotated[
        str, Param("What to do", options=("answer", "refuse", "hang_up", "invite", "cancel"))
    ]
