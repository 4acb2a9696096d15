"""The Amcrest simulator's answers, byte for byte as the sheet writes them."""

from datetime import datetime, timedelta

import pytest

from tests.simulators.amcrest import PERSONALITIES, Refusal, TimeStyle
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import PASSWORD, Raw, ask, cgi, login

pytestmark = pytest.mark.usefixtures("socket_enabled")

BAD_REQUEST = b"Error\nBad Request!\n"
INVALID = b"Error\r\nErrorID=2, Detail=Invalid Request!\r\n"


async def test_an_answer_is_lines_with_crlf(start: Start) -> None:
    box = await start("ipc")
    answer = await cgi(box, "magicBox.cgi?action=getSerialNo")
    assert answer.head == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n"
        b"Connection: keep-alive\r\n\r\n"
    )
    assert answer.body == b"sn=AMC0110A41B20C7\r\n"


async def test_old_firmware_ends_lines_with_lf_and_takes_basic_only(start: Start) -> None:
    box = await start("legacy")
    async with await Raw.connect(box) as raw:
        refused = await raw.ask("/cgi-bin/magicBox.cgi?action=getSoftwareVersion")
    assert refused.header("WWW-Authenticate") == 'Basic realm="Device_CGI"'
    answer = await cgi(box, "magicBox.cgi?action=getSoftwareVersion")
    assert answer.body == b"version=2.420.0000.0.R\nBuildDate=2014-11-05\n"
    assert answer.header("Connection") == "close"


@pytest.mark.parametrize("name", sorted(set(PERSONALITIES) - {"hostile"}))
async def test_every_model_says_who_it_is(start: Start, name: str) -> None:
    box = await start(name)
    model = PERSONALITIES[name]
    for verb, line in (
        ("getDeviceType", f"type={model.device_type}"),
        ("getSerialNo", f"sn={model.serial}"),
        ("getDeviceClass", f"class={model.device_class}"),
        ("getMachineName", f"name={box.config['General.MachineName']}"),
        ("getHardwareVersion", f"version={model.hardware}"),
    ):
        assert (await cgi(box, f"magicBox.cgi?action={verb}")).lines == [line]
    info = (await cgi(box, "magicBox.cgi?action=getSystemInfo")).values
    assert info["serialNumber"] == model.serial


async def test_the_hostile_one_gives_a_serial_number_and_little_else(start: Start) -> None:
    box = await start("hostile")
    serial = await cgi(box, "magicBox.cgi?action=getSerialNo")
    assert serial.header("Content-Length") is None
    assert serial.header("Content-Type") == "text/plain;charset=utf-8"
    assert serial.body == b"sn=ND021811019863\r\n"
    for verb, status, body in (
        ("getDeviceType", 200, b"businessCommonErrorUnKnownError\r\n"),
        ("getDeviceClass", 200, INVALID),
        ("getMachineName", 200, b""),
        ("getHardwareVersion", 501, b"Error\r\n"),
        ("getProductDefinition&name=MaxExtraStream", 200, b"Error\r\n"),
    ):
        answer = await cgi(box, f"magicBox.cgi?action={verb}")
        assert (answer.status, answer.body) == (status, body), verb
    title = await cgi(box, "configManager.cgi?action=getConfig&name=ChannelTitle")
    assert title.body == b"table.ChannelTitle[0].Name=" + "仓库".encode("gbk") + b"\r\n"
    late = await cgi(box, "configManager.cgi?name=ChannelTitle&action=getConfig")
    assert late.status == 400


# Refusals, §5


