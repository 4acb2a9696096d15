"""The simulated yi-hack camera says byte for byte what docs/protocols/yi_hack.md says (§2-§4)."""

import gzip
import json

import pytest

from tests.simulators.families import FAMILIES
from tests.simulators.yi_hack import PERSONALITIES
from tests.simulators_tests.raw import Raw, basic
from tests.simulators_tests.yi_box import EMPTY, body, conf, running, said, values

pytestmark = pytest.mark.usefixtures("socket_enabled")

DONE = b'{\n"error":"false"\n}'
FAILED = b'{\n"error":"true"\n}'
TRIO = ("mstar", "allwinner", "allwinner_v2")


# §2 Transport


async def test_a_script_prints_its_own_header_and_ends_with_the_connection() -> None:
    async with running(name="yi-hack") as box:
        assert await said(box, "/cgi-bin/hostname.js") == (
            b'HTTP/1.1 200 OK\r\nContent-type: text/javascript\r\n\r\nhostname="yi-hack";\n'
        )


async def test_a_connection_serves_one_request() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        raw.send("/cgi-bin/hostname.js", "Connection: keep-alive")
        raw.send("/cgi-bin/hostname.js", "Connection: keep-alive")
        assert (await raw.rest()).count(b"HTTP/1.1") == 1
        assert len(box.wire) == 1


async def test_without_a_user_nobody_is_asked_and_a_header_does_no_harm() -> None:
    async with running() as box:
        for headers in ((), (basic("any", "thing"),), ("Authorization: Digest x",)):
            whole = await said(box, "/cgi-bin/hostname.js", *headers)
            assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
        assert box.failed_logins == 0


async def test_with_a_user_everything_wants_basic_but_onvif() -> None:
    async with running(user="admin", password="p:a@ss") as box:
        for path in ("/cgi-bin/status.json", "/record/x.mp4", "/", "/cgi-bin/none"):
            assert await said(box, path) == (
                b"HTTP/1.1 401 Unauthorized\r\n"
                b"Connection: close\r\n"
                b"Content-type: text/html\r\n"
                b'WWW-Authenticate: Basic realm="Web Server Authentication"\r\n\r\n'
                b"<HTML><HEAD><TITLE>401 Unauthorized</TITLE></HEAD>\n"
                b"<BODY><H1>401 Unauthorized</H1>\n\n</BODY></HTML>\n"
            )
        assert box.failed_logins == 0
        refused = await said(box, "/cgi-bin/status.json", basic("admin", "p"))
        assert refused.startswith(b"HTTP/1.1 401 ")
        assert box.failed_logins == 1
        passed = await said(box, "/cgi-bin/status.json", basic("admin", "p:a@ss"))
        assert passed.startswith(b"HTTP/1.1 200 OK")
        assert box.wire[-1].user == "admin"
        assert (await said(box, "/onvif/device_service")).startswith(b"HTTP/1.1 404 ")


async def test_the_method_does_not_matter_to_a_script() -> None:
    async with running() as box:
        target = "/cgi-bin/camera_settings.sh?led=yes"
        for method in ("GET", "POST", "HEAD"):
            box.set_settings(led="no")
            whole = await said(box, target, method=method)
            assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
            assert whole.endswith(b"\r\n\r\n" if method == "HEAD" else DONE)
            assert box.settings["led"] == "yes"
        assert (await said(box, target, method="PUT")).startswith(b"HTTP/1.1 501 ")
        assert (await said(box, "/", method="POST")).startswith(b"HTTP/1.1 501 ")


async def test_a_chunked_body_is_taken_with_its_chunk_heads() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        raw.send("/cgi-bin/speaker.sh?vol=1", "Transfer-Encoding: chunked", method="POST")
        raw.writer.write(b"4\r\nabcd\r\n0\r\n\r\n")
        await raw.rest()
        assert box.camera.speaker.played[-1].sound == b"4\r\nabcd\r\n0\r\n\r\n"


async def test_what_is_not_there_is_a_page() -> None:
    async with running() as box:
        box.faults.missing.add("links.sh")
        for target in ("/cgi-bin/links.sh", "/cgi-bin/none.sh", "/record/", "/none", "/record/a"):
            assert await said(box, target) == (
                b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-type: text/html\r\n\r\n"
                b"<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n"
                b"<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n"
            )


async def test_web_pages_exist_only_compressed() -> None:
    async with running() as box:
        assert (await said(box, "/")).startswith(b"HTTP/1.1 404 ")
        head, _, page = (await said(box, "/", "Accept-Encoding: gzip")).partition(b"\r\n\r\n")
        assert b"Content-Encoding: gzip\r\n" in head
        assert b"yi-hack" in gzip.decompress(page)


# §3 Query strings


@pytest.mark.parametrize("char", "'!\"@#$%^*(),:;")
async def test_a_forbidden_character_anywhere_refuses_the_request(char: str) -> None:
    async with running() as box:
        assert await body(box, f"camera_settings.sh?led=yes&x={char}") == FAILED
        assert box.settings["led"] == "no"


