"""Messages of the bus to updates (§9): topics and words are the camera's own."""

from dataclasses import replace
from datetime import UTC, datetime
import random

import pytest

from custom_components.cctv.devices.errors import CannotConnect
from custom_components.cctv.devices.model import Hint, Picture, Value
from custom_components.cctv.devices.settings import Place, bind
from custom_components.cctv.devices.yi_hack import events
from custom_components.cctv.devices.yi_hack.features import VARIANTS, settings

from .test_wire import mutated

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"
CONF = {
    "MQTT_PREFIX": "yi/hall",
    "TOPIC_BIRTH_WILL": "status",
    "TOPIC_MOTION": "motion_detection",
    "TOPIC_MOTION_IMAGE": "motion_detection_image",
    "TOPIC_MOTION_FILES": "motion_files",
    "TOPIC_SOUND_DETECTION": "sound_detection",
    "BIRTH_MSG": "online",
    "WILL_MSG": "offline",
    "MOTION_START_MSG": "bewegt sich",
    "MOTION_STOP_MSG": "steht still",
    "AI_HUMAN_DETECTION_MSG": "human",
    "AI_VEHICLE_DETECTION_MSG": "vehicle",
    "AI_ANIMAL_DETECTION_MSG": "animal",
    "BABY_CRYING_MSG": "crying",
    "SOUND_DETECTION_MSG": "sound_detected",
}
LISTING = {"camera.LED": "yes", "camera.SENSITIVITY": "low", "camera.SAVE_VIDEO_ON_MOTION": "yes"}
BOUNDS = bind(settings(VARIANTS["yi-hack-mstar"], "2.1", ptz=False), [Place("")], "camera", LISTING)


def translator(**changes: str) -> events.Translator:
    """One that knows these topics and words."""
    known = events.words(CONF | changes)
    assert known is not None
    return events.Translator(known)


def heard(topic: str, payload: str, **changes: str) -> object:
    """What a message means."""
    found = translator(**changes).translate(topic, payload.encode(), BOUNDS, NOW)
    if found is None:
        return None
    return [(each.feature[1:], each.value) if isinstance(each, Value) else each for each in found]


@pytest.mark.parametrize(
    ("topic", "payload", "said"),
    [
        ("motion_detection", "bewegt sich", [("motion", True)]),
        ("motion_detection", "human", [("motion", True), ("person", True)]),
        ("motion_detection", "vehicle", [("motion", True), ("vehicle", True)]),
        ("motion_detection", "animal", [("motion", True), ("animal", True)]),
        ("motion_detection", "crying", [("crying", True)]),
        ("motion_detection", "motion_start", []),
        ("sound_detection", "sound_detected", [("sound", True)]),
        ("sound_detection", "sound", []),
        ("status", "online", []),
        ("motion_files", '{"files": []}', [Hint(("recordings", "recordings:"))]),
        ("stat/camera/led", "no", [("status_light", False)]),
        ("stat/camera/sensitivity", "high", [("detection_sensitivity", "high")]),
        (
            "stat/camera/save_video_on_motion",
            "no",
            [("record_on_motion", False), Hint(("config:camera",))],
        ),
        ("stat/camera/led", "", []),
        ("stat/camera/unheard_of", "yes", []),
        ("telemetry", "{}", []),
    ],
)
def test_each_message_says_what_it_means(topic: str, payload: str, said: object) -> None:
    assert heard(f"yi/hall/{topic}", payload) == said


def test_a_stop_ends_all_that_moves_but_no_crying() -> None:
    assert heard("yi/hall/motion_detection", "steht still") == [
        (key, False) for key in ("motion", "person", "vehicle", "animal")
    ]


@pytest.mark.parametrize(
    "topic", ["yi/other/status", "yi/hall", "yi/hall/", "yi/hall/cmnd/camera/led", "status"]
)
def test_what_is_not_the_cameras_is_nothing(topic: str) -> None:
    assert heard(topic, "online") is None


def test_two_words_that_are_the_same_mean_both() -> None:
    assert heard("yi/hall/motion_detection", "human", MOTION_START_MSG="human") == [
        ("motion", True),
        ("person", True),
    ]


def test_a_camera_that_left_the_broker_is_an_end() -> None:
    with pytest.raises(CannotConnect):
        heard("yi/hall/status", "offline")


def test_only_the_last_picture_is_kept() -> None:
    one = translator()
    for body in (JPEG, b"no picture", JPEG + b"tail", b""):
        one.translate("yi/hall/motion_detection_image", body, BOUNDS, NOW)
    assert one.picture == ("image:2", JPEG)
    assert one.unknown == 2
    said = one.translate("yi/hall/motion_detection_image", JPEG, BOUNDS, NOW)
    assert said == (Value(":last_picture", Picture("image:3", NOW)),)


def test_what_a_broker_kept_is_no_news() -> None:
    one = translator(MQTT_RETAIN_MOTION="1")
    topic = "yi/hall/motion_detection"
    assert one.translate(topic, b"human", BOUNDS, NOW, early=True) == ()
    assert one.translate(topic, b"human", BOUNDS, NOW) != ()
    assert translator().translate(topic, b"human", BOUNDS, NOW, early=True) != ()


@pytest.mark.parametrize("prefix", ["", "yi/#", "+/yi", "/", "a\0b"])
def test_a_prefix_that_is_a_pattern_is_refused(prefix: str) -> None:
    assert events.words(CONF | {"MQTT_PREFIX": prefix}) is None


def test_ten_thousand_mutated_messages_raise_nothing_but_the_end() -> None:
    random_ = random.Random(9)
    one = translator()
    samples = tuple(f"yi/hall/{each}\n".encode() for each in ("status", "motion_detection", "stat"))
    told = ended = 0
    for number in range(10_000):
        topic, _, payload = mutated(random_, samples[number % 3] + b"online").partition(b"\n")
        try:
            found = one.translate(topic.decode("utf-8", "replace"), payload, BOUNDS, NOW)
        except CannotConnect:
            ended += 1
        else:
            told += found is not None
    assert told > 1_000
    assert replace(one.words).filter == "yi/hall/#"
