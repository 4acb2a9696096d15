"""The simulated yi-hack camera's card: names, listings, files, the recorder (§5.2-§5.6, §7)."""

import asyncio
from datetime import UTC, datetime, timedelta
import io
import json

import av
import pytest

from tests.simulators.yi_hack import NamesIn, Thumbs, YiHackSimulator
from tests.simulators_tests.raw import Answer
from tests.simulators_tests.yi_box import AT, body, running, said, values

pytestmark = pytest.mark.usefixtures("socket_enabled")

DONE = b'{\n"error":"false"\n}'
FAILED = b'{\n"error":"true"\n}'
DIR = "2026Y11M20D14H"


async def static(box: YiHackSimulator, path: str, *headers: str, method: str = "GET") -> Answer:
    """A file of the card."""
    head, _, rest = (await said(box, f"/record/{path}", *headers, method=method)).partition(
        b"\r\n\r\n"
    )
    return Answer(head + b"\r\n", rest)


def wipe(box: YiHackSimulator) -> None:
    """Have an empty card."""
    box.camera.card.remove_folder("")


# §5.2, §5.3 Listings


async def test_folders_newest_first_shown_in_the_camera_s_zone() -> None:
    async with running() as box:
        wipe(box)
        box.add_clip(AT.replace(hour=13), 10)
        box.add_clip(AT, 10)
        assert await body(box, "eventsdir.sh") == (
            b'{"records":[\n'
            b'{\n"datetime":"Date: 2026-11-20 Time: 15:00",\n"dirname":"2026Y11M20D14H"\n},\n'
            b'{\n"datetime":"Date: 2026-11-20 Time: 14:00",\n"dirname":"2026Y11M20D13H"\n}\n'
            b"]}"
        )
        box.config["system"]["EVENTS_TIME"] = "local"
        found = await values(box, "eventsdir.sh")
        assert found["records"][0]["datetime"] == "Date: 2026-11-20 Time: 14:00"
        wipe(box)
        assert await body(box, "eventsdir.sh") == b'{"records":[\n]}'


async def test_files_of_an_hour_newest_first_with_their_thumbnails() -> None:
    async with running() as box:
        wipe(box)
        box.add_clip(AT.replace(minute=1, second=37), 23)
        box.add_clip(AT.replace(minute=2, second=0), 5)
        assert await body(box, f"eventsfile.sh?dirname={DIR}") == (
            b'{"error":"false",\n"date":"2026-11-20",\n"records":[\n'
            b'{\n"time":"Time: 15:02",\n"filename":"02M00S05.mp4",\n'
            b'"thumbfilename":"02M00S05.jpg"\n},\n'
            b'{\n"time":"Time: 15:01",\n"filename":"01M37S23.mp4",\n'
            b'"thumbfilename":"01M37S23.jpg"\n}\n'
            b"]}"
        )
        assert await body(box, "eventsfile.sh") == FAILED
        assert (await values(box, "eventsfile.sh?dirname=2026Y01M01D01H"))["records"] == []
        assert (await values(box, "eventsfile.sh?dirname=garbage"))["date"] == "--"


async def test_the_date_of_a_late_hour_is_the_camera_s() -> None:
    async with running() as box:
        box.add_clip(AT.replace(hour=23), 5)
        found = await values(box, "eventsfile.sh?dirname=2026Y11M20D23H")
        assert (found["date"], found["records"][0]["time"]) == ("2026-11-21", "Time: 00:57")


async def test_v5_lists_less_in_its_own_way() -> None:
    async with running("v5") as box:
        wipe(box)
        box.add_clip(AT, 12)
        found = await values(box, "eventsdir.sh")
        assert found["records"][0]["datetime"] == "Date: 2026-11-20 Time: 14:00"
        assert await body(box, f"eventsfile.sh?dirname={DIR}") == (
            b'{"date":"2026-11-20",\n"records":[\n'
            b'{\n"time":"Time: 14:57",\n"filename":"57M13S.mp4"\n}\n]}'
        )
        assert await values(box, "eventsfile.sh") == {"date": "--", "records": []}