async def test_an_escape_breaks_the_call_even_a_legal_one() -> None:
    async with running() as box:
        assert await body(box, "camera_settings.sh?led=%79es") == FAILED
        assert await body(box, "eventsfiledel.sh?file=2026Y11M20D14H%2F05M12S48.mp4") == FAILED
        assert await body(box, "get_configs.sh?conf=a+b") == b'{\n"NULL":"NULL"\n}'


async def test_scripts_without_parameters_do_not_look() -> None:
    async with running() as box:
        assert (await values(box, "status.json?x=%20"))["name"] == "yi-hack-mstar"


async def test_a_value_ends_at_a_second_equals_sign() -> None:
    async with running() as box:
        await body(box, "camera_settings.sh?sensitivity=high=low")
        assert box.settings["sensitivity"] == "high"


async def test_a_lone_parameter_is_seen_in_every_slot() -> None:
    async with running() as box:
        # `status` becomes the name of the service and of the action.
        assert await body(box, "service.sh?name=mqtt") == b"{ }"
        assert await body(box, "ptz.sh?dir=left") == DONE
        assert box.camera.motor.moves == ["left"]


async def test_parameters_beyond_the_slots_are_ignored() -> None:
    for name, slots in (("mstar", 10), ("allwinner", 13), ("allwinner_v2", 15), ("v5", 9)):
        async with running(name) as box:
            box.faults.pace = 0
            filler = "&".join(f"x{number}=1" for number in range(slots - 1))
            await body(box, f"camera_settings.sh?{filler}&sensitivity=high")
            assert box.settings["sensitivity"] == "high"
            await body(box, f"camera_settings.sh?{filler}&x=1&sensitivity=medium")
            assert box.settings["sensitivity"] == "high"


@pytest.mark.parametrize(
    "target",
    ["get_configs.sh?x=1&conf=mqtt", "get_configs.sh?x=1", "get_configs.sh", "get_configs.sh?conf"],
)
async def test_some_scripts_read_the_first_parameter_only(target: str) -> None:
    async with running() as box:
        assert await values(box, target) == {"NULL": "NULL"}


async def test_v5_does_not_check_and_its_event_scripts_exit() -> None:
    async with running("v5") as box:
        box.faults.pace = 0
        assert await body(box, "camera_settings.sh?led=no&x=%20,") == DONE
        assert box.settings["led"] == "no"
        for query in ("dirname=a+b", "dirname=a_b", "dirname=a.b", "dirname=a%20"):
            assert await said(box, f"/cgi-bin/eventsfile.sh?{query}") == (
                b"HTTP/1.1 200 OK\r\nContent-type: application/json\r\n\r\n"
            )
        for target in ("eventsdirdel.sh?dir=a.b", "eventsfiledel.sh?file=a_b"):
            assert await said(box, f"/cgi-bin/{target}") == EMPTY
        assert await body(box, "eventsfiledel.sh?file=a.b") == b"{\n}"


# §4 Answers


async def test_a_script_may_end_without_a_byte() -> None:
    async with running() as box:
        for target in ("fw_upgrade.sh", "fw_upgrade.sh?get=x", "wifi.sh", "timelapse.sh?action=x"):
            assert await said(box, f"/cgi-bin/{target}") == EMPTY
        assert await said(box, "/cgi-bin/load.sh", method="POST", body=bytes(10_001)) == EMPTY
        box.faults.exits.add("status.json")
        assert await said(box, "/cgi-bin/status.json") == EMPTY


async def test_bad_gains_and_languages_are_answered_without_headers() -> None:
    async with running() as box:
        for target in ("speaker.sh?vol=6", "speaker.sh?voldb=-13", "speak.sh?lang=english"):
            whole = await said(box, f"/cgi-bin/{target}", method="POST", body=b"x")
            assert whole.startswith(b'HTTP/1.1 200 OK\r\n{\n"error":"true",\n')
            assert b"\r\n\r\n" not in whole


async def test_broken_json_can_be_asked_for() -> None:
    async with running() as box:
        box.faults.broken_json.add("status.json")
        text = await body(box, "status.json")
        assert text.endswith(b'"wlan_strength":"49",\n}')
        with pytest.raises(ValueError):
            json.loads(text)


async def test_status_values_are_not_escaped() -> None:
    async with running("hostile") as box:
        assert '"wlan_essid":"Ca"fé\\ 5G"'.encode() in await body(box, "status.json")


async def test_v5_can_pull_in_raw_bytes() -> None:
    async with running("v5") as box:
        box.faults.raw_serial = True
        assert b'"serial_number":"TNPCHNA-01234567\xff\x80"' in await body(box, "status.json")


# §1, §5.10, §5.11, §6 Who it is


