"""Who plays: one row for each simulated device. A family adds its rows, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from . import amcrest, dvro, ispy, open_api, yi_hack
from .actor import Actor, Stage

FAMILIES: Final[Mapping[str, str]] = {
    "amcrest": "Amcrest",
    "dvro": "DVR+O",
    "ispy": "iSpy",
    "open_api": "Open API",
    "yi_hack": "yi-hack",
}
"""What the dashboard calls them, in its order."""


@dataclass(frozen=True, slots=True)
class Role:
    """One device of the demonstration."""

    title: str
    family: str
    make: Callable[[Stage], Actor]
    user: str = ""
    password: str = ""


CAST: Final = (
    *(
        Role(
            title,
            "amcrest",
            amcrest.maker(title, model, scenes, rings),
            amcrest.USER,
            amcrest.PASSWORD,
        )
        for title, model, scenes, rings in amcrest.ROLES
    ),
    Role(open_api.TITLE, "open_api", open_api.OpenApiActor, open_api.USER, open_api.PASSWORD),
    Role(yi_hack.TITLE, "yi_hack", yi_hack.YiHackActor, yi_hack.USER, yi_hack.PASSWORD),
    Role(ispy.TITLE, "ispy", ispy.IspyActor),
    Role(dvro.TITLE, "dvro", dvro.DvroActor),
)
FRONT_DOOR: Final = "Front door"
"""The camera whose motion starts the automation."""
FAMILY_OF: Final[Mapping[str, str]] = {role.title: role.family for role in CAST}
