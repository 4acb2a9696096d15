"""What the document names and no other test does: the last video itself, every option, status."""

from contextlib import aclosing
from datetime import timedelta

import pytest

from custom_components.cctv.devices.commands import Service
from custom_components.cctv.devices.errors import BadInput, WrongFamily
from custom_components.cctv.devices.http.asker import asker
from custom_components.cctv.devices.model import BOX, Event, Hint, Recording, Recordings
from custom_components.cctv.devices.yi_hack.device import recognise
from tests.simulators_tests.yi_box import AT, body

from .conftest import Build, StillClock, told, topology_of


@pytest.mark.parametrize("kind", [3, 4])
async def test_the_bytes_of_a_listed_recording_are_those_of_the_last_video(
    house: Build, kind: int
) -> None:
    """getlastrecordedvideo.sh, inline and as attachment, by the refs of a list (§5.6)."""
    home = await house("mstar", user="")
    home.box.add_clip(AT - timedelta(minutes=10), 20)
    device, _ = await home.opened(clock=StillClock())
    async with aclosing(device.find(BOX, Recordings())) as found:
        newest = await anext(found)
    assert isinstance(newest, Recording)
    content = await device.fetch(newest.refs[-1])
    assert content.mime == "video/mp4"
    video = await content.read()
    assert video
    assert video == await body(home.box, f"getlastrecordedvideo.sh?oldness=1&type={kind}")


@pytest.mark.parametrize("watermark", [True, False])
@pytest.mark.parametrize("quality", ["high", "low"])
async def test_each_picture_is_asked_for_as_it_was_chosen(
    house: Build, watermark: bool, quality: str
) -> None:
    """snapshot.sh, high or low, with or without a watermark (§5.1)."""
    home = await house("mstar")
    options = {"snapshot_quality": quality, "snapshot_watermark": watermark}
    device, batch = await home.opened(options=options)
    still = topology_of(batch).streams[":main"].still
    assert still == f"still:{quality}"
    assert (await (await device.fetch(still)).read()).startswith(b"\xff\xd8")
    word = "yes" if watermark else "no"
    assert home.sent() == [f"/cgi-bin/snapshot.sh?res={quality}&watermark={word}"]


@pytest.mark.parametrize(
    ("name", "option", "setting"),
    [
        ("rtsp", "low", ("RTSP_STREAM", "low")),
        ("rtsp", "high", ("RTSP_STREAM", "high")),
        ("rtsp", "both", ("RTSP_STREAM", "both")),
        ("onvif", "low", ("ONVIF_PROFILE", "low")),
        ("onvif", "high", ("ONVIF_PROFILE", "high")),
        ("onvif", "both", ("ONVIF_PROFILE", "both")),
        ("onvif", "watermark", ("ONVIF_WM_SNAPSHOT", "yes")),
        ("onvif", "high no_watermark", ("ONVIF_WM_SNAPSHOT", "no")),
    ],
)
async def test_each_option_of_a_service_is_kept_and_the_service_started(
    house: Build, name: str, option: str, setting: tuple[str, str]
) -> None:
    """service.sh rtsp and onvif (§5.15); options that never arrive are written instead."""
    home = await house("mstar")
    device, _ = await home.opened()
    await device.do(BOX, Service(name, run=False))
    assert not home.box.camera.services.runs(name)
    answer = await device.do(BOX, Service(name, run=True, option=option))
    assert home.box.camera.services.runs(name)
    assert home.box.config["system"][setting[0]] == setting[1]
    assert told(answer.updates)[f":{name}_service"] is True
    assert Hint(("survey",)) in answer.updates


@pytest.mark.parametrize("server", ["busybox", "pure-ftpd"])
async def test_each_ftp_server_is_started_and_stopped(house: Build, server: str) -> None:
    """service.sh ftpd (§5.15): without its kind nothing would start."""
    home = await house("mstar")
    device, _ = await home.opened()
    await device.do(BOX, Service("ftpd", run=True, option=server))
    assert home.sent() == [f"/cgi-bin/service.sh?name=ftpd&action=start&param1={server}"]
    assert home.box.camera.services.runs("ftpd")
    with pytest.raises(BadInput):
        await device.do(BOX, Service("ftpd", run=True))
    await device.do(BOX, Service("ftpd", run=False))
    assert not home.box.camera.services.runs("ftpd")


@pytest.mark.parametrize("name", ["mqtt", "mp4record"])
async def test_a_daemon_is_stopped_and_started(house: Build, name: str) -> None:
    """service.sh mqtt and mp4record (§5.15)."""
    home = await house("mstar")
    device, _ = await home.opened()
    for run in (False, True):
        await device.do(BOX, Service(name, run=run))
        assert home.box.camera.services.runs(name) is run


async def test_status_is_told_value_by_value(house: Build) -> None:
    """status.json (§5.10)."""
    home = await house("mstar")
    device, batch = await home.opened(clock=StillClock())
    about = topology_of(batch).parts[BOX].about
    model = home.box.camera.model
    assert about is not None
    assert (about.firmware, about.name) == (model.fw_version, model.hostname)
    assert about.hardware
    assert about.serial
    assert about.mac == model.mac.lower()
    values = told(await device.read("status"))
    for key in ("storage_free", "wifi_signal", "memory_free"):
        value = values[f":{key}"]
        assert isinstance(value, (int, float))
        assert 0 <= value <= 100
    assert isinstance(values[":load"], float)
    assert values[":clock_drift"] == 0
    assert values[":storage_missing"] is False
    home.box.set_sd("absent")
    values = told(await device.read("status"))
    assert values[":storage_free"] is None
    assert values[":storage_missing"] is True


async def test_a_new_file_is_told_by_its_name(house: Build) -> None:
    """The relative name of what was recorded (§5.6), as an event."""
    home = await house("mstar")
    device, batch = await home.opened(clock=StillClock())
    assert ":new_file" in topology_of(batch).features
    await device.read("recordings")
    home.box.add_clip(AT - timedelta(minutes=2), 20)
    told_ = [each for each in await device.read("recordings") if isinstance(each, Event)]
    assert [(each.feature, each.type, each.details["file"]) for each in told_] == [
        (":new_file", "video", home.box.clips[-1])
    ]


async def test_a_host_name_alone_is_a_likely_camera(house: Build) -> None:
    """hostname.js (§5.11), the cheapest script; where status.json does not say more."""
    home = await house("mstar", user="")
    home.box.faults.missing.add("status.json")
    device = home.device()
    with pytest.raises(WrongFamily):
        await device.open()
    assert home.env is not None
    ask = asker(home.env.session, home.env.address)
    try:
        sighting = await recognise(ask)
        assert sighting is not None
        assert not sighting.certain
        home.box.faults.missing.add("hostname.js")
    finally:
        await ask.close()
    ask = asker(home.env.session, home.env.address)
    try:
        assert await recognise(ask) is None
    finally:
        await ask.close()
