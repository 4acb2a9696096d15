"""Who the camera is and how it does: status.json, hostname.js, links.sh (§5.10, §5.11, §6)."""

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.grammar import Call, Printed, bare, first, flat, members, text
from tests.simulators.yi_hack.personality import V4, V5

_TOTAL_MEMORY = 57_692
_FREE_MEMORY = 20_148
_LINK_QUALITY = 49
_LINK_PERCENT = 70
_HTTP_PORT = "80"
_RTSP_PORT = "554"


async def status(camera: Camera, call: Call) -> Printed:
    """status.json: a script, whatever its name."""
    model, faults = camera.model, camera.faults
    uptime = (camera.clock.now() - camera.booted).total_seconds()
    raw = "\udcff\udc80" if faults.raw_serial else ""
    wired = faults.ethernet
    strength = _LINK_PERCENT if model.variant is V5 else _LINK_QUALITY
    said: dict[str, object] = {
        "name": model.variant.name,
        "hostname": camera.hostname,
        "fw_version": camera.fw_version,
        "home_version": camera.homever,
        "basefw_version": model.basefw,
        "model_suffix": model.model_suffix,
        "camera_model": model.model_suffix,
        "ptz": "yes" if model.ptz else "no",
        "go2rtc": "no",
        "hardware_id": model.hardware_id + raw,
        "serial_number": model.serial + raw,
        "local_time": camera.clock.local().strftime("%a %b %e %H:%M:%S %Z %Y"),
        "uptime": f"{uptime:.2f}",
        "load_avg": "1.73 1.81 1.85",
        "total_memory": _TOTAL_MEMORY,
        "free_memory": _FREE_MEMORY,
        "free_sd": camera.card.free_text,
        "local_ip": model.local_ip,
        "netmask": "255.255.255.0",
        "gateway": f"{model.local_ip.rpartition('.')[0]}.1",
        "mac_addr": _wired(model.mac) if wired else model.mac,
        "wlan_essid": "" if wired else model.essid,
        "wlan_strength": "" if wired else strength,
    }
    for name in _left_out(camera):
        del said[name]
    if faults.privacy_script:
        said["privacy"] = "off" if camera.on else "on"
    return flat(*said.items())


def _left_out(camera: Camera) -> tuple[str, ...]:
    if camera.model.variant is V4:
        return (
            *("name", "basefw_version", "model_suffix", "ptz", "go2rtc"),
            *("hardware_id", "serial_number"),
        )
    if camera.model.variant is V5:
        return ("camera_model", "go2rtc")
    return ("camera_model", "basefw_version", "hardware_id")


def _wired(mac: str) -> str:
    """The other network card's address."""
    return f"{mac[:-2]}{(int(mac[-2:], 16) + 1) % 256:02X}"


async def hostname(camera: Camera, call: Call) -> Printed:
    """hostname.js."""
    return text(f'hostname="{camera.hostname}";\n', "Content-type: text/javascript")


async def links(camera: Camera, call: Call) -> Printed:
    """links.sh: what is enabled, at the address that the camera believes in."""
    system, address = camera.system, camera.model.local_ip
    rtsp = f"rtsp://{address}{_port(system['RTSP_PORT'], _RTSP_PORT)}"
    http = f"http://{address}{_port(system['HTTPD_PORT'], _HTTP_PORT)}"
    said = [(f"{name}_stream", f"{rtsp}/{path}") for name, path in streams(camera)]
    if system["SNAPSHOT"] != "no":
        said += [
            (f"{res}_res_snapshot", f"{http}/cgi-bin/snapshot.sh?res={res}&watermark=yes")
            for res in ("low", "high")
        ]
    return flat(*said) if said else Printed(members(()).encode())


def streams(camera: Camera) -> list[tuple[str, str]]:
    """Names and paths of the streams that are configured (§8)."""
    system = camera.system
    if system["RTSP"] != "yes":
        return []
    wanted = system["RTSP_STREAM"]
    found = [
        (f"{name}_res", f"ch0_{number}.h264")
        for number, name in ((1, "low"), (0, "high"))
        if wanted in (name, "both")
    ]
    if system["RTSP_AUDIO"] not in ("no", "none"):
        found.append(("audio", "ch0_2.h264"))
    return found


async def privacy(camera: Camera, call: Call) -> Printed:
    """privacy.sh?value=on|off|status, in the few versions that had it."""
    name, value = first(call.query)
    if name != "value" or value not in ("on", "off", "status"):
        return bare()
    if value != "status":
        camera.apply([("switch_on", "no" if value == "on" else "yes")])
    return flat(("status", "off" if camera.on else "on"))


def _port(port: str, usual: str) -> str:
    return "" if port == usual else f":{port}"


SCRIPTS = {
    "status.json": status,
    "hostname.js": hostname,
    "links.sh": links,
    "privacy.sh": privacy,
}
