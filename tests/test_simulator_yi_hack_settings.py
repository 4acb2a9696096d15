"""The simulated yi-hack camera's configuration, services and care (§5.7-§5.9, §5.12-§5.15)."""

import asyncio
import json

import pytest

from tests.simulators.wire import Mode
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.raw import DEADLINE, Raw, basic
from tests.simulators_tests.yi_box import EMPTY, body, conf, running, said, values

pytestmark = pytest.mark.usefixtures("socket_enabled")

DONE = b'{\n"error":"false"\n}'
FAILED = b'{\n"error":"true"\n}'
BOUNDARY = b"--b0undary"


async def written(box: YiHackSimulator, key: str, value: str) -> None:
    """Wait until the MQTT daemon has written a setting down."""
    await box.until(lambda: box.config["camera"][key] == value)
    assert (await conf(box, "camera"))[key] == value


# §5.7, §5.8 Files


async def test_a_file_is_a_flat_object_closed_by_a_pair_that_means_nothing() -> None:
    async with running() as box:
        text = await body(box, "get_configs.sh?conf=mqtt_advertise")
        assert text.startswith(b'{\n"MQTT_ADV_LINK_ENABLE":"no",\n')
        assert text.endswith(b'"HOMEASSISTANT_ENABLE":"no",\n"NULL":"NULL"\n}')
        assert await body(box, "get_configs.sh?conf=none") == b'{\n"NULL":"NULL"\n}'


async def test_files_have_what_the_variant_has() -> None:
    async with running("mstar", user="admin", password="clear") as box:
        headers = basic("admin", "clear")
        system = json.loads(await body(box, "get_configs.sh?conf=system", headers))
        assert (system["USERNAME"], system["PASSWORD"]) == ("admin", "clear")
        assert system["HTTPD_PORT"] == str(box.port)
        assert {"HOSTNAME", "TIMEZONE"} <= set(system)
        mqtt = json.loads(await body(box, "get_configs.sh?conf=mqtt", headers))
        assert not {"AI_HUMAN_DETECTION_MSG", "MQTT_TLS"} & set(mqtt)
    async with running("allwinner") as box:
        assert {"AI_HUMAN_DETECTION_MSG", "MQTT_TLS"} <= set(await conf(box, "mqtt"))
        camera = await conf(box, "camera")
        assert camera["HOMEVER"] == "12.1.0.0A_202205121053"
        assert "BABY_CRYING_DETECT" not in camera
    async with running("v5") as box:
        system, mqtt = await conf(box, "system"), await conf(box, "mqtt")
        assert (system["RTSP_AUDIO"], system["NTPD"]) == ("no", "no")
        assert mqtt["SOUND_DETECTION_MSG"] == "sound_detected"
        camera = await conf(box, "camera")
        assert (camera["LED"], camera["MOTION_DETECTION"]) == ("yes", "yes")


async def test_presets_are_listed_where_the_camera_moves() -> None:
    async with running("mstar") as box:
        presets = await conf(box, "ptz_presets")
        assert list(presets) == list("01234567")
        assert (presets["0"], presets["2"]) == ("Home,180.0,90.0", "")
        box.faults.old_presets = True
        assert await conf(box, "ptz_presets") == {}
    async with running("allwinner") as box:
        presets = await conf(box, "ptz_presets")
        assert (presets["0"], presets["7"]) == ("Home,,", ",,")
    async with running("v5") as box:
        assert await conf(box, "ptz_presets") == {}


async def test_values_with_control_characters_break_the_json() -> None:
    async with running("hostile") as box:
        text = await body(box, "get_configs.sh?conf=proxychains")
        assert b"http 10.0.0.1 8080\nsocks5" in text
        box.config["mqtt"]["BIRTH_MSG"] = 'a "b" \\c'
        box.faults.broken_json.clear()
        assert (await conf(box, "mqtt"))["BIRTH_MSG"] == 'a "b" \\c'


