"""Files that the box writes when it is asked for them: its settings (§4.6.21), its log (§4.13)."""

from typing import Final

from ..download import Download, checked, length_of
from ..errors import Gone, Malformed, Rejected, Unsupported
from ..model import Content
from .box import Box

_DEADLINE: Final = 60.0
"""Seconds until the head of an answer, and between two pieces of it: it is made on the spot."""
_PEEK: Final = 1 << 12


async def fetch(box: Box, path: str, start: int = 0, end: int | None = None) -> Content:
    """The whole file: no part of it can be had alone. Gone where the box gives none."""
    checked(start, end)
    async with box.downloads.place():
        stream = await box.client.http.open(path, deadline=_DEADLINE, idle=_DEADLINE)
        try:
            async with stream.or_closed():
                head = await stream.peek(16)
                if stream.status != 200 or head.body.lower().startswith((b"error", b"<")):
                    box.client.text(await stream.peek(_PEEK))
                    raise Malformed("the answer is no file")
        except (Unsupported, Rejected) as error:
            raise Gone(f"the box does not give it: {error}") from error
    size = length_of(stream)
    file = Download(box.downloads, stream, 0, None, None)
    return Content("application/octet-stream", file, container="bin", size=size)
