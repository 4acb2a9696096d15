"""The grammar of answers and events, byte by byte."""

from datetime import datetime
import json
import random

import pytest

from custom_components.cctv.devices.amcrest import wire
from custom_components.cctv.devices.amcrest.wire import WireEvent
from custom_components.cctv.devices.errors import Malformed
from custom_components.cctv.devices.push import MultipartParser

STYLED = (
    b"Code=VideoMotion;action=Start;index=0;data={\n"
    b'   "Id" : [ 0 ],\n   "RegionName" : [ "Region1" ]\n}\n'
)
TABBED = (
    b"Code=CrossLineDetection;action=Stop;index=3;data={\n"
    b'\t"UTC":\t1789141183,\n\t"Name":\t"a;b=c {half \\\\ \\"}"\n}'
)
PLAIN = b"Code=AlarmLocal;action=Stop;index=0"
SAMPLES = (STYLED, TABBED, PLAIN, b"Heartbeat", b"Code=NewFile;action=Pulse;index=1;data=null")
EXPECTED = (
    WireEvent("VideoMotion", "Start", 0, {"Id": [0], "RegionName": ["Region1"]}),
    WireEvent("CrossLineDetection", "Stop", 3, {"UTC": 1789141183, "Name": 'a;b=c {half \\ "}'}),
    WireEvent("AlarmLocal", "Stop", 0),
    None,
    WireEvent("NewFile", "Pulse", 1),
)


def stream(eol: bytes) -> bytes:
    """All samples as the device sends them."""
    return b"".join(
        b"--myboundary"
        + eol
        + b"Content-Type: text/plain"
        + eol
        + b"Content-Length:%d" % len(body)
        + eol
        + eol
        + body
        + eol
        + eol
        for body in SAMPLES
    )


@pytest.mark.parametrize(("body", "event"), zip(SAMPLES, EXPECTED, strict=True))
def test_each_form_of_a_body_is_read(body: bytes, event: WireEvent | None) -> None:
    assert wire.event(body) == event


@pytest.mark.parametrize("eol", [b"\r\n", b"\n"])
def test_every_split_of_a_stream_gives_the_same_events(eol: bytes) -> None:
    whole = stream(eol)
    for at in range(len(whole) + 1):
        parser = MultipartParser("myboundary")
        parts = parser.feed(whole[:at]) + parser.feed(whole[at:])
        found = tuple(wire.event(part.body) for part in parts)
        # The last part may wait for what comes after it.
        assert found == EXPECTED[: len(found)], at
        assert len(found) >= len(EXPECTED) - 1, at


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (b"Code=A;Action=start;Index=2", WireEvent("A", "Start", 2)),
        (b"Code=A;action=Pulse;index=-1", WireEvent("A", "Pulse", -1)),
        (b"Code=A;action=Pulse;index=x", WireEvent("A", "Pulse", -1)),
        (b"Code=A;action=Pulse", WireEvent("A", "Pulse", -1)),
        (b"Code=A;action=Start;index=0;extra=1;data={}", WireEvent("A", "Start", 0)),
        (b'Code=A;action=Start;index=0;data={"N":"\xff"}', WireEvent("A", "Start", 0, {"N": "�"})),
        (
            b'Code=A;action=Start;index=0;data={"N":1}\r\njunk}',
            WireEvent("A", "Start", 0, {"N": 1}),
        ),
        (
            b'Code=A;action=Start;index=0;data={"N":"a\tb"}',
            WireEvent("A", "Start", 0, {"N": "a\tb"}),
        ),
        (b"Code=A;action=Start;index=0;data=[1]", WireEvent("A", "Start", 0)),
        (b"\r\nCode=A;action=Stop;index=0\r\n", WireEvent("A", "Stop", 0)),
    ],
)
def test_odd_spellings_are_read(body: bytes, event: WireEvent) -> None:
    assert wire.event(body) == event


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"HTTP/1.1 200 OK",
        b"Code=;action=Start;index=0",
        b"Code=\x00;action=Start;index=0",
        b"Code=" + b"A" * 200,
        b'Code=A;action=Start;index=0;data={"Name":"half',
        b"Code=A;action=Start;index=0;data=" + b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"Code=A;action=Start;index=0;data=" + b'{"a":' * 100_000,
        b"Code=A;action=Start;index=0;data=" + b'"' + b'\\"' * 400_000,
    ],
    ids=["empty", "http", "no code", "zero", "long", "half", "deep", "deeper", "quotes"],
)
def test_a_damaged_event_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        wire.event(body)


