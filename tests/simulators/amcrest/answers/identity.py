"""Who the box is and how late it is there (§4.6, §4.5.1)."""

from datetime import datetime
import time

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal
from tests.simulators.wire import Reply

_HOURS_BEFORE = 90_000


def device_type(device: Device, command: Command) -> Reply:
    """§4.6.10 getDeviceType."""
    return device.lines(f"type={device.personality.device_type}")


def hardware_version(device: Device, command: Command) -> Reply:
    """§4.6.11 getHardwareVersion."""
    return device.lines(f"version={device.personality.hardware}")


def serial_number(device: Device, command: Command) -> Reply:
    """§4.6.12 getSerialNo."""
    return device.lines(f"sn={device.serial}")


def machine_name(device: Device, command: Command) -> Reply:
    """§4.6.13 getMachineName, the name kept in General."""
    return device.lines(f"name={device.config.get('General.MachineName', '')}")


def system_info(device: Device, command: Command) -> Reply:
    """§4.6.14 getSystemInfo."""
    lines = device.personality.system_info.replace("{serial}", device.serial).splitlines()
    return device.lines(*(line for line in lines if line))


def vendor(device: Device, command: Command) -> Reply:
    """§4.6.15 getVendor."""
    return device.lines(f"vendor={device.personality.vendor}")


def software_version(device: Device, command: Command) -> Reply:
    """§4.6.16 getSoftwareVersion, one line or two."""
    return device.lines(*device.personality.version.splitlines())


def intervideo_version(device: Device, command: Command) -> Reply:
    """§4.6.17/18 IntervideoManager getVersion."""
    versions = {"Onvif": "16.12", "CGI": "2.84"}
    name = command.get("Name") or ""
    return device.lines(f"version={versions[name]}") if name in versions else device.missing()


def device_class(device: Device, command: Command) -> Reply:
    """§4.6.19 getDeviceClass."""
    return device.lines(f"class={device.personality.device_class}")


def product_definition(device: Device, command: Command) -> Reply:
    """§4.5.1, §4.5.10 getProductDefinition."""
    name = command.get("name") or ""
    product = {
        "MaxExtraStream": str(device.personality.extra_streams),
        **device.personality.product,
    }
    return device.lines(f"table.{name}={product[name]}") if name in product else device.missing()


def uptime(device: Device, command: Command) -> Reply:
    """§4.6 getUpTime: seconds since the start, and of the whole life."""
    seconds = int(time.monotonic() - device.booted)
    return device.lines(f"info.last={seconds}", f"info.total={seconds + _HOURS_BEFORE}")


def reboot(device: Device, command: Command) -> Reply:
    """§4.6.9 reboot: OK, then the sockets die."""
    delay = command.number("delay", 0) or 0
    ok = device.ok()
    return Reply(ok.status, ok.body, ok.headers, close=True, after=lambda: device.on_reboot(delay))


def current_time(device: Device, command: Command) -> Reply:
    """§4.6.2 getCurrentTime."""
    return device.lines(f"result={device.clock.text(device.faults.time_style)}")


def set_current_time(device: Device, command: Command) -> Reply:
    """§4.6.3 setCurrentTime; fractions of a second are refused (§2)."""
    try:
        when = datetime.strptime(command.get("time") or "", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return device.refuse(Refusal.BAD_REQUEST)
    device.clock.set(when)
    device.changed.poke()
    return device.ok()


ANSWERS = {
    "magicBox.getDeviceType": device_type,
    "magicBox.getHardwareVersion": hardware_version,
    "magicBox.getSerialNo": serial_number,
    "magicBox.getMachineName": machine_name,
    "magicBox.getSystemInfo": system_info,
    "magicBox.getVendor": vendor,
    "magicBox.getSoftwareVersion": software_version,
    "magicBox.getDeviceClass": device_class,
    "magicBox.getProductDefinition": product_definition,
    "magicBox.getUpTime": uptime,
    "magicBox.reboot": reboot,
    "IntervideoManager.getVersion": intervideo_version,
    "global.getCurrentTime": current_time,
    "global.setCurrentTime": set_current_time,
}
