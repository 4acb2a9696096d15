"""What people mean by the words that they search for."""

from datetime import datetime
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import custom_components.cctv
from custom_components.cctv.media_search import FILLERS, Wanted, understand
from custom_components.cctv.media_words import Words

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 15, 20, tzinfo=ZONE)
"""A Wednesday."""


def _spoken(selector: str) -> dict[str, tuple[str, ...]]:
    """Return what is understood, out of the translations."""
    folder = Path(custom_components.cctv.__path__[0]) / "translations"
    found: dict[str, tuple[str, ...]] = {}
    for language in ("en", "de"):
        told = json.loads((folder / f"{language}.json").read_text("utf-8"))
        for key, text in told["selector"][selector]["options"].items():
            words = tuple(word.strip().casefold() for word in text.split(","))
            found[key] = (*found.get(key, ()), *words)
    return found


WORDS = Words({}, {}, _spoken("recording_kind"), _spoken("recording_time"))


def heard(text: str) -> Wanted:
    """Return what is understood now."""
    return understand(text, WORDS, NOW)


KINDS = {
    "motion": {"motion"},
    "Bewegung": {"motion"},
    "person": {"person"},
    "persons": {"person"},
    "Personen": {"person"},
    "vehicles": {"vehicle"},
    "Fahrzeuge": {"vehicle"},
    "line crossed": {"line_crossed"},
    "Linie überschritten": {"line_crossed"},
    "fast moving": {"fast_moving"},
    "manual": {"manual"},
    "manuell": {"manual"},
    "scheduled": {"scheduled"},
    "Zeitplan": {"scheduled"},
    "person vehicle": {"person", "vehicle"},
    "show the person, the animal": {"person", "animal"},
    "Türklingel": {"doorbell"},
}


@pytest.mark.parametrize("text", KINDS)
def test_kinds(text: str) -> None:
    wanted = heard(text)
    assert (set(wanted.kinds), wanted.names, wanted.start) == (KINDS[text], (), None)


TIMES = {
    "today": ("2026-03-04 00:00", "2026-03-05 00:00"),
    "heute": ("2026-03-04 00:00", "2026-03-05 00:00"),
    "yesterday": ("2026-03-03 00:00", "2026-03-04 00:00"),
    "gestern": ("2026-03-03 00:00", "2026-03-04 00:00"),
    "vorgestern": ("2026-03-02 00:00", "2026-03-03 00:00"),
    "day before yesterday": ("2026-03-02 00:00", "2026-03-03 00:00"),
    "wednesday": ("2026-03-04 00:00", "2026-03-05 00:00"),
    "on Thursday": ("2026-02-26 00:00", "2026-02-27 00:00"),
    "am Sonntag": ("2026-03-01 00:00", "2026-03-02 00:00"),
    "Sonnabend": ("2026-02-28 00:00", "2026-03-01 00:00"),
    "this morning": ("2026-03-04 05:00", "2026-03-04 12:00"),
    "heute Morgen": ("2026-03-04 05:00", "2026-03-04 12:00"),
    "gestern Abend": ("2026-03-03 17:00", "2026-03-03 23:00"),
    "yesterday afternoon": ("2026-03-03 12:00", "2026-03-03 18:00"),
    "evening": ("2026-03-03 17:00", "2026-03-03 23:00"),
    "last night": ("2026-03-03 21:00", "2026-03-04 06:00"),
    "last hour": ("2026-03-04 14:20", "2026-03-04 15:20"),
    "letzte Stunde": ("2026-03-04 14:20", "2026-03-04 15:20"),
    "last week": ("2026-02-25 15:20", "2026-03-04 15:20"),
    "2026-02-28": ("2026-02-28 00:00", "2026-03-01 00:00"),
    "2026-02": ("2026-02-01 00:00", "2026-03-01 00:00"),
    "2026-02-28T13:05": ("2026-02-28 12:50", "2026-02-28 13:20"),
    "2026-02-28 13:05": ("2026-02-28 12:50", "2026-02-28 13:20"),
    "28.2.2026": ("2026-02-28 00:00", "2026-03-01 00:00"),
    "28.2.": ("2026-02-28 00:00", "2026-03-01 00:00"),
    "24.12.": ("2025-12-24 00:00", "2025-12-25 00:00"),
    "at 13h": ("2026-03-04 13:00", "2026-03-04 14:00"),
    "um 13 Uhr": ("2026-03-04 13:00", "2026-03-04 14:00"),
    "3 pm": ("2026-03-04 15:00", "2026-03-04 16:00"),
    "12am": ("2026-03-04 00:00", "2026-03-04 01:00"),
    "yesterday 23h": ("2026-03-03 23:00", "2026-03-04 00:00"),
}


@pytest.mark.parametrize("text", TIMES)
def test_times(text: str) -> None:
    wanted = heard(text)
    assert wanted.start is not None
    assert wanted.end is not None
    span = tuple(f"{at:%Y-%m-%d %H:%M}" for at in (wanted.start, wanted.end))
    assert (span, wanted.names, wanted.kinds) == (TIMES[text], (), {})


@pytest.mark.parametrize("text", ["2026-02-31", "99:99", "25h", "13 pm", "2026-13", "32.1.2026"])
def test_what_is_no_time_is_a_name(text: str) -> None:
    wanted = heard(text)
    assert wanted.start is None
    assert wanted.names


def test_all_at_once() -> None:
    wanted = heard("show persons in the Driveway yesterday morning")
    assert set(wanted.kinds) == {"person"}
    assert wanted.names == ("driveway",)
    assert wanted.start == datetime(2026, 3, 3, 5, tzinfo=ZONE)
    assert wanted.is_named("Office Driveway")
    assert not wanted.is_named("Office Garage")


def test_a_word_that_is_a_cameras_name_means_the_camera() -> None:
    wanted = heard("doorbell person")
    assert wanted.kinds_at("Front Doorbell") == {"person"}
    assert wanted.kinds_at("Yard") == {"doorbell", "person"}


def test_nothing_said_is_everything() -> None:
    assert heard(" ".join(FILLERS)) == Wanted()
    assert heard("") == Wanted()


def test_a_flood_of_words_is_cut() -> None:
    assert len(heard("x " * 100_000).names) <= 20


def test_a_day_of_twenty_five_hours_is_whole() -> None:
    wanted = understand("25.10.", WORDS, datetime(2026, 10, 28, 12, tzinfo=ZONE))
    assert wanted.start is not None
    assert wanted.end is not None
    assert (wanted.end.timestamp() - wanted.start.timestamp()) == 25 * 3600
