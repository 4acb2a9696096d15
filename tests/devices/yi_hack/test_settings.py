"""The camera's settings (§5.9), its services (§5.15) and its files (§5.7, §5.8)."""

from typing import Any

import pytest

from custom_components.cctv.devices.commands import GetConfig, Service, Set, SetConfig
from custom_components.cctv.devices.engine.runner import Runner
from custom_components.cctv.devices.errors import BadInput, Rejected, Unsupported
from custom_components.cctv.devices.model import BOX, Answer, Hint, Topology, Value
from custom_components.cctv.devices.yi_hack.device import YiHack
from tests.devices.waiting import becomes

from .conftest import Build, House, StillClock, told


async def put(device: YiHack, key: str, value: Any, seconds: float | None = None) -> Answer:
    """Set a feature."""
    return await device.do(BOX, Set(key, value, seconds))


def calls(home: House) -> list[str]:
    """What was sent to the running camera."""
    return [each.partition("?")[2] for each in home.sent() if "camera_settings" in each]


@pytest.mark.parametrize(
    ("key", "value", "call"),
    [
        ("enabled", False, "switch_on=no"),
        ("record_on_motion", True, "save_video_on_motion=yes"),
        ("detection_sensitivity", "high", "sensitivity=high"),
        ("sound_detection", True, "sound_detection=yes"),
        ("sound_sensitivity", "45", "sound_sensitivity=45"),
        ("status_light", True, "led=yes"),
        ("night_vision", False, "ir=no"),
        ("rotate", True, "rotate=yes"),
        ("cruise", "circle", "cruise=360"),
        ("cruise", "off", "cruise=no"),
        ("crying_detection", True, "baby_crying_detect=yes"),
    ],
)
async def test_each_setting_has_its_word(house: Build, key: str, value: Any, call: str) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    answer = await put(device, key, value)
    assert calls(home) == [call]
    assert told(answer.updates)[f":{key}"] == value
    name, _, word = call.partition("=")
    assert home.box.settings[name] == word
    assert told(await device.read("config:camera"))[f":{key}"] == value


async def test_what_the_camera_does_not_keep_is_shown_until_the_poll_knows(house: Build) -> None:
    """Case 13: without its daemon the camera obeys and forgets (§5.9)."""
    home = await house("allwinner")
    device, _ = await home.opened(clock=StillClock())
    await device.do(BOX, Service("mqtt", run=False))
    answer = await put(device, "status_light", True)
    assert told(answer.updates) == {":status_light": True}
    assert home.box.settings["led"] == "yes"
    assert told(await device.read("config:camera"))[":status_light"] is False


async def test_a_class_that_is_switched_on_switches_motion_off(house: Build) -> None:
    """Case 22: on some stock firmware motion wins over the AI classes, and both are told."""
    home = await house("hostile")
    device, _ = await home.opened()
    answer = await put(device, "person_detection", True)
    assert calls(home) == ["motion_detection=no&ai_human_detection=yes"]
    assert told(answer.updates) == {":person_detection": True, ":motion_detection": False}
    answer = await put(device, "animal_detection", True)
    assert calls(home)[1:] == ["ai_animal_detection=yes"]
    assert told(answer.updates) == {":animal_detection": True}
    answer = await put(device, "motion_detection", True)
    assert told(answer.updates) == {
        ":motion_detection": True,
        ":person_detection": False,
        ":animal_detection": False,
    }
    assert home.box.settings["ai_human_detection"] == "no"


