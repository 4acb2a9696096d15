"""The long tail: any table read and written, abilities told, the clock set (§4.6, §6)."""

from datetime import UTC, datetime, time, timedelta
from typing import Final, get_type_hints

import pytest

from custom_components.cctv.devices.commands import GetAbilities, GetConfig, Set, SetConfig, SetTime
from custom_components.cctv.devices.commands.base import Param
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import Hint
from custom_components.cctv.devices.settings import MASK
from tests.simulators.amcrest import Refusal
from tests.simulators.amcrest.answers.log import Journal

from .conftest import Build, House, told


def written(home: House) -> list[str]:
    """What was sent that changes the tables."""
    return [each for each in home.sent() if "action=setConfig" in each]


# --- tables -------------------------------------------------------------------------------------


HOLIDAY: Final = ("ipc", "Holiday.MonthMask[11]", "50331648")
REGIONS: Final = ("ipc", "VideoEncodeROI[0].Regions[0][2]", "4000")
MONITOR: Final = ("nvr", "VideoOut[0].Color.Brightness", "60")
POINT: Final = ("nvr", "RecordStoragePoint[1].TimingRecord.Remote", "NFS")
HANDLER: Final = ("ipc", "MotionDetect[0].EventHandler.TimeSection[1][0]", "1 08:00:00-18:00:00")
LOSS: Final = ("nvr", "LossDetect[2].EventHandler.MailEnable", "true")
LOW: Final = ("ipc", "StorageLowSpace.EventHandler.BeepEnable", "true")
SCHEDULE: Final = ("ipc", "Record[0].TimeSection[6][0]", "6 00:00:00-24:00:00")
PROTOCOL: Final = ("dome", "Ptz[0].ProtocolName", "PELCOD")
TASK: Final = ("dome", "PtzAutoMovement[0][0].PresetId", "3")
SERVER: Final = ("ipc", "AlarmServer.Port", "9000")
SUMMER: Final = ("ipc", "Locales.DSTStart.Month", "4")
FOCUS: Final = ("dome", "VideoInFocus[0][0].Sensitivity", "2")
PROFILE: Final = ("ipc", "VideoInMode[0].Config[0]", "1")
NAS: Final = ("ipc", "NAS[0].Address", "10.0.0.9")
SNAP: Final = ("ipc", "Snap[0].TimeSection[0][0]", "0 00:00:00-23:59:59")
COVER: Final = ("ipc", "VideoWidget[0].Covers[0].Rect[2]", "2000")
NIGHT: Final = ("ipc", "VideoInOptions[0].NightOptions.SunsetHour", "20")


@pytest.mark.parametrize(
    ("personality", "name", "text"),
    [
        HOLIDAY,
        REGIONS,
        MONITOR,
        POINT,
        HANDLER,
        LOSS,
        LOW,
        SCHEDULE,
        PROTOCOL,
        TASK,
        SERVER,
        SUMMER,
        FOCUS,
        PROFILE,
        NAS,
        SNAP,
        COVER,
        NIGHT,
    ],
)
async def test_a_table_without_entities_is_read_written_and_put_back(
    house: Build, personality: str, name: str, text: str
) -> None:
    home = await house(personality)
    device, _ = await home.opened()
    table = name.partition("[")[0].partition(".")[0]
    listed = (await device.do("", GetConfig(table))).data
    before = home.box.config[name]
    assert listed[name] == before
    others = dict(home.box.config) | {name: text}
    answer = await device.do("", SetConfig({name: text}))
    assert answer.data == {name: before}
    assert dict(home.box.config) == others
    assert (await device.do("", GetConfig(table))).data[name] == text
    undone = await device.do("", SetConfig(answer.data))
    assert undone.data == {name: text}
    assert home.box.config[name] == before
    assert len(written(home)) == 2


async def test_secrets_of_a_table_are_masked_and_a_mask_is_never_written(house: Build) -> None:
    home = await house("ipc")
    home.box.config["Email.Password"] = "hunter2"
    home.box.config["PPPoE.Password"] = ""
    device, _ = await home.opened()
    listed = (await device.do("", GetConfig("Email"))).data
    assert listed["Email.Password"] == MASK
    assert listed["Email.Address"] == "mail.example.org"
    assert (await device.do("", GetConfig("PPPoE"))).data["PPPoE.Password"] == ""
    with pytest.raises(BadInput):
        await device.do("", SetConfig({"Email.Port": "26", "Email.Password": MASK}))
    assert not written(home)
    answer = await device.do("", SetConfig({"Email.Port": "26", "Email.Password": "new one"}))
    assert answer.data == {"Email.Port": "25"}, "a secret of before is not told"
    assert home.box.config["Email.Password"] == "new one"


async def test_names_that_the_box_does_not_list_are_refused_before_any_is_written(
    house: Build,
) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    for values in (
        {"Holiday.MonthMask[0]": "1", "Holiday.MonthMask[12]": "1"},
        {"Holiday.MonthMask": "1"},
        {"NTP.Port": "1\r\n2"},
        {"General.MachineName": "x", "NTP.action": "reboot"},
    ):
        with pytest.raises(BadInput):
            await device.do("", SetConfig(values))
    with pytest.raises(Unsupported):
        await device.do("", SetConfig({"NoSuchTable.X": "1"}))
    assert not written(home)


