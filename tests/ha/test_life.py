"""An entry whose life is cut short: stops, failures and reloads at the worst moments."""

import asyncio
from collections.abc import Callable

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, STATE_UNAVAILABLE
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cctv.devices.errors import CannotConnect
from tests.devices.clock import FakeClock, settle

from .fakes import Everything, FakeFamily

OURS = "custom_components/cctv/devices"
MOTION = "binary_sensor.door_motion"


def ours() -> list[asyncio.Task[object]]:
    """The tasks that run a device."""
    return [
        task
        for task in asyncio.all_tasks()
        if OURS in getattr(getattr(task.get_coro(), "cr_code", None), "co_filename", "")
    ]


async def opening(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> tuple[asyncio.Task[bool], asyncio.Event]:
    """An entry whose device is being opened, and what lets it go on."""
    gate = fake.device.gates["open"] = asyncio.Event()
    entry.add_to_hass(hass)
    setting_up = hass.async_create_background_task(
        hass.config_entries.async_setup(entry.entry_id), "set-up"
    )
    await until(lambda: fake.device.count("open") == 1)
    return setting_up, gate


async def until(condition: Callable[[], bool]) -> None:
    """Let everybody run until it is so."""
    async with asyncio.timeout(10):
        while not condition():
            await settle()


async def test_home_assistant_stops_while_an_entry_is_set_up(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    setting_up, gate = await opening(hass, entry, fake)
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire_internal(EVENT_HOMEASSISTANT_STOP)
    await until(lambda: fake.device.closed)
    gate.set()
    assert not await setting_up
    assert entry.state is not ConfigEntryState.LOADED
    assert not fake.device.ears
    assert not ours()
    hass.set_state(CoreState.running)


async def test_a_set_up_that_begins_while_home_assistant_stops_sends_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily
) -> None:
    hass.set_state(CoreState.stopping)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert fake.device.log == []
    hass.set_state(CoreState.running)


async def test_a_set_up_that_is_cancelled_leaves_the_device(
    hass: HomeAssistant, entry: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    setting_up, _ = await opening(hass, entry, fake)
    setting_up.cancel()
    await until(lambda: setting_up.done() and fake.device.closed)
    assert not ours()


async def test_entities_that_cannot_be_made_leave_no_device_running(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    fake: FakeFamily,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*args: object) -> None:
        raise RuntimeError("no platform")

    entry.add_to_hass(hass)
    with monkeypatch.context() as patch:
        patch.setattr(hass.config_entries, "async_forward_entry_setups", fail)
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert fake.device.closed
    assert not ours()


@pytest.mark.parametrize("hangs", [False, True], ids=["refuses", "hangs"])
async def test_an_entry_is_unloaded_during_an_outage(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock, hangs: bool
) -> None:
    if hangs:
        fake.device.gates |= {
            f"read {poll}": asyncio.Event() for poll in fake.device.topology.polls
        }
        fake.device.gates["listen"] = asyncio.Event()
    fake.device.offline(CannotConnect("gone"))
    await clock.advance(60)
    state = hass.states.get(MOTION)
    assert state is not None
    assert (state.state == STATE_UNAVAILABLE) is not hangs
    assert await hass.config_entries.async_unload(running.entry_id)
    assert fake.device.closed
    assert not ours()


async def test_a_storm_of_reloads_leaves_one_device_running(
    hass: HomeAssistant, running: MockConfigEntry, fake: FakeFamily, clock: FakeClock
) -> None:
    """Each reload has a device of its own; all but the last are closed, one after the other."""
    made: list[Everything] = [fake.device]

    def create(env: object) -> Everything:
        assert all(one.closed for one in made), "two at a time"
        made.append(Everything())
        fake.device = made[-1]
        return made[-1]

    fake.create = create  # type: ignore[method-assign]
    await asyncio.gather(*(hass.config_entries.async_reload(running.entry_id) for _ in range(10)))
    await hass.async_block_till_done()
    assert running.state is ConfigEntryState.LOADED
    assert len(made) == 11
    assert [one.closed for one in made] == [True] * 10 + [False]
    await clock.advance(1)
    assert [len(one.ears) for one in made] == [0] * 10 + [1]
