"""Motion levels (§4.5): which windows see motion, and how much, out of an endless stream."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..errors import CannotConnect, Malformed
from ..http.client import Stream
from ..model import (
    Batch,
    FeatureId,
    Hint,
    PartId,
    Scalar,
    Update,
    Value,
)
from ..push import LineParser
from ..settings import POLL
from . import wire
from .box import Box
from .features import MOTION, MOVES_SILENCE
from .wire import Level

CGI: Final = "/motion.cgi"
THROTTLE: Final = 1.0
"""Seconds between two reports of a level, and of what has not changed."""
_MOST: Final = 100
_GROUPS: Final = 999
_FORGET: Final = 5.0
"""Seconds after which an unknown window that comes back is a new one."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window that counts: its part, and the camera's."""

    part: PartId
    camera: PartId


class Translator:
    """Levels to updates; remembers who was above, and who is unknown."""

    def __init__(self) -> None:
        """Begin without windows."""
        self._windows: Mapping[int, Window] = {}
        self._excluded: frozenset[int] = frozenset()
        self._above: dict[int, tuple[bool, float]] = {}
        self._told: dict[FeatureId, tuple[Scalar, float]] = {}
        self._unknown: dict[int, float] = {}

    def begin(self) -> None:
        """A new connection: what was told before it counts no more."""
        self._above.clear()
        self._told.clear()
        self._unknown.clear()

    def layout(self, windows: Mapping[int, Window], excluded: Iterable[int]) -> None:
        """Other windows from now on."""
        self._windows = windows
        self._excluded = frozenset(excluded)
        self._above = {group: one for group, one in self._above.items() if group in windows}
        for group in windows:
            self._unknown.pop(group, None)

    def translate(self, levels: Iterable[Level], now: float) -> list[Update]:
        """What these levels say."""
        told: list[Update] = []
        cameras: dict[PartId, None] = {}
        hint = False
        last = -1
        for each in levels:
            if each.group <= last:
                # Windows come in rising order: this is the next part, glued to the last.
                self._cameras(told, cameras, now)
            last = each.group
            window = self._windows.get(each.group)
            if window is None:
                hint = self._is_new(each.group, now) or hint
                continue
            above = each.level > each.threshold
            self._above[each.group] = (above, now)
            self._say(told, f"{window.part}:motion", above, now)
            self._say(told, f"{window.part}:motion_level", each.level, now, always=False)
            cameras[window.camera] = None
        self._cameras(told, cameras, now)
        if hint:
            told.append(Hint((POLL + MOTION,)))
        return told

    def _cameras(self, told: list[Update], cameras: dict[PartId, None], now: float) -> None:
        """Tell of the cameras whose windows were heard."""
        for camera in cameras:
            self._say(told, f"{camera}:motion", self._any(camera, now), now)
        cameras.clear()

    def _is_new(self, group: int, now: float) -> bool:
        """Whether a window was added behind our back; each is asked for once."""
        if group in self._excluded:
            return False
        last = self._unknown.get(group)
        self._unknown[group] = now
        return last is None or now - last > _FORGET

    def _any(self, camera: PartId, now: float) -> bool:
        """Whether any window of a camera is above; one that fell silent is not."""
        return any(
            above and now - at < MOVES_SILENCE
            for group, (above, at) in self._above.items()
            if self._windows[group].camera == camera
        )

    def _say(
        self, told: list[Update], id_: FeatureId, value: Scalar, now: float, *, always: bool = True
    ) -> None:
        """Tell a value that is new, and any other once a second."""
        before = self._told.get(id_)
        if before is None or now - before[1] >= THROTTLE or (always and before[0] != value):
            self._told[id_] = (value, now)
            told.append(Value(id_, value))


def usable(found: Level) -> bool:
    """Whether a level is within its ranges."""
    return found.level <= _MOST and found.threshold <= _MOST and found.group <= _GROUPS


async def listen(box: Box, translator: Translator) -> AsyncGenerator[Batch]:
    """The levels of all windows (motion.cgi); () for whatever else is said."""
    async with box.client.http.stream(CGI, login=box.client.login) as stream:
        await accept(box, stream)
        parser = LineParser()
        translator.begin()
        async for chunk in stream:
            lost = parser.dropped
            levels = []
            for line in parser.feed(chunk):
                found = wire.level(line)
                if found is None:
                    continue
                if usable(found):
                    levels.append(found)
                else:
                    box.dropped += 1
            box.dropped += parser.dropped - lost
            yield tuple(translator.translate(levels, box.env.clock.monotonic()))
    raise CannotConnect("the stream ended")


async def accept(box: Box, stream: Stream) -> None:
    """Go on if this is a stream of parts; a login page comes with 200, too."""
    kind = stream.headers.get("content-type", "").lower()
    if stream.status == 200 and not kind.startswith("text/html"):
        return
    reply = await stream.peek(4096)
    box.client.check(reply)
    raise Malformed(f"answered with {kind[:40] or 'nothing'}")