async def test_one_line_of_json_changes_keys_that_are_there() -> None:
    async with running("allwinner") as box:
        said_json = b'{"SNAPSHOT":"no","NEW":"x","FREE_SPACE":10,"FTPD":true,"CRONTAB":"a=b"}\nX'
        assert await body(box, "set_configs.sh?conf=system", post=said_json) == DONE
        system = await conf(box, "system")
        assert "NEW" not in system
        assert (system["SNAPSHOT"], system["FREE_SPACE"], system["FTPD"]) == ("no", "10", "true")
        assert system["CRONTAB"] == "a"
        await body(box, "set_configs.sh?conf=system", post=b'{"CRONTAB":"x\\ny","USER.NAME":"z"}')
        assert (await conf(box, "system"))["CRONTAB"] == "x\\ny"
        pretty = json.dumps({"SNAPSHOT": "yes"}, indent=1).encode()
        for wrong in (pretty, b"", b"[]", b"SNAPSHOT=yes"):
            assert await body(box, "set_configs.sh?conf=system", post=wrong) == FAILED
        assert (await conf(box, "system"))["SNAPSHOT"] == "no"
        assert await body(box, "set_configs.sh?conf=none", post=b"{}") == DONE


@pytest.mark.parametrize(
    ("file", "key", "good", "bad"),
    [
        ("mqtt", "MOTION_IMAGE_DELAY", "5.0", "5.1"),
        ("mqtt", "MOTION_IMAGE_DELAY", "0", "x"),
        ("system", "TIMELAPSE_DT", "1440+30", "7"),
        ("system", "TIMELAPSE_DT", "360", "60+1"),
    ],
)
async def test_some_values_are_skipped_in_silence(file: str, key: str, good: str, bad: str) -> None:
    async with running() as box:
        for value in (good, bad):
            post = json.dumps({key: value}).encode()
            assert await body(box, f"set_configs.sh?conf={file}", post=post) == DONE
            assert (await conf(box, file))[key] == good


async def test_an_empty_hostname_is_made_of_the_address() -> None:
    async with running(mac="58:70:C6:10:A4:FE") as box:
        await body(box, "set_configs.sh?conf=system", post=b'{"HOSTNAME":"porch"}')
        assert (await conf(box, "system"))["HOSTNAME"] == "porch"
        await body(box, "set_configs.sh?conf=system", post=b'{"HOSTNAME":""}')
        assert await body(box, "hostname.js") == b'hostname="yi-A4FE";\n'


async def test_writing_camera_conf_tells_the_camera_nothing() -> None:
    async with running() as box:
        await body(box, "set_configs.sh?conf=camera", post=b'{"LED":"yes"}')
        assert (await conf(box, "camera"))["LED"] == "yes"
        assert box.settings["led"] == "no"
        await box.reboot()
        assert box.settings["led"] == "yes"


# §5.9 Camera settings


async def test_a_setting_is_obeyed_at_once_and_written_down_soon() -> None:
    async with running() as box:
        assert await body(box, "camera_settings.sh?led=yes&sound_sensitivity=30") == DONE
        assert (box.settings["led"], box.settings["sound_sensitivity"]) == ("yes", "30")
        await written(box, "LED", "yes")
        await written(box, "SOUND_SENSITIVITY", "30")


async def test_without_the_mqtt_daemon_the_file_keeps_the_old_value() -> None:
    async with running() as box:
        box.faults.pace = 0
        assert await body(box, "service.sh?name=mqtt&action=stop") == b"{ }"
        await body(box, "camera_settings.sh?led=yes")
        assert box.settings["led"] == "yes"
        assert (await conf(box, "camera"))["LED"] == "no"
        await box.reboot()
        assert box.settings["led"] == "no"


async def test_unknown_keys_and_values_are_skipped_and_typos_switch_on() -> None:
    async with running() as box:
        asked = "sensitivity=huge&nothing=1&led=off&cruise=nod&sound_sensitivity=31"
        before = dict(box.settings)
        assert await body(box, f"camera_settings.sh?{asked}") == DONE
        assert box.settings == before | {"led": "yes"}


async def test_keys_of_other_variants_do_nothing() -> None:
    for name, key in (
        ("mstar", "ai_human_detection"),
        ("allwinner", "baby_crying_detect"),
        ("allwinner", "face_detection"),
        ("v5", "motion_detection"),
        ("v5", "cruise"),
    ):
        async with running(name) as box:
            before = dict(box.settings)
            assert await body(box, f"camera_settings.sh?{key}=yes") == DONE
            assert box.settings == before


