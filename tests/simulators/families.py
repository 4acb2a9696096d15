"""The families that can be simulated; a new one is a line here."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from tests.simulators.amcrest import PERSONALITIES, AmcrestSimulator
from tests.simulators.control import Controllable
from tests.simulators.dvro import PERSONALITIES as DVRO_PERSONALITIES, DvroSimulator
from tests.simulators.ispy import PERSONALITIES as ISPY_PERSONALITIES, IspySimulator
from tests.simulators.open_api import PERSONALITIES as OPEN_API_PERSONALITIES, OpenApiSimulator
from tests.simulators.yi_hack import PERSONALITIES as YI_HACK_PERSONALITIES, YiHackSimulator


class Simulator(Controllable, Protocol):
    """What every family's simulator offers to whoever runs it."""

    @property
    def url(self) -> str:
        """Address of the device."""

    async def __aenter__(self) -> Self:
        """Open the port."""

    async def __aexit__(self, *_: object) -> None:
        """Close everything."""

    def live(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Have motion come and go, for ever."""


@dataclass(frozen=True, slots=True)
class SimulatedFamily:
    """A family: its personalities with a line about each, and how one is made."""

    name: str
    personalities: Mapping[str, str]
    user: str
    password: str
    make: Callable[..., Simulator]
    """Takes personality, user, password, port, rtsp_port."""


FAMILIES = {
    family.name: family
    for family in (
        SimulatedFamily(
            name="amcrest",
            personalities={each.name: each.summary for each in PERSONALITIES.values()},
            user="admin",
            password="secret-1",
            make=AmcrestSimulator,
        ),
        SimulatedFamily(
            name="dvro",
            personalities={each.name: each.summary for each in DVRO_PERSONALITIES.values()},
            user="",
            password="",
            make=DvroSimulator,
        ),
        SimulatedFamily(
            name="ispy",
            personalities={each.name: each.summary for each in ISPY_PERSONALITIES.values()},
            user="",
            password="",
            make=IspySimulator,
        ),
        SimulatedFamily(
            name="yi_hack",
            personalities={each.name: each.summary for each in YI_HACK_PERSONALITIES.values()},
            user="admin",
            password="secret-1",
            make=YiHackSimulator,
        ),
        SimulatedFamily(
            name="open_api",
            personalities={each.name: each.summary for each in OPEN_API_PERSONALITIES.values()},
            user="root",
            password="root",
            make=OpenApiSimulator,
        ),
    )
}
