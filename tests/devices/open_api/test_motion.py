"""Motion windows: heard from an endless stream, added and removed while it runs."""

import pytest

from custom_components.cctv.devices.commands import AddWindow, ChangeWindow, RemoveWindow, Set
from custom_components.cctv.devices.errors import BadInput, CannotConnect, Malformed, Rejected
from custom_components.cctv.devices.model import (
    BOX,
    Event,
    Hint,
    PartKind,
    Topology,
    Update,
    Value,
)
from custom_components.cctv.devices.open_api.motion import Translator, Window
from custom_components.cctv.devices.open_api.wire import Level
from tests.devices.clock import FakeClock
from tests.devices.waiting import becomes, happens, until
from tests.simulators.open_api.faults import NoWindows

from .conftest import Build, told, topology_of
from .hearing import Ear

WINDOWS = {0: Window("window.0", BOX), 3: Window("window.3", BOX)}
RELIST = Hint(("config:Motion",))


def translator() -> Translator:
    """A translator of two windows, and one that does not count."""
    made = Translator()
    made.layout(WINDOWS, [5])
    return made


# --- levels to updates ------------------------------------------------------------------------


def test_motion_is_a_level_above_its_threshold_and_not_at_it() -> None:
    heard = translator().translate([Level(0, 10, 10), Level(3, 11, 10)], 0)
    assert told(tuple(heard)) == {
        "window.0:motion": False,
        "window.0:motion_level": 10,
        "window.3:motion": True,
        "window.3:motion_level": 11,
        ":motion": True,
    }


def test_a_level_is_told_once_a_second_and_motion_when_it_changes() -> None:
    one = translator()
    one.translate([Level(0, 50, 10)], 0)
    assert one.translate([Level(0, 60, 10)], 0.25) == []
    assert one.translate([Level(0, 5, 10)], 0.5) == [
        Value("window.0:motion", value=False),
        Value(":motion", value=False),
    ]
    assert Value("window.0:motion_level", 7) in one.translate([Level(0, 7, 10)], 1.0)


def test_start_and_stop_in_one_segment_are_two_updates() -> None:
    """Case 16: glued parts lose no edge."""
    levels = [Level(0, 50, 10), Level(3, 0, 10), Level(0, 0, 10), Level(3, 0, 10)]
    heard = translator().translate(levels, 0)
    values = [each.value for each in heard if isinstance(each, Value) and each.feature == ":motion"]
    assert values == [True, False]


def test_the_camera_moves_while_any_window_does() -> None:
    one = translator()
    one.translate([Level(0, 50, 10), Level(3, 50, 10)], 0)
    assert Value(":motion", value=False) not in one.translate([Level(0, 0, 10)], 0.1)
    assert Value(":motion", value=False) in one.translate([Level(3, 0, 10)], 0.2)


def test_a_window_that_falls_silent_counts_no_more() -> None:
    one = translator()
    one.translate([Level(0, 50, 10), Level(3, 0, 10)], 0)
    assert Value(":motion", value=True) in one.translate([Level(3, 0, 10)], 5)
    assert Value(":motion", value=False) in one.translate([Level(3, 0, 10)], 11)


def test_an_unknown_window_is_asked_for_once_until_it_has_been_away() -> None:
    """Case 1: the stream names what no listing did."""
    one = translator()
    assert RELIST in one.translate([Level(9, 0, 10)], 0)
    for tick in range(1, 40):
        assert RELIST not in one.translate([Level(9, 0, 10)], tick / 4)
    assert RELIST in one.translate([Level(9, 0, 10)], 60)


def test_a_window_that_does_not_count_is_not_asked_for() -> None:
    assert translator().translate([Level(5, 99, 1)], 0) == []


def test_after_a_reconnect_everything_is_told_anew() -> None:
    one = translator()
    first = one.translate([Level(0, 50, 10)], 0)
    one.begin()
    assert one.translate([Level(0, 50, 10)], 0.1) == first


