"""A simulated device as the house sees it: what happens at it, and how it shows what was asked."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from tests.simulators.broker import Broker

from .pictures import Look, Pictures


@dataclass(frozen=True, slots=True)
class Stage:
    """What the house lends its actors."""

    pictures: Pictures
    broker: Broker


class Live(StrEnum):
    """How a live picture comes."""

    HLS = "HLS"
    MJPEG = "MJPEG"


@dataclass(frozen=True, slots=True)
class View:
    """A camera that has to be seen: where it is, whether it gives stills, how it comes live."""

    part: str = ""
    still: bool = True
    live: tuple[Live, ...] = (Live.HLS,)


@dataclass(frozen=True, slots=True)
class Level:
    """Something that begins and ends at the device, and the row that shows it."""

    key: str
    pull: Callable[[bool], Awaitable[None]]
    part: str = ""
    ends: bool = True
    """Whether the device says that it is over; else it is over after some time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that only happens, and the row that shows it."""

    key: str
    fire: Callable[[], Awaitable[None]]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked through an entity, and how the device shows that it was done."""

    key: str
    action: str
    done: Callable[[], bool]
    state: str | None = None
    """What the entity shows afterwards, if it shows anything."""
    data: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Recordings of a device: where, and how its files end; no ending: they only have names."""

    part: str = ""
    ending: str = ""


def switched(key: str, reads: Callable[[], bool], part: str = "") -> tuple[Order, Order]:
    """A switch, the other way and back."""

    def order(on: bool) -> Order:
        action, state = ("switch.turn_on", "on") if on else ("switch.turn_off", "off")
        return Order(key, action, lambda: reads() is on, state, part=part)

    return order(not reads()), order(reads())


class Actor(Protocol):
    """A simulated device on loopback, and the strings it is pulled by."""

    @property
    def url(self) -> str:
        """The address that the user types."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """What the user answers to the family's own questions, where the default is not right."""

    @property
    def looks(self) -> Sequence[Look]:
        """What its lenses see."""

    @property
    def views(self) -> Sequence[View]:
        """The cameras that are worth a proof."""

    @property
    def levels(self) -> Sequence[Level]:
        """What comes and goes at it."""

    @property
    def moments(self) -> Sequence[Moment]:
        """What happens at it."""

    @property
    def kept(self) -> Sequence[Kept]:
        """The recordings that are worth a proof."""

    @property
    def orders(self) -> Sequence[Order]:
        """What is asked of it, one after the other; in the end it is as it was."""

    async def start(self) -> None:
        """Open its ports."""

    async def stop(self) -> None:
        """Leave nothing behind."""


@runtime_checkable
class Keeper(Protocol):
    """A device that can be looked into."""

    def setting(self, key: str) -> str | None:
        """What the device keeps under a name of its own."""

    def records(self) -> bool:
        """Whether the device was told to record for ever."""
