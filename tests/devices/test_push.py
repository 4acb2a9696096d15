"""Streams cut into parts: every deviation of §4.9.17, at every split, each part at once."""

from collections.abc import Sequence
import json
import random

import pytest

from custom_components.cctv.devices.push import LineParser, MultipartParser, Part, boundary_of

BEAT = b"Heartbeat"
PLAIN = b"Code=AlarmLocal;action=Stop;index=0"
STYLED = (
    b'Code=VideoMotion;action=Start;index=0;data={\n   "Id" : [ 0 ],\n'
    b'   "RegionName" : [ "Region1" ]\n}\n'
)
TABBED = (
    b'Code=VideoMotion;action=Start;index=11;data={\n\t"UTC":\t1789141183,\n\t"Name":\t"IPC"\n}'
)
TRICKY = (
    b"Code=CrossLineDetection;action=Start;index=3;data={\n"
    b'   "Name" : "a;b=c } ] \\" { --myboundary",\n   "Nested" : { "List" : [ 1, [ 2 ] ] }\n}\n'
)
NULL = b"Code=VideoLoss;action=Stop;index=-1;data=null"
EXTRA = b'Code=_DoTalkAction_;action=Pulse;index=0;id=7;data={ "Action" : "Invite" }'
CAPITAL = b"Code=VideoMotion;Action=start;Index=0"
FOREIGN = b'Code=VideoMotion;action=Stop;index=1;data={ "Name" : "\xff\xfe\xb0" }'
BIG = (
    b"Code=TrafficJunction;action=Pulse;index=0;data="
    + json.dumps({f"Key{number}": ["{", "}", number] for number in range(150)}, indent=3).encode()
)
BODIES = (BEAT, PLAIN, STYLED, TABBED, TRICKY, NULL, EXTRA, CAPITAL, FOREIGN, BIG)
JPEG = (
    b"\xff\xd8\xff\xe0"
    + bytes(range(256))
    + b"\r\n--myboundary\r\nContent-Length: 3\r\n\r\nxx\xff\xd9"
)
CRLF = b"\r\n"
LF = b"\n"


def wire(
    body: bytes,
    *,
    eol: bytes = CRLF,
    length: int | None = -1,
    kind: bytes | None = b"text/plain",
    delimiter: bytes = b"--myboundary",
    gap: bytes | None = None,
    after: bytes | None = None,
) -> bytes:
    """One part as a camera writes it; -1 is the right length, None sends none."""
    lines = [delimiter]
    if kind is not None:
        lines.append(b"Content-Type: " + kind)
    if length is not None:
        lines.append(b"Content-Length:%d" % (len(body) if length < 0 else length))
    head = eol.join(lines) + eol
    return head + (eol if gap is None else gap) + body + (eol + eol if after is None else after)


def every(**how: object) -> bytes:
    """All bodies, each written in one way."""
    return b"".join(wire(body, **how) for body in BODIES)  # type: ignore[arg-type]


def miscounted(by: int) -> bytes:
    """All bodies, each with a length that is wrong by so many bytes."""
    return b"".join(wire(body, length=len(body) + by) for body in BODIES)


