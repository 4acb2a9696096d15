"""The two media finders (§4.11.5), by CGI and by JSON calls: objects in the box, freed always."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import logging
import re
from typing import Any, Final, Protocol

from ..env import Spawn
from ..errors import Busy, CannotConnect, DeviceError, HungUp, Malformed, Rejected, Unsupported
from ..http.client import MIB, Lane
from . import listing, wire
from .client import Client
from .listing import PAGE, Page
from .rpc2 import NoData, Rpc2, number

_LOGGER = logging.getLogger(__name__)

_CGI: Final = "mediaFileFind"
_HANDLE: Final = re.compile(r"[\w-]{1,40}", re.ASCII)
_PAGE_LIMIT: Final = 8 * MIB
_SLOW: Final = 30.0
"""Seconds that a box may look through a day."""
_FAREWELL: Final = 2.0
_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Told:
    """A page that is not taken apart yet: meanwhile the box can be asked for the next one."""

    more: bool
    """Whether it is full, so that there may be a next one."""
    page: Callable[[], Page]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked through: a channel by its number in the query, from, to, by its clock."""

    channel: int
    start: datetime
    end: datetime


class Held(Protocol):
    """Something that the box keeps for us until it is told otherwise."""

    async def create(self) -> str:
        """Make it in the box; its handle. Unsupported where there is none."""

    async def destroy(self, handle: str) -> None:
        """Let it go."""


class Finder(Held, Protocol):
    """The commands of one kind of finder."""

    async def search(self, handle: str, scope: Scope) -> bool:
        """Begin; whether anything was found."""

    async def next(self, handle: str, count: int) -> Told | None:
        """The next items; None where the box says Error, which ends the list or is the end."""


class CgiFinder:
    """mediaFileFind.cgi."""

    def __init__(self, client: Client) -> None:
        """Nothing is sent."""
        self._client = client

    async def _text(
        self, action: str, params: list[tuple[str, wire.Param]], *, once: bool = False
    ) -> str:
        """Send a command; what moves the finder on is sent `once`, or a page would be lost."""
        path = wire.query(_CGI, action, params)
        send = self._client.http.tell if once else self._client.http.ask
        reply = await send(path, lane=Lane.READ, deadline=_SLOW, limit=_PAGE_LIMIT)
        return self._client.text(reply)

    async def create(self) -> str:
        """Step 1, factory.create; the handle stays text, for it may begin with zeros."""
        handle = wire.word(await self._text("factory.create", []), "result") or ""
        if not _HANDLE.fullmatch(handle):
            raise Malformed("a finder without a handle")
        return handle

    async def search(self, handle: str, scope: Scope) -> bool:
        """Step 2, findFile, of all types: which there are differs from model to model."""
        params: list[tuple[str, wire.Param]] = [
            ("object", handle),
            ("condition.Channel", scope.channel),
            ("condition.StartTime", scope.start),
            ("condition.EndTime", scope.end),
        ]
        try:
            return (await self._text("findFile", params)).rstrip(".").lower() == "ok"
        except Unsupported:
            return False

    async def next(self, handle: str, count: int) -> Told | None:
        """Step 3, findNextFile."""
        try:
            text = await self._text(
                "findNextFile", [("object", handle), ("count", count)], once=True
            )
        except Unsupported:
            return None
        said = listing.found(text)
        if said is None:
            return told(listing.page(text), count)
        return Told(said >= count, lambda: listing.page(text))

    async def destroy(self, handle: str) -> None:
        """Steps 4 and 5, close and destroy."""
        for action in ("close", "destroy"):
            try:
                await self._text(action, [("object", handle)])
            except Unsupported, Rejected:
                _LOGGER.debug("The finder was gone before its %s", action)


class RpcFinder:
    """The same by JSON calls; channels count from 0 there (§2)."""

    def __init__(self, rpc2: Rpc2) -> None:
        """Nothing is sent."""
        self._rpc2 = rpc2

    async def create(self) -> str:
        """mediaFileFind.factory.create."""
        result, _ = await self._rpc2.call("mediaFileFind.factory.create")
        return str(number(result))

    async def search(self, handle: str, scope: Scope) -> bool:
        """mediaFileFind.findFile."""
        condition: dict[str, Any] = {
            "Channel": scope.channel - 1,
            "StartTime": wire.stamp(scope.start),
            "EndTime": wire.stamp(scope.end),
        }
        try:
            result, _ = await self._rpc2.call(
                "mediaFileFind.findFile", {"condition": condition}, int(handle)
            )
        except NoData:
            return False
        return bool(result)

    async def next(self, handle: str, count: int) -> Told | None:
        """mediaFileFind.findNextFile."""
        try:
            _, params = await self._rpc2.call(
                "mediaFileFind.findNextFile", {"count": count}, int(handle)
            )
        except NoData:
            return told(Page(0), count)
        except Unsupported, Rejected:
            return None
        return told(listing.infos(params), count)

    async def destroy(self, handle: str) -> None:
        """mediaFileFind.close and destroy."""
        for action in ("close", "destroy"):
            try:
                await self._rpc2.call(f"mediaFileFind.{action}", None, int(handle))
            except NoData, Unsupported, Rejected:
                _LOGGER.debug("The finder was gone before its %s", action)