# --- on the wire ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "faults",
    [
        {},
        {"eol": b"\n"},
        {"first_delimiter": False},
        {"dashed_boundary": True},
        {"quoted_boundary": True},
        {"splits": True},
        {"long_line_every": 3, "long_line": 100_000},
        {"wild_level_every": 2},
        {"exclude_windows": True},
    ],
    ids=lambda faults: " ".join(faults) or "as printed",
)
async def test_every_form_of_the_stream_is_heard(house: Build, faults: dict[str, object]) -> None:
    home = await house(faults=faults)
    device, _ = await home.opened()
    ear = Ear(device, "motion")
    await home.box.wait_attached(1, "motion")
    home.box.set_level(3, 90)
    await ear.hears(Value("window.3:motion", value=True), Value(":motion", value=True))
    home.box.set_level(3, 0)
    await ear.until(lambda: ear.heard[-1:] != [] and _last(ear, ":motion") is False)
    await ear.stop()


def _last(ear: Ear, feature: str) -> object:
    found = [each for each in ear.heard if isinstance(each, Value) and each.feature == feature]
    return found[-1].value if found else None


async def test_the_stream_says_that_it_lives_while_nothing_moves(house: Build) -> None:
    """Case 14: any byte is a sign of life; ten silent seconds are none."""
    home = await house()
    device, batch = await home.opened()
    feed = topology_of(batch).feeds["motion"]
    assert feed.silence == 10
    ear = Ear(device, "motion")
    await ear.until(lambda: ear.batches >= 3)
    await ear.stop()


async def test_a_silent_stream_is_given_up_and_asked_for_again(house: Build) -> None:
    """Case 14: it is open and dead."""
    home = await house()
    clock = FakeClock()
    runner = await home.runs(clock=clock)
    runner.want([":motion"])
    await clock.advance(0.2)
    await becomes(runner, ":event_source", wanted=True)
    home.box.stall_streams("motion")
    await clock.advance(10.4)
    await home.box.wait_detached("motion")
    await clock.advance(2)
    await home.box.wait_attached(1, "motion")


async def test_a_stream_that_is_cut_is_heard_again(house: Build) -> None:
    home = await house()
    runner = await home.runs()
    runner.want([":motion"])
    await becomes(runner, ":event_source", wanted=True)
    home.box.cut_streams("motion")
    await home.box.wait_detached("motion")
    home.box.set_level(0, 90)
    await becomes(runner, ":motion", wanted=True)


