"""The simulated DVR+O says and does what docs/protocols/dvro.md says (§2-§5, §8)."""

import asyncio
import json

import pytest

from tests.simulators.dvro import Amnesia
from tests.simulators_tests.dvro_box import (
    DATA,
    INSPECTOR,
    ask,
    command,
    reading,
    refused,
    simulator,
    whole,
)
from tests.simulators_tests.raw import Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

TEMPLATES = (
    "FilenameTemplate",
    "DirectoryTemplate",
    "FramegrabTemplate",
    "DataLogTemplate",
    "EventTemplate",
    "AnomalyTemplate",
)

# §2 How answers are written


async def test_ping_byte_for_byte() -> None:
    async with simulator() as box:
        answer = await whole(box, "/api/stats/ping")
        assert answer.head == (
            b"HTTP/1.1 200 OK\r\nServer: EmbedIO/3.5.2\r\n"
            b"Content-Type: application/json; charset=utf-8\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        assert answer.body == b'10\r\n{ "Ping": true }\r\n0\r\n\r\n'
        assert (await ask(box.status, "/api/stats/ping")).body == b'{ "Ping": true }'


async def test_a_command_answers_an_empty_body() -> None:
    async with simulator() as box:
        answer = await whole(box, f"{INSPECTOR}/stoprecording")
        assert answer.head == (
            b"HTTP/1.1 200 OK\r\nServer: EmbedIO/3.5.2\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        assert answer.body == b""


async def test_a_connection_lives_on_after_chunks() -> None:
    async with simulator() as box, await Raw.connect(box) as raw:
        for _ in range(2):
            raw.send(f"{INSPECTOR}/isrecording")
            assert b"Connection: keep-alive\r\n" in await raw.head()
            await raw.exactly(b"5\r\nfalse\r\n0\r\n\r\n")
        assert box.accepted == 1


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        ("/", "GET", 404),
        ("/api/inspector", "GET", 404),
        (f"{INSPECTOR}/startRecording", "GET", 404),
        (f"{INSPECTOR}/startrecording/", "GET", 404),
        ("/api/recording/isrecording", "GET", 404),
        (f"{INSPECTOR}/startrecording", "POST", 405),
        (f"{INSPECTOR}/startrecording", "HEAD", 405),
        (f"{INSPECTOR}/recordingdirectory", "GET", 405),
        ("/api/recordersettings/apply", "GET", 405),
        ("/api/stats/ping", "POST", 405),
        (f"{INSPECTOR}/splittime/abc", "GET", 500),
        (f"{INSPECTOR}/splittime/0", "GET", 500),
        (f"{INSPECTOR}/splittime/-5", "GET", 500),
        (f"{INSPECTOR}/splittime/", "GET", 500),
        (f"{INSPECTOR}/reevaluatetags/yes", "GET", 500),
    ],
)
async def test_refusals_are_small_pages(target: str, method: str, status: int) -> None:
    async with simulator() as box:
        box.recorder.recording_dir = DATA
        answer = await ask(box, target, method=method)
        assert answer.status == status
        assert answer.header("Content-Type") == "text/html; charset=utf-8"
        assert not box.recorder.recording
        if method != "HEAD":
            assert answer.body.startswith(b"<html><head><title>%d - " % status)


@pytest.mark.parametrize(
    "body",
    [
        b'{"Directory": "C:\\tmp\\Data1"}',
        b'{"Directory": "D:\\Data"}',
        b"Directory=C",
        b'["C:"]',
        b'{"Directory": 5}',
        b'{"Directory": "C:"',
    ],
    ids=["tab", "escape", "form", "list", "number", "half"],
)
async def test_what_is_no_json_or_no_path_is_an_error(body: bytes) -> None:
    async with simulator() as box:
        for name in ("recordingdirectory", "inspectiondirectory", "createdirectory"):
            assert (await ask(box, f"{INSPECTOR}/{name}", body)).status == 500
        assert box.recorder.recording_dir is None
        box.faults.bad_json_status = 400
        assert (await ask(box, f"{INSPECTOR}/recordingdirectory", body)).status == 400


