"""Recordings played as a browser plays them: whole, in ranges, by several, and given up."""

import asyncio
from datetime import UTC, datetime, timedelta
from fractions import Fraction
import functools
import io
from pathlib import Path
from typing import Any

from aiohttp import ClientPayloadError, ClientResponse
import av
from homeassistant.core import HomeAssistant
import pytest

from custom_components.cctv import connection, playback, spool
from custom_components.cctv.devices.env import Env
from custom_components.cctv.spool import SPOOL
from tests.devices.clock import FakeClock
from tests.ha.house import House, eventually
from tests.simulators.amcrest import AmcrestSimulator
from tests.simulators.ispy import CAMERA, IspySimulator
from tests.simulators.ispy.personality import FileSeed
from tests.simulators.yi_hack import YiHackSimulator

from .conftest import PASSWORD, USER, Move
from .viewer import Viewer

ALONE = "12:00"
"""A recording of one file."""
JOINED = "13:00"
"""A recording that goes on in another file."""


async def address(viewer: Viewer, title: str, *places: str) -> str:
    """Return the address of the recording whose title begins so."""
    place = await viewer.walk(*places)
    (found,) = [one for one in place["children"] if one["title"].startswith(title)]
    return (await viewer.resolve(found["media_content_id"]))["url"]


async def of_yi(viewer: Viewer, title: str = ALONE) -> str:
    """Return the address of one of the camera's recordings."""
    return await address(viewer, title, "yi", "2026")


async def of_avi(viewer: Viewer, ispy: House[IspySimulator], seconds: int = 4) -> str:
    """Return the address of an AVI, which nobody plays as it is."""
    name = "1_2026-03-01_11-00-00.avi"
    ispy.box.add_recording(CAMERA, 1, FileSeed(2.5, seconds, name=name))
    return await address(viewer, "11:00", "Office", "Front door", "2026")


def stored(yi: House[YiHackSimulator], ending: str = "00M00S23.mp4") -> bytes:
    """Return the bytes of a file on the card."""
    (path,) = [path for path in yi.box.clips if path.endswith(ending)]
    file = yi.box.camera.card.find(path)
    assert file is not None
    return file.make()


def film(body: bytes) -> tuple[str, float, int]:
    """Return the codec of an MP4, how long it says it is, and how many pictures come out."""
    with av.open(io.BytesIO(body), "r") as container:
        (video,) = container.streams.video
        assert container.duration is not None
        seconds = float(Fraction(container.duration, av.time_base))
        return video.codec_context.name, seconds, len(list(container.decode(video)))


# --- as they are stored


