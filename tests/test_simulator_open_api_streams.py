"""Pictures, motion, sound and RTSP of the simulated Open API camera (S-2, S-4, S-7)."""

import asyncio

import av
import pytest

from tests.simulators.open_api import NoWindows
from tests.simulators.open_api.sound import garden, mu_law
from tests.simulators_tests.open_api_box import (
    BASIC,
    PASSWORD,
    USER,
    ask,
    body_of,
    running,
    split,
    stream,
    until,
)
from tests.simulators_tests.raw import DEADLINE, Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

MIXED = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary="
MDB = MIXED + b"mdb\r\n\r\n"
PART = b"--mdb\r\nContent-Type: text/plain\r\n\r\n"


def shown(scene: str, frame: int, size: str = "960x540") -> bytes:
    """The picture that the camera was given."""
    return b"\xff\xd8" + f"{scene} {frame} {size}".encode() + b"\xff\xd9"


def framed(picture: bytes) -> bytes:
    """A part of MJPEG."""
    return (
        b"--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
        + picture
        + b"\r\n"
    )


# S-2.3 JPEG and MJPEG


async def test_a_still_has_a_line_end_behind_its_counted_bytes() -> None:
    async with running() as box:
        answer = await ask(box, "/image.jpg")
        picture = shown("driveway", 1)
        assert answer.head == (
            b"HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
            % len(picture)
        )
        assert answer.body == picture + b"\r\n"


async def test_a_still_with_options() -> None:
    async with running() as box:
        for asked, size in (("640x360", "640x360"), ("VGA", "640x360"), ("cif", "320x180")):
            body = await body_of(box, f"/image.cgi?resolution={asked}&compression=40")
            assert f" {size}".encode() in body
        box.parameters["Image.I0.Appearance.Resolution"] = "320x180"
        assert b" 320x180" in await body_of(box, "/image.jpg")
        for wrong in ("resolution=1x1", "camera=2", "camera=0", "resolution=CIF&compression=101"):
            assert (await ask(box, f"/image.cgi?{wrong}")).status == 400, wrong


async def test_a_video_server_has_a_picture_and_a_signal_for_each_source() -> None:
    async with running("server4") as box:
        for number, scene in enumerate(("driveway", "garden", "warehouse", "street"), 1):
            body = await body_of(box, f"/image.cgi?camera={number}")
            assert body == shown(scene, 1) + b"\r\n"
        box.set_signal(3, on=False)
        answer = await ask(box, "/videostatus.cgi?status=1,2,3,4")
        assert answer.head == b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"
        assert answer.body == (
            b"Video 1 = video\r\nVideo 2 = video\r\nVideo 3 = no video\r\nVideo 4 = video\r\n"
        )
        assert (await body_of(box, "/videostatus.cgi?status=5")).startswith(b"Error: ")


async def test_how_large_a_picture_is() -> None:
    async with running() as box:
        assert await body_of(box, "/resolution.cgi") == (
            b"image width = 960\r\nimage height = 540\r\n"
        )
        turned = await body_of(box, "/resolution.cgi?camera=1&resolution=CIF&rotation=90")
        assert turned == b"image width = 180\r\nimage height = 320\r\n"
        assert (await body_of(box, "/resolution.cgi?camera=2")).startswith(b"<!-- ")


@pytest.mark.parametrize("target", ["/video.mjpg", "/video.cgi?resolution=960x540"])
async def test_moving_pictures(target: str) -> None:
    async with running() as box:
        box.faults.frame_interval = 0.001
        async with stream(box, target, "video", MIXED + b"myboundary\r\n\r\n") as raw:
            for number in range(1, 6):
                await raw.exactly(framed(shown("driveway", number)))


async def test_moving_pictures_may_end_and_be_too_many() -> None:
    async with running("server4") as box:
        box.faults.frame_interval = 0.001
        answer = await ask(box, "/video.cgi?camera=4&nbrofframes=2")
        assert answer.body == framed(shown("street", 1)) + framed(shown("street", 2))
        box.parameters["Image.MaxViewers"] = "1"
        async with stream(box, "/video.mjpg", "video"):
            assert (await ask(box, "/video.mjpg")).status == 503


