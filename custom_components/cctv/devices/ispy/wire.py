"""The grammar of requests and of the answers that every generation gives. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Any, Final
from urllib.parse import quote
import zlib

from ..errors import Malformed
from ..said import parsed

type Param = str | int | bool

CAMERA: Final = 2
MICROPHONE: Final = 1
NO_PTZ: Final = -6
EOL: Final = "\r\n"
CATCH_ALL: Final = "iSpy server is running"
"""Stands for an empty result: an unknown command, nothing to say, an empty list (§2)."""
OK: Final = "OK"
_RAW: Final = "!$'()*,-./:;=@[]^_`{|}~?<>"
"""What a build that decodes nothing takes as it is, and a request line bears."""
_ROW: Final = re.compile(r"\r\n(?=[12],-?\d{1,9},(?:true|false),)", re.IGNORECASE)
_MEMBER: Final = re.compile(r"(\w{1,32}):\s*(true|false|-?\d{1,9})\b", re.IGNORECASE)
_CSV: Final = re.compile(r"[0-9A-Za-z-]{8,64},OK")
_CODE: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
_DENIALS: Final = (
    "//Access this server via ",
    "iSpy is running. Access this server via the website (IP blocked",
)
_MASK: Final = '"OK"'
_TOKEN: Final = re.compile(r"[a-z0-9-]{1,40}")


class Generation(StrEnum):
    """Which of the program's generations answers, by its rows and by `connect`."""

    ANCIENT = "about 2012"
    G1 = "6.4.7 or older"
    G2 = "6.4.8 to 7.1.5"
    G3 = "7.1.6 or newer"

    @property
    def modern(self) -> bool:
        """Whether it has JSON, the WebSocket and UTF-8."""
        return self in (Generation.G2, Generation.G3)


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of the object list (§4)."""

    ot: int
    oid: int
    enabled: bool
    name: str
    description: str = ""
    groups: tuple[str, ...] = ()
    ptz: int = NO_PTZ
    talk: bool = False
    microphone: int | None = None
    """The paired microphone of a camera."""
    recording: bool | None = None
    """Whether a file is being written; None where the generation does not say."""
    width: int = 0
    """How many fields the row had."""

    @property
    def camera(self) -> bool:
        """Whether it is a camera."""
        return self.ot == CAMERA

    @property
    def part(self) -> str:
        """The id of its part."""
        return f"{'camera' if self.camera else 'microphone'}.{self.oid}"

    @property
    def access(self) -> str:
        """Its access groups as one text."""
        return ",".join(self.groups)


# --- requests (§2) --------------------------------------------------------------------------


def request(command: str, params: Sequence[tuple[str, Param]] = (), *, plain: bool = False) -> str:
    """The path of a command; `plain` for a build that lower-cases and decodes nothing."""
    sign = "?"
    path = f"/{command}"
    for name, value in params:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        path += f"{sign}{name}={_plain(text) if plain else _encoded(text)}"
        sign = "&"
    return path


def _encoded(text: str) -> str:
    """A value percent-encoded; the four letters end a request wherever they stand (§2)."""
    return quote(text, safe=",").replace("HTTP", "%48TTP")


def _plain(text: str) -> str:
    """A value as a build takes it that would only lower-case it."""
    return quote(text.lower(), safe=_RAW)


# --- answers (§2, §3) -----------------------------------------------------------------------


def is_nothing(text: str) -> bool:
    """Whether an answer is the page that stands for an empty one."""
    return text.strip() == CATCH_ALL


def is_denied(text: str) -> bool:
    """Whether an answer says that the caller is not let in (§3)."""
    text = text.strip()
    if text.startswith(_DENIALS):
        return True
    if not text.startswith("{") or len(text) > 1_000:
        return False
    said = _json(text)
    return isinstance(said, dict) and said.get("errorType") == "authentication"


def is_ours(text: str) -> bool:
    """Whether an answer to `connect` can only be this program's."""
    return modern(text) is not None


def modern(text: str) -> bool | None:
    """Whether `connect` answers in JSON (G2, G3) or as text (older); None if in neither."""
    text = text.strip()
    if _CSV.fullmatch(text):
        return False
    said = _json(text) if text.startswith("{") and len(text) < 1_000 else None
    if isinstance(said, dict) and said.get("status") == OK and isinstance(said.get("auth"), str):
        return True if _CODE.fullmatch(said["auth"]) else None
    return None


def told(text: str) -> str:
    """An answer without its trailing OK: 'OK' gives '', 'Mask not found' stays (§5)."""
    text = text.strip()
    return "" if text == OK else text.removesuffix(f",{OK}")


