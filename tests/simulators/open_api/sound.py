"""Sound both ways: what the camera hears, and what it was given to say (S-7)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
import time

import numpy as np
from numpy.typing import NDArray

from tests.simulators.footage.encode import murmur

ULAW = "audio/basic"
RATE = 8000
"""Bytes a second of G.711."""
BLOCK = 512
_SECONDS = 5
_KEPT = 1_000_000
_BIAS = 132
_CLIP = 32_635


def mu_law(samples: NDArray[np.int16]) -> bytes:
    """G.711 µ-law of 16-bit samples."""
    wide = samples.astype(np.int32)
    size = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    sign = np.where(wide < 0, 0x80, 0)
    coded: bytes = (~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8).tobytes()
    return coded


@lru_cache(maxsize=1)
def garden() -> bytes:
    """Some seconds of what the microphone hears; blocks while it is made."""
    return mu_law(murmur(RATE, _SECONDS))


@dataclass(slots=True)
class Talk:
    """What one client said into the loudspeaker."""

    content_type: str
    began: float
    buffer: float
    """Seconds that can be said ahead."""
    clock: Callable[[], float] = time.monotonic
    received: int = 0
    lost: int = 0
    """Bytes that came faster than they could be played."""
    lead: float = 0.0
    """The most that was ever said ahead, in seconds."""
    done: bool = False
    heard: bytearray = field(default_factory=bytearray)

    def take(self, data: bytes) -> None:
        """Play a piece, or lose what does not fit."""
        self.received += len(data)
        played = self.clock() - self.began
        taken = self.received - self.lost
        self.lead = max(self.lead, taken / RATE - played)
        excess = taken - int((played + self.buffer) * RATE)
        if excess > 0:
            lost = min(excess, len(data))
            self.lost += lost
            data = data[: len(data) - lost]
        self.heard += data[: _KEPT - len(self.heard)]


class Speaker:
    """Everything that was said through the camera."""

    def __init__(self) -> None:
        """Be silent."""
        self.talks: deque[Talk] = deque(maxlen=20)

    @property
    def talking(self) -> bool:
        """Whether somebody talks now."""
        return bool(self.talks) and not self.talks[-1].done

    @property
    def received(self) -> int:
        """Bytes that came in all."""
        return sum(talk.received for talk in self.talks)
