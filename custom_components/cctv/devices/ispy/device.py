"""One PC with iSpy: the contract, dispatched to the modules that know how."""

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from dataclasses import asdict, dataclass

from ..commands import Command
from ..device import Ask, Sighting
from ..env import Env
from ..errors import Malformed, Unsupported, WrongFamily
from ..http import client as http
from ..model import (
    Answer,
    Batch,
    Content,
    PartId,
    Query,
    Recording,
    Ref,
    Stream,
    TableRow,
)
from . import polls, recordings, wire
from .box import Box
from .client import Client
from .features import MODEL, PUSH
from .feed import Push
from .live import Media
from .orders import Orders


@dataclass(slots=True)
class Counters(http.Counters):
    """What passed, for diagnostics."""

    unknown: int = 0
    """Messages that named nobody, or several."""


class Ispy:
    """The device that runs one PC."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self._client = Client(env)
        self._box = Box(env, self._client)
        self._push = Push(self._box)
        self._orders = Orders(self._box)
        self._media = Media(self._box)
        self._opened = False

    @property
    def box(self) -> Box:
        """What was learnt at `open`."""
        if not self._opened:
            raise Unsupported("not opened yet")
        return self._box

    @property
    def counters(self) -> Counters:
        """What passed between us and the PC."""
        return Counters(**asdict(self._client.http.seen), unknown=self._push.unknown)

    async def open(self) -> Batch:
        """What it has: objects, plans, groups, remote commands."""
        try:
            batch = await polls.learn(self._box)
        except Malformed as error:
            raise WrongFamily("something that does not answer as iSpy does") from error
        self._opened = True
        return batch

    async def read(self, poll: str) -> Batch:
        """One poll."""
        return await polls.read(self.box, poll)

    async def listen(self, feed: str) -> AsyncGenerator[Batch]:
        """The WebSocket."""
        if feed != PUSH or feed not in self.box.topology.feeds:
            raise Unsupported(f"no feed {feed[:40]}")
        async with aclosing(self._push.listen()) as batches:
            async for batch in batches:
                yield batch

    async def do(self, part: PartId, command: Command) -> Answer:
        """One command."""
        if not self._opened:
            raise Unsupported("not opened yet")
        return await self._orders.do(part, command)

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
        """Recordings, files, grabs, levels, counts."""
        async with aclosing(recordings.find(self.box, part, query)) as found:
            async for one in found:
                yield one

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Stills, live pictures and sound, floor plans, clips, thumbnails, grabs."""
        if not self._opened:
            raise Unsupported("not opened yet")
        return await self._media.fetch(ref, start, end)

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Speak to a camera."""
        await self._media.talk(part, sound)

    def play_url(self, stream: Stream) -> str:
        """There is no RTSP (§10)."""
        raise Unsupported(f"no RTSP for {stream.id}")

    async def resume(self) -> Batch:
        """What it forgets was saved soon after it was changed; nothing else is ours to put back."""
        return ()

    async def close(self) -> None:
        """Save what was changed, and leave nothing behind."""
        await self._orders.close()
        await self._media.close()
        await self._client.http.close()


async def recognise(ask: Ask) -> Sighting | None:
    """By the answer to `ping` under its own name, or by how it turns strangers away (§3, §5)."""
    reply = await ask("/ping")
    if wire.is_denied(reply.text):
        return Sighting("ispy", certain=True, model=MODEL)
    named = reply.headers.get("server", "").strip().lower() == "ispy"
    if reply.text.strip() != wire.OK:
        return None
    if named or wire.is_ours((await ask("/connect")).text):
        return Sighting("ispy", certain=True, model=MODEL, login=False)
    return None