async def test_in_the_field_stills_move_and_the_other_paths_are_not_there() -> None:
    async with running("3s") as box:
        box.faults.frame_interval = 0.001
        for path in ("/video.mjpg", "/video.cgi"):
            assert (await ask(box, path)).status == 404
        assert (await ask(box, "/image.jpg")).header("Content-Type") == "image/jpeg"
        for path in ("/image.cgi?type=motion", "/image.jpg?type=motion"):
            async with stream(box, path, "video", MIXED + b"myboundary\r\n\r\n--myboundary\r\n"):
                assert box.attached("video") == 1
    async with running() as box:
        still = await ask(box, "/image.cgi?type=motion")
        assert still.header("Content-Type") == "image/jpeg"


async def test_hostile_pictures() -> None:
    async with running("hostile") as box:
        box.faults.frame_interval = 0.001
        bodies = []
        for _ in range(5):
            async with await Raw.connect(box) as raw:
                raw.send("/image.jpg", BASIC)
                try:
                    bodies.append(split(await raw.rest()).body)
                except ConnectionResetError:
                    bodies.append(b"reset")
        whole = [shown("driveway", number) + b"\n" for number in (1, 2, 3)]
        assert bodies[:3] == whole
        # What came of the cut one before its reset may have been read or lost.
        assert bodies[3] == b"reset" or bodies[3] in shown("driveway", 4)
        assert bodies[4].startswith(b"<html>")
        head = MIXED.replace(b"\r\n", b"\n") + b"--myboundary\n\nContent-Type: image/jpeg\n\n"
        async with stream(box, "/video.mjpg", "video", head) as raw:
            await raw.exactly(shown("driveway", 5) + b"\n--myboundary\n")


# S-4.5 Motion


async def test_levels_of_all_windows_in_one_part() -> None:
    async with running() as box:
        box.set_level(0, 7)
        async with stream(box, "/motion.cgi", "motion", MDB) as raw:
            for _ in range(2):
                await raw.exactly(
                    PART + b"group=0;level=7;threshold=10;\r\ngroup=3;level=0;threshold=12;\r\n"
                )


async def test_windows_come_and_go_in_the_running_stream() -> None:
    async with running() as box:
        box.faults.motion_interval = 0.01
        async with stream(box, "/motion.cgi", "motion") as raw:
            await until(raw, b"group=3;level=0;threshold=12;\r\n--mdb")
            add = "/config.cgi?action=add&group=Motion&template=motion&Motion.M.Sensitivity=70"
            assert await body_of(box, add) == b"M1 OK\r\n"
            await until(raw, b"group=1;level=0;threshold=30;\r\ngroup=3;")
            box.set_level(1, 44)
            await until(raw, b"group=1;level=44;threshold=30;\r\n")
            await ask(box, "/config.cgi?action=update&Motion.M1.WindowType=exclude")
            await until(raw, b"group=0;level=0;threshold=10;\r\ngroup=3;level=0;")
            box.faults.exclude_windows = True
            await until(raw, b"group=1;level=44;")
            box.remove_window(1)
            await until(raw, b"group=0;level=0;threshold=10;\r\ngroup=3;level=0;")
            assert box.add_window("Behind") == 1
            await until(raw, b"group=1;level=0;threshold=10;\r\n")
        with pytest.raises(IndexError):
            box.set_level(9, 1)
        with pytest.raises(IndexError):
            box.remove_window(9)


async def test_some_windows_only() -> None:
    async with running() as box:
        async with stream(box, "/motion.cgi?group=3", "motion", MDB) as raw:
            await raw.exactly(PART + b"group=3;level=0;threshold=12;\r\n--mdb\r\n")
        assert (await ask(box, "/motion.cgi?group=x")).status == 400


async def test_without_windows_there_are_empty_parts_a_close_or_silence() -> None:
    async with running() as box:
        box.remove_window(0)
        box.remove_window(3)
        async with stream(box, "/motion.cgi", "motion", MDB) as raw:
            await raw.exactly(PART + PART)
        box.faults.no_windows = NoWindows.CLOSE
        assert (await ask(box, "/motion.cgi")).body == b""
        box.faults.no_windows = NoWindows.SILENCE
        async with stream(box, "/motion.cgi", "motion", MDB) as raw:
            box.add_window("New")
            await raw.exactly(PART + b"group=0;level=0;threshold=10;\r\n")


