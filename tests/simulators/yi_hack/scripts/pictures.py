"""snapshot.sh (§5.1) and record.sh (§6)."""

import base64
from dataclasses import replace
from functools import partial

from tests.simulators.yi_hack.camera import Camera
from tests.simulators.yi_hack.grammar import Call, Printed, done, failed, first, members, slots

_JPEG = "Content-type: image/jpeg"
_COLUMNS = 76
_DEFAULT_SECONDS = 60
_MAX_SECONDS = 300


async def snapshot(camera: Camera, call: Call) -> Printed:
    """snapshot.sh?res=&watermark=&base64=&file=; an empty body where there is no picture."""
    asked = dict(slots(call.query, 4))
    if not camera.on and not camera.model.variant.trio:
        return Printed(members([("error", "true")]).encode(), status=503)
    name = asked.get("file")
    if name is not None and ("/" in name or name.startswith(".") or not name):
        return failed()
    picture = await camera.picture(
        asked.get("res", "high"), watermark=asked.get("watermark") == "yes"
    )
    if name is not None:
        if not picture or not camera.card.writable:
            return failed()
        camera.card.put(name, partial(bytes, picture))
        camera.changed.poke()
        return done()
    if asked.get("base64") == "yes":
        text = base64.b64encode(picture)
        lines = [text[at : at + _COLUMNS] + b"\n" for at in range(0, len(text), _COLUMNS)]
        return Printed(b"".join(lines), (f"{_JPEG};base64",))
    return Printed(picture, (_JPEG,))


async def record(camera: Camera, call: Call) -> Printed:
    """record.sh?time=: the camera believes in motion; the connection stays open meanwhile."""
    name, value = first(call.query)
    seconds = int(value) if name == "time" and value.isdecimal() else _DEFAULT_SECONDS
    if not 1 <= seconds <= _MAX_SECONDS:
        return failed()
    camera.believe_in_motion(seconds)
    return replace(done(), hold=float(seconds))


SCRIPTS = {"snapshot.sh": snapshot, "record.sh": record}
