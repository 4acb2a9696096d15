"""Part of suite `recordings`: a .dav through the view of a real Home Assistant, and a crowd."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, timedelta
import gc
import json
from pathlib import Path
import shutil
import sys
import tempfile
import time
from typing import Any, Final
from urllib.parse import quote

from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.media_source import async_resolve_media

from custom_components.cctv.spool import SPOOL
from scripts.demo.home import PROJECT, free_port
from tests.simulators.clips import dav_clip

from . import ours
from .events import Outcome, match, settled, until
from .outlet import Outlet
from .recordings import BITS, FIRST_MOST_MS, FPS, GROWN_MOST_MB, SECONDS, SIZE, TIMES, WALL_MOST
from .rows import Row, percentile
from .sender import FILMED, PASSWORD, USER
from .shapes import CHANNELS, CROWD
from .viewer import Seen

VIEWERS: Final = 20
PACE: Final = 2 * BITS // 8
"""Bytes a second that each of a crowd takes: twice what it plays."""
CROWD_SECONDS: Final = 30.0
LONGEST_SECONDS: Final = 600.0
LATE_MOST_MS: Final = 100.0
"""What nobody notices at a light that goes on."""
FFMPEG: Final = "ffmpeg"
_COPY: Final = ("-c", "copy", "-bsf:a", "aac_adtstoasc")
_MOVFLAGS: Final = ("-movflags", "frag_keyframe+empty_moov+default_base_moof")
_KILO: Final = 1_024
_AGES: Final = ("young", "older", "whole")
"""What Python's garbage collector cleans; only the last holds everything up."""


class Viewers:
    """The viewers' process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Talk to it."""
        self._process = process

    async def watch(
        self, urls: Sequence[str], pace: int = 0, seconds: float = LONGEST_SECONDS
    ) -> list[Seen]:
        """Have each address watched, all at once, at most for so long."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps([urls, pace, seconds])}\n".encode())
        return [Seen(**one) for one in await self.answer()]

    async def answer(self) -> Any:
        """What it says next."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the viewers gave up")
        return json.loads(line)


@asynccontextmanager
async def viewers() -> AsyncIterator[Viewers]:
    """Start them, and let them go."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.benchmark.viewer",
        cwd=PROJECT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    try:
        crowd = Viewers(process)
        await crowd.answer()
        yield crowd
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


class Theatre:
    """What the recorder has recorded, as addresses of Home Assistant."""

    def __init__(self, side: ours.Ours) -> None:
        """Show what this Home Assistant has."""
        self._hass = side.hass
        (self._entry,) = side.hass.config_entries.async_entries(ours.DOMAIN)

    async def address(self, channel: int) -> str:
        """The only recording of a channel, signed as for a browser."""
        library = self._entry.runtime_data.library
        day = FILMED.replace(tzinfo=UTC)
        (recording,) = await library.async_recordings(
            f"camera.{channel + 1}", day - timedelta(days=1), day + timedelta(days=1)
        )
        media_id = library.media_id(recording)
        media = await async_resolve_media(self._hass, media_id, None)
        path = async_sign_path(
            self._hass, quote(media.url), timedelta(hours=1), use_content_user=True
        )
        return f"http://127.0.0.1:{self._hass.http.server_port}{path}"

    async def forget(self) -> None:
        """Throw away what was made."""
        await self._hass.data[SPOOL].forget(self._entry.entry_id)


async def run() -> list[Row]:
    """One viewer beside ffmpeg, then a crowd while events come in."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="cctv-bench-"))
    film = folder / "long.dav"
    try:
        await asyncio.to_thread(_make, film)
        async with (
            Outlet(film) as outlet,
            ours.home(folder / "home", outlet.url, USER, PASSWORD) as side,
            viewers() as crowd,
        ):
            theatre = Theatre(side)
            await until(lambda: _known(side), "its recordings are known")
            rows = await _one(outlet, theatre, crowd, film, folder / "out.mp4")
            rows += await _many(outlet, side, theatre, crowd)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return rows


async def _one(
    outlet: Outlet, theatre: Theatre, crowd: Viewers, film: Path, target: Path
) -> list[Row]:
    """Ours and ffmpeg in turns, both from the box to the viewer; ffmpeg on disk alone besides."""
    program = shutil.which(FFMPEG)
    walls: list[float] = []
    firsts: list[float] = []
    grown: list[float] = []
    served: list[float] = []
    copied: list[float] = []
    url = await theatre.address(0)
    for _ in range(TIMES):
        await theatre.forget()
        before = _settle_memory()
        (seen,) = await crowd.watch([url])
        grown.append(_peak() - before)
        walls.append(seen.ended - seen.begun)
        firsts.append((seen.first - await outlet.first()) * 1_000)
        if program:
            served.append(await _served(program, await outlet.address(), crowd))
            copied.append(await _ffmpeg(program, str(film), str(target)))
    name = f"view, {film.stat().st_size / 1e6:.0f} MB"
    wall, none = min(walls), {FFMPEG: None}
    rows = [
        Row(f"{name}: first byte", "ms", min(firsts), none, FIRST_MOST_MS, most=True),
        # The first one's, with what is loaded once; the others find room that is there already.
        Row(f"{name}: memory grown", "MB", max(grown), none, GROWN_MOST_MB, most=True),
    ]
    if not program:
        return [Row(f"{name}: MP4", "s", wall), *rows]
    ratio, alone = wall / min(served), wall / min(copied)
    return [
        Row(f"{name}: MP4", "s", wall, {FFMPEG: min(served)}),
        Row(f"{name}: of its time", "x", ratio, {FFMPEG: 1.0}, WALL_MOST, most=True),
        Row(f"{name}: file to file", "x", alone, {FFMPEG: 1.0}),
        *rows,
    ]


