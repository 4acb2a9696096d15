"""The bytes of stored files (§4.11.6) and of times (§4.11.7), one at a time."""

from collections.abc import AsyncGenerator, Mapping
from typing import Final, Self

from ..download import Download, checked, length_of
from ..errors import BadInput, DeviceError, Gone, Malformed, Rejected, Unsupported
from ..http.client import Stream
from ..model import Content, PartId, Ref, Table, TableRow
from ..push import boundary_of
from . import playback, refs, wire
from .box import Box
from .features import FOOTAGE
from .parcel import Parcel
from .playback import Prefix
from .refs import Span
from .topic import Topic
from .walk import camera_of, clock

_DEADLINE: Final = 30.0
"""Seconds until the head of an answer, and between two pieces of it."""
_PEEK: Final = 16
_TEXT: Final = 1 << 12
_WORDS: Final = (b"error", b"exceeded max", b"resource is l", b"<", b"unknown err")
"""How an answer begins that is no file, though its status is 200 (§2, §5)."""
_MIMES: Final[Mapping[str, str]] = {
    "mp4": "video/mp4",
    "dav": "application/octet-stream",
    "avi": "video/x-msvideo",
    "jpeg": "image/jpeg",
}


async def fetch(box: Box, ref: Ref, start: int, end: int | None) -> Content:
    """A stored file or a time of a camera, whole: nothing says that parts of it can be had.

    Gone for a ref that is not ours, and for what the box has no longer.
    """
    checked(start, end)
    stored = refs.parse(ref)
    if stored.span.channel not in {camera.channel for camera in box.cameras.values()}:
        raise Gone("no such recording")
    prefix: Prefix | None = None
    async with box.downloads.place():
        stream = await _file(box, stored.path) if stored.path is not None else None
        if stream is None:
            stream, prefix = await _time(box, stored.span)
    file = _File(box, Download(box.downloads, stream, 0, None, None), prefix or _parcel(stream))
    try:
        await file.begin(length_of(stream))
    except BaseException:
        # Cancelled too: nobody else has it yet, and it holds the box's only place.
        await file.aclose()
        raise
    container = _container(file.head) or refs.container(stored.path or "")
    return Content(_MIMES[container], file, container=container, size=file.size)


async def _file(box: Box, path: str) -> Stream | None:
    """A file by its path; None where the box answers with nothing, as some always do."""
    stream = await _opened(box, refs.loadfile(path))
    if (await stream.peek(_PEEK)).body:
        return stream
    await stream.aclose()
    return None


async def _time(box: Box, span: Span) -> tuple[Stream, Prefix | None]:
    """The recordings of a time, from the key frame before it on.

    By startLoad, else by playBack.cgi, which is asked first once only that gave anything: a box
    refuses a time without recordings in the words in which it refuses the request itself.
    """
    if span.end <= span.start:
        raise Gone("an empty file")
    if box.verdicts.get(playback.PLAYED) is True:
        return await _filled(box, playback.request(span)), Prefix()
    try:
        return await _filled(box, _loading(span)), None
    except Gone as error:
        try:
            stream = await _filled(box, playback.request(span))
        except Gone:
            raise error from None
    box.verdicts.put(playback.PLAYED, verdict=True)
    return stream, Prefix()


def _loading(span: Span) -> str:
    """The request for the recordings of a time (loadfile startLoad, §4.11.7)."""
    return wire.query(
        "loadfile",
        "startLoad",
        [
            ("channel", span.channel),
            ("startTime", span.start),
            ("endTime", span.end),
            ("subtype", span.subtype),
        ],
    )


async def _filled(box: Box, path: str) -> Stream:
    """An answer with something in it. Gone."""
    stream = await _opened(box, path)
    if (await stream.peek(_PEEK)).body:
        return stream
    await stream.aclose()
    raise Gone("nothing was recorded then")


async def _opened(box: Box, path: str) -> Stream:
    """An answer that is a file. Gone where the box has none; Busy, Forbidden."""
    stream = await box.client.http.open(path, deadline=_DEADLINE, idle=_DEADLINE)
    try:
        async with stream.or_closed():
            reply = await stream.peek(_PEEK)
            if stream.status != 200 or reply.body.lower().startswith(_WORDS):
                box.client.text(await stream.peek(_TEXT))
                raise Malformed("the answer is no file")
    except (Unsupported, Rejected) as error:
        raise Gone(f"the box does not give it: {error}") from error
    return stream


def _parcel(stream: Stream) -> Parcel | None:
    """What unwraps the answer of a recorder that wraps its files (§4.11.6)."""
    kind = stream.headers.get("content-type", "")
    return Parcel(boundary_of(kind)) if kind.lower().startswith("multipart/") else None


def _container(head: bytes) -> str | None:
    """What bytes are, by how they begin; None if that says nothing."""
    if head.startswith((b"DHAV", b"DAHUA")):
        return "dav"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"\xff\xd8"):
        return "jpeg"
    return "avi" if head.startswith(b"RIFF") else None


class _File:
    """The bytes of one file, unwrapped; frees its place at the box when closed."""

    def __init__(self, box: Box, download: Download, parcel: Parcel | Prefix | None) -> None:
        """Take over a download."""
        self._box = box
        self._download = download
        self._parcel = parcel
        self._ended = False
        self.head = b""
        """How it begins."""
        self.size: int | None = None

    async def begin(self, length: int | None) -> None:
        """Read as far as its size and kind are known."""
        self.size = length
        while not self._ended and len(self.head) < _PEEK:
            self.head += await self._more()
        if self._parcel is not None:
            self.size = self._parcel.size

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        chunk, self.head = self.head, b""
        while not chunk:
            if self._ended:
                await self.aclose()
                raise StopAsyncIteration
            chunk = await self._more()
        return chunk

    async def aclose(self) -> None:
        """Let everything go."""
        ended, self._ended = self._ended, True
        try:
            if not ended and isinstance(self._parcel, Prefix) and self._parcel.number is not None:
                await playback.cancel(self._box, self._parcel.number)
        finally:
            await self._download.aclose()

    async def _more(self) -> bytes:
        """The next bytes of the file, if the next piece of the answer has any."""
        try:
            chunk = await anext(self._download)
        except StopAsyncIteration:
            self._ended = True
            return self._parcel.finish() if self._parcel is not None else b""
        if self._parcel is None:
            return chunk
        try:
            chunk = self._parcel.feed(chunk)
        except DeviceError:
            await self.aclose()
            raise
        self._ended = self._parcel.done
        return chunk


async def footage(box: Box, part: PartId, query: Table) -> AsyncGenerator[TableRow]:
    """A time as one thing to fetch, whatever the files that hold it (§4.11.7)."""
    camera = camera_of(box, part)
    if query.start is None or query.end is None or query.end <= query.start:
        raise BadInput("a start and a later end are wanted")
    shown = await clock(box)
    span = Span(camera.channel, shown.local(query.start), shown.local(query.end))
    yield {
        "ref": refs.of_span(span),
        "start": query.start,
        "end": query.end,
        "container": "dav",
        "url": playback.span_url(box, span),
    }


TOPIC: Final = Topic(finders={FOOTAGE: footage}, fetchers={"file": fetch, "time": fetch})