@pytest.mark.parametrize(
    ("rest", "status", "body"),
    [
        (
            "magicBox.cgi?action=getDeviceTyp",
            200,
            b"Error\r\nErrorID=2, Detail=Invalid Request!\r\n",
        ),
        ("configmanager.cgi?action=getConfig&name=Snap", 400, BAD_REQUEST),
        ("configManager.cgi?action=getConfig&name=NoSuchTable", 400, BAD_REQUEST),
        ("configManager.cgi?action=getConfig", 400, BAD_REQUEST),
        ("coaxialControlIO.cgi?action=getStatus&channel=1", 400, BAD_REQUEST),
        ("devVideoInput.cgi?action=getCaps&channel=0", 400, BAD_REQUEST),
        ("alarm.cgi?action=getInState", 400, BAD_REQUEST),
        ("LogicDeviceManager.cgi?action=getCameraAll", 400, BAD_REQUEST),
        ("faceRecognitionServer.cgi?action=find", 400, BAD_REQUEST),
        ("log.cgi?action=startFind", 400, BAD_REQUEST),
        ("snapshot.cgi?channel=0", 400, BAD_REQUEST),
        ("snapshot.cgi?channel=2", 400, BAD_REQUEST),
        ("snapshot.cgi?channel=one", 400, BAD_REQUEST),
        ("eventManager.cgi?action=attach&codes=VideoMotion", 400, BAD_REQUEST),
        ("eventManager.cgi?action=attach", 400, BAD_REQUEST),
        ("eventManager.cgi?action=attach&codes=[All]&heartbeat=61", 400, BAD_REQUEST),
        ("eventManager.cgi?action=getEventIndexes&code=VideoMotion", 200, b"Error: No Events\r\n"),
        ("global.cgi?action=setCurrentTime&time=2026-11-20%2014:00:00.5", 400, BAD_REQUEST),
    ],
)
async def test_refusals(start: Start, rest: str, status: int, body: bytes) -> None:
    answer = await cgi(await start("ipc"), rest)
    assert (answer.status, answer.body) == (status, body)


async def test_paths_outside_are_not_found_and_ask_for_no_login(start: Start) -> None:
    box = await start("ipc")
    async with await Raw.connect(box) as raw:
        assert (await raw.ask("/")).status == 404
        assert (await raw.ask("/cgi-bin/nothing.cgi")).status == 401


async def test_refusals_can_be_switched_on(start: Start) -> None:
    box = await start("ipc")
    box.faults.refuse = {
        "magicBox.getVendor": Refusal.NO_RIGHT,
        "configManager.getConfig:Snap": Refusal.HTML,
        "global": Refusal.CONNECTIONS,
    }
    vendor = await cgi(box, "magicBox.cgi?action=getVendor")
    assert (vendor.status, vendor.body) == (403, b"Authority:check failure.")
    page = await cgi(box, "configManager.cgi?action=getConfig&name=Snap")
    assert page.header("Content-Type") == "text/html"
    busy = await cgi(box, "global.cgi?action=getCurrentTime")
    assert busy.body == b"Exceeded maximum number of connections\r\n"


async def test_answers_can_be_spoilt(start: Start) -> None:
    box = await start("ipc")
    target = "/cgi-bin/magicBox.cgi?action=getVendor"
    box.faults.truncate = 3
    async with await Raw.connect(box) as raw:
        raw.send(target, await login(box, target))
        assert (await raw.rest()).endswith(b"\r\n\r\nven")
    box.faults.truncate = None
    box.faults.duplicate_keys = True
    assert (await ask(box, target)).lines == ["vendor=Amcrest", "vendor=Amcrest"]
    box.faults.redirect = "https://127.0.0.1:1"
    async with await Raw.connect(box) as raw:
        moved = await raw.ask(target)
    assert (moved.status, moved.header("Location")) == (302, f"https://127.0.0.1:1{target}")


# Configuration, §4 and §6


async def test_set_config_merges_and_reads_back(start: Start) -> None:
    box = await start("ipc")
    before = await cgi(box, "configManager.cgi?action=getConfig&name=RecordMode")
    assert before.body == (
        b"table.RecordMode[0].Mode=0\r\n"
        b"table.RecordMode[0].ModeExtra1=2\r\n"
        b"table.RecordMode[0].ModeExtra2=2\r\n"
    )
    written = await cgi(
        box,
        "configManager.cgi?action=setConfig&RecordMode[0].Mode=1&RecordMode%5B0%5D.ModeExtra1=0",
    )
    assert written.body == b"OK\r\n"
    after = await cgi(box, "configManager.cgi?action=getConfig&name=RecordMode[0]")
    assert after.lines == [
        "table.RecordMode[0].Mode=1",
        "table.RecordMode[0].ModeExtra1=0",
        "table.RecordMode[0].ModeExtra2=2",
    ]
    assert box.config.nested("RecordMode") == {
        "0": {"Mode": "1", "ModeExtra1": "0", "ModeExtra2": "2"}
    }


