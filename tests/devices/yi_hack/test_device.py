"""What each variant is and has, and how politely it is asked (§1, §2, §8, §12)."""

import asyncio
from typing import Any

import pytest

from custom_components.cctv.devices.commands import (
    DeleteRecordings,
    Mode,
    PlayFile,
    PtzMove,
    PtzStop,
    RecordFor,
    SavePreset,
    Say,
)
from custom_components.cctv.devices.errors import InvalidAuth, Unsupported, WrongFamily
from custom_components.cctv.devices.http.asker import asker
from custom_components.cctv.devices.model import BOX, Need, Profile, Topology
from custom_components.cctv.devices.yi_hack import FAMILY
from tests.simulators.yi_hack import YiHackSimulator

from .conftest import Build, House, StillClock, told, topology_of

VARIANTS = ("mstar", "allwinner", "allwinner_v2", "v5", "hostile")
EVERYWHERE = {
    "enabled",
    "record_on_motion",
    "detection_sensitivity",
    "sound_detection",
    "sound_sensitivity",
    "status_light",
    "night_vision",
    "rotate",
    "rtsp_service",
    "onvif_service",
    "recording_service",
    "firmware",
    "restart",
    "started",
    "storage_free",
    "storage_missing",
    "wifi_signal",
    "memory_free",
    "load",
    "clock_drift",
    "motion",
    "recording",
}
OF_ONE = {
    "mstar": {"crying_detection", "cruise", "speaker"},
    "allwinner": {"person_detection", "cruise", "speaker"},
    "allwinner_v2": {"person_detection", "speaker"},
    "v5": {"crying_detection"},
    "hostile": {"motion_detection", "vehicle_detection", "animal_detection", "person_detection"},
}


def keys(topology: Topology) -> set[str]:
    """The rows that a camera has."""
    return {each.key for each in topology.features.values()}


@pytest.mark.parametrize("variant", VARIANTS)
async def test_each_variant_has_what_it_can(house: Build, variant: str) -> None:
    home = await house(variant)
    _, batch = await home.opened(clock=StillClock())
    topology = topology_of(batch)
    assert keys(topology) >= EVERYWHERE | OF_ONE[variant]
    box = topology.parts[BOX]
    assert box.about is not None
    assert box.about.name == home.box.camera.model.hostname
    assert f"mac:{home.box.camera.model.mac.lower()}" in box.about.identities
    assert topology.polls["status"].need is Need.VITAL
    assert home.box.camera.model.ptz == (PtzMove in box.can) == (box.ptz is not None)
    assert all(each.codec == "h264" for each in topology.streams.values() if each.url)


async def test_the_oldest_variant_lacks_what_it_lacks(house: Build) -> None:
    home = await house("v5")
    _, batch = await home.opened()
    topology = topology_of(batch)
    box = topology.parts[BOX]
    assert not box.can & {Say, PlayFile, PtzStop}
    assert box.talk is None
    assert box.ptz is None or box.ptz.modes == {Mode.STEP}
    assert not keys(topology) & {"speaker", "motion_detection", "person_detection", "last_picture"}
    assert topology.features[":sound_sensitivity"].options == ("50", "60", "70", "80", "90")


async def test_face_and_tracking_are_for_the_other_stock_firmware(house: Build) -> None:
    free = await house("allwinner_v2", homever="9.0.19.09_202010141405")
    _, batch = await free.opened()
    assert "face_detection" in keys(topology_of(batch))
    assert not keys(topology_of(batch)) & {"motion_detection", "vehicle_detection"}
    exclusive = await house("allwinner_v2", homever="12.0.19.09_202010141405")
    _, batch = await exclusive.opened()
    assert "vehicle_detection" in keys(topology_of(batch))
    assert not keys(topology_of(batch)) & {"face_detection", "tracking"}


async def test_v4_is_told_what_it_is(house: Build) -> None:
    home = await house("v4")
    device = home.device()
    with pytest.raises(WrongFamily, match=r"yi-hack-v4.*not supported"):
        await device.open()
    assert device.counters.requests <= 2