async def test_motion_wins_over_the_ai_classes_on_stock_firmware_12() -> None:
    async with running("allwinner") as box:
        await body(box, "camera_settings.sh?ai_human_detection=yes")
        assert box.settings["ai_human_detection"] == "no"
        await body(box, "camera_settings.sh?motion_detection=no&ai_human_detection=yes")
        assert box.settings["ai_human_detection"] == "yes"
        await written(box, "AI_HUMAN_DETECTION", "yes")
        await written(box, "MOTION_DETECTION", "no")
        await body(box, "camera_settings.sh?ai_vehicle_detection=yes&motion_detection=maybe")
        await written(box, "AI_VEHICLE_DETECTION", "yes")
        await body(box, "camera_settings.sh?motion_detection=yes")
        for kind in ("HUMAN", "VEHICLE", "ANIMAL"):
            await written(box, f"AI_{kind}_DETECTION", "no")


@pytest.mark.parametrize(
    ("name", "homever", "reaches"),
    [
        ("allwinner", "8.3.0.0A_2019", {"ai_human_detection"}),
        ("allwinner", "11.1.0.0A_2021", {"ai_human_detection"}),
        ("allwinner_v2", "9.0.19.06_2021", {"ai_human_detection", "face_detection"}),
        ("allwinner_v2", "11.1.20.12_2022", {"ai_human_detection", "ai_vehicle_detection"}),
        ("allwinner_v2", "12.0.51.08_2022", {"ai_human_detection", "ai_vehicle_detection"}),
    ],
)
async def test_what_reaches_the_camera_depends_on_the_stock_firmware(
    name: str, homever: str, reaches: set[str]
) -> None:
    async with running(name, homever=homever) as box:
        keys = ("ai_human_detection", "ai_vehicle_detection", "face_detection")
        box.config["camera"] |= {key.upper(): "no" for key in (*keys, "motion_detection")}
        box.camera.settings.load()
        for key in keys:
            await body(box, f"camera_settings.sh?{key}=yes")
            if key in reaches:
                await written(box, key.upper(), "yes")
        assert {key for key in keys if box.settings.get(key) == "yes"} == reaches


async def test_every_call_sends_the_ai_state_of_the_file_again() -> None:
    async with running("allwinner_v2") as box:
        box.faults.pace = 0
        await body(box, "service.sh?name=mqtt&action=stop")
        await body(box, "camera_settings.sh?ai_human_detection=no")
        assert box.settings["ai_human_detection"] == "no"
        await body(box, "camera_settings.sh?led=yes")
        assert box.settings["ai_human_detection"] == "yes"


async def test_switched_off_an_mstar_keeps_everything_to_itself() -> None:
    async with running() as box:
        assert box.streaming
        box.start_motion()
        await body(box, "camera_settings.sh?switch_on=no")
        await box.until(lambda: not box.streaming)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", box.rtsp.port)
        assert await said(box, "/cgi-bin/snapshot.sh") == (
            b"HTTP/1.1 200 OK\r\nContent-type: image/jpeg\r\n\r\n"
        )
        assert not box.camera.recorder.recording
        assert "high_res_stream" in await values(box, "links.sh")
        port = box.rtsp.port
        await body(box, "camera_settings.sh?switch_on=yes")
        await box.until(lambda: box.streaming)
        assert box.rtsp.port == port


async def test_switched_off_the_others_go_on_with_a_black_picture() -> None:
    async with running("allwinner") as box:
        await body(box, "camera_settings.sh?switch_on=no")
        assert box.streaming
        assert (await body(box, "snapshot.sh")).startswith(b"\xff\xd8")
    async with running("v5") as box:
        box.faults.pace = 0
        await body(box, "camera_settings.sh?switch_on=no")
        assert await said(box, "/cgi-bin/snapshot.sh") == (
            b"HTTP/1.1 503 Service Unavailable\r\nContent-type: application/json\r\n\r\n"
            b'{\n"error":"true"\n}'
        )


# §5.12 Archives


def form(archive: bytes, extra: bytes = b"") -> bytes:
    """One part with two header lines, and whatever else is asked for."""
    return (
        BOUNDARY
        + b'\r\nContent-Disposition: form-data; name="file"; filename="c.tar.bz2"\r\n'
        + b"Content-Type: application/octet-stream\r\n"
        + extra
        + b"\r\n"
        + archive
        + b"\r\n"
        + BOUNDARY
        + b"--\r\n"
    )


