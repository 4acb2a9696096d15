"""ThermographyManager: palettes, presets, shutter and focus of the thermal lens (§10.1)."""

from collections.abc import Callable

from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command, Refusal, lines_reply
from tests.simulators.amcrest.heat import CHANNEL, EDGE, Thermal
from tests.simulators.wire import Reply

_MODES = frozenset({"Indoor", "Outdoor", "Default"})

type Act = Callable[[Device, Command], Reply]


def on_thermal(act: Act) -> Act:
    """Only on the thermal channel, and not right after the start."""

    def answered(device: Device, command: Command) -> Reply:
        refused = thermal_refusal(device, command)
        return act(device, command) if refused is None else refused

    return answered


def thermal_refusal(device: Device, command: Command) -> Reply | None:
    if device.channel(command) != CHANNEL:
        return device.refuse(Refusal.BAD_REQUEST)
    if device.of(Thermal).warming:
        text = ["Error", "ErrorID=5, Detail=Server internal error!"]
        return lines_reply(text, device.faults.eol)
    return None


def caps(device: Device, command: Command) -> Reply:
    """§10.1.1 ThermographyManager getCaps."""
    palettes = ("WhiteHot", "BlackHot", "IronRow", "IceFire", "Fusion", "Rainbow")
    return device.lines(
        *(f"caps.Colorization[{i}]={name}" for i, name in enumerate(palettes)),
        "caps.EZoom.Max=8",
        "caps.EZoom.Min=1",
        "caps.FFCMode=true",
        "caps.OptimizedROITypes[0]=Full Screen",
        "caps.OptimizedROITypes[1]=Custom",
    )


def extern_info(device: Device, command: Command) -> Reply:
    """§10.1.3 getExternSystemInfo."""
    return device.lines(
        "sysInfo.LastUpdateTime=2026-02-11 10:00:00",
        "sysInfo.SensorType=VOx",
        f"sysInfo.SerialNumber={device.serial}-T",
        "sysInfo.SoftwareVersion=1.3.1",
    )


def preset_param(device: Device, command: Command) -> Reply:
    """§10.1.4 getPresetParam&mode=Indoor|Outdoor|Default."""
    mode = command.get("mode")
    if mode not in _MODES:
        return device.refuse(Refusal.BAD_REQUEST)
    gain = {"Indoor": 40, "Outdoor": 60}.get(mode, 50)
    return device.lines(
        "presetInfo.Agc=50", f"presetInfo.AgcMaxGain={gain}", "presetInfo.AgcPlateau=20"
    )


def optimized_region(device: Device, command: Command) -> Reply:
    """§10.1.5 getOptimizedRegion."""
    return device.lines(
        "optimizedRegion.Enable=true",
        *(f"optimizedRegion.Regions[0][{n}]={at}" for n, at in enumerate((0, 0, EDGE, EDGE))),
        "optimizedRegion.Type=Full Screen",
    )


def enable_shutter(device: Device, command: Command) -> Reply:
    """§10.1.6 enableShutter&enable=true."""
    if command.get("enable") not in ("true", "false"):
        return device.refuse(Refusal.BAD_REQUEST)
    device.of(Thermal).shutter = command.get("enable") == "true"
    return device.ok()


def fix_focus(device: Device, command: Command) -> Reply:
    """§10.1.7 fixFocus."""
    device.of(Thermal).focused += 1
    return device.ok()


def do_ffc(device: Device, command: Command) -> Reply:
    """§10.1.8 doFFC: flat field correction."""
    device.of(Thermal).corrected += 1
    device.changed.poke()
    return device.ok()


ANSWERS = {
    name: on_thermal(act)
    for name, act in {
        "ThermographyManager.getCaps": caps,
        "ThermographyManager.getExternSystemInfo": extern_info,
        "ThermographyManager.getPresetParam": preset_param,
        "ThermographyManager.getOptimizedRegion": optimized_region,
        "ThermographyManager.enableShutter": enable_shutter,
        "ThermographyManager.fixFocus": fix_focus,
        "ThermographyManager.doFFC": do_ffc,
    }.items()
}
