"""What was found of a box, kept over a restart: its entities are there before anything is asked."""

from collections.abc import Mapping
import re
from typing import Final

from ..env import JSON
from ..settings import SECRET
from .box import Box

_KEY: Final = "tables"
_NOTES: Final = "found"
_MOST: Final = 3_000
"""So many names are kept of all tables together."""
_WORDS_MOST: Final = 2_000
"""So many words are kept in all notes together."""
_LONGEST: Final = 200
_FRESH_DAYS: Final = 7
"""What is older is asked for again: a table may have got a new line."""
_STRUCTURE: Final = re.compile(r"\.(?:Id|Name|Type|AutoReboot(?:Hour|Minute))$")
"""What parts, and features that are no settings, are made of."""
_ALSO: Final[Mapping[str, re.Pattern[str]]] = {
    "Encode": re.compile(
        r"\.(?:MainFormat\[0\]|ExtraFormat\[[01]\])\.(?:VideoEnable|Video\.(?:Compression|Width"
        r"|Height|resolution|CustomResolutionName)|Audio\.(?:Compression|Frequency))$"
    ),
    "RTSP": re.compile(r"^RTSP\.(?:Enable|Port)$"),
    "ThermometryRule": re.compile(r"\.(?:Enable|RuleId|PresetId)$"),
}
"""What else is made of a table than settings: streams, rules that measure."""


# --- tables ---------------------------------------------------------------------------------


def keep(box: Box, name: str, listing: Mapping[str, str]) -> None:
    """Keep of a table what its features are made of; nothing, if there is nothing for us in it."""
    also = _ALSO.get(name)
    used = {
        each
        for bound in box.bounds.get(name, ())
        for path in (bound.setting.path, *bound.setting.also, *bound.setting.keep)
        for each in bound.listed(path, listing)
    }
    used |= {each for each in listing if _STRUCTURE.search(each) or (also and also.search(each))}
    useful = also is not None or bool(box.bounds.get(name))
    kept: dict[str, JSON] = {
        each: listing[each][:_LONGEST]
        for each in (sorted(used) if useful else ())
        if not SECRET.search(each)
    }
    day, known = _stored(box)
    others = sum(len(each) for table, each in known.items() if table != name)
    if others + len(kept) > _MOST:
        known.pop(name, None)
    else:
        known[name] = kept
    _store(box, day, known)


def drop(box: Box, name: str) -> None:
    """Keep nothing of a table that is gone."""
    day, known = _stored(box)
    if known.pop(name, None) is not None:
        _store(box, day, known)


def listings(box: Box) -> dict[str, dict[str, str]]:
    """The tables that were kept; empty ones had nothing for us."""
    return {
        name: {each: str(text) for each, text in listed.items()}
        for name, listed in _stored(box)[1].items()
    }


def is_fresh(box: Box) -> bool:
    """Whether what is kept is good for some days still."""
    return 0 <= _today(box) - _stored(box)[0] <= _FRESH_DAYS


def refreshed(box: Box) -> None:
    """All tables were asked for today."""
    _store(box, _today(box), _stored(box)[1])


def _stored(box: Box) -> tuple[int, dict[str, dict[str, JSON]]]:
    """The day of the tables kept of this firmware, and the tables."""
    kept = box.env.memory.get(_KEY)
    if not isinstance(kept, dict) or kept.get("firmware") != _sign(box):
        return 0, {}
    day, known = kept.get("day"), kept.get("tables")
    if not isinstance(day, int) or not isinstance(known, dict):
        return 0, {}
    return day, {name: dict(each) for name, each in known.items() if isinstance(each, dict)}


def _store(box: Box, day: int, known: Mapping[str, Mapping[str, JSON]]) -> None:
    stored: dict[str, JSON] = {table: dict(each) for table, each in known.items()}
    box.env.memory.put(_KEY, {"firmware": _sign(box), "day": day, "tables": stored})


def _sign(box: Box) -> str:
    """What this is kept with: one whose kind or lenses were not told has other tables."""
    lenses = 0 if box.identity.recorder else len(box.cameras)
    return f"{box.identity.firmware} {box.identity.kind} {lenses}"


def _today(box: Box) -> int:
    return box.env.clock.now().toordinal()


# --- notes ----------------------------------------------------------------------------------


def note(box: Box, name: str, words: Mapping[str, str]) -> None:
    """Keep a few words of what an answer said."""
    notes = _notes(box)
    found: JSON = {key: word[:_LONGEST] for key, word in words.items()}
    if notes.get(name) == found:
        return
    others = sum(len(each) for at, each in notes.items() if at != name and isinstance(each, dict))
    stored: dict[str, JSON] = {**notes, name: found}
    if others + len(words) > _WORDS_MOST:
        del stored[name]
    box.env.memory.put(_NOTES, {"firmware": _sign(box), "notes": stored})


def noted(box: Box, name: str) -> dict[str, str] | None:
    """The words that were kept; None if there are none."""
    found = _notes(box).get(name)
    if not isinstance(found, dict):
        return None
    return {key: str(word) for key, word in found.items()}


def _notes(box: Box) -> dict[str, JSON]:
    """What was noted of this firmware."""
    kept = box.env.memory.get(_NOTES)
    if not isinstance(kept, dict) or kept.get("firmware") != _sign(box):
        return {}
    notes = kept.get("notes")
    return dict(notes) if isinstance(notes, dict) else {}
