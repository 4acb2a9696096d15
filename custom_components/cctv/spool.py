"""Files that are made while they are watched: once for all viewers, and kept for a while."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
import logging
import os
from pathlib import Path
from secrets import token_hex
import shutil
import threading
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .devices.errors import DeviceError
from .media.index import Index
from .media.source import MediaError

_LOGGER = logging.getLogger(__name__)

MOST_BYTES: Final = 4 << 30
FREE_LEAST_BYTES: Final = 1 << 30
"""So much of the disk stays free."""
LOOK_EVERY_BYTES: Final = 16 << 20
CHUNK_BYTES: Final = 1 << 20
FRESH_BYTES: Final = 1 << 20
"""So much of what was made last is kept in memory: most viewers are right behind."""
GRACE_SECONDS: Final = 5.0
"""A player that seeks hangs up first, and comes back within this time."""
KEEP_SECONDS: Final = 3600.0
"""What is finished is kept so long for who wants to see it again."""
STALL_SECONDS: Final = 60.0
AT_ONCE_MOST: Final = 32
"""Most of these wait for their device, which sends few at a time."""
SLACK_BYTES: Final = 1 << 16
"""Players look for an index in the last bytes first; these are known before all others."""
_FREE_BOX: Final = 16


class SpoolFull(Exception):
    """There is no room for it."""


class SpoolBusy(Exception):
    """As many are being made as can be made at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes the file: its bytes, and how many they are, exactly or at most."""

    chunks: AsyncGenerator[bytes]
    size: int | None = None
    most: int | None = None
    index: Index | None = None
    """What finds any place in it, once it is whole."""


def promised(most: int) -> int:
    """Return how long a file is said to be that has so many bytes at most."""
    return most + _FREE_BOX + SLACK_BYTES


type Begin = Callable[[], AbstractAsyncContextManager[Plan]]


class Work:
    """One file that is being made, or is finished."""

    def __init__(self, spool: Spool, path: Path, owner: str, begin: Begin) -> None:
        """Begin to make it."""
        self.path = path
        self.owner = owner
        self.viewers = 0
        self.size: int | None = None
        """What is promised from the first byte on, if it can be."""
        self.written = 0
        self.whole = False
        """Whether not a byte of it changes any more."""
        self.over = False
        self.error: Exception | None = None
        self.leaving: asyncio.TimerHandle | None = None
        self._spool = spool
        self._begin = begin
        self._fresh: deque[tuple[int, bytes]] = deque()
        """The last pieces by place; those before the last are in the file."""
        self._fresh_size = 0
        self._writing: asyncio.Future[None] | None = None
        self._known: int | None = None
        """From here on it is nothing but zeros, whatever comes before."""
        self._file: int | None = None
        self._closed = False
        # A number of a closed file may already be another file's.
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"{DOMAIN} spool")

    async def ready(self) -> None:
        """Wait for its first bytes; what kept them from coming is raised."""
        while not self.written:
            if self.error is not None:
                raise self._trouble()
            await self._news.wait()

    async def read(self, start: int, end: int | None) -> AsyncGenerator[bytes]:
        """Yield its bytes from `start` to before `end`, as they come to be there."""
        at = start
        while end is None or at < end:
            if at < self.written:
                chunk = self._remembered(at)
                if chunk is not None:
                    chunk = chunk if end is None else chunk[: end - at]
                else:
                    most = min(CHUNK_BYTES, self.written - at)
                    size = most if end is None else min(most, end - at)
                    chunk = await self._job(self._read, size, at)
                    if not chunk:
                        # It could not be written, which nobody knew when it was promised.
                        raise self._trouble()
            elif self.error is not None:
                raise self._trouble()
            elif self.over:
                if end is None:
                    return
                raise MediaError("media_damaged", "It ends before its end")
            elif self._known is not None and end is not None and at >= self._known:
                chunk = bytes(min(CHUNK_BYTES, end - at))
            else:
                await self._news.wait()
                continue
            yield chunk
            at += len(chunk)

    async def close(self) -> None:
        """Stop making it, and leave nothing of it."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._job(self._drop)

    def _trouble(self) -> Exception:
        """Return what kept it from being made."""
        return (self.error or _given_up()).with_traceback(None)

    def _remembered(self, at: int) -> bytes | None:
        """Return what comes at a place and is still in memory."""
        if self._fresh and at >= self._fresh[0][0]:
            for begin, piece in reversed(self._fresh):
                if begin <= at:
                    return piece[at - begin :]
        return None

    # --- making it

    async def _run(self) -> None:
        try:
            async with self._begin() as plan:
                await self._make(plan)
        except asyncio.CancelledError:
            self.error = _given_up()
            raise
        except (DeviceError, MediaError, OSError, SpoolFull) as error:
            _LOGGER.debug("A recording could not be made (%s)", type(error).__name__)
            self.error = error
        except Exception as error:
            _LOGGER.exception("Making a recording failed in an unexpected way")
            self.error = MediaError("media_damaged", type(error).__name__)
        finally:
            if self._writing is not None:
                await asyncio.gather(self._writing, return_exceptions=True)
            self._fresh.clear()
            self.over = True
            self._tell()

    async def _make(self, plan: Plan) -> None:
        """Write it, and fill up what was promised."""
        size = plan.size
        if size is None and plan.most is not None:
            self._known = plan.most + _FREE_BOX
            size = promised(plan.most)
        await self._job(self._open)
        while (chunk := await _next(plan.chunks)) is not None:
            if size is not None and self.written + len(chunk) > (plan.most or size):
                raise MediaError("media_damaged", "It is longer than was promised")
            await self._spool.make_room(len(chunk))
            await self._stored()
            # The next piece is made while this one is written, and already read.
            self._writing = self._spool.hass.async_add_executor_job(self._write, chunk)
            self._remember(chunk)
            self.size = size
            self.written += len(chunk)
            self._tell()
        await self._stored()
        if not self.written:
            raise MediaError("media_empty", "There is nothing in it")
        if plan.most is None and size is not None and self.written < size:
            raise MediaError("media_damaged", "It is shorter than was promised")
        total = self.written if size is None else size
        if self.written < total:
            await self._job(self._pad, self.written, total)
        if plan.index is not None and (whole := plan.index.whole(total)) is not None:
            await self._job(self._put, plan.index.offset, whole)
        self.size = self.written = total
        self.whole = True

    async def _stored(self) -> None:
        """Wait until all but what comes next is in the file. OSError."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    def _remember(self, chunk: bytes) -> None:
        """Keep the last pieces in memory."""
        self._fresh.append((self.written, chunk))
        self._fresh_size += len(chunk)
        while self._fresh_size > FRESH_BYTES and len(self._fresh) > 1:
            self._fresh_size -= len(self._fresh.popleft()[1])

    def _tell(self) -> None:
        """Wake whoever waits."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    # --- in the executor

    async def _job[*Ts, T](self, job: Callable[[*Ts], T], *args: *Ts) -> T:
        return await self._spool.hass.async_add_executor_job(job, *args)

    def _open(self) -> None:
        with self._lock:
            if self._closed:
                raise _given_up()
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)

    def _opened(self) -> int:
        if self._file is None:
            raise _given_up()
        return self._file

    def _read(self, size: int, at: int) -> bytes:
        with self._lock:
            return os.pread(self._opened(), size, at)

    def _write(self, chunk: bytes) -> None:
        view = memoryview(chunk)
        with self._lock:
            while view:
                view = view[os.write(self._opened(), view) :]

    def _put(self, at: int, body: bytes) -> None:
        with self._lock:
            os.pwrite(self._opened(), body, at)

    def _pad(self, written: int, size: int) -> None:
        """Fill up with one `free` box, which players skip; its zeros take no room on the disk."""
        rest = size - written
        if rest < 1 << 32:
            head = rest.to_bytes(4) + b"free"
        else:
            head = (1).to_bytes(4) + b"free" + rest.to_bytes(8)
        with self._lock:
            os.write(self._opened(), head)
            os.ftruncate(self._opened(), size)

    def _drop(self) -> None:
        with self._lock:
            self._closed = True
            file, self._file = self._file, None
            if file is not None:
                os.close(file)
                self.path.unlink(missing_ok=True)


