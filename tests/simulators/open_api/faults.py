"""Every switch that makes the camera odd; all of them may be turned while it runs."""

from dataclasses import dataclass, field
from enum import StrEnum


class Separator(StrEnum):
    """What stands between the headers and the body of a parameter list (§1.1)."""

    BARE_LF = "bare LF"
    ON_REQUEST = "CRLF for responseformat=rfc"
    CLEAN = "CRLF"


class UnknownGroup(StrEnum):
    """What a list of a group that is not there says (S-1.1)."""

    ERROR_LINE = "error line"
    EMPTY = "empty"


class NoWindows(StrEnum):
    """What the motion stream does while there is no window (S-4)."""

    EMPTY_PARTS = "empty parts"
    CLOSE = "close"
    SILENCE = "silence"


class Idle(StrEnum):
    """What a monitor says when nothing happens (S-5.2)."""

    STATE = "state"
    EMPTY = "empty part"
    NOTHING = "nothing"


class IoStyle(StrEnum):
    """How ports are spelt: `IO1:H`, or `1I:H` and `input1=1` (S-5)."""

    PRINTED = "printed"
    AXIS = "axis"


class Said(StrEnum):
    """What a command that worked says: 204, an empty 200, or OK."""

    NO_CONTENT = "204"
    EMPTY = "empty"
    OK = "OK"


class TimeStyle(StrEnum):
    """How time.cgi writes the time (S-1.10)."""

    SHORT = "Jul 04, 2013 09:05:07"
    LONG = "July 4, 2013  9:05:07"


@dataclass(slots=True)
class Faults:
    """Switches of one simulator; `every` counts parts or answers, and 0 is never."""

    # How answers are written (§1.1)
    separator: Separator = Separator.BARE_LF
    eol: bytes | None = None
    """Every line ends so, where it is not as printed."""
    latin1: bool = False
    splits: bool = False
    """TCP segments end anywhere."""
    delays: dict[str, float] = field(default_factory=dict)
    """Seconds before a path is answered."""
    mute: set[str] = field(default_factory=set)
    """Paths that are never answered."""
    missing: set[str] = field(default_factory=set)
    """Paths that this model has not got."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    """Paths that answer 200 with just this as HTML."""
    login_page_every: int = 0
    """A still is a login page instead, with 200."""
    busy_every: int = 0
    """A stream is refused with 503."""
    asp: bool = False
    """config.cgi and video.cgi lie below /asp (§0.2)."""

    # Who may do what (§1.4)
    denied_status: int = 401
    lenient_uri: bool = False
    """The uri of a Digest login need not be that of the request line."""

    # Parameters (S-1.1)
    root_prefix: bool = False
    unknown_group: UnknownGroup = UnknownGroup.ERROR_LINE
    duplicate_keys: bool = False

    # System (S-1.2 … S-1.11)
    plain_users: bool = False
    """usrgrp.cgi says OK instead of a sentence."""
    time_style: TimeStyle = TimeStyle.SHORT
    reboot_delay: float = 0.1
    down_seconds: float = 20.0
    silent_reboot: bool = False
    """The connection drops before the answer."""
    osd_missing: bool = False

    # Streams (S-2.3, S-4, S-5)
    dashed_boundary: bool = False
    quoted_boundary: bool = False
    first_delimiter: bool = True
    part_length: bool = True
    """Pictures in a stream say how long they are."""
    motion_interval: float = 0.25
    no_windows: NoWindows = NoWindows.EMPTY_PARTS
    exclude_windows: bool = False
    """Exclude windows are in the motion stream too."""
    wild_level_every: int = 0
    ghost_group_every: int = 0
    stall_every: int = 0
    stall_seconds: float = 5.0
    half_line_every: int = 0
    long_line_every: int = 0
    long_line: int = 10_000_000
    frame_interval: float = 0.2
    cut_picture_every: int = 0
    """The connection is reset in the middle of a JPEG."""
    empty_picture_every: int = 0
    """A part of a stream has Content-Length: 0."""

    # Ports (S-5)
    io_style: IoStyle = IoStyle.PRINTED
    io_base: int = 1
    """With 0 ports are asked for and named from 0, and a monitor tells all of them."""
    idle: Idle = Idle.STATE
    idle_seconds: float = 15.0
    blank_lines: bool = False
    """Extra blank lines inside the sections of a monitor."""
    output_says: Said = Said.EMPTY

    # PTZ (S-3)
    ptz_says: Said = Said.NO_CONTENT
    pan_is_step: bool = False
    """`pan` and `tilt` are signed steps."""

    # IP filter (S-6)
    filter_policy: bool = False
    """The list has a line `Input policy`."""

    # Audio (S-7)
    max_listeners: int = 2
    speaker_buffer: float = 4.0
    """Seconds of sound that fit; what comes faster is lost."""
    talk_answer: bool = False
    """The end of an upload is answered with 204."""
    lower_case_talk: bool = False
    """The path is /toserver.cgi only."""

    # Storage (S-8)
    truncated_xml: bool = False
    """The list of recordings is not closed."""
    format_seconds: float = 0.0