@pytest.mark.parametrize(
    ("name", "magic"), [("mstar", "377abcaf"), ("allwinner", "425a68"), ("v5", "425a68")]
)
async def test_what_was_saved_can_be_loaded(name: str, magic: str) -> None:
    async with running(name) as box:
        head, _, archive = (await said(box, "/cgi-bin/save.sh")).partition(b"\r\n\r\n")
        assert head.endswith(b"Content-type: application/octet-stream")
        assert archive.startswith(bytes.fromhex(magic))
        kind = "Content-Type: multipart/form-data; boundary=b0undary"
        box.config["mqtt"]["MQTT_PREFIX"] = "changed"
        whole = await said(box, "/cgi-bin/load.sh", kind, method="POST", body=form(archive))
        assert whole == (
            b"HTTP/1.1 200 OK\r\nContent-type: text/html\r\n\r\n"
            b"Upload completed successfully, restart your camera"
        )
        assert box.config["mqtt"]["MQTT_PREFIX"] != "changed"
        for wrong in (form(archive, b"X: y\r\n"), form(b"junk"), archive, b""):
            assert await body(box, "load.sh", post=wrong) == b"Upload failed"


async def test_reset_brings_the_factory_s_settings_at_the_next_start() -> None:
    async with running(user="admin", password="x") as box:
        whole = await said(box, "/cgi-bin/reset.sh", basic("admin", "x"))
        assert whole.endswith(DONE)
        assert (await said(box, "/")).startswith(b"HTTP/1.1 401 ")
        await box.reboot()
        assert (await conf(box, "mqtt"))["MQTT_CLIENT_ID"] == "yi-cam"
        assert (await conf(box, "system"))["RTSP_STREAM"] == "high"


# §5.13, §5.14 Firmware and restart


async def test_the_versions_and_one_bare_boolean() -> None:
    async with running("allwinner_v2") as box:
        assert await body(box, "fw_upgrade.sh?get=info") == (
            b'{\n"error":"false",\n"fw_version":"0.3.6",\n"latest_fw":"0.4.0",\n"local_fw":false\n}'
        )
        box.faults.github = False
        box.camera.local_fw = True
        found = await values(box, "fw_upgrade.sh?get=info")
        assert (found["latest_fw"], found["local_fw"]) == ("", True)
    async with running("v5") as box:
        assert set(await values(box, "fw_upgrade.sh?get=info")) == {
            *("fw_version", "latest_fw", "prerelease_fw")
        }


async def test_an_upgrade_says_one_sentence() -> None:
    async with running() as box:

        async def upgrade() -> bytes:
            return await said(box, "/cgi-bin/fw_upgrade.sh?get=upgrade")

        html = b"HTTP/1.1 200 OK\r\nContent-type: text/html\r\n\r\n"
        box.set_sd("absent")
        assert await upgrade() == html + b"No SD detected."
        box.set_sd("full")
        assert await upgrade() == html + b"No space left on SD."
        box.set_sd("present")
        box.faults.github = False
        assert await upgrade() == html + b"Unable to download firmware file."
        box.faults.github = True
        assert await upgrade() == html + b"Download completed, rebooting and upgrading."
        await box.until(lambda: box.camera.reboots == 1)
        assert (await values(box, "status.json"))["fw_version"] == "0.5.8"
        assert await upgrade() == html + b"No new firmware available."
    async with running("v5") as box:
        box.faults.wrong_baseline = True
        assert await body(box, "fw_upgrade.sh?get=upgrade") == b"Wrong baseline version"


async def test_a_restart_is_answered_and_then_the_camera_is_away() -> None:
    async with running("allwinner") as box:
        box.advance(1000)
        assert await body(box, "reboot.sh") == DONE
        await box.until(lambda: box.mode is Mode.REFUSE)
        with pytest.raises(ConnectionRefusedError):
            await Raw.connect(box)
        await box.until(lambda: box.camera.reboots == 1)
        assert (await values(box, "status.json"))["uptime"] == "0.00"
    async with running("v5") as box:
        assert await body(box, "reboot.sh") == b"{\n}"


