"""The wiper of a dome (§5.2)."""

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply


class Brush(Section):
    """Wipes that were done, and the pause between them where it goes on and on."""

    wiped = 0
    interval: int | None = None

    def forget(self) -> None:
        """A restart stops it."""
        self.interval = None


def once(device: Device, command: Command) -> Reply:
    """§5.2.3 moveOnce&channel=1."""
    if device.channel(command) is None:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Brush).wiped += 1
    device.changed.poke()
    return device.ok()


def on_and_on(device: Device, command: Command) -> Reply:
    """§5.2.1 moveContinuously&channel=1&interval=5."""
    interval = command.number("interval")
    if device.channel(command) is None or interval is None or interval < 1:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Brush).interval = interval
    device.changed.poke()
    return device.ok()


def stop(device: Device, command: Command) -> Reply:
    """§5.2.2 stopMove&channel=1."""
    if device.channel(command) is None:
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Brush).interval = None
    device.changed.poke()
    return device.ok()


ANSWERS = {
    "rainBrush.moveOnce": once,
    "rainBrush.moveContinuously": on_and_on,
    "rainBrush.stopMove": stop,
}