async def test_set_config_by_post_keeps_a_plus_sign(start: Start) -> None:
    box = await start("ipc")
    rest = "configManager.cgi?action=setConfig&ChannelTitle[0].Name=Front+Door%20%26%20Co"
    assert (await cgi(box, rest, method="POST")).body == b"OK\r\n"
    assert box.config["ChannelTitle[0].Name"] == "Front+Door & Co"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("NoTable.Enable=true", 400),
        ("MotionDetect[0].NoMember=1", 500),
        ("MotionDetect[0].Enable=yes", 400),
        ("MotionDetect[0].Level=high", 400),
        ("", 400),
    ],
)
async def test_a_bad_change_changes_nothing(start: Start, change: str, status: int) -> None:
    box = await start("ipc")
    before = dict(box.config)
    rest = f"configManager.cgi?action=setConfig&RecordMode[0].Mode=2&{change}"
    if not change:
        rest = "configManager.cgi?action=setConfig"
    assert (await cgi(box, rest)).status == status
    assert dict(box.config) == before


async def test_sub_paths_differ_by_model(start: Start) -> None:
    rest = "configManager.cgi?action=getConfig&name=RecordMode[0]"
    assert (await cgi(await start("ipc"), rest)).status == 200
    assert (await cgi(await start("hostile"), rest)).body == b""
    assert (await cgi(await start("nvr"), rest)).body == (
        b"Error: Error -1 getting param in name=RecordMode[0]\r\n"
    )


async def test_a_doorbell_hides_its_lights_and_refuses_some_setters(start: Start) -> None:
    box = await start("doorbell")
    read = await cgi(box, "configManager.cgi?action=getConfig&name=Lighting_V2")
    assert (read.status, read.body) == (200, b"Error\r\n")
    change = "configManager.cgi?action=setConfig&VideoInOptions[0].Flip=true"
    assert (await cgi(box, change)).status == 501
    assert (await cgi(box, change.replace("VideoInOptions[0].Flip", "X"))).status == 400
    caps = await cgi(box, "encode.cgi?action=getConfigCaps&channel=1")
    assert "caps.MainFormat[0].Video.CompressionTypes" in caps.values


async def test_motion_windows_may_want_their_version(start: Start) -> None:
    box = await start("wizsense")
    box.faults.needs_detect_version = True
    change = "configManager.cgi?action=setConfig&MotionDetect[0].MotionDetectWindow[0].Sensitive=70"
    assert (await cgi(box, change)).status == 400
    assert (await cgi(box, f"{change}&MotionDetect[0].DetectVersion=V3.0")).body == b"OK\r\n"


# Lights, siren, alarm slots


async def test_the_white_light_shines_where_scheme_profile_and_index_agree(start: Start) -> None:
    box = await start("wizsense")
    change = "configManager.cgi?action=setConfig&"
    assert box.device.light("WhiteLight") == (False, 0)
    place = "Lighting_V2[0][0][2]"
    await cgi(box, f"{change}{place}.Mode=Manual&{place}.MiddleLight[0].Light=40")
    assert box.device.light("WhiteLight") == (False, 0)
    await cgi(box, f"{change}LightingScheme[0][0].LightingMode=WhiteMode")
    assert box.device.light("WhiteLight") == (True, 40)
    await cgi(box, f"{change}VideoInMode[0].Config[0]=1")
    assert box.device.light("WhiteLight") == (False, 0)


async def test_the_siren_falls_silent_by_itself(start: Start) -> None:
    box = await start("wizsense")
    box.faults.coaxial_seconds = 3600.0
    control = "coaxialControlIO.cgi?action=control&channel=1&info[0].Type=2&info[0].IO=1"
    status = "coaxialControlIO.cgi?action=getStatus&channel=1"
    assert (await cgi(box, control)).body == b"OK\r\n"
    assert (await cgi(box, status)).body == (
        b"status.status.Speaker=On\r\nstatus.status.WhiteLight=Off\r\n"
    )
    box.faults.coaxial_seconds = 0.0
    await cgi(box, control)
    assert (await cgi(box, status)).values["status.status.Speaker"] == "Off"
    assert (await cgi(box, control.replace("Type=2", "Type=3"))).status == 400


