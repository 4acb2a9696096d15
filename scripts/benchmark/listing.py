"""Suite `listing`: ten thousand files of a simulated camera, beside python-amcrest's finder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
import sys
from typing import Any, Final

from scripts.demo.home import PROJECT

from .finding import FILES
from .rows import Row

TIMES: Final = 3
"""Each lists so often, in turns; the best counts, since others use the machine too."""
LEAST: Final = 3.0
GROWN_MOST_MB: Final = 16.0


@dataclass(frozen=True, slots=True)
class Case:
    """How the files lie, and how many are wanted."""

    name: str
    days: int
    limit: int
    """0: only the days."""
    told: int
    target: float | None = LEAST


CASES: Final = (
    Case("ten days of 10,000 files", 10, 0, 10),
    Case("the newest 1,000 of 10,000", 1, 1_000, 1_000),
    # The same hundred pages for whoever asks, one after the other, and a target that the box itself
    # does not reach: "pages alone" says what it takes to send them to somebody who reads none.
    Case("10,000 files of ten days", 10, FILES, FILES, None),
    Case("10,000 files of one day", 1, FILES, FILES, None),
)


async def run() -> list[Row]:
    """Ours and the peer in turns on each case."""
    return [row for case in CASES for row in await _measure(case)]


async def _measure(case: Case) -> list[Row]:
    mine: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    bare: list[dict[str, Any]] = []
    async with _box(case) as url:
        for _ in range(TIMES):
            mine.append(await _child("ours", url, str(case.days), str(case.limit)))
            theirs.append(await _child("theirs", url, str(case.days)))
            bare.append(await _child("bare", url, str(case.days)))
    counts = [runs[0]["count"] for runs in (mine, theirs, bare)]
    if counts != [case.told, FILES, FILES]:
        raise RuntimeError(f"{counts} files were told")
    wall, other, alone = (min(one["wall"] for one in runs) for runs in (mine, theirs, bare))
    peer = "python-amcrest"
    return [
        Row(f"{case.name}: listed", "s", wall, {peer: other, "pages alone": alone}),
        Row(f"{case.name}: as fast", "x", other / wall, {peer: 1.0}, case.target),
        Row(
            f"{case.name}: memory grown",
            "MB",
            max(one["grown"] for one in mine),
            {peer: None},
            GROWN_MOST_MB,
            most=True,
        ),
    ]


@asynccontextmanager
async def _box(case: Case) -> AsyncIterator[str]:
    """A simulated camera in another process; its address."""
    process = await asyncio.create_subprocess_exec(
        *_command("box", str(case.days), str(FILES // case.days)),
        cwd=PROJECT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def _child(*arguments: str) -> dict[str, Any]:
    """A lister in a process of its own, so that its memory is its own."""
    process = await asyncio.create_subprocess_exec(
        *_command(*arguments), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}")
    told: dict[str, Any] = json.loads(said)
    return told


def _command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "scripts.benchmark.finding", *arguments)
