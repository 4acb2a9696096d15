"""The Amcrest simulator's downloads, by name and by time, whole and ill (§4.2.3, §4.11)."""

import asyncio
from datetime import datetime, timedelta
import io
from itertools import pairwise

import av
import pytest

from tests.simulators.amcrest import AmcrestSimulator, Damage, Item
from tests.simulators.amcrest.reel import file_reel
from tests.simulators.amcrest.store import Kind
from tests.simulators.clips import VideoCodec, mp4_clip
from tests.simulators_tests.conftest import Start
from tests.simulators_tests.raw import DEADLINE, Answer, Raw, cgi, login
from tests.simulators_tests.recording import begin, by_name, everything, frames

pytestmark = pytest.mark.usefixtures("socket_enabled")

NIGHT = datetime(2026, 5, 3, 23, 59, 55)  # noqa: DTZ001
MORNING = datetime(2026, 5, 3, 6, 5)  # noqa: DTZ001
KEY, SOUND = 0xFD, 0xF0


async def empty(start: Start, personality: str = "wizsense") -> AmcrestSimulator:
    box = await start(personality)
    box.store.clear()
    return box


async def fetch(box: AmcrestSimulator, item: Item) -> Answer:
    return await cgi(box, by_name(item.path))


def by_time(start: datetime, end: datetime, *more: str, channel: int = 1) -> str:
    times = f"startTime={start}&endTime={end}".replace(" ", "%20")
    return "&".join((f"loadfile.cgi?action=startLoad&channel={channel}&{times}", *more))


def pictures_in(data: bytes) -> tuple[str, int]:
    """The codec of a film, and how many pictures can be decoded."""
    with av.open(io.BytesIO(data), "r") as file:
        return file.streams.video[0].codec_context.name, sum(1 for _ in file.decode(video=0))


@pytest.mark.parametrize("codec", ["h264", "h265"])
async def test_a_dav_has_its_length_and_its_times(start: Start, codec: VideoCodec) -> None:
    box = await empty(start)
    item = box.store.add(0, NIGHT, 13, codec=codec)
    (row,) = await everything(box)
    answer = await fetch(box, item)
    assert answer.status == 200
    assert answer.header("Content-Type") == "application/octet-stream"
    assert answer.header("Content-Length") == row["Length"] == str(len(answer.body))
    read = list(frames(answer.body))
    assert read[0].date == "2026-05-03 23:59:55"
    assert read[-1].date == "2026-05-04 00:00:07"
    pictures = [frame for frame in read if frame.kind != SOUND]
    assert [frame.number for frame in pictures] == list(range(1, 131))
    steps = {(after.counter - before.counter) % 65_536 for before, after in pairwise(pictures)}
    assert steps == {100}
    assert pictures_in(answer.body) == ({"h264": "h264", "h265": "hevc"}[codec], 130)


@pytest.mark.parametrize(("kind", "begins"), [("mp4", b"ftyp"), ("jpg", b"\xff\xd8")])
async def test_other_files_have_their_length(start: Start, kind: Kind, begins: bytes) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 5, kind=kind)
    (row,) = await everything(box)
    answer = await fetch(box, item)
    assert row["Length"] == str(len(answer.body))
    assert begins in answer.body[:8]


@pytest.mark.parametrize("written", ["raw", "escaped", "twice"])
async def test_a_path_is_taken_however_it_is_written(start: Start, written: str) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 2)
    target = {
        "raw": f"RPC_Loadfile{item.path}",
        "escaped": by_name(item.path),
        "twice": f"RPC_Loadfile/{item.path}",
    }[written]
    assert len((await cgi(box, target)).body) == box.store.size(item)


async def test_a_range_is_not_heeded(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 2)
    target = f"/cgi-bin/{by_name(item.path)}"
    header = await login(box, target)
    async with await Raw.connect(box) as raw:
        answer = await raw.ask(target, header, "Range: bytes=10-20")
    assert answer.status == 200
    assert len(answer.body) == box.store.size(item)


