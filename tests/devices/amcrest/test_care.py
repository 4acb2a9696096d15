"""Care of the box: backup, factory settings, switching off, what it speaks (§4.6, §4.7.9)."""

import pytest

from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.commands import BackUp, FactoryReset, Restore, ShutDown
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.env import ShortMemory
from custom_components.cctv.devices.errors import Busy, Forbidden, Gone, Malformed, Unsupported
from custom_components.cctv.devices.model import Value
from tests.devices.waiting import is_available
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.care import Factory, read_backup

from .conftest import Build, House, told


def restored(home: House) -> list[str]:
    """Which settings the box was told to forget."""
    return home.box.device.of(Factory).restored


# --- backup (§4.6.21) ---------------------------------------------------------------------------


async def test_the_settings_are_backed_up_as_the_box_writes_them(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    answer = await device.do("", BackUp())
    assert answer.ref is not None
    content = await device.fetch(answer.ref)
    body = await content.read()
    assert content.size == len(body)
    assert read_backup(body)["General.MachineName"] == "AMC Front Door"
    assert home.sent() == ["/cgi-bin/Config.backup?action=All"]


@pytest.mark.parametrize("refusal", [Refusal.BAD_REQUEST, Refusal.BARE, Refusal.NOT_IMPLEMENTED])
async def test_a_backup_that_is_not_given_is_gone(house: Build, refusal: Refusal) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.refuse["/Config.backup.All"] = refusal
    with pytest.raises(Gone):
        await device.fetch("backup:all")
    home.box.faults.refuse["/Config.backup.All"] = Refusal.HTML
    with pytest.raises(Malformed):
        await device.fetch("backup:all")
    home.box.faults.refuse["/Config.backup.All"] = Refusal.BOOTING
    with pytest.raises(Busy):
        await device.fetch("backup:all")
    home.box.faults.refuse.clear()
    assert await (await device.fetch("backup:all")).read()


@pytest.mark.parametrize("ref", ["backup:", "backup:All", "backup:all/..", "backup:all\n"])
async def test_what_names_no_backup_is_not_asked_for(house: Build, ref: str) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    with pytest.raises(Gone):
        await device.fetch(ref)
    assert not home.box.wire


async def test_a_backup_cannot_be_given_back(house: Build) -> None:
    """How it would be is not known, so nothing is offered."""
    home = await house("ipc")
    device = await home.surveyed()
    assert Restore not in device.box.topology.parts[""].can
    with pytest.raises(Unsupported):
        await device.do("", Restore(b"x"))
    assert not home.box.wire


# --- factory settings (§4.6.22, §4.6.23) --------------------------------------------------------


async def test_all_but_the_address_is_forgotten(house: Build) -> None:
    home = await house("ipc")
    home.box.config["General.MachineName"] = "Porch"
    home.box.config["Network.eth0.IPAddress"] = "10.0.0.7"
    home.box.config["WLan.eth2.SSID"] = "Shed"
    device, _ = await home.opened()
    await device.do("", FactoryReset())
    assert home.box.config["General.MachineName"] == "AMC Front Door"
    assert home.box.config["Network.eth0.IPAddress"] == "10.0.0.7"
    assert home.box.config["WLan.eth2.SSID"] == "Shed"
    assert restored(home) == ["Network,WLan"]


async def test_a_box_without_wireless_keeps_its_network(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    await device.do("", FactoryReset(keep_network=True))
    assert restored(home) == ["Network"]


async def test_everything_is_forgotten(house: Build) -> None:
    home = await house("ipc")
    home.box.config["Network.eth0.IPAddress"] = "10.0.0.7"
    device, _ = await home.opened()
    await device.do("", FactoryReset(keep_network=False))
    assert home.box.config["Network.eth0.IPAddress"] == "192.168.1.108"
    assert restored(home) == ["all"]
    assert len(home.sent()) == 1


async def test_a_box_that_knows_only_the_newer_word_is_told_that(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["magicBox.restore"] = Refusal.BAD_REQUEST
    home.box.faults.reboot_drop = home.box.faults.reboot_refuse = 0.05
    device, _ = await home.opened()
    await device.do("", FactoryReset(keep_network=False))
    assert restored(home) == ["all"]
    assert [each.partition("action=")[2] for each in home.sent()] == [
        "restore&names[0]=All",
        "resetSystemEx&type=0",
    ]
    await home.box.until(lambda: home.box.device.reboots == 1)


async def test_what_may_not_be_forgotten_is_not_tried_another_way(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["magicBox.restore"] = Refusal.NO_RIGHT
    home.box.faults.refuse["magicBox.restoreExcept"] = Refusal.BAD_REQUEST
    device, _ = await home.opened()
    with pytest.raises(Forbidden):
        await device.do("", FactoryReset(keep_network=False))
    with pytest.raises(Unsupported):
        await device.do("", FactoryReset(keep_network=True))
    assert restored(home) == []


async def test_a_box_that_restarts_to_forget_is_waited_for(house: Build) -> None:
    """It leaves in the middle of the answer, and comes back without anybody's help."""
    home = await house("ipc")
    home.box.faults.refuse["magicBox.restore"] = Refusal.BAD_REQUEST
    home.box.faults.reboot_drop = home.box.faults.reboot_refuse = 0.05
    env = home.lend(home.box.url)
    runner = Runner(Amcrest(env), env)
    await runner.start()
    try:
        await runner.do("", FactoryReset(keep_network=False))
        await home.box.until(lambda: home.box.device.reboots == 1)
        await is_available(runner, ":clock_drift", wanted=True)
    finally:
        await runner.stop()


# --- off (§4.6.9) -------------------------------------------------------------------------------


async def test_it_is_switched_off_once(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    await device.do("", ShutDown())
    assert home.sent() == ["/cgi-bin/magicBox.cgi?action=shutdown"]


# --- what it speaks -----------------------------------------------------------------------------


async def test_versions_are_told(house: Build) -> None:
    """GetVersion of Onvif and CGI (§4.6.17, §4.6.18)."""
    home = await house("ipc")
    memory = ShortMemory()
    device, _ = await home.opened(memory=memory)
    values = told(await device.read("survey"))
    assert (values[":onvif_version"], values[":api_version"]) == ("16.12", "2.84")
    assert told(await device.read("version:CGI")) == {":api_version": "2.84"}
    assert told(await device.read("version:Onvif")) == {":onvif_version": "16.12"}
    await device.close()
    device, _ = await home.opened(memory=memory)
    assert {":onvif_version", ":api_version"} <= set(device.box.topology.features)
    await device.read("survey")
    assert not [each for each in home.sent() if "getVersion" in each]


async def test_a_version_that_is_not_told_is_no_entity(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["IntervideoManager.getVersion:Onvif"] = Refusal.BAD_REQUEST
    home.box.faults.refuse["IntervideoManager"] = Refusal.EMPTY
    device = await home.surveyed()
    assert not {":onvif_version", ":api_version"} & set(device.box.topology.features)


@pytest.mark.parametrize(("on", "state"), [(True, "Success"), (False, "Disable")])
async def test_what_the_router_did_is_told(house: Build, on: bool, state: str) -> None:
    """GetUPnPStatus (§4.7.9)."""
    home = await house("ipc")
    home.box.config["UPnP.Enable"] = on
    device = await home.surveyed()
    assert device.box.topology.features[":upnp_state"].poll == "upnp"
    (value,) = await device.read("upnp")
    assert isinstance(value, Value)
    assert value.value == state
    assert value.details == {"ports": "TCP 8080 → 80"}


async def test_a_box_that_asks_no_router_has_no_state_of_it(house: Build) -> None:
    home = await house("legacy")
    device = await home.surveyed()
    assert ":upnp_state" not in device.box.topology.features
