"""The dashboard: every camera at a glance, a view for each family, and every entity by device."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from .inventory import Holding, Place, Thing

type Card = dict[str, Any]

URL_PATH: Final = "cctv-demo"

SEEN: Final = (
    "motion",
    "person",
    "vehicle",
    "animal",
    "face",
    "line_crossed",
    "intrusion",
    "sound",
    "crying",
    "input",
    "recording",
    "clip_recording",
)
"""What a picture's heading tells while it happens."""
TROUBLE: Final = ("tamper", "video_loss", "storage_failure", "storage_missing")
HANDY: Final = (
    "doorbell",
    "preset",
    "floodlight",
    "siren",
    "privacy",
    "enabled",
    "record",
    "record_mode",
    "clip",
    "take_snapshot",
    "storage_free",
    "recording_directory",
    "crying_detection",
    "motion_detection",
    "status_light",
    "output",
    "infrared",
    "day_night",
)
"""What one reaches for, in this order."""
TILES: Final = 6


def build(families: Mapping[str, Sequence[Holding]], automation: str) -> dict[str, Any]:
    """The whole dashboard."""
    holdings = [holding for each in families.values() for holding in each]
    views = [_overview(holdings, automation)]
    views += [_family(title, each) for title, each in families.items() if each]
    views.append(_everything(holdings))
    return {"title": "Cameras", "views": views}


def _overview(holdings: Sequence[Holding], automation: str) -> Card:
    sections = []
    for holding in sorted(holdings, key=lambda each: each.recorder):
        if holding.recorder:
            cards = [_heading(holding.title, _box(holding).find(*SEEN, *TROUBLE), "mdi:server")]
            cards += [_glance(place) for place in holding.watched]
            cards += _tiles(_box(holding))
            sections.append(_section(cards))
        else:
            sections += [_camera(place, live=True) for place in holding.watched]
    things = [thing for holding in holdings for thing in holding.things]
    heard = [thing.entity for thing in things if thing.platform == "event"]
    lately = [_heading("Lately", (), "mdi:history")]
    if automation:
        lately.append(_tile(automation, columns=12))
    if heard:
        lately.append(
            {
                "type": "logbook",
                "target": {"entity_id": heard},
                "hours_to_show": 1,
                "grid_options": {"columns": 12, "rows": 6},
            }
        )
    return _view("Cameras", "cameras", "mdi:cctv", [*sections, _section(lately)], columns=4)


def _family(title: str, holdings: Sequence[Holding]) -> Card:
    sections = [_camera(place, live=False) for holding in holdings for place in holding.watched]
    for holding in holdings:
        for place in holding.places:
            if not place.cameras:
                own = [_heading(place.name, place.find(*SEEN, *TROUBLE), "mdi:server")]
                own += [_tile(thing.entity, thing.name) for thing in place.things]
                sections.append(_section(own))
    return _view(title, _slug(title), "mdi:video-box", sections, columns=4)


def _box(holding: Holding) -> Place:
    """The device through which the others are reached."""
    return holding.places[0]


def _everything(holdings: Sequence[Holding]) -> Card:
    sections = []
    for holding in holdings:
        for place in holding.places:
            cards = [_heading(place.name, (), "mdi:cctv" if place.cameras else "mdi:server")]
            for title, things in _by_category(place):
                if things:
                    cards.append(
                        {
                            "type": "entities",
                            "title": title,
                            "show_header_toggle": False,
                            "entities": [
                                {"entity": thing.entity, "name": thing.name} for thing in things
                            ],
                        }
                    )
            sections.append(_section(cards))
    return _view("Every entity", "every-entity", "mdi:format-list-bulleted", sections, columns=4)


def _by_category(place: Place) -> Iterable[tuple[str, list[Thing]]]:
    for title, category in (("", None), ("Configuration", "config"), ("Diagnostic", "diagnostic")):
        yield title, [thing for thing in place.things if thing.category == category]


def _camera(place: Place, *, live: bool) -> Card:
    picture = {
        "type": "picture-entity",
        "entity": place.cameras[0].entity,
        "camera_view": "live" if live else "auto",
        "show_name": False,
        "show_state": False,
        "grid_options": {"columns": 12, "rows": "auto"},
    }
    return _section(
        [_heading(place.name, place.find(*SEEN, *TROUBLE), "mdi:cctv"), picture, *_tiles(place)]
    )


def _tiles(place: Place) -> list[Card]:
    """What one reaches for."""
    return [_tile(thing.entity, thing.name) for thing in place.find(*HANDY)[:TILES]]


def _glance(place: Place) -> Card:
    return {
        "type": "picture-glance",
        "title": place.name,
        "camera_image": place.cameras[0].entity,
        "camera_view": "auto",
        "entities": [{"entity": thing.entity} for thing in place.find("motion", "person")],
        "grid_options": {"columns": 6, "rows": "auto"},
    }


def _heading(title: str, badges: Iterable[Thing], icon: str) -> Card:
    """A title with a badge for each thing, shown only while the thing is on."""
    return {
        "type": "heading",
        "heading": title,
        "heading_style": "title",
        "icon": icon,
        "badges": [
            {
                "type": "entity",
                "entity": thing.entity,
                "name": thing.name,
                "state_content": "name",
                "color": "red" if thing.key in TROUBLE else "amber",
                "visibility": [{"condition": "state", "entity": thing.entity, "state": "on"}],
            }
            for thing in badges
            if thing.platform == "binary_sensor"
        ],
    }


def _tile(entity: str, name: str = "", *, columns: int = 6) -> Card:
    card: Card = {"type": "tile", "entity": entity, "grid_options": {"columns": columns}}
    if name:
        card["name"] = name
    return card


def _section(cards: list[Card]) -> Card:
    return {"type": "grid", "cards": cards}


def _view(title: str, path: str, icon: str, sections: list[Card], columns: int) -> Card:
    return {
        "type": "sections",
        "title": title,
        "path": path,
        "icon": icon,
        "max_columns": columns,
        "dense_section_placement": True,
        "sections": sections,
    }


def _slug(text: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in text.lower()).split())
