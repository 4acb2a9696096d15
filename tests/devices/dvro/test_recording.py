"""Recording and clips: begun with their folder, looked at until they run, and refused in words."""

import pytest

from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.dvro.recording import LOOK_SECONDS, LOOKED_SECONDS
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, NoAnswer, Rejected
from custom_components.cctv.devices.model import Hint, Notice
from tests.devices.waiting import becomes, until
from tests.simulators.dvro import NoFolder

from .conftest import FOLDER, Build, House, LeapClock, told

ON = Set("record", value=True)
OFF = Set("record", value=False)
DIRECTORY = Set("recording_directory", FOLDER)
ISRECORDING = "GET /api/inspector/isrecording"


def notices(runner: Runner) -> set[str]:
    """What the user is asked to mend."""
    return {notice.key for notice in runner.state.notices.values()}


def short(request: str) -> str:
    """The last word of a request."""
    return request.rpartition("/")[2]


async def test_a_start_names_the_folder_first(house: Build) -> None:
    """dvro.directory_first: at every start, immediately before it."""
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    for _ in range(2):
        home.forget()
        answer = await device.do("", ON)
        assert [short(each) for each in home.box.requests] == [
            "isrecording",
            "recordingdirectory",
            "startrecording",
            "isrecording",
        ]
        assert told(answer.updates) == {":record": True, ":recording": True}
        assert home.box.recorder.recording
        await device.do("", OFF)
        assert not home.box.recorder.recording


async def test_a_restart_that_nobody_saw_does_not_matter(house: Build) -> None:
    """Case 23: nothing reveals it, so the folder is told anew."""
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.recorder.restart()
    assert home.box.recorder.recording_dir is None
    await device.do("", ON)
    assert home.box.recorder.recording
    assert home.box.recorder.dialogs == 0


async def test_the_folder_is_known_after_a_restart_of_ours(house: Build) -> None:
    home = await house()
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    await device.do("", DIRECTORY)
    again, batch = await home.opened(memory=memory)
    assert told(batch)[":recording_directory"] == FOLDER
    await again.do("", ON)
    assert home.box.recorder.recording_dir == FOLDER
    assert home.box.recorder.recording


async def test_without_a_folder_nothing_is_sent(house: Build) -> None:
    """§5.8."""
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput, match="recording directory"):
        await device.do("", ON)
    assert home.box.requests == []
    assert home.box.recorder.dialogs == 0


