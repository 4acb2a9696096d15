"""Stills, live pictures, and sound in both directions."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    Busy,
    DeviceError,
    Gone,
    Malformed,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import BOX, Content
from tests.devices.clock import FakeClock

from .conftest import Build, House, topology_of

FORMS: dict[str, dict[str, object]] = {
    "as printed": {},
    "dashes in the header": {"dashed_boundary": True},
    "quoted": {"quoted_boundary": True},
    "no first delimiter": {"first_delimiter": False},
    "no length": {"part_length": False},
    "LF only": {"eol": b"\n"},
    "torn anywhere": {"splits": True},
    "empty parts": {"empty_picture_every": 2},
    "all of it": {
        "dashed_boundary": True,
        "first_delimiter": False,
        "part_length": False,
        "splits": True,
        "eol": b"\n",
    },
}


async def some(content: Content, count: int = 3) -> list[bytes]:
    """The first chunks of a content, which is then closed."""
    found: list[bytes] = []
    try:
        async with asyncio.timeout(20):
            async for chunk in content.chunks:
                found.append(chunk)
                if len(found) == count:
                    break
    finally:
        await content.close()
    return found


# --- pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
async def test_each_chunk_of_a_live_view_is_one_whole_picture(house: Build, form: str) -> None:
    """Case 39."""
    home = await house(faults={**FORMS[form], "frame_interval": 0.02})
    device, _ = await home.opened()
    content = await device.fetch("live:1")
    assert content.live
    pictures = await some(content, 4)
    for picture in pictures:
        assert picture.startswith(b"\xff\xd8")
        assert picture.endswith(b"\xff\xd9")
        assert picture.count(b"\xff\xd9") == 1
    assert len(set(pictures)) == 4
    await home.box.wait_detached("video")


@pytest.mark.parametrize(
    ("missing", "path"),
    [
        (set(), "/video.mjpg"),
        ({"/video.mjpg"}, "/video.cgi"),
        ({"/video.mjpg", "/video.cgi"}, "/image.cgi?type=motion"),
    ],
)
async def test_the_live_view_is_found_and_remembered(
    house: Build, missing: set[str], path: str
) -> None:
    """§2.3: old units know one path only."""
    home = await house("3s" if len(missing) > 1 else "seed", faults={"missing": missing})
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    await some(await device.fetch("live:1"), 1)
    home.box.wire.clear()
    await some(await device.fetch("live:1"), 1)
    assert home.sent() == [path]


async def test_the_live_view_of_a_server_is_that_of_its_channel(house: Build) -> None:
    home = await house("server4")
    device, _ = await home.opened()
    scenes = home.box.device.model.scenes
    for number in (1, 2, 4):
        (picture,) = await some(await device.fetch(f"live:{number}"), 1)
        assert scenes[number - 1].encode() in picture
        still = await (await device.fetch(f"still:{number}")).read()
        assert scenes[number - 1].encode() in still


async def test_what_the_user_wants_of_pictures_is_asked_for(house: Build) -> None:
    home = await house()
    device, _ = await home.opened(options={"live_resolution": "320x180", "live_compression": "50"})
    assert b"320x180" in await (await device.fetch("still:1")).read()
    assert home.sent() == ["/image.jpg?resolution=320x180&compression=50"]
    other, _ = await home.opened(options={"live_resolution": "a&b", "live_compression": "900"})
    await (await other.fetch("still:1")).read()
    assert home.sent() == ["/image.jpg"]


async def test_a_still_is_whole_or_an_error(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/image.jpg"] = b"<html>please log in</html>"
    with pytest.raises(Malformed):
        await device.fetch("still:1")
    home.box.faults.bodies["/image.jpg"] = b"\xff\xd8 torn"
    with pytest.raises(Malformed):
        await device.fetch("still:1")


async def test_a_still_is_found_at_the_other_path(house: Build) -> None:
    home = await house(faults={"missing": {"/image.jpg"}})
    device, _ = await home.opened()
    assert await (await device.fetch("still:1")).read()
    assert home.sent() == ["/image.cgi"]


async def test_a_full_camera_is_left_alone_for_a_while(house: Build) -> None:
    """§1.5: 503, back off 30 s."""
    home = await house()
    clock = FakeClock()
    device, _ = await home.opened(clock=clock)
    home.box.faults.busy_every = 1
    for _ in range(3):
        with pytest.raises(Busy):
            await device.fetch("live:1")
    assert len(home.sent()) == 1
    home.box.faults.busy_every = 0
    await clock.advance(31)
    assert await some(await device.fetch("live:1"), 1)


@pytest.mark.parametrize(
    "ref",
    ["", "still:0", "still:2", "still:1\r\n", "live:99", "still:100", "sound:1", "x", "backup "],
)
async def test_a_ref_that_names_nothing_is_gone_unasked(house: Build, ref: str) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert home.sent() == []


async def test_a_hostile_cameras_stills_are_pictures_or_errors(house: Build) -> None:
    """Resets in the middle, login pages with 200, 503."""
    home = await house("hostile")
    device, _ = await home.opened()
    good = 0
    for _ in range(20):
        try:
            picture = await (await device.fetch("still:1")).read()
        except DeviceError:
            continue
        good += 1
        assert picture.startswith(b"\xff\xd8")
        assert picture.endswith(b"\xff\xd9")
    assert good >= 10


# --- RTSP -------------------------------------------------------------------------------------


async def test_the_path_that_answers_is_found_and_remembered(house: Build) -> None:
    home = await house("3s")
    memory = ShortMemory()
    device, batch = await home.opened(memory=memory)
    stream = topology_of(batch).streams[":main"]
    assert stream.codec == "h264"
    assert stream.url is not None
    assert stream.url.endswith("/cam1/onvif-h264")
    assert device.play_url(stream).startswith("rtsp://root:root@127.0.0.1:")
    assert home.box.rtsp is not None
    home.box.rtsp.faults.unavailable = True
    again, batch = await home.opened(memory=memory)
    assert topology_of(batch).streams[":main"].url == stream.url
    assert again is not device


async def test_a_unit_that_still_starts_is_asked_again_for_its_path(house: Build) -> None:
    home = await house("3s")
    memory = ShortMemory()
    assert home.box.rtsp is not None
    home.box.rtsp.faults.unavailable = True
    device, batch = await home.opened(memory=memory)
    assert topology_of(batch).streams[":main"].codec is None
    assert topology_of(batch).polls["survey"].every < 3600
    home.box.rtsp.faults.unavailable = False
    topology = topology_of(await device.read("survey"))
    url = topology.streams[":main"].url
    assert url is not None
    assert url.endswith("/cam1/onvif-h264")
    assert topology.streams[":main"].codec == "h264"
    assert topology.polls["survey"].every > 3600


async def test_the_user_knows_the_path_better(house: Build) -> None:
    home = await house()
    device, batch = await home.opened(options={"rtsp_path": "live/{n}?user=a"})
    url = topology_of(batch).streams[":main"].url
    assert url is not None
    assert url.endswith("/live/1?user=a")
    assert topology_of(batch).streams[":main"].codec is None
    assert device is not None


async def test_without_rtsp_the_pictures_come_by_http(house: Build) -> None:
    home = await house("hostile")
    device, batch = await home.opened()
    stream = topology_of(batch).streams[":main"]
    assert stream.url is None
    assert (stream.live, stream.still) == ("live:1", "still:1")
    with pytest.raises(Unsupported):
        device.play_url(stream)


# --- sound ------------------------------------------------------------------------------------


async def speech(size: int, chunk: int = 512) -> AsyncGenerator[bytes]:
    """Something to say."""
    for at in range(0, size, chunk):
        yield bytes([at // chunk % 256]) * chunk


@pytest.mark.parametrize("kind", ["singlepart", "multipart"])
async def test_the_microphone_is_heard_however_it_is_packed(house: Build, kind: str) -> None:
    """§7.2-7.4: the header of the multipart form has the dashes, too."""
    home = await house()
    home.box.parameters["Audio.A0.HTTPMessageType"] = kind
    device, batch = await home.opened()
    assert topology_of(batch).streams[":main"].sound == "sound"
    content = await device.fetch("sound")
    assert (content.mime, content.container, content.live) == ("audio/basic", "mulaw", True)
    heard = b"".join(await some(content, 3))
    assert b"myboundary" not in heard
    assert len(heard) >= 3 * 500
    await home.box.wait_detached("audio")


async def test_a_unit_that_does_not_know_one_form_is_asked_for_the_other(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.parameters["Audio.A0.HTTPMessageType"] = "nothing known"
    content = await device.fetch("sound")
    assert len(b"".join(await some(content, 2))) >= 1_000
    assert home.sent()[-1] == "/fromserver.cgi?httptype=multipart"


@pytest.mark.parametrize("faults", [{}, {"talk_answer": True}, {"lower_case_talk": True}])
async def test_speech_is_heard_whole(house: Build, faults: dict[str, object]) -> None:
    """§7.5: with or without an answer, in either spelling of the path."""
    home = await house(faults=faults)
    device, batch = await home.opened()
    talk = topology_of(batch).parts[BOX].talk
    assert talk is not None
    assert (talk.codec, talk.rate, talk.paced, talk.limit) == ("mulaw", 8000, True, 9_999_999)
    for _ in range(2):
        await device.talk(BOX, speech(8_192))
    await home.box.until(lambda: home.box.speaker.received == 2 * 8_192)
    assert len(home.box.speaker.talks) == 2
    request = next(each.request for each in home.box.wire if each.method == "POST")
    assert request.header("Content-Length") == "9999999"
    assert request.header("Transfer-Encoding") is None
    assert request.header("Content-Type") == "audio/basic"


@pytest.mark.parametrize(("mode", "error"), [("get", Rejected)])
async def test_a_unit_whose_sound_goes_one_way_says_so(
    house: Build, mode: str, error: type[DeviceError]
) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.parameters["Audio.DuplexMode"] = mode
    with pytest.raises(error):
        await device.talk(BOX, speech(80_000))


async def test_a_unit_that_is_spoken_to_already_is_busy(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.talk(BOX, speech(512))
    home.box.faults.busy_every = 1
    with pytest.raises(Busy):
        await device.talk(BOX, speech(80_000))


async def test_without_sound_there_is_none(house: Build) -> None:
    home: House = await house()
    values = home.box.parameters.values
    values["Properties.Audio.Audio"] = "no"
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert topology.parts[BOX].talk is None
    assert topology.streams[":main"].sound is None
    assert ":speaker" not in topology.features
    with pytest.raises(Unsupported):
        await device.talk(BOX, speech(512))
    with pytest.raises(Gone):
        await device.fetch("sound")