async def test_foreign_names_leave_a_trailing_comma() -> None:
    async with running("hostile") as box:
        for script in ("eventsdir.sh", f"eventsfile.sh?dirname={box.clips[-1].split('/')[0]}"):
            text = await body(box, script)
            assert text.endswith(b"},\n]}")
            with pytest.raises(ValueError):
                json.loads(text)
        box.camera.add_lapse(AT)
        assert (await body(box, "timelapse.sh?action=list")).endswith(b"},\n]}")


async def test_names_of_a_length_that_is_not_expected_are_not_listed() -> None:
    for name, form, listed in (
        ("mstar", 14, False),
        ("allwinner_v2", 14, True),
        ("allwinner_v2", 12, True),
        ("v5", 12, False),
    ):
        async with running(name) as box:
            wipe(box)
            box.camera.recorder.name_form = form
            made = box.add_clip(AT, 5)
            text = await body(box, f"eventsfile.sh?dirname={DIR}")
            assert (made[0].split("/")[1].encode() in text) is listed


async def test_names_of_14_characters_are_in_the_order_of_time() -> None:
    async with running("hostile") as box:
        wipe(box)
        for minute, kind in ((1, "E2"), (2, "E1")):
            box.add_clip(AT.replace(minute=minute), 5, kind)
        found = await values(box, f"eventsfile.sh?dirname={box.clips[0].split('/')[0]}")
        names = [record["filename"] for record in found["records"]]
        assert names == ["E132M13S05.mp4", "E231M13S05.mp4"]


# §7 Which clock


@pytest.mark.parametrize(
    ("name", "homever", "osd", "names_in", "folder"),
    [
        ("mstar", None, "no", NamesIn.AUTO, "2026Y11M20D14H"),
        ("mstar", None, "yes", NamesIn.AUTO, "2026Y11M20D15H"),
        ("mstar", None, "no", NamesIn.LOCAL, "2026Y11M20D15H"),
        ("allwinner", "12.1", "no", NamesIn.AUTO, "2026Y11M20D14H"),
        ("allwinner_v2", "9.0", "no", NamesIn.AUTO, "2026Y11M20D14H"),
        ("allwinner_v2", "11.1", "no", NamesIn.AUTO, "2026Y11M20D15H"),
        ("allwinner_v2", "12.0", "yes", NamesIn.GMT, "2026Y11M20D14H"),
    ],
)
async def test_names_are_gmt_or_local(
    name: str, homever: str | None, osd: str, names_in: NamesIn, folder: str
) -> None:
    async with running(name, homever=homever) as box:
        box.config["system"]["TIME_OSD"] = osd
        box.faults.names_in = names_in
        path = box.add_clip(AT, 5)[0]
        assert path.startswith(folder)
        answer = await static(box, path, method="HEAD")
        assert answer.header("Last-Modified") == "Fri, 20 Nov 2026 14:57:18 GMT"


# §7 The recorder


async def test_a_clip_grows_and_never_crosses_a_minute() -> None:
    async with running() as box:
        wipe(box)
        assert (await static(box, "tmp.mp4.tmp")).status == 404
        box.advance(24)
        assert box.start_motion()
        first = await static(box, "tmp.mp4.tmp", method="HEAD")
        box.advance(5)
        second = await static(box, "tmp.mp4.tmp", method="HEAD")
        assert (first.status, second.status) == (200, 200)
        sizes = [int(answer.header("Content-Length") or 0) for answer in (first, second)]
        assert sizes[0] < sizes[1]
        assert first.header("Last-Modified") != second.header("Last-Modified")
        box.advance(18)
        assert box.clips == [f"{DIR}/57M37S23.mp4"]
        box.advance(60)
        box.stop_motion()
        assert box.clips == [f"{DIR}/57M37S23.mp4", f"{DIR}/58M00S60.mp4"]
        assert (await static(box, "tmp.mp4.tmp")).status == 404


async def test_motion_over_the_hour_makes_a_new_folder() -> None:
    async with running() as box:
        wipe(box)
        box.advance(2 * 60 + 17)
        assert await box.motion(90)
        assert box.clips == [f"{DIR}/59M30S30.mp4", "2026Y11M20D15H/00M00S60.mp4"]


