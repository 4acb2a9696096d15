"""Every kind of feature, a row each: what it is, its unit, its vocabulary, how it rests."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """How a row is read, set or heard; each is one Home Assistant platform."""

    BINARY = "binary"
    MEASURE = "measure"
    LABEL = "label"
    MOMENT = "moment"
    SWITCH = "switch"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    TIME = "time"
    BUTTON = "button"
    EVENT = "event"
    LIGHT = "light"
    SIREN = "siren"
    LOCK = "lock"
    IMAGE = "image"
    SPEAKER = "speaker"
    FIRMWARE = "firmware"


class Unit(StrEnum):
    """The units that values are told in, whatever the device counts in."""

    PERCENT = "%"
    BYTES = "B"
    SECONDS = "s"
    MINUTES = "min"
    CELSIUS = "°C"
    DEGREES = "°"


SETTABLE: Final = frozenset(
    {Kind.SWITCH, Kind.NUMBER, Kind.CHOICE, Kind.TEXT, Kind.TIME, Kind.LIGHT, Kind.SIREN, Kind.LOCK}
)
"""The kinds that take a Set; a BUTTON takes a Press."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the catalogue."""

    key: str
    kind: Kind
    about: str
    unit: Unit | None = None
    options: tuple[str, ...] = ()
    """The closed vocabulary of a CHOICE, LABEL or EVENT."""
    rest: bool | int | str | None = None
    """The value it returns to by itself."""
    detects: bool = False
    """A rising edge is also a detection event of its camera."""
    quiet: float = 0
    """An event within so many seconds of the last is the same one."""
    minor: bool = False
    """For few people: disabled at first."""
    nested: bool = False
    """May sit below a camera more than once, so its name says where."""
    away: float = 0
    """Seconds for which the box may be gone after it was pressed."""


def _binary(key: str, about: str, *, minor: bool = False, nested: bool = False) -> Row:
    return Row(key, Kind.BINARY, about, rest=False, minor=minor, nested=nested)


def _detection(key: str, about: str, *, minor: bool = False, nested: bool = False) -> Row:
    return Row(key, Kind.BINARY, about, rest=False, detects=True, minor=minor, nested=nested)


def _switch(key: str, about: str, *, minor: bool = False, nested: bool = False) -> Row:
    return Row(key, Kind.SWITCH, about, minor=minor, nested=nested)


