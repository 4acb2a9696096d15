"""Stills of the camera (§5.1), and the pictures that came with events (§9)."""

from dataclasses import dataclass
import re
from typing import Final

from ..chunks import jpeg
from ..errors import Busy, Gone
from ..model import Content, Ref
from .box import Box
from .events import IMAGE
from .features import QUALITIES, SNAPSHOT_WATERMARK
from .inventory import STILL

_STILL: Final = re.compile(re.escape(STILL) + f"({'|'.join(QUALITIES)})")
_PAUSE: Final = 0.7
"""Another grabber (Frigate, ONVIF) is done after so many seconds."""
_GOOD: Final = 300.0
"""A picture so old still stands in for one that cannot be had."""


@dataclass(frozen=True, slots=True)
class Good:
    """The last whole picture, and when it was taken."""

    body: bytes
    at: float


class Stills:
    """Takes stills, and remembers the last good one of each quality."""

    def __init__(self, box: Box) -> None:
        """Begin with none."""
        self._box = box
        self._good: dict[str, Good] = {}

    async def take(self, quality: str) -> bytes:
        """A picture: asked twice where none comes, then the last good one. Busy without one."""
        box = self._box
        clock = box.env.clock
        body = await self._snapshot(quality)
        if body is None:
            await clock.sleep(_PAUSE)
            body = await self._snapshot(quality)
        if body is not None:
            self._good[quality] = Good(body, clock.monotonic())
            return body
        good = self._good.get(quality)
        if good is None or clock.monotonic() - good.at > _GOOD:
            raise Busy("no picture now: switched off, or another grabber is at work")
        return good.body

    async def _snapshot(self, quality: str) -> bytes | None:
        box = self._box
        return await box.client.snapshot(
            quality,
            watermark=box.env.options.get(SNAPSHOT_WATERMARK) is True,
            deadline=box.identity.variant.picture_deadline,
        )


async def fetch(box: Box, stills: Stills, ref: Ref) -> Content:
    """A still, or the picture of the last event. Gone for a ref that names none."""
    found = _STILL.fullmatch(ref)
    if found is not None:
        return jpeg(await stills.take(found[1]))
    kept = None if box.translator is None else box.translator.picture
    if ref.startswith(IMAGE) and kept is not None and kept[0] == ref:
        return jpeg(kept[1])
    raise Gone("no such picture")
