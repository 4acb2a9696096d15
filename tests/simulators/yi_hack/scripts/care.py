"""Firmware, restart, services, network (§5.13-§5.15, §6)."""

from dataclasses import replace
import math

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.card import CardState
from tests.simulators.yi_hack.grammar import (
    EXITED,
    HTML,
    Call,
    Printed,
    bare,
    done,
    failed,
    first,
    flat,
    slots,
    text,
)

_UPGRADED = "Download completed, rebooting and upgrading."
_NETWORKS = ("Home", "Neighbour", "")
"""The last one is filler."""


async def fw_upgrade(camera: Camera, call: Call) -> Printed:
    """fw_upgrade.sh?get=info|upgrade; anything else ends without a byte."""
    name, value = first(call.query)
    latest = camera.latest_fw if camera.faults.github else ""
    trio = camera.model.variant.trio
    if name == "get" and value == "info":
        versions = f'"fw_version":"{camera.fw_version}",\n"latest_fw":"{latest}",\n'
        if not trio:
            return text(
                "{\n" + versions + '"prerelease_fw":""\n}', "Content-type: application/json"
            )
        local = "true" if camera.local_fw else "false"
        body = '{\n"error":"false",\n' + versions + f'"local_fw":{local}\n}}'
        return text(body, "Content-type: application/json")
    if name != "get" or value not in (("upgrade",) if trio else ("upgrade", "preupgrade")):
        return EXITED
    said = _upgrade(camera, latest)
    return replace(text(said, HTML), after=camera.on_reboot if said == _UPGRADED else None)


def _upgrade(camera: Camera, latest: str) -> str:
    if not camera.card.present:
        return "No SD detected."
    if camera.card.state is CardState.FULL:
        return "No space left on SD."
    if camera.faults.wrong_baseline and not camera.model.variant.trio:
        return "Wrong baseline version"
    if camera.local_fw:
        camera.local_fw = False
        return _UPGRADED
    if not latest:
        return "Unable to download firmware file."
    if latest == camera.fw_version:
        return "No new firmware available."
    camera.fw_version = latest
    return _UPGRADED


async def reboot(camera: Camera, call: Call) -> Printed:
    """reboot.sh: away for a while; the web server may die before it has answered."""
    reply = done() if camera.model.variant.trio else bare()
    return replace(reply, silent=camera.faults.reboot_drops, after=camera.on_reboot)


async def service(camera: Camera, call: Call) -> Printed:
    """service.sh?name=&action=&param1=&param2=; starting RTSP never closes the connection."""
    asked = dict(slots(call.query, 4))
    name, action = asked.get("name", ""), asked.get("action", "")
    if action == "status":
        said = camera.services.said(name, camera.system, camera.model.variant.trio)
        return Printed(b"{}") if said is None else Printed(f'{{"status": "{said}"}}'.encode())
    if action in ("start", "stop"):
        camera.set_service(name, on=action == "start", parameter=asked.get("param1", ""))
    held = action == "start" and name in ("rtsp", "all")
    return Printed(b"{ }", hold=math.inf if held else None)


async def wifi(camera: Camera, call: Call) -> Printed:
    """wifi.sh?action=scan; save would write to the flash."""
    name, action = first(call.query)
    if name == "action" and action == "scan":
        listed = ", ".join(f'"{network}"' for network in _NETWORKS)
        return Printed(f'{{"wifi":[{listed}]}}'.encode())
    if name == "action" and action == "save":
        camera.disaster("wifi.sh?action=save")
        return failed()
    return EXITED


async def proxy(camera: Camera, call: Call) -> Printed:
    """proxy.sh?proxy=0|1: the public address; without the internet there is nothing to print."""
    result = '{"ip":"203.0.113.7"}' if camera.faults.github else ""
    return Printed(f'{{"error":"false","result":{result}}}'.encode())


async def upload(camera: Camera, call: Call) -> Printed:
    """upload.sh of v5: writes any file anywhere."""
    camera.disaster("upload.sh")
    return bare()


async def update_backend(camera: Camera, call: Call) -> Printed:
    """update_backend.sh of v5."""
    return flat(("fw_version", camera.fw_version), ("latest_fw", camera.latest_fw))


SCRIPTS = {
    "fw_upgrade.sh": fw_upgrade,
    "reboot.sh": reboot,
    "service.sh": service,
    "wifi.sh": wifi,
    "proxy.sh": proxy,
    "upload.sh": upload,
    "update_backend.sh": update_backend,
}
