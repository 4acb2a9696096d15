"""Draws what the simulated lenses see, in processes of its own, so that nobody waits for it."""

import asyncio
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
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

    def still(self, look: Look, number: int) -> bytes:
        """A snapshot, at once; a grey one while the scene is not drawn."""
        drawn = self._drawn.get(look)
        if drawn is None or not drawn.done():
            return self._early
        stills = drawn.result().stills
        return stills[number % len(stills)]

    def loop(self, look: Look) -> Path:
        """The file of a live stream; blocks until it is drawn."""
        self.order(look)
        return self._drawn[look].result(LOOP_SECONDS).loop

    def stop(self) -> None:
        """End the drawing, also in the middle of a picture."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.terminate_workers()


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


def _grey() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", SIZE, (48, 52, 56)).save(buffer, "JPEG")
    return buffer.getvalue()
