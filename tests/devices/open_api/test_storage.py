"""The card: how full and well it is, what is on it, and what is done to it."""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.cctv.devices.catalogue import RECORDING_KINDS
from custom_components.cctv.devices.commands import DeleteRecordings, FormatDisk, MountDisk
from custom_components.cctv.devices.errors import BadInput, Malformed, Rejected, Unsupported
from custom_components.cctv.devices.model import (
    BOX,
    Days,
    Query,
    Recording,
    Recordings,
    Table,
    TableRow,
)
from custom_components.cctv.devices.open_api.device import OpenApi
from tests.simulators.open_api.storage import Recording as Stored

from .conftest import Build, told, topology_of

DISK = "disk.sd_disk"


async def found(device: OpenApi, query: Query, part: str = BOX) -> list[Recording | TableRow]:
    """All that a search finds."""
    async with aclosing(device.find(part, query)) as rows:
        return [row async for row in rows]


async def test_a_card_tells_how_full_and_how_well_it_is(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    values = told(await device.read("storage"))
    assert values == {
        f"{DISK}:storage_used": 2.2,
        f"{DISK}:storage_size": 124_048 * 1024,
        f"{DISK}:storage_state": "normal",
        f"{DISK}:storage_failure": False,
        f"{DISK}:storage_locked": False,
    }


@pytest.mark.parametrize(
    ("what", "state", "failure"),
    [
        ({"broken": True}, "failure", True),
        ({"mounted": False}, "absent", True),
        ({"read_only": True}, "normal", True),
        ({"present": False}, "absent", True),
    ],
)
async def test_a_card_that_is_not_well_says_so(
    house: Build, what: dict[str, Any], state: str, failure: bool
) -> None:
    home = await house()
    device, _ = await home.opened()
    for name, value in what.items():
        setattr(home.box.storage, name, value)
    values = told(await device.read("storage"))
    if f"{DISK}:storage_state" in values:
        assert values[f"{DISK}:storage_state"] == state
        assert values[f"{DISK}:storage_failure"] is failure
    else:
        assert "present" in what


async def test_a_locked_card_is_told(house: Build) -> None:
    home = await house()
    home.box.parameters["Storage.S0.Locked"] = "yes"
    device, _ = await home.opened()
    assert told(await device.read("storage"))[f"{DISK}:storage_locked"] is True


async def test_recordings_have_a_start_and_no_more(house: Build) -> None:
    """Case 37: no end, no size, no bytes; newest first."""
    home = await house("seed")
    device, _ = await home.opened()
    rows = await found(device, Recordings())
    assert len(rows) == 3
    starts = []
    for row in rows:
        assert isinstance(row, Recording)
        assert (row.refs, row.end, row.size, row.container) == ((), None, None, "avi")
        assert row.name in home.box.storage.recordings
        starts.append(row.start)
    assert starts == sorted(starts, reverse=True)


async def test_recordings_are_searched_by_time_and_kind(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    every = [row for row in await found(device, Recordings()) if isinstance(row, Recording)]
    newest = every[0]
    assert await found(device, Recordings(start=newest.start)) == [newest]
    assert await found(device, Recordings(end=newest.start)) == every[1:]
    assert await found(device, Recordings(limit=1)) == [newest]
    assert await found(device, Recordings(start=newest.start + timedelta(seconds=1))) == []
    assert [row.kinds for row in every] == [{"scheduled"}, {"alarm"}, {"scheduled"}]
    alarms = await found(device, Recordings(kinds=frozenset({"alarm"})))
    assert alarms == [every[1]]
    with pytest.raises(Unsupported):
        await found(device, Days())


async def test_what_made_a_recording_is_told_in_words_of_ours(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.storage.recordings.clear()
    now = datetime(2026, 5, 1, 12)  # noqa: DTZ001 - the box's own clock has no zone
    for minutes, kind in enumerate(("scheduled", "continuous", "Triggered", "manual_2", "")):
        home.box.storage.add(Stored(now - timedelta(minutes=minutes), kind))
    rows = await found(device, Recordings())
    kinds = [row.kinds for row in rows if isinstance(row, Recording)]
    assert kinds == [{"scheduled"}, {"scheduled"}, {"alarm"}, {"other"}, {"other"}]
    assert all(kind <= set(RECORDING_KINDS) for kind in kinds)


async def test_a_name_that_could_not_be_removed_is_none(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    listed = (
        '<root><recordings><recording recordingid="{}" starttime="20260501_120000"/></recordings>'
    )
    for name in ("all", "../x.avi", "a b.avi", ""):
        home.box.faults.bodies["/list.cgi"] = listed.format(name).encode()
        (row,) = await found(device, Recordings())
        assert isinstance(row, Recording)
        assert row.name is None


async def test_recordings_are_told_in_utc_by_the_devices_own_clock(house: Build) -> None:
    """Case 21: naive local times, a zone of its own, a clock that is ahead."""
    home = await house("vapix")
    clock = home.box.device.clock
    clock.set(clock.now() + timedelta(minutes=7))
    device, batch = await home.opened()
    drift = told(batch)[":clock_drift"]
    assert isinstance(drift, int)
    assert abs(drift - 420) <= 2
    home.box.storage.recordings.clear()
    home.box.add_recording(datetime.fromisoformat("2026-07-01T12:07:00"))
    (row,) = await found(device, Recordings())
    assert isinstance(row, Recording)
    # Noon in Berlin is ten o'clock, whatever zone we are in.
    assert abs(row.start - datetime(2026, 7, 1, 10, tzinfo=UTC)) <= timedelta(seconds=2)


async def test_names_of_recordings_are_listed_and_deleted(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    rows = await found(device, Table(kind="recordings"))
    names = [str(row["name"]) for row in rows if not isinstance(row, Recording)]
    assert len(names) == 3
    await device.do(BOX, DeleteRecordings(names=(names[1],)))
    assert sorted(home.box.storage.recordings) == sorted({*names} - {names[1]})
    await device.do(BOX, DeleteRecordings(all=True))
    assert not home.box.storage.recordings


@pytest.mark.parametrize(
    "command",
    [
        DeleteRecordings(),
        DeleteRecordings(names=("all",)),
        DeleteRecordings(names=("a",), all=True),
        DeleteRecordings(names=("../../etc",)),
        DeleteRecordings(names=("a&b",)),
        DeleteRecordings(folder="20090101"),
    ],
    ids=repr,
)
async def test_what_names_no_recording_deletes_none(
    house: Build, command: DeleteRecordings
) -> None:
    home = await house()
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert home.sent() == []


async def test_a_locked_card_keeps_its_recordings_and_says_why(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    home.box.parameters["Storage.S0.Locked"] = "yes"
    with pytest.raises(Rejected, match="locked"):
        await device.do(BOX, DeleteRecordings(all=True))
    with pytest.raises(Rejected, match="locked"):
        await device.do(DISK, FormatDisk())


async def test_a_card_is_unmounted_mounted_and_formatted(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    answer = await device.do(DISK, MountDisk(mounted=False))
    assert told(answer.updates)[f"{DISK}:storage_state"] == "absent"
    assert not home.box.storage.mounted
    assert await found(device, Recordings()) == []
    answer = await device.do(DISK, MountDisk())
    assert told(answer.updates)[f"{DISK}:storage_state"] == "normal"
    await device.do(DISK, FormatDisk())
    assert not home.box.storage.recordings
    with pytest.raises(Unsupported):
        await device.do(BOX, FormatDisk())


async def test_a_card_that_comes_and_goes_is_a_part_that_does(house: Build) -> None:
    home = await house()
    device, _ = await home.opened()
    first = topology_of(await device.read("storage"))
    assert DISK in first.parts
    assert topology_of(await device.read("storage")) == first


async def test_without_a_card_slot_there_is_no_storage(house: Build) -> None:
    home = await house("3s")
    device, batch = await home.opened()
    topology = topology_of(batch)
    assert "recordings" not in topology.parts[BOX].tables
    assert "storage" not in topology.polls
    with pytest.raises(Unsupported):
        await found(device, Recordings())


async def test_an_odd_page_says_nothing_of_cards_and_none_is_asked_for_again(house: Build) -> None:
    """Case 2: what goes when it is not listed twice must be listed a second time."""
    home = await house()
    device, _ = await home.opened()
    home.box.faults.bodies["/list.cgi"] = b"<html>Busy</html>"
    with pytest.raises(Malformed):
        await device.read("storage")
    home.box.faults.bodies.clear()
    home.box.storage.present = False
    for _ in range(2):
        topology = topology_of(await device.read("storage"))
        assert DISK not in topology.parts
        assert "storage" in topology.polls
    home.box.storage.present = True
    assert DISK in topology_of(await device.read("storage")).parts
