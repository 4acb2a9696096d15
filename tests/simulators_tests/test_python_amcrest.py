"""The public client of these cameras, python-amcrest, works against the simulator."""

import asyncio
from datetime import datetime, timedelta

from amcrest import AmcrestCamera, ApiWrapper
import pytest

from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import DEADLINE, PASSWORD, USER

pytestmark = pytest.mark.usefixtures("socket_enabled")

# The rest needs more patience than that client has: LF line ends, 403 for a stale nonce.
MODELS = ("ipc", "wizsense", "nvr", "doorbell")


async def camera(box: AmcrestSimulator) -> ApiWrapper:
    """Log in as that client does: Basic first, then Digest, with blocking sockets."""
    made = await asyncio.to_thread(AmcrestCamera, box.host, box.port, USER, PASSWORD)
    return made.camera


@pytest.mark.parametrize("name", MODELS)
async def test_the_everyday_calls(start: Start, name: str) -> None:
    box = await start(name)
    client = await camera(box)
    model = PERSONALITIES[name]
    assert await client.async_device_type == model.device_type
    assert await client.async_serial_number == model.serial
    version, build = await client.async_software_information
    assert f"version={version},build:{build.strip()}" == model.version
    drift = await client.async_current_time - datetime.now()  # noqa: DTZ005
    assert abs(drift) < timedelta(minutes=1)
    assert (await client.async_snapshot()).startswith(b"\xff\xd8")

    assert await client.async_is_motion_detector_on() is True
    assert await client.async_set_motion_detection(False) is True
    assert box.config["MotionDetect[0].Enable"] == "false"
    assert await client.async_is_motion_detector_on() is False

    assert await client.async_record_mode == "Automatic"
    await client.async_set_record_mode(1)
    assert box.config["RecordMode[0].Mode"] == "1"
    assert await client.async_record_mode == "Manual"

    storage = await client.async_storage_all
    total = sum(partition.total for partition in box.storage[0].partitions)
    assert float(storage["total"][0]) == total
    assert box.failed_logins == 0


# That client leaves its inner generators to the garbage collector.
@pytest.mark.parametrize("expected_lingering_tasks", [True], ids=[""])
@pytest.mark.parametrize("name", MODELS)
async def test_the_event_stream(start: Start, name: str) -> None:
    box = await start(name)
    client = await camera(box)
    heard: list[tuple[str, str]] = []

    async def listen() -> None:
        async for code, payload in client.async_event_actions("All"):
            heard.append((code, payload["action"]))
            if len(heard) == 100:
                return

    listening = asyncio.create_task(listen())
    try:
        await box.wait_attached()
        for _ in range(50):
            box.emit("VideoMotion", "Start", 0, {"Id": [0], "RegionName": ["Region1"]})
            box.emit("VideoMotion", "Stop", 0, {"Id": [0], "RegionName": ["Region1"]})
        async with asyncio.timeout(DEADLINE):
            await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert heard == [("VideoMotion", "Start"), ("VideoMotion", "Stop")] * 50