async def test_a_page_is_another_device(house: Build) -> None:
    home = await house()
    home.box.faults.missing.add("status.json")
    with pytest.raises(WrongFamily):
        await home.device().open()


# --- recognising ----------------------------------------------------------------------------


async def recognised(home: House) -> Any:
    """What is said of a stranger, and how often it was asked."""
    device = home.device()
    assert home.env is not None
    ask = asker(home.env.session, home.env.address)
    try:
        sighting = await FAMILY.recognise(ask)
    finally:
        await ask.close()
        await device.close()
    return sighting


async def test_without_a_login_the_firmware_says_what_it_is(house: Build) -> None:
    home = await house("allwinner", user="")
    sighting = await recognised(home)
    assert sighting.certain
    assert sighting.model == "yi-hack-allwinner"
    assert not sighting.login
    assert [each.target for each in home.box.wire] == [
        "/cgi-bin/hostname.js",
        "/cgi-bin/status.json",
    ]


async def test_behind_a_login_the_open_folder_tells(house: Build) -> None:
    home = await house("v5")
    sighting = await recognised(home)
    assert sighting.certain
    assert sighting.login
    assert [each.target for each in home.box.wire] == [
        "/cgi-bin/hostname.js",
        "/onvif/nothing",
    ]
    assert home.box.failed_logins == 0


async def test_v4_is_recognised_so_that_it_can_be_explained(house: Build) -> None:
    home = await house("v4", user="")
    sighting = await recognised(home)
    assert sighting.model == "yi-hack-v4"


# --- manners --------------------------------------------------------------------------------


class Crowd:
    """Counts who is served at the same time."""

    def __init__(self, box: YiHackSimulator) -> None:
        self.most = self.pictures = self.logins = 0
        now: list[str] = []
        serve = box.respond

        async def respond(request: Any, connection: Any) -> Any:
            now.append(request.target)
            self.logins += request.header("Authorization") is not None
            self.most = max(self.most, len(now))
            self.pictures = max(self.pictures, sum("snapshot" in each for each in now))
            try:
                return await serve(request, connection)
            finally:
                now.remove(request.target)

        box.respond = respond  # type: ignore[method-assign]


async def test_two_requests_at_most_and_one_picture(house: Build) -> None:
    home = await house("allwinner")
    device, batch = await home.opened()
    polls = topology_of(batch).polls
    crowd = Crowd(home.box)

    async def look(ref: str) -> None:
        await (await device.fetch(ref)).read()

    await asyncio.gather(
        *(look(ref) for ref in ("still:high", "still:low", *home.box.clips[-2:]) * 2),
        *(device.read(poll) for poll in polls),
    )
    assert crowd.most == 2
    assert crowd.pictures == 1


async def test_a_login_is_sent_only_where_it_is_asked_for(house: Build) -> None:
    home = await house(user="")
    crowd = Crowd(home.box)
    # A user is given, and the camera has none: no harm is done.
    await home.device().open()
    assert not crowd.logins
    closed = await house()
    crowd = Crowd(closed.box)
    await closed.device().open()
    assert crowd.logins


async def test_a_wrong_password_is_refused_once(house: Build) -> None:
    home = await house()
    device = home.device(password="wrong")
    for _ in range(2):
        with pytest.raises(InvalidAuth):
            await device.open()
    assert home.box.failed_logins == 1


async def test_a_password_with_signs_works_everywhere(house: Build) -> None:
    home = await house("allwinner")
    home.box.users["admin"] = home.box.rtsp.password = "p:w@d/ä"
    device = home.device(password="p:w@d/ä")
    topology = topology_of(await device.open())
    assert device.play_url(topology.streams[":main"]).startswith("rtsp://admin:p%3Aw%40d%2F%C3%A4@")


# --- what the options change ----------------------------------------------------------------


