"""Every switch that makes the device odd or ill; all of them may be turned while it runs."""

from dataclasses import dataclass, field
from enum import StrEnum

from tests.simulators.amcrest.grammar import Refusal


class JsonStyle(StrEnum):
    """The two JSON printers of the event stream (§4.9.17)."""

    STYLED = "styled"
    TAB = "tab"


class TimeStyle(StrEnum):
    """How the device writes its time (§2)."""

    PADDED = "padded"
    SHORT = "short"
    AM_PM = "am/pm"


class Subpath(StrEnum):
    """What a configuration sub-path gets (§4)."""

    YES = "yes"
    EMPTY = "empty"
    ERROR = "error"


class Length(StrEnum):
    """Content-Length of an event part (§4.9.17)."""

    EXACT = "exact"
    ABSENT = "absent"
    SHORT = "short"
    LONG = "long"


@dataclass(slots=True)
class Faults:
    """Switches of one simulator.

    Names in refuse and delays are `cgi.action`, `cgi.action:name`, or `cgi` for all of it;
    `set <key prefix>` in refuse is a setting that cannot be written.
    """

    # Answers (§4, §5)
    eol: bytes = b"\r\n"
    refuse: dict[str, Refusal] = field(default_factory=dict)
    refuse_with: Refusal = Refusal.BAD_REQUEST
    """How a verb that this model has not got is refused."""
    answer_delay: float = 0.0
    delays: dict[str, float] = field(default_factory=dict)
    answer_length: bool = True
    answer_fragment: int | None = None
    truncate: int | None = None
    duplicate_keys: bool = False
    charset: bool = False
    """Adds `;charset=utf-8` to Content-Type."""
    redirect: str | None = None
    """Answers every request with a redirect to this address."""
    action_first: bool = False
    """The verb is only found at the start of the query."""
    quiet_empty: bool = False
    """getEventIndexes without events answers an empty body."""

    # JSON calls (§3.3, §7.7)
    rpc2: bool = True
    """Whether /RPC2_Login and /RPC2 are there."""
    rpc2_challenge: int = 268632079
    """Error code of the challenge; some firmware says 401."""
    rpc2_number_sessions: bool = False
    """Sessions are integers, as on old firmware."""
    rpc2_encryption: str = "Default"
    rpc2_keep_alive: int = 60
    rpc2_session_seconds: float = 120.0
    """A session idle for longer is gone."""
    rpc2_sessions: int = 10
    rpc2_max_body: int | None = None
    """Longer requests get `Request length error!`."""
    rpc2_refuse: dict[str, int] = field(default_factory=dict)
    """Error codes by `method` or `method:name`."""

    # Configuration (§4, §6)
    subpath: Subpath = Subpath.YES
    strict_types: bool = True
    """Refuse a word where a boolean or a number is stored."""
    needs_detect_version: bool = False
    time_style: TimeStyle = TimeStyle.PADDED

    # Event stream (§4.9.17)
    json: JsonStyle = JsonStyle.STYLED
    stream_eol: bytes | None = None
    """Line ends of the stream where they differ from the answers."""
    blank_line: bool = True
    spaced_boundary: bool = False
    length: Length = Length.EXACT
    length_blank: bool = False
    """A blank after the colon of Content-Length."""
    content_type: bool = True
    body_ends: int = 2
    """Line ends after the body of a part."""
    stray_status_every: int = 0
    end_boundary_every: int = 0
    capital_keys: bool = False
    lower_actions: bool = False
    glue: bool = False
    """Parts said in one turn of the loop leave in one segment."""
    fragment: int | None = None
    """Send the stream in pieces of this many bytes."""
    chunked: bool = False
    keep_alive_head: bool = False
    expires_head: bool = False
    heartbeats: bool = True
    heartbeat_seconds: float | None = None
    """Overrides the interval that the client asked for."""
    beat_at_once: bool = False
    mute_all: bool = False
    max_codes: int | None = None
    max_codes_status: int = 400
    max_streams: int | None = None
    max_streams_refusal: Refusal = Refusal.SERVER_ERROR

    # Pictures (§4.2.1, §4.4)
    snapshot_delay: float = 0.0
    snapshot_dhav_tail: bool = False
    snapshot_bad_com: bool = False
    snapshot_empty: bool = False
    snapshot_stuck: bool = False
    channels_from_zero: bool = False

    # Finding recordings (§4.11.5, §13)
    finders: int = 10
    """Finder objects that may be open; how many a real box has is not public."""
    finders_refusal: Refusal = Refusal.BAD_REQUEST
    finder_seconds: float | None = None
    """An object that was not used for longer is gone."""
    find_base: int | None = None
    """From which number `condition.Channel` and `channel` of media verbs count; None: either."""
    find_nothing: Refusal = Refusal.BARE
    """How findFile says that there is nothing."""
    find_end: Refusal | None = None
    """How findNextFile says that there is no more; None is `found=0`."""
    find_over_refused: bool = False
    """A count over 100 is refused, not cut."""
    find_types: bool = True
    """Whether Types finds anything."""
    find_events: bool = True
    """Whether Events is heeded; else the schedule's files come."""
    find_day_delay: float = 0.0
    """Seconds that findFile takes for each day after the first."""

    # Downloads (§4.11.6, §4.11.7)
    downloads: int = 6
    """Downloads at a time."""
    downloads_refusal: Refusal = Refusal.NO_VIDEO
    load_empty: bool = False
    """RPC_Loadfile answers 200 and nothing."""
    load_length: bool = True
    """RPC_Loadfile says how long the file is."""
    load_multipart: bool = False
    """RPC_Loadfile wraps the file in parts, with a JSON status first."""
    load_mp4: bool = False
    """Whether loadfile.cgi knows Types=mp4."""
    download_stall: int | None = None
    """After so many bytes nothing more comes, until Downloads.release()."""
    download_cut: int | None = None
    """After so many bytes the connection ends."""
    download_cut_rst: bool = False
    download_rate: int | None = None
    """Bytes a second; BandLimit says so then."""

    # Life
    coaxial_seconds: float = 12.0
    reboot_drop: float = 5.0
    reboot_refuse: float = 10.0
    reboot_busy: float = 0.0
    """Seconds of 503 after the port is back."""
