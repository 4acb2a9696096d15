"""A family for the Home Assistant side: a device with everything that the catalogue knows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, override

from custom_components.cctv.devices.catalogue import CATALOGUE, ENGINE, Kind, Row
from custom_components.cctv.devices.commands import (
    Install,
    Mode,
    Press,
    PtzHome,
    PtzMove,
    PtzStop,
    Say,
    Set,
)
from custom_components.cctv.devices.device import Ask, Device, Family, Option, Sighting
from custom_components.cctv.devices.env import Env
from custom_components.cctv.devices.errors import InvalidAuth
from custom_components.cctv.devices.model import (
    BOX,
    About,
    Batch,
    Feature,
    FeatureId,
    Feed,
    Firmware,
    Light,
    Limits,
    Need,
    Part,
    PartId,
    PartKind,
    Picture,
    Poll,
    Profile,
    PtzAbility,
    Reported,
    Stream,
    TalkFormat,
    Topology,
    topology,
)
from tests.devices.sample import Sample

NAME: Final = "sample"
MAC: Final = "00:00:5E:00:53:01"
PASSWORD: Final = "p@ss:w/rd#"
ACTS: Final = frozenset({Set, Press})

PARTS: Final = (
    Part(
        BOX,
        PartKind.BOX,
        about=About(
            name="Cellar",
            maker="Sample",
            model="S-8",
            firmware="1.2.3",
            hardware="B",
            serial="S1",
            mac=MAC,
            url="http://sample.example/start",
            identities=frozenset({"serial:S1", f"mac:{MAC}"}),
        ),
        can=ACTS | {Install},
    ),
    Part(
        "camera.1",
        PartKind.CAMERA,
        "Door",
        About(maker="Eye", model="E-1"),
        can=ACTS | {PtzMove, PtzStop, PtzHome, Say},
        ptz=PtzAbility(frozenset({"pan", "tilt", "zoom"}), frozenset({Mode.STEP})),
        talk=TalkFormat("mulaw", 8000, 160, paced=False),
    ),
    Part("camera.2", PartKind.CAMERA, can=ACTS),
    Part("camera.2/lens.1", PartKind.LENS, "Wide", can=ACTS),
    Part("camera.2/lens.2", PartKind.LENS, can=ACTS),
    Part("camera.1/window.7", PartKind.WINDOW, "Gate", can=ACTS),
    Part("microphone.1", PartKind.MICROPHONE, can=ACTS),
    Part("disk.mmc0", PartKind.DISK, can=ACTS),
    Part("input.1", PartKind.INPUT, "Gate contact", can=ACTS),
    Part("output.1", PartKind.OUTPUT, can=ACTS),
    Part("camera.1/rule.3", PartKind.RULE, "Fence", can=ACTS),
)
PLACES: Final[dict[str, PartId]] = {
    "input": "input.1",
    "output": "output.1",
    "rule": "camera.1/rule.3",
    "storage_used": "disk.mmc0",
    "storage_size": "disk.mmc0",
    "storage_state": "disk.mmc0",
    "line_crossed": "camera.1/window.7",
    "intrusion": "camera.1/window.7",
    "restart": BOX,
    "sync_clock": BOX,
    "clock_drift": BOX,
    "started": BOX,
    "sessions": BOX,
    "security": BOX,
    "storage_failure": BOX,
    "storage_missing": BOX,
    "storage_low": BOX,
    "network_lost": BOX,
    "address_conflict": BOX,
    "sound": "microphone.1",
    "record": BOX,
    "firmware": BOX,
}
STREAMS: Final = (
    Stream(
        "camera.1:main",
        "camera.1",
        Profile.MAIN,
        codec="H.264",
        size=(2560, 1440),
        url="rtsp://sample.example/1",
        still="still/1",
        live="live/1",
        two_way=True,
    ),
    Stream("camera.1:sub", "camera.1", Profile.SUB, minor=True, url="rtsp://sample.example/1s"),
    Stream("camera.2/lens.1:main", "camera.2/lens.1", url="rtsp://sample.example/2"),
    Stream("camera.2/lens.2:main", "camera.2/lens.2", live="live/2"),
)
POLLS: Final = (
    Poll("states", every=10, need=Need.VITAL),
    Poll("settings", every=60, settle=(1,)),
    Poll("survey", every=3600),
)
FEEDS: Final = (Feed("events", silence=15, seed=("states",)),)
VALUES: Final[dict[Kind, Reported]] = {
    Kind.BINARY: False,
    Kind.MEASURE: 12,
    Kind.MOMENT: datetime(2026, 3, 1, tzinfo=UTC),
    Kind.SWITCH: False,
    Kind.NUMBER: 40,
    Kind.LIGHT: Light(on=False, level=50),
    Kind.SIREN: False,
    Kind.IMAGE: Picture("still/9", datetime(2026, 3, 1, tzinfo=UTC)),
    Kind.FIRMWARE: Firmware("1.2.3", "1.3.0", "Sees better"),
}


def _feature(row: Row) -> Feature:
    """Return a feature for a row, at the place where such a thing is."""
    part = PLACES.get(row.key, "camera.1")
    push = "events" if row.kind in (Kind.BINARY, Kind.EVENT) else None
    poll = None if row.kind in (Kind.EVENT, Kind.BUTTON) else "settings"
    if row.kind is Kind.BINARY:
        poll = "states"
    limits = Limits(10, 90, 5) if row.kind is Kind.NUMBER else None
    options: tuple[str, ...] = ()
    if row.key == "floodlight":
        limits, options = Limits(0, 100), ("steady", "flashing")
    if row.key == "record":
        poll = None
    if row.kind is Kind.CHOICE and not row.options:
        options = ("1", "2")
    return Feature(part, row.key, poll=poll, push=push, limits=limits, options=options)


FEATURES: Final = tuple(_feature(row) for row in CATALOGUE.values() if row.key not in ENGINE)
ONLINE: Final = tuple(Feature(part, "online", poll="states") for part in ("camera.1", "camera.2"))


def everything(*more: Part | Feature | Stream, without: tuple[str, ...] = ()) -> Topology:
    """Return all there is, with something more or without some parts and what is in them."""
    given = [*PARTS, *FEATURES, *ONLINE, *STREAMS, *more]
    kept = [one for one in given if (one.id if isinstance(one, Part) else one.part) not in without]
    return topology(
        [one for one in kept if isinstance(one, Part)],
        [one for one in kept if isinstance(one, Feature)],
        [one for one in kept if isinstance(one, Stream)],
        POLLS,
        FEEDS,
    )


def truth(given: Topology) -> dict[FeatureId, Reported]:
    """Return what is true of all that can be read."""
    found: dict[FeatureId, Reported] = {}
    for feature in given.features.values():
        row = CATALOGUE[feature.key]
        if feature.poll is not None:
            words = (*row.options, *feature.options, "word")
            found[feature.id] = VALUES[row.kind] if row.kind in VALUES else words[0]
    return found | {feature.id: True for feature in ONLINE} | {"camera.1:enabled": True}


@dataclass
class Everything(Sample):
    """A device with everything, that lets nobody in without the password."""

    topology: Topology = field(default_factory=everything)
    truth: dict[FeatureId, Reported] = field(default_factory=lambda: truth(everything()))
    opening: tuple[str, ...] = ("states",)
    password: str = PASSWORD
    env: Env | None = None

    @override
    async def open(self) -> Batch:
        """Look at the password first."""
        self.log.append("login")
        if self.env is not None and self.env.address.password != self.password:
            raise InvalidAuth("wrong password")
        return await super().open()


@dataclass
class FakeFamily:
    """The family that has only this device; it can be told what to recognise."""

    device: Everything = field(default_factory=Everything)
    sighting: Sighting | None = field(
        default_factory=lambda: Sighting(NAME, certain=True, model="S-8")
    )
    asks: bool = False
    """Whether it asks what is at the address, before it says what it was told to say."""
    asked: int = 0
    options: tuple[Option, ...] = ()
    name: str = NAME
    title: str = "Sample cameras"

    def create(self, env: Env) -> Device:
        """Give out the one device."""
        self.device.env = env
        return self.device

    async def recognise(self, ask: Ask) -> Sighting | None:
        """Say what it was told to say, after one question if it asks at all."""
        self.asked += 1
        if self.asks:
            await ask("/")
        return self.sighting

    @property
    def family(self) -> Family:
        """Return what the registry holds."""
        return Family(
            self.name, self.title, (80,), self.create, self.recognise, options=self.options
        )
