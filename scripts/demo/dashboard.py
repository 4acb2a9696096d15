"""The dashboard: every camera at a glance, a view for each recorder, and every entity by device."""

from collections.abc import Iterable, Sequence
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
)
"""What a picture's heading tells while it happens."""
TROUBLE: Final = ("tamper", "video_loss", "storage_failure", "storage_missing")
HANDY: Final = (
    "doorbell",
    "floodlight",
    "siren",
    "privacy",
    "enabled",
    "record",
    "record_mode",
    "motion_detection",
    "status_light",
    "output",
    "infrared",
    "day_night",
)
"""What one reaches for, in this order."""
TILES: Final = 6


def build(holdings: Sequence[Holding], automation: str) -> dict[str, Any]:
    """The whole dashboard."""
    views = [_overview(holdings, automation)]
    views += [_recorder(holding) for holding in holdings if holding.recorder]
    views.append(_everything(holdings))
    return {"title": "Cameras", "views": views}


def _overview(holdings: Sequence[Holding], automation: str) -> Card:
    sections = []
    for holding in holdings:
        if holding.recorder:
            cards = [_heading(holding.title, holding.places[0].find(*TROUBLE), "mdi:server")]
            cards += [_glance(place) for place in holding.watched]
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


def _recorder(holding: Holding) -> Card:
    box = holding.places[0]
    sections = [_camera(place, live=False) for place in holding.watched]
    own = [_heading(box.name, box.find(*TROUBLE), "mdi:harddisk")]
    own += [_tile(thing.entity, thing.name) for thing in box.things if thing.platform != "camera"]
    return _view(holding.title, _slug(holding.title), "mdi:server", [*sections, _section(own)], 4)


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
    tiles = [_tile(thing.entity, thing.name) for thing in place.find(*HANDY)[:TILES]]
    return _section(
        [_heading(place.name, place.find(*SEEN, *TROUBLE), "mdi:cctv"), picture, *tiles]
    )


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
