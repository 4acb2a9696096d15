"""The long tail of this family's settings, table by table (§4.3-§4.11, §5-§8). Data only."""

from typing import Final

from ..model import Limits
from ..settings import PERCENT, TEXT, TRUE_FALSE, VERBATIM, Flag, Number, Setting, Words

_INVERTED: Final = Flag("false", "true")
"""On where the device says that something is disabled."""
_HANDLER: Final = "MotionDetect[{camera}].EventHandler"
_MAIN: Final = "Encode[{camera}].MainFormat[0]"
_MAINS: Final = ("Encode[{camera}].MainFormat[1]", "Encode[{camera}].MainFormat[2]")
"""The same stream while motion or an alarm is recorded."""
_SUB: Final = "Encode[{camera}].ExtraFormat[0]"
_COLOUR: Final = "VideoColor[{camera}][*]"
_OPTIONS: Final = "VideoInOptions[{camera}]"
_IMAGE: Final = "VideoImageControl[{camera}][*]"
_WIDGET: Final = "VideoWidget[{camera}]"
_CODECS: Final = Words({each: each for each in ("H.264", "H.264H", "H.264B", "H.265", "MJPG")})
_RATES: Final = Words({"CBR": "constant", "VBR": "variable"})
_FRAMES: Final = Number(Limits(1, 60))
_BITS: Final = Number(Limits(16, 20_480))
_TURNS: Final = Words({"0": "0", "1": "90", "2": "270"})
_DAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def _same(*words: str) -> Words:
    """A vocabulary in the device's own words."""
    return Words({each: each for each in words})


def _all(member: str) -> tuple[str, ...]:
    """A member of the main stream in its other states."""
    return tuple(f"{each}.{member}" for each in _MAINS)


DETECTION: Final = (
    # §4.1 of detection: event handlers (§4.8, §4.9.1)
    Setting("record_on_motion", f"{_HANDLER}.RecordEnable", TRUE_FALSE, minor=True),
    Setting("snapshot_on_motion", f"{_HANDLER}.SnapshotEnable", TRUE_FALSE),
    Setting("email_on_motion", f"{_HANDLER}.MailEnable", TRUE_FALSE),
    # §4.3
    Setting(
        "sound_anomaly_detection",
        "AudioDetect[{camera}].AnomalyDetect",
        TRUE_FALSE,
        under="AudioDetect[{camera}].Enable",
    ),
    Setting("sound_threshold", "AudioDetect[{camera}].MutationThreold", PERCENT),
    # §4.9.2, §4.9.9-4.9.15
    Setting("input_alarm", "Alarm[{input}].Enable", TRUE_FALSE),
    Setting(
        "input_sensor",
        "Alarm[{input}].SensorType",
        Words({"NO": "normally_open", "NC": "normally_closed"}),
    ),
    Setting("video_loss_detection", "LossDetect[{camera}].Enable", TRUE_FALSE),
    Setting("login_failure_alarm", "LoginFailureAlarm.Enable", TRUE_FALSE),
    Setting("login_alarm_attempts", "LoginFailureAlarm.TryLoginTimes", Number(Limits(1, 30))),
    Setting("storage_missing_alarm", "StorageNotExist.Enable", TRUE_FALSE),
    Setting("storage_failure_alarm", "StorageFailure.Enable", TRUE_FALSE),
    Setting("storage_low_alarm", "StorageLowSpace.Enable", TRUE_FALSE),
    Setting("storage_limit", "StorageLowSpace.LowerLimit", Number(Limits(0, 99))),
    Setting("network_lost_alarm", "NetAbort.Enable", TRUE_FALSE),
    Setting("address_conflict_alarm", "IPConflict.Enable", TRUE_FALSE),
    # §7.3, §7.4
    Setting("tracking", "LeSmartTrack[{camera}].Enable", TRUE_FALSE),
    Setting("armed", "DisableLinkage[{camera}].Enable", _INVERTED, minor=True),
    Setting("armed", "DisableLinkage.Enable", _INVERTED, minor=True),
    Setting("device_notifications", "DisableEventNotify[{camera}].Enable", _INVERTED, minor=True),
    Setting("device_notifications", "DisableEventNotify.Enable", _INVERTED, minor=True),
    Setting("mask", "PrivacyMasking[{camera}][{mask}].Enable", TRUE_FALSE),
    # §8.1.2, §8.2.1
    Setting(
        "analysis_scene",
        "VideoAnalyseGlobal[{camera}].Scene.Type",
        _same("Normal", "FaceDetection", "NumberStat", "HeatMap"),
    ),
    Setting("count_overlay", "VideoWidgetNumberStat[{camera}].EncodeBlend", TRUE_FALSE),
    Setting("count_overlay", "VideoWidgetNumberStat[{camera}].Enable", TRUE_FALSE),
)

