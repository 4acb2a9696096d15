"""Recordings as files: copied from simulated boxes over real sockets, or cut out of a time."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from errno import ENOSPC
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import av
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.cctv.action_downloads import PROGRESS
from custom_components.cctv.action_recordings import records
from custom_components.cctv.media import source as media_source
from tests.devices.waiting import DEADLINE, until
from tests.simulators.amcrest import AmcrestSimulator

from .boxes import BEGIN, Camera, SetUp, moment, several, single

_NOTHING: Final = compile("", "", "exec")
SECRET: Final = "media-source://cctv/"


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
    """Return the tasks of the integration, not those of the box nor the engine's timers."""
    files = {
        task: getattr(task.get_coro(), "cr_code", _NOTHING).co_filename
        for task in asyncio.all_tasks()
    }
    return {
        task
        for task, file in files.items()
        if "custom_components" in file and "/devices/" not in file
    }


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


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
    # A poll looks with HEAD whether one is being made.
    since = [each for each in list(camera.box.wire)[asked:] if each.method == "GET"]
    assert not [each for each in since if "/record/" in each.target]
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
    yield f"{head}/{payload[:20]}{'A' if payload[20] != 'A' else 'B'}{payload[21:]}"
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
    # A poll looks with HEAD whether one is being made.
    since = [each for each in list(camera.box.wire)[asked:] if each.method == "GET"]
    assert not [each for each in since if "/record/" in each.target]
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


class Counted(BytesIO):
    """A file that knows how much of it was read."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read and count."""
        body = super().read(size)
        self.count += len(body)
        return body


def sought(body: bytes, share: float) -> tuple[float, float]:
    """Go to a share of a film as a player does; return where that is, and how much it read."""
    file = Counted(body)
    with av.open(file, "r") as film:
        video = film.streams.video[0]
        assert film.duration is not None
        assert video.time_base is not None
        film.seek(round(film.duration * share))
        packet = next(film.demux(video))
        assert packet.pts is not None
        return float(packet.pts * video.time_base), file.count / len(body)


async def test_in_what_was_written_one_can_go_to_any_place(camera: Camera, folder: Path) -> None:
    camera.box.add_clip(BEGIN, 180)
    end = BEGIN + timedelta(seconds=170)
    where = {"directory": str(folder), "name": "clip"}
    told = await camera.ask("export_clip", start=BEGIN, end=end, **where)
    row = several(await camera.listed(limit=1000))
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    joined = await camera.ask("download_recording", name="film", format="mp4", **which)
    for one in (told, joined):
        body = Path(one["file"]).read_bytes()
        for share in (0.9, 0.5):
            at, read = sought(body, share)
            assert at == pytest.approx(one["length"] * share, abs=10), "at a key picture"
            assert read < 0.2


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


# --- a vendor's own container -------------------------------------------------------------------


async def test_a_dav_is_copied_as_it_is_and_as_a_film(set_up: SetUp, folder: Path) -> None:
    box = AmcrestSimulator("nvr", "admin", "secret-1")
    desk = await set_up("amcrest", box, login=("admin", "secret-1"))
    camera = Camera(box, desk, "camera.1")
    runner = desk.entry.runtime_data.runner
    # What it keeps is found by the survey.
    await until(lambda: records(runner.state.topology.parts["camera.1"]), runner.watch_topology)
    rows = await camera.listed(limit=1000)
    row = next(each for each in rows if each["container"] == "dav" and each["length"])
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    told = await camera.ask("download_recording", name="raw", **which)
    raw = Path(told["file"])
    assert raw.name == "raw.dav"
    assert raw.read_bytes().startswith(b"DHAV")
    await camera.ask("download_recording", name="film", format="mp4", **which)
    film = (folder / "film.mp4").read_bytes()
    assert length_of(film) == pytest.approx(row["length"], abs=5)
    middle = moment(row["start"]) + timedelta(seconds=row["length"] / 2)
    told = await camera.ask(
        "export_clip", start=middle, end=moment(row["end"]), directory=str(folder), name="end"
    )
    assert names(folder) == ["end.mp4", "film.mp4", "raw.dav"]
    half = length_of((folder / "end.mp4").read_bytes())
    assert half == pytest.approx(row["length"] / 2, abs=5)


async def test_a_disk_that_is_full_leaves_nothing(
    camera: Camera, folder: Path, monkeypatch: pytest.MonkeyPatch, progress: list[dict[str, Any]]
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(ENOSPC, "full")

    row = single(await camera.listed(limit=1000))
    monkeypatch.setattr(Path, "replace", refuse)
    which = {"media_content_id": row["media_content_id"], "directory": str(folder)}
    error = await camera.refused("download_recording", **which)
    assert error.translation_key == "file_failed"
    assert names(folder) == []
    assert "full" in progress[-1]["error"]
