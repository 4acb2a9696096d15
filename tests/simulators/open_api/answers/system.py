"""Users, time, text in the picture, log, backup, firmware and the way back (S-1.2 … S-1.11)."""

import json
import re
import zlib

from tests.simulators.open_api.accounts import GROUPS
from tests.simulators.open_api.device import Device
from tests.simulators.open_api.grammar import (
    HTML,
    OK,
    Answer,
    Call,
    Refused,
    failed,
    page,
)
from tests.simulators.wire import Connection

_MAGIC = b"OAPIBK01"
_UNITS = ("year", "month", "day", "hour", "minute", "second")
_YEARS = range(1970, 2032)
_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_VERSION = re.compile(rb"VERSION=(V[\d.]{3,30})")


# Accounts


async def users(device: Device, call: Call, connection: Connection) -> Answer:
    """Add, update, remove and list accounts (S-1.2)."""
    accounts, name = device.accounts, call.get("user", "") or ""
    password, groups, comment = call.get("pwd"), call.get("sgrp"), call.get("comment")
    match call.get("action"):
        case "get":
            lines = [("users", list(accounts.of))]
            lines += [(group, accounts.members(group)) for group in GROUPS]
            return Answer("".join(f'{group}="{",".join(who)}"\r\n' for group, who in lines))
        case "add":
            trouble, done = accounts.add(name, password, groups or "", comment or ""), "Created"
        case "update":
            trouble, done = accounts.update(name, password, groups, comment), "Modified"
        case "remove":
            trouble, done = accounts.remove(name), "Removed"
        case _:
            raise Refused(400)
    if trouble is not None:
        return Answer(f"Error: {trouble}\r\n", HTML)
    device.log(f"account {name}: {done.lower()}")
    return OK if device.faults.plain_users else Answer(f"{done} account {name}.\r\n", HTML)


# Time


async def time(device: Device, call: Call, connection: Connection) -> Answer:
    """Tell or set the local time (S-1.10)."""
    if call.get("action") == "get":
        return Answer(f"{device.clock.text(device.faults.time_style)}\r\n")
    if call.get("action") != "set":
        raise Refused(400)
    zone = call.get("timezone")
    if zone is None and all(call.get(unit) is None for unit in _UNITS):
        return Answer("Request failed: nothing to set\r\n")
    now = device.clock.now()
    try:
        when = now.replace(
            year=_part(call, "year", now.year),
            month=_part(call, "month", now.month),
            day=_part(call, "day", now.day),
            hour=_part(call, "hour", now.hour),
            minute=_part(call, "minute", now.minute),
            second=_part(call, "second", now.second),
        )
    except ValueError as error:
        return Answer(f"Request failed: {error}\r\n")
    if when.year not in _YEARS:
        return Answer(f"Request failed: year must be in {_YEARS[0]}..{_YEARS[-1]}\r\n")
    device.clock.set(when)
    if zone is not None:
        device.parameters["Time.POSIXTimeZone"] = zone
    device.log("time set")
    return OK


def _part(call: Call, unit: str, now: int) -> int:
    """A unit of the new time; what is not given stays as it is."""
    given = call.number(unit)
    return now if given is None else given


# The picture's text and the log


async def osd(device: Device, call: Call, connection: Connection) -> Answer:
    """Show a text in the picture (S-1.11)."""
    camera = call.number("camera", 1) or 0
    text = next((value for key, value in call.pairs if key in ("text", "string", "osd")), None)
    if text is None or not 1 <= camera <= device.model.channels:
        return failed("no text or no such camera")
    device.parameters[f"Image.I{camera - 1}.Text.String"] = text
    device.parameters[f"Image.I{camera - 1}.Text.TextEnabled"] = "yes"
    return OK


async def log(device: Device, call: Call, connection: Connection) -> Answer:
    """Tell the system log (S-1.9)."""
    return Answer("".join(f"{line}\r\n" for line in device.log_lines))


# Settings as a file


async def backup(device: Device, call: Call, connection: Connection) -> Answer:
    """Hand out all settings; they fit this unit only (S-1.5)."""
    whole = {"serial": device.model.serial, "parameters": device.parameters.values}
    return Answer(
        _MAGIC + zlib.compress(json.dumps(whole).encode()),
        "application/octet-stream",
        headers=(("Content-Disposition", "attachment; filename=backup.bin"),),
    )


async def restore(device: Device, call: Call, connection: Connection) -> Answer:
    """Take a backup of this unit back, then restart (S-1.6)."""
    file = _file(call)
    device.uploads.append(("restore", len(file)))
    try:
        whole = json.loads(zlib.decompress(file.removeprefix(_MAGIC)))
        serial, values = whole["serial"], dict(whole["parameters"])
    except (zlib.error, ValueError, KeyError, TypeError):  # fmt: skip
        return failed("not a backup")
    if serial != device.model.serial:
        return failed("backup of another unit")
    device.load(values)
    device.log("settings restored")
    return page("Settings restored, restarting", after=device.on_restart)


async def firmware(device: Device, call: Call, connection: Connection) -> Answer:
    """Take another firmware, then restart (S-1.7)."""
    kind = call.get("type", "normal")
    if kind not in ("normal", "factorydefault"):
        raise Refused(400)
    file = _file(call)
    device.uploads.append(("firmware", len(file)))
    found = _VERSION.search(file[:65_536])
    if found is None:
        return failed("not a firmware")
    if kind == "factorydefault":
        device.factory_default(hard=False)
    device.parameters["Properties.Firmware.Version"] = found[1].decode()
    device.log(f"firmware {found[1].decode()}")
    return page("Firmware upgraded, restarting", after=device.on_restart)


def _file(call: Call) -> bytes:
    """The file of an upload, whatever its field is called (V)."""
    if call.method != "POST":
        raise Refused(405)
    if not call.content_type.lower().startswith("multipart/form-data"):
        raise Refused(415)
    found = _BOUNDARY.search(call.content_type)
    if found is None or call.length == -1:
        raise Refused(400)
    for part in call.body.split(b"--" + found[1].encode())[1:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        if blank and b"filename=" in head:
            return content.removesuffix(b"\r\n")
    raise Refused(400)


# Restarts


async def reboot(device: Device, call: Call, connection: Connection) -> Answer | None:
    """Restart; the connection may go first (S-1.8)."""
    device.on_restart()
    return None if device.faults.silent_reboot else page("Restarting")


async def factory(device: Device, call: Call, connection: Connection) -> Answer:
    """Forget the settings but for the address, then restart (S-1.3)."""
    device.factory_default(hard=False)
    return page("Factory default, restarting", after=device.on_restart)


async def hard_factory(device: Device, call: Call, connection: Connection) -> Answer:
    """Forget the address too, then restart (S-1.4)."""
    device.factory_default(hard=True)
    return page("Hard factory default, restarting", after=device.on_restart)
