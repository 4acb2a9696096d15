"""A whole box on the wire: what it is taken for, what is asked of it, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from custom_components.cctv.devices.amcrest import FAMILY
from custom_components.cctv.devices.amcrest.device import Amcrest, recognise
from custom_components.cctv.devices.commands import Press, PtzStop, Set
from custom_components.cctv.devices.device import Reply
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    Forbidden,
    Gone,
    InvalidAuth,
    Locked,
    Malformed,
    NoAnswer,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.model import Notice, PartKind, Query, Table, Value
from tests.simulators.amcrest import PERSONALITIES, Refusal, TimeStyle
from tests.simulators.amcrest.state import Disk

from .conftest import Build, told, topology_of

BOX_OF_ALL = {"clock_drift", "restart", "sync_clock", "security"}
MOTION = {"motion_detection", "motion_sensitivity", "motion_threshold", "record_mode", "motion"}
STORAGE = {"storage_used", "storage_size", "storage_state"}
STORAGE_EVENTS = {"storage_failure", "storage_low", "storage_missing"}
SMART = {
    "person_detection",
    "vehicle_detection",
    "smart_motion_sensitivity",
    "person",
    "vehicle",
}
CHANNEL = MOTION | {"online", "new_file", "video_loss"}
EXPECTED: dict[str, dict[str, set[str]]] = {
    "ipc": {
        "": BOX_OF_ALL
        | MOTION
        | STORAGE_EVENTS
        | {"privacy", "infrared", "infrared_level", "status_light", "new_file", "tamper"}
        | {"sound", "sound_lost", "network_lost", "address_conflict"},
        "disk.mmc0": STORAGE,
    },
    "wizsense": {
        "": BOX_OF_ALL
        | MOTION
        | SMART
        | STORAGE_EVENTS
        | {"siren", "warning_light", "floodlight", "infrared", "infrared_level", "light_scheme"}
        | {"line_crossed", "intrusion", "object_left", "object_taken", "scene_changed"}
        | {"sound", "sound_lost", "tamper", "new_file"},
        "input.1": {"input"},
        "input.2": {"input"},
        "output.1": {"output"},
        "disk.mmc0": STORAGE,
    },
    "nvr": {
        "": BOX_OF_ALL | {"storage_failure", "storage_missing"},
        **{f"camera.{channel}": CHANNEL | SMART for channel in (1, 2, 3, 5, 8)},
        "camera.6": CHANNEL,
        **{f"input.{slot}": {"input"} for slot in (1, 2, 3, 4)},
        "output.1": {"output"},
        "output.2": {"output"},
        "disk.sda": STORAGE,
        "disk.sdb": STORAGE,
    },
    "doorbell": {
        "": BOX_OF_ALL
        | MOTION
        | STORAGE_EVENTS
        | {"doorbell", "call", "intrusion", "status_light", "floodlight", "new_file"},
        "disk.mmc0": STORAGE,
    },
    "legacy": {
        "": BOX_OF_ALL
        | {"motion_detection", "motion_sensitivity", "motion", "record_mode"}
        | {"infrared", "infrared_level", "new_file", "tamper"},
    },
    "hostile": {
        "": BOX_OF_ALL | MOTION | {"infrared", "infrared_level", "new_file", "tamper"},
        "input.1": {"input"},
        "disk.mmc0": STORAGE,
    },
}


def test_every_personality_is_expected() -> None:
    assert set(EXPECTED) == set(PERSONALITIES)


@pytest.mark.parametrize("personality", EXPECTED)
async def test_each_box_has_what_it_has_and_is_asked_little(
    house: Build, personality: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Case 42: 25 requests a camera, 60 a recorder, challenges apart."""
    home = await house(personality)
    device = home.device()
    topology = topology_of(await device.open())
    found = {
        part: {each.key for each in topology.features.values() if each.part == part}
        for part in topology.parts
    }
    assert found == EXPECTED[personality]
    asked = {each.target for each in home.box.wire}
    with capsys.disabled():
        features = len(topology.features)
        print(f"\n  {personality}: {len(asked)} requests, {features} features at open", end="")
    assert len(asked) <= (60 if personality == "nvr" else 25)
    answered = home.sent()
    assert len(answered) == len(set(answered)), "something was asked twice"


