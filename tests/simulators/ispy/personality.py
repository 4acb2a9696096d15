"""What makes one installation differ from another, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tests.simulators.ispy.objects import (
    BUILT_IN,
    NATIVE,
    NO_PTZ,
    Area,
    Preset,
    RemoteCommand,
    Size,
)
from tests.simulators.ispy.rules import Version


def _nothing[K, V]() -> Mapping[K, V]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FileSeed:
    """A recording that is there from the start: so many hours ago, or at a moment."""

    hours_ago: float = 1.0
    seconds: int = 12
    max_alarm: float = 37.5
    at: datetime | None = None
    name: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectSeed:
    """A camera or microphone out of the box."""

    ot: int
    id: int
    name: str
    scene: str = "hallway"
    description: str = ""
    enabled: bool = True
    size: Size = NATIVE
    ptz: int = NO_PTZ
    talk: bool = False
    mic_pair: int = -1
    failing: bool = False
    alert_mode: str = "movement"
    presets: tuple[Preset, ...] = ()
    schedule: tuple[str, ...] = ()
    scheduled_mode: str = ""
    suffix: str = "mp4"
    files: tuple[FileSeed, ...] = ()
    grabs_hours_ago: tuple[float, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of Settings that differ."""


@dataclass(frozen=True, slots=True)
class PlanSeed:
    """A floor plan out of the box."""

    id: int
    name: str
    groups: str = ""
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Personality:
    """One installation."""

    name: str
    summary: str
    version: Version
    objects: tuple[ObjectSeed, ...] = ()
    plans: tuple[PlanSeed, ...] = ()
    commands: tuple[RemoteCommand, ...] = BUILT_IN
    server_name: str = "iSpy PC"
    language: str = "en"
    zone: str = "Europe/Berlin"
    allowed: str = "192.168.1.*"
    """Settings: allowed IP addresses; this machine is let in besides."""
    referers: str = ""
    masks: tuple[str, ...] = (r"C:\iSpy\Masks\porch.png",)
    """Readable pictures on the PC."""
    bad_masks: tuple[str, ...] = (r"C:\iSpy\Masks\broken.png",)
    faults: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of Faults that differ."""
