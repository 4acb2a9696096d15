"""Live pictures, stills, sound, clips, and talking (§8, §10)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
import io

from PIL import Image
import pytest

from custom_components.cctv.devices import download
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    DeviceError,
    Gone,
    Malformed,
    NoAnswer,
    Unsupported,
)
from custom_components.cctv.devices.ispy import client
from custom_components.cctv.devices.model import Content
from tests.devices.ispy.conftest import CATCH_ALL, Build
from tests.simulators.ispy import CAMERA, MICROPHONE
from tests.simulators.ispy.personalities.hostile import _TWO_GIGABYTES as TWO_GIGABYTES


async def some(content: Content, count: int) -> list[bytes]:
    """The first chunks."""
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


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a JPEG."""
    return Image.open(io.BytesIO(picture)).size


# --- pictures (§10) -------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["g3", "g1", "ancient", "hostile"])
@pytest.mark.parametrize("padding", [True, False])
async def test_case_39_each_chunk_is_one_whole_picture(
    house: Build, personality: str, padding: bool
) -> None:
    home = await house(personality)
    home.box.faults.mjpeg_padding = padding
    home.box.faults.mjpeg_interval = 0.01
    device, _ = await home.opened()
    oid = next(thing.oid for thing in device.box.things.values() if thing.camera and thing.enabled)
    content = await device.fetch(f"live/{oid}")
    assert content.live
    for frame in await some(content, 3):
        assert frame.startswith(b"\xff\xd8")
        assert frame.endswith(b"\xff\xd9")
        assert size(frame) == (640, 360)
    assert "overlay=false" in home.sent()[-1]


async def test_several_cameras_are_one_picture(house: Build) -> None:
    home = await house()
    home.box.faults.mjpeg_interval = 0.01
    device, _ = await home.opened()
    (frame,) = await some(await device.fetch("live/1,2,3,4"), 1)
    assert size(frame) == (1280, 720)
    still = await (await device.fetch("still/1,2,3,4")).read()
    assert size(still) == (1280, 720)


async def test_case_39_many_viewers_are_one_request(house: Build) -> None:
    home = await house()
    home.box.faults.mjpeg_interval = 0.01
    runner = await home.run()

    async def watch() -> bytes:
        async with aclosing(runner.frames("camera.1:main")) as frames:
            return await anext(frames)

    async with asyncio.timeout(20):
        pictures = await asyncio.gather(*(watch() for _ in range(20)))
    assert all(picture.startswith(b"\xff\xd8") for picture in pictures)
    assert len(home.told("video.mjpg")) == 1