async def test_a_power_cut_leaves_a_file_that_nobody_writes() -> None:
    async with running() as box:
        box.start_motion()
        await box.reboot()
        first = await static(box, "tmp.mp4.tmp", method="HEAD")
        box.advance(20)
        second = await static(box, "tmp.mp4.tmp", method="HEAD")
        assert first.head == second.head
        assert first.status == 200
        await box.motion(5)
        assert (await static(box, "tmp.mp4.tmp")).status == 404


async def test_always_recording_writes_a_clip_a_minute() -> None:
    async with running() as box:
        wipe(box)
        box.set_settings(save_video_on_motion="no")
        box.advance(47 + 60 + 10)
        assert (await static(box, "tmp.mp4.tmp")).status == 200
        assert box.clips == [f"{DIR}/57M13S47.mp4", f"{DIR}/58M00S60.mp4"]
        box.set_settings(save_video_on_motion="yes")
        assert box.clips[-1] == f"{DIR}/59M00S10.mp4"
        assert (await static(box, "tmp.mp4.tmp")).status == 404


@pytest.mark.parametrize("reason", ["cloud", "card", "full"])
async def test_what_keeps_a_camera_from_recording(reason: str) -> None:
    async with running() as box:
        wipe(box)
        if reason == "cloud":
            box.config["system"].update(DISABLE_CLOUD="yes", REC_WITHOUT_CLOUD="no")
        else:
            box.set_sd("absent" if reason == "card" else "full")
        assert await box.motion(30)
        assert box.clips == []


async def test_without_its_card_a_firmware_on_the_card_is_not() -> None:
    async with running("allwinner_v2") as box:
        with pytest.raises(ValueError, match="card"):
            box.set_sd("absent")


async def test_without_a_card_there_is_nothing_and_it_comes_back() -> None:
    async with running() as box:
        path = box.add_clip(AT, 5)[0]
        box.set_sd("absent")
        assert (await static(box, path)).status == 404
        assert await body(box, "eventsdir.sh") == b'{"records":[\n]}'
        box.set_sd("present")
        assert (await static(box, path)).status == 200


async def test_thumbnails_come_late_empty_or_not_at_all() -> None:
    async with running() as box:

        async def thumb(path: str) -> str:
            folder, name = path.split("/")
            found = await values(box, f"eventsfile.sh?dirname={folder}")
            named = {each["filename"]: each["thumbfilename"] for each in found["records"]}
            return str(named[name])

        wipe(box)
        path = box.add_clip(seconds=10)[0]
        picture = path.replace(".mp4", ".jpg")
        assert await thumb(path) == ""
        assert (await static(box, picture)).status == 404
        box.advance(45)
        assert await thumb(path) == picture.split("/")[1]
        answer = await static(box, picture)
        assert answer.header("Content-type") == "image/jpeg"
        assert answer.body.startswith(b"\xff\xd8")
        assert (await static(box, picture)).body == answer.body
        for thumbs, status in ((Thumbs.EMPTY, 200), (Thumbs.NEVER, 404)):
            box.faults.thumbs = thumbs
            path = box.add_clip(AT - timedelta(minutes=5), 5)[0]
            assert await thumb(path) == ""
            answer = await static(box, path.replace(".mp4", ".jpg"))
            assert answer.status == status
            assert status == 404 or answer.body == b""
            wipe(box)
    async with running("v5") as box:
        assert all(name.endswith(".mp4") for name in box.camera.card.names(box.clips[0][:14]))


# §2 The files themselves


@pytest.mark.parametrize("late", [False, True])
async def test_a_clip_is_a_real_film(late: bool) -> None:
    async with running() as box:
        box.faults.late_index = late
        path = box.add_clip(AT, 7)[0]
        answer = await static(box, path)
        assert answer.header("Content-type") is None
        assert answer.header("Content-Length") == str(len(answer.body))
        assert (answer.body.index(b"moov") > answer.body.index(b"mdat")) is late
        with av.open(io.BytesIO(answer.body), "r") as film:
            assert film.duration == 7_000_000
            assert [stream.codec_context.name for stream in film.streams] == ["h264", "aac"]


