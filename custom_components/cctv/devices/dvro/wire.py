"""What the recorder says and what may be said to it: text to values, values to JSON. No I/O."""

from collections.abc import Iterable, Mapping
import json
from math import isfinite
import re
from typing import Any, Final

from ..errors import BadInput
from ..said import parsed

LONGEST: Final = 240
"""Paths and templates may be so long (§4.3)."""
_SHOWN: Final = 255
_FLAGS: Final[Mapping[str, bool]] = {"true": True, "false": False}
_ROOTED: Final = re.compile(r"[A-Za-z]:\\|\\\\[^\\/]+\\[^\\/]")
_FORBIDDEN: Final = re.compile(r'[<>"|?*]')
_TAG: Final = re.compile(r"\$\{\w+\}")
_HALF_A_TAG: Final = re.compile(r"\$\{|\$\w+\}")


# --- what it says (§2) --------------------------------------------------------------------------


def boolean(text: str) -> bool | None:
    """A bare true or false, or an object with one such member; None for anything else."""
    word = _plain(text)
    if not word.startswith("{"):
        return _flag(word.strip("\"' \t"))
    found = [flag for value in _object(word).values() if (flag := _flag(value)) is not None]
    return found[0] if len(found) == 1 else None


def ping(text: str) -> bool | None:
    """What the member Ping says (§3, row 1); None without one."""
    return _flag(_member(text, "ping"))


def percent(text: str) -> float | None:
    """The free part of the drive out of a status (§3, row 19); None if it does not say."""
    value = _member(text, "drivespace")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError, OverflowError:
        return None
    if not isfinite(number) or not 0 <= number <= 100:
        return None
    return round(number, 2)


def filename(text: str) -> str | None:
    """The file that is being written (§3, row 20); '' while there is none, None for no answer."""
    value = _member(text, "filename")
    if not isinstance(value, str):
        return None
    return "".join(filter(str.isprintable, value))[:_SHOWN]


def templates(text: str, names: Iterable[str]) -> dict[str, str]:
    """The templates of these names (§3, row 9); none where the answer is empty or odd."""
    told = {str(name).lower(): value for name, value in _object(_plain(text)).items()}
    found = {name: told.get(name.lower()) for name in names}
    return {name: value[:_SHOWN] for name, value in found.items() if isinstance(value, str)}


def _plain(text: str) -> str:
    """The text without blanks and byte order marks around it."""
    return text.strip("\ufeff \t\r\n\0")


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _FLAGS.get(value.strip().lower()) if isinstance(value, str) else None


def _object(text: str) -> dict[str, Any]:
    """A JSON object; nothing for anything else."""
    try:
        value = parsed(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _member(text: str, name: str) -> object:
    """A member of a JSON object, whatever its capitals."""
    for key, value in _object(_plain(text)).items():
        if key.lower() == name:
            return value
    return None


# --- what is said to it (§4) --------------------------------------------------------------------


def body(members: Mapping[str, object]) -> bytes:
    """A JSON body; this doubles every backslash, once (§4.3)."""
    return json.dumps(members).encode()


def path(value: object) -> str:
    """A Windows folder with its drive or server (§4.3). BadInput for anything else."""
    text = _line(value, "a folder")
    if not _ROOTED.match(text):
        raise BadInput(rf"a folder begins with a drive (D:\) or a server (\\server\share): {text}")
    if ":" in text[2:]:
        raise BadInput(f"a folder has one colon at most: {text}")
    return text


def folder(value: object) -> str:
    """A Windows folder, or a bare name for a new one (§4.3)."""
    text = _line(value, "a folder")
    if "\\" in text or "/" in text or ":" in text:
        return path(text)
    if text.strip(". ") == "":
        raise BadInput(f"no name for a folder: {text}")
    return text


def template(value: object) -> str:
    """A template whose tags are all whole (§4.2). BadInput for anything else."""
    text = _line(value, "a template")
    if _HALF_A_TAG.search(_TAG.sub("", text)):
        raise BadInput(f"a tag looks like ${{yyyy}}, with both braces: {text}")
    return text


def repeats(name: str) -> bool:
    """Whether a template gives one name twice within a minute, so that a file is lost (§4.2)."""
    return "${ss}" not in name and "${fff}" not in name


def minutes(value: object) -> int:
    """A split time: whole minutes, up to a day (§3, row 6)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"no number of minutes: {value!r}")
    if not isfinite(value) or value != round(value) or not 1 <= value <= 1440:
        raise BadInput(f"a split time is a whole number of minutes from 1 to 1440: {value}")
    return round(value)


def switched(value: object) -> bool:
    """On or off."""
    if not isinstance(value, bool):
        raise BadInput(f"neither on nor off: {value!r}")
    return value


def _line(value: object, what: str) -> str:
    """A line of text that Windows bears in a name."""
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{what} is missing")
    if len(value) > LONGEST:
        raise BadInput(f"{what} has {LONGEST} characters at most")
    if not value.isprintable() or (found := _FORBIDDEN.search(value)):
        shown = found[0] if value.isprintable() and found else "what cannot be printed"
        raise BadInput(f"{what} cannot contain {shown}")
    return value
