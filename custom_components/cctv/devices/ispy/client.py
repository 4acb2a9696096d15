"""One method a command, each with its section of the sheet; answers to errors."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from .. import jpeg
from ..env import Env
from ..errors import (
    Gone,
    InvalidAuth,
    Malformed,
    NotAllowed,
    Rejected,
    Unsupported,
)
from ..http.client import MIB, Http, Lane, Stream
from . import lists, panel, plans, wire
from .lists import Clip, File, Grab, Levels, Preview
from .plans import Alert, Plan
from .wire import Generation, Param, Thing

type Params = Sequence[tuple[str, Param]]

IN_FLIGHT: Final = 4
DEADLINE: Final = 8.0
"""Some requests are never answered; that costs so long and nothing else (§2)."""
DENIED: Final = (
    "the allowed IP addresses on iSpy's Settings panel lack this one; add it there, or give the"
    " code that `connect` tells as the password"
)
OUTDATED: Final = (
    "iSpy takes this code no longer, because it was started anew: give the new one, or add this"
    " address to the allowed IP addresses on iSpy's Settings panel"
)
_HEADERS: Final[Mapping[str, str]] = {"Accept-Encoding": "identity"}
"""Some builds compress without saying so (G2), but only for those who ask."""
_LIST_LIMIT: Final = 8 * MIB
_PICTURE_LIMIT: Final = 16 * MIB
_REFUSAL_LIMIT: Final = 1 << 16
_IDLE: Final = 20.0
_NAMES_LIMIT: Final = 1_500
"""Longer lists of names are sent in several requests."""


class Client:
    """Speaks to one PC over its queue."""

    def __init__(self, env: Env) -> None:
        """Nothing is sent."""
        self.http = Http(env, in_flight=IN_FLIGHT, keep=False)
        self.generation = Generation.G3
        self._code = env.address.password

    # --- asking and telling (§2, §3) ----------------------------------------------------------

    def path(self, command: str, params: Params = ()) -> str:
        """A request with the login code, if there is one (§3)."""
        plain = self.generation is Generation.ANCIENT
        code: Params = [("auth", self._code)] if self._code else []
        return wire.request(command, [*params, *code], plain=plain)

    def denied(self) -> InvalidAuth:
        """Not let in, and so never again with this code (§3)."""
        about = OUTDATED if self._code else DENIED
        return self.http.refuse(lambda: NotAllowed(about))

    def _checked(self, text: str) -> str:
        """An answer, unless it is a denial."""
        if wire.is_denied(text):
            raise self.denied()
        return text

    async def ask(
        self, command: str, params: Params = (), *, lane: Lane = Lane.READ, limit: int = MIB
    ) -> str:
        """Read: may be sent twice."""
        reply = await self.http.ask(
            self.path(command, params), lane=lane, deadline=DEADLINE, limit=limit, headers=_HEADERS
        )
        return self._checked(reply.text)

    async def tell(self, command: str, params: Params = ()) -> str:
        """Change: never sent twice."""
        reply = await self.http.tell(
            self.path(command, params), deadline=DEADLINE, headers=_HEADERS
        )
        return self._checked(reply.text)

    async def order(self, command: str, params: Params = (), *, mute: bool = False) -> str:
        """Change, and say what the answer tells beside OK.

        `mute` where the page for nothing is success (§2); otherwise there is no such command.
        """
        text = await self.tell(command, params)
        if wire.is_nothing(text):
            if mute:
                return ""
            raise Unsupported(f"this version of iSpy knows no {command} that does this")
        return wire.told(text)

    async def ordered(self, command: str, params: Params = (), *, mute: bool = False) -> None:
        """Change; Rejected where the answer is not plain OK."""
        told = await self.order(command, params, mute=mute)
        if told:
            raise Rejected(f"iSpy says: {told[:120]}")

    # --- the program (§5) ---------------------------------------------------------------------

    async def ping(self) -> None:
        """Whether it is there (§5)."""
        if (await self.ask("ping")).strip() != wire.OK:
            raise Malformed("no answer to ping")

    async def connect(self) -> bool:
        """Whether it speaks JSON; the code that it tells is not kept (§5)."""
        modern = wire.modern(await self.ask("connect"))
        if modern is None:
            raise Malformed("no answer to connect")
        return modern

    async def server_name(self) -> str | None:
        """What the PC is called (§5)."""
        text = await self.ask("getservername")
        return None if wire.is_nothing(text) else wire.told(text) or None

    async def remote_commands(self) -> Mapping[int, str]:
        """The commands that the PC runs for us (getcmdlist, §10)."""
        return wire.remote_commands(await self.ask("getcmdlist", lane=Lane.SURVEY))

    # --- objects (§4, §7, §10) ----------------------------------------------------------------

    async def things(self) -> tuple[Thing, ...]:
        """All objects (getobjectlist, §4)."""
        return wire.things(await self.ask("getobjectlist"))

    async def config(self, thing: Thing) -> Mapping[str, bool | int]:
        """How an object does (getobjectconfig, §4). Gone if there is none."""
        text = await self.ask("getobjectconfig", [*of(thing), ("jsfunc", "cfg")])
        if wire.is_nothing(text):
            raise Unsupported("this version of iSpy does not tell how objects do")
        found = wire.config(text)
        if not found:
            raise Gone("no such object")
        return found

    async def panel(self, thing: Thing) -> dict[str, str]:
        """An object's settings (getcontrolpanel, §7)."""
        text = await self.ask("getcontrolpanel", [("port", 0), *of(thing)])
        if wire.is_nothing(text):
            raise Unsupported("this version of iSpy has no control panel")
        return panel.parse(text)

    async def level(self, thing: Thing) -> float:
        """Motion or sound now (querylevel, §10)."""
        return wire.level(await self.ask("loadobject.json", [("cmd", "querylevel"), *of(thing)]))

    async def moves(self, thing: Thing) -> str:
        """The drive's commands and presets (getptzcommands, §9)."""
        text = await self.ask(
            "getptzcommands",
            [("ptzid", thing.ptz), ("oid", thing.oid), ("jsfunc", "data")],
            lane=Lane.SURVEY,
        )
        return wire.payload(text)

    # --- floor plans (§10) --------------------------------------------------------------------

    async def plans(self) -> tuple[Plan, ...]:
        """All floor plans (getfloorplans2; G1: getfloorplans)."""
        if self.generation.modern:
            return plans.plans(await self.ask("getfloorplans2", [("jsfunc", "data")]))
        return plans.old_plans(await self.ask("getfloorplans"))

    async def plan_alerts(self) -> tuple[Alert, ...]:
        """What alerted on each (getfloorplanalerts2; G1: getfloorplanalerts)."""
        if self.generation.modern:
            return plans.alerts(await self.ask("getfloorplanalerts2", [("jsfunc", "data")]))
        return plans.old_alerts(await self.ask("getfloorplanalerts"))

    # --- recordings and grabs (§8) ------------------------------------------------------------

    async def files(
        self, thing: Thing, page: int, size: int, since: datetime | None, until: datetime | None
    ) -> list[File]:
        """A page of an object's files, newest first (getcontentlist)."""
        pages: Params = [("page", page), ("pagesize", size), ("ordermode", 4)]
        return lists.files(
            await self.ask("getcontentlist", [*of(thing), *pages, *_dates(since, until)])
        )

    async def clips(
        self, thing: Thing, since: datetime | None, until: datetime | None
    ) -> list[Clip]:
        """An object's recordings with their times (graphall)."""
        params: Params = [*of(thing), *_dates(since, until), ("jsfunc", "data")]
        return lists.clips(wire.payload(await self.ask("graphall", params, limit=_LIST_LIMIT)))

    async def counts(
        self, since: datetime | None, until: datetime | None
    ) -> list[tuple[int, int, int]]:
        """How many files each object has (getcontentcounts)."""
        return lists.counts(await self.ask("getcontentcounts", _dates(since, until)))

    async def previews(self) -> list[Preview]:
        """The newest files of all cameras (previewlist)."""
        return lists.previews(await self.ask("previewlist"))

    async def levels(self, thing: Thing, name: str) -> Levels | None:
        """The levels of one recording (getgraph)."""
        params: Params = [*of(thing), ("fn", name), ("jsfunc", "(data,duration,threshold)")]
        return lists.levels(await self.ask("getgraph", params))

    async def grabs(self, since: datetime | None, until: datetime | None) -> list[Grab]:
        """The newest grabs of all cameras (getgrabs)."""
        params: Params = [*_dates(since, until), ("jsfunc", "data")]
        return lists.grabs(wire.payload(await self.ask("getgrabs", params, limit=_LIST_LIMIT)))

    async def camera_grabs(
        self,
        thing: Thing,
        page: int,
        size: int,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[str]:
        """A page of a camera's grabs (getcameragrabs)."""
        pages: Params = [("oid", thing.oid), ("page", page), ("pagesize", size)]
        text = await self.ask("getcameragrabs", [*pages, *_dates(since, until), ("jsfunc", "data")])
        return lists.camera_grabs(wire.payload(text))

    async def pass_names(self, command: str, thing: Thing, names: Iterable[str]) -> None:
        """Do something with files by name (massdelete, massdeletegrabs, archive, §5, §8)."""
        for some in _portions(names):
            await self.ordered(command, [*of(thing), ("filelist", "|".join(some))])

    # --- pictures, sound, clips (§8, §10) -----------------------------------------------------

    async def picture(self, command: str, params: Params) -> bytes:
        """A still, whole and without padding."""
        reply = await self.http.ask(
            self.path(command, params),
            lane=Lane.PICTURE,
            deadline=DEADLINE,
            limit=_PICTURE_LIMIT,
            headers=_HEADERS,
        )
        if reply.headers.get("content-type", "").startswith("text/"):
            self._checked(reply.text)
            raise Malformed("text where a picture belongs")
        return jpeg.picture(reply.body)

    async def open(
        self,
        command: str,
        params: Params,
        *,
        lane: Lane | None = None,
        span: tuple[int, int] | None = None,
    ) -> Stream:
        """An answer that is read as it comes; `span` are the first and the last byte of it."""
        more = {} if span is None else {"Range": f"bytes={span[0]}-{span[1]}"}
        stream = await self.http.open(
            self.path(command, params),
            lane=lane,
            deadline=DEADLINE,
            idle=_IDLE,
            headers={**_HEADERS, **more},
        )
        if stream.headers.get("content-type", "").startswith("text/"):
            try:
                reply = await stream.reply(_REFUSAL_LIMIT)
            finally:
                await stream.aclose()
            self._checked(reply.text)
            raise Malformed("text where pictures or sound belong")
        return stream


def of(thing: Thing) -> Params:
    """An object as parameters; the type always with the id, or a camera is meant (§5)."""
    return [("ot", thing.ot), ("oid", thing.oid)]


def _dates(since: datetime | None, until: datetime | None) -> list[tuple[str, Param]]:
    """Bounds in ticks of the PC's clock, both exclusive (§8)."""
    bounds = (("startdate", since), ("enddate", until))
    return [(name, lists.ticks(moment)) for name, moment in bounds if moment is not None]


def _portions(names: Iterable[str]) -> Iterable[list[str]]:
    """Names in lists that are not too long for a request."""
    some: list[str] = []
    for name in names:
        if some and sum(len(each) + 3 for each in some) + len(name) > _NAMES_LIMIT:
            yield some
            some = []
        some.append(name)
    if some:
        yield some