def test_ten_thousand_mutations_are_read_or_refused_and_nothing_else() -> None:
    random_ = random.Random(49)
    read = refused = 0
    for number in range(10_000):
        body = bytearray(SAMPLES[number % len(SAMPLES)])
        for _ in range(random_.randint(1, 6)):
            at = random_.randrange(len(body) + 1)
            match random_.randrange(4):
                case 0:
                    body[at:at] = random_.randbytes(random_.randint(1, 4))
                case 1:
                    del body[at : at + random_.randint(1, 8)]
                case 2:
                    body[at : at + 1] = bytes([random_.choice(b';={}"\\[]\r\n\t')])
                case _:
                    body[at:at] = body[: random_.randrange(len(body) + 1)]
        try:
            event = wire.event(bytes(body))
        except Malformed:
            refused += 1
        else:
            read += 1
            assert event is None or (event.code and isinstance(event.data, dict))
    assert read + refused == 10_000
    assert min(read, refused) > 1_000


# --- answers ----------------------------------------------------------------------------------


def test_lines_are_read_whatever_their_ends() -> None:
    text = "table.A[0].B=1\r\ntable.A[0].C=x=y;z\nnonsense\n=none\ntable.A[0].D=\n"
    assert wire.table(text) == {"A[0].B": "1", "A[0].C": "x=y;z", "A[0].D": ""}


def test_a_configuration_of_any_depth_is_a_flat_name() -> None:
    deep = "table.Deep" + "[0].A" * 1_500 + "=1"
    assert list(wire.table(deep)) == [deep.removeprefix("table.").removesuffix("=1")]
    assert wire.table("table.Deep" + "[0].A" * 10_000 + "=1\ntable.B=2") == {"B": "2"}


def test_more_lines_than_a_device_has_are_refused() -> None:
    with pytest.raises(Malformed):
        wire.pairs("a=1\n" * (wire.MAX_LINES + 1))


def test_lists_may_have_gaps() -> None:
    listing = wire.table("table.T[2].A.B=x\ntable.T[7].A=y\ntable.T[z].A=n\ntable.U[0].A=n")
    assert wire.rows(listing, "T") == {2: {"A.B": "x"}, 7: {"A": "y"}}


def test_a_query_is_sent_as_it_is_signed() -> None:
    assert (
        wire.query(
            "configManager",
            "setConfig",
            [("Lighting[0][0].Mode", "On Off+"), ("ChannelTitle[0].Name", "Tür & Tor #1")],
        )
        == "/cgi-bin/configManager.cgi?action=setConfig&Lighting[0][0].Mode=On%20Off%2B"
        "&ChannelTitle[0].Name=T%C3%BCr%20%26%20Tor%20%231"
    )
    when = datetime(2026, 11, 20, 14, 0, 5, 999)  # noqa: DTZ001
    assert wire.query("global", "setCurrentTime", [("time", when)]).endswith(
        "&time=2026-11-20%2014:00:05"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("result=2011-7-3 21:02:32", datetime(2011, 7, 3, 21, 2, 32)),  # noqa: DTZ001
        ("result=2026-11-20 02:00:00 PM", datetime(2026, 11, 20, 14, 0, 0)),  # noqa: DTZ001
        ("2026-11-20 12:00:00 AM", datetime(2026, 11, 20, 0, 0, 0)),  # noqa: DTZ001
        ("2026-11-20T09:08:07.123", datetime(2026, 11, 20, 9, 8, 7)),  # noqa: DTZ001
    ],
)
def test_times_are_read_in_each_style(text: str, shown: datetime) -> None:
    assert wire.moment(text) == shown


@pytest.mark.parametrize("text", ["", "result=never", "2026-13-40 25:61:61"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        wire.moment(text)


@pytest.mark.parametrize(
    ("text", "firmware"),
    [
        ("version=2.800.00AC006.0.R,build:2023-10-27", "2.800.00AC006.0.R (2023-10-27)"),
        ("version=2.420.0000.0.R\nBuildDate=2014-11-05\n", "2.420.0000.0.R (2014-11-05)"),
        ("version=2.4", "2.4"),
        ("", None),
    ],
)
def test_the_firmware_is_one_line_or_two(text: str, firmware: str | None) -> None:
    assert wire.version(text) == firmware


def test_the_active_channels_are_counted_from_none() -> None:
    assert wire.indexes("channels[0]=0\r\nchannels[1]=3\r\n") == {0, 3}
    assert wire.indexes("") == frozenset()


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ({"error": {"code": 268632079}, "params": {"realm": "Login to x"}}, None),
        ({"error": {"code": 268632081}}, 0.0),
        ({"error": {"code": 268632081}, "params": {"remainLockSecond": 287}}, 287.0),
        ({"error": {"code": 1}, "params": {"remainLockSecond": 0}}, None),
        ({"params": None}, None),
        ([1], None),
    ],
)
def test_a_lock_is_told_by_its_code_or_by_what_is_left(
    answer: object, seconds: float | None
) -> None:
    assert wire.lock(json.loads(json.dumps(answer))) == seconds


def test_a_name_that_firmware_cut_in_the_middle_of_a_letter_can_be_passed_on() -> None:
    heard = wire.event(b'Code=CrossLineDetection;action=Start;index=0;data={"Name":"Gate\\ud83d"}')
    assert heard is not None
    assert heard.data == {"Name": "Gate\ufffd"}