async def test_a_range_is_a_page_whatever_the_file() -> None:
    async with running() as box:
        path = box.add_clip(AT, 5)[0]
        whole = await static(box, path)
        size = len(whole.body)
        part = await static(box, path, "Range: bytes=4-7")
        assert part.body == b"ftyp"
        assert part.status == 206
        assert part.header("Content-type") == "text/html"
        assert part.header("Content-Range") == f"bytes 4-7/{size}"
        rest = await static(box, path, f"Range: bytes={size - 9}-")
        assert rest.body == whole.body[-9:]
        far = await static(box, path, f"Range: bytes={size - 9}-{size + 9}")
        assert far.body == whole.body[-9:]
        for odd in (f"bytes={size}-", "bytes=-5", "bytes=9-3", "lines=1-2", "bytes=x-1"):
            ignored = await static(box, path, f"Range: {odd}")
            assert (ignored.status, len(ignored.body)) == (200, size)


async def test_a_file_that_is_known_is_not_sent_again() -> None:
    async with running() as box:
        path = box.add_clip(AT, 5)[0]
        head = await static(box, path, method="HEAD")
        assert head.body == b""
        assert int(head.header("Content-Length") or 0) > 1000
        etag = head.header("ETag")
        assert etag is not None
        assert (await static(box, path, f"If-None-Match: {etag}")).status == 304
        assert (await static(box, path, 'If-None-Match: "other"')).status == 200


async def test_there_is_no_way_out_of_the_record_folder() -> None:
    async with running() as box:
        for path in ("../etc/passwd", "..%2Fetc/passwd", f"{DIR}/../../x", DIR, ""):
            assert (await static(box, path)).status == 404


# §5.4, §5.5 Deleting


async def test_a_clip_goes_with_its_thumbnail() -> None:
    async with running() as box:
        wipe(box)
        path = box.add_clip(AT - timedelta(minutes=10), 30)[0]
        assert len(box.camera.card.names(DIR)) == 2
        assert await body(box, f"eventsfiledel.sh?file={path}") == DONE
        assert box.camera.card.names(DIR) == []
        assert await body(box, f"eventsfiledel.sh?file={path}") == DONE
        for wrong in ("x", f"{DIR}/short.mp4", f"{DIR}-05M12S48.mp4", ""):
            assert await body(box, f"eventsfiledel.sh?file={wrong}") == FAILED
        assert await body(box, f"eventsfiledel.sh?file={DIR}/E105M12S48.mp4") == FAILED
    async with running("allwinner_v2") as box:
        assert await body(box, f"eventsfiledel.sh?file={DIR}/E105M12S48.mp4") == DONE


async def test_deleting_folders_checks_nothing() -> None:
    async with running() as box:
        wipe(box)
        box.add_clip(AT, 5)
        box.add_clip(AT.replace(hour=13), 5)
        box.camera.add_lapse()
        assert await body(box, "eventsdirdel.sh?dir=2026Y11M20D13H") == DONE
        assert box.clips == [f"{DIR}/57M13S05.mp4"]
        assert await body(box, "eventsdirdel.sh?dir=none") == DONE
        assert await body(box, "eventsdirdel.sh?dir=all") == DONE
        assert box.camera.card.names() == []
        assert box.disasters == []
        await body(box, "eventsdirdel.sh?dir=../etc")
        await body(box, "eventsdirdel.sh?dir=")
        assert box.disasters == ["eventsdirdel.sh?dir=../etc", "eventsdirdel.sh?dir="]
    async with running("v5") as box:
        assert await body(box, "eventsdirdel.sh?dir=2026Y11M20D13H") == b"{\n}"
        path = box.clips[0]
        assert await body(box, f"eventsfiledel.sh?file={path}") == b"{\n}"
        assert path not in box.clips


# §5.6 The last one


