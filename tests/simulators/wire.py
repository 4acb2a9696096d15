"""Raw HTTP/1.1 server on loopback: what a simulated device says goes out byte for byte."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
import socket
import ssl
import struct
import time
from typing import Any, Self

from tests.simulators.messages import (
    CRLF,
    Exchange,
    Headers,
    Malformed,
    Reply,
    Request,
    render_head,
)

__all__ = [
    "CRLF",
    "HOST",
    "Connection",
    "Exchange",
    "Headers",
    "Limits",
    "Mode",
    "Reply",
    "Request",
    "Signal",
    "WireServer",
    "render_head",
]

HOST = "127.0.0.1"


class Mode(StrEnum):
    """How the port treats a new connection and a new request."""

    SERVE = "serve"
    DROP = "drop"
    RESET = "reset"
    SILENT = "silent"
    REFUSE = "refuse"


class Signal:
    """Wakes whoever waits for a condition, so that no test ever sleeps."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiting: set[asyncio.Event] = set()

    def poke(self) -> None:
        """Have every waiter look at its condition again."""
        for event in self._waiting:
            event.set()

    async def until(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Return once the condition holds; TimeoutError when it does not in time."""
        async with asyncio.timeout(timeout):
            while not condition():
                event = asyncio.Event()
                self._waiting.add(event)
                try:
                    await event.wait()
                finally:
                    self._waiting.discard(event)


class Connection:
    """One accepted socket, with the gentle and the rude ways to end it."""

    def __init__(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Wrap the pair that asyncio accepted."""
        self.number = number
        self.reader = reader
        self.writer = writer
        self.exchange: Exchange | None = None
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = raw

    @property
    def peer(self) -> str:
        """Address of the client."""
        return str(self.writer.get_extra_info("peername")[0])

    @property
    def closing(self) -> bool:
        """Whether this side has already hung up."""
        return self.writer.transport.is_closing()

    @property
    def unsent(self) -> int:
        """Bytes that the client has not taken yet."""
        return self.writer.transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Hand bytes to the socket at once."""
        if not self.closing:
            self.writer.write(data)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was written."""
        await self.writer.drain()

    def begin(self, head: bytes, status: int = 200) -> None:
        """Send the head of an answer that has no end, and note its status in the log."""
        if self.exchange is not None:
            self.exchange.status = status
        self.write(head)

    async def gone(self) -> None:
        """Return when the client has hung up; what it still says is thrown away."""
        # A client that resets is just as gone as one that closes.
        with suppress(ConnectionError):
            while await self.reader.read(4096):
                pass

    def close(self) -> None:
        """Hang up after what was written has gone out."""
        self.writer.close()

    def reset(self) -> None:
        """Hang up with an RST, dropping what was not sent."""
        if not self.closing:
            linger = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()


@dataclass(slots=True)
class Limits:
    """What a request may weigh and how long a connection may idle."""

    head: int = 65_536
    body: int = 1_048_576
    log: int = 2_000
    idle: float = 120.0
    linger: float = 5.0


@dataclass(slots=True)
class _Port:
    """The held port: bound all the time, listening only while the device is up."""

    holder: socket.socket | None = None
    server: asyncio.Server | None = None
    connections: dict[Connection, asyncio.Task[None]] = field(default_factory=dict)


class WireServer(ABC):
    """One simulated web server; a subclass answers `respond`."""

    def __init__(
        self, port: int = 0, *, limits: Limits | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        """Take a port (0: any free one) without opening it yet."""
        self.port = port
        self.host = HOST
        self.limits = limits or Limits()
        self.mode = Mode.SERVE
        self.keep_alive = True
        self.reads_chunks = True
        """Whether a chunked body is put together; else its chunk heads are part of the data."""
        self.wire: list[Exchange] = []
        self.errors: list[Exception] = []
        self.accepted = 0
        self.changed = Signal()
        self._tls = tls
        self._port = _Port()
        self._tasks: set[asyncio.Task[None]] = set()

    # Life

    async def start(self) -> None:
        """Bind the port and listen."""
        holder = _socket(self.port)
        self._port.holder = holder
        self.port = holder.getsockname()[1]
        await self._listen()

    async def stop(self) -> None:
        """Close every socket, cancel every task; raise what went wrong in a handler."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._unlisten()
        await self.cut(rst=True)
        if self._port.holder is not None:
            self._port.holder.close()
            self._port.holder = None
        if self.errors:
            raise ExceptionGroup("simulator failed while answering", self.errors)

    async def __aenter__(self) -> Self:
        """Start serving."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop serving."""
        await self.stop()

    @property
    def url(self) -> str:
        """Address of the device, without a path."""
        return f"{'http' if self._tls is None else 'https'}://{self.host}:{self.port}"

    @property
    def connections(self) -> list[Connection]:
        """Sockets that are open now."""
        return list(self._port.connections)

    async def go_dark(self) -> None:
        """Lose the network: every connection is reset and new ones are refused."""
        await self._unlisten()
        self.mode = Mode.REFUSE
        await self.cut(rst=True)

    async def come_back(self) -> None:
        """Serve again on the same port."""
        self.mode = Mode.SERVE
        if self._port.server is None:
            await self._listen()

    async def cut(self, *, rst: bool = False) -> None:
        """End every connection, with an RST or after what was written has gone out."""
        tasks = dict(self._port.connections)
        for connection, task in tasks.items():
            task.cancel()
            if rst:
                connection.reset()
        await asyncio.gather(*tasks.values(), return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something in the background that ends with the server."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def until(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Wait until something about this server has become true."""
        await self.changed.until(condition, timeout)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.errors.append(error)

    async def _listen(self) -> None:
        self._port.server = await asyncio.start_server(
            self._accept,
            sock=_socket(self.port),
            ssl=self._tls,
            limit=self.limits.head,
            backlog=256,
        )

    async def _unlisten(self) -> None:
        server, self._port.server = self._port.server, None
        if server is not None:
            # A connection that was just taken in would find its server closed.
            await asyncio.sleep(0)
            server.close()

    # Requests

    async def preface(self, connection: Connection) -> bytes | None:
        """What was read ahead of the request; None where it was none, and was served."""
        return b""

    def reads_body(self, request: Request) -> bool:
        """Whether `respond` reads the body of this request itself, as it comes."""
        return False

    @abstractmethod
    async def respond(self, request: Request, connection: Connection) -> Reply | None:
        """Answer one request; None when the connection was served and is to be closed."""

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        connection = Connection(self.accepted, reader, writer)
        task = asyncio.get_running_loop().create_task(self._serve(connection))
        self._port.connections[connection] = task
        task.add_done_callback(lambda _: self._parted(connection))
        self.changed.poke()

    def _parted(self, connection: Connection) -> None:
        self._port.connections.pop(connection, None)
        self.changed.poke()

    async def _serve(self, connection: Connection) -> None:
        try:
            while await self._turn(connection):
                pass
        except ConnectionError, TimeoutError:
            # The client left or fell asleep; a device hangs up without a word.
            connection.reset()
        except Exception as error:  # noqa: BLE001
            self.errors.append(error)
            connection.reset()
        finally:
            await self._hang_up(connection)
            self.changed.poke()

    async def _hang_up(self, connection: Connection) -> None:
        connection.close()
        try:
            async with asyncio.timeout(self.limits.linger):
                await connection.writer.wait_closed()
        except ConnectionError, TimeoutError:
            # The client took nothing more: what is left is dropped.
            connection.reset()

    async def _turn(self, connection: Connection) -> bool:
        """Read and answer one request; whether the connection lives on."""
        if await self._turned_away(connection):
            return False
        early = await self.preface(connection)
        if early is None:
            return False
        try:
            request = await self._read(connection, early)
        except Malformed as error:
            connection.write(Reply(error.status, close=True).head(False))
            return False
        if request is None or await self._turned_away(connection):
            return False
        exchange = Exchange(time.monotonic(), connection.number, request)
        connection.exchange = exchange
        self.wire.append(exchange)
        del self.wire[: -self.limits.log]
        self.changed.poke()
        reply = await self.respond(request, connection)
        if reply is None:
            return False
        exchange.status = reply.status
        self.changed.poke()
        return await self._send(reply, request, connection)

    async def _turned_away(self, connection: Connection) -> bool:
        """Treat the client as the mode says; whether that was the end."""
        if self.mode is Mode.SILENT:
            await connection.gone()
        elif self.mode is Mode.RESET:
            connection.reset()
        return self.mode is not Mode.SERVE

    async def _send(self, reply: Reply, request: Request, connection: Connection) -> bool:
        if reply.delay:
            await asyncio.sleep(reply.delay)
        alive = self.keep_alive and request.keep_alive and not reply.ends
        body = b"" if request.method == "HEAD" else reply.body[: reply.truncate]
        data = reply.head(alive) + body
        step = reply.fragment or len(data)
        async with asyncio.timeout(self.limits.idle):
            for start in range(0, len(data), step):
                connection.write(data[start : start + step])
                await connection.drain()
                if reply.fragment:
                    await asyncio.sleep(0)
        if reply.after is not None:
            reply.after()
        return alive

    async def _read(self, connection: Connection, early: bytes) -> Request | None:
        """Read one request; None when the client closed between two."""
        reader = connection.reader
        async with asyncio.timeout(self.limits.idle):
            try:
                head = early + await reader.readuntil(CRLF + CRLF)
            except asyncio.IncompleteReadError:
                return None
            except asyncio.LimitOverrunError as error:
                raise Malformed(431) from error
            line, *rest = head[:-4].decode("latin-1").split("\r\n")
            words = line.split(" ")
            if len(words) != 3 or not words[2].startswith("HTTP/1."):
                raise Malformed(400)
            method, target, version = words
            request = Request(method, target, version, tuple(_header(text) for text in rest))
            if self.reads_body(request):
                return request
            return replace(request, body=await self._body(request, reader))

    async def _body(self, request: Request, reader: asyncio.StreamReader) -> bytes:
        try:
            if "chunked" in (request.header("Transfer-Encoding") or "").lower():
                return await self._chunks(reader)
            size = int(request.header("Content-Length") or 0)
            if size > self.limits.body:
                raise Malformed(413)
            return await reader.readexactly(size)
        except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise Malformed(400) from error

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        body = raw = b""
        while size := int((head := await reader.readuntil(CRLF)).split(b";")[0], 16):
            if len(raw) + size > self.limits.body:
                raise Malformed(413)
            chunk = await reader.readexactly(size + 2)
            body += chunk[:-2]
            raw += head + chunk
        raw += head
        while (line := await reader.readuntil(CRLF)) != CRLF:
            raw += line
        return body if self.reads_chunks else raw + line


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise Malformed(400)
    return name.strip(), value.strip(" \t")


def _socket(port: int) -> socket.socket:
    """A bound socket. Two may hold one port as long as one of them listens at most."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setblocking(False)
    bound.bind((HOST, port))
    return bound
