"""Who the box is by all that it says, and its settings, one by one."""

import re
from typing import Final, cast

import pytest

from custom_components.cctv.devices.amcrest.features import CAMERA_SETTINGS
from custom_components.cctv.devices.catalogue import Kind
from custom_components.cctv.devices.commands import Set
from custom_components.cctv.devices.model import PartKind, Profile, Scalar
from custom_components.cctv.devices.settings import Bound, Setting
from tests.simulators.amcrest import PERSONALITIES, Refusal
from tests.simulators.amcrest.config import ConfigTree

from .conftest import Build, told, topology_of


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
    device = await home.surveyed()
    streams = device.box.topology.streams.values()
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


# --- settings -----------------------------------------------------------------------------------

ELSEWHERE: Final = {
    "Lighting_V2": "test_orders",
    "MotionDetect[{camera}].Level": "test_orders",
    "MonitorTour": "test_display",
    "ThermographyOptions[{camera}][*]": "test_thermal",
}
"""What paths begin with that cannot be tried alone, and where they are tried."""
SETTINGS: Final = tuple(
    each for each in CAMERA_SETTINGS if not each.path.startswith(tuple(ELSEWHERE))
)
ADDED: Final = {
    "DisableLinkage.Enable": ("ipc", "false"),
    "DisableEventNotify.Enable": ("ipc", "false"),
    "Encode[{camera}].MainFormat[0].Video.resolution": ("ipc", "1080P"),
    "Encode[{camera}].ExtraFormat[0].Video.resolution": ("ipc", "VGA"),
    "VideoWidgetNumberStat[{camera}].EncodeBlend": ("counter", "false"),
}
"""Members that the document names and no simulated model has: where to add them, and how."""

OTHER: Final = {"focus_mode": "1", "language": "German"}
"""Words for what has but one option while nobody has told more."""


def _pattern(path: str) -> re.Pattern[str]:
    """What a path of a setting stands for, at any place."""
    return re.compile(re.sub(r"\\\{\w+\\\}|\\\*", r"\\d+", re.escape(path)))


def _model(setting: Setting) -> str:
    """A simulated model whose tables have this setting."""
    added = ADDED.get(setting.path)
    if added is not None:
        return added[0]
    pattern = _pattern(setting.path)
    for name, personality in PERSONALITIES.items():
        # What some models let be read and not written is tried on others.
        refused = [key.removeprefix("set ") for key in personality.refuse if key.startswith("set ")]
        if setting.table not in refused and any(
            pattern.fullmatch(each) for each in ConfigTree(personality.config)
        ):
            return name
    raise AssertionError(f"no model has {setting.path}")


def _wishes(bound: Bound, now: Scalar | None, options: tuple[str, ...]) -> list[Scalar]:
    """Another value than now, and then the one of now again if there is one."""
    codec = bound.setting.codec
    first: Scalar
    if codec.limits is not None:
        first = codec.limits.min if now != codec.limits.min else codec.limits.max
    elif isinstance(now, bool):
        first = not now
    elif bound.row.kind is Kind.CHOICE:
        first = next(
            (each for each in options if each != now), OTHER.get(bound.setting.key, "Other")
        )
    else:
        first = "Other & more"
    return [first] if now in (None, "") else [first, now]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: f"{setting.key}-{setting.table}")
async def test_a_setting_is_read_set_and_read_back(house: Build, setting: Setting) -> None:
    home = await house(_model(setting))
    if (added := ADDED.get(setting.path)) is not None:
        if "{" not in setting.path:
            for name in [each for each in home.box.config if each.startswith(setting.table)]:
                del home.box.config[name]
        home.box.config[setting.path.format(camera=0)] = added[1]
    # Alarm inputs are not known before.
    device = await home.surveyed() if "{input}" in setting.path else (await home.opened())[0]
    poll = f"config:{setting.table}"
    now = told(await device.read(poll))
    bounds = [each for each in device.box.bounds[setting.table] if each.setting is setting]
    assert bounds, f"{home.box.personality} does not list it"
    for bound in bounds[:2]:
        feature = device.box.topology.features[bound.id]
        assert feature.poll == poll
        for wish in _wishes(bound, cast(Scalar, now[bound.id]), feature.options):
            answer = await device.do(feature.part, Set(setting.key, wish))
            assert told(answer.updates)[bound.id] == wish
            listing = dict(home.box.config)
            words = {listing[name] for name in bound.listed(setting.path, listing)}
            assert {setting.codec.decode(word) for word in words} == {wish}
            for path in setting.also:
                others = {listing[name] for name in bound.listed(path, listing)}
                assert others <= words, path
            assert told(await device.read(poll))[bound.id] == wish


async def test_of_two_tables_that_tell_the_same_the_first_that_there_is_tells_it(
    house: Build,
) -> None:
    """What a bad moment of one table leaves to the other is its own again after it (§5)."""
    home = await house("ipc")
    home.box.config["VideoInOptions[0].DayNightColor"] = "2"
    home.box.config["VideoInDayNight[0][0].Mode"] = "Color"
    home.box.faults.refuse["configManager.getConfig:VideoInDayNight"] = Refusal.HTML
    device, _ = await home.opened()
    lesser = await device.read("survey")
    assert topology_of(lesser).features[":day_night"].poll == "config:VideoInOptions"
    assert told(lesser)[":day_night"] == "black_white"
    home.box.faults.refuse.clear()
    better = await device.read("survey")
    assert topology_of(better).features[":day_night"].poll == "config:VideoInDayNight"
    assert told(better)[":day_night"] == "color"
    again = await device.read("config:VideoInOptions")
    assert ":day_night" not in told(again)


async def test_wrong_passwords_that_lock_and_that_alarm_are_two_settings(house: Build) -> None:
    """General LockLoginTimes (§4.6.1) and LoginFailureAlarm TryLoginTimes (§4.9.10)."""
    home = await house("ipc")
    home.box.config["General.LockLoginTimes"] = "30"
    home.box.config["LoginFailureAlarm.TryLoginTimes"] = "3"
    device, _ = await home.opened()
    values = told(await device.read("survey"))
    assert (values[":login_attempts"], values[":login_alarm_attempts"]) == (30, 3)
    await device.do("", Set("login_alarm_attempts", 5))
    assert home.box.config["LoginFailureAlarm.TryLoginTimes"] == "5"
    assert home.box.config["General.LockLoginTimes"] == "30"
