"""One box while it is run: what was learnt of it, and the topology that comes of it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..catalogue import SETTABLE, Kind, row
from ..commands import Command, Press, Set
from ..download import Downloads
from ..env import Env
from ..errors import Unsupported
from ..http.client import Lane
from ..model import (
    BOX,
    Feature,
    FeatureId,
    Feed,
    Limits,
    Need,
    Part,
    PartId,
    PartKind,
    Poll,
    PtzAbility,
    Stream,
    TalkFormat,
    Topology,
    topology,
)
from ..settings import POLL, Bound, Setting
from ..verdicts import Verdicts
from . import lights
from .album import Album
from .client import Client
from .clocks import Dial
from .events import Layout, Translator
from .features import (
    ACTIVE,
    ACTIVE_MINOR,
    CAMERA_SETTINGS,
    CLOCK,
    DISKS,
    DOOR,
    EVENTS,
    FINDER,
    HEARTBEAT,
    INPUTS,
    LEVELS,
    MISSED_BEATS,
    PARKING,
    RECORDER_SETTINGS,
    RULES,
    SURVEY,
    every,
)
from .finder import Finders
from .inventory import Camera, Identity
from .rpc2 import Rpc2

_HEARD: Final = "heard"
_SEEN: Final = "seen"
_REMEMBERED: Final = 512
_RESURVEY: Final = 60.0
MANY: Final = 64
"""More parts of a kind than this are for few people."""


class ConfigStore:
    """The configuration tables as settings; lights also under their type."""

    def __init__(self, client: Client) -> None:
        """Nothing is read."""
        self._client = client
        self._names: Mapping[str, str] = {}

    async def load(self, table: str) -> Mapping[str, str]:
        """A table. Unsupported where the device says nothing about it."""
        listing = await self.read(table)
        if not listing:
            raise Unsupported(f"no table {table}")
        return listing

    async def read(self, table: str, lane: Lane = Lane.READ) -> Mapping[str, str]:
        """A table in a lane of the queue; empty where the device has nothing to say now (§4)."""
        listing = await self._client.get_config(table, lane)
        if table != lights.TABLE:
            return listing
        self._names = lights.named(listing)
        return listing | {name: listing[real] for name, real in self._names.items()}

    async def save(self, changes: Mapping[str, str]) -> None:
        """Write; a light's type becomes its index again."""
        await self._client.set_config(
            {self._names.get(name, name): value for name, value in changes.items()}
        )


