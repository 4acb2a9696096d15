"""Settings by the names of the recorder's commands: read, checked, changed, and given back."""

import pytest

from custom_components.cctv.devices.commands import GetConfig, Set, SetConfig
from custom_components.cctv.devices.dvro.config import TABLES
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, Rejected

from .conftest import FOLDER, Build, told

SPLIT = "splittime.Minutes"
TAGS = "reevaluatetags.Reevaluate"
DIRECTORY = "recordingdirectory.Directory"
FILE_NAME = "pathtemplate.FilenameTemplate"


async def test_what_was_set_here_is_listed_and_what_nobody_set_is_empty(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", Set("split_time", 15))
    await device.do("", Set("reevaluate_tags", value=True))
    listed: dict[str, str] = {}
    for table in TABLES:
        data = (await device.do("", GetConfig(table))).data
        assert isinstance(data, dict)
        listed.update(data)
    assert listed[SPLIT] == "15"
    assert listed[TAGS] == "true"
    assert listed[DIRECTORY] == ""
    assert listed[FILE_NAME] == ""
    assert len(listed) == 10


async def test_templates_that_the_recorder_tells_are_its_own(house: Build) -> None:
    home = await house("template_json")
    device, _ = await home.opened()
    home.box.recorder.templates["EventTemplate"] = "${ss} by hand"
    data = (await device.do("", GetConfig("pathtemplate"))).data
    assert data == {
        f"pathtemplate.{name}": value for name, value in home.box.recorder.templates.items()
    }


async def test_a_change_answers_with_what_undoes_it(house: Build) -> None:
    home = await house("template_json")
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    recorder = home.box.recorder
    first = {SPLIT: "10", TAGS: "false", DIRECTORY: FOLDER, FILE_NAME: "${hh}${mm}${ss}"}
    await device.do("", SetConfig(first))
    then = SetConfig({SPLIT: "20", TAGS: "True", DIRECTORY: r"E:\Two", FILE_NAME: "${fff}"})
    answer = await device.do("", then)
    assert answer.data == first
    assert told(answer.updates) == {
        ":split_time": 20,
        ":reevaluate_tags": True,
        ":recording_directory": r"E:\Two",
        ":file_template": "${fff}",
    }
    assert (recorder.split, recorder.reevaluate, recorder.recording_dir) == (20, True, r"E:\Two")
    assert recorder.templates["FilenameTemplate"] == "${fff}"
    assert isinstance(answer.data, dict)
    await device.do("", SetConfig(answer.data))
    assert (recorder.split, recorder.reevaluate, recorder.recording_dir) == (10, False, FOLDER)
    assert recorder.templates["FilenameTemplate"] == "${hh}${mm}${ss}"
    assert memory.get("wishes") == {
        "split_time": 10,
        "reevaluate_tags": False,
        "recording_directory": FOLDER,
        "file_template": "${hh}${mm}${ss}",
    }


@pytest.mark.parametrize(
    "name_and_text",
    [
        (SPLIT, "0"),
        (SPLIT, "soon"),
        (SPLIT, "10.5"),
        (TAGS, "perhaps"),
        (DIRECTORY, "Dives"),
        (DIRECTORY, ""),
        (FILE_NAME, "${ss"),
        (FILE_NAME, "******"),
        ("splittime.Hours", "1"),
        ("nothing.Directory", "1"),
    ],
    ids="=".join,
)
async def test_what_is_wrong_is_refused_before_anything_is_told(
    house: Build, name_and_text: tuple[str, str]
) -> None:
    home = await house()
    device, _ = await home.opened()
    name, text = name_and_text
    with pytest.raises(BadInput):
        await device.do("", SetConfig({"inspectiondirectory.Directory": FOLDER, name: text}))
    assert not [line for line in home.box.requests if line != "GET /api/inspector/pathtemplate"]


async def test_a_table_that_it_has_not_is_refused(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput, match="pathtemplate"):
        await device.do("", GetConfig("Network"))
    assert home.box.requests == []


async def test_a_template_that_does_not_take_is_rejected(house: Build) -> None:
    home = await house("template_json")
    device, _ = await home.opened()
    home.box.faults.bodies["/api/inspector/pathtemplate"] = b'{"FilenameTemplate": "${ss}"}'
    with pytest.raises(Rejected, match="stays"):
        await device.do("", SetConfig({FILE_NAME: "${fff}"}))