async def test_streams_can_be_cut_stalled_and_fed_with_anything() -> None:
    async with running() as box:
        async with stream(box, "/motion.cgi", "motion", MDB + PART) as raw:
            box.stall_streams("motion")
            box.send_raw(b"<anything>", "motion")
            await until(raw, b"<anything>")
            box.set_level(0, 99)
            box.send_raw(b"<more>", "motion")
            assert await until(raw, b"<more>") == b"<more>"
            box.cut_streams("motion")
            assert await raw.rest() == b""
        async with stream(box, "/motion.cgi", "motion", MDB + PART) as raw:
            box.cut_streams(rst=True)
            with pytest.raises(ConnectionResetError):
                await raw.rest()


async def test_hostile_motion() -> None:
    async with running("hostile") as box:
        box.faults.motion_interval = box.faults.stall_seconds = 0.001
        box.faults.long_line = 70_000
        box.faults.half_line_every = 61
        head = MIXED.replace(b"\r\n", b"\n") + b"--mdb\n\nContent-Type: text/plain\n\n"
        first = b"group=0;level=0;threshold=10;\ngroup=1;level=0;threshold=15;\n--mdb\n"
        async with stream(box, "/motion.cgi", "motion", head + first) as raw:
            seen = await until(raw, b"level=99999;")
            assert b"group=77;" not in seen
            await until(raw, b"group=77;level=3;threshold=10;\n")
            await until(raw, b"x" * 70_000 + b"\n")
            assert not (await raw.rest()).endswith(b"\n")
        assert box.device.feeds.parts["motion"] == 61
        statuses = [(await ask(box, "/motion.cgi?group=x")).status for _ in range(1)]
        assert statuses == [400]


async def test_every_fourth_stream_of_the_hostile_one_is_refused() -> None:
    async with running("hostile") as box:
        for number in range(1, 9):
            async with await Raw.connect(box) as raw:
                raw.send("/motion.cgi", BASIC)
                line = await until(raw, b"\n")
            assert line == (
                b"HTTP/1.0 503 Service Unavailable\n" if number % 4 == 0 else b"HTTP/1.0 200 OK\n"
            )


@pytest.mark.parametrize(("dashed", "quoted"), [(True, False), (False, True), (True, True)])
async def test_other_ways_to_write_the_boundary(dashed: bool, quoted: bool) -> None:
    async with running() as box:
        box.faults.dashed_boundary, box.faults.quoted_boundary = dashed, quoted
        said = b"--mdb" if dashed else b"mdb"
        said = b'"%s"' % said if quoted else said
        async with stream(box, "/motion.cgi", "motion", MIXED + said + b"\r\n\r\n" + PART):
            assert box.attached("motion") == 1


# S-7 Sound


async def test_listening_in_one_part() -> None:
    async with running() as box:
        head = b"HTTP/1.0 200 OK\r\nContent-Type: audio/basic\r\n\r\n"
        async with stream(box, "/fromserver.cgi", "audio", head) as raw:
            await raw.exactly(garden()[:1024])


async def test_listening_in_parts_whose_boundary_has_its_dashes() -> None:
    async with running() as box:
        head = MIXED + b"--myboundary\r\n\r\n"
        part = b"--myboundary\r\nContent-Type: audio/basic\r\n\r\n"
        async with stream(box, "/fromserver.cgi?httptype=multipart", "audio", head) as raw:
            await raw.exactly(part + garden()[:512] + b"\r\n")
            await raw.exactly(part + garden()[512:1024] + b"\r\n")
        assert (await ask(box, "/fromserver.cgi?httptype=other")).status == 400
        box.parameters["Audio.A0.HTTPMessageType"] = "multipart"
        async with stream(box, "/fromserver.cgi", "audio", head + part):
            box.faults.max_listeners = 1
            assert (await ask(box, "/fromserver.cgi")).status == 503


async def test_talking_is_taken_as_it_comes() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        lines = ("POST /toSERVER.cgi HTTP/1.0", BASIC, "Content-Type: audio/basic")
        raw.writer.write("\r\n".join((*lines, "Content-Length: 9999999", "", "")).encode())
        raw.writer.write(garden()[:800])
        await box.until(lambda: box.speaker.received == 800)
        assert box.speaker.talking
        busy = await ask(box, "/toSERVER.cgi", method="POST", body=b"x")
        assert busy.status == 503
        raw.writer.write(garden()[800:1600])
        await box.until(lambda: box.speaker.received == 1600)
        raw.writer.write_eof()
        assert await raw.rest() == b""
        await box.until(lambda: not box.speaker.talking)
        said = box.speaker.talks[-1]
        assert bytes(said.heard) == garden()[:1600]
        assert (said.content_type, said.lost) == ("audio/basic", 0)