async def test_the_keys_of_the_status_are_the_variant_s() -> None:
    common = [
        *("name", "hostname", "fw_version", "home_version", "model_suffix", "ptz", "go2rtc"),
        *("serial_number", "local_time", "uptime", "load_avg", "total_memory", "free_memory"),
        *("free_sd", "local_ip", "netmask", "gateway", "mac_addr", "wlan_essid", "wlan_strength"),
    ]
    for name in TRIO:
        async with running(name) as box:
            status = await values(box, "status.json")
            assert list(status) == common
            assert status["name"] == f"yi-hack-{name.replace('_', '-')}"
            assert all(isinstance(value, str) for value in status.values())
            assert status["local_time"] == "Fri Nov 20 15:57:13 CET 2026"
            assert len(status["serial_number"]) == 20
    async with running("v5") as box:
        status = await values(box, "status.json")
        assert set(status) == {*common, "basefw_version", "hardware_id"} - {"go2rtc"}
        assert len(status["serial_number"]) == 16
    async with running("v4") as box:
        status = await values(box, "status.json")
        assert status["camera_model"]
        assert not {"name", "serial_number", "ptz"} & set(status)


async def test_v4_has_next_to_nothing_and_takes_forms() -> None:
    async with running("v4") as box:
        for script in ("snapshot.sh", "eventsdir.sh", "ptz.sh", "camera_settings.sh"):
            assert (await said(box, f"/cgi-bin/{script}")).startswith(b"HTTP/1.1 404 ")
        await body(box, "set_configs.sh?conf=system", post=b"TELNETD=yes&X=1")
        assert (await conf(box, "system"))["TELNETD"] == "yes"


async def test_scripts_that_a_variant_lacks() -> None:
    lacking = {
        "v5": ("speak.sh", "speaker.sh", "speaker_file.sh", "timelapse.sh", "umount_sd.sh"),
        "allwinner": ("getlastrecordedsnapshot.sh", "umount_sd.sh", "upload.sh", "privacy.sh"),
        "allwinner_v2": ("getlastrecordedsnapshot.sh", "umount_sd.sh", "upload.sh"),
        "mstar": ("upload.sh", "update_backend.sh", "privacy.sh"),
    }
    for name, scripts in lacking.items():
        async with running(name) as box:
            for script in scripts:
                assert (await said(box, f"/cgi-bin/{script}")).startswith(b"HTTP/1.1 404 ")


async def test_an_older_firmware_has_a_privacy_script() -> None:
    async with running() as box:
        box.faults.privacy_script = True
        assert await values(box, "privacy.sh?value=on") == {"status": "on"}
        assert box.settings["switch_on"] == "no"
        assert (await values(box, "status.json"))["privacy"] == "on"
        assert await values(box, "privacy.sh?value=off") == {"status": "off"}


async def test_the_status_follows_the_camera() -> None:
    async with running("allwinner", serial="S" * 20, mac="AA:BB:CC:00:11:FF") as box:
        box.advance(12.345)
        status = await values(box, "status.json")
        assert status["uptime"] == "12.35"
        assert status["serial_number"] == "S" * 20
        assert (status["free_sd"], status["mac_addr"]) == ("63%", "AA:BB:CC:00:11:FF")
        box.set_sd("absent")
        box.faults.ethernet = True
        status = await values(box, "status.json")
        assert (status["free_sd"], status["wlan_strength"]) == ("N/A", "")
        assert status["mac_addr"] == "AA:BB:CC:00:11:00"
        box.set_sd("full")
        assert (await values(box, "status.json"))["free_sd"] == "0%"


async def test_links_show_what_is_enabled_at_the_camera_s_own_address() -> None:
    async with running(user="admin", password="x") as box:
        target = "/cgi-bin/links.sh"
        whole = await said(box, target, basic("admin", "x"))
        rtsp, http = f"rtsp://192.168.1.61:{box.rtsp.port}", f"http://192.168.1.61:{box.port}"
        assert json.loads(whole.partition(b"\r\n\r\n")[2]) == {
            "low_res_stream": f"{rtsp}/ch0_1.h264",
            "high_res_stream": f"{rtsp}/ch0_0.h264",
            "audio_stream": f"{rtsp}/ch0_2.h264",
            "low_res_snapshot": f"{http}/cgi-bin/snapshot.sh?res=low&watermark=yes",
            "high_res_snapshot": f"{http}/cgi-bin/snapshot.sh?res=high&watermark=yes",
        }
    async with running("hostile") as box:
        box.config["system"].update(HTTPD_PORT="80", RTSP_PORT="554", SNAPSHOT="no")
        found = await values(box, "links.sh")
        assert found == {"low_res_stream": "rtsp://192.168.1.61/ch0_1.h264"}


# The harness


def test_the_family_is_listed_with_all_its_cameras() -> None:
    family = FAMILIES["yi_hack"]
    assert list(family.personalities) == list(PERSONALITIES)
    assert set(PERSONALITIES) == {*TRIO, "v5", "v4", "hostile"}


async def test_the_log_keeps_what_was_asked() -> None:
    async with running() as box:
        await body(box, "hostname.js?a=1")
        assert (box.wire[-1].target, box.wire[-1].status) == ("/cgi-bin/hostname.js?a=1", 200)
