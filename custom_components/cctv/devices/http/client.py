"""The only HTTP client of the product: one `Http` a box, with queue, login, deadlines and limits.

`ask` may be repeated. `tell` never is once it was sent, except in answer to a challenge, which
proves that it was not carried out (§3.1). Every fault leaves as one of `errors`, and names no
query: it may hold secrets.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
import ssl
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from ..device import Reply
from ..env import Env
from ..errors import BadInput, CannotConnect, DeviceError, InvalidAuth, Unsupported
from .access import Access
from .job import DroppedError, Job, fault_of, tracing
from .outgoing import Outgoing
from .raw import RawAnswer, connect, exchange
from .socket import Socket
from .stream import MIB, Stream
from .tls import context
from .turns import Turns

type Session = aiohttp.ClientSession

__all__ = ["MIB", "Counters", "Http", "Lane", "Reply", "Session", "Socket", "Stream"]

_REFUSAL_LIMIT: Final = 1 << 16
_ODD_PATHS: Final = 64
_NO_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=10)
_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_MOVED: Final = frozenset({301, 302, 307, 308})
_MESSAGE_LIMIT: Final = 1 << 16
_FAREWELL: Final = 0.2
"""So long is waited for a WebSocket's goodbye: some boxes never say it."""
_CLOSING: Final = 2.0
"""So long is waited for requests that are given up."""


class Lane(IntEnum):
    """Who goes first; pictures go one at a time, downloads too and outside the count."""

    DO = 0
    PICTURE = 1
    READ = 2
    SURVEY = 3
    DOWNLOAD = 4


@dataclass(slots=True)
class Counters:
    """What passed between us and the box, for diagnostics."""

    requests: int = 0
    bytes: int = 0
    refused: int = 0
    dropped: int = 0


