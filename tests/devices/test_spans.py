"""Which recordings a search asks for."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cctv.devices.model import Query, Recordings
from custom_components.cctv.devices.spans import overlaps, wanted

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (-2, -1, False),
        (-2, 0, False),
        (-2, 0.5, True),
        (-2, 5, True),
        (0, 0.5, True),
        (0, 0, True),
        (0.5, None, True),
        (0, None, True),
        (-0.5, None, False),
        (1, None, False),
        (1, 2, False),
        (0.9, 2, True),
    ],
)
def test_what_overlaps_an_hour(start: float, end: float | None, found: bool) -> None:
    until = None if end is None else NOON + end * HOUR
    assert overlaps(Query(NOON, NOON + HOUR), NOON + start * HOUR, until) is found
    assert overlaps(Query(), NOON + start * HOUR, until)


def test_kinds_are_all_or_those_asked_for() -> None:
    motion = frozenset({"motion"})
    assert wanted(Recordings(), motion)
    assert wanted(Query(), frozenset())
    assert wanted(Recordings(kinds=frozenset({"motion", "person"})), motion)
    assert not wanted(Recordings(kinds=frozenset({"person"})), motion)
    assert not wanted(Recordings(kinds=motion), frozenset())
