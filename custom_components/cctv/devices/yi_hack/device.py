"""One yi-hack camera: the contract, dispatched to the modules that know how."""

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
import logging
from typing import Final

from ..chunks import jpeg
from ..commands import Command
from ..device import Ask, Reply, Sighting
from ..env import Env
from ..errors import DeviceError, Malformed, Unsupported, WrongFamily
from ..http.client import Counters, Http
from ..http.digest import challenges
from ..model import (
    BOX,
    Answer,
    Batch,
    Content,
    Day,
    PartId,
    Profile,
    Query,
    Recording,
    Ref,
    Stream,
    TableRow,
)
from ..playing import play_url
from . import care, clips, feed, files, inventory, pictures, polls, recordings, sound, wire
from .box import Box
from .client import Client
from .features import MQTT, PREFIX, REALM
from .orders import Orders
from .pictures import Stills

_LOGGER = logging.getLogger(__name__)

IN_FLIGHT: Final = 2
"""More at once than that the camera has no memory for (§2)."""
_HOSTNAME: Final = wire.query("hostname.js")
_STATUS: Final = wire.query("status.json")
_OPEN: Final = "/onvif/nothing"
"""A file that is nowhere, in the only folder without a login."""


class YiHack:
    """The device that runs one camera."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self._env = env
        # The camera closes each connection, and does not always say so.
        self._http = Http(env, in_flight=IN_FLIGHT, keep=False)
        self._client = Client(self._http)
        self._box: Box | None = None
        self._stills: Stills | None = None
        self._orders: Orders | None = None

    @property
    def box(self) -> Box:
        """What was learnt at `open`."""
        if self._box is None:
            raise Unsupported("not opened yet")
        return self._box

    @property
    def counters(self) -> Counters:
        """What passed between us and the camera."""
        return self._http.seen

    async def open(self) -> Batch:
        """Who it is, what it has, and the values met on the way."""
        try:
            status = await self._client.status()
        except (Unsupported, Malformed) as error:
            raise WrongFamily("a web server without a status.json of yi-hack") from error
        box = Box(self._env, self._client, inventory.identity(status, self._env.address))
        batch = await polls.learn(box, status)
        self._box = box
        self._stills = Stills(box)
        self._orders = Orders(box)
        return batch

    async def read(self, poll: str) -> Batch:
        """One poll."""
        return await polls.read(self.box, poll)

    async def listen(self, feed_: str) -> AsyncGenerator[Batch]:
        """What the camera says on the bus."""
        if feed_ != MQTT:
            raise Unsupported(f"no feed {feed_}")
        async with aclosing(feed.listen(self.box)) as batches:
            async for batch in batches:
                yield batch

    async def do(self, part: PartId, command: Command) -> Answer:
        """Settings, buttons, moves, sounds, care."""
        if self._orders is None:
            raise Unsupported("not opened yet")
        return await self._orders.do(part, command)

    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
        """Recordings, their days and folders, the last one."""
        if part != BOX or not self.box.learnt.card:
            raise Unsupported(f"no search in {part or 'a camera without a card'}")
        async with aclosing(recordings.find(self.box, query)) as rows:
            async for row in rows:
                yield row

    async def fetch(self, ref: Ref, start: int = 0, end: int | None = None) -> Content:
        """Stills, pictures of events, clips, thumbnails, films, the archive of the settings."""
        if ref == care.BACKUP:
            return await care.archive(self.box)
        if clips.is_thumbnail(ref):
            return jpeg(await self.box.client.thumbnail(ref))
        if files.kind_of(ref) is not None:
            return await files.fetch(self.box, ref, start, end)
        if self._stills is None:
            raise Unsupported("not opened yet")
        return await pictures.fetch(self.box, self._stills, ref)

    async def talk(self, part: PartId, sound_: AsyncIterable[bytes]) -> None:
        """Play sound."""
        await sound.talk(self.box, sound_)

    def play_url(self, stream: Stream) -> str:
        """The stream's URL with the login, percent-encoded (§8); a foreign one as it was given."""
        outside = inventory.outside(self._env.options)
        if outside is not None and stream.profile is Profile.MAIN and stream.url is not None:
            return outside
        return play_url(stream, self._env.address)

    async def resume(self) -> Batch:
        """The camera forgets nothing that it kept."""
        return ()

    async def close(self) -> None:
        """Leave nothing behind; tasks that go on are the environment's to end."""
        try:
            if self._orders is not None:
                await self._orders.close()
            if self._box is not None:
                await self._box.downloads.close()
        finally:
            await self._http.close()


async def recognise(ask: Ask) -> Sighting | None:
    """By hostname.js, the cheapest script, and status.json; or by what its login covers (§2)."""
    reply = await ask(_HOSTNAME)
    if reply.status == 401:
        if not _is_realm(reply):
            return None
        # The realm is that of many small servers; that ONVIF's folder alone is open is not.
        return Sighting("yi_hack", certain=(await ask(_OPEN)).status == 404)
    named = reply.status == 200 and wire.hostname(reply.text) is not None
    try:
        status = await ask(_STATUS)
    except DeviceError as error:
        _LOGGER.debug("No status.json: %r", error)
        return Sighting("yi_hack", certain=False, login=False) if named else None
    found = _name(status)
    if found is None:
        return Sighting("yi_hack", certain=False, login=False) if named else None
    return Sighting("yi_hack", certain=True, model=found, login=False)


def _name(reply: Reply) -> str | None:
    """What the firmware calls itself; v4 too, so that it can be told what it is (§1)."""
    if reply.status != 200:
        return None
    try:
        status = wire.flat(wire.answer(reply.text))
    except Malformed:
        return None
    name = status.get("name", "")
    if not name and "camera_model" in status:
        return f"{PREFIX}v4"
    return name if name.startswith(PREFIX) else None


def _is_realm(reply: Reply) -> bool:
    """Whether the login is that of the camera's web server."""
    return any(each.values.get("realm") == REALM for each in challenges(reply.challenges))
