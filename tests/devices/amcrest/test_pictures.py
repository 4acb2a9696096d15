"""Stills and live views of a simulated box."""

import asyncio
from urllib.parse import quote

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.errors import Busy, Gone, Malformed, Unsupported

from .conftest import Build, told, topology_of


@pytest.mark.parametrize("told", ["0", "70000", "-1", ""])
async def test_a_port_that_cannot_be_is_not_played_from(house: Build, told: str) -> None:
    home = await house("ipc")
    home.box.config["RTSP.Port"] = told
    _, batch = await home.opened()
    assert (topology_of(batch).streams[":main"].url or "").startswith("rtsp://127.0.0.1:554/")


async def test_streams_are_told_without_secrets_and_played_with_them(house: Build) -> None:
    home = await house("wizsense")
    home.box.config["RTSP.Port"] = "8554"
    home.box.users["ad:min"] = "p@ss:w/rd#"
    device = Amcrest(home.lend(home.box.url, "ad:min", "p@ss:w/rd#"))
    home.devices.append(device)
    await device.open()
    streams = topology_of(await device.read("survey")).streams
    assert {id_: (each.codec, each.minor) for id_, each in streams.items()} == {
        ":main": ("h265", True),
        ":sub": ("h264", False),
        ":third": ("mjpeg", True),
    }
    assert streams[":main"].size == (3840, 2160)
    url = "127.0.0.1:8554/cam/realmonitor?channel=1&subtype=1"
    assert streams[":sub"].url == f"rtsp://{url}"
    login = f"{quote('ad:min', safe='')}:{quote('p@ss:w/rd#', safe='')}"
    assert device.play_url(streams[":sub"]) == f"rtsp://{login}@{url}"
    assert "p@ss" not in repr(streams) + repr(device._http)


async def test_a_camera_by_onvif_has_streams_only_if_the_recorder_gives_its_still(
    house: Build,
) -> None:
    home = await house("nvr")
    device, batch = await home.opened()
    of = {stream.part for stream in topology_of(batch).streams.values()}
    assert of == {f"camera.{channel}" for channel in (1, 2, 3, 5, 8)}
    home.box.device.slots[5].protocol = "Private"
    batch = await device.read("survey")
    assert "camera.6:main" in topology_of(batch).streams
    home.box.wire.clear()
    await device.read("survey")
    assert home.sent() == ["/cgi-bin/magicBox.cgi?action=getSoftwareVersion"]


async def test_without_rtsp_there_are_stills_only(house: Build) -> None:
    home = await house("ipc")
    home.box.config["RTSP.Enable"] = "false"
    device, batch = await home.opened()
    stream = topology_of(batch).streams[":main"]
    assert stream.url is None
    assert stream.still == "still:1"
    with pytest.raises(Unsupported):
        device.play_url(stream)


@pytest.mark.parametrize("fault", ["", "snapshot_dhav_tail", "snapshot_bad_com"])
async def test_a_still_is_a_picture_from_its_first_byte_to_its_last(
    house: Build, fault: str
) -> None:
    """Case 38."""
    home = await house("ipc")
    device, _ = await home.opened()
    if fault:
        setattr(home.box.faults, fault, True)
    content = await device.fetch("still:1")
    picture = await content.read()
    assert content.mime == "image/jpeg"
    assert content.size == len(picture)
    assert picture.startswith(b"\xff\xd8")
    assert picture.endswith(b"\xff\xd9")


async def test_a_stuck_or_empty_still_is_an_error_and_the_rest_works(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.snapshot_stuck = True
    with pytest.raises(Busy):
        await device.fetch("still:1")
    home.box.faults.snapshot_stuck = False
    home.box.faults.snapshot_empty = True
    with pytest.raises(Malformed):
        await device.fetch("still:1")
    assert ":clock_drift" in told(await device.read("clock"))


@pytest.mark.parametrize(
    "ref", ["", "still:", "still:0", "still:2", "still:1&type=0", "still:1\n", "other:1", "still:١"]
)
async def test_a_ref_is_checked_whole_before_it_is_used(house: Build, ref: str) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.wire


async def test_stills_go_one_at_a_time(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    contents = await asyncio.gather(*(device.fetch(f"still:{channel}") for channel in (1, 2, 3)))
    assert len({await content.read() for content in contents}) == 3


async def test_a_camera_that_counts_from_none_is_understood_and_remembered(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.channels_from_zero = True
    for _ in range(2):
        assert (await (await device.fetch("still:1")).read()).startswith(b"\xff\xd8")
    asked = [target for target in home.sent() if "snapshot.cgi" in target]
    assert [target.partition("channel=")[2] for target in asked] == ["1", "0", "0"]
