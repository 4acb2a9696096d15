"""What happens in a moment."""

from typing import Final

from .row import Kind, Row

ROWS: Final = (
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
)
