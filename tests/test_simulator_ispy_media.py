"""Recordings, grabs, and live media of the simulated iSpy, byte for byte (§8, §10)."""

import asyncio
from datetime import datetime, timedelta
import io
import re

import av
import pytest

from tests.simulators import footage
from tests.simulators.ispy import CAMERA, FileSeed, IspySimulator
from tests.simulators.ispy.answers.recordings import size_text
from tests.simulators.ispy.clock import naive_ticks
from tests.simulators_tests.ispy_box import NOON, ask, closes, hangs, jpeg, running, text
from tests.simulators_tests.raw import DEADLINE, Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

CATCH_ALL = "iSpy server is running"
LIST = "/getcontentlist?ot=2&page=0&pagesize=10&ordermode=4&oid="
CLIP = "1_2024-03-30_10-00-00.mp4"


# §8 Lists


async def test_a_page_of_recordings() -> None:
    async with running() as box:
        assert await text(box, f"{LIST}1") == (
            f"{CLIP}|2.86 MB|37.500,1_2024-03-30_07-00-00.mp4|15.5 MB|80.250,"
            "1_2024-03-29_06-00-00.mp4|4.77 MB|12.000"
        )
        page = "/getcontentlist?ot=2&oid=1&page=1&pagesize=1&ordermode={}&jsfunc=f(resultcount)"
        assert await text(box, page.format(2)) == "f(3)"
        longest = "/getcontentlist?ot=2&oid=1&page=0&pagesize=1&ordermode=2"
        assert (await text(box, longest)).startswith("1_2024-03-30_07")
        assert await text(box, f"{LIST}3") == CATCH_ALL
        assert await text(box, f"{LIST}99") == CATCH_ALL
        assert await text(box, "/getcontentcounts") == "2,1,3|2,2,1|2,3,0|2,4,0|1,1,0|1,2,1"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 Bytes"),
        (1, "0 Bytes"),
        (2, "2 Bytes"),
        (1024, "1024 Bytes"),
        (1025, "1 KB"),
        (2048, "2 KB"),
        (1_237_319, "1.18 MB"),
        (1024**3, "1024 MB"),
        (5 * 1024**3, "5 GB"),
    ],
)
def test_sizes_are_texts(size: int, said: str) -> None:
    assert size_text(size) == said


async def test_bounds_are_local_ticks_of_the_end_and_exclusive() -> None:
    async with running() as box:
        ended = naive_ticks(datetime(2024, 3, 30, 10, 0, 12, 250_000))  # noqa: DTZ001
        assert CLIP in await text(box, f"{LIST}1&startdate={ended - 1}")
        assert CLIP not in await text(box, f"{LIST}1&startdate={ended}")
        assert CLIP not in await text(box, f"{LIST}1&enddate={ended}")
        assert CLIP in await text(box, f"{LIST}1&enddate=0")
        assert await text(box, f"{LIST}1&enddate=1711800000") == CATCH_ALL


async def test_previews_and_graphs() -> None:
    async with running() as box:
        assert (await text(box, "/previewlist")).startswith(f"{CLIP}|Front door|12,2_")
        listed = await text(box, "/graphall?ot=2&oid=2&jsfunc=data")
        assert listed == '"1711785615250|55.500|15|2_2024-03-30_08-00-00.mp4"'
        assert await text(box, "/graphall?ot=2&oid=9&jsfunc=data") == '""'
        events = await text(box, "/getevents?num=1&jsfunc=data")
        assert events == (
            "[{ot:2,oid:1,created:1711792812250.00,maxalarm:37.5,"
            f'duration: 12,filename:"{CLIP}"}}]'
        )
        graph = f"/getgraph?ot=2&oid=1&fn={CLIP}&jsfunc=f(data,duration,threshold)"
        assert await text(box, graph) == 'f("3.75,18.75,37.5,9.375","12",80.000)'
        assert await text(box, graph.replace(CLIP, "x")) == 'f("",0,0)'
    async with running("german", at=NOON + timedelta(milliseconds=3)) as box:
        assert "|12" in await text(box, "/graphall?ot=2&oid=1&jsfunc=data")
        camera = box.cameras[0]
        box.add_recording(CAMERA, 1, FileSeed(at=NOON + timedelta(microseconds=456), seconds=1))
        assert camera.recordings[0].name == "1_2024-03-30_12-00-00.mp4"
        assert (await text(box, "/graphall?ot=2&oid=1&jsfunc=data")).startswith(
            '"1711800001250,46|37.500|1|'
        )


