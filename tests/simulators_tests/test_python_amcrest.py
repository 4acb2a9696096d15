"""The public client of these cameras, python-amcrest, works against the simulator."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from amcrest import AmcrestCamera, ApiWrapper
import pytest

from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator, Refusal
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


# Its blocking half quotes `qop`, which the doorbell refuses, and takes every 400 for the end.
@pytest.mark.parametrize("name", ["ipc", "wizsense", "nvr"])
async def test_it_finds_and_downloads_recordings(start: Start, name: str) -> None:
    box = await start(name)
    client = await camera(box)
    box.store.clear()
    box.store.fill(date(2026, 5, 3), 130)
    item = box.store.items[101]
    start_time, end_time = datetime(2026, 5, 3), datetime(2026, 5, 3, 23, 59, 59)  # noqa: DTZ001

    def look(types: Sequence[str] = ()) -> str:
        pages = client.find_files(start_time, end_time, channel=1, types=types)
        return "".join(pages)

    told = await asyncio.to_thread(look)
    assert told.count(".FilePath=") == 130
    assert await asyncio.to_thread(look, types=["dav"]) == told
    box.faults.find_nothing = Refusal.BARE
    assert await asyncio.to_thread(look, types=["jpg"]) == ""
    assert f".FilePath={item.path}\r\n" in told
    assert f".Length={box.store.size(item)}\r\n" in told
    data = await asyncio.to_thread(client.download_file, item.path)
    assert data.startswith(b"DHAV")
    assert len(data) == box.store.size(item)
    cut = await asyncio.to_thread(client.download_time, item.start, item.end, 1)
    assert cut == data


async def test_it_leaks_a_finder_with_every_search(start: Start) -> None:
    """It destroys with a verb that the box does not know."""
    box = await start("ipc")
    client = await camera(box)
    moment = datetime(2026, 5, 3)  # noqa: DTZ001
    await asyncio.to_thread(lambda: list(client.find_files(moment, moment, channel=1)))
    assert box.finders == 1
