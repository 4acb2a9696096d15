"""RadiometryManager: temperatures now, of before, and as they change (§10.2)."""

from datetime import datetime, timedelta

from tests.simulators.amcrest.answers.thermal import on_thermal, thermal_refusal
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.finder import BadCondition, read_time
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.heat import EDGE, Rule, Thermal, rule_lines
from tests.simulators.amcrest.parts import beat_of, text_part
from tests.simulators.amcrest.state import time_text
from tests.simulators.wire import Connection, Reply

_PERIOD = timedelta(minutes=5)
_KEPT_DAYS = 2


def radiometry_caps(device: Device, command: Command) -> Reply:
    """§10.2.1 RadiometryManager getCaps."""
    return device.lines(
        "caps.MaxAreas=12",
        "caps.MaxLines=12",
        "caps.MaxSpots=12",
        *(f"caps.MeterInfo.Type[{i}]={kind}" for i, kind in enumerate(("Spot", "Line", "Area"))),
        "caps.ObjectEmissivity.Default=0.980000",
        "caps.ObjectEmissivity.Max=1.000000",
        "caps.ObjectEmissivity.Min=0.500000",
        "caps.TemperPresets=1",
        "caps.TotalNum=12",
    )


def point(device: Device, command: Command) -> Reply:
    """§10.2.5 getRandomPointTemper&coordinate[0]=<0-8191>&coordinate[1]=<0-8191>."""
    across, down = (command.number(f"coordinate[{n}]", -1) for n in (0, 1))
    if across is None or down is None or not 0 <= min(across, down) <= max(across, down) <= EDGE:
        return device.refuse(Refusal.BAD_REQUEST)
    thermal = device.of(Thermal)
    return device.lines(
        f"pointTempInfo.TemperAver={thermal.number(thermal.point(across, down))}",
        f"pointTempInfo.TemperatureUnit={thermal.unit}",
        "pointTempInfo.Type=Spot",
    )


def temper(device: Device, command: Command) -> Reply:
    """§10.2.6 getTemper&condition.PresetId=&RuleId=&Type=&Name=: one rule."""
    wanted = {
        key.removeprefix("condition."): value
        for key, value in command.params
        if key.removeprefix("condition.") in ("PresetId", "RuleId", "Type", "Name") and value
    }
    thermal = device.of(Thermal)
    for rule in thermal.rules:
        known = {
            "PresetId": str(rule.preset),
            "RuleId": str(rule.number),
            "Type": rule.kind,
            "Name": rule.name,
        }
        if wanted and wanted.items() <= known.items():
            return device.lines(*rule_lines(thermal, "info", rule))
    return device.refuse(Refusal.BAD_REQUEST)


def start_find(device: Device, command: Command) -> Reply:
    """§10.2.7 startFind&condition.StartTime=&condition.EndTime=: `token=`, `totalCount=`."""
    thermal = device.of(Thermal)
    try:
        start = read_time(command.get("condition.StartTime"))
        end = read_time(command.get("condition.EndTime"))
    except BadCondition:
        return device.refuse(Refusal.BAD_REQUEST)
    now = device.clock.now().replace(second=0, microsecond=0)
    moment = max(start, now - timedelta(days=_KEPT_DAYS))
    found: list[tuple[datetime, Rule]] = []
    while moment <= min(end, now):
        found += [(moment, rule) for rule in thermal.rules]
        moment += _PERIOD
    return device.lines(f"token={thermal.keep(found)}", f"totalCount={len(found)}")


def do_find(device: Device, command: Command) -> Reply:
    """§10.2.7 doFind&token=&beginNumber=0&count=…."""
    thermal = device.of(Thermal)
    found = thermal.searches.get(command.get("token") or "")
    begin, count = command.number("beginNumber", 0) or 0, command.number("count", 100) or 0
    if found is None or begin < 0 or not 1 <= count <= 100:
        return device.refuse(Refusal.BAD_REQUEST)
    page = found[begin : begin + count]
    lines: list[str] = []
    for i, (when, rule) in enumerate(page):
        lines += rule_lines(thermal, f"info[{i}]", rule)
        lines.append(f"info[{i}].Time={time_text(when, device.faults.time_style)}")
    return device.lines(f"found={len(page)}", *lines)


def stop_find(device: Device, command: Command) -> Reply:
    """§10.2.7 stopFind&token=."""
    gone = device.of(Thermal).searches.pop(command.get("token") or "", None)
    return device.refuse(Refusal.BAD_REQUEST) if gone is None else device.ok()


def to_fetch(device: Device, command: Command) -> Reply:
    """§10.2.10 toFetch: one radiometry picture to those who are attached."""
    device.of(Thermal).fetch()
    return device.ok()


async def attach_temper(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§10.2.8 attachTemper: all rules at once, then each that changes."""
    refused = thermal_refusal(device, command) if device.has("thermal") else device.missing()
    beat = beat_of(command)
    if refused is not None or beat is None:
        return refused or device.refuse(Refusal.BAD_REQUEST)
    thermal = device.of(Thermal)
    lines = [
        line
        for i, rule in enumerate(thermal.rules)
        for line in rule_lines(thermal, f"info[{i}]", rule)
    ]
    await thermal.temperatures.serve(connection, beat, None, text_part(lines, device.faults.eol))
    return None


async def attach_proc(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§10.2.9 attachProc: radiometry in DHAV frames, one for each toFetch."""
    refused = thermal_refusal(device, command) if device.has("thermal") else device.missing()
    beat = beat_of(command)
    if refused is not None or beat is None:
        return refused or device.refuse(Refusal.BAD_REQUEST)
    thermal = device.of(Thermal)
    if thermal.plain:
        await thermal.serve_plain(connection)
    else:
        await thermal.radiometry.serve(connection, beat)
    return None


ANSWERS = {
    name: on_thermal(act)
    for name, act in {
        "RadiometryManager.getCaps": radiometry_caps,
        "RadiometryManager.getRandomPointTemper": point,
        "RadiometryManager.getTemper": temper,
        "RadiometryManager.toFetch": to_fetch,
        "RadiometryManager.startFind": start_find,
    }.items()
}
ANSWERS |= {"RadiometryManager.doFind": do_find, "RadiometryManager.stopFind": stop_find}
STREAMS = {
    "RadiometryManager.attachTemper": attach_temper,
    "RadiometryManager.attachProc": attach_proc,
}
