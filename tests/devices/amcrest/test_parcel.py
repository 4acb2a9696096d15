"""Files that come wrapped (§4.11.6), at every split; windows and clocks of a search; pure."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.amcrest.clocks import Dial, dial
from custom_components.cctv.devices.amcrest.parcel import Parcel
from custom_components.cctv.devices.amcrest.windows import before, days, windows
from custom_components.cctv.devices.errors import Gone, Malformed

FILE = b"DHAV\r\n--b\r\nnot the end\r\n\r\nHTTP/1.1 " + bytes(range(256))
STATUS = b'--b\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"result":true}\r\n'
PART = b"--b\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n"
END = b"\r\n--b--\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: video/x-dav\r\nContent-Length: %d\r\n\r\n"
PLAIN = b"DHAV" + bytes(range(14, 256))
SHAPES = {
    "lengths": (STATUS + PART % len(FILE) + FILE + END, FILE),
    "a head within": (
        STATUS + PART % (len(HEAD % len(FILE)) + len(FILE)) + HEAD % len(FILE) + FILE + END,
        FILE,
    ),
    "no length": (
        STATUS + b"--b\r\nContent-Type: application/http\r\n\r\n" + PLAIN + END,
        PLAIN,
    ),
    "a head without a length": (
        STATUS
        + b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
        + PLAIN
        + END,
        PLAIN,
    ),
    "line feeds": (
        b'\n--b\nContent-Type: text/plain\n\n{"result": true}\n--b\n'
        b"Content-Type: application/http\n\n" + PLAIN + b"\n--b--\n",
        PLAIN,
    ),
    "no end": (STATUS + b"--b\r\nContent-Type: application/http\r\n\r\n" + PLAIN, PLAIN),
    "nothing in it": (STATUS + PART % 0 + END, b""),
}


def unwrapped(pieces: list[bytes]) -> tuple[bytes, Parcel]:
    """What comes out of a parcel."""
    parcel = Parcel("b")
    out = b"".join(parcel.feed(piece) for piece in pieces)
    return out + parcel.finish(), parcel


@pytest.mark.parametrize("shape", SHAPES)
def test_a_wrapped_file_comes_out_whole_at_every_split(shape: str) -> None:
    sent, file = SHAPES[shape]
    for cut in range(len(sent) + 1):
        out, parcel = unwrapped([sent[:cut], sent[cut:]])
        assert out == file, cut
        assert parcel.size in (None, len(file))
    out, _ = unwrapped([sent[at : at + 1] for at in range(len(sent))])
    assert out == file


@pytest.mark.parametrize("shape", ["lengths", "a head within"])
def test_a_wrapped_file_that_breaks_off_is_no_file(shape: str) -> None:
    sent, file = SHAPES[shape]
    for cut in range(len(sent) - len(END)):
        parcel = Parcel("b")
        out = parcel.feed(sent[:cut])
        assert file.startswith(out)
        with pytest.raises(Malformed):
            parcel.finish()


@pytest.mark.parametrize(
    "status",
    [b'{"result":false}', b'{"error":{"code":268959743}}', b'{"result":false,"error":1}'],
)
def test_a_status_that_is_a_refusal_means_there_is_no_file(status: bytes) -> None:
    parcel = Parcel("b")
    with pytest.raises(Gone):
        parcel.feed(b"--b\r\nContent-Type: application/json\r\n\r\n" + status + b"\r\n--b\r\n")


def test_a_head_within_that_is_a_refusal_means_there_is_no_file() -> None:
    with pytest.raises(Gone):
        Parcel("b").feed(
            STATUS + b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 404 No\r\n\r\n"
        )


@pytest.mark.parametrize(
    "sent",
    [
        b"x" * 20_000,
        b"--b--\r\n\r\n\r\n",
        b"--b\r\nContent-Type: application/json\r\n\r\n" + b" " * 70_000,
        STATUS + b"--b\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n" + b"x" * 20_000,
    ],
)
def test_what_is_no_parcel_is_not_gathered_for_ever(sent: bytes) -> None:
    with pytest.raises(Malformed):
        unwrapped([sent[at : at + 1000] for at in range(0, len(sent), 1000)])


def test_parts_without_a_boundary_cannot_be_told_apart() -> None:
    with pytest.raises(Malformed):
        Parcel("--")


# --- windows ------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")
LOCAL = Dial(BERLIN)


def utc(*numbers: int) -> datetime:
    """A moment."""
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]


def told(found: object, count: int = 9) -> list[str]:
    """The first windows, to be read."""
    return [f"{one.start:%d %H:%M:%S}-{one.end:%H:%M:%S}" for one in islice(found, count)]  # type: ignore[call-overload]


def test_a_day_is_one_window_and_the_hour_before_it() -> None:
    day = windows(LOCAL, utc(2026, 11, 18, 23), utc(2026, 11, 19, 23))
    assert told(day) == ["19 00:00:00-23:59:59", "18 23:00:00-23:59:59"]


def test_no_window_is_longer_than_a_day_and_the_newest_comes_first() -> None:
    found = windows(LOCAL, utc(2026, 11, 17, 9, 30), utc(2026, 11, 19, 11, 0, 30))
    assert told(found) == [
        "19 00:00:00-12:00:29",
        "18 00:00:00-23:59:59",
        "17 09:30:00-23:59:59",
    ]


def test_without_a_start_there_is_always_another_day() -> None:
    assert len(told(windows(LOCAL, None, utc(2026, 11, 19)), 50)) == 50


def test_where_the_clock_is_put_back_the_window_is_an_hour_wider() -> None:
    found = windows(LOCAL, utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30))
    assert told(found) == ["25 00:30:00-03:29:59"]


def test_days_are_whole() -> None:
    found = days(LOCAL, utc(2026, 11, 17, 9), utc(2026, 11, 18, 23))
    assert told(found) == ["18 00:00:00-23:59:59", "17 00:00:00-23:59:59"]


def test_what_is_before_a_day_ends_with_the_day_before() -> None:
    rest = before(utc(2026, 11, 17).date(), LOCAL, None)
    assert f"{rest.start} {rest.end}" == "2000-01-01 00:00:00 2026-11-16 23:59:59"
    rest = before(utc(2026, 11, 17).date(), LOCAL, utc(2026, 11, 10))
    assert f"{rest.start}" == "2026-11-10 01:00:00"


# --- clocks -------------------------------------------------------------------------------------

NOW = utc(2026, 7, 1, 12)


def seconds(number: float) -> timedelta:
    """So many of them."""
    return timedelta(seconds=number)


def test_a_clock_that_is_right_is_the_zones() -> None:
    assert dial(BERLIN, seconds(4), NOW) == Dial(BERLIN)


def test_a_clock_that_is_off_by_minutes_is_that_much_ahead() -> None:
    assert dial(BERLIN, seconds(125), NOW) == Dial(BERLIN, seconds(125))


def test_a_clock_that_is_off_by_hours_has_another_zone_without_summer_time() -> None:
    found = dial(BERLIN, seconds(-7203), NOW)
    assert found.drift == seconds(0)
    assert found.local(NOW) == NOW.replace(tzinfo=None)
    assert found.local(utc(2026, 1, 1)) == utc(2026, 1, 1).replace(tzinfo=None)
    assert dial(BERLIN, seconds(-3600 + 60), NOW).drift == seconds(60)


def test_a_clock_that_hardly_moved_is_the_one_before() -> None:
    first = dial(BERLIN, seconds(125), NOW)
    assert dial(BERLIN, seconds(131), NOW, first) is first
    assert dial(BERLIN, seconds(140), NOW, first) != first


def test_a_clock_that_is_years_off_is_that_much_behind() -> None:
    found = dial(BERLIN, timedelta(days=-9000), NOW)
    assert found == Dial(BERLIN, timedelta(days=-9000))