STATUS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=myboundary\r\n"
    b"Cache-Control: no-cache\r\n\r\n"
)
SHAPES: dict[str, bytes] = {
    "exact lengths": every(),
    "exact lengths, LF": every(eol=LF),
    "no lengths": every(length=None),
    "no lengths, LF": every(length=None, eol=LF),
    "glued without line ends": every(after=b""),
    "one line end": every(after=CRLF),
    "no blank line": every(gap=b""),
    "no blank line, no length": every(gap=b"", length=None),
    "no blank line, LF": every(gap=b"", eol=LF),
    "a blank line too many before the body": every(gap=CRLF + CRLF),
    "a blank line too many, no length": every(gap=CRLF + CRLF, length=None),
    "stray blank lines between parts": every(after=CRLF * 5),
    "only a length": every(kind=None),
    "only a type": every(length=None),
    "no headers": every(length=None, kind=None),
    "spaced boundary": every(delimiter=b"-- myboundary"),
    "dashed boundary": every(delimiter=b"----myboundary"),
    "blank after the boundary": every(delimiter=b"--myboundary  "),
    "other charset": every(kind=b"text/plain; charset=utf-8"),
    "lengths 1 too long": miscounted(1),
    "lengths 2 too long": miscounted(2),
    "lengths 7 too long": miscounted(7),
    "lengths 60 too long": miscounted(60),
    "lengths 5000 too long": miscounted(5000),
    "lengths 5 too short": miscounted(-5),
    "lengths 9 too short": miscounted(-9),
    "end boundary, live connection": b"".join(
        wire(body) + b"--myboundary--\r\n" for body in BODIES
    ),
    "stray response between parts": b"".join(wire(body) + STATUS for body in BODIES),
    "stray response glued on": b"".join(wire(body, after=STATUS) for body in BODIES),
    "stray response inside a head": b"".join(
        b"--myboundary\r\n" + STATUS + wire(body) for body in BODIES
    ),
    "blank line after the boundary": b"".join(
        wire(body).replace(b"--myboundary\r\n", b"--myboundary\r\n\r\n", 1) for body in BODIES
    ),
    "head cut short": b"".join(b"--myboundary\r\nContent-Ty\r\n" + wire(body) for body in BODIES),
    "no first boundary": every().removeprefix(b"--myboundary\r\n"),
    "noise first": b"\r\n\r\nnoise: x\r\nmore noise" + CRLF + every(),
}
END = b"--myboundary\r\n"


def bodies(parts: Sequence[Part]) -> list[bytes]:
    return [part.body for part in parts]


EXPECTED = [body.rstrip(b"\n") for body in BODIES]


def cut(stream: bytes, size: int, boundary: str = "myboundary") -> list[bytes]:
    """The bodies of a stream that arrives in pieces of one size."""
    parser = MultipartParser(boundary)
    found: list[Part] = []
    for at in range(0, len(stream), size):
        found += parser.feed(stream[at : at + size])
    return bodies(found)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_arrives_whole_however_it_is_cut(shape: str) -> None:
    stream = SHAPES[shape] + END
    assert cut(stream, len(stream)) == EXPECTED
    for size in (1, 2, 3, 7, 40, 97, 1460):
        assert cut(stream, size) == EXPECTED, f"in pieces of {size}"


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_survives_a_cut_after_each_byte(shape: str) -> None:
    stream = SHAPES[shape].replace(BIG, PLAIN) + END
    stream = stream.replace(b"Content-Length:%d\r" % len(BIG), b"Content-Length:%d\r" % len(PLAIN))
    whole = cut(stream, len(stream))
    assert len(whole) == len(EXPECTED)
    for at in range(1, len(stream)):
        parser = MultipartParser("myboundary")
        found = bodies(parser.feed(stream[:at])) + bodies(parser.feed(stream[at:]))
        assert found == whole, f"cut after byte {at}"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("fragment", [1, 40, 10_000])
@pytest.mark.parametrize(
    ("length", "tail"),
    [(-1, b""), (None, CRLF), (5000, CRLF), (4, CRLF)],
    ids=["exact", "missing", "too long", "too short"],
)
def test_a_part_is_told_before_anything_of_the_next_arrives(
    body: bytes, fragment: int, length: int | None, tail: bytes
) -> None:
    parser = MultipartParser("myboundary")
    parser.feed(wire(PLAIN, after=b""))
    stream = wire(body, length=length, after=tail)
    found: list[Part] = []
    for at in range(0, len(stream), fragment):
        found += parser.feed(stream[at : at + fragment])
    assert bodies(found) == [body.rstrip(b"\n")]


