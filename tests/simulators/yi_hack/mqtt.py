"""What the camera says to a broker and takes from it; who carries it is not its business (§9)."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
import json

from tests.simulators.yi_hack.conf import Conf

type Publish = Callable[[str, bytes, bool], None]
"""Topic, payload, whether the broker keeps it."""

_KEPT = 1000
_MAX_FILES = 50
_COMPARED = 9
"""Command names are told apart by their first characters."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something published."""

    topic: str
    payload: bytes
    retain: bool


class Mqtt:
    """The daemon's connection; its topics and words are those of the file at its start."""

    def __init__(self, publish: Publish | None = None) -> None:
        """Publish through a callable, or only into `said`."""
        self.publish = publish
        self.said: deque[Message] = deque(maxlen=_KEPT)
        self._conf: Conf | None = None

    @property
    def up(self) -> bool:
        """Whether there is a connection."""
        return self._conf is not None

    def connect(self, conf: Mapping[str, str]) -> bool:
        """Log in with a will and say that the camera is there; False without a broker."""
        if conf.get("MQTT_IP", "0.0.0.0") in ("", "0.0.0.0"):
            return False
        self._conf = dict(conf)
        self.say("TOPIC_BIRTH_WILL", conf["BIRTH_MSG"].encode(), "MQTT_RETAIN_BIRTH_WILL")
        return True

    def disconnect(self) -> None:
        """Be gone: the broker says the will."""
        if self._conf is not None:
            self.say("TOPIC_BIRTH_WILL", self._conf["WILL_MSG"].encode(), "MQTT_RETAIN_BIRTH_WILL")
        self._conf = None

    def word(self, key: str) -> str:
        """A configured message."""
        return "" if self._conf is None else self._conf.get(key, "")

    def say(self, topic_key: str, payload: bytes, retain_key: str) -> None:
        """Publish under a configured topic."""
        if self._conf is not None:
            retain = self._conf.get(retain_key, "0") == "1"
            self._send(self._conf[topic_key], payload, retain)

    def motion(self, word_key: str) -> None:
        """Say a word on the topic of motion."""
        self.say("TOPIC_MOTION", self.word(word_key).encode(), "MQTT_RETAIN_MOTION")

    def sound(self) -> None:
        """Say that something was heard."""
        word = self.word("SOUND_DETECTION_MSG").encode()
        self.say("TOPIC_SOUND_DETECTION", word, "MQTT_RETAIN_SOUND_DETECTION")

    def image(self, picture: bytes) -> None:
        """Send the picture of a detection."""
        self.say("TOPIC_MOTION_IMAGE", picture, "MQTT_RETAIN_MOTION_IMAGE")

    def files(self, start: datetime, end: datetime, paths: list[str]) -> None:
        """Tell which clips belong to a motion that is over."""
        said = {
            "start": start.isoformat(timespec="seconds"),
            "end": end.isoformat(timespec="seconds"),
            "files": paths[:_MAX_FILES],
        }
        body = json.dumps(said, indent=4).encode()
        self.say("TOPIC_MOTION_FILES", body, "MQTT_RETAIN_MOTION_FILES")

    def settings(self, values: Mapping[str, str]) -> None:
        """Publish camera settings; these are always kept."""
        for key, value in values.items():
            self._send(f"stat/camera/{key.lower()}", value.encode(), True)

    def below_prefix(self, topic: str) -> str | None:
        """The rest of a topic of this camera's own."""
        prefix = self.word("MQTT_PREFIX")
        if self._conf is None or not topic.startswith(f"{prefix}/"):
            return None
        return topic.removeprefix(f"{prefix}/")

    def _send(self, topic: str, payload: bytes, retain: bool) -> None:
        if self._conf is None:
            return
        message = Message(f"{self._conf['MQTT_PREFIX']}/{topic}", payload, retain)
        self.said.append(message)
        if self.publish is not None:
            self.publish(message.topic, message.payload, message.retain)


def known(name: str, names: Mapping[str, object]) -> str | None:
    """The name that a command means: only its beginning is looked at."""
    wanted = name.lower()[:_COMPARED]
    return next((each for each in names if each.lower()[:_COMPARED] == wanted), None)
