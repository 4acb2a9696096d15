"""The grammar of requests and of hand-printed JSON (§3, §4), and every parser under damage."""

from collections.abc import Callable
from datetime import datetime
import random

import pytest

from custom_components.cctv.devices import hardware
from custom_components.cctv.devices.env import Address
from custom_components.cctv.devices.errors import BadInput, DeviceError, Malformed, WrongFamily
from custom_components.cctv.devices.yi_hack import clips, events, inventory, wire

STATUS = (
    b'{\n"name":"yi-hack-mstar",\n"hostname":"yi-cam",\n"fw_version":"0.5.7",\n'
    b'"home_version":"2.1.0.0E_201809191630",\n"model_suffix":"h305r",\n"ptz":"yes",\n'
    b'"serial_number":"QFUS14Y1MAZ200000001",\n'
    b'"local_time":"Fri Nov 20 15:57:21 CET 2026",\n"uptime":"4242.12",\n'
    b'"load_avg":"1.73 1.50 1.20",\n"total_memory":"36104",\n"free_memory":"12636",\n'
    b'"free_sd":"63%",\n"mac_addr":"58:70:C6:10:A4:01",\n"wlan_essid":"Home",\n'
    b'"wlan_strength":"49"\n}\n'
)
FOLDERS = (
    b'{"records":[\n{\n"datetime":"Date: 2026-11-20 Time: 15:00",\n"dirname":"2026Y11M20D14H"\n},\n'
    b'{\n"datetime":"Date: 2026-11-20 Time: 14:00",\n"dirname":"2026Y11M20D13H"\n},\n]}\n'
)
FILES = (
    b'{"error":"false",\n"date":"2026-11-20",\n"records":[\n{\n"time":"Time: 15:01",\n'
    b'"filename":"01M37S23.mp4",\n"thumbfilename":"01M37S23.jpg"\n},\n{\n"time":"Time: 15:02",\n'
    b'"filename":"E102M00S60.mp4",\n"thumbfilename":""\n}\n]}\n'
)
CONFIG = b'{\n"HTTPD_PORT":"80",\n"TITLE":"a b",\n"HOSTNAME":"yi",\n"NULL":"NULL"\n}\n'
PRESET = b'{"error":"true",\n"message":"Preset"\n"number":"out"\n"of":"range"\n}\n'
LINKS = (
    b'{\n"low_res_stream":"rtsp://192.168.1.61/ch0_1.h264",\n'
    b'"high_res_stream":"rtsp://192.168.1.61:8554/ch0_0.h264"\n}\n'
)
SAMPLES = (STATUS, FOLDERS, FILES, CONFIG, PRESET, LINKS)


# --- requests -------------------------------------------------------------------------------


def test_a_request_goes_out_letter_by_letter() -> None:
    assert wire.query("status.json") == "/cgi-bin/status.json"
    path = wire.query("eventsfiledel.sh", ("file", "2026Y11M20D14H/01M37S23.mp4"))
    assert path == "/cgi-bin/eventsfiledel.sh?file=2026Y11M20D14H/01M37S23.mp4"
    assert wire.query("ptz.sh", ("dir", "left"), ("time", 0.3)).endswith("?dir=left&time=0.3")


@pytest.mark.parametrize(
    "value", ["", "a b", "a,b", "a+b", "%79", "a&b=c", "a'b", "`id`", "ä", "a\nb", "x" * 201]
)
def test_what_the_camera_would_misread_is_never_sent(value: str) -> None:
    with pytest.raises(BadInput):
        wire.query("preset.sh", ("action", "add_preset"), ("name", value))


# --- answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"error":"false"}', {"error": "false"}),
        ("{ }", {}),
        ("{\n}\n", {}),
        ('{"records":[\n{\n"a":"b"\n},\n]}', {"records": [{"a": "b"}]}),
        (PRESET.decode(), {"error": "true", "message": "Preset", "number": "out", "of": "range"}),
        (
            '{"error":"true"\n"description":"File not found"}',
            {"error": "true", "description": "File not found"},
        ),
        (
            '{"error":"false","description":"say "x" now"}',
            {"error": "false", "description": "say "},
        ),
        ('{"a":"line\x01break","b":"c"}', {"a": "line\x01break", "b": "c"}),
        ('{"wlan_essid":"Ca"f\\ 5G","ptz":"yes"}', {"wlan_essid": "Ca", "ptz": "yes"}),
        ('{"error":"false","result":}', {"error": "false"}),
        ('{"fw_version":"0.3.6","local_fw":false}', {"fw_version": "0.3.6", "local_fw": False}),
    ],
)
def test_broken_json_is_mended(text: str, found: dict[str, object]) -> None:
    assert wire.answer(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "no", "<html>404</html>", "[1]", '"a"', '{"records":[{"a":"b"', "{" * 100_000, '"a":"b"'],
)
def test_what_cannot_be_mended_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        wire.answer(text)


def test_only_the_word_true_is_an_error() -> None:
    assert wire.refusal({}) is None
    assert wire.refusal({"error": "false"}) is None
    assert wire.refusal({"error": "true"})
    assert wire.refusal(wire.answer(PRESET.decode())) == "Preset"
    assert wire.refusal({"error": "true", "description": "Speaker busy"}) == "Speaker busy"


