"""The monitors of a recorder: how each is divided, and its tour (§7)."""

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.errors import Rejected, Unsupported
from custom_components.cctv.devices.model import PartKind, Topology
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.display import Monitors

from .conftest import Build, House, told, topology_of

KEYS = {"monitor_layout", "monitor_tour", "tour_interval"}


def monitors(home: House) -> Monitors:
    """The monitors of a simulated recorder."""
    return home.box.device.of(Monitors)


async def surveyed(house: Build) -> tuple[House, Amcrest, Topology]:
    """A recorder, surveyed."""
    home = await house("nvr")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


async def test_each_monitor_is_a_part(house: Build) -> None:
    _, _, topology = await surveyed(house)
    found = {part.id for part in topology.parts.values() if part.kind is PartKind.DISPLAY}
    assert found == {"display.1", "display.2"}
    for part in found:
        assert {one.key for one in topology.features.values() if one.part == part} == KEYS
    options = topology.features["display.1:monitor_layout"].options
    assert options == ("split1", "split4", "split8", "pip1", "pip3")


async def test_cameras_have_no_monitors_and_are_not_asked(house: Build) -> None:
    home = await house("dome")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert not KEYS & {each.key for each in topology.features.values()}
    asked = "".join(home.sent())
    assert "split.cgi" not in asked
    assert "MonitorTour" not in asked


async def test_a_recorder_without_layouts_still_has_its_tours(house: Build) -> None:
    home = await house("nvr")
    home.box.faults.refuse["split.getMode"] = Refusal.BAD_REQUEST
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert "display.1:monitor_layout" not in topology.features
    assert "display.2:monitor_tour" in topology.features
    assert len([each for each in home.sent() if "getMode" in each]) == 1


async def test_a_monitor_is_divided(house: Build) -> None:
    home, device, _ = await surveyed(house)
    answer = await device.do("display.2", Set("monitor_layout", "split8"))
    assert told(answer.updates) == {"display.2:monitor_layout": "split8"}
    assert monitors(home).modes == ["Split4", "Split8"]
    assert told(await device.read("monitor:2")) == {"display.2:monitor_layout": "split8"}
    assert told(await device.read("monitor:1")) == {"display.1:monitor_layout": "split4"}


async def test_a_layout_that_is_not_taken_is_refused(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["split.setMode"] = Refusal.BAD_REQUEST
    with pytest.raises(Unsupported):
        await device.do("display.1", Set("monitor_layout", "split1"))
    assert monitors(home).modes[0] == "Split4"


async def test_a_layout_chosen_at_the_recorder_becomes_an_option(house: Build) -> None:
    home, device, _ = await surveyed(house)
    monitors(home).modes[0] = "Free"
    batch = await device.read("monitor:1")
    assert "free" in topology_of(batch).features["display.1:monitor_layout"].options
    assert told(batch) == {"display.1:monitor_layout": "free"}
    assert not isinstance((await device.read("monitor:1"))[0], Topology)


async def test_a_tour_is_switched_on_and_off(house: Build) -> None:
    home, device, _ = await surveyed(house)
    for on in (True, False):
        answer = await device.do("display.1", Set("monitor_tour", value=on))
        assert told(answer.updates) == {"display.1:monitor_tour": on}
        assert told(await device.read("config:MonitorTour"))["display.1:monitor_tour"] is on
    sent = [each for each in home.sent() if "enableTour" in each]
    assert [each.rpartition("=")[2] for each in sent] == ["true", "false"]
    assert not [each for each in home.sent() if "setConfig" in each]


async def test_where_tours_are_not_enabled_by_a_command_they_are_by_their_table(
    house: Build,
) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["split.enableTour"] = Refusal.BAD_REQUEST
    for on in (True, False):
        answer = await device.do("display.2", Set("monitor_tour", value=on))
        assert told(answer.updates)["display.2:monitor_tour"] is on
    assert home.box.config["MonitorTour[1].Enable"] == "false"
    assert len([each for each in home.sent() if "enableTour" in each]) == 1


async def test_a_tour_that_does_nothing_is_told(house: Build) -> None:
    home, device, _ = await surveyed(house)
    home.box.faults.refuse["split.enableTour"] = Refusal.SERVER_ERROR
    with pytest.raises(Rejected):
        await device.do("display.1", Set("monitor_tour", value=True))


async def test_how_long_a_camera_is_shown_is_set(house: Build) -> None:
    home, device, _ = await surveyed(house)
    answer = await device.do("display.2", Set("tour_interval", 30))
    assert told(answer.updates)["display.2:tour_interval"] == 30
    assert home.box.config["MonitorTour[1].Interval"] == "30"
    assert home.box.config["MonitorTour[0].Interval"] == "5"
