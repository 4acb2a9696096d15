"""What is done to a box: written where it belongs, read back, told, undone when its time is up."""

import asyncio
from functools import partial

import pytest

from custom_components.cctv.devices.amcrest.features import REASSERT, SIREN
from custom_components.cctv.devices.commands import Press, Set
from custom_components.cctv.devices.env import Crew
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import Light, Scalar, Value
from tests.devices.clock import FakeClock, settle
from tests.simulators.amcrest import AmcrestSimulator, Refusal

from .conftest import Build, told


def modes(box: AmcrestSimulator, kind: str) -> set[str]:
    """The modes of one kind of light over all profiles."""
    return {
        box.config[name.removesuffix("LightType") + "Mode"]
        for name, value in box.config.items()
        if name.startswith("Lighting_V2[0]") and name.endswith(".LightType") and value == kind
    }


def schemes(box: AmcrestSimulator) -> set[str]:
    """The schemes over all profiles."""
    return {value for name, value in box.config.items() if name.startswith("LightingScheme[0]")}


def _has(box: AmcrestSimulator, expected: list[str]) -> bool:
    return controls(box) == expected


def controls(box: AmcrestSimulator) -> list[str]:
    """What was asked of siren and warning light: type and on (1) or off (2), in order."""
    found = []
    for each in box.wire:
        if "coaxialControlIO" in each.target and "action=control" in each.target:
            kind = each.target.partition("info[0].Type=")[2][0]
            found.append(kind + each.target.partition("info[0].IO=")[2][0])
    return found


@pytest.mark.parametrize(
    ("personality", "part", "key", "value", "name", "text"),
    [
        ("ipc", "", "motion_detection", False, "MotionDetect[0].Enable", "false"),
        ("nvr", "camera.3", "motion_detection", False, "MotionDetect[2].Enable", "false"),
        ("legacy", "", "motion_sensitivity", 80, "MotionDetect[0].Level", "5"),
        ("ipc", "", "record_mode", "on", "RecordMode[0].Mode", "1"),
        ("ipc", "", "privacy", True, "LeLensMask[0].Enable", "true"),
        ("ipc", "", "status_light", False, "LightGlobal[0].Enable", "false"),
        ("ipc", "", "infrared", "off", "Lighting[0][0].Mode", "Off"),
        ("wizsense", "output.1", "output", True, "AlarmOut[0].Mode", "1"),
        (
            "wizsense",
            "",
            "smart_motion_sensitivity",
            "high",
            "SmartMotionDetect[0].Sensitivity",
            "High",
        ),
    ],
)
async def test_a_setting_is_written_read_back_and_told(
    house: Build, personality: str, part: str, key: str, value: Scalar, name: str, text: str
) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    await device.read("survey")
    answer = await device.do(part, Set(key, value))
    assert home.box.config[name] == text
    assert told(answer.updates)[f"{part}:{key}"] == value
    poll = device.box.topology.features[f"{part}:{key}"].poll
    assert poll is not None
    assert told(await device.read(poll))[f"{part}:{key}"] == value
    home.box.wire.clear()
    await device.do(part, Set(key, value))
    assert not [target for target in home.sent() if "setConfig" in target], "it was so already"


