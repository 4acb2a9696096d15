"""What the tests of the simulated Open API cameras share: cheap pictures, and questions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
import tempfile
from typing import Any

from PIL import Image

from tests.simulators.footage.encode import encode
from tests.simulators.open_api import OpenApiSimulator
from tests.simulators.open_api.device import Size
from tests.simulators_tests.raw import DEADLINE, Answer, Raw, basic, digest

USER = "root"
PASSWORD = "root"
BASIC = basic(USER, PASSWORD)
NOON = datetime(2026, 7, 4, 12, 5, 7, tzinfo=UTC)
OK = b"OK\r\n"


def picture(scene: str, frame: int, size: Size) -> bytes:
    """Something that begins and ends as a JPEG does, and says what it shows."""
    return b"\xff\xd8" + f"{scene} {frame} {size[0]}x{size[1]}".encode() + b"\xff\xd9"


@cache
def film(scene: str) -> Path:
    """A second of H.264, encoded once in a run."""
    path = Path(tempfile.mkdtemp()) / "film.mp4"
    pictures = (Image.new("RGB", (64, 48), (number * 9, 40, 90)) for number in range(10))
    encode(path, pictures, (64, 48), 10, "h264", None)
    return path


@asynccontextmanager
async def running(personality: str = "seed", **fields: Any) -> AsyncIterator[OpenApiSimulator]:
    """Serve a personality whose clock stands still, with cheap pictures and short restarts."""
    fields.setdefault("now", lambda: NOON)
    box = OpenApiSimulator(personality, pictures=picture, loops=film, **fields)
    box.faults.reboot_delay = box.faults.down_seconds = 0.0
    async with box:
        yield box


async def login(box: OpenApiSimulator, target: str, method: str = "GET", body: bytes = b"") -> str:
    """The Authorization header that this camera takes for a target."""
    if "basic" in box.parameters["Network.HTTP.AuthenticationPolicy"]:
        return BASIC
    async with await Raw.connect(box) as raw:
        raw.send(target, method=method, body=body)
        asked = split(await raw.rest()).header("WWW-Authenticate")
    assert asked is not None
    return digest(asked, target, method=method, user=USER, password=PASSWORD)


def split(data: bytes) -> Answer:
    """Head and body of an answer; a parameter list may part them with a bare LF (§1.1)."""
    ends = [end for end in (b"\r\n\r\n", b"\r\n\n", b"\n\n") if end in data]
    end = min(ends, key=data.index)
    head, _, body = data.partition(end)
    return Answer(head + end, body)


async def ask(
    box: OpenApiSimulator,
    target: str,
    *headers: str,
    method: str = "GET",
    body: bytes = b"",
    authorization: str | None = None,
) -> Answer:
    """One request, and every byte until the camera hangs up."""
    header = authorization or await login(box, target, method, body)
    async with await Raw.connect(box) as raw:
        raw.send(target, header, *headers, method=method, body=body)
        return split(await raw.rest())


async def body_of(box: OpenApiSimulator, target: str) -> bytes:
    """The body of an answer that is a success."""
    answer = await ask(box, target)
    assert answer.status == 200, answer
    return answer.body


@asynccontextmanager
async def stream(
    box: OpenApiSimulator, target: str, kind: str, first: bytes | None = None
) -> AsyncIterator[Raw]:
    """A stream that has been opened; its head must be the one given."""
    header = await login(box, target)
    async with await Raw.connect(box) as raw:
        raw.send(target, header)
        await box.wait_attached(1, kind)
        if first is not None:
            await raw.exactly(first)
        yield raw
    await box.wait_detached(kind)


async def until(raw: Raw, wanted: bytes, seen: bytes = b"") -> bytes:
    """Read a stream until these bytes have come; everything up to and with them."""
    async with asyncio.timeout(DEADLINE):
        while wanted not in seen:
            data = await raw.reader.read(65_536)
            assert data, seen[-200:]
            seen += data
    return seen[: seen.index(wanted) + len(wanted)]
