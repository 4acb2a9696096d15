"""The RTSP simulator serves moving pictures to a real player over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
import re
from urllib.parse import quote

import av
import pytest

from tests.simulators import footage
from tests.simulators.rtp import load
from tests.simulators.rtsp import RtspServer

pytestmark = pytest.mark.usefixtures("socket_enabled")

PASSWORD = "p@ss:w/rd#"
SIZE = (320, 180)
USER = "admin"

FILES: dict[str, tuple[footage.VideoCodec, footage.AudioCodec | None]] = {
    "/cam/realmonitor?channel=1&subtype=0": ("h264", "aac"),
    "/cam/realmonitor?channel=1&subtype=1": ("h265", None),
    "/cam/realmonitor?channel=2&subtype=0": ("h264", "pcma"),
    "/cam/realmonitor?channel=2&subtype=1": ("h264", "pcmu"),
}


@dataclass
class Seen:
    """What a player got: decoded pictures, their times, and packets of sound."""

    codecs: list[str]
    pictures: int
    sizes: set[tuple[int, int]]
    sound: int
    times: list[int]


def resolve(path: str) -> Path | None:
    """Name a one-second loop for each path that a camera would serve."""
    known = FILES.get(path.removesuffix("&unicast=true"))
    return footage.loop("hallway", *known, size=SIZE, frames=10) if known else None


@pytest.fixture
async def server() -> AsyncIterator[RtspServer]:
    """Serve the loops behind a password that needs escaping in a URL."""
    result = RtspServer(resolve, USER, PASSWORD)
    await result.start()
    yield result
    await result.stop()


def url(server: RtspServer, path: str, password: str = PASSWORD) -> str:
    """Return an address with credentials as a client writes it."""
    return f"rtsp://{USER}:{quote(password, safe='')}@127.0.0.1:{server.port}{path}"


def watch(address: str, pictures: int, transport: str = "tcp") -> Seen:
    """Play until so many pictures are decoded; blocks."""
    options = {"rtsp_transport": transport}
    with av.open(address, options=options, timeout=(20, 20)) as container:
        seen = Seen([item.codec_context.name for item in container.streams], 0, set(), 0, [])
        for packet in container.demux():
            if packet.stream.type == "audio":
                seen.sound += sum(1 for _ in packet.decode())
                continue
            for frame in packet.decode():
                assert isinstance(frame, av.VideoFrame)
                seen.pictures += 1
                seen.sizes.add((frame.width, frame.height))
                if frame.pts is not None:  # FFmpeg gives the very first one no time.
                    seen.times.append(frame.pts)
            if seen.pictures >= pictures:
                break
    return seen


async def play(server: RtspServer, path: str, pictures: int = 12, transport: str = "tcp") -> Seen:
    """Play in a thread."""
    return await asyncio.to_thread(watch, url(server, path), pictures, transport)


@pytest.mark.parametrize(
    ("path", "codecs"),
    [
        ("/cam/realmonitor?channel=1&subtype=0", ["h264", "aac"]),
        ("/cam/realmonitor?channel=1&subtype=0&unicast=true", ["h264", "aac"]),
        ("/cam/realmonitor?channel=1&subtype=1", ["hevc"]),
        ("/cam/realmonitor?channel=2&subtype=0", ["h264", "pcm_alaw"]),
        ("/cam/realmonitor?channel=2&subtype=1", ["h264", "pcm_mulaw"]),
    ],
)
async def test_a_player_decodes_pictures_and_sound(
    server: RtspServer, path: str, codecs: list[str]
) -> None:
    seen = await play(server, path)
    assert seen.codecs == codecs
    assert seen.pictures >= 12
    assert seen.sizes == {SIZE}
    assert bool(seen.sound) is (len(codecs) == 2)


async def test_a_player_decodes_pictures_and_sound_over_udp(server: RtspServer) -> None:
    seen = await play(server, "/cam/realmonitor?channel=1&subtype=0", transport="udp")
    assert seen.codecs == ["h264", "aac"]
    assert seen.pictures >= 12
    assert seen.sound


async def test_times_go_on_evenly_where_the_loop_starts_again(server: RtspServer) -> None:
    seen = await play(server, "/cam/realmonitor?channel=1&subtype=0", pictures=25)
    steps = {later - earlier for earlier, later in zip(seen.times, seen.times[1:], strict=False)}
    assert len(seen.times) >= 24
    assert steps == {9_000}


async def test_a_wrong_password_is_refused(server: RtspServer) -> None:
    address = url(server, "/cam/realmonitor?channel=1&subtype=0", "wrong")
    with pytest.raises(av.HTTPUnauthorizedError):
        await asyncio.to_thread(watch, address, 1)
    assert server.refused
    assert server.sessions == 0


async def test_a_path_that_is_not_served_is_not_found(server: RtspServer) -> None:
    with pytest.raises(av.HTTPNotFoundError):
        await play(server, "/cam/realmonitor?channel=9&subtype=0")


async def test_stop_ends_a_playing_client_and_leaves_nothing(server: RtspServer) -> None:
    before = asyncio.all_tasks()
    client = await Client.connect(server)
    await client.play()
    await server.wait_playing(1)
    assert server.sessions == 1
    port = server.port
    await server.stop()
    assert await client.ended()
    await client.close()
    assert asyncio.all_tasks() <= before
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


class Client:
    """A client that speaks RTSP by hand, to see what a player hides."""

    def __init__(
        self, server: RtspServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.base = f"rtsp://127.0.0.1:{server.port}/cam/realmonitor?channel=1&subtype=0"
        self.count = 0
        self.packets: list[tuple[int, bytes]] = []
        self.reader = reader
        self.realm = server.realm
        self.nonce = ""
        self.session = ""
        self.writer = writer

    @classmethod
    async def connect(cls, server: RtspServer) -> Client:
        return cls(server, *await asyncio.open_connection("127.0.0.1", server.port))

    async def ask(
        self, method: str, uri: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request and read its answer, keeping media that comes before it."""
        uri = uri or self.base
        self.count += 1
        first = md5(f"{USER}:{self.realm}:{PASSWORD}".encode()).hexdigest()
        second = md5(f"{method}:{uri}".encode()).hexdigest()
        response = md5(f"{first}:{self.nonce}:{second}".encode()).hexdigest()
        given = {
            "CSeq": str(self.count),
            "Authorization": f'Digest username="{USER}", realm="{self.realm}", '
            f'nonce="{self.nonce}", uri="{uri}", response="{response}"',
            **({"Session": self.session} if self.session else {}),
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        self.writer.write(f"{method} {uri} RTSP/1.0\r\n{head}\r\n".encode())
        async with asyncio.timeout(20):
            while (mark := await self.reader.readexactly(1)) == b"$":
                await self._media()
            text = (mark + await self.reader.readuntil(b"\r\n\r\n")).decode()
            status, *lines = text.strip().split("\r\n")
            answer: dict[str, str] = {}
            for line in lines:
                name, _, value = line.partition(": ")
                answer[name] = f"{answer[name]}\n{value}" if name in answer else value
            body = await self.reader.readexactly(int(answer.get("Content-Length", "0")))
        return int(status.split()[1]), answer, body

    async def authorize(self) -> str:
        """Fetch the nonce; return the challenges."""
        status, headers, _ = await self.ask("DESCRIBE")
        assert status == 401
        found = re.search(r'nonce="(\w+)"', headers["WWW-Authenticate"])
        assert found
        self.nonce = found[1]
        return headers["WWW-Authenticate"]

    async def play(self) -> None:
        """Go all the way to the first packet."""
        if not self.nonce:
            await self.authorize()
        track = f"{self.base}/trackID=0"
        transport = "RTP/AVP/TCP;unicast;interleaved=0-1"
        status, headers, _ = await self.ask("SETUP", track, Transport=transport)
        assert status == 200
        self.session = headers["Session"].partition(";")[0]
        assert (await self.ask("PLAY"))[0] == 200

    async def until(self, enough: Callable[[], bool]) -> None:
        """Read media until that holds."""
        async with asyncio.timeout(20):
            while not enough():
                assert await self.reader.readexactly(1) == b"$"
                await self._media()

    async def ended(self) -> bool:
        """Read on until the server closes."""
        async with asyncio.timeout(20):
            while await self.reader.read(65_536):
                pass
        return True

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()

    @property
    def rtp(self) -> list[bytes]:
        return [packet for channel, packet in self.packets if channel == 0]

    @property
    def times(self) -> list[int]:
        return [int.from_bytes(packet[4:8]) for packet in self.rtp]

    @property
    def sequence(self) -> list[int]:
        return [int.from_bytes(packet[2:4]) for packet in self.rtp]

    async def _media(self) -> None:
        head = await self.reader.readexactly(3)
        packet = await self.reader.readexactly(int.from_bytes(head[1:]))
        self.packets.append((head[0], packet))


@pytest.fixture
async def client(server: RtspServer) -> AsyncIterator[Client]:
    """Connect by hand."""
    result = await Client.connect(server)
    yield result
    await result.close()


async def test_two_challenges_without_qop_share_a_realm(client: Client) -> None:
    digest, basic = (await client.authorize()).split("\n")
    assert digest.startswith(f'Digest realm="{client.realm}", nonce=')
    assert basic == f'Basic realm="{client.realm}"'
    assert "qop" not in digest


async def test_basic_is_taken_as_well(client: Client) -> None:
    wrong = await client.ask("DESCRIBE", Authorization="Basic YWRtaW46d3Jvbmc=")
    right = await client.ask("DESCRIBE", Authorization="Basic YWRtaW46cEBzczp3L3JkIw==")
    assert wrong[0] == 401
    assert right[0] == 200
    assert b"H264/90000" in right[2]


async def test_options_need_no_password_and_unknown_methods_are_refused(client: Client) -> None:
    status, headers, _ = await client.ask("OPTIONS")
    assert status == 200
    assert headers["Server"] == "Rtsp Server/3.0"
    assert "GET_PARAMETER" in headers["Public"]
    await client.authorize()
    assert (await client.ask("RECORD"))[0] == 405
    assert (await client.ask("PLAY", Session="1"))[0] == 454
    assert (await client.ask("SETUP", Transport="RAW/RAW/UDP"))[0] == 461


async def test_times_and_numbers_go_on_after_a_pause(server: RtspServer, client: Client) -> None:
    await client.play()
    await client.until(lambda: len(set(client.times)) >= 3)
    assert (await client.ask("PAUSE"))[0] == 200
    await server.wait_playing(0)
    assert server.sessions == 1
    before = len(client.rtp)
    assert (await client.ask("GET_PARAMETER"))[0] == 200
    assert len(client.rtp) == before
    assert (await client.ask("PLAY"))[0] == 200
    await client.until(lambda: len(set(client.times[before:])) >= 12)
    steps = {b - a for a, b in zip(client.times, client.times[1:], strict=False)}
    numbers = {(b - a) & 0xFFFF for a, b in zip(client.sequence, client.sequence[1:], strict=False)}
    assert steps == {0, 9_000}
    assert numbers == {1}
    assert any(channel == 1 and packet[1] == 200 for channel, packet in client.packets)
    assert (await client.ask("TEARDOWN"))[0] == 200
    assert server.sessions == 0


async def test_faults_refuse_drop_and_close(server: RtspServer, client: Client) -> None:
    await client.authorize()
    server.faults.unavailable = True
    assert (await client.ask("DESCRIBE"))[0] == 503
    server.faults.unavailable = False
    server.faults.describe_delay = 0.05
    assert (await client.ask("DESCRIBE"))[0] == 200
    server.faults.drop_every = 3
    await client.play()
    await client.until(lambda: len(client.rtp) >= 9)
    gaps = [(b - a) & 0xFFFF for a, b in zip(client.sequence, client.sequence[1:], strict=False)]
    assert set(gaps) == {1, 2}
    server.faults.close_after = 0
    assert await client.ended()
    await server.wait_playing(0)


async def test_a_stalled_stream_stays_connected_and_silent(
    server: RtspServer, client: Client
) -> None:
    server.faults.stalled = True
    await client.play()
    await server.wait_playing(1)
    assert (await client.ask("GET_PARAMETER"))[0] == 200
    assert not client.packets
    server.faults.stalled = False
    await client.until(lambda: len(client.rtp) >= 3)


async def test_a_cut_connection_can_be_opened_again(server: RtspServer, client: Client) -> None:
    await client.play()
    await server.drop_all()
    assert await client.ended()
    again = await Client.connect(server)
    await again.play()
    await again.until(lambda: len(again.rtp) >= 3)
    await again.close()
    await server.wait_playing(0)


async def test_a_file_is_read_once_for_all_clients(server: RtspServer) -> None:
    path = "/cam/realmonitor?channel=1&subtype=0"
    await play(server, path, pictures=1)
    reads = load.cache_info().misses
    await asyncio.gather(play(server, path, pictures=3), play(server, path, pictures=3))
    assert load.cache_info().misses == reads
