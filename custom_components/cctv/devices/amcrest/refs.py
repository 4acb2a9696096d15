"""How stored bytes are named: a file by its path (§4.11.6), a span by its times (§4.11.7). Pure."""

from dataclasses import dataclass
from datetime import datetime
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ..errors import Gone
from ..model import Ref

if TYPE_CHECKING:
    from .listing import Item

LONGEST: Final = 255
_CONTAINERS: Final = {"dav": "dav", "mp4": "mp4", "avi": "avi", "jpg": "jpeg", "jpeg": "jpeg"}
_ENDINGS: Final = {f".{ending}": kind for ending, kind in _CONTAINERS.items() if len(ending) == 3}
_MARKS: Final = str.maketrans("", "", "-:T")
_SEGMENT: Final = r"/(?!\.{1,2}/)[\w.@\[\]()+,=~ #&-]{1,128}"
_PATH: Final = re.compile(
    rf"(?=.{{1,{LONGEST}}}\Z)/mnt(?:{_SEGMENT})*/[\w@\[\]()+,=~ #&-][\w.@\[\]()+,=~ #&-]*"
    r"\.(?:dav|mp4|avi|jpe?g)",
    re.ASCII | re.IGNORECASE,
)
_TIME: Final = "%Y%m%d%H%M%S"
_SPAN: Final = r"([1-9]\d{0,2}):(\d{14}):(\d{14})"
_FILE_REF: Final = re.compile(rf"file:{_SPAN}:(/.+)", re.ASCII)
_TIME_REF: Final = re.compile(rf"time:{_SPAN}(?::([012]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """A time of a channel by the device's clock, of its main stream or another."""

    channel: int
    start: datetime
    end: datetime
    subtype: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """What a ref names: a file, and the time that it holds; or only a time."""

    span: Span
    path: str | None = None


def container(path: str, type_: str = "") -> str:
    """What a file is, by its name; Type=dav with a path ending .mp4 is normal (§4.11.5)."""
    known = _ENDINGS.get(path[-4:])
    if known is not None:
        return known
    ending = path.rpartition(".")[2].lower()
    return _CONTAINERS.get(ending) or _CONTAINERS.get(type_.lower(), "dav")


def is_path(path: str) -> bool:
    """Whether a listing of this kind of box may name such a file, and it is on the box itself."""
    return _PATH.fullmatch(path) is not None


def of(item: Item, channel: int) -> Ref | None:
    """The ref of a listed file; None for one that is elsewhere, such as on a NAS (ftp://)."""
    if not is_path(item.path):
        return None
    return f"file:{channel}:{_stamp(item.start)}:{_stamp(item.end)}:{item.path}"


def _stamp(moment: datetime) -> str:
    """A time in digits; of thousands in a row, which strftime takes three times as long for."""
    return moment.isoformat(timespec="seconds").translate(_MARKS)


def of_span(span: Span) -> Ref:
    """The ref of a time, whatever the files that hold it."""
    ref = f"time:{span.channel}:{_stamp(span.start)}:{_stamp(span.end)}"
    return f"{ref}:{span.subtype}" if span.subtype else ref


def parse(ref: Ref) -> Stored:
    """What a ref names. Gone for anything that we did not make."""
    if len(ref) > LONGEST + 64:
        raise Gone("no such recording")
    if (found := _TIME_REF.fullmatch(ref)) is not None:
        span = _span(found, int(found[4] or 0))
        if span is not None and span.end > span.start:
            return Stored(span)
    elif (found := _FILE_REF.fullmatch(ref)) is not None and is_path(found[4]):
        span = _span(found, 0)
        if span is not None:
            return Stored(span, found[4])
    raise Gone("no such recording")


def _span(found: re.Match[str], subtype: int) -> Span | None:
    """Channel and times of a ref; None where they are none."""
    try:
        start, end = (datetime.strptime(found[at], _TIME) for at in (2, 3))  # noqa: DTZ007
    except ValueError:
        return None
    return Span(int(found[1]), start, end, subtype)


def loadfile(path: str) -> str:
    """The request for a file (§4.11.6); brackets and @ escaped, since not every box takes them."""
    return f"/cgi-bin/RPC_Loadfile{quote(path, safe='/')}"
