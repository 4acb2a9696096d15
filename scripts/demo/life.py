"""Keeps the demonstration alive: people come and go, cars pass, somebody rings."""

import asyncio
from collections.abc import Sequence
import random
from typing import Final

from .cast import Actor, Role

PAUSE_SECONDS: Final = (3.0, 9.0)
STAY_SECONDS: Final = (4.0, 10.0)
RING_CHANCE: Final = 0.35


async def live(cast: Sequence[tuple[Role, Actor]]) -> None:
    """One visitor after another, until cancelled."""
    chance = random.Random()
    while True:
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        role, actor = chance.choice(cast)
        channel = chance.choice(actor.channels)
        await actor.motion(on=True, channel=channel)
        try:
            if role.rings and chance.random() < RING_CHANCE:
                await actor.ring()
            await asyncio.sleep(chance.uniform(*STAY_SECONDS))
        finally:
            await actor.motion(on=False, channel=channel)