async def _many(outlet: Outlet, side: ours.Ours, theatre: Theatre, crowd: Viewers) -> list[Row]:
    """Events alone, then the same while the crowd watches the recordings of four channels."""
    alone, rest = await _events(outlet, side)
    await theatre.forget()
    urls = [await theatre.address(channel) for channel in CHANNELS]
    before = _settle_memory()
    watching = asyncio.create_task(
        crowd.watch([urls[number % len(urls)] for number in range(VIEWERS)], PACE, CROWD_SECONDS)
    )
    try:
        begun = time.perf_counter()
        beside, swept = await _events(outlet, side)
        until_over = time.perf_counter()
        grown = (_peak() - before) / VIEWERS
        seen = await watching
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    # They have to have been there all the time.
    at_once = sum(one.first < until_over and one.ended > begun for one in seen)
    name = f"{VIEWERS} viewers"
    peer = "nobody watches"
    rows = [
        Row(f"{name}: watched meanwhile", "viewers", at_once, {peer: 0}, VIEWERS),
        Row(
            f"{name}: events", "events", len(beside.delays), {peer: len(alone.delays)}, beside.sent
        ),
    ]
    for share, figure, most in ((0.5, "p50", None), (0.99, "p99", LATE_MOST_MS)):
        peers = {peer: percentile(alone.delays, share)}
        late = percentile(beside.delays, share)
        rows.append(Row(f"{name}: {figure}", "ms", late, peers, most, most=True))
    rows.append(Row(f"{name}: worst", "ms", max(beside.delays), {peer: max(alone.delays)}))
    rows += (
        Row(f"{name}: {word} cleanings", "times", after, {peer: before})
        for word, after, before in zip(_AGES, swept, rest, strict=True)
    )
    rows.append(
        Row(f"{name}: memory grown each", "MB", grown, {peer: None}, GROWN_MOST_MB, most=True)
    )
    return rows


async def _events(outlet: Outlet, side: ours.Ours) -> tuple[Outcome, list[int]]:
    """Send events, and see when each became a state, and how often Python cleaned up meanwhile."""
    await outlet.prepare(CROWD.name)
    await until(side.resting, "the sensors rest")
    # Python stops all of Home Assistant to clean up its whole heap now and then, for a quarter of a
    # second; what was left before would have that fall into the one or the other measurement.
    gc.collect()
    side.heard.clear()
    with _sweeps() as swept:
        sent = await outlet.send(CROWD.name)
        await settled(side.heard, len(sent))
    return Outcome(len(sent), len(side.heard), match(sent, side.heard)), swept


@contextmanager
def _sweeps() -> Iterator[list[int]]:
    """Count how often Python looks for garbage, among young, older and all objects."""
    counts = [0] * len(_AGES)

    def count(phase: str, about: dict[str, int]) -> None:
        if phase == "stop":
            counts[about["generation"]] += 1

    gc.callbacks.append(count)
    try:
        yield counts
    finally:
        gc.callbacks.remove(count)


def _make(path: Path) -> None:
    path.write_bytes(dav_clip(SECONDS, audio="aac-adts", size=SIZE, fps=FPS, bits=BITS))


def _known(side: ours.Ours) -> bool:
    """Whether Home Assistant knows by now that there are recordings."""
    (entry,) = side.hass.config_entries.async_entries(ours.DOMAIN)
    parts = {part.id for part in entry.runtime_data.library.channels()}
    return {f"camera.{channel + 1}" for channel in CHANNELS} <= parts


async def _ffmpeg(program: str, source: str, *target: str) -> float:
    """Copy into a file."""
    begun = time.perf_counter()
    process = await _started(program, source, *target)
    if await process.wait():
        raise RuntimeError(f"ffmpeg ended with {process.returncode}")
    return time.perf_counter() - begun


async def _served(program: str, source: str, crowd: Viewers) -> float:
    """Copy for a viewer: from the box, and sent on over HTTP, as ours is."""
    url = f"http://127.0.0.1:{free_port()}/film.mp4"
    begun = time.perf_counter()
    process = await _started(program, source, "-f", "mp4", "-listen", "1", url)
    (seen,) = await crowd.watch([url])
    await process.wait()
    return seen.ended - begun


async def _started(program: str, source: str, *target: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        program, "-v", "error", "-y", "-f", "dhav", "-i", source, *_COPY, *_MOVFLAGS, *target
    )


def _settle_memory() -> float:
    """MB that this process has now; the most it has is counted anew from here."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS:")


def _peak() -> float:
    """MB that this process had at most since then."""
    return _status("VmHWM:")


def _status(name: str) -> float:
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition(name)[2].split()[0]) / _KILO
