"""A simulated recorder in a process of its own, told by lines on stdin which shape to send."""

import asyncio
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
import json
from pathlib import Path
import sys
import time
from typing import Any, Final, cast
from urllib.parse import quote

from tests.simulators.amcrest import AmcrestSimulator, Faults

from .shapes import CHANNELS, CROWD, DAMAGED, SHAPES, Shape

PERSONALITY: Final = "nvr"
USER: Final = "admin"
PASSWORD: Final = "bench-1"
GAP_SECONDS: Final = 0.004
FILMED: Final = datetime(2026, 5, 3, 10, 0, 0)  # noqa: DTZ001 - a device's clock has no zone
FILM_SECONDS: Final = 600
_PIECE_BYTES: Final = 256 << 10
_FRESH: Final = Faults()


class Sender:
    """Sends shapes to whoever is attached."""

    def __init__(self, box: AmcrestSimulator) -> None:
        """Send from this box."""
        self._box = box
        self._own = {field.name: getattr(box.faults, field.name) for field in fields(_FRESH)}
        self._on = dict.fromkeys(CHANNELS, False)
        self._turn = 0

    async def send(self, shape: Shape) -> list[tuple[float, int, bool]]:
        """Send one shape; returns when each event was written, on which channel, and whether on."""
        sent = []
        for number in range(shape.count):
            if number and number % shape.at_once == 0:
                await asyncio.sleep(GAP_SECONDS * shape.at_once)
            if shape.damaged_every and number % shape.damaged_every == 0:
                self._box.send_raw(DAMAGED[number // shape.damaged_every % len(DAMAGED)])
            sent.append(self._one(shape.data))
        return sent

    def prepare(self, shape: Shape) -> None:
        """Take on the manners of a shape, which the next stream has from its start; all rests."""
        for name, value in {**self._own, **shape.faults}.items():
            setattr(self._box.faults, name, value)
        for channel, on in self._on.items():
            if on:
                self._box.emit("VideoMotion", "Stop", channel, silent=True)
                self._on[channel] = False

    def _one(self, data: Any) -> tuple[float, int, bool]:
        channel = CHANNELS[self._turn % len(CHANNELS)]
        self._turn += 1
        self._on[channel] = not self._on[channel]
        action = "Start" if self._on[channel] else "Stop"
        return self._box.emit("VideoMotion", action, channel, data).at, channel, self._on[channel]


class Tape:
    """A recording that is a file already; it knows when it was last begun to be sent."""

    def __init__(self, path: Path) -> None:
        """Take the file."""
        self._path = path
        self.first = 0.0

    def size(self, seconds: int) -> int:
        """How large it is, however long it is said to be."""
        return self._path.stat().st_size

    def dav(self, start: datetime, seconds: int) -> Iterator[bytes]:
        """All of it."""
        with self._path.open("rb") as file:
            piece = file.read(_PIECE_BYTES)
            self.first = time.perf_counter()
            while piece:
                yield piece
                piece = file.read(_PIECE_BYTES)


async def main() -> None:
    """Answer one line with one line until stdin ends."""
    by_name = {shape.name: shape for shape in (*SHAPES, CROWD)}
    tape = Tape(Path(sys.argv[1])) if len(sys.argv) > 1 else None
    reels = {} if tape is None else {"reels": lambda *_: tape}
    async with AmcrestSimulator(PERSONALITY, USER, PASSWORD, **cast("Any", reels)) as box:
        sender = Sender(box)
        files: list[str] = []
        if tape is not None:
            box.store.clear()
            files += (
                box.store.add(channel, FILMED, FILM_SECONDS, silent=True).path
                for channel in CHANNELS
            )
        answer: object = box.url
        while True:
            print(json.dumps(answer), flush=True)
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line:
                return
            verb, name = json.loads(line)
            if verb == "send":
                answer = await sender.send(by_name[name])
            elif verb == "prepare":
                sender.prepare(by_name[name])
                answer = None
            elif verb == "address":
                login = f"{quote(USER)}:{quote(PASSWORD)}@"
                answer = f"{box.url}/cgi-bin/RPC_Loadfile{files[0]}".replace("//", f"//{login}", 1)
            elif verb == "first":
                answer = None if tape is None else tape.first
            elif verb == "attached":
                await box.wait_attached(1, timeout=60)
                answer = None
            else:
                await box.wait_detached(timeout=60)
                answer = None


if __name__ == "__main__":
    asyncio.run(main())
