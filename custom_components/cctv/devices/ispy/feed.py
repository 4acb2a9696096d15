"""The WebSocket: names of cameras that alerted and of objects that stored a file (§10)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final

from ..errors import CannotConnect, Unsupported
from ..http.client import Socket
from ..model import Batch, Event, Hint, Update, Value
from .box import Box
from .features import GRABS, KEEP_ALIVE, LEVEL, OBJECTS, RECORDED
from .wire import Thing

_TEST: Final = "communication test"

_ALERT: Final = "alert"
_STORED: Final = "new events"


class Push:
    """Hears the WebSocket and finds out who is meant: it tells names, not ids."""

    def __init__(self, box: Box) -> None:
        """Nothing is heard."""
        self._box = box
        self.unknown = 0
        """Messages that name nobody, or several."""

    async def listen(self) -> AsyncGenerator[Batch]:
        """Batches until it ends; () is the answer to the text test, because pings get none."""
        client = self._box.client
        try:
            async with client.http.websocket(client.path("websocket")) as socket:
                keeper = asyncio.create_task(self._keep(socket), name="websocket test")
                try:
                    async for text in socket:
                        yield self.hear(text)
                finally:
                    keeper.cancel()
                    await asyncio.gather(keeper, return_exceptions=True)
        except Unsupported:
            # Who is not let in gets a plain answer here, too.
            await client.ping()
            raise

    async def _keep(self, socket: Socket) -> None:
        """Ask by text whether it lives, because it would end at a ping."""
        # The reader hears of the end as well.
        with suppress(CannotConnect):
            while True:
                await socket.send(_TEST)
                await self._box.env.clock.sleep(KEEP_ALIVE)

    def hear(self, text: str) -> Batch:
        """What a message means."""
        kind, _, name = text.strip("\r\n").partition("|")
        if kind not in (_ALERT, _STORED):
            return ()
        found = self._named(name, cameras=kind == _ALERT)
        if len(found) != 1:
            # Renamed, new, or one of several that are called alike.
            self.unknown += 1
            polls = (LEVEL,) if kind == _ALERT else (LEVEL, RECORDED)
            again = (f"{poll}{thing.part}" for thing in found for poll in polls)
            return (Hint((OBJECTS, *again)),)
        return self._alert(found[0]) if kind == _ALERT else self._stored(found[0])

    def _named(self, name: str, *, cameras: bool) -> list[Thing]:
        """The objects of a name; only cameras alert."""
        plain = name.replace("&comma;", ",")
        return [
            thing
            for thing in self._box.things.values()
            if thing.name in (name, plain) and (thing.camera or not cameras)
        ]

    def _alert(self, thing: Thing) -> Batch:
        """A camera alerted: motion of that moment, and a reason to look at its level."""
        part = thing.part
        updates: list[Update] = [Event(f"{part}:alert", "alert", details={"name": thing.name})]
        if f"{part}:motion" in self._box.topology.features:
            updates.append(Value(f"{part}:motion", value=True))
        return (*updates, Hint((f"{LEVEL}{part}", f"{GRABS}{part}", OBJECTS)))

    def _stored(self, thing: Thing) -> Batch:
        """A file was added."""
        kind = "video" if thing.camera else "other"
        return (Event(f"{thing.part}:new_file", kind), Hint((OBJECTS, f"{RECORDED}{thing.part}")))
