"""A moving camera: where it looks, its limits and its presets (S-3)."""

from collections.abc import Callable
from dataclasses import dataclass
import re
import time

LIMITS = {
    "pan": (-170.0, 170.0),
    "tilt": (-20.0, 90.0),
    "zoom": (1.0, 9999.0),
    "focus": (1.0, 9999.0),
    "iris": (1.0, 9999.0),
    "brightness": (1.0, 9999.0),
}
STEP = 5.0
"""Degrees of one `move`."""
_FASTEST = {"pan": 1.0, "tilt": 1.0, "zoom": 50.0, "focus": 50.0, "iris": 50.0, "brightness": 50.0}
"""Change a second for each percent of speed."""
_BAD_NAME = re.compile(r'["<>~:\r\n]')
_LONGEST_NAME = 31
_MOST_PRESETS = 100


@dataclass(slots=True)
class Preset:
    """A place to come back to."""

    name: str
    pan: float
    tilt: float
    zoom: float


class Head:
    """One camera that moves; it goes on moving by the clock until it is stopped."""

    def __init__(self, base: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Look ahead, with three presets counted from a base."""
        self.base = base
        self.speed = 100
        self.switches = {"autofocus": "on", "autoiris": "on", "backlight": "off"}
        self.ir_cut = "auto"
        self.home = "Home"
        self.presets = {
            base: Preset("Home", 0, 0, 1),
            base + 1: Preset("Gate", 51.2891, 46.1914, 1),
            base + 2: Preset("Yard", -90, 10, 2000),
        }
        self.calls: list[str] = []
        """Auxiliary functions, device presets and menu keys that were asked for."""
        self._clock = clock
        self._since = clock()
        self._axes = {"pan": 0.0, "tilt": 0.0, "zoom": 1.0}
        self._axes |= dict.fromkeys(("focus", "iris", "brightness"), 5000.0)
        self._velocity: dict[str, float] = {}

    # Where it looks

    @property
    def position(self) -> dict[str, float]:
        """Every axis as it is now."""
        self._settle()
        return dict(self._axes)

    @property
    def moving(self) -> bool:
        """Whether a continuous move has not been stopped."""
        return bool(self._velocity)

    def go(self, **axes: float) -> None:
        """Look there; what moved on these axes stops."""
        self._settle()
        for name, value in axes.items():
            low, high = LIMITS[name]
            self._axes[name] = min(high, max(low, value))
            self._velocity.pop(name, None)

    def shift(self, **axes: float) -> None:
        """Look so much further."""
        self._settle()
        self.go(**{name: self._axes[name] + value for name, value in axes.items()})

    def drive(self, **percents: float) -> None:
        """Move on with so many percent of the highest speed; 0 stops that axis."""
        self._settle()
        for name, percent in percents.items():
            if percent:
                self._velocity[name] = percent * _FASTEST[name]
            else:
                self._velocity.pop(name, None)

    def stop(self) -> None:
        """Stop every axis."""
        self._settle()
        self._velocity.clear()

    def _settle(self) -> None:
        now = self._clock()
        passed, self._since = now - self._since, now
        for name, speed in self._velocity.items():
            low, high = LIMITS[name]
            self._axes[name] = min(high, max(low, self._axes[name] + speed * passed))

    # Presets

    def number_of(self, name: str) -> int | None:
        """The number of a preset, by name; Home is wherever home is."""
        wanted = self.home if name == "Home" else name
        return next((key for key, each in self.presets.items() if each.name == wanted), None)

    def recall(self, number: int | None) -> bool:
        """Go to a preset; False where there is none."""
        if number is None or number not in self.presets:
            return False
        preset = self.presets[number]
        self.stop()
        self.go(pan=preset.pan, tilt=preset.tilt, zoom=preset.zoom)
        return True

    def save(self, number: int | None = None, name: str | None = None) -> bool:
        """Keep the place under a number, a name or both; an existing name is overwritten."""
        if name is not None and (not 0 < len(name) <= _LONGEST_NAME or _BAD_NAME.search(name)):
            return False
        if number is None:
            known = None if name is None else self.number_of(name)
            number = self._free() if known is None else known
        if not self.base <= number < self.base + _MOST_PRESETS:
            return False
        if name is None:
            name = self.presets[number].name if number in self.presets else f"Preset {number}"
        here = self.position
        self.presets[number] = Preset(name, here["pan"], here["tilt"], here["zoom"])
        self.presets = dict(sorted(self.presets.items()))
        return True

    def remove(self, number: int | None) -> bool:
        """Forget a preset; False where there is none."""
        return number is not None and self.presets.pop(number, None) is not None

    def note(self, call: str) -> None:
        """Remember something that has no effect here."""
        self.calls.append(call)
        del self.calls[:-100]

    def _free(self) -> int:
        return next(
            each for each in range(self.base, self.base + 10_000) if each not in self.presets
        )
