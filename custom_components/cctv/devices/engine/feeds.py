"""Feeds kept alive: connect, seed, watch for silence, back off, leave it to the polls meanwhile."""

import asyncio
from contextlib import aclosing
import logging
from typing import Final

from ..errors import CannotConnect, DeviceError, InvalidAuth, NoAnswer
from ..model import Feed, Need, Origin
from .alarm import Alarm, either
from .core import Engine
from .polls import GATHER_SECONDS, Polls
from .state import feed_source

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1
RETRY_MOST_SECONDS: Final = 60
STEADY_SECONDS: Final = 30
"""A connection that held so long was a good one: the back-off begins anew."""
PAUSED_SECONDS: Final = 5
"""While the box is gone this is how often it is looked whether it is back."""
FIRST_SECONDS: Final = 30
"""The first sign of life may take so long."""
BREATH: Final = 64
"""After so many batches in a row the rest of the loop gets a turn."""


class Feeds:
    """One listener for each feed that somebody needs."""

    def __init__(self, engine: Engine, polls: Polls) -> None:
        """Begin with none."""
        self._engine = engine
        self._polls = polls
        self._ears: dict[str, Ear] = {}
        self._alarm = Alarm(engine.clock, engine.crew, self.adjust, "feeds")
        self._stopped = False

    def soon(self) -> None:
        """Look what is needed, once the burst of wants is over."""
        if not self._stopped:
            self._alarm.set(self._engine.clock.monotonic() + GATHER_SECONDS)

    def adjust(self) -> None:
        """Hear what is needed, and nothing else."""
        if self._stopped:
            return
        feeds = self._engine.board.state.topology.feeds
        needed = {name: feed for name, feed in feeds.items() if self._needed(feed)}
        for name in self._ears.keys() - needed.keys():
            self._ears.pop(name).end()
            self._engine.board.forgotten(feed_source(name))
        for name, feed in needed.items():
            if name in self._ears:
                self._ears[name].feed = feed
            else:
                self._ears[name] = Ear(self._engine, self._polls, feed)

    def stop(self) -> None:
        """Hear nothing any more; the crew's owner waits for the tasks."""
        self._stopped = True
        self._alarm.clear()
        for ear in self._ears.values():
            ear.end()
        self._ears.clear()

    def retry(self) -> None:
        """The box is back: connect without waiting any longer."""
        for ear in self._ears.values():
            ear.retry.set()

    def _needed(self, feed: Feed) -> bool:
        if feed.need is not Need.WANTED:
            return True
        told = self._engine.board.state.index.told.get(feed_source(feed.name), ())
        return any(self._engine.wanted(id_) for id_ in told)


class Ear:
    """Listens to one feed, again and again."""

    def __init__(self, engine: Engine, polls: Polls, feed: Feed) -> None:
        """Begin to listen."""
        self.feed = feed
        """As it is to be at the next connect."""
        self.retry = asyncio.Event()
        """Set to connect at once."""
        self._engine = engine
        self._board = engine.board
        self._clock = engine.clock
        self._polls = polls
        self._source = feed_source(feed.name)
        self._task = engine.crew.spawn(self._run(), f"feed {feed.name}")

    def end(self) -> None:
        """Stop listening; a login that was refused ends it from within."""
        if self._task is not asyncio.current_task():
            self._task.cancel()

    async def _run(self) -> None:
        tries = 0
        while self._engine.failure is None:
            began = self._clock.monotonic()
            error = await Connection(self._engine, self._polls, self.feed).last()
            if isinstance(error, InvalidAuth):
                self._engine.halt(error)
                return
            _LOGGER.debug("Feed %s is down: %r", self.feed.name, error)
            self._board.failed(self._source, error)
            if isinstance(error, CannotConnect):
                self._engine.alarms.call(None)
            steady = self._clock.monotonic() - began >= STEADY_SECONDS
            tries = 0 if steady else min(tries + 1, 8)
            if tries > 1 and self._board.state.health[self._source].up:
                # One that lives only for moments misses most: leave it to the polls.
                self._board.failed(self._source, error)
            wait = min(RETRY_SECONDS * 2.0 ** max(tries - 1, 0), RETRY_MOST_SECONDS)
            await self._pause(wait * (0.75 + 0.5 * self._engine.jitter()))

    async def _pause(self, seconds: float) -> None:
        """Wait before the next try, and as long as the box is gone."""
        await either(self._clock, seconds, self.retry)
        self.retry.clear()
        while self._polls.paused and self._source not in self._board.state.index.vital:
            await either(self._clock, PAUSED_SECONDS, self.retry)
            self.retry.clear()


