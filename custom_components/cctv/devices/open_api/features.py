"""What this family's parameters, polls and feeds mean in the common language. Data only."""

from collections.abc import Mapping
from typing import Final

from ..device import Option
from ..model import Limits, Scalar
from ..settings import PERCENT, TEXT, Flag, Number, Setting, Words

# --- options --------------------------------------------------------------------------------

OFF_DELAY: Final = "motion_off_delay"
RTSP_PATH: Final = "rtsp_path"
RESOLUTION: Final = "live_resolution"
COMPRESSION: Final = "live_compression"

OPTIONS: Final = (
    Option(OFF_DELAY, "int", 3, 0, 60),
    Option(RTSP_PATH, "text", ""),
    Option(RESOLUTION, "text", ""),
    Option(COMPRESSION, "text", ""),
)

# --- what is listed at once -----------------------------------------------------------------

IMAGE: Final = "Image"
SOURCE: Final = "ImageSource"
MOTION: Final = "Motion"
PORTS: Final = "IOPort"
PTZ: Final = "PTZ"
GROUPS: Final = (
    "Brand",
    "Properties",
    "Network",
    "Time",
    "Input",
    "Output",
    PORTS,
    IMAGE,
    SOURCE,
    MOTION,
    PTZ,
    "Audio",
)
MAX_CAMERAS: Final = 32
MAX_PORTS: Final = 64
MAX_WINDOWS: Final = 64

# --- settings (§1.1) ------------------------------------------------------------------------

YES_NO: Final = Flag("yes", "no")
_IMAGE: Final = "Image.I{camera}"
_SENSOR: Final = "ImageSource.I{camera}.Sensor"
_WINDOW: Final = "Motion.M{window}"
_COMMON: Final = ("auto", "hold")
"""What every model takes; its other words become options when it is seen to use them."""


def _same(*words: str) -> dict[str, Scalar]:
    """A vocabulary that is the device's own."""
    return {word: word for word in words}


SETTINGS: Final = (
    Setting("compression", f"{_IMAGE}.Appearance.Compression", PERCENT),
    Setting("rotation", f"{_IMAGE}.Appearance.Rotation", Words(_same("0", "90", "180", "270"))),
    Setting("mirror", f"{_IMAGE}.Appearance.MirrorEnabled", YES_NO),
    Setting("frame_rate", f"{_IMAGE}.Stream.FPS", Number(Limits(0, 30))),
    # §1.11
    Setting("overlay_text", f"{_IMAGE}.Text.String", TEXT),
    Setting("overlay_shown", f"{_IMAGE}.Text.TextEnabled", YES_NO),
    Setting("overlay_clock", f"{_IMAGE}.Text.ClockEnabled", YES_NO),
    Setting("overlay_date", f"{_IMAGE}.Text.DateEnabled", YES_NO),
    Setting("brightness", f"{_SENSOR}.Brightness", PERCENT),
    Setting("contrast", f"{_SENSOR}.Contrast", PERCENT),
    Setting("saturation", f"{_SENSOR}.ColorLevel", PERCENT),
    Setting("sharpness", f"{_SENSOR}.Sharpness", PERCENT),
    Setting("white_balance", f"{_SENSOR}.WhiteBalance", Words(_same(*_COMMON))),
    Setting("exposure", f"{_SENSOR}.Exposure", Words(_same(*_COMMON))),
    Setting(
        "day_night",
        "ImageSource.I{camera}.DayNight.IrCutFilter",
        # The filter that keeps infrared out is in place by day.
        Words({"yes": "color", "auto": "auto", "no": "black_white"}),
    ),
    # §4
    Setting("motion_sensitivity", f"{_WINDOW}.Sensitivity", PERCENT),
    Setting("motion_history", f"{_WINDOW}.History", PERCENT),
    Setting("motion_object_size", f"{_WINDOW}.ObjectSize", PERCENT),
)

RESOLUTIONS: Final = Setting("resolution", f"{_IMAGE}.Appearance.Resolution", Words({}))
"""Its words are the model's own: Properties.Image.Resolution lists them."""

# --- polls and feeds (§4) -------------------------------------------------------------------

ALIVE: Final = "alive"
"""The clock, or where that is hidden a picture: that anything answers is what matters."""
SURVEY: Final = "survey"
INPUTS: Final = "inputs"
OUTPUTS: Final = "outputs"
POSITION: Final = "position"
PRESETS: Final = "presets"
DISKS: Final = "storage"
SOURCES: Final = "video"
SIZE: Final = "size"

MOVES: Final = "motion"
"""The feed of motion levels (§4.5)."""
EDGES: Final = "inputs"
"""The feed of inputs (§5.2)."""

EVERY: Final[Mapping[str, float]] = {
    ALIVE: 60,
    SURVEY: 6 * 3600,
    INPUTS: 10,
    OUTPUTS: 10,
    POSITION: 30,
    PRESETS: 300,
    DISKS: 60,
    SOURCES: 30,
    SIZE: 300,
    "config:": 300,
}
"""Seconds between two reads, by name or by what a name begins with."""
SETTLE: Final[Mapping[str, tuple[float, ...]]] = {OUTPUTS: (1.0,)}
MOVES_SILENCE: Final = 10.0
EDGES_SILENCE: Final = 45.0
"""Three empty parts may be missed, which come every 15 s."""


def every(poll: str) -> float:
    """Seconds between two reads of a poll."""
    return EVERY.get(poll) or EVERY[f"{poll.partition(':')[0]}:"]


# --- disks (§8.3) ---------------------------------------------------------------------------

DISK_STATES: Final[Mapping[str, str]] = {
    "ok": "normal",
    "connected": "absent",
    "disconnected": "absent",
    "failed": "failure",
}
"""A disk that is connected and not mounted is as good as none."""
RECORDED_BY: Final[Mapping[str, str]] = {
    "scheduled": "scheduled",
    "continuous": "scheduled",
    "triggered": "alarm",
}
"""What made a recording, by its type (§8.4); what an event was that triggered one is not told."""
