"""A picture of each event of a simulated box as it happens (§4.4.3)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from custom_components.cctv.devices.amcrest.album import MOST_BYTES, Album
from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.amcrest.event_pictures import cut
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import DeviceError, Gone
from custom_components.cctv.devices.model import Picture, Value
from tests.devices.waiting import until
from tests.simulators.amcrest.answers.event_pictures import EventPictures
from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.parts import JPEG, Part, text_part

from .conftest import Build, House

ATTACH = "snapManager.cgi?action=attachFileProc"
PLAIN = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
TORN = b"\xff\xd8\xff\xe0 a\r\n--myboundary\r\nContent-Type: text/plain\r\n\r\npicture \xff\xd9"


def section(home: House) -> EventPictures:
    """Who waits for pictures at a box."""
    return home.box.device.of(EventPictures)


@asynccontextmanager
async def listening(home: House, device: Amcrest) -> AsyncIterator[asyncio.Queue[Value]]:
    """What the feed of the pictures tells, from its beginning on."""
    heard: asyncio.Queue[Value] = asyncio.Queue()

    async def hear() -> None:
        async with aclosing(device.listen("pictures")) as batches:
            async for batch in batches:
                for update in batch:
                    assert isinstance(update, Value)
                    heard.put_nowait(update)

    task = asyncio.create_task(hear())
    try:
        await home.box.device.changed.until(lambda: section(home).parts.listeners)
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await home.box.device.changed.until(lambda: not section(home).parts.listeners)


async def next_of(heard: asyncio.Queue[Value]) -> Value:
    """What is told next."""
    async with asyncio.timeout(10):
        return await heard.get()


async def body_of(device: Amcrest, value: Value) -> bytes:
    """The picture that is told of."""
    assert isinstance(value.value, Picture)
    content = await device.fetch(value.value.ref)
    assert (content.mime, content.container) == ("image/jpeg", "jpeg")
    return await content.read()


async def test_the_picture_of_an_event_is_its_camera_s_last(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    assert device.box.topology.features[":last_picture"].push == "pictures"
    async with listening(home, device) as heard:
        home.box.emit("VideoMotion", "Start", 0, {"Name": "Door"})
        value = await next_of(heard)
        assert value.feature == ":last_picture"
        assert dict(value.details) == {"code": "VideoMotion", "name": "Door", "pictures": 1}
        body = await body_of(device, value)
        assert body.startswith(b"\xff\xd8")
        assert body.endswith(b"\xff\xd9")
        home.box.emit("VideoMotion", "Stop")
        home.box.emit("VideoBlind", "Start")
        later = await next_of(heard)
        assert later.details["code"] == "VideoBlind"
        assert await body_of(device, later) != body
        with pytest.raises(Gone):
            await body_of(device, value)
    (asked,) = [each for each in home.sent() if ATTACH in each]
    assert asked.endswith(f"{ATTACH}&channel=1&heartbeat=5&Flags[0]=Event&Events=[All]")


async def test_a_recorder_tells_of_all_its_cameras_at_once(house: Build) -> None:
    home = await house("nvr")
    device = await home.surveyed()
    pictures = [
        feature for id_, feature in device.box.topology.features.items() if "last_picture" in id_
    ]
    assert {each.part for each in pictures} == {one.part.id for one in device.box.cameras.values()}
    assert all(each.minor for each in pictures)
    async with listening(home, device) as heard:
        home.box.emit("VideoMotion", "Start", 2)
        assert (await next_of(heard)).feature == "camera.3:last_picture"
        home.box.emit("VideoMotion", "Start", 0)
        assert (await next_of(heard)).feature == "camera.1:last_picture"
    (asked,) = [each for each in home.sent() if ATTACH in each]
    assert "&channel=-1&" in asked


@pytest.mark.parametrize("index", ["-1", "77", "", None])
async def test_what_a_recorder_says_of_no_camera_is_shown_for_none(
    house: Build, index: str | None
) -> None:
    home = await house("nvr")
    device = await home.surveyed()
    async with listening(home, device) as heard:
        lines = ["Events[0].EventBaseInfo.Code=VideoLoss"]
        lines += [] if index is None else [f"Events[0].EventBaseInfo.Index={index}"]
        section(home).parts.send(text_part(lines), Part(PLAIN, JPEG))
        home.box.emit("VideoMotion", "Start", 2)
        assert (await next_of(heard)).feature == "camera.3:last_picture"


async def test_of_several_pictures_of_one_event_the_first_is_shown(house: Build) -> None:
    home = await house("terminal")
    device = await home.surveyed()
    async with listening(home, device) as heard:
        home.box.emit("AccessControl", "Pulse", 0, {"Door": 0, "UserID": "7"})
        value = await next_of(heard)
    assert value.details == {"code": "AccessControl", "door": "0", "user_id": "7", "pictures": 2}
    body = await body_of(device, value)
    assert body.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize("body", [PLAIN, TORN])
@pytest.mark.parametrize("step", [1, 7, 1 << 16])
async def test_a_picture_may_contain_the_boundary_and_come_in_pieces(
    house: Build, body: bytes, step: int
) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    async with listening(home, device) as heard:
        parts = section(home).parts
        (listener,) = parts.listeners
        lines = ["Events[0].EventBaseInfo.Code=VideoMotion", "Events[0].EventBaseInfo.Index=0"]
        sent = b"".join(parts._written(one) for one in (text_part(lines), Part(body, JPEG)))
        for at in range(0, len(sent), step):
            listener.connection.write(sent[at : at + step])
            await listener.connection.drain()
        value = await next_of(heard)
    assert value.feature == ":last_picture"
    assert await body_of(device, value) == body


def test_what_lies_outside_or_is_no_picture_is_left_out() -> None:
    body = PLAIN + b"nothing" + PLAIN
    told = {
        "ImageInfo[0].Offset": str(len(PLAIN)),
        "ImageInfo[0].Length": "7",
        "ImageInfo[1].Offset": str(len(PLAIN) + 7),
        "ImageInfo[1].Length": str(len(PLAIN)),
        "ImageInfo[2].Offset": "99999",
        "ImageInfo[2].Length": "5",
        "ImageInfo[3].Offset": "-1",
        "ImageInfo[3].Length": "nought",
    }
    assert cut(told, body) == [PLAIN]
    assert cut({}, PLAIN + b"tail") == [PLAIN]
    assert cut({}, b"no picture") == []


def test_what_is_kept_is_bounded() -> None:
    album = Album()
    most = MOST_BYTES // 4
    named = [album.keep(f"camera.{number}", bytes(most)) for number in range(6)]
    assert [album.get(ref) is not None for ref in named] == [False, False, True, True, True, True]
    newer = album.keep("camera.5", b"x")
    assert album.get(named[5]) is None
    assert album.get(newer) == b"x"


# --- where there are none -------------------------------------------------------------------


@pytest.mark.parametrize("refusal", [None, Refusal.BAD_REQUEST, Refusal.SERVER_ERROR])
async def test_where_every_way_is_refused_there_is_none_and_it_is_not_asked_again(
    house: Build, refusal: Refusal | None
) -> None:
    home = await house("doorbell" if refusal is None else "ipc")
    if refusal is not None:
        home.box.faults.refuse["snapManager.attachFileProc"] = refusal
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    await device.read("survey")
    assert len([each for each in home.sent() if ATTACH in each]) == 2
    topology = device.box.topology
    assert ":last_picture" not in topology.features
    assert "pictures" not in topology.feeds
    again = await home.surveyed(memory=memory)
    assert ":last_picture" not in again.box.topology.features
    async with aclosing(device.listen("nothing")) as batches:
        with pytest.raises(DeviceError):
            await anext(batches)


async def test_it_is_known_at_the_next_start_without_a_question(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await home.surveyed(memory=memory)
    device, _ = await home.opened(memory=memory)
    assert ":last_picture" in device.box.topology.features
    await device.read("survey")
    assert not [each for each in home.sent() if ATTACH in each]


async def test_nobody_subscribes_before_somebody_wants_a_picture(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await home.surveyed(memory=memory)
    device = home.device(memory=memory)
    runner = Runner(device, home.lend(home.box.url))
    attaches = section(home).parts.attaches
    await runner.start()
    try:
        release = runner.want({":motion"})
        await home.box.wait_attached()
        assert section(home).parts.attaches == attaches
        release_picture = runner.want({":last_picture"})
        await home.box.device.changed.until(lambda: section(home).parts.listeners)
        home.box.emit("VideoMotion", "Start")
        await until(
            lambda: isinstance(runner.state.value(":last_picture"), Picture),
            lambda poke: runner.watch([":last_picture"], poke),
        )
        image = await runner.image(":last_picture")
        assert image.mime == "image/jpeg"
        release_picture()
        await home.box.device.changed.until(lambda: not section(home).parts.listeners)
        release()
    finally:
        await runner.stop()
