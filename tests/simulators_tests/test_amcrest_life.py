"""Reboots, the control endpoint, and the program that runs a simulator."""

import asyncio
from datetime import timedelta
import json
import re
import signal
import sys

import pytest

from tests.simulators.control import Control
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import Answer, Raw, cgi, login

pytestmark = pytest.mark.usefixtures("socket_enabled")

MINUTE = timedelta(minutes=1).total_seconds()


async def test_a_reboot_cuts_refuses_and_forgets(start: Start) -> None:
    box = await start("ipc")
    box.faults.reboot_drop = 0.0
    box.faults.reboot_refuse = 0.05
    box.faults.reboot_busy = MINUTE
    box.emit("VideoMotion")
    port = box.port
    target = "/cgi-bin/eventManager.cgi?action=attach&codes=[All]"
    async with await Raw.connect(box) as raw:
        raw.send(target, await login(box, target))
        await raw.head()
        await box.wait_attached()
        assert (await cgi(box, "magicBox.cgi?action=reboot")).body == b"OK\r\n"
        with pytest.raises(ConnectionResetError):
            await raw.rest()
    await box.until(lambda: box.device.reboots == 1)
    assert box.port == port
    assert box.device.events.indexes("VideoMotion") == []
    async with await Raw.connect(box) as raw:
        assert (await raw.ask("/cgi-bin/magicBox.cgi?action=getUpTime")).status == 503


async def test_a_stop_in_the_middle_of_a_reboot_leaves_nothing(start: Start) -> None:
    box = await start("ipc")
    task = box.reboot()
    await box.stop()
    assert task.cancelled()


async def post(control: Control, verb: str, payload: object = None) -> Answer:
    body = b"" if payload is None else json.dumps(payload).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
    async with Raw(reader, writer) as raw:
        return await raw.ask(f"/{verb}", method="POST", body=body)


async def test_the_control_endpoint_moves_and_shows_the_device(start: Start) -> None:
    box = await start("nvr")
    async with Control(box) as control:
        emitted = await post(
            control, "emit", {"code": "VideoMotion", "index": 2, "data": {"Id": [0]}}
        )
        assert json.loads(emitted.body)["streams"] == 0
        assert (await post(control, "input", {"slot": 1, "on": True})).status == 200
        assert (await post(control, "config", {"AlarmOut[0].Mode": "1"})).status == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
        async with Raw(reader, writer) as raw:
            state = json.loads((await raw.ask("/state")).body)
        assert state["active"] == ["VideoMotion[2]", "AlarmLocal[1]"]
        assert state["inputs"] == [False, True, False, False]
        assert state["outputs"] == [True, False]
        assert state["config"]["General.MachineName"] == "House Recorder"
        assert (await post(control, "dark")).status == 200
        with pytest.raises(ConnectionRefusedError):
            await Raw.connect(box)
        assert (await post(control, "back")).status == 200
        assert (await cgi(box, "magicBox.cgi?action=getSerialNo")).status == 200


@pytest.mark.parametrize(
    ("verb", "payload", "status"),
    [
        ("nothing", {}, 404),
        ("emit", {}, 400),
        ("emit", {"code": 5}, 400),
        ("emit", {"code": "X", "index": "1"}, 400),
        ("input", {"slot": 99}, 400),
        ("cut", {"rst": "yes"}, 400),
        ("cut", [], 400),
    ],
)
async def test_the_control_endpoint_refuses_nonsense(
    start: Start, verb: str, payload: object, status: int
) -> None:
    async with Control(await start("ipc")) as control:
        assert (await post(control, verb, payload)).status == status


async def test_the_program_serves_until_it_is_interrupted() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.simulators", "amcrest", "--personality", "doorbell",
        "--password", "x", "--live", "0.05",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            lines = [(await process.stdout.readline()).decode() for _ in range(2)]
        device, control = (re.search(r"http://127\.0\.0\.1:(\d+)", line) for line in lines)
        assert device
        assert control
        reader, writer = await asyncio.open_connection("127.0.0.1", int(control[1]))
        async with Raw(reader, writer) as raw:
            state = json.loads((await raw.ask("/state")).body)
        assert state["personality"] == "doorbell"
        assert state["url"].endswith(f":{device[1]}")
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
