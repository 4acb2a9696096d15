"""Keeps the demonstration alive: people come and go, cars pass, somebody rings."""

import asyncio
from collections.abc import Sequence
import random
from typing import Final

from .actor import Actor
from .cast import Role

PAUSE_SECONDS: Final = (2.0, 6.0)
STAY_SECONDS: Final = (4.0, 10.0)
MOMENT_CHANCE: Final = 0.35


async def live(cast: Sequence[tuple[Role, Actor]]) -> None:
    """One visitor after another, until cancelled."""
    chance = random.Random()
    while True:
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        _, actor = chance.choice(cast)
        if actor.moments and chance.random() < MOMENT_CHANCE:
            await chance.choice(actor.moments).fire()
        level = chance.choice(actor.levels)
        await level.pull(True)
        try:
            await asyncio.sleep(chance.uniform(*STAY_SECONDS))
        finally:
            await level.pull(False)
