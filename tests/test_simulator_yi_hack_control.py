"""The simulated yi-hack camera's pictures, moves, sounds and streams (§5, §6, §8)."""

import asyncio
import base64
import io
import json
import struct

import av
from PIL import Image
import pytest

from tests.simulators.control import Control
from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.raw import Raw
from tests.simulators_tests.yi_box import body, conf, running, said, values

pytestmark = pytest.mark.usefixtures("socket_enabled")

DONE = b'{\n"error":"false"\n}'
FAILED = b'{\n"error":"true"\n}'
JPEG = b"HTTP/1.1 200 OK\r\nContent-type: image/jpeg\r\n\r\n"


def size(picture: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture)).size


# §5.1 Snapshot


@pytest.mark.parametrize(
    ("name", "high"),
    [
        ("mstar", (1920, 1088)),
        ("allwinner", (1920, 1080)),
        ("v5", (1280, 720)),
        ("hostile", (2304, 1296)),
    ],
)
async def test_pictures_have_the_sizes_of_the_model(name: str, high: tuple[int, int]) -> None:
    async with running(name) as box:
        box.faults.pace = 0
        box.faults.snapshot_empty_every = 0
        whole = await said(box, "/cgi-bin/snapshot.sh")
        assert whole.startswith(JPEG + b"\xff\xd8")
        assert size(whole.removeprefix(JPEG)) == high
        assert size(await body(box, "snapshot.sh?res=low")) == (640, 360)
        assert size(await body(box, "snapshot.sh?res=other")) == high
        box.config["system"]["SNAPSHOT_LOW"] = "yes"
        assert size(await body(box, "snapshot.sh?res=high")) == (640, 360)


async def test_each_picture_differs_and_the_watermark_shows() -> None:
    async with running() as box:
        target = "snapshot.sh?res=low&watermark="
        first, second = [await body(box, f"{target}no") for _ in range(2)]
        assert first != second
        marked, bad = await body(box, f"{target}yes"), await body(box, f"{target}maybe")

        def dark(picture: bytes) -> bool:
            pixel = Image.open(io.BytesIO(picture)).convert("L").getpixel((6, 24))
            assert isinstance(pixel, int | float)
            return pixel < 50

        assert [dark(each) for each in (first, marked, bad)] == [False, True, False]


async def test_base64_comes_in_lines_of_76_columns() -> None:
    async with running() as box:
        whole = await said(box, "/cgi-bin/snapshot.sh?res=low&base64=yes")
        head, _, text = whole.partition(b"\r\n\r\n")
        assert head.endswith(b"Content-type: image/jpeg;base64")
        lines = text.splitlines()
        assert {len(line) for line in lines[:-1]} == {76}
        assert base64.b64decode(b"".join(lines)).startswith(b"\xff\xd8")


async def test_a_picture_can_be_kept_on_the_card() -> None:
    async with running() as box:
        assert await body(box, "snapshot.sh?res=low&file=door.jpg") == DONE
        whole = await said(box, "/record/door.jpg")
        assert b"\r\nContent-type: image/jpeg\r\n" in whole
        assert size(whole.partition(b"\r\n\r\n")[2]) == (640, 360)
        for wrong in ("a/b.jpg", ".hidden", "../x"):
            assert await body(box, f"snapshot.sh?file={wrong}") == FAILED


async def test_a_picture_may_be_nothing() -> None:
    async with running() as box:
        box.faults.snapshot_empty_every = 2
        bodies = [await body(box, "snapshot.sh?res=low") for _ in range(4)]
        assert [bool(each) for each in bodies] == [True, False, True, False]
        box.config["system"]["SNAPSHOT"] = "no"
        assert await said(box, "/cgi-bin/snapshot.sh") == JPEG


async def test_one_grabber_at_a_time() -> None:
    async with running() as box:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(body(box, "snapshot.sh?res=low")) for _ in range(2)]
        assert sorted(bool(task.result()) for task in tasks) == [False, True]
        assert await body(box, "snapshot.sh?res=low") != b""


# §5.16 Moving


