"""Fetching what a simulated box has stored (§4.11.6, §4.11.7): its bytes, and how it ends."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from custom_components.cctv.devices.amcrest import refs
from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    DeviceError,
    Gone,
    Malformed,
    NoAnswer,
)
from custom_components.cctv.devices.model import Recording, Recordings, Table
from tests.simulators.amcrest.item import Damage, Item

from .archive import day, found, moment, noon, opened, rows_of
from .conftest import Build, House
from .test_listing import HOSTILE


async def stored(
    house: Build, personality: str = "ipc", part: str = "", **more: Any
) -> tuple[House, Amcrest, Item, Recording]:
    """A box with one recording of yesterday, as it lists it."""
    home, device = await opened(house, personality)
    item = home.box.device.store.add(0, noon(), **{"seconds": 4, "silent": True, **more})
    (one,) = await found(device, day(), part)
    home.box.wire.clear()
    return home, device, item, one


async def bytes_of(device: Amcrest, ref: str) -> bytes:
    """All that a ref names."""
    return await (await device.fetch(ref)).read()


def there(home: House, item: Item) -> bytes:
    """What the box has stored."""
    return b"".join(home.box.device.store.pieces(item))


@pytest.mark.parametrize(
    ("personality", "part", "kind", "container"),
    [
        ("ipc", "", "dav", "dav"),
        ("ipc", "", "mp4", "mp4"),
        ("ipc", "", "jpg", "jpeg"),
        ("nvr", "camera.1", "dav", "dav"),
    ],
)
async def test_a_file_comes_byte_for_byte(
    house: Build, personality: str, part: str, kind: str, container: str
) -> None:
    home, device, item, one = await stored(house, personality, part, kind=kind)
    content = await device.fetch(one.refs[0])
    assert content.container == one.container == container
    assert content.size == one.size == home.box.device.store.size(item)
    assert not content.ranged
    assert await content.read() == there(home, item)
    (sent,) = home.sent()
    assert sent == refs.loadfile(item.path)
    assert not home.box.device.downloads.open


@pytest.mark.parametrize("length", [True, False])
async def test_a_wrapped_file_is_unwrapped(house: Build, length: bool) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.load_multipart = True
    home.box.faults.load_length = length
    content = await device.fetch(one.refs[0])
    assert content.size == one.size
    assert content.container == "dav"
    assert await content.read() == there(home, item)


async def test_a_file_without_a_length_comes_whole(house: Build) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.load_length = False
    content = await device.fetch(one.refs[0])
    assert content.size is None
    assert await content.read() == there(home, item)


async def test_a_box_that_gives_nothing_by_name_gives_it_by_time(house: Build) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.load_empty = True
    content = await device.fetch(one.refs[0])
    assert content.size is None
    body = await content.read()
    assert body.startswith(b"DHAV")
    store = home.box.device.store
    assert body == b"".join(store.between([item], item.start, item.end))
    assert "loadfile.cgi?action=startLoad&channel=1&startTime=" in home.sent()[-1]


async def test_a_time_over_two_files_comes_as_one(house: Build) -> None:
    home, device, item, _ = await stored(house)
    store = home.box.device.store
    other = store.add(0, item.end + timedelta(seconds=1), 4, silent=True)
    start, end = item.start + timedelta(seconds=1), other.end - timedelta(seconds=1)
    query = Table(moment(start), moment(end), kind="footage")
    (row,) = await rows_of(device, query)
    content = await device.fetch(row["ref"])
    assert await content.read() == b"".join(store.between([item, other], start, end))
    assert content.container == row["container"] == "dav"
    with pytest.raises(BadInput):
        await rows_of(device, Table(moment(end), moment(start), kind="footage"))
    nothing = Table(moment(noon(3)), moment(noon(2)), kind="footage")
    (row,) = await rows_of(device, nothing)
    with pytest.raises(Gone):
        await device.fetch(row["ref"])


# --- what is not there --------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [Damage.GONE, Damage.EMPTY])
async def test_what_is_listed_and_not_there_is_gone(house: Build, damage: Damage) -> None:
    home, device, _, one = await stored(house, damage=damage)
    for _ in range(2):
        with pytest.raises(Gone):
            await device.fetch(one.refs[0])
    assert not home.box.device.downloads.open


async def test_a_truncated_file_comes_as_far_as_it_goes(house: Build) -> None:
    home, device, item, one = await stored(house, damage=Damage.TRUNCATED)
    assert await bytes_of(device, one.refs[0]) == there(home, item)


async def test_a_file_on_a_nas_has_nothing_to_fetch(house: Build) -> None:
    _, _, _, one = await stored(house, damage=Damage.REMOTE)
    assert one.refs == ()


@pytest.mark.parametrize("ref", HOSTILE)
async def test_nothing_is_sent_for_a_ref_that_is_not_ours(house: Build, ref: str) -> None:
    home, device, _, _ = await stored(house)
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.wire


async def test_another_boxs_channel_is_gone(house: Build) -> None:
    home, device, _, one = await stored(house)
    with pytest.raises(Gone):
        await device.fetch(one.refs[0].replace("file:1:", "file:2:"))
    with pytest.raises(BadInput):
        await device.fetch(one.refs[0], 5, 5)
    assert not home.box.wire


# --- how it ends --------------------------------------------------------------------------------


async def test_a_busy_box_is_busy(house: Build) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.downloads = 0
    with pytest.raises(Busy):
        await device.fetch(one.refs[0])
    home.box.faults.downloads = 1
    assert await bytes_of(device, one.refs[0]) == there(home, item)


async def test_one_file_at_a_time(house: Build) -> None:
    home, device, item, one = await stored(house)
    first = await device.fetch(one.refs[0])
    second = asyncio.create_task(device.fetch(one.refs[0]))
    assert await anext(first.chunks)
    assert len(home.box.device.downloads.log) == 1
    await first.close()
    content = await second
    assert await content.read() == there(home, item)
    assert len(home.box.device.downloads.log) == 2


async def test_who_leaves_ends_the_download(house: Build) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.download_stall = 100
    content = await device.fetch(one.refs[0])
    assert await anext(content.chunks)
    await content.close()
    downloads = home.box.device.downloads
    await home.box.until(lambda: not downloads.open)
    downloads.release()
    assert await bytes_of(device, one.refs[0]) == there(home, item)


async def test_who_is_cancelled_gives_the_place_back(house: Build) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.delays["RPC_Loadfile"] = 0.5
    task = asyncio.create_task(device.fetch(one.refs[0]))
    await home.box.until(lambda: bool(home.box.wire))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    home.box.faults.delays.clear()
    assert await bytes_of(device, one.refs[0]) == there(home, item)


@pytest.mark.parametrize("rst", [True, False])
@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_download_that_is_cut_is_no_file(house: Build, rst: bool, wrapped: bool) -> None:
    home, device, item, one = await stored(house)
    home.box.faults.download_cut = 1000
    home.box.faults.download_cut_rst = rst
    home.box.faults.load_multipart = wrapped
    with pytest.raises((CannotConnect, Malformed, NoAnswer)):
        await bytes_of(device, one.refs[0])
    home.box.faults.download_cut = None
    assert await bytes_of(device, one.refs[0]) == there(home, item)


async def test_closing_ends_downloads(house: Build) -> None:
    home, device, _, one = await stored(house)
    home.box.faults.download_stall = 100
    await device.fetch(one.refs[0])
    await device.close()
    await home.box.until(lambda: not home.box.device.downloads.open)
    with pytest.raises(DeviceError):
        await device.fetch(one.refs[0])


async def test_no_path_is_in_what_goes_wrong(house: Build) -> None:
    _, device, _, one = await stored(house, damage=Damage.GONE)
    with pytest.raises(Gone) as error:
        await device.fetch(one.refs[0])
    assert "/mnt" not in f"{error.value!r} {error.value.__cause__!r}"


async def test_every_listed_file_can_be_asked_for(house: Build) -> None:
    home, device = await opened(house, empty=False)
    for one in await found(device, Recordings(day().start, day().end)):
        item = home.box.device.store.at(str(one.name))
        for ref in one.refs:
            if item is None or item.damage is not None:
                continue
            assert await bytes_of(device, ref) == there(home, item)
        if one.thumbnail is not None:
            assert (await bytes_of(device, one.thumbnail)).startswith(b"\xff\xd8")