class Box:
    """What is known of the box so far."""

    def __init__(self, env: Env, client: Client, identity: Identity) -> None:
        """Begin with its identity."""
        self.env = env
        self.client = client
        self.store = ConfigStore(client)
        self.identity = identity
        self.verdicts = Verdicts(env.memory, identity.firmware)
        self.cameras: dict[int, Camera] = {}
        self.parts: dict[str, list[Part]] = {}
        """By what told them."""
        self.features: dict[str, list[Feature]] = {}
        self.streams: dict[int, list[Stream]] = {}
        self.bounds: dict[str, list[Bound]] = {}
        """Settings by table."""
        self.able: dict[str, dict[PartId, frozenset[type[Command]]]] = {}
        """What else may be done to parts, by what told it."""
        self.tables: dict[str, dict[PartId, frozenset[str]]] = {}
        """What may be searched in parts, by what told it."""
        self.choices: dict[FeatureId, tuple[str, ...]] = {}
        """What the device says may be chosen."""
        self.drives: dict[PartId, PtzAbility] = {}
        self.doors: dict[int, PartId] = {}
        self.spaces: dict[str, PartId] = {}
        self.spots: dict[int, dict[PartId, Mapping[str, str]]] = {}
        """What measures temperatures, by channel: the rules, and what asks for each."""
        self.analysed: dict[int, list[tuple[PartId, str, str]]] = {}
        """The rules of the video analysis by index of their camera: part, name and type."""
        self.counters: dict[int, dict[PartId, tuple[str, str]]] = {}
        """What counts people, by channel: where that is told, the rule's name and type."""
        self.displays: dict[int, PartId] = {}
        """Monitors of a recorder by index."""
        self.limits: dict[FeatureId, Limits] = {}
        """Within which the device says that a number must be."""
        self.wipers: set[PartId] = set()
        self.lenses: set[PartId] = set()
        """Cameras whose lens moves, but not their head."""
        self.sent: dict[FeatureId, str] = {}
        """Which preset or tour a drive was sent to; no device tells."""
        self.speakers: dict[PartId, TalkFormat] = {}
        self.recalled: set[str] = set()
        """Tables that were not read yet: what is known of them was kept over a restart."""
        self.states: list[str] = []
        """How its disks were when they were listed last."""
        self.settled: dict[str, float] = {}
        """Rows that another answer told, and when: they need not be asked for at once."""
        self.feeds: dict[str, Feed] = {}
        """Feeds beside that of the events."""
        self.album = Album()
        self.rtsp: int | None = None
        """The port of its RTSP; None where that is switched off."""
        self.encode: Mapping[str, str] = {}
        """What its streams are made of."""
        self.voice: tuple[str, int] = ("", 0)
        """The codec and the rate of its own sound."""
        self.listings: set[str] = set()
        """Polls that list parts, also while there is none."""
        self.rules: dict[tuple[int, str], PartId] = {}
        self.inputs: dict[int, PartId] = {}
        self.codes: dict[str, tuple[str, ...]] = {}
        """Which codes are asked for a row."""
        self.schemes: Mapping[str, str] = {}
        self.exposed: frozenset[str] = frozenset()
        self.translator = Translator(Layout({}))
        self.topology = Topology()
        self.started: datetime | None = None
        self.drift: timedelta | None = None
        """How far the box's clock is ahead of its zone; None while nobody knows."""
        self.looking = asyncio.Lock()
        """Held by who looks at its clock."""
        self.dial: Dial | None = None
        """The clock that dates its files."""
        self.finders = Finders(env.spawn)
        self.rpc2 = Rpc2(client.http, env)
        self.downloads = Downloads(env.spawn, 1)
        self._doubtful: set[str] = set()
        self._doubts = 0

    @property
    def alone(self) -> bool:
        """Whether it is one camera with one lens: a minority of these counts channels from 0."""
        return not self.identity.recorder and len(self.cameras) < 2

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The rows that apply to this kind of box."""
        return RECORDER_SETTINGS if self.identity.recorder else CAMERA_SETTINGS

    def bound(self, id_: FeatureId) -> Bound | None:
        """The setting behind a feature."""
        for bounds in self.bounds.values():
            for bound in bounds:
                if bound.id == id_:
                    return bound
        return None

    def has(self, key: str, part: PartId | None = None) -> bool:
        """Whether any part, or this one, has such a setting."""
        return any(
            bound.setting.key == key and part in (None, bound.place.part)
            for bounds in self.bounds.values()
            for bound in bounds
        )

    # --- what it keeps ------------------------------------------------------------------------

    @property
    def has_disks(self) -> bool:
        """Whether it is known to have a disk or card."""
        return bool(self.parts.get(DISKS))

    @property
    def keeps_files(self) -> bool:
        """Whether it may keep files: it has a disk, or does not tell of disks at all."""
        return self.has_disks or self.verdicts.get(DISKS) is not True

    @property
    def has_recordings(self) -> bool:
        """Whether its files can be found."""
        return isinstance(self.verdicts.get(FINDER), str) and self.keeps_files

    # --- what is remembered -------------------------------------------------------------------

    @property
    def seen(self) -> frozenset[int]:
        """The channels that were connected once."""
        kept = self.env.memory.get(_SEEN)
        return (
            frozenset(int(each) for each in kept if isinstance(each, int))
            if isinstance(kept, list)
            else frozenset()
        )

    def see(self, indexes: Iterable[int]) -> bool:
        """Remember channels; whether one is new."""
        seen = self.seen
        more = seen | frozenset(indexes)
        if more != seen:
            self.env.memory.put(_SEEN, [*sorted(more)])
        return more != seen

    @property
    def heard(self) -> frozenset[FeatureId]:
        """The features that an event named before anything else did."""
        kept = self.env.memory.get(_HEARD)
        return frozenset(str(each) for each in kept) if isinstance(kept, list) else frozenset()

    def hear(self, ids: Iterable[FeatureId]) -> bool:
        """Remember features that events named; whether one is new."""
        heard = self.heard
        more = heard | frozenset(ids)
        if more == heard or len(more) > _REMEMBERED:
            return False
        self.env.memory.put(_HEARD, [*sorted(more)])
        return True

    # --- the topology -------------------------------------------------------------------------

    def lists(self, poll: str, *, changed: bool) -> bool:
        """Whether a read tells the topology: after a change, and once more to confirm it."""
        again = poll in self._doubtful
        if changed:
            self._doubtful.add(poll)
        else:
            self._doubtful.discard(poll)
        return changed or again

    def surveyed(self) -> None:
        """Note a survey, so that the next one comes soon while answers are owed."""
        self._doubts = self._doubts + 1 if self.verdicts.unknown else 0

    def _survey(self) -> float:
        """Seconds between two surveys: few after one that failed in part, then more and more."""
        usual = every(SURVEY)
        return min(usual, _RESURVEY * 4.0 ** (self._doubts - 1)) if self._doubts else usual

    def _offered(self, feature: Feature) -> Feature:
        """A feature with what the device says may be chosen, where it does."""
        feature = replace(feature, limits=self.limits.get(feature.id, feature.limits))
        offered = self.choices.get(feature.id)
        if offered is None:
            return feature
        # What is set now may be a word that the device does not list.
        return replace(feature, options=tuple(dict.fromkeys((*offered, *feature.options))))

    def build(self) -> Topology:
        """The topology of all that is known, and the places that events go to."""
        box = Part(BOX, PartKind.BOX, self.identity.about.name, self.identity.about)
        parts = {BOX: box, **{part.id: part for group in self.parts.values() for part in group}}
        features = {
            each.id: self._offered(each)
            for group in self.features.values()
            for each in group
            if each.part in parts
        }
        able: dict[PartId, set[type[Command]]] = {}
        for told in self.able.values():
            for part, commands in told.items():
                able.setdefault(part, set()).update(commands)
        tables: dict[PartId, set[str]] = {}
        for listed in self.tables.values():
            for part, kinds in listed.items():
                tables.setdefault(part, set()).update(kinds)
        for each in features.values():
            kind = row(each.key).kind
            if kind in SETTABLE:
                able.setdefault(each.part, set()).add(Set)
            elif kind is Kind.BUTTON:
                able.setdefault(each.part, set()).add(Press)
        polls = {each.poll for each in features.values() if each.poll is not None}
        # Without rules or disks there is still a list of them, to confirm it and for those to come.
        polls |= {f"{POLL}{RULES}"} if RULES in self.bounds else set()
        polls |= self.listings
        polls |= {DISKS} if self.verdicts.get(DISKS) is True else set()
        doors = sorted(poll for poll in polls if poll.startswith(DOOR))
        seed = tuple(
            poll for poll in (ACTIVE, ACTIVE_MINOR, INPUTS, PARKING, *doors) if poll in polls
        )
        self.topology = topology(
            [
                replace(
                    part,
                    can=frozenset(able.get(part.id, ())),
                    tables=frozenset(tables.get(part.id, ())),
                    ptz=self.drives.get(part.id),
                    talk=self.speakers.get(part.id),
                )
                for part in parts.values()
            ],
            list(features.values()),
            [one for group in self.streams.values() for one in group if one.part in parts],
            [
                Poll(CLOCK, every(CLOCK), need=Need.VITAL),
                Poll(SURVEY, self._survey(), need=Need.ALWAYS),
                *(Poll(name, every(name)) for name in sorted(polls - {CLOCK})),
            ],
            [
                Feed(EVENTS, float(HEARTBEAT * MISSED_BEATS), seed, Need.VITAL),
                *self.feeds.values(),
            ],
        )
        self.translator.layout = Layout(
            {index: camera.part.id for index, camera in self.cameras.items()},
            dict(self.inputs),
            dict(self.rules),
            self.identity.bell,
            dict(self.doors),
            dict(self.spaces),
        )
        return self.topology

    def grows(self, id_: FeatureId) -> bool:
        """Whether an event may bring this feature: a place that exists, a row that events tell."""
        part, _, key = id_.rpartition(":")
        return part in self.topology.parts and (
            key in ("doorbell", "call", "access", "plate")
            or any(level.row == key for level in LEVELS.values())
        )
