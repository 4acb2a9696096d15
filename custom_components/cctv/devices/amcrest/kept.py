"""What surveyed tables listed, kept over a restart: their entities are there before it is asked."""

from collections.abc import Mapping
import re
from typing import Final

from ..env import JSON
from ..settings import SECRET
from .box import Box

_KEY: Final = "tables"
_MOST: Final = 3_000
"""So many names are kept of all tables together."""
_LONGEST: Final = 200
_FRESH_DAYS: Final = 7
"""What is older is asked for again: a table may have got a new line."""
_STRUCTURE: Final = re.compile(r"\.(?:Id|Name|Type|AutoReboot(?:Hour|Minute))$")
"""What parts, and features that are no settings, are made of."""


def keep(box: Box, name: str, listing: Mapping[str, str]) -> None:
    """Keep of a table what its features are made of."""
    used = {
        each
        for bound in box.bounds.get(name, ())
        for path in (bound.setting.path, *bound.setting.also, *bound.setting.keep)
        for each in bound.listed(path, listing)
    }
    used |= {each for each in listing if _STRUCTURE.search(each)}
    known = _known(box)
    kept: dict[str, JSON] = {
        each: listing[each][:_LONGEST] for each in sorted(used) if not SECRET.search(each)
    }
    others = sum(len(each) for table, each in known.items() if table != name)
    if not box.bounds.get(name) or others + len(kept) > _MOST:
        known.pop(name, None)
    else:
        known[name] = kept
    stored: dict[str, JSON] = {table: dict(each) for table, each in known.items()}
    box.env.memory.put(
        _KEY, {"firmware": box.identity.firmware, "day": _today(box), "tables": stored}
    )


def listings(box: Box) -> dict[str, dict[str, str]]:
    """The tables that were kept."""
    return {
        name: {each: str(text) for each, text in listed.items()}
        for name, listed in _known(box).items()
    }


def _known(box: Box) -> dict[str, dict[str, JSON]]:
    """The tables kept of this firmware, not too long ago."""
    kept = box.env.memory.get(_KEY)
    if not isinstance(kept, dict) or kept.get("firmware") != box.identity.firmware:
        return {}
    day, known = kept.get("day"), kept.get("tables")
    if not isinstance(day, int) or not 0 <= _today(box) - day <= _FRESH_DAYS:
        return {}
    if not isinstance(known, dict):
        return {}
    return {name: dict(each) for name, each in known.items() if isinstance(each, dict)}


def _today(box: Box) -> int:
    return box.env.clock.now().toordinal()