async def test_a_folder_that_was_refused_is_not_the_folder(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.failing.add("/api/inspector/recordingdirectory")
    with pytest.raises(Rejected):
        await device.do("", DIRECTORY)
    with pytest.raises(BadInput):
        await device.do("", ON)


async def test_a_folder_that_is_refused_at_the_start_starts_nothing(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.faults.failing.add("/api/inspector/recordingdirectory")
    with pytest.raises(Rejected):
        await device.do("", ON)
    assert "GET /api/inspector/startrecording" not in home.box.requests


async def test_what_records_already_is_not_started_again(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.recorder.recording_dir = FOLDER
    home.box.recorder.start()
    home.forget()
    answer = await device.do("", ON)
    assert told(answer.updates)[":record"] is True
    assert home.box.requests == [ISRECORDING]


@pytest.mark.parametrize("personality", ["seed", "encoder_only", "status_refused", "hostile"])
async def test_a_start_that_lags_is_waited_for(house: Build, personality: str) -> None:
    """Case 13: the flag follows up to ten seconds later, and the switch does not flicker."""
    home = await house(personality)
    clock = LeapClock()
    runner = await home.runs(clock=clock)
    await runner.do("", DIRECTORY)
    for path in ("startrecording", "stoprecording"):
        home.box.faults.bodies[f"/api/inspector/{path}"] = b""
    seen: list[object] = []
    runner.watch([":record"], lambda: seen.append(runner.state.value(":record")))
    clock.plan(LOOKED_SECONDS, home.box.recorder.start)
    await runner.do("", ON)
    assert home.box.recorder.recording
    assert seen == [True]
    assert runner.state.value(":recording") is True
    clock.plan(LOOKED_SECONDS, home.box.recorder.stop)
    await runner.do("", OFF)
    assert not home.box.recorder.recording
    assert seen == [True, False]
    assert runner.state.value(":recording") is False


async def test_it_is_looked_at_once_a_second_for_ten(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.recorder.set_channels(started=False)
    home.forget()
    with pytest.raises(Rejected):
        await device.do("", ON)
    # Once before it is started, once at once, and then ten times.
    assert home.box.requests.count(ISRECORDING) == 2 + LOOKED_SECONDS / LOOK_SECONDS
    assert home.box.requests.count("GET /api/inspector/startrecording") == 1


async def test_a_start_that_stays_without_effect_is_a_matter_for_the_user(house: Build) -> None:
    """Case 25."""
    home = await house()
    runner = await home.runs()
    await runner.do("", DIRECTORY)
    home.box.recorder.set_channels(started=False)
    with pytest.raises(Rejected, match=r"channel running.*folder dialog"):
        await runner.do("", ON)
    assert runner.state.value(":record") is False
    await until(
        lambda: notices(runner) == {"no_recording"},
        lambda poke: runner.notices(lambda _: poke()),
    )
    home.box.recorder.set_channels(started=True)
    await runner.do("", ON)
    assert notices(runner) == set()


async def test_stopping_ends_the_notice(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.recorder.set_channels(started=False)
    with pytest.raises(Rejected):
        await device.do("", ON)
    assert Notice("no_recording", active=True) in await device.read("recording")
    answer = await device.do("", OFF)
    assert Notice("no_recording", active=False) in answer.updates


async def test_somebody_at_the_screen_ends_the_notice(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.recorder.set_channels(started=False)
    with pytest.raises(Rejected):
        await device.do("", ON)
    home.box.recorder.set_channels(started=True)
    home.box.recorder.start()
    assert Notice("no_recording", active=False) in await device.read("recording")


@pytest.mark.parametrize("started", [False, True])
async def test_a_start_that_answers_500_is_rejected_with_the_hint(
    house: Build, started: bool
) -> None:
    home = await house("html_errors")
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.faults.failing.add("/api/inspector/startrecording")
    home.box.recorder.set_channels(started=started)
    with pytest.raises(Rejected, match=r"folder dialog.*500"):
        await device.do("", ON)
    assert Notice("no_recording", active=True) in await device.read("recording")


async def test_a_dialog_that_holds_the_answer_leaves_the_box_online(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 26: an answer after 30 s costs the command alone, and it is not sent twice."""
    monkeypatch.setattr("custom_components.cctv.devices.dvro.client.COMMAND_SECONDS", 0.8)
    home = await house("hostile")
    assert home.box.faults.no_folder is NoFolder.LATE
    runner = await home.runs()
    await runner.do("", DIRECTORY)
    home.box.faults.bodies["/api/inspector/recordingdirectory"] = b""
    home.box.recorder.recording_dir = None
    online: list[object] = []
    runner.watch([":online", ":record"], lambda: online.append(runner.state.value(":online")))
    home.forget()
    with pytest.raises(Rejected, match="folder dialog"):
        await runner.do("", ON)
    assert home.box.recorder.dialog_open
    assert home.box.requests.count("GET /api/inspector/startrecording") == 1
    assert online
    assert all(online)
    await until(
        lambda: notices(runner) == {"no_recording"},
        lambda poke: runner.notices(lambda _: poke()),
    )


async def test_a_start_whose_answer_is_lost_has_started_all_the_same(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.cctv.devices.dvro.client.COMMAND_SECONDS", 0.8)
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    home.box.faults.delays["/api/inspector/startrecording"] = 30
    home.forget()
    answer = await device.do("", ON)
    assert told(answer.updates)[":record"] is True
    assert home.box.requests.count("GET /api/inspector/startrecording") == 1


async def test_a_stop_that_nothing_tells_of_is_no_answer(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows, so nobody is told to mend anything."""
    monkeypatch.setattr("custom_components.cctv.devices.dvro.client.READ_SECONDS", 0.3)
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    await device.do("", ON)
    home.box.faults.mute.add("/api/inspector/isrecording")
    with pytest.raises(NoAnswer):
        await device.do("", OFF)
    home.box.faults.mute.clear()
    assert Notice("no_recording", active=False) in await device.read("recording")
    assert not home.box.recorder.recording


async def test_a_state_that_is_never_told_is_no_answer_and_leaves_the_box_online(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 26: each poll answers for itself."""
    monkeypatch.setattr("custom_components.cctv.devices.dvro.client.READ_SECONDS", 1.2)
    home = await house()
    runner = await home.runs()
    await becomes(runner, ":clip_recording", wanted=False)
    home.box.faults.mute.add("/api/inspector/iscliprecording")
    await until(
        lambda: not runner.state.available(":clip_recording"),
        lambda poke: runner.watch([":clip_recording"], poke),
    )
    assert runner.state.online
    assert runner.state.available(":recording")
    home.box.faults.mute.clear()
    await until(
        lambda: runner.state.available(":clip_recording"),
        lambda poke: runner.watch([":clip_recording"], poke),
    )


async def test_a_recording_that_goes_on_is_rejected(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("", DIRECTORY)
    await device.do("", ON)
    home.box.faults.bodies["/api/inspector/stoprecording"] = b""
    with pytest.raises(Rejected, match="goes on"):
        await device.do("", OFF)


# --- clips --------------------------------------------------------------------------------------


async def recording(home: House) -> tuple[House, Runner]:
    """A recorder that records."""
    runner = await home.runs()
    await runner.do("", DIRECTORY)
    await runner.do("", ON)
    return home, runner


async def test_a_clip_is_cut_out_of_a_recording(house: Build) -> None:
    home, runner = await recording(await house())
    await runner.do("", Set("clip", value=True))
    assert home.box.recorder.clip
    assert runner.state.value(":clip") is runner.state.value(":clip_recording") is True
    await runner.do("", Set("clip", value=False))
    assert not home.box.recorder.clip
    assert runner.state.value(":clip_recording") is False
    assert home.box.recorder.recording


async def test_a_clip_ends_with_its_recording(house: Build) -> None:
    home, runner = await recording(await house())
    await runner.do("", Set("clip", value=True))
    answer = await runner.do("", OFF)
    assert Hint(("clip",)) in answer.updates
    await becomes(runner, ":clip", wanted=False)
    assert not home.box.recorder.clip


async def test_a_clip_without_a_recording_is_not_sent(house: Build) -> None:
    """§5.6."""
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput, match="start the recording"):
        await device.do("", Set("clip", value=True))
    assert home.box.requests == [ISRECORDING]


@pytest.mark.parametrize("personality", ["seed", "html_errors"])
async def test_the_check_can_be_left_out_but_not_the_look(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened(options={"clip_check": False})
    with pytest.raises(Rejected):
        await device.do("", Set("clip", value=True))
    assert home.box.requests[0] == "GET /api/inspector/startclip"
    assert home.box.requests.count("GET /api/inspector/startclip") == 1
