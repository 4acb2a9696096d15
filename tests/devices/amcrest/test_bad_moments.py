"""What a bad moment of a box says is put right after it, and is not kept with its firmware (§5)."""

from collections.abc import Mapping
from typing import Final

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import Malformed
from custom_components.cctv.devices.model import Topology
from tests.simulators.amcrest import Refusal

from .conftest import Build, told

VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "ipc": (
        "configManager.getConfig:Encode",
        "magicBox.getMachineName",
        "eventManager.getExposureEvents",
        "configManager.getConfig:VideoWidget",
        "configManager.getConfig:NAS",
        "IntervideoManager.getVersion",
        "magicBox.getProductDefinition",
    ),
    "wizsense": (
        "alarm.getInSlots",
        "alarm.getOutSlots",
        "coaxialControlIO.getStatus",
        "configManager.getConfig:Encode",
        "configManager.getConfig:LightingScheme",
        "devVideoInput.getCaps",
        "storageDevice.getDeviceAllInfo",
    ),
    "nvr": ("LogicDeviceManager.getCameraState",),
    "dome": ("ptz.getCurrentProtocolCaps", "ptz.getPresets", "ptz.getTours"),
    "counter": ("videoStatServer.getSummary",),
    "thermal": ("RadiometryManager.getTemper", "configManager.getConfig:ThermometryRule"),
}
"""What is answered with nothing for a moment."""
MOMENTS: Final = [
    pytest.param(kind, verb, id=f"{kind}-{verb.rpartition('.')[2]}")
    for kind, verbs in VERBS.items()
    for verb in verbs
]


async def surveyed(device: Amcrest) -> Topology:
    """What there is after a survey."""
    await device.read("survey")
    return device.box.topology


@pytest.mark.parametrize(("kind", "verb"), MOMENTS)
@pytest.mark.parametrize("moment", [Refusal.EMPTY, Refusal.HTML])
async def test_a_bad_moment_hides_nothing_for_good(
    house: Build, kind: str, verb: str, moment: Refusal
) -> None:
    home = await house(kind)
    # Some is known only once other things are.
    device = home.device(memory=ShortMemory())
    await device.open()
    await surveyed(device)
    whole = await surveyed(device)
    await device.close()
    memory = ShortMemory()
    home.box.faults.refuse[verb] = moment
    device = home.device(memory=memory)
    await device.open()
    await surveyed(device)
    home.box.faults.refuse.clear()
    assert device.box.verdicts.unknown, "else nobody asks again soon"
    await surveyed(device)
    again = await surveyed(device)
    assert {*again.features} ^ {*whole.features} == set()
    assert again.streams == whole.streams
    assert again.parts == whole.parts
    await device.close()
    later = home.device(memory=memory)
    await later.open()
    assert {*(await surveyed(later)).features} ^ {*whole.features} == set()


async def test_a_plate_that_was_empty_is_asked_for_at_the_next_start(house: Build) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    home.box.faults.refuse["magicBox.getVendor"] = Refusal.EMPTY
    device, _ = await home.opened(memory=memory)
    assert device.box.identity.about.maker is None
    await device.close()
    home.box.faults.refuse.clear()
    device, _ = await home.opened(memory=memory)
    assert device.box.identity.about.maker == "Amcrest"


@pytest.mark.parametrize("moment", [Refusal.EMPTY, Refusal.HTML])
async def test_a_table_that_is_asked_at_once_is_asked_again_though_it_was_kept(
    house: Build, moment: Refusal
) -> None:
    home = await house("ipc")
    memory = ShortMemory()
    for _ in range(2):
        home.box.faults.refuse["configManager.getConfig:RecordMode"] = moment
        device, _ = await home.opened(memory=memory)
        home.box.faults.refuse.clear()
        assert ":record_mode" in (await surveyed(device)).features
        await device.close()


async def test_a_lens_that_is_told_late_has_all_its_settings(house: Build) -> None:
    home = await house("thermal")
    whole = (await home.surveyed()).box.topology
    home.box.faults.refuse["devVideoInput.getCollect"] = Refusal.EMPTY
    device = await home.surveyed()
    assert "lens.2" not in device.box.topology.parts
    home.box.faults.refuse.clear()
    assert {*(await surveyed(device)).features} ^ {*whole.features} == set()


@pytest.mark.parametrize("verb", ["magicBox.getDeviceClass", "devVideoInput.getCollect"])
async def test_a_camera_that_did_not_say_what_it_is_is_whole_at_the_next_start(
    house: Build, verb: str
) -> None:
    home = await house("thermal")
    whole = (await home.surveyed()).box.topology
    memory = ShortMemory()
    home.box.faults.refuse[verb] = Refusal.EMPTY
    device = await home.surveyed(memory=memory)
    assert "lens.2" not in device.box.topology.parts
    await device.close()
    home.box.faults.refuse.clear()
    device = await home.surveyed(memory=memory)
    assert {*device.box.topology.features} ^ {*whole.features} == set()


async def test_cameras_are_not_away_because_a_recorder_says_nothing(house: Build) -> None:
    home = await house("nvr")
    device = await home.surveyed()
    before = told(await device.read("cameras"))
    assert True in before.values()
    home.box.faults.refuse["LogicDeviceManager.getCameraState"] = Refusal.EMPTY
    with pytest.raises(Malformed):
        await device.read("cameras")
    home.box.faults.refuse.clear()
    assert told(await device.read("cameras")) == before
