"""Yi cameras with a firmware of the yi-hack family."""

from typing import Final

from ..device import Family, Matcher, Option
from .device import YiHack, recognise
from .features import (
    CLOCKS,
    QUALITIES,
    RECORDER_SECONDS,
    RECORDINGS_CLOCK,
    SNAPSHOT_QUALITY,
    SNAPSHOT_WATERMARK,
    STREAM_URL,
)

FAMILY: Final = Family(
    name="yi_hack",
    title="Yi (yi-hack)",
    ports=(80, 8080),
    create=YiHack,
    recognise=recognise,
    options=(
        Option(SNAPSHOT_QUALITY, "choice", QUALITIES[0], choices=QUALITIES),
        Option(SNAPSHOT_WATERMARK, "bool", default=False),
        Option(RECORDER_SECONDS, "int", 5, min=2, max=30),
        Option(RECORDINGS_CLOCK, "choice", CLOCKS[0], choices=CLOCKS),
        Option(STREAM_URL, "url"),
    ),
    matchers=(Matcher("zeroconf", {"type": "_yi-hack._tcp.local."}),),
)