async def test_case_38_a_still_is_whole_and_as_large_as_it_is(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    content = await device.fetch("still/1")
    body = await content.read()
    assert content.mime == "image/jpeg"
    assert size(body) == (640, 360)
    assert "overlay" not in home.sent()[0], "any value of it paints a bar"


async def test_a_broken_still_is_none(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.truncate = 400
    with pytest.raises((Malformed, NoAnswer, CannotConnect)):
        await device.fetch("still/1")


async def test_who_is_not_there_has_no_picture(house: Build) -> None:
    """The program answers with a picture all the same (§8)."""
    home = await house()
    device, _ = await home.opened()
    for ref in ("still/99", "live/99", "live/1,99", "sound/99", "plan/99", "still/abc"):
        with pytest.raises(Gone):
            await device.fetch(ref)
    assert not home.sent()


async def test_a_floor_plan_is_a_picture(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    body = await (await device.fetch("plan/1")).read()
    assert body.startswith(b"\xff\xd8")
    with pytest.raises(BadInput):
        await device.fetch("plan/1", 10)


async def test_thumbnails_and_grabs(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 1)
    thumbnail = await (await device.fetch(f"thumb/2/1/{camera.recordings[0].name}")).read()
    assert max(size(thumbnail)) > 96
    grab = await (await device.fetch(f"grab/2/1/{camera.grabs[0].name}")).read()
    assert grab.startswith(b"\xff\xd8")


async def test_text_where_a_picture_belongs(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies.update({"livefeed": CATCH_ALL, "video.mjpg": CATCH_ALL})
    for ref in ("still/1", "live/1"):
        with pytest.raises(Malformed):
            await device.fetch(ref)


async def test_live_pictures_that_never_begin(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    home = await house()
    device, _ = await home.opened()
    home.box.faults.mute.add("video.mjpg")
    with pytest.raises(NoAnswer):
        await device.fetch("live/1")
    with pytest.raises(NoAnswer):
        await device.fetch("still/1,2")


# --- sound (§10) ----------------------------------------------------------------------------


async def test_a_microphone_is_heard(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    content = await device.fetch("sound/1")
    assert (content.mime, content.container, content.live) == ("audio/mpeg", "mp3", True)
    assert b"".join(await some(content, 1))
    await device.read("objects")
    home.box.thing(MICROPHONE, 1).enabled = False
    await device.read("objects")
    with pytest.raises(Gone):
        await device.fetch("sound/1")


async def test_the_oldest_builds_send_wave(house: Build) -> None:
    home = await house("ancient")
    device, _ = await home.opened()
    content = await device.fetch("sound/2")
    assert content.mime == "audio/wav"
    assert (b"".join(await some(content, 1))).startswith(b"RIFF")


# --- clips (§8) -----------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["g3", "g1", "german"])
async def test_a_clip_is_whole_and_under_its_true_type(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    recording = home.box.thing(CAMERA, 1).recordings[0]
    content = await device.fetch(f"clip/2/1/{recording.name}")
    assert (content.mime, content.container) == ("video/mp4", "mp4")
    assert content.ranged
    body = await content.read()
    assert content.size == len(body)
    assert body[4:8] == b"ftyp"


async def test_ranges_never_go_beyond_the_end(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    ref = f"clip/2/1/{home.box.thing(CAMERA, 1).recordings[0].name}"
    whole = await (await device.fetch(ref)).read()
    for start, end in ((0, 4), (4, 8), (100, None), (len(whole) - 5, len(whole) + 500)):
        content = await device.fetch(ref, start, end)
        part = await content.read()
        assert part == whole[start:end]
        assert content.size == len(whole)
        assert content.ranged
    for start, end in ((len(whole), None), (10, 10), (-1, 5)):
        with pytest.raises(BadInput):
            await device.fetch(ref, start, end)


async def test_a_range_is_known_without_the_whole(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    content = await device.fetch(f"clip/2/1/{home.box.thing(CAMERA, 1).recordings[0].name}", 4, 8)
    assert await content.read() == b"ftyp"


async def test_a_clip_that_stalls_ends_in_time(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_IDLE", 0.3)
    home = await house()
    device, _ = await home.opened()
    home.box.faults.stall = 1_000
    content = await device.fetch(f"clip/2/1/{home.box.thing(CAMERA, 1).recordings[0].name}")
    with pytest.raises(NoAnswer):
        await content.read()


async def test_a_clip_that_breaks_off_is_no_whole_one(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.truncate = 1_000
    content = await device.fetch(f"clip/2/1/{home.box.thing(CAMERA, 1).recordings[0].name}")
    with pytest.raises((Malformed, CannotConnect)):
        await content.read()


async def test_readers_who_make_a_pause_keep_nobody_waiting(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PATIENCE", 0.05)
    home = await house()
    device, _ = await home.opened()
    ref = f"clip/2/1/{home.box.thing(CAMERA, 1).recordings[0].name}"
    paused = [await device.fetch(ref, start) for start in range(4)]
    whole = await (await device.fetch(ref)).read()
    for start, content in enumerate(paused):
        assert await content.read() == whole[start:]


async def test_who_finds_no_place_is_told_so(house: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "WAIT", 0.05)
    home = await house()
    device, _ = await home.opened()
    ref = f"clip/2/1/{home.box.thing(CAMERA, 1).recordings[0].name}"
    held = [await device.fetch(ref) for _ in range(3)]
    with pytest.raises(Busy):
        await device.fetch(ref)
    await held[0].close()
    await (await device.fetch(ref)).close()


async def test_what_stands_for_a_picture_that_is_gone_is_none(house: Build) -> None:
    """The program answers 200 with a picture that says so (§8)."""
    home = await house()
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 1)
    thumbnail, grab = f"thumb/2/1/{camera.recordings[0].name}", f"grab/2/1/{camera.grabs[0].name}"
    camera.thumbs.clear()
    camera.grabs.clear()
    for ref in (thumbnail, grab):
        with pytest.raises(Gone):
            await device.fetch(ref)


@pytest.mark.parametrize("personality", ["g3", "g1"])
async def test_a_clip_that_is_gone_hangs_and_is_told_so(
    house: Build, monkeypatch: pytest.MonkeyPatch, personality: str
) -> None:
    """Case 26: a missing file is never answered; a ping tells that from an outage."""
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    home = await house(personality)
    device, _ = await home.opened()
    with pytest.raises(Gone):
        await device.fetch("clip/2/1/none.mp4")
    assert home.sent()[-1] == "ping"
    with pytest.raises(Gone):
        await device.fetch("clip/2/1/none.txt")
    home.box.faults.mute.update({"loadclip.mp4", "ping"})
    with pytest.raises(NoAnswer):
        await device.fetch("clip/2/1/none.mp4")


async def test_a_file_of_more_than_two_gigabytes_is_not_served(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE", 0.3)
    home = await house("hostile")
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 0)
    large = next(each for each in camera.recordings if each.size > TWO_GIGABYTES)
    with pytest.raises(DeviceError):
        await (await device.fetch(f"clip/2/0/{large.name}")).read()


# --- talking (§10, case 41) -----------------------------------------------------------------


async def speech(*chunks: bytes) -> AsyncIterator[bytes]:
    """Sound that somebody makes."""
    for chunk in chunks:
        yield chunk


async def test_case_41_sound_goes_out_on_a_connection_of_its_own(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    sound = [bytes([number]) * 4410 for number in range(3)]
    await device.talk("camera.1", speech(*sound))
    camera = home.box.thing(CAMERA, 1)
    await home.box.until(lambda: len(camera.heard) >= 3 * 4410)
    assert bytes(camera.heard) == b"".join(sound)
    assert not home.sent()


async def test_case_41_only_who_has_a_speaker_is_spoken_to(house: Build) -> None:
    home = await house()
    runner = await home.run()
    device = home.device()
    await device.open()
    for part in ("camera.2", "microphone.1", "", "nowhere.1"):
        with pytest.raises(Unsupported):
            await device.talk(part, speech(b"x"))
    waiting = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"\0" * 4410
        await waiting.wait()

    first = asyncio.create_task(runner.talk("camera.1", endless()))
    await home.box.until(lambda: home.box.thing(CAMERA, 1).heard)
    with pytest.raises(Busy):
        await runner.talk("camera.1", speech(b"x"))
    waiting.set()
    await first


async def test_a_pc_that_is_gone_cannot_be_spoken_to(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await home.box.go_dark()
    with pytest.raises(CannotConnect):
        await device.talk("camera.1", speech(b"x"))
