"""Recordings by their names (§7): which names, which clock, which clips are one."""

from datetime import UTC, datetime, timedelta, timezone
import random
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.yi_hack import clips
from custom_components.cctv.devices.yi_hack.clips import Clip, Folder

from .test_wire import mutated

BERLIN = ZoneInfo("Europe/Berlin")
FOURTEEN = Folder("2026Y11M20D14H", datetime.fromisoformat("2026-11-20T14:00:00"))


def clip(path: str) -> Clip:
    """A clip that is one."""
    found = clips.path(path)
    assert found is not None, path
    return found


def chain(*names: str, endless: bool = False) -> list[list[str]]:
    """The names of each recording, given newest first."""
    joined = clips.join([clip(f"2026Y11M20D{name}") for name in names], endless=endless)
    return [[each.path.removeprefix("2026Y11M20D") for each in one] for one in joined]


@pytest.mark.parametrize(
    ("name", "start", "seconds"),
    [
        ("05M12S48.mp4", datetime.fromisoformat("2026-11-20T14:05:12"), 48),
        ("00M00S60.mp4", datetime.fromisoformat("2026-11-20T14:00:00"), 60),
        ("E105M12S48.mp4", datetime.fromisoformat("2026-11-20T14:05:12"), 48),
        ("05M12S.mp4", datetime.fromisoformat("2026-11-20T14:05:12"), None),
    ],
)
def test_names_of_every_length_are_read(name: str, start: datetime, seconds: int | None) -> None:
    found = clip(f"2026Y11M20D14H/{name}")
    assert found.start == start
    assert found.length == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../../etc/passwd",
        "2026Y11M20D14H",
        "2026Y11M20D14H/",
        "2026Y11M20D14H/../x.mp4",
        "2026Y11M20D14H/05M12S48.mp4/..",
        "2026Y11M20D14H/75M12S48.mp4",
        "2026Y13M20D14H/05M12S48.mp4",
        "2026Y11M20D24H/05M12S48.mp4",
        "2026Y11M20D14H/05M12S48.mp4\n",
        "2026Y11M20D14H/tmp.mp4.tmp",
        "٢٠٢٦Y11M20D14H/05M12S48.mp4",
    ],
)
def test_nothing_else_is_a_recording(path: str) -> None:
    assert clips.path(path) is None
    assert not clips.is_thumbnail(path)


def test_an_event_over_a_minute_is_one_recording() -> None:
    assert chain("14H/30M00S20.mp4", "14H/23M00S60.mp4", "14H/22M37S23.mp4") == [
        ["14H/30M00S20.mp4"],
        ["14H/22M37S23.mp4", "14H/23M00S60.mp4"],
    ]


def test_a_recording_goes_on_over_the_full_hour() -> None:
    assert chain("15H/00M00S10.mp4", "14H/59M30S30.mp4") == [
        ["14H/59M30S30.mp4", "15H/00M00S10.mp4"]
    ]


def test_without_a_length_or_in_another_series_nothing_is_joined() -> None:
    assert len(chain("14H/23M00S.mp4", "14H/22M00S.mp4")) == 2
    assert len(chain("14H/E223M00S60.mp4", "14H/E122M00S60.mp4")) == 2


def test_what_never_ends_is_cut_at_the_quarters() -> None:
    names = [f"14H/{minute:02d}M00S60.mp4" for minute in range(44, -1, -1)]
    assert [len(one) for one in chain(*names)] == [45]
    assert [len(one) for one in chain(*names, endless=True)] == [15, 15, 15]


def test_joining_in_pieces_is_joining_at_once() -> None:
    names = [f"2026Y11M20D14H/{minute:02d}M00S60.mp4" for minute in (50, 49, 48, 30, 29, 10)]
    whole = clips.join(clip(name) for name in names)
    for at in range(len(names) + 1):
        first = clips.join(clip(name) for name in names[:at])
        *done, begun = first or [()]
        rest = clips.join((*reversed(begun), *(clip(name) for name in names[at:])))
        assert [*done, *rest] == whole, at


# --- clocks ---------------------------------------------------------------------------------

NEWEST = "2026Y11M20D14H/05M12S48.mp4"


@pytest.mark.parametrize(
    ("modified", "zone"),
    [
        ("Fri, 20 Nov 2026 14:06:01 GMT", UTC),
        ("Fri, 20 Nov 2026 14:05:58 GMT", UTC),
        ("Fri, 20 Nov 2026 13:06:02 GMT", BERLIN),
        ("Fri, 20 Nov 2026 08:36:01 GMT", timezone(timedelta(hours=5, minutes=30))),
        ("Thu, 19 Nov 2026 14:06:01 GMT", None),
        ("", None),
        ("yesterday", None),
    ],
)
def test_the_newest_file_tells_the_clock_of_the_names(modified: str, zone: object) -> None:
    assert clips.measured(clip(NEWEST), modified, BERLIN) == zone


def test_a_name_without_length_tells_the_clock_too() -> None:
    found = clip("2026Y11M20D14H/05M12S.mp4")
    assert clips.measured(found, "Fri, 20 Nov 2026 14:06:12 GMT", BERLIN) == UTC
    assert clips.measured(found, "Fri, 20 Nov 2026 13:06:12 GMT", BERLIN) == BERLIN


def test_what_is_shown_tells_it_where_the_file_does_not() -> None:
    shown = clips.folder("2026Y11M20D14H", "Date: 2026-11-20 Time: 15:00")
    same = clips.folder("2026Y11M20D14H", "Date: 2026-11-20 Time: 14:00")
    assert shown is not None
    assert same is not None
    assert clips.guessed([shown], BERLIN) == UTC
    assert clips.guessed([same], BERLIN) == BERLIN
    assert clips.guessed([FOURTEEN], BERLIN) == UTC


def test_ten_thousand_mutated_names_are_clips_or_nothing() -> None:
    random_ = random.Random(14)
    samples = (NEWEST.encode(), b"2026Y11M20D14H/E105M12S48.jpg", b"2026-11-19_00-00-00.avi")
    found = 0
    for number in range(10_000):
        text = mutated(random_, samples[number % 3]).decode("utf-8", "replace")
        one = clips.path(text)
        if one is not None:
            found += 1
            assert one.path == text
            assert ".." not in text
            clips.measured(one, text, BERLIN)
        clips.folder(text, text)
        clips.is_thumbnail(text)
        clips.timelapse(text)
        clips.measured(clip(NEWEST), text, BERLIN)
    assert found > 10