@pytest.mark.parametrize("personality", EXPECTED)
async def test_what_was_refused_is_not_asked_again(house: Build, personality: str) -> None:
    home = await house(personality)
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    await device.read("survey")
    refused = {each.target for each in home.box.wire if each.status in (400, 404, 501)}
    await device.close()
    await home.opened(memory=memory)
    assert not refused & {each.target for each in home.box.wire}


async def test_the_survey_finds_the_rest_and_asks_it_once(house: Build) -> None:
    home = await house("wizsense")
    device, batch = await home.opened()
    after = topology_of(await device.read("survey"))
    new = set(after.features) - set(topology_of(batch).features)
    assert {":sound_detection", ":tamper_detection", ":day_night", ":sessions", ":started"} <= new
    assert {"rule.1:rule", "rule.1:line_crossed", "rule.4:intrusion"} <= new
    assert after.parts["rule.4"].kind is PartKind.RULE
    assert after.parts["rule.4"].name == "Lawn; left=right"
    assert topology_of(batch).feeds == after.feeds, "a feed that changes is a feed cut"
    home.box.wire.clear()
    assert topology_of(await device.read("survey")) == after
    assert not home.box.wire


async def test_an_empty_table_is_looked_for_again(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["configManager.getConfig:LeLensMask"] = Refusal.EMPTY
    device, batch = await home.opened()
    assert ":privacy" not in topology_of(batch).features
    del home.box.faults.refuse["configManager.getConfig:LeLensMask"]
    assert ":privacy" in topology_of(await device.read("survey")).features


# --- identity -----------------------------------------------------------------------------------


async def test_a_camera_says_who_it_is(house: Build) -> None:
    home = await house("ipc")
    _, batch = await home.opened()
    about = topology_of(batch).parts[""].about
    assert about is not None
    assert (about.maker, about.model, about.serial) == ("Amcrest", "IP4M-1041B", home.box.serial)
    assert about.firmware == "2.800.00AC006.0.R (2023-10-27)"
    assert about.mac is not None
    assert {f"serial:{home.box.serial}", f"mac:{about.mac}"} <= about.identities


async def test_a_recorder_has_the_cameras_that_are_there_by_their_titles(house: Build) -> None:
    """Case 3: enabled is not present, and slots have gaps."""
    home = await house("nvr")
    _, batch = await home.opened()
    cameras = {
        part.id: part.name
        for part in topology_of(batch).parts.values()
        if part.kind is PartKind.CAMERA
    }
    assert cameras == {
        "camera.1": "Front Door",
        "camera.2": "Driveway",
        "camera.3": "Garden",
        "camera.5": "Living Room",
        "camera.6": "Warehouse",
        "camera.8": "Hallway",
    }
    about = topology_of(batch).parts["camera.1"].about
    assert about is not None
    assert about.model == "IPC-HDW2431T"
    assert about.serial


async def test_a_camera_once_seen_stays_when_it_is_gone_and_a_new_one_comes_at_once(
    house: Build,
) -> None:
    home = await house("nvr")
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    home.box.set_camera_state(1, "Unconnect")
    assert told(await device.read("cameras"))["camera.2:online"] is False
    await device.close()
    device, batch = await home.opened(memory=memory)
    assert "camera.2" in topology_of(batch).parts
    missing = next(
        index
        for index in range(8)
        if f"camera.{index + 1}" not in topology_of(batch).parts
        and home.box.config.get(f"ChannelTitle[{index}].Name")
    )
    home.box.set_camera_state(missing, "Connected")
    batch = await device.read("cameras")
    values = told(batch)
    if f"camera.{missing + 1}:online" in values:
        assert values[f"camera.{missing + 1}:online"] is True
        assert f"camera.{missing + 1}" in topology_of(batch).parts


# --- streams and stills -------------------------------------------------------------------------


async def test_streams_are_told_without_secrets_and_played_with_them(house: Build) -> None:
    home = await house("wizsense")
    home.box.config["RTSP.Port"] = "8554"
    home.box.users["ad:min"] = "p@ss:w/rd#"
    device = Amcrest(home.lend(home.box.url, "ad:min", "p@ss:w/rd#"))
    home.devices.append(device)
    streams = topology_of(await device.open()).streams
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
    assert not home.box.wire


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


# --- polls --------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", list(TimeStyle))
async def test_the_clock_is_read_in_each_style_and_set(house: Build, style: TimeStyle) -> None:
    home = await house("ipc")
    home.box.faults.time_style = style
    device, _ = await home.opened()
    await device.do("", Press("sync_clock"))
    drift = told(await device.read("clock"))[":clock_drift"]
    assert isinstance(drift, int)
    assert abs(drift) <= 2


async def test_disks_are_told_with_their_partitions_added_up(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    values = told(await device.read("storage"))
    assert values["disk.sda:storage_used"] == 75.0
    assert values["disk.sda:storage_size"] == 4398046511104
    home.box.storage[0].partitions[0].is_error = True
    assert told(await device.read("storage"))["disk.sda:storage_state"] == "failure"
    home.box.storage.append(Disk("/dev/sdc", "Success", []))
    batch = await device.read("storage")
    assert "disk.sdc" in topology_of(batch).parts
    assert told(batch)["disk.sdc:storage_state"] == "unformatted"
    home.box.storage.clear()
    assert not any("disk" in part for part in topology_of(await device.read("storage")).parts)


async def test_inputs_are_read_as_bits(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    home.box.inputs[2] = True
    assert told(await device.read("inputs")) == {
        "input.1:input": False,
        "input.2:input": False,
        "input.3:input": True,
        "input.4:input": False,
    }


@pytest.mark.parametrize("quiet", [False, True])
async def test_what_is_active_is_read_for_every_camera(house: Build, quiet: bool) -> None:
    """Case 15: no events is an answer, as a line or as nothing."""
    home = await house("nvr")
    home.box.faults.quiet_empty = quiet
    device, _ = await home.opened()
    values = told(await device.read("active"))
    assert values
    assert not any(values.values())
    home.box.emit("VideoMotion", "Start", 2, silent=True)
    home.box.emit("SmartMotionHuman", "Start", 2, silent=True)
    values = told(await device.read("active"))
    assert {id_ for id_, on in values.items() if on} == {"camera.3:motion", "camera.3:person"}


async def test_without_asking_what_is_active_the_feed_is_all_there_is(house: Build) -> None:
    home = await house("nvr")
    device, batch = await home.opened()
    assert topology_of(batch).features["camera.1:motion"].poll == "active"
    assert topology_of(batch).feeds["events"].seed == ("active", "inputs")
    home.box.faults.refuse["eventManager.getEventIndexes"] = Refusal.NOT_IMPLEMENTED
    topology = topology_of(await device.read("active"))
    assert topology.features["camera.1:motion"].poll is None
    assert topology.features["camera.1:motion"].push == "events"
    assert topology.feeds["events"].seed == ("inputs",)
    assert "active" not in topology.polls


async def test_without_a_state_of_they_are_heard_only(house: Build) -> None:
    home = await house("wizsense")
    device, batch = await home.opened()
    home.box.faults.refuse["alarm.getInState"] = Refusal.BAD_REQUEST
    topology = topology_of(await device.read("inputs"))
    assert topology.features["input.1:input"].poll is None
    assert topology_of(batch).features["input.1:input"].poll == "inputs"


async def test_sessions_and_start_are_told(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    await device.read("survey")
    sessions = told(await device.read("sessions"))[":sessions"]
    assert isinstance(sessions, int)
    assert sessions >= 1
    first = told(await device.read("started"))[":started"]
    assert first == told(await device.read("started"))[":started"], "no jitter"


async def test_a_poll_that_there_is_not_is_unsupported(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    with pytest.raises(Unsupported):
        await device.read("nonsense")
    with pytest.raises(Unsupported):
        await device.read("config:Nonsense")


# --- refusals -----------------------------------------------------------------------------------


async def test_a_wrong_password_is_tried_once_and_no_more(house: Build) -> None:
    home = await house("ipc")
    device = home.device("wrong")
    for _ in range(3):
        with pytest.raises(InvalidAuth) as caught:
            await device.open()
        assert not isinstance(caught.value, Locked)
    assert home.box.failed_logins == 1
    assert "wrong" not in repr(caught.value) + str(caught.value)


async def test_a_forbidden_table_is_absent_and_told(house: Build) -> None:
    """Case 34."""
    home = await house("ipc")
    home.box.faults.refuse["configManager.getConfig:RecordMode"] = Refusal.NO_RIGHT
    _, batch = await home.opened()
    assert ":record_mode" not in topology_of(batch).features
    assert ":motion_detection" in topology_of(batch).features
    notices = [each for each in batch if isinstance(each, Notice)]
    assert notices == [Notice("rights", "", active=True, data={"tables": "RecordMode"})]


async def test_a_box_that_is_gone_cannot_be_opened(house: Build) -> None:
    home = await house("ipc")
    await home.box.go_dark()
    with pytest.raises(CannotConnect):
        await home.device().open()
    await home.box.come_back()


async def test_a_box_that_goes_while_it_is_opened_cannot_be_opened(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.truncate = 10
    with pytest.raises((CannotConnect, NoAnswer, Malformed)):
        await home.device().open()


async def test_another_web_server_is_another_family(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["magicBox"] = Refusal.NOT_FOUND
    with pytest.raises(WrongFamily):
        await home.device().open()


async def test_a_web_page_is_no_answer(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.refuse["configManager"] = Refusal.HTML
    with pytest.raises(Malformed):
        await device.read("config:MotionDetect")


async def test_what_it_cannot_do_is_refused_before_a_byte_is_sent(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    for part, command, error in (
        ("", PtzStop(), Unsupported),
        ("", Press("open_door"), BadInput),
        ("camera.9", Set("motion_detection", value=True), BadInput),
        ("", Set("motion", value=True), BadInput),
    ):
        with pytest.raises(error):
            await device.do(part, command)
    with pytest.raises(Unsupported):
        await anext(device.find("", Table(kind="log")))
    with pytest.raises(Unsupported):
        await device.talk("", _silence())
    assert not home.box.wire
    assert await device.resume() == ()
    assert Query().limit


async def _silence() -> AsyncIterator[bytes]:
    yield b""


async def test_a_device_that_is_not_open_says_so(house: Build) -> None:
    home = await house("ipc")
    device = home.device()
    with pytest.raises(Unsupported):
        await device.do("", Press("restart"))
    with pytest.raises(Unsupported):
        await device.read("clock")
    with pytest.raises(Unsupported):
        await anext(device.listen("events"))
    assert device.counters.requests == 0


# --- recognition --------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", EXPECTED)
async def test_each_box_is_recognised_by_one_question(house: Build, personality: str) -> None:
    home = await house(personality)
    device = home.device()
    asked: list[str] = []

    async def ask(path: str) -> Reply:
        asked.append(path)
        return await device._http.ask(path, login=False)

    sighting = await recognise(ask)
    assert sighting is not None
    assert sighting.family == FAMILY.name
    assert sighting.certain
    assert sighting.login
    assert len(asked) == 1
    assert home.box.failed_logins == 0


@pytest.mark.parametrize(
    ("status", "body", "challenges"),
    [
        (200, b"<html>type=router</html>", ()),
        (200, b"", ()),
        (404, b"", ()),
        (401, b"", ('Basic realm="Router"',)),
        (401, b"", ()),
    ],
)
async def test_others_are_not_recognised(
    status: int, body: bytes, challenges: tuple[str, ...]
) -> None:
    async def ask(path: str) -> Reply:
        return Reply(status, {}, body, challenges)

    assert await recognise(ask) is None


async def test_an_open_box_says_its_type() -> None:
    async def ask(path: str) -> Reply:
        return Reply(200, {}, b"type=IP4M-1041B\r\n")

    sighting = await recognise(ask)
    assert sighting is not None
    assert sighting.model == "IP4M-1041B"


# --- the end ------------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", EXPECTED)
async def test_close_leaves_nothing(house: Build, personality: str) -> None:
    home = await house(personality)
    before = asyncio.all_tasks()
    device, _ = await home.opened()
    feed = device.listen("events")
    listening = asyncio.create_task(anext(feed))
    await home.box.wait_attached()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await feed.aclose()
    await device.close()
    await home.box.wait_detached()
    ours = asyncio.all_tasks() - before - home.box._tasks
    assert not [task for task in ours if "amcrest" in repr(task.get_coro())]
    with pytest.raises(CannotConnect):
        await device.read("clock")


def test_values_are_values() -> None:
    assert told((Value(":a", 1),)) == {":a": 1}


async def test_an_account_that_may_nothing_is_forbidden(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["magicBox"] = Refusal.NO_RIGHT
    with pytest.raises(Forbidden):
        await home.device().open()
    assert home.box.failed_logins == 0
