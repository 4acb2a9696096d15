"""The grammar of every generation: requests, answers, object rows and the panel."""

import re

import pytest

from custom_components.cctv.devices.errors import BadInput, Malformed
from custom_components.cctv.devices.ispy import panel, wire
from custom_components.cctv.devices.ispy.wire import Generation, Thing
from tests.devices.ispy.samples import (
    CAMERA_9,
    CAMERA_10,
    CAMERA_11,
    CATCH_ALL,
    CONFIG,
    DENIED,
    DENIED_OLD,
    MIC_7,
    MIC_8,
    OBJECTS,
    PANEL,
)

# --- requests (§2) --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ([], "/x"),
        ([("ot", 2), ("oid", 1)], "/x?ot=2&oid=1"),
        ([("v", "a b+c&d")], "/x?v=a%20b%2Bc%26d"),
        ([("fn", r"C:\iSpy\mask.png")], "/x?fn=C%3A%5CiSpy%5Cmask.png"),
        ([("url", "HTTP://a/HTTPS http")], "/x?url=%48TTP%3A%2F%2Fa%2F%48TTPS%20http"),
        ([("v", "S\u00fcd")], "/x?v=S%C3%BCd"),
        ([("on", True), ("off", False)], "/x?on=true&off=false"),
    ],
)
def test_requests_are_encoded_as_the_server_reads_them(
    params: list[tuple[str, wire.Param]], path: str
) -> None:
    assert wire.request("x", params) == path
    assert "HTTP" not in path.replace("%48TTP", "")


def test_the_oldest_build_gets_values_that_it_need_not_decode() -> None:
    assert wire.request("x", [("fn", "A|B.mp4"), ("v", "HTTP")], plain=True) == (
        "/x?fn=a|b.mp4&v=http"
    )


# --- answers (§2, §3, §5) -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        (DENIED, True),
        (DENIED.replace(" (IP blocked by allow list)", ""), True),
        (DENIED_OLD, True),
        ("iSpy is running. Access this server via the website (IP blocked by allow list)", True),
        ("iSpy is running. Access this server via the website", False),
        (OBJECTS, False),
        ('{"level":0.1}', False),
        ("{" * 900, False),
        (CATCH_ALL, False),
    ],
)
def test_a_denial_is_told_from_every_other_answer(text: str, denied: bool) -> None:
    assert wire.is_denied(text) is denied


@pytest.mark.parametrize(
    ("text", "modern"),
    [
        ('{"auth":"0a1b2c3d-0000-1111-2222-333344445555","status":"OK"}', True),
        ("0a1b2c3d-0000-1111-2222-333344445555,OK", False),
        ("OK", None),
        ('{"status":"OK"}', None),
        ("<html>", None),
    ],
)
def test_connect_tells_the_generations_apart(text: str, modern: bool | None) -> None:
    assert wire.modern(text) is modern


@pytest.mark.parametrize(
    ("text", "recording"),
    [
        ("recording,OK", True),
        ("recording,Die Aufnahme wird fortgesetzt, bis Sie Stop klicken.,OK", True),
        ("notrecording,Recording stopped. Files will be refreshed automatically.,OK", False),
        ("Camera not found,OK", None),
        ("stopped,Control not found,OK", None),
        ("recording", None),
        (CATCH_ALL, None),
    ],
)
def test_of_a_localised_sentence_only_the_ends_count(text: str, recording: bool | None) -> None:
    assert wire.is_recording(text) is recording


def test_only_the_last_ok_is_no_part_of_a_name() -> None:
    assert wire.told("result, OK,OK,OK") == "result, OK,OK"
    assert wire.told("OK") == ""


def test_a_payload_loses_one_quote_at_each_end_and_its_mask() -> None:
    assert wire.payload('"a"b"') == 'a"b'
    assert wire.payload('"a ""OK"".mp4"') == 'a "result".mp4'
    assert wire.payload('""') == ""
    with pytest.raises(Malformed):
        wire.payload("OK")


# --- objects (§4) ---------------------------------------------------------------------------


def test_rows_of_every_generation_are_read() -> None:
    found = wire.things(f"{CAMERA_11}\r\n{CAMERA_10}\r\n{CAMERA_9}\r\n{MIC_8}\r\n{MIC_7}\r\nOK")
    assert found == (
        Thing(
            2,
            3,
            enabled=True,
            name="Hof, S\u00fcd",
            description="line1\r line2",
            groups=("A", " b"),
            ptz=-5,
            talk=True,
            microphone=1,
            recording=False,
            width=11,
        ),
        Thing(2, 0, enabled=False, name="Gate", width=10),
        Thing(2, 4, enabled=True, name="Old", groups=("x",), ptz=12, width=9),
        Thing(1, 1, enabled=True, name="Door", groups=("inside",), recording=True, width=8),
        Thing(1, 2, enabled=False, name="Cot", width=7),
    )
    assert wire.things("OK") == ()
    assert wire.things(f"{CAMERA_11},more,fields\r\nOK")[0].oid == 3