async def test_a_recorder_takes_its_record_mode_three_times(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    before = {key: value for key, value in home.box.config.items() if key.startswith("RecordMode")}
    await device.do("camera.2", Set("record_mode", "on"))
    after = {key: value for key, value in home.box.config.items() if key.startswith("RecordMode")}
    assert {key for key in after if after[key] != before[key]} == {
        "RecordMode[1].Mode",
        "RecordMode[1].ModeExtra1",
        "RecordMode[1].ModeExtra2",
    }


async def test_every_window_gets_the_sensitivity_and_the_version_goes_along(house: Build) -> None:
    home = await house("ipc")
    home.box.config["MotionDetect[0].DetectVersion"] = "V3.0"
    home.box.faults.needs_detect_version = True
    device, _ = await home.opened()
    await device.do("", Set("motion_sensitivity", 35))
    windows = {
        value
        for key, value in home.box.config.items()
        if key.startswith("MotionDetect[0].MotionDetectWindow") and key.endswith(".Sensitive")
    }
    assert windows == {"35"}


async def test_people_are_told_apart_only_with_smart_motion_on(house: Build) -> None:
    home = await house("wizsense")
    home.box.config["SmartMotionDetect[0].Enable"] = "false"
    device, batch = await home.opened()
    assert told(batch)[":person_detection"] is False
    answer = await device.do("", Set("person_detection", value=True))
    assert home.box.config["SmartMotionDetect[0].Enable"] == "true"
    assert told(answer.updates) == {":person_detection": True, ":vehicle_detection": True}


async def test_infrared_is_found_by_its_type_and_white_is_left_alone(house: Build) -> None:
    home = await house("wizsense")
    device, _ = await home.opened()
    white = modes(home.box, "WhiteLight")
    await device.do("", Set("infrared", "off"))
    assert modes(home.box, "InfraredLight") == {"Off"}
    assert modes(home.box, "WhiteLight") == white
    await device.do("", Set("infrared_level", 40))
    assert told(await device.read("config:Lighting_V2"))[":infrared_level"] == 40


async def test_the_white_lamp_shines_with_its_scheme_and_gives_it_back(house: Build) -> None:
    """Case 30."""
    home = await house("wizsense")
    device, batch = await home.opened()
    infrared = modes(home.box, "InfraredLight")
    scheme = schemes(home.box)
    assert told(batch)[":floodlight"] == Light(on=False, level=100)
    answer = await device.do("", Set("floodlight", Light(on=True, level=60)))
    assert told(answer.updates)[":floodlight"] == Light(on=True, level=60)
    assert told(answer.updates)[":light_scheme"] == "white"
    assert modes(home.box, "WhiteLight") == {"Manual"}
    assert schemes(home.box) == {"WhiteMode"}
    assert modes(home.box, "InfraredLight") == infrared
    await device.do("", Set("floodlight", Light(on=True, level=10)))
    answer = await device.do("", Set("floodlight", Light(on=False)))
    assert modes(home.box, "WhiteLight") == {"Off"}
    assert schemes(home.box) == scheme
    values = told(await device.read("config:Lighting_V2"))
    assert isinstance(values[":floodlight"], Light)
    assert not values[":floodlight"].on


async def test_a_lamp_whose_scheme_keeps_it_dark_is_off(house: Build) -> None:
    home = await house("wizsense")
    device, _ = await home.opened()
    await device.do("", Set("floodlight", Light(on=True)))
    for name in list(home.box.config):
        if name.startswith("LightingScheme[0]"):
            home.box.config[name] = "InfraredMode"
    lamp = told(await device.read("config:Lighting_V2"))[":floodlight"]
    assert isinstance(lamp, Light)
    assert not lamp.on


async def test_a_lamp_that_stays_dark_is_rejected(house: Build) -> None:
    home = await house("wizsense")
    device, _ = await home.opened()
    home.box.faults.refuse["set Lighting_V2"] = Refusal.UNKNOWN
    with pytest.raises(Rejected):
        await device.do("", Set("floodlight", Light(on=True)))


async def test_the_light_of_a_doorbell_is_set_without_being_seen(house: Build) -> None:
    home = await house("doorbell")
    device, batch = await home.opened()
    assert ":floodlight" not in told(batch)
    assert device.box.topology.features[":floodlight"].blind
    await device.do("", Set("floodlight", Light(on=True, effect="strobe")))
    assert home.box.config["Lighting_V2[0][0][1].Mode"] == "ForceOn"
    assert home.box.config["Lighting_V2[0][0][1].State"] == "Flicker"
    await device.do("", Set("floodlight", Light(on=False)))
    assert home.box.config["Lighting_V2[0][0][1].Mode"] == "Off"


# --- siren and warning light --------------------------------------------------------------------


async def test_a_siren_sounds_and_falls_silent_by_itself(house: Build) -> None:
    """Case 31."""
    home = await house("wizsense")
    device, _ = await home.opened()
    answer = await device.do("", Set("siren", value=True))
    assert answer.updates == (Value(":siren", value=True, hold=SIREN),)
    assert home.box.device.coaxial.speaker
    assert told(await device.read("coaxial:1"))[":siren"] is True
    answer = await device.do("", Set("siren", value=False))
    assert answer.updates == (Value(":siren", value=False),)
    assert not home.box.device.coaxial.speaker
    assert controls(home.box) == ["21", "22"]


async def test_a_siren_for_a_minute_is_kept_on_and_then_put_off(house: Build, crew: Crew) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device, _ = await home.opened(clock=clock)
    answer = await device.do("", Set("siren", value=True, seconds=20))
    assert answer.updates == (Value(":siren", value=True, hold=20),)
    for expected in (["21"] * 2, ["21"] * 3, ["21"] * 3 + ["22"]):
        await clock.advance(REASSERT)
        await home.box.until(partial(_has, home.box, expected))
    assert controls(home.box) == ["21", "21", "21", "22"]
    assert not home.box.device.coaxial.speaker
    await home.box.until(lambda: crew.size == 0)


async def test_off_ends_what_keeps_it_on(house: Build, crew: Crew) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device, _ = await home.opened(clock=clock)
    await device.do("", Set("warning_light", Light(on=True)))
    assert home.box.device.coaxial.white_light
    assert crew.size == 1
    await device.do("", Set("warning_light", Light(on=False)))
    await clock.advance(10 * REASSERT)
    assert controls(home.box) == ["11", "12"]
    assert crew.size == 0


async def test_a_siren_that_cannot_be_reached_any_more_ends_the_task(
    house: Build, crew: Crew
) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device, _ = await home.opened(clock=clock)
    await device.do("", Set("siren", value=True, seconds=60))
    home.box.faults.refuse["coaxialControlIO"] = Refusal.BAD_REQUEST
    await clock.advance(REASSERT)
    await home.box.until(lambda: len(controls(home.box)) == 2)
    await clock.advance(60)
    assert len(controls(home.box)) == 2


# --- for a while --------------------------------------------------------------------------------


async def test_an_output_for_a_while_goes_back(house: Build, crew: Crew) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    await device.do("output.1", Set("output", value=True, seconds=5))
    assert home.box.outputs[0] is True
    await clock.advance(5)
    await home.box.until(lambda: home.box.outputs[0] is False)


async def test_a_lamp_for_a_while_goes_out(house: Build, crew: Crew) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device, _ = await home.opened(clock=clock)
    await device.do("", Set("floodlight", Light(on=True), seconds=5))
    assert modes(home.box, "WhiteLight") == {"Manual"}
    await clock.advance(5)
    await home.box.until(lambda: modes(home.box, "WhiteLight") == {"Off"})


async def test_a_light_that_is_set_blindly_goes_out_too(house: Build, crew: Crew) -> None:
    home = await house("doorbell")
    clock = FakeClock()
    device, _ = await home.opened(clock=clock)
    await device.do("", Set("floodlight", Light(on=True), seconds=5))
    assert home.box.config["Lighting_V2[0][0][1].Mode"] != "Off"
    await clock.advance(5)
    await home.box.until(lambda: home.box.config["Lighting_V2[0][0][1].Mode"] == "Off")
    assert home.box.config["Lighting_V2[0][0][1].Mode"] == "Off"


async def test_what_cannot_be_put_back_is_said(
    house: Build, caplog: pytest.LogCaptureFixture
) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    await device.do("output.1", Set("output", value=True, seconds=5))
    home.box.faults.refuse["set AlarmOut"] = Refusal.NOT_IMPLEMENTED
    await clock.advance(5)
    await home.box.until(lambda: len([1 for each in home.sent() if "setConfig" in each]) == 2)
    await clock.advance(0)
    assert "was not put back" in caplog.text


async def test_a_later_command_takes_the_place_of_what_was_planned(
    house: Build, crew: Crew
) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    await device.do("output.1", Set("output", value=True, seconds=5))
    await device.do("output.1", Set("output", value=True))
    await clock.advance(60)
    assert home.box.outputs[0] is True
    assert crew.size == 0


async def test_an_output_that_is_closed_twice_for_a_while_goes_back(
    house: Build, crew: Crew
) -> None:
    """What was before the first time is what it was; a gate must not stay open."""
    home = await house("wizsense")
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    for _ in range(2):
        await device.do("output.1", Set("output", value=True, seconds=5))
        await clock.advance(3)
    assert home.box.outputs[0] is True
    await clock.advance(2)
    await home.box.until(lambda: home.box.outputs[0] is False)
    await home.box.until(lambda: crew.size == 0)


async def test_what_cannot_be_put_back_in_an_outage_is_put_back_after_it(
    house: Build, crew: Crew
) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    await device.do("output.1", Set("output", value=True, seconds=5))
    await home.box.go_dark()
    await clock.advance(5)
    async with asyncio.timeout(10):
        while not clock.sleepers:
            await settle()
    assert home.box.outputs[0] is True, "the box did not hear of it"
    await home.box.come_back()
    await clock.advance(2)
    await home.box.until(lambda: home.box.outputs[0] is False)
    await home.box.until(lambda: crew.size == 0)
    assert home.box.outputs[0] is False


async def test_what_is_owed_is_put_back_at_the_close(house: Build, crew: Crew) -> None:
    home = await house("wizsense")
    device = await home.surveyed(clock=FakeClock())
    await device.do("output.1", Set("output", value=True, seconds=3600))
    await device.do("", Set("floodlight", Light(on=True), seconds=3600))
    await device.close()
    assert home.box.outputs[0] is False
    assert modes(home.box, "WhiteLight") == {"Off"}
    await home.box.until(lambda: crew.size == 0)


async def test_a_command_that_fails_leaves_what_is_owed(house: Build, crew: Crew) -> None:
    home = await house("wizsense")
    clock = FakeClock()
    device = await home.surveyed(clock=clock)
    await device.do("output.1", Set("output", value=True, seconds=5))
    home.box.faults.refuse["set AlarmOut"] = Refusal.SERVER_ERROR
    with pytest.raises(Rejected):
        await device.do("output.1", Set("output", value=False))
    del home.box.faults.refuse["set AlarmOut"]
    await clock.advance(5)
    await home.box.until(lambda: home.box.outputs[0] is False)


# --- refusals and buttons -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal.NOT_IMPLEMENTED, Unsupported),
        (Refusal.BAD_REQUEST, Unsupported),
        (Refusal.SERVER_ERROR, Rejected),
        (Refusal.UNKNOWN, Rejected),
    ],
)
async def test_a_setter_that_is_refused_is_an_error_and_sent_once(
    house: Build, refusal: Refusal, error: type[Exception]
) -> None:
    home = await house("ipc")
    home.box.faults.refuse["set MotionDetect"] = refusal
    device, _ = await home.opened()
    with pytest.raises(error):
        await device.do("", Set("motion_detection", value=False))
    assert len([target for target in home.sent() if "setConfig" in target]) == 1


async def test_what_is_no_word_of_the_setting_is_not_sent(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do("", Set("motion_sensitivity", "much"))
    assert not [target for target in home.sent() if "setConfig" in target]


async def test_restart_is_told_once(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.reboot_drop = home.box.faults.reboot_refuse = 0.05
    device, _ = await home.opened()
    await device.do("", Press("restart"))
    await home.box.until(lambda: home.box.device.reboots == 1)
    assert len([target for target in home.sent() if "action=reboot" in target]) == 1
