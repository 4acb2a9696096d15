"""Recordings and tables are listed lazily, and no further than was asked."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import orjson
import pytest

from custom_components.cctv.action_answers import plain
from custom_components.cctv.devices.commands import Mode
from custom_components.cctv.devices.errors import NoAnswer
from custom_components.cctv.devices.model import (
    BOX,
    PartId,
    Query,
    Recording,
    Recordings,
    Table,
    TableRow,
)
from tests.ha.fakes import FakeFamily

from .boxes import Desk
from .conftest import Obliging

START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Archive(Obliging):
    """A device with so many rows, that counts how many were taken from it."""

    rows: int = 5
    given: int = 0
    queries: list[Query] = field(default_factory=list)
    searches: int = 0
    breaks: dict[PartId, Exception] = field(default_factory=dict)

    @override
    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | TableRow]:
        """Give one row after the other, and say when it was freed."""
        self.queries.append(query)
        self.searches += 1
        try:
            for number in range(self.rows):
                if (error := self.breaks.get(part)) is not None:
                    raise error
                self.given += 1
                if isinstance(query, Table):
                    yield {"number": number, "at": START}
                else:
                    begun = START - timedelta(hours=number)
                    yield Recording(
                        (f"clip/{number}",),
                        part,
                        begun,
                        begun + timedelta(minutes=1),
                        frozenset({"motion", "alarm"}),
                        1024,
                        "mp4",
                    )
        finally:
            self.searches -= 1


@pytest.fixture
def fake(fake: FakeFamily) -> FakeFamily:
    """Return the family whose device is an archive."""
    fake.device = Archive()
    return fake


@pytest.fixture
def archive(fake: FakeFamily) -> Archive:
    """Return the archive."""
    assert isinstance(fake.device, Archive)
    return fake.device


@pytest.fixture
def desk(desk: Desk, archive: Archive) -> Desk:
    """Return the desk, after the engine has looked for what is new."""
    archive.queries.clear()
    archive.given = 0
    return desk


async def recordings(desk: Desk, **data: Any) -> Any:
    """List recordings of the first camera."""
    return await desk.call(
        "list_recordings", answer=True, entity_id=desk.entity("camera.1:main"), **data
    )


async def test_recordings_are_listed(hass: HomeAssistant, desk: Desk, archive: Archive) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    told = await recordings(desk)
    (result,) = told["results"]
    assert result["target"] == "Cellar Door"
    assert len(result["recordings"]) == 5
    assert result["limit_reached"] is False
    media_id = result["recordings"][0]["media_content_id"]
    assert media_id.startswith(f"media-source://cctv/{desk.entry.entry_id}/camera.1/2026-0")
    assert result["recordings"][0] == {
        "part": "camera.1",
        "name": None,
        "start": "2026-03-01T01:00:00+01:00",
        "end": "2026-03-01T01:01:00+01:00",
        "length": 60.0,
        "kinds": ["alarm", "motion"],
        "size": 1024,
        "container": "mp4",
        "thumbnail": False,
        "media_content_id": media_id,
        "refs": ["clip/0"],
        "url": None,
    }
    assert archive.queries == [Recordings(limit=100)]
    orjson.dumps(told)


async def test_what_was_asked_reaches_the_device(desk: Desk, archive: Archive) -> None:
    await recordings(
        desk,
        start="2026-02-01T00:00:00+00:00",
        end="2026-03-01T00:00:00+00:00",
        kinds=["motion"],
        limit=7,
    )
    assert archive.queries == [
        Recordings(datetime(2026, 2, 1, tzinfo=UTC), START, 7, frozenset({"motion"}))
    ]


@pytest.mark.parametrize("moment", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
async def test_a_time_at_the_end_of_the_calendar_may_be_asked_for(
    hass: HomeAssistant, desk: Desk, archive: Archive, moment: str, zone: str
) -> None:
    await hass.config.async_set_time_zone(zone)
    await recordings(desk, **{"end" if moment.startswith("9") else "start": moment})
    assert len(archive.queries) == 1


async def test_no_more_is_taken_than_was_asked(desk: Desk, archive: Archive) -> None:
    archive.rows = 10_000
    told = await recordings(desk, limit=3)
    assert len(told["results"][0]["recordings"]) == 3
    assert told["results"][0]["limit_reached"] is True
    assert (archive.given, archive.searches) == (3, 0)


async def test_a_thousand_are_the_most(desk: Desk, archive: Archive) -> None:
    archive.rows = 10_000
    told = await recordings(desk, limit=1000)
    assert len(told["results"][0]["recordings"]) == archive.given == 1000


async def test_a_table_is_listed(desk: Desk, archive: Archive) -> None:
    told = await desk.call(
        "list_table",
        answer=True,
        device_id=desk.device("camera.1"),
        kind="people",
        where={"Door": 1},
        limit=2,
    )
    (result,) = told["results"]
    assert [row["number"] for row in result["rows"]] == [0, 1]
    assert isinstance(result["rows"][0]["at"], str)
    assert archive.queries == [Table(limit=2, kind="people", where={"Door": "1"})]
    assert archive.searches == 0


async def test_a_table_of_the_recorder_is_found_from_its_camera(
    desk: Desk, archive: Archive
) -> None:
    told = await desk.call(
        "list_table", answer=True, device_id=desk.device("camera.2"), kind="disks"
    )
    assert told["results"][0]["part"] == BOX


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"kind": "dreams"}, "cannot_do"),
        ({"kind": "recordings"}, "recordings_listed_elsewhere"),
        ({"kind": "days"}, "recordings_listed_elsewhere"),
        ({"kind": "people", "start": "2026-03-02", "end": "2026-03-01"}, "ends_before_start"),
    ],
)
async def test_what_cannot_be_listed_is_refused(
    desk: Desk, archive: Archive, data: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call("list_table", answer=True, device_id=desk.device("camera.1"), **data)
    assert caught.value.translation_key == key
    assert archive.queries == []


async def test_what_records_nothing_lists_none(desk: Desk, archive: Archive) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await desk.call("list_recordings", answer=True, device_id=desk.device("microphone.1"))
    assert caught.value.translation_key == "cannot_do"


async def test_a_list_that_breaks_off_is_an_error(desk: Desk, archive: Archive) -> None:
    archive.breaks["camera.1"] = NoAnswer("hung")
    with pytest.raises(HomeAssistantError) as caught:
        await recordings(desk)
    assert caught.value.translation_key == "no_answer"
    assert archive.searches == 0


async def test_one_that_breaks_off_does_not_hide_the_other(desk: Desk, archive: Archive) -> None:
    archive.breaks["camera.1"] = NoAnswer("hung")
    told = await desk.call(
        "list_recordings",
        answer=True,
        device_id=[desk.device("camera.1"), desk.device("camera.2")],
    )
    door, yard = sorted(told["results"], key=lambda result: str(result["part"]))
    assert "error" in door
    assert len(yard["recordings"]) == 5


def test_whatever_a_device_tells_can_be_answered() -> None:
    told = {
        1: Mode.STEP,
        "when": date(2026, 3, 1),
        "at": time(12, 30),
        "set": {"b", "a"},
        "deep": ({"x": None}, [1.5, True]),
        "odd": b"\xff",
    }
    answered = plain(told)
    assert answered == {
        "1": "step",
        "when": "2026-03-01",
        "at": "12:30:00",
        "set": ["a", "b"],
        "deep": [{"x": None}, [1.5, True]],
        "odd": "b'\\xff'",
    }
    assert type(answered["1"]) is str
    orjson.dumps(answered)
