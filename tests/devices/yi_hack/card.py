"""A card with recordings, and what is found on it."""

from contextlib import aclosing
from datetime import timedelta
from typing import Any

from custom_components.cctv.devices.model import (
    BOX,
    Query,
    Recording,
    Recordings,
)
from custom_components.cctv.devices.yi_hack.device import YiHack
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.yi_box import AT

from .conftest import Build, House, StillClock


async def listed(device: YiHack, query: Query) -> list[Any]:
    """Everything that is found."""
    async with aclosing(device.find(BOX, query)) as found:
        return [one async for one in found]


async def recordings(device: YiHack, **span: Any) -> list[Recording]:
    """The recordings of a span."""
    return await listed(device, Recordings(**span))


def bare(box: YiHackSimulator) -> None:
    """A card without recordings."""
    for path in box.clips:
        box.camera.card.remove(path)


async def furnished(house: Build, personality: str = "mstar", **given: Any) -> tuple[House, YiHack]:
    """A camera with the recordings of one afternoon."""
    home = await house(personality, **given)
    home.box.add_clip(AT - timedelta(minutes=30), 83)
    home.box.add_clip(AT - timedelta(minutes=10), 20)
    device, _ = await home.opened(clock=StillClock())
    return home, device
