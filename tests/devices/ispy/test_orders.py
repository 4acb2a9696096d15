"""Settings, switches and buttons: what is sent, and what came of it on the PC."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from custom_components.cctv.devices.commands import (
    GetConfig,
    Press,
    RecordFor,
    Set,
)
from custom_components.cctv.devices.errors import (
    BadInput,
    DeviceError,
    Gone,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.ispy import features
from custom_components.cctv.devices.model import Hint
from tests.devices.clock import FakeClock, settle
from tests.devices.ispy.conftest import Build, do, told, topology_of
from tests.devices.waiting import becomes, until
from tests.simulators.ispy import CAMERA, MICROPHONE
from tests.simulators.ispy.personalities.generations import G3

# --- switches, numbers, texts (§5, §7) ------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "key", "value", "sent", "field"),
    [
        ("camera.1", "alerts", False, "alertoff?ot=2&oid=1", "alerts"),
        ("microphone.2", "alerts", False, "alertoff?ot=1&oid=2", "alerts"),
        (
            "camera.2",
            "schedule",
            True,
            "changesetting?ot=2&oid=2&field=scheduler&value=true",
            "scheduler",
        ),
        ("camera.1", "frame_rate", 25, "setframerate?ot=2&oid=1&rate=25", "maxframerate"),
        (
            "camera.1",
            "record_frame_rate",
            5,
            "setrecordingframerate?ot=2&oid=1&rate=5",
            "maxframeraterecord",
        ),
        (
            "camera.3",
            "alert_interval",
            0,
            "changesetting?ot=2&oid=3&field=minimuminterval&value=0",
            "minimuminterval",
        ),
        (
            "camera.3",
            "timelapse_interval",
            30,
            "changesetting?ot=2&oid=3&field=timelapse&value=30",
            "timelapse",
        ),
    ],
)
async def test_a_setting_is_written_by_its_command_and_read_back(
    house: Build, part: str, key: str, value: Any, sent: str, field: str
) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await do(device, part, Set(key, value))
    assert told(answer)[f"{part}:{key}"] == value
    assert home.told(sent.partition("?")[0]) == [sent]
    kind, _, number = part.partition(".")
    thing = home.box.thing(CAMERA if kind == "camera" else MICROPHONE, int(number))
    assert getattr(thing.settings, field) == value


@pytest.mark.parametrize(
    ("mode", "sent", "flags"),
    [
        ("detection", "recordondetecton", (True, False)),
        ("alert", "recordonalerton", (False, True)),
        ("off", "recordingoff", (False, False)),
    ],
)
async def test_record_modes_exclude_one_another(
    house: Build, mode: str, sent: str, flags: tuple[bool, bool]
) -> None:
    """Case 22: three fields of the panel are one choice."""
    home = await house()
    device, _ = await home.opened()
    before = "off" if mode != "off" else "alert"
    await do(device, "camera.3", Set("record_mode", before))
    home.box.wire.clear()
    answer = await do(device, "camera.3", Set("record_mode", mode))
    assert told(answer) == {"camera.3:record_mode": mode}
    assert home.told(sent) == [f"{sent}?ot=2&oid=3"]
    settings = home.box.thing(CAMERA, 3).settings
    assert (settings.recordondetect, settings.recordonalert) == flags


async def test_the_mode_of_all_is_set_without_an_object(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    assert topology_of(batch).features[":record_mode"].blind
    await do(device, "", Set("record_mode", "alert"))
    assert home.told("recordonalerton") == ["recordonalerton"]
    assert all(camera.settings.recordonalert for camera in home.box.cameras)


async def test_an_object_is_switched_on_and_off(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await do(device, "camera.4", Set("enabled", value=True))
    assert told(answer)["camera.4:enabled"] is True
    assert home.box.thing(CAMERA, 4).enabled
    await do(device, "microphone.1", Set("enabled", value=False))
    assert not home.box.thing(MICROPHONE, 1).enabled
    assert home.box.thing(CAMERA, 1).enabled
    assert home.told("bringonline", "takeoffline") == [
        "bringonline?ot=2&oid=4",
        "takeoffline?ot=1&oid=1",
    ]


async def test_names_and_groups_are_seen_in_the_list(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    name = "HTTP & S\u00fcd, 100% + 1"
    answer = await do(device, "camera.1", Set("object_name", name))
    assert home.box.thing(CAMERA, 1).name == name
    assert topology_of(answer).parts["camera.1"].name == name
    answer = await do(device, "camera.1", Set("access_groups", "a,b"))
    assert "group.b" in topology_of(answer).parts
    assert "group.doors" not in topology_of(answer).parts


@pytest.mark.parametrize("language", ["en", "de", "fr"])
async def test_recording_is_told_by_the_ends_of_a_sentence(house: Build, language: str) -> None:
    home = await house(language=language)
    device, _ = await home.opened()
    answer = await do(device, "camera.4", Set("record", value=True))
    assert told(answer) == {
        "camera.4:record": True,
        "camera.4:recording": True,
        "camera.4:enabled": True,
    }
    assert home.box.thing(CAMERA, 4).now.forced
    assert told(await device.read("status:camera.4"))["camera.4:record"] is True
    answer = await do(device, "camera.4", Set("record", value=False))
    assert told(answer)["camera.4:record"] is False
    assert not home.box.thing(CAMERA, 4).now.forced


async def test_case_25_who_may_not_record_is_told_so(house: Build) -> None:
    home = await house("german")
    home.box.faults.record_permission = False
    device, _ = await home.opened()
    with pytest.raises(Rejected):
        await do(device, "camera.1", Set("record", value=True))
    with pytest.raises(Rejected):
        await do(device, "group.au_en_636f7f7b", Press("all_record"))


async def test_case_13_the_flag_may_lag_behind_the_command(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    home.box.faults.record_lag = 2
    runner = await home.run("camera.3:record", "camera.3:recording", clock=clock)
    seen: list[object] = []
    id_ = "camera.3:recording"
    runner.watch([id_], lambda: seen.append(runner.state.readings[id_].value))
    await runner.do("camera.3", Set("record", value=True))
    for seconds in (1, 2):
        lists = len(home.told("getobjectlist"))
        await clock.advance(seconds)
        await home.lists(lists + 1)
        home.box.advance(3)
    await becomes(runner, id_, wanted=True)
    assert False not in seen


async def test_recording_for_a_while_ends_by_itself(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    await do(device, "camera.3", RecordFor(30))
    assert home.box.thing(CAMERA, 3).now.forced
    await clock.advance(31)
    await home.box.until(lambda: not home.box.thing(CAMERA, 3).now.forced)


async def test_a_recording_for_a_while_ends_with_the_runner_at_the_latest(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.3", RecordFor(3_600))
    await device.close()
    assert not home.box.thing(CAMERA, 3).now.forced


async def test_a_disabled_object_records_nothing_any_more(house: Build) -> None:
    """Case 22: whatever a command changed is told."""
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.2", Set("record", value=True))
    answer = await do(device, "camera.2", Set("enabled", value=False))
    assert told(answer) == {
        "camera.2:enabled": False,
        "camera.2:record": False,
        "camera.2:recording": False,
    }
    assert told(await device.read("status:camera.2"))["camera.2:record"] is False


async def test_switching_again_cancels_what_was_planned(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    await do(device, "camera.3", RecordFor(30))
    await do(device, "camera.3", Set("record", value=True))
    await clock.advance(60)
    assert home.box.thing(CAMERA, 3).now.forced
    with pytest.raises(BadInput):
        await do(device, "camera.3", Set("frame_rate", 5, seconds=10))


async def test_speakers_of_the_pc_are_switched_blindly(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    assert topology_of(batch).features["microphone.2:listen_at_server"].blind
    await do(device, "microphone.2", Set("listen_at_server", value=True))
    assert home.box.thing(MICROPHONE, 2).now.listening
    await do(device, "camera.1", Set("talk_from_server", value=True))
    assert home.box.thing(CAMERA, 1).now.talking
    await do(device, "camera.1", Set("talk_from_server", value=False))
    assert not home.box.thing(CAMERA, 1).now.talking


# --- buttons (§5, §6) -----------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["g3", "g1"])
@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("all_on", "allon"),
        ("all_off", "alloff"),
        ("all_record", "record"),
        ("all_stop", "recordstop"),
        ("all_alerts_on", "alerton"),
        ("all_alerts_off", "alertoff"),
        ("apply_schedule", "applyschedule"),
        ("take_snapshot", "snapshot"),
    ],
)
async def test_case_24_a_master_is_a_button_of_the_box(
    house: Build, personality: str, key: str, sent: str
) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    answer = await do(device, "", Press(key))
    assert home.sent()[0] == sent
    assert topology_of(answer)


async def test_masters_act_on_everything(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await do(device, "", Press("all_off"))
    assert told(answer)["camera.1:enabled"] is False
    await do(device, "", Press("all_on"))
    assert home.box.thing(CAMERA, 4).enabled
    await do(device, "", Press("all_record"))
    assert all(camera.now.forced for camera in home.box.cameras)
    await do(device, "", Press("all_stop"))
    assert not any(camera.now.forced for camera in home.box.cameras)


async def test_case_24_a_group_has_buttons_only(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    mine = [each for each in topology_of(batch).features.values() if each.part == "group.outside"]
    assert mine
    assert all(each.blind for each in mine)
    await do(device, "group.outside", Press("all_record"))
    assert home.told("record") == ["record?group=outside"]
    assert home.box.thing(CAMERA, 1).now.forced
    assert home.box.thing(CAMERA, 2).now.forced
    assert not home.box.thing(CAMERA, 3).now.forced
    await do(device, "group.outside", Press("all_off"))
    assert not home.box.thing(CAMERA, 2).enabled


async def test_a_group_that_lost_its_members_refuses(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for thing in home.box.program.objects():
        thing.settings.accessgroups = ""
    for key in ("all_record", "all_on"):
        with pytest.raises(Rejected):
            await do(device, "group.outside", Press(key))


async def test_groups_with_odd_names_are_sent_as_they_are(house: Build) -> None:
    home = await house("hostile")
    device, batch = await home.opened()
    names = {part.name: id_ for id_, part in topology_of(batch).parts.items() if "group." in id_}
    await do(device, names['a"><b'], Press("all_off"))
    assert not home.box.thing(MICROPHONE, 0).enabled
    await do(device, names["b"], Press("all_off"))
    assert not home.box.thing(CAMERA, 0).enabled


async def test_buttons_of_a_camera(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 1)
    answer = await do(device, "camera.1", Press("take_snapshot"))
    assert camera.shots == 1
    assert any(isinstance(each, Hint) and "grabs:camera.1" in each.polls for each in answer.updates)
    await do(device, "camera.1", Press("trigger_alert"))
    await do(device, "camera.1", Press("trigger_detection"))
    await do(device, "camera.1", Press("trigger_plugin"))
    await do(device, "camera.1", Press("toggle_alert_mode"))
    assert (camera.now.alerted, camera.now.detected, camera.triggered) == (1, 1, 1)
    assert camera.alert_mode == "nomovement"
    await do(device, "microphone.2", Press("trigger_detection"))
    assert home.box.thing(MICROPHONE, 2).now.detected == 1


async def test_a_button_of_an_object_that_has_just_gone(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.remove_object(CAMERA, 3)
    with pytest.raises(Rejected, match="not found"):
        await do(device, "camera.3", Press("trigger_alert"))
    with pytest.raises(Gone):
        await do(device, "camera.3", Set("record", value=True))
    with pytest.raises(Rejected):
        await do(device, "camera.3", Set("enabled", value=False))


async def test_remote_commands_run_and_fail(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "macro.20", Press("run"))
    assert "command 20" in home.box.program.called
    with pytest.raises(Rejected, match="cannot find the file"):
        await do(device, "macro.21", Press("run"))
    with pytest.raises(DeviceError):
        await do(device, "macro.11", Press("run"))
    assert not [each for each in home.sent() if "id=11" in each]


# --- saving (§5) ----------------------------------------------------------------------------


async def test_what_was_changed_is_saved_when_it_is_quiet(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    await do(device, "camera.1", Set("alerts", value=False))
    await clock.advance(features.SAVE_SECONDS / 2)
    await do(device, "camera.2", Set("alerts", value=False))
    await clock.advance(features.SAVE_SECONDS / 2 + 1)
    assert not home.told("saveobjects")
    await clock.advance(features.SAVE_SECONDS)
    await home.box.until(lambda: home.told("saveobjects"))
    await home.box.restart(home.box.auth, crash=True)
    assert not home.box.thing(CAMERA, 2).settings.alerts
    await clock.advance(100)
    assert len(home.told("saveobjects")) == 1


async def test_what_could_not_be_saved_in_an_outage_is_saved_after_it(house: Build) -> None:
    clock = FakeClock()
    home = await house()
    device, _ = await home.opened(clock=clock)
    await do(device, "camera.1", Set("frame_rate", 25))
    await home.box.go_dark()
    await clock.advance(features.SAVE_SECONDS)
    async with asyncio.timeout(10):
        while not clock.sleepers:
            await settle()
    assert not home.told("saveobjects"), "nobody was there to save it"
    await home.box.come_back()
    await clock.advance(2 * features.SAVE_SECONDS)
    await home.box.until(lambda: home.told("saveobjects"))
    assert home.told("saveobjects") == ["saveobjects"]


async def test_what_was_changed_is_saved_at_the_end(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.1", Set("alerts", value=False))
    await device.close()
    assert home.told("saveobjects") == ["saveobjects"]


async def test_saving_can_be_asked_for(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "", Press("save_settings"))
    await device.close()
    assert home.told("saveobjects") == ["saveobjects"]


async def test_older_versions_cannot_save(house: Build) -> None:
    """Generation 2 before 6.8, and 1."""
    home = await house(replace(G3, version=(6, 7, 0)))
    device, batch = await home.opened()
    assert ":save_settings" in topology_of(batch).features
    with pytest.raises(Unsupported):
        await do(device, "", Press("save_settings"))
    assert ":save_settings" not in topology_of(await device.read("objects")).features
    old = await house("g1")
    device, _ = await old.opened()
    await do(device, "camera.1", Set("alerts", value=False))
    await device.close()
    assert not old.told("saveobjects")


async def test_what_nobody_can_do_is_refused(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for part, command in (
        ("camera.9", Set("alerts", value=True)),
        ("camera.1", Set("cruise", "off")),
        ("camera.1", Press("restart")),
        ("microphone.1", Press("pan_left")),
        ("nowhere.1", Press("run")),
        ("camera.1", GetConfig("camera:2")),
    ):
        with pytest.raises((BadInput, Unsupported)):
            await do(device, part, command)
    assert not home.sent()


async def test_a_switch_shows_what_is_wanted_and_goes_back_when_refused(house: Build) -> None:
    home = await house()
    home.box.faults.record_permission = False
    runner = await home.run("camera.1:record")
    await becomes(runner, "camera.1:record", wanted=False)
    with pytest.raises(Rejected):
        await runner.do("camera.1", Set("record", value=True))
    await until(
        lambda: runner.state.readings["camera.1:record"].value is False,
        lambda poke: runner.watch(["camera.1:record"], poke),
    )