@pytest.mark.parametrize("shape", ["exact lengths", "no lengths", "lengths 60 too long"])
def test_glued_at_random_nothing_is_lost(shape: str) -> None:
    seeded = random.Random(shape)
    stream = SHAPES[shape] * 20 + END
    for _ in range(20):
        parser = MultipartParser("myboundary")
        found: list[bytes] = []
        at = 0
        while at < len(stream):
            size = seeded.choice((1, 2, 9, 40, 200, 1460, 9000))
            found += bodies(parser.feed(stream[at : at + size]))
            at += size
        assert found == EXPECTED * 20
        assert parser.dropped == 0


def test_a_burst_of_2000_events_comes_out_at_once() -> None:
    events = [b"Code=VideoMotion;action=Start;index=%d" % (number % 32) for number in range(2000)]
    parser = MultipartParser("myboundary")
    assert bodies(parser.feed(b"".join(map(wire, events)))) == events
    assert parser.pending <= 4


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        ("myboundary", b"--myboundary"),
        ("--myboundary", b"--myboundary"),
        ("--myboundary", b"----myboundary"),
        ("", b"--myboundary"),
        ("my.boundary+(1)", b"--my.boundary+(1)"),
    ],
)
def test_pictures_are_cut_by_length_under_every_boundary(declared: str, sent: bytes) -> None:
    """§4.4.3: a picture may contain the boundary; iSpy's boundary has its dashes already."""
    one = wire(JPEG, kind=b"image/jpeg", delimiter=sent)
    padded = JPEG + bytes(400)
    stream = one * 2 + wire(padded, kind=b"image/jpeg", delimiter=sent)
    for size in (1, 40, len(stream)):
        assert cut(stream, size, declared) == [JPEG, JPEG, padded]


def test_pictures_without_length_end_at_the_boundary() -> None:
    picture = b"\xff\xd8" + bytes(range(256)) * 3 + b"\xff\xd9"
    stream = wire(picture, kind=b"image/jpeg", length=None, after=CRLF) * 3 + END
    for size in (1, 40, len(stream)):
        assert cut(stream, size) == [picture] * 3


def test_text_and_picture_parts_alternate() -> None:
    text = b"Events[0].EventBaseInfo.Code=VideoMotion\r\nEvents[0].EventBaseInfo.Index=0"
    stream = (wire(text) + wire(JPEG, kind=b"image/jpeg") + wire(BEAT)) * 2
    for size in (1, 40, len(stream)):
        assert cut(stream, size) == [text, JPEG, BEAT] * 2


def test_empty_parts_are_signs_of_life() -> None:
    empty = b"--ioboundary\r\nContent-Type: text/plain\r\n\r\n"
    assert cut(empty * 4, 1, "ioboundary") == [b""] * 3
    nothing = b"--ioboundary\r\nContent-Type: image/jpeg\r\nContent-Length: 0\r\n\r\n"
    assert cut(nothing * 2, 1, "ioboundary") == [b""] * 2


def test_levels_without_length_come_with_the_next_boundary() -> None:
    level = b"group=0;level=7;threshold=10;\r\ngroup=3;level=0;threshold=12;"
    stream = wire(level, delimiter=b"--mdb", length=None, after=CRLF) * 3 + b"--mdb\r\n"
    for size in (1, 40, len(stream)):
        assert cut(stream, size, "mdb") == [level] * 3


def test_a_part_over_the_limit_is_dropped_and_the_stream_goes_on() -> None:
    parser = MultipartParser("myboundary", limit=10_000)
    huge = b"Code=X;action=Pulse;index=0;data={" + b'"a" : 1,' * 4000
    found = []
    for length in (-1, None, 10**17):
        stream = wire(huge, length=length) + wire(PLAIN)
        for at in range(0, len(stream), 1000):
            found += parser.feed(stream[at : at + 1000])
            assert parser.pending <= 12_000
    assert bodies(found) == [PLAIN] * 3
    assert parser.dropped == 3


@pytest.mark.parametrize("start", [b"", b"--myboundary\r\n", wire(b"Code=X;action=", after=b"")])
def test_an_endless_line_costs_no_memory(start: bytes) -> None:
    parser = MultipartParser("myboundary", limit=1 << 16)
    parser.feed(start)
    for _ in range(64):
        assert parser.feed(b"x" * 65_000) == []
        assert parser.pending <= 140_000
    assert bodies(parser.feed(CRLF + wire(PLAIN)))[-1:] == [PLAIN]


