"""Doors: the lock that falls back by itself, and who went through (§11)."""

import asyncio
from dataclasses import dataclass, field
import time

from tests.simulators.amcrest.answers.records import CARDS, SWIPES, Records
from tests.simulators.amcrest.answers.users import Users
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply

CARD, REMOTE, FINGER, FACE = 1, 4, 6, 15
_UNKNOWN_CARD = 16
_UNLOCKED = 8
_LONGEST_SECONDS = 100


@dataclass(slots=True)
class Door:
    """One door."""

    pushed: bool = False
    """Somebody holds it open."""
    broken: bool = False
    """Forced, or tampered with."""
    unlocked_until: float = 0.0
    opened: list[str] = field(default_factory=list)
    """Who opened it remotely."""


class Doors(Section):
    """All doors of a box."""

    def __init__(self, device: Device) -> None:
        """Begin with all locked."""
        super().__init__(device)
        self.doors = [Door() for _ in range(device.personality.doors)]
        self.contact = device.has("contact")
        """Whether it knows if a door is open; without, it always says Close (§11.1.2)."""

    def hold(self, door: int) -> float:
        """Seconds that a door stays unlocked; some write milliseconds into their table."""
        value = float(self.device.config.get(f"AccessControl[{door}].UnlockHoldInterval", "2"))
        return value / 1000 if value > _LONGEST_SECONDS else value

    def is_unlocked(self, door: int) -> bool:
        """Whether the lock is open now."""
        return time.monotonic() < self.doors[door].unlocked_until

    def state(self, door: int) -> str:
        """Open, Close or Break, as far as the box knows."""
        if not self.contact:
            return "Close"
        one = self.doors[door]
        if one.broken:
            return "Break"
        return "Open" if one.pushed or self.is_unlocked(door) else "Close"

    def unlock(self, door: int, method: int, **who: object) -> None:
        """Let somebody in; the lock falls back later."""
        seconds = self.hold(door)
        self.doors[door].unlocked_until = time.monotonic() + seconds
        self._say_access(door, method, 1, 0, who)
        if self.device.has("call"):
            self.device.events.emit("BackKeyLight", "Pulse", 0, {"State": _UNLOCKED})
        self._say_state(door)
        self.device.spawn(self._fall_back(door, seconds))

    def lock(self, door: int) -> None:
        """Lock at once."""
        self.doors[door].unlocked_until = 0.0
        self._say_state(door)

    def push(self, door: int, is_open: bool) -> None:
        """Somebody opens or closes the door itself."""
        self.doors[door].pushed = is_open
        self._say_state(door)

    def force(self, door: int) -> None:
        """Somebody breaks in."""
        self.doors[door].broken = True
        self.device.events.emit("BreakIn", "Start", door, {"Door": door})
        self._say_state(door)

    def swipe(self, card: str, door: int = 0) -> bool:
        """Hold a card to the reader; whether it was let in."""
        known = [each for each in self.device.of(Records).rows(CARDS) if each.get("CardNo") == card]
        if not known or known[0].get("CardStatus") != "0":
            self._say_access(door, CARD, 0, _UNKNOWN_CARD, {"CardNo": card})
            return False
        members = ("CardNo", "CardName", "UserID")
        self.unlock(door, CARD, **{name: known[0].get(name, "") for name in members})
        return True

    def forget(self) -> None:
        """A restart locks."""
        for door in self.doors:
            door.unlocked_until = 0.0

    async def _fall_back(self, door: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if not self.is_unlocked(door):
            self._say_state(door)

    def _say_state(self, door: int) -> None:
        if self.contact:
            status = {"Status": self.state(door), "Door": door}
            self.device.events.emit("DoorStatus", "Pulse", door, status)
        self.device.changed.poke()

    def _say_access(
        self, door: int, method: int, status: int, error: int, who: dict[str, object]
    ) -> None:
        """AccessControl, and a line in the records (§12.4.1)."""
        members: dict[str, object] = {
            "CardName": "",
            "CardNo": "",
            "UserID": "",
            **who,
            "Door": door,
            "ErrorCode": error,
            "Method": method,
            "ReaderID": str(door + 1),
            "Status": status,
            "Type": "Entry",
        }
        number = self.device.of(Records).add(
            SWIPES, {name: str(value) for name, value in members.items()}
        )
        self.device.events.emit("AccessControl", "Pulse", door, {**members, "RecNo": number})


def _door(device: Device, command: Command) -> int | None:
    number = command.number("channel", 1) or 0
    return number - 1 if 1 <= number <= len(device.of(Doors).doors) else None


def open_door(device: Device, command: Command) -> Reply:
    """§11.1.1 openDoor&channel=<door>[&UserID=101&Type=Remote]: only for admins."""
    door = _door(device, command)
    if door is None or command.get("Type") not in (None, "Remote"):
        return device.refuse(Refusal.BAD_REQUEST)
    if not device.of(Users).is_admin(command.user):
        return device.refuse(Refusal.NO_RIGHT)
    doors = device.of(Doors)
    doors.doors[door].opened.append(command.user)
    doors.unlock(door, REMOTE, UserID=command.get("UserID") or "")
    return device.ok()


def close_door(device: Device, command: Command) -> Reply:
    """§11.1.1 closeDoor&channel=<door>."""
    door = _door(device, command)
    if door is None:
        return device.refuse(Refusal.BAD_REQUEST)
    if not device.of(Users).is_admin(command.user):
        return device.refuse(Refusal.NO_RIGHT)
    device.of(Doors).lock(door)
    return device.ok()


def door_status(device: Device, command: Command) -> Reply:
    """§11.1.2 getDoorStatus&channel=1."""
    door = _door(device, command)
    if door is None:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(f"Info.status={device.of(Doors).state(door)}")


def lock_status(device: Device, command: Command) -> Reply:
    """§11.1.2 getLockStatus&channel=1."""
    door = _door(device, command)
    if door is None:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(f"Info.status={'Open' if device.of(Doors).is_unlocked(door) else 'Close'}")


ANSWERS = {
    "accessControl.openDoor": open_door,
    "accessControl.closeDoor": close_door,
    "accessControl.getDoorStatus": door_status,
    "accessControl.getLockStatus": lock_status,
}
