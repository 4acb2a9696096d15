"""Times at the ends of the calendar: asked for or told, they are errors of ours or nothing."""

from collections.abc import Iterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from custom_components.cctv.devices import registry
from custom_components.cctv.devices.errors import DeviceError, Malformed
from custom_components.cctv.devices.ispy import lists
from custom_components.cctv.devices.model import (
    Days,
    PartId,
    Query,
    Recordings,
    Table,
    Topology,
)
from custom_components.cctv.devices.when import drift_of, to_local, to_utc
from custom_components.cctv.devices.yi_hack import clips
from tests.simulators.families import FAMILIES

from .bus import LocalBus
from .conftest import Lend
from .traits import TRAITS

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
SPANS = ((FIRST, None), (LAST, None), (None, FIRST), (None, LAST), (FIRST, LAST), (LAST, FIRST))
ZONES = [UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")]


def asked(topology: Topology) -> Iterator[tuple[PartId, Query]]:
    """Every search of every part, for times that no clock shows."""
    for part in topology.parts.values():
        for start, end in SPANS:
            yield from ((part.id, Table(start, end, 5, kind)) for kind in part.tables)
            if "recordings" in part.tables:
                yield part.id, Recordings(start, end, 5)
            if "days" in part.tables:
                yield part.id, Days(start, end, 5)


@pytest.mark.parametrize("name", registry.FAMILIES)
async def test_any_time_may_be_asked_for(socket_enabled: None, lend: Lend, name: str) -> None:
    family, simulated, traits = registry.family(name), FAMILIES[name], TRAITS[name]
    spoken = {"publish": LocalBus().deliver} if traits.bus else {}
    user, password = simulated.user, simulated.password
    personality = next(each for each in simulated.personalities if each not in traits.shut)
    light = {"user": user, "password": password, **traits.extra, **spoken}
    async with simulated.make(personality, **light) as box:
        for zone in ZONES[1:]:
            device = family.create(lend(box.url, user, password, zone=zone))
            try:
                batch = await device.open()
                batch = (*await device.read("survey"), *batch)
                topology = next(each for each in batch if isinstance(each, Topology))
                for part, query in asked(topology):
                    # Refused or answered: nothing else may come of it.
                    with suppress(DeviceError):
                        async with aclosing(device.find(part, query)) as found:
                            async for _ in found:
                                pass
            finally:
                await device.close()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_every_clock_can_be_read_and_shown(zone: tzinfo, moment: datetime) -> None:
    naive = moment.replace(tzinfo=None)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    drift = drift_of(naive, zone, now)
    assert abs(to_utc(naive, zone).year - naive.year) <= 1
    assert abs(to_local(moment, zone).year - moment.year) <= 1
    to_utc(naive, zone, -drift)
    to_local(moment, zone, drift)


def test_a_recording_at_the_end_of_the_calendar_is_none() -> None:
    assert clips.folder("9999Y12M31D23H") is None
    with pytest.raises(Malformed):
        lists.clips("253402300799000|1.000|100|a.mp4")