async def test_the_reply_comes_after_the_move() -> None:
    async with running() as box:
        motor = box.camera.motor
        assert await body(box, "ptz.sh?dir=left&time=1.5") == DONE
        assert motor.position == pytest.approx((135, 90))
        assert await body(box, "ptz.sh?dir=up_right&time=1") == DONE
        assert motor.position == pytest.approx((165, 120))
        assert motor.moves == ["left", "up", "right"]
        moving = asyncio.create_task(body(box, "ptz.sh?dir=down&time=9"))
        await box.until(lambda: motor.moving == "down")
        assert not moving.done()
        await moving
        assert motor.moving is None


async def test_continuous_absolute_and_relative() -> None:
    async with running() as box:
        motor = box.camera.motor
        assert await body(box, "ptz.sh?action=cont&dir=right") == DONE
        assert motor.moving == "right"
        assert await body(box, "ptz.sh?dir=stop") == DONE
        assert motor.moving is None
        assert motor.position[0] > 180
        assert await body(box, "ptz.sh?action=abs&x=20.5&y=170") == DONE
        assert motor.position == (20.5, 170)
        assert await body(box, "ptz.sh?action=rel&x=-30&y=5") == DONE
        assert motor.position == (0, 175)
        for wrong in (
            "action=abs&x=361&y=0",
            "action=abs&x=1",
            "action=fly&dir=up",
            "dir=up&time=x",
        ):
            assert await body(box, f"ptz.sh?{wrong}") == FAILED
        assert await body(box, "ptz.sh?dir=left&time=0,5") == FAILED


async def test_v5_reads_two_parameters_and_says_little() -> None:
    async with running("v5") as box:
        assert await body(box, "ptz.sh?dir=left&time=0.1") == b"{\n}"
        # It has no motor, which the script does not know.
        assert box.camera.motor.moves == []


# §5.17 Presets


async def test_presets_are_gone_to_added_and_removed() -> None:
    async with running() as box:
        motor = box.camera.motor
        assert await body(box, "preset.sh?action=go_preset&num=1") == DONE
        assert motor.position == (60, 100)
        assert await body(box, "preset.sh?action=go_preset&num=2") == DONE
        assert motor.position == (60, 100)
        assert await body(box, "preset.sh?action=add_preset&name=Gate") == DONE
        assert (await conf(box, "ptz_presets"))["2"] == "Gate,60.0,100.0"
        assert await body(box, "preset.sh?action=add_preset&name=Shed&num=1") == DONE
        assert (await conf(box, "ptz_presets"))["1"] == "Shed,60.0,100.0"
        assert await body(box, "preset.sh?action=set_home_position") == DONE
        assert (await conf(box, "ptz_presets"))["0"] == "Home,,"
        assert await body(box, "preset.sh?action=del_preset&num=3") == DONE
        assert (await conf(box, "ptz_presets"))["3"] == ""
        assert await body(box, "preset.sh?action=del_preset&num=all") == DONE
        assert set((await conf(box, "ptz_presets")).values()) == {""}


async def test_errors_of_presets_are_no_json() -> None:
    async with running() as box:
        assert await body(box, "preset.sh?action=go_preset&num=8") == (
            b'{\n"error":"true",\n"message":"Preset"\n"number":"out"\n"of":"range"\n}'
        )
        for call in ("num=1", "action=get_presets", ""):
            text = await body(box, f"preset.sh?{call}")
            assert json.loads(text) == {"error": "true", "message": "-99"}
        twice = await body(box, "preset.sh?action=add_preset&name=Door")
        assert twice.startswith(b'{\n"error":"true",\n"message":"Preset"\n"name":"already"\n')
        for number in range(5):
            assert await body(box, f"preset.sh?action=add_preset&name=P{number}") == DONE
        full = await body(box, "preset.sh?action=add_preset&name=P9")
        assert full == b'{\n"error":"true",\n"message":"No"\n"free":"preset"\n"left":""\n}'
        await body(box, "preset.sh?action=add_preset&name=`id`&num=1")
        assert box.disasters == ["preset.sh name=`id`"]


async def test_older_firmware_knows_the_number_alone() -> None:
    async with running() as box:
        box.faults.old_presets = True
        assert await body(box, "preset.sh?num=3") == DONE
        assert box.camera.motor.position == (300, 80)


# §6 Sound


