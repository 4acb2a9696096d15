"""One recording into MP4, measured: `ours` by media.remux, `theirs` by PyAV's plain copying."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
import json
from pathlib import Path
import sys
import time
from typing import Final

import av

from custom_components.cctv.media.remux import remux
from custom_components.cctv.media.source import Source

CHUNK_BYTES: Final = 64 << 10
"""What a socket gives at a time."""


class Tape:
    """A file as a device sends it."""

    def __init__(self, path: Path, size: int | None = None) -> None:
        self.path = path
        self.size = path.stat().st_size if size is None else size
        self.first: float | None = None
        """When its first byte was read."""

    def source(self) -> Source:
        """The same for media."""
        return Source("dav", self._open, self.size)

    async def _open(self, start: int, end: int | None) -> AsyncGenerator[bytes]:
        return self._read(start, self.size if end is None else end)

    async def _read(self, start: int, end: int) -> AsyncGenerator[bytes]:
        with self.path.open("rb") as file:
            file.seek(start)
            while chunk := file.read(min(CHUNK_BYTES, end - file.tell())):
                if self.first is None:
                    self.first = time.perf_counter()
                yield chunk


def peak() -> float:
    """The most memory that this process had, in MB; `getrusage` would tell its parent's too."""
    status = Path("/proc/self/status").read_text()
    (line,) = (one for one in status.splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1_024


async def ours(source: Path, target: Path) -> str:
    """The whole file, after a little of it, which loads what is loaded once."""
    before = peak()
    await _pass(Tape(source, 4 << 20), target)
    begin = time.perf_counter()
    tape = Tape(source)
    first = await _pass(tape, target)
    wall = time.perf_counter() - begin
    assert tape.first is not None
    return json.dumps({"wall": wall, "first": first - tape.first, "grown": peak() - before})


async def _pass(tape: Tape, target: Path) -> float:
    """Write all of it; when the first byte came."""
    first: float | None = None
    with target.open("wb") as file:
        async with aclosing(remux([tape.source()])) as pieces:
            async for piece in pieces:
                first = first or time.perf_counter()
                file.write(piece)
    assert first is not None
    return first


def theirs(source: Path, target: Path) -> str:
    """Seconds that a plain loop over packets takes; sound that MP4 does not take is left out."""
    begin = time.perf_counter()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with (
        av.open(str(source), format="dhav") as recording,
        av.open(str(target), "w", format="mp4", options=options) as film,
    ):
        pictures = recording.streams.video[0]
        stream = film.add_stream_from_template(pictures)
        for packet in recording.demux(pictures):
            if packet.dts is not None:
                packet.stream = stream
                film.mux(packet)
    return str(time.perf_counter() - begin)


if __name__ == "__main__":
    _, what, source, target = sys.argv
    if what == "ours":
        print(asyncio.run(ours(Path(source), Path(target))))
    else:
        print(theirs(Path(source), Path(target)))
