"""Viewers in a process of their own: each fetches an address to its end, as fast as it plays.

Lines of JSON on stdin: addresses, bytes a second that each takes after its first few megabytes (0:
all it can get), and after how many seconds it has seen enough. One line of JSON comes back for
each; it ends with stdin.
"""

import asyncio
from dataclasses import asdict, dataclass
import json
import sys
import time
from typing import Final

import aiohttp
from yarl import URL

AHEAD_BYTES: Final = 4 << 20
"""So much a player takes at once before it begins to wait for what it plays."""

DOOR_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one viewer got, by a clock that all processes of the machine share."""

    begun: float
    first: float
    """When the first byte was there."""
    ended: float
    size: int


async def watch(session: aiohttp.ClientSession, url: str, pace: int, seconds: float) -> Seen:
    """Fetch one to its end, or for so long."""
    size, first = 0, 0.0
    begun = time.perf_counter()
    async with await answered(session, url) as answer:
        answer.raise_for_status()
        async for chunk in answer.content.iter_any():
            first = first or time.perf_counter()
            size += len(chunk)
            if time.perf_counter() - begun > seconds:
                break
            if pace:
                due = first + max(0, size - AHEAD_BYTES) / pace
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
    return Seen(begun, first, time.perf_counter(), size)


async def answered(session: aiohttp.ClientSession, url: str) -> aiohttp.ClientResponse:
    """Ask until somebody is there, which takes a program that has just been started a moment."""
    deadline = time.perf_counter() + DOOR_SECONDS
    while True:
        try:
            return await session.get(URL(url, encoded=True))
        except aiohttp.ClientConnectorError:
            if time.perf_counter() > deadline:
                raise
            await asyncio.sleep(0.005)


async def main() -> None:
    """Answer each line with a line."""
    timeout = aiohttp.ClientTimeout(total=None)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        print(json.dumps("ready"), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            urls, pace, seconds = json.loads(line)
            seen = await asyncio.gather(*(watch(session, url, pace, seconds) for url in urls))
            print(json.dumps([asdict(one) for one in seen]), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