def test_json_cut_in_half_costs_one_event() -> None:
    half = STYLED[: len(STYLED) // 2]
    stream = wire(PLAIN) + wire(half, length=len(STYLED)) + wire(TABBED) + wire(half) + wire(PLAIN)
    for size in (1, 40, len(stream)):
        found = cut(stream, size)
        assert [body for body in found if body in (PLAIN, TABBED)] == [PLAIN, TABBED, PLAIN]
        assert len(found) <= 5


def test_mutations_never_raise_and_never_grow() -> None:
    seeded = random.Random(20)
    stream = every() + wire(JPEG, kind=b"image/jpeg") + every(length=None) + miscounted(3)
    stream = stream.replace(BIG, BIG[:300])
    for _ in range(10_000):
        damaged = bytearray(stream[: seeded.randrange(200, len(stream))])
        for _ in range(seeded.randrange(1, 12)):
            at = seeded.randrange(len(damaged))
            match seeded.randrange(4):
                case 0:
                    damaged[at] = seeded.randrange(256)
                case 1:
                    del damaged[at : at + seeded.randrange(1, 60)]
                case 2:
                    damaged[at:at] = damaged[: seeded.randrange(1, 60)]
                case _:
                    damaged[at:at] = seeded.choice((b"\r\n", b"--", b"{", b'"', b"99", b"\\"))
        parser = MultipartParser("myboundary", limit=4096)
        size = seeded.choice((1, 17, 40, 1000, 9000))
        damaged = damaged[: size * 100]
        for at in range(0, len(damaged), size):
            parser.feed(bytes(damaged[at : at + size]))
            assert parser.pending <= 4096 + (1 << 14) + size + 400
        # Whatever came before, two good parts later the stream is in step again.
        parser.feed(b"\r\n" + wire(b'Code=A;action=Pulse;index=0;data="}"') + b"\r\n" * 3)
        parser.feed(wire(bytes(5000), kind=b"image/jpeg") * 5)
        assert PLAIN in bodies(parser.feed(wire(PLAIN) * 2)), bytes(damaged)


@pytest.mark.parametrize(
    ("declared", "boundary"),
    [
        ("multipart/x-mixed-replace; boundary=myboundary", "myboundary"),
        ("multipart/x-mixed-replace;boundary=mdb", "mdb"),
        ("multipart/x-mixed-replace; boundary=--myboundary", "--myboundary"),
        ("multipart/x-mixed-replace; boundary=myboundary;charset=utf-8", "myboundary"),
        ("multipart/x-mixed-replace; charset=utf-8; BOUNDARY = myboundary ", "myboundary"),
        ('multipart/x-mixed-replace; boundary="a b; c"', "a b; c"),
        ("multipart/x-mixed-replace;boundary=", ""),
        ("text/plain", ""),
        ("", ""),
    ],
)
def test_the_boundary_is_read_from_the_content_type(declared: str, boundary: str) -> None:
    assert boundary_of(declared) == boundary


def test_lines_survive_every_split() -> None:
    stream = b"IO1:H\r\n\r\nIO1:\\\r\nport1=0\nIO2:/\r\nrest"
    lines = [b"IO1:H", b"", b"IO1:\\", b"port1=0", b"IO2:/"]
    for at in range(len(stream) + 1):
        parser = LineParser()
        assert parser.feed(stream[:at]) + parser.feed(stream[at:]) == lines
        assert parser.pending == len(b"rest")


def test_a_line_over_the_limit_is_dropped_and_the_next_one_comes() -> None:
    parser = LineParser(limit=100)
    for _ in range(50):
        assert parser.feed(b"y" * 1000) == []
        assert parser.pending <= 100
    assert parser.feed(b"tail\r\nIO1:H\r\n" + b"z" * 101 + b"\r\nIO1:L\r\n") == [b"IO1:H", b"IO1:L"]
    assert parser.dropped == 2
