"""What is known of a part's recordings, and what of it is remembered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices.engine.recorded import Known, token
from custom_components.cctv.devices.model import Recordings

from .test_listing import NOW, recording


def test_the_count_is_of_the_device_s_day() -> None:
    berlin, known = ZoneInfo("Europe/Berlin"), Known()
    query = known.query(NOW, berlin)
    assert query.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    known.take(
        [recording(str(each), NOW - timedelta(minutes=40 * each)) for each in (0, 1, 2)],
        NOW,
        berlin,
    )
    assert known.today(NOW, berlin) == 2


@pytest.mark.parametrize(
    "kept",
    [None, 7, [], {}, {"mark": "?", "told": []}, {"mark": "2026-03-01", "told": []}, {"mark": 1}],
)
def test_what_cannot_be_understood_is_not_remembered(kept: object) -> None:
    assert Known.recalled(kept) == Known()  # type: ignore[arg-type]


def test_what_is_remembered_is_little() -> None:
    known = Known()
    many = [recording("x" * 500 + str(each), NOW - timedelta(minutes=each)) for each in range(900)]
    known.take(many, NOW, UTC)
    assert Known.recalled(known.kept()).told == known.told
    assert len(str(known.kept())) < 500
    assert token(many[0]) in known.told


def test_a_clock_that_was_wrong_for_a_while_is_forgiven() -> None:
    known = Known(mark=NOW + timedelta(days=3000), told=("x",))
    assert known.take([recording("a", NOW)], NOW, UTC) == []
    assert known.take([recording("b", NOW + timedelta(minutes=1))], NOW, UTC) != []


def test_a_query_looks_no_further_back_than_a_day() -> None:
    known = Known(mark=NOW - timedelta(days=30), stale=False)
    query = known.query(NOW, UTC)
    assert isinstance(query, Recordings)
    assert query.start == NOW - timedelta(days=1)