def told(page: Page, count: int) -> Told:
    """A page that is taken apart already, of so many that were asked for."""
    return Told(page.found >= count, lambda: page)


class Finders:
    """Makes finders and frees every one of them, whatever becomes of those who asked."""

    def __init__(self, spawn: Spawn) -> None:
        """Nothing is made."""
        self._spawn = spawn
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._held = 0
        self._one = False
        """Whether this box refuses a second one, and so has one at a time."""

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start what must be finished even if nobody waits for it."""
        task = self._spawn(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @asynccontextmanager
    async def opened(self, finder: Held) -> AsyncGenerator[str]:
        """A finder for the block; two at a time, or one where the box refuses a second."""
        handle: str | None = None
        while handle is None:
            await self._places.acquire()
            self._held += 1
            try:
                handle = await self._made(finder)
            except BaseException as error:
                # Cancelled too: a place that nobody gives back is one less for ever.
                self._held -= 1
                if isinstance(error, Unsupported) and self._held and not self._one:
                    # The place stays taken for good.
                    self._one = True
                    continue
                self._places.release()
                raise
        try:
            yield handle
        finally:
            self._held -= 1
            freed = self._start(self._free(finder, handle), "free a finder")
            freed.add_done_callback(lambda _: self._places.release())
            await asyncio.wait({freed})

    async def _made(self, finder: Held) -> str:
        """Make one; one that comes too late for a cancelled caller is freed, too."""
        made: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._start(self._make(finder, made), "make a finder")
        try:
            return await made
        except asyncio.CancelledError:
            if made.done() and not made.cancelled() and made.exception() is None:
                self._start(self._free(finder, made.result()), "free a finder")
            raise

    async def _make(self, finder: Held, made: asyncio.Future[str]) -> None:
        """Make one for whoever waits; free it where nobody does any more."""
        try:
            handle = await finder.create()
        except DeviceError as error:
            if not made.done():
                made.set_exception(error)
            return
        except asyncio.CancelledError:
            if not made.done():
                made.set_exception(CannotConnect("closed"))
            raise
        if made.done():
            await self._free(finder, handle)
        else:
            made.set_result(handle)

    async def _free(self, finder: Held, handle: str) -> None:
        """Free one; a box that does not answer has forgotten it, or will."""
        try:
            await finder.destroy(handle)
        except DeviceError as error:
            _LOGGER.debug("A finder could not be freed: %r", error)

    async def close(self) -> None:
        """Wait a little for those that are being freed."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=_FAREWELL)

    @asynccontextmanager
    async def _certain(self, finder: Finder) -> AsyncGenerator[str]:
        """A finder of a box that has some: Busy where it makes none now."""
        held = AsyncExitStack()
        try:
            handle = await held.enter_async_context(self.opened(finder))
        except Unsupported as error:
            raise Busy("the box makes no finder now") from error
        async with held:
            yield handle

    # --- a whole list -------------------------------------------------------------------------

    async def walk(
        self, finder: Finder, scopes: tuple[Scope, ...], take: Callable[[Page], bool]
    ) -> Scope | None:
        """Give the pages of the first scope that has any to `take`, as long as it says so.

        Returns which scope that was.

        A finder that goes before its list has ended is made anew, once: `take` gets an empty page
        that says so (found -1), and then everything from the beginning.
        """
        for last in (False, True):
            try:
                async with self._certain(finder) as handle:
                    for scope in scopes:
                        if await finder.search(handle, scope):
                            if await self._pages(finder, handle, take) or last:
                                return scope
                            break
                    else:
                        return None
            except HungUp:
                if last:
                    raise
            take(ANEW)
        return None

    async def _pages(self, finder: Finder, handle: str, take: Callable[[Page], bool]) -> bool:
        """The pages that are wanted; False where an Error comes in the place of one."""
        said = await finder.next(handle, PAGE)
        if said is None:
            return False
        if not take(said.page()) or not said.more:
            return True
        # From here on mostly all are wanted: the box looks for one while the one before is read.
        said = await finder.next(handle, PAGE)
        while said is not None and said.more:
            asking = asyncio.create_task(finder.next(handle, PAGE), name="next files")
            try:
                # So that the question leaves first.
                await asyncio.sleep(0)
                if not take(said.page()):
                    return True
                said = await asking
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
        if said is None:
            return False
        take(said.page())
        return True

    async def first(
        self, finder: Finder, scopes: tuple[Scope, ...], count: int = PAGE
    ) -> tuple[Scope, Page] | None:
        """The first page of the first scope that has any.

        Where files were found and no page comes, the finder went; it is made anew, once.
        """
        for last in (False, True):
            try:
                async with self._certain(finder) as handle:
                    for scope in scopes:
                        if await finder.search(handle, scope):
                            said = await finder.next(handle, count)
                            if said is not None:
                                page = said.page()
                                return (scope, page) if page.found else None
                            break
                    else:
                        return None
            except HungUp:
                if last:
                    raise
        return None


ANEW: Final = Page(-1)
"""What was taken so far counts no more."""
