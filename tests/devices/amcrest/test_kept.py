"""What surveyed tables listed, kept over a restart (§5): there at once, and not asked for again."""

from datetime import datetime, timedelta
from typing import Final, override

import pytest

from custom_components.cctv.devices.amcrest import kept
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.model import Topology
from tests.devices.clock import FakeClock
from tests.simulators.amcrest import AmcrestSimulator, Refusal

from .conftest import Build, House, told, topology_of

_KEYS: Final = (":brightness", ":ntp_server", ":rotation", ":language", ":auto_reboot_time")
_PARTS: Final = ("region.mask-1", "group.storage-1", "disk.nas-1")


class Calendar(FakeClock):
    """A clock on a later day."""

    def __init__(self, days: float = 0) -> None:
        super().__init__()
        self._later = timedelta(days=days)

    @override
    def now(self) -> datetime:
        """The wall clock, some days on."""
        return super().now() + self._later


def tables(home: House) -> set[str]:
    """The tables that were asked for."""
    return {each.partition("name=")[2] for each in home.sent() if "getConfig&" in each}


async def started(home: House, memory: ShortMemory, days: float = 0, surveys: int = 1) -> Topology:
    """Start and end; what was there at once."""
    home.box.wire.clear()
    device = home.device(memory=memory, clock=Calendar(days))
    await device.open()
    at_once = device.box.topology
    for _ in range(surveys):
        await device.read("survey")
    await device.close()
    return at_once


@pytest.mark.parametrize("personality", ["ipc", "wizsense"])
async def test_a_second_start_has_all_at_once_and_asks_for_little(
    house: Build, personality: str
) -> None:
    home = await house(personality)
    memory = ShortMemory()
    first = await started(home, memory)
    asked = tables(home)
    assert not set(_KEYS) & set(first.features)
    assert not set(_PARTS) & set(first.parts)
    second = await started(home, memory)
    assert set(_KEYS) <= set(second.features)
    assert set(_PARTS) <= set(second.parts)
    again = tables(home)
    assert {"VideoColor", "NTP", "PrivacyMasking", "NAS", "StorageGroup"} <= asked
    assert not {"VideoColor", "NTP", "PrivacyMasking", "NAS", "StorageGroup"} & again
    assert len(again) < len(asked) / 3


