"""Pictures for many: one fetch of a still, one source of a live view, however many look."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
import logging
from typing import Final

from ..errors import BadInput, CannotConnect, DeviceError, Gone, Malformed, Unsupported
from ..model import FeatureId, Picture, Ref, Stream
from .core import Engine

_LOGGER = logging.getLogger(__name__)

KEPT_SECONDS: Final = 1
STILL_MOST_BYTES: Final = 16 << 20
KEPT_MOST: Final = 64
"""So many stills are kept at most."""
BOX_MOST: Final = 64
"""So many pictures of moments are kept at most, the last of each feature."""
BOX_MOST_BYTES: Final = 32 << 20
JPEG_BEGIN: Final = b"\xff\xd8"
JPEG_END: Final = b"\xff\xd9"
_BEGINNINGS: Final = {
    JPEG_BEGIN: "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that was fetched: what it is by its own first bytes, and the bytes."""

    mime: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    """A picture of a moment in the box."""

    picture: Picture
    image: Image


class Pictures:
    """Stills and live views, fetched once however many look."""

    def __init__(self, engine: Engine) -> None:
        """Begin with nobody looking."""
        self._engine = engine
        self._fetches: dict[str, asyncio.Task[bytes]] = {}
        self._kept: dict[Ref, tuple[float, bytes]] = {}
        self._box: dict[FeatureId, _Kept] = {}
        self._shows: dict[Ref, Show] = {}

    async def picture(self, stream_id: str) -> bytes:
        """A JPEG of now, or of up to a second ago."""
        stream = self._stream(stream_id)
        if stream.still is None:
            raise Unsupported(f"{stream_id} has no stills")
        ref = stream.still
        kept = self._kept.get(ref)
        if kept is not None and self._engine.clock.monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        return await self._shared(ref, lambda: self._still(ref))

    async def image(self, feature: FeatureId) -> Image:
        """The picture that a feature names; kept, so that it outlives its file (case 40)."""
        reading = self._engine.board.reading(feature)
        picture = None if reading is None else reading.value
        if not isinstance(picture, Picture):
            raise Gone(f"{feature} has no picture")
        kept = self._box.get(feature)
        if kept is not None and kept.picture == picture:
            return kept.image
        body = await self._shared(
            f"{picture.taken.isoformat()} {picture.ref}", lambda: self._fetched(picture.ref)
        )
        image = Image(kind(body), body)
        self._keep(feature, _Kept(picture, image))
        return image

    async def frames(self, stream_id: str) -> AsyncGenerator[bytes]:
        """The live pictures of a stream, each whole; who is slow misses some."""
        stream = self._stream(stream_id)
        if stream.live is None:
            raise Unsupported(f"{stream_id} has no live pictures over HTTP")
        show = self._shows.get(stream.live)
        if show is None or show.over:
            show = self._shows[stream.live] = Show(self._engine, stream.live)
        viewer = show.enter()
        try:
            while (picture := await viewer.next()) is not None:
                yield picture
        finally:
            if show.leave(viewer):
                if self._shows.get(stream.live) is show:
                    del self._shows[stream.live]
                await show.end()

    async def close(self) -> None:
        """End every fetch and every show."""
        tasks = [*self._fetches.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._kept.clear()
        self._box.clear()
        for show in tuple(self._shows.values()):
            await show.end()
        self._shows.clear()

    def _stream(self, stream_id: str) -> Stream:
        stream = self._engine.board.state.topology.streams.get(stream_id)
        if stream is None:
            raise BadInput(f"there is no stream {stream_id!r}")
        return stream

    async def _shared(self, name: str, fetch: Callable[[], Awaitable[bytes]]) -> bytes:
        """Fetch it once for all who ask meanwhile."""
        task = self._fetches.get(name)
        if task is None:
            task = asyncio.create_task(self._once(name, fetch), name="picture")
            self._fetches[name] = task
            task.add_done_callback(_seen)
        # One who leaves takes the picture from nobody else.
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise CannotConnect("nobody runs the device any more") from None
            raise

    async def _once(self, name: str, fetch: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            return await fetch()
        finally:
            self._fetches.pop(name, None)

    async def _still(self, ref: Ref) -> bytes:
        """A still of a stream, kept for a moment."""
        body = await self._fetched(ref)
        if kind(body) != "image/jpeg":
            raise Malformed(f"the still is no JPEG ({len(body)} bytes)")
        now = self._engine.clock.monotonic()
        self._kept = {
            one: (at, kept)
            for one, (at, kept) in [*self._kept.items()][1 - KEPT_MOST :]
            if now - at < KEPT_SECONDS
        }
        self._kept[ref] = (now, body)
        return body

    async def _fetched(self, ref: Ref) -> bytes:
        """The bytes behind a ref, if they are not more than a picture can be."""
        with self._engine.asking():
            content = await self._engine.device.fetch(ref)
            try:
                return await content.read(STILL_MOST_BYTES)
            except ValueError as error:
                raise Malformed(f"the picture is too large: {error}") from error

    def _keep(self, feature: FeatureId, kept: _Kept) -> None:
        """Put a picture into the box; the one that lay there longest makes room."""
        self._box.pop(feature, None)
        self._box[feature] = kept
        size = sum(len(one.image.body) for one in self._box.values())
        while len(self._box) > BOX_MOST or size > BOX_MOST_BYTES:
            size -= len(self._box.pop(next(iter(self._box))).image.body)


def kind(body: bytes) -> str:
    """What a picture is, by its first bytes. Malformed for what is no whole picture."""
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp"
    mime = next((mime for begin, mime in _BEGINNINGS.items() if body.startswith(begin)), None)
    if mime is None or (mime == "image/jpeg" and JPEG_END not in body):
        raise Malformed(f"no whole picture ({len(body)} bytes)")
    return mime


def _seen(task: asyncio.Task[bytes]) -> None:
    """Look at a failure even if everybody who waited for it has left."""
    if not task.cancelled():
        task.exception()


class Viewer:
    """Somebody who watches: has room for one picture, the newest."""

    def __init__(self) -> None:
        """Begin without a picture."""
        self._picture: bytes | None = None
        self._error: Exception | None = None
        self._over = False
        self._news = asyncio.Event()

    def show(self, picture: bytes) -> None:
        """Put the newest picture in place of one that was not taken."""
        self._picture = picture
        self._news.set()

    def end(self, error: Exception | None) -> None:
        """There will be no more."""
        self._over = True
        self._error = error
        self._news.set()

    async def next(self) -> bytes | None:
        """The next picture; None at the end, or what ended it is raised."""
        while True:
            if self._picture is not None:
                picture, self._picture = self._picture, None
                self._news.clear()
                return picture
            if self._over:
                if self._error is not None:
                    raise self._error
                return None
            self._news.clear()
            await self._news.wait()


class Show:
    """One live view on the wire, for all who watch it."""

    def __init__(self, engine: Engine, ref: Ref) -> None:
        """Begin to fetch it."""
        self._engine = engine
        self._ref = ref
        self._viewers: set[Viewer] = set()
        self.over = False
        self._task = asyncio.create_task(self._run(), name="live view")

    def enter(self) -> Viewer:
        """Let one more watch."""
        viewer = Viewer()
        self._viewers.add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> bool:
        """Let one go; tells whether it was the last."""
        self._viewers.discard(viewer)
        return not self._viewers

    async def end(self) -> None:
        """Close the source."""
        self._finish(None)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _finish(self, error: Exception | None) -> None:
        if not self.over:
            self.over = True
            for viewer in self._viewers:
                viewer.end(error)

    async def _run(self) -> None:
        try:
            with self._engine.asking():
                content = await self._engine.device.fetch(self._ref)
                try:
                    async for picture in content.chunks:
                        for viewer in self._viewers:
                            viewer.show(picture)
                finally:
                    await content.close()
            self._finish(Gone("the live view ended"))
        except DeviceError as error:
            self._finish(error)
        except Exception as error:
            # Whoever looks on waits for the next picture: even a mistake of ours must end that.
            _LOGGER.exception("A live view failed in an unexpected way")
            self._finish(error)
