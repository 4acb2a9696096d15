"""What is read of a simulated box, poll by poll."""

import pytest

from custom_components.cctv.devices.commands import Press
from custom_components.cctv.devices.errors import Unsupported
from custom_components.cctv.devices.model import Hint
from tests.simulators.amcrest import Refusal, TimeStyle
from tests.simulators.amcrest.state import Disk

from .conftest import Build, told, topology_of


@pytest.mark.parametrize("style", list(TimeStyle))
async def test_the_clock_is_read_in_each_style_and_set(house: Build, style: TimeStyle) -> None:
    home = await house("ipc")
    home.box.faults.time_style = style
    device, _ = await home.opened()
    await device.do("", Press("sync_clock"))
    drift = told(await device.read("clock"))[":clock_drift"]
    assert isinstance(drift, int)
    assert abs(drift) <= 2


async def test_disks_are_told_with_their_partitions_added_up(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    values = told(await device.read("storage"))
    assert values["disk.sda:storage_used"] == 75.0
    assert values["disk.sda:storage_size"] == 4398046511104
    home.box.storage[0].partitions[0].is_error = True
    assert told(await device.read("storage"))["disk.sda:storage_state"] == "failure"
    home.box.storage.append(Disk("/dev/sdc", "Success", []))
    batch = await device.read("storage")
    assert "disk.sdc" in topology_of(batch).parts
    assert told(batch)["disk.sdc:storage_state"] == "unformatted"
    home.box.storage.clear()
    assert not any("disk" in part for part in topology_of(await device.read("storage")).parts)


async def test_inputs_are_read_as_bits(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    home.box.inputs[2] = True
    assert told(await device.read("inputs")) == {
        "input.1:input": False,
        "input.2:input": False,
        "input.3:input": True,
        "input.4:input": False,
    }


@pytest.mark.parametrize("quiet", [False, True])
async def test_what_is_active_is_read_for_every_camera(house: Build, quiet: bool) -> None:
    """Case 15: no events is an answer, as a line or as nothing."""
    home = await house("nvr")
    home.box.faults.quiet_empty = quiet
    device, _ = await home.opened()
    values = told(await device.read("active"))
    assert values
    assert not any(values.values())
    home.box.emit("VideoMotion", "Start", 2, silent=True)
    home.box.emit("SmartMotionHuman", "Start", 2, silent=True)
    values = told(await device.read("active"))
    assert {id_ for id_, on in values.items() if on} == {"camera.3:motion", "camera.3:person"}


async def test_disks_that_are_well_say_once_that_none_fails_or_is_missing(house: Build) -> None:
    home = await house("wizsense")
    device, batch = await home.opened()
    troubles = {":storage_failure": False, ":storage_missing": False}
    assert troubles.items() <= told(batch).items()
    first = told(await device.read("active"))
    assert not troubles.keys() & first.keys()
    assert not [each for each in home.sent() if "code=Storage" in each]
    home.box.emit("StorageNotExist", "Start", 0, silent=True)
    again = told(await device.read("active"))
    assert (again[":storage_missing"], again[":storage_failure"]) == (True, False)


async def test_where_a_disk_fails_it_is_asked_at_once(house: Build) -> None:
    home = await house("wizsense")
    home.box.storage[0].partitions[0].is_error = True
    home.box.emit("StorageFailure", "Start", 0, silent=True)
    device, batch = await home.opened()
    assert ":storage_failure" not in told(batch)
    assert told(await device.read("active"))[":storage_failure"] is True


async def test_what_a_rule_brings_is_asked_whether_it_is_active(house: Build) -> None:
    """A rule made while we run: its camera's state is not known of itself."""
    home = await house("hostile")
    device, _ = await home.opened()
    batch = await device.read("survey")
    assert Hint(("active",)) in batch
    assert ":line_crossed" in topology_of(batch).features
    assert told(await device.read("active"))[":line_crossed"] is False


async def test_without_asking_what_is_active_the_feed_is_all_there_is(house: Build) -> None:
    home = await house("nvr")
    device, batch = await home.opened()
    assert topology_of(batch).features["camera.1:motion"].poll == "active"
    assert topology_of(batch).feeds["events"].seed == ("active", "inputs")
    home.box.faults.refuse["eventManager.getEventIndexes"] = Refusal.NOT_IMPLEMENTED
    topology = topology_of(await device.read("active"))
    assert topology.features["camera.1:motion"].poll is None
    assert topology.features["camera.1:motion"].push == "events"
    # Whether a disk is missing was told by the list of them, and is asked for only now.
    topology = topology_of(await device.read("active"))
    assert topology.feeds["events"].seed == ("inputs",)
    assert "active" not in topology.polls


async def test_without_a_state_of_they_are_heard_only(house: Build) -> None:
    home = await house("wizsense")
    device = await home.surveyed()
    assert device.box.topology.features["input.1:input"].poll == "inputs"
    home.box.faults.refuse["alarm.getInState"] = Refusal.BAD_REQUEST
    topology = topology_of(await device.read("inputs"))
    assert topology.features["input.1:input"].poll is None


async def test_sessions_and_start_are_told(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    await device.read("survey")
    sessions = told(await device.read("sessions"))[":sessions"]
    assert isinstance(sessions, int)
    assert sessions >= 1
    first = told(await device.read("started"))[":started"]
    assert first == told(await device.read("started"))[":started"], "no jitter"


async def test_a_poll_that_there_is_not_is_unsupported(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    with pytest.raises(Unsupported):
        await device.read("nonsense")
    with pytest.raises(Unsupported):
        await device.read("config:Nonsense")


async def test_a_rule_that_is_moved_keeps_its_part_and_one_that_goes_takes_it_along(
    house: Build,
) -> None:
    """Case 6: a rule is its id, not its place in the list."""
    home = await house("wizsense")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert topology.parts["rule.1"].name == "Driveway line"
    home.box.config["VideoAnalyseRule[0][0].Id"] = "21"
    home.box.config["VideoAnalyseRule[0][0].Name"] = "Gate"
    batch = await device.read("config:VideoAnalyseRule")
    parts = topology_of(batch).parts
    assert parts["rule.21"].name == "Gate"
    assert "rule.1" not in parts
    assert told(batch)["rule.21:rule"] is True
    # What is gone is told twice, and then no more.
    assert topology_of(await device.read("config:VideoAnalyseRule")) == batch[0]
    assert batch[0] not in await device.read("config:VideoAnalyseRule")


@pytest.mark.parametrize(
    ("personality", "poll", "part"),
    [("wizsense", "config:VideoAnalyseRule", "rule.1"), ("nvr", "storage", "disk.sda")],
)
async def test_the_last_of_a_list_goes_too(
    house: Build, personality: str, poll: str, part: str
) -> None:
    """Case 2: it goes when a second listing agrees, so there must be a second one."""
    home = await house(personality)
    device, _ = await home.opened()
    assert part in topology_of(await device.read("survey")).parts
    home.box.config.drop("VideoAnalyseRule")
    home.box.storage.clear()
    for _ in range(2):
        topology = topology_of(await device.read(poll))
        assert part not in topology.parts
        assert poll in topology.polls
    assert await device.read(poll) == ()


async def test_a_box_without_a_clock_answers_all_the_same(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.refuse["global.getCurrentTime"] = Refusal.BAD_REQUEST
    assert await device.read("clock") == ()


async def test_a_table_that_is_gone_is_unsupported_and_stays_in_the_topology(
    house: Build,
) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.refuse["configManager.getConfig:RecordMode"] = Refusal.EMPTY
    with pytest.raises(Unsupported):
        await device.read("config:RecordMode")
    assert ":record_mode" in device.box.topology.features
