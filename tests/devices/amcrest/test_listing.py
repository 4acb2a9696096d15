"""What the media finder lists (§4.11.5): pages, kinds, times, refs; pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.amcrest import listing, refs
from custom_components.cctv.devices.amcrest.listing import Item, Page
from custom_components.cctv.devices.amcrest.motion_files import names, page as motion_page
from custom_components.cctv.devices.catalogue import RECORDING_KINDS
from custom_components.cctv.devices.errors import Gone
from custom_components.cctv.devices.when import NO_DRIFT

SD = "/mnt/sd/2020-01-06/001/dav/06/06.05.00-06.13.00[M][0@0][0].mp4"
DVR = "/mnt/dvr/2024-08-28/0/dav/02/0/2/371211/02.40.49-02.41.00[R][0@0][0].dav"
JPG = "/mnt/sd/2020-01-06/001/jpg/06/05/10[M][0@0][0].jpg"
PAGE = "\r\n".join(
    [
        "found=2",
        "items[0].Channel=0",
        "items[0].EndTime=2020-01-06 06:13:00",
        "items[0].Events[0]=VideoMotion",
        f"items[0].FilePath={SD}",
        "items[0].Flags[0]=Event",
        "items[0].Length=7340032",
        "items[0].StartTime=2020-01-06 06:05:00",
        "items[0].Summary.TrafficCar.PlateNumber=A=1",
        "items[0].Type=dav",
        "items[0].VideoStream=Main",
        "items[1].StartTime=2020-1-6 6:05:10 AM",
        "items[1].EndTime=2020-1-6 6:05:10 AM",
        f"items[1].FilePath={JPG}",
        "items[1].Type=jpg",
        "",
    ]
)
FILM = Item(
    SD,
    datetime(2020, 1, 6, 6, 5),  # noqa: DTZ001
    datetime(2020, 1, 6, 6, 13),  # noqa: DTZ001
    "dav",
    "Main",
    7340032,
    0,
    ("Event",),
    ("VideoMotion",),
)
SHOT_AT = datetime(2020, 1, 6, 6, 5, 10)  # noqa: DTZ001


def at(hour: int, minute: int, day: int = 25) -> datetime:
    """A local time in the night when the clocks go back."""
    return datetime(2026, 10, day, hour, minute)  # noqa: DTZ001


def film(start: datetime, minutes: int = 5, path: str = "", **more: object) -> Item:
    """A file that begins then."""
    name = path or f"/mnt/sd/{start:%d%H%M%S}{len(more)}.dav"
    return Item(name, start, start + timedelta(minutes=minutes), "dav", **more)  # type: ignore[arg-type]


# --- pages --------------------------------------------------------------------------------------


def test_a_page_is_read_in_one_pass() -> None:
    assert listing.page(PAGE) == Page(2, (FILM, Item(JPG, SHOT_AT, SHOT_AT, "jpg")))
    assert listing.page(PAGE.replace("\r\n", "\n")) == listing.page(PAGE)
    assert listing.page(PAGE.replace("\nitems", "\n \titems")) == listing.page(PAGE)
    first = PAGE.partition("\n")[2]
    assert listing.page(first) == listing.page(PAGE)
    assert (listing.found(PAGE), listing.found(first)) == (2, None)


def test_what_a_value_says_is_no_member() -> None:
    odd = PAGE.replace("=A=1", "=items[0].Type=jpg items[1].Type=dav")
    assert odd != PAGE
    assert listing.page(odd) == listing.page(PAGE)


@pytest.mark.parametrize("text", ["", "found=0\r\n", "OK\r\n", "found=x", "items[0].FilePath=/a"])
def test_a_page_without_items_has_none(text: str) -> None:
    assert listing.page(text) == Page(1 if text.startswith("items") else 0)


def test_a_page_that_breaks_off_anywhere_has_only_whole_items() -> None:
    whole = listing.page(PAGE).items
    for cut in range(len(PAGE)):
        found = listing.page(PAGE[:cut])
        assert found.found in (0, 2)
        for item in found.items:
            assert item.start in (FILM.start, SHOT_AT)
            assert whole[0].path.startswith(item.path) or whole[1].path.startswith(item.path)


@pytest.mark.parametrize(
    "line",
    [
        "items[0].StartTime=soon",
        "items[0].StartTime=2020-13-06 06:05:00",
        "items[0].StartTime=0001-01-01 00:00:00",
        "items[0].StartTime=9999-12-31 23:59:59",
        f"items[0].FilePath={'/' + 'x' * 300}",
        "items[0].FilePath=",
    ],
)
def test_an_item_without_a_path_or_a_time_is_left_out(line: str) -> None:
    spoilt = "\n".join([PAGE.replace("\r\n", "\n"), line])
    assert [item.path for item in listing.page(spoilt).items] == [JPG]


def test_a_wrong_size_or_end_spoils_nothing_else() -> None:
    text = PAGE.replace("7340032", "997703680.000000").replace("06:13:00", "never")
    (item, _) = listing.page(text).items
    assert item.size == 997703680
    assert item.end == item.start
    assert listing.page(PAGE.replace("7340032", "-1")).items[0].size is None


def test_json_items_are_the_same() -> None:
    info = {
        "Channel": 0,
        "StartTime": "2020-01-06 06:05:00",
        "EndTime": "2020-01-06 06:13:00",
        "FilePath": SD,
        "Type": "dav",
        "Length": 7340032,
        "VideoStream": "Main",
        "Flags": ["Event"],
        "Events": ["VideoMotion"],
        "Compressed": False,
        "Summary": {"TrafficCar": {}},
    }
    assert listing.infos({"found": 1, "infos": [info]}) == Page(1, (FILM,))


@pytest.mark.parametrize(
    "params", [None, [], {}, {"found": 0, "infos": None}, {"found": True, "infos": "x"}, "x"]
)
def test_json_without_items_has_none(params: object) -> None:
    assert listing.infos(params) == Page(0)


def test_motion_files_may_have_any_list_and_case() -> None:
    text = PAGE.replace("items[", "files[").replace(".StartTime", ".startTime")
    assert motion_page(text.replace(".FilePath", ".filePath")) == listing.page(PAGE)
    assert names(f"found=2\nfiles[0]={SD}\nfiles[1].Path={JPG}\n") == [SD, JPG]
    assert names(PAGE) == [SD, JPG]
    assert names("OK") == []


# --- kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "events", "path", "kinds"),
    [
        (("Timing",), (), DVR, {"scheduled"}),
        (("Manual",), (), DVR, {"manual"}),
        (("Event",), ("VideoMotion",), DVR, {"motion"}),
        (("Timing", "Event"), ("CrossLineDetection",), DVR, {"scheduled", "line_crossed"}),
        (("Event",), ("FaceRecognition",), DVR, {"face"}),
        (("Event",), ("SmartMotionHuman", "SmartMotionVehicle"), DVR, {"person", "vehicle"}),
        (("Event",), ("AlarmLocal",), DVR, {"input"}),
        (("Event",), ("VideoBlind",), DVR, {"tamper"}),
        (("Event",), ("_DoTalkAction_",), DVR, {"doorbell"}),
        (("Event",), ("Unheard",), DVR, {"other"}),
        (("Event",), (), SD, {"other"}),
        (("Marker",), (), SD, {"other"}),
        ((), (), SD, {"motion"}),
        ((), (), DVR, {"scheduled"}),
        ((), (), "/mnt/sd/a[I].dav", {"other"}),
    ],
)
def test_kinds_are_by_flags_and_events_before_the_path(
    flags: tuple[str, ...], events: tuple[str, ...], path: str, kinds: set[str]
) -> None:
    item = Item(path, SHOT_AT, SHOT_AT, flags=flags, events=events)
    assert listing.kinds(item) == kinds
    assert kinds <= set(RECORDING_KINDS)


def test_the_input_of_a_doorbell_is_its_button() -> None:
    item = Item(SD, SHOT_AT, SHOT_AT, flags=("Event",), events=("AlarmLocal",))
    assert listing.kinds(item, bell=True) == {"doorbell"}


# --- times --------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


def told(items: list[Item], drift: timedelta = NO_DRIFT) -> list[str]:
    """When items began, in UTC."""
    found = listing.moments(items, BERLIN, drift)
    return [f"{start:%H:%M}" for _, start, _ in found]


def test_in_an_hour_that_comes_twice_the_order_tells_which() -> None:
    night = [film(at(1, 50)), film(at(2, 10)), film(at(2, 50)), film(at(2, 5)), film(at(3, 0))]
    assert told(night) == ["23:50", "00:10", "00:50", "01:05", "02:00"]
    assert told(night[::-1]) == ["23:50", "00:10", "00:50", "01:05", "02:00"]


def test_a_file_over_the_end_of_summer_time_is_as_long_as_it_is() -> None:
    ((_, start, end),) = listing.moments(
        [Item("/mnt/a.dav", at(2, 50), at(2, 10), "dav")], BERLIN, NO_DRIFT
    )
    assert end - start == timedelta(minutes=20)


def test_a_clock_that_is_off_is_set_right() -> None:
    assert told([film(at(12, 0))], timedelta(minutes=5)) == ["10:55"]


# --- recordings ---------------------------------------------------------------------------------


def test_a_picture_is_a_recording_and_the_thumbnail_of_the_one_it_was_taken_in() -> None:
    shots, films = listing.recordings(listing.page(PAGE).items, "", 1, UTC, NO_DRIFT), []
    assert [one.container for one in shots] == ["mp4", "jpeg"]
    films = [one for one in shots if one.container == "mp4"]
    (one,) = films
    assert one.start == datetime(2020, 1, 6, 6, 5, tzinfo=UTC)
    assert one.end == datetime(2020, 1, 6, 6, 13, tzinfo=UTC)
    assert one.kinds == {"motion"}
    assert one.size == 7340032
    assert one.name == SD
    assert one.refs == (f"file:1:20200106060500:20200106061300:{SD}",)
    assert one.thumbnail == shots[1].refs[0] == shots[1].thumbnail
    assert shots[1].end is None


def test_a_picture_of_another_time_is_no_thumbnail() -> None:
    items = [film(at(10, 0)), Item(JPG, at(10, 6), at(10, 6), "jpg"), film(at(10, 7))]
    found = listing.recordings(items, "", 1, UTC, NO_DRIFT)
    assert [one.thumbnail is None for one in found] == [True, False, True]


def test_what_another_stream_saw_at_the_same_time_is_the_same_recording() -> None:
    items = [
        film(at(10, 0), stream="Main"),
        film(at(10, 1), stream="Extra1", path="/mnt/sd/extra1.dav"),
        film(at(11, 0), stream="Extra1", path="/mnt/sd/extra2.dav"),
    ]
    found = listing.recordings(items, "", 1, UTC, NO_DRIFT)
    assert [one.name for one in found] == [items[0].path, "/mnt/sd/extra2.dav"]


def test_a_file_on_a_nas_is_listed_and_cannot_be_fetched() -> None:
    (one,) = listing.recordings([film(at(1, 0), path=f"ftp://nas{SD}")], "", 1, UTC, NO_DRIFT)
    assert one.refs == ()
    assert one.container == "mp4"
    assert one.name is not None


# --- refs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SD, DVR, JPG, "/mnt/dvr/mmc0p2-0/a b/c+d,e=f&g#h.dav"])
def test_a_ref_names_a_file_and_its_time(path: str) -> None:
    item = Item(path, FILM.start, FILM.end)
    ref = refs.of(item, 16)
    assert ref is not None
    stored = refs.parse(ref)
    assert stored.path == path
    assert (stored.span.channel, stored.span.start, stored.span.end) == (16, FILM.start, FILM.end)


def test_a_ref_names_a_time() -> None:
    span = refs.Span(3, FILM.start, FILM.end)
    assert refs.of_span(span) == "time:3:20200106060500:20200106061300"
    assert refs.parse(refs.of_span(span)) == refs.Stored(span)
    extra = refs.Span(3, FILM.start, FILM.end, 1)
    assert refs.parse(refs.of_span(extra)).span.subtype == 1


HOSTILE = [
    "",
    "file:",
    "file:1:20200106060500:20200106061300:/mnt/sd/../../etc/passwd.dav",
    "file:1:20200106060500:20200106061300:/mnt/../etc/a.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd/./a.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd/.hidden.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd//a.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd/a.dav?action=reboot",
    "file:1:20200106060500:20200106061300:/mnt/sd/%2e%2e/a.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd/a.dav\n",
    "file:1:20200106060500:20200106061300:/mnt/sd/a\r\nX: y.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd/a.dav\x00.mp4",
    "file:1:20200106060500:20200106061300:/mnt/sd\\a.dav",
    "file:1:20200106060500:20200106061300:/etc/a.dav",
    "file:1:20200106060500:20200106061300:/mnt/sd/shadow",
    "file:1:20200106060500:20200106061300:/mnt/sd/a.sh",
    "file:1:20200106060500:20200106061300:ftp://nas/mnt/sd/a.dav",
    "file:1:20200106060500:20200106061300:mnt/sd/a.dav",
    f"file:1:20200106060500:20200106061300:/mnt/{'a' * 300}.dav",
    f"file:1:20200106060500:20200106061300:/mnt{'/a' * 200}.dav",
    "file:0:20200106060500:20200106061300:/mnt/sd/a.dav",
    "file:1:20201306060500:20200106061300:/mnt/sd/a.dav",
    "file:1:2020010606050:20200106061300:/mnt/sd/a.dav",
    "file:１:20200106060500:20200106061300:/mnt/sd/a.dav",
    "time:1:20200106061300:20200106060500",
    "time:1:20200106060500:20200106061300:3",
    "time:1:20200106060500:20200106061300:0&action=reboot",
    "time:1:20200106060500:20200106061300\n",
    "time:-1:20200106060500:20200106061300",
]


@pytest.mark.parametrize("ref", HOSTILE)
def test_a_ref_that_is_not_ours_is_gone(ref: str) -> None:
    with pytest.raises(Gone):
        refs.parse(ref)


def test_every_ref_spoilt_at_any_place_is_refused_or_still_a_plain_name() -> None:
    ref = f"file:1:20200106060500:20200106061300:{SD}"
    for at_ in range(len(ref)):
        for sign in "/.%\\\n\r\x00?#\u2028":
            spoilt = ref[:at_] + sign + ref[at_ + 1 :]
            try:
                stored = refs.parse(spoilt)
            except Gone:
                continue
            assert stored.path is not None
            assert stored.path.startswith("/mnt/")
            assert not {".", "..", ""} & set(stored.path.split("/")[1:])
            sent = refs.loadfile(stored.path)
            assert not set(sent) & set("?#[]@\\\n\r\x00 ")


def test_what_is_sent_is_escaped_once() -> None:
    assert refs.loadfile(SD) == (
        "/cgi-bin/RPC_Loadfile/mnt/sd/2020-01-06/001/dav/06/"
        "06.05.00-06.13.00%5BM%5D%5B0%400%5D%5B0%5D.mp4"
    )
