"""Inputs, and outputs whose pulses and sequences run in the camera (S-5)."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
import re
from typing import Any

from tests.simulators.open_api.feeds import Feed
from tests.simulators.open_api.parameters import Parameters

INPUT, OUTPUT = "input", "output"
_ACTION = re.compile(r"(?:(\d{1,3}):)?((?:\d{0,7}[/\\])+)")
_STEP = re.compile(r"(\d*)([/\\])")
_MOST_STEPS = 64
_WAITING = 1000

type Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """A change of an output after so many seconds."""

    wait: float
    on: bool


def read_action(text: str) -> tuple[int | None, tuple[Step, ...]] | None:
    """Read `[id:][wait]change(wait change)…`; None where it is not of that form (S-5.3)."""
    found = _ACTION.fullmatch(text)
    if found is None:
        return None
    steps = _STEP.findall(found[2])
    if len(steps) > _MOST_STEPS or any(not wait for wait, _ in steps[1:]):
        return None
    number = None if found[1] is None else int(found[1])
    return number, tuple(Step(int(wait or 0) / 1000, sign == "/") for wait, sign in steps)


@dataclass(frozen=True, slots=True)
class Change:
    """A port that has just changed, counted from 0 among its kind."""

    kind: str
    index: int
    on: bool


class Watch:
    """One monitor: what it last told and what it still has to tell."""

    def __init__(self, feed: Feed, ports: Sequence[tuple[str, int]]) -> None:
        """Watch these ports."""
        self.feed = feed
        self.ports = tuple(ports)
        self.told: dict[tuple[str, int], bool] = {}
        self.waiting: deque[Change] = deque(maxlen=_WAITING)


class Ports:
    """All inputs and outputs of one camera; True is active."""

    def __init__(self, inputs: int, outputs: int, parameters: Parameters, spawn: Spawn) -> None:
        """Come up with everything at rest."""
        self.inputs = [False] * inputs
        self.outputs = [False] * outputs
        self.watches: list[Watch] = []
        self._parameters = parameters
        self._spawn = spawn
        self._running: dict[int, asyncio.Task[None]] = {}

    def state(self, kind: str, index: int) -> bool:
        """Whether a port is active."""
        return (self.inputs if kind == INPUT else self.outputs)[index]

    def closed(self, kind: str, index: int) -> bool:
        """Whether the circuit of a port is closed, which is not always to be active."""
        place = index if kind == INPUT else len(self.inputs) + index
        name = "Input.Trig" if kind == INPUT else "Output.Active"
        when_closed = self._parameters[f"IOPort.I{place}.{name}"] == "closed"
        return self.state(kind, index) is when_closed

    def change(self, kind: str, index: int, on: bool) -> None:
        """Make a port active or not, and have the monitors tell it."""
        ports = self.inputs if kind == INPUT else self.outputs
        if ports[index] is on:
            return
        ports[index] = on
        for watch in self.watches:
            if (kind, index) in watch.ports:
                watch.waiting.append(Change(kind, index, on))
                watch.feed.wake()

    def run(self, index: int, steps: Sequence[Step]) -> None:
        """Begin a sequence; one that still runs on this output ends where it is."""
        self.halt(index)
        pending = list(steps)
        place = f"IOPort.I{len(self.inputs) + index}.Output"
        if steps[-1].on and self._parameters[f"{place}.Mode"] == "monostable":
            pending.append(Step(float(self._parameters[f"{place}.DelayTime"]), on=False))
        while pending and pending[0].wait == 0:
            self.change(OUTPUT, index, pending.pop(0).on)
        if pending:
            self._running[index] = self._spawn(self._play(index, pending))

    def halt(self, index: int | None = None) -> None:
        """End the sequence of an output, or all."""
        for number, task in list(self._running.items()):
            if index is None or number == index:
                task.cancel()
                del self._running[number]

    async def _play(self, index: int, steps: Sequence[Step]) -> None:
        due = asyncio.get_running_loop().time()
        for step in steps:
            due += step.wait
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            self.change(OUTPUT, index, step.on)
