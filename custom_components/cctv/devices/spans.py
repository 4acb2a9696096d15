"""Which recordings a search asks for: those that overlap its time."""

from datetime import datetime

from .model import Query, Recordings


def overlaps(query: Query, start: datetime, end: datetime | None) -> bool:
    """Whether what was recorded overlaps the time asked for; without an end it is a moment."""
    if query.end is not None and start >= query.end:
        return False
    if query.start is None or start >= query.start:
        return True
    return end is not None and end > query.start


def wanted(query: Query, kinds: frozenset[str]) -> bool:
    """Whether a recording of these kinds is asked for; without kinds all are."""
    asked = query.kinds if isinstance(query, Recordings) else frozenset[str]()
    return not asked or bool(asked & kinds)
