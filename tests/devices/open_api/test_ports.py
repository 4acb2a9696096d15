"""Inputs and outputs: how a unit counts them, what they say, switches, pulses and rhythms."""

import pytest

from custom_components.cctv.devices.commands import OutputSequence, Press, Set
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import Value
from custom_components.cctv.devices.open_api.ports import Bank, Slot, _called
from custom_components.cctv.devices.open_api.wire import Port
from tests.devices.waiting import becomes
from tests.simulators.open_api.faults import Idle, IoStyle, Said

from .conftest import Build, reads, told, topology_of
from .hearing import Ear

STYLES = [
    {"io_style": style, "io_base": base, "idle": idle, "blank_lines": blank}
    for style in IoStyle
    for base in (1, 0)
    for idle, blank in ((Idle.STATE, True), (Idle.EMPTY, False))
]


# --- how they are counted ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "numbers", "called"),
    [
        ((1, 2), (1, 2), (1, 2)),
        ((1, 2), (0, 1), (0, 1)),
        ((1,), (0,), (0,)),
        ((1, 2), (0, 1, 2), (0, 1)),
        ((0, 1), (0, 1), (0, 1)),
        ((1, 2), (1,), None),
        ((1, 2), (), None),
        ((0, 1), (1, 2), None),
    ],
)
def test_the_answer_gives_the_base_away(
    asked: tuple[int, ...], numbers: tuple[int, ...], called: tuple[int, ...] | None
) -> None:
    """Case 29: IO0 in an answer to a question from 1."""
    answer = {number: Port(number, False, False) for number in numbers}
    assert _called(asked, answer) == called


@pytest.mark.parametrize("faults", STYLES, ids=lambda faults: " ".join(map(str, faults.values())))
async def test_inputs_are_heard_whatever_their_spelling_and_base(
    house: Build, faults: dict[str, object]
) -> None:
    home = await house(faults=faults)
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    assert told(await device.read("inputs")) == {"input.1:input": False, "input.2:input": False}
    ear = Ear(device, "inputs")
    await home.box.wait_attached(1, "input")
    home.box.set_input(2, on=True)
    await ear.hears(Value("input.2:input", value=True))
    assert Value("input.1:input", value=True) not in ear.heard
    home.box.set_input(2, on=False)
    await ear.until(lambda: ear.heard[-1] == Value("input.2:input", value=False))
    assert told(await device.read("inputs")) == {"input.1:input": False, "input.2:input": False}
    await ear.stop()
    # What was found out is not asked again.
    home.box.wire.clear()
    again = home.device(memory=memory)
    await again.open()
    assert not [each for each in home.sent() if "input.cgi" in each]
    home.box.set_input(1, on=True)
    assert told(await again.read("inputs"))["input.1:input"] is True


@pytest.mark.parametrize("base", [1, 0])
async def test_outputs_are_switched_whatever_their_base(house: Build, base: int) -> None:
    home = await house(faults={"io_base": base})
    device, _ = await home.opened()
    answer = await device.do("output.2", Set("output", value=True))
    assert answer.updates == (Value("output.2:output", value=True),)
    assert home.box.outputs == [False, True]
    assert told(await device.read("outputs")) == {
        "output.1:output": False,
        "output.2:output": True,
    }
    await device.do("output.2", Set("output", value=False))
    assert home.box.outputs == [False, False]


async def test_a_unit_with_ports_only_is_served_by_them(house: Build) -> None:
    """§5.1: port.cgi counts inputs and outputs together."""
    home = await house(faults={"missing": {"/input.cgi", "/output.cgi"}})
    device, _ = await home.opened()
    home.box.set_input(2, on=True)
    assert told(await device.read("inputs")) == {"input.1:input": False, "input.2:input": True}
    await device.do("output.2", Set("output", value=True))
    assert home.box.outputs == [False, True]
    assert told(await device.read("outputs"))["output.2:output"] is True
    ear = Ear(device, "inputs")
    await home.box.wait_attached(1, "port")
    home.box.set_input(1, on=True)
    await ear.hears(Value("input.1:input", value=True))
    await ear.stop()