class Connection:
    """One connection of a feed: from the first try to its end."""

    def __init__(self, engine: Engine, polls: Polls, feed: Feed) -> None:
        """Begin before the connect."""
        self._engine = engine
        self._board = engine.board
        self._clock = engine.clock
        self._polls = polls
        self._feed = feed
        self._since = self._heard_at = engine.clock.monotonic()
        self._heard = False
        self._end: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self._tasks = [asyncio.create_task(self._listen(), name=f"feed {feed.name}: listen")]
        if feed.silence is not None:
            watch = self._watch(feed.silence)
            self._tasks.append(asyncio.create_task(watch, name=f"feed {feed.name}: watch"))

    async def last(self) -> Exception:
        """Wait for the end and tell what it was."""
        try:
            return await self._end
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _over(self, error: Exception) -> None:
        if not self._end.done():
            self._end.set_result(error)

    async def _listen(self) -> None:
        """Take in what is heard, in the loop's iteration in which it is heard."""
        in_a_row = 0
        try:
            async with aclosing(self._engine.device.listen(self._feed.name)) as batches:
                async for batch in batches:
                    self._heard_at = self._clock.monotonic()
                    source = feed_source(self._feed.name)
                    self._board.tell(batch, self._heard_at, Origin.PUSH, source)
                    if not self._heard:
                        self._heard = True
                        self._first()
                    in_a_row += 1
                    if in_a_row == BREATH:
                        in_a_row = 0
                        await asyncio.sleep(0)
            self._over(CannotConnect("the feed ended"))
        except DeviceError as error:
            self._over(error)
        except Exception as error:
            # A mistake in a family ends this try only: the feed is begun again like any other.
            _LOGGER.exception("Feed %s failed in an unexpected way", self._feed.name)
            self._over(error)

    async def _watch(self, silence: float) -> None:
        """End a connection that is open but dead."""
        while True:
            patience = silence if self._heard else max(silence, FIRST_SECONDS)
            left = self._heard_at + patience - self._clock.monotonic()
            if left <= 0:
                self._over(NoAnswer(f"nothing heard for {patience:g} s"))
                return
            # The first item shortens the patience, so look again by then.
            await self._clock.sleep(min(left, silence))

    def _first(self) -> None:
        """The feed lives: seed it, or believe it at once where there is nothing to read."""
        if self._feed.seed or not self._polls.resumed:
            seed = self._seed()
            self._tasks.append(asyncio.create_task(seed, name=f"feed {self._feed.name}: seed"))
        else:
            self._board.feed_up(self._feed.name, self._since, frozenset())

    async def _seed(self) -> None:
        """Read what the feed does not repeat, then believe it."""
        try:
            if feed_source(self._feed.name) in self._board.state.index.vital:
                await self._polls.back()
            # What nobody wants now is read as soon as somebody does.
            seed = frozenset(self._feed.seed)
            idle = frozenset(name for name in seed if not self._polls.is_due(name))
            unread = idle | await self._polls.read(seed - idle)
        except DeviceError as error:
            self._over(error)
            return
        if self._engine.failure is None:
            self._board.feed_up(self._feed.name, self._since, unread)
