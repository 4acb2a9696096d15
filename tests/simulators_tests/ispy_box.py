"""What the tests of the simulated iSpy share: cheap pictures, and questions over sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
import io
from pathlib import Path
import tempfile
from typing import Any

from PIL import Image

from tests.simulators.footage.encode import encode
from tests.simulators.ispy import IspySimulator, Personality
from tests.simulators.ispy.objects import Size
from tests.simulators_tests.raw import DEADLINE, Answer, Raw

NOON = datetime(2024, 3, 30, 11, 0, 0, 250_000, tzinfo=UTC)
"""Noon in Berlin, the day before the clocks go forward."""


def paint(scene: str, frame: int, size: Size) -> Image.Image:
    """A plain picture whose colour tells the scene and the frame."""
    return Image.new("RGB", size, (sum(scene.encode()) % 200, frame * 3 % 250, 90))


def picture(scene: str, frame: int, size: Size) -> bytes:
    """The same as a JPEG."""
    buffer = io.BytesIO()
    paint(scene, frame, size).save(buffer, "JPEG")
    return buffer.getvalue()


@cache
def loop(scene: str) -> Path:
    """A second of H.264, encoded once in a run."""
    path = Path(tempfile.mkdtemp()) / "loop.mp4"
    size = (64, 48)
    encode(path, (paint(scene, number * 8, size) for number in range(10)), size, 10, "h264", None)
    return path


@asynccontextmanager
async def running(
    personality: str | Personality = "g3", **fields: Any
) -> AsyncIterator[IspySimulator]:
    """Serve a personality whose clock stands still, with cheap pictures."""
    fields.setdefault("at", NOON)
    box = IspySimulator(personality, pictures=picture, loops=loop, **fields)
    async with box:
        yield box


async def ask(
    box: IspySimulator, target: str, *headers: str, method: str = "GET", body: bytes = b""
) -> Answer:
    """One request on a connection of its own, read until the program hangs up."""
    async with await Raw.connect(box) as raw:
        raw.send(target, *headers, method=method, body=body)
        head, _, rest = (await raw.rest()).partition(b"\r\n\r\n")
        return Answer(head, rest)


async def text(box: IspySimulator, target: str, *headers: str) -> str:
    """The body of one answer."""
    return (await ask(box, target, *headers)).body.decode()


async def closes(box: IspySimulator, target: str, *headers: str, method: str = "GET") -> bool:
    """Whether the connection ends without a byte."""
    answer = await ask(box, target, *headers, method=method)
    return answer == Answer(b"", b"")


async def hangs(box: IspySimulator, target: str, *headers: str) -> bool:
    """Whether a request gets no byte and no end, though others are served."""
    async with await Raw.connect(box) as raw:
        before = len(box.wire)
        raw.send(target, *headers)
        await box.until(lambda: len(box.wire) > before, DEADLINE)
        assert await text(box, "/ping") == "OK"
        ending = asyncio.ensure_future(raw.reader.read(1))
        assert await text(box, "/ping") == "OK"
        pending = not ending.done()
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
        return pending and box.wire[before].status is None


def jpeg(data: bytes) -> Image.Image:
    """Decode a JPEG."""
    return Image.open(io.BytesIO(data)).convert("RGB")
