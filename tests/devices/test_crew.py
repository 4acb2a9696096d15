"""Tasks with one owner, and their end."""

import asyncio

import pytest

from custom_components.cctv.devices.env import Crew


@pytest.mark.timeout(10)
async def test_one_that_ended_this_very_moment_is_not_waited_for_forever() -> None:
    """It is still listed, since its end is told only at the loop's next turn."""
    crew = Crew()
    said = asyncio.get_running_loop().create_future()

    async def work() -> None:
        # Whoever waits for this is woken before the end of this task is told.
        said.set_result(None)

    task = crew.spawn(work(), "work")
    await said
    assert task.done()
    assert crew.size == 1

    await crew.dismiss()
    await asyncio.sleep(0)

    assert crew.size == 0


async def test_whom_they_call_in_their_last_moments_is_dismissed_as_well() -> None:
    """A task may start another while it is cancelled."""
    crew = Crew()
    begun = asyncio.Event()
    ended: list[str] = []

    async def last() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("last")

    async def first() -> None:
        begun.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("first")
            crew.spawn(last(), "last")
            await asyncio.sleep(0)

    crew.spawn(first(), "first")
    await begun.wait()

    await crew.dismiss()

    assert ended == ["first", "last"]
    assert crew.size == 0
