"""What this family's tables, codes and polls mean in the common language. Data only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..model import Limits
from ..settings import PERCENT, TRUE_FALSE, Number, Setting, Words
from . import entry, rows

# --- kinds of boxes (§1, §4.6.19) -----------------------------------------------------------

RECORDERS: Final = frozenset({"NVR", "DVR", "XVR", "HCVR", "EVS", "IVSS"})
CAMERA_KINDS: Final = frozenset({"IPC", "SD", "DB", "VTO", "BSC", "TPC", "ITC"})
"""Boxes that are one camera; others are asked how many they have."""
DOORBELLS: Final = frozenset({"DB", "VTO"})
NO_MODEL: Final = frozenset({"", "31", "IP Camera"})
"""Words that stand where the model should (§1)."""
MAKERS: Final[Mapping[str, str]] = {"General": "Dahua"}
MAX_CHANNELS: Final = 256
THERMAL_CAMERAS: Final = frozenset({"TPC"})
"""Cameras with two lenses, normally, the second of them thermal."""
MAX_LENSES: Final = 4

# --- settings -------------------------------------------------------------------------------

INFRARED: Final = "InfraredLight"
WHITE: Final = "WhiteLight"
_IR_MODES: Final = Words({"Auto": "auto", "Manual": "manual", "Off": "off", "ZoomPrio": "zoom"})
_RECORD_MODES: Final = Words({"0": "auto", "1": "on", "2": "off"})
_V2: Final = "Lighting_V2[{camera}][*]"
_SMART: Final = "SmartMotionDetect[{camera}]"
_WINDOW: Final = "MotionDetect[{camera}].MotionDetectWindow[*]"
_VERSION: Final = ("MotionDetect[{camera}].DetectVersion",)
_HEARING: Final = "AudioDetect[{camera}].Enable"

SETTINGS: Final = (
    # §4.8
    Setting("motion_detection", "MotionDetect[{camera}].Enable", TRUE_FALSE),
    Setting("motion_sensitivity", f"{_WINDOW}.Sensitive", PERCENT, keep=_VERSION),
    Setting(
        "motion_sensitivity",
        "MotionDetect[{camera}].Level",
        Number(Limits(0, 100, 20), scale=20, offset=-20),
    ),
    Setting("motion_threshold", f"{_WINDOW}.Threshold", PERCENT, keep=_VERSION),
    # §8
    Setting(
        "person_detection", f"{_SMART}.ObjectTypes.Human", TRUE_FALSE, under=f"{_SMART}.Enable"
    ),
    Setting(
        "vehicle_detection", f"{_SMART}.ObjectTypes.Vehicle", TRUE_FALSE, under=f"{_SMART}.Enable"
    ),
    Setting(
        "smart_motion_sensitivity",
        f"{_SMART}.Sensitivity",
        Words({"Low": "low", "Middle": "middle", "High": "high"}),
    ),
    Setting("rule", "VideoAnalyseRule[{camera}][{rule}].Enable", TRUE_FALSE),
    # §7.3
    Setting("privacy", "LeLensMask[{camera}].Enable", TRUE_FALSE),
    # §7.1; the third index of Lighting_V2 is told by its LightType, see lights.py
    Setting("infrared", f"{_V2}[{INFRARED}].Mode", _IR_MODES),
    Setting("infrared_level", f"{_V2}[{INFRARED}].MiddleLight[*].Light", PERCENT),
    Setting("infrared", "Lighting[{camera}][*].Mode", _IR_MODES),
    Setting("infrared_level", "Lighting[{camera}][*].MiddleLight[*].Light", PERCENT),
    Setting(
        "light_scheme",
        "LightingScheme[{camera}][*].LightingMode",
        Words({"InfraredMode": "infrared", "WhiteMode": "white", "AIMode": "smart", "Off": "off"}),
    ),
    Setting("status_light", "LightGlobal[{camera}].Enable", TRUE_FALSE),
    # §4.9.3
    Setting("output", "AlarmOut[{output}].Mode", Words({"1": True, "0": False, "2": False})),
    # §5, §4.5.20
    Setting(
        "day_night",
        "VideoInDayNight[{camera}][*].Mode",
        Words({"Color": "color", "Brightness": "auto", "BlackWhite": "black_white"}),
    ),
    Setting(
        "day_night",
        "VideoInOptions[{camera}].DayNightColor",
        Words({"0": "color", "1": "auto", "2": "black_white"}),
        also=(
            "VideoInOptions[{camera}].NightOptions.DayNightColor",
            "VideoInOptions[{camera}].NormalOptions.DayNightColor",
        ),
    ),
    # §4.3
    Setting("sound_detection", "AudioDetect[{camera}].MutationDetect", TRUE_FALSE, under=_HEARING),
    Setting("speaker_volume", "AudioOutputVolume[{camera}]", PERCENT),
    Setting("microphone_volume", "AudioInputVolume[{camera}]", PERCENT),
    # §4.9.8
    Setting("tamper_detection", "BlindDetect[{camera}].Enable", TRUE_FALSE),
    *rows.DETECTION,
    *rows.PICTURE,
    *rows.STREAMS,
    *rows.SYSTEM,
    *rows.RECORDING,
    *rows.DRIVE,
    *rows.SECTIONS,
)

_KEYS: Final = frozenset((each.key, each.table) for each in SETTINGS)
RIVALS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        key: tuple(dict.fromkeys(each.table for each in SETTINGS if each.key == key))
        for key, count in Counter(key for key, _ in _KEYS).items()
        if count > 1
    }
)
"""The tables that tell the same, as of day and night; the first that a box has does it."""

_RECORD: Final = "RecordMode[{camera}]"
CAMERA_SETTINGS: Final = (*SETTINGS, Setting("record_mode", f"{_RECORD}.Mode", _RECORD_MODES))
RECORDER_SETTINGS: Final = (
    *SETTINGS,
    # Recorders need all three (§4.11.3).
    Setting(
        "record_mode",
        f"{_RECORD}.Mode",
        _RECORD_MODES,
        also=(f"{_RECORD}.ModeExtra1", f"{_RECORD}.ModeExtra2"),
    ),
)

OPENED: Final = ("MotionDetect", "SmartMotionDetect", "RecordMode", "LeLensMask")
"""The tables that are asked at once."""
OPENED_BELL: Final = ("LightGlobal",)
"""Those that only doorbells are asked at once: the light of their button (§7.1)."""
RULES: Final = "VideoAnalyseRule"
"""The table of the rules of the video analysis, which may all be deleted (§8.1.3)."""
SURVEYED: Final = ("AudioDetect", "BlindDetect", RULES, *rows.BOX_TABLES)
"""Those that can wait."""
SURVEYED_CAMERA: Final = (
    "VideoInDayNight",
    "VideoInOptions",
    "AudioOutputVolume",
    "AudioInputVolume",
    *rows.CAMERA_TABLES,
)

# --- what a box keeps (§4.11.5, §13) ---------------------------------------------------------

FINDER: Final = "finder"
"""The verdict on how files are found: by CGI, by JSON calls, or not at all."""
CGI: Final = "cgi"
RPC2: Final = "rpc2"
MOTION_FINDER: Final = "motion finder"
"""The verdict on the finder that some recorders have besides."""
FOOTAGE: Final = "footage"
"""The table that gives a time as one thing to fetch."""
RECORDED: Final = "new_recording"
"""The engine's event of a recording: it looks seldom where the feed tells of each."""
RECORDINGS: Final = "recordings:"
"""The engine's poll of a part's recordings."""

