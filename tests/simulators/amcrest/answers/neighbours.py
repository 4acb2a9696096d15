"""Devices that the box hears in its own network (§14.1.1)."""

from dataclasses import dataclass

from tests.simulators.amcrest.config import wire_text
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command
from tests.simulators.amcrest.section import Section
from tests.simulators.wire import Reply


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A device that was heard."""

    number: int
    kind: str
    type: str
    channels: int = 1
    remote: int = 0
    ready: bool = True
    """Whether it has a password already."""


class Neighbours(Section):
    """What was heard so far: more at each time of asking."""

    def __init__(self, device: Device) -> None:
        """Begin with four, and two that are slow."""
        super().__init__(device)
        self.known = [
            Neighbour(1, "IPC", "IPC-HDW2431T"),
            Neighbour(2, "VTO", "VTO2000A"),
            Neighbour(3, "NVR", "NVR5464-4KS2", 0, 64),
            Neighbour(4, "IPC", "IP5M-1190EW", ready=False),
            Neighbour(5, "VTH", "VTH5221D", 0),
            Neighbour(6, "SD", "SD49225XA"),
        ]
        self.heard = 3

    def forget(self) -> None:
        """A restart forgets who was heard."""
        self.heard = 3


def attach(device: Device, command: Command) -> Reply:
    """§14.1.1 attach[&DeviceClass=VTO][&Types[0]=…]: what was heard so far."""
    section = device.of(Neighbours)
    wanted = command.get("DeviceClass")
    heard = [each for each in section.known[: section.heard] if wanted in (None, each.kind)]
    section.heard += 2
    lines = [line for i, each in enumerate(heard) for line in _lines(f"deviceInfo[{i}]", each)]
    return device.lines(*lines)


def _lines(place: str, one: Neighbour) -> list[str]:
    return [
        f"{place}.AlarmInputChannels=0",
        f"{place}.DeviceClass={one.kind}",
        f"{place}.DeviceType={one.type}",
        f"{place}.HttpPort=80",
        f"{place}.IPv4Address.DefaultGateway=192.168.1.1",
        f"{place}.IPv4Address.DhcpEnable={wire_text(one.number % 2 == 0)}",
        f"{place}.IPv4Address.IPAddress=192.168.1.{100 + one.number}",
        f"{place}.IPv4Address.SubnetMask=255.255.255.0",
        f"{place}.Init={14 if one.ready else 0}",
        f"{place}.Mac=3c:ef:8c:00:00:{one.number:02x}",
        f"{place}.MachineName={one.type}-{one.number}",
        f"{place}.Port=37777",
        f"{place}.RemoteVideoInputChannels={one.remote}",
        f"{place}.SerialNo=3K0{one.number:04d}PAN{one.number:05d}",
        f"{place}.Vendor=General",
        f"{place}.Version=2.800.0000000.16.R",
        f"{place}.VideoInputChannels={one.channels}",
    ]


ANSWERS = {"deviceDiscovery.attach": attach}