async def test_sound_is_counted_and_with_a_card_the_reply_comes_first() -> None:
    async with running() as box:
        box.faults.pace = 0.5
        pcm = struct.pack("<2h", 1, -2) * 40_000
        box.faults.durations["speaker.sh"] = 0
        assert await values(box, "speaker.sh?voldb=-3.5", pcm) == {
            "error": "false",
            "description": "",
        }
        speaker = box.camera.speaker
        assert speaker.playing is speaker.played[0]
        assert speaker.pcm_bytes == len(pcm)
        assert speaker.played[0].gain == ("voldb", -3.5)
        await body(box, "speaker.sh?vol=2", post=b"ab")
        assert [each.corrupt for each in speaker.played] == [True, True]


async def test_without_a_card_sound_is_short_and_the_reply_late() -> None:
    async with running() as box:
        box.set_sd("absent")
        big = await values(box, "speaker.sh?vol=1", bytes(512_001))
        assert big == {"error": "true", "description": "File is too big"}
        await body(box, "speaker.sh?vol=1", post=bytes(32_000))
        assert box.camera.speaker.playing is None
        assert box.camera.speaker.pcm_bytes == 32_000


async def test_a_wav_in_a_form_clicks() -> None:
    async with running() as box:
        wav = b"RIFF" + bytes(40) + b"abcd"
        form = (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.wav"\r\n'
            b"Content-Type: audio/wav\r\n\r\n" + wav + b"\r\n--x--\r\n"
        )
        kind = "Content-Type: multipart/form-data; boundary=x"
        await said(box, "/cgi-bin/speaker.sh", kind, method="POST", body=form)
        played = box.camera.speaker.played[0]
        assert (played.sound, played.click, played.gain) == (b"abcd", True, None)


async def test_speech_says_one_line_and_echoes_it_unescaped() -> None:
    async with running() as box:
        text = await body(box, "speak.sh?lang=en-US&vol=3", post=b'Say "hi"\nand no more')
        assert text == b'{\n"error":"false",\n"description":"Say "hi""\n}'
        played = box.camera.speaker.played[0]
        assert (played.text, played.language, played.gain) == ('Say "hi"', "en-US", ("vol", 3.0))
        await box.until(lambda: box.camera.speaker.playing is None)
        box.camera.speaker.begin(played)
        busy = await values(box, "speak.sh?lang=de-DE&vol=1", b"x")
        assert busy["description"] == "Speaker busy"
        box.faults.tts = False
        assert (await values(box, "speak.sh?lang=de-DE", b"x"))["error"] == "true"
        box.config["system"]["SPEAKER_AUDIO"] = "no"
        off = await values(box, "speak.sh?lang=de-DE", b"x")
        assert off["description"] == "Audio input disabled"
        off = await values(box, "speaker.sh?vol=1", b"x")
        assert off["description"] == "Audio input is not available"


async def test_files_of_the_card_are_played_by_name() -> None:
    async with running() as box:
        assert (await values(box, "speaker_file.sh?voldb=0", b"ding.wav"))["error"] == "false"
        assert await body(box, "speaker_file.sh", post=b"none.wav") == (
            b'{\n"error":"true"\n"description":"File not found"\n}'
        )
        await body(box, "speaker_file.sh", post=b"../../etc/passwd")
        assert box.disasters == ["speaker_file.sh ../../etc/passwd"]


# §6 Recording on demand


async def test_a_recording_on_demand_holds_the_connection_and_makes_a_clip() -> None:
    async with running() as box:
        before = list(box.clips)
        async with await Raw.connect(box) as raw:
            raw.send("/cgi-bin/record.sh?time=20")
            head = b"HTTP/1.1 200 OK\r\nContent-type: application/json\r\n\r\n"
            await raw.exactly(head + DONE)
            await box.until(lambda: box.camera.recorder.recording)
            assert not raw.reader.at_eof()
            assert await raw.rest() == b""
        await box.until(lambda: box.clips != before)
        assert box.clips[len(before) :] == ["2026Y11M20D14H/57M13S20.mp4"]
        for wrong in ("0", "301"):
            assert await body(box, f"record.sh?time={wrong}") == FAILED


# §8 Streams