# --- polls and feeds ------------------------------------------------------------------------

EVENTS: Final = "events"
CLOCK: Final = "clock"
CAMERAS: Final = "cameras"
DISKS: Final = "storage"
SESSIONS: Final = "sessions"
STARTED: Final = "started"
INPUTS: Final = "inputs"
SURVEY: Final = "survey"
PARKING: Final = "spaces"
"""The poll of the parking spaces (getAllParkingSpaceStatus, §9.2.1)."""
ACTIVE: Final = "active"
ACTIVE_MINOR: Final = "active:minor"
"""The same for what few people look at: one request a code is not asked for nobody."""
"""The poll of what is active now: getEventIndexes for each code that matters (§4.9.16).

One poll for all of them, so that the feed's seed stays the same when features come and go.
"""
DOOR: Final = "door:"
"""The poll of one door (getDoorStatus, getLockStatus, §11.1.2)."""
COAXIAL: Final = "coaxial:"
"""The poll of siren and warning light of one channel (§7.2)."""
HEARTBEAT: Final = 5
MISSED_BEATS: Final = 3

EVERY: Final[Mapping[str, float]] = {
    CLOCK: 60,
    CAMERAS: 30,
    DISKS: 300,
    SESSIONS: 300,
    STARTED: 3600,
    INPUTS: 10,
    SURVEY: 6 * 3600,
    ACTIVE: 15,
    ACTIVE_MINOR: 15,
    COAXIAL: 30,
    "config:": 60,
    "outputs": 30,
    "ptz:": 15,
    "lens:": 30,
    "door:": 10,
    "call": 5,
    "spots:": 600,
    "thermal:": 30,
    "counts:": 30,
    PARKING: 60,
    "monitor:": 60,
    "upnp": 600,
    "version:": 24 * 3600,
}
"""Seconds between two reads, by name or by what a name begins with."""


