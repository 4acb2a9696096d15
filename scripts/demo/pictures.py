"""Draws what the simulated lenses see, in processes of its own, so that nobody waits for it."""

import asyncio
from concurrent.futures import Future, ProcessPoolExecutor
import io
import multiprocessing
import os
from pathlib import Path
from typing import Final

from PIL import Image

from tests.simulators import footage

SIZE: Final = (960, 540)
WORKERS: Final = 2
STILLS: Final = 20
"""How many different snapshots a scene has."""
LOOP_SECONDS: Final = 300
FEW_FRAMES: Final = 20
FEW_SCENES: Final = 2

type Look = tuple[str, footage.VideoCodec, footage.AudioCodec | None]
"""A scene as one live stream shows it: scene, video codec, audio codec."""


class Pictures:
    """Stills and live loops; what is missing is drawn meanwhile, and kept in the user's cache."""

    def __init__(self, *, few: bool = False) -> None:
        """All scenes in full, or a few short ones, which are enough for a proof."""
        self._frames = FEW_FRAMES if few else footage.FRAMES
        self._scenes = footage.NAMES[:FEW_SCENES] if few else footage.NAMES
        self._pool: ProcessPoolExecutor | None = None
        self._stills: dict[str, Future[list[bytes]]] = {}
        self._loops: dict[Look, Future[Path]] = {}
        self._early = _grey()

    def scene(self, wanted: str) -> str:
        """The scene of that name, or one that is drawn instead."""
        if wanted in self._scenes:
            return wanted
        return self._scenes[sum(wanted.encode()) % len(self._scenes)]

    def order(self, look: Look) -> None:
        """Begin to draw a scene."""
        if look in self._loops:
            return
        if self._pool is None:
            # Not a fork: it would take this process's sockets along.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(WORKERS, context, initializer=os.nice, initargs=(5,))
        scene = look[0]
        if scene not in self._stills:
            self._stills[scene] = self._pool.submit(_stills, scene, self._frames)
        self._loops[look] = self._pool.submit(_loop, look, self._frames)

    async def ready(self) -> None:
        """Wait until all that was ordered is drawn."""
        for stills in list(self._stills.values()):
            await asyncio.wrap_future(stills)
        for loop in list(self._loops.values()):
            await asyncio.wrap_future(loop)

    def still(self, scene: str, number: int) -> bytes:
        """A snapshot, at once; a grey one while the scene is not drawn."""
        job = self._stills.get(scene)
        if job is None or not job.done():
            return self._early
        stills = job.result()
        return stills[number % len(stills)]

    def loop(self, look: Look) -> Path:
        """The file of a live stream; blocks until it is drawn."""
        self.order(look)
        return self._loops[look].result(LOOP_SECONDS)

    def stop(self) -> None:
        """End the drawing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def _stills(scene: str, frames: int) -> list[bytes]:
    every = max(1, frames // STILLS)
    return [footage.snapshot(scene, number, SIZE) for number in range(0, frames, every)]


def _loop(look: Look, frames: int) -> Path:
    scene, video, audio = look
    return footage.loop(scene, video, audio, SIZE, frames)


def _grey() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", SIZE, (48, 52, 56)).save(buffer, "JPEG")
    return buffer.getvalue()
