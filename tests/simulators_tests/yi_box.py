"""A simulated yi-hack camera with small pictures, and bytes to and from it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from tests.simulators import footage
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.raw import Raw

AT = datetime(2026, 11, 20, 14, 57, 13, tzinfo=UTC)
"""When the cameras' clocks stand still."""
EMPTY = b""


@cache
def tiny_picture(scene: str, frame: int, size: tuple[int, int]) -> bytes:
    """A real JPEG that was quick to draw."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 36), (frame * 20 % 256, 90, 120)).save(buffer, "JPEG")
    return buffer.getvalue()


def tiny_loop(scene: str, size: tuple[int, int]) -> Path:
    """One second of film."""
    return footage.loop("hallway", size=(320, 180), frames=10)


@asynccontextmanager
async def running(personality: str = "mstar", **options: Any) -> AsyncIterator[YiHackSimulator]:
    """A camera that runs until the end of the block."""
    given: dict[str, Any] = {"at": AT, "pictures": tiny_picture, "loops": tiny_loop} | options
    async with YiHackSimulator(personality, **given) as box:
        yield box


async def said(
    box: YiHackSimulator, target: str, *headers: str, method: str = "GET", body: bytes = b""
) -> bytes:
    """Everything that comes back until the connection closes."""
    async with await Raw.connect(box) as raw:
        raw.send(target, *headers, method=method, body=body)
        return await raw.rest()


async def body(
    box: YiHackSimulator, script: str, *headers: str, post: bytes | None = None
) -> bytes:
    """What a script prints below its headers."""
    method = "GET" if post is None else "POST"
    whole = await said(box, f"/cgi-bin/{script}", *headers, method=method, body=post or b"")
    head, blank, rest = whole.partition(b"\r\n\r\n")
    assert blank
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    return rest


async def values(box: YiHackSimulator, script: str, post: bytes | None = None) -> Any:
    """A script's strict JSON."""
    return json.loads(await body(box, script, post=post))


async def conf(box: YiHackSimulator, name: str) -> dict[str, str]:
    """A configuration file as get_configs.sh prints it."""
    found: dict[str, str] = await values(box, f"get_configs.sh?conf={name}")
    assert found.pop("NULL") == "NULL"
    return found