def _given_up() -> MediaError:
    return MediaError("media_stalled", "Given up")


async def _next(chunks: AsyncGenerator[bytes]) -> bytes | None:
    """Return the next bytes; None at the end."""
    try:
        async with asyncio.timeout(STALL_SECONDS):
            return await anext(chunks)
    except StopAsyncIteration:
        return None
    except TimeoutError:
        raise MediaError("media_stalled", "Nothing came for too long") from None


class Spool:
    """All files that are made or were made, the least watched first to go."""

    def __init__(self, hass: HomeAssistant, folder: Path, most: int = MOST_BYTES) -> None:
        """Begin with an empty folder, which `clear` sees to."""
        self.hass = hass
        self._folder = folder
        self.most = most
        self._works: dict[str, Work] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._unlooked = 0

    @property
    def works(self) -> int:
        """Return how many files there are."""
        return len(self._works)

    async def clear(self) -> None:
        """Remove what an earlier run left behind."""
        await self.hass.async_add_executor_job(_remove, self._folder)

    @asynccontextmanager
    async def view(self, key: str, owner: str, begin: Begin) -> AsyncIterator[Work]:
        """Watch a file, which is made if it is not there yet. SpoolBusy."""
        work = self._works.pop(key, None)
        if work is not None and work.error is not None:
            self._close(work)
            work = None
        if work is None:
            if sum(not one.over for one in self._works.values()) >= AT_ONCE_MOST:
                raise SpoolBusy
            path = self._folder / f"{key}.{token_hex(4)}"
            work = Work(self, path, owner, begin)
        self._works[key] = work
        if work.leaving is not None:
            work.leaving.cancel()
            work.leaving = None
        work.viewers += 1
        try:
            yield work
        finally:
            work.viewers -= 1
            if not work.viewers:
                self._left(key, work)

    async def forget(self, owner: str) -> None:
        """Give up and remove all that is an owner's; nothing of it is left afterwards."""
        for key, work in tuple(self._works.items()):
            if work.owner == owner:
                self._drop(key, work)
        await asyncio.gather(*self._closing)

    async def make_room(self, size: int) -> None:
        """Let old files go until there is room for so many more bytes. SpoolFull."""
        while sum(work.written for work in self._works.values()) + size > self.most:
            await self._drop_oldest()
        self._unlooked += size
        if self._unlooked >= LOOK_EVERY_BYTES:
            self._unlooked = 0
            while await self.hass.async_add_executor_job(_free, self._folder) < FREE_LEAST_BYTES:
                await self._drop_oldest()

    async def _drop_oldest(self) -> None:
        """Let the finished file go that was not watched for longest."""
        for key, work in self._works.items():
            if work.over and not work.viewers:
                self._drop(key, work)
                await asyncio.gather(*self._closing)
                return
        raise SpoolFull

    @callback
    def _left(self, key: str, work: Work) -> None:
        """Nobody watches any more: a finished file stays, another one goes soon."""
        if self._works.get(key) is not work:
            return
        if work.error is not None:
            self._drop(key, work)
        elif work.over:
            work.leaving = self.hass.loop.call_later(KEEP_SECONDS, self._drop, key, work)
        else:
            work.leaving = self.hass.loop.call_later(GRACE_SECONDS, self._let_go, key, work)

    @callback
    def _let_go(self, key: str, work: Work) -> None:
        """Nobody came back: give up what is not finished by now."""
        work.leaving = None
        if work.over:
            self._left(key, work)
        else:
            self._drop(key, work)

    @callback
    def _drop(self, key: str, work: Work) -> None:
        """Remove a file, whoever watches it."""
        if self._works.get(key) is work:
            del self._works[key]
        if work.leaving is not None:
            work.leaving.cancel()
            work.leaving = None
        self._close(work)

    @callback
    def _close(self, work: Work) -> None:
        task = self.hass.loop.create_task(work.close(), name=f"{DOMAIN} spool ends")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _remove(folder: Path) -> None:
    """Remove a folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _free(folder: Path) -> int:
    """Return how much room the disk has."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return 0


SPOOL: Final[HassKey[Spool]] = HassKey(f"{DOMAIN}_spool")


async def leave_media(hass: HomeAssistant, owner: str) -> None:
    """Give up all that is made from an owner's recordings."""
    if SPOOL in hass.data:
        await hass.data[SPOOL].forget(owner)
