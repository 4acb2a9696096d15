"""Alarm outputs: which are on now, by themselves or by their mode."""

from custom_components.cctv.devices.commands import Set

from .conftest import Build, told, topology_of


async def test_outputs_tell_whether_they_are_on(house: Build) -> None:
    home = await house("wizsense")
    device, _ = await home.opened()
    topology = topology_of(await device.read("survey"))
    assert topology.features["output.1:output_active"].poll == "outputs"
    await device.do("output.1", Set("output", value=True))
    assert told(await device.read("outputs")) == {"output.1:output_active": True}
    await device.do("output.1", Set("output", value=False))
    assert told(await device.read("outputs")) == {"output.1:output_active": False}


async def test_a_box_without_outputs_is_not_asked(house: Build) -> None:
    home = await house("doorbell")
    device, _ = await home.opened()
    await device.read("survey")
    assert not [each for each in home.box.wire if "getOutState" in each.target]
