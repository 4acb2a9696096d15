"""Parking spaces: which are taken, and by whom (§9.2.1)."""

import asyncio
from contextlib import aclosing

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.model import Hint, PartKind, Table, Topology, Value
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.parking import Space, Spaces

from .conftest import Build, House, listed, told, topology_of


def spaces(home: House) -> Spaces:
    """The spaces of a simulated box."""
    return home.box.device.of(Spaces)


async def surveyed(house: Build) -> tuple[House, Amcrest, Topology]:
    """A traffic camera, surveyed."""
    home = await house("traffic")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    home.box.wire.clear()
    return home, device, topology


async def test_each_space_is_a_part(house: Build) -> None:
    _, _, topology = await surveyed(house)
    found = {part.id for part in topology.parts.values() if part.kind is PartKind.SPACE}
    assert found == {f"space.{lane}" for lane in range(4)}
    assert all(f"{part}:occupied" in topology.features for part in found)
    assert ":spaces_free" in topology.features
    # What rests when the events are heard again must be read first.
    assert "spaces" in topology.feeds["events"].seed


@pytest.mark.parametrize("personality", ["ipc", "nvr"])
async def test_others_are_not_asked(house: Build, personality: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    await device.read("survey")
    assert not [each for each in home.sent() if "trafficParking" in each]


async def test_a_camera_without_spaces_has_none(house: Build) -> None:
    home = await house("traffic")
    home.box.faults.refuse["trafficParking.getAllParkingSpaceStatus"] = Refusal.BAD_REQUEST
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert ":spaces_free" not in topology.features
    assert "spaces" not in topology.polls


async def test_what_stands_where_is_read_with_its_plate(house: Build) -> None:
    home, device, _ = await surveyed(house)
    spaces(home).spaces[2].plate = "K-9 77"
    batch = await device.read("spaces")
    values = told(batch)
    assert values[":spaces_free"] == 2
    assert values["space.2:occupied"] is True
    assert values["space.1:occupied"] is False
    (taken,) = [
        one for one in batch if isinstance(one, Value) and one.feature == "space.2:occupied"
    ]
    assert taken.details == {"plate": "K-9 77"}


async def test_who_parks_and_leaves_is_heard_at_once(house: Build) -> None:
    home, device, _ = await surveyed(house)
    async with aclosing(device.listen("events")) as heard:
        first = asyncio.ensure_future(anext(heard))
        await home.box.wait_attached()
        spaces(home).park(3, "HH-X 1")
        spaces(home).park(0, None)
        batches = [await first]
        while "space.0:occupied" not in told(batches[-1]):
            batches.append(await anext(heard))
    said = [one for batch in batches for one in batch]
    values = [one for one in said if isinstance(one, Value)]
    assert [(one.feature, one.value) for one in values] == [
        ("space.3:occupied", True),
        ("space.0:occupied", False),
    ]
    assert values[0].details["plate"] == "HH-X 1"
    assert Hint(("spaces",)) in said, "how many are free is read then"


async def test_a_space_more_becomes_a_part_and_is_heard(house: Build) -> None:
    home, device, _ = await surveyed(house)
    spaces(home).spaces.append(Space(4))
    assert "space.4" in topology_of(await device.read("spaces")).parts
    spaces(home).spaces.clear()
    for _ in range(2):
        topology = topology_of(await device.read("spaces"))
        assert not [part for part in topology.parts.values() if part.kind is PartKind.SPACE]
    assert told(await device.read("spaces")) == {":spaces_free": 0}


async def test_the_spaces_are_listed(house: Build) -> None:
    _, device, topology = await surveyed(house)
    assert "spaces" in topology.parts[""].tables
    rows = await listed(device, Table(kind="spaces"))
    assert rows[:2] == [
        {"space": "0", "occupied": True, "plate": "B-AB 1234"},
        {"space": "1", "occupied": False, "plate": None},
    ]
    assert len(await listed(device, Table(kind="spaces", limit=3))) == 3
