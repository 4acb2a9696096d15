"""`scripts/probe` as a user runs it: a process of its own, against a simulated camera."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import sys
from typing import Final

import pytest

from tests.simulators.amcrest import AmcrestSimulator

PROJECT: Final = Path(__file__).parents[1]
USER: Final = "admin"
PASSWORD: Final = "p@ss:w/rd#"
DEADLINE_SECONDS: Final = 60

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def camera() -> AsyncIterator[AmcrestSimulator]:
    """Put a camera on loopback."""
    async with AmcrestSimulator("ipc", USER, PASSWORD) as simulator:
        yield simulator


async def probe(*words: str) -> tuple[int, str, str]:
    """Run it; exit code, output, errors."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.probing",
        *words,
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(DEADLINE_SECONDS):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


async def test_it_tells_what_a_camera_is_and_has(camera: AmcrestSimulator) -> None:
    code, output, errors = await probe(
        camera.url, "--user", USER, "--password", PASSWORD, "--json", "--wait", "1"
    )
    assert (code, errors) == (0, "")
    told = json.loads(output)
    assert told["family"] == "amcrest"
    features = {feature["id"]: feature for feature in told["features"]}
    assert features[":motion_detection"]["value"] is True
    assert [stream["profile"] for stream in told["streams"]] == ["main", "sub"]


async def test_it_names_neither_the_owner_nor_the_device(camera: AmcrestSimulator) -> None:
    code, output, _ = await probe(
        camera.url, "--user", USER, "--password", PASSWORD, "--hide-address", "--wait", "1"
    )
    assert code == 0
    mac = str(camera.config["Network.eth0.PhysicalAddress"])
    for secret in (camera.serial, PASSWORD, mac, mac.replace(":", ""), "127.0.0.1"):
        assert secret.lower() not in output.lower()


async def test_it_prints_what_happens_while_it_watches(camera: AmcrestSimulator) -> None:
    running = asyncio.create_task(
        probe(camera.url, "--user", USER, "--password", PASSWORD, "--wait", "0", "--watch", "4")
    )
    await camera.wait_attached(timeout=DEADLINE_SECONDS)
    camera.emit("VideoMotion", "Start", 0)
    code, output, _ = await running
    assert code == 0
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert {"feature": ":motion", "value": True, "available": True}.items() <= lines[0].items()
    assert any(line.get("event") == ":detection" for line in lines)


async def test_a_wrong_password_is_tried_once(camera: AmcrestSimulator) -> None:
    code, output, errors = await probe(camera.url, "--user", USER, "--password", "wrong-one")
    assert code == 4
    assert output == ""
    assert "refused the user name or the password" in errors
    assert "wrong-one" not in errors
    assert camera.failed_logins == 1


async def test_it_says_what_answers_instead() -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"<title>My Router</title>"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(page, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        code, _, errors = await probe(f"127.0.0.1:{port}")
    assert code == 3
    assert "My Router" in errors


@pytest.mark.parametrize(("address", "code"), [("ftp://camera", 2), ("127.0.0.1:1", 5)])
async def test_an_address_without_a_device_has_a_code_of_its_own(address: str, code: int) -> None:
    assert (await probe(address))[0] == code
