"""Which variants there are, and which settings, polls and words they have. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..model import Limits, Scalar
from ..settings import POLL, Number, Setting, Words

MAKER: Final = "Yi"
REALM: Final = "Web Server Authentication"
PREFIX: Final = "yi-hack-"

# --- polls and feeds ------------------------------------------------------------------------

STATUS: Final = "status"
CAMERA: Final = f"{POLL}camera"
RECORDER: Final = "recorder"
RECORDINGS: Final = "recordings"
RECORDED: Final = "recordings:"
"""The engine's poll of the same, for recordings of more than one clip."""
SERVICES: Final = "services"
FIRMWARE: Final = "firmware"
SURVEY: Final = "survey"
MQTT: Final = "mqtt"
EVERY: Final[Mapping[str, float]] = {
    STATUS: 60,
    CAMERA: 60,
    RECORDINGS: 60,
    SERVICES: 60,
    FIRMWARE: 43_200,
    SURVEY: 3_600,
}
SETTLE: Final = (1.0, 3.0)
"""The daemon that keeps a setting does so after the answer (§5.9)."""

# --- options --------------------------------------------------------------------------------

RECORDINGS_CLOCK: Final = "recordings_clock"
SNAPSHOT_QUALITY: Final = "snapshot_quality"
SNAPSHOT_WATERMARK: Final = "snapshot_watermark"
RECORDER_SECONDS: Final = "recorder_seconds"
STREAM_URL: Final = "stream_url"
CLOCKS: Final = ("auto", "gmt", "local")
QUALITIES: Final = ("high", "low")

# --- variants -------------------------------------------------------------------------------

_TRIO_SOUNDS: Final = ("30", "35", "40", "45", "50", "60", "70", "80", "90")


@dataclass(frozen=True, slots=True)
class Variant:
    """What differs between the firmwares and cannot be found out by asking (§1)."""

    title: str
    sounds: tuple[str, ...] = _TRIO_SOUNDS
    exclusive: tuple[str, ...] = ()
    """Beginnings of HOMEVER where motion and the AI classes exclude each other (§5.9)."""
    ai: bool = False
    private: bool = False
    """Whether off means that nothing streams, records or takes pictures."""
    old: bool = False
    """v5: no speaker, thumbnails or time-lapse; moves by steps; slow pictures."""
    wifi: float = 70
    """What the strongest signal is told as."""

    @property
    def picture_deadline(self) -> float:
        """How long a picture may take (§2)."""
        return 40 if self.old else 20


VARIANTS: Final[Mapping[str, Variant]] = {
    "yi-hack-mstar": Variant("MStar", private=True),
    "yi-hack-allwinner": Variant("Allwinner", exclusive=("12",), ai=True),
    "yi-hack-allwinner-v2": Variant("Allwinner-v2", exclusive=("11", "12"), ai=True),
    "yi-hack-v5": Variant("v5", sounds=("50", "60", "70", "80", "90"), old=True, wifi=100),
}
SIZE: Final = (1920, 1080)
SMALL: Final = (640, 360)
SIZES: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(("h51ga", "h60ga", "y623", "qg311r"), (2304, 1296)),
    **dict.fromkeys(("yi_home", "yi_dome"), (1280, 720)),
}
"""High resolution by model, where it differs (§1)."""

# --- camera settings (§5.9) -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YesNo:
    """On or off: only the exact word `no` means off (§5.9)."""

    limits: Limits | None = None
    options: tuple[str, ...] = ()

    def decode(self, text: str) -> Scalar:
        """Whether it is on."""
        return text.strip() != "no"

    def encode(self, value: Scalar, was: str) -> str:
        """The word."""
        return "yes" if value else "no"


YES_NO: Final = YesNo()
_LEVELS: Final = Words({"low": "low", "medium": "medium", "high": "high"})
_CRUISE: Final = Words({"no": "off", "presets": "presets", "360": "circle"})

COMMON: Final = (
    Setting("enabled", "camera.SWITCH_ON", YES_NO),
    Setting("record_on_motion", "camera.SAVE_VIDEO_ON_MOTION", YES_NO),
    Setting("detection_sensitivity", "camera.SENSITIVITY", _LEVELS),
    Setting("sound_detection", "camera.SOUND_DETECTION", YES_NO),
    Setting("status_light", "camera.LED", YES_NO),
    Setting("night_vision", "camera.IR", YES_NO),
    Setting("rotate", "camera.ROTATE", YES_NO),
    Setting("crying_detection", "camera.BABY_CRYING_DETECT", YES_NO),
)
PTZ: Final = (Setting("cruise", "camera.CRUISE", _CRUISE),)
AI: Final = (Setting("person_detection", "camera.AI_HUMAN_DETECTION", YES_NO),)
EXCLUSIVE: Final = (
    Setting("motion_detection", "camera.MOTION_DETECTION", YES_NO),
    Setting("vehicle_detection", "camera.AI_VEHICLE_DETECTION", YES_NO),
    Setting("animal_detection", "camera.AI_ANIMAL_DETECTION", YES_NO),
)
"""Effective only where HOMEVER is one of the variant's."""
FREE: Final = (Setting("face_detection", "camera.FACE_DETECTION", YES_NO),)
FREE_PTZ: Final = (Setting("tracking", "camera.MOTION_TRACKING", YES_NO),)
"""Meant for the other HOMEVERs."""
MOTION_NAME: Final = "camera.MOTION_DETECTION"
AI_NAMES: Final = tuple(f"camera.AI_{each}_DETECTION" for each in ("HUMAN", "VEHICLE", "ANIMAL"))