async def test_an_mstar_dies_before_it_has_answered() -> None:
    async with running("mstar") as box:
        assert await said(box, "/cgi-bin/reboot.sh") == EMPTY
        await box.until(lambda: box.camera.reboots == 1)


async def test_a_changed_password_counts_after_the_restart() -> None:
    async with running() as box:
        change = b'{"USERNAME":"me","PASSWORD":"new"}'
        await body(box, "set_configs.sh?conf=system", post=change)
        await values(box, "status.json")
        await box.reboot()
        assert (await said(box, "/cgi-bin/hostname.js")).startswith(b"HTTP/1.1 401 ")
        right = await said(box, "/cgi-bin/hostname.js", basic("me", "new"))
        assert right.startswith(b"HTTP/1.1 200 ")
        assert (box.rtsp.user, box.rtsp.password) == ("me", "new")


# §5.15 Services


async def test_services_start_and_stop_and_some_always_claim_to_run() -> None:
    async with running("allwinner") as box:

        async def service(name: str, action: str, more: str = "") -> bytes:
            return await body(box, f"service.sh?name={name}&action={action}{more}")

        assert await service("onvif", "status") == b'{"status": "started"}'
        assert await service("onvif", "stop") == b"{ }"
        assert await service("onvif", "status") == b'{"status": "stopped"}'
        assert await service("onvif", "start") == b"{ }"
        assert await service("onvif", "status") == b'{"status": "started"}'
        assert await service("mp4record", "stop") == b"{ }"
        box.start_motion()
        assert not box.camera.recorder.recording
        for name in ("mp4record", "ftpd", "mqtt-config"):
            assert await service(name, "status") == b'{"status": "started"}'
        await service("ftpd", "start")
        assert not box.camera.services.runs("ftpd")
        await service("ftpd", "start", "&param1=pure-ftpd")
        assert box.camera.services.runs("ftpd")
        assert await service("all", "status") == b"{}"
        assert await service("none", "start") == b"{ }"
    async with running("v5") as box:
        assert await body(box, "service.sh?name=ftpd&action=status") == b'{"status": "stopped"}'


async def test_starting_rtsp_answers_and_keeps_the_connection() -> None:
    async with running() as box:
        await body(box, "service.sh?name=rtsp&action=stop")
        await box.until(lambda: not box.streaming)
        assert await body(box, "service.sh?name=rtsp&action=status") == b'{"status": "stopped"}'
        async with await Raw.connect(box) as raw:
            raw.send("/cgi-bin/service.sh?name=rtsp&action=start")
            await raw.exactly(b"HTTP/1.1 200 OK\r\nContent-type: application/json\r\n\r\n{ }")
            await box.until(lambda: box.streaming)
            assert len(box.connections) == 1
            assert not raw.reader.at_eof()
        await box.until(lambda: not box.connections, DEADLINE)


async def test_the_status_of_rtsp_knows_the_standard_server_only() -> None:
    async with running() as box:
        box.config["system"]["RTSP_ALT"] = "go2rtc"
        assert await body(box, "service.sh?name=rtsp&action=status") == b'{"status": "stopped"}'
        assert box.streaming


# §6, §13 The rest


async def test_networks_end_with_a_filler_and_saving_is_a_disaster() -> None:
    async with running() as box:
        assert await body(box, "wifi.sh?action=scan") == b'{"wifi":["Home", "Neighbour", ""]}'
        assert await body(box, "wifi.sh?action=save", post=b"x") == FAILED
        assert box.disasters == ["wifi.sh?action=save"]


async def test_without_the_internet_the_proxy_test_prints_nothing() -> None:
    async with running() as box:
        assert (await values(box, "proxy.sh?proxy=0"))["error"] == "false"
        box.faults.github = False
        assert await body(box, "proxy.sh?proxy=1") == b'{"error":"false","result":}'


async def test_unmounting_the_card_stops_everything() -> None:
    async with running() as box:
        assert await body(box, "umount_sd.sh") == DONE
        await box.until(lambda: not box.streaming)
        assert box.disasters == ["umount_sd.sh"]
    async with running("v5") as box:
        assert await body(box, "upload.sh", post=b"x") == b"{\n}"
        assert box.disasters == ["upload.sh"]
        assert "fw_version" in await values(box, "update_backend.sh")
