"""What Home Assistant made of our entries: devices and entities, as its registries list them."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import time
from typing import Any

from .api import Api

DOMAIN = "cctv"
QUIET_SECONDS = 7
SETTLE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Thing:
    """One enabled entity."""

    entity: str
    key: str
    """The row of the catalogue, or the profile of a camera's stream."""
    part: str
    """The place on the device; empty for the box itself."""
    name: str
    category: str | None

    @property
    def platform(self) -> str:
        """The part before the dot."""
        return self.entity.partition(".")[0]

    @property
    def id(self) -> tuple[str, str, str]:
        """Where it is, what it is and on which platform."""
        return self.part, self.key, self.platform


@dataclass(frozen=True, slots=True)
class Place:
    """One device with its enabled entities."""

    id: str
    name: str
    model: str
    behind: str | None
    """The device through which it is reached: a recorder."""
    things: tuple[Thing, ...]

    def find(self, *keys: str, platform: str | None = None) -> list[Thing]:
        """Its entities of these rows, in the order of the rows; all of a platform without rows."""
        if not keys:
            return [thing for thing in self.things if thing.platform == platform]
        return [
            thing
            for key in keys
            for thing in self.things
            if thing.key == key and platform in (None, thing.platform)
        ]

    def only(self, key: str, platform: str | None = None) -> str:
        """The entity id of a row that must be there."""
        found = self.find(key, platform=platform)
        if not found:
            raise LookupError(f"{self.name} has no enabled entity for {key}")
        return found[0].entity

    @property
    def cameras(self) -> list[Thing]:
        """Its camera entities."""
        return self.find(platform="camera")


@dataclass(frozen=True, slots=True)
class Holding:
    """One config entry with its devices, the box first."""

    entry: str
    title: str
    state: str
    places: tuple[Place, ...]

    @property
    def things(self) -> Iterator[Thing]:
        """All enabled entities of all its devices."""
        for place in self.places:
            yield from place.things

    def place(self, part: str) -> Place:
        """The device that carries a part's entities."""
        for place in self.places:
            if any(thing.part == part for thing in place.things):
                return place
        raise LookupError(f"{self.title} has nothing enabled at {part or 'the box'}")

    @property
    def watched(self) -> list[Place]:
        """The devices that show a picture."""
        return [place for place in self.places if place.cameras]

    @property
    def recorder(self) -> bool:
        """Whether other devices are reached through its box."""
        return any(place.behind for place in self.places)


async def take_stock(api: Api) -> list[Holding]:
    """Ask the registries; the entries come in the order in which they were added."""
    entries = await api.ask("config_entries/get", domain=DOMAIN)
    devices = await api.ask("config/device_registry/list")
    entities = await api.ask("config/entity_registry/list")
    states = await api.states()
    holdings = []
    for entry in sorted(entries, key=lambda entry: float(entry.get("created_at") or 0)):
        mine = [entity for entity in entities if entity["config_entry_id"] == entry["entry_id"]]
        places = [
            _place(
                device, [entity for entity in mine if entity["device_id"] == device["id"]], states
            )
            for device in devices
            if device["id"] in {entity["device_id"] for entity in mine}
        ]
        places.sort(key=lambda place: (place.behind is not None, _natural(place.name)))
        holdings.append(Holding(entry["entry_id"], entry["title"], entry["state"], tuple(places)))
    return holdings


async def settled(api: Api) -> list[Holding]:
    """The inventory once nothing more is found; devices are asked late about what can wait."""
    deadline = time.monotonic() + SETTLE_SECONDS
    known, quiet = -1, time.monotonic()
    while True:
        holdings = await take_stock(api)
        count = sum(1 for holding in holdings for _ in holding.things)
        now = time.monotonic()
        if count != known:
            known, quiet = count, now
        elif now - quiet > QUIET_SECONDS or now > deadline:
            return holdings
        await asyncio.sleep(0.5)


def _place(device: Any, entities: Sequence[Any], states: dict[str, Any]) -> Place:
    name = device["name_by_user"] or device["name"] or ""
    things = [
        Thing(
            entity["entity_id"],
            entity["unique_id"].split(":")[-1],
            entity["unique_id"].split(":")[-2],
            _name(states.get(entity["entity_id"]), name, entity["entity_id"]),
            entity["entity_category"],
        )
        for entity in entities
        if entity["disabled_by"] is None
    ]
    things.sort(key=lambda thing: (thing.platform, _natural(thing.name)))
    return Place(device["id"], name, device["model"] or "", device["via_device_id"], tuple(things))


def _name(state: Any, device: str, entity: str) -> str:
    """The entity's own name: the friendly one without the device's in front."""
    if state is None:
        return entity
    full = str(state["attributes"].get("friendly_name", entity))
    return full.removeprefix(device).strip() or device


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: 'Channel 2' comes before 'Channel 10'."""
    words = text.casefold().split()
    return tuple((0, int(word), "") if word.isdecimal() else (1, 0, word) for word in words)
