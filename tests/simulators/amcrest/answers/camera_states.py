"""Whether the cameras of a recorder are there, as it changes (§7.6)."""

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.parts import Parts, beat_of, text_part
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Connection, Reply


class CameraStates(Section):
    """Who wants to hear of it."""

    def __init__(self, device: Device) -> None:
        """Begin with nobody."""
        super().__init__(device)
        self.parts = Parts(device)

    def say(self, channel: int) -> None:
        """A camera has come or gone."""
        lines = [
            f"states[0].channel={channel}",
            f"states[0].connectionState={self.device.slots[channel].state}",
        ]
        self.parts.send(text_part(lines, self.device.faults.eol))


async def attach(device: Device, command: Command, connection: Connection) -> Reply | None:
    """§7.6 attachCameraState&uniqueChannels[0]=-1: each change."""
    if not device.has("recorder"):
        return device.missing()
    beat = beat_of(command)
    if beat is None or not command.listed("uniqueChannels"):
        return device.refuse(Refusal.BAD_REQUEST)
    await device.of(CameraStates).parts.serve(connection, beat)
    return None


STREAMS = {"LogicDeviceManager.attachCameraState": attach}
