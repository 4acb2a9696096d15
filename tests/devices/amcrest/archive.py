"""Looking for recordings of a simulated box, by the clock of the machine, which is the box's."""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.cctv.devices.amcrest import recordings
from custom_components.cctv.devices.amcrest.device import Amcrest
from custom_components.cctv.devices.model import (
    Day,
    Days,
    Query,
    Recording,
    Recordings,
    TableRow,
)

from .conftest import Build, House

FIND = "mediaFileFind"


async def opened(
    house: Build, personality: str = "ipc", *, empty: bool = True, **faults: Any
) -> tuple[House, Amcrest]:
    """A box whose finder is known; what it has recorded is only what the test adds."""
    home = await house(personality)
    for name, value in faults.items():
        setattr(home.box.faults, name, value)
    if empty:
        home.box.device.store.clear()
    device, _ = await home.opened()
    await recordings.learn(device.box)
    device.box.build()
    home.box.wire.clear()
    return home, device


async def found(device: Amcrest, query: Query, part: str = "") -> list[Recording]:
    """All that a search tells."""
    async with aclosing(device.find(part, query)) as rows:
        told = [row async for row in rows]
    assert all(isinstance(row, Recording) for row in told)
    return [row for row in told if isinstance(row, Recording)]


async def rows_of(device: Amcrest, query: Query, part: str = "") -> list[TableRow]:
    """All rows of a table."""
    async with aclosing(device.find(part, query)) as rows:
        return [row async for row in rows if isinstance(row, dict)]


async def days_of(device: Amcrest, query: Days, part: str = "") -> list[Day]:
    """All days that a search tells."""
    async with aclosing(device.find(part, query)) as rows:
        return [row async for row in rows if isinstance(row, Day)]


def noon(back: int = 1) -> datetime:
    """Noon of a day that is over, by the box's clock."""
    return datetime.combine(datetime.now().date(), datetime.min.time()) + timedelta(  # noqa: DTZ005
        days=-back, hours=12
    )


def moment(local: datetime) -> datetime:
    """The moment of a local time of the machine, which is the box's."""
    return local.astimezone(UTC)


def day(back: int = 1) -> Recordings:
    """A whole day."""
    start = noon(back) - timedelta(hours=12)
    return Recordings(moment(start), moment(start + timedelta(days=1)))


def verbs(home: House) -> list[str]:
    """What the finder was told, in order."""
    return [
        each.partition("action=")[2].partition("&")[0]
        for each in home.sent()
        if f"/{FIND}.cgi" in each
    ]