async def test_keys_in_another_case_are_taken_and_ignored() -> None:
    async with simulator() as box:
        await command(box, "recordingdirectory", {"directory": DATA})
        assert box.recorder.recording_dir is None
        await command(box, "recordingdirectory", {"Directory": DATA})
        assert box.recorder.recording_dir == DATA


# §3 The rows


async def test_a_recording_from_its_folder_to_its_file() -> None:
    async with simulator() as box:
        assert await reading(box, "isrecording") == b"false"
        await command(box, "recordingdirectory", {"Directory": DATA})
        assert box.recorder.directories == []
        await command(box, "startrecording")
        for name in ("isrecording", "encoderrunning"):
            assert await reading(box, name) == b"true"
        assert box.recorder.directories == [DATA]
        assert [each.path for each in box.recorder.files] == [
            f"{DATA}\\DATA_20260405143007089\\20260405143007089@Rayfin.mp4",
            f"{DATA}\\DATA_20260405143007089\\20260405143007089@Overview.mp4",
        ]
        await command(box, "stoprecording")
        assert await reading(box, "isrecording") == b"false"


async def test_the_second_port_tells_the_same_state() -> None:
    async with simulator() as box:
        for name in ("isrecording", "encoderrunning"):
            assert (await ask(box.status, f"/api/recording/{name}")).body == b"false"
        assert (await ask(box.status, "/api/recording/filename")).body == b'{"Filename": ""}'
        box.recorder.recording_dir = "D:\\folder"
        box.recorder.templates |= {"DirectoryTemplate": "x", "FilenameTemplate": "file"}
        await command(box, "startrecording")
        for name in ("isrecording", "encoderrunning"):
            assert (
                await ask(box.status, f"/api/recording/{name}")
            ).body == b'{ "IsRecording": true }'
        assert (
            await ask(box.status, "/api/recording/filename")
        ).body == b'{"Filename": "D:\\\\folder\\\\x\\\\file.mp4"}'
        box.recorder.drive_space = 41
        assert (
            await ask(box.status, "/api/recording/status")
        ).body == b'{"IsRecording":true,"DriveSpace":41}'
        assert (await ask(box.status, f"{INSPECTOR}/isrecording")).status == 404


async def test_a_clip_lives_inside_a_recording() -> None:
    async with simulator() as box:
        await command(box, "startclip")
        assert await reading(box, "iscliprecording") == b"false"
        box.recorder.recording_dir = DATA
        box.recorder.inspection_dir = "E:\\Clips"
        await command(box, "startrecording")
        await command(box, "startclip")
        assert await reading(box, "iscliprecording") == b"true"
        clips = [each.path for each in box.recorder.files if each.kind == "clip"]
        assert clips[0] == "E:\\Clips\\20260405143007089@Rayfin_clip.mp4"
        await command(box, "stopclip")
        assert await reading(box, "iscliprecording") == b"false"
        assert await reading(box, "isrecording") == b"true"
        await command(box, "startclip")
        await command(box, "stoprecording")
        assert await reading(box, "iscliprecording") == b"false"


async def test_a_frame_grab_is_a_file_or_false() -> None:
    async with simulator() as box:
        assert await reading(box, "takeframegrab") == b"true"
        box.recorder.advance(1)
        await command(box, "inspectiondirectory", {"Directory": "\\\\server\\share"})
        assert await reading(box, "takeframegrab") == b"true"
        assert [each.path for each in box.recorder.files if each.channel == "Rayfin"] == [
            "C:\\Users\\operator\\Videos\\20260405143007089@Rayfin.jpg",
            "\\\\server\\share\\20260405143107089@Rayfin.jpg",
        ]
        box.recorder.set_channels(started=False)
        assert await reading(box, "takeframegrab") == b"false"
        assert len(box.recorder.files) == 4


