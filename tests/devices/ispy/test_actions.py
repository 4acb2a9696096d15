"""Actions on objects and on the PC: what is sent, and what came of it (§5, §7, §8)."""

from typing import Any

import pytest

from custom_components.cctv.devices.commands import (
    AddObject,
    Archive,
    DeletePictures,
    DeleteRecordings,
    GetConfig,
    PlayFile,
    Press,
    RemoveObject,
    Risk,
    Say,
    Set,
    SetConfig,
    SetMask,
    ShutDown,
    UploadRecording,
)
from custom_components.cctv.devices.errors import (
    BadInput,
    Rejected,
    Unsupported,
)
from tests.devices.ispy.conftest import CATCH_ALL, Build, do, told, topology_of
from tests.simulators.ispy import CAMERA


async def test_the_pc_speaks_to_a_camera(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.1", Say("Gehen Sie weg + HTTP!"))
    assert home.box.thing(CAMERA, 1).spoken == ["Gehen Sie weg + HTTP!"]
    with pytest.raises(BadInput):
        await do(device, "camera.1", Say("x", volume=10))


async def test_a_mask_is_a_picture_on_the_pc(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "camera.1", SetMask(r"C:\iSpy\Masks\porch.png"))
    assert home.box.thing(CAMERA, 1).mask == r"C:\iSpy\Masks\porch.png"
    for file in (r"C:\iSpy\Masks\none.png", r"C:\iSpy\Masks\broken.png"):
        with pytest.raises(Rejected):
            await do(device, "camera.1", SetMask(file))


async def test_recordings_are_deleted_by_name_or_all(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 1)
    names = [each.name for each in camera.recordings]
    await do(device, "camera.1", DeleteRecordings(names=tuple(names[:2])))
    assert [each.name for each in camera.recordings] == names[2:]
    await do(device, "camera.1", DeleteRecordings(all=True))
    assert not camera.recordings
    assert home.box.thing(CAMERA, 2).recordings
    assert DeleteRecordings.risk is Risk.DESTROYS


@pytest.mark.parametrize(
    "command",
    [
        DeleteRecordings(),
        DeleteRecordings(names=("a.mp4",), all=True),
        DeleteRecordings(folder="x", all=True),
        DeleteRecordings(names=(r"..\a.mp4",)),
        DeleteRecordings(names=("a|b.mp4",)),
        DeletePictures(names=()),
        Archive(names=()),
        PlayFile("../x"),
        UploadRecording(""),
    ],
)
async def test_wrong_names_are_never_sent(house: Build, command: Any) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await do(device, "camera.1", command)
    assert not home.sent()


async def test_many_names_go_in_several_requests(house: Build) -> None:
    home = await house("hostile")
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 0)
    names = tuple(each.name for each in camera.recordings)
    await do(device, "camera.0", DeleteRecordings(names=names))
    assert not camera.recordings
    assert len(home.told("massdelete")) > 1


async def test_the_oldest_build_reads_values_as_they_stand(house: Build) -> None:
    """It decodes nothing and lower-cases all, which is the same file to Windows (§1)."""
    home = await house("ancient")
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 2)
    name = camera.recordings[0].name.upper()
    await do(device, "camera.2", DeleteRecordings(names=(name,)))
    assert not camera.recordings
    await do(device, "camera.2", Set("schedule", value=True))
    assert camera.settings.scheduler
    await do(device, "group.outside", Press("all_off"))
    assert not camera.enabled


async def test_grabs_are_deleted_by_name(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    camera = home.box.thing(CAMERA, 1)
    name = camera.grabs[0].name
    await do(device, "camera.1", DeletePictures(names=(name,)))
    assert name not in [each.name for each in camera.grabs]
    assert camera.grabs


async def test_recordings_go_to_the_archive(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    name = home.box.thing(CAMERA, 1).recordings[0].name
    await do(device, "camera.1", Archive(names=(name,)))
    assert f"archive {name}" in home.box.program.called
    home.box.faults.archive = False
    with pytest.raises(Rejected, match="Archive failed"):
        await do(device, "camera.1", Archive(names=(name,)))


async def test_a_recording_is_sent_to_the_cloud_and_shown_on_the_pc(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    name = home.box.thing(CAMERA, 1).recordings[0].name
    answer = await do(device, "camera.1", UploadRecording(name))
    assert answer.data["message"]
    # The last versions find no plain name any more (§5).
    with pytest.raises(Rejected, match="File does not exist"):
        await do(device, "camera.1", PlayFile(name))
    older = await house("g2")
    device, _ = await older.opened()
    name = older.box.thing(CAMERA, 1).recordings[0].name
    await do(device, "camera.1", PlayFile(name))


async def test_all_fields_of_the_panel_are_read_and_written(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    before = (await do(device, "camera.1", GetConfig("camera:1"))).data
    assert before["camera:1.timelapseframes"] == "60"
    assert before["camera:1.recordmode"] == "detection"
    values = {"camera:1.timelapseframes": "5", "camera:1.localsaving": "true"}
    answer = await do(device, "camera.1", SetConfig(values))
    assert answer.data == {"camera:1.timelapseframes": "60", "camera:1.localsaving": "false"}
    assert told(answer)["camera.1:save_pictures"] is True
    settings = home.box.thing(CAMERA, 1).settings
    assert (settings.timelapseframes, settings.localsaving) == (5, True)


@pytest.mark.parametrize(
    "values",
    [
        {"camera:1.localsaving": "1"},
        {"camera:1.localsaving": "True"},
        {"camera:1.timelapse": "often"},
        {"camera:1.unknown": "true"},
        {"camera:2.alerts": "true"},
        {"camera:1.accessgroups": "a\nb"},
        {"camera:1.alerts": "false", "camera:1.timelapse": "0"},
    ],
)
async def test_what_would_hang_is_never_sent(house: Build, values: dict[str, str]) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await do(device, "camera.1", SetConfig(values))
    assert not [each for each in home.sent() if not each.startswith("getcontrolpanel")]


async def test_objects_are_added_and_removed(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    command = AddObject("camera", 1, url="HTTP://10.0.0.7/video.mjpg", name="Attic & more")
    answer = await do(device, "", command)
    assert answer.data == {"part": "camera.5"}
    assert topology_of(answer).parts["camera.5"].name == "Attic & more"
    answer = await do(device, "", AddObject("microphone", 0, name="Loft"))
    added = answer.data["part"]
    answer = await do(device, added, RemoveObject())
    assert added not in topology_of(answer).parts
    assert "camera.3" in topology_of(answer).parts
    assert home.told("removeobject") == ["removeobject?ot=1&oid=3"]
    with pytest.raises(BadInput):
        await do(device, "", AddObject("plan", 0))


async def test_an_object_that_we_removed_goes_at_once(house: Build) -> None:
    home = await house()
    runner = await home.run("camera.3:enabled")
    await runner.do("camera.3", RemoveObject())
    assert "camera.3" not in runner.state.topology.parts


async def test_a_version_without_a_command_says_so(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["addobject"] = CATCH_ALL
    with pytest.raises(Unsupported):
        await do(device, "", AddObject("camera", 1))


async def test_it_is_shut_down(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await do(device, "", ShutDown())
    assert home.box.program.called[-1] == "shutdown"
    assert ShutDown.risk is Risk.DESTROYS
