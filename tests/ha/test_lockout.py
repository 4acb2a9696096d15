"""A box that refuses every login for a while is left alone, and asked again by itself."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cctv import lockout
from custom_components.cctv.const import DOMAIN
from custom_components.cctv.devices.env import JSON, ShortMemory
from custom_components.cctv.devices.errors import Locked
from custom_components.cctv.lockout import KEY, LONGEST, MARGIN, UNSAID, Lockout
from tests.simulators.amcrest import AmcrestSimulator

from .house import House, add, eventually
from .steps import act

USER: Final = "admin"
PASSWORD: Final = "p@ss:w/rd#"
LOCK_SECONDS: Final = 300.0
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)

type Yard = House[AmcrestSimulator]


class Watch:
    """The wall clock of the lock."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Return the clock by which a lock ends."""
    watch = Watch()
    monkeypatch.setattr(lockout, "utcnow", watch)
    return watch


@pytest.fixture
async def house(hass: HomeAssistant, socket_enabled: None, watch: Watch) -> AsyncIterator[Yard]:
    """Return a camera that locks after one wrong login."""
    box = AmcrestSimulator("ipc", USER, PASSWORD)
    await box.start()
    known: dict[str, Any] = {CONF_USERNAME: USER, CONF_PASSWORD: PASSWORD}
    entry = await add(hass, box.url, known)
    await box.wait_attached()
    box.gate.policy.lock_after = 1
    box.gate.policy.lock_seconds = LOCK_SECONDS
    yield House(hass, box, entry)
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
    await box.stop()


async def wait(hass: HomeAssistant, watch: Watch, seconds: float) -> None:
    """Let so much time pass for the lock, and Home Assistant try again as often as it does."""
    watch.now += timedelta(seconds=seconds)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(days=1))
    await hass.async_block_till_done()


async def locked_by_a_stranger(house: Yard) -> None:
    """Lock the box, and have our own next request meet that."""
    house.box.gate.log_in(right=False)
    await house.box.cut()
    await eventually(lambda: house.entry.state is ConfigEntryState.SETUP_RETRY)
    await house.hass.async_block_till_done()


def reauths(hass: HomeAssistant) -> list[Any]:
    return hass.config_entries.flow.async_progress_by_handler(DOMAIN)


@pytest.mark.parametrize("status", [401, 403])
async def test_nothing_is_sent_before_the_lock_ends_and_then_it_is_asked_again(
    hass: HomeAssistant, house: Yard, watch: Watch, status: int
) -> None:
    house.box.gate.policy.lock_status = status
    await locked_by_a_stranger(house)
    assert house.entry.error_reason_translation_key == "locked"
    told = house.entry.error_reason_translation_placeholders
    assert told is not None
    assert told["minutes"] == "5"
    assert reauths(hass) == []
    sent, tried = len(house.box.wire), house.box.gate.count.while_locked
    for _ in range(4):
        await wait(hass, watch, LOCK_SECONDS / 5)
        assert house.entry.state is ConfigEntryState.SETUP_RETRY
    told = house.entry.error_reason_translation_placeholders
    assert told is not None
    assert told["minutes"] == "1"
    assert len(house.box.wire) == sent
    assert house.box.gate.count.while_locked == tried

    house.box.gate.unlock()
    await wait(hass, watch, LOCK_SECONDS / 5 + 10)
    await eventually(lambda: house.entry.state is ConfigEntryState.LOADED)
    assert house.box.gate.count.failed_logins == 1, "the stranger's alone"
    assert house.entry.runtime_data.state.online
    # It is over: a reload does not wait for it.
    assert await hass.config_entries.async_reload(house.entry.entry_id)


async def test_a_restart_ends_no_lock(hass: HomeAssistant, house: Yard, watch: Watch) -> None:
    await locked_by_a_stranger(house)
    sent = len(house.box.wire)
    await hass.config_entries.async_reload(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.SETUP_RETRY
    assert house.entry.error_reason_translation_key == "locked"
    assert len(house.box.wire) == sent


async def test_another_password_is_tried_at_once(
    hass: HomeAssistant, house: Yard, watch: Watch
) -> None:
    await locked_by_a_stranger(house)
    house.box.gate.unlock()
    house.box.gate.users = {USER: "another"}
    data = {**house.entry.data, CONF_PASSWORD: "another"}
    hass.config_entries.async_update_entry(house.entry, data=data)
    assert await hass.config_entries.async_reload(house.entry.entry_id)


async def test_a_lock_is_met_at_the_start_as_well(
    hass: HomeAssistant, house: Yard, watch: Watch
) -> None:
    await hass.config_entries.async_unload(house.entry.entry_id)
    house.box.gate.log_in(right=False)
    await hass.config_entries.async_setup(house.entry.entry_id)
    assert house.entry.state is ConfigEntryState.SETUP_RETRY
    assert house.entry.error_reason_translation_key == "locked"
    sent = len(house.box.wire)
    await wait(hass, watch, LOCK_SECONDS - 10)
    assert len(house.box.wire) == sent


async def test_a_command_that_meets_the_lock_is_told_so(
    hass: HomeAssistant, house: Yard, watch: Watch
) -> None:
    switch = house.id_of("switch", ":motion_detection")
    await house.until(switch, "on")
    house.box.gate.log_in(right=False)
    with pytest.raises(HomeAssistantError) as told:
        await act(hass, "switch.turn_off", switch)
    assert told.value.translation_key == "locked"
    await eventually(lambda: house.entry.state is ConfigEntryState.SETUP_RETRY)


# --- what is remembered


@pytest.fixture
def entry() -> MockConfigEntry:
    return MockConfigEntry(domain=DOMAIN)


def left(memory: ShortMemory, entry: MockConfigEntry) -> float | None:
    error = Lockout(memory, entry).error
    return None if error is None else error.seconds


@pytest.mark.parametrize(
    ("seconds", "lasts"),
    [(60, timedelta(minutes=1)), (None, UNSAID), (1e9, LONGEST)],
)
def test_how_long_a_lock_lasts(
    watch: Watch, entry: MockConfigEntry, seconds: float | None, lasts: timedelta
) -> None:
    memory = ShortMemory()
    Lockout(memory, entry).begin(Locked("too many", seconds))
    assert left(memory, entry) == (lasts + MARGIN).total_seconds()
    watch.now += lasts + MARGIN
    assert left(memory, entry) is None


def test_an_end_is_an_end(watch: Watch, entry: MockConfigEntry) -> None:
    memory = ShortMemory()
    Lockout(memory, entry).begin(Locked("too many", 60))
    Lockout(memory, entry).end()
    assert left(memory, entry) is None
    assert memory.get(KEY) is None


@pytest.mark.parametrize("until", ["soon", "2031-01-01T00:00:00+00:00", None])
def test_a_memory_that_makes_no_sense_locks_nothing(
    watch: Watch, entry: MockConfigEntry, until: JSON
) -> None:
    """Somebody may have set Home Assistant's clock."""
    memory = ShortMemory()
    memory.put(KEY, {"until": until, "login": entry.modified_at.isoformat()})
    assert left(memory, entry) is None
    memory.put(KEY, "nonsense")
    assert left(memory, entry) is None
