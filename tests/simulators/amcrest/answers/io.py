"""Warning light, siren, disks and the recorder's camera list (§6.1, §7.2, §7.6)."""

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.amcrest.state import Coaxial, Disk, Slot
from tests.simulators.wire import Reply

_ON, _OFF = 1, 2


def coaxial_status(device: Device, command: Command) -> Reply:
    """§7.2 coaxialControlIO getStatus."""
    if device.channel(command) is None:
        return device.refuse(Refusal.BAD_REQUEST)
    coaxial = device.coaxial
    return device.lines(
        f"status.status.Speaker={_on_off(coaxial.speaker)}",
        f"status.status.WhiteLight={_on_off(coaxial.white_light)}",
    )


def coaxial_control(device: Device, command: Command) -> Reply:
    """§7.2 control: info[0].Type 1 light, 2 speaker; info[0].IO 1 on, 2 off."""
    kind, value = command.number("info[0].Type"), command.number("info[0].IO")
    if device.channel(command) is None or value not in (_ON, _OFF):
        return device.refuse(Refusal.BAD_REQUEST)
    if kind not in (Coaxial.WHITE_LIGHT, Coaxial.SPEAKER):
        return device.refuse(Refusal.BAD_REQUEST)
    device.coaxial.switch(kind, value == _ON)
    device.changed.poke()
    return device.ok()


def port_info(device: Device, command: Command) -> Reply:
    """§6.1.1 factory.getPortInfo: bit masks."""
    plugged = (1 << len(device.storage)) - 1
    return device.lines(
        "info.Bad=0", "info.IDE=0", f"info.Mask={plugged}", f"info.Plug={plugged}",
        f"info.Total={len(device.storage)}", "info.eSATA=0",
    )  # fmt: skip


def disk_names(device: Device, command: Command) -> Reply:
    """§6.1.2 factory.getCollect: names of the disks."""
    if not device.storage:
        return device.refuse(Refusal.BARE)
    return device.lines(*(f"list[{i}]={disk.name}" for i, disk in enumerate(device.storage)))


def all_disks(device: Device, command: Command) -> Reply:
    """§6.1.3 getDeviceAllInfo: bytes are floats with six decimals."""
    if not device.storage:
        return device.lines("list.info=0")
    lines = [line for i, disk in enumerate(device.storage) for line in _disk_lines(i, disk)]
    return device.lines(*lines)


def set_device(device: Device, command: Command) -> Reply:
    """§6 setDevice&type=FormatPatition&path=<disk>: empties it."""
    disks = [disk for disk in device.storage if disk.name == command.get("path")]
    if command.get("type") != "FormatPatition" or not disks:
        return device.refuse(Refusal.BAD_REQUEST)
    for partition in disks[0].partitions:
        partition.used = 0
    device.changed.poke()
    return device.ok()


def all_cameras(device: Device, command: Command) -> Reply:
    """§7.6 LogicDeviceManager getCameraAll: empty positions are listed too."""
    lines = [line for i, slot in enumerate(device.slots) for line in _camera_lines(i, slot)]
    return device.lines(*lines)


def camera_states(device: Device, command: Command) -> Reply:
    """§7.6 getCameraState&uniqueChannels[0]=-1 (all) or the channels asked for."""
    wanted = {int(v) for k, v in command.params if k.startswith("uniqueChannels[") and _is_int(v)}
    if not wanted:
        return device.refuse(Refusal.BAD_REQUEST)
    shown = [
        (channel, slot)
        for channel, slot in enumerate(device.slots)
        if slot.type != "Compose" and (-1 in wanted or channel in wanted)
    ]
    lines: list[str] = []
    for i, (channel, slot) in enumerate(shown):
        lines += [f"states[{i}].channel={channel}", f"states[{i}].connectionState={slot.state}"]
    return device.lines(*lines)


def _disk_lines(number: int, disk: Disk) -> list[str]:
    head = f"list.info[{number}]"
    lines: list[str] = []
    for i, partition in enumerate(disk.partitions):
        place = f"{head}.Detail[{i}]"
        lines += [
            f"{place}.IsError={'true' if partition.is_error else 'false'}",
            f"{place}.Path={partition.path}",
            f"{place}.TotalBytes={partition.total:.6f}",
            f"{place}.Type={partition.kind}",
            f"{place}.UsedBytes={partition.used:.6f}",
        ]
    return [*lines, f"{head}.Name={disk.name}", f"{head}.State={disk.state}"]


def _camera_lines(number: int, slot: Slot) -> list[str]:
    place = f"camera[{number}]"
    enabled = "true" if slot.enabled else "false"
    return [
        f"{place}.ControlID={f'netcamera_{number}' if slot.type == 'Remote' else ''}",
        f"{place}.DeviceID=uuid:System_CONFIG_NETCAMERA_INFO_{number}",
        f"{place}.DeviceInfo.Address={slot.address}",
        f"{place}.DeviceInfo.DeviceType={slot.device_type}",
        f"{place}.DeviceInfo.Enable={enabled}",
        f"{place}.DeviceInfo.HttpPort=80",
        f"{place}.DeviceInfo.Mac={slot.mac}",
        f"{place}.DeviceInfo.Name={slot.name}",
        f"{place}.DeviceInfo.Port=37777",
        f"{place}.DeviceInfo.ProtocolType={slot.protocol}",
        f"{place}.DeviceInfo.RtspPort=554",
        f"{place}.DeviceInfo.SerialNo={slot.serial}",
        f"{place}.DeviceInfo.UserName=admin",
        f"{place}.Enable={enabled}",
        f"{place}.Type={slot.type}",
        f"{place}.UniqueChannel={number}",
    ]


def _on_off(on: bool) -> str:
    return "On" if on else "Off"


def _is_int(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


COAXIAL = {
    "coaxialControlIO.getStatus": coaxial_status,
    "coaxialControlIO.control": coaxial_control,
}
STORAGE = {
    "storageDevice.factory.getPortInfo": port_info,
    "storageDevice.factory.getCollect": disk_names,
    "storageDevice.getDeviceAllInfo": all_disks,
    "storageDevice.setDevice": set_device,
}
RECORDER = {
    "LogicDeviceManager.getCameraAll": all_cameras,
    "LogicDeviceManager.getCameraState": camera_states,
}
