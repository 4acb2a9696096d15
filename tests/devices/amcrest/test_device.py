"""A whole box on the wire: what it is taken for, what is asked of it, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from custom_components.cctv.devices.amcrest import FAMILY, rows
from custom_components.cctv.devices.amcrest.device import recognise
from custom_components.cctv.devices.commands import Press, PtzStop, Set
from custom_components.cctv.devices.device import Reply
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    Forbidden,
    InvalidAuth,
    Locked,
    Malformed,
    NoAnswer,
    Unsupported,
    WrongFamily,
)
from custom_components.cctv.devices.model import Notice, PartKind, Query, Table, Value
from tests.simulators.amcrest import PERSONALITIES, Refusal

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
TAIL = {
    setting.key
    for table in (rows.DETECTION, rows.PICTURE, rows.STREAMS, rows.SYSTEM, rows.RECORDING)
    for setting in table
}
"""The long tail of settings, which test_rows proves."""
CHANNEL = MOTION | {"online", "new_file", "video_loss"}
EXPECTED: dict[str, dict[str, set[str]]] = {
    "ipc": {
        "": BOX_OF_ALL
        | MOTION
        | STORAGE_EVENTS
        | {"privacy", "infrared", "infrared_level", "new_file", "tamper"}
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
        "disk.mmc0": STORAGE,
    },
    "dome": {
        "": BOX_OF_ALL
        | MOTION
        | SMART
        | STORAGE_EVENTS
        | {"privacy", "infrared", "infrared_level", "line_crossed", "new_file", "tamper"}
        | {"sound", "sound_lost"},
        "disk.mmc0": STORAGE,
    },
    "floodlight": {
        "": BOX_OF_ALL
        | MOTION
        | SMART
        | {"floodlight", "infrared", "infrared_level", "new_file", "passive_infrared"}
        | {"siren", "warning_light"},
        "disk.mmc0": STORAGE,
    },
    "vto": {
        "": BOX_OF_ALL | (MOTION - {"record_mode"}) | {"call", "doorbell", "new_file", "tamper"},
    },
    "terminal": {"": BOX_OF_ALL | {"new_file"}},
    "thermal": {
        "": BOX_OF_ALL | MOTION | STORAGE_EVENTS | {"new_file", "tamper"},
        "lens.2": MOTION | {"fire", "heat", "new_file", "tamper"},
        "disk.mmc0": STORAGE,
    },
    "counter": {
        "": BOX_OF_ALL | MOTION | {"new_file", "sound"},
        "disk.mmc0": STORAGE,
    },
    "traffic": {
        "": BOX_OF_ALL | {"new_file", "plate"},
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
        part: {each.key for each in topology.features.values() if each.part == part} - TAIL
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


async def test_a_survey_that_failed_in_part_is_taken_again_soon(house: Build) -> None:
    home = await house("wizsense")
    device, _ = await home.opened()
    home.box.faults.refuse["configManager.getConfig:VideoAnalyseRule"] = Refusal.BOOTING
    waits = [topology_of(await device.read("survey")).polls["survey"].every for _ in range(6)]
    assert waits == [60, 240, 960, 3840, 15360, 21600]
    home.box.faults.refuse.clear()
    topology = topology_of(await device.read("survey"))
    assert topology.polls["survey"].every == 21600
    assert "rule.1" in topology.parts


@pytest.mark.parametrize(
    ("verb", "part"),
    [
        ("alarm.getInSlots", "input.1"),
        ("alarm.getOutSlots", "output.1"),
        ("configManager.getConfig:AlarmOut", "output.1"),
        ("storageDevice.getDeviceAllInfo", "disk.sda"),
    ],
)
async def test_what_did_not_answer_when_it_was_opened_is_found_by_the_survey(
    house: Build, verb: str, part: str
) -> None:
    home = await house("nvr")
    home.box.faults.refuse[verb] = Refusal.BOOTING
    device, batch = await home.opened()
    assert part not in topology_of(batch).parts
    del home.box.faults.refuse[verb]
    assert part in topology_of(await device.read("survey")).parts


async def test_the_survey_finds_the_rest_and_asks_it_once(house: Build) -> None:
    home = await house("wizsense")
    device, batch = await home.opened()
    after = topology_of(await device.read("survey"))
    new = set(after.features) - set(topology_of(batch).features)
    assert {":sound_detection", ":tamper_detection", ":day_night", ":sessions", ":started"} <= new
    assert {"rule.1:rule", "rule.1:line_crossed", "rule.4:intrusion"} <= new
    assert after.parts["rule.4"].kind is PartKind.RULE
    assert after.parts["rule.4"].name == "Lawn; left=right"
    before = topology_of(batch).feeds
    kept = {name: replace(after.feeds[name], seed=before[name].seed) for name in before}
    assert kept == before
    assert set(after.feeds["events"].seed) == {*before["events"].seed, "inputs"}
    home.box.wire.clear()
    assert topology_of(await device.read("survey")) == after
    assert home.sent() == ["/cgi-bin/magicBox.cgi?action=getSoftwareVersion"]


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
        async with aclosing(device.find("", Table(kind="log"))) as rows:
            await anext(rows)
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
        async with aclosing(device.listen("events")) as batches:
            await anext(batches)
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
    async with aclosing(device.listen("events")) as feed:
        listening = asyncio.ensure_future(anext(feed))
        await home.box.wait_attached()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
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
