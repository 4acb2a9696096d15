"""Who plays: one row for each simulated device. A family adds its rows, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from . import amcrest


class Actor(Protocol):
    """A simulated device on loopback, and the strings it is pulled by."""

    @property
    def url(self) -> str:
        """The address that the user types."""

    async def start(self) -> None:
        """Open its ports."""

    async def stop(self) -> None:
        """Leave nothing behind."""

    async def motion(self, on: bool, channel: int = 0) -> None:
        """Motion begins or ends in the picture of a channel, counted from 0."""

    async def ring(self) -> None:
        """Somebody presses its button."""

    def records(self, channel: int = 0) -> bool:
        """Whether the device was told to record for ever."""


@dataclass(frozen=True, slots=True)
class Role:
    """One device of the demonstration."""

    title: str
    family: str
    make: Callable[[], Actor]
    user: str = ""
    password: str = ""
    channels: int = 1
    rings: bool = False


CAST: Final = tuple(
    Role(title, "amcrest", make, amcrest.USER, amcrest.PASSWORD, channels, rings)
    for title, make, channels, rings in amcrest.ROLES
)
FRONT_DOOR: Final = "Front door"
"""The camera whose motion starts the automation."""