@pytest.mark.parametrize(
    "text",
    [
        CATCH_ALL,
        "",
        OBJECTS.removesuffix("OK"),
        OBJECTS[:40],
        "2,3,true\r\nOK",
        "3,1,true,a,b,c,d,e,f\r\nOK",
        "2,1,maybe,a,Online,,,1,false\r\nOK",
        "2,1,true,a,Online,,,x,false\r\nOK",
    ],
)
def test_an_odd_page_is_no_empty_list(text: str) -> None:
    with pytest.raises(Malformed):
        wire.things(text)


def test_an_object_list_cut_anywhere_is_never_a_shorter_list() -> None:
    for at in range(len(OBJECTS)):
        with pytest.raises(Malformed):
            wire.things(OBJECTS[:at])


@pytest.mark.parametrize(
    ("rows", "json", "generation"),
    [
        ([CAMERA_11, MIC_8], True, Generation.G3),
        ([MIC_8], True, Generation.G3),
        ([], True, Generation.G3),
        ([CAMERA_10, MIC_7], True, Generation.G2),
        ([CAMERA_10, MIC_7], False, Generation.G1),
        ([CAMERA_9, MIC_7], False, Generation.ANCIENT),
        ([], False, Generation.G1),
    ],
)
def test_generations_are_told_apart(rows: list[str], json: bool, generation: Generation) -> None:
    found = wire.things("\r\n".join((*rows, "OK")))
    assert wire.generation(found, json=json) is generation


def test_a_configuration_is_javascript() -> None:
    assert wire.config(CONFIG) == {
        "ot": 2,
        "oid": 3,
        "micpairid": -1,
        "port": 8080,
        "online": True,
        "recording": False,
        "width": 640,
        "height": 480,
        "talk": True,
        "errorState": True,
    }
    assert wire.config("{}") == {}
    with pytest.raises(Malformed):
        wire.config("OK")


def test_remote_commands_are_numbers_and_names() -> None:
    assert wire.remote_commands("0|Tout activer,20|Open gate  front") == {
        0: "Tout activer",
        20: "Open gate  front",
    }
    assert wire.remote_commands(CATCH_ALL) == {}
    with pytest.raises(Malformed):
        wire.remote_commands("OK")


def test_groups_that_look_alike_have_tokens_of_their_own() -> None:
    names = ["office", " b", "b", "\u00e4", "\u00f6", "a.b", "a b", 'a"><b', ""]
    tokens = [wire.slug(name) for name in names]
    assert len(set(tokens)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_-]+", token) for token in tokens)
    assert wire.slug("OFFICE") == "office"


def test_a_level_is_a_share() -> None:
    assert wire.level('{"level":0.125}') == 0.125
    assert wire.level('{"level":7}') == 1
    for odd in ("", CATCH_ALL, "{}", '{"level":true}', '{"level":"1"}', "[1]"):
        with pytest.raises(Malformed):
            wire.level(odd)


# --- the panel (§7) -------------------------------------------------------------------------


def test_the_panel_is_scraped_by_its_handlers() -> None:
    assert panel.parse(PANEL) == {
        "alerts": "true",
        "notifyondisconnect": "false",
        "minimuminterval": "180",
        "accessgroups": 'a"><b',
        "recordondetect": "false",
        "recordonalert": "true",
        "recordmode": "alert",
    }


@pytest.mark.parametrize("text", ["", "OK", CATCH_ALL, "<table></table>"])
def test_no_panel_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        panel.parse(text)


@pytest.mark.parametrize(
    ("field", "text", "was", "sent"),
    [
        ("scheduler", "true", "false", ("changesetting", ("field", "scheduler"))),
        ("alerts", "false", "true", ("alertoff",)),
        ("recordmode", "detection", "off", ("recordondetecton",)),
        ("recordmode", "off", "alert", ("recordingoff",)),
        ("maxframerate", "25", "10", ("setframerate", ("rate", "25"))),
        ("minimuminterval", "0", "180", ("changesetting", ("field", "minimuminterval"))),
    ],
)
def test_a_field_is_written_by_its_command(
    field: str, text: str, was: str, sent: tuple[object, ...]
) -> None:
    command, params = panel.change(field, text, was)
    assert (command, *params)[: len(sent)] == sent


@pytest.mark.parametrize(
    ("field", "text", "was"),
    [
        ("scheduler", "1", "false"),
        ("alerts", "on", "true"),
        ("timelapse", "0", "60"),
        ("timelapse", "often", "60"),
        ("maxframerate", "-1", "10"),
        ("recordmode", "always", "off"),
    ],
)
def test_what_would_hang_or_become_zero_is_not_sent(field: str, text: str, was: str) -> None:
    with pytest.raises(BadInput):
        panel.change(field, text, was)
