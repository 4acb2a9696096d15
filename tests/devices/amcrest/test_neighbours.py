"""What the box hears on its own network (deviceDiscovery attach, §14.1.1)."""

import asyncio

import pytest

from custom_components.cctv.devices.amcrest import neighbours
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import BadInput
from custom_components.cctv.devices.model import Table, TableRow
from tests.devices.clock import FakeClock, settle
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers import STREAMS
from tests.simulators.amcrest.answers.neighbours import Neighbours
from tests.simulators.amcrest.device import Device
from tests.simulators.amcrest.grammar import Command
from tests.simulators.amcrest.parts import Parts, text_part
from tests.simulators.wire import Connection

from .conftest import Build, House, listed


async def heard(home: House, table: Table) -> list[TableRow]:
    """The neighbours, with the pauses between the reads left out."""
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    home.box.device.of(Neighbours).forget()
    reading = asyncio.create_task(listed(device, table))
    async with asyncio.timeout(10):
        while not reading.done():
            if clock.sleepers:
                await clock.advance(1)
            await settle()
    return reading.result()


def reads(home: House) -> int:
    """How often the box was asked."""
    return len([each for each in home.sent() if "deviceDiscovery" in each])


async def test_it_is_asked_as_long_as_there_are_more(house: Build) -> None:
    home = await house("nvr")
    rows = await heard(home, Table(kind="neighbours"))
    assert reads(home) == 3
    assert len(rows) == len(home.box.device.of(Neighbours).known)
    assert rows[0] == {
        "name": "IPC-HDW2431T-1",
        "address": "192.168.1.101",
        "mac": "3c:ef:8c:00:00:01",
        "serial": "3K00001PAN00001",
        "class": "IPC",
        "model": "IPC-HDW2431T",
        "maker": "General",
        "firmware": "2.800.0000000.16.R",
        "port": "37777",
        "http_port": "80",
        "cameras": "1",
        "remote_cameras": "0",
        "initialised": True,
    }
    assert [row["initialised"] for row in rows].count(False) == 1


async def test_it_is_not_asked_again_when_all_were_heard(house: Build) -> None:
    home = await house("nvr")
    home.box.device.of(Neighbours).known = home.box.device.of(Neighbours).known[:2]
    assert len(await heard(home, Table(kind="neighbours"))) == 2
    assert reads(home) == 2


async def test_no_more_are_told_than_wanted(house: Build) -> None:
    home = await house("nvr")
    assert len(await heard(home, Table(kind="neighbours", limit=2))) == 2
    assert reads(home) == 1


async def test_only_those_of_a_class_are_told(house: Build) -> None:
    home = await house("ipc")
    rows = await heard(home, Table(kind="neighbours", where={"class": "VTO", "type": "onvif"}))
    assert [row["class"] for row in rows] == ["VTO"]
    assert home.sent()[0] == (
        "/cgi-bin/deviceDiscovery.cgi?action=attach&DeviceClass=VTO&Types[0]=onvif"
    )


async def test_what_is_no_class_is_not_asked_for(house: Build) -> None:
    home = await house("nvr")
    device = await home.surveyed()
    with pytest.raises(BadInput):
        await listed(device, Table(kind="neighbours", where={"class": "a&b"}))
    assert not home.box.wire


async def test_a_box_that_hears_nobody_has_no_table_and_is_asked_once(house: Build) -> None:
    home = await house("legacy")
    memory = ShortMemory()
    device = await home.surveyed(memory=memory)
    assert "neighbours" not in device.box.topology.parts[""].tables
    await device.close()
    device = await home.surveyed(memory=memory)
    assert reads(home) == 0


async def test_an_error_in_between_ends_the_list(house: Build) -> None:
    home = await house("nvr")
    device = await home.surveyed()
    home.box.faults.refuse["deviceDiscovery"] = Refusal.BARE
    assert await listed(device, Table(kind="neighbours")) == []


@pytest.mark.parametrize("silent", [False, True])
async def test_an_answer_that_stays_open_is_not_waited_for(
    house: Build, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    """It is an attachment by its name; nobody says that it ends."""

    async def stays(device: Device, command: Command, connection: Connection) -> None:
        line = "deviceInfo[0].SerialNo=1"
        first = () if silent else (text_part([line]),)
        await Parts(device).serve(connection, 60, None, *first)

    monkeypatch.setattr(neighbours, "_IDLE", 0.2)
    monkeypatch.setitem(STREAMS, "deviceDiscovery.attach", stays)
    home = await house("nvr")
    rows = await heard(home, Table(kind="neighbours"))
    assert [row["serial"] for row in rows] == ([] if silent else ["1"])
    assert reads(home) == (1 if silent else 2)
