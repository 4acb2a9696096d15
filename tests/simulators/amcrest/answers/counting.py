"""People who come and go: counters, their history, the heat map (§8.2, §8.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.finder import BadCondition, read_time
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.parts import Parts, beat_of, text_part
from tests.simulators.amcrest.section import Section
from tests.simulators.amcrest.state import time_text
from tests.simulators.wire import Connection, Reply

_STEPS = {
    "Minute": timedelta(minutes=1),
    "Hour": timedelta(hours=1),
    "Day": timedelta(days=1),
    "Week": timedelta(days=7),
    "Month": timedelta(days=30),
}
_CELLS = 44 * 36
_EVER = datetime(2000, 1, 1)  # noqa: DTZ001 - a device's clock has no zone
_COUNTING = frozenset({"NumberStat", "ManNumDetection"})


@dataclass(slots=True)
class Counter:
    """One rule that counts: who crossed when."""

    name: str
    kind: str
    entered: list[datetime] = field(default_factory=list)
    exited: list[datetime] = field(default_factory=list)
    section_from: datetime = _EVER

    @property
    def inside(self) -> int:
        """Who is still there."""
        since = self.section_from
        came = sum(when >= since for when in self.entered)
        return max(0, came - sum(when >= since for when in self.exited))


class Counters(Section):
    """The counters of each channel, one a rule."""

    def __init__(self, device: Device) -> None:
        """Begin with a morning's worth of people."""
        super().__init__(device)
        self.parts = Parts(device)
        self.counters: dict[int, list[Counter]] = {}
        self._finds: dict[str, list[tuple[datetime, datetime, Counter]]] = {}
        self._tokens = 500
        now = device.clock.now()
        for channel in range(device.personality.channels):
            self.counters[channel] = list(_rules(device, channel))
            for counter in self.counters[channel]:
                counter.entered += [now - timedelta(hours=hours) for hours in range(30, 0, -1)]
                counter.exited += [now - timedelta(hours=hours) for hours in range(30, 2, -1)]

    def walk(self, entered: int = 0, exited: int = 0, channel: int = 0, rule: int = 0) -> None:
        """Have people come and go now, and say so."""
        counter = self.counters[channel][rule]
        now = self.device.clock.now()
        counter.entered += [now] * entered
        counter.exited += [now] * exited
        data = {
            "RuleName": counter.name,
            "EnteredSubtotal": len(counter.entered),
            "ExitedSubtotal": len(counter.exited),
            "InsideSubtotal": counter.inside,
        }
        self.device.events.emit(counter.kind, "Pulse", channel, data)
        said = text_part(summary_lines(self.device, channel, counter), self.device.faults.eol)
        self.parts.send(said, key=channel)
        self.device.changed.poke()

    def find(self, channel: int, start: datetime, end: datetime, step: timedelta) -> str:
        """Keep the periods of a time; its token."""
        found: list[tuple[datetime, datetime, Counter]] = []
        for counter in self.counters[channel]:
            at = start
            while at < end:
                found.append((at, min(at + step, end), counter))
                at += step
        self._tokens += 1
        token = str(self._tokens)
        self._finds[token] = found
        return token

    def found(self, token: str | None) -> list[tuple[datetime, datetime, Counter]] | None:
        """What a token stands for."""
        return self._finds.get(token or "")

    def stop(self, token: str | None) -> bool:
        """Give a token back."""
        return self._finds.pop(token or "", None) is not None

    def forget(self) -> None:
        """A restart ends searches."""
        self._finds.clear()


def summary_lines(device: Device, channel: int, counter: Counter) -> Iterator[str]:
    """A counter as getSummary says it."""
    now = device.clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    yield f"summary.Channel={channel}"
    for name, times in (("Entered", counter.entered), ("Exited", counter.exited)):
        for part, since in (
            ("Hour", hour),
            ("Today", day),
            ("Total", _EVER),
            ("TotalInTimeSection", counter.section_from),
        ):
            yield f"summary.{name}Subtotal.{part}={sum(when >= since for when in times)}"
    yield f"summary.InsideSubtotal.Total={counter.inside}"
    yield f"summary.RuleName={counter.name}"
    yield f"summary.UTC={int(now.timestamp())}"