PICTURE: Final = (
    # §4.5.2
    Setting("brightness", f"{_COLOUR}.Brightness", PERCENT),
    Setting("contrast", f"{_COLOUR}.Contrast", PERCENT),
    Setting("saturation", f"{_COLOUR}.Saturation", PERCENT),
    Setting("hue", f"{_COLOUR}.Hue", PERCENT),
    Setting("gamma", f"{_COLOUR}.Gamma", PERCENT),
    # §5.1, and where that is missing §4.5.20
    Setting("rotate", f"{_OPTIONS}.Flip", TRUE_FALSE, minor=True),
    Setting("mirror", f"{_OPTIONS}.Mirror", TRUE_FALSE),
    Setting("rotation", f"{_OPTIONS}.Rotate90", _TURNS),
    Setting("rotate", f"{_IMAGE}.Flip", TRUE_FALSE, minor=True),
    Setting("mirror", f"{_IMAGE}.Mirror", TRUE_FALSE),
    Setting("rotation", f"{_IMAGE}.Rotate90", _TURNS),
    Setting("backlight", f"{_OPTIONS}.Backlight", Number(Limits(0, 100))),
    Setting(
        "white_balance",
        f"{_OPTIONS}.WhiteBalance",
        _same("Disable", "Auto", "Custom", "Sunny", "Cloudy", "Home", "Office", "Night"),
    ),
    Setting(
        "exposure",
        f"{_OPTIONS}.ExposureMode",
        Words({"0": "auto", "1": "gain", "2": "shutter", "4": "manual"}),
    ),
    Setting("sharpness", "VideoInSharpness[{camera}][*].Sharpness", PERCENT),
    Setting(
        "picture_profile",
        "VideoInMode[{camera}].Mode",
        Words({"0": "fixed", "1": "schedule", "2": "day_night"}),
        minor=True,
    ),
    Setting(
        "floodlight_mode",
        "FloodLightMode.Mode",
        Words({"1": "motion", "2": "manual", "3": "schedule", "4": "infrared"}),
    ),
    # §4.5.7, §4.5.12
    Setting("object_name", "ChannelTitle[{camera}].Name", TEXT),
    Setting("overlay_clock", f"{_WIDGET}.TimeTitle.EncodeBlend", TRUE_FALSE),
    Setting("overlay_name", f"{_WIDGET}.ChannelTitle.EncodeBlend", TRUE_FALSE),
    Setting("overlay_shown", f"{_WIDGET}.CustomTitle[0].EncodeBlend", TRUE_FALSE),
    Setting("overlay_text", f"{_WIDGET}.CustomTitle[0].Text", TEXT),
    # §4.5.11
    Setting("video_standard", "VideoStandard", _same("PAL", "NTSC")),
)

STREAMS: Final = (
    # §4.5.5
    Setting("video_codec", f"{_MAIN}.Video.Compression", _CODECS, also=_all("Video.Compression")),
    Setting(
        "resolution",
        f"{_MAIN}.Video.resolution",
        VERBATIM,
        also=(*_all("Video.resolution"), f"{_MAIN}.Video.CustomResolutionName"),
    ),
    Setting(
        "resolution",
        f"{_MAIN}.Video.CustomResolutionName",
        VERBATIM,
        also=_all("Video.CustomResolutionName"),
    ),
    Setting("frame_rate", f"{_MAIN}.Video.FPS", _FRAMES, also=_all("Video.FPS"), minor=True),
    Setting("bitrate", f"{_MAIN}.Video.BitRate", _BITS, also=_all("Video.BitRate")),
    Setting(
        "bitrate_control",
        f"{_MAIN}.Video.BitRateControl",
        _RATES,
        also=_all("Video.BitRateControl"),
    ),
    Setting(
        "keyframe_interval",
        f"{_MAIN}.Video.GOP",
        Number(Limits(1, 150)),
        also=_all("Video.GOP"),
    ),
    Setting("stream_sound", f"{_MAIN}.AudioEnable", TRUE_FALSE, also=_all("AudioEnable")),
    Setting("sub_stream", f"{_SUB}.VideoEnable", TRUE_FALSE),
    Setting("sub_stream_sound", f"{_SUB}.AudioEnable", TRUE_FALSE),
    Setting("sub_video_codec", f"{_SUB}.Video.Compression", _CODECS),
    Setting("sub_resolution", f"{_SUB}.Video.resolution", VERBATIM),
    Setting("sub_resolution", f"{_SUB}.Video.CustomResolutionName", VERBATIM),
    Setting("sub_frame_rate", f"{_SUB}.Video.FPS", _FRAMES),
    Setting("sub_bitrate", f"{_SUB}.Video.BitRate", _BITS),
    # §4.5.6
    Setting("smart_codec", "SmartEncode[{camera}].Enable", TRUE_FALSE),
)