async def test_the_recording_mode_decides_what_tells_of_motion(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    answer = await put(device, "record_on_motion", False)
    assert isinstance(answer.updates[0], Topology)
    assert ":motion" not in answer.updates[0].features
    answer = await put(device, "record_on_motion", True)
    assert isinstance(answer.updates[0], Topology)
    assert ":motion" in answer.updates[0].features


async def test_for_a_while_means_that_it_is_put_back(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened(clock=StillClock())
    await put(device, "enabled", False, seconds=600)
    await home.box.until(lambda: home.box.settings["switch_on"] == "yes")
    assert calls(home) == ["switch_on=no", "switch_on=yes"]


async def test_what_is_set_twice_for_a_while_is_as_before_in_the_end(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    for _ in range(2):
        await put(device, "enabled", False, seconds=3_600)
    assert home.box.settings["switch_on"] == "no"
    await device.close()
    assert home.box.settings["switch_on"] == "yes"


async def test_the_app_and_the_runner_agree_in_the_end(house: Build) -> None:
    home = await house("allwinner")
    device = home.device()
    assert home.env is not None
    runner = Runner(device, home.env, jitter=lambda: 0.0)
    await runner.start()
    release = runner.want([":status_light"])
    try:
        await runner.do(BOX, Set("status_light", value=True))
        await becomes(runner, ":status_light", wanted=True)
        home.box.set_settings(led="no")
        await becomes(runner, ":status_light", wanted=False)
    finally:
        release()
        await runner.stop()


@pytest.mark.parametrize(
    ("key", "value"),
    [("cruise", True), ("speaker_volume", "x"), ("face_detection", True), ("restart", True)],
)
async def test_what_does_not_fit_is_not_sent(house: Build, key: str, value: Any) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await put(device, key, value)
    assert not calls(home)


# --- services -------------------------------------------------------------------------------


async def test_services_are_switched_and_read_back(house: Build) -> None:
    """Case 26: the start of RTSP never closes its answer."""
    home = await house("allwinner")
    device, _ = await home.opened()
    for key in ("rtsp_service", "onvif_service", "recording_service"):
        for value in (False, True):
            answer = await put(device, key, value)
            assert told(answer.updates) == {f":{key}": value}
            read = told(await device.read("services"))
            assert read.get(f":{key}", value) == value
    assert home.box.streaming
    assert [each for each in home.sent() if "start" in each] == [
        "/cgi-bin/service.sh?name=rtsp&action=start",
        "/cgi-bin/service.sh?name=onvif&action=start",
        "/cgi-bin/service.sh?name=mp4record&action=start",
    ]


async def test_what_always_says_started_is_not_asked(house: Build) -> None:
    home = await house(before=lambda box: box.config["system"].update(RTSP_ALT="go2rtc"))
    _, batch = await home.opened()
    topology = batch[0]
    assert isinstance(topology, Topology)
    assert topology.features[":recording_service"].blind
    assert topology.features[":rtsp_service"].blind
    assert not topology.features[":onvif_service"].blind


async def test_every_service_can_be_started_and_stopped(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    for name in ("onvif", "mqtt", "mp4record", "wsdd", "mqtt-config", "all"):
        for run in (False, True):
            await device.do(BOX, Service(name, run=run))
    await device.do(BOX, Service("ftpd", run=True, option="pure-ftpd"))
    assert home.sent()[-1] == "/cgi-bin/service.sh?name=ftpd&action=start&param1=pure-ftpd"
    assert home.box.camera.services.runs("ftpd")


async def test_an_option_goes_where_the_service_reads_it(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    await device.do(BOX, Service("rtsp", run=True, option="low"))
    assert home.box.config["system"]["RTSP_STREAM"] == "low"
    await device.do(BOX, Service("onvif", run=True, option="both"))
    assert home.box.config["system"]["ONVIF_PROFILE"] == "both"
    survey = await device.read("survey")
    assert isinstance(survey[0], Topology)


@pytest.mark.parametrize(
    "command",
    [
        Service("httpd"),
        Service("rtsp; reboot"),
        Service("ftpd", run=True),
        Service("ftpd", run=True, option="vsftpd"),
        Service("rtsp", run=True, option="ultra"),
        Service("mqtt", run=True, option="low"),
    ],
)
async def test_no_other_service_is_touched(house: Build, command: Service) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises(BadInput):
        await device.do(BOX, command)
    assert not home.sent()


# --- files ----------------------------------------------------------------------------------


async def test_a_file_is_read_with_its_secrets_masked(house: Build) -> None:
    """Case 33."""
    home = await house("mstar", before=lambda box: box.config["mqtt"].update(MQTT_PASSWORD="pw"))
    device, _ = await home.opened()
    for name in ("system", "mqtt", "camera", "ptz_presets", "mqtt_advertise"):
        answer = await device.do(BOX, GetConfig(name))
        assert answer.data
        assert all(key.startswith(f"{name}.") for key in answer.data)
        assert "pw" not in answer.data.values()
        assert "secret-1" not in answer.data.values()
    mqtt = (await device.do(BOX, GetConfig("mqtt"))).data
    assert mqtt["mqtt.MQTT_PASSWORD"] == "******"
    assert mqtt["mqtt.MQTT_PREFIX"] == "yi/living"
    with pytest.raises(BadInput):
        await device.do(BOX, GetConfig("../../etc/passwd"))


async def test_a_file_is_written_and_says_what_it_was(house: Build) -> None:
    home = await house("mstar")
    device, _ = await home.opened()
    changes = {
        "mqtt.MQTT_PREFIX": "hall",
        "mqtt.MOTION_IMAGE_DELAY": "2.5",
        "system.HOSTNAME": "yi-hall",
        "system.TIMELAPSE_DT": "1440+30",
        "camera.LED": "yes",
    }
    answer = await device.do(BOX, SetConfig(changes))
    assert answer.data["mqtt.MQTT_PREFIX"] == "yi/living"
    assert answer.updates == (Hint(("survey", "config:camera")),)
    assert home.box.config["mqtt"]["MQTT_PREFIX"] == "hall"
    assert home.box.camera.hostname == "yi-hall"
    # A camera setting goes to the running camera, not only into the file.
    assert home.box.settings["led"] == "yes"
    posts = [each.request for each in home.box.wire if each.method == "POST"]
    assert all(b"\n" not in each.body for each in posts)
    assert b'"MQTT_PREFIX":"hall"' in posts[0].body


@pytest.mark.parametrize(
    "changes",
    [
        {"system.PASSWORD": "new"},
        {"system.USERNAME": "root"},
        {"system.HTTPD_PORT": "81"},
        {"camera.HOMEVER": "9"},
        {"mqtt_advertise.HOMEASSISTANT_ENABLE": "yes"},
        {"system.HOSTNAME": "a=b"},
        {"system.HOSTNAME": "a\nb"},
        {"mqtt.MOTION_IMAGE_DELAY": "7"},
        {"system.TIMELAPSE_DT": "7"},
        {"ptz_presets.0": "`reboot`,1,2"},
        {"system.NO_SUCH_KEY": "1"},
        {"mqtt.MQTT_PASSWORD": "******"},
        {"nothing": "1"},
    ],
)
async def test_what_would_harm_or_be_lost_is_refused(house: Build, changes: dict[str, str]) -> None:
    """Case 32."""
    home = await house("mstar")
    device, _ = await home.opened()
    with pytest.raises((BadInput, Unsupported)):
        await device.do(BOX, SetConfig({"mqtt.MQTT_PREFIX": "x"} | changes))
    assert not [each for each in home.box.wire if each.method == "POST"]
    assert not home.box.disasters


async def test_an_answer_of_success_is_not_believed(house: Build) -> None:
    """The camera says `false` to errors whatever it did (§4)."""
    home = await house("mstar")
    device, _ = await home.opened()
    files = home.box.config
    files["system"] = Stubborn(files["system"])
    with pytest.raises(Rejected, match="FREE_SPACE"):
        await device.do(BOX, SetConfig({"system.FREE_SPACE": "77"}))


class Stubborn(dict[str, str]):
    """A file that stays as it is."""

    def __setitem__(self, key: str, value: str) -> None:
        """Ignore it."""

    def update(self, *args: Any, **more: Any) -> None:
        """Ignore it."""

    def __ior__(self, value: Any) -> Stubborn:  # type: ignore[override,misc]
        """Ignore it."""
        return self


async def test_the_volume_is_kept_with_us(house: Build) -> None:
    home = await house("mstar")
    device, batch = await home.opened()
    assert told(batch)[":speaker_volume"] == 50
    answer = await put(device, "speaker_volume", 80)
    assert answer.updates == (Value(":speaker_volume", 80),)
    assert home.env is not None
    _, batch = await home.opened(memory=home.env.memory)
    assert told(batch)[":speaker_volume"] == 80
