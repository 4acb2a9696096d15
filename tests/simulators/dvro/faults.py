"""Every switch that makes the recorder odd; all of them may be turned while it runs (§8)."""

from dataclasses import dataclass, field
from enum import StrEnum


class Framing(StrEnum):
    """How a body is delimited."""

    CHUNKED = "chunked"
    LENGTH = "length"
    CLOSE = "close"


class Booleans(StrEnum):
    """How a bare boolean is written (§2)."""

    BARE = "bare"
    CAPITAL = "capital"
    QUOTED = "quoted"
    OBJECT = "object"


class JsonStyle(StrEnum):
    """How a JSON object is spaced."""

    PRINTED = "printed"
    COMPACT = "compact"
    PRETTY = "pretty"


class NoFolder(StrEnum):
    """What startrecording answers while the screen asks for a folder."""

    AT_ONCE = "at once"
    LATE = "late"
    """Only when somebody answered the dialog, or after `dialog_seconds`."""
    ERROR = "error"


class Amnesia(StrEnum):
    """What a restart of the software forgets beside what was running."""

    RECORDING_DIRECTORY = "recording directory"
    EVERYTHING = "everything"


@dataclass(slots=True)
class Faults:
    """Switches of one simulator."""

    # How answers are written
    framing: Framing = Framing.CHUNKED
    chunk: int = 4096
    booleans: Booleans = Booleans.BARE
    boolean_type: str = "application/json; charset=utf-8"
    json: JsonStyle = JsonStyle.PRINTED
    bom: bool = False
    empty_length: bool = True
    """An empty body has `Content-Length: 0`."""
    html_pages: bool = False
    """Errors are whole pages with words that could be taken for an answer."""
    fragment: int | None = None
    """Send in pieces of this many bytes."""
    template_json: bool = False
    """GET pathtemplate answers the current values (row 9)."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    """Paths that answer 200 with just this, at once."""

    # What goes wrong
    missing: set[str] = field(default_factory=set)
    """Paths that this version has not got."""
    failing: set[str] = field(default_factory=set)
    """Paths that answer 500 and do nothing."""
    delays: dict[str, float] = field(default_factory=dict)
    """Seconds before a path is answered; what it does is done at once."""
    mute: set[str] = field(default_factory=set)
    """Paths that are never answered."""
    bad_json_status: int = 500

    # How it records
    no_folder: NoFolder = NoFolder.AT_ONCE
    dialog_seconds: float = 30.0
    start_lag: float = 0.0
    """Seconds until the files open after startrecording."""
    stop_lag: float = 0.0
    idle_clip_status: int = 200
    """Answer of startclip outside a recording."""

    # Life
    amnesia: Amnesia = Amnesia.RECORDING_DIRECTORY
    restart_seconds: float = 3.0
