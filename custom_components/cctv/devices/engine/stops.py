"""The ends of continuous moves: a lost stop would spin a dome for ever, so each has an owner."""

import asyncio
from collections import Counter
import logging
from typing import Final

from ..commands import Mode, PtzMove, PtzStop
from ..errors import DeviceError
from ..model import PartId
from .alarm import Alarm
from .core import Engine

_LOGGER = logging.getLogger(__name__)

MOVE_MOST_SECONDS: Final = 30
"""A move that nobody stops ends after so long."""
RETRY_SECONDS: Final = 1
RETRY_MOST_SECONDS: Final = 30
TRIES_MOST: Final = 8
TRIES_AT_CLOSE: Final = 3
CLOSE_MOST_SECONDS: Final = 45


class Stops:
    """Knows which parts move and sees to it that they stop."""

    def __init__(self, engine: Engine) -> None:
        """Begin with everything at rest."""
        self._engine = engine
        self._due: dict[PartId, float] = {}
        self._tries: dict[PartId, int] = {}
        self._moves: Counter[PartId] = Counter()
        self._alarm = Alarm(engine.clock, engine.crew, self._ring, "stops")

    def owe(self, part: PartId, move: PtzMove) -> None:
        """A move is about to be sent: from now on a stop is owed."""
        if move.mode is not Mode.CONTINUOUS:
            return
        self._moves[part] += 1
        seconds = MOVE_MOST_SECONDS if move.seconds is None else move.seconds
        self._plan(part, self._engine.clock.monotonic() + seconds)
        self._tries.pop(part, None)

    def moves(self, part: PartId) -> int:
        """How many moves a stop that waits for its turn now will end."""
        return self._moves[part]

    def paid(self, part: PartId, moves: int) -> None:
        """The part stopped after so many moves; one that waits for its turn is still owed."""
        if moves != self._moves[part]:
            return
        self._due.pop(part, None)
        self._tries.pop(part, None)

    def late(self, part: PartId) -> None:
        """A stop failed: try again, with longer and longer breaks."""
        tries = self._tries[part] = self._tries.get(part, 0) + 1
        wait = min(RETRY_SECONDS * 2.0 ** (tries - 1), RETRY_MOST_SECONDS)
        self._plan(part, self._engine.clock.monotonic() + wait)

    async def close(self) -> None:
        """Stop what still moves, a few times if need be, all parts at once."""
        self._alarm.close()
        try:
            async with asyncio.timeout(CLOSE_MOST_SECONDS):
                await asyncio.gather(*(self._last(part) for part in tuple(self._due)))
        except TimeoutError:
            _LOGGER.warning("Parts %s could not be stopped", sorted(self._due))

    async def _last(self, part: PartId) -> None:
        """Stop a part after all that is under way: a stop that overtakes its move ends nothing."""
        async with self._engine.turn(part):
            for _ in range(TRIES_AT_CLOSE):
                if part not in self._due or self._engine.failure is not None:
                    break
                if await self._stop(part):
                    self.paid(part, self._moves[part])

    def _plan(self, part: PartId, moment: float) -> None:
        self._due[part] = moment
        self._alarm.set(moment)

    def _ring(self) -> None:
        now = self._engine.clock.monotonic()
        for part, moment in tuple(self._due.items()):
            if moment <= now:
                # Planned anew by what comes of it.
                self._due[part] = now + RETRY_MOST_SECONDS
                self._engine.crew.spawn(self._end(part), "stop")
        if self._due:
            self._alarm.set(min(self._due.values()))

    async def _end(self, part: PartId) -> None:
        moment = self._due.get(part)
        async with self._engine.turn(part):
            if self._due.get(part) != moment:
                # It was stopped or sent on its way again meanwhile.
                return
            moves = self._moves[part]
            if await self._stop(part) or self._engine.failure is not None:
                self.paid(part, moves)
            elif self._tries.get(part, 0) < TRIES_MOST:
                self.late(part)
            else:
                _LOGGER.warning("Part %r could not be stopped", part)
                self.paid(part, moves)

    async def _stop(self, part: PartId) -> bool:
        try:
            with self._engine.asking(last=True):
                await self._engine.device.do(part, PtzStop())
        except DeviceError as error:
            _LOGGER.debug("Part %r was not stopped: %r", part, error)
            return False
        return True