async def test_the_end_of_the_stream_is_a_lost_connection(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    ear = Ear(device, "motion")
    await home.box.wait_attached(1, "motion")
    await ear.until(lambda: ear.batches > 0)
    home.box.cut_streams("motion")
    assert isinstance(await ear.ended(), CannotConnect)


async def test_a_login_page_is_no_stream(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/motion.cgi"] = b"<html>please log in</html>"
    ear = Ear(device, "motion")
    assert isinstance(await ear.ended(), Malformed)


async def test_motion_that_flutters_is_one_motion(house: Build) -> None:
    """Case 9: an off counts after its delay, which the user chooses."""
    home = await house()
    device, batch = await home.opened(options={"motion_off_delay": 7})
    features = topology_of(batch).features
    assert features["window.0:motion"].linger == 7
    assert features[":motion"].linger == 7
    runner = await home.runs()
    events: list[Event] = []
    runner.events(events.append)
    runner.want([":motion", "window.0:motion"])
    await home.box.wait_attached(1, "motion")
    for _ in range(5):
        home.box.set_level(0, 90)
        home.box.set_level(0, 0)
    home.box.set_level(0, 90)
    await becomes(runner, "window.0:motion", wanted=True)
    await happens(runner, events, "motion")
    assert [each.details["part"] for each in events].count("window.0") == 1
    assert device is not None


# --- windows that come and go -----------------------------------------------------------------


async def test_a_window_added_on_the_camera_itself_appears(house: Build) -> None:
    """Case 1: the stream names it, the listing tells what it is."""
    home = await house()
    runner = await home.runs()
    runner.want([":motion", "window.1:motion"])
    await becomes(runner, ":event_source", wanted=True)
    number = home.box.add_window("Fence")
    assert number == 1
    await until(
        lambda: "window.1" in runner.state.topology.parts,
        lambda poke: runner.watch_topology(poke),
    )
    part = runner.state.topology.parts["window.1"]
    assert (part.kind, part.name) == (PartKind.WINDOW, "Fence")
    home.box.set_level(1, 99)
    await becomes(runner, "window.1:motion", wanted=True)


async def test_a_window_removed_on_the_camera_itself_goes(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.remove_window(3)
    batch = await device.read("config:Motion")
    assert "window.3" not in topology_of(batch).parts
    assert topology_of(await device.read("config:Motion")) == topology_of(batch)


async def test_the_last_window_takes_the_cameras_motion_with_it(house: Build) -> None:
    home = await house(faults={"no_windows": NoWindows.CLOSE})
    device, _ = await home.opened()
    for number in (0, 3):
        await device.do(BOX, RemoveWindow(str(number)))
    topology = topology_of(await device.read("config:Motion"))
    assert ":motion" not in topology.features
    assert "motion" not in topology.feeds
    answer = await device.do(BOX, AddWindow("First"))
    assert answer.data == {"window": "0"}
    assert isinstance(answer.updates[0], Topology)
    assert "window.0:motion" in answer.updates[0].features


async def test_a_window_is_added_changed_and_removed_by_us(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await device.do(BOX, AddWindow("Tür & Tor", 500, 600, 7000, 8000))
    assert answer.data == {"window": "1"}
    assert home.box.parameters["Motion.M1.Name"] == "Tür & Tor"
    assert home.box.parameters["Motion.M1.Bottom"] == "8000"
    await device.do(BOX, ChangeWindow("Tür & Tor", right=7500, name="Gate 2"))
    assert home.box.parameters["Motion.M1.Right"] == "7500"
    assert home.box.parameters["Motion.M1.Left"] == "500"
    answer = await device.do(BOX, RemoveWindow("Gate 2"))
    assert isinstance(answer.updates[0], Topology)
    assert "window.1" not in answer.updates[0].parts
    assert "/config.cgi?action=remove&group=Motion.M1" in home.sent()


async def test_an_excluding_window_has_no_sensor(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await device.do(BOX, AddWindow("Tree", exclude=True))
    assert isinstance(answer.updates[0], Topology)
    assert "window.1" not in answer.updates[0].parts
    assert home.box.parameters["Motion.M1.WindowType"] == "exclude"
    await device.do(BOX, RemoveWindow("1"))


@pytest.mark.parametrize(
    "command",
    [
        AddWindow("x", 500, 0, 500, 100),
        AddWindow("x", 0, 700, 100, 600),
        AddWindow("", 0, 0, 100, 100),
        AddWindow("two\nlines"),
        ChangeWindow("0"),
        ChangeWindow("0", left=9999),
        ChangeWindow("77", left=1),
        RemoveWindow(""),
        RemoveWindow("no such window"),
    ],
    ids=repr,
)
async def test_a_window_that_cannot_be_is_refused_before_anything_is_written(
    house: Build, command: AddWindow | ChangeWindow | RemoveWindow
) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert not [each for each in home.sent() if "action=list" not in each]


async def test_the_devices_own_words_say_why_there_is_no_more_room(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    for number in range(8):
        await device.do(BOX, AddWindow(f"W{number}"))
    with pytest.raises(Rejected) as refused:
        await device.do(BOX, AddWindow("One too many"))
    assert len(str(refused.value)) > 3


async def test_a_windows_sensitivity_is_set_at_the_window(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await device.do("window.3", Set("motion_sensitivity", 33))
    assert answer.updates == (Value("window.3:motion_sensitivity", 33),)
    assert home.box.parameters["Motion.M3.Sensitivity"] == "33"


async def test_a_servers_windows_belong_to_their_cameras(house: Build) -> None:
    home = await house("server4")
    device, _ = await home.opened()
    answer = await device.do("camera.3", AddWindow("Ramp"))
    assert isinstance(answer.data, dict)
    number = int(answer.data["window"])
    part = f"camera.3/window.{number}"
    assert isinstance(answer.updates[0], Topology)
    assert part in answer.updates[0].parts
    ear = Ear(device, "motion")
    await home.box.wait_attached(1, "motion")
    home.box.set_level(number, 90)
    await ear.hears(Value(f"{part}:motion", value=True), Value("camera.3:motion", value=True))
    heard: list[Update] = ear.heard
    assert Value("camera.1:motion", value=True) not in heard
    await ear.stop()
    with pytest.raises(BadInput):
        await device.do("camera.1", RemoveWindow(str(number)))