@pytest.mark.parametrize(
    ("damage", "status"),
    [
        (Damage.TRUNCATED, 200),
        (Damage.EMPTY, 200),
        (Damage.GONE, 404),
        (Damage.REMOTE, 404),
    ],
)
async def test_a_damaged_file_is_what_its_length_says(
    start: Start, damage: Damage, status: int
) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 5, damage=damage)
    (row,) = await everything(box)
    answer = await cgi(box, by_name(f"/{item.path.lstrip('/')}"))
    assert answer.status == status
    if status == 200:
        assert row["Length"] == str(len(answer.body))
    if damage is Damage.TRUNCATED:
        assert answer.body.startswith(b"DHAV")
        assert answer.body[-8:-4] != b"dhav"
    if damage is Damage.EMPTY:
        assert answer.body == b""


async def test_a_file_that_was_listed_and_deleted_is_not_found(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 5)
    assert len(await everything(box)) == 1
    box.store.remove(item)
    assert (await fetch(box, item)).status == 404


async def test_some_firmware_gives_nothing(start: Start) -> None:
    box = await empty(start)
    box.faults.load_empty = True
    answer = await fetch(box, box.store.add(0, MORNING, 5))
    assert (answer.status, answer.header("Content-Length"), answer.body) == (200, "0", b"")


async def test_some_recorders_wrap_the_file(start: Start) -> None:
    box = await empty(start, "hostile")
    item = box.store.add(0, MORNING, 5)
    answer = await fetch(box, item)
    assert answer.header("Content-Type") == "multipart/x-mixed-replace; boundary=myboundary"
    status, file, end = answer.body.split(b"--myboundary")[1:]
    assert status.startswith(b"\r\nContent-Type: application/json\r\n")
    assert status.endswith(b'\r\n\r\n{"result":true}\r\n')
    head, _, data = file.partition(b"\r\n\r\n")
    assert head == (
        b"\r\nContent-Type: application/http\r\nContent-Length: %d" % box.store.size(item)
    )
    assert len(data) == box.store.size(item) + 2
    assert data.startswith(b"DAHUA")
    assert end == b"--\r\n"


async def test_a_length_may_be_missing(start: Start) -> None:
    box = await empty(start)
    box.faults.load_length = False
    item = box.store.add(0, MORNING, 5)
    answer = await fetch(box, item)
    assert answer.header("Content-Length") is None
    assert len(answer.body) == box.store.size(item)


async def test_a_recorder_cuts_its_key_frames_into_pieces(start: Start) -> None:
    box = await empty(start, "nvr")
    answer = await fetch(box, box.store.add(0, MORNING, 3))
    pieces = [frame.piece for frame in frames(answer.body) if frame.kind == KEY]
    assert pieces[0] == 0
    assert max(pieces) >= 1


async def test_the_manager_gives_files_too(start: Start) -> None:
    box = await empty(start, "nvr")
    item = box.store.add(0, MORNING, 3)
    answer = await cgi(box, f"FileManager.cgi?action=downloadFile&fileName={item.path}")
    assert len(answer.body) == box.store.size(item)


# By time


async def test_a_time_is_cut_from_the_key_frame_before_it(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING, 20)
    second = timedelta(seconds=1)
    answer = await cgi(box, by_time(MORNING + 3 * second, MORNING + 6 * second))
    assert answer.header("Content-Length") is None
    read = list(frames(answer.body))
    assert read[0].kind == KEY
    assert read[0].date == "2026-05-03 06:05:03"
    assert read[-1].date == "2026-05-03 06:05:05"


async def test_a_time_goes_on_over_files_and_gaps(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING, 5)
    box.store.add(0, MORNING + timedelta(seconds=30), 5)
    answer = await cgi(box, by_time(MORNING, MORNING + timedelta(minutes=1)))
    dates = [frame.date[-2:] for frame in frames(answer.body)]
    assert sorted(set(dates)) == ["00", "01", "02", "03", "04", "30", "31", "32", "33", "34"]
    assert dates == sorted(dates)


async def test_a_time_without_a_recording_is_refused(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING, 5)
    box.store.add(0, MORNING, 5, stream="Extra1")
    later = MORNING + timedelta(hours=1)
    for target in (
        by_time(later, later + timedelta(minutes=1)),
        by_time(MORNING, MORNING + timedelta(seconds=2), "subtype=2"),
        by_time(MORNING, MORNING + timedelta(seconds=2), channel=2),
        by_time(MORNING, MORNING - timedelta(seconds=2)),
        "loadfile.cgi?action=startLoad&channel=1",
    ):
        assert (await cgi(box, target)).status == 400, target
    small = await cgi(box, by_time(MORNING, MORNING + timedelta(seconds=2), "subtype=1"))
    assert small.body.startswith(b"DHAV")


