"""The live views of a box (§4.1.1, §4.5): what its streams are, and where they are had."""

from collections.abc import Mapping
from typing import Final

from ..http.client import Lane
from ..model import Value
from . import inventory, kept, tables
from .box import Box
from .inventory import Camera

ENCODE: Final = "Encode"
RTSP: Final = "RTSP"
EXTRA: Final = "MaxExtraStream"
_PORT: Final = 554


async def learn(box: Box, lane: Lane = Lane.READ) -> list[Value]:
    """The live views: those of a camera as they were kept, until the survey looks again."""
    known = {} if box.identity.recorder or lane is Lane.SURVEY else kept.listings(box)
    if known.get(ENCODE):
        tables.recall(box, (ENCODE,))
        box.rtsp = _port(known.get(RTSP, {}))
        await _place(box, known[ENCODE], lane)
        return []
    encode = await box.verdicts.probe(ENCODE, lambda: box.client.get_config(ENCODE, lane))
    rtsp = await box.verdicts.probe(RTSP, lambda: box.client.get_config(RTSP, lane))
    if rtsp is not None or lane is Lane.READ:
        box.rtsp = _port(rtsp or {})
    if encode is not None or lane is Lane.READ:
        await _place(box, encode or {}, lane)
    if box.identity.recorder:
        # It has only a copy of what its cameras are set to.
        return []
    told = tables.place(box, ENCODE, encode) if encode else []
    for name, listing in ((ENCODE, encode), (RTSP, rtsp)):
        if listing:
            kept.keep(box, name, listing)
    return told


async def survey(box: Box) -> list[Value]:
    """What was only recalled, what did not answer, and what nobody had to know at once."""
    doubtful = any(_is_doubtful(box, camera) for camera in box.cameras.values())
    if doubtful or ENCODE in box.recalled or {ENCODE, EXTRA, RTSP} & box.verdicts.unknown:
        box.recalled.discard(ENCODE)
        return await learn(box, Lane.SURVEY)
    if box.verdicts.get(f"fact:{EXTRA}") is None:
        await _place(box, box.encode, Lane.SURVEY)
    return []


async def _place(box: Box, encode: Mapping[str, str], lane: Lane) -> None:
    """Name the streams; a child by ONVIF has some only if a still can be had (§4.4.2, §7.6)."""
    box.encode = encode
    box.voice = inventory.voice(encode)
    extra = await _extra(box, lane)
    for index, camera in box.cameras.items():
        if camera.onvif and not await _has_still(box, camera):
            box.streams[index] = []
            continue
        box.streams[index] = inventory.streams(camera, encode, extra, box.env.address, box.rtsp)


async def _extra(box: Box, lane: Lane) -> int:
    """How many sub streams there are (§4.5.1).

    A camera is asked when there is time, where the main stream or the first sub stream is one that
    everybody can play: all others are for few people.
    """
    name = f"fact:{EXTRA}"
    if lane is Lane.READ and box.verdicts.get(name) is None and not box.identity.recorder:
        found = [
            inventory.streams(camera, box.encode, 1, box.env.address, box.rtsp)
            for camera in box.cameras.values()
        ]
        if all(any(each.codec not in inventory.UNPLAYABLE for each in one) for one in found):
            return 1
    extra = await box.verdicts.fact(EXTRA, lambda: box.client.product(EXTRA))
    return extra if isinstance(extra, int) else 1


def _port(rtsp: Mapping[str, str]) -> int | None:
    """The port of cfg(RTSP) (§4.1); None where it is switched off."""
    if rtsp.get("RTSP.Enable", "true").strip().lower() == "false":
        return None
    number = rtsp.get("RTSP.Port", "").strip()
    port = int(number) if number.isdecimal() and len(number) < 6 else 0
    return port if 0 < port < 65_536 else _PORT


def _is_doubtful(box: Box, camera: Camera) -> bool:
    """Whether it is not known yet if a camera by ONVIF gives pictures."""
    return camera.onvif and box.verdicts.get(f"still:{camera.channel}") is None


async def _has_still(box: Box, camera: Camera) -> bool:
    """Whether the recorder gives a still of a camera; the yes is kept while it is away."""
    name = f"still:{camera.channel}"
    if box.verdicts.get(name) is True:
        return True
    return await box.verdicts.probe(name, lambda: box.client.snapshot(camera.channel)) is not None
