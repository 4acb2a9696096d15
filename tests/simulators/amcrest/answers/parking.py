"""Spaces in which cars stand (§9)."""

from dataclasses import dataclass

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply


@dataclass(slots=True)
class Space:
    """One space, and the plate of the car in it."""

    lane: int
    plate: str | None = None


class Spaces(Section):
    """All spaces that the camera watches."""

    def __init__(self, device: Device) -> None:
        """Begin with a car in the first."""
        super().__init__(device)
        self.spaces = [Space(lane) for lane in range(device.personality.spaces)]
        if self.spaces:
            self.spaces[0].plate = "B-AB 1234"

    def park(self, lane: int, plate: str | None) -> None:
        """A car comes (its plate may be unreadable: an empty one), or leaves (None)."""
        self.spaces[lane].plate = plate
        code = f"TrafficParkingSpace{'NoParking' if plate is None else 'Parking'}"
        data = {
            "Lane": lane,
            "TrafficCar": {"Lane": lane, "PlateNumber": plate or "", "PlateColor": "Yellow"},
        }
        self.device.events.emit(code, "Pulse", 0, data)
        self.device.changed.poke()

    def drive_by(self, plate: str, speed: int = 30, lane: int = 0) -> None:
        """A car passes, and its plate is read."""
        car = {
            "PlateNumber": plate, "PlateColor": "Yellow", "VehicleColor": "White",
            "VehicleSign": "Unknown", "Speed": speed, "Lane": lane,
        }  # fmt: skip
        data = {"TrafficCar": car, "Object": {"ObjectType": "Plate", "Text": plate}}
        self.device.events.emit("TrafficJunction", "Pulse", 0, data)


def all_spaces(device: Device, command: Command) -> Reply:
    """§9.2.1 trafficParking getAllParkingSpaceStatus."""
    return _told(device, device.of(Spaces).spaces)


def some_spaces(device: Device, command: Command) -> Reply:
    """§9 trafficSnap getParkingSpaceStatus&channel=1[&lane=<n>]."""
    if device.channel(command) is None:
        return device.refuse(Refusal.BAD_REQUEST)
    lane = command.number("lane")
    spaces = [each for each in device.of(Spaces).spaces if lane in (None, each.lane)]
    return _told(device, spaces) if spaces else device.refuse(Refusal.BAD_REQUEST)


def _told(device: Device, spaces: list[Space]) -> Reply:
    lines: list[str] = []
    for i, space in enumerate(spaces):
        lines += [
            f"status[{i}].Lane={space.lane}",
            f"status[{i}].PlateNumber={space.plate or ''}",
            f"status[{i}].Status={'NoPark' if space.plate is None else 'Park'}",
        ]
    return device.lines(*lines)


ANSWERS = {
    "trafficParking.getAllParkingSpaceStatus": all_spaces,
    "trafficSnap.getParkingSpaceStatus": some_spaces,
}