async def test_what_was_kept_is_told_when_it_is_read(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    home.box.config["VideoColor[0][0].Brightness"] = "77"
    device, batch = await home.opened(memory=memory, clock=Calendar())
    assert ":brightness" not in told(batch), "what it was then is not what it is now"
    poll = device.box.topology.features[":brightness"].poll
    assert poll is not None
    assert told(await device.read(poll))[":brightness"] == 77


@pytest.mark.parametrize(("days", "asked"), [(1, False), (7, False), (8, True), (-1, True)])
async def test_what_is_old_is_asked_for_again(house: Build, days: int, asked: bool) -> None:
    """It is there at once all the same: few boxes change, and many run for weeks."""
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    at_once = await started(home, memory, days)
    assert ":brightness" in at_once.features
    assert ("VideoColor" in tables(home)) is asked
    await started(home, memory, days)
    assert "VideoColor" not in tables(home)


async def test_what_was_empty_is_left_alone_for_some_days(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    home.box.faults.refuse["configManager.getConfig:NTP"] = Refusal.EMPTY
    await started(home, memory, surveys=4)
    assert "NTP" in tables(home)
    home.box.faults.refuse.clear()
    await started(home, memory, 7)
    assert "NTP" not in tables(home)
    await started(home, memory, 8)
    assert "NTP" in tables(home)
    assert ":ntp_server" in (await started(home, memory, 8)).features


async def test_what_is_always_rejected_is_left_alone_after_a_while(house: Build) -> None:
    """Terminals say of what they have not that they failed (§5)."""
    home = await house("ipc")
    memory = ShortMemory()
    home.box.faults.refuse["configManager.getConfig:NTP"] = Refusal.UNKNOWN
    asked = []
    for _ in range(6):
        await started(home, memory)
        asked.append("NTP" in tables(home))
    assert asked == [True] * 4 + [False] * 2
    home.box.faults.refuse.clear()
    await started(home, memory, 8)
    assert ":ntp_server" in (await started(home, memory, 8)).features


async def test_name_and_streams_are_there_at_once_and_asked_for_again(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    first = await started(home, memory)
    home.box.config["General.MachineName"] = "Back yard"
    home.box.config["RTSP.Port"] = "8554"
    home.box.config["Encode[0].MainFormat[0].Video.Compression"] = "H.265"
    home.box.wire.clear()
    device = home.device(memory=memory, clock=Calendar())
    await device.open()
    at_once = device.box.topology
    assert at_once.parts[""].about == first.parts[""].about
    assert at_once.streams == first.streams
    assert not {"Encode", "RTSP"} & tables(home)
    topology = topology_of(await device.read("survey"))
    assert topology.parts[""].name == "Back yard"
    about = topology.parts[""].about
    assert about is not None
    assert about.name == "Back yard"
    assert topology.streams[":main"].codec == "h265"
    assert ":8554/" in str(topology.streams[":main"].url)
    await device.close()
    again = await started(home, memory)
    assert again.parts[""].name == "Back yard"
    assert again.streams.keys() == first.streams.keys()
    assert again.streams[":main"].codec == "h265"


async def test_streams_are_as_they_were_while_they_are_not_told(house: Build) -> None:
    """A moment's trouble is no reason to forget them."""
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    first = await started(home, memory)
    home.box.faults.refuse["configManager.getConfig:Encode"] = Refusal.BOOTING
    home.box.faults.refuse["configManager.getConfig:RTSP"] = Refusal.BOOTING
    device = home.device(memory=memory, clock=Calendar())
    await device.open()
    topology = topology_of(await device.read("survey"))
    assert topology.streams == first.streams


async def test_another_firmware_is_asked_anew(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    other = await house("dome")
    at_once = await started(other, memory)
    assert ":brightness" not in at_once.features
    assert "VideoColor" in tables(other)


@pytest.mark.parametrize(
    "damaged",
    [
        7,
        {},
        {"firmware": "?", "day": "monday", "tables": 1},
        {"tables": {"VideoColor": 3, "NTP": None}},
        {"day": None},
    ],
)
async def test_a_damaged_memory_is_as_good_as_none(house: Build, damaged: object) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    stored = memory.get("tables")
    assert isinstance(stored, dict)
    memory.put("tables", {**stored, **damaged} if isinstance(damaged, dict) and damaged else 7)
    at_once = await started(home, memory)
    assert ":brightness" not in at_once.features
    assert "VideoColor" in tables(home)
    assert ":brightness" in (await started(home, memory)).features


async def test_no_secret_is_kept(house: Build) -> None:
    home = await house("ipc")
    home.box.config["NAS[0].Password"] = "hunter2"
    home.box.config["NAS[0].PasswordName"] = "hunter3"
    memory = ShortMemory()
    await started(home, memory)
    assert "hunter" not in repr(memory.get("tables"))


async def test_no_more_is_kept_than_there_is_room_for(
    house: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_MOST", 40)
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    stored = memory.get("tables")
    assert isinstance(stored, dict)
    listed = stored["tables"]
    assert isinstance(listed, dict)
    names = [name for each in listed.values() if isinstance(each, dict) for name in each]
    assert 0 < len(names) <= 40
    assert "VideoColor" not in listed
    await started(home, memory)
    assert "VideoColor" in tables(home), "what found no room is asked for again"


async def test_a_table_that_is_gone_is_no_longer_kept(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    await started(home, memory)
    _forget(home.box, "VideoColor")
    await started(home, memory, 8)
    assert ":brightness" not in (await started(home, memory, 8)).features


def _forget(box: AmcrestSimulator, table: str) -> None:
    """Take a table out of a box."""
    for name in [each for each in box.config if each.startswith(table)]:
        del box.config[name]
