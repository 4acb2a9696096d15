"""What a feature was before it was set for a while, and that it is so again in the end.

A relay that stays closed holds a gate open, so neither a second command, an outage nor the end of
Home Assistant may lose what is owed.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import logging
from typing import Final

from .env import Env
from .errors import BadInput, Busy, CannotConnect, DeviceError, NoAnswer
from .model import FeatureId, Light, Scalar

_LOGGER = logging.getLogger(__name__)

type Settable = Scalar | Light

AGAIN: Final = (2.0, 10.0, 60.0, 300.0, 1_200.0)
"""Pauses (seconds) before each new try to put back what could not be, as in an outage."""
_CLOSING: Final = 8.0


class Later:
    """Puts features of one box back after a while."""

    def __init__(self, env: Env, write: Callable[[FeatureId, Settable], Awaitable[object]]) -> None:
        """Nothing is owed; `write` gives a feature a value."""
        self._env = env
        self._write = write
        self._owed: dict[FeatureId, Settable] = {}
        self._tasks: dict[FeatureId, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def around(
        self,
        id_: FeatureId,
        seconds: float | None,
        now: Callable[[], Awaitable[Settable | None]],
    ) -> AsyncGenerator[None]:
        """Around a write: afterwards what was before is owed, or, without `seconds`, nothing."""
        self._cancel(id_)
        owed = before = self._owed.get(id_)
        try:
            if before is None and seconds:
                before = await now()
            yield
        except BadInput:
            # Nothing was sent.
            self._plan(id_, owed, AGAIN[0])
            raise
        except BaseException:
            # Cancelled or failed: nobody knows whether the box took it.
            self._plan(id_, before, seconds or AGAIN[0])
            raise
        self._plan(id_, before if seconds else None, seconds or 0)

    async def close(self) -> None:
        """Put back at once what is owed."""
        owed = dict(self._owed)
        for id_ in owed:
            self._cancel(id_)
        try:
            async with asyncio.timeout(_CLOSING):
                await asyncio.gather(*(self._back(id_, value) for id_, value in owed.items()))
        except TimeoutError:
            _LOGGER.warning("Not put back in time: %s", ", ".join(sorted(self._owed)))

    def _cancel(self, id_: FeatureId) -> None:
        task = self._tasks.pop(id_, None)
        if task is not None:
            task.cancel()

    def _plan(self, id_: FeatureId, before: Settable | None, seconds: float) -> None:
        """Put a feature back after a while; not at all where nobody knows what was before."""
        if before is None:
            self._owed.pop(id_, None)
            return
        self._owed[id_] = before
        self._tasks[id_] = self._env.spawn(self._wait(id_, before, seconds), f"{id_} back")

    async def _wait(self, id_: FeatureId, value: Settable, seconds: float) -> None:
        """Put a feature back after a while, once the box can be reached; its poll tells of it."""
        for tries, pause in enumerate((seconds, *AGAIN)):
            await self._env.clock.sleep(pause)
            if await self._back(id_, value, last=tries == len(AGAIN)):
                return

    async def _back(self, id_: FeatureId, value: Settable, *, last: bool = True) -> bool:
        """Put a feature back now; whether that is the end of it."""
        try:
            await self._write(id_, value)
        except (CannotConnect, NoAnswer, Busy) as error:
            if not last:
                _LOGGER.debug("%s is not put back yet: %s", id_, error)
                return False
            _LOGGER.warning("%s was not put back: %s", id_, error)
        except DeviceError as error:
            _LOGGER.warning("%s was not put back: %s", id_, error)
        self._owed.pop(id_, None)
        return True
