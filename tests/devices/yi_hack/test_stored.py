"""Stored films and thumbnails: fetched whole and in parts, one at a time (§5.2-5.5)."""

import asyncio
from datetime import timedelta

import pytest

from custom_components.cctv.devices import download
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    Gone,
    NoAnswer,
)
from custom_components.cctv.devices.yi_hack import client
from tests.simulators.yi_hack import Thumbs
from tests.simulators_tests.yi_box import AT

from .card import bare, furnished, recordings
from .conftest import Build, StillClock


async def test_a_clip_is_given_whole_and_in_parts(house: Build) -> None:
    home, device = await furnished(house)
    ref = home.box.clips[-1]
    content = await device.fetch(ref)
    assert content.mime == "video/mp4"
    assert content.ranged
    whole = await content.read()
    assert content.size == len(whole)
    for start, end in ((0, 10), (100, 300), (len(whole) - 5, None), (0, len(whole))):
        part = await device.fetch(ref, start, end)
        assert await part.read() == whole[start:end]
        assert (part.mime, part.size, part.ranged) == ("video/mp4", len(whole), True)
    beyond = await device.fetch(ref, len(whole) - 5, len(whole) + 500)
    assert await beyond.read() == whole[-5:]
    for start, end in ((len(whole), None), (len(whole), len(whole) + 9), (7, 7), (-1, 3)):
        with pytest.raises(BadInput):
            await device.fetch(ref, start, end)


async def test_a_server_without_ranges_is_not_said_to_have_them(house: Build) -> None:
    home, device = await furnished(house)
    ref = home.box.clips[-1]
    whole = await (await device.fetch(ref)).read()
    home.box.faults.ranges = False
    for start, end in ((0, None), (0, 10), (100, 300)):
        content = await device.fetch(ref, start, end)
        assert not content.ranged
        assert content.size == len(whole)
        assert await content.read() == whole
    with pytest.raises(BadInput):
        await device.fetch(ref, len(whole))


async def test_a_file_that_stalls_ends_in_time(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_IDLE_SECONDS", 0.3)
    home, device = await furnished(house)
    ref = home.box.clips[-1]
    home.box.faults.stall = 100
    content = await device.fetch(ref)
    with pytest.raises(NoAnswer):
        await content.read()
    home.box.faults.stall = None
    assert await (await device.fetch(ref)).read(), "its place is free again"


async def test_a_reader_who_makes_a_pause_keeps_no_place(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PATIENCE", 0.05)
    home, device = await furnished(house)
    ref = home.box.clips[-1]
    whole = await (await device.fetch(ref)).read()
    paused = await device.fetch(ref, 1)
    assert paused.size == len(whole)
    # Without a pause nobody else would have his turn.
    assert await (await device.fetch(ref)).read() == whole
    monkeypatch.setattr(download, "PATIENCE", 20.0)
    assert await paused.read() == whole[1:]
    paused = await device.fetch(ref)
    monkeypatch.setattr(download, "PATIENCE", 0.05)
    first = await anext(paused.chunks)
    assert len(first) < len(whole), "too small a file to try this with"
    assert await (await device.fetch(ref)).read() == whole
    home.box.camera.card.remove(ref)
    with pytest.raises(Gone):
        await paused.read()


async def test_closing_the_device_ends_its_downloads(house: Build) -> None:
    home, device = await furnished(house)
    content = await device.fetch(home.box.clips[-1])
    waiting = asyncio.create_task(device.fetch(home.box.clips[-1]))
    await device.read("status")
    await device.close()
    assert not await content.read()
    with pytest.raises(CannotConnect):
        await waiting


async def test_one_download_at_a_time_and_its_place_is_given_back(house: Build) -> None:
    home, device = await furnished(house)
    ref = home.box.clips[-1]
    first = await device.fetch(ref)
    second = asyncio.create_task(device.fetch(ref))
    await device.read("status")
    assert not second.done()
    await first.close()
    content = await second
    assert await content.read()
    await (await device.fetch(ref)).close()


async def test_a_thumbnail_is_a_picture(house: Build) -> None:
    home, device = await furnished(house)
    home.box.advance(120)
    newest = (await recordings(device))[0]
    assert newest.thumbnail is not None
    content = await device.fetch(newest.thumbnail)
    assert content.mime == "image/jpeg"
    assert (await content.read()).startswith(b"\xff\xd8")


async def test_a_thumbnail_does_not_wait_for_a_film(house: Build) -> None:
    home, device = await furnished(house)
    home.box.advance(120)
    newest = (await recordings(device))[0]
    assert newest.thumbnail is not None
    film = await device.fetch(newest.refs[0])
    assert await (await device.fetch(newest.thumbnail)).read()
    await film.close()
    empty = home.box.camera.card
    empty.put(newest.thumbnail, bytes, blank=True)
    with pytest.raises(Gone):
        await device.fetch(newest.thumbnail)
    empty.remove(newest.thumbnail)
    with pytest.raises(Gone):
        await device.fetch(newest.thumbnail)


@pytest.mark.parametrize("thumbs", [Thumbs.EMPTY, Thumbs.NEVER])
async def test_a_thumbnail_that_is_not_there_is_none(house: Build, thumbs: Thumbs) -> None:
    home = await house("mstar", before=lambda box: setattr(box.faults, "thumbs", thumbs))
    bare(home.box)
    home.box.add_clip(AT - timedelta(minutes=10), 20)
    home.box.advance(120)
    device, _ = await home.opened(clock=StillClock())
    assert (await recordings(device))[0].thumbnail is None


@pytest.mark.parametrize(
    "ref",
    [
        "2026Y11M20D14H/59M59S01.mp4",
        "2026Y11M20D14H/../../etc/passwd",
        "timelapse/../x.avi",
        "tmp.mp4.tmp",
        "record/x",
    ],
)
async def test_what_is_not_there_is_gone(house: Build, ref: str) -> None:
    home, device = await furnished(house)
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.disasters
    # The place in the queue is free again.
    await (await device.fetch(home.box.clips[-1])).close()
