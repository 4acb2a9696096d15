"""Pictures that came with events and are nowhere else: the last of each camera, in memory."""

from typing import Final

from ..model import PartId, Ref

PICTURE: Final = "picture"
MOST_BYTES: Final = 32 << 20
"""So much is kept of all cameras; what lay there longest makes room."""


class Album:
    """The last picture of each part."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: dict[PartId, tuple[Ref, bytes]] = {}
        self._number = 0

    def keep(self, part: PartId, body: bytes) -> Ref:
        """Keep a picture in place of the part's last one; what names it."""
        self._kept.pop(part, None)
        size = len(body) + sum(len(other) for _, other in self._kept.values())
        while size > MOST_BYTES and self._kept:
            size -= len(self._kept.pop(next(iter(self._kept)))[1])
        self._number += 1
        ref = f"{PICTURE}:{self._number}"
        self._kept[part] = ref, body
        return ref

    def get(self, ref: Ref) -> bytes | None:
        """The picture of this name, while it is there."""
        return next((body for name, body in self._kept.values() if name == ref), None)
