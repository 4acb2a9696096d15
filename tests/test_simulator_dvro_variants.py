"""The variants of the simulated DVR+O, its switches and controls (docs/protocols/dvro.md §8)."""

import asyncio
import json
import signal
import sys
from typing import Any

import pytest

from tests.simulators.control import Control
from tests.simulators.dvro import (
    PERSONALITIES,
    Booleans,
    Framing,
    JsonStyle,
)
from tests.simulators_tests.dvro_box import (
    DATA,
    INSPECTOR,
    ask,
    command,
    reading,
    refused,
    simulator,
    whole,
)
from tests.simulators_tests.raw import DEADLINE, Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

BOM = b"\xef\xbb\xbf"


# §8 Variants


@pytest.mark.parametrize("name", PERSONALITIES)
async def test_every_personality_is_alive_where_it_listens(name: str) -> None:
    async with simulator(name) as box:
        assert await refused(box) is (name == "status_only")
        assert await refused(box.status) is (name == "status_refused")
        for server in (box, box.status):
            if server.mode == "serve":
                body = (await ask(server, "/api/stats/ping")).body
                assert json.loads(body.decode("utf-8-sig")) == {"Ping": True}
        await box.go_dark()
        await box.come_back()
        assert await refused(box) is (name == "status_only")
        assert await refused(box.status) is (name == "status_refused")


async def test_booleans_as_objects() -> None:
    async with simulator("object_booleans") as box:
        answer = await whole(box, f"{INSPECTOR}/isrecording")
        assert answer.header("Content-Length") == str(len(answer.body))
        assert answer.body == b'{\r\n  "IsRecording": false\r\n}'
        box.faults.json = JsonStyle.COMPACT
        assert await reading(box, "iscliprecording") == b'{"IsClipRecording":false}'
        assert (
            await ask(box.status, "/api/recording/isrecording")
        ).body == b'{"IsRecording":false}'


async def test_encoder_running_stands_in_for_is_recording() -> None:
    async with simulator("encoder_only") as box:
        assert (await ask(box, f"{INSPECTOR}/isrecording")).status == 404
        assert await reading(box, "encoderrunning") == b"false"
        assert (await ask(box.status, "/api/recording/isrecording")).status == 404
        assert (await ask(box.status, "/api/recording/encoderrunning")).body == b"false"


async def test_pages_that_could_be_taken_for_answers() -> None:
    async with simulator("html_errors") as box:
        for target, status in ((f"{INSPECTOR}/nothing", 404), (f"{INSPECTOR}/splittime/x", 500)):
            answer = await ask(box, target)
            assert answer.status == status
            assert b'{ "Ping": true, "IsRecording": true }' in answer.body


async def test_hostile_bytes() -> None:
    async with simulator("hostile") as box:
        answer = await whole(box, f"{INSPECTOR}/isrecording")
        assert answer.header("Content-Type") == "text/html"
        assert answer.body.startswith(b"1\r\n\xef\r\n1\r\n\xbb\r\n1\r\n\xbf\r\n1\r\nF\r\n")
        assert await reading(box, "isrecording") == BOM + b"False"
        assert await reading(box, "takeframegrab") == BOM + b"True"
        box.faults.booleans = Booleans.QUOTED
        assert await reading(box, "isrecording") == BOM + b'"false"'
        empty = await whole(box, f"{INSPECTOR}/stopclip")
        assert empty.header("Content-Length") is None
        box.faults.framing = Framing.CLOSE
        bare = await whole(box, "/api/stats/ping")
        assert bare.header("Content-Length") is None
        assert bare.header("Transfer-Encoding") is None
        assert bare.body == BOM + b'{ "Ping": true }'


async def test_paths_can_fail_be_slow_say_something_else_or_nothing() -> None:
    ping = "/api/stats/ping"
    start = f"{INSPECTOR}/startrecording"
    async with simulator() as box:
        box.recorder.recording_dir = DATA
        box.faults.failing.add(start)
        assert (await ask(box, start)).status == 500
        assert not box.recorder.recording
        box.faults.failing.clear()
        box.faults.bodies[ping] = b"<html>hello</html>"
        assert (await ask(box, ping)).body == b"<html>hello</html>"
        box.faults.delays[start] = 30.0
        async with await Raw.connect(box) as raw:
            raw.send(start)
            await box.until(lambda: box.recorder.recording)
            assert box.wire[-1].status is None
        box.faults.mute.add(ping)
        async with await Raw.connect(box) as raw:
            raw.send(ping)
            await box.until(lambda: box.wire[-1].target == ping)
            assert box.wire[-1].status is None


async def test_what_was_asked_of_both_ports_in_order() -> None:
    async with simulator() as box:
        await ask(box, "/api/stats/ping")
        await ask(box.status, "/api/recording/status")
        await command(box, "stopclip")
        assert box.requests == [
            "GET /api/stats/ping",
            "GET /api/recording/status",
            f"GET {INSPECTOR}/stopclip",
        ]


# The control endpoint and the command line


async def test_the_control_endpoint_turns_it() -> None:
    async with simulator() as box, Control(box) as control:

        async def verb(name: str, payload: object) -> Any:
            reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
            body = json.dumps(payload).encode()
            writer.write(
                b"POST /%s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s"
                % (name.encode(), len(body), body)
            )
            async with asyncio.timeout(DEADLINE):
                answer = await reader.read()
            writer.close()
            return json.loads(answer.partition(b"\r\n\r\n")[2])

        assert await verb("dialog", {"directory": DATA}) == {"recording": True}
        assert await verb("advance", {"minutes": 5}) == {"files": 2}
        assert await verb("space", {"percent": 7}) == {"percent": 7}
        assert "error" in await verb("space", {"percent": 700})
        assert await verb("record", {"on": False}) == {"recording": False}
        assert await verb("channels", {"started": False}) == {"started": False}
        state = box.state()
        assert (state["drive_space"], state["channels_started"]) == (7, False)
        assert json.loads(json.dumps(state))["recording_dir"] == DATA
        box.faults.restart_seconds = 0.0
        await verb("restart", {})
        await box.until(lambda: box.restarts == 1)


async def test_live_records_and_stops() -> None:
    async with simulator() as box:
        living = asyncio.create_task(box.live(0.001))
        try:
            await box.until(lambda: box.recorder.drive_space < 98)
            assert box.recorder.files
        finally:
            living.cancel()
            await asyncio.wait([living])


async def test_it_can_be_run_by_hand() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.simulators", "dvro", "--personality", "hostile"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        first = await process.stdout.readline()
        await process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert first.startswith(b"device   http://127.0.0.1:")