def summary(device: Device, command: Command) -> Reply:
    """§8.3.1 getSummary&channel=1[&name=<rule>]."""
    channel = device.channel(command)
    counters = [] if channel is None else device.of(Counters).counters[channel]
    wanted = command.get("name")
    matching = [each for each in counters if wanted in (None, each.name)]
    if channel is None or not matching:
        return device.refuse(Refusal.BAD_REQUEST)
    return device.lines(*summary_lines(device, channel, matching[0]))


def start_find(device: Device, command: Command) -> Reply:
    """§8.3.2 startFind&channel=1&condition.StartTime=&condition.EndTime=&condition.Granularity=."""
    channel = device.channel(command)
    step = _STEPS.get(command.get("condition.Granularity") or "Hour")
    try:
        start = read_time(command.get("condition.StartTime"))
        end = read_time(command.get("condition.EndTime"))
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    if channel is None or step is None or not start < end or (end - start) / step > 10_000:
        return device.refuse(Refusal.BAD_REQUEST)
    counters = device.of(Counters)
    token = counters.find(channel, start, end, step)
    return device.lines(f"token={token}", f"totalCount={len(counters.found(token) or ())}")


def do_find(device: Device, command: Command) -> Reply:
    """§8.3.2 doFind&token=&beginNumber=0&count=…."""
    found = device.of(Counters).found(command.get("token"))
    begin, count = command.number("beginNumber", 0) or 0, command.number("count", 100) or 0
    if found is None or begin < 0 or not 1 <= count <= 100:
        return device.refuse(Refusal.BAD_REQUEST)
    page = found[begin : begin + count]
    lines: list[str] = []
    style = device.faults.time_style
    for i, (start, end, counter) in enumerate(page):
        lines += [
            f"info[{i}].EndTime={time_text(end, style)}",
            f"info[{i}].EnteredSubtotal={sum(start <= when < end for when in counter.entered)}",
            f"info[{i}].ExitedSubtotal={sum(start <= when < end for when in counter.exited)}",
            f"info[{i}].RuleName={counter.name}",
            f"info[{i}].StartTime={time_text(start, style)}",
        ]
    return device.lines(f"found={len(page)}", *lines)


def stop_find(device: Device, command: Command) -> Reply:
    """§8.3.2 stopFind&token=."""
    if not device.of(Counters).stop(command.get("token")):
        return device.refuse(Refusal.BAD_REQUEST)
    return device.ok()


def clear(device: Device, command: Command) -> Reply:
    """§8.3.2 clearSectionStat&channel=1: the section begins anew, and nobody is inside."""
    channel = device.channel(command)
    if channel is None:
        return device.refuse(Refusal.BAD_REQUEST)
    for counter in device.of(Counters).counters[channel]:
        counter.section_from = device.clock.now()
    device.changed.poke()
    return device.ok()


def heat_map(device: Device, command: Command) -> Reply:
    """§8.2.2 getHeatMap&channel=1&StartTime=&EndTime=&PlanID=: a byte for each cell."""
    try:
        start, end = read_time(command.get("StartTime")), read_time(command.get("EndTime"))
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    if device.channel(command) is None or start >= end:
        return device.refuse(Refusal.BAD_REQUEST)
    block = bytes(cell * 7 % 256 for cell in range(_CELLS))
    return Reply(200, block, (("Content-Type", "application/octet-stream"),))


async def attach(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§8.3.2 attach&channel=1&heartbeat=5: a summary at each change."""
    if not device.has("counting"):
        return device.missing()
    channel, beat = device.channel(command), beat_of(command)
    if channel is None or beat is None:
        return device.refuse(Refusal.BAD_REQUEST)
    counters = device.of(Counters)
    first = [
        text_part(summary_lines(device, channel, each), device.faults.eol)
        for each in counters.counters[channel]
    ]
    await counters.parts.serve(connection, beat, channel, *first)
    return None


def _rules(device: Device, channel: int) -> Iterator[Counter]:
    """The rules of VideoAnalyseRule that count."""
    for key, value in device.config.under(f"VideoAnalyseRule[{channel}]").items():
        if key.endswith("].Type") and value in _COUNTING:
            yield Counter(device.config[f"{key.removesuffix('Type')}Name"], value)


ANSWERS = {
    "videoStatServer.getSummary": summary,
    "videoStatServer.startFind": start_find,
    "videoStatServer.doFind": do_find,
    "videoStatServer.stopFind": stop_find,
    "videoStatServer.clearSectionStat": clear,
    "videoStatServer.getHeatMap": heat_map,
}
STREAMS = {"videoStatServer.attach": attach}
