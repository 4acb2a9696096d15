"""A motor lens: focus, zoom, and the window of a dome (§4.5.14-19)."""

from collections.abc import Callable
from dataclasses import dataclass
import time

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply

_KEEP = -1.0
_STEPS = 4_000
_A_SECOND = 0.25
_FRAME = (0, 0, 8191, 8191)
_CORNERS = range(4)


@dataclass(slots=True)
class _Axis:
    """One motor: where it is, and how fast it turns."""

    value: float
    speed: float = 0.0

    def settle(self, passed: float) -> None:
        self.value = min(1.0, max(0.0, self.value + self.speed * passed * _A_SECOND))


class Lens(Section):
    """The motors of the lens of each channel."""

    def __init__(self, device: Device) -> None:
        """Begin in the middle, zoomed out."""
        super().__init__(device)
        count = device.personality.channels
        self._focus = [_Axis(0.5) for _ in range(count)]
        self._zoom = [_Axis(0.0) for _ in range(count)]
        self._since = time.monotonic()
        self._searching_until = 0.0
        self.windows: dict[int, tuple[int, ...]] = {}
        self.autofocus_seconds = 0.5
        """How long it searches."""
        self.slack = 0.0
        """By how much a position that was asked for is missed."""
        self.autofocused = 0

    def focus(self, channel: int = 0) -> float:
        """Where the focus is, 0 to 1."""
        self._settle()
        return self._focus[channel].value

    def zoom(self, channel: int = 0) -> float:
        """Where the zoom is, 0 to 1."""
        self._settle()
        return self._zoom[channel].value

    @property
    def status(self) -> str:
        """Normal, or Autofocus while it searches."""
        return "Autofocus" if time.monotonic() < self._searching_until else "Normal"

    def go(self, channel: int, focus: float, zoom: float) -> None:
        """To a position; -1 keeps an axis."""
        self._settle()
        for axis, value in ((self._focus[channel], focus), (self._zoom[channel], zoom)):
            axis.speed = 0.0
            if value != _KEEP:
                axis.value = max(0.0, value - self.slack)

    def drive(self, channel: int, focus: float, zoom: float) -> None:
        """On and on, the sign is the direction, until it is 0."""
        self._settle()
        self._focus[channel].speed, self._zoom[channel].speed = focus, zoom

    def search(self, channel: int) -> None:
        """Find the focus."""
        self.go(channel, 0.5, _KEEP)
        self._searching_until = time.monotonic() + self.autofocus_seconds
        self.autofocused += 1

    def _settle(self) -> None:
        now = time.monotonic()
        passed, self._since = now - self._since, now
        for axis in (*self._focus, *self._zoom):
            axis.settle(passed)


def adjust(device: Device, command: Command) -> Reply:
    """§4.5.14 adjustFocus&focus=<0..1|-1>&zoom=<0..1|-1>[&channel=1]."""
    return _moved(device, command, 1.0, device.of(Lens).go)


def drive(device: Device, command: Command) -> Reply:
    """§4.5.15 adjustFocusContinuously&focus=<v>&zoom=<v>."""
    return _moved(device, command, 0.0, device.of(Lens).drive)


def search(device: Device, command: Command) -> Reply:
    """§4.5.16 autoFocus[&channel=1]."""
    channel = device.channel(command)
    if channel is None:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Lens).search(channel)
    device.changed.poke()
    return device.ok()


def status(device: Device, command: Command) -> Reply:
    """§4.5.17 getFocusStatus[&channel=1]."""
    channel = device.channel(command)
    if channel is None:
        return device.refuse(Refusal.BAD_REQUEST)
    lens = device.of(Lens)
    focus, zoom = lens.focus(channel), lens.zoom(channel)
    return device.lines(
        f"status.Focus={focus:.6f}",
        f"status.FocusMotorSteps={round(focus * _STEPS)}",
        "status.LenAdjustStatus=0",
        "status.ResetResult=0",
        f"status.Status={lens.status}",
        f"status.Zoom={zoom:.6f}",
        f"status.ZoomMotorSteps={round(zoom * _STEPS)}",
    )


def window(device: Device, command: Command) -> Reply:
    """§4.5.18 getCurrentWindow&channel=1: left, top, right, bottom."""
    channel = device.channel(command)
    if channel is None:
        return device.refuse(Refusal.BAD_REQUEST)
    rect = device.of(Lens).windows.get(channel, _FRAME)
    return device.lines(*(f"rect[{n}]={rect[n]}" for n in _CORNERS))


def set_window(device: Device, command: Command) -> Reply:
    """§4.5.19 setCurrentWindow&channel=1&rect[0]=…&rect[3]=: the same."""
    channel = device.channel(command)
    corners = [command.number(f"rect[{n}]", -1) for n in _CORNERS]
    rect = tuple(-1 if corner is None else corner for corner in corners)
    inside = all(0 <= corner <= _FRAME[-1] for corner in rect)
    if channel is None or not inside or rect[0] >= rect[2] or rect[1] >= rect[3]:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Lens).windows[channel] = rect
    device.changed.poke()
    return device.ok()


def _moved(
    device: Device, command: Command, most: float, move: Callable[[int, float, float], None]
) -> Reply:
    channel = device.channel(command)
    try:
        focus, zoom = (float(command.get(name) or "x") for name in ("focus", "zoom"))
    except ValueError:
        return device.refuse(Refusal.BAD_REQUEST)
    wrong = most and any(value != _KEEP and not 0 <= value <= most for value in (focus, zoom))
    if channel is None or wrong:
        return device.refuse(Refusal.BAD_REQUEST)
    move(channel, focus, zoom)
    device.changed.poke()
    return device.ok()


LENS = {
    "devVideoInput.adjustFocus": adjust,
    "devVideoInput.adjustFocusContinuously": drive,
    "devVideoInput.autoFocus": search,
    "devVideoInput.getFocusStatus": status,
}
WINDOW = {
    "devVideoInput.getCurrentWindow": window,
    "devVideoInput.setCurrentWindow": set_window,
}
