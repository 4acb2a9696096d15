"""A head that turns: codes, presets, tours and status (§4.10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import time

_DEGREES_A_STEP = 8.0
_ZOOM_A_SECOND = 0.5
_DIRECTIONS: dict[str, tuple[int, int]] = {
    "Up": (0, 1),
    "Down": (0, -1),
    "Left": (-1, 0),
    "Right": (1, 0),
    "LeftUp": (-1, 1),
    "RightUp": (1, 1),
    "LeftDown": (-1, -1),
    "RightDown": (1, -1),
}
_ZOOMS = {"ZoomTele": 1, "ZoomWide": -1}
_HELD = frozenset(
    {"FocusNear", "FocusFar", "IrisLarge", "IrisSmall", "Light", "Wiper", "Aux"}
    | {"MenuUp", "MenuDown", "MenuLeft", "MenuRight"}
)
_ONCE = frozenset({"Reset", "Restart", "Menu", "Exit", "Enter", "Flip"})
_SCANS = frozenset({"AutoScanOn", "AutoScanOff", "SetLeftLimit", "SetRightLimit"})
_PATTERNS = frozenset({"SetPatternBegin", "SetPatternEnd", "StartPattern", "StopPattern"})
_SWITCHES = _ONCE | _SCANS | _PATTERNS | frozenset({"AutoPanOn", "AutoPanOff", "AuxOn", "AuxOff"})
_WHOLE = 8192
_MOST_PATTERNS = 5
_DEAD_ZONE = 4


@dataclass(slots=True)
class Preset:
    """A stored position."""

    name: str
    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0


class BadMove(Exception):
    """The head cannot do that."""


class Ptz:
    """Position over time of one head; the clock can be replaced."""

    def __init__(
        self,
        presets: Mapping[int, Preset] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Stand at zero with these presets, which may be sparse."""
        self.presets = dict(presets or {})
        self.tours: dict[int, list[int]] = {}
        self.tour_names: dict[int, str] = {}
        self.running_tour: int | None = None
        self.running_pattern: int | None = None
        self.running_scan: int | None = None
        self.auto_pan = False
        self.patterns: set[int] = set()
        self.scans: dict[int, dict[str, float]] = {}
        """Limits, `left` and `right`, of each scan."""
        self.aux: set[int] = set()
        """Auxiliary outputs that are on."""
        self.done: list[str] = []
        """Orders that only happen: Reset, Flip and the keys of the menu."""
        self._recording: int | None = None
        self.preset = 0
        self.moving: str | None = None
        self.commands: list[tuple[str, str, tuple[float, ...]]] = []
        self._clock = clock
        self._pan, self._tilt, self._zoom = 0.0, 0.0, 1.0
        self._speed = (0.0, 0.0, 0.0)
        self._since = clock()
        self._until: float | None = None

    @property
    def position(self) -> tuple[float, float, float]:
        """Pan 0-360, tilt 0-90, zoom 1-16, now."""
        self._settle()
        return self._pan, self._tilt, self._zoom

    def start(self, code: str, args: tuple[float, ...]) -> None:
        """Begin or do what a code says."""
        self._note("start", code, args)
        first, second = args[0], args[1]
        if code in _DIRECTIONS:
            self._turn(code, first, second)
        elif code in _ZOOMS:
            self._move(code, (0.0, 0.0, _ZOOMS[code] * _ZOOM_A_SECOND))
        elif code == "Continuously":
            self._continuously(args)
        elif code in ("Position", "PositionABS"):
            self._go(first % 360, second, args[2] or self.position[2])
        elif code in ("GotoPreset", "SetPreset", "ClearPreset"):
            self._preset(code, int(second))
        elif code in ("StartTour", "StopTour", "ClearTour", "AddTour", "DelTour"):
            self._tour(code, int(first), int(second))
        elif code in _HELD:
            self._move(code, (0.0, 0.0, 0.0))
        elif code in _SWITCHES:
            self._switch(code, int(first))
        else:
            raise BadMove(code)

    def stop(self, code: str, args: tuple[float, ...]) -> None:
        """End a movement; only the code that began it does."""
        self._note("stop", code, args)
        known = code in _DIRECTIONS or code in _ZOOMS or code in _HELD or code in _SWITCHES
        if not known and code != "Continuously":
            raise BadMove(code)
        self._settle()
        if code == self.moving:
            self._rest()

    def go_relative(self, pan: float, tilt: float, zoom: float) -> None:
        """moveRelatively: each axis -1..1."""
        self._note("moveRelatively", "", (pan, tilt, zoom))
        now = self.position
        self._go((now[0] + 180 * pan) % 360, now[1] + 90 * tilt, now[2] + zoom)

    def go_absolute(self, pan: float, tilt: float, zoom: float) -> None:
        """moveAbsolutely: -1..1, pan below 0 counts backwards from a full turn."""
        self._note("moveAbsolutely", "", (pan, tilt, zoom))
        self._go((180 * pan + 360) % 360, -180 * tilt, zoom or 1.0)

    def move_directly(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """moveDirectly: look at the middle of a box, and nearer the smaller it is."""
        corners = (*start, *end)
        if any(not 0 <= each <= _WHOLE for each in corners):
            raise BadMove("moveDirectly")
        self._note("moveDirectly", "", corners)
        pan, tilt, zoom = self.position
        across, down = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        width = abs(end[0] - start[0])
        nearer = _WHOLE / width if width else 1.0
        self._go(
            (pan + (across / _WHOLE - 0.5) * 60 / zoom) % 360,
            tilt + (down / _WHOLE - 0.5) * 30 / zoom,
            zoom * nearer,
        )

    def store(self, number: int, name: str) -> None:
        """Keep the position of now as a preset."""
        pan, tilt, zoom = self.position
        self.presets[number] = Preset(name, pan, tilt, zoom)

    def _note(self, verb: str, code: str, args: tuple[float, ...]) -> None:
        self.commands.append((verb, code, args))
        del self.commands[:-200]

    def _turn(self, code: str, first: float, second: float) -> None:
        """Straight moves take the speed from arg2, slanted ones arg1 upwards, arg2 sideways."""
        pan, tilt = _DIRECTIONS[code]
        up, side = (first, second) if pan and tilt else (second, second)
        if not (1 <= side <= 8 and 1 <= up <= 8):
            raise BadMove(code)
        self._move(code, (pan * side * _DEGREES_A_STEP, tilt * up * _DEGREES_A_STEP, 0.0))

    def _continuously(self, args: tuple[float, ...]) -> None:
        if any(abs(value) > 100 for value in args[:3]) or not 0 <= args[3] <= 3600:
            raise BadMove("Continuously")
        pan, tilt, zoom = (0.0 if abs(value) <= _DEAD_ZONE else value for value in args[:3])
        if not (pan or tilt or zoom):
            self._settle()
            self._rest()
            return
        self._move("Continuously", (pan, tilt, zoom / 100))
        if args[3]:
            self._until = self._clock() + args[3]

    def _move(self, code: str, speed: tuple[float, float, float]) -> None:
        self._settle()
        self.moving, self._speed, self._until = code, speed, None
        self.preset = 0
        self.running_tour = self.running_pattern = self.running_scan = None
        self.auto_pan = False

    def _go(self, pan: float, tilt: float, zoom: float) -> None:
        self._rest()
        self._pan, self._tilt, self._zoom = pan, _within(tilt, 0, 90), _within(zoom, 1, 16)
        self.preset = 0

    def _preset(self, code: str, number: int) -> None:
        if not 1 <= number <= 255:
            raise BadMove(code)
        if code == "SetPreset":
            self.store(number, f"Preset{number}")
            return
        if number not in self.presets:
            raise BadMove(code)
        if code == "ClearPreset":
            del self.presets[number]
            return
        preset = self.presets[number]
        self._go(preset.pan, preset.tilt, preset.zoom)
        self.preset = number

    def _tour(self, code: str, tour: int, preset: int) -> None:
        if not 1 <= tour <= 8:
            raise BadMove(code)
        if code == "StartTour":
            self.running_tour = tour
        elif code == "StopTour":
            self.running_tour = None
        elif code == "ClearTour":
            self.tours.pop(tour, None)
        elif code == "AddTour":
            self.tours.setdefault(tour, []).append(preset)
        else:
            self.tours[tour] = [each for each in self.tours.get(tour, []) if each != preset]

    def _switch(self, code: str, number: int) -> None:
        """Scans, patterns, the endless turn and auxiliary outputs."""
        if code in _ONCE:
            self.done.append(code)
            del self.done[:-50]
        elif code in ("AutoPanOn", "AutoPanOff"):
            self.auto_pan = code == "AutoPanOn"
        elif code == "AuxOn":
            self.aux.add(number)
        elif code == "AuxOff":
            self.aux.discard(number)
        elif code in _SCANS:
            self._scan(code, number)
        else:
            self._pattern(code, number)

    def _scan(self, code: str, number: int) -> None:
        if code == "AutoScanOn":
            self.running_scan = number
        elif code == "AutoScanOff":
            self.running_scan = None
        else:
            side = "left" if code == "SetLeftLimit" else "right"
            self.scans.setdefault(number, {})[side] = self.position[0]

    def _pattern(self, code: str, number: int) -> None:
        if not 0 <= number <= _MOST_PATTERNS:
            raise BadMove(code)
        if code == "SetPatternBegin":
            self._recording = number
        elif code == "SetPatternEnd":
            if self._recording == number:
                self.patterns.add(number)
            self._recording = None
        elif code == "StartPattern":
            self.running_pattern = number
        else:
            self.running_pattern = None

    def _settle(self) -> None:
        """Bring the position up to now."""
        now = self._clock()
        end = now if self._until is None else min(now, self._until)
        passed, self._since = max(0.0, end - self._since), now
        pan, tilt, zoom = self._speed
        self._pan = (self._pan + pan * passed) % 360
        self._tilt = _within(self._tilt + tilt * passed, 0, 90)
        self._zoom = _within(self._zoom + zoom * passed, 1, 16)
        if self._until is not None and now >= self._until:
            self._rest()

    def _rest(self) -> None:
        self.moving, self._speed, self._until = None, (0.0, 0.0, 0.0), None
        self._since = self._clock()


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
