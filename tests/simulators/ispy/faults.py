"""Switches that make the program as odd as the sheet says it can be (§13)."""

from dataclasses import dataclass, field
from enum import StrEnum


class OnCrash(StrEnum):
    """What becomes of a request that raised an exception in the program."""

    BY_VERSION = "by version"
    HANG = "hang"
    CLOSE = "close"


class Gzip(StrEnum):
    """How long texts are compressed."""

    BY_VERSION = "by version"
    OFF = "off"
    BARE = "bare"
    """Compressed, and nothing in the head says so."""


@dataclass(slots=True)
class Faults:
    """Every switch; the defaults are a healthy installation."""

    on_crash: OnCrash = OnCrash.BY_VERSION
    gzip: Gzip = Gzip.BY_VERSION
    record_lag: float = 0.0
    """Seconds until the writer opens after a command, and closes after another."""
    record_permission: bool = True
    max_record: float = 900.0
    detect_seconds: float = 10.0
    """How long a detection or an alert keeps a recording going."""
    push_seconds: float = 1.0
    mjpeg_interval: float = 0.1
    mjpeg_padding: bool = True
    """Content-length counts a buffer of the next power of two (Windows)."""
    mjpeg_boundary: str = "--myboundary"
    subscribed: bool = False
    archive: bool = True
    """Whether storage for archives is set up."""
    delays: dict[str, float] = field(default_factory=dict)
    """Seconds before a command is answered."""
    mute: set[str] = field(default_factory=set)
    """Commands that are never answered."""
    bodies: dict[str, str] = field(default_factory=dict)
    """Commands that answer just this."""
    truncate: int | None = None
    """Hang up after this many bytes of every body."""
    stall: int | None = None
    """After this many bytes of a clip nothing comes any more."""
