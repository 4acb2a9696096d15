"""Firmware (§5.13), backup (§5.12), restart (§5.14), and answers that never come (§4)."""

from datetime import UTC, datetime

import pytest

from custom_components.cctv.devices.commands import (
    BackUp,
    Install,
    Press,
    Restore,
    SavePreset,
    Service,
    Set,
)
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.errors import (
    BadInput,
    CannotConnect,
    DeviceError,
    Malformed,
    NoAnswer,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.model import BOX, Firmware
from tests.devices.waiting import is_available
from tests.simulators.wire import Mode

from .conftest import Build, StillClock, told

# --- firmware -------------------------------------------------------------------------------


async def test_the_firmware_tells_itself_and_the_newest_one(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    model = home.box.camera.model
    known = told(await device.read("firmware"))[":firmware"]
    assert known == Firmware(model.fw_version, model.latest_fw)
    home.box.faults.github = False
    assert told(await device.read("firmware"))[":firmware"] == Firmware(model.fw_version)
    home.box.faults.github = True
    home.box.camera.latest_fw = "0.0.9"
    # An older one is no news.
    assert told(await device.read("firmware"))[":firmware"] == Firmware(
        model.fw_version, model.fw_version
    )
    home.box.camera.local_fw = True
    found = told(await device.read("firmware"))[":firmware"]
    assert isinstance(found, Firmware)
    assert found.notes


async def test_an_installation_is_one_sentence_or_a_refusal(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    home.box.set_sd("absent")
    with pytest.raises(Rejected, match="No SD detected"):
        await device.do(BOX, Install())
    home.box.set_sd("present")
    home.box.faults.github = False
    with pytest.raises(Rejected):
        await device.do(BOX, Install())
    home.box.faults.github = True
    await device.do(BOX, Install())
    assert home.sent()[-1] == "/cgi-bin/fw_upgrade.sh?get=upgrade"
    await home.box.until(lambda: home.box.camera.reboots)
    found = told(await device.read("firmware"))[":firmware"]
    assert isinstance(found, Firmware)
    assert found.installed == home.box.camera.model.latest_fw


# --- restart --------------------------------------------------------------------------------


@pytest.mark.parametrize("personality", ["mstar", "allwinner", "v5"])
async def test_a_restart_is_done_when_the_camera_is_gone(house: Build, personality: str) -> None:
    """Case 27: a dropped connection is success."""
    home = await house(personality)
    device = home.device()
    assert home.env is not None
    runner = Runner(device, home.env, jitter=lambda: 0.0)
    await runner.start()
    try:
        home.box.wire.clear()
        await runner.do(BOX, Press("restart"))
        await home.box.until(lambda: home.box.camera.reboots == 1)
        assert sum("reboot.sh" in each for each in home.sent()) == 1
        await is_available(runner, ":online", wanted=True)
    finally:
        await runner.stop()


# --- backup and restore -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("personality", "container"), [("mstar", "7z"), ("allwinner", "tar.bz2"), ("v5", "tar.bz2")]
)
async def test_a_backup_can_be_loaded_again(house: Build, personality: str, container: str) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    answer = await device.do(BOX, BackUp())
    assert answer.ref == "backup"
    assert not home.sent()
    content = await device.fetch(answer.ref)
    assert content.container == container
    archive = await content.read()
    home.box.config["system"]["FREE_SPACE"] = "77"
    before = home.box.camera.reboots
    await device.do(BOX, Restore(archive))
    upload = next(each.request for each in home.box.wire if each.method == "POST")
    head, _, rest = upload.body.partition(b"\r\n\r\n")
    assert head.count(b"\r\n") == 2
    assert rest.startswith(archive)
    assert home.box.config["system"]["FREE_SPACE"] != "77"
    await home.box.until(lambda: home.box.camera.reboots == before + 1)


@pytest.mark.parametrize("content", [b"", b"no archive", b"BZh" + b"\0" * 10_000])
async def test_what_is_no_archive_is_not_sent(house: Build, content: bytes) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, Restore(content))
    assert not home.sent()


async def test_an_upload_without_an_answer_is_not_taken_for_a_restart(house: Build) -> None:
    home = await house("mstar")
    device = home.device()
    assert home.env is not None
    runner = Runner(device, home.env, jitter=lambda: 0.0)
    await runner.start()
    try:
        home.box.faults.exits.add("load.sh")
        with pytest.raises(Rejected):
            await runner.do(BOX, Restore(b"7z\xbc\xaf" + b"\0" * 100))
    finally:
        await runner.stop()
    assert not home.box.camera.reboots


async def test_an_archive_of_another_is_refused(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(Rejected):
        await device.do(BOX, Restore(b"7z\xbc\xaf" + b"\0" * 100))
    assert not home.box.camera.reboots


# --- answers that do not come -----------------------------------------------------------------


async def test_who_says_nothing_has_not_accepted(house: Build) -> None:
    """Case 26: an empty answer is a refusal, unless the camera is gone altogether."""
    home = await house("mstar")
    device, _ = await home.opened()
    home.box.faults.exits.add("preset.sh")
    with pytest.raises(Rejected):
        await device.do(BOX, SavePreset("Garden"))
    assert [each.target for each in home.box.wire][-1] == "/cgi-bin/status.json"
    assert sum("preset.sh" in each for each in home.sent()) == 1
    home.box.mode = Mode.DROP
    with pytest.raises((NoAnswer, CannotConnect)):
        await device.do(BOX, SavePreset("Garden"))


async def test_a_script_that_is_missing_is_absent(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    home.box.faults.missing |= {"preset.sh", "links.sh", "save.sh"}
    with pytest.raises(Unsupported):
        await device.do(BOX, SavePreset("Garden"))
    with pytest.raises(Unsupported):
        await device.fetch("backup")
    again, _ = await home.opened()
    assert again.box.topology.features


async def test_what_cannot_be_asked_for_a_moment_is_not_gone(house: Build) -> None:
    home = await house("mstar")
    device, batch = await home.opened()
    home.box.faults.exits |= {"links.sh"}
    (topology,) = await device.read("survey")
    assert topology == batch[0]


async def test_answers_in_pieces_and_with_commas_are_read(house: Build) -> None:
    home = await house("hostile")
    home.box.faults.broken_json |= {"status.json", "eventsdir.sh", "eventsfile.sh", "links.sh"}
    home.box.faults.fragment = 1
    device, batch = await home.opened(clock=StillClock())
    assert told(batch)[":storage_free"] is not None
    assert await device.read("recordings")


async def test_a_poll_that_fails_costs_itself_alone(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    home.box.faults.exits.add("service.sh")
    with pytest.raises(DeviceError):
        await device.read("services")
    assert await device.read("status")


async def test_another_camera_at_the_address_is_noticed(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    home.box.faults.missing.add("status.json")
    with pytest.raises((Unsupported, Malformed)):
        await device.read("status")


# --- what status.json says --------------------------------------------------------------------


async def test_a_start_is_one_moment_and_no_drift(house: Build) -> None:
    home = await house("allwinner")
    clock = StillClock()
    device, batch = await home.opened(clock=clock)
    first = told(batch)[":started"]
    assert isinstance(first, datetime)
    assert first.tzinfo is UTC
    clock.advance(20)
    home.box.advance(21)
    again = told(await device.read("status"))
    assert again[":started"] == first
    assert again[":clock_drift"] == 1


async def test_v5_counts_its_signal_in_percent(house: Build) -> None:
    found = []
    for personality in ("v5", "mstar"):
        home = await house(personality)
        _, batch = await home.opened()
        found.append(told(batch)[":wifi_signal"])
        assert isinstance(found[-1], int)
        assert 0 < found[-1] <= 100
    wired = await house("allwinner_v2", before=lambda box: setattr(box.faults, "ethernet", True))
    _, batch = await wired.opened()
    assert told(batch)[":wifi_signal"] is None


async def test_closing_ends_what_is_planned(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    await device.do(BOX, Set("status_light", True, seconds=3_600))
    await device.close()
    with pytest.raises(CannotConnect):
        await device.do(BOX, Service("onvif"))
