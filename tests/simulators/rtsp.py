"""A real RTSP server on loopback that loops files, with a camera's manners and faults."""

import asyncio
import base64
import binascii
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import md5
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
import re
import secrets
import struct
from typing import Final
from urllib.parse import unquote, urlsplit

from .rtp import Sender, Track, load

HOST: Final = "127.0.0.1"
IDLE_TIMEOUT: Final = 120.0
REPORT_INTERVAL: Final = 5.0
SESSION_TIMEOUT: Final = 60
WRITE_TIMEOUT: Final = 10.0
MAX_BODY: Final = 65_536
MAX_HEAD: Final = 16_384

METHODS: Final = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER"
REASONS: Final = {
    454: "Session Not Found",
    455: "Method Not Valid In This State",
    461: "Unsupported Transport",
}

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_TRACK = re.compile(r"/trackID=(\d+)/?$")

type Resolve = Callable[[str], Path | None]


@dataclass(slots=True)
class Faults:
    """What goes wrong on purpose; changed at any time, also while clients play."""

    close_after: int | None = None
    describe_delay: float = 0.0
    drop_every: int | None = None
    stalled: bool = False
    unavailable: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    """One request as it came."""

    method: str
    uri: str
    headers: dict[str, str]


class _Refusal(Exception):
    """A status to answer instead of 200."""

    def __init__(self, status: int, **headers: str) -> None:
        """Keep the status and extra headers."""
        super().__init__(status)
        self.status = status
        self.headers = headers


class _Discard(asyncio.DatagramProtocol):
    """What a client sends back over UDP: hole punching and receiver reports."""


@dataclass(slots=True)
class _Session:
    """What one client set up."""

    path: str
    id: str = field(default_factory=lambda: str(secrets.randbelow(10**10)))
    player: asyncio.Task[None] | None = None
    senders: dict[int, Sender] = field(default_factory=dict)


