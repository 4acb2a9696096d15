"""When polls are read: by who wants them, how their feeds do, hints, commands and failures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
import logging
from math import inf
from typing import Final

from ..errors import CannotConnect, DeviceError, InvalidAuth, NoAnswer
from ..model import Batch, Need, Origin, Poll
from .alarm import Alarm, either
from .core import Engine
from .recorded import part_of
from .state import poll_source

_LOGGER = logging.getLogger(__name__)

GATHER_SECONDS: Final = 0.1
"""A burst of wants is gathered for so long."""
LATER_SECONDS: Final = 5
"""What nobody waits for is read so much after the start."""
CHECK_SECONDS: Final = 600
"""A poll whose feed is healthy is read so often all the same: devices lose stops."""
RETRY_SECONDS: Final = 5
RETRY_FIRST_SECONDS: Final = 60
RETRY_MOST_SECONDS: Final = 300
VITAL_MOST_SECONDS: Final = 60
ALARM_SECONDS: Final = 2
"""Vital polls are not read more often than this because something else failed."""
HINT_SECONDS: Final = 1
"""A poll that was asked within so long waits before a hint has it read again."""
CONFIRM_SECONDS: Final = 5
"""A poll after which something was missing is read again so soon."""
ABSENT_SECONDS: Final = 5
"""How often a box that was restarted is asked whether it is back."""
MOMENTS: Final = 16
"""So many extra reads are planned for one poll."""


class Polls:
    """Reads polls: one read of each in flight and one in line, however many ask."""

    def __init__(self, engine: Engine, ask: Callable[[str], Awaitable[Batch]]) -> None:
        """Begin with nothing planned; `ask` asks the device."""
        self._engine = engine
        self._ask = ask
        self._board = engine.board
        self._clock = engine.clock
        self._due: dict[str, float] = {}
        self._extra: dict[str, list[float]] = {}
        self._asked: dict[str, float] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._queued: dict[str, asyncio.Future[bool]] = {}
        self._alarm = Alarm(engine.clock, engine.crew, self._ring, "polls")
        self._away_until = -inf
        self._away_seen = False
        self._home = asyncio.Event()
        """Set when the box is back, or nobody asks whether it is."""
        self._resumed = True
        self._returning: asyncio.Future[None] | None = None
        self._stopped = False

    # --- planning

    def start(self) -> None:
        """Plan every poll that is to be read."""
        self.replan(self._board.state.topology.polls)

    def stop(self) -> None:
        """Plan nothing any more; whoever waits for a read hears that it failed."""
        self._stopped = True
        self._home.set()
        self._alarm.clear()
        self._due.clear()
        self._extra.clear()
        for future in self._queued.values():
            if not future.done():
                future.set_result(False)
        self._queued.clear()

    def replan(self, names: Iterable[str]) -> None:
        """Plan these polls anew, after what they depend on has changed."""
        if self._stopped:
            return
        now = self._clock.monotonic()
        polls = self._board.state.topology.polls
        for name in tuple(names):
            poll = polls.get(name)
            every = None if poll is None else self._every(poll)
            if poll is None or every is None:
                self._due.pop(name, None)
                self._extra.pop(name, None)
            elif not (self._failures(name) and name in self._due):
                moment = self._fresh(poll) + every
                if moment <= now:
                    planned = self._due.get(name, inf)
                    wait = GATHER_SECONDS if self._is_wanted(poll) else LATER_SECONDS
                    moment = min(now + wait, planned if planned > now else inf)
                self._due[name] = moment
        self._wind()

    def tidy(self) -> None:
        """Plan anew after the topology changed: everything it has, nothing it has not."""
        polls = self._board.state.topology.polls
        for name in set(self._asked) - set(polls):
            self._asked.pop(name, None)
            self._locks.pop(name, None)
        self.replan({*polls, *self._due, *self._extra})

    def soon(self, names: Iterable[str]) -> None:
        """Read these polls now; a read under way is too old to count."""
        now = self._clock.monotonic()
        for name in names:
            if name not in self._board.state.topology.polls:
                continue
            moment = self._asked.get(name, -inf) + HINT_SECONDS
            if moment <= now:
                self.request(name)
            elif name not in self._extra:
                self.at(name, moment)

    def at(self, name: str, moment: float) -> None:
        """Read a poll once more at this moment."""
        if self._stopped or name not in self._board.state.topology.polls:
            return
        moments = self._extra.setdefault(name, [])
        moments.append(moment)
        moments.sort()
        if len(moments) > MOMENTS:
            # The last one stays: settling ends with it.
            del moments[-2]
        self._wind()

    def alarmed(self) -> None:
        """Something could not connect: ask a vital poll whether the box is there (rule 8)."""
        if self.is_away:
            return
        for name in self._vital():
            moment = max(self._clock.monotonic(), self._asked.get(name, -inf) + ALARM_SECONDS)
            self._due[name] = min(moment, self._due.get(name, inf))
            break
        self._wind()

    def away(self, seconds: float) -> None:
        """The box may be gone for so long: leave it alone, but for asking whether it is back."""
        self._away_until = self._clock.monotonic() + seconds
        self._away_seen = False
        self._home.clear()
        for name in self._vital():
            self._due[name] = self._clock.monotonic() + ABSENT_SECONDS
        self._wind()

    async def returned(self) -> None:
        """Wait until a box that was told to go is back, or was given up."""
        while self.is_away and not self._stopped:
            await either(self._clock, self._away_until - self._clock.monotonic(), self._home)

    @property
    def resumed(self) -> bool:
        """Whether what the box forgot in an outage was put back."""
        return self._resumed

    @property
    def paused(self) -> bool:
        """Whether the box is gone, so that only what is vital is asked."""
        return self.is_away or not self._board.state.online

    @property
    def is_away(self) -> bool:
        """Whether the box is gone because it was told to."""
        return self._clock.monotonic() < self._away_until

    def _vital(self) -> list[str]:
        """The polls that decide whether the box is online."""
        state = self._board.state
        return [name for name in state.topology.polls if poll_source(name) in state.index.vital]

    def _every(self, poll: Poll) -> float | None:
        """How often a poll is read; None = not at all."""
        state = self._board.state
        source = poll_source(poll.name)
        if self.is_away and source in state.index.vital:
            return min(poll.every, ABSENT_SECONDS)
        if poll.need is not Need.WANTED:
            return poll.every
        wanted = [id_ for id_ in state.index.told.get(source, ()) if self._engine.wanted(id_)]
        if not wanted:
            return None
        if all(state.pushed(id_) for id_ in wanted):
            return max(poll.every, CHECK_SECONDS)
        return poll.every

    def is_due(self, name: str) -> bool:
        """Whether a poll is read from time to time: somebody wants what it tells, or it must be."""
        poll = self._board.state.topology.polls.get(name)
        return poll is not None and self._every(poll) is not None

    def _is_wanted(self, poll: Poll) -> bool:
        """Whether somebody waits for what a poll tells."""
        told = self._board.state.index.told.get(poll_source(poll.name), ())
        return any(self._engine.wanted(id_) for id_ in told)

    def _fresh(self, poll: Poll) -> float:
        """Until when a poll was good: its last read, or when all it tells was met elsewhere."""
        if poll.name in self._asked and not self._failures(poll.name):
            return self._asked[poll.name]
        state = self._board.state
        told = state.index.told.get(poll_source(poll.name), ())
        ids = [id_ for id_ in told if state.topology.features[id_].poll == poll.name]
        if poll.need is Need.WANTED:
            ids = [id_ for id_ in ids if self._engine.wanted(id_)]
        readings = [self._board.reading(id_) for id_ in ids]
        times = [-inf if reading is None else reading.at for reading in readings]
        if not times:
            return self._clock.monotonic() if poll.need is Need.VITAL else -inf
        return min(times)

    def _failures(self, name: str) -> int:
        health = self._board.state.health.get(poll_source(name))
        return 0 if health is None else health.failures

    def _wind(self) -> None:
        """Set the alarm to the next read."""
        if self._stopped:
            return
        moments = [moment for name, moment in self._due.items() if self._may(name)]
        moments += [times[0] for times in self._extra.values()]
        if self.is_away:
            moments.append(self._away_until)
        if moments:
            self._alarm.set(min(moments))

    def _may(self, name: str) -> bool:
        """Whether a poll may be read now: of a box that is gone, only what is vital."""
        if poll_source(name) in self._board.state.index.vital:
            return True
        return not self.paused

    def _ring(self) -> None:
        """Read what is due."""
        now = self._clock.monotonic()
        for name, moment in tuple(self._due.items()):
            if moment <= now and self._may(name):
                # Planned again when it was read.
                self._due[name] = inf
                self.request(name)
        for name, moments in tuple(self._extra.items()):
            later = [moment for moment in moments if moment > now]
            if len(later) < len(moments):
                self.request(name)
            if later:
                self._extra[name] = later
            else:
                del self._extra[name]
        self._wind()

    # --- reading

    def request(self, name: str) -> asyncio.Future[bool]:
        """Read a poll after any read that is under way; tells whether it went well."""
        future = self._queued.get(name)
        if future is None:
            future = asyncio.get_running_loop().create_future()
            if self._stopped:
                future.set_result(False)
                return future
            self._queued[name] = future
            self._engine.crew.spawn(self._turn(name, future), f"poll {name}")
        return future

    async def read(self, names: Iterable[str]) -> frozenset[str]:
        """Read several polls; tells which of them could not be read."""
        polls = self._board.state.topology.polls
        reads = {name: self.request(name) for name in names if name in polls}
        if reads:
            # Others may wait for the same reads, so they are never cancelled from here.
            await asyncio.wait(reads.values())
        return frozenset(name for name, read in reads.items() if not read.result())

    async def refresh(self, names: Iterable[str]) -> None:
        """Read polls, but for those that were asked just now: many entities share one."""
        now = self._clock.monotonic()
        await self.read(name for name in names if self._asked.get(name, -inf) + HINT_SECONDS <= now)

    async def _turn(self, name: str, future: asyncio.Future[bool]) -> None:
        well = False
        try:
            async with self._locks.setdefault(name, asyncio.Lock()):
                if self._queued.get(name) is future:
                    del self._queued[name]
                if not self._stopped:
                    well = await self._read(name)
        finally:
            if not future.done():
                future.set_result(well)

    async def _read(self, name: str) -> bool:
        """Read a poll and take in what it says, or that it failed."""
        board = self._board
        source = poll_source(name)
        if name not in board.state.topology.polls:
            return False
        vital = source in board.state.index.vital
        asked = self._asked[name] = self._clock.monotonic()
        missing = board.state.missing
        try:
            with self._engine.asking():
                batch = await self._ask(name)
                if self._stopped:
                    return False
                board.tell(batch, asked, Origin.POLL, source)
                if vital:
                    await self.back()
        except InvalidAuth:
            return False
        except DeviceError as error:
            _LOGGER.debug("Poll %s failed: %r", name, error)
            self._fail(name, error)
            return False
        except Exception as error:
            # A mistake in a family costs this poll only; left alone it would end all polling.
            _LOGGER.exception("Poll %s failed in an unexpected way", name)
            self._fail(name, error)
            return False
        if vital and self._away_seen:
            self._away_until = -inf
            self._away_seen = False
            self._home.set()
        self._due.pop(name, None)
        board.succeeded(source)
        self.replan((name,))
        if board.state.missing and board.state.missing != missing:
            self.at(name, self._clock.monotonic() + CONFIRM_SECONDS)
        return True

    def _fail(self, name: str, error: Exception) -> None:
        """Note a failure and plan the retry."""
        if self._stopped:
            return
        now = self._clock.monotonic()
        vital = poll_source(name) in self._board.state.index.vital
        if vital and self.is_away:
            self._away_seen = True
            self._resumed = False
        self._board.failed(poll_source(name), error)
        poll = self._board.state.topology.polls.get(name)
        if poll is None or self._every(poll) is None:
            self._due.pop(name, None)
            return
        # Not the ten minutes of a healthy feed: this may have been what the feed needs to be true.
        every = poll.every
        failures = self._failures(name)
        if vital and self.is_away:
            wait: float = ABSENT_SECONDS
        elif vital:
            wait = min(RETRY_SECONDS * 2.0 ** min(failures - 1, 8), VITAL_MOST_SECONDS, every)
        elif failures < 2:
            wait = min(RETRY_SECONDS, every)
        else:
            # What is read twice a day is not given up for half a day.
            first = min(every, RETRY_FIRST_SECONDS)
            wait = min(first * 2.0 ** min(failures - 2, 12), max(every, RETRY_MOST_SECONDS))
        self._due[name] = now + wait * (0.75 + 0.5 * self._engine.jitter())
        self._wind()

    # --- after an outage

    def gone(self) -> None:
        """The box is offline: what it forgets is to be put back before it is used again."""
        self._resumed = False

    async def back(self) -> None:
        """The box answers again: put back what it forgot, then read what is wanted, once."""
        while not self._resumed:
            if self._returning is not None:
                await asyncio.shield(self._returning)
                continue
            self._returning = asyncio.get_running_loop().create_future()
            try:
                await self._resume()
                self._resumed = True
            finally:
                self._returning.set_result(None)
                self._returning = None

    async def _resume(self) -> None:
        asked = self._clock.monotonic()
        try:
            self._board.tell(await self._engine.device.resume(), asked, Origin.POLL)
        except CannotConnect, NoAnswer, InvalidAuth:
            raise
        except DeviceError as error:
            _LOGGER.warning("Could not put back what the device forgot: %r", error)
        state = self._board.state
        # Only then is the box told to be online, so that nobody sees what was true before.
        # Recordings are listed after it: nobody waits for them, and they may take long.
        await self.read(
            poll.name
            for poll in state.topology.polls.values()
            if poll_source(poll.name) not in state.index.vital
            and part_of(poll.name) is None
            and self._every(poll) is not None
        )

    def flipped(self, sources: Iterable[str]) -> None:
        """Plan anew what depends on sources that went up or down."""
        state = self._board.state
        told = {id_ for source in sources for id_ in state.index.told.get(source, ())}
        polls = {source for id_ in told for source in state.index.sources[id_]}
        self.replan(name for name in state.topology.polls if poll_source(name) in polls)
