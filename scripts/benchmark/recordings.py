"""Suite `recordings`: ten minutes of .dav into MP4, beside ffmpeg on the same file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import shutil
import sys
import tempfile
import time
from typing import Final

from tests.simulators.clips import AudioCodec, dav_clip

from .rows import Row

SECONDS: Final = 600.0
SIZE: Final = (1_920, 1_080)
FPS: Final = 25
BITS: Final = 4_000_000
TIMES: Final = 3
"""Each is run so often, in turns; the best counts, since others use the machine too."""
WALL_MOST: Final = 1.3
FIRST_MOST_MS: Final = 150.0
GROWN_MOST_MB: Final = 32.0
_MOVFLAGS: Final = "frag_keyframe+empty_moov+default_base_moof"


@dataclass(frozen=True, slots=True)
class Kind:
    """A recording by its sound, and how ffmpeg is told to do the same with it."""

    name: str
    audio: AudioCodec | None
    arguments: tuple[str, ...]


KINDS: Final = (
    Kind("AAC copied", "aac-adts", ("-c", "copy", "-bsf:a", "aac_adtstoasc")),
    Kind("G.711 to AAC", "alaw", ("-c:v", "copy", "-c:a", "aac")),
    Kind("no sound", None, ("-c", "copy")),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of ours took."""

    wall: float
    first: float
    """Seconds from the source's first byte to ours."""
    grown: float
    """MB of memory beyond what the process had."""


async def run() -> list[Row]:
    """Ours and the peer in turns on each kind."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="cctv-bench-"))
    try:
        return [row for kind in KINDS for row in await _measure(kind, folder)]
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _measure(kind: Kind, folder: Path) -> list[Row]:
    source, target = folder / "long.dav", folder / "out.mp4"
    await asyncio.to_thread(_make, kind, source)
    ffmpeg = shutil.which("ffmpeg")
    peer = "ffmpeg" if ffmpeg else "PyAV"
    mine: list[Run] = []
    theirs: list[float] = []
    for _ in range(TIMES):
        mine.append(Run(**json.loads(await _child("ours", source, target))))
        if ffmpeg:
            theirs.append(await _ffmpeg(ffmpeg, kind, source, target))
        else:
            theirs.append(float(await _child("theirs", source, target)))
    wall, other = min(one.wall for one in mine), min(theirs)
    first = min(one.first for one in mine) * 1_000
    grown = max(one.grown for one in mine)
    size = source.stat().st_size / 1e6
    return [
        Row(f"{kind.name}: MP4 of {size:.0f} MB", "s", wall, {peer: other}),
        Row(f"{kind.name}: of its time", "x", wall / other, {peer: 1.0}, WALL_MOST, most=True),
        Row(f"{kind.name}: first byte", "ms", first, {peer: None}, FIRST_MOST_MS, most=True),
        Row(f"{kind.name}: memory grown", "MB", grown, {peer: None}, GROWN_MOST_MB, most=True),
    ]


def _make(kind: Kind, path: Path) -> None:
    path.write_bytes(dav_clip(SECONDS, audio=kind.audio, size=SIZE, fps=FPS, bits=BITS))


async def _child(what: str, source: Path, target: Path) -> str:
    """A process of its own, so that its memory is its own."""
    return await _done(
        (sys.executable, "-m", "scripts.benchmark.remuxing", what, str(source), str(target))
    )


async def _ffmpeg(program: str, kind: Kind, source: Path, target: Path) -> float:
    begin = time.perf_counter()
    options = ("-v", "error", "-y", "-i", str(source), *kind.arguments, "-movflags", _MOVFLAGS)
    await _done((program, *options, str(target)))
    return time.perf_counter() - begin


async def _done(command: Sequence[str]) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return said.decode()
