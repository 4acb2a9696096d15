"""Recordings: listing, deleting, the last one (§5.2-§5.6), and time-lapse films (§6)."""

import asyncio
import re

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.card import FOLDER, TIMELAPSE, by_time
from tests.simulators.yi_hack.grammar import (
    EXITED,
    FORBIDDEN_V5,
    Call,
    Printed,
    bare,
    done,
    failed,
    first,
    records,
    refused,
    slots,
    text,
)

_FOLDER_LENGTH = 14
_WAIT_SECONDS = 83.0
_FILE = re.compile(r".{4}Y.{2}M.{2}D.{2}H/(?:.{2})?.{2}M.{2}S.{2}\.mp4")
_LAPSE_DAY = 10


async def eventsdir(camera: Camera, call: Call) -> Printed:
    """eventsdir.sh: folders, newest first."""
    counted = [name for name in camera.card.names() if "H" in name]
    blocks = []
    for name in reversed(counted):
        if len(name) != _FOLDER_LENGTH:
            continue
        hour = camera.shown(name)
        when = f"{hour:Date: %F Time: %H:%M}" if hour else "Date: -- Time: :00"
        blocks.append(f'"datetime":"{when}",\n"dirname":"{name}"')
    return records("{", blocks, len(counted))


async def eventsfile(camera: Camera, call: Call) -> Printed:
    """eventsfile.sh?dirname=DIR: clips of an hour, newest first."""
    variant = camera.model.variant
    if not variant.trio and refused(call.query, FORBIDDEN_V5):
        return Printed()
    name, folder = first(call.query)
    if name != "dirname" or not folder:
        if variant.trio:
            return failed()
        folder = ""
    hour = camera.shown(folder)
    counted = [file for file in camera.card.names(folder) if "mp4" in file]
    blocks = []
    for file in reversed(by_time(counted)):
        if len(file) not in variant.name_lengths:
            continue
        minute = re.sub(r"^E\d", "", file)[:2]
        block = f'"time":"Time: {f"{hour:%H}" if hour else ""}:{minute}",\n"filename":"{file}"'
        if variant.trio:
            block += f',\n"thumbfilename":"{_thumb(camera, folder, file)}"'
        blocks.append(block)
    date = f'"date":"{f"{hour:%F}" if hour else "--"}",\n'
    opening = f'{{"error":"false",\n{date}' if variant.trio else f"{{{date}"
    return records(opening, blocks, len(counted))


def _thumb(camera: Camera, folder: str, file: str) -> str:
    """Name of the thumbnail, once it is there and not empty."""
    name = f"{file.removesuffix('.mp4')}.jpg"
    found = camera.card.find(f"{folder}/{name}")
    return "" if found is None or found.blank else name


async def eventsdirdel(camera: Camera, call: Call) -> Printed:
    """eventsdirdel.sh?dir=: checks nothing that matters, and always succeeds."""
    trio = camera.model.variant.trio
    if not trio and refused(call.query, FORBIDDEN_V5):
        return EXITED
    name, folder = first(call.query)
    if name == "dir":
        if not folder:
            camera.disaster("eventsdirdel.sh?dir=")
        if ".." in folder.split("/"):
            camera.disaster(f"eventsdirdel.sh?dir={folder}")
        camera.card.remove_folder("" if folder == "all" else folder)
        camera.changed.poke()
    return done() if trio else bare()


async def eventsfiledel(camera: Camera, call: Call) -> Printed:
    """eventsfiledel.sh?file=DIR/FILE: the clip, and its thumbnail too."""
    variant = camera.model.variant
    if not variant.trio and refused(call.query, FORBIDDEN_V5 - {"."}):
        return EXITED
    name, path = first(call.query)
    if name == "file" and not variant.trio:
        camera.card.remove(path)
    if variant.trio:
        lengths = [_FOLDER_LENGTH + 1 + length for length in variant.name_lengths]
        if name != "file" or len(path) not in lengths or not _FILE.fullmatch(path):
            return failed()
        camera.card.remove(path)
        camera.card.remove(f"{path.removesuffix('.mp4')}.jpg")
    camera.changed.poke()
    return done() if variant.trio else bare()


