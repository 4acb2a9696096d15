"""What is known of one PC with iSpy, and the topology that follows from it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ..commands import AddObject, Press, Set, ShutDown
from ..env import Env
from ..errors import BadInput, Unsupported
from ..model import (
    BOX,
    About,
    Feature,
    Feed,
    Need,
    Part,
    PartId,
    PartKind,
    Poll,
    Topology,
    topology,
)
from ..settings import Bound
from . import inventory, panel
from .client import Client, Params, of
from .features import (
    BOX_BUTTONS,
    MAKER,
    MODEL,
    OBJECTS,
    PING,
    PLANS,
    PUSH,
    SETTLE,
    SILENCE,
    STATUS,
    SURVEY,
    THRESHOLD,
    every,
)
from .inventory import Known
from .plans import Plan
from .saving import Saver
from .wire import Thing, generation

_THRESHOLD: Final = 20


class Box:
    """The PC: its objects, plans, groups and remote commands."""

    def __init__(self, env: Env, client: Client) -> None:
        """Nothing is asked."""
        self.env = env
        self.client = client
        self.store = PanelStore(self)
        self.name: str | None = None
        self.modern = True
        """Whether `connect` answers in JSON."""
        self.things: dict[PartId, Thing] = {}
        self.known: dict[PartId, Known] = {}
        self.plans: dict[PartId, Plan] = {}
        self.drawn: dict[PartId, datetime] = {}
        """When a plan without a time was first seen."""
        self.pictures: dict[PartId, tuple[str, datetime]] = {}
        """The newest grab of each camera and when it was made."""
        self.commands: Mapping[int, str] = {}
        self.groups: Mapping[PartId, str] = {}
        self.saver = Saver(env, client)
        self.listing = asyncio.Lock()
        """Hold this while the objects are listed, so that the later list is the newer one."""
        self.topology = Topology()
        self._doubted: set[str] = set()
        """Polls whose last read changed the topology."""

    @property
    def threshold(self) -> float:
        """From which level motion or sound counts, 0 to 1."""
        percent = self.env.options.get(THRESHOLD)
        valid = isinstance(percent, int | float) and not isinstance(percent, bool)
        return (percent if valid and isinstance(percent, int | float) else _THRESHOLD) / 100

    def thing(self, part: PartId) -> Thing:
        """An object by its part. BadInput if there is none."""
        if (thing := self.things.get(part)) is None:
            raise BadInput(f"there is no {part or 'object'}")
        return thing

    def knows(self, thing: Thing) -> Known:
        """What is known of an object; of one that has just gone it is kept by nobody."""
        return self.known.get(thing.part) or Known()

    def bound(self, part: PartId, key: str) -> Bound | None:
        """The setting behind a feature."""
        known = self.known.get(part)
        for bound in () if known is None else known.bounds:
            if bound.setting.key == key:
                return bound
        return None

    def take(self, things: tuple[Thing, ...]) -> list[Thing]:
        """Take in a list of objects; those that are new, or were given another drive."""
        before = self.things
        self.things = {thing.part: thing for thing in things}
        self.known = {part: self.known.get(part, Known()) for part in self.things}
        self.pictures = {part: one for part, one in self.pictures.items() if part in self.things}
        self.groups = inventory.groups(things)
        self.client.generation = generation(things, json=self.modern)
        return [
            thing
            for part, thing in self.things.items()
            if part not in before or before[part].ptz != thing.ptz
        ]

    # --- the topology -------------------------------------------------------------------------

    def renewed(self, poll: str) -> tuple[Topology, ...]:
        """The topology if a poll changed it, and once more the next time, to be believed.

        Not each time: it would vouch for objects that this poll did not list.
        """
        before = self.topology
        changed = self.build() is not before
        told = changed or poll in self._doubted
        (self._doubted.add if changed else self._doubted.discard)(poll)
        return (self.topology,) if told else ()

    def build(self) -> Topology:
        """The topology of all that is known."""
        modern = self.client.generation.modern
        planned = {thing for plan in self.plans.values() for thing in plan.areas}
        talks = self.client.http.base.startswith("http:")
        pieces = [
            *(
                inventory.piece(
                    thing,
                    self.known[part],
                    self.client.generation,
                    (thing.ot, thing.oid) in planned,
                    talks,
                )
                for part, thing in self.things.items()
            ),
            *(inventory.plan(plan) for plan in self.plans.values()),
            *(
                inventory.group(part, name, at)
                for at, (part, name) in enumerate(self.groups.items())
            ),
            *inventory.macros(self.commands),
        ]
        features = [*self._own(), *(each for piece in pieces for each in piece.features)]
        told = {each.poll for each in features if each.poll is not None}
        always = (OBJECTS, PLANS, SURVEY)
        polls = [
            Poll(PING, every(PING), need=Need.VITAL),
            *(
                Poll(name, every(name), SETTLE if name == OBJECTS else (), Need.ALWAYS)
                for name in always
            ),
            *(
                Poll(name, every(name), SETTLE[:1] if name.startswith(STATUS) else ())
                for name in sorted(told.difference(always))
            ),
        ]
        fresh = topology(
            [self._part(), *(piece.part for piece in pieces)],
            features,
            [
                *inventory.together(self.things.values(), self.client.generation),
                *(stream for piece in pieces for stream in piece.streams),
            ],
            polls,
            [Feed(PUSH, SILENCE, (OBJECTS,), Need.ALWAYS)] if modern else [],
        )
        if fresh != self.topology:
            self.topology = fresh
        return self.topology

    def _part(self) -> Part:
        """The PC itself; nothing on the wire tells it from another (§1)."""
        about = About(self.name, MAKER, MODEL, url=self.client.http.base)
        return Part(
            BOX,
            PartKind.BOX,
            self.name,
            about,
            frozenset({Set, Press, AddObject, ShutDown}),
            frozenset({"counts", "previews", "pictures"}),
        )

    def _own(self) -> list[Feature]:
        """What the PC itself has."""
        features = [Feature(BOX, key, minor=button.minor) for key, button in BOX_BUTTONS.items()]
        features.append(Feature(BOX, "record_mode", options=tuple(panel.MODES), minor=True))
        if self.saver.able:
            features.append(Feature(BOX, "save_settings"))
        return features


class PanelStore:
    """The control panels as tables of settings, one an object (§7)."""

    def __init__(self, box: Box) -> None:
        """Nothing is read."""
        self._box = box

    async def load(self, table: str) -> Mapping[str, str]:
        """A panel's fields. Unsupported where there is no such object."""
        thing = self._box.things.get(panel.part_of(table))
        if thing is None:
            raise Unsupported(f"no table {table[:80]}")
        known = self._box.knows(thing)
        fields = await self._box.client.panel(thing)
        listing = {f"{table}.{field}": text for field, text in fields.items()}
        known.panel = listing
        return listing

    async def save(self, changes: Mapping[str, str]) -> None:
        """Write field after field, none if one of them is bad."""
        orders: list[tuple[str, Params]] = []
        for name, text in changes.items():
            table, _, field = name.partition(".")
            thing = self._box.thing(panel.part_of(table))
            was = (self._box.knows(thing).panel or {}).get(name, "")
            command, more = panel.change(field, text, was)
            orders.append((command, [*of(thing), *more]))
        for command, params in orders:
            await self._box.client.ordered(command, params)