def every(poll: str) -> float:
    """Seconds between two reads of a poll."""
    return EVERY.get(poll) or EVERY[f"{poll.partition(':')[0]}:"]


# --- events (§4.9.17) -----------------------------------------------------------------------

PULSE: Final = 10.0
"""Seconds that an on without an end lasts."""
GUARD: Final = 900.0
"""Seconds after which an on whose Stop was lost ends; its poll tells it anew every ten minutes."""
SIREN: Final = 15.0
"""Seconds after which siren and warning light fall back by themselves (§7.2)."""
REASSERT: Final = 8.0
"""Seconds between two commands that keep them on."""


@dataclass(frozen=True, slots=True)
class Level:
    """A code that starts and stops: the row, where it belongs, what to read then."""

    row: str
    box: bool = False
    ruled: bool = False
    """Told for each rule of the video analysis on its own."""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A code that happens: the row and its type, where it belongs, what to read then."""

    row: str
    type: str
    box: bool = True
    hints: tuple[str, ...] = ()


LEVELS: Final[Mapping[str, Level]] = {
    "VideoMotion": Level("motion"),
    "SmartMotionHuman": Level("person"),
    "SmartMotionVehicle": Level("vehicle"),
    "SmartMotionAnimal": Level("animal"),
    "CrossLineDetection": Level("line_crossed", ruled=True),
    "CrossRegionDetection": Level("intrusion", ruled=True),
    "FaceDetection": Level("face", ruled=True),
    "FaceRecognition": Level("face"),
    "AudioMutation": Level("sound"),
    "AudioAnomaly": Level("sound_lost"),
    "VideoBlind": Level("tamper"),
    "VideoLoss": Level("video_loss", hints=(CAMERAS,)),
    "LeftDetection": Level("object_left", ruled=True),
    "ObjectPlacementDetection": Level("object_left", ruled=True),
    "TakenAwayDetection": Level("object_taken", ruled=True),
    "ObjectRemovalDetection": Level("object_taken", ruled=True),
    "StorageFailure": Level("storage_failure", box=True, hints=(DISKS,)),
    "StorageNotExist": Level("storage_missing", box=True, hints=(DISKS,)),
    "StorageLowSpace": Level("storage_low", box=True, hints=(DISKS,)),
    "NetAbort": Level("network_lost", box=True),
    "IPConflict": Level("address_conflict", box=True),
    "MACConflict": Level("address_conflict", box=True),
    "ProfileAlarmTransmit": Level("passive_infrared"),
    "FireWarning": Level("fire"),
    "SmokeDetection": Level("smoke"),
    "SceneChange": Level("scene_changed"),
    "VideoUnFocus": Level("defocused"),
    "WanderDetection": Level("loitering", ruled=True),
    "RioterDetection": Level("crowd", ruled=True),
    "CrowdDetection": Level("crowd", ruled=True),
    "MoveDetection": Level("fast_moving", ruled=True),
    "ParkingDetection": Level("parking", ruled=True),
    "HeatImagingTemper": Level("heat", ruled=True),
    "QueueStayDetection": Level("queue", ruled=True),
}
ALARM: Final = "AlarmLocal"
LASTING: Final = frozenset(
    {
        "VideoMotion",
        "SmartMotionHuman",
        "SmartMotionVehicle",
        "SmartMotionAnimal",
        "AudioMutation",
        "CrossLineDetection",
        "CrossRegionDetection",
        "HeatImagingTemper",
        "FireWarning",
    }
)
"""Detections that last: after every connect it is asked whether they are active (§4.9.16)."""

MOMENTS: Final[Mapping[str, Moment]] = {
    "LoginFailure": Moment("security", "login_failed"),
    "Reboot": Moment("security", "reboot"),
    "TimeChange": Moment("security", "time_changed", hints=(CLOCK,)),
    "ConfigChange": Moment("security", "configuration_changed"),
    "ChassisIntruded": Moment("security", "opened"),
    "NewFile": Moment("new_file", "other", box=False, hints=(DISKS,)),
}

HINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "LensMaskOpen": ("config:LeLensMask",),
    "LensMaskClose": ("config:LeLensMask",),
    "AlarmOutput": ("config:AlarmOut",),
}
"""Codes that only say where to look."""

CHATTER: Final = frozenset(
    {
        "APConnect",
        "AccessSnap",
        "AudioIntensity",
        "BackLightOff",
        "BackLightOn",
        "CallSnap",
        "FireWarningInfo",
        "IntelliFrame",
        "InterVideoAccess",
        "KeepLightOn",
        "MDResult",
        "NTPAdjustTime",
        "NumberStat",
        "RecordDelete",
        "RequestCallState",
        "RtspSessionDisconnect",
        "RtspSessionState",
        "SIPRegis",
        "SIPRegisterResult",
        "VideoMotionInfo",
        "_CallRemoveMask",
    }
)
"""Codes that tell a user nothing; they are counted."""

# --- the doorbell's codes (§4.9.17) ---------------------------------------------------------

TALK: Final[Mapping[str, tuple[str, str]]] = {
    "Invite": ("doorbell", "ring"),
    "Hangup": ("call", "ended"),
}
"""_DoTalkAction_ by its Action."""
KEY_LIGHT: Final[Mapping[int, tuple[str, str]]] = {
    1: ("doorbell", "ring"),
    2: ("doorbell", "ring"),
    5: ("call", "answered"),
    6: ("call", "missed"),
}
"""BackKeyLight by its State."""
CALLS: Final[Mapping[str, tuple[str, str]]] = {
    "CallNoAnswered": ("doorbell", "ring"),
    "PhoneCallDetect": ("doorbell", "ring"),
    "Invite": ("doorbell", "ring"),
    "IgnoreInvite": ("call", "answered"),
    "_CallNoAnswer_": ("call", "missed"),
    "PassiveHungup": ("call", "ended"),
    "HungupPhone": ("call", "ended"),
}
"""Other codes, by their Start or Pulse."""
RINGING: Final = frozenset({"_DoTalkAction_", "BackKeyLight", *CALLS})

# --- what is listened for -------------------------------------------------------------------

OTHERS: Final = (
    "AlarmIPC",
    "AccessCtlStatus",
    "ManNumDetection",
    "NetAlarm",
    "PowerFault",
    "SafetyAbnormal",
    "Upgrade",
    "VideoAbnormalDetection",
)
"""Known codes without a row: told as a detection of type other."""

_FIRST: Final = ("VideoMotion", "SmartMotionHuman", "SmartMotionVehicle")
WANTED: Final = (
    *_FIRST,
    ALARM,
    "_DoTalkAction_",
    "CallNoAnswered",
    "BackKeyLight",
    "Invite",
    "PhoneCallDetect",
    *(code for code in LEVELS if code not in _FIRST),
    *MOMENTS,
    "IgnoreInvite",
    "_CallNoAnswer_",
    "PassiveHungup",
    "HungupPhone",
    *HINTS,
    *sorted(entry.CODES),
    *OTHERS,
)
"""The explicit list, what matters most first, so that its first half is the better one."""

EXPOSED_MINIMUM: Final = ("VideoMotion", "VideoBlind")
"""What any camera tells that does not say what it tells."""
EXPOSED_RECORDER: Final = ("VideoMotion", "VideoLoss", "StorageFailure", "StorageNotExist")
"""The same for a recorder."""

# --- what an event carries ------------------------------------------------------------------

DETAILS: Final[Mapping[str, str]] = {
    "Name": "name",
    "RuleID": "rule",
    "Class": "class",
    "Direction": "direction",
    "RegionName": "regions",
    "WindowId": "windows",
    "ObjectType": "object",
    "Confidence": "confidence",
    "File": "file",
    "Size": "size",
    "StoragePoint": "storage",
    "CallID": "call",
    "HangupReason": "reason",
    "State": "state",
    "SenseMethod": "sense",
    "Address": "address",
    "UserName": "user",
    "User": "user",
    "UserID": "user_id",
    "CardName": "card_name",
    "Method": "method",
    "Status": "status",
    "ErrorCode": "error",
    "Door": "door",
    "ReaderID": "reader",
    "Type": "type",
    "Similarity": "similarity",
    "PlateNumber": "plate",
    "PlateColor": "plate_color",
    "VehicleColor": "vehicle_color",
    "VehicleSign": "vehicle_sign",
    "Speed": "speed",
    "Lane": "lane",
    "Text": "text",
}
"""Members worth telling, by the device's name; others are left out."""
NESTED: Final = ("Object", "object", "Objects", "TrafficCar")
"""Members that carry some of them one step further down."""