class Http:
    """All HTTP between us and one box."""

    def __init__(
        self,
        env: Env,
        *,
        in_flight: int = 2,
        base: str | None = None,
        locked: Callable[[Reply], float | None] | None = None,
        stale: Callable[[Reply], bool] | None = None,
        keep: bool = True,
        lenient: bool = False,
    ) -> None:
        """Prepare; nothing is sent.

        `locked` tells of a 401 or 403 whether it means a lock: seconds left, 0 if it does not say,
        None if it is none. `stale` tells of a 403 whether a login that is out of date gets it.
        Without `keep` each request has its own connection: for boxes that hang up without saying
        so, where a kept one would swallow a command.
        With `lenient` a path whose answers are no strict HTTP is read from a bare socket.
        """
        self.base = base or env.address.base
        self.seen = Counters()
        self._env = env
        self._address = env.address
        self._access = Access(env, self._send, self.refuse, locked=locked, stale=stale)
        self._keep = keep
        self._lenient = lenient
        self._odd: set[str] = set()
        self._turns = Turns(in_flight)
        self._still = asyncio.Lock()
        self._download = asyncio.Lock()
        self._refused: Callable[[], InvalidAuth] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tls: ssl.SSLContext | None = None
        self._open: set[Stream | Socket] = set()
        self._waits: dict[asyncio.Timeout, asyncio.Future[None]] = {}
        self._closed = False

    def __repr__(self) -> str:
        return f"Http({self.base!r})"

    # --- what families use --------------------------------------------------------------------

    async def ask(
        self,
        path: str,
        *,
        lane: Lane = Lane.READ,
        deadline: float = 10.0,
        limit: int = MIB,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = _HEADERS,
        until: Callable[[bytes], bool] | None = None,
        login: bool = True,
    ) -> Reply:
        """Send what may be sent twice; the whole answer, whatever its status.

        `path` goes out byte for byte. `deadline` is in seconds from its turn in the queue. With
        `until` the answer is taken as whole as soon as that says so, though the box keeps it open.
        """
        job = Job(method, path, headers, body, deadline, login=login, again=True)
        job.proves = method == "GET"
        async with self._turn(lane):
            reply = await self._reply(job, limit, until)
            if self._moves(reply, path):
                reply = await self._reply(job, limit, until)
        return reply

    async def tell(
        self,
        path: str,
        *,
        lane: Lane = Lane.DO,
        deadline: float = 10.0,
        limit: int = MIB,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = _HEADERS,
        until: Callable[[bytes], bool] | None = None,
        login: bool = True,
    ) -> Reply:
        """Send what changes something: like `ask`, but never twice once it was sent."""
        job = Job(method, path, headers, body, deadline, login=login, again=False)
        async with self._turn(lane):
            return await self._reply(job, limit, until)

    async def open(
        self,
        path: str,
        *,
        lane: Lane | None = None,
        deadline: float = 10.0,
        idle: float | None = None,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = _HEADERS,
        login: bool = True,
    ) -> Stream:
        """Open an answer that is read as it comes, outside the count (or in a lane).

        `deadline` is for the headers; `idle` for each wait after them, None leaves that to the
        caller. Whoever opens it calls `aclose`.
        """
        again = method in ("GET", "HEAD")
        job = Job(method, path, headers, body, deadline, login=login, again=again)
        held = AsyncExitStack()
        try:
            if lane is not None:
                await held.enter_async_context(self._turn(lane))
            stream = await self._access.exchange(job)
        except BaseException:
            # Cancelled too: there is no stream yet whose end would give the turn back.
            await held.aclose()
            raise
        stream.linger(idle, held)
        return stream

    @asynccontextmanager
    async def stream(
        self,
        path: str,
        *,
        lane: Lane | None = None,
        deadline: float = 10.0,
        idle: float | None = None,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = _HEADERS,
        login: bool = True,
    ) -> AsyncGenerator[Stream]:
        """`open`, closed at the end of the block."""
        stream = await self.open(
            path,
            lane=lane,
            deadline=deadline,
            idle=idle,
            method=method,
            body=body,
            headers=headers,
            login=login,
        )
        try:
            yield stream
        finally:
            await stream.aclose()

    @asynccontextmanager
    async def websocket(
        self, path: str, *, deadline: float = 10.0, headers: Mapping[str, str] = _HEADERS
    ) -> AsyncGenerator[Socket]:
        """A WebSocket outside the count and without pings; closed at the end of the block.

        Unsupported where the answer to the handshake is another.
        """
        job = Job("GET", path, headers, None, deadline, login=False, again=False)
        if self._closed or self._env.session.closed:
            raise CannotConnect("closed")
        if self._refused is not None:
            raise self._refused()
        socket = await self._connect(job)
        try:
            yield socket
        finally:
            await socket.aclose()

    async def _connect(self, job: Job) -> Socket:
        """Shake hands for a WebSocket."""
        job.begin(self._access.login)
        self.seen.requests += 1
        try:
            async with self._within(job.until):
                if self._tls is None and self.base.startswith("https:"):
                    self._tls = await asyncio.to_thread(context, self._address.verify_tls)
                link = await self._env.session.ws_connect(
                    URL(self.base + job.path, encoded=True),
                    headers=job.headers,
                    ssl=self._tls or True,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_FAREWELL),
                    max_msg_size=_MESSAGE_LIMIT,
                )
        except aiohttp.WSServerHandshakeError:
            raise Unsupported(f"{job}: no WebSocket") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            fault = self.fault_of(job, error)
        else:
            return Socket(self, job, link)
        raise fault

    async def post(
        self,
        path: str,
        chunks: AsyncIterable[bytes],
        *,
        warm: str | None = None,
        deadline: float = 10.0,
        grace: float = 1.0,
        limit: int = _REFUSAL_LIMIT,
        headers: Mapping[str, str] = _HEADERS,
        login: bool = True,
    ) -> Reply | None:
        """Send a body as it is made (talk, §4.3.4); None where the box says nothing about it.

        `warm` is asked first, so that the challenge is met before the first byte of the body. The
        body is let go when the box answers, or stops taking it for `deadline` seconds.
        """
        body = Outgoing(chunks)
        job = Job("POST", path, headers, body, None, login=login, again=False)
        if warm is not None and login and self._access.login.once:
            question = Job("GET", warm, _HEADERS, None, deadline, login=False, again=True)
            async with self._turn(Lane.DO):
                await self._access.prepare(job, question)
        elif warm is not None and login:
            await self.ask(warm, lane=Lane.DO, deadline=deadline)
        return await body.drive(self._reply(job, limit, None), deadline, grace)

    def refuse(self, error: Callable[[], InvalidAuth]) -> InvalidAuth:
        """Send nothing with this login ever again; for families whose refusals come in a body."""
        self.seen.refused += 1
        self._refused = error
        return error()

    async def close(self) -> None:
        """Leave nothing open and send nothing any more."""
        self._closed = True
        self._turns.close()
        waits = dict(self._waits)
        for wait in waits:
            if not wait.expired():
                wait.reschedule(asyncio.get_running_loop().time())
        if waits:
            # Only then may the session go, which they still need to let their connections go.
            await asyncio.wait(waits.values(), timeout=_CLOSING)
        for stream in list(self._open):
            await stream.aclose()
        if self._session is not None:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def _within(self, moment: float | None) -> AsyncGenerator[None]:
        """Wait no longer than this, nor than until `close`."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout_at(moment) as wait:
            self._waits[wait] = done
            try:
                yield
            finally:
                del self._waits[wait]
                done.set_result(None)

    # --- turns --------------------------------------------------------------------------------

    @asynccontextmanager
    async def _turn(self, lane: Lane) -> AsyncGenerator[None]:
        """Wait for a place in the queue and keep it for the block."""
        if lane is Lane.DOWNLOAD:
            async with self._download:
                yield
        elif lane is Lane.PICTURE:
            async with self._still, self._turns.take(lane):
                yield
        else:
            async with self._turns.take(lane):
                yield

    # --- one request and its answer -----------------------------------------------------------

    async def _reply(self, job: Job, limit: int, until: Callable[[bytes], bool] | None) -> Reply:
        """One exchange, read to its end."""
        stream = await self._access.exchange(job)
        try:
            return await stream.reply(limit, until)
        finally:
            await stream.aclose()

    def _moves(self, reply: Reply, path: str) -> bool:
        """Whether the box wants the same over https; then that is remembered (§2)."""
        if reply.status not in _MOVED:
            return False
        try:
            there = urlsplit(reply.headers.get("location", ""))
            here = urlsplit(self.base)
            if there.hostname != here.hostname or (here.scheme, there.scheme) != ("http", "https"):
                return False
        except ValueError:
            return False
        if there.path not in ("", "/", path.partition("?")[0]):
            return False
        self.base = f"https://{there.netloc.rpartition('@')[2]}"
        self._access.login.forget()
        return True

    async def _send(self, job: Job) -> Stream:
        """Send one request; its answer, open."""
        stream: Stream | None = None
        while stream is None:
            if self._closed or self._env.session.closed:
                raise CannotConnect("closed")
            if self._refused is not None and job.login:
                raise self._refused()
            job.begin(self._access.login)
            odd = job.place in self._odd
            try:
                response = await (self._bare(job) if odd else self._request(job))
                stream = Stream(self, job, response)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                if not odd and self._is_odd(job, error) and job.again:
                    continue
                if not job.retries(error):
                    fault = self.fault_of(job, error)
                    break
        else:
            if self._closed:
                await stream.aclose()
                raise CannotConnect("closed")
            return stream
        raise fault

    def fault_of(self, job: Job, error: Exception) -> DeviceError:
        """What went wrong; once closed, that is all there is to say."""
        if self._closed:
            return CannotConnect("closed")
        return fault_of(job, error, verified=self._address.verify_tls)

    def _is_odd(self, job: Job, error: Exception) -> bool:
        """Whether a strict parser refused the answer; then the path is read kindly from now on."""
        if not (self._lenient and isinstance(error, aiohttp.ClientResponseError)):
            return False
        if isinstance(job.body, Outgoing) or len(self._odd) >= _ODD_PATHS:
            return False
        self._odd.add(job.place)
        return True

    async def _bare(self, job: Job) -> RawAnswer:
        """Send a request over a bare socket; its answer, read kindly."""
        self.seen.requests += 1
        url = URL(self.base)
        body = None if isinstance(job.body, Outgoing) else job.body
        async with self._within(job.until):
            reader, writer = await connect(url.host or "", url.port or 80, await self._context())
            named = {"Host": url.authority, "Connection": "close", **job.headers}
            if (signature := job.signature(reused=False)) is not None:
                named["Authorization"] = signature
            try:
                return await exchange(reader, writer, job.method, job.path, named, body)
            except EOFError:
                raise DroppedError(reset=False) from None

    async def _context(self) -> ssl.SSLContext | None:
        """How TLS is spoken here; None without it."""
        if not self.base.startswith("https:"):
            return None
        if self._tls is None:
            self._tls = await asyncio.to_thread(context, self._address.verify_tls)
        return self._tls

    async def _request(self, job: Job) -> aiohttp.ClientResponse:
        """Hand the request to aiohttp; nothing is followed, retried or remembered there."""
        url = URL(self.base + job.path, encoded=True)
        if url.raw_path_qs != job.path:
            raise BadInput("a path that would not go out as it is")
        self.seen.requests += 1
        async with self._within(job.until):
            tls = await self._context()
            if self._session is None:
                connector = self._env.session.connector
                self._session = aiohttp.ClientSession(
                    connector=connector if self._keep else aiohttp.TCPConnector(force_close=True),
                    connector_owner=not self._keep,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    headers=self._env.session.headers,
                    trace_configs=[tracing()],
                )
            return await self._session.request(
                job.method,
                url,
                data=job.body.rest() if isinstance(job.body, Outgoing) else job.body,
                headers=job.headers,
                allow_redirects=False,
                timeout=_NO_TIMEOUT,
                ssl=tls or True,
                middlewares=(job.watch,),
                trace_request_ctx=job,
            )
