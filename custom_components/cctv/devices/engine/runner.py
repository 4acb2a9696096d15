"""Runs one device: the only user of its family's Device, and all that anybody else needs of it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from contextlib import aclosing
from datetime import datetime
import logging
import random

from ..commands import Command, DeleteRecordings
from ..device import Device
from ..env import Env
from ..errors import BadInput, Busy, CannotConnect, InvalidAuth, Malformed, Unsupported
from ..model import (
    Answer,
    Content,
    Day,
    Event,
    FeatureId,
    Notice,
    Origin,
    PartId,
    Query,
    Recording,
    Ref,
    Table,
    TableRow,
    Topology,
)
from .board import Release
from .core import Engine
from .feeds import Feeds
from .listing import DAYS_MOST, Listing
from .orders import Orders
from .pictures import Image, Pictures
from .polls import Polls
from .recorded import NEW, part_of, poll_name
from .state import DeviceState, Fold
from .stops import Stops

_LOGGER = logging.getLogger(__name__)


class Runner:
    """A device kept read, heard and served."""

    def __init__(
        self,
        device: Device,
        env: Env,
        *,
        left_out: Iterable[PartId] = (),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Take a device and what it was lent; `left_out` are parts that the user does not want."""
        self._engine = Engine(device, env, left_out, jitter)
        self._board = self._engine.board
        self._listing = Listing(self._engine)
        self._polls = Polls(self._engine, self._listing.read)
        self._feeds = Feeds(self._engine, self._polls)
        self._stops = Stops(self._engine)
        self._orders = Orders(self._engine, self._polls, self._stops)
        self._pictures = Pictures(self._engine)
        self._talking = asyncio.Lock()
        self._started = False
        self._closed = False
        self._gone = asyncio.Event()
        self._board.folds.add(self._folded)
        self._board.topologies.add(self._grown)
        self._board.watch((":online",), self._turned)
        self._engine.alarms.add(lambda _: self._polls.alarmed())
        self._engine.halts.add(lambda _: self._halt())

    # --- life

    async def start(self) -> None:
        """Open the device and keep it up to date; what `open` raises comes out as it is."""
        asked = self._engine.clock.monotonic()
        try:
            batch = await self._engine.device.open()
            if not batch or not isinstance(batch[0], Topology):
                raise Malformed("the device did not say what it has")
            if self._closed:
                raise CannotConnect("stopped while it was opened")
            self._board.tell(batch, asked, Origin.POLL)
        except BaseException:
            # A cancelled start leaves nothing open either: nobody would stop it later.
            self._closed = self._engine.closed = True
            await self._leave()
            raise
        self._orders.recall()
        self._started = True
        self._polls.start()
        self._feeds.adjust()

    async def stop(self) -> None:
        """Stop what moves, end every task and close the device; whoever asks waits until it is."""
        if self._closed:
            await self._gone.wait()
            return
        # From here on nothing new is sent, so that no move comes after its last stop.
        self._closed = self._engine.closed = True
        try:
            self._halt()
            await self._stops.close()
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """End every task and close the device."""
        self._board.close()
        try:
            await self._pictures.close()
            await self._engine.crew.dismiss()
        finally:
            await self._engine.device.close()
            self._gone.set()

    @property
    def state(self) -> DeviceState:
        """All that is known of the device now."""
        return self._board.state

    # --- who wants to know

    def want(self, ids: Iterable[FeatureId]) -> Release:
        """Have these features kept up to date until the returned function is called."""
        wanted = frozenset(ids)
        self._engine.demand.update(wanted)
        self._wanted(wanted)

        def release() -> None:
            nonlocal wanted
            for id_ in wanted:
                self._engine.demand[id_] -= 1
                if not self._engine.demand[id_]:
                    del self._engine.demand[id_]
            gone, wanted = wanted, frozenset()
            self._wanted(gone)

        return release

    async def refresh(self, ids: Iterable[FeatureId]) -> None:
        """Read these features now; those of one poll share the read."""
        features = self.state.topology.features
        told = [features[id_].poll for id_ in ids if id_ in features]
        await self._polls.refresh({poll for poll in told if poll is not None})

    def watch(self, ids: Iterable[FeatureId], callback: Callable[[], None]) -> Release:
        """Call it, at once and synchronously, when one of these features changed."""
        return self._board.watch(ids, callback)

    def watch_topology(self, callback: Callable[[], None]) -> Release:
        """Call it when the topology was replaced."""
        return self._board.topologies.add(lambda _: callback())

    def events(self, callback: Callable[[Event], None]) -> Release:
        """Call it with each event."""
        return self._board.events.add(callback)

    def notices(self, callback: Callable[[Notice], None]) -> Release:
        """Call it with each notice that begins, changes or ends; `state.notices` has all."""
        return self._board.notices.add(callback)

    def failed(self, callback: Callable[[InvalidAuth], None]) -> Release:
        """Call it when the device refuses the login, or has; nothing is asked of it any more."""
        if self._engine.failure is not None:
            callback(self._engine.failure)
        return self._engine.halts.add(callback)

    # --- what reaches the device

    async def do(self, part: PartId, command: Command) -> Answer:
        """Do a command at a part; BadInput or Unsupported before anything is sent."""
        answer = await self._orders.do(part, command)
        if isinstance(command, DeleteRecordings):
            self._listing.changed(part)
            self._hinted((poll_name(part),))
        return answer

    async def returned(self) -> None:
        """Wait until a box that goes away after a command is back, or was given up."""
        await self._polls.returned()

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
        """Search, newest first, lazily; close it (`aclosing`) to free the device's finder."""
        place = self.state.topology.parts.get(part)
        if place is None:
            raise BadInput(f"there is no part {part!r}")
        table = query.kind if isinstance(query, Table) else "recordings"
        if table not in place.tables:
            raise Unsupported(f"{part or 'the box'} has no {table}")
        left = query.limit
        with self._engine.asking():
            async with aclosing(self._engine.device.find(part, query)) as found:
                async for one in found:
                    if left <= 0:
                        return
                    if not isinstance(one, Day):
                        left -= 1
                        yield one

    async def days(
        self,
        part: PartId,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = DAYS_MOST,
    ) -> list[Day]:
        """The days in the device's zone on which something was recorded, newest first."""
        return await self._listing.days(part, start, end, limit)

    async def next_recording(self, part: PartId, seconds: float) -> Recording | None:
        """The next recording that is finished within so many seconds; None if there is none."""
        release = self.want((f"{part}:{NEW}",))
        end = self._engine.clock.monotonic() + seconds
        try:
            # What came while nobody looked is not the next one.
            await self._polls.read((poll_name(part),))
            return await self._listing.next(part, end - self._engine.clock.monotonic())
        finally:
            release()

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Bytes behind a ref, which the family checks. Gone."""
        with self._engine.asking():
            return await self._engine.device.fetch(ref, start, end)

    async def picture(self, stream_id: str) -> bytes:
        """A JPEG of a stream, shared by all who ask within a second."""
        return await self._pictures.picture(stream_id)

    async def image(self, feature: FeatureId) -> Image:
        """The picture that a feature names, also after its file is gone. Gone without one."""
        return await self._pictures.image(feature)

    def frames(self, stream_id: str) -> AsyncGenerator[bytes]:
        """The live pictures of a stream, one source for all viewers; close it (`aclosing`)."""
        return self._pictures.frames(stream_id)

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Play sound, given in the part's TalkFormat. Busy while somebody else talks."""
        place = self.state.topology.parts.get(part)
        if place is None:
            raise BadInput(f"there is no part {part!r}")
        if place.talk is None:
            raise Unsupported(f"{part or 'the box'} has no speaker")
        if self._talking.locked():
            raise Busy("somebody talks already")
        async with self._talking:
            with self._engine.asking():
                await self._engine.device.talk(part, sound)

    def play_url(self, stream_id: str) -> str:
        """A stream's URL with its secrets, for the player only."""
        stream = self.state.topology.streams.get(stream_id)
        if stream is None:
            raise BadInput(f"there is no stream {stream_id!r}")
        return self._engine.device.play_url(stream)

    # --- what follows from what

    def _wanted(self, ids: Iterable[FeatureId]) -> None:
        if not self._started or self._closed:
            return
        sources = {source for id_ in ids for source in self.state.index.sources.get(id_, ())}
        self._polls.replan(
            source.removeprefix("poll:") for source in sources if source.startswith("poll:")
        )
        if any(source.startswith("feed:") for source in sources):
            self._feeds.soon()

    def _folded(self, fold: Fold) -> None:
        if self._started:
            self._polls.flipped(fold.flipped)
            self._hinted(fold.hints)

    def _hinted(self, polls: Iterable[str]) -> None:
        self._polls.soon(name for name in polls if self._listing.minds(name))

    def _grown(self, _: None) -> None:
        if self._started:
            self._orders.recall()
            self._polls.tidy()
            self._feeds.soon()

    def _turned(self) -> None:
        """The box went away or came back."""
        if not self._started:
            return
        if self.state.online:
            _LOGGER.debug("The box is back")
            self._feeds.retry()
            polls = self.state.topology.polls
            self._polls.replan(name for name in polls if part_of(name) is not None)
        else:
            self._polls.gone()

    def _halt(self) -> None:
        self._polls.stop()
        self._feeds.stop()
        self._listing.stop()
