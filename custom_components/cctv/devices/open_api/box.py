"""One box while it is run: what was learnt of it, and the topology that comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import Final

from .. import hardware
from ..catalogue import SETTABLE, Kind, row
from ..commands import Command, Press, Set
from ..env import Env, ShortMemory
from ..errors import Rejected, Unsupported
from ..model import (
    BOX,
    About,
    Feature,
    FeatureId,
    Feed,
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
from ..settings import POLL, Bound
from ..verdicts import Verdicts
from ..when import NO_DRIFT
from .client import Client, Params
from .features import (
    ALIVE,
    DISKS,
    EDGES,
    EDGES_SILENCE,
    INPUTS,
    MOTION,
    MOVES,
    MOVES_SILENCE,
    PORTS,
    SETTLE,
    SURVEY,
    every,
)

type Able = set[type[Command]]

_ALWAYS: Final = (POLL + MOTION, POLL + PORTS)
"""What may be changed on the box itself while nobody here looks at it."""


_RESURVEY: Final = 60.0


@dataclass(frozen=True, slots=True)
class Camera:
    """One source of pictures: its part, and its number from 1."""

    number: int
    part: PartId
    alone: bool

    @property
    def index(self) -> int:
        """Its number in groups of parameters, from 0."""
        return self.number - 1

    @property
    def params(self) -> Params:
        """How it is named in a request; only a server is told."""
        return () if self.alone else (("camera", str(self.number)),)


class ConfigStore:
    """The parameters as settings: a table is a group (§1.1)."""

    def __init__(self, client: Client) -> None:
        """Nothing is read."""
        self._client = client

    async def load(self, table: str) -> Mapping[str, str]:
        """A group of parameters. Unsupported where there is none of that name."""
        found = (await self._client.parameters(table)).values
        listed = {
            name: value
            for name, value in found.items()
            if name == table or name.startswith(f"{table}.")
        }
        if not listed:
            raise Unsupported(f"no group {table}")
        return listed

    async def save(self, changes: Mapping[str, str]) -> None:
        """Write parameters by their full names."""
        await self._client.update(changes)


@dataclass(slots=True)
class Group:
    """What one source of knowledge told of: parts, features, and what can be done there."""

    parts: tuple[Part, ...] = ()
    features: tuple[Feature, ...] = ()
    able: Mapping[PartId, frozenset[type[Command]]] | None = None


class Box:
    """What is known of the box so far."""

    def __init__(self, env: Env, client: Client) -> None:
        """Begin with nothing known."""
        self.env = env
        self.client = client
        self.store = ConfigStore(client)
        self.verdicts = Verdicts(ShortMemory(), "")
        """Kept for good once the firmware is known."""
        self.about = About(url=env.address.base)
        self.weak = False
        """Whether the account sees pictures and nothing else (§1.4)."""
        self.tables: dict[str, Mapping[str, str]] = {}
        self.cameras: tuple[Camera, ...] = (Camera(1, BOX, alone=True),)
        self.groups: dict[str, Group] = {}
        self.bounds: dict[str, list[Bound]] = {}
        self.streams: dict[int, Stream] = {}
        self.ptz: dict[PartId, PtzAbility] = {}
        self.talk: TalkFormat | None = None
        self.tables_of: dict[PartId, frozenset[str]] = {}
        self.zone: tzinfo = env.zone
        self.drift: timedelta = NO_DRIFT
        self.dropped = 0
        """Lines of the feeds that were out of range."""
        self.topology = Topology()
        self._doubts = 0

    def option(self, key: str) -> str:
        """What the user wrote as an option."""
        value = self.env.options.get(key)
        return value.strip() if isinstance(value, str) else ""

    def camera(self, part: PartId) -> Camera:
        """The camera of a part."""
        for camera in self.cameras:
            if camera.part == part:
                return camera
        raise Rejected(f"no camera {part!r}")

    def bound(self, id_: FeatureId) -> Bound | None:
        """The setting behind a feature."""
        for bounds in self.bounds.values():
            for bound in bounds:
                if bound.id == id_:
                    return bound
        return None

    def has(self, id_: FeatureId) -> bool:
        """Whether something was told of a feature."""
        return any(each.id == id_ for group in self.groups.values() for each in group.features)

    # --- the topology -------------------------------------------------------------------------

    def surveyed(self) -> None:
        """Note a survey, so that the next one comes soon while answers are owed."""
        self._doubts = self._doubts + 1 if self.verdicts.unknown else 0

    def _survey(self) -> float:
        """Seconds between two surveys: few after one that failed in part, then more and more."""
        usual = every(SURVEY)
        return min(usual, _RESURVEY * 4.0 ** (self._doubts - 1)) if self._doubts else usual

    def build(self) -> Topology:
        """The topology of all that is known."""
        groups = tuple(self.groups.values())
        parts = {BOX: Part(BOX, PartKind.BOX, self.about.name, self.about)}
        for camera in self.cameras:
            if not camera.alone:
                name = self.tables.get("Image", {}).get(f"Image.I{camera.index}.Name", "")
                parts[camera.part] = Part(camera.part, PartKind.CAMERA, name.strip()[:80] or None)
        parts |= {part.id: part for group in groups for part in group.parts}
        features = {
            each.id: each for group in groups for each in group.features if each.part in parts
        }
        able = self._able(groups, features.values())
        polls = {each.poll for each in features.values() if each.poll is not None} - {ALIVE}
        # Without a card there is still a list of them, which says so a second time.
        polls |= {poll for poll in (*_ALWAYS, DISKS) if poll in self.groups}
        self.topology = topology(
            [self._complete(part, able) for part in parts.values()],
            list(features.values()),
            list(self.streams.values()),
            [
                Poll(ALIVE, every(ALIVE), need=Need.VITAL),
                Poll(SURVEY, self._survey(), need=Need.ALWAYS),
                *(_poll(name) for name in sorted(polls)),
            ],
            _feeds(features.values()),
        )
        return self.topology

    def _able(self, groups: Iterable[Group], features: Iterable[Feature]) -> dict[PartId, Able]:
        """What can be done to each part."""
        able: dict[PartId, Able] = {}
        for group in groups:
            for part, commands in (group.able or {}).items():
                able.setdefault(part, set()).update(commands)
        for feature in features:
            kind = row(feature.key).kind
            if kind in SETTABLE:
                able.setdefault(feature.part, set()).add(Set)
            elif kind is Kind.BUTTON:
                able.setdefault(feature.part, set()).add(Press)
        return able

    def _complete(self, part: Part, able: Mapping[PartId, Able]) -> Part:
        """A part with what can be done to it and searched in it."""
        return replace(
            part,
            can=frozenset(able.get(part.id, ())),
            tables=self.tables_of.get(part.id, frozenset()),
            ptz=self.ptz.get(part.id),
            talk=self.talk if part.id == BOX else None,
        )


def _poll(name: str) -> Poll:
    need = Need.ALWAYS if name in _ALWAYS else Need.WANTED
    return Poll(name, every(name), SETTLE.get(name, ()), need)


def _feeds(features: Iterable[Feature]) -> list[Feed]:
    """The feeds that tell anything."""
    told = {each.push: each.poll for each in features if each.push is not None}
    feeds = []
    if MOVES in told:
        feeds.append(Feed(MOVES, MOVES_SILENCE))
    if EDGES in told:
        feeds.append(Feed(EDGES, EDGES_SILENCE, (INPUTS,) if told[EDGES] else ()))
    return feeds


def about(listed: Mapping[str, str], url: str) -> About:
    """The type plate (§1.1 Brand, Properties, Network)."""

    def word(*names: str) -> str | None:
        found = (listed.get(name, "").strip()[:80] for name in names)
        return next(filter(None, found), None)

    serial = word("Properties.System.SerialNumber")
    mac = hardware.mac(listed.get("Network.eth0.MACAddress"))
    identities = ([f"mac:{mac}"] if mac else []) + ([f"serial:{serial}"] if serial else [])
    return About(
        name=word("Brand.ProdFullName", "Network.HostName"),
        maker=word("Brand.Brand"),
        model=word("Brand.ProdNbr", "Brand.ProdShortName", "Brand.ProdFullName"),
        firmware=word("Properties.Firmware.Version"),
        hardware=word("Brand.ProdVariant"),
        serial=serial,
        mac=mac,
        url=url,
        identities=frozenset(identities),
    )
