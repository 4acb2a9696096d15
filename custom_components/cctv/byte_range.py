"""Which bytes a request wants (RFC 9110 §14), as the one range that we answer."""

from dataclasses import dataclass
import re
from typing import Final

_ONE: Final = re.compile(r"\s*bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` to before `end`, out of `size`."""

    start: int
    end: int
    size: int
    partial: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Return what the answer says of it, beside its length."""
        if not self.partial:
            return {"Accept-Ranges": "bytes"}
        told = f"bytes {self.start}-{self.end - 1}/{self.size}"
        return {"Accept-Ranges": "bytes", "Content-Range": told}


class Unsatisfiable(Exception):
    """The range begins behind the end: 416."""


def span_of(
    wanted: str | None, size: int, *, etag: str | None = None, if_range: str | None = None
) -> Span:
    """Return the bytes that a Range header wants; all where there is none that we understand.

    A range of something that has changed meanwhile (`if_range`) is answered by all of it, and so
    are several ranges at once, which no player asks for.
    """
    whole = Span(0, size, size)
    if wanted is None or (if_range is not None and if_range.strip() != etag):
        return whole
    found = _ONE.fullmatch(wanted)
    if found is None or found[1] == found[2] == "":
        return whole
    if found[1] == "":
        last = int(found[2])
        if last == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(0, size - last), size, size, partial=True)
    start = int(found[1])
    end = size if found[2] == "" else int(found[2]) + 1
    if found[2] != "" and end <= start:
        return whole
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(end, size), size, partial=True)
