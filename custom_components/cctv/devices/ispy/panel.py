"""The control panel: HTML to scrape, and changesetting to write (§7)."""

from collections.abc import Mapping
from dataclasses import replace
import re
from typing import Final

from ..errors import BadInput, Malformed
from ..model import Limits
from ..settings import TRUE_FALSE, Number, Setting, Words

MODE: Final = "recordmode"
"""Three fields that exclude one another, told as one (ours, not the panel's)."""
MODES: Final[Mapping[str, str]] = {
    "detection": "recordondetecton",
    "alert": "recordonalerton",
    "off": "recordingoff",
}
"""The commands that choose a record mode (§5)."""
COMMANDS: Final[Mapping[str, str]] = {
    "maxframerate": "setframerate",
    "maxframeraterecord": "setrecordingframerate",
}
"""Fields that have a command of their own, which takes `rate` (§5)."""
NUMBERS: Final = frozenset(
    {"minimuminterval", "timelapse", "timelapseframes", "maxframerate", "maxframeraterecord"}
)
"""Fields where what does not parse becomes 0 (§7)."""
_MODERN: Final = frozenset({"ftprecordings"})
"""Fields that older generations do not change (§7)."""
_OWN: Final = {"minimuminterval": 0}
_DAY: Final = 86_400
_SECONDS: Final = Number(Limits(1, _DAY))
_RATE: Final = Number(Limits(1, 100))

_ROWS: Final = (
    Setting("alerts", "alerts", TRUE_FALSE),
    Setting("notify_on_disconnect", "notifyondisconnect", TRUE_FALSE),
    Setting("alert_interval", "minimuminterval", Number(Limits(0, _DAY))),
    Setting("schedule", "scheduler", TRUE_FALSE),
    Setting("record_mode", MODE, Words({mode: mode for mode in MODES})),
    Setting("ftp_pictures", "ftpenabled", TRUE_FALSE),
    Setting("ftp_recordings", "ftprecordings", TRUE_FALSE),
    Setting("save_pictures", "localsaving", TRUE_FALSE),
    Setting("cloud_pictures", "cloudimages", TRUE_FALSE),
    Setting("cloud_recordings", "cloudrecording", TRUE_FALSE),
    Setting("timelapse", "timelapseon", TRUE_FALSE),
    Setting("timelapse_interval", "timelapse", _SECONDS),
    Setting("frame_rate", "maxframerate", _RATE),
    Setting("record_frame_rate", "maxframeraterecord", _RATE),
)
"""What the panel's fields are; their paths are completed by the panel's table."""

_CALL: Final = (
    r"send_changesetting\(\s*\d{1,2}\s*,\s*-?\d{1,9}\s*,\s*-?\d{1,9}\s*,"
    r"\s*'(\w{1,40})'\s*,\s*this\."
)
_CHECK: Final = re.compile(_CALL + r'checked\)\s*;?\s*\\?"(\s*checked=)?')
_VALUE: Final = re.compile(
    r'value=\\?"((?:(?!value=\\?").){0,4000}?)\\?"\s*onblur=\\?"' + _CALL + r"value\)",
    re.DOTALL,
)


def table(part: str) -> str:
    """The table of a part's panel; a point would part the table from the field."""
    return part.replace(".", ":")


def part_of(table: str) -> str:
    """The part of a panel's table."""
    return table.replace(":", ".")


def settings(part: str, *, modern: bool) -> tuple[Setting, ...]:
    """The rows of one part's panel that this generation can write."""
    return tuple(
        replace(each, path=f"{table(part)}.{each.path}")
        for each in _ROWS
        if modern or each.path not in _MODERN
    )


def parse(html: str) -> dict[str, str]:
    """The fields of getcontrolpanel and their values. Malformed if there is none."""
    found = {name: "true" if checked else "false" for name, checked in _CHECK.findall(html)}
    for value, name in _VALUE.findall(html):
        found[name] = value.replace('\\"', '"')
    if not found:
        raise Malformed("no control panel")
    # It says `off` also of an object that records on alert; the other two are right (§7).
    if found.pop("recordoff", None) is not None:
        on_detect, on_alert = (
            found.get(each) == "true" for each in ("recordondetect", "recordonalert")
        )
        found[MODE] = "detection" if on_detect else "alert" if on_alert else "off"
    return found


def change(field: str, text: str, was: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The command that writes a field. BadInput for what would hang or be lost."""
    if field == MODE:
        if text not in MODES:
            raise BadInput(f"{field}: one of {', '.join(MODES)}")
        return MODES[text], ()
    if field in NUMBERS:
        if not re.fullmatch(r"\d{1,9}", text) or int(text) < _OWN.get(field, 1):
            raise BadInput(f"{field}: not a whole number that it takes")
    elif was in ("true", "false") and text not in ("true", "false"):
        # Anything else is never answered (§7).
        raise BadInput(f"{field}: true or false")
    if field == "alerts":
        return ("alerton" if text == "true" else "alertoff"), ()
    if field in COMMANDS:
        return COMMANDS[field], (("rate", text),)
    return "changesetting", (("field", field), ("value", text))