async def test_grabs_are_listed_by_camera() -> None:
    async with running() as box:
        listed = await text(box, "/getgrabs?jsfunc=data")
        assert listed == (
            '"Front door|1|2024-03-30_11-00-00_250.jpg,Front door|1|2024-03-30_09-00-00_250.jpg,'
            'Driveway|2|2024-03-30_10-00-00_250.jpg"'
        )
        page = "/getcameragrabs?oid=1&page=1&pagesize=1&jsfunc=f(data,total)"
        assert await text(box, page) == 'f("2024-03-30_09-00-00_250.jpg",2)'
        assert await text(box, "/snapshot?ot=2&oid=3") == "OK"
        assert len(box.cameras[2].grabs) == 1
        box.cameras[2].grabs_folder = False
        assert await hangs(box, "/getgrabs?jsfunc=data")
    async with running("hostile") as box:
        listed = await text(box, "/getgrabs?jsfunc=data")
        assert listed.count('Tor, "Nord" | "OK"|0|') == 25
    async with running("g1") as box:
        listed = await text(box, "/getcameragrabs2?oid=2&page=0&pagesize=9&jsfunc=data")
        assert listed == '"2024-03-30_10-00-00_250.jpg|1711789200250"'


async def test_files_are_deleted_with_or_without_thumbnails() -> None:
    async with running() as box:
        camera = box.cameras[0]
        thumb = CLIP.replace(".mp4", ".jpg")
        assert await text(box, f"/deletefile?ot=2&oid=1&fn={CLIP}") == "OK"
        assert (len(camera.recordings), thumb in camera.thumbs) == (2, True)
        names = "|".join([CLIP, *(file.name for file in camera.recordings)])
        assert await text(box, f"/massdelete?ot=2&oid=1&filelist={names}") == "OK"
        assert (camera.recordings, camera.thumbs) == ([], {})
        grabs = "2024-03-30_11-00-00_250.jpg"
        assert await text(box, f"/massdeletegrabs?ot=2&oid=1&filelist={grabs}") == "OK"
        assert len(camera.grabs) == 1


async def test_a_hostile_shelf() -> None:
    async with running("hostile") as box:
        whole = await text(box, "/getcontentlist?ot=2&oid=0&page=0&pagesize=999&ordermode=4")
        assert "0, copy, of 37.5.mp4|" in whole
        for size in ("0 Bytes", "1024 Bytes", "2 GB"):
            assert f"|{size}|" in whole
        assert "0_2024-10-27_02-30-00.mp4" in whole
        assert "0_2024-10-27_02-30-05.mp4" in whole
        big = next(file for file in box.cameras[0].recordings if file.size > 2**31)
        assert await hangs(box, f"/loadclip.mp4?ot=2&oid=0&fn={big.name}")
        empty = next(file for file in box.cameras[0].recordings if file.size == 0)
        answer = await ask(box, f"/loadclip.mp4?ot=2&oid=0&fn={empty.name}")
        assert answer.header("Content-Length") == "0"


# §8 Files


async def test_a_clip_is_an_attachment_that_plays() -> None:
    async with running() as box:
        answer = await ask(box, f"/loadclip.mp4?ot=2&oid=1&fn={CLIP.upper()}")
        assert answer.header("Content-Type") == "application/octet-stream"
        assert answer.header("Content-Disposition") == f'attachment; filename="{CLIP}"'
        assert answer.header("Connection") == "keep-alive"
        assert len(answer.body) == box.cameras[0].recordings[0].size
        with av.open(io.BytesIO(answer.body), "r") as container:
            assert container.streams.video[0].codec_context.name == "h264"
            assert len([packet for packet in container.demux() if packet.size]) == 120
        named = await ask(box, f"/downloadclip.mp4?ot=2&oid=1&fn={CLIP}")
        offered = 'attachment; filename="120240330100000.mp4"'
        assert named.header("Content-Disposition") == offered


async def test_other_containers_play_too() -> None:
    async with running("german") as box:
        yard = next(f for f in box.cameras[1].recordings if f.name.startswith("3_"))
        clip = await ask(box, f"/loadclip.avi?ot=2&oid=3&fn={yard.name}")
        with av.open(io.BytesIO(clip.body), "r") as container:
            assert container.format.name == "avi"
            names = [stream.codec_context.name for stream in container.streams]
            assert names == ["mjpeg", "pcm_s16le"]
            assert container.duration == 11_000_000
            assert len([packet for packet in container.demux(video=0) if packet.size]) == 110
        made = box.add_recording(CAMERA, 3, FileSeed(seconds=4, name="Garten.mkv"))
        film = await ask(box, "/loadclip.mp4?ot=2&oid=3&fn=Garten.mkv")
        assert len(film.body) == made.size
        with av.open(io.BytesIO(film.body), "r") as container:
            assert "matroska" in container.format.name
            assert len([packet for packet in container.demux(video=0) if packet.size]) == 40
        kitchen = box.microphones[0].recordings[0]
        sound = await ask(box, f"/loadclip.mp3?ot=1&oid=1&fn={kitchen.name}")
        with av.open(io.BytesIO(sound.body), "r", format="mp3") as container:
            assert sum(frame.samples for frame in container.decode(audio=0)) > 22_050 * 5


