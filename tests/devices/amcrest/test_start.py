"""What a start costs a box: bounded requests, at the first time and at every other."""

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import ShortMemory
from tests.devices.conftest import PASSWORD, USER, Lend
from tests.devices.starting import Calendar, Start, start
from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator
from tests.simulators.amcrest.enlarge import enlarge
from tests.simulators.amcrest.personality import Personality
from tests.simulators_tests.conftest import picture

RECORDER_MOST = 60
CAMERA_MOST = 25
LARGE = enlarge(PERSONALITIES["nvr"], 32)


async def twice(model: Personality, lend: Lend) -> tuple[Start, Start]:
    """Start a box for the first time, and again with what is remembered of it."""
    memory = ShortMemory()
    starts = []
    async with AmcrestSimulator(model, USER, PASSWORD, pictures=picture) as box:
        for _ in range(2):
            clock = Calendar()
            env = lend(box.url, memory=memory, clock=clock)
            box.wire.clear()
            starts.append(await start(Amcrest(env), env, clock, box.wire))
    return starts[0], starts[1]


@pytest.mark.parametrize("model", [*PERSONALITIES.values(), LARGE], ids=lambda model: model.name)
async def test_a_start_asks_no_more_than_it_may(
    socket_enabled: None, lend: Lend, model: Personality
) -> None:
    first, second = await twice(model, lend)
    most = RECORDER_MOST if model.slots else CAMERA_MOST
    assert len(first.asked) <= most, first.asked
    assert len(second.asked) <= most, second.asked
    assert len(second.surveyed) < len(first.surveyed)
    assert first.enabled <= second.enabled == len(second.at_once)
    assert not first.silent + second.silent


async def test_no_refusal_is_asked_for_again(socket_enabled: None, lend: Lend) -> None:
    first, second = await twice(PERSONALITIES["ipc"], lend)
    refused = {line for line in (*first.lines, *first.later) if line.endswith(" 400")}
    assert len(refused) > 10
    assert not refused & {*second.lines, *second.later}


async def test_a_large_recorder_costs_no_more_than_a_small_one(
    socket_enabled: None, lend: Lend
) -> None:
    """But for its children by ONVIF, each of which is tried for a picture."""
    small, _ = await twice(PERSONALITIES["nvr"], lend)
    large, _ = await twice(LARGE, lend)
    assert large.enabled > 3 * small.enabled
    stills = sum("snapshot.cgi" in line for line in large.asked)
    assert len(large.asked) - stills <= len(small.asked)
