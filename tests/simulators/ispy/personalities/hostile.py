"""Everything that the sheet says can go wrong, at once."""

from datetime import UTC, datetime

from tests.simulators.ispy.faults import Gzip, OnCrash
from tests.simulators.ispy.objects import (
    BUILT_IN,
    CAMERA,
    MICROPHONE,
    ONVIF,
    Area,
    Preset,
    RemoteCommand,
)
from tests.simulators.ispy.personality import FileSeed, ObjectSeed, Personality, PlanSeed

_TWO_GIGABYTES = 2**31
_MANY = tuple(FileSeed(10 + number / 4, 5, number % 100) for number in range(120))
_AUTUMN = (
    FileSeed(seconds=600, at=datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
    FileSeed(seconds=600, at=datetime(2024, 10, 27, 1, 30, 5, tzinfo=UTC)),
)
"""Half past two, twice: the night the clocks go back."""

HOSTILE = Personality(
    name="hostile",
    summary="iSpy 7.2.0 with every oddity: names, hangs, a lagging flag, headless gzip, id 0",
    version=(7, 2, 0),
    language="de",
    server_name="result, OK,OK",
    objects=(
        ObjectSeed(
            CAMERA,
            0,
            'Tor, "Nord" | result',
            "driveway",
            description="line1\r\nline2, with comma",
            ptz=ONVIF,
            presets=(Preset("Token A", "Gate, left"), Preset("b", "result")),
            files=(
                *_MANY,
                *_AUTUMN,
                FileSeed(2, name="0, copy, of 37.5.mp4"),
                FileSeed(3, size=0),
                FileSeed(4, 3600, size=_TWO_GIGABYTES + 5),
                FileSeed(5, size=1024),
                FileSeed(6, 9, 100, name="result.mp4"),
            ),
            grabs_hours_ago=tuple(range(1, 41)),
            settings={"accessgroups": "A, b,ä", "minimuminterval": 0},
        ),
        ObjectSeed(
            CAMERA,
            1,
            "📷 Käse^1",
            "hallway",
            ptz=263,
            failing=True,
            settings={"accessgroups": "a"},
        ),
        ObjectSeed(CAMERA, 7, "", "garage", enabled=False, ptz=-3),
        ObjectSeed(CAMERA, 8, "&comma;", "warehouse", ptz=-2),
        ObjectSeed(
            MICROPHONE,
            0,
            "data|total,cfg",
            alert_mode="sound",
            settings={"accessgroups": 'a"><b'},
        ),
    ),
    plans=(PlanSeed(0, 'Plan "1", a|b^c_', areas=(Area(CAMERA, 0, 1, 2),)),),
    commands=(*BUILT_IN, RemoteCommand(30, "result, all|on", "No, really")),
    faults={
        "on_crash": OnCrash.HANG,
        "gzip": Gzip.BARE,
        "record_lag": 2.0,
        "mjpeg_boundary": "--iSpy=frame_7",
    },
)
