"""The device's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from .base import Brings, Command, Param, Risk


@dataclass(frozen=True, slots=True)
class GetConfig(Command):
    """Read one table of the device's own settings; secrets are masked."""

    risk: ClassVar[Risk] = Risk.ADMIN
    brings: ClassVar[Brings] = Brings.DATA

    name: Annotated[str, Param("The table's name in the device's own words")]


@dataclass(frozen=True, slots=True)
class SetConfig(Command):
    """Change the device's own settings; answers with what they were before."""

    risk: ClassVar[Risk] = Risk.ADMIN

    values: Annotated[Mapping[str, str], Param("Full names and their new values")]


@dataclass(frozen=True, slots=True)
class GetAbilities(Command):
    """Read what the device says that it can do, in its own words."""

    brings: ClassVar[Brings] = Brings.DATA

    topic: Annotated[
        str,
        Param(
            "About what",
            options=(
                "product",
                "network",
                "encoder",
                "encoder_channel",
                "video_input",
                "video_output",
                "audio",
                "ptz",
                "ptz_protocols",
                "recording",
                "storage",
                "disks",
                "languages",
                "events",
                "analysis",
                "thermography",
                "radiometry",
                "thermal_preset",
                "thermal_region",
                "thermal_sensor",
            ),
        ),
    ]


@dataclass(frozen=True, slots=True)
class SetTime(Command):
    """Set the device's clock, to our time if none is given."""

    risk: ClassVar[Risk] = Risk.ADMIN

    time: Annotated[datetime | None, Param("The time it shall show")] = None


@dataclass(frozen=True, slots=True)
class SetMask(Command):
    """Lay a mask over the camera's motion detection, from a picture that the device holds."""

    file: Annotated[str, Param("The picture's path on the device")]


@dataclass(frozen=True, slots=True)
class CreateDirectory(Command):
    """Make a folder on the device."""

    directory: Annotated[str, Param("Its path or name")]


@dataclass(frozen=True, slots=True)
class ApplyRecorderSettings(Command):
    """Give all channels these encoder settings at once."""

    smart: Annotated[bool, Param("Let the device choose; the rest does not count then")] = True
    encoder: Annotated[str, Param("The encoder's name")] = "n265"
    bitrate: Annotated[int, Param("How many bits", low=1, high=1000, unit="Mbit/s")] = 1
    frame_rate: Annotated[int, Param("Pictures a second, 0 as the source", low=0, high=240)] = 0
    width: Annotated[int, Param("0 as the source", low=0, high=16384)] = 0
    height: Annotated[int, Param("0 as the source", low=0, high=16384)] = 0
    split_minutes: Annotated[int, Param("A new file so often", low=1, high=1440, unit="min")] = 10
    file_template: Annotated[str, Param("How files are named")] = "${hh}${mm}${ss}_${fff}"
    directory_template: Annotated[str, Param("How folders are named")] = (
        "${channelname}\\${yyyy}\\${MM}\\${dd}"
    )
    reevaluate_tags: Annotated[bool, Param("Work the names out anew at each split")] = False
    restart_on_failure: Annotated[bool, Param("Start again after a failure")] = False
