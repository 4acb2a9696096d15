"""Disks and cards: emptied where it is meant, and only there (§6.1)."""

import pytest

from custom_components.cctv.devices.commands import FormatDisk
from custom_components.cctv.devices.errors import Rejected, Unsupported
from custom_components.cctv.devices.model import Hint
from tests.simulators.amcrest import Refusal

from .conftest import Build, House, told


def used(home: House) -> list[int]:
    """How much of each disk is used."""
    return [sum(each.used for each in disk.partitions) for disk in home.box.storage]


async def test_one_disk_is_erased_and_the_other_stays(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    before = used(home)
    assert FormatDisk in device.box.topology.parts["disk.sdb"].can
    answer = await device.do("disk.sdb", FormatDisk())
    assert used(home) == [before[0], 0]
    assert answer.updates == (Hint(("storage",)),)
    assert told(await device.read("storage"))["disk.sdb:storage_used"] == 0
    assert [each for each in home.sent() if "setDevice" in each] == [
        "/cgi-bin/storageDevice.cgi?action=setDevice&type=FormatPatition&path=%2Fdev%2Fsdb"
    ]


@pytest.mark.parametrize("part", ["", "camera.1", "disk.sdc", "disk.nas-1"])
async def test_nothing_else_is_erased(house: Build, part: str) -> None:
    home = await house("nvr")
    device = await home.surveyed()
    assert "disk.nas-1" in device.box.topology.parts
    with pytest.raises(Unsupported):
        await device.do(part, FormatDisk())
    assert not home.box.wire


@pytest.mark.parametrize(
    ("refusal", "error"), [(Refusal.BAD_REQUEST, Unsupported), (Refusal.EMPTY, Rejected)]
)
async def test_a_disk_that_is_not_erased_is_told_so(
    house: Build, refusal: Refusal, error: type[Exception]
) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.refuse["storageDevice.setDevice"] = refusal
    with pytest.raises(error):
        await device.do("disk.mmc0", FormatDisk())
    assert len(home.sent()) == 1


async def test_a_card_that_is_taken_out_cannot_be_erased(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.storage.clear()
    await device.read("storage")
    home.box.wire.clear()
    with pytest.raises(Unsupported):
        await device.do("disk.mmc0", FormatDisk())
    assert not home.box.wire
