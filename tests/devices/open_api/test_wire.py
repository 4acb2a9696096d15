"""The family's grammar: every sample of the sheet, cut anywhere, and ten thousand mutations."""

from collections.abc import Callable
from datetime import datetime
import random
from typing import Any

import pytest

from custom_components.cctv.devices import jpeg
from custom_components.cctv.devices.errors import BadInput
from custom_components.cctv.devices.open_api import listing, wire
from custom_components.cctv.devices.open_api.motion import usable
from custom_components.cctv.devices.open_api.wire import Level, Outcome, Port
from custom_components.cctv.devices.push import LineParser, MultipartParser, boundary_of

MOTION = (
    b"--mdb\r\nContent-Type: text/plain\r\n\r\ngroup=0;level=7;threshold=10;\r\n"
    b"group=3;level=0;threshold=12;\r\n--mdb\r\nContent-Type: text/plain\r\n\r\n"
    b"group=0;level=41;threshold=10;\r\ngroup=3;level=3;threshold=12;\r\n--mdb\r\n"
)
LEVELS = [Level(0, 7, 10), Level(3, 0, 12), Level(0, 41, 10), Level(3, 3, 12)]
EDGES = (
    b"--ioboundary\r\nContent-Type: text/plain\r\n\r\nIO1:H\r\n--ioboundary\r\n\r\n"
    b"Content-Type: text/plain\r\n\r\n\r\nIO1:\\\r\n\r\n--ioboundary\r\n\r\nIO2:/\r\n"
)
PORTS = [Port(1, True, False), Port(1, False, False), Port(2, True, False)]
LIST = (
    b"Motion.M0.Name=Entrance\nMotion.M0.Left=5000\n# Error: Error -1 getting param in group "
    b"'root.Nothing'\nroot.Motion.M3.Name=a=b&c~d \nNetwork.Key=******\nMotion.M4.Name=\n"
    b"not a pair\n=nameless\n"
)
DISKS = """<?xml version="1.0" ?>
<root>
<disks numberofdisks="1">
<disk diskid="SD_DISK" totalsize="124048" freesize="124032" cleanuplevel="95" cleanupmaxage="1"
      cleanuppolicy="none" locked="no" full="no" readonly="no" status="OK" />
</disks>
</root>
"""
RECORDINGS = """<root><recordings><recording recordingid="20090101_010101.avi" diskid="SD_DISK"
starttime="20090101_010101" date="20090101" recordingtype="scheduled"> </recording>
<!-- <recording recordingid="hidden"/> -->
<recording recordingid='a&amp;b' starttime="2009"/></recordings>"""
TIME = b"Jul 24, 2013 19:19:17\r\n"
FILTER = b"Accept addresses: 10.0.0.1 10.0.0.2/24\r\nInput policy: allow\r\nEnabled: yes\r\n"
INFO = b"Available commands\n:\n{camera=[n]}\n  move={home|up}\n  Autofocus=[on|off]\n"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def levels(data: bytes) -> list[Level]:
    """The levels of a stream."""
    parser = LineParser()
    found = [wire.level(line) for line in parser.feed(data)]
    return [each for each in found if each is not None]


def edges(data: bytes) -> list[Port]:
    """The ports of a stream."""
    parser = LineParser()
    found = [wire.port(line.decode("latin-1")) for line in parser.feed(data)]
    return [each for each in found if each is not None]


# --- streams ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", range(len(MOTION)))
def test_levels_are_heard_wherever_the_stream_is_cut(cut: int) -> None:
    parser = LineParser()
    lines = [*parser.feed(MOTION[:cut]), *parser.feed(MOTION[cut:])]
    assert [each for line in lines if (each := wire.level(line))] == LEVELS


@pytest.mark.parametrize("cut", range(len(EDGES)))
def test_edges_are_heard_wherever_the_stream_is_cut(cut: int) -> None:
    parser = LineParser()
    lines = [*parser.feed(EDGES[:cut]), *parser.feed(EDGES[cut:])]
    assert [each for line in lines if (each := wire.port(line.decode()))] == PORTS


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"--mdb\r\n", b"", 1),
        lambda data: data.replace(b"group=", b"window="),
        lambda data: data.replace(b";\r\n", b"\r\n"),
        lambda data: data.replace(b"\r\n", b"\r\n\r\n"),
        lambda data: b"\x00\xff" * 20_000 + b"\r\n" + data,
    ],
    ids=["LF", "no first delimiter", "windows", "no semicolon", "blank lines", "long line"],
)
def test_every_form_of_the_motion_stream_is_heard(change: Callable[[bytes], bytes]) -> None:
    assert levels(change(MOTION)) == LEVELS


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("IO1:/", Port(1, True, False)),
        ("io0:\\", Port(0, False, False)),
        ("1I:H", Port(1, True, False)),
        ("1O:L", Port(1, False, False)),
        ("input1=1", Port(1, True, False)),
        ("input 1 = 0", Port(1, False, False)),
        ("output2=1", Port(2, True, False)),
        ("port2=1", Port(2, True, True)),
        ("port1=active", Port(1, True, False)),
        ("port12=INACTIVE\r", Port(12, False, False)),
        ("Date: Thu, 01 Jan 2009 12:00:00 GMT", None),
        ("port1=0port2=0", None),
        ("Content-Type: text/plain", None),
        ("", None),
        ("IO99999:H", None),
    ],
)
def test_a_port_is_read_in_every_spelling_and_in_nothing_else(
    line: str, found: Port | None
) -> None:
    assert wire.port(line) == found