async def test_what_comes_too_fast_is_lost() -> None:
    async with running("vapix", ticks=lambda: 0.0) as box:
        box.faults.speaker_buffer = 0.5
        answer = await ask(
            box, "/toSERVER.cgi", "Content-Type: audio/basic", method="POST", body=garden()[:10_000]
        )
        assert answer.status == 204
        said = box.speaker.talks[-1]
        assert (said.received, said.lost, len(said.heard)) == (10_000, 6_000, 4_000)
        assert said.lead > 0.5


async def test_who_may_not_talk() -> None:
    async with running() as box:
        kind = "Content-Type: audio/mpeg"
        assert (await ask(box, "/toSERVER.cgi", kind, method="POST", body=b"x")).status == 415
        assert (await ask(box, "/toSERVER.cgi")).status == 405
        assert (await ask(box, "/toserver.cgi", method="POST", body=b"x")).status == 404
        box.faults.lower_case_talk = True
        assert (await ask(box, "/toSERVER.cgi", method="POST", body=b"x")).status == 404
        async with await Raw.connect(box) as raw:
            raw.send("/toserver.cgi", BASIC, method="POST", body=b"xyz")
            assert await raw.rest() == b""
        assert box.speaker.received == 3
        box.parameters["Audio.DuplexMode"] = "get"
        assert (await ask(box, "/toserver.cgi", method="POST", body=b"x")).status == 405
        box.parameters["Audio.DuplexMode"] = "post"
        assert (await ask(box, "/fromserver.cgi")).status == 405


def test_mu_law_is_that_of_the_standard() -> None:
    codec = av.CodecContext.create("pcm_mulaw", "r")
    assert isinstance(codec, av.AudioCodecContext)
    codec.sample_rate, codec.layout = 8000, "mono"
    every = bytes(range(256))
    samples = codec.decode(av.Packet(every))[0].to_ndarray()[0]
    # 0x7F is minus zero, which no sample becomes.
    assert mu_law(samples) == every.replace(b"\x7f", b"\xff")


# RTSP


@pytest.mark.parametrize(
    ("personality", "path"),
    [("seed", "/cam1/h264"), ("3s", "/cam1/onvif-h264"), ("server4", "/cam4/h264")],
)
async def test_live_streams(personality: str, path: str) -> None:
    def look(port: str) -> tuple[str, int]:
        address = f"rtsp://{USER}:{PASSWORD}@127.0.0.1:{port}{path}"
        options = {"rtsp_transport": "tcp"}
        with av.open(address, options=options, timeout=(20, 20)) as container:
            codec = container.streams.video[0].codec_context
            return codec.name, next(container.decode(video=0)).width

    async with running(personality) as box:
        port = (await body_of(box, "/config.cgi?action=list&group=Network.RTSP.Port")).strip()
        number = port.decode().partition("=")[2]
        assert await asyncio.to_thread(look, number) == ("h264", 64)


async def describe(port: int, path: str) -> bytes:
    """The status line of DESCRIBE with Basic."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    url = f"rtsp://127.0.0.1:{port}{path}"
    writer.write(f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 1\r\n{BASIC}\r\n\r\n".encode())
    async with asyncio.timeout(DEADLINE):
        line = await reader.readline()
    writer.close()
    return line


async def test_paths_that_do_not_stream() -> None:
    async with running() as box:
        assert box.rtsp is not None
        for path in ("/cam1/mpeg4", "/cam1/onvif-h264", "/cam2/h264", "/"):
            assert b" 404 " in await describe(box.rtsp.port, path), path
        await box.go_dark()
        assert b" 503 " in await describe(box.rtsp.port, "/cam1/h264")
        await box.come_back()
        assert b" 200 " in await describe(box.rtsp.port, "/cam1/h264")
        assert await body_of(box, "/usrgrp.cgi?action=update&user=root&pwd=new")
        assert b" 401 " in await describe(box.rtsp.port, "/cam1/h264")
    async with running(rtsp_port=8554) as box:
        assert box.rtsp is None
        assert box.parameters["Network.RTSP.Port"] == "8554"