def settings(variant: Variant, homever: str, *, ptz: bool) -> tuple[Setting, ...]:
    """The settings that mean something here; which of them exist, the listing says."""
    sounds = Words({each: each for each in variant.sounds})
    found = [*COMMON, Setting("sound_sensitivity", "camera.SOUND_SENSITIVITY", sounds)]
    found += PTZ if ptz else ()
    if variant.ai:
        found += AI
        if homever.startswith(variant.exclusive):
            found += EXCLUSIVE
        else:
            found += (*FREE, *(FREE_PTZ if ptz else ()))
    return tuple(found)


# --- events (§9) ----------------------------------------------------------------------------

GUARD: Final = 300.0
"""A stop that never comes: what moves ends after so many seconds (§9)."""
PULSE: Final = 60.0
"""A sound or crying has no stop at all."""
HOLDS: Final[Mapping[str, float]] = {
    "motion": GUARD,
    "person": GUARD,
    "vehicle": GUARD,
    "animal": GUARD,
    "sound": PULSE,
    "crying": PULSE,
}
STARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "MOTION_START_MSG": ("motion",),
    "AI_HUMAN_DETECTION_MSG": ("motion", "person"),
    "AI_VEHICLE_DETECTION_MSG": ("motion", "vehicle"),
    "AI_ANIMAL_DETECTION_MSG": ("motion", "animal"),
    "BABY_CRYING_MSG": ("crying",),
}
"""What a word on the topic of motion turns on; AI words come instead of motion's own."""
STOPPED: Final = ("motion", "person", "vehicle", "animal")
NEEDS: Final[Mapping[str, str]] = {
    "person": "person_detection",
    "vehicle": "vehicle_detection",
    "animal": "animal_detection",
    "crying": "crying_detection",
    "sound": "sound_detection",
}
"""What is heard only where there is a setting for it."""

# --- services (§5.15) -----------------------------------------------------------------------

SERVICE_NAMES: Final = ("rtsp", "onvif", "ftpd", "mqtt", "mp4record", "wsdd", "mqtt-config", "all")
SERVICE_ROWS: Final[Mapping[str, str]] = {
    "rtsp_service": "rtsp",
    "onvif_service": "onvif",
    "recording_service": "mp4record",
}
FTP_SERVERS: Final = ("busybox", "pure-ftpd")
STANDARD: Final = "standard"
"""The only RTSP server whose state can be asked."""
SERVICE_OPTIONS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "rtsp": {each: ("system.RTSP_STREAM", each) for each in ("low", "high", "both")},
    "onvif": {
        **{each: ("system.ONVIF_PROFILE", each) for each in ("low", "high", "both")},
        "watermark": ("system.ONVIF_WM_SNAPSHOT", "yes"),
        "no_watermark": ("system.ONVIF_WM_SNAPSHOT", "no"),
    },
}
"""Words of an option and the setting they stand for: as parameters they never arrive."""

# --- moving and sound -----------------------------------------------------------------------

STEP: Final = Limits(0.1, 10, 0.1)
STEP_SECONDS: Final = 0.3
"""The camera's own length of a step (§5.16)."""
SLOTS: Final = 8
HOME: Final = "0"
VOLUME: Final = Number(Limits(0, 100))
VOLUME_PERCENT: Final = 50
DECIBELS: Final = 12
LANGUAGES: Final = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT")
RATE: Final = 16_000
WITHOUT_CARD: Final = 512_000
WITH_CARD: Final = 9_600_000
"""Five minutes: nothing says that the card takes less."""

# --- configuration (§5.7, §5.8, §13) --------------------------------------------------------

TABLES: Final = ("system", "mqtt", "camera", "ptz_presets", "mqtt_advertise")
WRITABLE: Final = ("system", "mqtt", "camera", "ptz_presets")
LOCKED_OUT: Final = frozenset({"system.USERNAME", "system.PASSWORD", "system.HTTPD_PORT"})
"""What would leave us before a closed door."""
FIXED: Final = frozenset({"camera.HOMEVER"})
TIMELAPSE_DT: Final = frozenset({1, 2, 3, 4, 5, 6, 10, 15, 20, 30, 60, 120, 180, 240, 360, 1440})
RESTORE_MOST: Final = 10_000
ARCHIVES: Final = (b"7z\xbc\xaf", b"BZh")