async def test_a_file_that_browsers_play_is_passed_on_byte_for_byte(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    answer = await viewer.get(await of_yi(viewer))
    whole = stored(yi)
    assert answer.status == 200
    assert answer.headers["Content-Length"] == str(len(whole))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert "private" in answer.headers["Cache-Control"]
    assert await answer.read() == whole


@pytest.mark.parametrize("kept", [True, False], ids=["ranges", "no ranges"])
async def test_any_range_is_exactly_what_was_asked(
    yi: House[YiHackSimulator], viewer: Viewer, kept: bool
) -> None:
    yi.box.faults.ranges = kept
    url, whole = await of_yi(viewer), stored(yi)
    size = len(whole)
    for wanted, begin, end in (
        ("bytes=0-", 0, size),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        (f"bytes={size - 1}-", size - 1, size),
        (f"bytes={size // 2}-{size * 2}", size // 2, size),
        ("bytes=-100", size - 100, size),
        (f"bytes=-{size * 2}", 0, size),
    ):
        answer = await viewer.get(url, wanted)
        assert answer.status == 206, wanted
        assert answer.headers["Content-Range"] == f"bytes {begin}-{end - 1}/{size}"
        assert answer.headers["Content-Length"] == str(end - begin)
        assert await answer.read() == whole[begin:end], wanted


async def test_a_range_behind_the_end_is_refused(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url, size = await of_yi(viewer), len(stored(yi))
    answer = await viewer.get(url, f"bytes={size}-")
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{size}")


async def test_a_range_of_what_has_changed_brings_everything(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url, size = await of_yi(viewer), len(stored(yi))
    tag = (await viewer.http.head(url)).headers["ETag"]
    kept = await viewer.get(url, "bytes=1-2", **{"If-Range": tag})
    changed = await viewer.get(url, "bytes=1-2", **{"If-Range": '"other"'})
    assert (kept.status, kept.content_length) == (206, 2)
    assert (changed.status, changed.content_length) == (200, size)


async def test_a_head_tells_the_same_without_bytes(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url, size = await of_yi(viewer), len(stored(yi))
    answer = await viewer.http.head(url, headers={"Range": "bytes=1-2"})
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(size))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert await answer.read() == b""


async def test_a_file_that_has_gone_is_said_to_be_gone(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = await of_yi(viewer)
    for path in yi.box.clips:
        yi.box.camera.card.remove(path)
    answer = await viewer.get(url)
    assert answer.status == 404
    assert await answer.text() == "There is no such recording, or not any more"
    # And it is not shown any more.
    assert (await viewer.walk("yi", "2026"))["children"] == []


async def test_a_file_that_breaks_off_is_never_taken_for_whole(
    ispy: House[IspySimulator], viewer: Viewer
) -> None:
    url = await address(viewer, "09:30", "Office", "Driveway", "2026")
    assert (await viewer.http.head(url)).status == 200
    ispy.box.faults.truncate = 1000
    answer = await viewer.get(url)
    assert answer.status == 200
    with pytest.raises(ClientPayloadError):
        await answer.read()


# --- as they are made


async def test_an_avi_is_made_into_mp4_of_a_promised_length(
    hass: HomeAssistant, ispy: House[IspySimulator], viewer: Viewer
) -> None:
    url = await of_avi(viewer, ispy)
    answer = await viewer.get(url)
    assert (answer.status, answer.content_type) == (200, "video/mp4")
    body = await answer.read()
    codec, seconds, pictures = film(body)
    assert codec == "h264"
    assert seconds == pytest.approx(4, abs=0.5)
    assert pictures > 4
    # Whatever was promised at first, once it is there it has ranges.
    size = len(body)
    part = await viewer.get(url, f"bytes={size // 2}-")
    assert part.status == 206
    assert part.headers["Content-Range"] == f"bytes {size // 2}-{size - 1}/{size}"
    assert await part.read() == body[size // 2 :]
    assert hass.data[SPOOL].works == 1


async def test_files_that_go_on_in_each_other_are_one_film(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = await of_yi(viewer, JOINED)
    answer = await viewer.get(url, "bytes=0-")
    assert answer.status == 206
    body = await answer.read()
    assert len(body) == answer.content_length
    codec, seconds, pictures = film(body)
    assert codec == "h264"
    assert seconds == pytest.approx(83, abs=1.5)
    assert pictures > 83
    size = len(body)
    # Its index tells all once it is whole.
    body = await (await viewer.get(url)).read()
    assert len(body) == size
    for wanted, begin, end in (
        ("bytes=-8", size - 8, size),
        ("bytes=1000-1999", 1000, 2000),
        (f"bytes={size // 2}-", size // 2, size),
    ):
        part = await viewer.get(url, wanted)
        assert (part.status, await part.read()) == (206, body[begin:end])
    assert (await viewer.get(url, f"bytes={size}-")).status == 416


async def test_the_last_bytes_are_known_before_all_others(
    hass: HomeAssistant, yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = await of_yi(viewer, JOINED)
    size = (await viewer.http.head(url)).content_length
    assert size is not None
    tail = await viewer.get(url, "bytes=-1000")
    assert await tail.read() == bytes(1000)
    whole = await (await viewer.get(url)).read()
    assert whole[-1000:] == bytes(1000)
    assert len(whole) == size


async def test_h265_is_converted_where_it_is_asked(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    place = await viewer.walk("yi", "2026")
    (found,) = [one for one in place["children"] if one["title"].startswith(ALONE)]
    told = await viewer.resolve(f"{found['media_content_id']}/h264")
    assert "/play/h264/" in told["url"]
    body = await (await viewer.get(told["url"])).read()
    assert film(body)[0] == "h264"


async def test_twenty_viewers_watch_one_conversion(
    hass: HomeAssistant, ispy: House[IspySimulator], viewer: Viewer
) -> None:
    url = await of_avi(viewer, ispy)
    asked = len(ispy.box.wire)

    async def watch() -> bytes:
        return await (await viewer.get(url)).read()

    bodies = await asyncio.gather(*(watch() for _ in range(20)))
    # Who came late has the whole index in front.
    assert len({len(body) for body in bodies}) == 1
    assert len({bytes(body[len(body) // 2 :]) for body in bodies}) == 1
    loaded = [one for one in ispy.box.wire[asked:] if "loadclip" in one.request.target]
    assert len(loaded) == 1


async def test_what_is_still_made_is_not_taken_for_what_it_becomes(
    ispy: House[IspySimulator], viewer: Viewer
) -> None:
    answer = await _begun(viewer, await _stalled(ispy, viewer))
    assert answer.headers["ETag"].startswith("W/")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    answer.close()


async def test_who_began_while_it_was_made_goes_on_with_what_it_became(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = await of_yi(viewer, JOINED)
    await (await viewer.get(url)).read()
    answer = await viewer.http.head(url)
    tag = answer.headers["ETag"]
    assert tag.startswith('"')
    assert "max-age" in answer.headers["Cache-Control"]
    for since, status in ((tag, 206), (f"W/{tag}", 206), ('"other"', 200)):
        part = await viewer.get(url, "bytes=1-2", **{"If-Range": since})
        assert part.status == status, since
        part.close()


# --- given up


async def _stalled(ispy: House[IspySimulator], viewer: Viewer) -> str:
    """Return the address of a conversion that never ends."""
    url = await of_avi(viewer, ispy, seconds=40)
    ispy.box.faults.stall = 9_000_000
    return url


async def _begun(viewer: Viewer, url: str) -> ClientResponse:
    """Return an answer that has begun."""
    answer = await viewer.get(url)
    assert answer.status == 200
    assert await answer.content.read(1) != b""
    return answer


async def test_nothing_is_left_when_the_last_viewer_has_gone(
    hass: HomeAssistant,
    ispy: House[IspySimulator],
    viewer: Viewer,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spool, "GRACE_SECONDS", 0.05)
    before = _tasks()
    first = await _begun(viewer, await _stalled(ispy, viewer))
    assert hass.data[SPOOL].works == 1
    assert _files(cache)
    first.close()
    await eventually(lambda: hass.data[SPOOL].works == 0)
    await eventually(lambda: not _files(cache))
    await eventually(lambda: not [one for one in _tasks() - before if "spool" in one])


async def test_who_comes_back_in_time_goes_on_with_the_same_work(
    hass: HomeAssistant, ispy: House[IspySimulator], viewer: Viewer
) -> None:
    url = await _stalled(ispy, viewer)
    asked = len(ispy.box.wire)
    (await _begun(viewer, url)).close()
    (await _begun(viewer, url)).close()
    loaded = [one for one in ispy.box.wire[asked:] if "loadclip" in one.request.target]
    assert len(loaded) == 1


async def test_nothing_is_left_when_the_device_is_unloaded(
    hass: HomeAssistant, ispy: House[IspySimulator], viewer: Viewer, cache: Path
) -> None:
    answer = await _begun(viewer, await _stalled(ispy, viewer))
    await hass.config_entries.async_unload(ispy.entry.entry_id)
    assert hass.data[SPOOL].works == 0
    assert not _files(cache)
    with pytest.raises(ClientPayloadError):
        await answer.read()


async def test_who_waits_too_long_for_a_turn_is_told_so(
    hass: HomeAssistant,
    ispy: House[IspySimulator],
    viewer: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playback, "TURN_SECONDS", 0.3)
    url = await address(viewer, "09:30", "Office", "Driveway", "2026")
    ispy.box.faults.delays["loadclip.mp4"] = 30
    answer = await viewer.get(url)
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert await answer.text() == (
        "Office, 2nd floor is sending other recordings just now; try again in a moment"
    )


async def test_an_empty_recording_is_said_to_be_empty(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = await of_yi(viewer)
    (path,) = [path for path in yi.box.clips if path.endswith("00M00S23.mp4")]
    yi.box.camera.card.put(path, lambda: b"")
    answer = await viewer.get(url)
    assert answer.status == 422
    assert await answer.text() == "There is nothing in this recording of yi-living-room"


async def test_a_damaged_recording_is_said_to_be_damaged(
    yi: House[YiHackSimulator], viewer: Viewer
) -> None:
    url = (await of_yi(viewer)).split("?")[0].replace("/play/", "/play/h264/")
    (path,) = [path for path in yi.box.clips if path.endswith("00M00S23.mp4")]
    yi.box.camera.card.put(path, lambda: b"\x17noise" * 5000)
    answer = await viewer.get(url)
    assert answer.status == 422
    assert "damaged" in await answer.text() or "cannot be played" in await answer.text()


def _tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


def _files(cache: Path) -> list[Any]:
    return list((cache / "spool").glob("*"))


# --- .dav


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Return the clock that devices live by; it shows the time that the recorder has."""
    passed = datetime.now(UTC) - FakeClock(0).now()
    clock = FakeClock(passed.total_seconds())
    monkeypatch.setattr(connection, "Env", functools.partial(Env, clock=clock))
    return clock


@pytest.fixture
async def recorder(
    move_in: Move, clock: FakeClock, request: pytest.FixtureRequest
) -> House[AmcrestSimulator]:
    """Return a recorder with recordings as it writes them; a test may name the codec."""
    box = AmcrestSimulator("nvr", USER, PASSWORD, pictures=_no_picture)
    box.config["Encode[0].MainFormat[0].Video.Compression"] = getattr(request, "param", "H.264")
    house = await move_in(box, username=USER, password=PASSWORD)
    box.store.clear()
    # What it records is found by the survey.
    await house.known(clock)
    return house


def _yesterday(recorder: House[AmcrestSimulator]) -> datetime:
    """Return a morning on the box's clock, in whatever zone Home Assistant is: no day ends then."""
    now: datetime = recorder.box.device.clock.now()
    return now.replace(hour=9, minute=30, second=12, microsecond=0) - timedelta(days=1)


def _no_picture(scene: str, number: int) -> bytes:
    return b"\xff\xd8\xff\xe0" + f"{scene} {number}".encode() + b"\xff\xd9"


async def test_a_dav_is_made_into_mp4_while_it_comes(
    recorder: House[AmcrestSimulator], viewer: Viewer
) -> None:
    item = recorder.box.store.add(0, _yesterday(recorder), seconds=10)
    place = await viewer.walk(recorder.entry.title)
    place = await viewer.open(place["children"][0]["media_content_id"])
    day = await viewer.open(place["children"][0]["media_content_id"])
    (one,) = day["children"]
    assert one["title"][2:8] == f"{item.start::%M:%S}"
    assert " · Motion · 0:10 · " in one["title"]
    url = (await viewer.resolve(one["media_content_id"]))["url"]
    answer = await viewer.get(url, "bytes=0-")
    assert answer.status == 206
    body = await answer.read()
    assert len(body) == answer.content_length
    codec, seconds, pictures = film(body)
    assert codec == "h264"
    assert seconds == pytest.approx(10, abs=0.5)
    assert pictures > 10
    still = await viewer.get(one["thumbnail"])
    assert (still.status, still.content_type) == (200, "image/jpeg")


@pytest.mark.parametrize(
    ("recorder", "opens"), [("H.265", True), ("H.264", False)], indirect=["recorder"]
)
async def test_what_may_be_h265_opens_as_the_forms_it_is_played_in(
    recorder: House[AmcrestSimulator], viewer: Viewer, opens: bool
) -> None:
    recorder.box.store.add(0, _yesterday(recorder), seconds=10)
    place = await viewer.walk(recorder.entry.title)
    place = await viewer.open(place["children"][0]["media_content_id"])
    day = await viewer.open(place["children"][0]["media_content_id"])
    (one,) = day["children"]
    assert (one["can_play"], one["can_expand"]) == (True, opens)
    forms = await viewer.open(one["media_content_id"])
    assert len(forms["children"]) == 2


async def test_a_dav_that_breaks_off_shows_what_came_and_hangs_up(
    recorder: House[AmcrestSimulator], viewer: Viewer
) -> None:
    recorder.box.store.add(0, _yesterday(recorder), seconds=60)
    recorder.box.faults.download_cut = 400_000
    place = await viewer.walk(recorder.entry.title)
    place = await viewer.open(place["children"][0]["media_content_id"])
    day = await viewer.open(place["children"][0]["media_content_id"])
    url = (await viewer.resolve(day["children"][0]["media_content_id"]))["url"]
    answer = await viewer.get(url)
    assert answer.status == 200
    came = bytearray()

    async def watch() -> None:
        async for chunk in answer.content.iter_any():
            came.extend(chunk)

    with pytest.raises(ClientPayloadError):
        await watch()
    assert b"moof" in came
