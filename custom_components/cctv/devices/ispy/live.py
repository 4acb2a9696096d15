"""Bytes behind refs: live pictures and sound, stills, clips; and sound the other way (§8, §10)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final, Self

from ..errors import (
    BadInput,
    CannotConnect,
    Gone,
    Malformed,
    NoAnswer,
    Unsupported,
)
from ..http.client import MIB, Lane, Stream
from ..model import Content, PartId, Ref
from ..push import MultipartParser, boundary_of
from . import refs
from .box import Box
from .client import DEADLINE, cut
from .refs import Target
from .wire import CAMERA, MICROPHONE, Generation, Param, Thing

_FRAME_LIMIT: Final = 16 * MIB
_GRID: Final = "1280x720"
_CONTAINERS: Final = {"mp4", "avi", "mp3", "flv", "fla"}
_SIZES: Final = 256
_TALK: Final = 11
"""So many letters of the first line are looked at."""
_MAX: Final = 2**31 - 1
"""Longer files have no length that the program could say."""


class Frames:
    """Live pictures out of an MJPEG stream, each whole and without padding (§10)."""

    def __init__(self, stream: Stream) -> None:
        """Read nothing yet."""
        self._stream = stream
        boundary = boundary_of(stream.headers.get("content-type", ""))
        self._parser = MultipartParser(boundary, limit=_FRAME_LIMIT, body_starts=())
        self._ready: deque[bytes] = deque()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while not self._ready:
            chunk = await anext(self._stream)
            whole = (cut(part.body) for part in self._parser.feed(chunk))
            self._ready.extend(frame for frame in whole if frame)
        return self._ready.popleft()

    async def aclose(self) -> None:
        """Hang up."""
        await self._stream.aclose()


class Media:
    """Fetches what refs name."""

    def __init__(self, box: Box) -> None:
        """Nothing is open."""
        self._box = box
        self._client = box.client
        self._lengths: dict[Ref, int] = {}
        """How long clips are: one asked for beyond its end would never be answered (§8)."""

    async def fetch(self, ref: Ref, start: int, end: int | None) -> Content:
        """The bytes from `start` to before `end`. Gone for what is not there."""
        target = refs.parse(ref)
        if target.kind == "clip":
            return await self._clip(ref, target, start, end)
        if start or end is not None:
            raise BadInput("only clips have ranges")
        match target.kind:
            case "live":
                return Content("image/jpeg", await self._frames(target), "mjpeg", live=True)
            case "sound":
                return await self._sound(target)
            case "still" if len(target.ids) > 1:
                return await self._first(target)
        body = await self._picture(target)
        return Content("image/jpeg", _once(body), "jpeg", len(body))

    def _need(self, ot: int, oid: int) -> Thing:
        """An object that must be there: others are answered with a picture all the same (§8)."""
        for thing in self._box.things.values():
            if (thing.ot, thing.oid) == (ot, oid):
                return thing
        raise Gone("no such object")

    async def _picture(self, target: Target) -> bytes:
        """A still, a plan, a thumbnail, a grab (livefeed, floorplanfeed, loadimage, loadgrab)."""
        oid = target.ids[0]
        if target.kind == "plan":
            if f"plan.{oid}" not in self._box.plans:
                raise Gone("no such floor plan")
            params: list[tuple[str, Param]] = [("floorplanid", oid), ("full", 1)]
            return await self._client.picture("floorplanfeed", params)
        self._need(target.ot, oid)
        if target.kind == "still":
            return await self._client.picture("livefeed", [("oid", oid), ("full", 1)])
        if target.kind == "thumb":
            name = f"{target.name.rpartition('.')[0]}_large.jpg"
            return await self._client.picture("loadimage", [("oid", oid), ("fn", name)])
        return await self._client.picture("loadgrab", [("oid", oid), ("fn", target.name)])

    async def _frames(self, target: Target) -> Frames:
        """Live pictures (video.mjpg, §10): of one camera in full, or of several in one."""
        for oid in target.ids:
            self._need(CAMERA, oid)
        params: list[tuple[str, Param]] = [("oid", ",".join(map(str, target.ids)))]
        if len(target.ids) > 1:
            params += [("size", _GRID), ("keepAR", "true")]
        else:
            params.append(("full", 1))
        stream = await self._client.open("video.mjpg", [*params, ("overlay", "false")])
        kind = stream.headers.get("content-type", "")
        if not kind.lower().startswith("multipart/"):
            await stream.aclose()
            raise Malformed("no live pictures")
        return Frames(stream)

    async def _first(self, target: Target) -> Content:
        """One picture of several cameras: the first of the live ones."""
        frames = await self._frames(target)
        try:
            async with asyncio.timeout(DEADLINE):
                body = await anext(frames)
        except StopAsyncIteration:
            raise Malformed("no live pictures") from None
        except TimeoutError:
            raise NoAnswer("no live picture in time") from None
        finally:
            await frames.aclose()
        return Content("image/jpeg", _once(body), "jpeg", len(body))

    async def _sound(self, target: Target) -> Content:
        """A microphone (audiofeed.mp3; the oldest builds send WAV), if it is switched on (§10)."""
        thing = self._need(MICROPHONE, target.ids[0])
        if not thing.enabled:
            raise Gone("the microphone is switched off")
        ancient = self._client.generation is Generation.ANCIENT
        command = "audiofeed" if ancient else "audiofeed.mp3"
        stream = await self._client.open(command, [("micid", thing.oid)])
        mime, container = ("audio/wav", "wav") if ancient else ("audio/mpeg", "mp3")
        return Content(mime, stream, container, live=True)

    # --- clips (§8) ---------------------------------------------------------------------------

    async def _clip(self, ref: Ref, target: Target, start: int, end: int | None) -> Content:
        """A recording or a range of it (loadclip), never beyond its end."""
        self._need(target.ot, target.ids[0])
        container = target.name.rpartition(".")[2].lower()
        if container not in _CONTAINERS:
            raise Gone("no clip")
        whole = start == 0 and end is None
        if whole or ref not in self._lengths:
            stream = await self._load(target)
            self._note(ref, int(stream.headers.get("content-length", 0)))
            if whole:
                return self._content(target, stream, self._lengths[ref])
            await stream.aclose()
        size = self._lengths[ref]
        last = size if end is None else min(end, size)
        if not 0 <= start < last:
            raise BadInput(f"a range outside the {size} bytes of the clip")
        stream = await self._load(target, (start, last - 1))
        if stream.status != 206:
            await stream.aclose()
            raise Malformed("no range where one was asked")
        return self._content(target, stream, last - start)

    async def _load(self, target: Target, span: tuple[int, int] | None = None) -> Stream:
        """Open a clip; one that is gone is never answered, so ask whether it is that alone."""
        container = target.name.rpartition(".")[2].lower()
        params: list[tuple[str, Param]] = [
            ("oid", target.ids[0]),
            ("ot", target.ot),
            ("fn", target.name),
        ]
        try:
            return await self._client.open(
                f"loadclip.{container}", params, lane=Lane.DOWNLOAD, span=span
            )
        except NoAnswer as error:
            await self._client.ping()
            raise Gone("the clip is not there any more, or too large to be sent") from error

    def _note(self, ref: Ref, length: int) -> None:
        """Remember how long a clip is."""
        if not 0 <= length <= _MAX:
            length = 0
        self._lengths.pop(ref, None)
        self._lengths[ref] = length
        if len(self._lengths) > _SIZES:
            del self._lengths[next(iter(self._lengths))]

    def _content(self, target: Target, stream: Stream, size: int) -> Content:
        """A clip under its true type: the program calls all of them a download."""
        container = target.name.rpartition(".")[2].lower()
        mime = {"mp3": "audio/mpeg", "mp4": "video/mp4", "avi": "video/x-msvideo"}
        return Content(mime.get(container, "video/x-flv"), stream, container, size, ranged=True)

    # --- talking (§10) ------------------------------------------------------------------------

    async def talk(self, part: PartId, sound: AsyncIterable[bytes]) -> None:
        """Speak to a camera: a line that names it, then samples, on a connection of its own."""
        place = self._box.topology.parts.get(part)
        if place is None or place.talk is None:
            raise Unsupported(f"{part or 'the PC'} has no speaker")
        thing = self._box.thing(part)
        address = self._box.env.address
        try:
            async with asyncio.timeout(DEADLINE):
                _, writer = await asyncio.open_connection(address.host, address.port)
        except (OSError, TimeoutError) as error:
            raise CannotConnect("no connection to talk") from error
        try:
            writer.write(f"TALK,{thing.oid},".ljust(_TALK).encode())
            async for chunk in sound:
                writer.write(chunk)
                async with asyncio.timeout(DEADLINE):
                    await writer.drain()
        except TimeoutError as error:
            raise NoAnswer("the PC takes no more sound") from error
        except OSError as error:
            raise CannotConnect("the PC hung up") from error
        finally:
            writer.close()


async def _once(body: bytes) -> AsyncIterator[bytes]:
    """A whole body as its only chunk."""
    yield body
