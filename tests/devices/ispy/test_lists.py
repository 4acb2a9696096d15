"""Lists of recordings and grabs, floor plans, drives, and the refs made of them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from custom_components.cctv.devices.errors import Gone, Malformed
from custom_components.cctv.devices.ispy import lists, plans, ptz, refs, wire
from custom_components.cctv.devices.ispy.wire import Thing
from tests.devices.ispy.samples import (
    ALERTS,
    CATCH_ALL,
    CONTENT,
    GRABS,
    GRAPH_COMMA,
    GRAPH_DOT,
    OLD_ALERTS,
    OLD_PLANS,
    OPTIONS,
    PLANS,
    PREVIEW,
)

# --- lists (§8) -----------------------------------------------------------------------------


def test_files_may_hold_commas_and_their_sizes_are_texts() -> None:
    assert lists.files(CONTENT) == [
        lists.File("1_2024-03-31_01-30-00.mp4", 1_237_320, 37.5),
        lists.File("0, copy, of 37.5.mp4", 1024, 0),
        lists.File("Urlaub, Teil 1.avi", 2048, 100),
    ]
    assert lists.files(CATCH_ALL) == []
    with pytest.raises(Malformed):
        lists.files("OK")


def test_a_graph_prints_in_the_servers_locale() -> None:
    (first, second) = lists.clips(GRAPH_COMMA)
    assert (first.name, first.seconds, first.alarm) == ("1_a.mp4", 12, 37.5)
    assert first.ended == datetime(2024, 3, 31, 3, 15, 0, 123_000)  # noqa: DTZ001
    assert (second.name, second.seconds) == ("b, 3.mp4", 6)
    assert lists.clips(GRAPH_DOT.replace("|.mp4", ".mp4"))[0] == first
    assert lists.clips("") == []


def test_previews_counts_and_grabs() -> None:
    assert lists.previews(PREVIEW) == [
        lists.Preview("1_a.mp4", "Front door", 12),
        lists.Preview("b, c.mp4", "Hof, S\u00fcd", 7),
    ]
    assert lists.previews("OK") == []
    assert lists.counts("2,1,3|2,2,0|1,1,12") == [(2, 1, 3), (2, 2, 0), (1, 1, 12)]
    assert lists.counts(CATCH_ALL) == []
    assert lists.grabs(GRABS) == [
        lists.Grab(0, "a.jpg"),
        lists.Grab(12, "b, c.jpg"),
        lists.Grab(7, "d.jpg"),
    ]
    assert lists.camera_grabs("a.jpg,b, c.JPG,d.jpg") == ["a.jpg", "b, c.JPG", "d.jpg"]
    assert lists.camera_grabs("") == []


def test_levels_of_one_recording() -> None:
    assert lists.levels('("0.1,0.25","65",80.000)') == lists.Levels((0.1, 0.25), 65, 80)
    assert lists.levels('("",0,0)') is None
    with pytest.raises(Malformed):
        lists.levels("OK")


def test_ticks_count_from_the_first_year() -> None:
    assert lists.ticks(datetime(1970, 1, 1)) == 621_355_968_000_000_000  # noqa: DTZ001
    assert lists.ticks(datetime(1, 1, 1, 0, 0, 0, 7)) == 70  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("1_2024-03-31_01-30-05.mp4", datetime(2024, 3, 31, 1, 30, 5)),  # noqa: DTZ001
        ("2024-03-31_01-30-05_046.jpg", datetime(2024, 3, 31, 1, 30, 5, 46_000)),  # noqa: DTZ001
        ("2024-13-31_01-30-05.jpg", None),
        ("holiday.mp4", None),
    ],
)
def test_names_tell_times_if_nobody_renamed_them(name: str, moment: datetime | None) -> None:
    assert lists.stamp(name) == moment


# --- plans, drives, refs (§9, §10) ----------------------------------------------------------


def test_floor_plans_of_both_kinds() -> None:
    first, second = plans.plans(PLANS)
    assert (first.name, first.size) == ('Ground, "main" result', (800, 600))
    assert first.areas == {(2, 1), (1, 2)}
    assert (first.refreshed, first.alerted) == (1_711_848_600_123, 0)
    assert (second.name, second.areas, second.alerted) == ("Up", frozenset(), 7)
    assert plans.plans("[]") == ()
    old = plans.old_plans(OLD_PLANS)
    assert [(plan.oid, plan.name, plan.size) for plan in old] == [
        (1, "Ground floor main", (800, 600)),
        (2, "Up_stairs_", (10, 20)),
    ]
    assert old[0].areas == {(2, 1), (1, 1)}
    assert plans.old_plans(CATCH_ALL) == ()


def test_floor_plan_alerts_of_both_kinds() -> None:
    assert plans.alerts(ALERTS)[1] == plans.Alert(2, 1_711_848_600_124, 5, (2, 3))
    assert plans.alerts("[]") == ()
    assert plans.old_alerts(OLD_ALERTS) == (
        plans.Alert(1, 0, 1_711_848_600_123, (0, 0)),
        plans.Alert(2, 1_711_848_600_124, 1_711_848_600_123, (2, 1)),
    )


@pytest.mark.parametrize("parse", [plans.plans, plans.alerts])
@pytest.mark.parametrize("text", ["OK", CATCH_ALL, "[x]", "["])
def test_odd_pages_are_no_plans(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_a_drives_list_gives_what_is_sent() -> None:
    assert ptz.moves(wire.payload(OPTIONS)) == {"Gate, left": "Gate, left", "result": "result"}
    assert ptz.moves("") == {}


THING = Thing(2, 7, enabled=True, name="x")


@pytest.mark.parametrize("name", ["a.mp4", "\u00fc, b.avi", "50% HTTP.mp4", "a&b+c.jpg"])
def test_refs_come_back_as_they_were_made(name: str) -> None:
    for ref in (refs.clip(THING, name), refs.thumbnail(THING, name), refs.grab(7, name)):
        target = refs.parse(ref)
        assert (target.ids, target.ot, target.name) == ((7,), 2, name)


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "live/",
        "live/1;2",
        "clip/2/7/..%2Fsecret.mp4",
        "clip/2/7/..",
        "clip/2/7/%43%3A%5Cboot.ini",
        "clip/3/7/a.mp4",
        "clip/2/7/a.mp4\r\nX: y",
        "clip/2/7/%61.mp4",
        "grab/2/7/" + "a" * 300,
        "live/1,2," + "3," * 80 + "4",
    ],
)
def test_refs_that_were_never_made_are_gone(ref: str) -> None:
    with pytest.raises(Gone):
        refs.parse(ref)