async def test_ranges_and_their_faults() -> None:
    async with running() as box:
        target = f"/loadclip.mp4?ot=2&oid=1&fn={CLIP}"
        whole = (await ask(box, target)).body
        size = len(whole)
        part = await ask(box, target, "Range: bytes=4-7")
        assert (part.status, part.body) == (206, b"ftyp")
        assert part.header("Content-Range") == f"bytes 4-7/{size}"
        tail = await ask(box, target, f"Range: bytes={size - 3}-")
        assert tail.header("Content-Length") == "3"
        beyond = await ask(box, target, f"Range: bytes={size - 3}-{size + 6}")
        assert (beyond.header("Content-Length"), len(beyond.body)) == ("10", 3)
        assert await hangs(box, target, "Range: bytes=-500")
        assert await hangs(box, target, f"Range: bytes={size}-")


async def test_thumbnails_and_grabs() -> None:
    async with running() as box:
        thumb = CLIP.replace(".mp4", ".jpg")
        large = CLIP.replace(".mp4", "_large.jpg")
        for target, size in (
            (f"loadimage?oid=1&fn={thumb}", (96, 72)),
            (f"loadimage.jpg?oid=1&fn={large}", (640, 360)),
            (f"loadimage?oid=1&fn={thumb}&size=200x100", (200, 100)),
            ("loadimage?oid=99&fn=x.jpg", (95, 72)),
            ("loadimage?oid=1&fn=x.jpg", (96, 72)),
            ("loadgrab?oid=1&fn=2024-03-30_11-00-00_250.jpg", (640, 360)),
            ("loadgrab.jpg?oid=1&fn=none.jpg", (96, 72)),
        ):
            answer = await ask(box, f"/{target}")
            assert answer.header("Content-Type") == "image/jpeg"
            assert jpeg(answer.body).size == size
        assert await text(box, f"/Video/ABCD/{thumb}") == CATCH_ALL
    async with running("g1") as box:
        assert jpeg((await ask(box, f"/Video/ABCD/{thumb}")).body).size == (96, 72)


# §10 Stills


async def test_stills_and_what_stands_in_for_them() -> None:
    async with running() as box:
        for query, size in (
            ("oid=1", (320, 240)),
            ("oid=1&size=200x80", (200, 80)),
            ("oid=1&size=200x", (320, 240)),
            ("oid=1&full=1", (640, 360)),
            ("oid=1&thumb=x", (96, 72)),
            ("oid=9", (95, 72)),
        ):
            answer = await ask(box, f"/livefeed?{query}")
            assert (answer.status, answer.header("Content-Type")) == (200, "image/jpeg")
            assert jpeg(answer.body).size == size
        for query in ("oid=1&size=0x0", "", "oid=x"):
            assert await closes(box, f"/livefeed?{query}")
        boxed = jpeg((await ask(box, "/livefeed?oid=1&keepAR=true")).body)
        assert boxed.getpixel((160, 5)) == (255, 255, 255)
        barred = jpeg((await ask(box, "/livefeed?oid=1&overlay=false")).body)
        plain = jpeg((await ask(box, "/livefeed?oid=1")).body)
        assert barred.getpixel((300, 230)) != plain.getpixel((300, 230))
        box.set_failing(CAMERA, 1)
        assert jpeg((await ask(box, "/livefeed?oid=1&full=1")).body).size == (640, 480)


async def test_stills_are_the_drawn_scenes() -> None:
    async with IspySimulator() as box:
        camera = box.cameras[3]
        camera.enabled, camera.size = True, (320, 180)
        body = await asyncio.to_thread(box.studio.still, camera, 10, None)
        drawn = jpeg(await asyncio.to_thread(footage.snapshot, "hallway", 10, (320, 180)))
        assert jpeg(body).resize((8, 8)).getpixel((4, 4)) == pytest.approx(
            drawn.resize((8, 8)).getpixel((4, 4)), abs=6
        )


# §10 Streams


async def read_part(raw: Raw, boundary: str = "--myboundary") -> bytes:
    await raw.exactly(f"{boundary}\r\nContent-type: image/jpeg\r\nContent-length: ".encode())
    async with asyncio.timeout(DEADLINE):
        size = int(await raw.reader.readuntil(b"\r\n"))
        await raw.exactly(b"\r\n")
        body = await raw.reader.readexactly(size)
    await raw.exactly(b"\r\n\r\n")
    return body


