"""What can be done in front of the device: doors, calls, people, cars, heat (control endpoint)."""

from typing import TYPE_CHECKING

from tests.simulators.amcrest.answers.counting import Counters
from tests.simulators.amcrest.answers.doors import Doors
from tests.simulators.amcrest.answers.parking import Spaces
from tests.simulators.amcrest.answers.talk import Talk
from tests.simulators.amcrest.heat import Thermal
from tests.simulators.control import BadPayload, Payload, flag, number, words

if TYPE_CHECKING:
    from tests.simulators.amcrest.server import AmcrestSimulator


async def ring(box: AmcrestSimulator, payload: Payload) -> object:
    """Press the button of a door station."""
    _need(box, "call")
    talk = box.device.of(Talk)
    talk.ring()
    return {"call": talk.number}


async def swipe(box: AmcrestSimulator, payload: Payload) -> object:
    """Hold a card to the reader: card, door."""
    _need(box, "access")
    door = int(number(payload, "door", 0))
    return {"let_in": box.device.of(Doors).swipe(words(payload, "card"), door)}


async def door(box: AmcrestSimulator, payload: Payload) -> object:
    """Push the door open or shut: door, open."""
    _need(box, "contact")
    which = int(number(payload, "door", 0))
    doors = box.device.of(Doors)
    doors.push(which, flag(payload, "open", True))
    return {"state": doors.state(which)}


async def walk(box: AmcrestSimulator, payload: Payload) -> object:
    """Have people come and go: entered, exited, channel, rule."""
    _need(box, "counting")
    counters = box.device.of(Counters)
    channel, rule = (int(number(payload, name, 0)) for name in ("channel", "rule"))
    entered, exited = (int(number(payload, name, 0)) for name in ("entered", "exited"))
    counters.walk(entered, exited, channel, rule)
    return {"inside": counters.counters[channel][rule].inside}


async def park(box: AmcrestSimulator, payload: Payload) -> object:
    """Have a car come (plate) or leave (without one): lane, plate."""
    _need(box, "parking")
    plate = words(payload, "plate", "")
    box.device.of(Spaces).park(int(number(payload, "lane", 0)), plate or None)
    return {}


async def drive_by(box: AmcrestSimulator, payload: Payload) -> object:
    """Have a plate read: plate."""
    _need(box, "parking")
    box.device.of(Spaces).drive_by(words(payload, "plate"))
    return {}


async def heat(box: AmcrestSimulator, payload: Payload) -> object:
    """Have a rule measure: rule, low, high (degrees Celsius)."""
    _need(box, "thermal")
    thermal = box.device.of(Thermal)
    rule = int(number(payload, "rule", thermal.rules[0].number))
    if rule not in {each.number for each in thermal.rules}:
        raise BadPayload("no such rule")
    low = number(payload, "low", 20)
    thermal.set(rule, low, number(payload, "high", low))
    return {}


def _need(box: AmcrestSimulator, capability: str) -> None:
    if not box.device.has(capability):
        raise BadPayload(f"this model has no {capability}")


VERBS = {
    "ring": ring,
    "swipe": swipe,
    "door": door,
    "walk": walk,
    "park": park,
    "drive_by": drive_by,
    "heat": heat,
}
