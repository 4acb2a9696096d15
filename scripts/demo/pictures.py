"""Draws what the simulated lenses see, in processes of its own, so that nobody waits for it."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
import io
import multiprocessing
import os
from pathlib import Path
import signal
from typing import Final

from PIL import Image

from tests.simulators import footage

SIZE: Final = (960, 540)
WORKERS: Final = 2
STILLS: Final = 20
"""How many different snapshots a scene has."""
LOOP_SECONDS: Final = 300
FEW_FRAMES: Final = 20
FEW_SCENES: Final = 1

type Look = tuple[str, footage.VideoCodec, footage.AudioCodec | None]
"""A scene as one live stream shows it: scene, video codec, audio codec."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scene, drawn."""

    loop: Path
    stills: list[bytes]


class Pictures:
    """Stills and live loops; what is missing is drawn meanwhile, and kept in the user's cache."""

    def __init__(self, *, few: bool = False) -> None:
        """All scenes in full, or a few short ones, which are enough for a proof."""
        self._frames = FEW_FRAMES if few else footage.FRAMES
        self._scenes = footage.NAMES[:FEW_SCENES] if few else footage.NAMES
        self._pool: ProcessPoolExecutor | None = None
        self._drawn: dict[Look, Future[Drawn]] = {}
        self._early = _grey()

    def scene(self, wanted: str) -> str:
        """The scene of that name, or one that is drawn instead."""
        if wanted in self._scenes:
            return wanted
        return self._scenes[sum(wanted.encode()) % len(self._scenes)]

    def order(self, look: Look) -> None:
        """Begin to draw a scene."""
        if look in self._drawn:
            return
        if self._pool is None:
            # Not a fork: it would take this process's sockets along.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(WORKERS, context, initializer=_step_back)
        self._drawn[look] = self._pool.submit(_draw, look, self._frames)

    async def ready(self, *looks: Look) -> None:
        """Wait until these are drawn, or all that was ordered."""
        for look in looks or list(self._drawn):
            await asyncio.wrap_future(self._drawn[look])

    def still(self, look: Look, number: int, size: tuple[int, int] = SIZE) -> bytes:
        """A snapshot, at once; a grey one while the scene is not drawn."""
        drawn = self._drawn.get(look)
        if drawn is None or not drawn.done():
            return _scaled(self._early, size)
        stills = drawn.result().stills
        return _scaled(stills[number % len(stills)], size)

    def loop(self, look: Look) -> Path:
        """The file of a live stream; blocks until it is drawn."""
        self.order(look)
        return self._drawn[look].result(LOOP_SECONDS).loop

    def drawn_loop(self, look: Look) -> Path | None:
        """The file of a live stream; none while it is not drawn."""
        drawn = self._drawn.get(look)
        return drawn.result().loop if drawn is not None and drawn.done() else None

    def stop(self) -> None:
        """End the drawing, also in the middle of a picture."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.terminate_workers()


class Gallery:
    """What the lenses of one device see, by the names that its simulator calls the scenes."""

    def __init__(self, pictures: Pictures, seen: Mapping[str, str]) -> None:
        """Hang up what is seen under each name; drawing begins when it is ordered."""
        self._pictures = pictures
        self._looks: dict[str, Look] = {
            name: (pictures.scene(scene), "h264", "aac") for name, scene in seen.items()
        }

    @property
    def looks(self) -> tuple[Look, ...]:
        """All of it."""
        return tuple(dict.fromkeys(self._looks.values()))

    def order(self) -> None:
        """Begin to draw."""
        for look in self.looks:
            self._pictures.order(look)

    def still(self, scene: str, number: int, size: tuple[int, int]) -> bytes:
        """A snapshot of a scene."""
        return self._pictures.still(self._looks[scene], number, size)

    def loop(self, scene: str, *_: object) -> Path:
        """The file of a live stream, in the one size there is; blocks until it is drawn."""
        return self._pictures.loop(self._looks[scene])


def _step_back() -> None:
    """Leave the cores to the house, and a Ctrl-C to who ordered the pictures."""
    os.nice(5)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw(look: Look, frames: int) -> Drawn:
    """The loop first: its pictures are the stills."""
    scene, video, audio = look
    loop = footage.loop(scene, video, audio, SIZE, frames)
    every = max(1, frames // STILLS)
    return Drawn(loop, [footage.snapshot(scene, at, SIZE) for at in range(0, frames, every)])


@lru_cache(maxsize=256)
def _scaled(jpeg: bytes, size: tuple[int, int]) -> bytes:
    """The same picture at another size."""
    if size == SIZE:
        return jpeg
    buffer = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).resize(size).save(buffer, "JPEG")
    return buffer.getvalue()


def _grey() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", SIZE, (48, 52, 56)).save(buffer, "JPEG")
    return buffer.getvalue()
