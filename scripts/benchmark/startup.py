"""Suite `startup`: requests and seconds until every enabled entity knows what it shows."""

from datetime import UTC
from typing import Final

import aiohttp

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import Address, Crew, Env, ShortMemory
from tests.devices.starting import Calendar, Start, start
from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator
from tests.simulators.amcrest.enlarge import enlarge
from tests.simulators.amcrest.personality import Personality

from .rows import Row

USER: Final = "admin"
PASSWORD: Final = "bench-1"
CHANNELS: Final = 32
CAMERA_MOST: Final = 25
RECORDER_MOST: Final = 60
_NAMES: Final = ("first", "second")


async def run() -> list[Row]:
    """Each model twice, the second time with what is remembered of it."""
    models = [*PERSONALITIES.values(), enlarge(PERSONALITIES["nvr"], CHANNELS)]
    return [row for model in models for row in await _measure(model)]


async def _measure(model: Personality) -> list[Row]:
    memory = ShortMemory()
    most = RECORDER_MOST if model.slots else CAMERA_MOST
    rows: list[Row] = []
    async with AmcrestSimulator(model, USER, PASSWORD) as box:
        for name in _NAMES:
            box.wire.clear()
            rows += _rows(f"{model.name}, {name} start", await _start(box, memory), most)
    return rows


async def _start(box: AmcrestSimulator, memory: ShortMemory) -> Start:
    crew, clock = Crew(), Calendar()
    async with aiohttp.ClientSession() as session:
        address = Address(box.url, USER, PASSWORD)
        env = Env(session, address, UTC, crew.spawn, clock=clock, memory=memory)
        try:
            return await start(Amcrest(env), env, clock, box.wire)
        finally:
            await crew.dismiss()


def _rows(name: str, one: Start, most: int) -> list[Row]:
    """The figures of one start; what the search for recordings takes grows with the cameras."""
    return [
        Row(f"{name}: features", "", one.enabled),
        Row(f"{name}: asked for them", "requests", len(one.asked), {}, most, most=True),
        Row(f"{name}: known after", "s", one.seconds),
        Row(f"{name}: recordings", "requests", one.searched),
        Row(f"{name}: survey", "requests", len(one.surveyed)),
        Row(f"{name}: surveyed after", "s", one.survey_seconds),
    ]
