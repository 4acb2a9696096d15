"""Stills that are shared and live pictures that are fanned out."""

import asyncio
from contextlib import aclosing

import pytest

from custom_components.cctv.devices.engine.pictures import JPEG_BEGIN, STILL_MOST_BYTES
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    DeviceError,
    Malformed,
    NoAnswer,
    Unsupported,
)
from custom_components.cctv.devices.model import (
    Stream,
)

from .clock import settle
from .sample import JPEG, House, listing


async def test_fifty_dashboards_cost_one_still(home: House) -> None:
    """Case 38."""
    gate = home.device.gates["fetch"] = asyncio.Event()
    looking = [asyncio.create_task(home.runner.picture("camera.1:main")) for _ in range(50)]
    await settle()
    looking.pop().cancel()
    gate.set()
    assert await asyncio.gather(*looking) == [JPEG] * 49
    assert await home.runner.picture("camera.1:main") == JPEG
    assert home.device.count("fetch") == 1
    await home.clock.advance(1)
    await home.runner.picture("camera.1:main")
    assert home.device.count("fetch") == 2


async def test_cameras_do_not_share_their_stills(home: House) -> None:
    await home.runner.picture("camera.1:main")
    await home.runner.picture("camera.2:main")
    assert home.device.count("fetch") == 2


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b"\xff\xd8 cut in half"])
async def test_what_is_no_whole_picture_is_shown_to_nobody(
    home: House, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    """Case 38: an empty 200, a page, half a JPEG."""
    monkeypatch.setattr("tests.devices.sample.JPEG", body)
    with pytest.raises(Malformed):
        await home.runner.picture("camera.1:main")
    monkeypatch.undo()
    assert await home.runner.picture("camera.1:main") == JPEG


async def test_a_failed_still_is_not_kept(home: House) -> None:
    home.device.faults["fetch"] = NoAnswer("still")
    with pytest.raises(NoAnswer):
        await home.runner.picture("camera.1:main")
    home.device.faults.clear()
    assert await home.runner.picture("camera.1:main") == JPEG


async def test_streams_that_are_not_there_or_have_no_pictures(home: House) -> None:
    with pytest.raises(BadInput):
        await home.runner.picture("camera.9:main")
    with pytest.raises(Unsupported):
        await anext(home.runner.frames("camera.2:main"))
    home.device.topology = listing(Stream("camera.2:sub", "camera.2", url="rtsp://sample/2"))
    home.device.relist.add("channels")
    await home.clock.advance(30)
    with pytest.raises(Unsupported):
        await home.runner.picture("camera.2:sub")
    with pytest.raises(BadInput):
        home.runner.play_url("camera.9:main")
    assert home.runner.play_url("camera.1:main") == "rtsp://user:secret@sample/1"


async def test_twenty_viewers_share_one_source(home: House) -> None:
    """Case 39."""
    seen: list[list[bytes]] = [[] for _ in range(20)]

    async def look(pictures: list[bytes]) -> None:
        async with aclosing(home.runner.frames("camera.1:main")) as frames:
            async for picture in frames:
                pictures.append(picture)
                if len(pictures) == 3:
                    return

    looking = [asyncio.create_task(look(pictures)) for pictures in seen]
    for number in range(3):
        await settle()
        home.device.pictures.put_nowait(bytes([number]))
    await asyncio.gather(*looking)
    assert seen == [[b"\0", b"\1", b"\2"]] * 20
    assert home.device.count("fetch") == 1
    assert home.device.live == 0


async def test_a_slow_viewer_skips_and_holds_nobody_up(home: House) -> None:
    """Case 39."""
    slow = home.runner.frames("camera.1:main")
    fast = home.runner.frames("camera.1:main")
    async with aclosing(slow), aclosing(fast):
        first = asyncio.gather(anext(slow), anext(fast))
        await settle()
        home.device.pictures.put_nowait(b"0")
        assert list(await first) == [b"0", b"0"]
        for number in range(1, 10):
            home.device.pictures.put_nowait(b"%d" % number)
            assert await anext(fast) == b"%d" % number
        assert await anext(slow) == b"9"


async def test_the_source_ends_with_the_last_viewer_and_begins_again(home: House) -> None:
    """Case 39."""
    for _ in range(2):
        async with aclosing(home.runner.frames("camera.1:main")) as frames:
            looking = asyncio.ensure_future(anext(frames))
            await settle()
            assert home.device.live == 1
            home.device.pictures.put_nowait(b"0")
            assert await looking == b"0"
        assert home.device.live == 0
    assert home.device.count("fetch") == 2


async def test_a_source_that_ends_ends_for_all(home: House) -> None:
    async with aclosing(home.runner.frames("camera.1:main")) as frames:
        looking = asyncio.ensure_future(anext(frames))
        await settle()
        home.device.pictures.put_nowait(None)
        with pytest.raises(DeviceError):
            await looking
    home.device.faults["fetch"] = Busy("too many")
    with pytest.raises(Busy):
        await anext(home.runner.frames("camera.1:main"))


async def test_a_fault_of_ours_in_a_live_view_is_logged(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    home.device.faults["fetch"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await anext(home.runner.frames("camera.1:main"))
    assert "live view failed" in caplog.text


async def test_a_viewer_who_comes_after_the_end_has_a_source_of_his_own(home: House) -> None:
    """Case 39: one who has not noticed the end yet keeps nobody else from looking."""
    async with aclosing(home.runner.frames("camera.1:main")) as old:
        looking = asyncio.ensure_future(anext(old))
        await settle()
        home.device.pictures.put_nowait(b"0")
        await looking
        home.device.pictures.put_nowait(None)
        await settle()
        async with aclosing(home.runner.frames("camera.1:main")) as new:
            looking = asyncio.ensure_future(anext(new))
            await settle()
            home.device.pictures.put_nowait(b"1")
            assert await looking == b"1"


async def test_a_still_without_end_is_given_up(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.devices.sample.JPEG", JPEG_BEGIN + bytes(STILL_MOST_BYTES))
    with pytest.raises(Malformed):
        await home.runner.picture("camera.1:main")


async def test_who_watches_when_the_runner_stops_sees_the_end(home: House) -> None:
    async with aclosing(home.runner.frames("camera.1:main")) as frames:
        looking = asyncio.ensure_future(anext(frames, None))
        await settle()
        await home.runner.stop()
        assert await looking is None
