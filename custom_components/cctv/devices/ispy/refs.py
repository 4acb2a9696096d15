"""Names of bytes on the PC: made, parsed and checked here alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Final
from urllib.parse import quote, unquote

from ..errors import BadInput, Gone
from ..model import Ref
from .wire import CAMERA, Thing

_IDS: Final = re.compile(r"(live|still)/(\d{1,9}(?:,\d{1,9}){0,63})", re.ASCII)
_ID: Final = re.compile(r"(sound|plan)/(\d{1,9})", re.ASCII)
_FILE: Final = re.compile(r"(clip|thumb|grab)/([12])/(\d{1,9})/([!-.0-~]{1,980})", re.ASCII)
_NAME: Final = re.compile(r'[^\x00-\x1f\x7f/\\:*?"<>|]{1,255}')
"""What NTFS lets a file be called; more than that names another place."""
_MOST: Final = 1_000
"""A longer ref is none."""
_PLAYED: Final = {
    "mp4": ("video/mp4", "mp4"),
    "avi": ("video/x-msvideo", "avi"),
    "mp3": ("audio/mpeg", "mp3"),
    "mkv": ("video/x-matroska", "mkv"),
    "flv": ("video/x-flv", "flv"),
    "fla": ("video/x-flv", "flv"),
}
"""Type and container by the ending of a file's name."""
_ENDINGS: Final = frozenset({"mp4", "avi", "mp3", "flv", "fla"})


@dataclass(frozen=True, slots=True)
class Target:
    """What a ref names: live, still, sound, plan, clip, thumb or grab; whose; which file."""

    kind: str
    ids: tuple[int, ...]
    ot: int = CAMERA
    name: str = ""


def live(things: Iterable[Thing]) -> Ref:
    """Live pictures of cameras, all in one."""
    return "live/" + ",".join(str(thing.oid) for thing in things)


def still(things: Iterable[Thing]) -> Ref:
    """One such picture."""
    return "still/" + ",".join(str(thing.oid) for thing in things)


def sound(oid: int) -> Ref:
    """The sound of a microphone."""
    return f"sound/{oid}"


def clip(thing: Thing, name: str) -> Ref:
    """A recording."""
    return f"clip/{thing.ot}/{thing.oid}/{quote(name, safe='')}"


def thumbnail(thing: Thing, name: str) -> Ref:
    """The large still of a recording (§8)."""
    return f"thumb/{thing.ot}/{thing.oid}/{quote(name, safe='')}"


def grab(oid: int, name: str) -> Ref:
    """A stored picture."""
    return f"grab/{CAMERA}/{oid}/{quote(name, safe='')}"


def plan(oid: int) -> Ref:
    """A floor plan."""
    return f"plan/{oid}"


def parse(ref: Ref) -> Target:
    """What a ref names. Gone for one that was never made here."""
    if found := _IDS.fullmatch(ref):
        return Target(found[1], tuple(int(each) for each in found[2].split(",")))
    if found := _ID.fullmatch(ref):
        return Target(found[1], (int(found[2]),))
    found = _FILE.fullmatch(ref)
    # Only cameras have pictures.
    if found and (found[1] == "clip" or int(found[2]) == CAMERA):
        name = unquote(found[4])
        if quote(name, safe="") == found[4] and is_name(name):
            return Target(found[1], (int(found[3]),), int(found[2]), name)
    raise Gone("no such thing on this PC")


def played(name: str) -> tuple[str, str] | None:
    """Type and container of a recording; None for what nobody plays."""
    return _PLAYED.get(_ending(name))


def path(name: str) -> str:
    """The command that sends a file; its ending must be one that the program knows (§8)."""
    ending = _ending(name)
    return f"loadclip.{ending if ending in _ENDINGS else 'mp4'}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def made(ref: Ref) -> Ref | None:
    """A ref, if it is one that would be taken back."""
    return ref if len(ref) <= _MOST and _FILE.fullmatch(ref) else None


def is_name(name: str) -> bool:
    """Whether it can be the name of a file, and of nothing above it."""
    return bool(_NAME.fullmatch(name)) and name.strip(". ") != ""


def named(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of files that a user gave. BadInput if one is none."""
    for name in names:
        if not is_name(name):
            raise BadInput(f"{name[:80]!r} is no name of a file")
    return names
