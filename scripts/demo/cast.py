"""Who plays: one row for each simulated device. A family adds its rows, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from . import amcrest
from .pictures import Look, Pictures


class Actor(Protocol):
    """A simulated device on loopback, and the strings it is pulled by."""

    @property
    def url(self) -> str:
        """The address that the user types."""

    async def start(self) -> None:
        """Open its ports."""

    async def stop(self) -> None:
        """Leave nothing behind."""

    @property
    def channels(self) -> tuple[int, ...]:
        """The channels with a picture, counted from 0."""

    @property
    def looks(self) -> tuple[Look, ...]:
        """What its lenses see."""

    def channel(self, part: str) -> int:
        """The channel, counted from 0, that a part of the device is."""

    async def motion(self, on: bool, channel: int = 0) -> None:
        """Motion begins or ends in the picture of a channel, counted from 0."""

    async def ring(self) -> None:
        """Somebody presses its button."""

    def setting(self, key: str) -> str | None:
        """What the device keeps under a name of its own."""

    def records(self, channel: int = 0) -> bool:
        """Whether the device was told to record for ever."""


@dataclass(frozen=True, slots=True)
class Role:
    """One device of the demonstration."""

    title: str
    family: str
    make: Callable[[Pictures], Actor]
    user: str = ""
    password: str = ""
    rings: bool = False


CAST: Final = tuple(
    Role(
        title,
        "amcrest",
        amcrest.maker(title, model, scenes),
        amcrest.USER,
        amcrest.PASSWORD,
        rings,
    )
    for title, model, scenes, rings in amcrest.ROLES
)
FRONT_DOOR: Final = "Front door"
"""The camera whose motion starts the automation."""
