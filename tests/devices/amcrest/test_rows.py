"""What the document names and no other test does: who the box is, verb by verb."""

import pytest

from custom_components.cctv.devices.model import PartKind, Profile
from tests.simulators.amcrest import Refusal

from .conftest import Build, topology_of


async def test_a_box_says_its_name_and_hardware(house: Build) -> None:
    """getMachineName, hardwareVersion of getSystemInfo (§4.6.11, §4.6.13)."""
    home = await house("ipc")
    home.box.config["General.MachineName"] = "Porch"
    _, batch = await home.opened()
    about = topology_of(batch).parts[""].about
    assert about is not None
    assert (about.name, about.hardware) == ("Porch", "1.00")


async def test_type_and_number_are_asked_for_where_the_whole_is_not_told(house: Build) -> None:
    """GetDeviceType and getSerialNo in place of getSystemInfo (§4.6.10, §4.6.12, §4.6.14)."""
    home = await house("ipc")
    home.box.faults.refuse["magicBox.getSystemInfo"] = Refusal.BAD_REQUEST
    _, batch = await home.opened()
    about = topology_of(batch).parts[""].about
    assert about is not None
    assert (about.model, about.serial) == ("IP4M-1041B", home.box.serial)
    assert f"serial:{about.serial}" in about.identities


async def test_who_made_it_and_what_runs_in_it_may_be_missing(house: Build) -> None:
    """GetVendor and getSoftwareVersion (§4.6.15, §4.6.16)."""
    home = await house("ipc")
    for verb in ("getVendor", "getSoftwareVersion"):
        home.box.faults.refuse[f"magicBox.{verb}"] = Refusal.NOT_IMPLEMENTED
    _, batch = await home.opened()
    about = topology_of(batch).parts[""].about
    assert about is not None
    assert about.maker is None
    assert about.firmware is None
    assert about.serial == home.box.serial


@pytest.mark.parametrize(("personality", "rings"), [("doorbell", True), ("ipc", False)])
async def test_the_class_tells_what_rings(house: Build, personality: str, rings: bool) -> None:
    """GetDeviceClass (§4.6.19)."""
    home = await house(personality)
    _, batch = await home.opened()
    assert (":doorbell" in topology_of(batch).features) is rings


@pytest.mark.parametrize("remote", [8, 0])
async def test_a_box_without_a_class_is_a_recorder_by_its_remote_channels(
    house: Build, remote: int
) -> None:
    """GetProductDefinition MaxRemoteInputChannels (§4.5.10)."""
    home = await house("nvr")
    home.box.faults.refuse["magicBox.getDeviceClass"] = Refusal.BAD_REQUEST
    if not remote:
        home.box.faults.refuse["magicBox.getProductDefinition"] = Refusal.BAD_REQUEST
    _, batch = await home.opened()
    topology = topology_of(batch)
    cameras = [part for part in topology.parts.values() if part.kind is PartKind.CAMERA]
    assert bool(cameras) is bool(remote)
    assert ("camera.1:online" in topology.features) is bool(remote)


@pytest.mark.parametrize(
    ("personality", "profiles"),
    [
        ("ipc", {Profile.MAIN, Profile.SUB}),
        ("wizsense", {Profile.MAIN, Profile.SUB, Profile.THIRD}),
    ],
)
async def test_there_are_as_many_streams_as_the_product_has(
    house: Build, personality: str, profiles: set[Profile]
) -> None:
    """GetProductDefinition MaxExtraStream, not the number of blocks in Encode (§4.5.1)."""
    home = await house(personality)
    device, batch = await home.opened()
    streams = topology_of(batch).streams.values()
    assert {stream.profile for stream in streams} == profiles
    for number, stream in enumerate(streams):
        assert device.play_url(stream).endswith(f"channel=1&subtype={number}")


async def test_a_box_that_does_not_say_what_it_tells_has_what_any_has(house: Build) -> None:
    """GetExposureEvents (§4.9.18)."""
    home = await house("ipc")
    device, batch = await home.opened()
    assert {":tamper", ":sound_lost"} <= set(topology_of(batch).features)
    await device.close()
    home.box.faults.refuse["eventManager.getExposureEvents"] = Refusal.NOT_IMPLEMENTED
    _, batch = await home.opened()
    features = topology_of(batch).features
    assert ":tamper" in features
    assert ":sound_lost" not in features
