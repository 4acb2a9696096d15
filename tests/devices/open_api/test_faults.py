"""Units that answer late, in part, in other words, or not at all."""

import asyncio
from typing import Any

import pytest

from custom_components.cctv.devices.commands import (
    BackUp,
    Press,
    PtzStop,
    RemovePreset,
    SavePreset,
    Set,
    SetIpFilter,
)
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import (
    BadInput,
    Busy,
    CannotConnect,
    Forbidden,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import BOX, Notice, Value
from custom_components.cctv.devices.verdicts import Verdicts
from tests.devices.clock import FakeClock
from tests.devices.waiting import becomes, is_available
from tests.simulators.open_api import OpenApiSimulator

from .conftest import Build, told, topology_of

# --- what is remembered -----------------------------------------------------------------------


class Question:
    """Answers, or fails, as it is told to."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self) -> int:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_no_is_remembered_as_long_as_the_firmware_is_the_same() -> None:
    memory = ShortMemory()
    question = Question(Unsupported(), 7)
    assert await Verdicts(memory, "1").probe("ptz", question) is None
    assert await Verdicts(memory, "1").probe("ptz", question) is None
    assert question.asked == 1
    assert await Verdicts(memory, "2").probe("ptz", question) == 7
    assert Verdicts(memory, "2").get("ptz") is True


@pytest.mark.parametrize("error", [Busy(), Malformed(), Rejected(), Forbidden(), NoAnswer()])
async def test_what_failed_otherwise_is_asked_again(error: Exception) -> None:
    verdicts = Verdicts(ShortMemory(), "1")
    question = Question(error, 7)
    assert await verdicts.probe("ptz", question) is None
    assert verdicts.get("ptz") is None
    assert await verdicts.probe("ptz", question) == 7
    assert not verdicts.forbidden


async def test_two_silences_running_mean_that_nobody_is_there() -> None:
    verdicts = Verdicts(ShortMemory(), "1")
    assert await verdicts.probe("a", Question(CannotConnect())) is None
    with pytest.raises(NoAnswer):
        await verdicts.probe("b", Question(NoAnswer()))


# --- units that lack something ----------------------------------------------------------------


async def test_a_right_that_is_missing_for_one_thing_leaves_the_others(house: Build) -> None:
    home = await house()
    home.box.faults.denied_status = 403
    home.box.accounts.of["root"].groups = {"operator"}
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert "window.0" in topology.parts
    (notice,) = (each for each in batch if isinstance(each, Notice))
    assert not notice.active or "config.cgi" not in notice.data["tables"]
    with pytest.raises(Forbidden):
        await device.do(BOX, Press("sync_clock"))


async def test_a_unit_without_parameters_shows_what_its_other_paths_tell(house: Build) -> None:
    home = await house(faults={"missing": {"/config.cgi"}})
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert ":clock_drift" in topology.features
    assert "still:1" in {stream.still for stream in topology.streams.values()}
    assert device is not None


async def test_a_full_server_is_asked_again_for_parameters(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answers = iter([b"<html>please log in</html>", b"<html>please log in</html>"])

    original = home.box.faults.bodies

    class Once(dict[str, bytes]):
        """Pages for the first questions."""

        def __contains__(self, key: object) -> bool:
            if key != "/config.cgi":
                return False
            page = next(answers, None)
            if page is None:
                return False
            self["/config.cgi"] = page
            return True

    home.box.faults.bodies = Once(original)
    assert told(await device.read("config:Image"))[":compression"] == 30
    assert len(home.sent()) == 3


async def test_ports_that_were_refused_once_are_asked_at_the_next_look(house: Build) -> None:
    """§5: a unit that is starting answers 500; its inputs and outputs are told later on."""
    home = await house()
    home.box.faults.bodies |= {"/input.cgi": b"busy\r\n", "/output.cgi": b"busy\r\n"}
    clock = FakeClock()
    device, batch = await home.opened(clock=clock)
    features = topology_of(batch).features
    assert features["input.1:input"].poll is None
    assert features["output.1:output"].poll is None
    home.box.faults.bodies.clear()
    await clock.advance(3600)
    features = topology_of(await device.read("survey")).features
    assert features["input.1:input"].poll == "inputs"
    assert features["output.1:output"].poll == "outputs"


async def test_an_output_is_told_by_the_first_part_of_its_stream(house: Build) -> None:
    """§5.3: state from the monitor where a check says nothing."""
    home = await house()
    home.box.faults.bodies["/output.cgi"] = b"IO1:H\r\n"
    device, batch = await home.opened()
    assert topology_of(batch).features["output.1:output"].blind
    del home.box.faults.bodies["/output.cgi"]
    bank = device.unit.outputs
    assert bank is not None
    assert bank.tells == ""
    home.box.set_output(2, on=True)
    from custom_components.cctv.devices.open_api import ports  # noqa: PLC0415

    watched = await ports._watched(device.unit.box, bank)
    assert watched.tells == ports.MONITOR
    assert await ports.states(device.unit.box, watched, "output") == [
        Value("output.1:output", value=False),
        Value("output.2:output", value=True),
    ]


async def test_a_position_is_stored_by_number_where_nothing_else_is_known(house: Build) -> None:
    """§3.1, F: devicepresetno stores, removeserverpresetno forgets."""
    home = await house("3s", faults={"missing": {"/configptz.cgi"}})
    device, _ = await home.opened()
    await device.do(BOX, SavePreset("9"))
    assert home.sent()[1] == "/ptz.cgi?devicepresetno=9"
    with pytest.raises(Unsupported):
        await device.do(BOX, SavePreset("Pond"))
    await device.do(BOX, RemovePreset("Gate"))
    assert "Gate" not in [each.name for each in home.box.heads[0].presets.values()]
    home.box.faults.bodies["/ptz.cgi"] = b"Error:no"
    with pytest.raises(Rejected):
        await device.do(BOX, PtzStop())


async def test_a_filter_that_keeps_out_is_left_alone(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/ipfilter.cgi"] = (
        b"Accept addresses: 10.0.0.1\r\nInput policy: deny\r\nEnabled: yes\r\n"
    )
    with pytest.raises(Rejected, match="keeps addresses out"):
        await device.do(BOX, SetIpFilter(True, ("10.0.0.2",)))
    assert home.sent() == ["/ipfilter.cgi?action=list"]


async def test_a_backup_that_is_none_is_not_kept(house: Build) -> None:
    home = await house(faults={"missing": {"/backup.cgi"}})
    device, _ = await home.opened()
    answer = await device.do(BOX, BackUp())
    assert answer.ref is not None
    with pytest.raises(Unsupported):
        await device.fetch(answer.ref)


@pytest.mark.parametrize(
    ("part", "command"),
    [
        ("output.1", Set("nothing", value=True)),
        ("output.1", Press("nothing")),
        ("", Set("motion", value=True)),
        ("", Set("brightness", 5, seconds=3)),
        ("", Set("preset", "77")),
        ("window.0", Set("brightness", 5)),
        ("nowhere", Press("pulse")),
    ],
)
async def test_what_cannot_be_set_is_refused_unasked(house: Build, part: str, command: Any) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises((BadInput, Unsupported)):
        await device.do(part, command)
    assert home.sent() == []


# --- outages ----------------------------------------------------------------------------------


async def test_a_camera_that_goes_and_comes_back_is_heard_again(house: Build) -> None:
    home = await house()
    runner = await home.runs()
    runner.want([":motion", "input.1:input", ":clock_drift"])
    await becomes(runner, ":event_source", wanted=True)
    await home.box.go_dark()
    await becomes(runner, ":event_source", wanted=False)
    await home.box.come_back()
    home.box.set_level(0, 99)
    home.box.set_input(1, on=True)
    await becomes(runner, ":motion", wanted=True)
    await becomes(runner, "input.1:input", wanted=True)
    await is_available(runner, ":online", wanted=True)


async def test_a_cgi_that_never_answers_costs_only_itself(house: Build) -> None:
    """Case 26: the box stays online."""
    home = await house()
    device, _ = await home.opened()
    home.box.faults.mute.add("/list.cgi")
    hanging = asyncio.create_task(device.read("storage"))
    await home.box.until(lambda: any("list.cgi" in each.target for each in home.box.wire))
    assert told(await device.read("alive"))
    await device.close()
    with pytest.raises(CannotConnect):
        await hanging


async def _lives(runner: Runner, box: OpenApiSimulator) -> None:
    """Motion comes through once more."""
    box.set_level(0, 0)
    await becomes(runner, ":motion", wanted=False)
    box.set_level(0, 99)
    await becomes(runner, ":motion", wanted=True)


async def test_a_hostile_camera_is_heard_all_the_same(house: Build) -> None:
    """Everything at once: splits, stalls, half lines, 10 MB lines, wild numbers, ghosts, 503."""
    faults = {"motion_interval": 0.02, "stall_seconds": 0.1, "long_line": 2_000_000}
    home = await house("hostile", faults=faults)
    device = home.device(options={"motion_off_delay": 0})
    home.devices.remove(device)
    runner = Runner(device, device.env, jitter=lambda: 0.0)
    home.runners.append(runner)
    await runner.start()
    runner.want([":motion", "window.0:motion"])
    for _ in range(5):
        await _lives(runner, home.box)
    assert device.unit.box.dropped > 0
    assert runner.state.online
