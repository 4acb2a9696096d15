"""The motor and its presets (§5.16, §5.17)."""

from collections.abc import Callable
from dataclasses import dataclass

PAN = (0.0, 360.0)
TILT = (0.0, 180.0)
HOME = (180.0, 90.0)
SLOTS = 8
_DEGREES_A_SECOND = 30.0
_AXES = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1)}

type Position = tuple[float, float]


class PresetError(Exception):
    """A preset call that is refused; the text is what the camera says."""


def axes(direction: str) -> list[str]:
    """The single moves that a direction is made of, one after the other."""
    parts = direction.split("_")
    return parts if parts and all(part in _AXES for part in parts) else []


class Motor:
    """Where the camera looks; it moves while a direction is on."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take seconds from a clock, in the camera's own pace."""
        self._clock = clock
        self._rest: Position = HOME
        self._direction: str | None = None
        self._since = 0.0
        self.moves: list[str] = []

    @property
    def moving(self) -> str | None:
        """The direction it moves in."""
        return self._direction

    @property
    def position(self) -> Position:
        """Pan and tilt at this moment."""
        if self._direction is None:
            return self._rest
        seconds = self._clock() - self._since
        pan, tilt = _AXES[self._direction]
        return self._within(pan * seconds * _DEGREES_A_SECOND, tilt * seconds * _DEGREES_A_SECOND)

    def go(self, direction: str) -> None:
        """Begin to move along one axis."""
        self.stop()
        self._direction, self._since = direction, self._clock()
        self._note(direction)

    def stop(self) -> None:
        """Stand still."""
        self._rest = self.position
        self._direction = None

    def step(self, direction: str, seconds: float) -> None:
        """Have moved along one axis for so long."""
        pan, tilt = _AXES[direction]
        self._direction = None
        self._rest = self._within(
            pan * seconds * _DEGREES_A_SECOND, tilt * seconds * _DEGREES_A_SECOND
        )

    def look(self, pan: float, tilt: float) -> None:
        """Turn to a place."""
        self.stop()
        self._rest = (_clamp(pan, PAN), _clamp(tilt, TILT))
        self._note(f"{pan:g},{tilt:g}")

    def turn(self, pan: float, tilt: float) -> None:
        """Turn by some degrees."""
        self.stop()
        self._rest = self._within(pan, tilt)
        self._note(f"{pan:+g},{tilt:+g}")

    def _within(self, pan: float, tilt: float) -> Position:
        return _clamp(self._rest[0] + pan, PAN), _clamp(self._rest[1] + tilt, TILT)

    def _note(self, move: str) -> None:
        self.moves.append(move)
        del self.moves[:-200]


@dataclass(slots=True)
class Preset:
    """A named place; home may have none."""

    name: str
    place: Position | None


class Presets:
    """Eight slots, with gaps."""

    def __init__(self, slots: dict[int, Preset]) -> None:
        """Start with some of them taken."""
        self.slots = slots

    def lines(self, free: str) -> list[tuple[str, str]]:
        """The slots as ptz_presets writes them."""
        return [(str(number), self._line(number, free)) for number in range(SLOTS)]

    def _line(self, number: int, free: str) -> str:
        preset = self.slots.get(number)
        if preset is None:
            return free
        if preset.place is None:
            return f"{preset.name},,"
        return f"{preset.name},{preset.place[0]:.1f},{preset.place[1]:.1f}"

    def add(self, name: str, place: Position, number: int | None = None) -> int:
        """Keep a place in a slot, or in the first free one."""
        if any(each.name == name for slot, each in self.slots.items() if slot != number):
            raise PresetError("Preset name already used")
        if number is None:
            free = [slot for slot in range(SLOTS) if slot not in self.slots]
            if not free:
                raise PresetError("No free preset left")
            number = free[0]
        self.slots[number] = Preset(name, place)
        return number


def read_preset(line: str) -> Preset:
    """A slot as the file writes it."""
    name, pan, tilt = line.split(",")
    return Preset(name, (float(pan), float(tilt)) if pan else None)


def _clamp(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
