"""Clips, thumbnails and grabs over HTTP (§8)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import re

from tests.simulators.ispy.answers.server import LOGS
from tests.simulators.ispy.grammar import Answer, Call, Closed, Crash
from tests.simulators.ispy.objects import CAMERA, MICROPHONE, Recording, Size, SpyObject
from tests.simulators.ispy.program import Program
from tests.simulators.ispy.studio import Studio, card, jpeg
from tests.simulators.wire import Request

_CLIP_DAYS = 20
_PICTURE_DAYS = 30
_THUMB: Size = (96, 72)
REMOVED: Size = (95, 72)
_LARGEST = 2**31 - 1
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_LOG = """<html><body><h1>Log</h1>
<p>{name}: Camera connected rtsp://admin:hunter2@192.168.1.64/stream1</p></body></html>"""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a media command works with."""

    program: Program
    studio: Studio
    request: Request


type Serve = Callable[[Desk, Call], Awaitable[Answer]]


async def clip(desk: Desk, call: Call, *, plain: bool = True) -> Answer:
    """A recording as an attachment; a range in 206, beyond the end too."""
    file = _file(desk.program, call)
    if file.size > _LARGEST:
        raise Crash("the length does not fit 32 bits")
    body = await asyncio.to_thread(
        desk.studio.clip, file.scene, file.suffix, file.seconds, file.size
    )
    name = file.name if plain else file.name.replace("_", "").replace("-", "")
    asked = desk.request.header("Range")
    if asked is None:
        return Answer(body, cache_days=_CLIP_DAYS, file=name)
    found = _RANGE.match(asked)
    if found is None or int(found[1]) >= file.size:
        raise Crash(asked)
    first = int(found[1])
    last = int(found[2]) if found[2] else file.size - 1
    if last < first:
        raise Crash(asked)
    return Answer(
        body[first : last + 1],
        status="206 Partial Content",
        cache_days=_CLIP_DAYS,
        file=name,
        span=(first, last, file.size),
    )


async def download(desk: Desk, call: Call) -> Answer:
    """The same under a name without underscores and dashes."""
    return await clip(desk, call, plain=False)


def _file(program: Program, call: Call) -> Recording:
    thing = program.find(call.whole("ot"), call.whole("oid"))
    if thing is None or thing.ot not in (CAMERA, MICROPHONE):
        raise Crash("unknown object")
    file = thing.file(call.get("fn"))
    if file is None:
        raise Crash("no such file")
    return file


async def thumbnail(desk: Desk, call: Call) -> Answer:
    """The small or large picture beside a recording."""
    camera = desk.program.find(CAMERA, call.whole("oid"))
    if camera is None:
        return _stand_in("removed", REMOVED)
    picture = camera.thumbs.get(call.get("fn").lower())
    if picture is None:
        return _stand_in("not found", _THUMB, _asked(call))
    size = _asked(call) or (camera.size if picture.large else _THUMB)
    return await _saved(desk, camera, picture.scene, picture.frame, size)


async def grab(desk: Desk, call: Call) -> Answer:
    """A grab as it was saved, or rescaled."""
    camera = desk.program.find(CAMERA, call.whole("oid"))
    if camera is None:
        return _stand_in("removed", REMOVED)
    wanted = call.get("fn").lower()
    found = next((each for each in camera.grabs if each.name.lower() == wanted), None)
    if found is None:
        return _stand_in("not found", _THUMB, _asked(call))
    return await _saved(desk, camera, found.scene, found.frame, _asked(call))


async def _saved(
    desk: Desk, camera: SpyObject, scene: str, frame: int, size: Size | None
) -> Answer:
    body = await asyncio.to_thread(desk.studio.saved, scene, frame, camera.size, size)
    return Answer(body, "image/jpeg", cache_days=_PICTURE_DAYS)


def _asked(call: Call) -> Size | None:
    size = call.size()
    if size is not None and 0 in size:
        raise Closed("no picture without width and height")
    return size


def _stand_in(text: str, own: Size, size: Size | None = None) -> Answer:
    return Answer(jpeg(card(text, own).resize(size or own)), "image/jpeg")


def static_thumbnail(program: Program, path: str) -> tuple[SpyObject, str] | None:
    """The camera and file of a path like /Video/<dir>/<id>_….jpg, which G1 serves."""
    parts = path.strip("/").lower().split("/")
    if len(parts) != 3 or parts[0] != "video" or not parts[2].endswith(".jpg"):
        return None
    number, underscore, _ = parts[2].partition("_")
    camera = program.find(CAMERA, int(number)) if underscore and number.isdigit() else None
    return (camera, parts[2]) if camera is not None and parts[2] in camera.thumbs else None


async def static(desk: Desk, camera: SpyObject, name: str) -> Answer:
    """A thumbnail by its path."""
    picture = camera.thumbs[name]
    return await _saved(
        desk, camera, picture.scene, picture.frame, camera.size if picture.large else _THUMB
    )


async def log(desk: Desk, call: Call) -> Answer:
    """The newest log."""
    return Answer(_LOG.format(name=LOGS[0]), "text/html", cache_days=_CLIP_DAYS)


async def old_log(desk: Desk, call: Call) -> Answer:
    """A log by its name."""
    name = call.get("fn")
    if name not in LOGS:
        raise Crash("no such log")
    return Answer(_LOG.format(name=name), "text/html", cache_days=_CLIP_DAYS)


FILES: dict[str, Serve] = {
    **{f"loadclip.{ending}": clip for ending in ("flv", "fla", "mp3", "mp4", "avi")},
    **{f"downloadclip.{ending}": download for ending in ("avi", "mp3", "mp4")},
    "loadimage": thumbnail,
    "loadimage.jpg": thumbnail,
    "loadgrab": grab,
    "loadgrab.jpg": grab,
    "logfile": log,
    "getlogfile": old_log,
}
