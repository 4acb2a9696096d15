"""What the camera says on the bus (§9) to updates. Topics and words are its own, never assumed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .. import jpeg
from ..errors import CannotConnect
from ..model import BOX, Batch, Hint, Picture, Update, Value
from ..settings import Bound
from .features import CAMERA, RECORDED, RECORDINGS, STARTS, STOPPED

IMAGE: Final = "image:"
"""A ref of a picture that came with an event is this and its number."""
_STATES: Final = "stat/camera/"
_ORDERS: Final = "cmnd/"
_WORD_MOST: Final = 4_096
_PICTURE_MOST: Final = 8 << 20
_RETAINS: Final[Mapping[str, str]] = {
    "TOPIC_MOTION": "MQTT_RETAIN_MOTION",
    "TOPIC_MOTION_IMAGE": "MQTT_RETAIN_MOTION_IMAGE",
    "TOPIC_SOUND_DETECTION": "MQTT_RETAIN_SOUND_DETECTION",
}
_REPLANS: Final = "record_on_motion"
"""A setting that decides what tells of motion."""


@dataclass(frozen=True, slots=True)
class Words:
    """The topics below the prefix and the words on them, out of the camera's configuration."""

    prefix: str
    status: str
    motion: str
    sound: str
    image: str
    files: str
    online: str
    offline: str
    stop: str
    noise: str
    starts: Mapping[str, tuple[str, ...]]
    kept: frozenset[str]
    """Topics whose last message the broker says again to everybody who comes."""

    @property
    def filter(self) -> str:
        """What to subscribe to."""
        return f"{self.prefix}/#"


def words(conf: Mapping[str, str]) -> Words | None:
    """Topics and words (§5.7, §9); None where the prefix would be a pattern, or is missing."""
    prefix = conf.get("MQTT_PREFIX", "").strip("/")
    if not prefix or set(prefix) & set("#+\0"):
        return None
    starts: dict[str, tuple[str, ...]] = {}
    for key, rows in STARTS.items():
        if word := conf.get(key, ""):
            starts[word] = tuple(dict.fromkeys((*starts.get(word, ()), *rows)))
    return Words(
        prefix,
        conf.get("TOPIC_BIRTH_WILL", ""),
        conf.get("TOPIC_MOTION", ""),
        conf.get("TOPIC_SOUND_DETECTION", ""),
        conf.get("TOPIC_MOTION_IMAGE", ""),
        conf.get("TOPIC_MOTION_FILES", ""),
        conf.get("BIRTH_MSG", ""),
        conf.get("WILL_MSG", ""),
        conf.get("MOTION_STOP_MSG", ""),
        conf.get("SOUND_DETECTION_MSG", ""),
        starts,
        frozenset(conf.get(topic, "") for topic, flag in _RETAINS.items() if conf.get(flag) == "1"),
    )


class Translator:
    """Turns messages into updates; keeps the last picture and counts what it does not know."""

    def __init__(self, known: Words) -> None:
        """Begin with nothing heard."""
        self.words = known
        self.picture: tuple[str, bytes] | None = None
        """The ref of the last picture that came, and its bytes."""
        self.unknown = 0
        self._pictures = 0

    def translate(
        self,
        topic: str,
        payload: bytes,
        bounds: Iterable[Bound],
        now: datetime,
        *,
        early: bool = False,
    ) -> Batch | None:
        """The updates of one message; None for what is none of the camera's.

        What comes `early`, right after the subscription, may be a message that the broker kept.
        CannotConnect when the camera has left the broker.
        """
        known = self.words
        rest = topic.removeprefix(f"{known.prefix}/")
        if rest == topic or not rest or rest.startswith(_ORDERS):
            return None
        if early and rest in known.kept:
            return ()
        if rest == known.image:
            return self._picture(payload, now)
        word = payload[:_WORD_MOST].decode("utf-8", "replace").strip()
        if rest == known.status and word == known.offline:
            raise CannotConnect("the camera has left the broker")
        told: list[Update] = []
        if rest == known.motion:
            told += self._motion(word)
        if rest == known.sound and word == known.noise:
            told.append(Value(f"{BOX}:sound", value=True))
        if rest == known.files:
            told.append(Hint((RECORDINGS, RECORDED)))
        if rest.startswith(_STATES):
            told += self._setting(rest.removeprefix(_STATES), word, bounds)
        return tuple(told)

    def _motion(self, word: str) -> list[Update]:
        """Motion, what moves, and a baby that cries."""
        if word == self.words.stop:
            return [Value(f"{BOX}:{key}", value=False) for key in STOPPED]
        if word not in self.words.starts:
            self.unknown += 1
        return [Value(f"{BOX}:{key}", value=True) for key in self.words.starts.get(word, ())]

    def _picture(self, payload: bytes, now: datetime) -> Batch:
        """The picture of an event; only the last one is kept."""
        body = jpeg.whole(payload)
        if body is None or len(payload) > _PICTURE_MOST:
            self.unknown += 1
            return ()
        self._pictures += 1
        ref = f"{IMAGE}{self._pictures}"
        self.picture = ref, body
        return (Value(f"{BOX}:last_picture", Picture(ref, now)),)

    def _setting(self, key: str, word: str, bounds: Iterable[Bound]) -> list[Update]:
        """The value of a camera setting, told under its name in lower case."""
        for bound in bounds:
            if bound.setting.path == f"camera.{key.upper()}":
                value = bound.value({bound.setting.path: word}) if word else None
                if value is None:
                    break
                told: list[Update] = [Value(bound.id, value)]
                if bound.setting.key == _REPLANS:
                    told.append(Hint((CAMERA,)))
                return told
        self.unknown += 1
        return []