async def last_video(camera: Camera, call: Call) -> Printed:
    """getlastrecordedvideo.sh?oldness=&type=."""
    return await _last(camera, call, ".mp4", "Content-type: video/mp4; charset=utf-8")


async def last_snapshot(camera: Camera, call: Call) -> Printed:
    """getlastrecordedsnapshot.sh, the same for the thumbnail."""
    return await _last(camera, call, ".jpg", "Content-type: image/jpeg; charset=utf-8")


async def _last(camera: Camera, call: Call, suffix: str, content: str) -> Printed:
    asked = dict(slots(call.query, 2))
    oldness = _whole(asked.get("oldness", ""))
    if oldness < 0:
        await _next_clip(camera, suffix)
    folder, file = _newest(camera, max(oldness, 1), suffix)
    kind = asked.get("type", "1")
    if kind == "2":
        address = f"{camera.model.local_ip}:{camera.system['HTTPD_PORT']}"
        return text(f"http://{address}/record/{folder}/{file}")
    if kind in ("3", "4"):
        found = camera.card.find(f"{folder}/{file}")
        body = b"" if found is None else await asyncio.to_thread(found.make)
        place = "inline" if kind == "3" else "attachment"
        return Printed(body, (content, f'Content-Disposition: {place}; filename="{file}"'))
    return text(f"{folder}/{file}\n")


def _newest(camera: Camera, number: int, suffix: str) -> tuple[str, str]:
    """Folder and name of the n-th newest file of the newest hour."""
    folders = [name for name in camera.card.names() if FOLDER.fullmatch(name)]
    if not folders:
        return "", ""
    lengths = camera.model.variant.last_lengths
    files = [
        name
        for name in by_time(camera.card.names(folders[-1]))
        if name.endswith(suffix) and len(name) in lengths
    ]
    return (folders[-1], files[-min(number, len(files))]) if files else ("", "")


async def _next_clip(camera: Camera, suffix: str) -> None:
    """Wait for another file, as long as one is being written; say nothing if none came."""
    if camera.recorder.temporary() is None:
        return
    before = _newest(camera, 1, suffix)

    def arrived() -> bool:
        camera.recorder.tick()
        return _newest(camera, 1, suffix) != before

    try:
        await camera.changed.until(arrived, _WAIT_SECONDS * camera.faults.pace)
    except TimeoutError:
        return


def _whole(number: str) -> int:
    return int(number) if re.fullmatch(r"-?\d+", number) else 0


async def timelapse(camera: Camera, call: Call) -> Printed:
    """timelapse.sh?action=list and action=delete&file=."""
    asked = dict(slots(call.query, 2))
    action = asked.get("action")
    if action == "delete":
        camera.card.remove(f"{TIMELAPSE}/{asked.get('file', '')}")
        camera.changed.poke()
        return done()
    if action != "list":
        return EXITED
    counted = [name for name in camera.card.names(TIMELAPSE) if ".avi" in name]
    blocks = [
        f'"date":"Date: {name[:_LAPSE_DAY]}",\n'
        f'"time":"Time: {name[_LAPSE_DAY + 1 : -4].replace("-", ":")}",\n"filename":"{name}"'
        for name in reversed(counted)
        if re.fullmatch(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.avi", name)
    ]
    return records('{"error":"false",\n', blocks, len(counted))


SCRIPTS = {
    "eventsdir.sh": eventsdir,
    "eventsfile.sh": eventsfile,
    "eventsdirdel.sh": eventsdirdel,
    "eventsfiledel.sh": eventsfiledel,
    "getlastrecordedvideo.sh": last_video,
    "getlastrecordedsnapshot.sh": last_snapshot,
    "timelapse.sh": timelapse,
}
