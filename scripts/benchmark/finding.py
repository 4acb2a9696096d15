"""One side of suite `listing` in a process of its own: the box, or somebody who lists its files.

`box` prints its address and serves until stdin ends; `ours` and `theirs` print what they took, and
`bare` what it takes only to have the same pages sent: nobody who reads them is faster.
"""

import asyncio
from contextlib import aclosing
from datetime import UTC, date, datetime, time, timedelta
import json
from pathlib import Path
import sys
import time as clock
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohttp
from amcrest import AmcrestCamera
from yarl import URL

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import Address, Crew, Env
from custom_components.cctv.devices.model import BOX, Days, Recordings
from tests.simulators.amcrest import AmcrestSimulator

USER: Final = "admin"
PASSWORD: Final = "bench-1"
FIRST: Final = date(2026, 1, 1)
_KILO: Final = 1024
FILES: Final = 10_000
_PAGE: Final = "100"
_FULL: Final = f"found={_PAGE}"
_TILL: Final = timedelta(hours=23, minutes=59, seconds=59)


async def box(days: int, files: int) -> None:
    """Serve so many files a day until nobody needs them any more."""
    async with AmcrestSimulator("ipc", USER, PASSWORD) as one:
        # python-amcrest frees its finders by verbs that boxes have not got.
        one.faults.finders = 1_000_000
        store = one.device.store
        store.clear()
        for back in range(days):
            store.fill(FIRST + timedelta(days=back), files)
        print(json.dumps(one.url), flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def ours(url: str, days: int, limit: int) -> dict[str, Any]:
    """List them as the integration does, as recordings; with a limit of 0 only their days."""
    crew = Crew()
    async with aiohttp.ClientSession() as session:
        device = Amcrest(Env(session, Address(url, USER, PASSWORD), UTC, crew.spawn))
        await device.open()
        await device.read("survey")
        span = _midnight(0), _midnight(days)
        query = Recordings(*span, limit) if limit else Days(*span)
        before = _memory()
        begin = clock.perf_counter()
        count = 0
        async with aclosing(device.find(BOX, query)) as found:
            async for _ in found:
                count += 1
        wall = clock.perf_counter() - begin
        grown = _memory() - before
        await device.close()
        await crew.dismiss()
    return {"count": count, "wall": wall, "grown": grown}


def theirs(url: str, days: int) -> dict[str, Any]:
    """List them as python-amcrest does: text, a page at a time, taken apart by who asked for it."""
    parts = urlsplit(url)
    camera = AmcrestCamera(parts.hostname, parts.port, USER, PASSWORD).camera
    begin = clock.perf_counter()
    count = 0
    for back in range(days):
        start = _midnight(back).replace(tzinfo=None)
        for page in camera.find_files(start, start + _TILL, channel=1):
            count += len(_files(page))
    return {"count": count, "wall": clock.perf_counter() - begin, "grown": 0.0}


async def bare(url: str, days: int) -> dict[str, Any]:
    """Have the pages sent, one after the other, and look at none."""
    login = aiohttp.DigestAuthMiddleware(USER, PASSWORD)
    async with aiohttp.ClientSession(middlewares=(login,)) as session:

        async def ask(action: str, **params: str) -> str:
            asked = "&".join(f"{name}={quote(value)}" for name, value in params.items())
            asked = f"action={action}&{asked}".replace("condition_", "condition.")
            place = URL(f"{url}/cgi-bin/mediaFileFind.cgi?{asked}", encoded=True)
            async with session.get(place) as answer:
                return await answer.text()

        await ask("factory.create")
        count = 0
        begin = clock.perf_counter()
        for back in range(days):
            start = _midnight(back).replace(tzinfo=None)
            handle = (await ask("factory.create")).strip().partition("=")[2]
            times = {"condition_StartTime": str(start), "condition_EndTime": str(start + _TILL)}
            await ask("findFile", object=handle, condition_Channel="1", **times)
            while (await ask("findNextFile", object=handle, count=_PAGE)).startswith(_FULL):
                count += int(_PAGE)
            await ask("close", object=handle)
            await ask("destroy", object=handle)
        wall = clock.perf_counter() - begin
    return {"count": count, "wall": wall, "grown": 0.0}


def _files(page: str) -> list[tuple[str, datetime, datetime]]:
    """Path, start and end of the files of a page."""
    items: dict[str, dict[str, str]] = {}
    for line in page.splitlines()[1:]:
        key, _, value = line.partition("=")
        index, _, member = key.partition(".")
        items.setdefault(index, {})[member] = value
    return [
        (
            item["FilePath"],
            datetime.fromisoformat(item["StartTime"]),
            datetime.fromisoformat(item["EndTime"]),
        )
        for item in items.values()
    ]


def _midnight(back: int) -> datetime:
    return datetime.combine(FIRST + timedelta(days=back), time(), tzinfo=UTC)


def _memory() -> float:
    """MB that this process has at most had."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) / _KILO


def main() -> None:
    """Be what the first argument says."""
    what, *rest = sys.argv[1:]
    if what == "box":
        asyncio.run(box(int(rest[0]), int(rest[1])))
    elif what == "ours":
        print(json.dumps(asyncio.run(ours(rest[0], int(rest[1]), int(rest[2])))))
    elif what == "bare":
        print(json.dumps(asyncio.run(bare(rest[0], int(rest[1])))))
    else:
        print(json.dumps(theirs(rest[0], int(rest[1]))))


if __name__ == "__main__":
    main()
