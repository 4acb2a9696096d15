"""A recorder that goes away and forgets: what was set is put back before it is used again."""

import pytest

from custom_components.cctv.devices.commands import Press, Set
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import CannotConnect, Rejected
from tests.devices.waiting import becomes
from tests.simulators.dvro import Amnesia, Recorder

from .conftest import FOLDER, Build, House, Options, told

WISHES = (
    Set("recording_directory", FOLDER),
    Set("inspection_directory", r"\\nas\dives"),
    Set("split_time", 15),
    Set("reevaluate_tags", value=True),
    Set("file_template", "${hh}${mm}${ss}"),
    Set("event_template", "${fff}"),
)


def as_wished(recorder: Recorder) -> bool:
    """Whether the recorder is as the user set it."""
    return (
        recorder.recording_dir == FOLDER
        and recorder.inspection_dir == r"\\nas\dives"
        and recorder.split == 15
        and recorder.reevaluate
        and recorder.templates["FilenameTemplate"] == "${hh}${mm}${ss}"
        and recorder.templates["EventTemplate"] == "${fff}"
    )


async def wished(home: House, options: Options | None = None) -> Runner:
    """A runner through which everything was set."""
    home.box.faults.amnesia = Amnesia.EVERYTHING
    runner = await home.runs(options=options)
    for wish in WISHES:
        await runner.do("", wish)
    assert as_wished(home.box.recorder)
    return runner


async def restarted(home: House, runner: Runner) -> None:
    """The software is started anew, and is seen to be gone meanwhile."""
    await home.box.go_dark()
    home.box.recorder.restart()
    await becomes(runner, ":online", wanted=False)
    await home.box.come_back()
    await becomes(runner, ":online", wanted=True)


@pytest.mark.parametrize("personality", ["seed", "template_json", "hostile"])
async def test_all_that_was_forgotten_is_put_back(house: Build, personality: str) -> None:
    """Case 23."""
    home = await house(personality)
    runner = await wished(home)
    at_return: list[bool] = []

    def look() -> None:
        if runner.state.online:
            at_return.append(as_wished(home.box.recorder))

    runner.watch([":online"], look)
    await restarted(home, runner)
    assert at_return == [True], "before anybody sees it online"
    templates = [body for body in home.bodies() if b"Template" in body]
    assert len(templates) == 3, "those two, and both together afterwards"
    assert b"DataLogTemplate" not in templates[-1], "what nobody set is left alone"


async def test_a_user_may_want_nothing_put_back(house: Build) -> None:
    home = await house()
    runner = await wished(home, {"restore": False})
    home.forget()
    await restarted(home, runner)
    assert home.box.recorder.recording_dir is None
    assert home.box.recorder.split != 15
    assert not home.bodies()
    await runner.do("", Press("apply_settings"))
    assert as_wished(home.box.recorder)


async def test_one_refusal_does_not_keep_the_rest_from_being_put_back(house: Build) -> None:
    home = await house()
    runner = await wished(home)
    home.box.faults.failing.add("/api/inspector/inspectiondirectory")
    await restarted(home, runner)
    recorder = home.box.recorder
    assert recorder.inspection_dir is None
    assert recorder.recording_dir == FOLDER
    assert recorder.split == 15
    with pytest.raises(Rejected, match="inspection_directory"):
        await runner.do("", Press("apply_settings"))


async def test_a_recorder_that_goes_while_it_is_told_is_told_all_of_it_next_time(
    house: Build,
) -> None:
    home = await house()
    device, _ = await home.opened()
    for wish in WISHES:
        await device.do("", wish)
    await home.box.go_dark()
    home.forget()
    with pytest.raises(CannotConnect):
        await device.resume()
    await home.box.come_back()
    home.box.faults.amnesia = Amnesia.EVERYTHING
    home.box.recorder.restart()
    await device.resume()
    assert as_wished(home.box.recorder)


async def test_nothing_is_put_back_that_was_never_set(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    assert await device.resume() == ()
    await device.do("", Press("apply_settings"))
    assert home.box.requests == []


async def test_what_was_set_is_shown_after_a_restart_of_ours(house: Build) -> None:
    home = await house()
    memory = ShortMemory()
    first = await home.runs(memory=memory)
    for wish in WISHES:
        await first.do("", wish)
    await first.stop()
    second = await home.runs(memory=memory)
    for wish in WISHES:
        assert second.state.value(f":{wish.key}") == wish.value


async def test_what_the_recorder_tells_is_believed_rather_than_what_was_wished(
    house: Build,
) -> None:
    home = await house("template_json")
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    await device.do("", Set("event_template", "${fff}"))
    home.box.recorder.templates["EventTemplate"] = "${ss}"
    _, batch = await home.opened(memory=memory)
    assert told(batch)[":event_template"] == "${ss}"


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        [],
        {"recording_directory": "nowhere", "split_time": "x", "reevaluate_tags": 1, "other": 2},
        {"file_template": None, "split_time": True},
    ],
)
async def test_a_damaged_memory_is_no_trouble(house: Build, kept: None) -> None:
    home = await house()
    memory = ShortMemory()
    memory.put("wishes", kept)
    memory.put("snapshot", "yesterday")
    memory.put("recording_told_by", "nobody")
    device, batch = await home.opened(memory=memory)
    assert ":recording_directory" not in told(batch)
    assert ":last_snapshot" not in told(batch)
    await device.resume()
    assert home.box.requests == []