@pytest.mark.parametrize("whole", [b'{"error":"false"}\n', b"{ }", b'{"a":{"b":"c"}}'])
def test_an_answer_that_stays_open_is_whole_at_its_last_brace(whole: bytes) -> None:
    last = whole.rindex(b"}")
    for at in range(len(whole) + 1):
        assert wire.is_whole(whole[:at]) == (at > last), at


def test_a_configuration_is_flat_and_without_padding() -> None:
    assert wire.config(CONFIG.decode()) == {"HTTPD_PORT": "80", "TITLE": "a b", "HOSTNAME": "yi"}
    assert wire.config('{\n"NULL":"NULL"\n}') == {}


# --- values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Fri Nov 20 15:57:21 CET 2026", datetime.fromisoformat("2026-11-20T15:57:21")),
        ("Sun Mar  1 05:07:09 2026", datetime.fromisoformat("2026-03-01T05:07:09")),
        ("Fri Nov 20 15:57:21 GMT+3:30 2026", datetime.fromisoformat("2026-11-20T15:57:21")),
        ("Fri Feb 30 15:57:21 CET 2026", None),
        ("", None),
        ("15:57", None),
    ],
)
def test_the_clock_is_read_without_its_zone(text: str, moment: datetime | None) -> None:
    assert wire.clock(text) == moment


def test_measures_are_read_as_far_as_they_go() -> None:
    assert wire.share("63%") == 63
    assert wire.share("N/A") is None
    assert wire.number("1.73 1.50 1.20") == 1.73
    assert wire.number("") is None
    assert wire.number("9" * 400) is not None
    assert wire.hostname('hostname="yi-cam";\n') == "yi-cam"
    assert wire.hostname("<html>") is None
    assert wire.version("0.10.1") > wire.version("0.9.9b")


def test_the_identity_is_that_of_the_status() -> None:
    found = inventory.identity(wire.flat(wire.answer(STATUS.decode())), Address("http://h:80"))
    assert found.about.identities == {"mac:58:70:c6:10:a4:01", "serial:QFUS14Y1MAZ200000001"}
    assert found.about.firmware == "0.5.7"
    assert found.ptz


def test_another_firmware_is_named() -> None:
    with pytest.raises(WrongFamily, match="yi-hack-v4"):
        inventory.family_name({"camera_model": "yi_home"})
    with pytest.raises(WrongFamily, match="sonoff-hack"):
        inventory.family_name({"name": "sonoff-hack"})


def test_of_an_address_only_the_path_is_worth_anything() -> None:
    identity = inventory.identity({"name": "yi-hack-v5"}, Address("http://[fe80::1]"))
    links = wire.flat(wire.answer(LINKS.decode()))
    found = inventory.streams(
        links, {"RTSP_PORT": "8554"}, identity, Address("http://[fe80::1]"), {}
    )
    assert [each.url for each in found] == [
        "rtsp://[fe80::1]:8554/ch0_0.h264",
        "rtsp://[fe80::1]:8554/ch0_1.h264",
    ]
    assert [each.minor for each in found] == [False, True]


# --- damage ---------------------------------------------------------------------------------


def _read_status(text: str) -> object:
    status = wire.flat(wire.answer(text))
    inventory.presets(status)
    events.words(status)
    inventory.streams(
        status,
        status,
        inventory.identity({"name": "yi-hack-mstar"}, Address("http://h")),
        Address("http://h"),
        {},
    )
    for value in status.values():
        wire.clock(value)
        wire.number(value)
        wire.share(value)
        hardware.mac(value)
        wire.shown(value)
        wire.version(value)
        wire.hostname(value)
    return inventory.identity(status, Address("http://h"))


def _read_files(text: str) -> object:
    folder = clips.folder("2026Y11M20D14H")
    assert folder is not None
    return clips.join(clips.clips(folder, wire.answer(text)))


PARSERS: tuple[Callable[[str], object], ...] = (
    _read_status,
    _read_files,
    lambda text: clips.folders(wire.answer(text)),
    wire.config,
    lambda text: wire.refusal(wire.answer(text)),
)


def test_ten_thousand_mutations_are_read_or_refused_and_nothing_else() -> None:
    random_ = random.Random(57)
    read = refused = 0
    for number in range(10_000):
        body = mutated(random_, SAMPLES[number % len(SAMPLES)])
        text = body.decode("utf-8", "replace")
        wire.is_whole(body)
        for parse in PARSERS:
            try:
                parse(text)
            except DeviceError:
                refused += 1
            else:
                read += 1
    assert read > 1_000
    assert refused > 1_000


def mutated(random_: random.Random, sample: bytes) -> bytes:
    """A sample with one to six places damaged."""
    body = bytearray(sample)
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(body) + 1)
        match random_.randrange(5):
            case 0:
                body[at:at] = bytes([random_.randrange(256)])
            case 1:
                del body[at : at + random_.randint(1, 12)]
            case 2 if at < len(body):
                body[at] = random_.randrange(256)
            case 3:
                body[at:at] = body[: random_.randrange(60)]
            case _:
                body[at:at] = random_.choice(
                    [b'"', b",", b"{", b"]", b"\\", b"99999999999999", b"="]
                )
    return bytes(body)
