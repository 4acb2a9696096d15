"""mount.cgi, format.cgi, list.cgi and remove.cgi: the SD card (S-8)."""

import asyncio

from tests.simulators.open_api.device import Device
from tests.simulators.open_api.grammar import XML, Answer, Call, Refused
from tests.simulators.open_api.storage import DISK
from tests.simulators.wire import Connection


async def mount(device: Device, call: Call, connection: Connection) -> Answer:
    """Mount the card or let it go (S-8.1)."""
    action, card = call.get("action"), device.storage
    if action not in ("mount", "umount"):
        raise Refused(400)
    trouble = _no_disk(device, call)
    if trouble is None and not card.present:
        trouble = "disk is disconnected"
    if trouble is None:
        card.mounted = action == "mount"
        device.log(f"disk {DISK}: {action}")
    return Answer(card.job(action, trouble), XML)


async def format_disk(device: Device, call: Call, connection: Connection) -> Answer:
    """Empty the card; it is not mounted while that lasts (S-8.2)."""
    card = device.storage
    trouble = _no_disk(device, call) or card.trouble()
    if trouble is None:
        card.recordings.clear()
        device.log(f"disk {DISK}: format")
        if device.faults.format_seconds:
            card.mounted = False
            device.spawn(_finish_format(device))
    return Answer(card.job("format", trouble), XML)


async def _finish_format(device: Device) -> None:
    await asyncio.sleep(device.faults.format_seconds)
    device.storage.mounted = True
    device.changed.poke()


async def listing(device: Device, call: Call, connection: Connection) -> Answer:
    """The disks, or the recordings: the argument decides (S-8.3, S-8.4)."""
    card = device.storage
    disk, wanted = call.get("diskid"), call.get("recordingid")
    if disk is not None:
        shown = [card.xml()] if disk in (DISK, "all") and card.present else []
        lines = ['<?xml version="1.0" ?>', "<root>", f'<disks numberofdisks="{len(shown)}">']
        lines += [*shown, "</disks>", "</root>"]
        return Answer("".join(f"{line}\r\n" for line in lines), XML)
    if wanted is None:
        raise Refused(400)
    found = [each.xml() for each in card.visible() if wanted in ("all", each.id)]
    whole = f"<root><recordings>{''.join(found)}</recordings>"
    if not device.faults.truncated_xml:
        whole = f'<?xml version="1.0" ?>{whole}</root>'
    return Answer(whole, XML)


async def remove(device: Device, call: Call, connection: Connection) -> Answer:
    """Remove one recording or all (S-8.5)."""
    card, wanted = device.storage, call.get("recordingid")
    if wanted is None:
        raise Refused(400)
    trouble = card.trouble()
    if trouble is None and wanted == "all":
        card.recordings.clear()
    elif trouble is None and card.recordings.pop(wanted, None) is None:
        trouble = "no such recording"
    if trouble is None:
        device.log(f"recording {wanted} removed")
    return Answer(card.job("remove", trouble), XML)


def _no_disk(device: Device, call: Call) -> str | None:
    return None if call.get("diskid") == DISK else "no such disk"
