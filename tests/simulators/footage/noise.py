"""Noise that has no seams, for clouds, stains and leaves."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_SIZE: Final = 512

type Array = NDArray[np.floating[Any]]


@lru_cache(maxsize=16)
def _noise(slope: float) -> Array:
    """Return a tile of noise that joins at its edges, 0 to 1, rougher with a lower slope."""
    rng = np.random.default_rng(11)
    spectrum = np.fft.rfft2(rng.normal(0, 1, (_SIZE, _SIZE)))
    across = np.fft.rfftfreq(_SIZE)[None]
    down = np.fft.fftfreq(_SIZE)[:, None]
    size = np.sqrt(across**2 + down**2)
    size[0, 0] = 1
    tile = np.fft.irfft2(spectrum / size**slope)
    tile = (tile - tile.mean()) / tile.std()
    result: Array = np.clip(tile * 0.2 + 0.5, 0, 1).astype(np.float32)
    return result


def fbm(across: Array, down: Array, slope: float = 1.6) -> Array:
    """Sample the noise, smoothly, with one tile to a unit."""
    tile = _noise(slope)
    x, y = across * _SIZE, down * _SIZE
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = (x - left).astype(np.float32), (y - top).astype(np.float32)
    x0, x1 = left & _SIZE - 1, left + 1 & _SIZE - 1
    y0, y1 = top & _SIZE - 1, top + 1 & _SIZE - 1
    upper = tile[y0, x0] * (1 - fx) + tile[y0, x1] * fx
    lower = tile[y1, x0] * (1 - fx) + tile[y1, x1] * fx
    result: Array = upper * (1 - fy) + lower * fy
    return result
