"""What the simulated yi-hack camera says to a broker, and takes from it (§9)."""

import io
import json

from PIL import Image
import pytest

from tests.simulators.yi_hack import YiHackSimulator
from tests.simulators_tests.yi_box import body, running

pytestmark = pytest.mark.usefixtures("socket_enabled")


def words(box: YiHackSimulator) -> list[tuple[str, str]]:
    """What was published as text, without the settings and pictures."""
    return [
        (each.topic, each.payload.decode())
        for each in box.said
        if "/stat/" not in each.topic and not each.payload.startswith(b"\xff\xd8")
    ]


async def test_the_camera_says_that_it_is_there_and_when_it_is_gone() -> None:
    heard: list[tuple[str, bytes, bool]] = []

    def publish(topic: str, payload: bytes, retain: bool) -> None:
        heard.append((topic, payload, retain))

    async with running(publish=publish) as box:
        assert heard[0] == ("yi/living/status", b"online", True)
        assert ("yi/living/stat/camera/sound_detection", b"yes", True) in heard
        assert {topic for topic, _, _ in heard[1:]} == {
            f"yi/living/stat/camera/{key.lower()}" for key in box.config["camera"]
        }
        heard.clear()
        box.config["mqtt"]["MQTT_PREFIX"] = "other"
        await box.reboot()
        assert heard[0] == ("yi/living/status", b"offline", True)
        assert heard[1] == ("other/status", b"online", True)
        heard.clear()
        await body(box, "service.sh?name=mqtt&action=stop")
        assert heard == [("other/status", b"offline", True)]


async def test_without_a_broker_or_the_wish_nothing_is_said() -> None:
    async with running() as box:
        for file, key, value in (("mqtt", "MQTT_IP", "0.0.0.0"), ("system", "MQTT", "no")):
            box.config[file][key] = value
            box.camera.mqtt.said.clear()
            await box.reboot()
            assert [each.payload for each in box.said] in ([], [b"offline"])
            assert not box.camera.mqtt.up


async def test_motion_is_told_with_a_picture_and_its_files() -> None:
    async with running() as box:
        box.camera.mqtt.said.clear()
        assert await box.motion(83)
        await box.until(lambda: any(each.topic.endswith("motion_files") for each in box.said))
        assert words(box)[:2] == [
            ("yi/living/motion_detection", "motion_start"),
            ("yi/living/motion_detection", "motion_stop"),
        ]
        topic, files = words(box)[2]
        assert topic == "yi/living/motion_files"
        assert "\n" in files
        assert json.loads(files) == {
            "start": "2026-11-20T15:57:13+01:00",
            "end": "2026-11-20T15:58:36+01:00",
            "files": ["2026Y11M20D14H/57M13S47.mp4", "2026Y11M20D14H/58M00S36.mp4"],
        }
        pictures = [each for each in box.said if each.payload.startswith(b"\xff\xd8")]
        assert [each.topic for each in pictures] == ["yi/living/motion_detection_image"]
        assert Image.open(io.BytesIO(pictures[0].payload)).size == (1920, 1088)
        assert not any(each.retain for each in box.said)


async def test_classes_come_instead_of_the_start() -> None:
    async with running("allwinner_v2") as box:
        box.camera.mqtt.said.clear()
        assert await box.detection("human", 3)
        assert [word for _, word in words(box)[:2]] == ["human", "motion_stop"]
        box.camera.mqtt.said.clear()
        assert await box.detection("vehicle", 3)
        assert words(box)[0][1] == "motion_start"
    async with running("allwinner") as box:
        box.set_settings(motion_detection="no", ai_animal_detection="yes")
        assert not box.start_motion()
        assert not box.start_motion("human")
        assert box.start_motion("animal")
        assert words(box)[-1] == ("yihall/motion_detection", "animal")


async def test_sound_and_crying_have_no_end_and_a_switch() -> None:
    async with running() as box:
        box.camera.mqtt.said.clear()
        assert box.sound()
        assert box.crying()
        assert words(box) == [
            ("yi/living/sound_detection", "sound"),
            ("yi/living/motion_detection", "crying"),
        ]
        box.set_settings(sound_detection="no", baby_crying_detect="no")
        assert not box.sound()
        assert not box.crying()
        box.set_settings(sound_detection="yes", switch_on="no")
        assert not box.sound()
        assert not box.start_motion()


async def test_topics_and_words_are_the_owner_s() -> None:
    async with running("hostile") as box:
        box.camera.mqtt.said.clear()
        assert await box.motion(3)
        assert box.sound()
        assert words(box)[:2] == [
            ("yicam/events/motion", "bewegt sich"),
            ("yicam/sound_detection", "sound_detected"),
        ]
        assert box.said[0].retain
        # On this stock firmware the stop may fail to come.
        assert "steht still" not in [word for _, word in words(box)]


async def test_settings_are_told_after_each_change() -> None:
    async with running() as box:
        box.camera.mqtt.said.clear()
        await body(box, "camera_settings.sh?led=yes")
        await box.until(lambda: box.said)
        assert [(each.topic, each.payload, each.retain) for each in box.said] == [
            ("yi/living/stat/camera/led", b"yes", True)
        ]


async def test_orders_over_mqtt() -> None:
    async with running() as box:
        prefix = "yi/living/cmnd"
        assert box.command(f"{prefix}/camera/led", "yes")
        assert box.settings["led"] == "yes"
        # Names are told apart by their first nine characters.
        assert box.command(f"{prefix}/camera/sensitivi_anything", b"high")
        assert box.settings["sensitivity"] == "high"
        box.camera.mqtt.said.clear()
        assert box.command(f"{prefix}/camera", "")
        assert len(box.said) == len(box.config["camera"])
        assert box.command(f"{prefix}/system/SNAPSHOT_LOW", "yes")
        assert not box.command(f"{prefix}/system/TIMELAPSE_DT", "60")
        assert box.config["system"]["TIMELAPSE_DT"] == "60"
        assert box.command(f"{prefix}/ptz/move", "left")
        assert box.camera.motor.moving == "left"
        assert box.command(f"{prefix}/ptz/move", "stop")
        assert box.command(f"{prefix}/ptz/goto_preset", "3")
        assert box.camera.motor.position == (300, 80)
        assert box.command(f"{prefix}/ptz/add_preset", "New")
        assert box.camera.presets.slots[2].name == "New"
        assert box.command(f"{prefix}/ptz/remove_preset", "2")
        assert box.command(f"{prefix}/ptz/set_home_position", "")
        for topic, payload in (
            (f"{prefix}/ptz/goto_preset", "x"),
            (f"{prefix}/ptz/add_preset", "Door"),
            (f"{prefix}/camera/none", "yes"),
            ("yicam/cmnd/camera/led", "no"),
        ):
            assert not box.command(topic, payload)
