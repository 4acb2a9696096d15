"""What makes one model differ from another, as data (§5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.simulators.open_api.faults import Idle, IoStyle, Said, Separator, TimeStyle, UnknownGroup


def _nothing[V]() -> Mapping[str, V]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Personality:
    """One model out of its box."""

    name: str
    summary: str
    serial: str
    mac: str
    product: str
    firmware: str = "V5.0.2.3843"
    channels: int = 1
    inputs: int = 2
    outputs: int = 2
    ptz: bool = True
    audio: bool = True
    storage: bool = True
    policy: str = "basic_digest"
    """Network.HTTP.AuthenticationPolicy."""
    groups: tuple[str, ...] = ("admin", "operator", "viewer", "ptz")
    """What the account may do."""
    windows: tuple[str, ...] = ("Entrance", "", "", "Gate")
    """Names of the motion windows by number; an empty one is a gap."""
    zone: str = "UTC"
    posix_zone: str = "GMT0"
    preset_base: int = 1
    field_dialect: bool = False
    """PTZ, MJPEG and restart as clients in the field know them (F)."""
    rtsp_paths: tuple[str, ...] = ("/cam{n}/h264",)
    """Live streams; `{n}` counts channels from 1."""
    scenes: tuple[str, ...] = ("driveway", "garden", "warehouse", "street")
    parameters: Mapping[str, str] = field(default_factory=_nothing)
    """Parameters that differ."""
    faults: Mapping[str, Any] = field(default_factory=_nothing)
    """Fields of Faults that differ."""


PERSONALITIES = {
    each.name: each
    for each in (
        Personality(
            "seed",
            "exactly the printed bytes",
            serial="0017F200A1B1",
            mac="00:17:F2:00:A1:B1",
            product="IP Camera N5071",
            faults={"truncated_xml": True},
        ),
        Personality(
            "vapix",
            "the Axis way: root., 204, 1I:H, input1=1, empty parts",
            serial="0017F200A1B2",
            mac="00:17:F2:00:A1:B2",
            product="IP Camera N8072",
            policy="digest",
            zone="Europe/Berlin",
            posix_zone="CET-1CEST,M3.5.0,M10.5.0/3",
            faults={
                "separator": Separator.ON_REQUEST,
                "root_prefix": True,
                "io_style": IoStyle.AXIS,
                "idle": Idle.EMPTY,
                "filter_policy": True,
                "talk_answer": True,
            },
        ),
        Personality(
            "3s",
            "as in the field: image.cgi?type=motion, restart.cgi, presets from 0, Basic",
            serial="0017F200A1B3",
            mac="00:17:F2:00:A1:B3",
            product="Network Dome N6079",
            firmware="V3.0.2.1691",
            storage=False,
            policy="basic",
            preset_base=0,
            field_dialect=True,
            rtsp_paths=("/cam{n}/onvif-h264",),
            faults={
                "unknown_group": UnknownGroup.EMPTY,
                "plain_users": True,
                "output_says": Said.OK,
                "ptz_says": Said.EMPTY,
                "pan_is_step": True,
            },
        ),
        Personality(
            "hostile",
            "any split, LF, no first delimiter, stalls, half lines, wild numbers, 503, login pages",
            serial="0017F200A1B4",
            mac="00:17:F2:00:A1:B4",
            product="IP Camera Süd",
            ptz=False,
            policy="basic",
            windows=("Einfahrt Süd", "Tür"),
            rtsp_paths=(),
            faults={
                "eol": b"\n",
                "latin1": True,
                "splits": True,
                "login_page_every": 5,
                "busy_every": 4,
                "duplicate_keys": True,
                "time_style": TimeStyle.LONG,
                "silent_reboot": True,
                "dashed_boundary": True,
                "first_delimiter": False,
                "part_length": False,
                "exclude_windows": True,
                "wild_level_every": 7,
                "ghost_group_every": 10,
                "stall_every": 25,
                "half_line_every": 40,
                "long_line_every": 60,
                "cut_picture_every": 4,
                "empty_picture_every": 6,
                "blank_lines": True,
                "truncated_xml": True,
            },
        ),
        Personality(
            "weak_account",
            "an account that sees pictures and may do nothing else",
            serial="0017F200A1B5",
            mac="00:17:F2:00:A1:B5",
            product="IP Camera N5071",
            groups=("viewer",),
        ),
        Personality(
            "server4",
            "video server with four sources",
            serial="0017F200A1B6",
            mac="00:17:F2:00:A1:B6",
            product="Video Server S4071",
            channels=4,
            inputs=4,
            outputs=2,
            storage=False,
            windows=("Front", "Rear", "Hall", "Ramp"),
        ),
    )
}
