"""What a recorder says, in every spelling, and what may be said to it."""

import json
import random

import pytest

from custom_components.cctv.devices.dvro import wire
from custom_components.cctv.devices.errors import BadInput

SAMPLES = (
    '{ "Ping": true }',
    '{ "IsRecording": true }',
    "false",
    "True",
    '{"IsRecording":false,"DriveSpace":100}',
    '{"Filename": "D:\\\\folder\\\\file.mp4"}',
    '{"FilenameTemplate": "${yyyy}@${channelname}", "EventTemplate": "${ss}"}',
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("True", True),
        (" FALSE\r\n", False),
        ('"true"', True),
        ("\ufefftrue", True),
        ('\ufeff {"IsRecording":true}', True),
        ('{ "IsRecording": true }', True),
        ('{\n  "IsRecording": "False"\n}', False),
        ('{"IsRecording":false,"DriveSpace":100}', False),
        ("", None),
        ("1", None),
        ("null", None),
        ("{}", None),
        ("[true]", None),
        ('{"A": true, "B": false}', None),
        ("<html>true</html>", None),
        ('{"IsRecording": true', None),
        ("{" * 100_000, None),
    ],
)
def test_a_boolean_is_read_in_every_spelling(text: str, value: bool | None) -> None:
    assert wire.boolean(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{ "Ping": true }', True),
        ('\ufeff{"ping":true}', True),
        ('{"Ping": false}', False),
        ("true", None),
        ('{"Pong": true}', None),
        ('"Ping"', None),
        ("", None),
    ],
)
def test_only_the_word_ping_is_an_answer_to_ping(text: str, value: bool | None) -> None:
    assert wire.ping(text) is value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("100", 100),
        ("0", 0),
        ("12.345", 12.35),
        ('"40"', 40),
        ("true", None),
        ("null", None),
        ("-1", None),
        ("101", None),
        ("NaN", None),
        ("Infinity", None),
        ('"many"', None),
        ("1" + "0" * 400, None),
        ("1" * 5000, None),
    ],
)
def test_free_space_is_a_percentage_or_unknown(said: str, value: float | None) -> None:
    assert wire.percent(f'{{"IsRecording":false,"DriveSpace":{said}}}') == value


def test_a_file_name_is_one_line_that_a_state_can_hold() -> None:
    assert wire.filename('{"Filename": "D:\\\\folder\\\\file.mp4"}') == r"D:\folder\file.mp4"
    assert wire.filename('{"Filename": ""}') == ""
    assert wire.filename('{"Filename": null}') is None
    assert wire.filename("D:\\file.mp4") is None
    name = wire.filename(json.dumps({"Filename": "D:\\a\nb" + "c" * 1000}))
    assert name is not None
    assert name.startswith("D:\\ab")
    assert len(name) == 255


def test_templates_are_told_or_not() -> None:
    names = ("FilenameTemplate", "EventTemplate")
    assert wire.templates(SAMPLES[-1], names) == {
        "FilenameTemplate": "${yyyy}@${channelname}",
        "EventTemplate": "${ss}",
    }
    assert wire.templates('{"eventtemplate": "x", "FilenameTemplate": 3}', names) == {
        "EventTemplate": "x"
    }
    for nothing in ("", "true", "[]", "<html>", '{"Other": "x"}'):
        assert wire.templates(nothing, names) == {}


def test_a_backslash_is_doubled_once() -> None:
    """§4.3."""
    assert wire.body({"Directory": r"C:\tmp\Data1"}) == rb'{"Directory": "C:\\tmp\\Data1"}'
    assert wire.body({"Directory": r"\\server\share"}) == rb'{"Directory": "\\\\server\\share"}'


@pytest.mark.parametrize(
    "folder",
    [
        r"C:\tmp\Data1",
        "d:\\",
        r"\\server\share",
        r"\\192.168.1.2\dives\${yyyy}",
        r"D:\Tauchgänge",
        "D:\\" + "x" * 237,
    ],
)
def test_a_folder_with_a_drive_or_a_server_is_taken_as_it_is(folder: str) -> None:
    assert wire.path(folder) == folder
    assert wire.folder(folder) == folder


@pytest.mark.parametrize(
    "folder",
    [
        "",
        "   ",
        "Data1",
        r"tmp\Data1",
        r"\tmp",
        r"\\server",
        "C:tmp",
        "C:/tmp",
        "/mnt/dives",
        r"C:\tmp\a:b",
        r"C:\tmp\what?",
        r"C:\tmp\<a>",
        'C:\\tmp\\"a"',
        r"C:\a|b",
        r"C:\*",
        "C:\\tmp\nData1",
        "D:\\" + "x" * 238,
        None,
        7,
    ],
)
def test_what_is_no_folder_of_windows_is_bad_input(folder: object) -> None:
    with pytest.raises(BadInput):
        wire.path(folder)


def test_a_new_folder_may_be_a_bare_name() -> None:
    assert wire.folder("new_directory_name") == "new_directory_name"
    for bad in ("", "..", ". .", "a/b", r"a\b", "C:", "a?", "x" * 241):
        with pytest.raises(BadInput):
            wire.folder(bad)


@pytest.mark.parametrize(
    "template",
    [
        "${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}@${channelname}",
        r"${channelname}\${yyyy}\${MM}\${dd}",
        "dive_{1}",
        "cost_$5",
        "${type}",
    ],
)
def test_a_template_with_whole_tags_is_taken(template: str) -> None:
    assert wire.template(template) == template


@pytest.mark.parametrize(
    "template",
    [
        r"${channelname}\${yyyy]\${MM}\${dd}",
        "${hh}${mm}$ss}_${fff}",
        "${yyyy",
        "${${yyyy}}",
        "${}",
        "${a b}",
        "",
        "a|b",
        "a\tb",
        "x" * 241,
        3,
    ],
)
def test_a_template_with_half_a_tag_is_bad_input(template: object) -> None:
    """The two misprints of §4.1 among them."""
    with pytest.raises(BadInput):
        wire.template(template)


def test_a_template_that_repeats_is_known() -> None:
    assert wire.repeats("${yyyy}${MM}${dd}${hh}${mm}")
    assert not wire.repeats("${hh}${mm}${ss}")
    assert not wire.repeats("${fff}")


@pytest.mark.parametrize("value", [0, 1441, 2.5, True, "10", None, float("nan"), float("inf")])
def test_a_split_time_is_whole_minutes_of_a_day(value: object) -> None:
    with pytest.raises(BadInput):
        wire.minutes(value)
    assert wire.minutes(10.0) == 10
    assert wire.minutes(1440) == 1440


def test_no_mutation_of_an_answer_is_more_than_odd() -> None:
    dice = random.Random(13000)
    names = ("FilenameTemplate", "EventTemplate")
    for _ in range(10_000):
        data = bytearray(dice.choice(SAMPLES).encode())
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data) + 1)
            if dice.random() < 0.5 and at < len(data):
                data[at] = dice.randrange(256)
            elif dice.random() < 0.5:
                data[at:at] = bytes([dice.randrange(256)])
            else:
                del data[at : at + dice.randint(1, 5)]
        text = data.decode("utf-8", "replace")
        assert wire.boolean(text) in (True, False, None)
        assert wire.ping(text) in (True, False, None)
        percent = wire.percent(text)
        assert percent is None or 0 <= percent <= 100
        name = wire.filename(text)
        assert name is None or (len(name) <= 255 and (not name or name.isprintable()))
        assert set(wire.templates(text, names)) <= set(names)