async def test_the_user_chooses_pictures_and_streams(house: Build) -> None:
    home = await house("mstar")
    device, batch = await home.opened(
        options={
            "snapshot_quality": "low",
            "snapshot_watermark": True,
            "recorder_seconds": 12,
            "stream_url": "rtsp://me:pw@10.0.0.9:8554/hall",
        }
    )
    topology = topology_of(batch)
    main = topology.streams[":main"]
    assert main.profile is Profile.MAIN
    assert main.still == "still:low"
    assert main.url == "rtsp://10.0.0.9:8554/hall"
    assert device.play_url(main) == "rtsp://me:pw@10.0.0.9:8554/hall"
    assert "admin:" in device.play_url(topology.streams[":sub"])
    assert topology.polls["recorder"].every == 12
    content = await device.fetch("still:low")
    await content.read()
    assert home.sent() == ["/cgi-bin/snapshot.sh?res=low&watermark=yes"]


async def test_only_what_is_streamed_is_a_stream(house: Build) -> None:
    home = await house("hostile")
    _, batch = await home.opened()
    streams = topology_of(batch).streams
    assert list(streams) == [":sub"]
    assert not streams[":sub"].minor
    assert streams[":sub"].still == "still:high"


async def test_without_rtsp_there_are_still_pictures(house: Build) -> None:
    home = await house(before=lambda box: box.config["system"].update(RTSP="no"))
    _, batch = await home.opened()
    streams = topology_of(batch).streams
    assert list(streams) == [":main"]
    assert streams[":main"].url is None
    assert streams[":main"].still == "still:high"


# --- card and recording mode ----------------------------------------------------------------


async def test_a_camera_without_a_card_tells_no_recordings(house: Build) -> None:
    home = await house("mstar", before=lambda box: box.set_sd("absent"))
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert told(batch)[":storage_missing"] is True
    assert told(batch)[":storage_free"] is None
    assert "recorder" not in topology.polls
    assert not topology.parts[BOX].tables
    assert not topology.parts[BOX].can & {RecordFor, DeleteRecordings}
    assert topology.parts[BOX].talk is not None
    assert topology.parts[BOX].talk.limit == 512_000
    home.box.set_sd("present")
    batch = await device.read("status")
    assert isinstance(batch[0], Topology)
    assert ":recording" in batch[0].features
    assert told(batch)[":storage_missing"] is False


async def test_continuous_recording_says_nothing_of_motion(house: Build) -> None:
    """Case 20."""
    home = await house("allwinner")
    device, batch = await home.opened(clock=StillClock())
    assert topology_of(batch).features[":motion"].poll == "recorder"
    home.box.config["camera"]["SAVE_VIDEO_ON_MOTION"] = "no"
    batch = await device.read("config:camera")
    assert ":motion" not in topology_of(batch).features
    assert ":recording" in topology_of(batch).features
    assert told(batch)[":record_on_motion"] is False
    assert ":motion" not in told(await device.read("recorder"))


async def test_who_never_records_tells_no_motion_by_recording(house: Build) -> None:
    home = await house(
        before=lambda box: box.config["system"].update(DISABLE_CLOUD="yes", REC_WITHOUT_CLOUD="no")
    )
    _, batch = await home.opened()
    assert "recorder" not in topology_of(batch).polls


# --- identity -------------------------------------------------------------------------------


async def test_one_camera_claims_its_words_on_the_bus(house: Build) -> None:
    """Case 44: what two cameras out of the box have in common is told."""
    claims = []
    for personality in ("hostile", "v5"):
        home = await house(personality)
        home.box.config["system"]["MQTT"] = "yes"
        _, batch = await home.opened()
        about = topology_of(batch).parts[BOX].about
        assert about is not None
        claims.append(about.claims)
    assert claims[0] & claims[1] == {"mqtt:yicam", "mqtt-client:yi-cam"}


async def test_presets_need_a_firmware_that_lists_them(house: Build) -> None:
    home = await house("mstar", before=lambda box: setattr(box.faults, "old_presets", True))
    _, batch = await home.opened()
    topology = topology_of(batch)
    assert SavePreset not in topology.parts[BOX].can
    assert topology.features[":preset"].options == tuple("01234567")


async def test_before_it_is_open_nothing_can_be_asked(house: Build) -> None:
    home = await house()
    device = home.device()
    with pytest.raises(Unsupported):
        await device.read("status")
    with pytest.raises(Unsupported):
        await device.fetch("still:high")
    assert not home.box.wire