SYSTEM: Final = (
    # §4.6
    Setting("machine_name", "General.MachineName", TEXT),
    Setting("login_lock", "General.LockLoginEnable", TRUE_FALSE),
    Setting("login_attempts", "General.LockLoginTimes", Number(Limits(1, 30))),
    Setting("login_lock_time", "General.LoginFailLockTime", Number(Limits(1, 86_400))),
    Setting("daylight_saving", "Locales.DSTEnable", TRUE_FALSE),
    Setting("time_format", "Locales.TimeFormat", VERBATIM),
    Setting("language", "Language", VERBATIM),
    Setting("auto_reboot", "AutoMaintain.AutoRebootEnable", TRUE_FALSE),
    Setting(
        "auto_reboot_day",
        "AutoMaintain.AutoRebootDay",
        Words({"-1": "never", "7": "daily", **{str(at): day for at, day in enumerate(_DAYS)}}),
    ),
    Setting("onvif_login", "UserGlobal.OnvifLoginCheck", TRUE_FALSE),
    # §4.7
    Setting("ntp", "NTP.Enable", TRUE_FALSE),
    Setting("ntp_server", "NTP.Address", TEXT),
    Setting("upnp", "UPnP.Enable", TRUE_FALSE),
    Setting("cloud", "T2UServer.Enable", TRUE_FALSE),
    Setting("alarm_server", "AlarmServer.Enable", TRUE_FALSE),
    Setting("alarm_server_address", "AlarmServer.Address", TEXT),
)

RECORDING: Final = (
    # §4.11
    Setting("pre_record", "Record[{camera}].PreRecord", Number(Limits(0, 30))),
    Setting("record_stream", "Record[{camera}].Stream", Words({"0": "main", "1": "sub"})),
    Setting("holiday_recording", "Record[{camera}].HolidayEnable", TRUE_FALSE),
    Setting("record_snapshot", "Record[{camera}].SnapShot", TRUE_FALSE),
    Setting("overwrite", "MediaGlobal.OverWrite", TRUE_FALSE),
    Setting("record_length", "MediaGlobal.PacketLength", Number(Limits(1, 120))),
    # §6.2, §6.3
    Setting("network_storage", "NAS[{nas}].Enable", TRUE_FALSE),
    Setting("file_hold_time", "StorageGroup[{group}].FileHoldTime", Number(Limits(0, 255))),
)

DRIVE: Final = (
    # §4.10.1, §4.10.2
    Setting("homing_delay", "Ptz[{camera}].Homing[1]", Number(Limits(0, 3_600))),
    Setting(
        "idle_action",
        "PtzAutoMovement[{camera}][0].Function",
        Words(
            {
                "None": "none",
                "Scan": "scan",
                "Preset": "preset",
                "Pattern": "pattern",
                "Tour": "tour",
            }
        ),
    ),
    Setting("auto_homing", "PtzAutoMovement[{camera}][0].AutoHoming.Enable", TRUE_FALSE),
    # §5.1.1, §5.1.2
    Setting("focus_mode", "VideoInFocus[{camera}][*].Mode", Words({"0": "auto"})),
    Setting("zoom_speed", "VideoInZoom[{camera}][*].Speed", Number(Limits(0, 100))),
    Setting("digital_zoom", "VideoInZoom[{camera}][*].DigitalZoom", TRUE_FALSE),
)

SECTIONS: Final = (
    # §10.1.2, §10.2.2, asked only of thermal cameras
    Setting("palette", "ThermographyOptions[{camera}].Colorization", VERBATIM),
    Setting("palette", "ThermographyOptions[{camera}][*].Colorization", VERBATIM),
    Setting("thermometry", "HeatImagingThermometry[{camera}].Enable", TRUE_FALSE),
    Setting(
        "emissivity",
        "HeatImagingThermometry[{camera}].ObjectEmissivity",
        Number(Limits(0.01, 1, 0.01), whole=False),
    ),
    # §7.3.1, asked only of recorders with monitors
    Setting("monitor_tour", "MonitorTour[{display}].Enable", TRUE_FALSE),
    Setting("tour_interval", "MonitorTour[{display}].Interval", Number(Limits(1, 3_600))),
)

BOX_TABLES: Final = (
    "LossDetect",
    "General",
    "LoginFailureAlarm",
    "StorageNotExist",
    "StorageFailure",
    "StorageLowSpace",
    "NetAbort",
    "IPConflict",
    "Alarm",
    "DisableLinkage",
    "DisableEventNotify",
    "Locales",
    "Language",
    "AutoMaintain",
    "UserGlobal",
    "NTP",
    "UPnP",
    "T2UServer",
    "AlarmServer",
    "Record",
    "MediaGlobal",
    "NAS",
    "StorageGroup",
    "ChannelTitle",
)
"""Tables that can wait, on every box."""
CAMERA_TABLES: Final = (
    "VideoColor",
    "VideoImageControl",
    "VideoInSharpness",
    "VideoInMode",
    "VideoInFocus",
    "VideoInZoom",
    "VideoWidget",
    "VideoWidgetNumberStat",
    "VideoStandard",
    "VideoAnalyseGlobal",
    "PrivacyMasking",
    "Encode",
    "SmartEncode",
    "Ptz",
    "PtzAutoMovement",
    "LeSmartTrack",
    "FloodLightMode",
)
"""Those that recorders have not, or only as a copy of what their cameras have (§1)."""
