"""Every command of the API on the wire: sent once, as printed, and only when it is right."""

import json

import pytest

from custom_components.cctv.devices.commands import (
    ApplyRecorderSettings,
    Command,
    CreateDirectory,
    Press,
    Set,
)
from custom_components.cctv.devices.dvro.features import TEMPLATE_NAMES
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    Gone,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import Stream

from .conftest import FOLDER, Build, told

# --- every command on the wire (§3) -------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "request_line", "body"),
    [
        (
            Set("recording_directory", r"C:\tmp\Data1"),
            "POST /api/inspector/recordingdirectory",
            rb'{"Directory": "C:\\tmp\\Data1"}',
        ),
        (
            Set("inspection_directory", r"\\server\share"),
            "POST /api/inspector/inspectiondirectory",
            rb'{"Directory": "\\\\server\\share"}',
        ),
        (
            CreateDirectory("new_directory_name"),
            "POST /api/inspector/createdirectory",
            b'{"Directory": "new_directory_name"}',
        ),
        (Set("split_time", 10), "GET /api/inspector/splittime/10", b""),
        (
            Set("reevaluate_tags", value=True),
            "GET /api/inspector/reevaluatetags/true",
            b"",
        ),
        (
            Set("reevaluate_tags", value=False),
            "GET /api/inspector/reevaluatetags/false",
            b"",
        ),
        *(
            (
                Set(key, "${yyyy}${ss}"),
                "POST /api/inspector/pathtemplate",
                json.dumps({name: "${yyyy}${ss}"}).encode(),
            )
            for key, name in TEMPLATE_NAMES.items()
        ),
        (Press("take_snapshot"), "GET /api/inspector/takeframegrab", b""),
    ],
    ids=lambda value: value.partition("/api/")[2] if isinstance(value, str) else None,
)
async def test_a_command_is_sent_once_and_as_printed(
    house: Build, command: Command, request_line: str, body: bytes
) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await device.do("", command)
    assert home.box.requests == [request_line]
    assert home.box.wire[0].request.body == body
    if body:
        assert home.box.wire[0].request.header("Content-Type") == "application/json"
    if isinstance(command, Set):
        assert told(answer.updates) == {f":{command.key}": command.value}


async def test_the_recorder_has_taken_what_was_set(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for command in (
        Set("recording_directory", FOLDER),
        Set("inspection_directory", r"\\nas\dives"),
        Set("split_time", 15),
        Set("reevaluate_tags", value=True),
        Set("file_template", "${hh}${mm}${ss}"),
    ):
        await device.do("", command)
    recorder = home.box.recorder
    assert recorder.recording_dir == FOLDER
    assert recorder.inspection_dir == r"\\nas\dives"
    assert recorder.split == 15
    assert recorder.reevaluate is True
    assert recorder.templates["FilenameTemplate"] == "${hh}${mm}${ss}"


async def test_encoder_settings_are_sent_whole(house: Build) -> None:
    """§4.1: always all eleven keys, without the misprints."""
    home = await house()
    device, _ = await home.opened()
    answer = await device.do("", ApplyRecorderSettings(split_minutes=20, width=1920, height=1080))
    assert home.box.requests == ["POST /api/recordersettings/apply"]
    assert json.loads(home.bodies()[0]) == {
        "Bitrate": 1,
        "Directory": None,
        "DirectoryTemplate": r"${channelname}\${yyyy}\${MM}\${dd}",
        "Encoder": "n265",
        "Filename": "${hh}${mm}${ss}_${fff}",
        "FrameRate": 0,
        "IsSmartEncoding": True,
        "ReevaluateTagsOnSplit": False,
        "Resolution": "1920, 1080",
        "RestartOnFailure": False,
        "SplitTimeMinutes": 20,
    }
    assert home.box.recorder.applied == 1
    assert told(answer.updates) == {":split_time": 20, ":reevaluate_tags": False}


async def test_a_template_that_does_not_take_is_rejected(house: Build) -> None:
    home = await house("template_json")
    device, _ = await home.opened()
    await device.do("", Set("event_template", "${ss}"))
    said = json.dumps({"EventTemplate": "${ss}"}).encode()
    home.box.faults.bodies["/api/inspector/pathtemplate"] = said
    with pytest.raises(Rejected, match="stays"):
        await device.do("", Set("event_template", "${mm}"))


async def test_a_template_that_overwrites_files_is_warned_of(
    house: Build, caplog: pytest.LogCaptureFixture
) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", Set("file_template", "${hh}${mm}"))
    assert "overwritten" in caplog.text


async def test_a_picture_is_stored_and_its_moment_kept(house: Build) -> None:
    home = await house()
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    answer = await device.do("", Press("take_snapshot"))
    moment = told(answer.updates)[":last_snapshot"]
    assert len([each for each in home.box.recorder.files if each.kind == "framegrab"]) > 0
    _, batch = await home.opened(memory=memory)
    assert told(batch)[":last_snapshot"] == moment


async def test_a_picture_without_a_channel_is_rejected_and_not_tried_again(house: Build) -> None:
    """Case 25, §5.7."""
    home = await house()
    device, _ = await home.opened()
    home.box.recorder.set_channels(started=False)
    with pytest.raises(Rejected, match="no channel"):
        await device.do("", Press("take_snapshot"))
    assert home.box.requests == ["GET /api/inspector/takeframegrab"]


@pytest.mark.parametrize(
    "command",
    [
        Set("recording_directory", "Data1"),
        Set("inspection_directory", "C:/tmp"),
        Set("split_time", 2.5),
        Set("split_time", 1441),
        Set("file_template", "${yyyy]"),
        Set("record", "yes"),
        Set("record", value=True, seconds=60),
        Set("motion_detection", value=True),
        Set("recording", value=True),
        Press("restart"),
        CreateDirectory(".."),
        ApplyRecorderSettings(file_template="${hh}${mm}$ss}_${fff}"),
        ApplyRecorderSettings(directory_template="${yyyy]"),
        ApplyRecorderSettings(split_minutes=0),
    ],
)
async def test_what_is_wrong_is_not_sent(house: Build, command: Command) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do("", command)
    assert home.box.requests == []


async def test_there_is_nothing_to_fetch_find_hear_or_say(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(Gone):
        await device.fetch("D:\\x.mp4")
    with pytest.raises(Unsupported):
        device.play_url(Stream("camera.source:main", "camera.source"))
    assert home.box.requests == []
