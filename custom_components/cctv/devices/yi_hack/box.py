"""One camera while it is run: what was learnt of it, and what follows from that."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final

from ..download import Downloads
from ..env import Env
from ..model import FeatureId, Picture, Topology
from ..settings import Bound
from .client import Client
from .events import Translator
from .features import VOLUME_PERCENT
from .inventory import Identity
from .recorder import Recorder
from .store import ConfigStore

_PROVEN: Final = "bus"
_VOLUME: Final = "speaker_volume"


@dataclass(slots=True)
class Learnt:
    """What the camera's scripts said last."""

    camera: Mapping[str, str] = field(default_factory=dict)
    """By full names."""
    system: Mapping[str, str] = field(default_factory=dict)
    mqtt: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    presets: Mapping[str, str] | None = None
    """Names by slot; None where the firmware does not list them."""
    card: bool = False


class Box:
    """What is known of the camera so far."""

    def __init__(self, env: Env, client: Client, identity: Identity) -> None:
        """Begin with its identity."""
        self.env = env
        self.client = client
        self.identity = identity
        self.store = ConfigStore(client)
        self.learnt = Learnt()
        self.bounds: list[Bound] = []
        self.topology = Topology()
        self.recorder = Recorder()
        self.translator: Translator | None = None
        self.hearing = False
        """Whether the camera is heard on the bus now."""
        self.seeding = False
        """Whether what the bus does not repeat is still to be read."""
        self.started: datetime | None = None
        self.latest: Picture | None = None
        """The newest picture of an event, from the bus or from the card."""
        self.names: tuple[tzinfo, float] = (UTC, float("-inf"))
        """The zone of the recordings' names, and when it was found out."""
        self.downloads = Downloads(env.spawn, 1)
        self.sounds = asyncio.Lock()

    @property
    def endless(self) -> bool:
        """Whether it records all the time, so that a clip says nothing of motion (§11)."""
        return self.learnt.camera.get("camera.SAVE_VIDEO_ON_MOTION", "yes") == "no"

    @property
    def records(self) -> bool:
        """Whether anything is ever recorded (§5.7)."""
        system = self.learnt.system
        cloudless = system.get("DISABLE_CLOUD") == "yes" and system.get("REC_WITHOUT_CLOUD") == "no"
        return self.learnt.card and not cloudless

    @property
    def speaks(self) -> bool:
        """Whether sound can be played (§6)."""
        return not self.identity.variant.old and (
            self.learnt.system.get("SPEAKER_AUDIO", "no") != "no"
        )

    @property
    def proven(self) -> bool:
        """Whether the camera was ever heard on the bus."""
        return self.env.memory.get(_PROVEN) is True

    def prove(self) -> None:
        """Remember that it was."""
        self.env.memory.put(_PROVEN, value=True)

    @property
    def volume(self) -> float:
        """How loud the speaker is, in percent: that lives with us."""
        kept = self.env.memory.get(_VOLUME)
        return float(kept) if isinstance(kept, int | float) else VOLUME_PERCENT

    def set_volume(self, percent: float) -> None:
        """Keep how loud it is."""
        self.env.memory.put(_VOLUME, percent)

    def bound(self, key: str) -> Bound | None:
        """The setting behind a row."""
        return next((each for each in self.bounds if each.setting.key == key), None)

    def has(self, id_: FeatureId) -> bool:
        """Whether there is such a feature now."""
        return id_ in self.topology.features
