"""What the thermal lens sees: temperatures of points and rules, radiometry (§10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
import struct

from tests.simulators import dhav
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.parts import BYTES, Part, Parts, text_part
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Connection

CHANNEL = 1
"""The second one, counted from 0."""
EDGE = 8191
_ACROSS, _DOWN = 64, 48
_ROOM = 21.0


@dataclass(slots=True)
class Rule:
    """A rule of ThermometryRule, as it measures now; in degrees Celsius."""

    preset: int
    number: int
    name: str
    kind: str
    low: float
    high: float

    @property
    def mean(self) -> float:
        """Between the two."""
        return (self.low + self.high) / 2


class Thermal(Section):
    """What the thermal lens sees."""

    def __init__(self, device: Device) -> None:
        """Begin in a room with a warm machine in it."""
        super().__init__(device)
        self.spots: dict[tuple[int, int], float] = {}
        """Temperatures of points that are not as the room is."""
        self.rules = [_rule(device, preset, number) for preset, number in _places(device)]
        self.temperatures = Parts(device)
        self.radiometry = Parts(device)
        self.plain = False
        """Radiometry comes as bare frames, without parts around them."""
        self.mislabelled = False
        """Numbers are in Fahrenheit already, and called Centigrade."""
        self.warming = False
        """It has just started, and knows nothing yet."""
        self.corrected = 0
        self.focused = 0
        self.shutter = False
        self.fetched = 0
        self.searches: dict[str, list[tuple[datetime, Rule]]] = {}
        self._tokens = 1_000
        self._plain_listeners: list[Connection] = []

    @property
    def unit(self) -> str:
        """As the numbers are labelled."""
        key = f"HeatImagingThermometry[{CHANNEL}].TemperatureUnit"
        return self.device.config.get(key, "Centigrade")

    def number(self, celsius: float) -> str:
        """A temperature as it is written, six decimals."""
        fahrenheit = self.mislabelled or self.unit == "Fahrenheit"
        return f"{celsius * 9 / 5 + 32 if fahrenheit else celsius:.6f}"

    def point(self, across: int, down: int) -> float:
        """The temperature of a point."""
        return self.spots.get((across, down), _ROOM + 10 * across / EDGE)

    def set(self, rule: int, low: float, high: float) -> None:
        """Have a rule measure this, and say what follows from it."""
        one = next(each for each in self.rules if each.number == rule)
        one.low, one.high = low, high
        self.temperatures.send(text_part(rule_lines(self, "info[0]", one), self.device.faults.eol))
        place = f"ThermometryRule[{CHANNEL}][{one.preset}]"
        index = self.rules.index(one)
        limit = float(self.device.config[f"{place}[{index}].AlarmSetting[0].Threshold"])
        active = ("HeatImagingTemper", CHANNEL) in self.device.events.active
        if (high > limit) is not active:
            data = {"Name": one.name, "RuleId": rule, "Temperature": high, "AlarmType": 1}
            action = "Start" if high > limit else "Stop"
            self.device.events.emit("HeatImagingTemper", action, CHANNEL, data)
        self.device.changed.poke()

    def frame(self) -> bytes:
        """One thermal picture with all its temperatures, in tenths of a degree."""
        values = [
            round(self.point(x * EDGE // _ACROSS, y * EDGE // _DOWN) * 10)
            for y in range(_DOWN)
            for x in range(_ACROSS)
        ]
        self.fetched += 1
        return dhav.frame(
            dhav.AUXILIARY,
            struct.pack(f"<HH{len(values)}h", _ACROSS, _DOWN, *values),
            number=self.fetched,
            when=self.device.clock.now(),
            counter=0,
            channel=CHANNEL,
        )

    def fetch(self) -> None:
        """Give one picture to all who are attached."""
        frame = self.frame()
        self.radiometry.send(Part(frame, BYTES))
        for connection in self._plain_listeners:
            connection.write(frame)
        self.device.changed.poke()

    async def serve_plain(self, connection: Connection) -> None:
        """Keep somebody who gets bare frames."""
        connection.begin(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n")
        self._plain_listeners.append(connection)
        self.device.changed.poke()
        try:
            await connection.gone()
        finally:
            self._plain_listeners.remove(connection)

    def keep(self, found: list[tuple[datetime, Rule]]) -> str:
        """Keep what was found; its token."""
        self._tokens += 1
        self.searches[str(self._tokens)] = found
        return str(self._tokens)

    @property
    def listening(self) -> int:
        """Who waits for radiometry."""
        return len(self.radiometry.listeners) + len(self._plain_listeners)

    def forget(self) -> None:
        """A restart ends searches."""
        self.searches.clear()


def rule_lines(thermal: Thermal, place: str, rule: Rule) -> Iterator[str]:
    """What a rule measures."""
    yield f"{place}.Name={rule.name}"
    yield f"{place}.PresetId={rule.preset}"
    yield f"{place}.RuleId={rule.number}"
    yield f"{place}.TemperAver={thermal.number(rule.mean)}"
    yield f"{place}.TemperMax={thermal.number(rule.high)}"
    yield f"{place}.TemperMid={thermal.number(rule.mean)}"
    yield f"{place}.TemperMin={thermal.number(rule.low)}"
    yield f"{place}.TemperStd={rule.high - rule.low:.6f}"
    yield f"{place}.Type={rule.kind}"
    yield f"{place}.Unit={thermal.unit}"


def _places(device: Device) -> list[tuple[int, int]]:
    """Presets and positions of the rules that are enabled."""
    prefix = f"ThermometryRule[{CHANNEL}]"
    found: list[tuple[int, int]] = []
    for key in device.config.under(prefix):
        if key.endswith(".RuleId"):
            preset, number = key.removeprefix(prefix)[1:-1].split("]")[:2]
            found.append((int(preset), int(number.removeprefix("["))))
    return found


def _rule(device: Device, preset: int, number: int) -> Rule:
    config, place = device.config, f"ThermometryRule[{CHANNEL}][{preset}][{number}]"
    rule_id = int(config[f"{place}.RuleId"])
    name, kind = config[f"{place}.Name"], config[f"{place}.Type"]
    low = _ROOM + 2 * number
    return Rule(preset, rule_id, name, kind, low, low + (0 if kind == "Spot" else 6))