@pytest.mark.parametrize(
    "name", ["", "All the", "NTP&action=reboot", "../etc", "NTP.Port", "x" * 65]
)
async def test_what_names_no_table_is_not_asked_for(house: Build, name: str) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do("", GetConfig(name))
    assert not home.box.wire


async def test_a_table_that_is_not_there_is_told_so(house: Build) -> None:
    home = await house("legacy")
    device, _ = await home.opened()
    with pytest.raises(Unsupported):
        await device.do("", GetConfig("VideoAnalyseGlobal"))


async def test_many_values_go_in_several_requests(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    values = {
        f"MotionDetect[0].EventHandler.TimeSection[{day}][{at}]": f"1 0{at}:00:00-0{at}:59:59"
        for day in range(7)
        for at in range(6)
    }
    answer = await device.do("", SetConfig(values))
    assert answer.data.keys() == values.keys()
    assert {name: home.box.config[name] for name in values} == values
    assert len(written(home)) > 1
    assert all(len(each) <= 2_000 for each in written(home))


async def test_entities_of_a_changed_table_are_read_again(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    answer = await device.do("", SetConfig({"VideoColor[0][0].Brightness": "10"}))
    assert answer.updates == (Hint(("config:VideoColor",)),)
    answer = await device.do("", SetConfig({"Holiday.MonthMask[0]": "1"}))
    assert answer.updates == ()


async def test_what_the_box_refuses_is_an_error(house: Build) -> None:
    home = await house("ipc")
    device, _ = await home.opened()
    home.box.faults.refuse["set NTP"] = Refusal.SERVER_ERROR
    with pytest.raises(Rejected):
        await device.do("", SetConfig({"NTP.Port": "124"}))
    assert len(written(home)) == 1
    assert "NTP" not in [each.detail.get("Name") for each in home.box.device.of(Journal).entries]


# --- abilities ----------------------------------------------------------------------------------

TOPICS: Final = {
    "product": ("nvr", "magicBox.table.MaxRemoteInputChannels", "8"),
    "network": ("ipc", "netInterface[0].Name", "eth0"),
    "encoder": ("ipc", "caps.MaxExtraStream", "3"),
    "encoder_channel": ("ipc", "caps[0].MainFormat[0].Video.FPSMax", "30"),
    "video_input": ("ipc", "devVideoInput.caps.ExposureMode", "7"),
    "video_output": ("nvr", "result", "2"),
    "audio": ("ipc", "devAudioOutput.result", "1"),
    "ptz": ("ipc", "caps.PresetMax", "25"),
    "ptz_protocols": ("dome", "info.RS[1]", "DH-SD1"),
    "recording": ("ipc", "caps.MaxPreRecordTime", "30"),
    "storage": ("ipc", "caps.RedundantDisk.Support", "false"),
    "disks": ("nvr", "storageDevice.list[1]", "/dev/sdb"),
    "languages": ("ipc", "Languages", "SimpChinese,English,French,German,Spanish,Italian"),
    "events": ("ipc", "eventManager.caps.SupportSnapshot", "true"),
    "analysis": ("wizsense", "caps.MaxRules", "10"),
    "thermography": ("thermal", "caps.FFCMode", "true"),
    "radiometry": ("thermal", "caps.MaxAreas", "12"),
    "thermal_preset": ("thermal", "presetInfo.AgcMaxGain", "50"),
    "thermal_region": ("thermal", "optimizedRegion.Type", "Full Screen"),
    "thermal_sensor": ("thermal", "sysInfo.SensorType", "VOx"),
}
"""By topic: a box that has it, and one line of what it says."""


def test_every_topic_is_tried() -> None:
    hint = get_type_hints(GetAbilities, include_extras=True)["topic"]
    (param,) = (each for each in hint.__metadata__ if isinstance(each, Param))
    assert set(TOPICS) == set(param.options)


@pytest.mark.parametrize("topic", TOPICS)
async def test_a_box_says_what_it_can(house: Build, topic: str) -> None:
    personality, name, value = TOPICS[topic]
    home = await house(personality)
    device, _ = await home.opened()
    assert GetAbilities in device.box.topology.parts[""].can
    data = (await device.do("", GetAbilities(topic))).data
    assert data.get(name) == value, sorted(data)


async def test_a_topic_that_a_box_has_not_is_told_so(house: Build) -> None:
    home = await house("legacy")
    device, _ = await home.opened()
    for topic in ("ptz", "thermography", "storage", "languages"):
        with pytest.raises(Unsupported):
            await device.do("", GetAbilities(topic))
    home.box.wire.clear()
    with pytest.raises(BadInput):
        await device.do("", GetAbilities("weather"))
    assert not home.box.wire


async def test_a_topic_of_two_questions_is_told_where_one_is_answered(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["storageDevice.factory.getPortInfo"] = Refusal.BAD_REQUEST
    device, _ = await home.opened()
    data = (await device.do("", GetAbilities("disks"))).data
    assert data == {"storageDevice.list[0]": "/dev/mmc0"}
    home.box.faults.refuse["storageDevice.factory.getCollect"] = Refusal.BAD_REQUEST
    with pytest.raises(Unsupported):
        await device.do("", GetAbilities("disks"))


async def test_a_camera_of_a_recorder_is_asked_by_its_channel(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    assert GetAbilities in device.box.topology.parts["camera.3"].can
    data = (await device.do("camera.3", GetAbilities("encoder_channel"))).data
    assert data["caps[2].MainFormat[0].Video.FPSMax"] == "30"
    assert home.sent() == ["/cgi-bin/encode.cgi?action=getConfigCaps&channel=3"]


# --- clock --------------------------------------------------------------------------------------


async def test_the_clock_is_set_to_ours_or_to_what_is_wanted(house: Build) -> None:
    """SetCurrentTime (§4.6.3)."""
    home = await house("ipc")
    home.box.device.clock.drift = timedelta(days=3)
    device, _ = await home.opened()
    answer = await device.do("", SetTime())
    assert abs(home.box.device.clock.drift) < timedelta(seconds=10)
    assert answer.updates == (Hint(("clock",)),)
    wanted = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    await device.do("", SetTime(wanted.replace(microsecond=678_901)))
    shown = home.box.device.clock.now()
    assert timedelta() <= shown - wanted.replace(tzinfo=None) < timedelta(minutes=1)
    assert home.sent()[-1].endswith("setCurrentTime&time=2027-01-02%2003:04:05")


async def test_the_time_of_the_restart_is_one_of_two_numbers(house: Build) -> None:
    """AutoMaintain (§4.6.8)."""
    home = await house("ipc")
    device, _ = await home.opened()
    values = told(await device.read("survey"))
    assert values[":auto_reboot_time"] == time(3, 0)
    answer = await device.do("", Set("auto_reboot_time", time(22, 45, 30)))
    assert told(answer.updates) == {":auto_reboot_time": time(22, 45)}
    assert home.box.config["AutoMaintain.AutoRebootHour"] == "22"
    assert home.box.config["AutoMaintain.AutoRebootMinute"] == "45"
    assert told(await device.read("config:AutoMaintain"))[":auto_reboot_time"] == time(22, 45)
    with pytest.raises(BadInput):
        await device.do("", Set("auto_reboot_time", "22:45"))


async def test_a_time_that_does_not_take_is_rejected(house: Build) -> None:
    home = await house("ipc")
    device = await home.surveyed()
    home.box.faults.refuse["set AutoMaintain"] = Refusal.UNKNOWN
    with pytest.raises(Rejected):
        await device.do("", Set("auto_reboot_time", time(5)))


async def test_hours_that_are_none_are_no_time(house: Build) -> None:
    home = await house("ipc")
    home.box.config["AutoMaintain.AutoRebootHour"] = "-1"
    device = await home.surveyed()
    assert ":auto_reboot_time" not in device.box.topology.features
    assert ":auto_reboot" in device.box.topology.features


# --- what may be chosen -------------------------------------------------------------------------


async def test_languages_are_those_that_the_box_has(house: Build) -> None:
    """GetLanguageCaps (§4.6.5), Language (§4.6.6)."""
    home = await house("ipc")
    device = await home.surveyed()
    options = device.box.topology.features[":language"].options
    assert options == ("SimpChinese", "English", "French", "German", "Spanish", "Italian")
    answer = await device.do("", Set("language", "German"))
    assert told(answer.updates) == {":language": "German"}
    assert home.box.config["Language"] == "German"


@pytest.mark.parametrize("personality", ["ipc", "doorbell"])
async def test_codecs_and_sizes_are_those_that_the_box_has(house: Build, personality: str) -> None:
    """GetConfigCaps (§4.5.4), with and without the index that some leave out."""
    home = await house(personality)
    device = await home.surveyed()
    features = device.box.topology.features
    assert features[":video_codec"].options[:2] == ("H.264", "H.265")
    assert features[":sub_video_codec"].options[:3] == ("H.264", "H.265", "MJPG")
    assert "1080P" in features[":resolution"].options
    assert features[":sub_resolution"].options[:4] == ("VGA", "QVGA", "D1", "CIF")
    await device.do("", Set("video_codec", "H.265"))
    assert {
        value
        for name, value in home.box.config.items()
        if name.startswith("Encode[0].MainFormat") and name.endswith("Video.Compression")
    } == {"H.265", home.box.config["Encode[0].MainFormat[3].Video.Compression"]}


async def test_a_box_that_lists_no_choices_offers_what_is_set(house: Build) -> None:
    home = await house("ipc")
    home.box.faults.refuse["magicBox.getLanguageCaps"] = Refusal.BAD_REQUEST
    home.box.faults.refuse["encode.getConfigCaps"] = Refusal.BAD_REQUEST
    device = await home.surveyed()
    assert device.box.topology.features[":language"].options == ("English",)
    assert "H.264" in device.box.topology.features[":video_codec"].options