async def test_files_are_split_by_the_simulated_clock() -> None:
    async with simulator() as box:
        box.recorder.recording_dir = DATA
        box.recorder.templates["DirectoryTemplate"] = "day"
        await command(box, "splittime/10")
        await command(box, "startrecording")
        box.recorder.advance(25)
        names = [each.path for each in box.recorder.files if each.channel == "Rayfin"]
        assert names == [
            f"{DATA}\\day\\20260405143007089@Rayfin.mp4",
            f"{DATA}\\day\\20260405143007089@Rayfin_001.mp4",
            f"{DATA}\\day\\20260405143007089@Rayfin_002.mp4",
        ]
        await command(box, "reevaluatetags/true")
        box.recorder.advance(5)
        assert box.recorder.filename == f"{DATA}\\day\\20260405150007089@Overview.mp4"
        await command(box, "stoprecording")
        box.recorder.advance(60)
        assert len(box.recorder.files) == 8


async def test_a_template_that_repeats_overwrites_its_file() -> None:
    async with simulator() as box:
        await command(box, "pathtemplate", {"FramegrabTemplate": "grab@${channelname}"})
        for _ in range(3):
            assert await reading(box, "takeframegrab") == b"true"
        assert len(box.recorder.files) == 2
        assert box.recorder.overwritten == 4


async def test_templates_are_taken_one_by_one_and_malformed_tags_stay() -> None:
    async with simulator() as box:
        before = dict(box.recorder.templates)
        assert tuple(before) == TEMPLATES
        odd = "${hh}${mm}$ss}_${fff} ${HH} ${type} ${yyyy]"
        await command(box, "pathtemplate", {"FilenameTemplate": odd, "eventtemplate": "x"})
        assert box.recorder.templates == before | {"FilenameTemplate": odd}
        assert await reading(box, "pathtemplate") == b""
        await command(box, "pathtemplate", {"Directory": DATA, "DirectoryTemplate": "d"})
        await command(box, "startrecording")
        assert box.recorder.filename == f"{DATA}\\d\\1430$ss}}_089 02 video ${{yyyy].mp4"


async def test_templates_can_be_read_where_the_software_tells_them() -> None:
    async with simulator("template_json") as box:
        await command(box, "pathtemplate", {"EventTemplate": "C:\\x"})
        read = json.loads(await reading(box, "pathtemplate"))
        assert tuple(read) == TEMPLATES
        assert read["EventTemplate"] == "C:\\x"


async def test_settings_are_all_eleven_or_fall_to_nothing() -> None:
    settings: dict[str, object] = {
        "Bitrate": 1,
        "Directory": None,
        "DirectoryTemplate": "${channelname}",
        "Encoder": "n265",
        "Filename": "${hh}",
        "FrameRate": 0,
        "IsSmartEncoding": True,
        "ReevaluateTagsOnSplit": True,
        "Resolution": "0, 0",
        "RestartOnFailure": False,
        "SplitTimeMinutes": 10,
    }
    path = "/api/recordersettings/apply"
    async with simulator() as box:
        answer = await ask(box, path, json.dumps(settings).encode())
        assert (answer.status, answer.body) == (200, b"")
        assert box.recorder.settings == settings
        assert (box.recorder.split, box.recorder.reevaluate) == (10, True)
        assert box.recorder.templates["FilenameTemplate"] == "${hh}"
        assert box.recorder.recording_dir is None
        wrong = json.dumps(settings | {"SplitTimeMinutes": "10"}).encode()
        assert (await ask(box, path, wrong)).status == 500
        assert (await ask(box, path, b'{"Bitrate": 4}')).status == 200
        assert (box.recorder.split, box.recorder.reevaluate) == (0, False)
        assert box.recorder.settings["Encoder"] is None