async def test_where_a_check_says_nothing_the_stream_is_asked(house: Build) -> None:
    """§5.3: the state comes from the monitor or a check."""
    home = await house(faults={"io_base": 0})
    home.box.faults.bodies["/input.cgi"] = b"Error: check"
    device, batch = await home.opened()
    features = topology_of(batch).features
    assert features["input.1:input"].poll is None
    del home.box.faults.bodies["/input.cgi"]
    ear = Ear(device, "inputs")
    await home.box.wait_attached(1, "input")
    home.box.set_input(1, on=True)
    await ear.hears(Value("input.1:input", value=True))
    assert Value("input.2:input", value=True) not in ear.heard
    await ear.stop()


async def test_an_output_that_tells_no_state_can_only_be_set(house: Build) -> None:
    home = await house()
    home.box.faults.bodies["/output.cgi"] = b"Error: what"
    _, batch = await home.opened()
    assert topology_of(batch).features["output.1:output"].blind


def test_polarity_counts_where_a_unit_tells_its_circuits() -> None:
    """§5.2: 1 is a closed circuit, H is active whichever that means."""
    slot = Slot("input.1", None, 0, closed=False)
    bank = Bank("/input.cgi", (slot,), (1,), (1,), "check")
    assert bank.read({1: Port(1, on=True, electric=True)}) == {slot: False}
    assert bank.read({1: Port(1, on=True, electric=False)}) == {slot: True}
    normal = Slot("input.1", None, 0)
    assert normal.active(Port(1, on=True, electric=True))


@pytest.mark.parametrize("ports", [False, True])
@pytest.mark.parametrize("style", [*IoStyle])
async def test_an_input_that_triggers_when_open_is_active_when_open(
    house: Build, style: IoStyle, ports: bool
) -> None:
    gone = {"/input.cgi"} if ports else set()
    home = await house(faults={"io_style": style, "missing": gone})
    home.box.parameters["IOPort.I0.Input.Trig"] = "open"
    device, _ = await home.opened()
    home.box.set_input(1, on=True)
    assert told(await device.read("inputs"))["input.1:input"] is True
    home.box.set_input(1, on=False)
    assert told(await device.read("inputs"))["input.1:input"] is False


async def test_a_new_name_or_polarity_is_noticed(house: Build) -> None:
    home = await house()
    device, batch = await home.opened()
    before = topology_of(batch)
    home.box.parameters["IOPort.I0.Input.Name"] = "Doorbell"
    after = topology_of(await device.read("config:IOPort"))
    assert before.parts["input.1"].name != "Doorbell"
    assert after.parts["input.1"].name == "Doorbell"


# --- heard and read ---------------------------------------------------------------------------


async def test_push_and_poll_of_an_input_agree(house: Build) -> None:
    """Case 12: the later one counts, whichever way it came."""
    home = await house()
    runner = await home.runs()
    runner.want(["input.1:input"])
    await becomes(runner, "input.1:input", wanted=False)
    await becomes(runner, ":event_source", wanted=True)
    for on in (True, False, True):
        home.box.set_input(1, on=on)
        await becomes(runner, "input.1:input", wanted=on)


async def test_close_and_open_in_one_segment_are_two_updates(house: Build) -> None:
    """Case 16."""
    home = await house()
    device, _ = await home.opened()
    ear = Ear(device, "inputs")
    await home.box.wait_attached(1, "input")
    await ear.until(lambda: ear.batches > 0)
    ear.heard.clear()
    home.box.send_raw(b"IO1:/\r\nIO1:\\\r\n", "input")
    await ear.until(lambda: len(ear.heard) >= 2)
    assert ear.heard[:2] == [
        Value("input.1:input", value=True),
        Value("input.1:input", value=False),
    ]
    await ear.stop()


# --- outputs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("says", [Said.NO_CONTENT, Said.EMPTY, Said.OK])
async def test_an_output_is_switched_however_the_unit_says_so(house: Build, says: Said) -> None:
    home = await house(faults={"output_says": says})
    device, _ = await home.opened()
    await device.do("output.1", Set("output", value=True))
    assert home.box.outputs[0] is True
    assert home.sent() == ["/output.cgi?action=1%3A%2F"]


