"""What triggered a recording and when it was, in people's words: to write them and to find them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .devices.catalogue import RECORDING_KINDS

PLAIN: Final = frozenset({"motion", "scheduled"})
"""What is said of most recordings, and tells least of one that has another reason as well."""
LANGUAGES: Final = ("en", "de")
"""Languages that are understood beside the one of Home Assistant."""
_PLACE: Final = f"component.{DOMAIN}.selector."


@dataclass(frozen=True, slots=True)
class Words:
    """Words as they are written, and those that are understood, each with what it means."""

    kinds: Mapping[str, str]
    forms: Mapping[str, str]
    spoken_kinds: Mapping[str, tuple[str, ...]]
    spoken_times: Mapping[str, tuple[str, ...]]


async def async_words(hass: HomeAssistant) -> Words:
    """Return the words of Home Assistant's language, and what is understood in all of ours."""
    own = hass.config.language
    told = {
        language: await async_get_translations(hass, language, "selector", [DOMAIN])
        for language in dict.fromkeys((own, *LANGUAGES))
    }
    return Words(
        kinds=_options(told[own], "recording_kind"),
        forms=_options(told[own], "recording_form"),
        spoken_kinds=_spoken(told, "recording_kind"),
        spoken_times=_spoken(told, "recording_time"),
    )


def trigger(kinds: frozenset[str], words: Words) -> str:
    """Write what triggered a recording, what tells most first; nothing of mere 'other'."""
    known = [kind for kind in RECORDING_KINDS if kind in kinds]
    known.sort(key=lambda kind: kind in PLAIN)
    shown = [kind for kind in known if kind != "other"] or known
    return ", ".join(words.kinds.get(kind, kind) for kind in shown)


def _options(told: Mapping[str, str], selector: str) -> dict[str, str]:
    """Return the words of one selector by their keys."""
    place = f"{_PLACE}{selector}.options."
    return {key.removeprefix(place): word for key, word in told.items() if key.startswith(place)}


def _spoken(told: Mapping[str, Mapping[str, str]], selector: str) -> dict[str, tuple[str, ...]]:
    """Return what may be said for each key, in any language; a text may hold several words."""
    found: dict[str, dict[str, None]] = {}
    for texts in told.values():
        for key, text in _options(texts, selector).items():
            words = (word.strip().casefold() for word in text.split(","))
            found.setdefault(key, {}).update(dict.fromkeys(words))
    return {key: tuple(words) for key, words in found.items()}