_ROWS: Final = (
    # --- the box and its sources
    Row("online", Kind.BINARY, "The device, or the camera behind a recorder, answers"),
    Row("event_source", Kind.BINARY, "Events are heard at once", minor=True),
    # --- what a camera sees and hears
    _detection("motion", "Something moves in the picture", nested=True),
    _detection("person", "A person is seen"),
    _detection("vehicle", "A vehicle is seen"),
    _detection("animal", "An animal is seen"),
    _detection("face", "A face is seen"),
    _detection("line_crossed", "Somebody crosses a line", nested=True),
    _detection("intrusion", "Somebody enters, leaves or is in a zone", nested=True),
    _detection("object_left", "An object was left behind", nested=True),
    _detection("object_taken", "An object is missing", nested=True),
    _detection("loitering", "Somebody stays around", minor=True, nested=True),
    _detection("crowd", "Many people gather", minor=True, nested=True),
    _detection("fast_moving", "Something moves fast", minor=True, nested=True),
    _detection("parking", "A vehicle parks where it should not", minor=True, nested=True),
    _detection("sound", "A sudden sound is heard"),
    _detection("crying", "A baby cries"),
    _detection("passive_infrared", "The passive infrared sensor sees warmth move"),
    _detection("smoke", "Smoke is seen"),
    _detection("fire", "Fire is seen"),
    _binary("sound_lost", "The microphone gives nothing, or noise", minor=True),
    _binary("tamper", "The lens is covered"),
    _binary("scene_changed", "The camera was turned away", minor=True),
    _binary("defocused", "The picture is out of focus", minor=True),
    _binary("video_loss", "No picture comes from the sensor or the camera"),
    _binary("recording", "A file is being written"),
    _binary("clip_recording", "An extra clip is being written"),
    Row("motion_level", Kind.MEASURE, "How much moves", Unit.PERCENT, minor=True, nested=True),
    Row("sound_level", Kind.MEASURE, "How loud it is", Unit.PERCENT, minor=True),
    # --- inputs and outputs
    _binary("input", "An alarm input is closed", nested=True),
    _switch("output", "An alarm output", nested=True),
    Row("pulse", Kind.BUTTON, "Switch an output on for a moment", nested=True),
    Row(
        "pulse_length",
        Kind.NUMBER,
        "How long that moment is",
        Unit.SECONDS,
        minor=True,
        nested=True,
    ),
    # --- the box's own troubles
    _binary("storage_failure", "A disk or card fails", nested=True),
    _binary("storage_missing", "No disk or card is found"),
    _binary("storage_low", "The disk or card is nearly full", minor=True),
    _binary("storage_locked", "The disk or card cannot be written", minor=True, nested=True),
    _binary("network_lost", "The device lost its network", minor=True),
    _binary("address_conflict", "Another device has the same address", minor=True),
    # --- moments
    Row("detection", Kind.EVENT, "Something was detected", options=("other",)),
    Row("doorbell", Kind.EVENT, "Somebody rings", options=("ring",), quiet=5),
    Row("alert", Kind.EVENT, "The recorder raised an alert", options=("alert",)),
    Row(
        "call",
        Kind.EVENT,
        "A doorbell's call goes on",
        options=("answered", "missed", "ended"),
        quiet=2,
        minor=True,
    ),
    Row(
        "security",
        Kind.EVENT,
        "Somebody tried to log in, or the device was touched",
        options=("login_failed", "reboot", "time_changed", "configuration_changed", "opened"),
        minor=True,
    ),
    Row(
        "new_file",
        Kind.EVENT,
        "The device stored a file",
        options=("video", "picture", "other"),
        minor=True,
    ),
    # --- storage
    Row("storage_used", Kind.MEASURE, "How much of the disk is used", Unit.PERCENT, nested=True),
    Row(
        "storage_size", Kind.MEASURE, "How much the disk holds", Unit.BYTES, minor=True, nested=True
    ),
    Row("storage_free", Kind.MEASURE, "How much of the disk is free", Unit.PERCENT, nested=True),
    Row(
        "storage_state",
        Kind.LABEL,
        "How the disk is",
        options=("normal", "failure", "degraded", "unformatted", "absent"),
        nested=True,
    ),
    # --- the device itself
    Row(
        "clock_drift",
        Kind.MEASURE,
        "How far the device's clock is ahead of ours",
        Unit.SECONDS,
        minor=True,
    ),
    Row("started", Kind.MOMENT, "When the device was started", minor=True),
    Row("sessions", Kind.MEASURE, "How many are logged in", minor=True),
    Row(
        "wifi_signal",
        Kind.MEASURE,
        "How well the wireless network is received",
        Unit.PERCENT,
        minor=True,
    ),
    Row("memory_free", Kind.MEASURE, "How much memory is free", Unit.PERCENT, minor=True),
    Row("load", Kind.MEASURE, "How busy the device was in the last minute", minor=True),
    Row("picture_size", Kind.LABEL, "Width and height of the picture", minor=True),
    Row("current_file", Kind.LABEL, "The file that is being written", minor=True),
    Row("last_snapshot", Kind.MOMENT, "When we last had a picture stored", minor=True),
    Row("restart", Kind.BUTTON, "Restart the device", minor=True, away=120),
    Row("sync_clock", Kind.BUTTON, "Set the device's clock"),
    Row("save_settings", Kind.BUTTON, "Keep the settings over a restart", minor=True),
    Row("apply_settings", Kind.BUTTON, "Tell the device again what it forgot", minor=True),
    Row("firmware", Kind.FIRMWARE, "The device's software"),
    _switch("rtsp_service", "The device serves live streams", minor=True),
    _switch("onvif_service", "The device speaks ONVIF", minor=True),
    _switch("recording_service", "The device's recorder runs", minor=True),
    # --- detection settings
    _switch("motion_detection", "Motion is looked for"),
    Row("motion_sensitivity", Kind.NUMBER, "How little motion counts", Unit.PERCENT, nested=True),
    Row(
        "motion_threshold",
        Kind.NUMBER,
        "How much of the window must move",
        Unit.PERCENT,
        minor=True,
    ),
    _switch("person_detection", "People are told from other motion"),
    _switch("vehicle_detection", "Vehicles are told from other motion"),
    _switch("sound_detection", "Sudden sounds are listened for"),
    _switch("tamper_detection", "A covered lens is looked for", minor=True),
    _switch("animal_detection", "Animals are told from other motion"),
    _switch("face_detection", "Faces are looked for"),
    _switch("crying_detection", "A crying baby is listened for"),
    _switch("tracking", "The camera turns after what moves"),
    Row(
        "detection_sensitivity",
        Kind.CHOICE,
        "How little motion counts",
        options=("low", "medium", "high"),
    ),
    Row("sound_sensitivity", Kind.CHOICE, "How quiet a sound counts"),
    Row(
        "motion_history",
        Kind.NUMBER,
        "How long an object counts as moving",
        Unit.PERCENT,
        minor=True,
        nested=True,
    ),
    Row(
        "motion_object_size",
        Kind.NUMBER,
        "How small an object counts",
        Unit.PERCENT,
        minor=True,
        nested=True,
    ),
    _switch("alerts", "Alerts are raised"),
    Row(
        "alert_interval",
        Kind.NUMBER,
        "How long no second alert is raised",
        Unit.SECONDS,
        minor=True,
    ),
    _switch("notify_on_disconnect", "The recorder tells when the camera goes", minor=True),
    _switch("rule", "A rule of the video analysis is on", nested=True),
    Row(
        "smart_motion_sensitivity",
        Kind.CHOICE,
        "How easily people and vehicles are told",
        options=("low", "middle", "high"),
        minor=True,
    ),
    # --- recording
    Row(
        "record_mode",
        Kind.CHOICE,
        "When the device records",
        options=("auto", "on", "off", "detection", "alert"),
    ),
    _switch("record", "We ask the device to record"),
    _switch("clip", "We ask for an extra clip"),
    _switch("record_on_motion", "Only motion is recorded"),
    _switch("schedule", "The camera follows its schedule"),
    _switch("timelapse", "A time-lapse film is made", minor=True),
    Row("timelapse_interval", Kind.NUMBER, "A picture of it so often", Unit.SECONDS, minor=True),
    Row("timelapse_rate", Kind.NUMBER, "Its pictures a second", minor=True),
    _switch("ftp_pictures", "Pictures are sent by FTP", minor=True),
    Row("last_recording", Kind.MOMENT, "When the newest recording began"),
    Row("recordings_today", Kind.MEASURE, "How many recordings began today", minor=True),
    Row("new_recording", Kind.EVENT, "A recording was finished and can be played"),
    _switch("ftp_recordings", "Recordings are sent by FTP", minor=True),
    _switch("save_pictures", "Pictures are stored", minor=True),
    _switch("cloud_pictures", "Pictures are sent to the cloud", minor=True),
    _switch("cloud_recordings", "Recordings are sent to the cloud", minor=True),
    Row("split_time", Kind.NUMBER, "A new file so often", Unit.MINUTES),
    _switch("reevaluate_tags", "Names are worked out anew at each split", minor=True),
    Row("recording_directory", Kind.TEXT, "Where recordings go"),
    Row("inspection_directory", Kind.TEXT, "Where pictures and clips go"),
    Row("file_template", Kind.TEXT, "How files are named", minor=True),
    Row("directory_template", Kind.TEXT, "How folders are named", minor=True),
    Row("picture_template", Kind.TEXT, "How pictures are named", minor=True),
    Row("data_log_template", Kind.TEXT, "How data logs are named", minor=True),
    Row("event_template", Kind.TEXT, "How events are named", minor=True),
    Row("anomaly_template", Kind.TEXT, "How anomalies are named", minor=True),
    # --- what a button does
    Row("take_snapshot", Kind.BUTTON, "Have the device store a picture"),
    Row("trigger_alert", Kind.BUTTON, "Raise an alert"),
    Row("trigger_detection", Kind.BUTTON, "Act as if something was detected", minor=True),
    Row("trigger_plugin", Kind.BUTTON, "Have the camera's plug-in look", minor=True),
    Row("toggle_alert_mode", Kind.BUTTON, "Alert on motion, or on none", minor=True),
    Row("all_on", Kind.BUTTON, "Switch everything on", nested=True),
    Row("all_off", Kind.BUTTON, "Switch everything off", nested=True),
    Row("all_record", Kind.BUTTON, "Record everything", nested=True),
    Row("all_stop", Kind.BUTTON, "Stop recording everything", nested=True),
    Row("all_alerts_on", Kind.BUTTON, "Raise alerts everywhere", minor=True, nested=True),
    Row("all_alerts_off", Kind.BUTTON, "Raise alerts nowhere", minor=True, nested=True),
    Row("apply_schedule", Kind.BUTTON, "Follow the schedules now", minor=True),
    Row("run", Kind.BUTTON, "Run a command of the recorder", nested=True),
    # --- moving the camera
    Row("pan_left", Kind.BUTTON, "Turn left for a step"),
    Row("pan_right", Kind.BUTTON, "Turn right for a step"),
    Row("tilt_up", Kind.BUTTON, "Turn up for a step"),
    Row("tilt_down", Kind.BUTTON, "Turn down for a step"),
    Row("zoom_in", Kind.BUTTON, "Zoom in for a step"),
    Row("zoom_out", Kind.BUTTON, "Zoom out for a step"),
    Row("ptz_home", Kind.BUTTON, "Go to the home position"),
    Row("ptz_step", Kind.NUMBER, "How long a step is", Unit.SECONDS, minor=True),
    Row("preset", Kind.CHOICE, "The stored position the camera was sent to"),
    Row("ptz_command", Kind.CHOICE, "A command of the camera's drive", minor=True),
    Row(
        "cruise",
        Kind.CHOICE,
        "How the camera looks around by itself",
        options=("off", "presets", "circle"),
    ),
    Row("pan", Kind.MEASURE, "Where the camera looks, left and right", Unit.DEGREES, minor=True),
    Row("tilt", Kind.MEASURE, "Where the camera looks, up and down", Unit.DEGREES, minor=True),
    Row("zoom_position", Kind.MEASURE, "How far the camera is zoomed", minor=True),
    _switch("autofocus", "The camera focuses by itself"),
    _switch("autoiris", "The camera sets its iris by itself", minor=True),
    # --- lights, sound, privacy
    Row("floodlight", Kind.LIGHT, "The white lamp"),
    Row("warning_light", Kind.LIGHT, "The lamp that warns off"),
    Row(
        "infrared",
        Kind.CHOICE,
        "When the infrared lamp shines",
        options=("auto", "manual", "off", "zoom"),
    ),
    Row(
        "infrared_level",
        Kind.NUMBER,
        "How bright the infrared lamp shines",
        Unit.PERCENT,
        minor=True,
    ),
    Row(
        "light_scheme",
        Kind.CHOICE,
        "Which lamp lights the night",
        options=("infrared", "white", "smart", "off"),
        minor=True,
    ),
    _switch("status_light", "The little lamp on the case"),
    Row("siren", Kind.SIREN, "The siren", rest=False),
    Row("speaker_volume", Kind.NUMBER, "How loud the speaker is", Unit.PERCENT, minor=True),
    Row(
        "microphone_volume",
        Kind.NUMBER,
        "How sensitive the microphone is",
        Unit.PERCENT,
        minor=True,
    ),
    Row("speaker", Kind.SPEAKER, "Plays sounds and speech"),
    _switch("listen_at_server", "The recorder's own speakers play the microphone", minor=True),
    _switch("talk_from_server", "The recorder's own microphone speaks to the camera", minor=True),
    _switch("privacy", "The lens is hidden and nothing is seen"),
    _switch("enabled", "The camera is switched on"),
    _switch("night_vision", "The picture turns to infrared at night"),
    # --- the picture
    Row("frame_rate", Kind.NUMBER, "Pictures a second at most", minor=True),
    Row("record_frame_rate", Kind.NUMBER, "Recorded pictures a second at most", minor=True),
    Row("resolution", Kind.CHOICE, "Width and height of the picture", minor=True),
    Row("compression", Kind.NUMBER, "How hard pictures are compressed", Unit.PERCENT, minor=True),
    Row("brightness", Kind.NUMBER, "How bright the picture is", Unit.PERCENT, minor=True),
    Row("contrast", Kind.NUMBER, "How much contrast the picture has", Unit.PERCENT, minor=True),
    Row("saturation", Kind.NUMBER, "How colourful the picture is", Unit.PERCENT, minor=True),
    Row("sharpness", Kind.NUMBER, "How sharp the picture is", Unit.PERCENT, minor=True),
    Row("white_balance", Kind.CHOICE, "What counts as white", minor=True),
    Row("exposure", Kind.CHOICE, "How long a picture is exposed", minor=True),
    Row("rotation", Kind.CHOICE, "How far the picture is turned", minor=True),
    _switch("rotate", "The picture stands on its head"),
    _switch("mirror", "Left and right are swapped", minor=True),
    Row("overlay_text", Kind.TEXT, "The text in the picture", minor=True),
    _switch("overlay_shown", "The text is shown", minor=True),
    _switch("overlay_clock", "The time is shown in the picture", minor=True),
    _switch("overlay_date", "The date is shown in the picture", minor=True),
    Row("object_name", Kind.TEXT, "What the recorder calls it", minor=True),
    Row("access_groups", Kind.TEXT, "Which groups may see it", minor=True),
    Row("last_picture", Kind.IMAGE, "The picture of the last event"),
    Row("floor_plan", Kind.IMAGE, "A plan of the place", nested=True),
    Row(
        "day_night",
        Kind.CHOICE,
        "When the picture is black and white",
        options=("color", "auto", "black_white"),
    ),
)

CATALOGUE: Final[Mapping[str, Row]] = MappingProxyType({row.key: row for row in _ROWS})
"""All rows by key."""

RECORDING_KINDS: Final = (
    *(row.key for row in _ROWS if row.detects),
    "tamper",
    "input",
    "doorbell",
    "alarm",
    "scheduled",
    "manual",
    "timelapse",
    "other",
)
"""What may have triggered a recording: every detection, and what else starts one."""

ENGINE: Final = frozenset(
    {
        "online",
        "event_source",
        "detection",
        "last_recording",
        "recordings_today",
        "new_recording",
        "pan_left",
        "pan_right",
        "tilt_up",
        "tilt_down",
        "zoom_in",
        "zoom_out",
        "ptz_home",
        "ptz_step",
    }
)
"""The rows that the runner fills: `online` of the box alone, buttons of parts with a drive."""


def row(key: str) -> Row:
    """The row of a feature's key; KeyError for a key that is not in the catalogue."""
    return CATALOGUE[key]
