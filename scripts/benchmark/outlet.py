"""The other end of `sender`: starts it, and asks it for shapes."""

import asyncio
import json
from pathlib import Path
import sys
from typing import Any, Self

from scripts.demo.home import PROJECT

ANSWER_SECONDS = 120
LINE_LIMIT = 8 << 20

type Stamp = tuple[float, int, bool]
"""When it was written (perf_counter, which all processes of a machine share), channel, on."""


class Outlet:
    """A simulated recorder in another process; use it with `async with`."""

    url: str

    def __init__(self, film: Path | None = None) -> None:
        """Have it hold a recording, a `.dav` of ten minutes, on each channel."""
        self._arguments = [] if film is None else [str(film)]

    async def __aenter__(self) -> Self:
        """Start it and learn its address."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scripts.benchmark.sender",
            *self._arguments,
            cwd=PROJECT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
        )
        self.url = await self._answer()
        return self

    async def __aexit__(self, *_: object) -> None:
        """It ends when nobody asks any more."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def prepare(self, shape: str) -> None:
        """Have the next stream be of this shape; whatever was on rests."""
        await self._ask("prepare", shape)

    async def attached(self) -> None:
        """Wait until somebody listens."""
        await self._ask("attached")

    async def detached(self) -> None:
        """Wait until nobody listens any more."""
        await self._ask("detached")

    async def send(self, shape: str) -> list[Stamp]:
        """Send a shape; returns when each event was written."""
        return [(at, channel, on) for at, channel, on in await self._ask("send", shape)]

    async def address(self) -> str:
        """Where the recording of the first channel is fetched, with the login in it."""
        return str(await self._ask("address"))

    async def first(self) -> float:
        """When the first byte of a recording was last sent."""
        return float(await self._ask("first"))

    async def _ask(self, verb: str, name: str = "") -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps([verb, name])}\n".encode())
        return await self._answer()

    async def _answer(self) -> Any:
        assert self._process.stdout is not None
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the simulator ended")
        return json.loads(line)
