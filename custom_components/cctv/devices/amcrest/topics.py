"""All topics of this family, and what they add together."""

from collections.abc import Mapping
from typing import Final

from ..commands import Command
from . import (
    calls,
    care,
    configure,
    counting,
    display,
    doors,
    event_pictures,
    files,
    lens,
    live,
    logs,
    motion_files,
    neighbours,
    parking,
    people,
    ptz,
    records,
    relays,
    sound,
    storage,
    thermal,
)
from .topic import Fetcher, Finder, Handler, Listener, Presser, Reader, Setter, Topic

TOPICS: Final[tuple[Topic, ...]] = (
    calls.TOPIC,
    care.TOPIC,
    configure.TOPIC,
    counting.TOPIC,
    display.TOPIC,
    doors.TOPIC,
    event_pictures.TOPIC,
    files.TOPIC,
    live.TOPIC,
    logs.TOPIC,
    motion_files.TOPIC,
    neighbours.TOPIC,
    parking.TOPIC,
    people.TOPIC,
    ptz.TOPIC,
    # A lens that moves alone is told by there being no drive, which is looked for before.
    lens.TOPIC,
    records.TOPIC,
    relays.TOPIC,
    sound.TOPIC,
    storage.TOPIC,
    thermal.TOPIC,
)

READERS: Final[Mapping[str, Reader]] = {k: v for each in TOPICS for k, v in each.readers.items()}
HANDLERS: Final[Mapping[type[Command], Handler]] = {
    k: v for each in TOPICS for k, v in each.handlers.items()
}
SETTERS: Final[Mapping[str, Setter]] = {k: v for each in TOPICS for k, v in each.setters.items()}
PRESSERS: Final[Mapping[str, Presser]] = {k: v for each in TOPICS for k, v in each.pressers.items()}
FINDERS: Final[Mapping[str, Finder]] = {k: v for each in TOPICS for k, v in each.finders.items()}
FETCHERS: Final[Mapping[str, Fetcher]] = {k: v for each in TOPICS for k, v in each.fetchers.items()}
LISTENERS: Final[Mapping[str, Listener]] = {
    k: v for each in TOPICS for k, v in each.listeners.items()
}