async def test_directories_are_made_by_bare_names_too() -> None:
    async with simulator() as box:
        for name in ("new_directory_name", "\\\\server\\share\\a", DATA):
            await command(box, "createdirectory", {"Directory": name})
        assert box.recorder.directories == [
            "C:\\Users\\operator\\Videos\\new_directory_name",
            "\\\\server\\share\\a",
            DATA,
        ]


# §5 The order of events


async def test_without_a_folder_the_screen_asks() -> None:
    async with simulator() as box:
        await command(box, "startrecording")
        assert box.recorder.dialog_open
        assert await reading(box, "isrecording") == b"false"
        await command(box, "recordingdirectory", {"Directory": DATA})
        assert await reading(box, "isrecording") == b"false"
        box.recorder.answer_dialog(DATA)
        assert await reading(box, "isrecording") == b"true"
        assert box.recorder.dialogs == 1


async def test_a_late_start_answers_when_the_dialog_does() -> None:
    async with simulator("hostile") as box, await Raw.connect(box) as raw:
        raw.send(f"{INSPECTOR}/startrecording", "Connection: close")
        await box.until(lambda: box.recorder.dialog_open)
        assert box.wire[0].status is None
        box.recorder.answer_dialog(None)
        assert await raw.rest() == (
            b"HTTP/1.1 200 OK\r\nServer: EmbedIO/3.5.2\r\nConnection: close\r\n\r\n"
        )
        box.faults.dialog_seconds = 0.01
        await command(box, "startrecording")
        assert box.recorder.dialog_open


async def test_a_start_that_fails_or_lags() -> None:
    async with simulator("html_errors") as box:
        assert (await ask(box, f"{INSPECTOR}/startrecording")).status == 500
        assert (await ask(box, f"{INSPECTOR}/startclip")).status == 500
        box.recorder.recording_dir = DATA
        box.faults.start_lag = box.faults.stop_lag = 0.01
        await command(box, "startrecording")
        await box.until(lambda: box.recorder.recording)
        await command(box, "stoprecording")
        await box.until(lambda: not box.recorder.recording)


async def test_without_channels_nothing_starts() -> None:
    async with simulator() as box:
        box.recorder.recording_dir = DATA
        box.recorder.set_channels(started=False)
        await command(box, "startrecording")
        assert await reading(box, "isrecording") == b"false"
        assert not box.recorder.dialog_open


@pytest.mark.parametrize("amnesia", Amnesia)
async def test_a_restart_forgets_the_recording_folder(amnesia: Amnesia) -> None:
    async with simulator() as box:
        box.faults.amnesia = amnesia
        box.faults.restart_seconds = 30.0
        await command(box, "recordingdirectory", {"Directory": DATA})
        await command(box, "inspectiondirectory", {"Directory": "E:\\"})
        await command(box, "pathtemplate", {"EventTemplate": "mine"})
        await command(box, "splittime/7")
        await command(box, "startrecording")
        await command(box, "startclip")
        port = box.port
        async with await Raw.connect(box) as raw:
            raw.send("/api/stats/ping")
            await raw.head()
            await raw.exactly(b'10\r\n{ "Ping": true }\r\n0\r\n\r\n')
            restart = box.restart()
            with pytest.raises(ConnectionResetError):
                await raw.rest()
        await box.until(lambda: not box.recorder.recording)
        assert await refused(box)
        assert await refused(box.status)
        restart.cancel()
        await asyncio.wait([restart])
        box.faults.restart_seconds = 0.0
        await box.restart()
        assert (box.port, box.restarts) == (port, 1)
        assert await reading(box, "isrecording") == b"false"
        assert await reading(box, "iscliprecording") == b"false"
        assert box.recorder.recording_dir is None
        kept = amnesia is Amnesia.RECORDING_DIRECTORY
        assert (box.recorder.templates["EventTemplate"] == "mine") is kept
        assert box.recorder.inspection_dir == ("E:\\" if kept else None)
        assert box.recorder.split == (7 if kept else 0)
