"""Waiting for the thing itself, with a deadline."""

import asyncio
from collections.abc import Callable

from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.model import Event, FeatureId

DEADLINE = 20.0


async def until(
    condition: Callable[[], bool], notify: Callable[[Callable[[], None]], Callable[[], None]]
) -> None:
    """Wait until a condition holds; it is looked at whenever `notify` calls back."""
    poked = asyncio.Event()
    release = notify(poked.set)
    try:
        async with asyncio.timeout(DEADLINE):
            while not condition():
                poked.clear()
                await poked.wait()
    finally:
        release()


async def becomes(runner: Runner, id_: FeatureId, wanted: object) -> None:
    """Wait until a feature reads so."""

    def so() -> bool:
        reading = runner.state.readings.get(id_)
        return reading is not None and reading.value == wanted

    await until(so, lambda poke: runner.watch([id_], poke))


async def is_available(runner: Runner, id_: FeatureId, wanted: bool) -> None:
    """Wait until a feature is available, or is not."""
    await until(
        lambda: runner.state.available(id_) is wanted, lambda poke: runner.watch([id_], poke)
    )


async def happens(runner: Runner, heard: list[Event], kind: str) -> None:
    """Wait until an event of a type was heard; `heard` is filled by the caller's own callback."""
    await until(
        lambda: any(event.type == kind for event in heard),
        lambda poke: runner.events(lambda _: poke()),
    )