async def test_alarm_slots_are_bit_masks(start: Start) -> None:
    box = await start("nvr")
    assert (await cgi(box, "alarm.cgi?action=getInSlots")).body == b"result=4\r\n"
    assert (await cgi(box, "alarm.cgi?action=getOutSlots")).body == b"result=2\r\n"
    box.set_input(0, True)
    box.set_input(2, True)
    assert (await cgi(box, "alarm.cgi?action=getInState")).body == b"result=5\r\n"
    await cgi(box, "configManager.cgi?action=setConfig&AlarmOut[1].Mode=1")
    assert (await cgi(box, "alarm.cgi?action=getOutState")).body == b"result=2\r\n"
    assert box.outputs == [False, True]


# Clock, disks, recorder, head


async def test_the_clock_drifts_and_can_be_set(start: Start) -> None:
    box = await start("ipc")
    box.device.clock.drift = timedelta(days=-400)
    said = (await cgi(box, "global.cgi?action=getCurrentTime")).values["result"]
    assert datetime.fromisoformat(said) < datetime.now() - timedelta(days=399)  # noqa: DTZ005
    rest = "global.cgi?action=setCurrentTime&time=2031-02-03%2004:05:06"
    assert (await cgi(box, rest)).body == b"OK\r\n"
    box.faults.time_style = TimeStyle.SHORT
    said = (await cgi(box, "global.cgi?action=getCurrentTime")).values["result"]
    assert said.startswith("2031-2-3 04:05:")
    box.faults.time_style = TimeStyle.AM_PM
    said = (await cgi(box, "global.cgi?action=getCurrentTime")).values["result"]
    assert said.endswith(" AM")


async def test_disks_are_floats_and_can_fail(start: Start) -> None:
    box = await start("ipc")
    info = "storageDevice.cgi?action=getDeviceAllInfo"
    values = (await cgi(box, info)).values
    assert values["list.info[0].Detail[0].TotalBytes"] == "31138512896.000000"
    assert values["list.info[0].Name"] == "/dev/mmc0"
    box.storage[0].state = "Failure"
    box.storage[0].partitions[0].is_error = True
    values = (await cgi(box, info)).values
    assert values["list.info[0].State"] == "Failure"
    assert values["list.info[0].Detail[0].IsError"] == "true"
    rest = "storageDevice.cgi?action=setDevice&type=FormatPatition&path=/dev/mmc0"
    assert (await cgi(box, rest)).body == b"OK\r\n"
    assert box.storage[0].partitions[0].used == 0
    box.storage.clear()
    assert (await cgi(box, info)).body == b"list.info=0\r\n"
    assert (await cgi(box, "storageDevice.cgi?action=factory.getCollect")).body == b"Error\r\n"


async def test_a_recorder_lists_dead_and_empty_slots(start: Start) -> None:
    box = await start("nvr")
    cameras = (await cgi(box, "LogicDeviceManager.cgi?action=getCameraAll")).values
    assert cameras["camera[8].Type"] == "Compose"
    assert cameras["camera[6].DeviceInfo.Address"] == "192.168.0.0"
    assert cameras["camera[3].DeviceInfo.SerialNo"] == "5A03E2BPAG00003"
    states = await cgi(box, "LogicDeviceManager.cgi?action=getCameraState&uniqueChannels[0]=-1")
    found = {
        int(states.values[f"states[{i}].channel"]): states.values[f"states[{i}].connectionState"]
        for i in range(8)
    }
    assert {found[3], found[6]} == {"Unconnect", "Empty"}
    assert found[5] == found[0] == "Connected"
    for channel in (4, 6, 7):
        answer = await cgi(box, f"snapshot.cgi?channel={channel}")
        assert answer.status == 500, "no picture from a dead, an ONVIF or an empty slot"
    assert (await cgi(box, "snapshot.cgi?channel=8")).body == b"\xff\xd8hallway 1\xff\xd9"