async def test_a_pulse_runs_in_the_camera(house: Build) -> None:
    """Case 31: nothing here has to end it."""
    home = await house()
    device, _ = await home.opened()
    await device.do("output.1", Set("output", value=True, seconds=0.05))
    assert home.sent() == ["/output.cgi?action=1%3A%2F50%5C"]
    await reads(device, "outputs", "output.1:output", wanted=False)
    await device.do("output.1", Set("output", value=False, seconds=0.05))
    await reads(device, "outputs", "output.1:output", wanted=True)


async def test_a_pulse_is_as_long_as_the_user_said_also_after_a_restart(house: Build) -> None:
    """Case 23: the number lives with us."""
    home = await house()
    memory = ShortMemory()
    device, batch = await home.opened(memory=memory)
    assert told(batch)["output.1:pulse_length"] == 1.0
    assert topology_of(batch).features["output.1:pulse_length"].blind
    answer = await device.do("output.1", Set("pulse_length", 0.1))
    assert answer.updates == (Value("output.1:pulse_length", 0.1),)
    assert home.sent() == []
    again = home.device(memory=memory)
    assert told(await again.open())["output.1:pulse_length"] == 0.1
    home.box.wire.clear()
    await again.do("output.1", Press("pulse"))
    assert home.sent() == ["/output.cgi?action=1%3A%2F100%5C"]
    await reads(again, "outputs", "output.1:output", wanted=False)


async def test_a_switch_falls_back_when_its_pulse_is_over(house: Build) -> None:
    home = await house()
    runner = await home.runs()
    runner.want(["output.1:output"])
    await becomes(runner, "output.1:output", wanted=False)
    await runner.do("output.1", Set("pulse_length", 0.3))
    await runner.do("output.1", Press("pulse"))
    await becomes(runner, "output.1:output", wanted=True)
    await becomes(runner, "output.1:output", wanted=False)


@pytest.mark.parametrize(
    "command", [Press("pulse"), Set("output", value=True, seconds=0.3)], ids=lambda one: one.key
)
async def test_an_output_that_tells_no_state_is_off_when_its_pulse_is_over(
    house: Build, command: Press | Set
) -> None:
    home = await house()
    home.box.faults.bodies["/output.cgi"] = b"Error: what"
    memory = ShortMemory()
    runner = await home.runs(memory=memory)
    del home.box.faults.bodies["/output.cgi"]
    assert runner.state.topology.features["output.1:output"].blind
    runner.want(["output.1:output"])
    await runner.do("output.1", Set("pulse_length", 0.3))
    await runner.do("output.1", command)
    await becomes(runner, "output.1:output", wanted=True)
    await becomes(runner, "output.1:output", wanted=False)
    home.box.faults.bodies["/output.cgi"] = b"Error: what"
    again = await home.runs(memory=memory)
    assert again.state.topology.features["output.1:output"].blind
    assert again.state.value("output.1:output") is not True


async def test_a_rhythm_is_played_by_the_camera(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    await device.do("output.2", OutputSequence("/60\\200/"))
    assert home.sent() == ["/output.cgi?action=2%3A%2F60%5C200%2F"]
    await reads(device, "outputs", "output.2:output", wanted=False)
    await reads(device, "outputs", "output.2:output", wanted=True)


@pytest.mark.parametrize("bad", ["", "on", "1:/", "/500", "//", "/-1\\"])
async def test_a_rhythm_that_is_none_is_not_sent(house: Build, bad: str) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do("output.1", OutputSequence(bad))
    assert home.sent() == []


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e9])
async def test_a_switch_for_no_time_is_refused(house: Build, seconds: float) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do("output.1", Set("output", value=True, seconds=seconds))
    with pytest.raises(BadInput):
        await device.do("output.1", Set("pulse_length", seconds))
    with pytest.raises(Unsupported):
        await device.do("input.1", Press("pulse"))
    assert home.sent() == []


async def test_an_output_that_refuses_says_why(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/output.cgi"] = b"Error:port is an input\r\n"
    with pytest.raises(Rejected, match="port is an input"):
        await device.do("output.1", Set("output", value=True))