class _Connection:
    """One RTSP connection: its requests, its challenge, its session."""

    def __init__(
        self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take the two ends of the socket."""
        self._nonce = secrets.token_hex(16)
        self._reader = reader
        self._server = server
        self._writer = writer
        self.session: _Session | None = None

    @property
    def playing(self) -> bool:
        """Tell whether media goes to this client."""
        return self.session is not None and self.session.player is not None

    async def run(self) -> None:
        """Answer requests until either side closes."""
        try:
            while (request := await asyncio.wait_for(self._request(), IDLE_TIMEOUT)) is not None:
                await self._answer(request)
        except TimeoutError, ConnectionError, asyncio.IncompleteReadError, ValueError:
            return  # The client went away, fell silent, or speaks something else.
        finally:
            self._writer.close()
            await self._teardown()
            with suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(self._writer.wait_closed(), WRITE_TIMEOUT)

    async def _request(self) -> _Request | None:
        """Read the next request, passing over interleaved RTCP from the client."""
        while (first := await self._reader.read(1)) == b"$":
            _, length = struct.unpack(">BH", await self._reader.readexactly(3))
            await self._reader.readexactly(length)
        if not first:
            return None
        try:
            head = (first + await self._reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        except asyncio.LimitOverrunError as error:
            raise ValueError("request head too long") from error
        start, *lines = head.strip().split("\r\n")
        method, uri, _ = start.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, value in (line.split(":", 1) for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        if not 0 <= length <= MAX_BODY:
            raise ValueError("request body too long")
        await self._reader.readexactly(length)
        return _Request(method, uri, headers)

    async def _answer(self, request: _Request) -> None:
        """Answer one request."""
        try:
            if request.method != "OPTIONS":
                self._authorize(request)
            match request.method:
                case "OPTIONS":
                    await self._reply(request, 200, {"Public": METHODS})
                case "DESCRIBE":
                    await self._describe(request)
                case "SETUP":
                    await self._setup(request)
                case "PLAY":
                    await self._play(request)
                case "PAUSE":
                    session = self._need_session(request)
                    await self._pause()
                    await self._reply(request, 200, {"Session": session.id})
                case "TEARDOWN":
                    session = self._need_session(request)
                    await self._teardown()
                    await self._reply(request, 200, {"Session": session.id})
                case "GET_PARAMETER":
                    await self._reply(request, 200, {})
                case _:
                    raise _Refusal(405, Allow=METHODS)
        except _Refusal as refusal:
            challenges: tuple[str, ...] = ()
            if refusal.status == HTTPStatus.UNAUTHORIZED:
                # Two headers, same realm, and no qop (§3.5, §3.1).
                challenges = (
                    f'Digest realm="{self._server.realm}", nonce="{self._nonce}"',
                    f'Basic realm="{self._server.realm}"',
                )
            await self._reply(request, refusal.status, refusal.headers, challenges=challenges)

    def _authorize(self, request: _Request) -> None:
        """Check Digest MD5 without qop, or Basic (§3.5); without a user nobody is asked."""
        server = self._server
        if not server.user:
            return
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "digest":
            given = {name: quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
            first = md5(f"{server.user}:{server.realm}:{server.password}".encode()).hexdigest()
            second = md5(f"{request.method}:{given.get('uri', '')}".encode()).hexdigest()
            wanted = md5(f"{first}:{self._nonce}:{second}".encode()).hexdigest()
            if (
                given.get("username") == server.user
                and given.get("uri") == request.uri
                and compare_digest(given.get("response", "").encode(), wanted.encode())
            ):
                return
        elif scheme.lower() == "basic":
            wanted = f"{server.user}:{server.password}"
            with suppress(binascii.Error):
                if compare_digest(base64.b64decode(rest, validate=True), wanted.encode()):
                    return
        server.refused += 1
        raise _Refusal(HTTPStatus.UNAUTHORIZED)

    async def _tracks(self, path: str) -> tuple[Track, ...]:
        """Find and read the file behind a path; both may touch the disk."""
        file = await asyncio.to_thread(self._server.resolve, path)
        if file is None:
            raise _Refusal(HTTPStatus.NOT_FOUND)
        return await asyncio.to_thread(load, file)

    async def _describe(self, request: _Request) -> None:
        """Answer with the SDP, or refuse as the faults say."""
        faults = self._server.faults
        if faults.describe_delay:
            await asyncio.sleep(faults.describe_delay)
        if faults.unavailable:
            raise _Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        lines = ["v=0", "o=- 2251938202 2251938202 IN IP4 0.0.0.0", "s=Media Server"]
        lines += ["c=IN IP4 0.0.0.0", "t=0 0", "a=control:*", "a=range:npt=now-"]
        for number, track in enumerate(await self._tracks(_path(request.uri))):
            lines += [track.sdp[0], f"a=control:trackID={number}", *track.sdp[1:], "a=recvonly"]
        headers = {"Content-Type": "application/sdp", "Content-Base": f"{request.uri}/"}
        await self._reply(request, 200, headers, "\r\n".join([*lines, ""]).encode())

    async def _setup(self, request: _Request) -> None:
        """Set up one track over the connection itself or over UDP."""
        found = _TRACK.search(request.uri)
        path = _path(request.uri)
        tracks = await self._tracks(path)
        number = int(found[1]) if found else 0
        if number >= len(tracks):
            raise _Refusal(HTTPStatus.NOT_FOUND)
        if self.playing:
            raise _Refusal(455)
        transport = request.headers.get("transport", "")
        if found_channels := re.search(r"interleaved=(\d{1,3})-(\d{1,3})", transport):
            rtp, rtcp = (int(channel) & 0xFF for channel in found_channels.groups())
            sender = Sender(tracks[number], self._interleaved(rtp), self._interleaved(rtcp))
            answer = f"RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp};ssrc={sender.ssrc:08X}"
        elif "TCP" not in transport and (
            ports := re.search(r"client_port=(\d{1,5})-(\d{1,5})", transport)
        ):
            if max(int(port) for port in ports.groups()) > 65_535:
                raise _Refusal(461)
            client: str = self._writer.get_extra_info("peername")[0]
            pair = await _udp_pair(client, int(ports[1]), int(ports[2]))
            sender = Sender(tracks[number], pair[0].sendto, pair[1].sendto, pair)
            own = "-".join(str(end.get_extra_info("sockname")[1]) for end in pair)
            answer = (
                f"RTP/AVP;unicast;client_port={ports[1]}-{ports[2]};server_port={own};"
                f"ssrc={sender.ssrc:08X}"
            )
        else:
            raise _Refusal(461)
        if self.session is None:
            self.session = _Session(path)
        if old := self.session.senders.pop(number, None):
            _close(old)
        self.session.senders[number] = sender
        session = f"{self.session.id};timeout={SESSION_TIMEOUT}"
        await self._reply(request, 200, {"Session": session, "Transport": answer})

    def _interleaved(self, channel: int) -> Callable[[bytes], None]:
        """Return what sends a packet over the RTSP connection."""

        def send(packet: bytes) -> None:
            # A client that left in the middle of a frame; the next drain says so.
            if not self._writer.is_closing():
                self._writer.write(struct.pack(">cBH", b"$", channel, len(packet)) + packet)

        return send

    async def _play(self, request: _Request) -> None:
        """Start, or go on after a pause."""
        session = self._need_session(request)
        info = ",".join(
            f"url={request.uri.rstrip('/')}/trackID={number};"
            f"seq={sender.sequence};rtptime={sender.timestamp}"
            for number, sender in sorted(session.senders.items())
        )
        headers = {"Session": session.id, "Range": "npt=now-", "RTP-Info": info}
        await self._reply(request, 200, headers)
        if session.player is None:
            session.player = self._server.own(self._stream(list(session.senders.values())))
            await self._server.changed()

    async def _stream(self, senders: list[Sender]) -> None:
        """Send every track's units when they are due, until cancelled or closed."""
        loop, faults = asyncio.get_running_loop(), self._server.faults
        origin = loop.time() - min(sender.seconds for sender in senders)
        for sender in senders:
            sender.reported = None
        sent = 0
        try:
            while True:
                sender = min(senders, key=lambda item: item.seconds)
                await asyncio.sleep(max(0.0, origin + sender.seconds - loop.time()))
                if not faults.stalled and (
                    sender.reported is None or loop.time() - sender.reported > REPORT_INTERVAL
                ):
                    sender.reported = loop.time()
                    sender.rtcp(sender.report())
                for packet in sender.take():
                    sent += 1
                    if faults.stalled or (faults.drop_every and sent % faults.drop_every == 0):
                        continue
                    sender.rtp(packet)
                if faults.close_after is not None and sent >= faults.close_after:
                    break
                await asyncio.wait_for(self._writer.drain(), WRITE_TIMEOUT)
        except ConnectionError, TimeoutError:
            pass  # The client is gone or reads no more: closing below ends its session.
        self._writer.close()

    def _need_session(self, request: _Request) -> _Session:
        """Return the session that the request names."""
        named = request.headers.get("session", "").partition(";")[0]
        if self.session is None or named != self.session.id:
            raise _Refusal(454)
        return self.session

    async def _pause(self) -> None:
        """Stop sending; positions stay."""
        if self.session is not None and self.session.player is not None:
            player, self.session.player = self.session.player, None
            player.cancel()
            await asyncio.gather(player, return_exceptions=True)
            await self._server.changed()

    async def _teardown(self) -> None:
        """End the session and close its UDP sockets."""
        if self.session is not None:
            session, self.session = self.session, None
            for sender in session.senders.values():
                _close(sender)
            if session.player is not None:
                session.player.cancel()
                await asyncio.gather(session.player, return_exceptions=True)
            await self._server.changed()

    async def _reply(
        self,
        request: _Request,
        status: int,
        headers: dict[str, str],
        body: bytes = b"",
        challenges: tuple[str, ...] = (),
    ) -> None:
        """Send one answer."""
        reason = REASONS.get(status) or HTTPStatus(status).phrase
        lines = [f"RTSP/1.0 {status} {reason}", f"CSeq: {request.headers.get('cseq', '0')}"]
        lines.append("Server: Rtsp Server/3.0")
        lines += [f"WWW-Authenticate: {challenge}" for challenge in challenges]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await asyncio.wait_for(self._writer.drain(), WRITE_TIMEOUT)


class RtspServer:
    """Serves the file that `resolve` names for a path and query; 404 where it names none."""

    def __init__(
        self,
        resolve: Resolve,
        user: str,
        password: str,
        port: int = 0,
        *,
        realm: str = "Login to 3F02B48PAJ9A711",
    ) -> None:
        """Prepare a server; `resolve` runs in a thread and may render what it names."""
        self._changed = asyncio.Condition()
        self._connections: set[_Connection] = set()
        self._port = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.faults = Faults()
        self.password = password
        self.realm = realm
        self.refused = 0
        self.resolve = resolve
        self.user = user

    @property
    def port(self) -> int:
        """Return the port it listens on; the one asked for while it does not."""
        if self._server is None or not self._server.sockets:
            return self._port
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def sessions(self) -> int:
        """Return the number of sessions set up and not yet torn down."""
        return sum(connection.session is not None for connection in self._connections)

    @property
    def playing(self) -> int:
        """Return the number of sessions that media goes to."""
        return sum(connection.playing for connection in self._connections)

    async def start(self) -> None:
        """Listen on loopback; the port stays the same through stops and starts."""
        self._server = await asyncio.start_server(self._accept, HOST, self._port, limit=MAX_HEAD)
        self._port = self.port

    async def stop(self) -> None:
        """Stop listening and end every connection; nothing is left running or open."""
        if self._server is None:
            return
        self._server.close()
        await self.drop_all()
        await self._server.wait_closed()
        self._server = None

    async def drop_all(self) -> None:
        """Cut every connection as a rebooting camera does, and go on listening."""
        if self._server is not None:
            self._server.abort_clients()
        while tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks.difference_update(tasks)

    def own(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run something until it ends or the server stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def wait_playing(self, count: int, timeout: float = 10.0) -> None:
        """Wait until exactly so many clients play; TimeoutError if they never do."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: self.playing == count)

    async def changed(self) -> None:
        """Tell those who wait that a client began or ended."""
        async with self._changed:
            self._changed.notify_all()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Give a connection a task of its own."""
        self.own(self._serve(_Connection(self, reader, writer)))

    async def _serve(self, connection: _Connection) -> None:
        """Serve one connection to its end."""
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)


def _path(uri: str) -> str:
    """Return path and query of a request URI, without track and trailing slash."""
    parts = urlsplit(_TRACK.sub("", uri))
    whole = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return unquote(whole.rstrip("/"))


def _close(sender: Sender) -> None:
    """Close the sockets of a sender."""
    for transport in sender.transports:
        transport.close()


async def _udp_pair(
    client: str, rtp: int, rtcp: int
) -> tuple[asyncio.DatagramTransport, asyncio.DatagramTransport]:
    """Open two sockets towards the client's ports; the numbers need not be neighbours."""
    loop = asyncio.get_running_loop()
    first, _ = await loop.create_datagram_endpoint(
        _Discard, local_addr=(HOST, 0), remote_addr=(client, rtp)
    )
    try:
        second, _ = await loop.create_datagram_endpoint(
            _Discard, local_addr=(HOST, 0), remote_addr=(client, rtcp)
        )
    except OSError:
        first.close()
        raise
    return first, second
