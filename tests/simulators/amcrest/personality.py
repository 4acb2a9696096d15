"""What makes one model differ from another, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from tests.simulators.amcrest.grammar import Refusal
from tests.simulators.amcrest.ptz import Preset
from tests.simulators.amcrest.state import Disk, Slot
from tests.simulators.clips import VideoCodec
from tests.simulators.dhav import Style

SCENES = (
    "front_door",
    "driveway",
    "garden",
    "garage",
    "living_room",
    "warehouse",
    "street",
    "hallway",
)
"""Names of the moving pictures, one a channel."""


def _nothing[K, V]() -> Mapping[K, V]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Personality:
    """One model. Texts are lines as the device sends them; `{ch}` is a channel from 0."""

    name: str
    summary: str
    serial: str
    device_class: str
    device_type: str
    version: str
    """Answer of getSoftwareVersion, one line or two."""
    config: str
    """Lines of key=value, without the `table.` prefix."""
    vendor: str = "Amcrest"
    hardware: str = "1.00"
    system_info: str = ""
    channels: int = 1
    extra_streams: int = 1
    capabilities: frozenset[str] = frozenset()
    """Groups of verbs served beyond the common ones: ptz, alarm, coaxial, storage, recorder …"""
    product: Mapping[str, str] = field(default_factory=_nothing)
    """Answers of getProductDefinition."""
    answers: Mapping[str, str] = field(default_factory=_nothing)
    """Fixed answers, by `cgi.action`."""
    exposure_events: tuple[str, ...] = ()
    scenes: tuple[str, ...] = SCENES
    presets: Mapping[int, Preset] = field(default_factory=_nothing)
    disks: tuple[Disk, ...] = ()
    slots: tuple[Slot, ...] = ()
    """Positions of a recorder's camera list; empty on a camera."""
    record_codec: VideoCodec = "h264"
    record_suffix: Literal["dav", "mp4"] = "dav"
    """How its files end; that of an MP4 is called dav all the same (§4.11.5)."""
    record_style: Style = field(default_factory=Style)
    """What is special in its `.dav` files (§8)."""
    inputs: int = 0
    outputs: int = 0
    doors: int = 0
    spaces: int = 0
    ptz_from_zero: bool = False
    """Whether `channel=0` is taken by ptz.cgi."""
    keep_alive: bool = True
    auth: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of the authentication policy that differ; `{serial}` is put in."""
    faults: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of Faults that differ."""
    refuse: Mapping[str, Refusal] = field(default_factory=_nothing)
    """Verbs and tables that this model refuses in a way of its own."""