async def test_only_some_give_a_time_as_mp4(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING, 20)
    target = by_time(MORNING, MORNING + timedelta(seconds=7), "Types=mp4")
    answer = await cgi(box, target)
    assert pictures_in(answer.body) == ("h264", 70)
    box.faults.load_mp4 = False
    assert (await cgi(box, target)).status == 400


async def test_play_back_says_its_number_first(start: Start) -> None:
    box = await empty(start)
    box.store.add(0, MORNING, 5)
    target = by_time(MORNING, MORNING + timedelta(seconds=2)).replace(
        "loadfile.cgi?action=startLoad", "playBack.cgi?action=getStream"
    )
    body = (await cgi(box, target)).body
    assert body.startswith(b"streamId=1\r\nDHAV")
    assert list(frames(body.removeprefix(b"streamId=1\r\n")))


# What befalls a download


async def test_a_download_can_stall_and_go_on(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 10)
    box.faults.download_stall = 10_000
    raw, _ = await begin(box, by_name(item.path))
    async with raw:
        await box.until(lambda: any(one.held for one in box.downloads.open))
        assert box.downloads.open[0].sent == 10_000
        box.downloads.release()
        assert len(await raw.rest()) == box.store.size(item)
    await box.until(lambda: not box.downloads.open)
    assert box.downloads.log[-1].done


async def test_a_client_that_leaves_a_stalled_download_frees_it(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 10)
    box.faults.download_stall = 10_000
    raw, _ = await begin(box, by_name(item.path))
    async with raw:
        await box.until(lambda: any(one.held for one in box.downloads.open))
    await box.until(lambda: not box.downloads.open)
    assert not box.downloads.log[-1].done


@pytest.mark.parametrize("rude", [False, True])
async def test_a_download_can_be_cut(start: Start, rude: bool) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 10)
    box.faults.download_cut, box.faults.download_cut_rst = 10_000, rude
    raw, head = await begin(box, by_name(item.path))
    async with raw:
        assert b"Content-Length: %d\r\n" % box.store.size(item) in head
        if rude:
            with pytest.raises(ConnectionResetError):
                await raw.rest()
        else:
            assert len(await raw.rest()) == 10_000
    assert not box.downloads.log[-1].done


async def test_a_slow_download_comes_in_drips(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 10)
    box.faults.download_rate = 20_000
    raw, _ = await begin(box, by_name(item.path))
    async with raw, asyncio.timeout(DEADLINE):
        await raw.reader.readexactly(3_000)
        assert box.downloads.open[0].sent < box.store.size(item)
        box.faults.download_rate = None
        assert len(await raw.rest()) == box.store.size(item) - 3_000


async def test_one_more_download_than_there_may_be_is_refused(start: Start) -> None:
    box = await empty(start)
    item = box.store.add(0, MORNING, 10)
    box.faults.downloads = 1
    box.faults.download_stall = 10_000
    raw, _ = await begin(box, by_name(item.path))
    async with raw:
        await box.until(lambda: any(one.held for one in box.downloads.open))
        for target in (by_name(item.path), by_time(MORNING, MORNING + timedelta(seconds=5))):
            refused = await cgi(box, target)
            assert refused.body == b"Resource is limited, open video failed!\r\n"
        box.downloads.release()
        await raw.rest()
    await box.until(lambda: not box.downloads.open)
    assert len((await fetch(box, item)).body) == box.store.size(item)


async def test_a_loop_that_is_a_file_already_can_be_recorded(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("loop") / "loop.mp4"
    path.write_bytes(await asyncio.to_thread(mp4_clip, 2))
    reel = await asyncio.to_thread(file_reel, path)
    body = b"".join(reel.dav(MORNING, 7))
    assert len(body) == reel.size(7)
    assert pictures_in(body) == ("h264", 70)
    assert SOUND in {frame.kind for frame in frames(body)}
    assert pictures_in(reel.mp4(5)) == ("h264", 50)