async def test_the_last_video_in_four_forms() -> None:
    async with running() as box:
        wipe(box)
        target = "getlastrecordedvideo.sh"
        assert await body(box, target) == b"/\n"
        address = f"http://192.168.1.61:{box.port}/record/".encode()
        assert await body(box, f"{target}?type=2") == address + b"/"
        assert (await body(box, f"{target}?oldness=1&type=3")) == b""
        for minute in (10, 20, 30):
            box.add_clip(AT.replace(minute=minute), 5)
        box.add_clip(AT.replace(hour=13), 5)
        for oldness, name in ((0, "30"), (1, "30"), (2, "20"), (3, "10"), (9, "10")):
            said_path = await body(box, f"{target}?oldness={oldness}&type=1")
            assert said_path == f"{DIR}/{name}M13S05.mp4\n".encode()
        path = f"{DIR}/30M13S05.mp4"
        assert await body(box, f"{target}?type=2") == address + path.encode()
        film = (await static(box, path)).body
        for kind, place in ((3, "inline"), (4, "attachment")):
            assert await said(box, f"/cgi-bin/{target}?type={kind}&oldness=0") == (
                b"HTTP/1.1 200 OK\r\nContent-type: video/mp4; charset=utf-8\r\n"
                + f'Content-Disposition: {place}; filename="30M13S05.mp4"\r\n\r\n'.encode()
                + film
            )


async def test_the_last_video_waits_only_while_one_is_written() -> None:
    async with running() as box:
        wipe(box)
        box.add_clip(AT.replace(minute=10), 5)
        target = "getlastrecordedvideo.sh?oldness=-1&type=1"
        old = f"{DIR}/10M13S05.mp4\n".encode()
        assert await body(box, target) == old
        box.start_motion()
        assert await body(box, target) == old
        box.faults.pace = 10
        waiting = asyncio.create_task(body(box, target))
        box.faults.durations["getlastrecordedvideo.sh"] = 0
        await box.until(lambda: len(box.wire) == 3)
        box.faults.pace = 0
        box.advance(20)
        box.stop_motion()
        assert await waiting == f"{DIR}/57M13S20.mp4\n".encode()


async def test_the_last_video_knows_12_characters_and_mstar_14_too() -> None:
    for name, known in (("mstar", True), ("allwinner_v2", False)):
        async with running(name) as box:
            wipe(box)
            box.camera.recorder.name_form = 14
            box.add_clip(AT, 5)
            found = await body(box, "getlastrecordedvideo.sh?type=1")
            assert found == (f"{DIR}/E157M13S05.mp4\n".encode() if known else b"/\n")


async def test_an_mstar_has_the_last_thumbnail_too() -> None:
    async with running() as box:
        wipe(box)
        box.add_clip(AT.replace(minute=10), 5)
        found = await body(box, "getlastrecordedsnapshot.sh?type=1")
        assert found == f"{DIR}/10M13S05.jpg\n".encode()
        assert (await body(box, "getlastrecordedsnapshot.sh?type=3&x=1"))[:2] == b"\xff\xd8"


# §6 Time-lapse


async def test_time_lapse_films_are_listed_fetched_and_deleted() -> None:
    async with running() as box:
        path = box.camera.add_lapse(datetime(2026, 11, 18, 23, 0, tzinfo=UTC))
        assert path == "timelapse/2026-11-19_00-00-00.avi"
        assert await values(box, "timelapse.sh?action=list") == {
            "error": "false",
            "records": [
                {
                    "date": "Date: 2026-11-19",
                    "time": "Time: 00:00:00",
                    "filename": "2026-11-19_00-00-00.avi",
                }
            ],
        }
        answer = await static(box, path)
        assert answer.header("Content-type") == "video/x-msvideo"
        with av.open(io.BytesIO(answer.body), "r") as film:
            assert film.streams.video[0].codec_context.name == "mjpeg"
            assert len(list(film.decode(video=0))) == 10
        name = path.split("/")[1]
        assert await body(box, f"timelapse.sh?action=delete&file={name}") == DONE
        assert (await values(box, "timelapse.sh?action=list"))["records"] == []