async def describe(box: YiHackSimulator, path: str) -> str:
    """The status and session description of an RTSP path."""
    reader, writer = await asyncio.open_connection("127.0.0.1", box.rtsp.port)
    uri = f"rtsp://127.0.0.1:{box.rtsp.port}/{path}"
    token = base64.b64encode(b"admin:p@:ss").decode()
    writer.write(f"DESCRIBE {uri} RTSP/1.0\r\nCSeq: 1\r\n".encode())
    if box.users:
        writer.write(f"Authorization: Basic {token}\r\n".encode())
    writer.write(b"\r\n")
    async with asyncio.timeout(10):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    return head.partition("\r\n")[0]


@pytest.mark.parametrize(
    ("streams", "audio", "there"),
    [
        ("both", "aac", {0, 1, 2}),
        ("high", "yes", {0, 2}),
        ("low", "no", {1}),
        ("both", "none", {0, 1}),
    ],
)
async def test_the_streams_that_are_configured_are_there(
    streams: str, audio: str, there: set[int]
) -> None:
    async with running(user="admin", password="p@:ss") as box:
        box.config["system"].update(RTSP_STREAM=streams, RTSP_AUDIO=audio)
        for number in range(3):
            status = await describe(box, f"ch0_{number}.h264")
            assert status == f"RTSP/1.0 {'200 OK' if number in there else '404 Not Found'}"


async def test_the_streams_want_the_same_user_as_the_pages() -> None:
    async with running() as box:
        assert await describe(box, "ch0_0.h264") == "RTSP/1.0 200 OK"
        box.rtsp.user = "someone"
        assert await describe(box, "ch0_0.h264") == "RTSP/1.0 401 Unauthorized"


async def test_the_sound_alone_is_a_stream() -> None:
    async with running() as box:
        path = await asyncio.to_thread(box.camera.studio.sound)
        with av.open(str(path), "r") as film:
            assert [stream.type for stream in film.streams] == ["audio"]


# The control endpoint


async def post(control: Control, verb: str, payload: object) -> tuple[int, object]:
    reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
    async with Raw(reader, writer) as raw:
        answer = await raw.ask(f"/{verb}", method="POST", body=json.dumps(payload).encode())
    return answer.status, json.loads(answer.body)


async def test_verbs_of_the_control_endpoint() -> None:
    async with running() as box, Control(box) as control:
        assert await post(control, "motion", {}) == (200, {"noticed": True})
        box.advance(5)
        status, stopped = await post(control, "motion", {"on": False})
        assert status == 200
        assert stopped == {"clips": box.clips[-5:]}
        assert (await post(control, "sound", {"crying": True}))[1] == {"noticed": True}
        assert (await post(control, "clip", {"seconds": 10}))[0] == 200
        assert (await post(control, "lapse", {}))[0] == 200
        assert (await post(control, "card", {"state": "full"}))[0] == 200
        assert (await post(control, "card", {"state": "eaten"}))[0] == 400
        assert (await post(control, "settings", {"led": "yes"}))[0] == 200
        config = {"file": "system", "FREE_SPACE": "10"}
        assert await post(control, "config", config) == (200, {"changed": 1})
        order = {"topic": "yi/living/cmnd/camera/ir", "payload": "no"}
        assert await post(control, "command", order) == (200, {"known": True})
        assert (await post(control, "dark", {}))[0] == 200
        with pytest.raises(ConnectionRefusedError):
            await Raw.connect(box)
        assert (await post(control, "back", {}))[0] == 200
        assert (await post(control, "reboot", {}))[0] == 200
        await box.until(lambda: box.camera.reboots == 1)
        reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
        async with Raw(reader, writer) as raw:
            state = json.loads((await raw.ask("/state")).body)
        assert (state["personality"], state["card"], state["reboots"]) == ("mstar", "full", 1)
        assert state["config"]["system"]["FREE_SPACE"] == "10"


async def test_a_camera_can_live_by_itself() -> None:
    async with running(at=None) as box:
        living = asyncio.create_task(box.live(0.01))
        before = len(box.clips)
        await box.until(lambda: len(box.clips) > before)
        living.cancel()
        ended = await asyncio.gather(living, return_exceptions=True)
        assert isinstance(ended[0], asyncio.CancelledError)
