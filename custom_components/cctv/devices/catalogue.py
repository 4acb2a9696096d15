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
    _detection("motion", "Something moves in the picture"),
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
    _detection("passive_infrared", "The passive infrared sensor sees warmth move"),
    _detection("smoke", "Smoke is seen"),
    _detection("fire", "Fire is seen"),
    _binary("sound_lost", "The microphone gives nothing, or noise", minor=True),
    _binary("tamper", "The lens is covered"),
    _binary("scene_changed", "The camera was turned away", minor=True),
    _binary("defocused", "The picture is out of focus", minor=True),
    _binary("video_loss", "No picture comes from the sensor or the camera"),
    _binary("recording", "A file is being written"),
    # --- inputs and outputs
    _binary("input", "An alarm input is closed", nested=True),
    _switch("output", "An alarm output", nested=True),
    # --- the box's own troubles
    _binary("storage_failure", "A disk or card fails"),
    _binary("storage_missing", "No disk or card is found"),
    _binary("storage_low", "The disk or card is nearly full", minor=True),
    _binary("network_lost", "The device lost its network", minor=True),
    _binary("address_conflict", "Another device has the same address", minor=True),
    # --- moments
    Row("detection", Kind.EVENT, "Something was detected", options=("other",)),
    Row("doorbell", Kind.EVENT, "Somebody rings", options=("ring",), quiet=5),
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
    Row("restart", Kind.BUTTON, "Restart the device", minor=True, away=120),
    Row("sync_clock", Kind.BUTTON, "Set the device's clock"),
    # --- detection settings
    _switch("motion_detection", "Motion is looked for"),
    Row("motion_sensitivity", Kind.NUMBER, "How little motion counts", Unit.PERCENT),
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
    _switch("rule", "A rule of the video analysis is on", nested=True),
    Row(
        "smart_motion_sensitivity",
        Kind.CHOICE,
        "How easily people and vehicles are told",
        options=("low", "middle", "high"),
        minor=True,
    ),
    # --- recording
    Row("record_mode", Kind.CHOICE, "When the device records", options=("auto", "on", "off")),
    _switch("record", "We ask the device to record"),
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
    _switch("privacy", "The lens is hidden and nothing is seen"),
    _switch("enabled", "The camera is switched on"),
    Row(
        "day_night",
        Kind.CHOICE,
        "When the picture is black and white",
        options=("color", "auto", "black_white"),
    ),
)

CATALOGUE: Final[Mapping[str, Row]] = MappingProxyType({row.key: row for row in _ROWS})
"""All rows by key."""

ENGINE: Final = frozenset({"online", "event_source", "detection"})
"""The rows that the runner fills by itself; `online` below the box is the family's."""


def row(key: str) -> Row:
    """The row of a feature's key; KeyError for a key that is not in the catalogue."""
    return CATALOGUE[key]
