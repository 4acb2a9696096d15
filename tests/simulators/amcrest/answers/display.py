"""What a recorder shows on its monitors (§7)."""

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply

_MODES = {
    name.lower(): name
    for name in (
        *(f"Split{n}" for n in (1, 2, 4, 6, 8, 9, 12, 16, 20, 25, 36, 64, 144)),
        "PIP1",
        "PIP3",
        "Free",
    )
}


class Monitors(Section):
    """The layout of each monitor."""

    def __init__(self, device: Device) -> None:
        """Begin with four pictures on each."""
        super().__init__(device)
        count = sum(key.endswith(".Mode.Width") for key in device.config.under("VideoOut"))
        self.modes = ["Split4"] * count
        self.groups = [0] * count


def _monitor(device: Device, command: Command) -> int | None:
    number = command.number("channel", 1) or 0
    return number - 1 if 1 <= number <= len(device.of(Monitors).modes) else None


def mode(device: Device, command: Command) -> Reply:
    """§7.2 getMode&channel=1."""
    monitor = _monitor(device, command)
    if monitor is None:
        return device.refuse(Refusal.BAD_REQUEST)
    monitors = device.of(Monitors)
    return device.lines(f"group={monitors.groups[monitor]}", f"mode={monitors.modes[monitor]}")


def set_mode(device: Device, command: Command) -> Reply:
    """§7.2 setMode&channel=1&mode=split4&group=1."""
    monitor = _monitor(device, command)
    known = _MODES.get((command.get("mode") or "").lower())
    group = command.number("group", 0)
    if monitor is None or known is None or group is None or group < 0:
        return device.refuse(Refusal.BAD_REQUEST)
    monitors = device.of(Monitors)
    monitors.modes[monitor], monitors.groups[monitor] = known, group
    device.changed.poke()
    return device.ok()


def enable_tour(device: Device, command: Command) -> Reply:
    """§7.3.2 enableTour&channel=1&enable=true, which MonitorTour shows as well."""
    monitor, enable = _monitor(device, command), command.get("enable")
    if monitor is None or enable not in ("true", "false"):
        return device.refuse(Refusal.BAD_REQUEST)
    device.config[f"MonitorTour[{monitor}].Enable"] = enable
    device.changed.poke()
    return device.ok()


ANSWERS = {"split.getMode": mode, "split.setMode": set_mode, "split.enableTour": enable_tour}