def test_levels_out_of_range_are_not_used() -> None:
    assert usable(Level(0, 100, 0))
    assert not usable(Level(0, 99_999, 10))
    assert not usable(Level(0, 10, 101))
    assert not usable(Level(123_456, 10, 10))


# --- answers ----------------------------------------------------------------------------------


def test_a_listing_is_read_with_its_errors() -> None:
    found = wire.parameters(wire.text(LIST))
    assert found.values == {
        "Motion.M0.Name": "Entrance",
        "Motion.M0.Left": "5000",
        "Motion.M3.Name": "a=b&c~d ",
        "Network.Key": "******",
        "Motion.M4.Name": "",
    }
    assert found.missing == ("Nothing",)
    assert found.rooted


def test_latin_1_is_read_where_it_is_no_utf_8() -> None:
    assert wire.text("Motion.M0.Name=Tür".encode("latin-1")) == "Motion.M0.Name=Tür"
    assert wire.text("Motion.M0.Name=Tür".encode()) == "Motion.M0.Name=Tür"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("OK\r\n", Outcome()),
        ("", Outcome()),
        ("M3 OK\r\n", Outcome("M3")),
        ("# Request failed: no room\r\n", Outcome(error="no room")),
        ("Request failed: month\r\n", Outcome(error="month")),
        ("# Error: bad value\nM3 OK\n", Outcome("M3", "bad value")),
        ("Error:no such preset", Outcome(error="no such preset")),
        ("# Error: Error setting 'A.B' to '1'!", Outcome(error="Error setting 'A.B' to '1'!")),
        ("Created account joe.", Outcome(known=False)),
        ("<html>login</html>", Outcome(known=False)),
    ],
)
def test_the_answer_to_a_write_is_judged_by_its_body(body: str, found: Outcome) -> None:
    assert wire.outcome(body) == found


@pytest.mark.parametrize(
    ("body", "moment"),
    [
        ("Jul 24, 2013 19:19:17\r\n", datetime.fromisoformat("2013-07-24T19:19:17")),
        ("July 4, 2013  9:05:07", datetime.fromisoformat("2013-07-04T09:05:07")),
        ("  12 31, 2009 23:59:59\n", datetime.fromisoformat("2009-12-31T23:59:59")),
    ],
)
def test_the_clock_is_read(body: str, moment: datetime) -> None:
    assert wire.moment(body) == moment


@pytest.mark.parametrize(
    "body", ["", "Foo 1, 2013 10:00:00", "anf 1, 2013 1:1:1", "Feb 30, 2013 1:1:1"]
)
def test_what_is_no_time_is_none(body: str) -> None:
    with pytest.raises(ValueError):
        wire.moment(body)


def test_small_answers_are_read() -> None:
    assert wire.size("image width = 640\r\nimage height=480\r\n") == "640x480"
    assert wire.size("<!-- no such camera -->") is None
    assert wire.sources("Video 1 = video\r\nVideo 2 = no video\r\n") == {1: True, 2: False}
    assert wire.groups('admin="root,joe"\r\nviewer=""\r\nptz=joe') == {
        "admin": ("root", "joe"),
        "viewer": (),
        "ptz": ("joe",),
    }
    found = wire.ip_filter(wire.text(FILTER))
    assert (found.enabled, found.addresses, found.policy) == (
        True,
        ("10.0.0.1", "10.0.0.2/24"),
        "allow",
    )
    assert wire.ip_filter("Accept addresses: \r\nEnabled: no\r\n").addresses == ()
    with pytest.raises(ValueError):
        wire.ip_filter("<html></html>")
    assert wire.pairs("pan=51.2\r\nautofocus=off") == {"pan": "51.2", "autofocus": "off"}


def test_lists_are_read_with_or_without_their_end() -> None:
    (disk,) = listing.elements(DISKS, "disk")
    assert (disk["diskid"], disk["freesize"], disk["status"]) == ("SD_DISK", "124032", "OK")
    found = listing.elements(RECORDINGS, "recording")
    assert [each["recordingid"] for each in found] == ["20090101_010101.avi", "a&b"]
    assert listing.started(found[0]) == datetime.fromisoformat("2009-01-01T01:01:01")
    assert listing.started(found[1]) is None
    assert listing.started({"starttime": "20091301_000000"}) is None
    assert listing.kilobytes("124048") == 124048 * 1024
    assert listing.kilobytes("many") is None
    assert len(listing.elements('<disk diskid="a"/>' * 20_000, "disk")) == listing.MANY


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("OK", None),
        ("", None),
        ('<job action="format" result="OK" jobid="4"/>', None),
        ('<job result="ERROR" description="no disk"/>', "no disk"),
        ("Error: what", "the device reports an error"),
    ],
)
def test_what_a_job_reports_is_told(body: str, fault: str | None) -> None:
    assert listing.fault(body) == fault