async def test_the_head_turns_and_stops_with_the_same_code(start: Start) -> None:
    box = await start("ipc")
    status = "ptz.cgi?action=getStatus&channel=1"
    assert (await cgi(box, status)).values["status.MoveStatus"] == "Idle"
    move = "ptz.cgi?action={}&channel=0&code={}&arg1=0&arg2=4&arg3=0"
    assert (await cgi(box, move.format("start", "Right"))).body == b"OK\r\n"
    assert box.device.ptz.moving == "Right"
    await cgi(box, move.format("stop", "Left"))
    assert (await cgi(box, status)).values["status.MoveStatus"] == "Moving"
    await cgi(box, move.format("stop", "Right"))
    values = (await cgi(box, status)).values
    assert values["status.MoveStatus"] == "Idle"
    assert float(values["status.Postion[0]"]) > 0
    assert (await cgi(box, move.format("start", "Sideways"))).status == 400


async def test_presets_are_sparse_and_can_be_gone_to(start: Start) -> None:
    box = await start("ipc")
    presets = (await cgi(box, "ptz.cgi?action=getPresets&channel=1")).values
    assert [presets[f"presets[{i}].Index"] for i in range(4)] == ["1", "2", "3", "5"]
    go = "ptz.cgi?action=start&channel=1&code=GotoPreset&arg1=0&arg2={}&arg3=0"
    assert (await cgi(box, go.format(5))).body == b"OK\r\n"
    values = (await cgi(box, "ptz.cgi?action=getStatus&channel=1")).values
    assert (values["status.PresetID"], values["status.Postion[0]"]) == ("5", "270.000000")
    assert (await cgi(box, go.format(4))).status == 400


# Pictures


async def test_snapshots_change_and_are_counted(start: Start) -> None:
    box = await start("ipc")
    first = await cgi(box, "snapshot.cgi")
    second = await cgi(box, "snapshot.cgi?channel=1&type=0")
    assert first.header("Content-Type") == "image/jpeg"
    assert (first.body, second.body) == (
        b"\xff\xd8front_door 1\xff\xd9",
        b"\xff\xd8front_door 2\xff\xd9",
    )
    assert box.snapshot_count == 2


async def test_snapshots_can_be_ill(start: Start) -> None:
    box = await start("ipc")
    box.faults.snapshot_dhav_tail = True
    assert (await cgi(box, "snapshot.cgi")).body.endswith(b"\xff\xd9dhav\x10\x00\x00\x00")
    box.faults.snapshot_dhav_tail = False
    box.faults.snapshot_bad_com = True
    assert (await cgi(box, "snapshot.cgi")).body.startswith(b"\xff\xd8\xff\xfe\x7f\xf0")
    box.faults.snapshot_empty = True
    empty = await cgi(box, "snapshot.cgi")
    assert (empty.status, empty.body) == (200, b"")
    box.faults.snapshot_stuck = True
    assert (await cgi(box, "snapshot.cgi")).body == BAD_REQUEST


async def test_moving_jpeg_only_from_an_mjpg_sub_stream(start: Start) -> None:
    box = await start("wizsense")
    target = "/cgi-bin/mjpg/video.cgi?channel=1&subtype="
    for subtype in (0, 1):
        assert (await ask(box, f"{target}{subtype}")).status == 400
    box.config["Encode[0].ExtraFormat[1].Video.FPS"] = 30
    header = await login(box, f"{target}2")
    async with await Raw.connect(box) as raw:
        raw.send(f"{target}2", header)
        await raw.exactly(
            b"HTTP/1.1 200 OK\r\n"
            b"Content-Type: multipart/x-mixed-replace; boundary=myboundary\r\n"
            b"Cache-Control: no-cache\r\nConnection: close\r\n\r\n"
        )
        for frame in (1, 2):
            await raw.exactly(
                b"--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length:14\r\n\r\n"
                b"\xff\xd8driveway %d\xff\xd9\r\n" % frame
            )


# Login


async def test_a_wrong_password_counts_and_locks(start: Start) -> None:
    box = await start("nvr")
    box.users["admin"] = "another"
    target = "/cgi-bin/magicBox.cgi?action=getSerialNo"
    statuses = [(await ask(box, target)).status for _ in range(5)]
    assert statuses == [401, 401, 401, 401, 403]
    assert box.failed_logins == 5
    async with await Raw.connect(box) as raw:
        locked = await raw.ask(target)
    assert (locked.status, locked.body) == (403, b"Authority:check failure.")
    box.users["admin"] = PASSWORD
    box.gate.unlock()
    assert (await ask(box, target)).status == 200