def is_recording(text: str) -> bool | None:
    """What record and recordstop say by their first field; the sentence is localised (§5.1)."""
    first, _, rest = text.strip().partition(",")
    if not rest.endswith(OK):
        return None
    return {"recording": True, "notrecording": False}.get(first.strip().lower())


def payload(text: str) -> str:
    """The bare text that `jsfunc=data` gives: one quote less at each end (§7)."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return unmasked(text[1:-1])
    raise Malformed("no payload")


def unmasked(text: str) -> str:
    """A text as it was before the server masked every 'result' in it (§7)."""
    return text.replace(_MASK, "result")


def level(text: str) -> float:
    """What querylevel says, 0 to 1 (§10)."""
    said = _json(text)
    found = said.get("level") if isinstance(said, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Malformed("no level")
    return min(max(float(found), 0.0), 1.0)


def _json(text: str) -> Any:
    """A JSON text; None if it is none."""
    try:
        return parsed(text)
    except ValueError:
        return None


# --- objects (§4) ---------------------------------------------------------------------------


def things(text: str) -> tuple[Thing, ...]:
    """The rows of getobjectlist. Malformed unless it is whole: an odd page is no empty list."""
    rows, _, last = text.rpartition(EOL)
    if last.strip() != OK:
        raise Malformed("no object list")
    if not rows:
        return ()
    found = {(thing.ot, thing.oid): thing for thing in map(_thing, _ROW.split(rows))}
    return tuple(found.values())


def _thing(row: str) -> Thing:
    """One row; fields that a later version adds are ignored."""
    fields = row.split(",")
    try:
        ot, oid = int(fields[0]), int(fields[1])
        camera = {CAMERA: True, MICROPHONE: False}[ot]
        least = 9 if camera else 7
        if len(fields) < least or oid < 0:
            raise ValueError("too few fields, or no id")
        name, about, groups = (fields[at].replace("&comma;", ",") for at in (3, 5, 6))
        thing = Thing(
            ot,
            oid,
            _flag(fields[2]),
            name,
            about,
            tuple(each for each in groups.split(",") if each),
            width=len(fields),
            ptz=int(fields[7]) if camera else NO_PTZ,
            talk=camera and _flag(fields[8]),
            microphone=_pair(fields[9]) if camera and len(fields) > 9 else None,
            recording=_recording(fields, 10 if camera else 7),
        )
    except (ValueError, KeyError, IndexError) as error:
        raise Malformed("a damaged row in the object list") from error
    return thing


def _flag(word: str) -> bool:
    """True or false, and nothing else."""
    return {"true": True, "false": False}[word.strip().lower()]


def _pair(word: str) -> int | None:
    """The paired microphone; -1 is none."""
    number = int(word)
    return None if number < 0 else number


def _recording(fields: Sequence[str], at: int) -> bool | None:
    """Whether a file is being written, where the row says so."""
    return _flag(fields[at]) if len(fields) > at else None


def generation(things: Iterable[Thing], *, json: bool) -> Generation:
    """The generation by the width of the rows and by how `connect` answers."""
    rows = tuple(things)
    if json:
        newest = any(thing.recording is not None for thing in rows) or not rows
        return Generation.G3 if newest else Generation.G2
    ancient = any(thing.camera and thing.width < 10 for thing in rows)
    return Generation.ANCIENT if ancient else Generation.G1


def config(text: str) -> Mapping[str, bool | int]:
    """The members of getobjectconfig: JavaScript with bare keys; none if unknown (§4)."""
    text = text.strip()
    if not text.startswith("{") or not text.endswith("}"):
        raise Malformed("no object configuration")
    words = {"true": True, "false": False}
    return {
        name: words[word.lower()] if word.lower() in words else int(word)
        for name, word in _MEMBER.findall(text[1:-1])
    }


def remote_commands(text: str) -> Mapping[int, str]:
    """The rows of getcmdlist, `id|name` (§10)."""
    if is_nothing(text):
        return {}
    found: dict[int, str] = {}
    for row in text.strip().split(","):
        number, bar, name = row.partition("|")
        if not bar or not re.fullmatch(r"\d{1,9}", number.strip()):
            raise Malformed("no list of commands")
        found[int(number)] = name.strip()
    return found


def slug(name: str) -> str:
    """A group's name as a token: itself where it can be, else with a sum that tells it apart."""
    name = name.lower()
    if _TOKEN.fullmatch(name):
        return name
    plain = re.sub(r"[^a-z0-9-]+", "_", name).strip("_")[:32]
    return f"{plain}_{zlib.crc32(name.encode('utf-8', 'replace')):08x}".lstrip("_")
