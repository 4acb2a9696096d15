"""Who came in, what drove by, where something parks: the events of doors and traffic (§4.9.17)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..model import BOX, Event, Hint, PartId, Update, Value
from .wire import WireEvent

FORCED: Final[Mapping[str, str]] = {
    "BreakIn": "forced",
    "Duress": "duress",
    "DoorNotClosed": "left_open",
}
"""Codes that happen to a door, and what they mean."""
SWIPES: Final = frozenset({"AccessControl", "DoorCard", "FingerPrintCheck"})
"""Codes of somebody who wants in; the status says whether the door opened."""
PLATES: Final = frozenset({"TrafficJunction", "TrafficSnapshot", "TrafficManualSnap"})
SPACES: Final[Mapping[str, bool]] = {
    "TrafficParkingSpaceParking": True,
    "TrafficParkingSpaceNoParking": False,
}
DOOR: Final = "DoorStatus"
CODES: Final = frozenset({*FORCED, *SWIPES, *PLATES, *SPACES, DOOR})
UNLOCKED: Final = 8
REFUSED: Final = 9
"""States of BackKeyLight: the station unlocked the door, or failed to."""
_OPEN: Final = frozenset({"open", "break"})


def translate(
    event: WireEvent,
    camera: PartId | None,
    doors: Mapping[int, PartId],
    spaces: Mapping[str, PartId],
    told: Mapping[str, Any],
) -> Iterator[Update]:
    """The updates of one event; `told` is what it says that is worth telling."""
    code = event.code
    if code in SPACES:
        space = spaces.get(str(event.data.get("Lane", event.index)))
        if space is not None and event.action != "Stop":
            yield Value(f"{space}:occupied", SPACES[code], None, told)
            yield Hint(("spaces",))
    elif code in PLATES:
        # Without a place, or without a plate, there is nothing to tell.
        if (
            camera is not None
            and event.action != "Stop"
            and (told.get("plate") or told.get("text"))
        ):
            yield Event(f"{camera}:plate", "read", _number(event), told)
    elif code == DOOR:
        door = _door(event, doors)
        word = str(event.data.get("Status", event.action)).strip().lower()
        if door is not None:
            yield Value(f"{door}:door", word in _OPEN, None, told)
    elif event.action == "Stop":
        return
    elif code in FORCED:
        yield Event(f"{BOX}:access", FORCED[code], None, told)
    else:
        yield from swipe(event, event.data.get("Status") in (1, True, "1"), doors, told)


def swipe(
    event: WireEvent, granted: bool, doors: Mapping[int, PartId], told: Mapping[str, Any]
) -> Iterator[Update]:
    """Somebody is let in or refused; who is let in finds the door unlocked."""
    yield Event(f"{BOX}:access", "granted" if granted else "refused", _number(event), told)
    door = _door(event, doors)
    if granted and door is not None:
        yield Value(f"{door}:door_lock", False, None, told)


def _door(event: WireEvent, doors: Mapping[int, PartId]) -> PartId | None:
    """The door that an event is about: by its number, or the only one."""
    named = event.data.get("Door", event.index)
    if isinstance(named, int) and named in doors:
        return doors[named]
    return next(iter(doors.values())) if len(doors) == 1 else None


def _number(event: WireEvent) -> str | None:
    """What tells an event that is told twice: the number of its record."""
    number = event.data.get("RecNo")
    return f"{event.code}:{number}" if isinstance(number, int) and number > 0 else None
