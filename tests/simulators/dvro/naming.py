"""How the recorder makes names out of templates, and reads paths out of JSON (§4)."""

from datetime import datetime
import json
import re

_TAG = re.compile(r"\$\{(yyyy|MM|dd|hh|HH|mm|ss|fff|channelname|type)\}")
_CONTROL = re.compile(r"[\x00-\x1f]")

TEMPLATES = {
    "FilenameTemplate": "${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}@${channelname}",
    "DirectoryTemplate": "DATA_${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}",
    "FramegrabTemplate": "${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}@${channelname}",
    "DataLogTemplate": "${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}@current",
    "EventTemplate": "${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}",
    "AnomalyTemplate": "${yyyy}${MM}${dd}${hh}${mm}${ss}${fff}@${channelname}_anomaly",
}
"""Names of the templates and what they are out of the box (§4.2)."""

SETTINGS: dict[str, int | str | bool | None] = {
    "Bitrate": 0,
    "Directory": None,
    "DirectoryTemplate": None,
    "Encoder": None,
    "Filename": None,
    "FrameRate": 0,
    "IsSmartEncoding": False,
    "ReevaluateTagsOnSplit": False,
    "Resolution": None,
    "RestartOnFailure": False,
    "SplitTimeMinutes": 0,
}
"""Keys of recordersettings/apply, and what becomes of a key that is left out (§4.1)."""

type Members = dict[str, object]


class BadBody(Exception):
    """The body is not what this command takes."""


def expand(template: str, at: datetime, channel: str, kind: str) -> str:
    """Fill the tags in; hh is the 24-hour clock, and a malformed tag stays as it is (§4.2)."""
    values = {
        "yyyy": f"{at:%Y}",
        "MM": f"{at:%m}",
        "dd": f"{at:%d}",
        "hh": f"{at:%H}",
        "HH": f"{at:%I}",
        "mm": f"{at:%M}",
        "ss": f"{at:%S}",
        "fff": f"{at.microsecond // 1000:03}",
        "channelname": channel,
        "type": kind,
    }
    return _TAG.sub(lambda found: values[found[1]], template)


def read_object(body: bytes) -> Members:
    """Read a body; names are matched by case, so others are simply not looked at."""
    try:
        members = json.loads(body)
    except ValueError as error:
        raise BadBody(str(error)) from error
    if not isinstance(members, dict):
        raise BadBody("no object")
    return members


def read_path(members: Members, name: str) -> str | None:
    """A Windows path; a backslash that was not doubled has become a tab or the like (§4.3)."""
    path = read_text(members, name)
    if path is not None and _CONTROL.search(path):
        raise BadBody(f"{name} is no path")
    return path or None


def read_text(members: Members, name: str) -> str | None:
    """A text, or None where it is null or not there."""
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise BadBody(f"{name} is no text")
    return value


def read_settings(members: Members) -> dict[str, int | str | bool | None]:
    """All eleven keys of recordersettings/apply (§4.1)."""
    found: dict[str, int | str | bool | None] = {}
    for name, default in SETTINGS.items():
        value = members.get(name, default)
        if default is None:
            found[name] = read_text(members, name)
        elif type(value) is type(default) and isinstance(value, int):
            found[name] = value
        else:
            raise BadBody(f"{name} has the wrong type")
    read_path(members, "Directory")
    return found
