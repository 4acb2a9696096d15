"""Live pictures of simulated boxes over HTTP (§4.2.1, §4.2.2)."""

import asyncio

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    CannotConnect,
    DeviceError,
    Gone,
    Malformed,
    Unsupported,
)
from custom_components.cctv.devices.model import Content
from custom_components.cctv.media import dhav
from tests.simulators.amcrest.answers.live import Live
from tests.simulators.amcrest.grammar import Refusal

from .conftest import Build, House

GET_STREAM = "realmonitor.cgi?action=getStream"


def live(home: House) -> Live:
    """Who watches a box."""
    return home.box.device.of(Live)


async def chunks(content: Content, count: int) -> list[bytes]:
    """So many chunks, and then no more."""
    found: list[bytes] = []
    try:
        async for chunk in content.chunks:
            found.append(chunk)
            if len(found) == count:
                break
    finally:
        await content.close()
    return found


# --- moving JPEG ----------------------------------------------------------------------------


async def test_a_sub_stream_of_moving_jpeg_is_shown_picture_by_picture(house: Build) -> None:
    home = await house("wizsense")
    device = await home.surveyed()
    streams = device.box.topology.streams
    assert {id_: each.live for id_, each in streams.items()} == {
        ":main": None,
        ":sub": None,
        ":third": "mjpg:1:2",
    }
    home.box.config["Encode[0].ExtraFormat[1].Video.FPS"] = "30"
    content = await device.fetch("mjpg:1:2")
    assert (content.mime, content.container, content.live) == ("image/jpeg", "jpeg", True)
    pictures = await chunks(content, 3)
    assert all(each.startswith(b"\xff\xd8") and each.endswith(b"\xff\xd9") for each in pictures)
    assert len(set(pictures)) == 3
    assert home.sent() == ["/cgi-bin/mjpg/video.cgi?channel=1&subtype=2"]


async def test_a_stream_that_is_moving_jpeg_no_longer_says_so(house: Build) -> None:
    home = await house("wizsense")
    device = await home.surveyed()
    live_ref = device.box.topology.streams[":third"].live
    assert live_ref is not None
    home.box.config["Encode[0].ExtraFormat[1].Video.Compression"] = "H.264"
    with pytest.raises(Unsupported):
        await device.fetch(live_ref)


# --- film -----------------------------------------------------------------------------------


async def without_rtsp(house: Build, personality: str = "ipc") -> tuple[House, Amcrest]:
    """A box whose RTSP is switched off."""
    home = await house(personality)
    home.box.config["RTSP.Enable"] = "false"
    return home, await home.surveyed()


async def test_without_rtsp_a_stream_is_a_film_without_an_end(house: Build) -> None:
    home, device = await without_rtsp(house)
    streams = device.box.topology.streams
    assert {id_: (each.url, each.film) for id_, each in streams.items()} == {
        ":main": (None, "film:1:0"),
        ":sub": (None, "film:1:1"),
    }
    live(home).hurry = 100
    content = await device.fetch("film:1:1")
    assert (content.container, content.live, content.size) == ("dav", True, None)
    await home.box.device.changed.until(lambda: live(home).watching)
    reader = dhav.Reader()
    units = [unit for chunk in await chunks(content, 20) for unit in reader.feed(chunk)]
    pictures = [unit for unit in units if unit.form.codec == "h264"]
    assert pictures[0].key
    times = [unit.time for unit in pictures]
    assert times == sorted(times)
    assert times[-1] > times[0]
    await home.box.device.changed.until(lambda: not live(home).watching)
    assert home.sent() == [f"/cgi-bin/{GET_STREAM}&channel=1&subtype=1"]


async def test_of_moving_jpeg_there_is_no_film(house: Build) -> None:
    _, device = await without_rtsp(house, "wizsense")
    streams = device.box.topology.streams
    assert {id_: (each.film, each.live) for id_, each in streams.items()} == {
        ":main": ("film:1:0", None),
        ":sub": ("film:1:1", None),
        ":third": (None, "mjpg:1:2"),
    }


async def test_it_is_asked_once_whether_there_is_a_film_and_only_without_rtsp(
    house: Build,
) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    await device.read("survey")
    assert not [each for each in home.sent() if GET_STREAM in each]
    assert {each.film for each in device.box.topology.streams.values()} == {None}
    home.box.config["RTSP.Enable"] = "false"
    for count in (1, 0):
        device, _ = await home.opened(memory=memory)
        await device.read("survey")
        assert len([each for each in home.sent() if GET_STREAM in each]) == count
        assert device.box.topology.streams[":main"].film == "film:1:0"


@pytest.mark.parametrize("refusal", [Refusal.BAD_REQUEST, Refusal.NOT_IMPLEMENTED])
async def test_where_it_is_refused_there_are_stills_only(house: Build, refusal: Refusal) -> None:
    home = await house("ipc")
    home.box.config["RTSP.Enable"] = "false"
    home.box.faults.refuse["realmonitor.getStream"] = refusal
    device = await home.surveyed()
    assert {(each.film, each.url) for each in device.box.topology.streams.values()} == {
        (None, None)
    }
    with pytest.raises(Gone):
        await device.fetch("film:1:0")


@pytest.mark.parametrize(
    "ref",
    [
        "film:1:2",
        "film:2:0",
        "film:1:0\n",
        "film:1:0&x=1",
        "film:",
        "mjpg:1:1",
        "mjpg:1:0",
        "mjpg:",
    ],
)
async def test_a_live_view_that_nobody_named_is_gone(house: Build, ref: str) -> None:
    home, device = await without_rtsp(house)
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.wire


async def test_a_box_that_goes_ends_the_film(house: Build) -> None:
    home, device = await without_rtsp(house)
    content = await device.fetch("film:1:0")
    await anext(content.chunks)
    await home.box.stop()
    ended: Exception | None = None
    async with asyncio.timeout(10):
        try:
            async for _ in content.chunks:
                continue
        except DeviceError as error:
            ended = error
    assert ended is None or isinstance(ended, (CannotConnect, Malformed))
    await content.close()
