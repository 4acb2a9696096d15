"""A part of the box that keeps a state of its own, made when it is first asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulators.amcrest.device import Device


class Section:
    """What belongs together: log, users, doors, counters … `device.of(Kind)` finds it."""

    def __init__(self, device: Device) -> None:
        """Begin as the factory leaves it."""
        self.device = device

    def forget(self) -> None:
        """Lose what a restart loses; most keep everything."""
