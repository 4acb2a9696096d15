"""Recordings by action, at simulated boxes over real sockets: listed, copied, cut out, deleted."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import av
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.cctv.action_downloads import PROGRESS
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.model import BOX
from custom_components.cctv.media import source as media_source
from tests.devices.waiting import DEADLINE, until
from tests.simulators.ispy import IspySimulator
from tests.simulators.ispy.personality import FileSeed
from tests.simulators.yi_hack import YiHackSimulator

from .test_boxes import BoxDesk, SetUp, drawn, set_up

__all__ = ["set_up"]

_NOTHING: Final = compile("", "", "exec")
LOGIN: Final = ("root", "p@ss:w/rd#")
SECRET: Final = "media-source://cctv/"
BEGIN: Final = datetime(2026, 1, 5, 8, 30, tzinfo=dt_util.UTC)


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may use."""
    found = tmp_path / "media"
    found.mkdir()
    hass.config.allowlist_external_dirs = {str(found)}
    return found


@pytest.fixture
def progress(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return what is told of downloads."""
    told: list[dict[str, Any]] = []

    def hear(event: Event) -> None:
        told.append(dict(event.data))

    hass.bus.async_listen(PROGRESS, hear)
    return told


class Camera:
    """A camera with a card, set up, and what is asked of it."""

    def __init__(self, box: YiHackSimulator, desk: BoxDesk) -> None:
        """Keep both."""
        self.box = box
        self.desk = desk

    async def ask(self, action: str, /, **data: Any) -> dict[str, Any]:
        """Call an action at it; returns what it answers."""
        if "media_content_id" not in data:
            data["device_id"] = self.desk.device()
        told = await self.desk.call(action, answer=True, **data)
        (result,) = told["results"]
        return dict(result)

    async def listed(self, **data: Any) -> list[dict[str, Any]]:
        """List its recordings."""
        found: list[dict[str, Any]] = (await self.ask("list_recordings", **data))["recordings"]
        return found

    async def refused(self, action: str, /, **data: Any) -> HomeAssistantError:
        """Call what must fail."""
        with pytest.raises(HomeAssistantError) as caught:
            await self.ask(action, **data)
        return caught.value

    def bytes_of(self, row: dict[str, Any], number: int = 0) -> bytes:
        """Return a file of the card."""
        path = row["refs"][number]
        found = self.box.camera.card.find(path)
        assert found is not None, path
        return found.make()


@pytest.fixture
async def camera(hass: HomeAssistant, set_up: SetUp) -> Camera:
    """Return a camera with a recording of a minute, and one of two files."""
    box = YiHackSimulator("mstar", *LOGIN, pictures=drawn)
    box.add_clip(BEGIN - timedelta(hours=1), 20)
    desk = await set_up("yi_hack", box, login=LOGIN)
    return Camera(box, desk)


def length_of(body: bytes) -> float:
    """Return how long a film is, by its pictures."""
    with av.open(BytesIO(body), "r") as film:
        video = film.streams.video[0]
        times = [
            float(packet.pts * video.time_base)
            for packet in film.demux(video)
            if packet.pts is not None and video.time_base is not None
        ]
    return max(times) - min(times)


def ours() -> set[asyncio.Task[Any]]:
    """Return the tasks of the integration, not those of the box."""
    return {
        task
        for task in asyncio.all_tasks()
        if "custom_components" in getattr(task.get_coro(), "cr_code", _NOTHING).co_filename
    }


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def moment(text: str) -> datetime:
    """Return a time as an answer tells it."""
    found = dt_util.parse_datetime(text)
    assert found is not None, text
    return found


def single(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest recording of one file."""
    return next(row for row in rows if len(row["refs"]) == 1 and row["container"] == "mp4")


def several(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest recording of more than one file."""
    return next(row for row in rows if len(row["refs"]) > 1)


# --- listed -------------------------------------------------------------------------------------


async def test_a_list_tells_what_it_takes_to_choose_and_to_copy(camera: Camera) -> None:
    rows = await camera.listed()
    row = single(rows)
    assert row["media_content_id"].startswith(SECRET)
    assert row["length"] == (moment(row["end"]) - moment(row["start"])).total_seconds()
    assert row["thumbnail"] is True
    assert row["kinds"] == ["motion"]
    assert row["name"]
    orjson.dumps(rows)


async def test_a_list_is_of_the_kinds_that_were_asked_for(camera: Camera) -> None:
    assert await camera.listed(kinds="motion", limit=1)
    assert await camera.listed(kinds=["person", "doorbell"]) == []


# --- copied -------------------------------------------------------------------------------------


async def test_a_recording_is_copied_byte_for_byte(
    camera: Camera, folder: Path, progress: list[dict[str, Any]]
) -> None:
    row = single(await camera.listed(limit=1000))
    told = await camera.ask(
        "download_recording", media_content_id=row["media_content_id"], directory=str(folder)
    )
    path = Path(told["file"])
    assert path.parent == folder
    assert names(folder) == [path.name]
    assert path.suffix == ".mp4"
    assert path.read_bytes() == camera.bytes_of(row)
    first, *_, last = progress
    assert (first["received"], first["done"]) == (0, False)
    assert (last["received"], last["done"], last["file"]) == (
        path.stat().st_size,
        True,
        str(path),
    )
    assert last["total"] == last["received"]


async def test_the_newest_is_copied_where_none_is_named(camera: Camera, folder: Path) -> None:
    newest = next(row for row in await camera.listed() if row["refs"])
    told = await camera.ask("download_recording", directory=str(folder), name="newest")
    assert moment(told["start"]) == moment(newest["start"]).replace(microsecond=0)
    assert len(told["files"]) == len(newest["refs"])


async def test_a_recording_of_several_files_is_copied_as_several_or_joined(
    camera: Camera, folder: Path
) -> None:
    camera.box.add_clip(BEGIN + timedelta(seconds=30), 90)
    row = several(await camera.listed(limit=1000))
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    told = await camera.ask("download_recording", name="parts", **which)
    count = len(row["refs"])
    assert [Path(each).name for each in told["files"]] == [
        f"parts_{number}.mp4" for number in range(1, count + 1)
    ]
    for number, each in enumerate(told["files"]):
        assert Path(each).read_bytes() == camera.bytes_of(row, number)
    joined = await camera.ask("download_recording", name="film.mp4", format="mp4", **which)
    assert joined["files"] == [str(folder / "film.mp4")]
    assert length_of((folder / "film.mp4").read_bytes()) == pytest.approx(row["length"], abs=3)


async def test_nothing_is_overwritten(camera: Camera, folder: Path) -> None:
    row = single(await camera.listed(limit=1000))
    (folder / "mine.mp4").write_bytes(b"precious")
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    error = await camera.refused("download_recording", name="mine", **which)
    assert error.translation_key == "file_exists"
    assert (folder / "mine.mp4").read_bytes() == b"precious"
    assert names(folder) == ["mine.mp4"]


@pytest.mark.parametrize(
    "name",
    ["../out", "a/b", "a\\b", ".hidden", "..", "x" * 300, "nul\x00", " x", 'a"b', "new\nline"],
)
async def test_a_name_is_only_a_name(camera: Camera, folder: Path, name: str) -> None:
    row = single(await camera.listed(limit=1000))
    asked = len(camera.box.wire)
    error = await camera.refused(
        "download_recording",
        media_content_id=row["media_content_id"],
        directory=str(folder),
        name=name,
    )
    assert error.translation_key == "bad_file_name"
    assert isinstance(error, ServiceValidationError)
    assert not [each for each in list(camera.box.wire)[asked:] if "/record/" in each.target]
    assert names(folder) == []


@pytest.mark.parametrize(
    ("directory", "key"),
    [
        ("{folder}/../secret", "path_not_allowed"),
        ("/etc", "path_not_allowed"),
        ("media", "path_not_allowed"),
        ("{folder}/way", "path_not_allowed"),
        ("{folder}/nowhere", "file_failed"),
        ("{folder}/file", "file_failed"),
    ],
)
async def test_a_folder_has_to_be_one_that_may_be_used(
    camera: Camera, folder: Path, directory: str, key: str
) -> None:
    secret = folder.parent / "secret"
    secret.mkdir()
    (folder / "way").symlink_to(secret)
    (folder / "file").touch()
    error = await camera.refused(
        "download_recording", directory=directory.format(folder=folder), name="x"
    )
    assert error.translation_key == key
    assert names(secret) == []


def forged(media_id: str) -> Iterator[str]:
    """Yield ids that we never made."""
    head, _, payload = media_id.rpartition("/")
    entry, part, day = head.removeprefix(SECRET).split("/")
    yield media_id[:-1] + ("A" if media_id[-1] != "A" else "B")
    yield f"{SECRET}{entry}/camera.9/{day}/{payload}"
    yield f"{SECRET}{entry}/{part}/{day}/../{payload}"
    yield f"{SECRET}other/{part}/{day}/{payload}"
    yield f"{SECRET}{entry}/{part}/{day}"
    yield SECRET
    yield f"media-source://media_source/local/{payload}"
    yield "/record/2026Y01M05D08H/30M30S30.mp4"
    yield f"{media_id}/h264/x"
    yield "x" * 8000


async def test_what_was_never_listed_is_refused(camera: Camera, folder: Path) -> None:
    row = single(await camera.listed(limit=1000))
    asked = len(camera.box.wire)
    for media_id in forged(row["media_content_id"]):
        for action in ("download_recording", "delete_recording"):
            more: dict[str, Any] = {"directory": str(folder)}
            if action == "delete_recording":
                more = {"confirm": True}
            error = await camera.refused(action, media_content_id=media_id, **more)
            assert error.translation_key == "bad_media_id", media_id
    assert not [each for each in list(camera.box.wire)[asked:] if "/record/" in each.target]
    assert names(folder) == []


async def test_a_recording_that_was_deleted_meanwhile_leaves_nothing(
    camera: Camera, folder: Path, progress: list[dict[str, Any]]
) -> None:
    row = single(await camera.listed(limit=1000))
    camera.box.camera.card.remove(row["refs"][0])
    error = await camera.refused(
        "download_recording", media_content_id=row["media_content_id"], directory=str(folder)
    )
    assert error.translation_key == "gone"
    assert names(folder) == []
    assert not [each for each in progress if each["done"]]


async def test_a_source_that_stalls_leaves_nothing(
    camera: Camera, folder: Path, monkeypatch: pytest.MonkeyPatch, progress: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr(media_source, "STALL_SECONDS", 0.3)
    row = single(await camera.listed(limit=1000))
    camera.box.faults.stall = 2000
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    before = ours()
    error = await camera.refused("download_recording", **which)
    assert error.translation_key == "media_stalled"
    assert names(folder) == []
    assert progress[-1]["error"]
    assert ours() <= before


async def test_a_download_that_is_cancelled_leaves_nothing(
    hass: HomeAssistant, camera: Camera, folder: Path
) -> None:
    row = single(await camera.listed(limit=1000))
    camera.box.faults.stall = 2000
    begun = asyncio.Event()

    @callback
    def hear(_: Event) -> None:
        begun.set()

    hass.bus.async_listen(PROGRESS, hear)
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    call = asyncio.create_task(camera.ask("download_recording", **which))
    async with asyncio.timeout(DEADLINE):
        await begun.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    assert call.cancelled()
    await hass.async_add_executor_job(lambda: None)
    assert names(folder) == []


async def test_who_may_only_look_copies_nothing(
    camera: Camera, folder: Path, watcher: MockUser
) -> None:
    row = single(await camera.listed(limit=1000))
    with pytest.raises(Unauthorized):
        await camera.desk.call(
            "download_recording",
            by=watcher,
            media_content_id=row["media_content_id"],
            directory=str(folder),
        )
    assert names(folder) == []


# --- cut out ------------------------------------------------------------------------------------


async def test_a_time_becomes_one_film(camera: Camera, folder: Path) -> None:
    begin = BEGIN
    camera.box.add_clip(begin, 60)
    camera.box.add_clip(begin + timedelta(minutes=5), 60)
    told = await camera.ask(
        "export_clip",
        start=begin + timedelta(seconds=20),
        end=begin + timedelta(minutes=5, seconds=30),
        directory=str(folder),
    )
    assert told["recordings"] == 2
    assert told["length"] == pytest.approx(70, abs=2)
    path = Path(told["file"])
    assert names(folder) == [path.name]
    assert length_of(path.read_bytes()) == pytest.approx(70, abs=10), "cut at key frames"


async def test_a_part_of_a_recording_of_several_files_is_cut_out(
    camera: Camera, folder: Path
) -> None:
    begin = BEGIN
    camera.box.add_clip(begin, 180)
    told = await camera.ask(
        "export_clip",
        start=begin + timedelta(seconds=50),
        end=begin + timedelta(seconds=130),
        directory=str(folder),
        name="middle",
    )
    assert told["file"] == str(folder / "middle.mp4")
    assert length_of((folder / "middle.mp4").read_bytes()) == pytest.approx(80, abs=10)


@pytest.mark.parametrize(
    ("start", "end", "key"),
    [
        ("2026-01-05 09:00+00:00", "2026-01-05 08:00+00:00", "ends_before_start"),
        ("2026-01-05 09:00+00:00", "2026-01-05 09:00+00:00", "ends_before_start"),
        ("2026-01-05 09:00+00:00", "2026-01-06 09:01+00:00", "too_long"),
        ("2001-01-05 09:00+00:00", "2001-01-05 09:01+00:00", "nothing_recorded"),
    ],
)
async def test_a_time_without_recordings_becomes_nothing(
    camera: Camera, folder: Path, start: str, end: str, key: str
) -> None:
    error = await camera.refused("export_clip", start=start, end=end, directory=str(folder))
    assert error.translation_key == key
    assert isinstance(error, ServiceValidationError)
    assert names(folder) == []


# --- the newest, and the next -------------------------------------------------------------------


async def test_the_newest_recording_is_told(camera: Camera) -> None:
    newest = next(row for row in await camera.listed() if row["refs"])
    told = await camera.ask("latest_recording")
    assert told["recording"] == newest
    assert told["new"] is False


async def test_an_empty_card_has_no_newest(camera: Camera) -> None:
    for path in camera.box.clips:
        camera.box.camera.card.remove(path)
    told = await camera.ask("latest_recording")
    assert (told["recording"], told["new"]) == (None, False)


async def test_the_next_recording_is_waited_for(hass: HomeAssistant, set_up: SetUp) -> None:
    box = IspySimulator(pictures=drawn)
    desk = await set_up("ispy", box)
    runner = desk.entry.runtime_data.runner
    camera = desk.device("camera.1")
    await listed_once(runner, "camera.1")
    call = asyncio.create_task(
        desk.call("latest_recording", answer=True, device_id=camera, wait=60)
    )
    made: list[str] = []
    async with asyncio.timeout(DEADLINE):
        while not call.done():
            # One that is there when the wait begins is not the next one.
            name = f"1_2026-01-05_00-00-{len(made):02}.mp4"
            made.append(box.add_recording(2, 1, FileSeed(0.0, 12, name=name)).name)
            hint(runner, "camera.1")
            await asyncio.wait({call}, timeout=1.5)
    (result,) = call.result()["results"]
    assert result["new"] is True
    assert result["recording"]["name"] in made


def hint(runner: Runner, part: str) -> None:
    """Have the recordings of a part listed at once, as its feed would."""
    runner._hinted((f"recordings:{part}",))


async def listed_once(runner: Runner, part: str) -> None:
    """Wait until the recordings of a part were listed, so that what comes later is new."""
    count = f"{part}:recordings_today"
    await until(
        lambda: runner.state.value(count) is not None, lambda poke: runner.watch([count], poke)
    )


# --- deleted ------------------------------------------------------------------------------------


async def test_one_recording_is_deleted_and_no_other(hass: HomeAssistant, set_up: SetUp) -> None:
    box = IspySimulator(pictures=drawn)
    for _ in range(3):
        box.add_recording(2, 1)
    desk = await set_up("ispy", box)
    camera = desk.device("camera.1")

    async def rows() -> list[dict[str, Any]]:
        told = await desk.call("list_recordings", answer=True, device_id=camera)
        found: list[dict[str, Any]] = told["results"][0]["recordings"]
        return found

    before = await rows()
    await desk.call(
        "delete_recording", media_content_id=before[0]["media_content_id"], confirm=True
    )
    assert await rows() == before[1:]


async def test_deleting_is_confirmed_and_for_administrators(
    camera: Camera, guest: MockUser
) -> None:
    row = single(await camera.listed(limit=1000))
    error = await camera.refused("delete_recording", media_content_id=row["media_content_id"])
    assert error.translation_key == "not_confirmed"
    with pytest.raises(Unauthorized):
        await camera.desk.call(
            "delete_recording",
            by=guest,
            media_content_id=row["media_content_id"],
            confirm=True,
        )
    assert single(await camera.listed(limit=1000)) == row


async def test_a_target_beside_an_id_has_to_be_its_own(camera: Camera, set_up: SetUp) -> None:
    row = single(await camera.listed(limit=1000))
    box = IspySimulator(pictures=drawn)
    other = await set_up("ispy", box)
    with pytest.raises(ServiceValidationError) as caught:
        await camera.desk.call(
            "delete_recording",
            device_id=other.device("camera.1"),
            media_content_id=row["media_content_id"],
            confirm=True,
        )
    assert caught.value.translation_key == "not_of_target"
    assert single(await camera.listed(limit=1000)) == row


# --- as it happens ------------------------------------------------------------------------------


def _new_recording(hass: HomeAssistant) -> str:
    """Return the event entity of new recordings."""
    (entity_id,) = (
        each for each in hass.states.async_entity_ids("event") if each.endswith("_new_recording")
    )
    return entity_id


async def test_a_new_recording_names_what_it_takes_to_copy_it(
    hass: HomeAssistant, camera: Camera, folder: Path
) -> None:
    runner = camera.desk.entry.runtime_data.runner
    heard = asyncio.Event()

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and "media_content_id" in state.attributes:
            heard.set()

    async_track_state_change_event(hass, _new_recording(hass), hear)
    await listed_once(runner, BOX)
    camera.box.add_clip(seconds=5)
    async with asyncio.timeout(DEADLINE):
        hint(runner, BOX)
        await heard.wait()
    state = hass.states.get(_new_recording(hass))
    assert state is not None
    assert state.attributes["event_type"] == "recorded"
    assert state.attributes["kinds"] == ["motion"]
    told = await camera.ask(
        "download_recording",
        media_content_id=state.attributes["media_content_id"],
        directory=str(folder),
    )
    assert Path(told["file"]).exists()
