"""A device in a storm: what is true when it is calm again, and what must never have happened.

CCTV_CHAOS_SECONDS lets each storm go on so long (seconds of the wall), CCTV_CHAOS_SEED begins with
another one: for a soak by hand, with `-s` to see its figures.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
import copy
import gc
import logging
import os
from pathlib import Path
from random import Random
import resource
import time
from typing import Any, Final

import aiohttp
import pytest

from custom_components.cctv.devices.engine import polls
from tests.simulators.families import FAMILIES

from .bus import LocalBus
from .fast import FastLoop
from .spoilt import BAD, Spoiler
from .storm import PASSWORD, Listener, Scene
from .traits import TRAITS

SPEED: Final = 40.0
SECONDS: Final = float(os.environ.get("CCTV_CHAOS_SECONDS", "0.6"))
SEED: Final = int(os.environ.get("CCTV_CHAOS_SEED", "1"))
ROUND: Final = 5.0
"""A long storm calms down so often (seconds of the wall), and is looked at."""
MORE: Final = 32 << 10
"""So much more memory (kB) than the first bad answers took the next ones may leave taken."""
KINDS: Final = (
    ("amcrest", "ipc"),
    ("amcrest", "wizsense"),
    ("amcrest", "nvr"),
    ("amcrest", "doorbell"),
    ("amcrest", "hostile"),
    ("dvro", "seed"),
    ("ispy", "g3"),
    ("open_api", "seed"),
    ("yi_hack", "allwinner_v2"),
)


@asynccontextmanager
async def scene(family: str, personality: str, seed: int) -> AsyncIterator[Scene]:
    """A box, and a runner that is about to start."""
    known = FAMILIES[family]
    bus = LocalBus() if TRAITS[family].bus else None
    spoken = {} if bus is None else {"publish": bus.deliver}
    login = {"user": known.user, "password": PASSWORD if known.password else ""}
    box: Any
    async with known.make(personality, **login, **TRAITS[family].extra, **spoken) as box:
        if family == "yi_hack":
            box.faults.pace, box.faults.reboot_seconds = 1, 20
        async with aiohttp.ClientSession() as session:
            yield Scene(family, box, bus, session, Random(seed))


async def play(family: str, personality: str, seed: int) -> list[str]:
    """Storm after storm; what was wrong."""
    before = asyncio.all_tasks()
    async with scene(family, personality, seed) as one:
        healthy = copy.deepcopy(one.box.faults)
        await one.start()
        end = time.monotonic() + SECONDS
        while (left := end - time.monotonic()) > 0:
            await one.storm(min(left, ROUND))
            await one.calm(healthy)
            await one.converge()
            one.judge()
            one.bounds()
            if getattr(one.box, "failed_logins", 0):
                one.wrong.append(f"{one.box.failed_logins} failed logins")
            print(
                f"{family} {personality} {seed}: {dict(sorted(one.counts.items()))},"
                f" {memory() >> 10} MB, {one.wrong[:5]}"
            )
            if one.wrong:
                break
        await one.stop()
        # Connections that are kept for the next request are the session's.
        await one.session.close()
        await one.left(before)
    return one.wrong


def memory() -> int:
    """What is resident now, in kB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(work: Coroutine[Any, Any, list[str]]) -> None:
    """Run it on a fast loop; nothing may be wrong, in the log neither."""
    listener = Listener()
    logging.getLogger().addHandler(listener)
    ours = logging.getLogger("custom_components.cctv")
    level = ours.level
    ours.setLevel(logging.DEBUG)
    try:
        with asyncio.Runner(loop_factory=lambda: FastLoop(SPEED)) as loop:
            wrong = loop.run(work)
    finally:
        ours.setLevel(level)
        logging.getLogger().removeHandler(listener)
    assert not wrong
    assert not listener.bad


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what a healthy feed says checked every minute, not every ten: nobody waits so long."""
    monkeypatch.setattr(polls, "CHECK_SECONDS", 60)


@pytest.mark.timeout(120 + 4 * SECONDS)
@pytest.mark.parametrize(
    ("family", "personality"), [pytest.param(*kind, id="-".join(kind)) for kind in KINDS]
)
def test_a_storm_leaves_the_truth_and_nothing_else(
    family: str, personality: str, socket_enabled: None
) -> None:
    run(play(family, personality, SEED))


async def _spoil(one: Scene, enough: Callable[[], bool]) -> None:
    """Look and search until it is enough; the rest is read by itself."""
    while not enough():
        one.let(one.look())
        one.let(one.find())
        await asyncio.sleep(5)


async def spoil(family: str, personality: str, seed: int) -> list[str]:
    """Answer badly for a while, then well again; what was wrong."""
    before = asyncio.all_tasks()
    async with scene(family, personality, seed) as one:
        await one.start()
        assert one.runner is not None
        one.runner.want(one.runner.state.topology.features)
        spoiler = Spoiler(one.ports, one.dice)
        spoiler.share = 0.5
        # What the largest that is let in takes is taken once.
        await _spoil(one, lambda: len(spoiler.served) > len(BAD))
        size = memory()
        end = time.monotonic() + SECONDS / 2
        await _spoil(one, lambda: time.monotonic() > end)
        spoiler.share = 0
        await one.calm(copy.deepcopy(one.box.faults))
        await one.converge()
        one.judge()
        gc.collect()
        grown = memory() - size
        print(f"{family} {personality} {seed}: {dict(spoiler.served)}, {grown >> 10} MB more")
        if grown > MORE:
            one.wrong.append(f"{grown >> 10} MB more")
        await one.stop()
        await one.session.close()
        await one.left(before)
    return one.wrong


@pytest.mark.parametrize("family", sorted({family for family, _ in KINDS}))
def test_bad_answers_of_every_kind_cost_no_more_than_themselves(
    family: str, socket_enabled: None
) -> None:
    run(spoil(family, dict(reversed(KINDS))[family], SEED))
