"""What a recorder has, as data: polls, features, options, and all that it forgets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ..device import Option
from ..model import BOX, Feature, FeatureId, Limits, Need, Poll, Scalar
from . import wire

MAKER: Final = "SubC Imaging"
MODEL: Final = "DVR+O / SCI"
PORT: Final = 13000
STATUS_PORT: Final = 8088

# --- options (§5.3, §5.6, §6, §7) ---------------------------------------------------------------

STATUS_PORT_OPTION: Final = "status_port"
SOURCE_URL: Final = "source_url"
RESTORE: Final = "restore"
CLIP_CHECK: Final = "clip_check"
OPTIONS: Final = (
    Option(STATUS_PORT_OPTION, "int", default=STATUS_PORT, min=0, max=65535),
    Option(SOURCE_URL, "url"),
    Option(RESTORE, "bool", default=True),
    Option(CLIP_CHECK, "bool", default=True),
)
"""The second port (0: none), the camera that is recorded, and two habits."""

# --- polls (§5) ---------------------------------------------------------------------------------

PING: Final = "ping"
RECORDING: Final = "recording"
CLIP: Final = "clip"
TEMPLATES: Final = "templates"
DRIVE: Final = "drive"
FILE: Final = "file"
SURVEY: Final = "survey"
POLLS: Final[Mapping[str, Poll]] = {
    poll.name: poll
    for poll in (
        Poll(PING, every=10, need=Need.VITAL),
        Poll(RECORDING, every=10),
        Poll(CLIP, every=10),
        Poll(TEMPLATES, every=300),
        Poll(DRIVE, every=30),
        Poll(FILE, every=30),
        Poll(SURVEY, every=600, need=Need.ALWAYS),
    )
}

# --- what says whether it records (§9) ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """One request that tells whether it records."""

    name: str
    path: str
    status: bool
    """On the second port."""


LADDER: Final = (
    Rung("inspector isrecording", "/api/inspector/isrecording", status=False),
    Rung("inspector encoderrunning", "/api/inspector/encoderrunning", status=False),
    Rung("status isrecording", "/api/recording/isrecording", status=True),
    Rung("status encoderrunning", "/api/recording/encoderrunning", status=True),
)

# --- what it forgets (§5) -----------------------------------------------------------------------

RECORDING_DIRECTORY: Final = "recording_directory"
INSPECTION_DIRECTORY: Final = "inspection_directory"
SPLIT_TIME: Final = "split_time"
REEVALUATE_TAGS: Final = "reevaluate_tags"
FILE_TEMPLATE: Final = "file_template"
TEMPLATE_NAMES: Final[Mapping[str, str]] = {
    FILE_TEMPLATE: "FilenameTemplate",
    "directory_template": "DirectoryTemplate",
    "picture_template": "FramegrabTemplate",
    "data_log_template": "DataLogTemplate",
    "event_template": "EventTemplate",
    "anomaly_template": "AnomalyTemplate",
}
"""The keys of pathtemplate (§4.2)."""
CHECKS: Final[Mapping[str, Callable[[object], Scalar]]] = {
    RECORDING_DIRECTORY: wire.path,
    INSPECTION_DIRECTORY: wire.path,
    SPLIT_TIME: wire.minutes,
    REEVALUATE_TAGS: wire.switched,
    **dict.fromkeys(TEMPLATE_NAMES, wire.template),
}
"""Everything that is set through us and forgotten by the recorder, and what it must be like."""

# --- features (§6) ------------------------------------------------------------------------------

_LINE: Final = Limits(1, wire.LONGEST)
LIMITS: Final[Mapping[str, Limits]] = {
    RECORDING_DIRECTORY: _LINE,
    INSPECTION_DIRECTORY: _LINE,
    SPLIT_TIME: Limits(1, 1440),
    **dict.fromkeys(TEMPLATE_NAMES, _LINE),
}
ALWAYS: Final = (
    *(Feature(BOX, key, limits=LIMITS.get(key)) for key in CHECKS if key not in TEMPLATE_NAMES),
    Feature(BOX, "record", poll=RECORDING),
    Feature(BOX, "recording", poll=RECORDING),
    Feature(BOX, "take_snapshot"),
    Feature(BOX, "last_snapshot"),
    Feature(BOX, "apply_settings"),
)
OPTIONAL: Final[Mapping[str, Feature]] = {
    CLIP: Feature(BOX, "clip_recording", poll=CLIP),
    DRIVE: Feature(BOX, "storage_free", poll=DRIVE),
    FILE: Feature(BOX, "current_file", poll=FILE),
}
"""What is there where its poll was answered."""


def of(key: str) -> FeatureId:
    """A feature of the box, the only part there is."""
    return f"{BOX}:{key}"
