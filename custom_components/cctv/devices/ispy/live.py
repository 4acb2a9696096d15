"""Bytes behind refs: live pictures and sound, stills, clips; and sound the other way (§8, §10)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable
from functools import partial
from typing import Final, Self

from .. import chunks, jpeg
from ..download import Download, Downloads, checked, length_of, whole_of
from ..errors import (
    BadInput,
    CannotConnect,
    Gone,
    Malformed,
    NoAnswer,
    Unsupported,
)
from ..http.client import MIB, Stream
from ..model import Content, PartId, Ref
from ..push import MultipartParser, boundary_of
from . import jpegs, refs
from .box import Box
from .client import DEADLINE
from .refs import Target
from .wire import CAMERA, MICROPHONE, Generation, Param, Thing

_FRAME_LIMIT: Final = 16 * MIB
_GRID: Final = "1280x720"
_SIZES: Final = 256
_AT_ONCE: Final = 3
"""So many clips are fetched at a time."""
_STAND_INS: Final = frozenset({(96, 72), (95, 72)})
"""As large are the pictures that stand for what is not there (§8)."""
_TALK: Final = 11
"""So many letters of the first line are looked at."""


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
            whole = (jpeg.whole(part.body) for part in self._parser.feed(chunk))
            self._ready.extend(frame for frame in whole if frame is not None)
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
        self._downloads = Downloads(box.env.spawn, _AT_ONCE)
        self._lengths: dict[Ref, int] = {}
        """How long clips are: one asked for beyond its end would never be answered (§8)."""

    async def close(self) -> None:
        """End what is being fetched."""
        await self._downloads.close()

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
        return chunks.jpeg(body)

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
            return await self._stored("loadimage", oid, name)
        return await self._stored("loadgrab", oid, target.name)

    async def _stored(self, command: str, oid: int, name: str) -> bytes:
        """A picture on the disk; of one that is gone another is sent that says so (§8)."""
        body = await self._client.picture(command, [("oid", oid), ("fn", name)])
        if jpegs.size_of(body) in _STAND_INS:
            raise Gone("the picture is not there any more")
        return body

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
        return chunks.jpeg(body)

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
        """A recording or a range of it (loadclip), never beyond its end.

        Of a range that ends there more is promised than comes; one that begins there is never
        answered (§8).
        """
        self._need(target.ot, target.ids[0])
        found = refs.played(target.name)
        if found is None:
            raise Gone("no clip")
        checked(start, end)
        async with self._downloads.place():
            stream, size = await self._opened(ref, target, start, end)
        last = size if end is None else min(end, size)
        again = partial(self._part, target, size, last)
        chunks = Download(self._downloads, stream, start, last, again)
        mime, container = found
        return Content(mime, chunks, container, size, ranged=True)

    async def _opened(
        self, ref: Ref, target: Target, start: int, end: int | None
    ) -> tuple[Stream, int]:
        """A clip from `start` on, and how long the whole of it is."""
        size = self._lengths.get(ref)
        if size is None or (start == 0 and end is None):
            stream = await self._load(target)
            size = length_of(stream)
            if size is not None:
                self._note(ref, size)
                if start == 0:
                    return stream, size
            await stream.aclose()
        if size is None:
            raise Malformed("iSpy does not say how long the clip is")
        if start >= size:
            raise BadInput(f"a range outside the {size} bytes of the clip")
        last = size if end is None else min(end, size)
        try:
            return await self._part(target, size, last, start), size
        except Malformed:
            self._lengths.pop(ref, None)
            raise

    async def _part(self, target: Target, size: int, end: int, start: int) -> Stream:
        """A range of a clip that is as long as it was."""
        stream = await self._load(target, (start, end - 1))
        try:
            if stream.status != 206:
                raise Malformed("no range where one was asked")
            if whole_of(stream, start) not in (None, size):
                raise Malformed("the clip is another one now")
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def _load(self, target: Target, span: tuple[int, int] | None = None) -> Stream:
        """Open a clip; one that is gone is never answered, so ask whether it is that alone."""
        params: list[tuple[str, Param]] = [
            ("oid", target.ids[0]),
            ("ot", target.ot),
            ("fn", target.name),
        ]
        try:
            return await self._client.open(refs.path(target.name), params, span=span)
        except NoAnswer as error:
            await self._client.ping()
            raise Gone("the clip is not there any more, or too large to be sent") from error

    def _note(self, ref: Ref, length: int) -> None:
        """Remember how long a clip is."""
        self._lengths.pop(ref, None)
        self._lengths[ref] = length
        if len(self._lengths) > _SIZES:
            del self._lengths[next(iter(self._lengths))]

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