# --- requests ---------------------------------------------------------------------------------


def test_arguments_go_out_encoded_and_lists_with_their_commas() -> None:
    assert wire.query("/output.cgi", [("action", "1:/500\\")]) == "/output.cgi?action=1%3A%2F500%5C"
    assert wire.query("/input.cgi", [("check", "1,2")]) == "/input.cgi?check=1,2"
    assert wire.query("/a", [("text", "Tür & Tor+")]) == "/a?text=T%C3%BCr%20%26%20Tor%2B"
    assert wire.query("/a") == "/a"


@pytest.mark.parametrize("good", ["/", "\\", "/500\\", "1000/", "300\\500/300\\", "/0\\"])
def test_a_sequence_in_the_grammar_is_taken(good: str) -> None:
    assert wire.sequence(good) == good


@pytest.mark.parametrize(
    "bad", ["", "500", "//", "/\\", "1:/", "/500", "/-5\\", "/5x\\", "/ 5\\", "/5\\\n", "/" * 300]
)
def test_a_sequence_out_of_the_grammar_is_refused(bad: str) -> None:
    with pytest.raises(BadInput):
        wire.sequence(bad)


def test_names_of_accounts_and_parts_are_made_safe() -> None:
    assert wire.slug("SD DISK/1") == "sd-disk-1"
    assert wire.slug("///") == "x"


# --- mutations --------------------------------------------------------------------------------


def _value(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A parser whose only error is ValueError."""

    def run(data: bytes) -> Any:
        try:
            return parse(wire.text(data))
        except ValueError:
            return None

    return run


def _live(data: bytes) -> Any:
    parser = MultipartParser("myboundary", limit=1 << 12, body_starts=())
    found = parser.feed(data)
    assert parser.pending <= (1 << 12) + (1 << 15)
    return found


PARSERS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "motion": (MOTION, levels),
    "edges": (EDGES, edges),
    "ports": (b"input1=1\r\nIO2:/\r\n", lambda data: wire.ports(wire.text(data))),
    "parameters": (LIST, lambda data: wire.parameters(wire.text(data))),
    "outcome": (b"# Error: bad\r\nM3 OK\r\n", lambda data: wire.outcome(wire.text(data))),
    "remark": (b"<html><b>Error: x</b></html>", lambda data: wire.remark(wire.text(data))),
    "moment": (TIME, _value(wire.moment)),
    "size": (b"image width = 640\r\nimage height = 480", lambda data: wire.size(wire.text(data))),
    "sources": (b"Video 1 = no video\r\n", lambda data: wire.sources(wire.text(data))),
    "groups": (b'admin="root,joe"\r\n', lambda data: wire.groups(wire.text(data))),
    "filter": (FILTER, _value(wire.ip_filter)),
    "pairs": (b"presetposno1=Home\r\n", lambda data: wire.pairs(wire.text(data))),
    "picture": (JPEG, jpeg.whole),
    "disks": (DISKS.encode(), lambda data: listing.elements(wire.text(data), "disk")),
    "recordings": (
        RECORDINGS.encode(),
        lambda data: [
            listing.started(each) for each in listing.elements(wire.text(data), "recording")
        ],
    ),
    "fault": (
        b'<job result="ERROR" description="x"/>',
        lambda data: listing.fault(wire.text(data)),
    ),
    "live": (
        b"--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length: 16\r\n\r\n" + JPEG + b"\r\n",
        _live,
    ),
    "boundary": (
        b"multipart/x-mixed-replace;boundary=--myboundary",
        lambda data: boundary_of(wire.text(data)),
    ),
}


@pytest.mark.parametrize("name", PARSERS)
def test_ten_thousand_mutations_do_no_harm(name: str) -> None:
    sample, parse = PARSERS[name]
    dice = random.Random(name)
    assert parse(sample) is not None
    for _ in range(10_000):
        data = bytearray(sample)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(data) + 1)
            match dice.randrange(4):
                case 0:
                    data[at:at] = bytes([dice.randrange(256)])
                case 1:
                    del data[at : at + dice.randint(1, 8)]
                case 2 if at < len(data):
                    data[at] = dice.choice(b"\x00\r\n<>=\"';:\\/\xff9")
                case _:
                    data[at:at] = data[at : at + dice.randint(1, 20)]
        parse(bytes(data))


@pytest.mark.parametrize("name", PARSERS)
def test_a_sample_that_breaks_off_anywhere_does_no_harm(name: str) -> None:
    sample, parse = PARSERS[name]
    for cut in range(len(sample)):
        parse(sample[:cut])
