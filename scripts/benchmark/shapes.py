"""The shapes in which event streams arrive (§4.9.17), as settings of the simulator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.simulators.amcrest import Length

CHANNELS: Final = (0, 1, 2, 4)
"""Channels that good events use; the last one of the recorder is for damaged ones."""
PLAIN: Final = {"Id": [0], "RegionName": ["Region1"]}
TRICKY: Final = {
    "Name": 'a;b}{"c";index=9;data={',
    "Rule": "x;action=Stop;Code=Other",
    "Note": "--myboundary",
}
LARGE: Final = {
    "Object": {f"Member{number}": ["text", number, number / 3] for number in range(110)},
    "Text": "0123456789abcdef" * 64,
}
_HALF: Final = b'Code=VideoMotion;action=Start;index=7;data={\n   "Id" : [ 0 ],\n   "Reg'


def _part(length: object, body: bytes) -> bytes:
    head = f"--myboundary\r\nContent-Type: text/plain\r\nContent-Length:{length}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


DAMAGED: Final = (
    _part(len(_HALF), _HALF),
    _part(19, b"Code=\xff\xfe\x80;action=\xc3("),
    _part(99999999999, b"Code=;;;=;data="),
    _part(-4, b"no event at all"),
    b"--myboundary\r\n\r\n--myboundary\r\n",
)
"""JSON cut in half, no UTF-8, an absurd length, a negative one, nothing between two boundaries."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape: the simulator's switches, what the events carry, how fast they come."""

    name: str
    faults: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=lambda: PLAIN)
    count: int = 300
    at_once: int = 1
    """How many are said in one turn of the loop."""
    damaged_every: int = 0


SHAPES: Final = (
    Shape("burst of 2,000", count=2000, at_once=2000),
    Shape("CRLF", {"stream_eol": b"\r\n"}),
    Shape("LF", {"stream_eol": b"\n"}),
    Shape("glued parts", {"glue": True}, at_once=10),
    Shape("40-byte fragments", {"fragment": 40}),
    Shape("no blank line", {"blank_line": False}),
    Shape("Content-Length too short", {"length": Length.SHORT}),
    Shape("Content-Length too long", {"length": Length.LONG}),
    Shape("no Content-Length", {"length": Length.ABSENT}),
    Shape("; and braces in strings", data=TRICKY),
    Shape("4 KB of JSON", data=LARGE),
    Shape("damaged parts between", damaged_every=5),
)
CROWD: Final = Shape("2,000 events", count=2000)
"""What comes in while recordings are watched."""
