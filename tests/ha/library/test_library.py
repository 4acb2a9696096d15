"""What is known of one device's recordings, and what is said when there is nothing to play."""

from datetime import UTC, date, datetime
from http import HTTPStatus

from homeassistant.core import HomeAssistant
import pytest

from custom_components.cctv import library as module
from custom_components.cctv.devices.commands import DeleteRecordings
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    Forbidden,
    Gone,
    Malformed,
    NoAnswer,
    Unsupported,
)
from custom_components.cctv.library import Library
from custom_components.cctv.media.source import MediaError, Source, pour
from custom_components.cctv.media_errors import media_error
from custom_components.cctv.media_id import BadMediaId, clip_of, media_ids
from custom_components.cctv.spool import SpoolBusy, SpoolFull
from tests.ha.house import House
from tests.simulators.ispy import IspySimulator
from tests.simulators.yi_hack import YiHackSimulator

from .viewer import Viewer

DAY = date(2026, 3, 1)


def library_of(house: House[YiHackSimulator]) -> Library:
    """Return the library of a device."""
    found: Library = house.entry.runtime_data.library
    return found


async def read(source: Source) -> bytes:
    """Return all of a source."""
    return b"".join([chunk async for chunk in pour(source)])


async def test_sources_are_the_files_in_their_order(yi: House[YiHackSimulator]) -> None:
    library = library_of(yi)
    recordings = (await library.async_day("", DAY)).recordings
    joined, single = recordings[0], recordings[1]
    assert len(joined.refs) == 2
    sources = await library.sources([joined, clip_of(single)])
    files = {ref: yi.box.camera.card.find(ref) for ref in (*joined.refs, *single.refs)}
    whole = [file.make() for file in files.values() if file is not None]
    assert [await read(source) for source in sources] == whole
    assert [source.size for source in sources] == [len(one) for one in whole]
    assert {source.container for source in sources} == {"mp4"}


async def test_only_so_many_files_are_remembered(
    yi: House[YiHackSimulator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FACTS_MOST", 2)
    library = library_of(yi)
    await library.sources((await library.async_day("", DAY)).recordings)
    assert len(library._facts) == 2


async def test_what_was_deleted_by_us_is_listed_no_more(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    library = library_of(yi)
    before = (await library.async_day("", DAY)).recordings
    name = before[1].refs[0]
    await yi.entry.runtime_data.async_do("", DeleteRecordings(names=(name,)))
    assert len((await library.async_day("", DAY)).recordings) == len(before) - 1


async def test_a_recording_has_a_media_id_that_can_be_opened(
    hass: HomeAssistant, yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    library = library_of(yi)
    (recording,) = await library.async_recordings("", limit=1)
    media_id = library.media_id(recording)
    assert media_id is not None
    assert (await viewer.resolve(media_id))["mime_type"] == "video/mp4"
    place = media_ids(hass).parse(media_id.removeprefix("media-source://cctv/"))
    assert place.clip == clip_of(recording)


async def test_a_recording_opens_as_the_forms_it_is_played_in(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    day = await viewer.walk("yi", "2026")
    place = await viewer.open(day["children"][0]["media_content_id"])
    assert [one["title"] for one in place["children"]] == ["As recorded", "Converted to H.264"]
    for one in place["children"]:
        assert (await viewer.resolve(one["media_content_id"]))["mime_type"] == "video/mp4"


async def test_a_picture_holds_nothing(ispy: House[IspySimulator], viewer: Viewer) -> None:
    place = await viewer.walk("Office", "Driveway", "2026")
    (picture,) = [one for one in place["children"] if one["media_class"] == "image"]
    answer = await viewer.ask("browse_media", media_content_id=picture["media_content_id"])
    assert not answer["success"]


async def test_days_have_as_many_hours_as_they_have(yi: House[YiHackSimulator]) -> None:
    library = library_of(yi)
    hours = [
        (end - start).total_seconds() / 3600
        for start, end in map(library.span, (date(2026, 3, 29), DAY, date(2026, 10, 25)))
    ]
    assert hours == [23, 24, 25]
    assert library.local(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)).date() == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("error", "status", "key"),
    [
        (BadMediaId("x"), HTTPStatus.NOT_FOUND, "media_unknown"),
        (Gone("/record/x.mp4"), HTTPStatus.NOT_FOUND, "media_unknown"),
        (BadInput("x"), HTTPStatus.NOT_FOUND, "media_unknown"),
        (Unsupported("x"), HTTPStatus.NOT_FOUND, "unsupported"),
        (Busy("x"), HTTPStatus.SERVICE_UNAVAILABLE, "media_busy"),
        (TimeoutError(), HTTPStatus.SERVICE_UNAVAILABLE, "media_busy"),
        (SpoolBusy(), HTTPStatus.SERVICE_UNAVAILABLE, "media_busy"),
        (CannotConnect("x"), HTTPStatus.SERVICE_UNAVAILABLE, "cannot_connect"),
        (NoAnswer("x"), HTTPStatus.SERVICE_UNAVAILABLE, "no_answer"),
        (Forbidden("x"), HTTPStatus.BAD_GATEWAY, "forbidden"),
        (Malformed("x"), HTTPStatus.BAD_GATEWAY, "malformed"),
        (SpoolFull(), HTTPStatus.INSUFFICIENT_STORAGE, "media_no_room"),
        (OSError("x"), HTTPStatus.INSUFFICIENT_STORAGE, "media_no_room"),
        (MediaError("media_empty", "x"), HTTPStatus.UNPROCESSABLE_ENTITY, "media_empty"),
        (MediaError("media_stalled", "x"), HTTPStatus.UNPROCESSABLE_ENTITY, "media_stalled"),
        (ValueError("x"), HTTPStatus.UNPROCESSABLE_ENTITY, "media_damaged"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else type(value).__name__,
)
def test_every_error_has_its_status_and_text(
    error: Exception, status: HTTPStatus, key: str
) -> None:
    got, told = media_error(error, "Yard")
    assert (got, told.translation_key) == (status, key)
