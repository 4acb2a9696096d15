"""One Open API camera or video server: the contract, dispatched to the modules that know how."""

from collections.abc import AsyncGenerator, AsyncIterable, Coroutine
from contextlib import aclosing
import re
from typing import Any, Final

from ..chunks import jpeg
from ..commands import Command
from ..device import Ask, Sighting
from ..env import Env
from ..errors import (
    Busy,
    DeviceError,
    Gone,
    NoAnswer,
    Unsupported,
)
from ..http.client import Counters
from ..model import (
    Answer,
    Batch,
    Content,
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
from . import care, learn, motion, pictures, polls, ports, sound as speech, storage, streams, wire
from .box import Box, Camera
from .client import Client
from .features import EDGES, MOVES
from .orders import COMMANDS, do
from .pictures import Full
from .unit import Unit

NAME: Final = "open_api"
_FOUND: Final[dict[type[Query], str]] = {Recordings: "recordings"}
_PICTURE: Final = re.compile(r"(still|live):([1-9]\d?)", re.ASCII)
_BRAND: Final = "/config.cgi?action=list&group=Brand&responseformat=rfc"


class OpenApi:
    """The device that runs one unit."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self.env = env
        self._client = Client(env)
        self._unit: Unit | None = None

    @property
    def unit(self) -> Unit:
        """What was learnt at `open`."""
        if self._unit is None:
            raise Unsupported("not opened yet")
        return self._unit

    @property
    def counters(self) -> Counters:
        """What passed between us and the unit."""
        return self._client.counters

    async def open(self) -> Batch:
        """Who it is, what it has, and the values met on the way."""
        box = Box(self.env, self._client)
        unit = Unit(box, Full(box), COMMANDS)
        batch = await learn.learn(unit)
        self._unit = unit
        return batch

    async def read(self, poll: str) -> Batch:
        """One poll."""
        return await polls.read(self.unit, poll)

    async def listen(self, feed: str) -> AsyncGenerator[Batch]:
        """Motion levels, or inputs."""
        unit = self.unit
        if feed not in unit.box.topology.feeds:
            raise Unsupported(f"no feed {feed}")
        if feed == MOVES:
            heard = motion.listen(unit.box, unit.translator)
        elif feed == EDGES and unit.inputs is not None:
            heard = ports.listen(unit.box, lambda: unit.inputs)
        else:
            raise Unsupported(f"no feed {feed}")
        async with aclosing(heard) as batches:
            async for batch in batches:
                yield batch

    async def do(self, part: PartId, command: Command) -> Answer:
        """Settings, outputs, drive, windows, care."""
        return await do(self.unit, part, command)

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
        """Recordings on the card, accounts, IP filter, log."""
        box = self.unit.box
        place = box.topology.parts.get(part)
        kind = query.kind if isinstance(query, Table) else _FOUND.get(type(query), "")
        if place is None or kind not in place.tables:
            raise Unsupported(f"no {kind} in {part or 'the box'}")
        if kind == "recordings":
            async with aclosing(storage.find(box, query)) as recordings:
                async for recording in recordings:
                    yield recording
            return
        async with aclosing(care.find(box, kind, query)) as rows:
            async for row in rows:
                yield row

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Stills, live pictures, the microphone, the backup. Gone for a ref that names none."""
        unit = self.unit
        if ref == speech.SOUND and unit.box.talk is not None:
            return await self._viewed(speech.listen(unit.box))
        if ref == care.BACKUP and not unit.box.weak:
            return await care.backup(unit.box)
        found = _PICTURE.fullmatch(ref)
        camera = self._camera(int(found[2])) if found is not None else None
        if found is None or camera is None:
            raise Gone("no such ref")
        if f"{found[1]}:" == streams.LIVE:
            return await self._viewed(pictures.live(unit.box, camera))
        body = await pictures.still(unit.box, camera)
        return jpeg(body)

    async def _viewed(self, opening: Coroutine[Any, Any, Content]) -> Content:
        """Open a stream, unless the unit said a moment ago that it has too many viewers (§1.5)."""
        full = self.unit.full
        try:
            full.check()
            try:
                return await opening
            except Busy:
                full.note()
                raise
        finally:
            opening.close()

    def _camera(self, number: int) -> Camera | None:
        cameras = self.unit.box.cameras
        return next((camera for camera in cameras if camera.number == number), None)

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Speak through the unit's loudspeaker."""
        place = self.unit.box.topology.parts.get(part)
        if place is None or place.talk is None:
            raise Unsupported("no speaker")
        await speech.talk(self.unit.box, sound)

    def play_url(self, stream: Stream) -> str:
        """The stream's URL with the login, percent-encoded."""
        return play_url(stream, self.env.address)

    async def resume(self) -> Batch:
        """It forgets nothing."""
        return ()

    async def close(self) -> None:
        """Leave nothing behind."""
        await self._client.http.close()


async def recognise(ask: Ask) -> Sighting | None:
    """By its parameters (§3); behind a login only by CGIs that are there, which is not certain."""
    reply = await ask(_BRAND)
    if reply.status == 404:
        reply = await ask(f"/asp{_BRAND}")
    listed = wire.parameters(wire.text(reply.body)).values if reply.status == 200 else {}
    model = listed.get("Brand.ProdNbr") or listed.get("Brand.ProdShortName")
    if any(name.startswith("Brand.") for name in listed):
        return Sighting(NAME, certain=True, model=(model or "").strip()[:80] or None, login=False)
    if reply.status == 200:
        return None
    picture = await ask("/image.jpg")
    seen = picture.status == 401 or (picture.status == 200 and picture.body.startswith(b"\xff\xd8"))
    if seen and (await _is_there(ask, "/ptz.cgi?info=1") or await _is_there(ask, "/motion.cgi")):
        return Sighting(NAME, certain=False)
    return None


async def _is_there(ask: Ask, path: str) -> bool:
    """Whether a CGI exists: any answer but 404, and also a stream that does not end."""
    try:
        return (await ask(path)).status != 404
    except NoAnswer:
        return True
    except DeviceError:
        return False