async def test_mjpeg_with_dashes_in_the_boundary_and_padding() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        box.faults.mjpeg_interval = 0.0
        raw.send("/video.mjpg?oid=1")
        head = await raw.head()
        assert head.startswith(b"HTTP/1.1 200 OK\r\nServer: iSpy\r\n")
        kind = b"\r\nContent-Type: multipart/x-mixed-replace; boundary=--myboundary\r\n\r\n"
        assert head.endswith(kind)
        assert re.search(rb"(?i)content-length|connection:", head) is None
        for _ in range(2):
            body = await read_part(raw)
            assert len(body).bit_count() == 1
            cut = body[: body.rindex(b"\xff\xd9") + 2]
            assert body == cut.ljust(len(body), b"\0")
            assert jpeg(cut).size == (320, 240)
        box.cameras[0].enabled = False
        await read_part(raw)


@pytest.mark.parametrize(
    ("target", "size"),
    [
        ("/video.cgi?oid=1,2,3&size=400x200", (400, 200)),
        ("/mjpegfeed?oid=1,2&full", (1280, 720)),
        ("/video.jpg?oid=1&x=thumb", (96, 72)),
        ("/video.mjpeg?oid=-1", (320, 240)),
    ],
)
async def test_grids_and_sizes_of_mjpeg(target: str, size: tuple[int, int]) -> None:
    async with running() as box, await Raw.connect(box) as raw:
        box.faults.mjpeg_padding = False
        raw.send(target)
        await raw.head()
        picture = jpeg(await read_part(raw))
        assert picture.size == size
        if "1,2,3" in target:
            assert picture.getpixel((300, 150)) == (255, 255, 255)
            assert picture.getpixel((100, 50)) != (255, 255, 255)


async def test_odd_heads_of_mjpeg() -> None:
    async with running("hostile") as box, await Raw.connect(box) as raw:
        raw.send("/video.mjpg?oid=0&basicct=1")
        assert (await raw.head()).endswith(
            b"Content-Type: text/html; boundary=--iSpy=frame_7\r\n\r\n"
        )
        await read_part(raw, "--iSpy=frame_7")
        assert await closes(box, "/video.mjpg?oid=99")
    async with running("ancient") as box, await Raw.connect(box) as raw:
        raw.send("/video.mjpg?oid=2")
        assert b"x-mixed-replace;boundary=--myboundary" in await raw.head()
        assert await closes(box, "/video.mjpg?oid=2,3")


async def test_sound_of_a_microphone() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        raw.send("/audiofeed.mp3?micid=2")
        head = await raw.head()
        assert b"Content-Type: audio/mpeg\r\nTransfer-Encoding: chunked\r\n" in head
        async with asyncio.timeout(DEADLINE):
            size = int(await raw.reader.readuntil(b"\r\n"), 16)
            piece = await raw.reader.readexactly(size)
        assert (piece[0], piece[1] & 0xE0) == (0xFF, 0xE0)
        ending = await ask(box, "/audiofeed.mp3?micid=2", "Range: bytes=100-")
        assert ending.body == b"0\r\n"
        box.microphones[1].enabled = False
        assert await closes(box, "/audiofeed.mp3?micid=2")
        assert await closes(box, "/audiofeed.mp3?micid=77")


async def test_talking_in_asks_nobody() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        box.access.peer = "172.16.0.9"
        raw.writer.write(b"TALK,1,    " + b"\1\2" * 5000)
        await box.until(lambda: len(box.cameras[0].heard) == 10_000)
        assert box.wire == []


async def test_floor_plans_as_javascript_and_as_text() -> None:
    async with running() as box:
        listed = await text(box, "/getfloorplans2?jsfunc=data")
        assert listed.startswith(
            '[{oid: 1, name: "Ground floor, main", refreshTimestamp: 1711796400250,'
            ' alertTimestamp: 0, width:800, height:600, groups:"staff",'
            "areas:[{oid: 1,ot: 2, x:100,y:120},{oid: 2,ot: 1, x:5,y:6}]},"
        )
        box.advance(1.21)
        box.trigger_alert(2)
        alerts = await text(box, "/getfloorplanalerts2?jsfunc=data")
        assert alerts.endswith(
            "{oid:2,alertTimestamp:1711796401460,refreshTimestamp:1711796401460,"
            "last_oid:2,last_otid:2}]"
        )
        for query, size in (("", (320, 240)), ("&full=1", (800, 600)), ("&thumb=1", (96, 72))):
            answer = await ask(box, f"/floorplanfeed?floorplanid=1{query}")
            assert jpeg(answer.body).size == size
    async with running("g1") as box:
        assert await text(box, "/getfloorplans") == (
            "1,Ground floor main,800,600|1,camera,100,120_2,microphone,5,6^"
            "2,Up_stairs,800,600|2,camera,10,20^"
        )
        assert (await text(box, "/getfloorplanalerts")).startswith("1,0,1711796400250,0,0|2,0,")
