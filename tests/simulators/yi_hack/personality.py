"""What makes one camera differ from another, as data (§1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

type Size = tuple[int, int]

YES_NO = ("yes", "no")
_SENSITIVITY = ("low", "medium", "high")
_SOUND = ("30", "35", "40", "45", "50", "60", "70", "80", "90")
_SOUND_V5 = ("50", "60", "70", "80", "90")
_CRUISE = ("no", "presets", "360")
_AI = ("ai_human_detection", "ai_vehicle_detection", "ai_animal_detection")

_COMMON_SCRIPTS = frozenset(
    {
        "camera_settings.sh",
        "eventsdir.sh",
        "eventsdirdel.sh",
        "eventsfile.sh",
        "eventsfiledel.sh",
        "fw_upgrade.sh",
        "get_configs.sh",
        "getlastrecordedvideo.sh",
        "hostname.js",
        "links.sh",
        "load.sh",
        "preset.sh",
        "proxy.sh",
        "ptz.sh",
        "reboot.sh",
        "record.sh",
        "reset.sh",
        "save.sh",
        "service.sh",
        "set_configs.sh",
        "snapshot.sh",
        "status.json",
        "wifi.sh",
    }
)
_TRIO_SCRIPTS = _COMMON_SCRIPTS | {
    "speak.sh",
    "speaker.sh",
    "speaker_file.sh",
    "timelapse.sh",
}
_V4_SCRIPTS = frozenset({"get_configs.sh", "reboot.sh", "set_configs.sh", "status.json"})


def _nothing[K, V]() -> Mapping[K, V]:
    return MappingProxyType({})


def _keys(*names: str, sound: tuple[str, ...] = _SOUND) -> Mapping[str, tuple[str, ...]]:
    """Camera settings and their words: the common ones, and those named (§5.9)."""
    return MappingProxyType(
        {
            "switch_on": YES_NO,
            "save_video_on_motion": YES_NO,
            "sensitivity": _SENSITIVITY,
            "sound_detection": YES_NO,
            "sound_sensitivity": sound,
            "led": YES_NO,
            "ir": YES_NO,
            "rotate": YES_NO,
            **{name: _CRUISE if name == "cruise" else YES_NO for name in names},
        }
    )


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the firmwares of the family."""

    name: str
    """What status.json says under `name`."""
    prefix: str
    settings: Mapping[str, tuple[str, ...]]
    settings_slots: int
    scripts: frozenset[str] = _TRIO_SCRIPTS
    trio: bool = True
    on_card: bool = False
    """The firmware itself lives on the SD card."""
    name_lengths: tuple[int, ...] = (12,)
    """Lengths of the file names that the listing prints."""
    last_lengths: tuple[int, ...] = (12,)
    """Lengths that getlastrecordedvideo.sh knows."""
    archive: str = "bz2"
    privacy: bool = False
    """Switched off, it neither streams nor records nor takes pictures."""
    one_motion: tuple[str, ...] = ()
    """Starts of HOMEVER on which motion and the AI classes exclude each other."""

    @property
    def ptz_slots(self) -> int:
        """Parameters that ptz.sh reads."""
        return 5 if self.trio else 2

    @property
    def has_ai(self) -> bool:
        """Whether it has the settings for humans, vehicles and animals."""
        return "ai_human_detection" in self.settings


MSTAR = Variant(
    name="yi-hack-mstar",
    prefix="/home/yi-hack",
    settings=_keys("baby_crying_detect", "cruise"),
    settings_slots=10,
    scripts=_TRIO_SCRIPTS | {"getlastrecordedsnapshot.sh", "umount_sd.sh"},
    last_lengths=(12, 14),
    archive="7z",
    privacy=True,
)
ALLWINNER = Variant(
    name="yi-hack-allwinner",
    prefix="/home/yi-hack",
    settings=_keys("motion_detection", *_AI, "cruise"),
    settings_slots=13,
    one_motion=("12",),
)
ALLWINNER_V2 = Variant(
    name="yi-hack-allwinner-v2",
    prefix="/tmp/sd/yi-hack",
    settings=_keys("motion_detection", *_AI, "face_detection", "motion_tracking", "cruise"),
    settings_slots=15,
    on_card=True,
    name_lengths=(12, 14),
    one_motion=("11", "12"),
)
V5 = Variant(
    name="yi-hack-v5",
    prefix="/tmp/sd/yi-hack-v5",
    settings=_keys("baby_crying_detect", sound=_SOUND_V5),
    settings_slots=9,
    scripts=_COMMON_SCRIPTS | {"upload.sh", "update_backend.sh"},
    trio=False,
    on_card=True,
    name_lengths=(10,),
)
V4 = Variant(
    name="",
    prefix="/home/yi-hack-v4",
    settings=_nothing(),
    settings_slots=0,
    scripts=_V4_SCRIPTS,
    trio=False,
    on_card=True,
)


@dataclass(frozen=True, slots=True)
class Personality:
    """One camera and how its owner has set it up."""

    name: str
    summary: str
    variant: Variant
    model_suffix: str
    serial: str
    mac: str
    hostname: str
    fw_version: str
    latest_fw: str
    homever: str
    """Version of the stock firmware below."""
    basefw: str = ""
    hardware_id: str = ""
    ptz: bool = False
    zone: str = "Europe/Berlin"
    zone_text: str = "CET-1CEST,M3.5.0,M10.5.0/3"
    local_ip: str = "192.168.1.61"
    """What the camera believes its address is; whoever asks may know it under another."""
    essid: str = "Home"
    high: Size = (1920, 1080)
    """What the picture shows."""
    lines: int | None = None
    """Lines of the high JPEG, where they are more than the picture has."""
    name_form: int = 12
    scene: str = "living_room"
    system: Mapping[str, str] = field(default_factory=_nothing)
    """Keys of system.conf that differ from the defaults."""
    mqtt: Mapping[str, str] = field(default_factory=_nothing)
    camera: Mapping[str, str] = field(default_factory=_nothing)
    advertise: Mapping[str, str] = field(default_factory=_nothing)
    proxychains: Mapping[str, str] = field(default_factory=_nothing)
    presets: Mapping[int, str] = field(default_factory=_nothing)
    """Slots as the file writes them: name, pan, tilt."""
    foreign: tuple[str, ...] = ()
    """Names in the record folder that the camera has not written."""
    clips: tuple[tuple[float, int], ...] = ()
    """Recordings it comes with: hours ago, and seconds long."""
    lapses: tuple[float, ...] = ()
    """Time-lapse films it comes with: hours ago."""
    audio: tuple[str, ...] = ("ding.wav",)
    """Files for speaker_file.sh."""
    faults: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of Faults that differ."""
