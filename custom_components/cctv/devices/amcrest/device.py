"""One Amcrest or Dahua box: the contract, dispatched to the modules that know how."""

from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
import logging
import re
from typing import Final

from ..chunks import jpeg
from ..commands import Command
from ..device import Ask, Sighting
from ..env import Env
from ..errors import (
    Busy,
    DeviceError,
    Forbidden,
    Gone,
    InvalidAuth,
    Locked,
    Rejected,
    Unsupported,
)
from ..http.client import Http
from ..http.digest import challenges
from ..model import (
    Answer,
    Batch,
    Content,
    Day,
    Days,
    PartId,
    Query,
    Recording,
    Recordings,
    Ref,
    Stream,
    Table,
    TableRow,
)
from ..playing import play_url
from . import learn, polls, recordings, sound as sound_of, wire
from .attach import Attachment
from .box import Box
from .client import Client, is_stale
from .features import EVENTS
from .inventory import STILL
from .orders import Orders
from .topics import FETCHERS, FINDERS, LISTENERS

_LOGGER = logging.getLogger(__name__)

IN_FLIGHT: Final = 2
"""More at once than that leads to resets (§2)."""
_STILL: Final = re.compile(re.escape(STILL) + r"([1-9]\d{0,2})")
_FROM_ZERO: Final = "stills from zero"
_REALM: Final = re.compile(r"Login to |Device_CGI")


@dataclass(frozen=True, slots=True)
class Counters:
    """What passed, for diagnostics: events without a place, without a row, and damaged ones too."""

    requests: int
    bytes: int
    refused: int
    dropped: int
    told: int
    chatter: int
    nowhere: int
    unknown: int


class Amcrest:
    """The device that runs one box."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self._env = env
        self._http = Http(env, in_flight=IN_FLIGHT, stale=is_stale)
        self._client = Client(self._http)
        self._box: Box | None = None
        self._attachment: Attachment | None = None
        self._orders: Orders | None = None

    @property
    def box(self) -> Box:
        """What was learnt at `open`."""
        if self._box is None:
            raise Unsupported("not opened yet")
        return self._box

    @property
    def counters(self) -> Counters:
        """What passed between us and the box, and what was heard and not told."""
        seen = self._http.seen
        heard: Mapping[str, int] = {} if self._box is None else self._box.translator.counts
        return Counters(
            seen.requests,
            seen.bytes,
            seen.refused,
            0 if self._attachment is None else self._attachment.dropped,
            heard.get("told", 0),
            heard.get("chatter", 0),
            heard.get("place", 0),
            heard.get("unknown", 0),
        )

    async def open(self) -> Batch:
        """Who it is, what it has, and the values met on the way."""
        try:
            identity = await learn.identify(self._client, self._env)
            box = Box(self._env, self._client, identity)
            batch = await learn.learn(box)
        except (InvalidAuth, Forbidden) as error:
            raise await self._why(error) from error
        self._box = box
        self._attachment = Attachment(box)
        self._orders = Orders(box)
        return batch

    async def _why(self, error: InvalidAuth | Forbidden) -> DeviceError:
        """Whether a refused login is a lock, as the login's challenge says (§3.2)."""
        if isinstance(error, Locked):
            return error
        try:
            seconds = await self._client.locked_for(self._env.address.user)
        except DeviceError as failure:
            _LOGGER.debug("The device does not say whether it is locked: %r", failure)
            return error
        return error if seconds is None else Locked("locked", seconds or None)

    @asynccontextmanager
    async def _explained(self) -> AsyncGenerator[None]:
        """What is refused while it runs may be refused to everybody: a lock (§3.2)."""
        try:
            yield
        except (InvalidAuth, Forbidden) as error:
            raise await self._why(error) from error

    async def read(self, poll: str) -> Batch:
        """One poll."""
        async with self._explained():
            return await polls.read(self.box, poll)

    async def listen(self, feed: str) -> AsyncGenerator[Batch]:
        """The event feed."""
        listener = LISTENERS.get(feed) or LISTENERS.get(f"{feed.partition(':')[0]}:")
        if feed == EVENTS and self._attachment is not None:
            heard = self._attachment.listen()
        elif listener is not None:
            heard = listener(self.box, feed)
        else:
            raise Unsupported(f"no feed {feed}")
        async with self._explained(), aclosing(heard) as batches:
            async for batch in batches:
                yield batch

    async def do(self, part: PartId, command: Command) -> Answer:
        """Settings, lamps, siren, buttons."""
        if self._orders is None:
            raise Unsupported("not opened yet")
        async with self._explained():
            return await self._orders.do(part, command)

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
        """Recordings, their days, or a table of a part, newest first."""
        place = self.box.topology.parts.get(part)
        finder = FINDERS.get(query.kind) if isinstance(query, Table) else None
        if isinstance(query, (Recordings, Days)):
            found = recordings.find(self.box, part, query)
        elif isinstance(query, Table) and finder and place and query.kind in place.tables:
            found = finder(self.box, part, query)
        else:
            raise Unsupported(f"no search in {part or 'the box'}")
        async with self._explained(), aclosing(found) as rows:
            async for row in rows:
                yield row

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """A still (§4.4.2). Gone for a ref that names none."""
        fetcher = FETCHERS.get(ref.partition(":")[0])
        if fetcher is not None:
            async with self._explained():
                return await fetcher(self.box, ref, start, end)
        found = _STILL.fullmatch(ref)
        if found is None or int(found[1]) - 1 not in self.box.cameras:
            raise Gone("no such picture")
        try:
            async with self._explained():
                picture = await self._snapshot(int(found[1]))
        except (Unsupported, Rejected) as error:
            # A busy image subsystem answers so at once while everything else works (§2).
            raise Busy(f"no picture now: {error}") from error
        return jpeg(picture)

    async def _snapshot(self, channel: int) -> bytes:
        """A still by its channel; a minority of cameras counts them from 0 (§2)."""
        box = self.box
        if box.verdicts.get(_FROM_ZERO) is True:
            return await self._client.snapshot(channel - 1)
        try:
            return await self._client.snapshot(channel)
        except Unsupported:
            if not box.alone:
                raise
            picture = await self._client.snapshot(channel - 1)
            box.verdicts.put(_FROM_ZERO, verdict=True)
            return picture

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Speak (§4.3.4)."""
        async with self._explained():
            await sound_of.talk(self.box, part, sound)

    def play_url(self, stream: Stream) -> str:
        """The stream's URL with the login, percent-encoded (§3.5)."""
        return play_url(stream, self._env.address)

    async def resume(self) -> Batch:
        """The box forgets nothing."""
        return ()

    async def close(self) -> None:
        """Leave nothing behind; tasks that go on are the environment's to end."""
        try:
            if self._orders is not None:
                await self._orders.close()
            if self._box is not None:
                await self._box.downloads.close()
                await self._box.finders.close()
        finally:
            await self._http.close()


async def recognise(ask: Ask) -> Sighting | None:
    """By its type, or by the realm of its login (§3.1); one request."""
    reply = await ask(wire.query("magicBox", "getDeviceType"))
    if reply.status == 200:
        model = wire.word(reply.text, "type") if reply.text.startswith("type=") else None
        return Sighting("amcrest", certain=True, model=model) if model else None
    if reply.status == 401:
        realms = [each.values.get("realm", "") for each in challenges(reply.challenges)]
        if any(_REALM.match(realm) for realm in realms):
            return Sighting("amcrest", certain=True)
    return None
