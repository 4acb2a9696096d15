"""Events of doors and traffic: who is let in, what drives by, where something parks."""

import pytest

from custom_components.cctv.devices.amcrest.events import Layout, Translator
from custom_components.cctv.devices.amcrest.wire import WireEvent
from custom_components.cctv.devices.model import Batch, Event, Hint, Value


@pytest.fixture
def station() -> Translator:
    """A place with two doors and two parking spaces."""
    return Translator(
        Layout({0: ""}, doors={0: "door.1", 1: "door.2"}, spaces={"1": "space.1", "2": "space.2"})
    )


def say(translator: Translator, code: str, action: str, index: int = 0, **data: object) -> Batch:
    """What comes of one event."""
    return translator.translate(WireEvent(code, action, index, data), 100.0)


def test_who_is_let_in_unlocks_the_door(station: Translator) -> None:
    batch = say(station, "AccessControl", "Pulse", Status=1, Door=1, CardNo="A1", RecNo=7, Method=1)
    event, lock = batch
    assert isinstance(event, Event)
    assert (event.feature, event.type, event.id) == (":access", "granted", "AccessControl:7")
    assert event.details["method"] == 1
    assert isinstance(lock, Value)
    assert (lock.feature, lock.value) == ("door.2:door_lock", False)


def test_who_is_refused_unlocks_nothing(station: Translator) -> None:
    (event,) = say(station, "AccessControl", "Pulse", Status=0, Door=0, ErrorCode=16)
    assert isinstance(event, Event)
    assert event.type == "refused"
    assert event.details["error"] == 16


@pytest.mark.parametrize(
    ("code", "kind"), [("BreakIn", "forced"), ("Duress", "duress"), ("DoorNotClosed", "left_open")]
)
def test_what_happens_to_a_door_is_an_access(station: Translator, code: str, kind: str) -> None:
    (event,) = say(station, code, "Start")
    assert isinstance(event, Event)
    assert (event.feature, event.type) == (":access", kind)
    assert say(station, code, "Stop") == ()


@pytest.mark.parametrize(
    ("status", "on"), [("Open", True), ("Break", True), ("Close", False), ("close", False)]
)
def test_a_door_tells_whether_it_is_open(station: Translator, status: str, on: bool) -> None:
    (value,) = say(station, "DoorStatus", "Pulse", 1, Status=status)
    assert isinstance(value, Value)
    assert (value.feature, value.value) == ("door.2:door", on)


def test_a_plate_is_read(station: Translator) -> None:
    car = {"PlateNumber": "AB 12", "VehicleColor": "Red", "Speed": 31}
    (event,) = say(station, "TrafficJunction", "Pulse", TrafficCar=car)
    assert isinstance(event, Event)
    assert (event.feature, event.type) == (":plate", "read")
    assert event.details == {"plate": "AB 12", "vehicle_color": "Red", "speed": 31}
    assert say(station, "TrafficJunction", "Pulse", TrafficCar={}) == ()
    assert say(station, "TrafficJunction", "Pulse", 9, TrafficCar=car) == ()


def test_a_space_is_taken_and_left(station: Translator) -> None:
    taken, look = say(station, "TrafficParkingSpaceParking", "Start", Lane=2)
    left, _ = say(station, "TrafficParkingSpaceNoParking", "Start", Lane=2)
    assert look == Hint(("spaces",))
    assert isinstance(taken, Value)
    assert isinstance(left, Value)
    assert (taken.feature, taken.value, left.value) == ("space.2:occupied", True, False)
    assert say(station, "TrafficParkingSpaceParking", "Start", Lane=9) == ()
