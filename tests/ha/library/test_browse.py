"""The tree that the media browser shows, and what a search finds in it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.cctv.devices.commands import FormatDisk
from custom_components.cctv.devices.errors import CannotConnect
from custom_components.cctv.devices.model import (
    Day,
    PartId,
    PartKind,
    Query,
    Recording,
    Recordings,
    TableRow,
    Topology,
)
from tests.ha.fakes import Everything, FakeFamily, everything
from tests.ha.house import House
from tests.simulators.ispy import CAMERA, MICROPHONE, IspySimulator
from tests.simulators.ispy.personality import FileSeed
from tests.simulators.yi_hack import YiHackSimulator

from .viewer import Viewer

# --- simulated boxes


async def test_one_camera_opens_as_its_days(yi: House[YiHackSimulator], viewer: Viewer) -> None:
    root = await viewer.open()
    assert (root["title"], root["can_search"]) == ("CCTV", True)
    (device,) = root["children"]
    assert device["title"] == "yi-living-room"
    days = await viewer.open(device["media_content_id"])
    assert [day["title"][:10] for day in days["children"]] == ["2026-03-01"]
    day = await viewer.open(days["children"][0]["media_content_id"])
    assert [one["title"] for one in day["children"]] == [
        "13:00:00 · Motion · 1:23",
        "12:00:00 · Motion · 0:23",
        "11:30:00 · Motion · 1:00",
    ]
    for one in day["children"]:
        assert (one["can_play"], one["can_expand"]) == (True, False)
        assert one["media_content_type"] == "video/mp4"
        assert one["thumbnail"].startswith("/api/cctv/thumbnail/")
        assert "?" not in one["thumbnail"]


async def test_several_cameras_are_channels(ispy: House[IspySimulator], viewer: Viewer) -> None:
    place = await viewer.walk("Office")
    names = [one["title"] for one in place["children"]]
    assert {"Driveway", "Front door", "Garage", "Nursery"} <= set(names)
    assert len(names) == len(set(names))


async def test_a_camera_shows_what_it_sees(
    hass: HomeAssistant,
    yi: House[YiHackSimulator],
    ispy: House[IspySimulator],
    viewer: Viewer,
) -> None:
    root = await viewer.open()
    pictures = {one["title"]: one["thumbnail"] for one in root["children"]}
    assert pictures == {
        "Office, 2nd floor": None,
        "yi-living-room": "/api/camera_proxy/camera.yi_living_room",
    }
    place = await viewer.walk("Office")
    pictures = {one["title"]: one["thumbnail"] for one in place["children"]}
    driveway = ispy.id_of("camera", "camera.2:main")
    assert pictures["Driveway"] == f"/api/camera_proxy/{driveway}"
    assert (await viewer.get(pictures["Driveway"])).status == 200
    assert pictures["Front door mic"] is None, "it sees nothing"
    hass.states.async_set(driveway, "unavailable")
    place = await viewer.walk("Office")
    assert {one["title"]: one["thumbnail"] for one in place["children"]}["Driveway"] is None


async def test_a_channel_is_called_as_people_call_it(
    hass: HomeAssistant, ispy: House[IspySimulator], viewer: Viewer
) -> None:
    device_id = ispy.entry.runtime_data.device_id("camera.2")
    dr.async_get(hass).async_update_device(device_id, name_by_user="Where the cars are")
    place = await viewer.walk("Office", "Where the cars are")
    assert place["title"] == "Where the cars are"


async def test_stored_pictures_are_pictures(ispy: House[IspySimulator], viewer: Viewer) -> None:
    place = await viewer.walk("Office", "Driveway", "2026-03-01")
    kinds = [(one["media_class"], one["media_content_type"]) for one in place["children"]]
    assert kinds == [("image", "image/jpeg"), ("video", "video/mp4")]
    told = await viewer.resolve(place["children"][0]["media_content_id"])
    assert told["mime_type"] == "image/jpeg"
    answer = await viewer.get(told["url"])
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert (await answer.read()).startswith(b"\xff\xd8")


async def test_recordings_of_sound_are_sound(ispy: House[IspySimulator], viewer: Viewer) -> None:
    ispy.box.add_recording(MICROPHONE, 1, FileSeed(2.5, 4))
    place = await viewer.walk("Office", "Front door mic", "2026-03-01")
    one = place["children"][0]
    assert (one["media_class"], one["media_content_type"]) == ("music", "audio/mpeg")
    assert one["thumbnail"] is None
    told = await viewer.resolve(one["media_content_id"])
    answer = await viewer.get(told["url"])
    assert (answer.status, answer.content_type) == (200, "audio/mpeg")


async def test_search_by_camera_kind_and_time(ispy: House[IspySimulator], viewer: Viewer) -> None:
    found = await viewer.search("driveway 2026-03-01")
    assert [one["title"][:30] for one in found] == [
        "2026-03-01 11:30:00 · Driveway",
        "2026-03-01 09:30:00 · Driveway",
    ]
    (motion,) = await viewer.search("motion driveway 2026-03-01 9h")
    assert motion["title"] == "2026-03-01 09:30:00 · Driveway · Motion · 0:15"
    assert await viewer.search("driveway 2026-03-02") == []
    assert await viewer.search("cellar 2026-03-01") == []


async def test_search_stays_where_it_is_asked(ispy: House[IspySimulator], viewer: Viewer) -> None:
    ispy.box.add_recording(CAMERA, 1, FileSeed(2.5, 4))
    assert len(await viewer.search("2026-03-01")) > 2
    driveway = f"media-source://cctv/{ispy.entry.entry_id}/camera.2"
    found = await viewer.search("2026-03-01", driveway)
    assert len(found) == 2
    assert all(" · Driveway" in one["title"] for one in found)
    assert await viewer.search("", f"{driveway}/2026-03-01") == found
    assert await viewer.search("2026-03-02", f"{driveway}/2026-03-01") == []


# --- a device with very much

NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)


def _recorders() -> Topology:
    whole = everything()
    tables = frozenset({"recordings"})
    parts = {
        id_: replace(
            part,
            tables=tables if id_ in ("camera.1", "camera.2") else frozenset(),
            can=part.can | ({FormatDisk} if part.kind is PartKind.DISK else set()),
        )
        for id_, part in whole.parts.items()
    }
    return replace(whole, parts=parts)


@dataclass
class Archive(Everything):
    """A device that has recorded every few seconds of a day."""

    topology: Topology = field(default_factory=_recorders)
    rows: int = 5_000
    queries: list[Query] = field(default_factory=list)
    error: Exception | None = None
    sticks: int | None = None
    """After so many rows it tells no more."""

    @override
    async def find(self, part: PartId, query: Query) -> AsyncGenerator[Recording | Day | TableRow]:
        """Give what overlaps the time, newest first."""
        self.queries.append(query)
        if self.error is not None:
            raise self.error
        if part != "camera.1" or not isinstance(query, Recordings):
            return
        for number in range(self.rows):
            if number == self.sticks:
                await asyncio.Event().wait()
            start = NOON - timedelta(seconds=8 * number)
            end = start + timedelta(seconds=8)
            if query.end is not None and start >= query.end:
                continue
            if query.start is not None and end <= query.start:
                return
            kinds = frozenset({"person", "motion"} if number % 100 == 0 else {"scheduled"})
            if not query.kinds or query.kinds & kinds:
                yield Recording((f"clip/{number}",), part, start, end, kinds, 2_345_678, "dav")


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
async def reader(
    hass: HomeAssistant,
    socket_enabled: None,
    archive: Archive,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> AsyncGenerator[Viewer]:
    """Return somebody who reads in the archive."""
    for needed in ("websocket_api", "media_source"):
        assert await async_setup_component(hass, needed, {})
    await hass.config.async_set_time_zone("Europe/Berlin")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    archive.queries.clear()
    yield Viewer(await hass_client(), await hass_ws_client())
    await hass.config_entries.async_unload(entry.entry_id)


def listed(archive: Archive) -> int:
    """Return how often the whole day was listed; the engine looks for what is new meanwhile."""
    begin = datetime(2026, 2, 28, 23, tzinfo=UTC)
    return len([query for query in archive.queries if query.start == begin])


async def test_a_day_of_thousands_opens_as_its_hours(reader: Viewer, archive: Archive) -> None:
    place = await reader.walk("Cellar", "Door")
    # From eight seconds after midnight to noon there are 5,000.
    assert [day["title"] for day in place["children"]] == ["2026-03-01 · 5000"]
    archive.queries.clear()
    day = await reader.open(place["children"][0]["media_content_id"])
    titles = [one["title"] for one in day["children"]]
    assert titles[:2] == ["12:00 · 1", "11:00 · 450"]
    assert len(day["children"]) <= 24
    hour = await reader.open(day["children"][1]["media_content_id"])
    assert (hour["title"], len(hour["children"])) == ("2026-03-01 11:00", 450)
    assert hour["children"][0]["title"] == "11:59:52 · Scheduled · 0:08 · 2.3 MB"
    ids = {one["media_content_id"] for one in hour["children"]}
    assert len(ids) == 450
    assert listed(archive) == 1


async def test_a_finished_day_is_remembered_and_forgotten_in_time(
    hass: HomeAssistant, reader: Viewer, archive: Archive, entry: MockConfigEntry
) -> None:
    library = entry.runtime_data.library
    day = NOON.date()
    first = await library.async_day("camera.1", day)
    assert await library.async_day("camera.1", day) is first
    assert listed(archive) == 1
    library.forget()
    await library.async_day("camera.1", day)
    assert listed(archive) == 2


async def test_nothing_is_remembered_of_a_disk_that_was_erased(
    reader: Viewer, archive: Archive, entry: MockConfigEntry
) -> None:
    coordinator = entry.runtime_data
    await coordinator.library.async_day("camera.1", NOON.date())
    await coordinator.async_do("disk.mmc0", FormatDisk())
    archive.rows = 0
    assert (await coordinator.library.async_day("camera.1", NOON.date())).recordings == ()


async def test_only_so_much_is_remembered(
    reader: Viewer, archive: Archive, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.cctv.library.KEPT_MOST", 6_000)
    library = entry.runtime_data.library
    for back in range(3):
        await library.async_day("camera.1", NOON.date() - timedelta(days=back))
    held = sum(len(one.known.recordings) for one in library._listed.values())
    assert held <= 6_000


async def test_a_day_of_too_many_is_told_by_the_hour(
    reader: Viewer, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.cctv.library.DAY_MOST", 1_000)
    place = await reader.walk("Cellar", "Door", "2026-03-01")
    titles = [one["title"] for one in place["children"]]
    assert titles[:4] == [
        "12:00 · 1",
        "11:00 · 450",
        "10:00 · 450",
        "09:00 · 99+",
    ]
    assert titles[4] == "08:00 · ?"
    hour = await reader.open(place["children"][4]["media_content_id"])
    assert len(hour["children"]) == 450


async def test_search_asks_the_device_for_kinds(reader: Viewer, archive: Archive) -> None:
    found = await reader.search("Personen 2026-03-01 11h")
    assert [one["title"] for one in found][:1] == [
        "2026-03-01 11:46:40 · Door · Person, Motion · 0:08 · 2.3 MB"
    ]
    asked = [query for query in archive.queries if isinstance(query, Recordings)]
    assert frozenset({"person"}) in {query.kinds for query in asked}


async def test_a_search_in_an_hour_stays_in_it(reader: Viewer, entry: MockConfigEntry) -> None:
    hour = f"media-source://cctv/{entry.entry_id}/camera.1/2026-03-01T10"
    found = await reader.search("", hour)
    assert found
    assert {one["title"][:13] for one in found} == {"2026-03-01 10"}
    assert await reader.search("2026-03-01 9h", hour) == []


@pytest.mark.parametrize(("text", "count"), [("2026-03-01", 150), ("person 2026-03-01", 2)])
async def test_a_search_that_takes_too_long_finds_what_was_told_by_then(
    reader: Viewer, archive: Archive, monkeypatch: pytest.MonkeyPatch, text: str, count: int
) -> None:
    """Many cameras of a slow recorder would else be searched for minutes."""
    monkeypatch.setattr("custom_components.cctv.library.SEARCH_SECONDS", 0.2)
    monkeypatch.setattr("custom_components.cctv.media_source.RESULTS_MOST", 1_000)
    archive.sticks = 150
    assert len(await reader.search(text)) == count


async def test_a_search_never_finds_too_much(reader: Viewer) -> None:
    assert len(await reader.search("2026-03-01")) == 100


async def test_a_device_that_does_not_answer_is_said_not_to(
    reader: Viewer, archive: Archive, entry: MockConfigEntry
) -> None:
    archive.error = CannotConnect("nobody there")
    for place in ("camera.1", "camera.1/2026-03-01", "camera.1/2026-03-01T11"):
        answer = await reader.ask(
            "browse_media", media_content_id=f"media-source://cctv/{entry.entry_id}/{place}"
        )
        assert answer["error"]["message"] == "Cellar cannot be reached: nobody there"
    answer = await reader.ask(
        "search_media", media_content_id="media-source://cctv", search_query="2026-03-01"
    )
    assert answer["error"]["message"] == "Cellar cannot be reached: nobody there"


async def test_a_device_that_is_not_set_up_is_not_shown(
    hass: HomeAssistant, reader: Viewer, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await reader.open())["children"] == []
    answer = await reader.ask(
        "browse_media", media_content_id=f"media-source://cctv/{entry.entry_id}/camera.1"
    )
    assert not answer["success"]


async def test_german_houses_read_german(hass: HomeAssistant, reader: Viewer) -> None:
    hass.config.language = "de"
    found = await reader.search("Person 2026-03-01 11 Uhr")
    assert "Person, Bewegung" in found[0]["title"]
