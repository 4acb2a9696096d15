"""The simulators' pictures are real, change from frame to frame, and are drawn once."""

import asyncio
import io
import os
from pathlib import Path

import numpy as np
from PIL import Image
import pytest

from tests.simulators import footage

SIZE = (160, 90)


def pixels(picture: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Decode a JPEG."""
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), np.int16)


@pytest.mark.parametrize("scene", footage.NAMES)
async def test_every_scene_is_a_picture_that_moves(scene: str) -> None:
    first, later = [
        pixels(await asyncio.to_thread(footage.snapshot, scene, frame, SIZE)) for frame in (10, 60)
    ]
    assert first.shape == (SIZE[1], SIZE[0], 3)
    assert first.std() > 20
    assert np.abs(first - later).max() > 60


async def test_frames_repeat_and_come_from_the_cache() -> None:
    first = await asyncio.to_thread(footage.snapshot, "hallway", 3, SIZE)
    again = await asyncio.to_thread(footage.snapshot, "hallway", 3 + footage.FRAMES, SIZE)
    assert first == again


async def test_a_failed_drawing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(KeyError):
        await asyncio.to_thread(footage.snapshot, "nowhere", 0, SIZE)
    left = [name for _, _, names in os.walk(tmp_path) for name in names]
    assert left == []
