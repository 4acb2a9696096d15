"""Every switch that makes the camera odd or ill; all of them may be turned while it runs."""

from dataclasses import dataclass, field
from enum import StrEnum


class Thumbs(StrEnum):
    """What becomes of the thumbnails (§6)."""

    LATE = "late"
    EMPTY = "empty"
    NEVER = "never"


class NamesIn(StrEnum):
    """Which clock the recorder names its files by (§7)."""

    AUTO = "auto"
    GMT = "gmt"
    LOCAL = "local"


@dataclass(slots=True)
class Faults:
    """Switches of one simulator. Times are the camera's seconds, which pace shortens."""

    pace: float = 0.02
    """Real seconds for each second that a camera takes over something."""
    durations: dict[str, float] = field(default_factory=dict)
    """Seconds that a script takes, where it differs from the sheet's (§2)."""
    missing: set[str] = field(default_factory=set)
    """Scripts that answer 404."""
    exits: set[str] = field(default_factory=set)
    """Scripts that end without a byte."""
    broken_json: set[str] = field(default_factory=set)
    """Scripts whose JSON has a trailing comma."""
    fragment: int | None = None
    """Send replies in pieces of this many bytes."""

    # Status (§5.10)
    ethernet: bool = False
    raw_serial: bool = False
    """Bytes that are no text in hardware_id and serial_number (v5)."""
    privacy_script: bool = False
    """Firmware of the window that had privacy.sh and its status key (§1)."""

    # Settings (§5.9)
    persist_seconds: float = 1.0
    """How long the MQTT daemon takes to write a setting down."""

    # Pictures (§5.1)
    snapshot_empty_every: int = 0
    """Each so-manieth snapshot fails in the decoder."""

    # Recordings (§5.2-§5.6, §7)
    names_in: NamesIn = NamesIn.AUTO
    thumbs: Thumbs = Thumbs.LATE
    thumb_seconds: float = 45.0
    late_index: bool = True
    """MP4 files have their index (moov) at the end, where a writer that streams puts it."""
    ranges: bool = True
    """The web server was built with ranges; without, a part asked for comes whole."""
    stall: int | None = None
    """After so many bytes of a file of the card nothing comes any more."""
    stale_growth: bool = False
    """tmp.mp4.tmp does not grow while it is written."""

    # Movement (§5.16, §5.17)
    old_presets: bool = False
    """Firmware before action=: preset.sh?num=N alone, no digit keys in ptz_presets."""
    free_slot: str = ""
    """How a free slot is written: nothing or two commas."""

    # Sound (§6)
    tts: bool = True
    """Whether the nanotts add-on is there."""

    # Care (§5.13, §5.14)
    github: bool = True
    """Whether the latest version can be asked for; without the internet proxy.sh fails too."""
    wrong_baseline: bool = False
    reboot_seconds: float = 60.0
    reboot_drops: bool = False
    """The web server dies before the reply to reboot.sh."""
    rtsp_restart_seconds: float = 20.0
    """How long the watchdog takes to bring RTSP back."""

    # MQTT (§9)
    lost_stops: bool = False
    """motion_stop does not come."""
    motion_files_seconds: float = 70.0
