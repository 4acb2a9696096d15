"""Which RTSP path answers and what it plays, against a real RTSP server and against raw ones."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from custom_components.cctv.devices import rtsp
from custom_components.cctv.devices.errors import (
    CannotConnect,
    DeviceError,
    Forbidden,
    Malformed,
    NoAnswer,
)
from tests.simulators.rtsp import RtspServer
from tests.simulators_tests.open_api_box import film

pytestmark = pytest.mark.usefixtures("socket_enabled")

USER, PASSWORD = "admin", "p@ss:w/rd#"


def resolve(path: str) -> Path | None:
    """One path plays."""
    return film("street") if path == "/cam1/h264?x=1" else None


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """A server that says this to everything and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"


async def test_the_first_path_that_is_there_is_found_with_its_codec() -> None:
    server = RtspServer(resolve, USER, PASSWORD)
    await server.start()
    base = f"rtsp://127.0.0.1:{server.port}"
    paths = [f"{base}/nothing", f"{base}/cam1/h264?x=1", f"{base}/other"]
    found = await rtsp.first(paths, USER, PASSWORD)
    assert found == rtsp.Described(paths[1], "h264")
    assert await rtsp.first(paths[:1], USER, PASSWORD) is None
    assert await rtsp.first([], USER, PASSWORD) is None
    await server.stop()


async def test_a_wrong_login_is_tried_once() -> None:
    server = RtspServer(resolve, USER, PASSWORD)
    await server.start()
    with pytest.raises(Forbidden):
        await rtsp.first([f"rtsp://127.0.0.1:{server.port}/{n}" for n in range(5)], USER, "wrong")
    assert server.refused <= 2
    await server.stop()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", CannotConnect),
        (b"RTSP/1.0 200 OK\r\n", CannotConnect),
        (b"HTTP/1.0 200 OK\r\n\r\n", Malformed),
        (b"RTSP/1.0 200 OK\r\nX: y\r\n" * 20_000, Malformed),
        (b"RTSP/1.0 403 Forbidden\r\n\r\n", Forbidden),
        (b"RTSP/1.0 401 No\r\n\r\n", Forbidden),
        (b"RTSP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nhalf", CannotConnect),
    ],
)
async def test_every_bad_answer_is_one_of_our_errors(
    answer: bytes, error: type[DeviceError]
) -> None:
    async with answering(answer) as url:
        with pytest.raises(error):
            await rtsp.first([url])


@pytest.mark.parametrize("status", [404, 454])
async def test_a_path_that_is_not_there_is_none(status: int) -> None:
    async with answering(b"RTSP/1.0 %d No\r\n\r\n" % status) as url:
        assert await rtsp.first([url]) is None


async def test_a_path_that_is_busy_is_there_all_the_same() -> None:
    async with answering(b"RTSP/1.0 503 Busy\nCSeq: 1\n\n") as url:
        assert await rtsp.first([url]) == rtsp.Described(url, None)


async def test_nobody_there_and_nobody_speaking_are_told_apart() -> None:
    async with answering(b"") as url:
        pass
    with pytest.raises(CannotConnect):
        await rtsp.first([url])

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NoAnswer):
            await rtsp.first([f"rtsp://127.0.0.1:{port}/"], deadline=0.05)


@pytest.mark.parametrize(
    "url",
    [
        "http://a/",
        "rtsp://",
        "rtsp://a b/",
        "rtsp://a:99999/",
        "rtsp://[a/",
        "rtsp://a/\r\nX: y",
        "",
    ],
)
async def test_what_is_no_rtsp_address_is_not_asked(url: str) -> None:
    assert await rtsp.first([url]) is None


@pytest.mark.parametrize(
    ("description", "codec"),
    [
        ("m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", "h264"),
        ("m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP 97\na=rtpmap:97 H265/90000\n", "h265"),
        ("m=video 0 RTP/AVP 26\r\n", "mjpeg"),
        ("m=video 0 RTP/AVP 96\r\na=rtpmap:96 MP4V-ES/90000\r\n", "mpeg4"),
        ("m=video 0 RTP/AVP 96\r\na=rtpmap:96 X-NEW/90000\r\n", "x-new"),
        ("m=video 0 RTP/AVP 96\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n", None),
        ("m=audio 0 RTP/AVP 0\r\n", None),
        ("m=\r\nm=video\r\n", None),
        ("", None),
    ],
)
def test_the_codec_is_that_of_the_first_video(description: str, codec: str | None) -> None:
    assert rtsp.codec(description) == codec


def test_a_description_cut_anywhere_does_no_harm() -> None:
    text = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    read: Callable[[str], str | None] = rtsp.codec
    assert {read(text[:cut]) for cut in range(len(text))} >= {None, "h264"}
